//! Trees laid out for many rows.
//!
//! A row that goes through a tree alone waits for each node, and the processor
//! guesses each answer wrong half the time. Here eight rows go side by side, the
//! next node is looked up by the answer instead of jumped to, and a leaf leads to
//! itself (Asadi, Lin and de Vries 2014, *Runtime Optimizations for Tree-Based
//! Machine Learning Models*, §3.3, predication, and §3.4, vectorisation).

use super::trees::{Node, Tree};

/// Rows that go side by side.
const ROWS: usize = 8;

/// A node as it is walked.
#[derive(Clone, Copy)]
struct Stop {
    feature: u32,
    /// What goes left; of a leaf its value.
    threshold: f32,
    /// Where a row goes that is greater, and one that is not.
    next: [u32; 2],
    missing_left: bool,
}

/// A tree laid out.
pub(super) struct LaidOut<'a> {
    tree: &'a Tree,
    /// Empty where a link leads back or nowhere, as in a tree that fails
    /// [`TreeEnsemble::check`](super::trees::TreeEnsemble::check).
    stops: Vec<Stop>,
    /// Features that a row must have.
    features: usize,
}

impl<'a> LaidOut<'a> {
    pub(super) fn of(tree: &'a Tree) -> Self {
        let mut features = 0;
        let stops = tree.nodes.iter().enumerate().map(|(at, node)| match *node {
            Node::Leaf { value } => Some(Stop {
                feature: 0,
                threshold: value,
                next: [at as u32; 2],
                missing_left: false,
            }),
            Node::Split {
                feature,
                threshold,
                missing_left,
                left,
                right,
            } => {
                let goes_on = |next: u32| (at + 1..tree.nodes.len()).contains(&(next as usize));
                features = features.max(feature as usize + 1);
                (goes_on(left) && goes_on(right)).then_some(Stop {
                    feature,
                    threshold,
                    next: [right, left],
                    missing_left,
                })
            }
        });
        let stops: Option<Vec<Stop>> = stops.collect();
        Self {
            tree,
            stops: stops.unwrap_or_default(),
            features,
        }
    }

    /// Adds to each sum the value of its row, the rows standing one after the other:
    /// the same bits as by [`Tree::value`].
    pub(super) fn add_values(&self, rows: &[f32], n_features: usize, sums: &mut [f32]) {
        let mut at = 0;
        if !self.stops.is_empty() && self.features <= n_features {
            let side_by_side = rows.chunks_exact(ROWS * n_features);
            for (rows, sums) in side_by_side.zip(sums.chunks_exact_mut(ROWS)) {
                for (sum, leaf) in sums.iter_mut().zip(self.leaves(rows, n_features)) {
                    *sum += self.stops[leaf].threshold;
                }
                at += ROWS;
            }
        }
        let left_over = rows[at * n_features..].chunks_exact(n_features);
        for (row, sum) in left_over.zip(&mut sums[at..]) {
            *sum += self.tree.value(row);
        }
    }

    fn leaves(&self, rows: &[f32], n_features: usize) -> [usize; ROWS] {
        let mut at = [0; ROWS];
        loop {
            let mut moved = false;
            for (row, at) in at.iter_mut().enumerate() {
                let stop = &self.stops[*at];
                let x = rows[row * n_features + stop.feature as usize];
                // No `||`: it would jump.
                let goes_left = (x <= stop.threshold) | (stop.missing_left & x.is_nan());
                let next = stop.next[usize::from(goes_left)] as usize;
                moved |= next != *at;
                *at = next;
            }
            if !moved {
                return at;
            }
        }
    }
}
