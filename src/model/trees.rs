//! Ensembles of binary decision trees, the form every fitted tree learner takes.
//!
//! A row of features goes in; a score or a probability comes out. A tree is a
//! flat list of [`Node`]s whose root is node 0 and whose children always stand
//! after their parent, so a walk from the root ends whatever the file it was
//! loaded from said: [`TreeEnsemble::check`] verifies that, and [`Tree::value`]
//! never follows a link backwards.

use ndarray::{Array1, ArrayView2, Axis};
use serde::{Deserialize, Serialize};

use super::bitwise;
use super::gated::Gated;
pub use super::tree_check::TreeError;

/// A node of a [`Tree`]: a question about one feature, or an answer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Node {
    /// Sends a row left if `row[feature] <= threshold`, else right.
    Split {
        /// Index of the feature in the row.
        feature: u32,
        /// The largest value that goes left; finite.
        threshold: f32,
        /// Where a row goes whose feature is missing (NaN).
        missing_left: bool,
        /// Index of the left child; greater than the node's own.
        left: u32,
        /// Index of the right child; greater than the node's own.
        right: u32,
    },
    /// Ends the walk.
    Leaf {
        /// What the tree says of the rows that end here; finite. Log-odds
        /// under [`Link::Logistic`], a probability under [`Link::Identity`].
        value: f32,
    },
}

/// One decision tree: nodes, the root first, each child after its parent.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Tree {
    /// The nodes; node 0 is the root.
    pub nodes: Vec<Node>,
}

impl Tree {
    /// The value of the leaf that `row` ends in.
    ///
    /// A feature that the row is too short to hold is missing. A tree that
    /// fails [`TreeEnsemble::check`] may answer NaN, but it always answers:
    /// the walk only moves forward.
    pub fn value(&self, row: &[f32]) -> f32 {
        match self.leaf_of(row).and_then(|leaf| self.nodes.get(leaf)) {
            Some(&Node::Leaf { value }) => value,
            _ => f32::NAN,
        }
    }

    /// Index of the leaf that `row` ends in, or `None` where a tree that fails
    /// [`TreeEnsemble::check`] leads nowhere. Missing features as for
    /// [`value`](Self::value).
    #[inline]
    pub fn leaf_of(&self, row: &[f32]) -> Option<usize> {
        let mut at = 0;
        loop {
            match *self.nodes.get(at)? {
                Node::Leaf { .. } => return Some(at),
                Node::Split {
                    feature,
                    threshold,
                    missing_left,
                    left,
                    right,
                } => {
                    let x = row.get(feature as usize).copied().unwrap_or(f32::NAN);
                    let goes_left = x <= threshold || (missing_left && x.is_nan());
                    let next = if goes_left { left } else { right } as usize;
                    if next <= at {
                        return None;
                    }
                    at = next;
                }
            }
        }
    }

    /// Number of leaves.
    pub fn leaves(&self) -> usize {
        self.nodes
            .iter()
            .filter(|node| matches!(node, Node::Leaf { .. }))
            .count()
    }
}

/// How the values of an ensemble's trees become a probability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Link {
    /// The score is `base` plus the mean of the trees' values, and is itself
    /// the probability: single trees and random forests.
    Identity,
    /// The score is `base` plus the sum of the trees' values, in log-odds; the
    /// probability is `1 / (1 + exp(-score))`: boosted trees.
    Logistic,
}

/// Trees whose answers are combined into one probability.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TreeEnsemble {
    /// What the score is before any tree speaks; finite.
    pub base: f32,
    /// The trees, in the order in which their values are added.
    pub trees: Vec<Tree>,
    /// How their values become a probability.
    pub link: Link,
}

impl TreeEnsemble {
    /// The score of one row: `base` plus the sum ([`Link::Logistic`]) or mean
    /// ([`Link::Identity`]) of the trees' values, added in `f32` in order.
    pub fn score(&self, row: &[f32]) -> f32 {
        match self.link {
            Link::Logistic => self.added(self.base, row),
            Link::Identity => self.identity_score(self.added(0.0, row)),
        }
    }

    /// The probability of one row, in `[0, 1]`.
    pub fn probability(&self, row: &[f32]) -> f32 {
        self.to_probability(self.score(row))
    }

    /// The probabilities of the rows of a matrix of shape `(rows, features)`:
    /// for each row the same bits as [`probability`](Self::probability). Trees
    /// that are asked again and again are better made a [`Scorer`].
    pub fn probabilities(&self, rows: ArrayView2<f32>) -> Array1<f32> {
        self.probabilities_by(Gated::of(&self.trees).as_ref(), rows)
    }

    fn probabilities_by(&self, laid_out: Option<&Gated>, rows: ArrayView2<f32>) -> Array1<f32> {
        let start = match self.link {
            Link::Logistic => self.base,
            Link::Identity => 0.0,
        };
        let mut sums = Array1::from_elem(rows.nrows(), start);
        let mut space = bitwise::Space::default();
        for (rows, mut sums) in rows
            .axis_chunks_iter(Axis(0), bitwise::ROWS)
            .zip(sums.axis_chunks_iter_mut(Axis(0), bitwise::ROWS))
        {
            crate::watch::spend(500 * sums.len());
            if let (Some(laid_out), Some(sums)) = (laid_out, sums.as_slice_mut())
                && laid_out.add(rows, sums, &mut space)
            {
                continue;
            }
            for (row, sum) in rows.rows().into_iter().zip(sums) {
                *sum = match row.as_slice() {
                    Some(row) => self.added(start, row),
                    None => self.added(start, &row.to_vec()),
                };
            }
        }
        sums.mapv_inplace(|sum| {
            self.to_probability(match self.link {
                Link::Logistic => sum,
                Link::Identity => self.identity_score(sum),
            })
        });
        sums
    }

    /// What the trees say of a row, added to `start` in order.
    fn added(&self, start: f32, row: &[f32]) -> f32 {
        self.trees
            .iter()
            .fold(start, |sum, tree| sum + tree.value(row))
    }

    /// The probability of a row whose values, one of each tree, add up to `sum`.
    pub fn probability_of(&self, sum: f32) -> f32 {
        self.to_probability(match self.link {
            Link::Logistic => self.base + sum,
            Link::Identity => self.identity_score(sum),
        })
    }

    fn identity_score(&self, sum: f32) -> f32 {
        match self.trees.len() {
            0 => self.base,
            n => self.base + sum / n as f32,
        }
    }

    fn to_probability(&self, score: f32) -> f32 {
        match self.link {
            Link::Logistic => 1.0 / (1.0 + (-score).exp()),
            Link::Identity => score.clamp(0.0, 1.0),
        }
    }
}

/// Trees laid out for scoring, once for all matrices.
#[derive(Debug, Clone, PartialEq)]
pub struct Scorer {
    ensemble: TreeEnsemble,
    laid_out: Option<Gated>,
}

impl Scorer {
    /// The same as [`TreeEnsemble::probabilities`], sooner.
    pub fn probabilities(&self, rows: ArrayView2<f32>) -> Array1<f32> {
        self.ensemble.probabilities_by(self.laid_out.as_ref(), rows)
    }

    /// The trees.
    pub fn into_ensemble(self) -> TreeEnsemble {
        self.ensemble
    }
}

impl From<TreeEnsemble> for Scorer {
    fn from(ensemble: TreeEnsemble) -> Self {
        Self {
            laid_out: Gated::of(&ensemble.trees),
            ensemble,
        }
    }
}

impl std::ops::Deref for Scorer {
    type Target = TreeEnsemble;

    fn deref(&self) -> &TreeEnsemble {
        &self.ensemble
    }
}

#[cfg(test)]
mod tests {
    use super::super::gated::only_where;
    use super::*;
    use ndarray::{Array2, ShapeBuilder, Slice, array};
    use proptest::prelude::*;

    fn leaf(value: f32) -> Node {
        Node::Leaf { value }
    }

    fn split(feature: u32, threshold: f32, missing_left: bool, left: u32, right: u32) -> Node {
        Node::Split {
            feature,
            threshold,
            missing_left,
            left,
            right,
        }
    }

    /// Short and link-heavy blocks are boilerplate; a missing link density
    /// counts as low.
    fn two_questions() -> Tree {
        Tree {
            nodes: vec![
                split(0, 10.0, false, 1, 2),
                leaf(-2.0),
                split(1, 0.5, true, 3, 4),
                leaf(3.0),
                leaf(-1.0),
            ],
        }
    }

    fn ensemble(link: Link) -> TreeEnsemble {
        TreeEnsemble {
            base: 0.25,
            trees: vec![
                two_questions(),
                Tree {
                    nodes: vec![leaf(0.5)],
                },
            ],
            link,
        }
    }

    #[test]
    fn a_value_equal_to_the_threshold_goes_left() {
        let tree = two_questions();
        assert_eq!(tree.value(&[10.0, 0.0]), -2.0);
        assert_eq!(tree.value(&[10.000001, 0.5]), 3.0);
        assert_eq!(tree.value(&[11.0, 0.6]), -1.0);
        assert_eq!(tree.leaf_of(&[11.0, 0.6]), Some(4));
        assert_eq!(tree.leaves(), 3);
    }

    #[test]
    fn missing_values_follow_each_split_s_own_direction() {
        let tree = two_questions();
        assert_eq!(tree.value(&[f32::NAN, 0.6]), -1.0);
        assert_eq!(tree.value(&[11.0, f32::NAN]), 3.0);
        assert_eq!(tree.value(&[11.0]), 3.0, "a short row's tail is missing");
        assert_eq!(tree.value(&[f32::INFINITY, f32::NEG_INFINITY]), 3.0);
    }

    #[test]
    fn logistic_adds_and_identity_averages() {
        let row = [20.0, 0.1];
        let logistic = ensemble(Link::Logistic);
        assert_eq!(logistic.score(&row), 3.75);
        assert!((logistic.probability(&row) - 0.977_022_6).abs() < 1e-6);
        let mut identity = ensemble(Link::Identity);
        assert_eq!(identity.score(&row), 2.0);
        assert_eq!(identity.probability(&row), 1.0);
        identity.trees.clear();
        assert_eq!(identity.probability(&row), 0.25);
    }

    #[test]
    fn extreme_scores_stay_probabilities() {
        for value in [f32::MAX, f32::MIN] {
            let sure = TreeEnsemble {
                base: 0.0,
                trees: vec![
                    Tree {
                        nodes: vec![leaf(value)]
                    };
                    3
                ],
                link: Link::Logistic,
            };
            assert!((0.0..=1.0).contains(&sure.probability(&[])));
        }
    }

    #[test]
    fn a_matrix_gives_what_its_rows_give() {
        let rows = Array2::from_shape_fn((203, 2), |(row, column)| match (row * 7 + column) % 11 {
            0 => f32::NAN,
            k => k as f32 * if column == 0 { 2.5 } else { 0.1 },
        });
        let mut by_column = Array2::zeros((203, 2).f());
        by_column.assign(&rows);
        for link in [Link::Logistic, Link::Identity] {
            let ensemble = ensemble(link);
            let expected: Vec<f32> = rows
                .rows()
                .into_iter()
                .map(|row| ensemble.probability(&row.to_vec()))
                .collect();
            assert_eq!(ensemble.probabilities(rows.view()).to_vec(), expected);
            assert_eq!(ensemble.probabilities(by_column.view()).to_vec(), expected);
        }
        let narrow = rows.slice_axis(Axis(1), Slice::from(..1));
        let ensemble_of_two = ensemble(Link::Logistic);
        for (row, probability) in narrow
            .rows()
            .into_iter()
            .zip(ensemble_of_two.probabilities(narrow))
        {
            assert_eq!(probability, ensemble_of_two.probability(&row.to_vec()));
        }
        let no_columns = Array2::zeros((3, 0));
        let ensemble = ensemble(Link::Logistic);
        assert_eq!(
            ensemble.probabilities(no_columns.view()),
            array![1.0, 1.0, 1.0] * ensemble.probability(&[])
        );
    }

    fn any_node() -> impl Strategy<Value = Node> {
        prop_oneof![
            any::<f32>().prop_map(leaf),
            (0u32..4, any::<f32>(), any::<bool>(), 0u32..9, 0u32..9)
                .prop_map(|(f, t, m, l, r)| split(f, t, m, l, r)),
        ]
    }

    /// A tree that asks `columns` features at thresholds among `values`.
    fn grown(columns: u32, values: std::ops::Range<i32>) -> impl Strategy<Value = Tree> {
        let asked = (
            0..columns,
            values,
            any::<bool>(),
            any::<prop::sample::Index>(),
        );
        prop::collection::vec(asked, 0..40).prop_map(|splits| {
            let mut nodes = vec![leaf(0.0)];
            let mut leaves = vec![0];
            for (feature, threshold, missing_left, which) in splits {
                let at = leaves.swap_remove(which.index(leaves.len()));
                let left = nodes.len() as u32;
                nodes[at] = split(
                    feature,
                    threshold as f32 / 4.0,
                    missing_left,
                    left,
                    left + 1,
                );
                nodes.extend([leaf(left as f32 * 0.37), leaf(left as f32 * -0.21)]);
                leaves.extend([left as usize, left as usize + 1]);
            }
            Tree { nodes }
        })
    }

    proptest! {
        #[test]
        fn rows_that_walk_together_end_where_each_ends_alone(
            trees in prop::collection::vec(grown(5, -40..40), 0..12),
            behind in prop::collection::vec(grown(5, -40..40), 0..12),
            gate in (0u32..5, prop_oneof![Just(100.0), -10.0f32..10.0]),
            rows in prop::collection::vec(prop_oneof![
                20 => (-45i32..45).prop_map(|k| k as f32 / 4.0),
                3 => -12.0f32..12.0,
                1 => prop::sample::select(vec![-0.0, f32::INFINITY, f32::NEG_INFINITY, f32::MAX]),
            ], 5 * 150),
            missing in prop::option::of(0usize..5 * 150),
        ) {
            let behind = behind.iter().map(|tree| only_where(gate.0, gate.1, tree));
            let trees = trees.into_iter().chain(behind).collect();
            let ensemble = TreeEnsemble { base: 0.125, trees, link: Link::Logistic };
            let mut rows = Array2::from_shape_vec((150, 5), rows).unwrap();
            if let Some(at) = missing {
                rows[[at / 5, at % 5]] = f32::NAN;
            }
            let together = Scorer::from(ensemble.clone()).probabilities(rows.view());
            for (row, together) in rows.rows().into_iter().zip(together) {
                let alone = ensemble.probability(&row.to_vec());
                prop_assert_eq!(together.to_bits(), alone.to_bits());
            }
        }

        #[test]
        fn any_nodes_end_the_walk_and_checked_ones_give_a_probability(
            nodes in prop::collection::vec(any_node(), 0..9),
            row in prop::collection::vec(any::<f32>(), 3),
        ) {
            let ensemble = TreeEnsemble {
                base: 0.0,
                trees: vec![Tree { nodes }],
                link: Link::Logistic,
            };
            let probability = ensemble.probability(&row);
            if ensemble.check(3).is_ok() {
                prop_assert!((0.0..=1.0).contains(&probability));
            }
            let rows = ArrayView2::from_shape((1, 3), &row).unwrap();
            let together = ensemble.probabilities(rows)[0];
            prop_assert_eq!(together.to_bits(), probability.to_bits());
        }
    }
}
