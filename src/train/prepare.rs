//! Labelled pages → rows: the way of extraction, and a label for each block.

use ndarray::Array2;
use rayon::prelude::*;

use crate::align::align;
use crate::block::Blocks;
use crate::corpus::{CorpusError, LabelledPage};
use crate::feature;
use crate::page::{Page, PageContext};

/// A labelled page, cut, measured and labelled.
#[derive(Debug)]
pub struct PreparedPage {
    /// What the annotators say of it.
    pub labelled: LabelledPage,
    /// Its blocks.
    pub blocks: Blocks,
    /// Its features, shape `(blocks, features)`.
    pub matrix: Array2<f32>,
    /// For each block the share of its words that is content, 0 to 1.
    pub labels: Vec<f32>,
    /// Words of each block.
    pub words: Vec<f32>,
    /// Share of the gold text that the page holds, 0 to 1.
    pub coverage: f32,
}

impl PreparedPage {
    fn of(labelled: LabelledPage) -> Result<Self, CorpusError> {
        let bytes = labelled.read()?;
        let context = PageContext {
            url: labelled.url.as_deref().and_then(|url| url.parse().ok()),
            charset: None,
        };
        let page = Page::parse(&bytes, &context);
        let blocks = Blocks::of(&page);
        let matrix = feature::matrix(&page, &blocks);
        let alignment = align(&blocks, &labelled.text);
        Ok(Self {
            matrix,
            labels: alignment.labels,
            words: alignment.words.iter().map(|&w| w as f32).collect(),
            coverage: alignment.coverage,
            blocks,
            labelled,
        })
    }
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
    pages
        .into_par_iter()
        .map(|page| {
            let prepared = PreparedPage::of(page);
            each();
            prepared
        })
        .collect()
}
