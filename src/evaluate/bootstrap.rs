//! Values by page → their mean with an interval that knows pages of one site
//! are alike.

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::Serialize;

/// Resamples that are enough for two digits of a 95 % interval.
pub const RESAMPLES: usize = 1_000;

/// A mean and its 95 % interval, in the unit of the values; NaN where there is
/// no value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// Mean of the values.
    pub mean: f64,
    /// 2.5th percentile of the resampled means.
    pub low: f64,
    /// 97.5th percentile of the resampled means.
    pub high: f64,
}

/// The bootstrap over groups: whole groups (registrable domains) are drawn with
/// replacement, as pages of one site share a template and are right or wrong
/// together; drawing pages would make intervals too narrow (Field and Welsh
/// 2007, *Bootstrapping Clustered Data*: the cluster bootstrap). Intervals are
/// percentiles of the resampled means (Efron and Tibshirani 1993, *An
/// Introduction to the Bootstrap*, ch. 13). The same seed and values give the
/// same interval on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bootstrap {
    resamples: usize,
    seed: u64,
}

impl Default for Bootstrap {
    /// [`RESAMPLES`] with seed 0.
    fn default() -> Self {
        Self::new(RESAMPLES, 0)
    }
}

impl Bootstrap {
    /// A bootstrap of so many resamples, at least one; [`RESAMPLES`] is usual.
    pub fn new(resamples: usize, seed: u64) -> Self {
        Self {
            resamples: resamples.max(1),
            seed,
        }
    }

    /// Mean of `values`, each of which counts once, and its interval; `groups`
    /// names the group of each value.
    ///
    /// # Panics
    /// When the slices differ in length.
    ///
    /// ```
    /// use dehusk::evaluate::Bootstrap;
    ///
    /// let sites = ["a.org", "a.org", "b.org"];
    /// let interval = Bootstrap::default().mean_by_group(&[0.9, 0.8, 0.4], &sites);
    /// assert!((interval.mean - 0.7).abs() < 1e-12);
    /// assert!((interval.low - 0.4).abs() < 1e-12 && (interval.high - 0.85).abs() < 1e-12);
    /// ```
    pub fn mean_by_group(&self, values: &[f64], groups: &[&str]) -> Interval {
        self.ratio_by_group(values, &vec![1.0; values.len()], groups)
    }

    /// Sum of `values` by the sum of `weights` and its interval: a figure over
    /// counts, as a precision over all answers. Weights are above 0; `groups`
    /// names the group of each value.
    ///
    /// # Panics
    /// When the slices differ in length.
    pub fn ratio_by_group(&self, values: &[f64], weights: &[f64], groups: &[&str]) -> Interval {
        assert_eq!(values.len(), groups.len());
        assert_eq!(values.len(), weights.len());
        if values.is_empty() {
            return Interval {
                mean: f64::NAN,
                low: f64::NAN,
                high: f64::NAN,
            };
        }
        let mut sums: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
        for ((value, weight), group) in values.iter().zip(weights).zip(groups) {
            let (sum, n) = sums.entry(group).or_default();
            *sum += value;
            *n += weight;
        }
        let sums: Vec<(f64, f64)> = sums.into_values().collect();
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(self.seed);
        let mut means: Vec<f64> = (0..self.resamples)
            .map(|_| {
                let (mut sum, mut n) = (0.0, 0.0);
                for _ in 0..sums.len() {
                    // A draw of u64, as one of usize would differ by platform.
                    let drawn = sums[rng.gen_range(0..sums.len() as u64) as usize];
                    sum += drawn.0;
                    n += drawn.1;
                }
                sum / n
            })
            .collect();
        means.sort_by(f64::total_cmp);
        Interval {
            mean: values.iter().sum::<f64>() / weights.iter().sum::<f64>(),
            low: percentile(&means, 0.025),
            high: percentile(&means, 0.975),
        }
    }

    /// Mean of `a[i] − b[i]` and its interval: two extractors on the same
    /// pages. An interval that leaves out 0 is a difference that other sites
    /// would show too.
    ///
    /// # Panics
    /// When the slices differ in length.
    pub fn difference_by_group(&self, a: &[f64], b: &[f64], groups: &[&str]) -> Interval {
        assert_eq!(a.len(), b.len());
        let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
        self.mean_by_group(&differences, groups)
    }
}

/// Percentile of sorted values, between the two nearest by linear
/// interpolation.
fn percentile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    below + (above - below) * at.fract()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn percentiles_lie_between_their_neighbours() {
        assert_eq!(percentile(&[0.0, 1.0, 2.0, 3.0, 4.0], 0.5), 2.0);
        assert_eq!(percentile(&[0.0, 1.0], 0.25), 0.25);
        assert_eq!(percentile(&[7.0], 0.975), 7.0);
    }

    #[test]
    fn pages_of_one_site_do_not_narrow_the_interval() {
        let values: Vec<f64> = (0..40).map(|i| f64::from(i / 10 % 2)).collect();
        let pages: Vec<String> = (0..40).map(|i| format!("page{i}")).collect();
        let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
        let sites: Vec<&str> = (0..40).map(|i| ["a", "b", "c", "d"][i / 10]).collect();
        let bootstrap = Bootstrap::default();
        let by_page = bootstrap.mean_by_group(&values, &pages);
        let by_site = bootstrap.mean_by_group(&values, &sites);
        assert_eq!(by_page.mean, by_site.mean);
        // Four fair coins: all heads or all tails in 1 of 16 each.
        assert_eq!((by_site.low, by_site.high), (0.0, 1.0));
        // Forty: .5 ± 1.96 · √(.25 / 40).
        assert!((by_page.high - by_page.low - 0.31).abs() < 0.04);
    }

    #[test]
    fn a_seed_fixes_the_interval() {
        let values = [0.1, 0.7, 0.4, 0.9, 0.35];
        let groups = ["a", "b", "c", "d", "e"];
        let with = |seed| Bootstrap::new(200, seed).mean_by_group(&values, &groups);
        assert_eq!(with(3), with(3));
        assert_ne!(with(3), with(4));
    }

    #[test]
    fn a_paired_difference_sees_past_the_spread_of_pages() {
        let a = [0.9, 0.5, 0.2, 0.7];
        let b = a.map(|value| value - 0.1);
        let found = Bootstrap::default().difference_by_group(&a, &b, &["a", "b", "c", "d"]);
        for end in [found.mean, found.low, found.high] {
            assert!((end - 0.1).abs() < 1e-12);
        }
    }

    #[test]
    fn a_ratio_is_of_the_sums() {
        let found = Bootstrap::default().ratio_by_group(&[1.0, 0.0], &[1.0, 3.0], &["a", "b"]);
        assert_eq!((found.mean, found.low, found.high), (0.25, 0.0, 1.0));
    }

    #[test]
    fn no_values_have_no_mean() {
        assert!(Bootstrap::default().mean_by_group(&[], &[]).mean.is_nan());
    }

    proptest! {
        #[test]
        fn the_interval_lies_within_the_values(
            pages in proptest::collection::vec((0.0_f64..1.0, "[a-c]"), 1..12), seed: u64,
        ) {
            let values: Vec<f64> = pages.iter().map(|page| page.0).collect();
            let groups: Vec<&str> = pages.iter().map(|page| page.1.as_str()).collect();
            let found = Bootstrap::new(50, seed).mean_by_group(&values, &groups);
            let least = values.iter().copied().fold(1.0, f64::min);
            let most = values.iter().copied().fold(0.0, f64::max);
            prop_assert!(least - 1e-9 <= found.low && found.low <= found.high);
            prop_assert!(found.high <= most + 1e-9);
        }
    }
}
