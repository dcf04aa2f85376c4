//! The settings that [`GradientBoosting`] is used with here.

use linfa::traits::Fit;

use super::boosting::GradientBoosting;
use super::{Learner, Rows, TrainError};
use crate::model::trees::TreeEnsemble;

const TREES: usize = 120;
const LEAVES: usize = 31;
const RATE: f32 = 0.1;
const COLUMN_SAMPLE: f32 = 0.2;
const L2: f32 = 20.0;
const LEAST_LEAF_ROWS: usize = 60;

pub(super) fn describe() -> String {
    format!(
        "gradient boosting, {TREES} trees of {LEAVES} leaves, rate {RATE}, L2 {L2}, at least \
         {LEAST_LEAF_ROWS} rows (or 5 %) a leaf, a share of {COLUMN_SAMPLE} of the columns each"
    )
}

pub(super) fn fit(rows: &Rows, seed: u64) -> Result<TreeEnsemble, TrainError> {
    let varied = rows.targets.iter().any(|&l| l > 0.0) && rows.targets.iter().any(|&l| l < 1.0);
    if !varied {
        return Err(TrainError::NothingToLearn);
    }
    let fitted = GradientBoosting::params()
        .n_trees(TREES)
        .max_leaves(LEAVES)
        .learning_rate(RATE)
        .column_sample(COLUMN_SAMPLE)
        .l2(L2)
        .min_leaf_rows(LEAST_LEAF_ROWS.min(rows.records.nrows() / 20).max(1))
        .seed(seed)
        .fit(rows)
        .map_err(Learner::Boosting.failure())?;
    Ok(fitted.into_ensemble())
}
