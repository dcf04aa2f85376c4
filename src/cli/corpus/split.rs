//! `dehusk corpus split`.

use std::path::PathBuf;

use anyhow::Context;

use super::super::corpora::{Corpora, read_pages};
use super::super::{Exit, message, progress};
use super::lines::{Lines, ensure_own_ids};
use crate::corpus::{LabelledPage, Parts, RESEMBLANCE, domains, qualified, split, write_jsonl};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Pages of one registrable domain come into one part, and so do pages whose gold
texts are nearly the same, but for a borderline pair in a thousand and texts of
fewer than eight words, which are not compared. The parts are files of JSON
lines, DIR/NAME.jsonl, as `dehusk corpus convert` writes them.

Examples:
  dehusk corpus split --corpus wcxb:corpora/wcxb --parts train=8,dev=1,test=1 --out-dir parts
  dehusk corpus check --corpus dehusk:parts/train.jsonl --corpus dehusk:parts/test.jsonl")]
pub(super) struct Args {
    #[command(flatten)]
    corpora: Corpora,
    /// Names of the parts, and how much of the pages each is to have
    #[arg(long, value_name = "NAME=SHARE,…")]
    parts: Parts,
    /// Folder of the parts' files; it is made where there is none
    #[arg(long, value_name = "DIR")]
    out_dir: PathBuf,
    /// Seed of what is drawn at random
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Share of their shingles that two gold texts have in common to be kept
    /// together, from 0.3 to 1
    #[arg(long, value_name = "SHARE", default_value_t = RESEMBLANCE)]
    resemblance: f64,
    /// Write ids as CORPUS/ID, so that corpora may have ids in common
    #[arg(long)]
    qualify_ids: bool,
    /// Gzip the files: DIR/NAME.jsonl.gz
    #[arg(long)]
    gzip: bool,
    /// Write although files of the parts are there, and replace those of the
    /// same names
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let paths = args.paths(args.gzip);
    if !args.force
        && let Some(path) =
            (args.paths(false).iter().chain(&args.paths(true))).find(|path| path.exists())
    {
        anyhow::bail!(
            "{} is there already: name another folder, or write all the same with --force",
            path.display()
        );
    }
    let mut pages = read_pages(&args.corpora.named()?.specs)?;
    if args.qualify_ids {
        pages = qualified(pages);
    }
    ensure_own_ids(&pages)?;
    let split = split(&pages, &args.parts, args.resemblance, args.seed)?;
    std::fs::create_dir_all(&args.out_dir)
        .with_context(|| format!("cannot make the folder {}", args.out_dir.display()))?;
    let bar = progress::bar("writing pages", pages.len());
    let (mut written, mut failures) = (Vec::new(), Vec::new());
    for (part, path) in paths.iter().enumerate() {
        let own: Vec<&LabelledPage> = (pages.iter().zip(&split.part_of))
            .filter(|&(_, &of)| of == part)
            .map(|(page, _)| page)
            .collect();
        let mut out = Lines::open(Some(path), args.gzip)?;
        let failed = write_jsonl(own.iter().copied(), &mut out, || bar.inc(1))
            .map_err(anyhow::Error::from)
            .and_then(|failed| Ok(out.complete().map(|()| failed)?))
            .with_context(|| format!("cannot write {}", path.display()))?;
        let (domains, without) = domains(&own);
        let told = format!(
            "{}: {} pages of {domains} domains, {without} of none",
            path.display(),
            own.len() - failed.len(),
        );
        written.push((out, told));
        failures.extend(failed);
    }
    bar.finish_and_clear();
    // All parts are whole before the first takes its name.
    for (out, told) in written {
        out.finish()?;
        message::note(told);
    }
    if split.joined_sites > 0 {
        message::note(format_args!(
            "{} domains or pages of none were kept with others for near-duplicates",
            split.joined_sites
        ));
    }
    for failure in &failures {
        message::error(failure);
    }
    Ok(if failures.is_empty() {
        Exit::Success
    } else {
        Exit::SomeFailed
    })
}

impl Args {
    /// The file of each part, gzipped or not.
    fn paths(&self, gzip: bool) -> Vec<PathBuf> {
        let ending = if gzip { "jsonl.gz" } else { "jsonl" };
        self.parts
            .names()
            .map(|name| self.out_dir.join(format!("{name}.{ending}")))
            .collect()
    }
}
