//! Trees of which the last answer only behind a gate ([`only_where`]): 0 unless one
//! feature is above a threshold. Where no row passes it they need not be walked, nor what
//! only they ask be answered. Those of profile `article` are such trees.

use ndarray::ArrayView2;

use super::bitwise::{Bitwise, Space};
use super::trees::{Node, Tree};

/// The tree that answers 0 unless `feature` is above `threshold`.
pub(crate) fn only_where(feature: u32, threshold: f32, tree: &Tree) -> Tree {
    const ADDED: u32 = 2;
    let gate = [
        Node::Split {
            feature,
            threshold,
            missing_left: true,
            left: 1,
            right: ADDED,
        },
        Node::Leaf { value: 0.0 },
    ];
    let moved = tree.nodes.iter().map(|&node| match node {
        Node::Split {
            feature,
            threshold,
            missing_left,
            left,
            right,
        } => Node::Split {
            feature,
            threshold,
            missing_left,
            left: left + ADDED,
            right: right + ADDED,
        },
        leaf => leaf,
    });
    Tree {
        nodes: gate.into_iter().chain(moved).collect(),
    }
}

/// Trees laid out for many rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gated {
    always: Bitwise,
    behind: Option<(Gate, Bitwise)>,
}

/// What a row's value must be above.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Gate {
    feature: u32,
    threshold: f32,
}

impl Gate {
    /// The gate that a tree stands behind.
    fn of(tree: &Tree) -> Option<Self> {
        match *tree.nodes.first()? {
            Node::Split {
                feature,
                threshold,
                left,
                ..
            } => match tree.nodes.get(left as usize)? {
                Node::Leaf { value: 0.0 } => Some(Self { feature, threshold }),
                _ => None,
            },
            Node::Leaf { .. } => None,
        }
    }

    /// Whether any row may pass; one without a value may.
    fn is_open(&self, rows: ArrayView2<'_, f32>) -> bool {
        let column = rows.column(self.feature as usize);
        !column.iter().all(|&x| x <= self.threshold)
    }
}

impl Gated {
    /// `None` for trees of which [`Bitwise`] has no layout.
    pub(super) fn of(trees: &[Tree]) -> Option<Self> {
        let gate = trees.last().and_then(Gate::of);
        let same = |tree: &&Tree| gate.is_some() && Gate::of(tree) == gate;
        let behind = trees.iter().rev().take_while(same).count();
        let (always, behind) = trees.split_at(trees.len() - behind);
        Some(Self {
            always: Bitwise::of(always)?,
            behind: match gate {
                Some(gate) => Some((gate, Bitwise::of(behind)?)),
                None => None,
            },
        })
    }

    /// As [`Bitwise::add`]. A sum of −0 may stay so, to which a tree behind the gate
    /// would have added 0.
    pub(super) fn add(
        &self,
        rows: ArrayView2<'_, f32>,
        sums: &mut [f32],
        space: &mut Space,
    ) -> bool {
        let Some((gate, behind)) = &self.behind else {
            return self.always.add(rows, sums, space);
        };
        if rows.ncols() <= gate.feature as usize {
            return false;
        }
        if !gate.is_open(rows) {
            return self.always.add(rows, sums, space);
        }
        let mut added = sums.to_vec();
        let all = self.always.add(rows, &mut added, space) && behind.add(rows, &mut added, space);
        if all {
            sums.copy_from_slice(&added);
        }
        all
    }
}
