//! Gold text + [`Blocks`] → a label for each block, and how much of the gold
//! text the page holds.
//!
//! The words of the page (block after block) and of the gold text are aligned
//! by their longest common subsequence ([`lcs`]). Matched runs shorter than
//! [`MIN_RUN`] that do not cover a whole block are dropped: they are words that
//! happen to recur, like a lone "the" in a menu. A block's label is the share
//! of its words that are matched, 0 to 1.

pub mod lcs;

use std::collections::HashMap;

use crate::block::Blocks;
use crate::text::tokens;

/// Matched runs of fewer words count only where they cover a whole block.
pub const MIN_RUN: usize = 3;

/// Labels for the blocks of one page.
#[derive(Debug, Clone, PartialEq)]
pub struct Alignment {
    /// For each block, the share of its words that the gold text holds, 0 to 1;
    /// 0 for a block without words.
    pub labels: Vec<f32>,
    /// Words of each block.
    pub words: Vec<u32>,
    /// Share of the gold words that some block holds, 0 to 1; 1 for an empty
    /// gold text. A low coverage is a sign of a bad page (gold from a rendered
    /// page whose text is not in the HTML, say), not of a bad model.
    pub coverage: f32,
}

/// Aligns a page's blocks with its gold text. For a page of `n` words and a
/// gold text of `m` words of which `d` are distinct, time is bounded by
/// `n · m / 64` steps, and memory by the sum of the lengths and `d · m / 8`
/// bytes.
///
/// ```
/// use dehusk::align::align;
/// use dehusk::block::Blocks;
/// use dehusk::page::{Page, PageContext};
///
/// let page = Page::parse(b"<nav>Home</nav><p>The old bridge.", &PageContext::default());
/// let alignment = align(&Blocks::of(&page), "The old bridge");
/// assert_eq!(alignment.labels, [0.0, 1.0]);
/// assert_eq!(alignment.coverage, 1.0);
/// ```
pub fn align(blocks: &Blocks, gold: &str) -> Alignment {
    let mut ids: HashMap<String, u32> = HashMap::new();
    let mut intern = |word: String| {
        let next = ids.len() as u32;
        *ids.entry(word).or_insert(next)
    };
    let gold: Vec<u32> = tokens(gold).map(&mut intern).collect();
    let mut page: Vec<u32> = Vec::new();
    let mut block_of: Vec<usize> = Vec::new();
    let mut words = vec![0_u32; blocks.len()];
    for (i, block) in blocks.blocks.iter().enumerate() {
        for word in tokens(&block.text) {
            page.push(intern(word));
            block_of.push(i);
            words[i] += 1;
        }
    }

    let mut pairs = lcs::pairs(&page, &gold);
    close_gaps(&mut pairs, &page);
    let mut matched = vec![0_u32; blocks.len()];
    let mut matched_gold = 0_usize;
    for run in runs(&pairs) {
        let (start, end) = (run[0].0, run[run.len() - 1].0 + 1);
        let begins = start == 0 || block_of[start - 1] != block_of[start];
        let ends = end == page.len() || block_of[end] != block_of[end - 1];
        if run.len() < MIN_RUN && !(begins && ends) {
            continue;
        }
        matched_gold += run.len();
        for &(at, _) in run {
            matched[block_of[at]] += 1;
        }
    }
    Alignment {
        labels: matched
            .iter()
            .zip(&words)
            .map(|(&m, &w)| if w == 0 { 0.0 } else { m as f32 / w as f32 })
            .collect(),
        words,
        coverage: if gold.is_empty() {
            1.0
        } else {
            matched_gold as f32 / gold.len() as f32
        },
    }
}

/// Of the many longest common subsequences prefers one whose runs are long: a
/// matched word that continues the run after it (or else before it) in the gold
/// text moves next to it on the page where the same word stands there too.
fn close_gaps(pairs: &mut [(usize, usize)], page: &[u32]) {
    for k in (1..pairs.len()).rev() {
        let ((at, gold), (next, next_gold)) = (pairs[k - 1], pairs[k]);
        if gold + 1 == next_gold && at + 1 < next && page[next - 1] == page[at] {
            pairs[k - 1].0 = next - 1;
        }
    }
    for k in 1..pairs.len() {
        let ((before, before_gold), (at, gold)) = (pairs[k - 1], pairs[k]);
        let clings = pairs
            .get(k + 1)
            .is_some_and(|&next| next == (at + 1, gold + 1));
        if !clings && before_gold + 1 == gold && before + 1 < at && page[before + 1] == page[at] {
            pairs[k].0 = before + 1;
        }
    }
}

/// The longest stretches of `pairs` without a gap on either side.
fn runs(pairs: &[(usize, usize)]) -> impl Iterator<Item = &[(usize, usize)]> {
    pairs.chunk_by(|a, b| b.0 == a.0 + 1 && b.1 == a.1 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Page, PageContext};

    fn labels(html: &str, gold: &str) -> (Vec<f32>, f32) {
        let page = Page::parse(html.as_bytes(), &PageContext::default());
        let alignment = align(&Blocks::of(&page), gold);
        (alignment.labels, alignment.coverage)
    }

    #[test]
    fn words_that_happen_to_recur_in_a_menu_are_not_content() {
        let html = "<ul><li>The city<li>News of the day</ul>\
                    <p>The council of the city voted on Tuesday.</p>";
        let (labels, coverage) = labels(html, "The council of the city voted on Tuesday.");
        assert_eq!(labels, [0.0, 0.0, 1.0]);
        assert_eq!(coverage, 1.0);
    }

    #[test]
    fn a_whole_short_block_may_match() {
        let html = "<h1>Bridges</h1><p>The council of the city voted.</p>";
        assert_eq!(
            labels(html, "Bridges\nThe council of the city voted.").0,
            [1.0, 1.0]
        );
    }

    #[test]
    fn a_block_that_is_partly_gold_has_a_soft_label() {
        let (found, _) = labels(
            "<p>By Ada. The council voted late.</p>",
            "The council voted late.",
        );
        assert!((found[0] - 4.0 / 6.0).abs() < 1e-6);
    }

    #[test]
    fn gold_that_the_page_does_not_hold_lowers_coverage() {
        let (_, coverage) = labels(
            "<p>The council voted late.</p>",
            "The council voted late. It was cold outside.",
        );
        assert_eq!(coverage, 0.5);
    }

    #[test]
    fn empty_gold_labels_nothing() {
        assert_eq!(labels("<p>Not found</p>", ""), (vec![0.0], 1.0));
    }
}
