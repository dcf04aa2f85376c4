//! A leaf's histogram of a feature → the best question about that feature.
//!
//! A leaf of summed gradients `G` and hessians `H` takes
//! `G² / 2(H + λ)` off the loss by answering `-G / (H + λ)`; a split gains what
//! its two sides take off together beyond what the leaf takes off alone. Rows
//! that miss the feature are tried on both sides (Chen & Guestrin 2016,
//! equations 5–7 and algorithm 3).

use super::GradientBoostingValidParams;
use super::gradient::{FixedPoint, Sums, minus, plus};
use super::histogram::Histogram;

/// Gain, for each unit of weight, below which a split is taken for rounding.
const ROUNDING: f64 = 1e-12;

/// What a split must respect, in the units of the histograms.
#[derive(Debug, Clone, Copy)]
pub(super) struct SplitRules {
    fixed: FixedPoint,
    l2: f64,
    min_leaf_weight: f64,
    min_leaf_rows: usize,
    min_gain: f64,
}

/// A question about a feature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Split {
    /// Index among the binned features.
    pub feature: usize,
    /// The last bin that goes left.
    pub bin: usize,
    /// Where rows that miss the feature go.
    pub missing_left: bool,
    /// Sums of the rows that go left.
    pub left: Sums,
    /// What it takes off the loss.
    pub gain: f64,
}

impl SplitRules {
    /// For rows of a summed weight of `weight`.
    pub fn new(params: &GradientBoostingValidParams, fixed: FixedPoint, weight: f64) -> Self {
        Self {
            fixed,
            l2: f64::from(params.l2) * fixed.hessian,
            min_leaf_weight: f64::from(params.min_leaf_weight) * fixed.hessian,
            min_leaf_rows: params.min_leaf_rows,
            min_gain: f64::from(params.min_gain).max(ROUNDING * weight),
        }
    }

    /// Whether a leaf has rows enough for two.
    pub fn may_split(&self, sums: Sums) -> bool {
        self.fixed.rows(sums) / 2 >= self.min_leaf_rows
    }

    /// Number of rows in `sums`.
    pub fn rows(&self, sums: Sums) -> usize {
        self.fixed.rows(sums)
    }

    /// The answer of a leaf, in log-odds.
    pub fn leaf_value(&self, sums: Sums) -> f64 {
        let denominator = self.fixed.hessian_units(sums) + self.l2;
        if denominator <= 0.0 {
            return 0.0;
        }
        -self.fixed.gradient_units(sums) / denominator * (self.fixed.hessian / self.fixed.gradient)
    }

    /// Twice what a leaf takes off the loss, in units of the histograms.
    fn merit(&self, sums: Sums) -> f64 {
        let gradient = self.fixed.gradient_units(sums);
        let denominator = self.fixed.hessian_units(sums) + self.l2;
        if denominator > 0.0 {
            gradient * gradient / denominator
        } else {
            0.0
        }
    }

    /// The best split of a leaf of sums `total` by feature `feature`, whose
    /// values have `n_bins` bins. Of equal ones the lowest threshold wins.
    pub fn best(
        &self,
        histogram: &Histogram,
        n_bins: usize,
        feature: usize,
        total: Sums,
    ) -> Option<Split> {
        let alone = self.merit(total);
        let to_gain = 0.5 * self.fixed.hessian / (self.fixed.gradient * self.fixed.gradient);
        let mut least = alone + self.min_gain / to_gain;
        let mut best = None;
        let missing = histogram[n_bins];
        let some_missing = self.fixed.rows(missing) > 0;
        let directions: &[bool] = if some_missing {
            &[false, true]
        } else {
            &[false]
        };
        for &missing_left in directions {
            // With the missing rows on the right, all values may go left.
            let ends = if some_missing && !missing_left {
                n_bins
            } else {
                n_bins - 1
            };
            let mut left = if missing_left { missing } else { [0; 2] };
            for (bin, &sums) in histogram[..ends].iter().enumerate() {
                if sums[1] == 0 {
                    continue;
                }
                left = plus(left, sums);
                let right = minus(total, left);
                if self.fixed.rows(left) < self.min_leaf_rows {
                    continue;
                }
                if self.fixed.rows(right) < self.min_leaf_rows {
                    break;
                }
                let lighter = left[1].min(right[1]);
                if self.fixed.hessian_units([0, lighter]) < self.min_leaf_weight {
                    continue;
                }
                let merit = self.merit(left) + self.merit(right);
                if merit > least {
                    least = merit;
                    best = Some(Split {
                        feature,
                        bin,
                        missing_left,
                        left,
                        gain: (merit - alone) * to_gain,
                    });
                }
            }
        }
        if let Some(split) = &mut best
            && !some_missing
        {
            // Nothing was learned of missing values: they go with most rows.
            let left = self.fixed.rows(split.left);
            split.missing_left = 2 * left >= self.fixed.rows(total);
        }
        best
    }
}
