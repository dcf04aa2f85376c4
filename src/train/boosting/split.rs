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
    /// values have `n_bins` bins. Of equal ones the lowest threshold wins. With
    /// a `draw` only one threshold is tried, the draw's share of the bins between
    /// the leaf's least and greatest value.
    pub fn best(
        &self,
        histogram: &Histogram,
        n_bins: usize,
        feature: usize,
        total: Sums,
        draw: Option<u64>,
    ) -> Option<Split> {
        let alone = self.merit(total);
        let to_gain = 0.5 * self.fixed.hessian / (self.fixed.gradient * self.fixed.gradient);
        let mut least = alone + self.min_gain / to_gain;
        let drawn = match draw {
            Some(draw) => Some(between(&histogram[..n_bins], draw)?),
            None => None,
        };
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
                if drawn.is_some_and(|drawn| drawn != bin) {
                    continue;
                }
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

/// A bin after which some of a leaf's values stand, and before which others:
/// none where all stand in one. Where the one drawn is empty, the last before it
/// that is not.
fn between(histogram: &[Sums], draw: u64) -> Option<usize> {
    let filled = |bin: &usize| histogram[*bin][1] != 0;
    let first = (0..histogram.len()).find(filled)?;
    let last = (first..histogram.len()).rev().find(filled)?;
    // The draw as a share of 2⁶⁴, of the way from one to the other.
    let share = u128::from(draw) * (last - first) as u128;
    let drawn = first + (share >> 64) as usize;
    (first < last)
        .then(|| (first..=drawn).rev().find(filled))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::super::GradientBoosting;
    use super::super::hyperparams::GradientBoostingParams;
    use super::*;
    use linfa::ParamGuard;

    const ROWS: usize = 100;

    fn rules(params: GradientBoostingParams) -> SplitRules {
        let params = params.check().unwrap();
        SplitRules::new(&params, FixedPoint::new(ROWS, ROWS as f64), ROWS as f64)
    }

    fn params() -> GradientBoostingParams {
        GradientBoosting::params().l2(1.0).min_leaf_rows(1)
    }

    /// Bins of (rows, gradient of a row), each row with a hessian of 1/4; the
    /// last is of missing values.
    fn histogram(bins: &[(i64, f64)]) -> (Histogram, Sums) {
        let fixed = FixedPoint::new(ROWS, ROWS as f64);
        let mut histogram = [[0; 2]; 256];
        for (cell, &(rows, gradient)) in histogram.iter_mut().zip(bins) {
            *cell = fixed.write(gradient, 0.25).map(|sum| sum * rows);
        }
        let total = histogram.iter().fold([0; 2], |sum, &bin| plus(sum, bin));
        (histogram, total)
    }

    fn best(rules: &SplitRules, bins: &[(i64, f64)]) -> Option<Split> {
        let (histogram, total) = histogram(bins);
        rules.best(&histogram, bins.len() - 1, 3, total, None)
    }

    #[test]
    fn gain_and_answer_follow_the_formulas() {
        let bins = [(8, 0.5), (12, 0.5), (20, -0.25), (0, 0.0)];
        let rules = rules(params());
        let split = best(&rules, &bins).unwrap();
        assert_eq!((split.feature, split.bin), (3, 1));
        // G = 10, H = 5 on the left; G = -5, H = 5 on the right.
        let expected = 0.5 * (100.0 / 6.0 + 25.0 / 6.0 - 25.0 / 11.0);
        assert!((split.gain - expected).abs() < 1e-6, "{}", split.gain);
        assert!((rules.leaf_value(split.left) + 10.0 / 6.0).abs() < 1e-6);
        assert_eq!(rules.rows(split.left), 20);
    }

    #[test]
    fn missing_values_go_where_they_gain_most() {
        let like_right = [(10, 0.5), (10, -0.5), (9, -0.5)];
        let like_left = [(10, 0.5), (10, -0.5), (9, 0.5)];
        let like_none = [(10, 0.5), (10, 0.5), (9, -0.5)];
        let found = |bins| best(&rules(params()), bins).map(|s| (s.bin, s.missing_left));
        assert_eq!(found(&like_right), Some((0, false)));
        assert_eq!(found(&like_left), Some((0, true)));
        assert_eq!(found(&like_none), Some((1, false)), "missing against all");
    }

    #[test]
    fn a_threshold_that_is_drawn_stands_between_values_of_the_leaf() {
        let (histogram, total) = histogram(&[
            (0, 0.0),
            (9, 0.5),
            (0, 0.0),
            (8, 0.5),
            (7, -0.5),
            (0, 0.0),
            (0, 0.0),
        ]);
        let rules = rules(params());
        let bin = |draw| {
            rules
                .best(&histogram, 6, 0, total, Some(draw))
                .map(|s| s.bin)
        };
        let thirds = [0, u64::MAX / 3 + 1, u64::MAX / 3 * 2 + 2, u64::MAX];
        assert_eq!(thirds.map(bin), [Some(1), Some(1), Some(3), Some(3)]);
        let mut alone = [[0; 2]; 256];
        alone[2] = histogram[1];
        assert_eq!(rules.best(&alone, 6, 0, alone[2], Some(1)), None);
    }

    #[test]
    fn without_missing_values_the_default_is_the_larger_side() {
        let rules = rules(params());
        let split = best(&rules, &[(30, 0.5), (10, -0.5), (0, 0.0)]);
        assert!(split.unwrap().missing_left);
        let split = best(&rules, &[(10, 0.5), (30, -0.5), (0, 0.0)]);
        assert!(!split.unwrap().missing_left);
    }

    #[test]
    fn bounds_on_rows_weight_and_gain_forbid_splits() {
        let bins = [(4, 0.5), (10, -0.5), (10, 0.2), (0, 0.0)];
        let bin = |params| best(&rules(params), &bins).map(|split| split.bin);
        assert_eq!(bin(params()), Some(0));
        assert_eq!(bin(params().min_leaf_rows(5)), Some(1));
        assert_eq!(bin(params().min_leaf_rows(11)), None);
        assert_eq!(bin(params().min_leaf_weight(1.5)), Some(1));
        assert_eq!(bin(params().min_leaf_weight(3.0)), None);
        assert_eq!(bin(params().min_gain(1e3)), None);
    }

    #[test]
    fn rows_that_agree_are_not_parted() {
        for l2 in [0.0, 1.0] {
            let rules = rules(params().l2(l2));
            let bins = [(7, 0.1), (13, 0.1), (31, 0.1), (9, 0.1)];
            assert_eq!(best(&rules, &bins), None);
        }
    }
}
