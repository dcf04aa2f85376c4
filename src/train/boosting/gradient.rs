//! Scores → cross-entropy, and its derivatives as whole numbers.
//!
//! With `p = 1 / (1 + exp(-score))`, target `y` and weight `w` the loss is
//! `-w (y ln p + (1 - y) ln(1 - p))`, its first derivative by the score
//! `g = w (p - y)` and its second `h = w p (1 - p)` (Friedman 2001, §4.5).
//!
//! Sums of whole numbers do not depend on their order, which makes the trees
//! the same however the rows are spread over threads, and makes a parent's sum
//! less one child's exactly the other child's.

use rayon::prelude::*;

use super::observations::Observations;

/// Rows that one task handles at a time: fixed, so that sums of floats over
/// rows have one order.
const ROWS_AT_ONCE: usize = 4_096;

/// The sums of some rows: in `[0]` the gradients, in `[1]` the hessians and, in
/// its lowest bits, the number of rows. One addition of two adjacent words adds
/// all three.
pub(super) type Sums = [i64; 2];

/// `a + b`.
pub(super) fn plus(a: Sums, b: Sums) -> Sums {
    [a[0].wrapping_add(b[0]), a[1].wrapping_add(b[1])]
}

/// `a - b`.
pub(super) fn minus(a: Sums, b: Sums) -> Sums {
    [a[0].wrapping_sub(b[0]), a[1].wrapping_sub(b[1])]
}

/// The sum over `rows` of `sums`, which holds those of all rows.
pub(super) fn total(rows: &[u32], sums: &[Sums]) -> Sums {
    rows.par_chunks(ROWS_AT_ONCE)
        .map(|rows| {
            rows.iter()
                .fold([0; 2], |sum, &row| plus(sum, sums[row as usize]))
        })
        .reduce(|| [0; 2], plus)
}

/// How derivatives are written as whole numbers: by powers of two so large
/// that the sums over all rows just fit.
#[derive(Debug, Clone, Copy)]
pub(super) struct FixedPoint {
    /// Units to a gradient of 1.
    pub gradient: f64,
    /// Units to a hessian of 1.
    pub hessian: f64,
    row_bits: u32,
}

impl FixedPoint {
    /// For at most `rows` rows of a summed weight of `weight`, which bounds
    /// the sums: `|g| <= w` and `h <= w / 4`.
    pub fn new(rows: usize, weight: f64) -> Self {
        let row_bits = usize::BITS - rows.leading_zeros();
        let weight = weight.log2().ceil() as i32;
        let power = |exponent: i32| 2.0_f64.powi(exponent.clamp(-1_000, 1_000));
        Self {
            gradient: power(61 - weight),
            hessian: power(62 - row_bits as i32 - weight),
            row_bits,
        }
    }

    /// The sums of one row.
    pub fn write(&self, gradient: f64, hessian: f64) -> Sums {
        let hessian = (hessian * self.hessian) as i64;
        [
            (gradient * self.gradient) as i64,
            hessian << self.row_bits | 1,
        ]
    }

    /// The gradients of `sums`, in units.
    pub fn gradient_units(&self, sums: Sums) -> f64 {
        sums[0] as f64
    }

    /// The hessians of `sums`, in units.
    pub fn hessian_units(&self, sums: Sums) -> f64 {
        (sums[1] >> self.row_bits) as f64
    }

    /// The rows of `sums`.
    pub fn rows(&self, sums: Sums) -> usize {
        (sums[1] & ((1 << self.row_bits) - 1)) as usize
    }
}

/// The derivatives of every row at its score, into `into`.
pub(super) fn differentiate(
    rows: &Observations,
    scores: &[f32],
    fixed: FixedPoint,
    into: &mut [Sums],
) {
    into.par_chunks_mut(ROWS_AT_ONCE)
        .zip(scores.par_chunks(ROWS_AT_ONCE))
        .zip(rows.targets.par_chunks(ROWS_AT_ONCE))
        .zip(rows.weights.par_chunks(ROWS_AT_ONCE))
        .for_each(|(((into, scores), targets), weights)| {
            for (((into, &score), &y), &w) in into.iter_mut().zip(scores).zip(targets).zip(weights)
            {
                let p = f64::from(1.0 / (1.0 + (-score).exp()));
                let w = f64::from(w);
                *into = fixed.write(w * (p - f64::from(y)), w * p * (1.0 - p));
            }
        });
}

/// The weighted mean cross-entropy of the rows at their scores, in nats.
pub(super) fn mean_loss(rows: &Observations, scores: &[f32]) -> f64 {
    let sums: Vec<f64> = scores
        .par_chunks(ROWS_AT_ONCE)
        .zip(rows.targets.par_chunks(ROWS_AT_ONCE))
        .zip(rows.weights.par_chunks(ROWS_AT_ONCE))
        .map(|((scores, targets), weights)| {
            let losses = scores.iter().zip(targets).zip(weights);
            losses
                .map(|((&s, &y), &w)| {
                    let (s, y, w) = (f64::from(s), f64::from(y), f64::from(w));
                    w * (s.max(0.0) - s * y + (-s.abs()).exp().ln_1p())
                })
                .sum()
        })
        .collect();
    sums.iter().sum::<f64>() / rows.total_weight
}

/// Adds to every score what `value` says of its row of the records.
pub(super) fn add_to_scores(scores: &mut [f32], value: impl Fn(usize) -> f32 + Sync) {
    scores
        .par_chunks_mut(ROWS_AT_ONCE)
        .enumerate()
        .for_each(|(chunk, scores)| {
            for (i, score) in scores.iter_mut().enumerate() {
                *score += value(chunk * ROWS_AT_ONCE + i);
            }
        });
}

#[cfg(test)]
mod tests {
    use super::*;
    use linfa::Dataset;
    use ndarray::{Array1, Array2};

    #[test]
    fn derivatives_are_those_of_the_loss() {
        let data = Dataset::new(Array2::zeros((1, 1)), Array1::from(vec![0.3_f32]))
            .with_weights(Array1::from(vec![2.0]));
        let rows = Observations::of(&data, "training").unwrap();
        let fixed = FixedPoint::new(1, 2.0);
        let loss = |score: f32| 2.0 * mean_loss(&rows, &[score]);
        for score in [-4.0_f32, -0.5, 0.0, 1.0, 6.0] {
            let mut sums = [[0; 2]];
            differentiate(&rows, &[score], fixed, &mut sums);
            let step = 1.0 / 64.0;
            let (low, high) = (loss(score - step), loss(score + step));
            let slope = (high - low) / (2.0 * f64::from(step));
            let bend = (high + low - 2.0 * loss(score)) / f64::from(step * step);
            let g = fixed.gradient_units(sums[0]) / fixed.gradient;
            let h = fixed.hessian_units(sums[0]) / fixed.hessian;
            assert!((g - slope).abs() < 1e-4, "{score}: {g} {slope}");
            assert!((h - bend).abs() < 1e-3, "{score}: {h} {bend}");
            assert_eq!(fixed.rows(sums[0]), 1);
        }
    }

    #[test]
    fn the_largest_sums_fit() {
        for (n, weight) in [(1, 1e-30), (5, 1.0), (70_000, 1.0), (1_000_000, 3e30)] {
            let fixed = FixedPoint::new(n, n as f64 * weight);
            let row = fixed.write(weight, weight / 4.0);
            let sums = row.map(|x| i128::from(x) * n as i128);
            assert!(sums.iter().all(|&sum| i64::try_from(sum).is_ok()));
            let sums = sums.map(|sum| sum as i64);
            assert_eq!(fixed.rows(sums), n);
            let gradient = fixed.gradient_units(sums) / fixed.gradient;
            let hessian = fixed.hessian_units(sums) / fixed.hessian;
            let total = n as f64 * weight;
            assert!((gradient / total - 1.0).abs() < 1e-6);
            assert!((hessian / total * 4.0 - 1.0).abs() < 1e-6);
        }
    }
}
