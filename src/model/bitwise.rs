//! Trees laid out so that many rows walk them at once.
//!
//! The answers to a question ([`super::question`]) are words with a bit a row,
//! and the rows that reach a node are words too: those that reach its left child
//! are `reach & bits`, those that reach its right child `reach & !bits`. A tree
//! is walked once for all rows, by a few instructions a node and without a branch
//! to guess. The idea of bit vectors for trees is QuickScorer's (Lucchese et al.
//! 2015, *QuickScorer*, §3), which has a bit for each leaf where this has one for
//! each row.
//!
//! Which leaf a row ends in is told by a code: each leaf of a tree has one, that
//! of the first leaf below a node is the node's, and a row that goes right takes
//! on the bits by which its new node's code differs. So the codes of all rows are
//! a few words, bit by bit, which become bytes when the tree is done; no leaf is
//! ever looked for. Then each row adds what its leaves say, eight trees at a
//! time, in their order: the sums are the same bits as row by row.

use ndarray::ArrayView2;

use super::question::{self, Questions};
use super::trees::{Node, Tree};

/// Rows that walk together, at most. More would be fewer instructions a row,
/// but the answers of 10,000 questions would leave the near caches.
pub(super) const ROWS: usize = 256;

/// Trees whose values are added together: a row's sum stays in a register.
const BATCH: usize = 8;

/// An inner node of a tree.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Inner {
    question: u32,
    /// Places of its children among the inner nodes of the tree, or [`NOWHERE`].
    left: u8,
    right: u8,
    /// A bit of the code that turns for those that go right.
    flip: u8,
    /// The others, mostly none.
    flips: u8,
}

/// Inner nodes that a tree may have.
const MOST: usize = 255;
/// Where rows go that reach a leaf.
const NOWHERE: u8 = 255;
/// Places of inner nodes, and one for nowhere.
const PLACES: usize = MOST + 1;

/// Where the inner nodes of a tree end: first those with an inner child, then
/// those between two leaves, from which no row need be led on.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ends {
    forks: usize,
    twigs: usize,
}

/// Bits of a code where all trees have at most 32 leaves, and where some have
/// more.
const NARROW: usize = 5;
const WIDE: usize = 8;

/// Trees by their questions.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bitwise {
    questions: Questions,
    /// The inner nodes of all trees, one tree after the other.
    inner: Vec<Inner>,
    trees: Vec<Ends>,
    /// For each tree the values of its leaves, by their codes.
    values: Vec<f32>,
    code_bits: usize,
}

impl Bitwise {
    /// `None` for trees that cannot be walked so: those of which a child does
    /// not stand after its one parent, a threshold is no number, or that have
    /// more than [`MOST`] inner nodes.
    pub(super) fn of(trees: &[Tree]) -> Option<Self> {
        let numbers = question::numbers(trees)?;
        let most = trees.iter().map(|tree| tree.nodes.len()).max().unwrap_or(0);
        // A tree of n leaves has 2n − 1 nodes.
        let code_bits = if most <= 2 << NARROW { NARROW } else { WIDE };
        let mut laid_out = Self {
            questions: Questions::of(&numbers),
            inner: Vec::new(),
            trees: Vec::with_capacity(trees.len()),
            values: vec![0.0; trees.len() << code_bits],
            code_bits,
        };
        // What sets two codes apart, fewest bits first.
        let mut apart: Vec<u8> = (0..=u8::MAX >> (8 - code_bits)).collect();
        apart.sort_by_key(|bits| bits.count_ones());
        for (at, tree) in trees.iter().enumerate() {
            laid_out.lay_out(at, tree, &numbers, &apart)?;
        }
        Some(laid_out)
    }

    fn lay_out(&mut self, at: usize, tree: &Tree, numbers: &[u64], apart: &[u8]) -> Option<()> {
        let nodes = &tree.nodes;
        let codes = codes(nodes, apart)?;
        let values = &mut self.values[at << self.code_bits..];
        let is_leaf = |child: u32| matches!(nodes[child as usize], Node::Leaf { .. });
        let (mut forks, mut twigs) = (Vec::new(), Vec::new());
        for (at, node) in nodes.iter().enumerate() {
            match *node {
                Node::Leaf { value } => values[usize::from(codes[at])] = value,
                Node::Split { left, right, .. } if is_leaf(left) && is_leaf(right) => {
                    twigs.push(at);
                }
                Node::Split { .. } => forks.push(at),
            }
        }
        if forks.len() + twigs.len() > MOST {
            return None;
        }
        let mut places = vec![NOWHERE; nodes.len()];
        for (place, &at) in forks.iter().chain(&twigs).enumerate() {
            places[at] = place as u8;
        }
        for &at in forks.iter().chain(&twigs) {
            if let Node::Split {
                feature,
                threshold,
                left,
                right,
                ..
            } = nodes[at]
            {
                let own = question::number(feature, threshold);
                let flips = codes[at] ^ codes[right as usize];
                self.inner.push(Inner {
                    question: numbers.partition_point(|&number| number < own) as u32,
                    left: places[left as usize],
                    right: places[right as usize],
                    flip: flips.trailing_zeros() as u8,
                    flips: flips & (flips - 1),
                });
            }
        }
        self.trees.push(Ends {
            forks: self.inner.len() - twigs.len(),
            twigs: self.inner.len(),
        });
        Some(())
    }

    /// Adds to each sum what the trees say of its row, tree by tree, and says
    /// that it has; or does nothing where a value is missing that could be
    /// asked for. At most [`ROWS`] rows, with as many sums; those of a matrix
    /// that lies column by column are read sooner.
    pub(super) fn add(
        &self,
        rows: ArrayView2<'_, f32>,
        sums: &mut [f32],
        space: &mut Space,
    ) -> bool {
        if rows.ncols() < self.questions.columns() {
            return false;
        }
        match sums.len().div_ceil(64) {
            0 => true,
            1 => self.add_by::<1>(rows, sums, space),
            2 => self.add_by::<2>(rows, sums, space),
            3 => self.add_by::<3>(rows, sums, space),
            _ => self.add_by::<4>(rows, sums, space),
        }
    }

    /// The same for rows of `W` words.
    fn add_by<const W: usize>(
        &self,
        rows: ArrayView2<'_, f32>,
        sums: &mut [f32],
        space: &mut Space,
    ) -> bool {
        space.bits.clear();
        space.bits.resize(self.questions.len * W, 0);
        let bits = space.bits.as_chunks_mut::<W>().0;
        if !self.questions.answer(rows, bits) {
            return false;
        }
        if self.code_bits == NARROW {
            self.walk::<W, NARROW, { 1 << NARROW }>(bits, sums);
        } else {
            self.walk::<W, WIDE, { 1 << WIDE }>(bits, sums);
        }
        true
    }

    #[allow(clippy::needless_range_loop)]
    fn walk<const W: usize, const BITS: usize, const CODES: usize>(
        &self,
        bits: &[[u64; W]],
        sums: &mut [f32],
    ) {
        let mut codes = [[0; ROWS]; BATCH];
        // All rows reach a root, which stands first.
        let mut reach = [[u64::MAX; W]; PLACES];
        let values = self.values.as_chunks::<CODES>().0;
        let mut start = 0;
        for (trees, values) in self.trees.chunks(BATCH).zip(values.chunks(BATCH)) {
            for (&Ends { forks, twigs }, codes) in trees.iter().zip(&mut codes) {
                let (forks, twigs) = (&self.inner[start..forks], &self.inner[forks..twigs]);
                start += forks.len() + twigs.len();
                let planes = ends(forks, twigs, bits, &mut reach);
                let codes = &mut codes.as_chunks_mut::<8>().0[..sums.len().div_ceil(8)];
                for (at, codes) in codes.iter_mut().enumerate() {
                    let (word, byte) = (at / 8 % W, at % 8 * 8);
                    let mut spread = 0;
                    for (bit, plane) in planes[..BITS].iter().enumerate() {
                        spread |= SPREAD[usize::from((plane[word] >> byte) as u8)] << bit;
                    }
                    *codes = spread.to_le_bytes();
                }
            }
            match <&[[f32; CODES]; BATCH]>::try_from(values) {
                Ok(values) => {
                    for (row, sum) in sums.iter_mut().enumerate() {
                        let mut so_far = *sum;
                        for tree in 0..BATCH {
                            let code = usize::from(codes[tree][row % ROWS]);
                            so_far += values[tree][code % CODES];
                        }
                        *sum = so_far;
                    }
                }
                Err(_) => {
                    for (values, codes) in values.iter().zip(&codes) {
                        for (sum, &code) in sums.iter_mut().zip(codes) {
                            *sum += values[usize::from(code) % CODES];
                        }
                    }
                }
            }
        }
    }
}

/// The codes that the rows of a tree end with, by bits: bit `b` of all rows is
/// the word `b`. Words are counted, as chains of iterators over four of them are
/// not always made straight code: 12.7 million instructions a page, for 4.7.
#[inline]
#[allow(clippy::needless_range_loop)]
fn ends<const W: usize>(
    forks: &[Inner],
    twigs: &[Inner],
    bits: &[[u64; W]],
    reach: &mut [[u64; W]; PLACES],
) -> [[u64; W]; WIDE] {
    let mut planes = [[0; W]; WIDE];
    // A node stands after its parent: all that reach it are known.
    for (at, node) in forks.iter().enumerate() {
        let bits = &bits[node.question as usize];
        let mut left = reach[at % PLACES];
        let mut right = left;
        for word in 0..W {
            left[word] &= bits[word];
            right[word] &= !bits[word];
        }
        reach[usize::from(node.left)] = left;
        reach[usize::from(node.right)] = right;
        turn(node, &right, &mut planes);
    }
    for (at, node) in twigs.iter().enumerate() {
        let bits = &bits[node.question as usize];
        let mut right = reach[(forks.len() + at) % PLACES];
        for word in 0..W {
            right[word] &= !bits[word];
        }
        turn(node, &right, &mut planes);
    }
    planes
}

/// Turns the bits of the codes of the rows that go right.
#[inline(always)]
#[allow(clippy::needless_range_loop)]
fn turn<const W: usize>(node: &Inner, right: &[u64; W], planes: &mut [[u64; W]; WIDE]) {
    let plane = &mut planes[usize::from(node.flip) % WIDE];
    for word in 0..W {
        plane[word] ^= right[word];
    }
    let mut flips = node.flips;
    while flips != 0 {
        let plane = &mut planes[flips.trailing_zeros() as usize % WIDE];
        for word in 0..W {
            plane[word] ^= right[word];
        }
        flips &= flips - 1;
    }
}

/// A code for each node of a tree: that of its first leaf. Those of a left and a
/// right child differ in as few bits as are free. `None` where a child does not
/// stand after its one parent, or there are more leaves than codes.
fn codes(nodes: &[Node], apart: &[u8]) -> Option<Vec<u8>> {
    let mut codes: Vec<Option<u8>> = vec![None; nodes.len()];
    let mut taken = [false; 1 << WIDE];
    *codes.first_mut()? = Some(0);
    taken[0] = true;
    for (at, node) in nodes.iter().enumerate() {
        // What no parent leads to has none.
        let own = codes[at]?;
        if let Node::Split { left, right, .. } = *node {
            let mut others = apart.iter().map(|bits| own ^ bits);
            let other = others.find(|&code| !taken[usize::from(code)])?;
            taken[usize::from(other)] = true;
            for (child, code) in [(left, own), (right, other)] {
                let child = codes
                    .get_mut(child as usize)
                    .filter(|_| child as usize > at)?;
                if child.replace(code).is_some() {
                    return None;
                }
            }
        }
    }
    codes.into_iter().collect()
}

/// The bits of a byte as bytes, the lowest first.
const SPREAD: [u64; 256] = {
    let mut spread = [0; 256];
    let mut byte = 0;
    while byte < spread.len() {
        let mut bit = 0;
        while bit < 8 {
            spread[byte] |= ((byte >> bit & 1) as u64) << (8 * bit);
            bit += 1;
        }
        byte += 1;
    }
    spread
};

/// What [`Bitwise::add`] works in, for any number of calls.
#[derive(Debug, Default)]
pub(super) struct Space {
    /// For each question the rows that it sends left.
    bits: Vec<u64>,
}
