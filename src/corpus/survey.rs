//! Labelled pages → what is found on reading each of them.

use rayon::prelude::*;

use super::{CorpusError, LabelledPage};
use crate::align::align;
use crate::block::Blocks;
use crate::metadata;
use crate::text::count_words;

/// What is found on reading a labelled page.
#[derive(Debug, Clone, PartialEq)]
pub struct Surveyed {
    /// Bytes of the page, unpacked.
    pub bytes: usize,
    /// Blocks that it is cut into.
    pub blocks: usize,
    /// Words of its gold text.
    pub gold_words: usize,
    /// Share of the gold words that its blocks hold, 0 to 1; 1 where there are
    /// none.
    pub coverage: f32,
    /// ISO 639-1 code: as the corpus has it, else as detected in the gold text,
    /// else as the page declares it.
    pub language: Option<String>,
}

impl Surveyed {
    /// Reads a page, and aligns it with its gold text.
    ///
    /// # Errors
    /// When the page cannot be read.
    pub fn of(labelled: &LabelledPage) -> Result<Self, CorpusError> {
        let bytes = labelled.read()?;
        let page = labelled.parse_bytes(&bytes);
        let blocks = Blocks::of(&page);
        Ok(Self {
            bytes: bytes.len(),
            blocks: blocks.len(),
            gold_words: count_words(&labelled.text),
            coverage: align(&blocks, &labelled.text).coverage,
            language: labelled
                .lang
                .as_deref()
                .and_then(metadata::primary_code)
                .or_else(|| metadata::language(&page, &labelled.text)),
        })
    }
}

/// Surveys pages in parallel, in their order; `each` is told of every page
/// done, for progress.
pub fn survey(
    pages: &[LabelledPage],
    each: impl Fn() + Sync,
) -> Vec<Result<Surveyed, CorpusError>> {
    pages
        .par_iter()
        .map(|page| {
            let surveyed = Surveyed::of(page);
            each();
            surveyed
        })
        .collect()
}
