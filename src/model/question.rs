//! The questions that trees ask, answered for many rows at once.
//!
//! A question about a row is a bit: whether `row[feature] <= threshold`. The bits
//! of 64 rows are a word, and the answers to one question are an array of `W`
//! words. All thresholds of a feature are answered from its column alone: none
//! is compared where the column is one value (as those of the whole page are),
//! each is where they are few, and where they are many a row is placed among
//! them once, as the answers only grow from one threshold to the next.

use ndarray::ArrayView2;

use super::bitwise::ROWS;
use super::trees::{Node, Tree};

/// Thresholds of a feature up to which they are compared one by one.
const FEW: usize = 12;
/// Cells of the grid over the thresholds of a feature that has more.
const CELLS: usize = 256;
/// Thresholds of a cell that are compared whether they lie in it or not: most
/// cells have no more, so that there is no branch to guess wrong.
const PAIR: usize = 2;

/// All that trees ask, by feature and threshold.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Questions {
    asked: Vec<Asked>,
    /// How many there are.
    pub len: usize,
}

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
    /// The thresholds, and after them what no value is above.
    thresholds: Vec<f32>,
}

impl Questions {
    /// Of the numbers of all questions ([`number`]), ascending, each once.
    pub(super) fn of(numbers: &[u64]) -> Self {
        let mut asked: Vec<Asked> = Vec::new();
        for (question, &number) in numbers.iter().enumerate() {
            let (column, threshold) = asked_by(number);
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
        Self {
            asked,
            len: numbers.len(),
        }
    }

    /// Columns that a row must have.
    pub(super) fn columns(&self) -> usize {
        self.asked.last().map_or(0, |last| last.column + 1)
    }

    /// The bits of each question for at most `64 · W` rows, at least one, or
    /// false where a value is missing. `bits` are 0 before, one array a
    /// question; what they are beyond the last row means nothing.
    pub(super) fn answer<const W: usize>(
        &self,
        rows: ArrayView2<'_, f32>,
        bits: &mut [[u64; W]],
    ) -> bool {
        let mut room = [0.0; ROWS];
        for asked in &self.asked {
            let column = rows.column(asked.column);
            let values = match column.as_slice() {
                Some(values) => values,
                None => {
                    for (cell, &value) in room.iter_mut().zip(column) {
                        *cell = value;
                    }
                    &room[..rows.nrows()]
                }
            };
            // Without a branch for each.
            if values.iter().fold(false, |nan, x| nan | x.is_nan()) {
                return false;
            }
            asked.answer(
                values,
                &mut bits[asked.first..asked.first + asked.thresholds.len()],
            );
        }
        true
    }
}

impl Asked {
    /// The bits of its questions for values of which none is NaN.
    fn answer<const W: usize>(&self, values: &[f32], bits: &mut [[u64; W]]) {
        let Some(&first) = values.first() else {
            return;
        };
        let differs = |bits: u32, x: &f32| bits | (x.to_bits() ^ first.to_bits());
        if values.iter().fold(0, differs) == 0 {
            let below = self.thresholds.partition_point(|&t| t < first);
            bits[below..].fill([u64::MAX; W]);
        } else if let Some(grid) = &self.grid {
            grid.answer(values, bits);
        } else {
            let (whole, rest) = values.as_chunks::<64>();
            let mut last = [0.0; 64];
            last[..rest.len()].copy_from_slice(rest);
            let last = if rest.is_empty() { &[][..] } else { &[last] };
            for (bits, &threshold) in bits.iter_mut().zip(&self.thresholds) {
                for (word, values) in bits.iter_mut().zip(whole.iter().chain(last)) {
                    *word = at_most(values, threshold);
                }
            }
        }
    }
}

/// The bits of 64 values: whether each is at most `threshold`.
#[inline]
fn at_most(values: &[f32; 64], threshold: f32) -> u64 {
    let mut at_most = [0; 64];
    // Of known length, it is compared four at a time.
    for (one, &x) in at_most.iter_mut().zip(values) {
        *one = u8::from(x <= threshold);
    }
    let mut word = 0;
    for (at, &bytes) in at_most.as_chunks::<8>().0.iter().enumerate() {
        // Each byte is a bit, which the product moves into the highest byte.
        let packed = u64::from_le_bytes(bytes).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        word |= packed << (8 * at);
    }
    word
}

impl Grid {
    /// `None` where the thresholds span no width that can be divided.
    fn over(thresholds: &[f32]) -> Option<Self> {
        let (low, high) = (*thresholds.first()?, *thresholds.last()?);
        let scale = (CELLS - 1) as f32 / (high - low);
        if !scale.is_normal() {
            return None;
        }
        let mut grid = Self {
            low,
            scale,
            starts: vec![0; CELLS + 1],
            thresholds: thresholds.to_vec(),
        };
        grid.thresholds.extend([f32::INFINITY; PAIR]);
        for &threshold in thresholds {
            let cell = usize::from(grid.cell(threshold));
            grid.starts[cell + 1] += 1;
        }
        for cell in 0..CELLS {
            grid.starts[cell + 1] += grid.starts[cell];
        }
        Some(grid)
    }

    /// Never falls where `x` rises: a threshold in a cell before that of `x` is
    /// below `x`, and one in a later cell is above it.
    #[inline]
    fn cell(&self, x: f32) -> u8 {
        ((x - self.low) * self.scale)
            .max(0.0)
            .min((CELLS - 1) as f32) as u8
    }

    /// How many thresholds are below `x`, which lies in `cell`.
    #[inline]
    fn below(&self, cell: u8, x: f32) -> usize {
        let cell = usize::from(cell);
        let (start, end) = (self.starts[cell] as usize, self.starts[cell + 1] as usize);
        let is_below = |&t: &f32| usize::from(t < x);
        match self.thresholds[start..].first_chunk::<PAIR>() {
            Some([first, second]) if end - start <= PAIR => {
                start + is_below(first) + is_below(second)
            }
            _ => {
                start
                    + self.thresholds[start..end]
                        .iter()
                        .map(is_below)
                        .sum::<usize>()
            }
        }
    }

    #[allow(clippy::needless_range_loop)]
    fn answer<const W: usize>(&self, values: &[f32], bits: &mut [[u64; W]]) {
        let mut cells = [0; 64];
        for (word, values) in values.chunks(64).enumerate() {
            // First all cells, as they are found four at a time.
            for (cell, &x) in cells.iter_mut().zip(values) {
                *cell = self.cell(x);
            }
            for (row, &x) in values.iter().enumerate() {
                if let Some(bits) = bits.get_mut(self.below(cells[row % 64], x)) {
                    bits[word] |= 1 << row;
                }
            }
        }
        // What is not above a threshold is above none of the later ones.
        let mut so_far = [0; W];
        for bits in bits {
            for word in 0..W {
                so_far[word] |= bits[word];
            }
            *bits = so_far;
        }
    }
}

/// The numbers of all questions of trees, ascending, each once; `None` where a
/// threshold is no number.
pub(super) fn numbers(trees: &[Tree]) -> Option<Vec<u64>> {
    let mut numbers = Vec::new();
    for node in trees.iter().flat_map(|tree| &tree.nodes) {
        if let &Node::Split {
            feature, threshold, ..
        } = node
        {
            if threshold.is_nan() {
                return None;
            }
            numbers.push(number(feature, threshold));
        }
    }
    numbers.sort_unstable();
    numbers.dedup();
    Some(numbers)
}

/// A question as a number that ascends with feature and threshold.
pub(super) fn number(feature: u32, threshold: f32) -> u64 {
    // Zero has two signs and is one threshold.
    let bits = (threshold + 0.0).to_bits();
    let ascending = if threshold < 0.0 {
        !bits
    } else {
        bits | 1 << 31
    };
    u64::from(feature) << 32 | u64::from(ascending)
}

/// The feature and the threshold of [`number`].
fn asked_by(number: u64) -> (usize, f32) {
    let ascending = number as u32;
    let bits = if ascending >> 31 == 0 {
        !ascending
    } else {
        ascending & !(1 << 31)
    };
    ((number >> 32) as usize, f32::from_bits(bits))
}
