//! `dehusk corpus check`.

use std::io::Write;
use std::path::PathBuf;

use clap::ValueEnum;

use super::super::corpora::Corpora;
use super::super::output::{Output, unless_closed};
use super::super::{Exit, message, progress};
use crate::corpus::{self, CorpusCheck, Problem, RESEMBLANCE};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Tells which pages cannot be read, have no gold text, share an id, or hold less
than half of their gold text; and which gold texts are nearly the same, within a
corpus and between corpora: give the parts of a split as one --corpus each. The
exit code is 1 where there is a problem that is not allowed.

Examples:
  dehusk corpus check --corpus dehusk:my-pages.jsonl
  dehusk corpus check --corpus wcxb:corpora/wcxb --allow empty-gold
  dehusk corpus check --corpus dehusk:train.jsonl --corpus dehusk:test.jsonl --json")]
pub(super) struct Args {
    #[command(flatten)]
    corpora: Corpora,
    /// Share of their shingles that two gold texts have in common to count as
    /// near-duplicates, from 0.3 to 1
    #[arg(long, value_name = "SHARE", default_value_t = RESEMBLANCE)]
    resemblance: f64,
    /// Tell these problems, but let the exit code be 0 (may be given several
    /// times)
    #[arg(long, value_enum, value_name = "PROBLEM")]
    allow: Vec<ProblemName>,
    /// Print everything as JSON, with all pages and pairs
    #[arg(long)]
    json: bool,
    /// Write to this file (it appears whole or not at all)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Problems by their names on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ProblemName {
    /// Pages that cannot be read
    Unreadable,
    /// Pages without gold text
    EmptyGold,
    /// Ids of several pages
    DoubledId,
    /// Pages that hold less than half of their gold text
    ForeignGold,
    /// Gold texts that are nearly the same
    NearDuplicate,
}

impl From<ProblemName> for Problem {
    fn from(name: ProblemName) -> Self {
        match name {
            ProblemName::Unreadable => Self::Unreadable,
            ProblemName::EmptyGold => Self::EmptyGold,
            ProblemName::DoubledId => Self::DoubledId,
            ProblemName::ForeignGold => Self::ForeignGold,
            ProblemName::NearDuplicate => Self::NearDuplicate,
        }
    }
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let out = Output::open(args.output.as_deref())?;
    let (mut corpora, mut failures) = (Vec::new(), Vec::new());
    for spec in args.corpora.named()?.specs {
        match corpus::read(&spec) {
            Ok(pages) => corpora.push((spec.to_string(), pages)),
            Err(error) => failures.push(error),
        }
    }
    if corpora.is_empty()
        && let Some(error) = failures.pop()
    {
        for failure in &failures {
            message::error(failure);
        }
        return Err(error.into());
    }
    let bar = progress::bar(
        "reading pages",
        corpora.iter().map(|(_, pages)| pages.len()).sum(),
    );
    let check = CorpusCheck::run(&corpora, args.resemblance, || bar.inc(1));
    bar.finish_and_clear();
    let check = check?;
    unless_closed(write(&check, args.json, out))?;
    for failure in &failures {
        message::error(failure);
    }
    let allowed: Vec<Problem> = args.allow.iter().map(|&name| name.into()).collect();
    let problem = (check.problems().iter()).any(|problem| !allowed.contains(problem));
    Ok(if problem || !failures.is_empty() {
        Exit::SomeFailed
    } else {
        Exit::Success
    })
}

fn write(check: &CorpusCheck, json: bool, mut out: Output) -> anyhow::Result<()> {
    if json {
        serde_json::to_writer_pretty(&mut out, check).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        write!(out, "{check}")?;
    }
    out.finish()
}
