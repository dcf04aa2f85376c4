//! Trees of unknown origin → trees that are safe to walk, or what is wrong.

use thiserror::Error;

use super::trees::{Node, Tree, TreeEnsemble};

impl TreeEnsemble {
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
    #[error("tree {tree}, node {node}: the threshold or value is not finite: the model is damaged")]
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
    use crate::model::trees::Link;

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

    fn one_question() -> Tree {
        Tree {
            nodes: vec![split(1, 0.5, true, 1, 2), leaf(3.0), leaf(-1.0)],
        }
    }

    fn whole() -> TreeEnsemble {
        TreeEnsemble {
            base: 0.25,
            trees: vec![one_question()],
            link: Link::Logistic,
        }
    }

    #[test]
    fn damage_is_named() {
        let damaged = |nodes: Vec<Node>| {
            TreeEnsemble {
                base: 0.0,
                trees: vec![one_question(), Tree { nodes }],
                link: Link::Logistic,
            }
            .check(2)
        };
        assert_eq!(whole().check(2), Ok(()));
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
        let mut no_base = whole();
        no_base.base = f32::NAN;
        assert!(matches!(
            no_base.check(2),
            Err(TreeError::BaseNotFinite { .. })
        ));
    }
}
