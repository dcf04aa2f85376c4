//! Derivatives of the rows → one tree, grown leaf by leaf.
//!
//! The leaf whose best split gains most is split next, until the tree has its
//! leaves or no split gains (Shi 2007, "Best-first decision tree learning").
//! Tasks run over groups of features; what they find does not depend on which
//! thread ran them.

use std::ops::Range;

use rand::{RngCore, SeedableRng};
use rand_xoshiro::SplitMix64;
use rayon::prelude::*;

use super::GradientBoostingValidParams;
use super::bins::{BinnedRecords, LANES};
use super::gradient::{Sums, minus, total};
use super::histogram::{GroupSample, Histogram, clear, subtract};
use super::partition::Question;
use super::split::{Split, SplitRules};
use crate::model::trees::{Node, Tree};

/// Histograms of a leaf: for every group sampled, those of its lanes.
type LeafHistograms = Vec<Vec<Histogram>>;

/// Some of the rows, and the node that they are at.
#[derive(Debug, Clone, Copy)]
struct Leaf {
    node: usize,
    depth: usize,
    /// Where its rows start among those of the tree.
    start: usize,
    sums: Sums,
}

/// A leaf with the split that gains most.
struct OpenLeaf {
    leaf: Leaf,
    split: Split,
    histograms: LeafHistograms,
}

/// The leaves of a tree as it grows.
#[derive(Default)]
struct Frontier {
    open: Vec<OpenLeaf>,
    closed: Vec<Leaf>,
    /// Histograms that no leaf needs any more.
    spare: Vec<LeafHistograms>,
}

impl Frontier {
    fn add(&mut self, leaf: Leaf, split: Option<Split>, histograms: LeafHistograms) {
        match split {
            Some(split) => self.open.push(OpenLeaf {
                leaf,
                split,
                histograms,
            }),
            None => {
                self.closed.push(leaf);
                self.spare.push(histograms);
            }
        }
    }

    /// The leaf whose split gains most; of equal ones the oldest.
    fn pop(&mut self) -> Option<OpenLeaf> {
        let order = |a: &OpenLeaf, b: &OpenLeaf| {
            let gain = a.split.gain.total_cmp(&b.split.gain);
            gain.then(b.leaf.node.cmp(&a.leaf.node))
        };
        let best = (0..self.open.len()).max_by(|&a, &b| order(&self.open[a], &self.open[b]))?;
        Some(self.open.swap_remove(best))
    }

    /// Closes what is open, and gives all leaves in the order of their rows.
    fn finish(&mut self) -> Vec<Leaf> {
        for open in self.open.drain(..) {
            self.closed.push(open.leaf);
            self.spare.push(open.histograms);
        }
        let mut leaves = std::mem::take(&mut self.closed);
        leaves.sort_unstable_by_key(|leaf| leaf.start);
        leaves
    }
}

/// A tree, and what growing it showed.
#[derive(Debug)]
pub(super) struct Grown {
    pub tree: Tree,
    /// For every split its column of the records and what it gained.
    pub gains: Vec<(usize, f64)>,
    /// For every leaf its value and its rows, as a range of those given, which
    /// have been put in the order of the leaves.
    pub leaves: Vec<(f32, Range<usize>)>,
}

/// Grows trees over the same records, and reuses its memory.
pub(super) struct Grower<'a> {
    params: &'a GradientBoostingValidParams,
    binned: &'a BinnedRecords,
    rules: SplitRules,
    frontier: Frontier,
    scratch: Vec<u32>,
    /// Seed of the tree's thresholds, where they are drawn.
    draws: Option<u64>,
}

impl<'a> Grower<'a> {
    pub fn new(
        params: &'a GradientBoostingValidParams,
        binned: &'a BinnedRecords,
        rules: SplitRules,
    ) -> Self {
        Self {
            params,
            binned,
            rules,
            frontier: Frontier::default(),
            scratch: Vec::new(),
            draws: None,
        }
    }

    /// Grows one tree on `rows`, asking only the features of `groups`. `sums`
    /// holds the derivatives of all rows, `draws` the seed of thresholds that
    /// are drawn.
    pub fn grow(
        &mut self,
        rows: &mut [u32],
        sums: &[Sums],
        groups: &[GroupSample],
        draws: Option<u64>,
    ) -> Grown {
        self.draws = draws;
        self.scratch.resize(rows.len(), 0);
        let root = Leaf {
            node: 0,
            depth: 0,
            start: 0,
            sums: total(rows, sums),
        };
        let mut histograms = self.histograms();
        let counted = (&root, &mut histograms);
        let (split, _) = self.search(rows, sums, groups, counted, None);
        self.frontier.add(root, split, histograms);

        let mut nodes = vec![Node::Leaf { value: 0.0 }];
        let mut gains = Vec::new();
        while gains.len() + 1 < self.params.max_leaves
            && let Some(open) = self.frontier.pop()
        {
            let OpenLeaf { leaf, split, .. } = open;
            let [left, right] = self.divide(leaf, &split, nodes.len(), rows);
            nodes[leaf.node] = self.node(&split, left.node, right.node);
            nodes.extend([Node::Leaf { value: 0.0 }; 2]);
            gains.push((self.binned.features[split.feature].column, split.gain));

            let (small, large) = match self.rules.rows(left.sums) <= self.rules.rows(right.sums) {
                true => (left, right),
                false => (right, left),
            };
            let mut of_small = self.histograms();
            let mut of_large = open.histograms;
            let last = gains.len() + 1 == self.params.max_leaves;
            let (small_split, large_split) = if last || !self.may_split(&large) {
                (None, None)
            } else {
                let counted = (&small, &mut of_small);
                self.search(rows, sums, groups, counted, Some((&large, &mut of_large)))
            };
            self.frontier.add(small, small_split, of_small);
            self.frontier.add(large, large_split, of_large);
        }

        let leaves = self.frontier.finish();
        let leaves = leaves
            .iter()
            .map(|leaf| {
                let step = f64::from(self.params.learning_rate);
                let value = (step * self.rules.leaf_value(leaf.sums)) as f32;
                nodes[leaf.node] = Node::Leaf { value };
                (value, self.rows_of(leaf))
            })
            .collect();
        Grown {
            tree: Tree { nodes },
            gains,
            leaves,
        }
    }

    fn rows_of(&self, leaf: &Leaf) -> Range<usize> {
        leaf.start..leaf.start + self.rules.rows(leaf.sums)
    }

    fn may_split(&self, leaf: &Leaf) -> bool {
        let shallow = self.params.max_depth.is_none_or(|most| leaf.depth < most);
        shallow && self.rules.may_split(leaf.sums)
    }

    /// What the leaf's threshold of a feature is drawn by: the same number
    /// whichever thread asks.
    fn draw(&self, leaf: &Leaf, feature: usize) -> Option<u64> {
        let place = (leaf.node as u64) << 32 | feature as u64;
        self.draws
            .map(|seed| SplitMix64::seed_from_u64(seed ^ place).next_u64())
    }

    /// Histograms to write to, with whatever they last held.
    fn histograms(&mut self) -> LeafHistograms {
        self.frontier.spare.pop().unwrap_or_else(|| {
            let groups = self.binned.features.chunks(LANES);
            groups
                .map(|features| vec![[[0; 2]; _]; features.len()])
                .collect()
        })
    }

    /// The best splits of a leaf, whose rows are counted, and of its sister,
    /// whose histograms still are their parent's and become its own.
    fn search(
        &self,
        rows: &[u32],
        sums: &[Sums],
        groups: &[GroupSample],
        (leaf, histograms): (&Leaf, &mut LeafHistograms),
        sister: Option<(&Leaf, &mut LeafHistograms)>,
    ) -> (Option<Split>, Option<Split>) {
        let rows = &rows[self.rows_of(leaf)];
        let sister_leaf = sister.as_ref().map(|&(leaf, _)| leaf);
        let mut of_sister: Vec<Option<&mut Vec<Histogram>>> = match sister {
            Some((_, histograms)) => histograms.iter_mut().map(Some).collect(),
            None => groups.iter().map(|_| None).collect(),
        };
        let found: Vec<(Option<Split>, Option<Split>)> = groups
            .par_iter()
            .zip(histograms)
            .zip(&mut of_sister)
            .map(|((group, own), of_sister)| {
                let features = || group.features(&self.binned.features);
                for ((_, feature), own) in features().zip(own.iter_mut()) {
                    clear(own, feature);
                }
                group.count(self.binned.group(group.group), rows, sums, own);
                if let Some(of_sister) = of_sister {
                    for ((_, feature), (own, parent)) in
                        features().zip(own.iter().zip(of_sister.iter_mut()))
                    {
                        subtract(parent, own, feature);
                    }
                }
                let best = |leaf: &Leaf, histograms: &[Histogram]| {
                    let splits = features().zip(histograms).map(|((i, feature), histogram)| {
                        let draw = self.draw(leaf, i);
                        self.rules
                            .best(histogram, feature.n_bins(), i, leaf.sums, draw)
                    });
                    splits.fold(None, better)
                };
                let of_leaf = self.may_split(leaf).then(|| best(leaf, own));
                let of_sister = sister_leaf
                    .filter(|leaf| self.may_split(leaf))
                    .zip(of_sister.as_ref())
                    .and_then(|(leaf, histograms)| best(leaf, histograms));
                (of_leaf.flatten(), of_sister)
            })
            .collect();
        found
            .into_iter()
            .fold((None, None), |(a, b), (c, d)| (better(a, c), better(b, d)))
    }

    /// Sends the leaf's rows left and right; the children are nodes `next` and
    /// `next + 1`.
    fn divide(&mut self, leaf: Leaf, split: &Split, next: usize, rows: &mut [u32]) -> [Leaf; 2] {
        let range = self.rows_of(&leaf);
        let missing = self.binned.features[split.feature].n_bins();
        let question = Question {
            lane: split.feature % LANES,
            goes_left: std::array::from_fn(|bin| match bin == missing {
                true => split.missing_left,
                false => bin <= split.bin,
            }),
        };
        let n_left = question.divide(
            self.binned.group(split.feature / LANES),
            &mut rows[range.clone()],
            &mut self.scratch[range],
        );
        let child = |node, start, sums| Leaf {
            node,
            depth: leaf.depth + 1,
            start,
            sums,
        };
        let right = minus(leaf.sums, split.left);
        [
            child(next, leaf.start, split.left),
            child(next + 1, leaf.start + n_left, right),
        ]
    }

    /// The split as a question about raw values.
    fn node(&self, split: &Split, left: usize, right: usize) -> Node {
        let feature = &self.binned.features[split.feature];
        Node::Split {
            feature: feature.column as u32,
            // Past the last edge: all values against missing ones.
            threshold: feature.edges.get(split.bin).copied().unwrap_or(f32::MAX),
            missing_left: split.missing_left,
            left: left as u32,
            right: right as u32,
        }
    }
}

/// The split that gains more; of equal ones the first.
fn better(a: Option<Split>, b: Option<Split>) -> Option<Split> {
    match (a, b) {
        (Some(a), Some(b)) if b.gain > a.gain => Some(b),
        (None, b) => b,
        (a, _) => a,
    }
}
