//! Hashed terms of each block: what a sparse model reads where the dense
//! features only count.
//!
//! Three kinds of evidence, each a bag of 32-bit hashes a block
//! (feature hashing: Weinberger et al. 2009, *Feature Hashing for Large Scale
//! Multitask Learning*, §2): the block's own words, the names on the path above
//! it, and the words of the heading before it.

use std::hash::Hasher;

use fnv::FnvHasher;
use scraper::Node;

use super::PageFacts;
use super::lexicon::for_each_word;
use crate::block::ElementId;
use crate::page::Page;
use crate::text::tokens;

/// Kinds of terms, in the order of [`Terms::kinds`].
pub const KINDS: [&str; 3] = ["words", "path", "heading"];

/// Words read of a block: its beginning says what it is.
const WORDS: usize = 80;
/// Words of a block that are also read in pairs.
const PAIRED: usize = 30;
/// Words read of a heading.
const HEADING_WORDS: usize = 16;
/// Names read on one element.
const NAMES: usize = 24;
/// Levels on which a name is also read together with its distance.
const NEAR: usize = 3;
/// Levels read above a block.
const LEVELS: usize = 40;

/// A list of hashes for each block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bags {
    ends: Vec<u32>,
    hashes: Vec<u32>,
}

impl Bags {
    /// How many blocks there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True for a page without blocks.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The hashes of a block.
    ///
    /// # Panics
    /// When `block` is not below [`Bags::len`].
    pub fn of(&self, block: usize) -> &[u32] {
        let start = block.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.hashes[start as usize..self.ends[block] as usize]
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
    /// One list of bags for each of [`KINDS`].
    pub kinds: [Bags; 3],
}

impl Terms {
    pub(super) fn gather(page: &Page, facts: &PageFacts<'_>) -> Self {
        let mut headings: Vec<Vec<u32>> = vec![Vec::new(); facts.len()];
        let paths: Vec<Names> = facts
            .blocks
            .outline
            .elements()
            .iter()
            .map(|element| Names::of(page, element.node, &element.name))
            .collect();
        let [mut words, mut path, mut heading] = <[Bags; 3]>::default();
        for i in 0..facts.len() {
            own_words(&facts.block(i).text, &mut words);
            words.close();
            lineage(facts, &paths, facts.block(i).inner, &mut path);
            path.close();
            if let Some(at) = facts.heading_before[i] {
                if headings[at].is_empty() {
                    headings[at] = heading_words(&facts.block(at).text);
                }
                // A heading is not evidence about itself: its words are read
                // already.
                if at != i {
                    heading.hashes.extend(&headings[at]);
                }
            }
            heading.close();
        }
        Self {
            kinds: [words, path, heading],
        }
    }
}

fn own_words(text: &str, bags: &mut Bags) {
    let from = bags.hashes.len();
    let mut before: Option<u32> = None;
    for (i, token) in tokens(text).take(WORDS).enumerate() {
        let word = if token.bytes().all(|b| b.is_ascii_digit()) {
            hash(b'#', &[b'0' + token.len().min(9) as u8])
        } else {
            hash(b'w', token.as_bytes())
        };
        bags.push(word);
        if i == 0 {
            bags.push(pair(1, word));
        }
        if i < PAIRED
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

fn heading_words(text: &str) -> Vec<u32> {
    let mut hashes: Vec<u32> = tokens(text)
        .take(HEADING_WORDS)
        .map(|token| hash(b'w', token.as_bytes()))
        .collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// The names that one element bears.
struct Names {
    tag: u32,
    names: Vec<u32>,
}

impl Names {
    fn of(page: &Page, node: ego_tree::NodeId, tag: &str) -> Self {
        let mut names = Vec::new();
        if let Some(Node::Element(element)) = page.html.tree.get(node).map(|n| n.value()) {
            for (name, kind) in [("class", b'c'), ("id", b'i'), ("role", b'r')] {
                if let Some(value) = element.attr(name) {
                    for_each_word(value, |word| names.push(hash(kind, word.as_bytes())));
                }
            }
            for name in [
                "itemprop",
                "itemtype",
                "aria-label",
                "data-testid",
                "align",
                "width",
            ] {
                if let Some(value) = element.attr(name) {
                    let value: String = value.chars().take(60).collect();
                    let value = value.to_lowercase();
                    names.push(hash(name.len() as u8, value.as_bytes()));
                }
            }
        }
        names.truncate(NAMES);
        Self {
            tag: hash(b't', tag.as_bytes()),
            names,
        }
    }
}

/// Names of the elements above a block, those of the nearest also with their
/// distance; tags with their distance, and each with its parent's.
fn lineage(facts: &PageFacts<'_>, paths: &[Names], from: ElementId, bags: &mut Bags) {
    let outline = &facts.blocks.outline;
    for (level, id) in outline.lineage(from).take(LEVELS).enumerate() {
        let names = &paths[id.0];
        let near = level.min(NEAR) as u32 + 2;
        if level < 6 {
            bags.push(pair(near + level as u32, names.tag));
            bags.push(pair(paths[outline[id].parent.0].tag, names.tag));
        }
        for &name in &names.names {
            bags.push(name);
            if level < NEAR {
                bags.push(pair(near, name));
            }
        }
    }
}

fn hash(kind: u8, bytes: &[u8]) -> u32 {
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
    use crate::page::PageContext;

    fn terms(html: &str) -> Terms {
        let page = Page::parse(html.as_bytes(), &PageContext::default());
        measure(&page, &Blocks::of(&page)).terms
    }

    #[test]
    fn a_word_said_twice_is_one_term_and_pairs_are_terms_too() {
        let words = &terms("<p>Read more read").kinds[0];
        // read, more, read-first, read-more, more-read.
        assert_eq!(words.of(0).len(), 5);
    }

    #[test]
    fn numbers_count_by_their_length() {
        let found = terms("<p>1999<p>2024<p>24").kinds[0].clone();
        assert_eq!(found.of(0), found.of(1));
        assert_ne!(found.of(0), found.of(2));
    }

    #[test]
    fn a_class_is_a_term_of_every_block_below_it() {
        let class = hash(b'c', b"sidebar");
        let path = &terms("<div class=sidebar><ul><li><b>One</b></ul></div><p>Two").kinds[1];
        assert!(path.of(0).contains(&class));
        assert!(!path.of(1).contains(&class));
    }

    #[test]
    fn blocks_carry_the_words_of_the_heading_before_them() {
        let word = hash(b'w', b"related");
        let heading = &terms("<p>Before<h2>Related</h2><p>After").kinds[2];
        let carries: Vec<bool> = (0..3).map(|i| heading.of(i).contains(&word)).collect();
        assert_eq!(carries, [false, false, true]);
    }
}
