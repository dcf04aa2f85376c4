//! The folder of a run: opened, filled, gone on with.

use std::fs;
use std::path::{Path, PathBuf};

use super::card::{self, Card};
use super::manifest::{self, Manifest};
use super::search::{self, Trial};
use super::{RunError, Session, curve, fold_file, tables};
use crate::corpus::LabelledPage;
use crate::evaluate::Report;
use crate::model::{Model, TrainedOn};
use crate::sink::write_whole;
use crate::train::cross_validate::folds_of;
use crate::train::{
    CrossValidation, CurvePoint, FoldByFold, Learner, PreparedPage, Recipe, Settings, Step, Tell,
};

const MANIFEST: &str = "run.toml";
const MODEL: &str = "dehusk.model";

/// What the folder's recipe says of itself.
const RECIPE_HEAD: &str = "\
# What this run's model is made of, every setting said. From the folder in which
# the run was begun,
#
#   dehusk train --recipe THIS_FILE --corpora . -o MODEL
#
# gives the same bytes again.

";

/// The folder of a run.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    recipe: Recipe,
    corpora: Vec<TrainedOn>,
    folds: usize,
    /// What was done here before.
    past: Vec<Session>,
}

/// What cross-validation found.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Validated {
    /// Out-of-fold probabilities.
    pub validation: CrossValidation,
    /// Figures of all pages out of fold.
    pub report: Report,
    /// Figures of each fold.
    pub by_fold: Vec<Report>,
    /// How the models learned, fold by fold.
    pub curve: Vec<CurvePoint>,
    /// Folds that were finished before.
    pub taken: usize,
}

impl RunFolder {
    /// Opens the folder of a run over `pages`, of whose corpora
    /// [`trained_on`](crate::train::trained_on) tells, measured on `folds` folds, 0
    /// for none. A new or empty folder begins it; one in which the same
    /// was begun goes on.
    ///
    /// # Errors
    /// When the folder is of another run or of none, or cannot be written.
    pub fn open(
        path: &Path,
        recipe: Recipe,
        folds: usize,
        pages: &[LabelledPage],
        corpora: Vec<TrainedOn>,
    ) -> Result<Self, RunError> {
        let manifest = Manifest::of(&recipe.training, folds, pages, &corpora).to_toml()?;
        let recipe_text = format!("{RECIPE_HEAD}{}", recipe.to_toml()?);
        fs::create_dir_all(path).map_err(|source| RunError::io(path, source))?;
        let at = path.join(MANIFEST);
        if at.exists() {
            let there = fs::read_to_string(&at).map_err(|source| RunError::io(&at, source))?;
            let differences = manifest::differences(&there, &manifest).map_err(|reason| {
                RunError::Unreadable {
                    path: path.to_owned(),
                    reason: reason.to_string().trim().replace('\n', " "),
                }
            })?;
            if let Some(differences) = differences {
                return Err(RunError::Another {
                    path: path.to_owned(),
                    differences,
                });
            }
        } else {
            check_empty(path)?;
        }
        let sessions = fs::read(path.join("sessions.json")).ok();
        let run = Self {
            path: path.to_owned(),
            recipe,
            corpora,
            folds,
            past: sessions
                .and_then(|bytes| serde_json::from_slice(&bytes).ok())
                .unwrap_or_default(),
        };
        run.write(MANIFEST, manifest.as_bytes())?;
        // As it was begun: later paths may be seen from another folder.
        if !run.path.join("recipe.toml").exists() {
            run.write("recipe.toml", recipe_text.as_bytes())?;
        }
        Ok(run)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where [`RunFolder::finish`] writes the model.
    pub fn model_path(&self) -> PathBuf {
        self.path.join(MODEL)
    }

    /// Where a [`Cache`](crate::train::Cache) of its pages may stand.
    pub fn cache_folder(&self) -> PathBuf {
        self.path.join("cache")
    }

    fn settings(&self) -> &Settings {
        &self.recipe.training
    }

    /// Judges every fold that is not judged yet, writes each as soon as it is,
    /// and then what all of them say. `None` for a run without folds.
    ///
    /// # Errors
    /// When a model cannot be fitted, or a file cannot be written.
    pub fn cross_validate(
        &self,
        pages: &[PreparedPage],
        session: &mut Session,
        tell: Tell<'_>,
    ) -> Result<Option<Validated>, RunError> {
        if self.folds == 0 {
            return Ok(None);
        }
        let folds = folds_of(pages, self.folds, self.settings().seed)?;
        let mut validation = CrossValidation::new(&folds);
        let mut curve = Vec::new();
        let mut taken = 0;
        let mut models: Option<FoldByFold> = None;
        for fold in 0..self.folds {
            let at = self.in_folder("folds", fold)?;
            let judged = match fold_file::read(&at, fold, &folds, pages) {
                Some(judged) => {
                    taken += 1;
                    tell(Step::Fold(fold));
                    judged
                }
                None => {
                    let judged = session.time(format!("fold {fold}"), || {
                        let models = match &mut models {
                            Some(models) => models,
                            none => {
                                none.insert(FoldByFold::new(pages, self.settings(), self.folds)?)
                            }
                        };
                        models.judge(fold, tell)
                    })?;
                    // First, as who is interrupted after the fold has paid for it.
                    self.note(session)?;
                    fold_file::write(&at, &judged, pages)?;
                    judged
                }
            };
            curve.extend_from_slice(&judged.curve);
            validation.add(judged);
        }
        let measured = self.validated(pages, validation, curve, taken);
        self.write_measured(pages, &measured)?;
        Ok(Some(measured))
    }

    fn validated(
        &self,
        pages: &[PreparedPage],
        validation: CrossValidation,
        curve: Vec<CurvePoint>,
        taken: usize,
    ) -> Validated {
        let settings = self.settings();
        let scores = validation.scores(pages, &settings.selection);
        let by_fold = (0..self.folds)
            .map(|fold| {
                let own = scores.iter().zip(&validation.folds);
                let own = own.filter(|(_, of)| **of == fold);
                Report::new(own.map(|(score, _)| score.clone()).collect(), settings.seed)
            })
            .collect();
        Validated {
            report: Report::new(scores, settings.seed),
            by_fold,
            validation,
            curve,
            taken,
        }
    }

    fn write_measured(&self, pages: &[PreparedPage], measured: &Validated) -> Result<(), RunError> {
        let folds = measured.by_fold.iter().enumerate();
        let figures = folds
            .map(|(fold, report)| (fold.to_string(), report))
            .chain([("all".to_owned(), &measured.report)]);
        let io = |name: &str| {
            let path = self.path.join(name);
            move |source| RunError::io(&path, source)
        };
        let figures = tables::figures(figures).map_err(io("folds.csv"))?;
        self.write("folds.csv", &figures)?;
        let report = serde_json::to_vec_pretty(&measured.report);
        let report = report.map_err(|e| io("report.json")(e.into()))?;
        self.write("report.json", &report)?;
        let blocks = tables::out_of_fold(pages, &measured.validation);
        self.write(
            "out-of-fold.csv.gz",
            &blocks.map_err(io("out-of-fold.csv.gz"))?,
        )?;
        if !measured.curve.is_empty() {
            self.write("curves.csv", curve::csv(&measured.curve).as_bytes())?;
        }
        if let Some(drawn) = curve::svg(&measured.curve) {
            self.write("curves.svg", drawn.as_bytes())?;
        }
        Ok(())
    }

    /// Tries the settings asked for and `n` drawn around them ([`search::draw`]),
    /// each by cross-validation over the same folds, but for those that were
    /// tried here before. Writes each as soon as it is judged, and then the
    /// table. `each` is told of every trial.
    ///
    /// # Errors
    /// When the learner is not boosting, a model cannot be fitted, or a file
    /// cannot be written.
    pub fn search(
        &self,
        pages: &[PreparedPage],
        n: usize,
        session: &mut Session,
        tell: Tell<'_>,
        each: &mut dyn FnMut(&Trial),
    ) -> Result<Vec<Trial>, RunError> {
        let asked = self.settings();
        if asked.learner != Learner::Boosting {
            return Err(RunError::NothingToSearch {
                learner: asked.learner.name(),
            });
        }
        let mut settings = vec![asked.clone()];
        settings.extend(search::draw(asked, n));
        let mut models: Option<FoldByFold> = None;
        let mut trials = Vec::with_capacity(settings.len());
        for (number, settings) in settings.iter().enumerate() {
            let at = self.in_folder("search", number)?;
            let known: Option<Trial> = fs::read(&at)
                .ok()
                .and_then(|bytes| serde_json::from_slice(&bytes).ok())
                .filter(|trial: &Trial| {
                    trial.trial == number && trial.boosting == settings.boosting
                });
            let trial = match known {
                Some(trial) => trial,
                None => {
                    let report = session.time(format!("trial {number}"), || {
                        let models = match &mut models {
                            Some(models) => models,
                            none => none.insert(FoldByFold::new(pages, settings, self.folds)?),
                        };
                        models.refit(settings);
                        let validation = models.judge_all(tell)?;
                        let scores = validation.scores(pages, &settings.selection);
                        Ok::<_, RunError>(Report::new(scores, settings.seed))
                    })?;
                    let trial = Trial::of(number, settings.boosting, &report);
                    let bytes = serde_json::to_vec_pretty(&trial)
                        .map_err(|source| RunError::io(&at, source))?;
                    self.note(session)?;
                    write_whole(&at, &bytes).map_err(|source| RunError::io(&at, source))?;
                    trial
                }
            };
            each(&trial);
            trials.push(trial);
        }
        let mut csv = csv::Writer::from_writer(Vec::new());
        let written = csv.write_record(Trial::heads()).and_then(|()| {
            trials
                .iter()
                .try_for_each(|trial| csv.write_record(trial.cells()))
        });
        let at = self.path.join("search.csv");
        written.map_err(|source| RunError::io(&at, source))?;
        let csv = csv.into_inner();
        self.write(
            "search.csv",
            &csv.map_err(|e| RunError::io(&at, e.into_error()))?,
        )?;
        Ok(trials)
    }

    /// The recipe with the settings of a trial in place of those asked for.
    pub fn recipe_of(&self, trial: &Trial) -> Recipe {
        let mut recipe = self.recipe.clone();
        recipe.training.boosting = trial.boosting;
        recipe
    }

    /// Writes the model, its card, and what the session took.
    ///
    /// # Errors
    /// When the model is too large for its format, or a file cannot be written.
    pub fn finish(
        &self,
        model: &Model,
        pages: &[PreparedPage],
        measured: Option<&Validated>,
        session: &Session,
    ) -> Result<(), RunError> {
        let bytes = model.to_bytes()?;
        self.write(MODEL, &bytes)?;
        let card = card::write(&Card {
            model,
            bytes: bytes.len(),
            corpora: &self.corpora,
            pages,
            measured,
            sessions: &self.sessions(session),
        });
        self.write("MODEL_CARD.md", card.as_bytes())?;
        self.note(session)
    }

    fn sessions(&self, session: &Session) -> Vec<Session> {
        self.past.iter().chain([session]).cloned().collect()
    }

    /// Notes what the session took so far.
    fn note(&self, session: &Session) -> Result<(), RunError> {
        let sessions = serde_json::to_vec_pretty(&self.sessions(session));
        let sessions = sessions.map_err(|source| RunError::io(&self.path, source))?;
        self.write("sessions.json", &sessions)
    }

    /// The path of a numbered file, in a folder that is there.
    fn in_folder(&self, name: &str, number: usize) -> Result<PathBuf, RunError> {
        let folder = self.path.join(name);
        fs::create_dir_all(&folder).map_err(|source| RunError::io(&folder, source))?;
        Ok(folder.join(format!("{number}.json")))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), RunError> {
        let path = self.path.join(name);
        write_whole(&path, bytes).map_err(|source| RunError::io(&path, source))
    }
}

/// Nothing may be there but what a run that was ended at once left behind.
fn check_empty(path: &Path) -> Result<(), RunError> {
    for entry in fs::read_dir(path).map_err(|source| RunError::io(path, source))? {
        let entry = entry.map_err(|source| RunError::io(path, source))?;
        if !entry.file_name().to_string_lossy().starts_with(".dehusk-") {
            return Err(RunError::Foreign {
                path: path.to_owned(),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(path: &Path, folds: usize) -> Result<RunFolder, RunError> {
        RunFolder::open(
            path,
            Recipe::of(&[], Settings::default()),
            folds,
            &[],
            Vec::new(),
        )
    }

    #[test]
    fn a_folder_goes_on_with_its_own_run_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs/one");
        let manifest = |folds| {
            open(&path, folds).unwrap();
            fs::read_to_string(path.join(MANIFEST)).unwrap()
        };
        assert_eq!(manifest(3), manifest(3));
        let error = open(&path, 4).unwrap_err().to_string();
        assert!(error.contains("folds is 3 there and 4 now"), "{error}");
        fs::write(path.join(MANIFEST), "= no").unwrap();
        let error = open(&path, 3).unwrap_err();
        assert!(matches!(error, RunError::Unreadable { .. }), "{error}");
    }

    #[test]
    fn a_folder_of_other_things_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".dehusk-x1"), "").unwrap();
        open(folder.path(), 2).unwrap();
        fs::remove_file(folder.path().join(MANIFEST)).unwrap();
        let error = open(folder.path(), 2).unwrap_err();
        assert!(matches!(error, RunError::Foreign { .. }), "{error}");
    }
}
