//! `dehusk diff`.

mod rows;

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::ensure;
use clap::ValueEnum;
use encoding_rs::Encoding;
use serde::Serialize;

use super::evaluate::BUILT_IN;
use super::extraction::{charset, probability};
use super::output::{Output, unless_closed};
use super::policies::{CommentsName, HiddenName};
use super::profile::ProfileName;
use super::{Exit, message, model_of, one_page};
use crate::diff::{BlockDiff, Mark, Row};
use crate::extract::{Extractor, Judged};
use crate::page::{InputKind, Limits, Page, PageContext};
use crate::select::{Policies, Selection};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
A line is a block with its probability on either side. Before it stands nothing
where it is kept on both, ~ where its text changed, - where it is kept before only,
+ where it is kept after only, . where it is kept on neither. Words that changed are
[-taken out-] or {+put in+}; on a terminal colours say so.

Exit codes: 0 the same is kept on both sides; 1 it is not; 2 a page cannot be read,
or usage, model or output is at fault.

Examples:
  dehusk diff old.html new.html
  dehusk diff page.html --model builtin --model mine.model
  dehusk diff page.html --profile full --profile article
  dehusk diff page.html --hidden keep --hidden drop
  dehusk diff old.html new.html --json | jq .counts")]
pub(super) struct Args {
    /// A page, or `-` for standard input
    before: PathBuf,
    /// A second page; without it the first is judged twice
    after: Option<PathBuf>,
    /// Use this model instead of the built-in one, which is called `builtin`;
    /// given twice: one for either side
    #[arg(short, long, value_name = "FILE")]
    model: Vec<PathBuf>,
    /// What counts as main content; given twice: for either side [default: full]
    #[arg(long, value_enum)]
    profile: Vec<ProfileName>,
    /// Keep blocks from this probability up, instead of the model's own rule;
    /// given twice: for either side
    #[arg(long, value_name = "P", value_parser = probability)]
    threshold: Vec<f32>,
    /// What becomes of readers' comments; given twice: for either side [default:
    /// drop]
    #[arg(long, value_enum)]
    comments: Vec<CommentsName>,
    /// What becomes of text that a browser does not show at first; given twice: for
    /// either side [default: auto]
    #[arg(long, value_enum)]
    hidden: Vec<HiddenName>,
    /// Address of the page; given twice: of either page
    #[arg(long)]
    url: Vec<url::Url>,
    /// Encoding that the page was served with; given twice: either page
    #[arg(long, value_name = "LABEL", value_parser = charset)]
    charset: Vec<&'static Encoding>,
    /// Show blocks that are kept on neither side, instead of their number
    #[arg(long, conflicts_with = "json")]
    all: bool,
    /// Print a JSON object of all rows
    #[arg(long)]
    json: bool,
    /// Write to this file (it appears whole or not at all)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    args.check()?;
    let extractors = [args.extractor(0)?, args.extractor(1)?];
    let Some(before) = args.page(&args.before, 0)? else {
        return Ok(Exit::Usage);
    };
    let after = match &args.after {
        None => None,
        Some(path) => match args.page(path, 1)? {
            None => return Ok(Exit::Usage),
            page => page,
        },
    };
    let judged: [Judged; 2] = [
        extractors[0].judge(&before),
        extractors[1].judge(after.as_ref().unwrap_or(&before)),
    ];
    let diff = BlockDiff::of(&judged[0], &judged[1]);
    unless_closed(args.write(&diff))?;
    Ok(if diff.is_same() {
        Exit::Success
    } else {
        Exit::Different
    })
}

/// What is compared and what came of it, as JSON.
#[derive(Serialize)]
struct Told<'a> {
    before: String,
    after: String,
    same: bool,
    counts: Counts,
    rows: &'a [Row],
}

/// How many rows have each mark.
#[derive(Serialize)]
struct Counts {
    same: usize,
    changed: usize,
    removed: usize,
    added: usize,
    left_out: usize,
}

impl Counts {
    fn of(diff: &BlockDiff) -> Self {
        Self {
            same: diff.count(Mark::Same),
            changed: diff.count(Mark::Changed),
            removed: diff.count(Mark::Removed),
            added: diff.count(Mark::Added),
            left_out: diff.count(Mark::LeftOut),
        }
    }
}

impl Args {
    /// Refuses what would compare nothing, and what it is not clear what it is of.
    fn check(&self) -> anyhow::Result<()> {
        let times = [
            ("--model", self.model.len()),
            ("--profile", self.profile.len()),
            ("--threshold", self.threshold.len()),
            ("--comments", self.comments.len()),
            ("--hidden", self.hidden.len()),
            ("--url", self.url.len()),
            ("--charset", self.charset.len()),
        ];
        for (flag, times) in times {
            ensure!(times <= 2, "{flag}: there are two sides, give it twice");
        }
        if let Some(after) = &self.after {
            let stdin = Path::new("-");
            ensure!(
                self.before != stdin || after != stdin,
                "standard input holds one page: name a file for the other"
            );
            return Ok(());
        }
        for (flag, times) in &times[5..] {
            ensure!(*times < 2, "{flag}: one page has one, give it once");
        }
        ensure!(
            times[..5].iter().any(|(_, times)| *times == 2),
            "there is nothing to compare with: name a second page, or give --model, --profile, \
             --threshold, --comments or --hidden twice"
        );
        Ok(())
    }

    fn extractor(&self, side: usize) -> anyhow::Result<Extractor> {
        let path = of(&self.model, side).filter(|path| path.as_os_str() != BUILT_IN);
        let mut extractor = Extractor::with_model(model_of(path, InputKind::Html)?);
        if let Some(profile) = of(&self.profile, side) {
            extractor = extractor.profile((*profile).into());
        }
        if let Some(threshold) = of(&self.threshold, side) {
            extractor = extractor.selection(Selection::Threshold(*threshold));
        }
        Ok(extractor.policies(Policies {
            comments: of(&self.comments, side).copied().unwrap_or_default().into(),
            hidden: of(&self.hidden, side).copied().unwrap_or_default().into(),
        }))
    }

    fn page(&self, path: &Path, side: usize) -> anyhow::Result<Option<Page>> {
        let context = PageContext {
            url: of(&self.url, side).cloned(),
            charset: of(&self.charset, side).map(|encoding| encoding.name().to_owned()),
            kind: InputKind::Html,
        };
        let (kind, limits) = (Some(InputKind::Html), Limits::default());
        Ok(one_page::parse(path, &context, kind, &limits)?.map(|(_, page)| page))
    }

    /// What a side is called: its page, and the flags that differ.
    fn name(&self, side: usize) -> String {
        let page = match side {
            0 => &self.before,
            _ => self.after.as_ref().unwrap_or(&self.before),
        };
        let mut name = page.display().to_string();
        if let [_, _] = self.model[..] {
            name.push_str(&format!(" --model {}", self.model[side].display()));
        }
        if let [_, _] = self.profile[..] {
            let profile: crate::model::Profile = self.profile[side].into();
            name.push_str(&format!(" --profile {}", profile.name()));
        }
        if let [_, _] = self.threshold[..] {
            name.push_str(&format!(" --threshold {}", self.threshold[side]));
        }
        if let [_, _] = self.comments[..] {
            name.push_str(&format!(" --comments {}", called(&self.comments[side])));
        }
        if let [_, _] = self.hidden[..] {
            name.push_str(&format!(" --hidden {}", called(&self.hidden[side])));
        }
        name
    }

    fn write(&self, diff: &BlockDiff) -> anyhow::Result<()> {
        if self.json {
            let mut out = Output::open(self.output.as_deref())?;
            let told = Told {
                before: self.name(0),
                after: self.name(1),
                same: diff.is_same(),
                counts: Counts::of(diff),
                rows: &diff.rows,
            };
            serde_json::to_writer_pretty(&mut out, &told)?;
            writeln!(out)?;
            return out.finish();
        }
        let mut out = Output::with_colours(self.output.as_deref())?;
        let colours = out.is_terminal() && std::env::var_os("NO_COLOR").is_none();
        let shown = rows::Shown {
            colours,
            all: self.all,
        };
        shown.names(&mut out, &self.name(0), &self.name(1))?;
        shown.rows(&mut out, diff)?;
        out.finish()?;
        let counts = Counts::of(diff);
        message::note(format_args!(
            "kept on both sides {}, changed {}, before only {}, after only {}, on neither {}",
            counts.same, counts.changed, counts.removed, counts.added, counts.left_out
        ));
        Ok(())
    }
}

/// What a value is called on the command line.
fn called(value: &impl ValueEnum) -> String {
    let possible = value.to_possible_value();
    possible.map_or_else(String::new, |value| value.get_name().to_owned())
}

/// What was given for a side: its own, or the one that is for both.
fn of<T>(given: &[T], side: usize) -> Option<&T> {
    given.get(side).or(given.last())
}
