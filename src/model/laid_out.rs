//! Trees laid out for many rows.
//!
//! A row that goes through a tree alone waits for each node, and the processor
//! guesses each answer wrong half the time. Here eight rows go side by side, the
//! next node is looked up by the answer instead of jumped to, and a leaf leads to
//! itself (Asadi, Lin and de Vries 2014, *Runtime Optimizations for Tree-Based
//! Machine Learning Models*, §3: predication and vectorisation). That takes half
//! the time; the values are the same bits.

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

/// Trees laid out, one behind the other.
pub(super) struct LaidOut {
    stops: Vec<Stop>,
    /// Where each tree begins.
    roots: Vec<usize>,
    /// Features that a row must have.
    features: usize,
}

impl LaidOut {
    /// `None` where a link leads back or nowhere, as in an ensemble that fails
    /// [`TreeEnsemble::check`](super::trees::TreeEnsemble::check).
    pub(super) fn of(trees: &[Tree]) -> Option<Self> {
        let mut laid_out = Self {
            stops: Vec::with_capacity(trees.iter().map(|tree| tree.nodes.len()).sum()),
            roots: Vec::with_capacity(trees.len()),
            features: 0,
        };
        for tree in trees {
            laid_out.add(tree)?;
        }
        Some(laid_out)
    }

    fn add(&mut self, tree: &Tree) -> Option<()> {
        let root = self.stops.len();
        let end = root + tree.nodes.len();
        for node in &tree.nodes {
            let at = self.stops.len();
            self.stops.push(match *node {
                Node::Leaf { value } => Stop {
                    feature: 0,
                    threshold: value,
                    next: [u32::try_from(at).ok()?; 2],
                    missing_left: false,
                },
                Node::Split {
                    feature,
                    threshold,
                    missing_left,
                    left,
                    right,
                } => {
                    self.features = self.features.max(feature as usize + 1);
                    let place = |child: u32| {
                        let place = root + child as usize;
                        let is_after = (at + 1..end).contains(&place);
                        u32::try_from(place).ok().filter(|_| is_after)
                    };
                    Stop {
                        feature,
                        threshold,
                        next: [place(right)?, place(left)?],
                        missing_left,
                    }
                }
            });
        }
        self.roots.push(root);
        (end > root).then_some(())
    }

    /// Adds to each sum the values of its row, tree by tree, the rows standing one
    /// after the other. `None`, with nothing added, where rows have too few features.
    pub(super) fn add_values(
        &self,
        rows: &[f32],
        n_features: usize,
        sums: &mut [f32],
        trees: &[Tree],
    ) -> Option<()> {
        if self.features > n_features {
            return None;
        }
        let abreast = sums.len() / ROWS * ROWS;
        let (abreast, left_over) = rows.split_at(abreast * n_features);
        for (&root, tree) in self.roots.iter().zip(trees) {
            let (sums_abreast, sums_left) = sums.split_at_mut(abreast.len() / n_features);
            let eights = abreast.chunks_exact(ROWS * n_features);
            for (rows, sums) in eights.zip(sums_abreast.chunks_exact_mut(ROWS)) {
                for (sum, leaf) in sums.iter_mut().zip(self.leaves(root, rows, n_features)) {
                    *sum += self.stops[leaf].threshold;
                }
            }
            for (row, sum) in left_over.chunks_exact(n_features).zip(sums_left) {
                *sum += tree.value(row);
            }
        }
        Some(())
    }

    fn leaves(&self, root: usize, rows: &[f32], n_features: usize) -> [usize; ROWS] {
        let mut at = [root; ROWS];
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
