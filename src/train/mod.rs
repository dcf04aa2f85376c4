//! Labelled pages → a fitted [`Model`](crate::model::Model).
//!
//! [`prepare`] runs each page through the same way that extraction takes (page →
//! blocks → features) and labels its blocks; [`Settings`], which a [`Recipe`]
//! may hold, say what is learned from the rows, through `linfa::Dataset` and
//! `Fit`. [`fit`] makes a model of all pages, [`cross_validate`] fits with whole
//! domains held out and judges what was never seen; both leave it to
//! `leave_out` that term models, classifier and calibration each see pages that
//! the part below them has not. A [`Cache`] keeps prepared pages between
//! runs, and [`run`] makes of all this a folder that can be gone on with,
//! published and done again.

mod boosted;
pub mod boosting;
mod cache;
mod cross_validate;
mod dataset;
mod fit;
mod learner;
mod leave_out;
mod linfa_logistic;
mod linfa_trees;
mod prepare;
mod recipe;
pub mod run;
mod settings;
mod site;
mod step;
mod terms;
mod variant;

pub use boosted::Boosting;
pub use boosting::GradientBoosting;
pub use cache::{Cache, CacheUse};
pub use cross_validate::{CrossValidation, FoldByFold, JudgedFold, MOST_FOLDS, cross_validate};
pub use dataset::Rows;
pub use fit::{fit, fit_telling, trained_on};
pub use learner::Learner;
pub use prepare::{PreparedPage, prepare, prepare_with};
pub use recipe::{Ingredient, Recipe, RecipeError};
pub use settings::Settings;
pub use site::SiteEvidence;
pub use step::{CurvePoint, Step, Tell, Trees};

/// Why a model cannot be trained.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// There is nothing to learn from.
    #[error("the corpora hold no page with both content and boilerplate: nothing to learn from")]
    NothingToLearn,
    /// There are more folds than can be told apart.
    #[error("{k} folds are more than the {MOST_FOLDS} that can be told apart")]
    TooManyFolds {
        /// Folds asked for.
        k: usize,
    },
    /// Columns are to be hidden that are not there.
    #[error(
        "no column's name begins with `{start}`, which `without` names: `dehusk::model::design` \
         lists the columns"
    )]
    NoSuchColumn {
        /// How none begins.
        start: String,
    },
    /// The learner gave up.
    #[error("the learner {learner} failed: {reason}")]
    Learner {
        /// Its name.
        learner: &'static str,
        /// What it said.
        reason: String,
    },
    /// A corpus cannot be read.
    #[error(transparent)]
    Corpus(#[from] crate::corpus::CorpusError),
}
