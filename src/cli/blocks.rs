//! `dehusk blocks`.

use std::path::{Path, PathBuf};

use super::extraction::How;
use super::output::{Output, unless_closed};
use super::{Exit, one_page};
use crate::extract::Judged;
use crate::sink::inert;
use crate::text::count_words;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Columns: order, kept (1 or 0), probability, tag, depth, words, link_words, xpath, text
(with a ' before what a spreadsheet might take for a formula).

Examples:
  dehusk blocks page.html
  dehusk blocks --kept page.html                what `dehusk extract` prints")]
pub(super) struct Args {
    /// A page, or `-` for standard input
    page: PathBuf,
    /// List only the blocks that are kept
    #[arg(long)]
    kept: bool,
    #[command(flatten)]
    how: How,
    /// Write to this file (it appears whole or not at all)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let (judge, context) = args.how.resolve()?;
    let (kind, limits) = (args.how.input(), args.how.limits());
    let Some((_, page)) = one_page::parse(&args.page, &context, kind, &limits)? else {
        return Ok(Exit::SomeFailed);
    };
    judge.check_reads(page.kind)?;
    let judged = judge.extractor.judge(&page);
    unless_closed(write(&judged, args.kept, args.output.as_deref()))?;
    Ok(Exit::Success)
}

fn write(judged: &Judged, only_kept: bool, path: Option<&Path>) -> anyhow::Result<()> {
    let mut csv = csv::Writer::from_writer(Output::open(path)?);
    csv.write_record([
        "order",
        "kept",
        "probability",
        "tag",
        "depth",
        "words",
        "link_words",
        "xpath",
        "text",
    ])?;
    for (i, block) in judged.blocks.blocks.iter().enumerate() {
        if only_kept && !judged.kept[i] {
            continue;
        }
        let link_words: usize = block
            .links
            .iter()
            .map(|link| count_words(&block.text[link.clone()]))
            .sum();
        csv.write_record([
            i.to_string(),
            u8::from(judged.kept[i]).to_string(),
            format!("{:.4}", judged.probabilities[i]),
            judged.blocks.tag(i).to_owned(),
            judged.blocks.depth(i).to_string(),
            count_words(&block.text).to_string(),
            link_words.to_string(),
            judged.blocks.xpath(i),
            inert(&block.text).into_owned(),
        ])?;
    }
    csv.into_inner().map_err(|e| e.into_error())?.finish()
}
