//! `dehusk blocks`.

use std::path::PathBuf;

use anyhow::Context;

use super::output::Output;
use super::{Exit, load_model, message};
use crate::extract::Extractor;
use crate::page::{Page, PageContext};
use crate::select::Selection;
use crate::source::list;
use crate::text::count_words;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Columns: order, kept (1 or 0), probability, tag, depth, words, link_words, xpath, text.

Examples:
  dehusk blocks page.html
  dehusk blocks page.html | grep ',1,0\\.'       the blocks that are kept")]
pub(super) struct Args {
    /// A page, or `-` for standard input
    page: PathBuf,
    /// Use this model instead of the built-in one
    #[arg(short, long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Keep blocks from this probability up, instead of the model's own rule
    #[arg(long, value_name = "P", value_parser = super::extract::probability)]
    threshold: Option<f32>,
    /// Write to this file (it appears whole or not at all)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let mut extractor = Extractor::with_model(load_model(args.model.as_ref())?);
    if let Some(threshold) = args.threshold {
        extractor = extractor.selection(Selection::Threshold(threshold));
    }
    anyhow::ensure!(!args.page.is_dir(), "{}: a page is wanted, this is a folder", args.page.display());
    let listing = list([args.page.as_path()]);
    let input = listing.inputs.first().context("no page was named")?;
    let bytes = match input.read() {
        Ok(bytes) => bytes,
        Err(error) => {
            message::error(format_args!("{}: {error}", input.source()));
            return Ok(Exit::SomeFailed);
        }
    };
    let page = Page::parse(&bytes, &PageContext::default());
    for warning in &page.warnings {
        message::warning(format_args!("{}: {warning}", input.source()));
    }
    let judged = extractor.judge(&page);
    let mut csv = csv::Writer::from_writer(Output::open(args.output.as_deref())?);
    csv.write_record([
        "order", "kept", "probability", "tag", "depth", "words", "link_words", "xpath", "text",
    ])?;
    for (i, block) in judged.blocks.blocks.iter().enumerate() {
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
            block.text.clone(),
        ])?;
    }
    csv.into_inner().map_err(|e| e.into_error())?.finish()?;
    Ok(Exit::Success)
}
