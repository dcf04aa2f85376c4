//! Trees laid out so that 64 rows walk them at once.
//!
//! A question about a row is a bit: whether `row[feature] <= threshold`. For 64
//! rows the bits of one question are a word, and the rows that reach a node are
//! a word too: those that reach its left child are `reach & bits`, those that
//! reach its right child `reach & !bits`. A tree is walked once for all rows, by
//! a few instructions a node and without a branch to guess. The words of all
//! thresholds of a feature come from one look-up a row: `bits` only grow from
//! one threshold to the next. The idea of bit vectors for trees is QuickScorer's
//! (Lucchese et al. 2015, *QuickScorer*, §3), which has a bit for each leaf where
//! this has one for each row.

use super::trees::{Node, Tree};

/// Rows that walk together: the bits of a word.
pub(super) const ROWS: usize = 64;

/// Thresholds of a feature up to which they are compared one by one.
const FEW: usize = 8;
/// Cells of the grid over the thresholds of a feature that has more.
const CELLS: usize = 256;

/// The thresholds that the trees ask of one feature.
#[derive(Debug, Clone, PartialEq)]
struct Asked {
    column: usize,
    /// The first of its questions; they ascend with the thresholds.
    first: usize,
    thresholds: Vec<f32>,
    grid: Option<Grid>,
}

/// Where thresholds lie, by cells of equal width.
#[derive(Debug, Clone, PartialEq)]
struct Grid {
    low: f32,
    scale: f32,
    /// For each cell how many thresholds lie in those before it.
    starts: Vec<u32>,
}

impl Grid {
    /// `None` where the thresholds span no width that can be divided.
    fn over(thresholds: &[f32]) -> Option<Self> {
        let (low, high) = (*thresholds.first()?, *thresholds.last()?);
        let scale = CELLS as f32 / (high - low);
        if !scale.is_normal() {
            return None;
        }
        let mut grid = Self {
            low,
            scale,
            starts: vec![0; CELLS + 1],
        };
        for &threshold in thresholds {
            let cell = grid.cell(threshold);
            grid.starts[cell + 1] += 1;
        }
        for cell in 0..CELLS {
            grid.starts[cell + 1] += grid.starts[cell];
        }
        Some(grid)
    }

    /// Never falls where `x` rises: a threshold in a cell before that of `x` is
    /// below `x`.
    #[inline]
    fn cell(&self, x: f32) -> usize {
        (((x - self.low) * self.scale) as usize).min(CELLS - 1)
    }

    #[inline]
    fn near(&self, x: f32) -> std::ops::Range<usize> {
        let cell = self.cell(x);
        self.starts[cell] as usize..self.starts[cell + 1] as usize
    }
}

impl Asked {
    /// How many thresholds are below `x`, which is no NaN.
    #[inline]
    fn below(&self, x: f32) -> usize {
        let near = match &self.grid {
            None => 0..self.thresholds.len(),
            Some(grid) => grid.near(x),
        };
        let start = near.start;
        let near = &self.thresholds[near];
        start
            + if near.len() <= FEW {
                near.iter().map(|&t| usize::from(t < x)).sum::<usize>()
            } else {
                near.partition_point(|&t| t < x)
            }
    }
}

/// Where an answer leads.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Next {
    /// To an inner node, by its place among those of the tree.
    Inner(u8),
    Leaf(f32),
}

/// An inner node of a tree.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Inner {
    question: u32,
    left: Next,
    right: Next,
}

/// Inner nodes that a tree may have.
const MOST: usize = 256;

/// Trees by their questions.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bitwise {
    asked: Vec<Asked>,
    questions: usize,
    /// The inner nodes of all trees, one tree after the other.
    inner: Vec<Inner>,
    /// For each tree where it begins, and where its inner nodes end.
    trees: Vec<(Next, usize)>,
    /// Columns that a row must have.
    columns: usize,
}

impl Bitwise {
    /// `None` for trees that cannot be walked so: those of which a child does
    /// not stand after its one parent, a threshold is no number, or that have
    /// more than [`MOST`] inner nodes.
    pub(super) fn of(trees: &[Tree]) -> Option<Self> {
        let mut asks: Vec<u64> = Vec::new();
        for Tree { nodes } in trees {
            if nodes.is_empty() {
                return None;
            }
            let mut parents = vec![0; nodes.len()];
            for (at, node) in nodes.iter().enumerate() {
                let &Node::Split {
                    feature,
                    threshold,
                    left,
                    right,
                    ..
                } = node
                else {
                    continue;
                };
                for child in [left as usize, right as usize] {
                    let parents = parents.get_mut(child).filter(|_| child > at)?;
                    *parents += 1;
                    if *parents > 1 {
                        return None;
                    }
                }
                if threshold.is_nan() {
                    return None;
                }
                asks.push(ask(feature, threshold));
            }
        }
        asks.sort_unstable();
        asks.dedup();
        let mut asked: Vec<Asked> = Vec::new();
        for (question, &ask) in asks.iter().enumerate() {
            let (column, threshold) = asked_by(ask);
            match asked.last_mut() {
                Some(last) if last.column == column => last.thresholds.push(threshold),
                _ => asked.push(Asked {
                    column,
                    first: question,
                    thresholds: vec![threshold],
                    grid: None,
                }),
            }
        }
        for one in asked.iter_mut().filter(|one| one.thresholds.len() > FEW) {
            one.grid = Grid::over(&one.thresholds);
        }
        let mut inner = Vec::new();
        let mut begins = Vec::with_capacity(trees.len());
        for Tree { nodes } in trees {
            let mut places = 0..MOST;
            let next: Option<Vec<Next>> = nodes
                .iter()
                .map(|node| match *node {
                    Node::Leaf { value } => Some(Next::Leaf(value)),
                    Node::Split { .. } => places.next().map(|place| Next::Inner(place as u8)),
                })
                .collect();
            let next = next?;
            for node in nodes {
                if let Node::Split {
                    feature,
                    threshold,
                    left,
                    right,
                    ..
                } = *node
                {
                    let own = ask(feature, threshold);
                    let question = asks.partition_point(|&ask| ask < own);
                    inner.push(Inner {
                        question: question as u32,
                        left: next[left as usize],
                        right: next[right as usize],
                    });
                }
            }
            begins.push((next[0], inner.len()));
        }
        Some(Self {
            columns: asked.last().map_or(0, |last| last.column + 1),
            asked,
            questions: asks.len(),
            inner,
            trees: begins,
        })
    }

    /// Space to walk in, for any number of calls.
    pub(super) fn space(&self) -> Space {
        Space {
            bits: vec![0; self.questions],
            reach: [0; MOST],
            sums: [0.0; ROWS],
        }
    }

    /// Adds to each sum what the trees say of its row, tree by tree, and says
    /// that it has; or does nothing where a value is missing that could be
    /// asked for. `rows` holds the rows one after the other, at most [`ROWS`].
    pub(super) fn add(
        &self,
        rows: &[f32],
        columns: usize,
        sums: &mut [f32],
        space: &mut Space,
    ) -> bool {
        if columns < self.columns || !self.answer(rows, columns, &mut space.bits) {
            return false;
        }
        let all = u64::MAX >> (ROWS - sums.len());
        let Space {
            bits,
            reach,
            sums: totals,
        } = space;
        totals[..sums.len()].copy_from_slice(sums);
        let mut start = 0;
        for &(begin, end) in &self.trees {
            go(begin, all, reach, totals);
            // A node stands after its parent: all that reach it are known.
            for (at, node) in self.inner[start..end].iter().enumerate() {
                let here = reach[at % MOST];
                let bits = bits[node.question as usize];
                go(node.left, here & bits, reach, totals);
                go(node.right, here & !bits, reach, totals);
            }
            start = end;
        }
        sums.copy_from_slice(&totals[..sums.len()]);
        true
    }

    /// The bits of each question, or false where a value is missing.
    fn answer(&self, rows: &[f32], columns: usize, bits: &mut [u64]) -> bool {
        bits.fill(0);
        for asked in &self.asked {
            let bits = &mut bits[asked.first..asked.first + asked.thresholds.len()];
            // Values often are those of the row before.
            let (mut before, mut below) = (f32::NAN, 0);
            for (row, values) in rows.chunks_exact(columns).enumerate() {
                let x = values[asked.column];
                if x != before {
                    if x.is_nan() {
                        return false;
                    }
                    (before, below) = (x, asked.below(x));
                }
                if let Some(bits) = bits.get_mut(below) {
                    *bits |= 1 << row;
                }
            }
            // What is not above a threshold is above none of the later ones.
            let mut so_far = 0;
            for bits in bits {
                so_far |= *bits;
                *bits = so_far;
            }
        }
        true
    }
}

/// A question as a number that ascends with feature and threshold.
fn ask(feature: u32, threshold: f32) -> u64 {
    // Zero has two signs and is one threshold.
    let bits = (threshold + 0.0).to_bits();
    let ascending = if threshold < 0.0 {
        !bits
    } else {
        bits | 1 << 31
    };
    u64::from(feature) << 32 | u64::from(ascending)
}

/// The feature and the threshold of [`ask`].
fn asked_by(ask: u64) -> (usize, f32) {
    let ascending = ask as u32;
    let bits = if ascending >> 31 == 0 {
        !ascending
    } else {
        ascending & !(1 << 31)
    };
    ((ask >> 32) as usize, f32::from_bits(bits))
}

/// Takes the rows whose bits are set where an answer leads.
#[inline(always)]
fn go(next: Next, mut rows: u64, reach: &mut [u64; MOST], sums: &mut [f32; ROWS]) {
    match next {
        Next::Inner(node) => reach[usize::from(node)] = rows,
        Next::Leaf(value) => {
            while rows != 0 {
                sums[rows.trailing_zeros() as usize % ROWS] += value;
                rows &= rows - 1;
            }
        }
    }
}

/// What [`Bitwise::add`] works in.
#[derive(Debug)]
pub(super) struct Space {
    /// For each question the rows that it sends left.
    bits: Vec<u64>,
    /// For each inner node of a tree the rows that reach it.
    reach: [u64; MOST],
    sums: [f32; ROWS],
}
