//! Records → a byte for each value: the bin that it falls into.
//!
//! Edges are quantiles of a sample of the rows. A split between two bins is a
//! threshold at the edge between them, so what is learned on bins holds for
//! raw values. Bytes of [`LANES`] features of a row lie side by side: one load
//! serves them all, and their histograms still fit the innermost cache.

use ndarray::{ArrayView1, ArrayView2};
use rand::Rng;
use rand::seq::index;
use rayon::prelude::*;

/// Features whose bins are stored, and whose histograms are filled, together.
pub(super) const LANES: usize = 8;
/// Most bins for values; a byte leaves one more for missing values.
pub(super) const MOST_BINS: usize = 255;
/// Rows whose values decide the edges: past this they hardly move.
const SAMPLED_ROWS: usize = 100_000;

/// A feature that varies.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct BinnedFeature {
    /// Its column in the records.
    pub column: usize,
    /// Bin `b` holds the values above `edges[b - 1]` up to `edges[b]`.
    pub edges: Vec<f32>,
}

impl BinnedFeature {
    /// Bins for values; the one after the last is for missing values.
    pub fn n_bins(&self) -> usize {
        self.edges.len() + 1
    }

    fn bin(&self, value: f32) -> u8 {
        if value.is_nan() {
            self.n_bins() as u8
        } else {
            self.edges.partition_point(|&edge| edge < value) as u8
        }
    }
}

/// The features of the training rows that vary, as bins.
#[derive(Debug)]
pub(super) struct BinnedRecords {
    /// In the order of their columns.
    pub features: Vec<BinnedFeature>,
    groups: Vec<Vec<[u8; LANES]>>,
}

impl BinnedRecords {
    /// Cuts every feature into up to `max_bins` bins, and leaves out those with
    /// one value only.
    pub fn of(records: ArrayView2<f32>, max_bins: usize, rng: &mut impl Rng) -> Self {
        let rows = records.nrows();
        let mut sampled = match rows > SAMPLED_ROWS {
            true => index::sample(rng, rows, SAMPLED_ROWS).into_vec(),
            false => (0..rows).collect(),
        };
        sampled.sort_unstable();
        let features: Vec<BinnedFeature> = (0..records.ncols())
            .into_par_iter()
            .filter_map(|column| {
                let values = records.column(column);
                let edges = edges(values, &sampled, max_bins);
                let missing = || values.iter().filter(|x| x.is_nan()).count();
                let varies = !edges.is_empty() || (1..rows).contains(&missing());
                varies.then_some(BinnedFeature { column, edges })
            })
            .collect();
        let groups = features
            .par_chunks(LANES)
            .map(|features| {
                let mut group = vec![[0; LANES]; rows];
                for (lane, feature) in features.iter().enumerate() {
                    let values = records.column(feature.column);
                    for (bins, &value) in group.iter_mut().zip(values) {
                        bins[lane] = feature.bin(value);
                    }
                }
                group
            })
            .collect();
        Self { features, groups }
    }

    /// The bins of features `LANES * group ..`, by row.
    pub fn group(&self, group: usize) -> &[[u8; LANES]] {
        &self.groups[group]
    }
}

/// Edges between at most `max_bins` bins of about equally many sampled values;
/// a value that alone would fill a bin gets one to itself. Each edge lies
/// halfway between the values that it parts.
fn edges(values: ArrayView1<f32>, sampled: &[usize], max_bins: usize) -> Vec<f32> {
    let mut sorted: Vec<f32> = sampled
        .iter()
        .map(|&row| values[row])
        .filter(|x| !x.is_nan())
        .collect();
    sorted.sort_unstable_by(f32::total_cmp);
    let distinct: Vec<(f32, usize)> = sorted
        .chunk_by(|a, b| a == b)
        .map(|equal| (equal[0], equal.len()))
        .collect();
    let mut edges = Vec::new();
    let mut bins_left = max_bins;
    let mut values_left = sorted.len();
    let mut in_bin = 0;
    for (i, pair) in distinct.windows(2).enumerate() {
        let [(value, n), (next, n_next)] = [pair[0], pair[1]];
        in_bin += n;
        let distinct_left = distinct.len() - i - 1;
        let fills = |n: usize| n * bins_left >= values_left;
        if bins_left > distinct_left || bins_left > 1 && (fills(in_bin) || fills(n_next)) {
            edges.push(halfway(value, next));
            values_left -= in_bin;
            bins_left -= 1;
            in_bin = 0;
        }
    }
    edges
}

/// A number from `low` up to, but not at, `high`.
fn halfway(low: f32, high: f32) -> f32 {
    let middle = ((f64::from(low) + f64::from(high)) / 2.0) as f32;
    if middle < high { middle } else { low }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, Array2, array};
    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand_xoshiro::Xoshiro256PlusPlus;

    fn edges_of(values: &[f32], max_bins: usize) -> Vec<f32> {
        let sampled: Vec<usize> = (0..values.len()).collect();
        edges(ArrayView1::from(values), &sampled, max_bins)
    }

    fn binned(records: &Array2<f32>) -> BinnedRecords {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        BinnedRecords::of(records.view(), 255, &mut rng)
    }

    #[test]
    fn few_values_are_parted_halfway() {
        assert_eq!(edges_of(&[3.0, 1.0, 1.0, 2.0, f32::NAN], 255), [1.5, 2.5]);
        assert!(edges_of(&[4.0, 4.0], 255).is_empty());
        assert!(edges_of(&[f32::NAN], 255).is_empty());
        assert!(edges_of(&[-0.0, 0.0], 255).is_empty());
    }

    #[test]
    fn many_values_fill_their_bins_equally() {
        let values: Vec<f32> = (0..10_000).map(|i| ((i * 7919) % 10_000) as f32).collect();
        let edges = edges_of(&values, 100);
        assert_eq!(edges.len(), 99);
        for pair in edges.windows(2) {
            assert!((90.0..=110.0).contains(&(pair[1] - pair[0])), "{pair:?}");
        }
    }

    #[test]
    fn a_frequent_value_has_a_bin_to_itself() {
        let mut values = vec![500.0; 5_000];
        values.extend((0..1_000).map(|i| i as f32));
        let edges = edges_of(&values, 16);
        assert!(
            edges.contains(&499.5) && edges.contains(&500.5),
            "{edges:?}"
        );
        assert!((12..16).contains(&edges.len()), "{edges:?}");
    }

    #[test]
    fn features_that_never_vary_are_left_out() {
        let nan = f32::NAN;
        let records = array![[1.0, 2.0, nan, nan], [1.0, 3.0, nan, 4.0]];
        let binned = binned(&records);
        let columns: Vec<usize> = binned.features.iter().map(|f| f.column).collect();
        assert_eq!(columns, [1, 3]);
        assert_eq!(binned.group(0)[0][..2], [0, 1]);
        assert_eq!(binned.group(0)[1][..2], [1, 0]);
    }

    #[test]
    fn more_rows_than_the_sample_are_all_binned() {
        let rows = SAMPLED_ROWS + 500;
        let binned = binned(&Array2::from_shape_fn((rows, 1), |(i, _)| i as f32));
        let last = binned.features[0].n_bins() as u8 - 1;
        assert_eq!(binned.group(0)[0][0], 0);
        assert_eq!(binned.group(0)[rows - 1][0], last);
    }

    proptest! {
        #[test]
        fn edges_ascend_are_finite_and_part_values_as_thresholds_do(
            values in prop::collection::vec(
                prop_oneof![-2.0_f32..2.0, Just(f32::NAN), Just(f32::MAX), Just(f32::MIN),
                    any::<f32>().prop_filter("finite", |x| x.is_finite())],
                1..300,
            ),
            max_bins in 2_usize..=255,
        ) {
            let values = Array1::from(values);
            let sampled: Vec<usize> = (0..values.len()).collect();
            let feature = BinnedFeature { column: 0, edges: edges(values.view(), &sampled, max_bins) };
            prop_assert!(feature.n_bins() <= max_bins);
            prop_assert!(feature.edges.iter().all(|e| e.is_finite()));
            prop_assert!(feature.edges.windows(2).all(|e| e[0] < e[1]));
            for &value in values.iter().filter(|x| !x.is_nan()) {
                let bin = feature.bin(value) as usize;
                for (b, &edge) in feature.edges.iter().enumerate() {
                    prop_assert_eq!(value <= edge, bin <= b);
                }
            }
        }
    }
}
