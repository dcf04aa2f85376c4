//! Labelled pages → a fitted [`Model`](crate::model::Model).
//!
//! [`prepare`](mod@prepare) runs each page through the same way that extraction takes (page →
//! blocks → features) and labels its blocks; [`Learner`] fits a classifier on
//! the rows through `linfa::Dataset` and `Fit`; [`cross_validate`] does so with
//! whole domains held out and scores what was never seen.

pub mod boosting;
mod cross_validate;
mod dataset;
mod learner;
mod linfa_logistic;
mod linfa_trees;
pub mod prepare;

pub use boosting::{BoostingError, GradientBoosting};
pub use cross_validate::{CrossValidation, cross_validate};
pub use dataset::{Rows, dataset};
pub use learner::Learner;
pub use prepare::{PreparedPage, prepare};

/// Why a model cannot be trained.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// There is nothing to learn from.
    #[error("the corpora hold no page with both content and boilerplate: nothing to learn from")]
    NothingToLearn,
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
