//! `dehusk train`.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use clap::ValueEnum;

use super::corpora::{Corpora, prepare_pages, warn_of_foreign_gold};
use super::{Exit, message, progress};
use crate::evaluate::Report;
use crate::model::Provenance;
use crate::select::Selection;
use crate::train::{Learner, PreparedPage, cross_validate, fit, trained_on};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
A model is measured first, on folds of whole domains that it has not seen, and
then fitted on all pages. The same pages, learner and seed give the same bytes.

Examples:
  dehusk train --corpus dehusk:my-pages.jsonl -o my.model
  dehusk train --corpus wcxb:corpora/wcxb --learner forest --cv 0 -o forest.model
  dehusk extract --model my.model page.html")]
pub(super) struct Args {
    #[command(flatten)]
    corpora: Corpora,
    #[command(flatten)]
    how: How,
    /// Folds of the cross-validation that measures it; 0 for none
    #[arg(long, value_name = "K", default_value_t = 5)]
    cv: usize,
    /// Write the model to this file (it appears whole or not at all)
    #[arg(short, long, value_name = "MODEL")]
    output: PathBuf,
}

/// How a model is fitted: shared with `evaluate --cv`.
#[derive(Debug, clap::Args)]
pub(super) struct How {
    /// What learns
    #[arg(long, value_enum, default_value_t)]
    pub learner: LearnerName,
    /// Seed of everything drawn at random
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// The learners by their names on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum LearnerName {
    /// Gradient boosting of histograms: the most accurate
    #[default]
    Boosting,
    /// A random forest of linfa's trees
    Forest,
    /// One of linfa's decision trees
    Tree,
    /// linfa's logistic regression
    Logistic,
}

impl From<LearnerName> for Learner {
    fn from(name: LearnerName) -> Self {
        match name {
            LearnerName::Boosting => Self::Boosting,
            LearnerName::Forest => Self::Forest,
            LearnerName::Tree => Self::Tree,
            LearnerName::Logistic => Self::Logistic,
        }
    }
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    for spec in &args.corpora.specs {
        ensure!(
            spec.format.may_train(),
            "corpus {} is for evaluation only (licence: {}): train without it",
            spec.format,
            spec.format.licence()
        );
    }
    ensure!(
        args.cv != 1,
        "--cv 1 leaves nothing to learn from: give 0, or 2 and more"
    );
    let pages = args.corpora.read()?;
    let corpora = trained_on(&pages)?;
    let pages = prepare_pages(pages)?;
    warn_of_foreign_gold(&pages);
    let report = match args.cv {
        0 => None,
        k => Some(cross_validated(&pages, &args.how, k)?),
    };
    if let Some(report) = &report {
        eprintln!("{report}");
    }
    let bar = progress::spinner("fitting on all pages");
    let provenance = Provenance {
        command: command(args),
        corpora,
        cross_validated_f1: report.map(|report| report.overall.f1.mean),
        ..Provenance::default()
    };
    let model = fit(&pages, args.how.learner.into(), args.how.seed, provenance)?;
    bar.finish_and_clear();
    let bytes = model.to_bytes()?;
    crate::sink::write_whole(&args.output, &bytes)
        .with_context(|| format!("cannot write {}", args.output.display()))?;
    message::note(format_args!(
        "{}: a model of {} KB, fitted on {} pages",
        args.output.display(),
        bytes.len().div_ceil(1_000),
        pages.len()
    ));
    Ok(Exit::Success)
}

/// Fits and judges fold by fold, with progress.
pub(super) fn cross_validated(
    pages: &[PreparedPage],
    how: &How,
    k: usize,
) -> anyhow::Result<Report> {
    let bar = progress::bar("folds", k);
    bar.tick();
    let validation = cross_validate(pages, how.learner.into(), k, how.seed, |_| bar.inc(1))?;
    bar.finish_and_clear();
    Ok(Report::new(
        validation.scores(pages, &Selection::default()),
        how.seed,
    ))
}

/// The command as the model's record has it: same inputs, same bytes, wherever
/// the corpora lie.
fn command(args: &Args) -> String {
    let mut words = vec!["dehusk train".to_owned()];
    for spec in &args.corpora.specs {
        words.push(format!("--corpus {}:PATH", spec.format));
    }
    let learner = args.how.learner.to_possible_value();
    words.push(format!(
        "--learner {}",
        learner.as_ref().map_or("", |value| value.get_name())
    ));
    words.push(format!(
        "--seed {} --cv {} -o MODEL",
        args.how.seed, args.cv
    ));
    words.join(" ")
}
