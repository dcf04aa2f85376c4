//! A split → the leaf's rows, those that go left first.

use rayon::prelude::*;

use super::bins::{LANES, MOST_BINS};

/// Rows that one task sends left or right.
const ROWS_AT_ONCE: usize = 8_192;

/// Which bins of a lane go left.
pub(super) struct Question {
    pub lane: usize,
    pub goes_left: [bool; MOST_BINS + 1],
}

impl Question {
    /// Reorders `rows` so that those that go left come first, each side in the
    /// order it had, and returns how many they are. `bins` are those of the
    /// lane's group; `scratch` is as long as `rows`.
    pub fn divide(&self, bins: &[[u8; LANES]], rows: &mut [u32], scratch: &mut [u32]) -> usize {
        let left_counts: Vec<usize> = rows
            .par_chunks_mut(ROWS_AT_ONCE)
            .zip(scratch.par_chunks_mut(ROWS_AT_ONCE))
            .map(|(rows, scratch)| self.divide_chunk(bins, rows, scratch))
            .collect();
        let mut lefts = 0;
        for (chunk, &n) in left_counts.iter().enumerate() {
            let start = chunk * ROWS_AT_ONCE;
            rows.copy_within(start..start + n, lefts);
            lefts += n;
        }
        let mut end = lefts;
        for (right, &n) in scratch.chunks(ROWS_AT_ONCE).zip(&left_counts) {
            let right = &right[..right.len() - n];
            rows[end..end + right.len()].copy_from_slice(right);
            end += right.len();
        }
        lefts
    }

    /// Leaves the rows that go left at the start of `rows`, the others at the
    /// start of `scratch`. Each row is written to both, and one of the two
    /// writes is kept: a branch would be mispredicted half of the time.
    fn divide_chunk(&self, bins: &[[u8; LANES]], rows: &mut [u32], scratch: &mut [u32]) -> usize {
        let mut lefts = 0;
        for i in 0..rows.len() {
            let row = rows[i];
            let goes_left = self.goes_left[bins[row as usize][self.lane] as usize];
            rows[lefts] = row;
            scratch[i - lefts] = row;
            lefts += usize::from(goes_left);
        }
        lefts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_keep_their_order_within_and_across_chunks() {
        let question = Question {
            lane: 3,
            goes_left: std::array::from_fn(|bin| bin % 3 == 1),
        };
        let bins: Vec<[u8; LANES]> = (0..40_000_u32)
            .map(|row| {
                [
                    0,
                    0,
                    0,
                    (row.wrapping_mul(2_654_435_761) >> 13) as u8,
                    0,
                    0,
                    0,
                    0,
                ]
            })
            .collect();
        let goes_left = |row: &u32| question.goes_left[bins[*row as usize][3] as usize];
        for n in [0, 1, 8_192, 8_193, 33_333] {
            let mut rows: Vec<u32> = (0..n).map(|i| i + i / 7).collect();
            let (mut expected, right): (Vec<u32>, Vec<u32>) =
                rows.iter().partition(|r| goes_left(r));
            let lefts = expected.len();
            expected.extend(right);
            let mut scratch = vec![0; rows.len()];
            assert_eq!(question.divide(&bins, &mut rows, &mut scratch), lefts);
            assert_eq!(rows, expected);
        }
    }
}
