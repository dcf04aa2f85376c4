//! `dehusk extract`.

mod args;
mod progress;
mod sites;
mod work;

use std::sync::Arc;

use anyhow::ensure;

pub(super) use args::Args;
use progress::Progress;
use work::{How, Stopped, Work};

use super::interrupt::Interrupt;
use super::output::unless_closed;
use super::{Exit, message};
use crate::page::Limits;
use crate::sink::{self, Fingerprint, Mark, Opened, Sink, Target};
use crate::source::{InputOptions, Inputs, Meter, Named, Passed, Reading, Survey};
use crate::watch::Watch;

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    args.output.check()?;
    args.use_threads()?;
    let named = args.named()?;
    let kind = args.how.input();
    let (meter, passed) = (Meter::default(), Passed::default());
    if args.site_context {
        sites::check(&named)?;
    }
    let input_options = InputOptions {
        fields: args.tables.fields(),
        max_bytes: args.max_bytes,
        kind: kind.unwrap_or_default(),
        meter: meter.clone(),
        passed: passed.clone(),
    };
    let mut inputs = Inputs::new(named.iter().cloned(), input_options.clone());
    // One record or many is a matter of what was asked for, not of what a
    // folder happens to hold.
    let several = !inputs.is_one_page();
    ensure!(
        !several || args.how.url.is_none(),
        "--url is the address of a single page: name one file, or -"
    );
    args.output.check_for(several)?;
    let (judge, context) = args.how.resolve()?;
    let survey = Survey::of(&named, kind.unwrap_or_default());
    tell(&survey, several);

    let target = args.output.target();
    let options = sink::Options {
        several,
        // What goes to standard output cannot be gone on with.
        fingerprint: match target {
            Target::Stdout => Fingerprint::new(),
            _ => args.fingerprint(&survey, &judge.extractor)?,
        },
        ..args.output.options()
    };
    let reading = Reading {
        max_bytes: args.max_bytes,
        kind,
        #[cfg(feature = "fetch")]
        fetcher: Some(args.fetching.fetcher(args.max_bytes)),
        meter: meter.clone(),
    };
    let interrupt = Interrupt::listen();
    let watch = Watch::default().token(interrupt.token());
    let limits = args.how.limits();
    let limits = Limits {
        bytes: limits.bytes.max(args.max_bytes),
        ..limits
    };
    let mut how = How {
        judge: judge
            .renderings(args.output.renderings())
            .limits(limits.clone()),
        limits,
        context,
        reading,
        watch: match args.timeout {
            Some(timeout) => watch.timeout(timeout),
            None => watch,
        },
        // Of these it is known that they may have to be waited for.
        web: named.iter().any(Named::may_be_web),
    };
    if args.site_context {
        let options = InputOptions {
            meter: Meter::default(),
            passed: Passed::default(),
            ..input_options
        };
        let first_pass = Inputs::new(named.iter().cloned(), options);
        let site = sites::read(args, first_pass, &how, &interrupt)?;
        how.judge = how.judge.site(site);
    }
    let how = Arc::new(how);
    let Opened { sink, resumed } = sink::open(&target, args.output.form(), options)?;
    let bytes = named
        .iter()
        .all(|named| matches!(named, Named::Path(_)))
        .then_some(survey.bytes);
    let shown = several && !args.output.runs_into_progress();
    let mut progress = Progress::new(bytes, shown, meter.clone(), passed);
    if let Some(mark) = &resumed {
        // A run without inputs has no position.
        let done = mark.position.as_u64().unwrap_or(0);
        progress.resume(done, mark.failures);
        message::note(format_args!("going on after {done} inputs"));
    }
    let done_before = progress.inputs();
    let complete = resumed.is_some_and(|mark| mark.complete);
    let inputs = inputs
        .skip(usize::try_from(done_before).unwrap_or(usize::MAX))
        .take_while(move |_| !complete);

    let mut work = Work {
        sink,
        progress,
        interrupt,
        fail_fast: args.fail_fast,
    };
    let (mut stopped, mut mark) = (None, None);
    let worked = work.all(inputs, how).map(|why| stopped = why);
    let Work { sink, progress, .. } = work;
    let ended = end(sink, worked, stopped).map(|at| mark = at);
    progress.clear();
    unless_closed(ended)?;
    if several {
        message::note(progress.summary());
    }
    Ok(told(stopped, mark, &progress))
}

/// Says what stopped the run, if anything did, and how it ended.
fn told(stopped: Option<Stopped>, mark: Option<Mark>, progress: &Progress) -> Exit {
    if let Some(stopped) = stopped {
        let why = match stopped {
            Stopped::Interrupted => "stopped",
            Stopped::Failed => "stopped at the first failure",
        };
        let remedy = match mark {
            Some(_) => "to go on, give the same command with --resume",
            None => "what was written stands, and the rest was not begun",
        };
        let inputs = progress.inputs();
        message::note(format_args!("{why} after {inputs} inputs: {remedy}"));
    }
    match stopped {
        Some(Stopped::Interrupted) => Exit::Interrupted,
        _ if progress.failed_in_all() > 0 => Exit::SomeFailed,
        _ => Exit::Success,
    }
}

/// Ends the output, or keeps what a run can go on from.
fn end(
    mut sink: Box<dyn Sink>,
    worked: anyhow::Result<()>,
    stopped: Option<Stopped>,
) -> anyhow::Result<Option<Mark>> {
    if worked.is_err() || stopped.is_some() {
        let mark = sink.checkpoint();
        worked?;
        if let Some(mark) = mark? {
            return Ok(Some(mark));
        }
    }
    sink.finish()?;
    Ok(None)
}

/// Says what is odd about the inputs before any is read.
fn tell(survey: &Survey, several: bool) {
    if several && survey.sources == 0 {
        message::warning("no page was found in what was named");
    }
    if let Some((count, id)) = &survey.same_ids {
        message::warning(format_args!(
            "{count} inputs have the id of an earlier one, the first being `{id}`: tell them \
             apart by `source`"
        ));
    }
}
