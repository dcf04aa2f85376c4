//! `dehusk evaluate`.

use std::collections::HashSet;
use std::fmt::Display;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::builder::{PathBufValueParser, TypedValueParser};
use rayon::prelude::*;
use serde::Serialize;

use super::corpora::{
    Corpora, Named, name_some, prepare_pages, prepare_pages_with, read_pages, warn_of_foreign_gold,
};
use super::output::{Output, unless_closed};
use super::policies::PolicyFlags;
use super::study::{OpenReport, ReportFolder};
use super::train::{How, cross_validated, judged_in, report_of};
use super::{Exit, message, model_of, site_context};
use crate::corpus::{CorpusError, CorpusSpec, LabelledPage, doubled_ids};
use crate::evaluate::{
    Baseline, Comparison, Evidence, MetadataReport, Predictions, Report, ToldMetadata,
    has_gold_metadata, score_metadata, score_prepared,
};
use crate::model::Model;
use crate::page::InputKind;
use crate::select::Policies;
use crate::train::run::{RunFolder, Session};
use crate::train::{
    Cache, CrossValidation, PreparedPage, Recipe, Settings, SiteEvidence, trained_on,
};

/// What `--model` takes for the built-in model.
pub(super) const BUILT_IN: &str = "builtin";

#[derive(Debug, clap::Args)]
#[command(mut_arg("learner", |learner| learner.requires("cv")))]
#[command(mut_arg("lines", |lines| lines.requires("cv")))]
#[command(after_help = "\
Word precision, recall and F1 are means over pages, with a 95 % interval that
resamples whole domains. Without --model, --predictions or --cv the built-in
model is measured.

Several --predictions are compared with each other: a row of figures for each,
the difference of each from the first with its paired interval, and the pages
that differ most. With --model or --cv dehusk is compared too, as the first.

Examples:
  dehusk evaluate --corpus dehusk:datasets/sampler
  dehusk evaluate --corpus wcxb:corpora/wcxb --cv 5 --learner forest
  dehusk evaluate --corpus wcxb:corpora/wcxb --predictions other-tool.jsonl
  dehusk evaluate --corpus wcxb:corpora/wcxb --cv 5 \\
    --predictions trafilatura=a.jsonl --predictions readability=b.jsonl
  dehusk evaluate --corpus wcxb:corpora/wcxb --input text --cv 5 --baselines
  dehusk evaluate --corpus fundus:corpora/fundus --cv 5 --site-context
  dehusk evaluate --corpus wcxb:corpora/wcxb --cv 5 --report wcxb-report
  dehusk evaluate --corpus wcxb:corpora/wcxb --cv 5 --run-dir runs/first \
    --report wcxb-report

Predictions are JSON lines of {\"id\": …, \"text\": …}, with \"title\", \"author\" and
\"date\" where the extractor tells them: where the corpora have gold for these,
precision, recall and F1 of each are printed too.")]
pub(super) struct Args {
    #[command(flatten)]
    corpora: Corpora,
    /// Measure this model; `builtin` is the built-in one
    #[arg(short, long, value_name = "FILE", conflicts_with = "cv")]
    model: Option<PathBuf>,
    /// Measure texts that some extractor wrote, as JSON lines; the name is the
    /// file's where none is given (may be given several times)
    #[arg(
        short,
        long,
        value_name = "[NAME=]FILE",
        value_parser = PathBufValueParser::new().map(PredictionsFile::from)
    )]
    predictions: Vec<PredictionsFile>,
    /// Compare with rules that learn nothing too: everything kept, long lines,
    /// lines that are sentences, jusText's rules
    #[arg(long)]
    baselines: bool,
    /// Train and measure out of fold, with K folds of whole domains
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u64).range(2..))]
    cv: Option<u64>,
    /// Take the folds that this run folder holds (see `train --run-dir`), and
    /// leave there what is judged
    #[arg(long, value_name = "DIR", requires = "cv")]
    run_dir: Option<PathBuf>,
    /// Measure what texts say that recur over the pages of a site, on the pages
    /// that have others of their site: with and without
    #[arg(
        long,
        requires = "cv",
        conflicts_with_all = ["predictions", "baselines", "report"]
    )]
    site_context: bool,
    #[command(flatten)]
    policies: PolicyFlags,
    #[command(flatten)]
    how: How,
    #[command(flatten)]
    folder: ReportFolder,
    /// Print everything as JSON, page by page
    #[arg(long)]
    json: bool,
    /// Write to this file (it appears whole or not at all)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// A file of predictions and the name of what wrote it.
#[derive(Debug, Clone, PartialEq)]
struct PredictionsFile {
    name: String,
    path: PathBuf,
}

impl From<PathBuf> for PredictionsFile {
    /// `NAME=FILE`, or a file that is named by its stem. A name holds no `/`,
    /// so that `./a=b.jsonl` is a file.
    fn from(path: PathBuf) -> Self {
        let named = path.to_str().and_then(|text| text.split_once('='));
        match named {
            Some((name, file)) if !name.is_empty() && !name.contains(['/', '\\']) => Self {
                name: name.to_owned(),
                path: file.into(),
            },
            _ => Self {
                name: stem(&path),
                path,
            },
        }
    }
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let Named { specs, recipe } = args.corpora.named()?;
    let settings = args.how.resolve(recipe)?;
    ensure_no_policies_of_folds(args)?;
    check_names(args)?;
    let own = own_name(args);
    anyhow::ensure!(
        !args.folder.is_asked() || args.predictions.len() + usize::from(own.is_some()) == 1,
        "--report is of one extractor, and several are compared: name one of them"
    );
    anyhow::ensure!(
        !args.baselines || (own.is_some() && !args.folder.is_asked()),
        "--baselines is a comparison with dehusk: give --model or --cv beside --predictions, and \
         no --report"
    );
    let out = Output::open(args.output.as_deref())?;
    if args.site_context {
        let comparison = with_site_context(args, read_pages(&specs)?, &specs, &settings)?;
        unless_closed(write(&comparison, args.json, out))?;
        return Ok(Exit::Success);
    }
    let folder = args.folder.open()?;
    let mut reports = Vec::new();
    let predictions = args
        .predictions
        .iter()
        .map(|file| Predictions::read(&file.path))
        .collect::<Result<Vec<_>, _>>()?;
    let pages = read_pages(&specs)?;
    if !predictions.is_empty() {
        check_ids(&pages)?;
    }
    for (file, predictions) in args.predictions.iter().zip(&predictions) {
        let report = of_predictions(&file.name, predictions, &pages, settings.seed);
        reports.push((file.name.clone(), report));
    }
    if let Some(name) = own {
        let (report, baselines) = of_dehusk(args, pages, &specs, &settings, folder)?;
        reports.insert(0, (name, report));
        reports.extend(baselines);
    } else if let ([predictions], [(name, report)]) = (&predictions[..], &reports[..]) {
        let (extractor, pages) = (format!("the texts of {name}"), &pages);
        folder.write(report, extractor, Evidence::Texts { pages, predictions })?;
    }
    let complete = reports.iter().all(|(_, report)| report.missing.is_empty());
    unless_closed(match &reports[..] {
        [(_, report)] => write(report, args.json, out),
        _ => write(&Comparison::new(reports)?, args.json, out),
    })?;
    Ok(if complete {
        Exit::Success
    } else {
        Exit::SomeFailed
    })
}

/// Name of dehusk among the compared, where it is measured: always, unless
/// predictions are and it is not asked for.
fn own_name(args: &Args) -> Option<String> {
    match &args.model {
        Some(path) if path.as_os_str() != BUILT_IN => Some(stem(path)),
        Some(_) => Some("dehusk".to_owned()),
        None => (args.cv.is_some() || args.predictions.is_empty()).then(|| "dehusk".to_owned()),
    }
}

/// What is judged in folds is stored as it is measured by default.
fn ensure_no_policies_of_folds(args: &Args) -> anyhow::Result<()> {
    anyhow::ensure!(
        args.cv.is_none() || args.policies.resolve() == Policies::default(),
        "--cv measures with the default --comments and --hidden: train a model and measure that"
    );
    Ok(())
}

/// Better told now than after an hour of fitting.
fn check_names(args: &Args) -> anyhow::Result<()> {
    let mut names: HashSet<String> = own_name(args).into_iter().collect();
    if args.baselines {
        names.extend(Baseline::ALL.map(|baseline| baseline.name().to_owned()));
    }
    for file in &args.predictions {
        anyhow::ensure!(
            names.insert(file.name.clone()),
            "two of the compared are called `{}`: give --predictions NAME={} another name",
            file.name,
            file.path.display()
        );
    }
    Ok(())
}

fn check_ids(pages: &[LabelledPage]) -> anyhow::Result<()> {
    if let Some(twice) = doubled_ids(pages).first() {
        anyhow::bail!(
            "two pages have the id `{twice}`: measure predictions on one corpus at a time, or on \
             what `dehusk corpus convert --qualify-ids` writes"
        );
    }
    Ok(())
}

fn write(what: &(impl Display + Serialize), json: bool, mut out: Output) -> anyhow::Result<()> {
    if json {
        serde_json::to_writer_pretty(&mut out, what).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        writeln!(out, "{what}")?;
    }
    out.finish()
}

fn of_predictions(
    name: &str,
    predictions: &Predictions,
    pages: &[LabelledPage],
    seed: u64,
) -> Report {
    let (scores, missing) = predictions.score(pages);
    if !missing.is_empty() {
        let missing: Vec<&str> = missing.iter().map(String::as_str).collect();
        message::error(format_args!(
            "{} pages have no prediction in {name} and count as empty: {}",
            missing.len(),
            name_some(&missing)
        ));
    }
    let unused = predictions.unused(pages);
    if !unused.is_empty() {
        message::warning(format_args!(
            "{} predictions in {name} are of no page of the corpora: {}",
            unused.len(),
            name_some(&unused)
        ));
    }
    Report::new(scores, seed)
        .with_metadata(predictions.metadata(pages, seed))
        .with_missing(missing)
}

fn of_dehusk(
    args: &Args,
    pages: Vec<LabelledPage>,
    specs: &[CorpusSpec],
    settings: &Settings,
    folder: OpenReport,
) -> anyhow::Result<(Report, Vec<(String, Report)>)> {
    // A flattened page tells nothing of itself.
    let metadata = match settings.input {
        InputKind::Html => told_metadata(&pages, settings.seed)?,
        InputKind::Text => None,
    };
    if let Some(k) = args.cv {
        let folds = usize::try_from(k)?;
        let (pages, validation) = out_of_fold(args, pages, specs, settings, folds)?;
        let report = report_of(&validation, &pages, settings);
        let report = report.with_metadata(metadata);
        let extractor = format!("{} out of {k} folds", settings.learner.name());
        let (pages, model) = (&pages[..], None);
        folder.write(&report, extractor, Evidence::Blocks { pages, model })?;
        return Ok((report, of_baselines(args, pages, settings.seed)));
    }
    let path = args.model.as_ref();
    let path = path.filter(|path| path.as_os_str() != BUILT_IN);
    let model = model_of(path, settings.input)?;
    warn_of_known_pages(&model, &pages);
    let pages = prepare_pages(pages, settings.input)?;
    let report =
        of_model(&model, &pages, args.policies.resolve(), settings.seed).with_metadata(metadata);
    let extractor = match path {
        None => "the built-in model".to_owned(),
        Some(path) => format!("the model {}", path.display()),
    };
    let (pages, model) = (&pages[..], Some(&model));
    folder.write(&report, extractor, Evidence::Blocks { pages, model })?;
    Ok((report, of_baselines(args, pages, settings.seed)))
}

/// The pages, and what models say of them that have not seen them.
fn out_of_fold(
    args: &Args,
    pages: Vec<LabelledPage>,
    specs: &[CorpusSpec],
    settings: &Settings,
    folds: usize,
) -> anyhow::Result<(Vec<PreparedPage>, CrossValidation)> {
    let run = args.run_dir.as_deref().map(|path| {
        let recipe = Recipe::of(specs, settings.clone());
        let corpora = trained_on(&pages)?;
        anyhow::Ok(RunFolder::open(path, recipe, folds, &pages, corpora)?)
    });
    let run = run.transpose()?;
    let cache = run.as_ref().map(|run| Cache::open(run.cache_folder()));
    let pages = prepare_pages_with(pages, settings.input, cache.transpose()?.as_ref())?;
    warn_of_foreign_gold(&pages);
    let in_run = match &run {
        Some(run) => judged_in(run, &pages, folds, &mut Session::begin())?,
        None => None,
    };
    let validation = match in_run {
        Some(measured) => measured.validation,
        None => cross_validated(&pages, settings, folds)?,
    };
    Ok((pages, validation))
}

/// With and without what other pages of a site say, out of fold.
fn with_site_context(
    args: &Args,
    pages: Vec<LabelledPage>,
    specs: &[CorpusSpec],
    settings: &Settings,
) -> anyhow::Result<Comparison> {
    let folds = usize::try_from(args.cv.unwrap_or(5))?;
    let (pages, validation) = out_of_fold(args, pages, specs, settings, folds)?;
    let evidence = SiteEvidence::of(&pages);
    site_context::compared(&evidence, &pages, &validation, settings)
}

/// The rules that learn nothing, where they are asked for.
fn of_baselines(args: &Args, pages: &[PreparedPage], seed: u64) -> Vec<(String, Report)> {
    if !args.baselines {
        return Vec::new();
    }
    let report = |baseline: Baseline| {
        let scores = pages.par_iter().map(|page| baseline.score(page)).collect();
        (baseline.name().to_owned(), Report::new(scores, seed))
    };
    Baseline::ALL.map(report).into()
}

fn told_metadata(pages: &[LabelledPage], seed: u64) -> anyhow::Result<Option<MetadataReport>> {
    let scores = pages
        .par_iter()
        .filter(|page| has_gold_metadata(page))
        .map(|page| Ok(score_metadata(page, &ToldMetadata::of(page)?)))
        .collect::<Result<_, CorpusError>>()?;
    Ok(MetadataReport::new(scores, seed))
}

fn warn_of_known_pages(model: &Model, pages: &[LabelledPage]) {
    for known in &model.provenance.corpora {
        if pages.iter().any(|page| page.corpus == known.corpus) {
            message::warning(format_args!(
                "the model was trained on pages of {}: unless these were held out, the figures \
                 flatter; `--cv 5` measures out of fold",
                known.corpus
            ));
        }
    }
}

fn of_model(model: &Model, pages: &[PreparedPage], policies: Policies, seed: u64) -> Report {
    let scores = pages
        .par_iter()
        .map(|page| {
            let probabilities = model.probabilities(&page.measured, page.labelled.profile);
            score_prepared(
                page,
                &probabilities,
                &model.selection,
                &model.page_calibration,
                policies,
            )
        })
        .collect();
    Report::new(scores, seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predictions_are_named_by_hand_or_by_their_file() {
        let named = |text: &str| {
            let file = PredictionsFile::from(PathBuf::from(text));
            (file.name, file.path.display().to_string())
        };
        let pair = |name: &str, path: &str| (name.to_owned(), path.to_owned());
        assert_eq!(named("peer=out/a.jsonl"), pair("peer", "out/a.jsonl"));
        assert_eq!(named("out/peer.jsonl"), pair("peer", "out/peer.jsonl"));
        assert_eq!(named("a=b=c.jsonl"), pair("a", "b=c.jsonl"));
        assert_eq!(named("./run=3.jsonl"), pair("run=3", "./run=3.jsonl"));
        assert_eq!(named("=a.jsonl"), pair("=a", "=a.jsonl"));
    }
}
