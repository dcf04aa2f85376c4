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

/// A node of a tree: a question and where its answers lead, or a leaf.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Ask {
        question: u32,
        left: u32,
        right: u32,
    },
    Leaf(f32),
}

/// Trees by their questions.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bitwise {
    asked: Vec<Asked>,
    questions: usize,
    /// The nodes of all trees, one tree after the other.
    steps: Vec<Step>,
    /// Where each tree ends among them.
    ends: Vec<usize>,
    /// The most nodes that a tree has.
    most: usize,
    /// Columns that a row must have.
    columns: usize,
}

impl Bitwise {
    /// `None` for trees that cannot be walked so: those of which a child does
    /// not stand after its parent, or a threshold is no number.
    pub(super) fn of(trees: &[Tree]) -> Option<Self> {
        let mut asks: Vec<(u32, f32)> = Vec::new();
        for Tree { nodes } in trees {
            if nodes.is_empty() {
                return None;
            }
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
                let follows = |child: u32| (at + 1..nodes.len()).contains(&(child as usize));
                if !follows(left) || !follows(right) || threshold.is_nan() {
                    return None;
                }
                asks.push((feature, threshold));
            }
        }
        // Zero has two signs and is one threshold.
        asks.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        asks.dedup();
        let mut asked: Vec<Asked> = Vec::new();
        for (question, &(feature, threshold)) in asks.iter().enumerate() {
            let column = feature as usize;
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
        let mut steps = Vec::new();
        let mut ends = Vec::with_capacity(trees.len());
        for node in trees.iter().flat_map(|tree| &tree.nodes) {
            steps.push(match *node {
                Node::Leaf { value } => Step::Leaf(value),
                Node::Split {
                    feature,
                    threshold,
                    left,
                    right,
                    ..
                } => Step::Ask {
                    question: asks.partition_point(|&(f, t)| (f, t) < (feature, threshold)) as u32,
                    left,
                    right,
                },
            });
        }
        let mut end = 0;
        for tree in trees {
            end += tree.nodes.len();
            ends.push(end);
        }
        Some(Self {
            columns: asked.last().map_or(0, |last| last.column + 1),
            asked,
            questions: asks.len(),
            steps,
            ends,
            most: trees.iter().map(|tree| tree.nodes.len()).max().unwrap_or(0),
        })
    }

    /// Space to walk in, for any number of calls.
    pub(super) fn space(&self) -> Space {
        Space {
            bits: vec![0; self.questions],
            reach: vec![0; self.most],
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
        let mut start = 0;
        for &end in &self.ends {
            let steps = &self.steps[start..end];
            let reach = &mut space.reach[..steps.len()];
            reach.fill(0);
            reach[0] = all;
            for (at, step) in steps.iter().enumerate() {
                let here = reach[at];
                match *step {
                    Step::Ask {
                        question,
                        left,
                        right,
                    } => {
                        let bits = space.bits[question as usize];
                        reach[left as usize] |= here & bits;
                        reach[right as usize] |= here & !bits;
                    }
                    Step::Leaf(value) => {
                        let mut here = here;
                        while here != 0 {
                            sums[here.trailing_zeros() as usize] += value;
                            here &= here - 1;
                        }
                    }
                }
            }
            start = end;
        }
        true
    }

    /// The bits of each question, or false where a value is missing.
    fn answer(&self, rows: &[f32], columns: usize, bits: &mut [u64]) -> bool {
        bits.fill(0);
        for asked in &self.asked {
            let bits = &mut bits[asked.first..asked.first + asked.thresholds.len()];
            for (row, values) in rows.chunks_exact(columns).enumerate() {
                let x = values[asked.column];
                if x.is_nan() {
                    return false;
                }
                if let Some(bits) = bits.get_mut(asked.below(x)) {
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

/// Words that [`Bitwise::add`] works in.
#[derive(Debug)]
pub(super) struct Space {
    /// For each question the rows that it sends left.
    bits: Vec<u64>,
    /// For each node of a tree the rows that reach it.
    reach: Vec<u64>,
}
