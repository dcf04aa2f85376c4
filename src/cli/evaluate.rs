//! `dehusk evaluate`.

use std::collections::HashSet;
use std::io::Write;
use std::path::PathBuf;

use super::corpora::{Corpora, Named, name_some, prepare_pages, read_pages, warn_of_foreign_gold};
use super::output::{Output, unless_closed};
use super::train::{How, cross_validated};
use super::{Exit, load_model, message};
use crate::corpus::LabelledPage;
use crate::evaluate::{Predictions, Report, score_prepared};
use crate::model::Model;

#[derive(Debug, clap::Args)]
#[command(mut_arg("learner", |learner| learner.requires("cv")))]
#[command(mut_arg("lines", |lines| lines.requires("cv")))]
#[command(after_help = "\
Word precision, recall and F1 are means over pages, with a 95 % interval that
resamples whole domains. Without --model, --predictions or --cv the built-in
model is measured.

Examples:
  dehusk evaluate --corpus dehusk:datasets/sampler
  dehusk evaluate --corpus wcxb:corpora/wcxb --cv 5 --learner forest
  dehusk evaluate --corpus wcxb:corpora/wcxb --predictions other-tool.jsonl

Predictions are JSON lines of {\"id\": …, \"text\": …}.")]
pub(super) struct Args {
    #[command(flatten)]
    corpora: Corpora,
    /// Measure this model instead of the built-in one
    #[arg(short, long, value_name = "FILE", group = "what")]
    model: Option<PathBuf>,
    /// Measure texts that some extractor wrote, as JSON lines
    #[arg(short, long, value_name = "FILE", group = "what")]
    predictions: Option<PathBuf>,
    /// Train and measure out of fold, with K folds of whole domains
    #[arg(long, value_name = "K", group = "what", value_parser = clap::value_parser!(u64).range(2..))]
    cv: Option<u64>,
    #[command(flatten)]
    how: How,
    /// Print everything as JSON, page by page
    #[arg(long)]
    json: bool,
    /// Write to this file (it appears whole or not at all)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let Named { specs, recipe } = args.corpora.named()?;
    let settings = args.how.resolve(recipe)?;
    let seed = settings.seed;
    let out = Output::open(args.output.as_deref())?;
    let report = if let Some(path) = &args.predictions {
        of_predictions(&Predictions::read(path)?, &read_pages(&specs)?, seed)?
    } else if let Some(k) = args.cv {
        let pages = prepare_pages(read_pages(&specs)?)?;
        warn_of_foreign_gold(&pages);
        cross_validated(&pages, &settings, usize::try_from(k)?)?
    } else {
        let model = load_model(args.model.as_ref())?;
        of_model(&model, read_pages(&specs)?, seed)?
    };
    unless_closed(write(&report, args.json, out))?;
    Ok(if report.missing.is_empty() {
        Exit::Success
    } else {
        Exit::SomeFailed
    })
}

fn write(report: &Report, json: bool, mut out: Output) -> anyhow::Result<()> {
    if json {
        serde_json::to_writer_pretty(&mut out, report).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        writeln!(out, "{report}")?;
    }
    out.finish()
}

fn of_predictions(
    predictions: &Predictions,
    pages: &[LabelledPage],
    seed: u64,
) -> anyhow::Result<Report> {
    let mut ids = HashSet::new();
    if let Some(twice) = pages.iter().find(|page| !ids.insert(page.id.as_str())) {
        anyhow::bail!(
            "two of the corpora have a page `{}`: measure predictions on one corpus at a time",
            twice.id
        );
    }
    let (scores, missing) = predictions.score(pages);
    if !missing.is_empty() {
        let missing: Vec<&str> = missing.iter().map(String::as_str).collect();
        message::error(format_args!(
            "{} pages have no prediction and count as empty: {}",
            missing.len(),
            name_some(&missing)
        ));
    }
    let unused = predictions.unused(pages);
    if !unused.is_empty() {
        message::warning(format_args!(
            "{} predictions are of no page of the corpora: {}",
            unused.len(),
            name_some(&unused)
        ));
    }
    Ok(Report::new(scores, seed).with_missing(missing))
}

fn of_model(model: &Model, pages: Vec<LabelledPage>, seed: u64) -> anyhow::Result<Report> {
    for known in &model.provenance.corpora {
        if pages.iter().any(|page| page.corpus == known.corpus) {
            message::warning(format_args!(
                "the model was trained on {}: on its pages these figures flatter; \
                 `--cv 5` measures out of fold",
                known.corpus
            ));
        }
    }
    let pages = prepare_pages(pages)?;
    let scores = pages
        .iter()
        .map(|page| {
            let probabilities = model.probabilities(&page.measured, page.labelled.profile);
            score_prepared(page, &probabilities, &model.selection)
        })
        .collect();
    Ok(Report::new(scores, seed))
}
