//! Two judged pages → [`BlockDiff`]: what is kept of one and not of the other.
//!
//! The pages may be two versions of one, judged alike, or one page, judged by two
//! models. Blocks are aligned by their text, as lines of files are; between those
//! that are alike, blocks that share half of their words are versions of each
//! other, and what changed in them is shown word by word. Whether a pair *differs*
//! is a matter of what is kept: an advertisement that another took the place of is
//! no difference as long as neither is kept.

mod pairs;
mod script;
mod words;

use serde::Serialize;

use crate::extract::Judged;

use script::hunks;
pub use words::{ChangeKind, WordChange};

/// What differs between two judged pages: the blocks of both, each in one row, in
/// the order of both.
///
/// ```
/// use dehusk::Extractor;
/// use dehusk::diff::{BlockDiff, Mark};
/// use dehusk::page::{Page, PageContext};
/// use dehusk::select::Selection;
///
/// let page = Page::parse(b"<p>One.</p><p>Two.</p>", &PageContext::default());
/// let all = Extractor::default().selection(Selection::Threshold(0.0)).judge(&page);
/// let none = Extractor::default().selection(Selection::Threshold(1.0)).judge(&page);
/// assert!(BlockDiff::of(&all, &all).is_same());
/// let diff = BlockDiff::of(&all, &none);
/// assert_eq!(diff.count(Mark::Removed), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BlockDiff {
    /// The rows. The `before` of all rows that have one are the blocks of the one
    /// page in order, the `after` those of the other.
    pub rows: Vec<Row>,
}

/// A block and its counterpart, where it has one.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Row {
    /// What became of it.
    pub mark: Mark,
    /// The block of the one page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Side>,
    /// The block of the other page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Side>,
    /// How the one text becomes the other, where there are two and they differ;
    /// else empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<WordChange>,
}

/// What became of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Kept on both sides, with one text.
    Same,
    /// Kept on both sides, with texts that differ.
    Changed,
    /// Kept before and not after, whether or not it is still there.
    Removed,
    /// Kept after and not before, whether or not it was there.
    Added,
    /// Kept on neither side.
    LeftOut,
}

/// A block as one of the pages has it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Side {
    /// Which block of the page it is, from 0.
    pub order: usize,
    /// Its probability of being content, 0 to 1.
    pub probability: f32,
    /// Whether it is kept.
    pub kept: bool,
    /// XPath of the block-level element that it stands under.
    pub xpath: String,
    /// Its text, as [`crate::block::Block::text`].
    pub text: String,
}

impl BlockDiff {
    /// Compares two judged pages.
    pub fn of(before: &Judged, after: &Judged) -> Self {
        let texts = |judged: &Judged| -> Vec<String> {
            let blocks = judged.blocks.blocks.iter();
            blocks.map(|block| block.text.clone()).collect()
        };
        let (old, new) = (texts(before), texts(after));
        let mut rows = Rows {
            before,
            after,
            done: (0, 0),
            rows: Vec::with_capacity(old.len().max(new.len())),
        };
        for hunk in hunks(old.iter(), new.iter()) {
            rows.alike_up_to(hunk.before.start);
            let (first, second) = (hunk.before.start, hunk.after.start);
            for (i, j) in pairs::pairs(&old[hunk.before.clone()], &new[hunk.after.clone()]) {
                rows.alone_up_to(first + i, second + j);
                rows.pair();
            }
            rows.alone_up_to(hunk.before.end, hunk.after.end);
        }
        rows.alike_up_to(old.len());
        Self { rows: rows.rows }
    }

    /// True where the same is kept of both.
    pub fn is_same(&self) -> bool {
        self.rows
            .iter()
            .all(|row| matches!(row.mark, Mark::Same | Mark::LeftOut))
    }

    /// How many rows have this mark.
    pub fn count(&self, mark: Mark) -> usize {
        self.rows.iter().filter(|row| row.mark == mark).count()
    }
}

/// Rows as they are put together, with how many blocks of either page are in.
struct Rows<'a> {
    before: &'a Judged,
    after: &'a Judged,
    done: (usize, usize),
    rows: Vec<Row>,
}

impl Rows<'_> {
    fn alike_up_to(&mut self, before: usize) {
        while self.done.0 < before {
            self.pair();
        }
    }

    fn alone_up_to(&mut self, before: usize, after: usize) {
        for i in self.done.0..before {
            self.push(Some(i), None);
        }
        for j in self.done.1..after {
            self.push(None, Some(j));
        }
        self.done = (before, after);
    }

    fn pair(&mut self) {
        let (i, j) = self.done;
        self.push(Some(i), Some(j));
        self.done = (i + 1, j + 1);
    }

    fn push(&mut self, before: Option<usize>, after: Option<usize>) {
        let before = before.map(|i| Side::of(self.before, i));
        let after = after.map(|j| Side::of(self.after, j));
        let words = match (&before, &after) {
            (Some(before), Some(after)) if before.text != after.text => {
                words::changes(&before.text, &after.text)
            }
            _ => Vec::new(),
        };
        let kept = |side: &Option<Side>| side.as_ref().is_some_and(|side| side.kept);
        let mark = match (kept(&before), kept(&after)) {
            (true, true) if words.is_empty() => Mark::Same,
            (true, true) => Mark::Changed,
            (true, false) => Mark::Removed,
            (false, true) => Mark::Added,
            (false, false) => Mark::LeftOut,
        };
        self.rows.push(Row {
            mark,
            before,
            after,
            words,
        });
    }
}

impl Side {
    fn of(judged: &Judged, order: usize) -> Self {
        Self {
            order,
            probability: judged.probabilities[order],
            kept: judged.kept[order],
            xpath: judged.blocks.xpath(order),
            text: judged.blocks.blocks[order].text.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
