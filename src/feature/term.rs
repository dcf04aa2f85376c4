//! Hashed terms of each block: what a sparse model reads where the dense
//! features only count.
//!
//! Three kinds of evidence, each a bag of 32-bit hashes a block
//! (feature hashing: Weinberger et al. 2009, *Feature Hashing for Large Scale
//! Multitask Learning*, §2): the block's own words, the names on the path above
//! it, and the words of the heading before it.

use std::hash::Hasher;

use fnv::FnvHasher;

use super::PageFacts;
use super::element::{Attributes, Own};
use super::lexicon::for_each_word;
use crate::block::ElementId;
use crate::page::InputKind;
use crate::text::lower;

/// Kinds of terms, in order: see [`Terms::collect`].
pub const KINDS: [&str; 3] = ["words", "path", "heading"];

/// The kinds of terms, by their indices, that a page of a kind has: a plain text
/// has no path.
pub fn kinds_of(kind: InputKind) -> &'static [usize] {
    match kind {
        InputKind::Html => &[0, 1, 2],
        InputKind::Text => &[0, 2],
    }
}

/// Words read of a block: its beginning says what it is.
const WORDS: usize = 80;
/// Words of a block that are also read in pairs.
const PAIRED: usize = 30;
/// The same of a line of plain text: what is longer is told by its length.
const LINE_WORDS: usize = 24;
const LINE_PAIRED: usize = 8;
/// Words read of a heading.
const HEADING_WORDS: usize = 16;
/// Names read on one element.
pub(super) const NAMES: usize = 24;
/// Levels on which a name is also read together with its distance.
const NEAR: usize = 3;
/// Levels on which a tag is read.
const TAG_LEVELS: usize = 6;
/// A list of hashes for each block, or each element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bags {
    ends: Vec<u32>,
    hashes: Vec<u32>,
}

impl Bags {
    /// How many lists there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True where there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The hashes of one of them.
    ///
    /// # Panics
    /// When `block` is not below [`Bags::len`].
    pub fn of(&self, block: usize) -> &[u32] {
        let start = block.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.hashes[start as usize..self.ends[block] as usize]
    }

    /// The hashes of all, one bag after the other.
    pub fn all(&self) -> &[u32] {
        &self.hashes
    }

    /// Where each list ends among all hashes, ascending.
    pub(crate) fn ends(&self) -> &[u32] {
        &self.ends
    }

    /// Of the ends and the hashes of lists; `None` where the ends do not
    /// ascend to the number of hashes.
    pub(crate) fn of_parts(ends: Vec<u32>, hashes: Vec<u32>) -> Option<Self> {
        let last = ends.last().map_or(0, |&end| end as usize);
        (ends.is_sorted() && last == hashes.len()).then_some(Self { ends, hashes })
    }

    /// With room for so many lists and hashes.
    fn with_capacity(lists: usize, hashes: usize) -> Self {
        Self {
            ends: Vec::with_capacity(lists),
            hashes: Vec::with_capacity(hashes),
        }
    }

    /// So many lists of nothing.
    fn empty(lists: usize) -> Self {
        Self {
            ends: vec![0; lists],
            hashes: Vec::new(),
        }
    }

    fn push(&mut self, hash: u32) {
        self.hashes.push(hash);
    }

    fn close(&mut self) {
        self.ends.push(self.hashes.len() as u32);
    }
}

/// The terms of a page's blocks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// Words of each block.
    pub words: Bags,
    /// Names above each block, with how near they are: the nearest levels only.
    pub near: Bags,
    /// Names of each visible element: a block has those of all elements above
    /// it, told once here so that a deep page does not repeat them.
    pub names: Bags,
    /// The element above each visible element; the root stands above itself.
    pub parents: Vec<u32>,
    /// The innermost element of each block.
    pub inner: Vec<u32>,
    /// Words of the heading before each block.
    pub heading: Bags,
}

impl Terms {
    pub(super) fn gather(facts: &PageFacts<'_>) -> Self {
        let elements = facts.blocks.outline.elements();
        let mut terms = Self {
            parents: elements.iter().map(|e| e.parent.0 as u32).collect(),
            ..Self::default()
        };
        let tags: Vec<u32> = elements
            .iter()
            .zip(facts.elements.iter())
            .map(|(element, own)| {
                crate::watch::spend(64);
                own_names(own, facts.elements.class_terms(own), &mut terms.names);
                terms.names.close();
                hash(b't', element.name.as_bytes())
            })
            .collect();
        let mut headings = Headings::default();
        for i in 0..facts.len() {
            crate::watch::spend(256);
            own_words(facts, i, WORDS, PAIRED, &mut terms.words);
            terms.words.close();
            let inner = facts.block(i).inner;
            near_names(facts, &tags, &terms.names, inner, &mut terms.near);
            terms.near.close();
            terms.inner.push(inner.0 as u32);
            headings.add(facts, i, &mut terms.heading);
        }
        terms
    }

    /// Of plain text: words, and those of the line that reads like a heading
    /// before; no names.
    pub(super) fn of_lines(facts: &PageFacts<'_>) -> Self {
        let elements = facts.blocks.outline.elements();
        let hashes = (2 * facts.texts.len()).min(facts.len() * (LINE_WORDS + LINE_PAIRED));
        let mut terms = Self {
            parents: elements.iter().map(|e| e.parent.0 as u32).collect(),
            names: Bags::empty(elements.len()),
            near: Bags::empty(facts.len()),
            words: Bags::with_capacity(facts.len(), hashes),
            heading: Bags::with_capacity(facts.len(), 0),
            inner: Vec::with_capacity(facts.len()),
        };
        let mut headings = Headings::default();
        for i in 0..facts.len() {
            crate::watch::spend(256);
            own_words(facts, i, LINE_WORDS, LINE_PAIRED, &mut terms.words);
            terms.words.close();
            terms.inner.push(facts.block(i).inner.0 as u32);
            headings.add(facts, i, &mut terms.heading);
        }
        terms
    }

    /// Collects the terms of one of [`KINDS`] of a block.
    pub fn collect(&self, kind: usize, block: usize, into: &mut Vec<u32>) {
        into.clear();
        match kind {
            0 => into.extend(self.words.of(block)),
            1 => {
                into.extend(self.near.of(block));
                let mut element = self.inner[block];
                loop {
                    into.extend(self.names.of(element as usize));
                    let parent = self.parents[element as usize];
                    if parent == element {
                        break;
                    }
                    element = parent;
                }
            }
            _ => into.extend(self.heading.of(block)),
        }
    }
}

/// The words of the last heading, read once.
#[derive(Default)]
struct Headings {
    at: Option<usize>,
    words: Vec<u32>,
}

impl Headings {
    /// Adds the words of the heading before block `i`. A heading is not evidence
    /// about itself: its words are read already.
    fn add(&mut self, facts: &PageFacts<'_>, i: usize, bags: &mut Bags) {
        if let Some(at) = facts.heading_before[i].filter(|&at| at != i) {
            if self.at != Some(at) {
                (self.at, self.words) = (Some(at), heading_words(facts, at));
            }
            bags.hashes.extend(&self.words);
        }
        bags.close();
    }
}

/// The hashes of a word as terms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Term {
    /// In a heading; whatever its case.
    heading: u32,
    /// In a block: of a number only its length tells.
    own: u32,
}

impl Term {
    /// Of a word in lower case.
    pub(super) fn of(word: &str) -> Self {
        let heading = hash(b'w', word.as_bytes());
        let own = if word.bytes().all(|b| b.is_ascii_digit()) {
            hash(b'#', &[b'0' + word.len().min(9) as u8])
        } else {
            heading
        };
        Self { heading, own }
    }
}

/// The terms of a block's first words.
fn first_terms<'f>(
    facts: &'f PageFacts<'_>,
    block: usize,
    most: usize,
) -> impl Iterator<Item = Term> + 'f {
    let numbers = facts.texts.of(block);
    let first = &numbers[..numbers.len().min(most)];
    (first.iter()).map(|&number| facts.vocabulary.word(number).term)
}

/// Adds the first words of a block, and pairs of fewer of them.
fn own_words(facts: &PageFacts<'_>, block: usize, most: usize, paired: usize, bags: &mut Bags) {
    let from = bags.hashes.len();
    let mut before: Option<u32> = None;
    for (i, term) in first_terms(facts, block, most).enumerate() {
        let word = term.own;
        bags.push(word);
        if i == 0 {
            bags.push(pair(1, word));
        }
        if i < paired
            && let Some(before) = before
        {
            bags.push(pair(before, word));
        }
        before = Some(word);
    }
    // Once each: a word said twice is no stronger evidence of what a block is.
    bags.hashes[from..].sort_unstable();
    let mut kept = from;
    for at in from..bags.hashes.len() {
        if at == from || bags.hashes[at] != bags.hashes[kept - 1] {
            bags.hashes[kept] = bags.hashes[at];
            kept += 1;
        }
    }
    bags.hashes.truncate(kept);
}

fn heading_words(facts: &PageFacts<'_>, block: usize) -> Vec<u32> {
    let mut hashes: Vec<u32> = first_terms(facts, block, HEADING_WORDS)
        .map(|term| term.heading)
        .collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// The names that one element bears.
fn own_names(own: &Own<'_>, class: &[u32], bags: &mut Bags) {
    let Attributes { id, role, .. } = own.attributes;
    let from = bags.hashes.len();
    bags.hashes.extend_from_slice(class);
    for (value, kind) in [(id, b'i'), (role, b'r')] {
        if let Some(value) = value {
            value_terms(kind, value, &mut bags.hashes);
        }
    }
    let mut room = String::new();
    for (value, kind) in values(&own.attributes) {
        if let Some(value) = value {
            let end = value
                .char_indices()
                .nth(60)
                .map_or(value.len(), |(at, _)| at);
            let hash = lower(&value[..end], &mut room, |value| {
                hash(kind, value.as_bytes())
            });
            bags.push(hash);
        }
    }
    bags.hashes.truncate(from + NAMES);
}

/// Attributes whose whole values are names, and what tells them apart.
fn values<'p>(own: &Attributes<'p>) -> [(Option<&'p str>, u8); 6] {
    [
        (own.itemprop, b'p'),
        (own.itemtype, b'y'),
        (own.label, b'l'),
        (own.testid, b'd'),
        (own.align, b'a'),
        (own.width, b'h'),
    ]
}

/// The words of a value that is a list of names, as many as an element may have.
fn value_terms(kind: u8, value: &str, into: &mut Vec<u32>) {
    let from = into.len();
    for_each_word(value, |word| into.push(hash(kind, word.as_bytes())));
    into.truncate(from + NAMES);
}

/// Names of the nearest elements with their distance; tags with their
/// distance, and each with its parent's.
fn near_names(facts: &PageFacts<'_>, tags: &[u32], names: &Bags, from: ElementId, bags: &mut Bags) {
    let outline = &facts.blocks.outline;
    for (level, id) in outline.lineage(from).take(TAG_LEVELS).enumerate() {
        let distance = level as u32;
        bags.push(pair(2 + distance, tags[id.0]));
        bags.push(pair(tags[outline[id].parent.0], tags[id.0]));
        if level < NEAR {
            for &name in names.of(id.0) {
                bags.push(pair(2 + distance, name));
            }
        }
    }
}

pub(super) fn hash(kind: u8, bytes: &[u8]) -> u32 {
    let mut hasher = FnvHasher::default();
    hasher.write_u8(kind);
    hasher.write(bytes);
    fold(hasher.finish())
}

fn pair(a: u32, b: u32) -> u32 {
    let mut hasher = FnvHasher::default();
    hasher.write(&a.to_le_bytes());
    hasher.write(&b.to_le_bytes());
    fold(hasher.finish())
}

/// FNV's low bits alone mix little; its high ones are folded in.
fn fold(hash: u64) -> u32 {
    (hash ^ hash >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::Blocks;
    use crate::feature::measure;
    use crate::page::{Page, PageContext};

    fn terms(html: &str) -> Terms {
        let page = Page::parse(html.as_bytes(), &PageContext::default());
        measure(&page, &Blocks::of(&page)).terms
    }

    #[test]
    fn a_word_said_twice_is_one_term_and_pairs_are_terms_too() {
        let words = terms("<p>Read more read").words;
        // read, more, read-first, read-more, more-read.
        assert_eq!(words.of(0).len(), 5);
    }

    #[test]
    fn numbers_count_by_their_length() {
        let found = terms("<p>1999<p>2024<p>24").words;
        assert_eq!(found.of(0), found.of(1));
        assert_ne!(found.of(0), found.of(2));
    }

    #[test]
    fn a_class_is_a_term_of_every_block_below_it() {
        let class = hash(b'c', b"sidebar");
        let terms = terms("<div class=sidebar><ul><li><b>One</b></ul></div><p>Two");
        let path = |block| {
            let mut path = Vec::new();
            terms.collect(1, block, &mut path);
            path
        };
        assert!(path(0).contains(&class));
        assert!(!path(1).contains(&class));
    }

    #[test]
    fn blocks_carry_the_words_of_the_heading_before_them() {
        let word = hash(b'w', b"related");
        let heading = terms("<p>Before<h2>Related</h2><p>After").heading;
        let carries: Vec<bool> = (0..3).map(|i| heading.of(i).contains(&word)).collect();
        assert_eq!(carries, [false, false, true]);
    }
}
