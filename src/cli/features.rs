//! `dehusk features`.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use anyhow::Context;
use encoding_rs::Encoding;
use rayon::prelude::*;

use super::corpora::{Corpora, read_pages};
use super::extraction::charset;
use super::output::{Output, unless_closed};
use super::{Exit, message, model_of, one_page, progress};
#[cfg(feature = "parquet")]
use crate::export::ParquetTable;
use crate::export::{CsvTable, LEADING, PageRows, columns};
use crate::model::Model;
use crate::page::{InputKind, Limits, PageContext};
#[cfg(feature = "parquet")]
use crate::sink::WholeFile;

#[derive(Debug, clap::Args)]
#[command(mut_arg("specs", |specs| specs.required_unless_present_any(["recipe", "page"])))]
#[command(after_help = format!("\
A row is a block. Columns: {}, then the features by name. `label` is
the share of the block's words that the gold text holds; where `coverage`, the
share of the gold text that the page holds, is under .5, labels mean nothing.
`weight` is what a block weighs in training and sums to 1 over a page.

Examples:
  dehusk features page.html
  dehusk features --corpus wcxb:corpora/wcxb -o wcxb.parquet
  dehusk features --corpus dehusk:datasets/sampler --log-odds -o blocks.csv", LEADING.join(", ")))]
pub(super) struct Args {
    /// A page, or `-` for standard input, instead of corpora
    #[arg(conflicts_with_all = ["specs", "recipe"])]
    page: Option<PathBuf>,
    #[command(flatten)]
    corpora: Corpora,
    /// Address of the page
    #[arg(long, requires = "page")]
    url: Option<url::Url>,
    /// Encoding that the page was served with
    #[arg(long, value_name = "LABEL", value_parser = charset, requires = "page")]
    charset: Option<&'static Encoding>,
    /// Add what a model's classifier sees beside the features: the log-odds of
    /// its term models, and the profile. On pages that the model was trained
    /// on they know the labels
    #[arg(long)]
    log_odds: bool,
    /// Take the term models of this model instead of the built-in one
    #[arg(short, long, value_name = "FILE", requires = "log_odds")]
    model: Option<PathBuf>,
    /// Write to this file (it appears whole or not at all); Parquet where its
    /// name ends in `.parquet`, else CSV
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Pages in work at once: enough for every core, few enough that memory does
/// not grow with their number.
const BATCH: usize = 32;

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let model = (args
        .log_odds
        .then(|| model_of(args.model.as_ref(), InputKind::Html)))
    .transpose()?;
    let mut table = Table::open(args.output.as_deref(), &columns(args.log_odds))?;
    let mut failed = 0;
    let written = match &args.page {
        Some(page) => of_page(args, page, model.as_ref(), &mut table, &mut failed),
        None => of_corpora(args, model.as_ref(), &mut table, &mut failed),
    };
    // Where every page failed, what has the file's name keeps it.
    unless_closed(written.and_then(|()| match (table.pages, failed) {
        (0, 1..) => Ok(()),
        _ => table.finish(),
    }))?;
    Ok(if failed > 0 {
        Exit::SomeFailed
    } else {
        Exit::Success
    })
}

fn of_page(
    args: &Args,
    page: &Path,
    model: Option<&Model>,
    table: &mut Table,
    failed: &mut usize,
) -> anyhow::Result<()> {
    let context = PageContext {
        url: args.url.clone(),
        charset: args.charset.map(|encoding| encoding.name().to_owned()),
        kind: InputKind::Html,
    };
    let (kind, limits) = (Some(InputKind::Html), Limits::default());
    match one_page::parse(page, &context, kind, &limits)? {
        Some((id, page)) => table.write(&PageRows::of_page(&id, &page, model))?,
        None => *failed += 1,
    }
    Ok(())
}

fn of_corpora(
    args: &Args,
    model: Option<&Model>,
    table: &mut Table,
    failed: &mut usize,
) -> anyhow::Result<()> {
    let pages = read_pages(&args.corpora.named()?.specs)?;
    // Rows that come on a terminal would run into the bar.
    let bar = match args.output {
        None if io::stdout().is_terminal() => progress::hidden(),
        _ => progress::bar("measuring", pages.len()),
    };
    for batch in pages.chunks(BATCH) {
        let measured: Vec<_> = batch
            .par_iter()
            .map(|page| {
                let rows = PageRows::of(page, model);
                bar.inc(1);
                rows
            })
            .collect();
        for rows in measured {
            match rows {
                Ok(rows) => table.write(&rows)?,
                Err(error) => {
                    *failed += 1;
                    bar.suspend(|| message::error(error));
                }
            }
        }
    }
    bar.finish_and_clear();
    Ok(())
}

/// A table that is being written.
struct Table {
    rows: Rows,
    /// What it is called in messages.
    name: String,
    /// Pages whose rows were written.
    pages: usize,
}

/// Where rows go.
enum Rows {
    Csv(CsvTable<Output>),
    #[cfg(feature = "parquet")]
    Parquet(ParquetTable<WholeFile>),
}

impl Table {
    fn open(path: Option<&Path>, features: &[String]) -> anyhow::Result<Self> {
        let name = path.map_or("standard output".into(), |path| path.display().to_string());
        let rows = match path {
            Some(path) if path.extension().is_some_and(|e| e == "parquet") => {
                Rows::parquet(path, features)
            }
            _ => {
                let out = Output::open(path)?;
                CsvTable::new(out, features)
                    .map(Rows::Csv)
                    .map_err(anyhow::Error::from)
            }
        };
        Ok(Self {
            rows: rows.with_context(|| unwritten(&name))?,
            name,
            pages: 0,
        })
    }

    fn write(&mut self, rows: &PageRows) -> anyhow::Result<()> {
        match &mut self.rows {
            Rows::Csv(table) => table.write(rows),
            #[cfg(feature = "parquet")]
            Rows::Parquet(table) => table.write(rows),
        }
        .with_context(|| unwritten(&self.name))?;
        self.pages += 1;
        Ok(())
    }

    fn finish(self) -> anyhow::Result<()> {
        let unwritten = || unwritten(&self.name);
        match self.rows {
            Rows::Csv(table) => table.finish().with_context(unwritten)?.finish(),
            #[cfg(feature = "parquet")]
            Rows::Parquet(table) => {
                let file = table.finish().with_context(unwritten)?;
                file.finish().with_context(unwritten)
            }
        }
    }
}

fn unwritten(name: &str) -> String {
    format!("the table cannot be written to {name}")
}

impl Rows {
    #[cfg(feature = "parquet")]
    fn parquet(path: &Path, features: &[String]) -> anyhow::Result<Self> {
        let file =
            WholeFile::create(path).context("name a folder that is there and can be written to")?;
        Ok(Self::Parquet(ParquetTable::new(file, features)?))
    }

    #[cfg(not(feature = "parquet"))]
    fn parquet(_: &Path, _: &[String]) -> anyhow::Result<Self> {
        anyhow::bail!(
            "this dehusk was built without Parquet; build it with --features parquet, or name a .csv"
        )
    }
}
