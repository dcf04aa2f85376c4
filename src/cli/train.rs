//! `dehusk train`.

use std::io::{Write, stderr};
use std::path::PathBuf;

use anyhow::ensure;
use clap::ValueEnum;

use super::corpora::{Corpora, Named, prepare_pages, read_pages, warn_of_foreign_gold};
use super::output::Output;
use super::{Exit, message, progress};
use crate::corpus::CorpusSpec;
use crate::evaluate::Report;
use crate::model::Provenance;
use crate::train::{Learner, PreparedPage, Recipe, Settings, cross_validate, fit, trained_on};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
A model is measured first, on folds of whole domains that it has not seen, and
then fitted on all pages. The same pages, learner and seed give the same bytes.

Examples:
  dehusk train --corpus dehusk:my-pages.jsonl -o my.model
  dehusk train --corpus wcxb:corpora/wcxb --learner forest --cv 0 -o forest.model
  dehusk train --recipe models/recipe.toml --corpora corpora -o dehusk.model
  dehusk extract --model my.model page.html")]
pub(super) struct Args {
    #[command(flatten)]
    corpora: Corpora,
    #[command(flatten)]
    how: How,
    /// Folds of the cross-validation that measures it first; 0 for none
    /// [default: 5, for a recipe 0]
    #[arg(long, value_name = "K")]
    cv: Option<usize>,
    /// Write the model to this file (it appears whole or not at all)
    #[arg(short, long, value_name = "MODEL")]
    output: PathBuf,
}

/// How a model is fitted: shared with `evaluate --cv`.
#[derive(Debug, clap::Args)]
pub(super) struct How {
    /// What learns [default: boosting]
    #[arg(long, value_enum, conflicts_with = "recipe")]
    learner: Option<LearnerName>,
    /// Seed of everything drawn at random [default: 1]
    #[arg(long, conflicts_with = "recipe")]
    seed: Option<u64>,
    /// Set what a recipe's [training] may hold, such as boosting.trees=100 or
    /// 'without=["terms."]' (may be given several times)
    #[arg(long = "set", value_name = "NAME=VALUE")]
    lines: Vec<String>,
}

impl How {
    /// The recipe's settings if there is a recipe, else those of the flags;
    /// over them what single lines set.
    pub(super) fn resolve(&self, recipe: Option<Recipe>) -> anyhow::Result<Settings> {
        let settings = match recipe {
            Some(recipe) => recipe.training,
            None => Settings {
                seed: self.seed.unwrap_or(1),
                ..Settings::of(self.learner.map_or_else(Learner::default, Learner::from))
            },
        };
        Ok(self
            .lines
            .iter()
            .try_fold(settings, |settings, line| settings.set(line))?)
    }
}

/// The learners by their names on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LearnerName {
    /// Gradient boosting of histograms: the most accurate
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
    let Named { specs, recipe } = args.corpora.named()?;
    let by_recipe = recipe.is_some();
    let folds = args.cv.unwrap_or(if by_recipe { 0 } else { 5 });
    let settings = args.how.resolve(recipe)?;
    for spec in &specs {
        ensure!(
            spec.format.may_train(),
            "corpus {} is for evaluation only (licence: {}): train without it",
            spec.format,
            spec.format.licence()
        );
    }
    ensure!(
        folds != 1,
        "--cv 1 leaves nothing to learn from: give 0, or 2 and more"
    );
    // Better told now than after an hour of fitting.
    let mut out = Output::open(Some(&args.output))?;
    let pages = read_pages(&specs)?;
    let bar = progress::spinner("taking the corpora's digests");
    let corpora = trained_on(&pages);
    bar.finish_and_clear();
    let corpora = corpora?;
    let pages = prepare_pages(pages)?;
    warn_of_foreign_gold(&pages);
    if folds > 0 {
        let report = cross_validated(&pages, &settings, folds)?;
        // Nothing can be said where standard error is closed.
        let _ = writeln!(stderr(), "{report}");
    }
    let provenance = Provenance {
        command: command(args, &settings, (!by_recipe).then_some(specs.as_slice())),
        corpora,
        versions: vec![("dehusk".to_owned(), env!("CARGO_PKG_VERSION").to_owned())],
        ..Provenance::default()
    };
    let bar = progress::spinner("fitting on all pages");
    let model = fit(&pages, &settings, provenance);
    bar.finish_and_clear();
    let bytes = model?.to_bytes()?;
    out.write_all(&bytes)?;
    out.finish()?;
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
    settings: &Settings,
    folds: usize,
) -> anyhow::Result<Report> {
    let bar = progress::bar("folds", folds);
    bar.tick();
    let validation = cross_validate(pages, settings, folds, |_| bar.inc(1));
    bar.finish_and_clear();
    Ok(Report::new(
        validation?.scores(pages, &settings.selection),
        settings.seed,
    ))
}

/// The command as the model's record has it: same inputs, same bytes, wherever
/// the corpora lie.
fn command(args: &Args, settings: &Settings, specs: Option<&[CorpusSpec]>) -> String {
    let mut words = vec!["dehusk train".to_owned()];
    if let Some(specs) = specs {
        for spec in specs {
            words.push(format!("--corpus {}:PATH", spec.format));
        }
        let (learner, seed) = (settings.learner.name(), settings.seed);
        words.push(format!("--learner {learner} --seed {seed}"));
    } else {
        words.push("--recipe PATH --corpora PATH".to_owned());
    }
    let quoted = |line: &String| format!("--set '{}'", line.replace('\'', r"'\''"));
    words.extend(args.how.lines.iter().map(quoted));
    words.push("-o MODEL".to_owned());
    words.join(" ")
}
