//! The settings that [`GradientBoosting`] is used with here.

use linfa::traits::Fit;
use serde::{Deserialize, Serialize};

use super::boosting::GradientBoosting;
use super::{Learner, Rows, TrainError};
use crate::model::trees::TreeEnsemble;

/// Settings of the learner `boosting`; see
/// [`GradientBoosting`](super::GradientBoosting) for what each does. The
/// default was chosen on the corpora that may be trained on, out of fold
/// (`docs/ABLATION.md`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Boosting {
    /// Trees.
    pub trees: usize,
    /// Leaves of a tree at the most.
    pub leaves: usize,
    /// Share of a tree's answer that is taken.
    pub rate: f32,
    /// Share of the columns that a tree sees.
    pub column_sample: f32,
    /// Penalty on the squared answers of leaves.
    pub l2: f32,
    /// Rows of a leaf at the least; where there are few rows, a twentieth of
    /// them.
    pub least_leaf_rows: usize,
}

impl Default for Boosting {
    fn default() -> Self {
        Self {
            trees: 300,
            leaves: 31,
            rate: 0.06,
            column_sample: 0.2,
            l2: 20.0,
            least_leaf_rows: 60,
        }
    }
}

impl Boosting {
    pub(super) fn describe(&self) -> String {
        let Self {
            trees,
            leaves,
            rate,
            column_sample,
            l2,
            least_leaf_rows,
        } = self;
        format!(
            "gradient boosting, {trees} trees of {leaves} leaves, rate {rate}, L2 {l2}, at least \
             {least_leaf_rows} rows (or 5 %) a leaf, a share of {column_sample} of the columns each"
        )
    }

    pub(super) fn fit(&self, rows: &Rows, seed: u64) -> Result<TreeEnsemble, TrainError> {
        let varied = rows.targets.iter().any(|&l| l > 0.0) && rows.targets.iter().any(|&l| l < 1.0);
        if !varied {
            return Err(TrainError::NothingToLearn);
        }
        let fitted = GradientBoosting::params()
            .n_trees(self.trees)
            .max_leaves(self.leaves)
            .learning_rate(self.rate)
            .column_sample(self.column_sample)
            .l2(self.l2)
            .min_leaf_rows(self.least_leaf_rows.min(rows.records.nrows() / 20).max(1))
            .seed(seed)
            .fit(rows)
            .map_err(Learner::Boosting.failure())?;
        Ok(fitted.into_ensemble())
    }
}
