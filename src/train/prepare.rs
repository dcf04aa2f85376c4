//! Labelled pages → rows: the way of extraction, and a label for each block.

use rayon::prelude::*;

use super::Cache;
use crate::align::align;
use crate::block::{Blocks, Hidden, Layout, flatten};
use crate::corpus::{CorpusError, LEAST_COVERAGE, LabelledPage};
use crate::feature::{self, Measured};
use crate::page::{InputKind, Page, PageContext};
use crate::text::count_words;

/// A labelled page, cut, measured and labelled.
#[derive(Debug)]
pub struct PreparedPage {
    /// What the annotators say of it.
    pub labelled: LabelledPage,
    /// Its blocks.
    pub blocks: Blocks,
    /// What is measured of them.
    pub measured: Measured,
    /// For each block how it is hidden.
    pub hidden: Vec<Option<Hidden>>,
    /// For each block the share of its words that is content, 0 to 1.
    pub labels: Vec<f32>,
    /// Words of each block.
    pub words: Vec<f32>,
    /// Share of the gold text that the page holds, 0 to 1.
    pub coverage: f32,
}

impl PreparedPage {
    /// Word F1 of what is kept of it, 0 to 1, as far as its labels tell.
    pub(super) fn f1_by_labels(&self, kept: &[bool]) -> f32 {
        let (mut hits, mut chosen, mut gold) = (0.0, 0.0, 0.0);
        for ((&label, &words), &kept) in self.labels.iter().zip(&self.words).zip(kept) {
            gold += label * words;
            if kept {
                hits += label * words;
                chosen += words;
            }
        }
        // What the page does not hold cannot be kept.
        gold /= self.coverage.max(f32::MIN_POSITIVE);
        if chosen + gold == 0.0 {
            1.0
        } else {
            2.0 * hits / (chosen + gold)
        }
    }

    /// Whether there is something to learn from it: text, and its own gold.
    pub(super) fn teaches(&self) -> bool {
        self.has_its_gold() && self.words.iter().any(|&w| w > 0.0)
    }

    /// False where most of the gold text is not on the page: it is then the
    /// gold of another page than the one that was stored.
    pub fn has_its_gold(&self) -> bool {
        self.coverage >= LEAST_COVERAGE
    }

    /// The page changed, with a label for each of its new blocks.
    pub(super) fn changed(&self, page: &Page, blocks: Blocks, labels: Vec<f32>) -> Self {
        Self {
            measured: feature::measure(page, &blocks),
            hidden: blocks.hidden(page),
            labels,
            words: blocks
                .blocks
                .iter()
                .map(|block| count_words(&block.text) as f32)
                .collect(),
            coverage: self.coverage,
            blocks,
            labelled: self.labelled.clone(),
        }
    }
}

/// A page of these bytes, prepared, and as it was parsed. As plain text it is
/// flattened first, to a layout that its id decides on.
pub(super) fn prepared(
    labelled: LabelledPage,
    kind: InputKind,
    bytes: &[u8],
) -> (PreparedPage, Page) {
    let mut page = labelled.parse_bytes(bytes);
    if kind == InputKind::Text {
        let text = flatten(&page, Layout::of_id(&labelled.id));
        let context = PageContext {
            url: page.url,
            charset: None,
            kind,
        };
        page = Page::parse(text.as_bytes(), &context);
    }
    let blocks = Blocks::of(&page);
    let alignment = align(&blocks, &labelled.text);
    let prepared = PreparedPage {
        measured: feature::measure(&page, &blocks),
        hidden: blocks.hidden(&page),
        labels: alignment.labels,
        words: alignment.words.iter().map(|&w| w as f32).collect(),
        coverage: alignment.coverage,
        blocks,
        labelled,
    };
    (prepared, page)
}

/// Prepares pages in parallel, in their order; `each` is told of every page
/// done, for progress.
///
/// # Errors
/// The first page that cannot be read, by order.
pub fn prepare(
    pages: Vec<LabelledPage>,
    each: impl Fn() + Sync,
) -> Result<Vec<PreparedPage>, CorpusError> {
    prepare_with(pages, InputKind::Html, None, each)
}

/// [`prepare`] as pages of a kind, but for what `cache` holds already; it holds
/// all of them after. Pages of plain text are flattened
/// ([`flatten`](crate::block::flatten)), each to the layout of its id.
///
/// # Errors
/// The first page that cannot be read, by order.
pub fn prepare_with(
    pages: Vec<LabelledPage>,
    kind: InputKind,
    cache: Option<&Cache>,
    each: impl Fn() + Sync,
) -> Result<Vec<PreparedPage>, CorpusError> {
    pages
        .into_par_iter()
        .map(|page| {
            let prepared = match cache {
                Some(cache) => cache.prepared(page, kind, prepared),
                None => page.read().map(|bytes| prepared(page, kind, &bytes).0),
            };
            each();
            prepared
        })
        .collect()
}
