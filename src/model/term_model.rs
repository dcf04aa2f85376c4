//! Sparse logistic models of hashed terms, and the columns they add.
//!
//! Each kind of [`Terms`] has a model of its own that answers with log-odds.
//! Those of a block, their means over its neighbourhood and over the page are
//! columns of the matrix that the classifier sees.

use ndarray::ArrayViewMut2;

use crate::feature::term::{Bags, KINDS, Terms, kinds_of};
use crate::page::InputKind;

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
        self.of_sum(self.sum(terms), terms.len())
    }

    fn sum(&self, terms: &[u32]) -> i32 {
        let mask = self.weights.len() - 1;
        terms
            .iter()
            .map(|&term| i32::from(self.weights[term as usize & mask]))
            .sum()
    }

    fn of_sum(&self, sum: i32, terms: usize) -> f32 {
        if terms == 0 {
            return self.bias;
        }
        self.bias + self.scale * sum as f32 / (terms as f32).sqrt()
    }

    fn of_bags(&self, bags: &Bags) -> Vec<f32> {
        (0..bags.len())
            .map(|block| self.log_odds(bags.of(block)))
            .collect()
    }

    /// Log-odds of every block by its path. What stands on an element is summed
    /// once, however many blocks are below it.
    fn of_paths(&self, terms: &Terms) -> Vec<f32> {
        let mut above: Vec<(i32, usize)> = Vec::with_capacity(terms.parents.len());
        for (element, &parent) in terms.parents.iter().enumerate() {
            crate::watch::spend(16);
            let own = terms.names.of(element);
            let (sum, n) = above.get(parent as usize).copied().unwrap_or_default();
            above.push((sum + self.sum(own), n + own.len()));
        }
        (0..terms.near.len())
            .map(|block| {
                let near = terms.near.of(block);
                let (sum, n) = above[terms.inner[block] as usize];
                self.of_sum(sum + self.sum(near), n + near.len())
            })
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
    /// Names of the columns that they add for pages of a kind, in order.
    pub fn names(kind: InputKind) -> Vec<String> {
        kinds_of(kind)
            .iter()
            .map(|&kind| KINDS[kind])
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
        let [words, path, heading] = &self.0;
        [
            words.of_bags(&terms.words),
            path.of_paths(terms),
            heading.of_bags(&terms.heading),
        ]
    }
}

/// The columns of one kind of terms.
#[derive(Debug)]
pub(super) struct Columns<'a> {
    log_odds: &'a [f32],
    /// Running sums of weighted log-odds and of weights; one more than there are
    /// blocks.
    sums: Vec<(f64, f64)>,
}

impl<'a> Columns<'a> {
    /// Of a kind's log-odds; means are weighted by `lengths` (≥ 0), of which
    /// there are as many.
    pub(super) fn of(log_odds: &'a [f32], lengths: &[f32]) -> Self {
        let mut sums = Vec::with_capacity(log_odds.len() + 1);
        let (mut weighted, mut weight) = (0.0_f64, 0.0_f64);
        sums.push((weighted, weight));
        for (x, length) in log_odds.iter().zip(lengths) {
            let length = f64::from(length.max(0.5)).sqrt();
            weighted += f64::from(*x) * length;
            weight += length;
            sums.push((weighted, weight));
        }
        Self { log_odds, sums }
    }

    /// Writes them for the blocks from `first` on into the columns of `rows`
    /// from `at` on.
    pub(super) fn write(&self, first: usize, rows: &mut ArrayViewMut2<'_, f32>, at: usize) {
        let n = self.log_odds.len();
        let own = &self.log_odds[first..];
        for (cell, &own) in rows.column_mut(at).iter_mut().zip(own) {
            *cell = own;
        }
        for (k, &reach) in REACHES.iter().enumerate() {
            for (i, cell) in (first..).zip(&mut rows.column_mut(at + 1 + k)) {
                *cell = self.mean(i.saturating_sub(reach), (i + reach + 1).min(n));
            }
        }
        rows.column_mut(at + 1 + REACHES.len())
            .fill(self.mean(0, n));
    }

    fn mean(&self, from: usize, to: usize) -> f32 {
        let (from, to) = (self.sums[from], self.sums[to]);
        ((to.0 - from.0) / (to.1 - from.1)) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, Axis, Slice};

    use crate::block::Blocks;
    use crate::feature::measure;
    use crate::page::{Page, PageContext};

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
    fn a_path_is_worth_the_same_summed_by_element_as_collected() {
        let html = "<div class='a b'><ul id=menu><li class=b><a href=/>One</a><li>Two</ul></div>\
                    <p class=a>Three";
        let page = Page::parse(html.as_bytes(), &PageContext::default());
        let terms = measure(&page, &Blocks::of(&page)).terms;
        let model = TermModel {
            bias: 0.25,
            scale: 0.5,
            weights: (0..64).map(|i| (i % 7) as i8 - 3).collect(),
        };
        let mut path = Vec::new();
        for (block, log_odds) in model.of_paths(&terms).into_iter().enumerate() {
            terms.collect(1, block, &mut path);
            assert_eq!(log_odds, model.log_odds(&path));
        }
    }

    #[test]
    fn columns_are_the_blocks_own_its_windows_and_the_page() {
        let mut matrix = Array2::zeros((4, 1 + COLUMNS));
        let log_odds = [4.0, 0.0, 0.0, 0.0];
        let columns = Columns::of(&log_odds, &[1.0; 4]);
        // Two rows at a time.
        for first in [0, 2] {
            let mut two = matrix.slice_axis_mut(Axis(0), Slice::from(first..first + 2));
            columns.write(first, &mut two, 1);
        }
        assert_eq!(matrix.row(0).to_vec(), [0.0, 4.0, 4.0 / 3.0, 1.0, 1.0]);
        assert_eq!(matrix.row(3).to_vec(), [0.0, 0.0, 0.0, 1.0, 1.0]);
        assert_eq!(
            TermModels::names(InputKind::Html).len(),
            KINDS.len() * COLUMNS
        );
    }
}
