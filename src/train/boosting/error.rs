//! Why a booster cannot be fitted.

use thiserror::Error;

/// Why a booster cannot be fitted. Rows and features count from 0.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum BoostingError {
    /// A hyperparameter is outside its range.
    #[error("the booster's {name} is {value}; it must be {range}")]
    Parameter {
        /// Its name, as the method that sets it.
        name: &'static str,
        /// What it was set to.
        value: String,
        /// What it may be.
        range: &'static str,
    },
    /// A dataset has no rows.
    #[error("the {dataset} dataset has no rows: give it at least one")]
    NoRows {
        /// `training` or `held-out`.
        dataset: &'static str,
    },
    /// A dataset has no features.
    #[error("the {dataset} dataset has no features: give its records at least one column")]
    NoFeatures {
        /// `training` or `held-out`.
        dataset: &'static str,
    },
    /// More rows than the booster can number.
    #[error("the {dataset} dataset has {rows} rows; at most {} fit", u32::MAX)]
    TooManyRows {
        /// `training` or `held-out`.
        dataset: &'static str,
        /// How many it has.
        rows: usize,
    },
    /// Records, targets and weights differ in length.
    #[error(
        "the {dataset} dataset has {rows} rows but {found} {what}: give one for each row{}",
        if *.what == "weights" { ", or none at all" } else { "" }
    )]
    Lengths {
        /// `training` or `held-out`.
        dataset: &'static str,
        /// Rows of the records.
        rows: usize,
        /// `targets` or `weights`.
        what: &'static str,
        /// How many of them.
        found: usize,
    },
    /// A target is no share.
    #[error(
        "the {dataset} dataset, row {row}: the target is {target}; it must be a share from 0 to 1"
    )]
    Target {
        /// `training` or `held-out`.
        dataset: &'static str,
        /// The row.
        row: usize,
        /// Its target.
        target: f64,
    },
    /// A weight is negative, NaN or infinite.
    #[error(
        "the {dataset} dataset, row {row}: the weight is {weight}; it must be finite and not \
         negative"
    )]
    Weight {
        /// `training` or `held-out`.
        dataset: &'static str,
        /// The row.
        row: usize,
        /// Its weight.
        weight: f32,
    },
    /// All weights are 0.
    #[error("the {dataset} dataset's weights are all 0: nothing to learn from or to judge by")]
    NoWeight {
        /// `training` or `held-out`.
        dataset: &'static str,
    },
    /// A record is infinite.
    #[error(
        "the {dataset} dataset, row {row}, feature {feature}: the value is infinite; use NaN for \
         a missing value, or a large finite one"
    )]
    Infinite {
        /// `training` or `held-out`.
        dataset: &'static str,
        /// The row.
        row: usize,
        /// The feature.
        feature: usize,
    },
    /// The held-out rows do not look like the training rows.
    #[error(
        "the held-out dataset has {found} features, the training dataset {expected}: measure both \
         the same way"
    )]
    HoldoutFeatures {
        /// Features of the training rows.
        expected: usize,
        /// Features of the held-out rows.
        found: usize,
    },
    /// Early stopping without rows to judge by.
    #[error(
        "early_stopping is set but there are no held-out rows: call fit_with_holdout, or unset it"
    )]
    NoHoldout,
    /// The trees to go on from answer with probabilities.
    #[error(
        "trees that answer with probabilities cannot be boosted on: only those of a booster can"
    )]
    NotLogOdds,
    /// linfa refused the dataset.
    #[error(transparent)]
    Linfa(#[from] linfa::Error),
}
