//! `dehusk extract`.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use anyhow::{Context, ensure};
use clap::ValueEnum;
use rayon::prelude::*;
use serde::Serialize;

use super::extraction::How;
use super::output::{Output, unless_closed};
use super::{Exit, message, progress};
use crate::extract::{Extraction, Extractor};
use crate::page::PageContext;
use crate::source::{Input, Listing, list};

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
    #[command(flatten)]
    how: How,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The article alone; of a folder or several inputs each headed `==> id <==`
    Text,
    /// An object; for a folder or several inputs an array of them
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

/// Pages in work at once: enough to keep every core busy, few enough that
/// memory does not grow with the number of pages.
const BATCH: usize = 256;

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    // One record or many is a matter of what was asked for, not of what a
    // folder happens to hold.
    let several = args.inputs.len() > 1 || args.inputs.iter().any(|input| input.is_dir());
    ensure!(
        !several || args.how.url.is_none(),
        "--url is the address of a single page: name one file, or -"
    );
    let (extractor, context) = args.how.resolve()?;
    let listing = list(args.inputs.iter().map(PathBuf::as_path));
    tell(&listing);
    let mut writer = Writer {
        output: Output::open(args.output.as_deref())?,
        format: args.format,
        several,
        written: 0,
    };
    let mut failed = listing.failures.len();
    let result = extract_all(&extractor, &context, &listing, &mut writer, &mut failed);
    let extracted = writer.written;
    unless_closed(result.and_then(|()| writer.finish()))?;
    let named = listing.inputs.len() + listing.failures.len();
    if failed > 0 && named > 1 {
        // Whoever closed the pipe did not wait for the rest.
        let rest = extracted > 0 && extracted + failed == named;
        let rest = if rest { "; the rest was extracted" } else { "" };
        message::note(format_args!("{failed} of {named} inputs failed{rest}"));
    }
    Ok(if failed > 0 {
        Exit::SomeFailed
    } else {
        Exit::Success
    })
}

/// Says what is odd about the inputs before any is read.
fn tell(listing: &Listing) {
    for (path, error) in &listing.failures {
        message::error(format_args!("{path}: {error}"));
    }
    if listing.passed_over > 0 {
        message::note(format_args!(
            "{} files whose names do not end like a page's (.html, .htm, .xhtml, .shtml) were passed over",
            listing.passed_over
        ));
    }
    if listing.inputs.is_empty() && listing.failures.is_empty() {
        message::warning("no page was found in what was named");
    }
    if let Some(same) = listing.same_ids() {
        let (one, other) = same.first;
        message::warning(format_args!(
            "{} inputs have the id of an earlier one, the first being {} and {} (`{}`): \
             tell them apart by `source`",
            same.count,
            one.source(),
            other.source(),
            one.id
        ));
    }
}

/// Extracts and writes all inputs in order, and counts those that fail.
fn extract_all(
    extractor: &Extractor,
    context: &PageContext,
    listing: &Listing,
    writer: &mut Writer,
    failed: &mut usize,
) -> anyhow::Result<()> {
    let bar = if writer.output.is_terminal() {
        progress::hidden()
    } else {
        progress::bar("extracting", listing.inputs.len())
    };
    writer.begin()?;
    for batch in listing.inputs.chunks(BATCH) {
        let extracted: Vec<_> = batch
            .par_iter()
            .map(|input| {
                let result = extract(extractor, input, context);
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
                    *failed += 1;
                    bar.suspend(|| {
                        message::error(format_args!("{}: {error}", input.source()));
                    });
                }
            }
        }
    }
    bar.finish_and_clear();
    Ok(())
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
