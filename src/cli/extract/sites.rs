//! The first pass of `--site-context`: what recurs over the pages of a site.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, ensure};

use super::super::{message, progress};
use super::work::How;
use super::{Args, Interrupt};
use crate::block::Blocks;
use crate::page::Page;
use crate::site::{SiteContext, SiteIndex, SiteModel, SitePage};
use crate::source::{Failed, Input, Inputs, Meter, Named};
use crate::stream::{Ordered, Window};

/// Whether all that was named can be read twice.
pub(super) fn check(named: &[Named]) -> anyhow::Result<()> {
    for named in named {
        match named {
            Named::Stdin => anyhow::bail!(
                "--site-context reads inputs twice, and standard input can be read once: save it \
                 to a file, and name that"
            ),
            Named::Url(url) => anyhow::bail!(
                "--site-context reads inputs twice, and {url} would be fetched twice: save the \
                 pages, and name the files"
            ),
            Named::Path(path) => ensure!(
                !is_pipe(path),
                "--site-context reads inputs twice, and {} can be read once: save it to a file, \
                 and name that",
                path.display()
            ),
        }
    }
    Ok(())
}

/// Whether something is there that is neither a file nor a folder.
fn is_pipe(path: &Path) -> bool {
    (path.metadata()).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}

/// Counts all pages. What fails is told when it is extracted.
pub(super) fn read(
    args: &Args,
    inputs: Inputs,
    how: &How,
    interrupt: &Interrupt,
) -> anyhow::Result<SiteContext> {
    let model = args.site_model.as_deref().map(|path| {
        SiteModel::load(path).with_context(|| format!("site model {}", path.display()))
    });
    let model = model.transpose()?;
    let bar = progress::spinner("counting what recurs over sites");
    let interrupt = interrupt.clone();
    let inputs = inputs.take_while(move |_| !interrupt.is_asked());
    let mut how = how.clone();
    // What is read of files is shown once.
    how.reading.meter = Meter::default();
    let how = Arc::new(how);
    let take = move |input: Result<Input, Failed>| taken(&how, input);
    let mut index = SiteIndex::default();
    let mut without = 0_u64;
    for page in Ordered::new(inputs, Window::default(), super::work::held, take) {
        match page? {
            Some(page) if page.has_site() => index.add(&page),
            Some(_) => without += 1,
            None => {}
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    if without > 0 {
        message::warning(format_args!(
            "{without} pages are of no known site, and extracted as without --site-context: give \
             their addresses, in archives, in a table's url, or in the pages' canonical links"
        ));
    }
    if index.counted() < 1.0 {
        message::warning(format_args!(
            "there are more texts than are held: {:.1} % of them are counted",
            100.0 * index.counted()
        ));
    }
    let context = SiteContext::new(index);
    Ok(match model {
        Some(model) => context.with_model(model),
        None => context,
    })
}

fn taken(how: &How, input: Result<Input, Failed>) -> anyhow::Result<Option<SitePage>> {
    let Ok(input) = input else { return Ok(None) };
    ensure!(
        !input.is_web(),
        "{}: --site-context reads inputs twice, and {} would be fetched twice: save the pages, \
         and name the files",
        input.place,
        input.id
    );
    let Ok(page) = input.read(&how.reading) else {
        return Ok(None);
    };
    let context = how.context_of(page.context);
    let watched = || {
        let page = Page::parse_within(&page.bytes, &context, &how.limits);
        SitePage::of(&page, &Blocks::of(&page))
    };
    // What fails here fails again, and is told then.
    let taken = catch_unwind(AssertUnwindSafe(|| how.watch.over(watched)));
    Ok(taken.ok().and_then(Result::ok))
}
