//! `dehusk corpus stats`.

use std::io::Write;
use std::path::PathBuf;

use super::super::corpora::Corpora;
use super::super::output::{Output, unless_closed};
use super::super::{Exit, progress};
use crate::corpus::{self, CorpusStats};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Of each corpus: pages, bytes, domains, licence, languages, page types; how the
words of the gold texts, the blocks of a page and the share of its gold text that
a page holds are spread. Languages that a corpus does not tell are detected.

Examples:
  dehusk corpus stats --corpus dehusk:datasets/sampler
  dehusk corpus stats --corpus wcxb:corpora/wcxb --corpus fundus:corpora/fundus --json")]
pub(super) struct Args {
    #[command(flatten)]
    corpora: Corpora,
    /// Print everything as JSON: a list with an object for each corpus
    #[arg(long)]
    json: bool,
    /// Write to this file (it appears whole or not at all)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let mut all = Vec::new();
    let out = Output::open(args.output.as_deref())?;
    for spec in args.corpora.named()?.specs {
        let pages = corpus::read(&spec)?;
        let bar = progress::bar("reading pages", pages.len());
        all.push(CorpusStats::gather(&spec.to_string(), &pages, || {
            bar.inc(1)
        }));
        bar.finish_and_clear();
    }
    unless_closed(write(&all, args.json, out))?;
    Ok(if all.iter().all(|stats| stats.unreadable.is_empty()) {
        Exit::Success
    } else {
        Exit::SomeFailed
    })
}

fn write(all: &[CorpusStats], json: bool, mut out: Output) -> anyhow::Result<()> {
    if json {
        serde_json::to_writer_pretty(&mut out, all).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        for (at, stats) in all.iter().enumerate() {
            let gap = if at > 0 { "\n" } else { "" };
            write!(out, "{gap}{stats}")?;
        }
    }
    out.finish()
}
