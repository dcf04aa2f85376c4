//! Sparse logistic models of hashed terms, and the columns they add.
//!
//! Each kind of [`Terms`] has a model of its own that answers with log-odds.
//! Those of a block, their means over its neighbourhood and over the page are
//! columns of the matrix that the classifier sees.

use ndarray::{Array2, ArrayViewMut1};

use crate::feature::term::{Bags, KINDS, Terms};

/// Neighbours on each side over which log-odds are averaged.
const REACHES: [usize; 2] = [2, 8];

/// Columns that a kind of terms adds: own, two windows, the page.
pub const COLUMNS: usize = 2 + REACHES.len();

/// A logistic model of hashed terms: log-odds are `bias + Σ w / sqrt(n)` over
/// the `n` terms of a block.
#[derive(Debug, Clone, PartialEq)]
pub struct TermModel {
    /// Log-odds of a block without terms.
    pub bias: f32,
    /// What one step of `weights` is worth.
    pub scale: f32,
    /// Weight of each bucket; the length is a power of two, and a term's bucket
    /// is its hash modulo it.
    pub weights: Vec<i8>,
}

impl TermModel {
    /// Log-odds of a block with these terms.
    pub fn log_odds(&self, terms: &[u32]) -> f32 {
        if terms.is_empty() {
            return self.bias;
        }
        let mask = self.weights.len() - 1;
        let sum: i32 = terms
            .iter()
            .map(|&term| i32::from(self.weights[term as usize & mask]))
            .sum();
        self.bias + self.scale * sum as f32 / (terms.len() as f32).sqrt()
    }

    /// Log-odds of every block.
    pub fn all(&self, bags: &Bags) -> Vec<f32> {
        (0..bags.len())
            .map(|block| self.log_odds(bags.of(block)))
            .collect()
    }
}

/// A model for each kind of terms.
#[derive(Debug, Clone, PartialEq)]
pub struct TermModels(pub [TermModel; KINDS.len()]);

impl Default for TermModels {
    /// Models that have nothing to say.
    fn default() -> Self {
        Self(std::array::from_fn(|_| TermModel {
            bias: 0.0,
            scale: 1.0,
            weights: vec![0],
        }))
    }
}

impl TermModels {
    /// Names of the columns, in order.
    pub fn names() -> Vec<String> {
        KINDS
            .iter()
            .flat_map(|kind| {
                let windows = REACHES
                    .iter()
                    .map(move |reach| format!("terms.{kind}±{reach}"));
                std::iter::once(format!("terms.{kind}"))
                    .chain(windows)
                    .chain(std::iter::once(format!("terms.{kind}.page")))
            })
            .collect()
    }

    /// Log-odds of a page's blocks by kind.
    pub fn log_odds(&self, terms: &Terms) -> [Vec<f32>; KINDS.len()] {
        std::array::from_fn(|kind| self.0[kind].all(&terms.kinds[kind]))
    }
}

/// Writes the columns of one kind, from its log-odds, into `matrix` from column
/// `at`. Means are weighted by `lengths` (≥ 0).
pub fn write_columns(log_odds: &[f32], lengths: &[f32], matrix: &mut Array2<f32>, at: usize) {
    let mut sums = Vec::with_capacity(log_odds.len() + 1);
    let (mut weighted, mut weight) = (0.0_f64, 0.0_f64);
    sums.push((weighted, weight));
    for (x, length) in log_odds.iter().zip(lengths) {
        let length = f64::from(length.max(0.5)).sqrt();
        weighted += f64::from(*x) * length;
        weight += length;
        sums.push((weighted, weight));
    }
    let mean =
        |from: usize, to: usize| ((sums[to].0 - sums[from].0) / (sums[to].1 - sums[from].1)) as f32;
    let n = log_odds.len();
    for (i, row) in matrix.rows_mut().into_iter().enumerate() {
        let mut row: ArrayViewMut1<'_, f32> = row;
        row[at] = log_odds[i];
        for (k, reach) in REACHES.iter().enumerate() {
            row[at + 1 + k] = mean(i.saturating_sub(*reach), (i + reach + 1).min(n));
        }
        row[at + 1 + REACHES.len()] = mean(0, n);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_odds_grow_with_the_root_of_the_number_of_terms() {
        let model = TermModel {
            bias: -1.0,
            scale: 0.5,
            weights: vec![0, 4, 0, 0],
        };
        assert_eq!(model.log_odds(&[]), -1.0);
        assert_eq!(model.log_odds(&[5]), 1.0);
        assert_eq!(model.log_odds(&[1, 5, 9, 13]), 3.0);
    }

    #[test]
    fn columns_are_the_blocks_own_its_windows_and_the_page() {
        let mut matrix = Array2::zeros((4, 1 + COLUMNS));
        write_columns(&[4.0, 0.0, 0.0, 0.0], &[1.0; 4], &mut matrix, 1);
        assert_eq!(matrix.row(0).to_vec(), [0.0, 4.0, 4.0 / 3.0, 1.0, 1.0]);
        assert_eq!(matrix.row(3).to_vec(), [0.0, 0.0, 0.0, 1.0, 1.0]);
        assert_eq!(TermModels::names().len(), KINDS.len() * COLUMNS);
    }
}
