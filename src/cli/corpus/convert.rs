//! `dehusk corpus convert`.

use std::path::PathBuf;

use super::super::corpora::{Corpora, read_pages};
use super::super::output::unless_closed;
use super::super::{Exit, message, progress};
use super::lines::{Lines, ends_in_gz, ensure_own_ids};
use crate::corpus::{qualified, write_jsonl};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
A line holds a page: its bytes (`html`, or `html_base64` where they are not
UTF-8), its gold text, and all else that the corpus knows of it. Read as
`dehusk:FILE`, the lines give the same pages.

Examples:
  dehusk corpus convert --corpus wcxb:corpora/wcxb -o wcxb.jsonl.gz
  dehusk corpus convert --corpus wcxb:a --corpus fundus:b --qualify-ids -o both.jsonl")]
pub(super) struct Args {
    #[command(flatten)]
    corpora: Corpora,
    /// Write ids as CORPUS/ID, so that corpora may have ids in common
    #[arg(long)]
    qualify_ids: bool,
    /// Write to this file (it appears whole or not at all), gzipped where its
    /// name ends in `.gz`
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let mut pages = read_pages(&args.corpora.named()?.specs)?;
    if args.qualify_ids {
        pages = qualified(pages);
    }
    ensure_own_ids(&pages)?;
    let gzip = args.output.as_deref().is_some_and(ends_in_gz);
    let mut out = Lines::open(args.output.as_deref(), gzip)?;
    let bar = if out.is_terminal() {
        progress::hidden()
    } else {
        progress::bar("converting", pages.len())
    };
    let mut failures = Vec::new();
    let written = write_jsonl(&pages, &mut out, || bar.inc(1)).map(|failed| failures = failed);
    bar.finish_and_clear();
    unless_closed(
        written
            .map_err(anyhow::Error::from)
            .and_then(|()| out.finish()),
    )?;
    for failure in &failures {
        message::error(failure);
    }
    Ok(if failures.is_empty() {
        Exit::Success
    } else {
        Exit::SomeFailed
    })
}
