//! `dehusk extract`.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use anyhow::Context;
use clap::ValueEnum;
use rayon::prelude::*;
use serde::Serialize;

use super::output::Output;
use super::{Exit, load_model, message, progress};
use crate::extract::{Extraction, Extractor};
use crate::page::PageContext;
use crate::select::Selection;
use crate::source::{Input, list};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  dehusk extract page.html                      the article, as text
  dehusk extract -f json page.html              with title, language, quality
  dehusk extract -f jsonl crawl/ -o out.jsonl   every page below a folder
  dehusk extract --url https://example.org/a - < page.html")]
pub(super) struct Args {
    /// Files, folders (every page below them), or `-` for standard input
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Form of the output
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write to this file (it appears whole or not at all)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Use this model instead of the built-in one
    #[arg(short, long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Keep blocks from this probability up, instead of the model's own rule
    #[arg(long, value_name = "P", value_parser = super::extract::probability)]
    threshold: Option<f32>,
    /// Address of the page, where a single one is given
    #[arg(long)]
    url: Option<url::Url>,
    /// Encoding that the pages were served with
    #[arg(long)]
    charset: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The article alone; several pages are headed `==> id <==`
    Text,
    /// An object, or an array of them for several pages
    Json,
    /// An object a line
    Jsonl,
}

/// A page in JSON output.
#[derive(Serialize)]
struct Record<'a> {
    id: &'a str,
    source: String,
    #[serde(flatten)]
    extraction: &'a Extraction,
}

/// Parses a number from 0 to 1.
pub(super) fn probability(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(p) if (0.0..=1.0).contains(&p) => Ok(p),
        _ => Err("a number from 0 to 1 is wanted".to_owned()),
    }
}

/// Pages in work at once: enough to keep every core busy, few enough that
/// memory does not grow with the number of pages.
const BATCH: usize = 256;

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let model = load_model(args.model.as_ref())?;
    let mut extractor = Extractor::with_model(model);
    if let Some(threshold) = args.threshold {
        extractor = extractor.selection(Selection::Threshold(threshold));
    }
    let context = PageContext {
        url: args.url.clone(),
        charset: args.charset.clone(),
    };
    let listing = list(args.inputs.iter().map(PathBuf::as_path));
    for (path, error) in &listing.failures {
        message::error(format_args!("{path}: {error}"));
    }
    if listing.passed_over > 0 {
        message::note(format_args!(
            "{} files whose names do not end like a page's (.html, .htm, .xhtml, .shtml) were passed over",
            listing.passed_over
        ));
    }
    let mut failed = listing.failures.len();
    let inputs = &listing.inputs;
    if inputs.is_empty() && failed == 0 {
        message::warning("no page was found in what was named");
    }
    let mut writer = Writer {
        output: Output::open(args.output.as_deref())?,
        format: args.format,
        several: inputs.len() != 1,
        written: 0,
    };
    writer.begin()?;
    let bar = progress::bar("extracting", inputs.len());
    for batch in inputs.chunks(BATCH) {
        let extracted: Vec<_> = batch
            .par_iter()
            .map(|input| {
                let result = extract(&extractor, input, &context);
                bar.inc(1);
                result
            })
            .collect();
        for (input, result) in batch.iter().zip(extracted) {
            match result {
                Ok(extraction) => {
                    for warning in &extraction.warnings {
                        bar.suspend(|| {
                            message::warning(format_args!("{}: {warning}", input.source()));
                        });
                    }
                    writer.write(input, &extraction)?;
                }
                Err(error) => {
                    failed += 1;
                    bar.suspend(|| {
                        message::error(format_args!("{}: {error:#}", input.source()));
                    });
                }
            }
        }
    }
    bar.finish_and_clear();
    writer.finish()?;
    if failed > 0 {
        message::note(format_args!(
            "{failed} of {} inputs failed; the rest was extracted",
            inputs.len() + listing.failures.len()
        ));
        return Ok(Exit::SomeFailed);
    }
    Ok(Exit::Success)
}

fn extract(
    extractor: &Extractor,
    input: &Input,
    context: &PageContext,
) -> anyhow::Result<Extraction> {
    let bytes = input.read()?;
    // A fault in one page must not take the others with it.
    catch_unwind(AssertUnwindSafe(|| extractor.extract(&bytes, context)))
        .ok()
        .context("extraction failed: this is a fault in dehusk, please report the page")
}

struct Writer {
    output: Output,
    format: Format,
    several: bool,
    written: usize,
}

impl Writer {
    fn begin(&mut self) -> anyhow::Result<()> {
        if self.format == Format::Json && self.several {
            self.output.write_all(b"[")?;
        }
        Ok(())
    }

    fn write(&mut self, input: &Input, extraction: &Extraction) -> anyhow::Result<()> {
        let record = Record {
            id: &input.id,
            source: input.source(),
            extraction,
        };
        let out = &mut self.output;
        match self.format {
            Format::Text => {
                if self.several {
                    let gap = if self.written > 0 { "\n" } else { "" };
                    writeln!(out, "{gap}==> {} <==", input.id)?;
                }
                if !extraction.text.is_empty() {
                    writeln!(out, "{}", extraction.text)?;
                }
            }
            Format::Json => {
                if self.several {
                    out.write_all(if self.written > 0 { b",\n" } else { b"\n" })?;
                }
                serde_json::to_writer_pretty(&mut *out, &record).map_err(std::io::Error::from)?;
                if !self.several {
                    out.write_all(b"\n")?;
                }
            }
            Format::Jsonl => {
                serde_json::to_writer(&mut *out, &record).map_err(std::io::Error::from)?;
                out.write_all(b"\n")?;
            }
        }
        self.written += 1;
        Ok(())
    }

    fn finish(mut self) -> anyhow::Result<()> {
        if self.format == Format::Json && self.several {
            self.output.write_all(b"\n]\n")?;
        }
        self.output.finish()
    }
}
