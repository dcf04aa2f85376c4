//! What a booster can be told, checked once before it is fitted.

use linfa::ParamGuard;
use serde::{Deserialize, Serialize};

use super::bins::MOST_BINS;
use super::{BoostingError, GradientBoosting};

/// Hyperparameters within their ranges; made by
/// [`check`](ParamGuard::check) from [`GradientBoostingParams`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GradientBoostingValidParams {
    pub(super) n_trees: usize,
    pub(super) learning_rate: f32,
    pub(super) max_leaves: usize,
    pub(super) max_depth: Option<usize>,
    pub(super) max_bins: usize,
    pub(super) l2: f32,
    pub(super) min_leaf_weight: f32,
    pub(super) min_leaf_rows: usize,
    pub(super) min_gain: f32,
    pub(super) row_sample: f32,
    pub(super) column_sample: f32,
    pub(super) random_thresholds: bool,
    pub(super) seed: u64,
    pub(super) early_stopping: Option<usize>,
}

/// Hyperparameters of a booster, not yet checked.
///
/// Symbols are those of Chen & Guestrin 2016, §2.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GradientBoostingParams(GradientBoostingValidParams);

impl GradientBoosting {
    /// The defaults: 200 trees of up to 31 leaves, at a learning rate of 0.1.
    pub fn params() -> GradientBoostingParams {
        GradientBoostingParams::default()
    }
}

impl Default for GradientBoostingParams {
    fn default() -> Self {
        Self(GradientBoostingValidParams {
            n_trees: 200,
            learning_rate: 0.1,
            max_leaves: 31,
            max_depth: None,
            max_bins: MOST_BINS,
            l2: 1.0,
            min_leaf_weight: 1e-3,
            min_leaf_rows: 20,
            min_gain: 0.0,
            row_sample: 1.0,
            column_sample: 1.0,
            random_thresholds: false,
            seed: 0,
            early_stopping: None,
        })
    }
}

impl GradientBoostingParams {
    /// Trees to grow, at least 1 (200).
    pub fn n_trees(mut self, n_trees: usize) -> Self {
        self.0.n_trees = n_trees;
        self
    }

    /// η: the share of each tree's answer that is added, above 0 up to 1 (0.1).
    pub fn learning_rate(mut self, learning_rate: f32) -> Self {
        self.0.learning_rate = learning_rate;
        self
    }

    /// Leaves of a tree, at least 2 (31).
    pub fn max_leaves(mut self, max_leaves: usize) -> Self {
        self.0.max_leaves = max_leaves;
        self
    }

    /// Splits between the root and a leaf, at least 1, or no bound (`None`).
    pub fn max_depth(mut self, max_depth: Option<usize>) -> Self {
        self.0.max_depth = max_depth;
        self
    }

    /// Bins that a feature's values are cut into, 2 to 255 (255); missing
    /// values have one more of their own.
    pub fn max_bins(mut self, max_bins: usize) -> Self {
        self.0.max_bins = max_bins;
        self
    }

    /// λ: weight of the squared leaf values in the loss, 0 or more (1).
    pub fn l2(mut self, l2: f32) -> Self {
        self.0.l2 = l2;
        self
    }

    /// Least sum of hessians in a leaf, 0 or more (0.001).
    pub fn min_leaf_weight(mut self, min_leaf_weight: f32) -> Self {
        self.0.min_leaf_weight = min_leaf_weight;
        self
    }

    /// Fewest training rows in a leaf, whatever their weights, at least 1 (20).
    pub fn min_leaf_rows(mut self, min_leaf_rows: usize) -> Self {
        self.0.min_leaf_rows = min_leaf_rows;
        self
    }

    /// γ: what a split must take off the loss, 0 or more (0). The loss is
    /// summed over the rows by weight, in nats.
    pub fn min_gain(mut self, min_gain: f32) -> Self {
        self.0.min_gain = min_gain;
        self
    }

    /// Share of the rows that each tree sees, drawn without replacement, above
    /// 0 up to 1 (1).
    pub fn row_sample(mut self, row_sample: f32) -> Self {
        self.0.row_sample = row_sample;
        self
    }

    /// Share of the features that each tree sees, drawn without replacement,
    /// above 0 up to 1 (1). Features that never vary are not drawn.
    pub fn column_sample(mut self, column_sample: f32) -> Self {
        self.0.column_sample = column_sample;
        self
    }

    /// Draws one threshold for each feature that a leaf is asked for, evenly over
    /// the bins between its least and greatest value there, instead of seeking the
    /// best (no). Each tree fits less and differs more from the others (Geurts,
    /// Ernst & Wehenkel 2006, "Extremely randomized trees", §2.1, where it is drawn
    /// evenly over the values).
    pub fn random_thresholds(mut self, random_thresholds: bool) -> Self {
        self.0.random_thresholds = random_thresholds;
        self
    }

    /// Seed of everything drawn at random (0).
    pub fn seed(mut self, seed: u64) -> Self {
        self.0.seed = seed;
        self
    }

    /// Stop once the held-out loss has had no new best for so many rounds, at
    /// least 1, and keep the trees up to the best; `None` (the default) grows
    /// and keeps all. Needs
    /// [`fit_with_holdout`](GradientBoostingValidParams::fit_with_holdout).
    pub fn early_stopping(mut self, rounds: Option<usize>) -> Self {
        self.0.early_stopping = rounds;
        self
    }
}

impl ParamGuard for GradientBoostingParams {
    type Checked = GradientBoostingValidParams;
    type Error = BoostingError;

    fn check_ref(&self) -> Result<&Self::Checked, Self::Error> {
        fn verify(
            name: &'static str,
            value: impl std::fmt::Debug,
            range: &'static str,
            holds: bool,
        ) -> Result<(), BoostingError> {
            if holds {
                return Ok(());
            }
            Err(BoostingError::Parameter {
                name,
                value: format!("{value:?}"),
                range,
            })
        }
        const COUNT: &str = "at least 1";
        const BOUND: &str = "None or at least 1";
        const SHARE: &str = "above 0 and at most 1";
        const PENALTY: &str = "finite and at least 0";
        let share = |x: f32| x > 0.0 && x <= 1.0;
        let penalty = |x: f32| x.is_finite() && x >= 0.0;
        let p = &self.0;
        verify("n_trees", p.n_trees, COUNT, p.n_trees >= 1)?;
        verify(
            "learning_rate",
            p.learning_rate,
            SHARE,
            share(p.learning_rate),
        )?;
        verify("max_leaves", p.max_leaves, "at least 2", p.max_leaves >= 2)?;
        verify("max_depth", p.max_depth, BOUND, p.max_depth != Some(0))?;
        let bins = (2..=MOST_BINS).contains(&p.max_bins);
        verify("max_bins", p.max_bins, "from 2 to 255", bins)?;
        verify("l2", p.l2, PENALTY, penalty(p.l2))?;
        let least = p.min_leaf_weight;
        verify("min_leaf_weight", least, PENALTY, penalty(least))?;
        verify(
            "min_leaf_rows",
            p.min_leaf_rows,
            COUNT,
            p.min_leaf_rows >= 1,
        )?;
        verify("min_gain", p.min_gain, PENALTY, penalty(p.min_gain))?;
        verify("row_sample", p.row_sample, SHARE, share(p.row_sample))?;
        verify(
            "column_sample",
            p.column_sample,
            SHARE,
            share(p.column_sample),
        )?;
        let patience = p.early_stopping;
        verify("early_stopping", patience, BOUND, patience != Some(0))?;
        Ok(p)
    }

    fn check(self) -> Result<Self::Checked, Self::Error> {
        self.check_ref()?;
        Ok(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_in_range() {
        assert!(GradientBoosting::params().check().is_ok());
    }

    #[test]
    fn every_parameter_out_of_range_is_named_with_its_range() {
        let p = GradientBoosting::params;
        let wrong = [
            ("n_trees", p().n_trees(0)),
            ("learning_rate", p().learning_rate(0.0)),
            ("learning_rate", p().learning_rate(f32::NAN)),
            ("max_leaves", p().max_leaves(1)),
            ("max_depth", p().max_depth(Some(0))),
            ("max_bins", p().max_bins(1)),
            ("max_bins", p().max_bins(256)),
            ("l2", p().l2(-1.0)),
            ("l2", p().l2(f32::INFINITY)),
            ("min_leaf_weight", p().min_leaf_weight(f32::NAN)),
            ("min_leaf_rows", p().min_leaf_rows(0)),
            ("min_gain", p().min_gain(-0.5)),
            ("row_sample", p().row_sample(1.5)),
            ("column_sample", p().column_sample(0.0)),
            ("early_stopping", p().early_stopping(Some(0))),
        ];
        for (expected, params) in wrong {
            match params.check() {
                Err(BoostingError::Parameter { name, .. }) => assert_eq!(name, expected),
                other => panic!("{expected}: {other:?}"),
            }
        }
        let message = p().max_bins(300).check().unwrap_err().to_string();
        assert_eq!(
            message,
            "the booster's max_bins is 300; it must be from 2 to 255"
        );
    }
}
