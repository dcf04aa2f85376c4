//! Rows of a leaf → for every feature the sums of each bin.
//!
//! Only the smaller of two sisters is counted; the larger is its parent less
//! the smaller (LightGBM's documentation, "Features"). Histograms as such:
//! Ke et al. 2017, §2.1.

use super::bins::{BinnedFeature, LANES, MOST_BINS};
use super::gradient::{Sums, minus};

/// Rows that are fetched at a time, to be counted from the innermost cache.
const ROWS_AT_ONCE: usize = 512;

/// The sums of each bin of one feature, missing values after the last.
pub(super) type Histogram = [Sums; MOST_BINS + 1];

/// The features that a tree may ask of one group of lanes.
#[derive(Debug, Clone)]
pub(super) struct GroupSample {
    /// Which group.
    pub group: usize,
    /// The lanes, ascending.
    pub lanes: Vec<usize>,
}

impl GroupSample {
    /// Gathers features, ascending, by the group that they lie in.
    pub fn of(features: &[usize]) -> Vec<Self> {
        features
            .chunk_by(|a, b| a / LANES == b / LANES)
            .map(|features| Self {
                group: features[0] / LANES,
                lanes: features.iter().map(|feature| feature % LANES).collect(),
            })
            .collect()
    }

    /// The features with their places in the histograms.
    pub fn features<'a>(
        &self,
        all: &'a [BinnedFeature],
    ) -> impl Iterator<Item = (usize, &'a BinnedFeature)> {
        let first = self.group * LANES;
        self.lanes
            .iter()
            .map(move |lane| (first + lane, &all[first + lane]))
    }

    /// Counts `rows` into `histograms`, one for each lane sampled; `bins` are
    /// those of the group, `sums` those of all rows.
    pub fn count(
        &self,
        bins: &[[u8; LANES]],
        rows: &[u32],
        sums: &[Sums],
        histograms: &mut [Histogram],
    ) {
        match self.lanes.len() {
            1 => self.count_lanes::<1>(bins, rows, sums, histograms),
            2 => self.count_lanes::<2>(bins, rows, sums, histograms),
            3 => self.count_lanes::<3>(bins, rows, sums, histograms),
            4 => self.count_lanes::<4>(bins, rows, sums, histograms),
            5 => self.count_lanes::<5>(bins, rows, sums, histograms),
            6 => self.count_lanes::<6>(bins, rows, sums, histograms),
            7 => self.count_lanes::<7>(bins, rows, sums, histograms),
            _ => self.count_lanes::<8>(bins, rows, sums, histograms),
        }
    }

    /// A count known to the compiler unrolls the inner loop.
    fn count_lanes<const K: usize>(
        &self,
        bins: &[[u8; LANES]],
        rows: &[u32],
        sums: &[Sums],
        histograms: &mut [Histogram],
    ) {
        let (Some(histograms), Some(lanes)) = (
            histograms.first_chunk_mut::<K>(),
            self.lanes.first_chunk::<K>(),
        ) else {
            return;
        };
        let shifts = lanes.map(|lane| 8 * lane as u32);
        let mut fetched = [(0, [0; 2]); ROWS_AT_ONCE];
        for rows in rows.chunks(ROWS_AT_ONCE) {
            // A loop of loads alone keeps many cache misses under way at once.
            for (fetched, &row) in fetched.iter_mut().zip(rows) {
                let word = u64::from_le_bytes(bins[row as usize]);
                *fetched = (word, sums[row as usize]);
            }
            for &(word, [gradient, hessian]) in &fetched[..rows.len()] {
                for k in 0..K {
                    let bin = (word >> shifts[k]) as u8;
                    let cell = &mut histograms[k][bin as usize];
                    cell[0] = cell[0].wrapping_add(gradient);
                    cell[1] = cell[1].wrapping_add(hessian);
                }
            }
        }
    }
}

/// Empties the bins that `feature` uses.
pub(super) fn clear(histogram: &mut Histogram, feature: &BinnedFeature) {
    histogram[..=feature.n_bins()].fill([0; 2]);
}

/// Takes a child from its parent: the other child is left.
pub(super) fn subtract(parent: &mut Histogram, child: &Histogram, feature: &BinnedFeature) {
    let used = ..=feature.n_bins();
    for (parent, &child) in parent[used].iter_mut().zip(&child[used]) {
        *parent = minus(*parent, child);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feature() -> BinnedFeature {
        BinnedFeature {
            column: 0,
            edges: (0..254).map(|e| e as f32).collect(),
        }
    }

    #[test]
    fn any_lanes_are_counted_row_by_row() {
        let n = 1_300;
        let bins: Vec<[u8; LANES]> = (0..n)
            .map(|i| std::array::from_fn(|lane| ((i * 31 + lane * 7) % 256) as u8))
            .collect();
        let sums: Vec<Sums> = (0..n).map(|i| [i as i64 - 600, 5 * i as i64]).collect();
        let rows: Vec<u32> = (0..n as u32).filter(|i| i % 3 != 0).collect();
        for lanes in [vec![5], vec![0, 7], vec![1, 2, 6], (0..LANES).collect()] {
            let sample = GroupSample { group: 0, lanes };
            let mut found = vec![[[1; 2]; 256]; sample.lanes.len()];
            for histogram in &mut found {
                clear(histogram, &feature());
            }
            sample.count(&bins, &rows, &sums, &mut found);
            for (&lane, found) in sample.lanes.iter().zip(&found) {
                let mut expected = [[0; 2]; 256];
                for &row in &rows {
                    let cell = &mut expected[bins[row as usize][lane] as usize];
                    cell[0] += sums[row as usize][0];
                    cell[1] += sums[row as usize][1];
                }
                assert!(*found == expected, "lane {lane}");
            }
        }
    }

    #[test]
    fn a_parent_less_one_child_is_the_other() {
        let mut parent = [[7, 9]; 256];
        subtract(&mut parent, &[[10, 4]; 256], &feature());
        assert!(parent == [[-3, 5]; 256]);
    }

    #[test]
    fn features_are_gathered_by_group() {
        let groups = GroupSample::of(&[0, 3, 9, 15, 16]);
        let lanes: Vec<_> = groups.iter().map(|g| (g.group, g.lanes.clone())).collect();
        assert_eq!(lanes, [(0, vec![0, 3]), (1, vec![1, 7]), (2, vec![0])]);
    }
}
