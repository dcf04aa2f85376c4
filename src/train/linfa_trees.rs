//! Decision trees by `linfa-trees`, alone or as a forest by `linfa-ensemble`,
//! lowered to [`TreeEnsemble`].
//!
//! linfa's trees answer with a class; here every leaf answers with the weighted
//! share of content among the training rows that end in it, which is what
//! selection needs.

use linfa::Dataset;
use linfa::traits::Fit;
use linfa_ensemble::{EnsembleLearnerParams, RandomForest};
use linfa_trees::{DecisionTree, TreeNode};
use ndarray::{Array2, Axis};
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::dataset::draw;
use super::{Learner, Rows, TrainError};
use crate::model::trees::{Link, Node, Tree, TreeEnsemble};

/// Rows drawn for one tree. linfa sorts every feature in every node, which
/// makes its cost the bound here.
const TREE_ROWS: usize = 60_000;
const TREE_DEPTH: usize = 10;
const TREE_LEAF: f32 = 30.0;

const FOREST_TREES: usize = 40;
const FOREST_ROWS: usize = 12_000;
const FOREST_FEATURES: f64 = 0.3;
const FOREST_DEPTH: usize = 14;
const FOREST_LEAF: f32 = 4.0;

pub(super) fn describe_tree() -> String {
    format!(
        "linfa-trees, depth {TREE_DEPTH}, leaf weight {TREE_LEAF}, {TREE_ROWS} rows drawn by weight"
    )
}

pub(super) fn describe_forest() -> String {
    format!(
        "linfa-ensemble, {FOREST_TREES} trees of depth {FOREST_DEPTH}, leaf weight {FOREST_LEAF}, \
         {FOREST_ROWS} rows drawn by weight and a share of {FOREST_FEATURES} of the features each"
    )
}

pub(super) fn fit_tree(rows: &Rows, seed: u64) -> Result<TreeEnsemble, TrainError> {
    let n = TREE_ROWS.min(rows.records.nrows() * 4);
    let (records, labels) = draw(rows, n, seed).ok_or(TrainError::NothingToLearn)?;
    let fitted = DecisionTree::params()
        .max_depth(Some(TREE_DEPTH))
        .min_weight_leaf(TREE_LEAF)
        .fit(&Dataset::new(records, labels))
        .map_err(Learner::Tree.failure())?;
    let every_feature: Vec<usize> = (0..rows.records.ncols()).collect();
    Ok(answer_with_shares(
        vec![lower(fitted.root_node(), &every_feature)],
        rows,
    ))
}

/// One forest of one tree for each draw, so that the draws, which carry the
/// weights, differ between trees and can be fitted in parallel.
pub(super) fn fit_forest(rows: &Rows, seed: u64) -> Result<TreeEnsemble, TrainError> {
    let n = FOREST_ROWS.min(rows.records.nrows() * 4);
    let trees = (0..FOREST_TREES as u64)
        .into_par_iter()
        .map(|tree| {
            let seed = seed.wrapping_mul(1_000).wrapping_add(tree);
            let (records, labels) = draw(rows, n, seed).ok_or(TrainError::NothingToLearn)?;
            let params = DecisionTree::params()
                .max_depth(Some(FOREST_DEPTH))
                .min_weight_leaf(FOREST_LEAF);
            let rng = Xoshiro256PlusPlus::seed_from_u64(seed);
            let forest: RandomForest<f32, usize> =
                EnsembleLearnerParams::new_fixed_rng(params, rng)
                    .ensemble_size(1)
                    .feature_proportion(FOREST_FEATURES)
                    .fit(&Dataset::new(records, labels))
                    .map_err(Learner::Forest.failure())?;
            Ok(forest
                .models
                .iter()
                .zip(&forest.model_features)
                .map(|(tree, features)| lower(tree.root_node(), features))
                .collect::<Vec<Tree>>())
        })
        .collect::<Result<Vec<_>, TrainError>>()?;
    Ok(answer_with_shares(trees.concat(), rows))
}

/// linfa's tree as a list of nodes, children after parents; leaves answer 0
/// still. `features` maps the tree's columns to those of the matrix.
fn lower(root: &TreeNode<f32, usize>, features: &[usize]) -> Tree {
    let mut nodes = Vec::new();
    let mut queue = std::collections::VecDeque::from([root]);
    let mut promised = 1_u32;
    while let Some(node) = queue.pop_front() {
        let children = node.children();
        match (children.first(), children.get(1)) {
            (Some(Some(left)), Some(Some(right))) if !node.is_leaf() => {
                let (feature, threshold, _) = node.split();
                nodes.push(Node::Split {
                    feature: features[feature] as u32,
                    // linfa sends x < split left, ours x <= threshold.
                    threshold: threshold.next_down(),
                    missing_left: true,
                    left: promised,
                    right: promised + 1,
                });
                promised += 2;
                queue.extend([&**left, &**right]);
            }
            _ => nodes.push(Node::Leaf { value: 0.0 }),
        }
    }
    Tree { nodes }
}

/// Gives every leaf the weighted share of content among the rows that end in
/// it, shrunk towards the share of all rows by the weight of two rows.
fn answer_with_shares(mut trees: Vec<Tree>, rows: &Rows) -> TreeEnsemble {
    let weight: f32 = rows.weights.sum();
    let prior = rows.weights.dot(&rows.targets) / weight.max(f32::MIN_POSITIVE);
    trees
        .par_iter_mut()
        .for_each(|tree| fill_leaves(tree, rows, prior));
    TreeEnsemble {
        base: 0.0,
        trees,
        link: Link::Identity,
    }
}

fn fill_leaves(tree: &mut Tree, rows: &Rows, prior: f32) {
    const SHRINK: f32 = 2.0;
    let mut sums = vec![(0.0_f64, 0.0_f64); tree.nodes.len()];
    let records: &Array2<f32> = &rows.records;
    for ((row, &label), &weight) in records
        .axis_iter(Axis(0))
        .zip(&rows.targets)
        .zip(&rows.weights)
    {
        let mut at = 0;
        while let Node::Split {
            feature,
            threshold,
            left,
            right,
            ..
        } = tree.nodes[at]
        {
            at = if row[feature as usize] <= threshold { left } else { right } as usize;
        }
        sums[at].0 += f64::from(weight * label);
        sums[at].1 += f64::from(weight);
    }
    for (node, (content, weight)) in tree.nodes.iter_mut().zip(sums) {
        if let Node::Leaf { value } = node {
            *value = (content as f32 + SHRINK * prior) / (weight as f32 + SHRINK);
        }
    }
}
