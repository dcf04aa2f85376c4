//! `dehusk train`.

use std::io::{Write, stderr};
use std::path::PathBuf;

use anyhow::{Context, ensure};
use clap::ValueEnum;

use super::corpora::{Corpora, Named, prepare_pages_with, read_pages, warn_of_foreign_gold};
use super::input::Flattening;
use super::output::{Output, unless_closed};
use super::{Exit, message, progress, site_context};
use crate::corpus::CorpusSpec;
use crate::evaluate::Report;
use crate::model::{Provenance, TrainedOn};
use crate::page::InputKind;
use crate::train::run::{RunFolder, Session, Trial, Validated};
use crate::train::{
    Cache, CrossValidation, FoldByFold, Learner, PreparedPage, Recipe, Settings, SiteEvidence,
    fit_telling, trained_on,
};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
A model is measured first, on folds of whole domains that it has not seen, and
then fitted on all pages. The same pages, learner and seed give the same bytes.
With --run-dir everything about it is kept, and a run that was interrupted goes
on from the last finished fold when the same command is given again.

Examples:
  dehusk train --corpus dehusk:my-pages.jsonl -o my.model
  dehusk train --corpus wcxb:corpora/wcxb --learner forest --cv 0 -o forest.model
  dehusk train --recipe models/recipe.toml --corpora corpora -o dehusk.model
  dehusk train --corpus dehusk:my-pages.jsonl --run-dir runs/first
  dehusk train --corpus dehusk:my-pages.jsonl --run-dir runs/first --search 20 > best.toml
  dehusk train --corpus dehusk:my-pages.jsonl --site-context -o my-site.toml
  dehusk extract --model my.model page.html")]
pub(super) struct Args {
    #[command(flatten)]
    corpora: Corpora,
    #[command(flatten)]
    how: How,
    /// Folds of the cross-validation that measures it first; 0 for none
    /// [default: 5, for a recipe without --run-dir 0]
    #[arg(long, value_name = "K")]
    cv: Option<usize>,
    /// Keep the run in this folder: recipe, hashes, figures, probabilities,
    /// learning curves, model and its card
    #[arg(long, value_name = "DIR")]
    run_dir: Option<PathBuf>,
    /// Try N settings of boosting around those given, each by
    /// cross-validation, and print the best one's recipe; trains no model
    #[arg(
        long,
        value_name = "N",
        requires = "run_dir",
        conflicts_with = "output",
        value_parser = clap::value_parser!(u16).range(1..)
    )]
    search: Option<u16>,
    /// Learn, instead of a model, what extraction makes of texts that recur over
    /// the pages of a site: measured and fitted on what the cross-validation
    /// judges, and written as TOML
    #[arg(long, conflicts_with = "search", requires = "output")]
    site_context: bool,
    /// Keep prepared pages in this folder for the next time; it can be deleted
    /// at any time [default: cache in --run-dir]
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// Write the model to this file (it appears whole or not at all)
    #[arg(short, long, value_name = "MODEL", required_unless_present = "run_dir")]
    output: Option<PathBuf>,
}

/// How a model is fitted: shared with `evaluate --cv`.
#[derive(Debug, clap::Args)]
pub(super) struct How {
    /// What the labelled pages are read as [default: html]
    #[arg(long, value_enum, conflicts_with = "recipe")]
    input: Option<Flattening>,
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
                input: self.input.map_or(InputKind::Html, InputKind::from),
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
    let unmeasured = by_recipe && args.run_dir.is_none() && !args.site_context;
    let folds = args.cv.unwrap_or(if unmeasured { 0 } else { 5 });
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
    ensure!(
        folds > 0 || args.search.is_none(),
        "--search judges settings by cross-validation: give --cv 2 or more"
    );
    ensure!(
        folds > 0 || !args.site_context,
        "--site-context learns from what cross-validation judges: give --cv 2 or more"
    );
    // Better told now than after an hour of fitting.
    let out = match &args.output {
        Some(path) => Some(Output::open(Some(path))?),
        None => None,
    };
    let mut session = Session::begin();
    let pages = read_pages(&specs)?;
    if let Some(page) = pages.iter().find(|page| page.evaluation_only) {
        anyhow::bail!(
            "page {} of {} is for evaluation only (licence: {}): train without it",
            page.id,
            page.corpus,
            page.licence
        );
    }
    let bar = progress::spinner("taking the corpora's digests");
    let corpora = session.time("digests", || trained_on(&pages));
    bar.finish_and_clear();
    let corpora = corpora?;
    let folder = args.run_dir.as_deref().map(|path| {
        let recipe = Recipe::of(&specs, settings.clone());
        RunFolder::open(path, recipe, folds, &pages, corpora.clone())
    });
    let folder = folder.transpose()?;
    let cache = open_cache(args, folder.as_ref())?;
    let pages = session.time("pages", || {
        prepare_pages_with(pages, settings.input, cache.as_ref())
    })?;
    warn_of_foreign_gold(&pages);
    if let (Some(folder), Some(n)) = (&folder, args.search) {
        search(folder, &pages, usize::from(n), folds, &mut session)?;
    } else {
        let provenance = provenance(
            args,
            &settings,
            (!by_recipe).then_some(specs.as_slice()),
            corpora,
        );
        if args.site_context {
            let validation = match &folder {
                Some(folder) => judged_in(folder, &pages, folds, &mut session)?
                    .map(|measured| measured.validation),
                None => None,
            };
            let validation = match validation {
                Some(validation) => validation,
                None => cross_validated(&pages, &settings, folds)?,
            };
            fit_site_model(&pages, &validation, &settings, provenance, out)?;
            return Ok(Exit::Success);
        }
        let training = Training {
            pages: &pages,
            settings: &settings,
            folds,
            provenance,
        };
        training.run(folder.as_ref(), out, args.output.as_ref(), session)?;
    }
    Ok(Exit::Success)
}

/// Measures what other pages of a site say, then fits it on all pages.
fn fit_site_model(
    pages: &[PreparedPage],
    validation: &CrossValidation,
    settings: &Settings,
    provenance: Provenance,
    out: Option<Output>,
) -> anyhow::Result<()> {
    let evidence = SiteEvidence::of(pages);
    let comparison = site_context::compared(&evidence, pages, validation, settings)?;
    // Nothing can be said where standard error is closed.
    let _ = writeln!(stderr(), "{comparison}");
    let provenance = Provenance {
        learner: "logistic regression over out-of-fold log-odds".to_owned(),
        seed: settings.seed,
        ..provenance
    };
    let model = evidence.fit(pages, validation, settings.input, provenance);
    if let Some(mut out) = out {
        out.write_all(model.to_toml()?.as_bytes())?;
        out.finish()?;
    }
    Ok(())
}

fn open_cache(args: &Args, folder: Option<&RunFolder>) -> anyhow::Result<Option<Cache>> {
    let path = args.cache.clone();
    let path = path.or_else(|| folder.map(RunFolder::cache_folder));
    path.map(|path| Cache::open(&path).with_context(|| format!("cache {}", path.display())))
        .transpose()
}

/// What is to be measured and fitted.
struct Training<'a> {
    pages: &'a [PreparedPage],
    settings: &'a Settings,
    folds: usize,
    provenance: Provenance,
}

impl Training<'_> {
    /// Measures, then fits on all pages, and writes the model where it is to be.
    fn run(
        self,
        folder: Option<&RunFolder>,
        out: Option<Output>,
        path: Option<&PathBuf>,
        mut session: Session,
    ) -> anyhow::Result<()> {
        let (pages, settings) = (self.pages, self.settings);
        let measured = match folder {
            Some(folder) if self.folds > 0 => judged_in(folder, pages, self.folds, &mut session)?,
            _ => None,
        };
        match &measured {
            Some(measured) => print_report(&measured.report),
            None if self.folds > 0 => {
                let validation = cross_validated(pages, settings, self.folds)?;
                print_report(&report_of(&validation, pages, settings));
            }
            None => {}
        }
        let bar = progress::spinner("fitting on all pages");
        let model = session.time("model", || {
            let tell = &mut progress::telling(&bar);
            fit_telling(pages, settings, self.provenance, tell)
        });
        bar.finish_and_clear();
        let model = model?;
        let bytes = model.to_bytes()?;
        if let Some(mut out) = out {
            out.write_all(&bytes)?;
            out.finish()?;
        }
        if let Some(folder) = folder {
            folder.finish(&model, pages, measured.as_ref(), &session)?;
        }
        let in_folder = folder.map(RunFolder::model_path);
        for place in path.into_iter().chain(&in_folder) {
            message::note(format_args!(
                "{}: a model of {} KB, fitted on {} pages",
                place.display(),
                bytes.len().div_ceil(1_000),
                pages.len()
            ));
        }
        Ok(())
    }
}

/// Judges the folds that a run folder does not hold yet, with progress.
pub(super) fn judged_in(
    folder: &RunFolder,
    pages: &[PreparedPage],
    folds: usize,
    session: &mut Session,
) -> anyhow::Result<Option<Validated>> {
    let bar = progress::bar("folds", folds);
    bar.tick();
    let measured = folder.cross_validate(pages, session, &mut progress::telling(&bar));
    bar.finish_and_clear();
    let measured = measured?;
    if let Some(taken) = measured
        .as_ref()
        .map(|m| m.taken)
        .filter(|&taken| taken > 0)
    {
        message::note(format_args!(
            "{taken} of {folds} folds were finished before"
        ));
    }
    Ok(measured)
}

/// Nothing can be said where standard error is closed.
fn print_report(report: &Report) {
    let _ = writeln!(stderr(), "{report}");
}

/// Tries settings; the table goes to standard error, the best one's recipe to
/// standard output.
fn search(
    folder: &RunFolder,
    pages: &[PreparedPage],
    n: usize,
    folds: usize,
    session: &mut Session,
) -> anyhow::Result<()> {
    let bar = progress::bar("search", (n + 1) * folds);
    bar.tick();
    let mut judged = 0;
    let mut each = |trial: &Trial| {
        judged += 1;
        bar.set_position((judged * folds) as u64);
        bar.suspend(|| {
            // Nothing can be said where standard error is closed.
            let _ = writeln!(stderr(), "{trial}");
        });
    };
    let tell = &mut progress::telling(&bar);
    let trials = folder.search(pages, n, session, tell, &mut each);
    bar.finish_and_clear();
    let trials = trials?;
    let best = Trial::best(&trials).context("no settings were tried")?;
    message::note(format_args!(
        "best of {} is {best}; the best of many flatters itself: measure it on pages that it was \
         not chosen by",
        trials.len()
    ));
    let mut out = Output::open(None)?;
    let recipe = folder.recipe_of(best).to_toml()?;
    let written = write!(out, "{recipe}").map_err(anyhow::Error::from);
    unless_closed(written.and_then(|()| out.finish()))
}

/// Fits and judges fold by fold, with progress.
pub(super) fn cross_validated(
    pages: &[PreparedPage],
    settings: &Settings,
    folds: usize,
) -> anyhow::Result<CrossValidation> {
    let bar = progress::bar("folds", folds);
    bar.tick();
    let tell = &mut progress::telling(&bar);
    let validation =
        FoldByFold::new(pages, settings, folds).and_then(|mut models| models.judge_all(tell));
    bar.finish_and_clear();
    Ok(validation?)
}

/// Figures of what was judged out of fold.
pub(super) fn report_of(
    validation: &CrossValidation,
    pages: &[PreparedPage],
    settings: &Settings,
) -> Report {
    Report::new(validation.scores(pages, &settings.selection), settings.seed)
}

fn provenance(
    args: &Args,
    settings: &Settings,
    specs: Option<&[CorpusSpec]>,
    corpora: Vec<TrainedOn>,
) -> Provenance {
    Provenance {
        command: command(args, settings, specs),
        corpora,
        versions: vec![("dehusk".to_owned(), env!("CARGO_PKG_VERSION").to_owned())],
        ..Provenance::default()
    }
}

/// The command as the model's record has it: same inputs, same bytes, wherever
/// the corpora lie. A run folder's recipe says everything.
fn command(args: &Args, settings: &Settings, specs: Option<&[CorpusSpec]>) -> String {
    let end = match (args.site_context, args.cv.unwrap_or(5)) {
        (true, folds) => format!("--cv {folds} --site-context -o SITE_MODEL"),
        (false, _) => "-o MODEL".to_owned(),
    };
    if args.run_dir.is_some() {
        return format!("dehusk train --recipe PATH --corpora PATH {end}");
    }
    let mut words = vec!["dehusk train".to_owned()];
    if let Some(specs) = specs {
        for spec in specs {
            words.push(format!("--corpus {}:PATH", spec.format));
        }
        let (learner, seed) = (settings.learner.name(), settings.seed);
        if settings.input == InputKind::Text {
            words.push("--input text".to_owned());
        }
        words.push(format!("--learner {learner} --seed {seed}"));
    } else {
        words.push("--recipe PATH --corpora PATH".to_owned());
    }
    let quoted = |line: &String| format!("--set '{}'", line.replace('\'', r"'\''"));
    words.extend(args.how.lines.iter().map(quoted));
    words.push(end);
    words.join(" ")
}
