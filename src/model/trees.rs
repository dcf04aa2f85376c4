//! Ensembles of binary decision trees, the form every fitted tree learner takes.
//!
//! A row of features goes in; a score or a probability comes out. A tree is a
//! flat list of [`Node`]s whose root is node 0 and whose children always stand
//! after their parent, so a walk from the root ends whatever the file it was
//! loaded from said: [`TreeEnsemble::check`] verifies that, and [`Tree::value`]
//! never follows a link backwards.

use ndarray::{Array1, ArrayView2};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Rows scored together, so that a tree is fetched into cache once for all of
/// them and the walks of neighbouring rows overlap.
const ROWS_AT_ONCE: usize = 64;

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
        self.value_by(|feature| row.get(feature).copied().unwrap_or(f32::NAN))
    }

    #[inline]
    fn value_by(&self, feature_value: impl Fn(usize) -> f32) -> f32 {
        let mut at = 0;
        loop {
            match self.nodes.get(at) {
                Some(&Node::Leaf { value }) => return value,
                Some(&Node::Split {
                    feature,
                    threshold,
                    missing_left,
                    left,
                    right,
                }) => {
                    let x = feature_value(feature as usize);
                    let goes_left = x <= threshold || (missing_left && x.is_nan());
                    let next = if goes_left { left } else { right } as usize;
                    if next <= at {
                        return f32::NAN;
                    }
                    at = next;
                }
                None => return f32::NAN,
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
        let sum = self.trees.iter().map(|tree| tree.value(row));
        match self.link {
            Link::Logistic => sum.fold(self.base, |score, value| score + value),
            Link::Identity => self.identity_score(sum.fold(0.0, |sum, value| sum + value)),
        }
    }

    /// The probability of one row, in `[0, 1]`.
    pub fn probability(&self, row: &[f32]) -> f32 {
        self.to_probability(self.score(row))
    }

    /// The probabilities of the rows of a matrix of shape `(rows, features)`:
    /// for each row the same bits as [`probability`](Self::probability).
    pub fn probabilities(&self, rows: ArrayView2<f32>) -> Array1<f32> {
        let standard = rows.as_standard_layout();
        let n_features = standard.ncols();
        let start = match self.link {
            Link::Logistic => self.base,
            Link::Identity => 0.0,
        };
        let mut scores = Array1::from_elem(standard.nrows(), start);
        if let (Some(values), Some(sums)) = (standard.as_slice(), scores.as_slice_mut())
            && n_features > 0
        {
            let blocks = values.chunks(ROWS_AT_ONCE * n_features);
            for (block, sums) in blocks.zip(sums.chunks_mut(ROWS_AT_ONCE)) {
                for tree in &self.trees {
                    for (row, sum) in block.chunks_exact(n_features).zip(sums.iter_mut()) {
                        *sum += tree.value(row);
                    }
                }
            }
        } else {
            for sum in &mut scores {
                *sum = self
                    .trees
                    .iter()
                    .fold(start, |sum, tree| sum + tree.value(&[]));
            }
        }
        scores.mapv_inplace(|sum| {
            self.to_probability(match self.link {
                Link::Logistic => sum,
                Link::Identity => self.identity_score(sum),
            })
        });
        scores
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

    /// Verifies what [`Tree::value`] relies on, for rows of `n_features`
    /// features: every child is in range and after its parent, every feature
    /// is in range, every threshold, value and the base are finite.
    ///
    /// # Errors
    ///
    /// The first breach found, with its tree and node.
    pub fn check(&self, n_features: usize) -> Result<(), TreeError> {
        if !self.base.is_finite() {
            return Err(TreeError::BaseNotFinite { base: self.base });
        }
        for (tree, Tree { nodes }) in self.trees.iter().enumerate() {
            if nodes.is_empty() {
                return Err(TreeError::NoNodes { tree });
            }
            for (node, &kind) in nodes.iter().enumerate() {
                match kind {
                    Node::Leaf { value } if !value.is_finite() => {
                        return Err(TreeError::NotFinite { tree, node });
                    }
                    Node::Leaf { .. } => {}
                    Node::Split {
                        feature,
                        threshold,
                        left,
                        right,
                        ..
                    } => {
                        if feature as usize >= n_features {
                            return Err(TreeError::Feature {
                                tree,
                                node,
                                feature,
                                n_features,
                            });
                        }
                        if !threshold.is_finite() {
                            return Err(TreeError::NotFinite { tree, node });
                        }
                        for child in [left, right] {
                            if child as usize <= node || child as usize >= nodes.len() {
                                return Err(TreeError::Child {
                                    tree,
                                    node,
                                    child,
                                    n_nodes: nodes.len(),
                                });
                            }
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// Why a [`TreeEnsemble`] cannot be evaluated. Trees and nodes count from 0.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum TreeError {
    /// The starting score is NaN or infinite.
    #[error("the ensemble's base score is {base}, which is not finite: the model is damaged")]
    BaseNotFinite {
        /// The score.
        base: f32,
    },
    /// A tree has no root.
    #[error("tree {tree} has no nodes: the model is damaged")]
    NoNodes {
        /// Index of the tree.
        tree: usize,
    },
    /// A threshold or leaf value is NaN or infinite.
    #[error(
        "tree {tree}, node {node}: the threshold or value is not finite: the model is damaged"
    )]
    NotFinite {
        /// Index of the tree.
        tree: usize,
        /// Index of the node.
        node: usize,
    },
    /// A split asks about a feature that rows do not have.
    #[error(
        "tree {tree}, node {node} asks for feature {feature}, but rows have {n_features}: the \
         model belongs to another feature schema"
    )]
    Feature {
        /// Index of the tree.
        tree: usize,
        /// Index of the node.
        node: usize,
        /// The feature asked for.
        feature: u32,
        /// How many features a row has.
        n_features: usize,
    },
    /// A child is not in the tree, or does not stand after its parent.
    #[error(
        "tree {tree}, node {node}: child {child} must lie after its parent and before {n_nodes}: \
         the model is damaged"
    )]
    Child {
        /// Index of the tree.
        tree: usize,
        /// Index of the node.
        node: usize,
        /// The child it names.
        child: u32,
        /// How many nodes the tree has.
        n_nodes: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array2, ShapeBuilder, array};
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
        let rows = Array2::from_shape_fn((200, 2), |(row, column)| match (row * 7 + column) % 11 {
            0 => f32::NAN,
            k => k as f32 * if column == 0 { 2.5 } else { 0.1 },
        });
        let mut by_column = Array2::zeros((200, 2).f());
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
        let no_columns = Array2::zeros((3, 0));
        let ensemble = ensemble(Link::Logistic);
        assert_eq!(
            ensemble.probabilities(no_columns.view()),
            array![1.0, 1.0, 1.0] * ensemble.probability(&[])
        );
    }

    #[test]
    fn damage_is_named() {
        let damaged = |nodes: Vec<Node>| {
            TreeEnsemble {
                base: 0.0,
                trees: vec![two_questions(), Tree { nodes }],
                link: Link::Logistic,
            }
            .check(2)
        };
        assert_eq!(ensemble(Link::Identity).check(2), Ok(()));
        assert_eq!(damaged(vec![]), Err(TreeError::NoNodes { tree: 1 }));
        assert_eq!(
            damaged(vec![leaf(f32::NAN)]),
            Err(TreeError::NotFinite { tree: 1, node: 0 })
        );
        assert_eq!(
            damaged(vec![
                split(0, f32::INFINITY, false, 1, 2),
                leaf(0.0),
                leaf(0.0)
            ]),
            Err(TreeError::NotFinite { tree: 1, node: 0 })
        );
        assert!(matches!(
            damaged(vec![split(2, 0.0, false, 1, 2), leaf(0.0), leaf(0.0)]),
            Err(TreeError::Feature { feature: 2, .. })
        ));
        for (left, right) in [(0, 2), (1, 0), (1, 3), (u32::MAX, 1)] {
            assert!(matches!(
                damaged(vec![
                    split(0, 0.0, false, left, right),
                    leaf(0.0),
                    leaf(0.0)
                ]),
                Err(TreeError::Child {
                    tree: 1,
                    node: 0,
                    ..
                })
            ));
        }
        let mut no_base = ensemble(Link::Logistic);
        no_base.base = f32::NAN;
        assert!(matches!(
            no_base.check(2),
            Err(TreeError::BaseNotFinite { .. })
        ));
    }

    fn any_node() -> impl Strategy<Value = Node> {
        prop_oneof![
            any::<f32>().prop_map(leaf),
            (0u32..4, any::<f32>(), any::<bool>(), 0u32..9, 0u32..9)
                .prop_map(|(f, t, m, l, r)| split(f, t, m, l, r)),
        ]
    }

    proptest! {
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
        }
    }
}
