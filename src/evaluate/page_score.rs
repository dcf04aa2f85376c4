//! A labelled page + an extraction of it → every figure of that page.

use serde::Serialize;

use super::{BlockScore, ShingleCounts, snippets, word_f1};
use crate::corpus::LabelledPage;
use crate::text::count_words;

/// How good an extraction of one page is. Made by [`score_page`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PageScore {
    /// The page's id, unique in its corpus.
    pub id: String,
    /// Its corpus.
    pub corpus: String,
    /// Its page type, where the corpus knows it.
    pub page_type: Option<String>,
    /// Its group, the registrable domain where known: what intervals resample.
    pub group: String,
    /// Words of the gold text.
    pub gold_words: usize,
    /// Words of the extraction.
    pub predicted_words: usize,
    /// Share of the extraction's words that are gold, 0 to 1.
    pub precision: f64,
    /// Share of the gold words that were extracted, 0 to 1.
    pub recall: f64,
    /// Word F1, 0 to 1; see [`word_f1`].
    pub f1: f64,
    /// Shingles in common and not.
    pub shingles: ShingleCounts,
    /// Share of the wanted snippets that are there, 0 to 1.
    pub with: Option<f64>,
    /// Share of the unwanted snippets that are not there, 0 to 1.
    pub without: Option<f64>,
    /// What the extractor expected its F1 to be, 0 to 1, where it said so.
    pub quality: Option<f64>,
    /// Share of the gold words that the page holds, 0 to 1, where measured.
    pub coverage: Option<f64>,
    /// The page's blocks, where the extractor judges blocks; not serialised.
    #[serde(skip)]
    pub blocks: Vec<BlockScore>,
}

impl PageScore {
    /// Adds what the extractor expected its F1 to be, 0 to 1.
    pub fn with_quality(mut self, quality: f64) -> Self {
        self.quality = Some(quality);
        self
    }

    /// Adds what the model said of the page's blocks.
    pub fn with_blocks(mut self, blocks: Vec<BlockScore>) -> Self {
        self.blocks = blocks;
        self
    }

    /// Adds the share of the gold words that the page holds, 0 to 1.
    pub fn with_coverage(mut self, coverage: f64) -> Self {
        self.coverage = Some(coverage);
        self
    }
}

/// Compares an extraction of a page, as plain text, with what its annotators
/// say.
pub fn score_page(page: &LabelledPage, predicted: &str) -> PageScore {
    let overlap = word_f1(&page.text, predicted);
    let rates = snippets(predicted, &page.with, &page.without);
    PageScore {
        id: page.id.clone(),
        corpus: page.corpus.clone(),
        page_type: page.page_type.clone(),
        group: page.group.clone(),
        gold_words: count_words(&page.text),
        predicted_words: count_words(predicted),
        precision: overlap.precision,
        recall: overlap.recall,
        f1: overlap.f1,
        shingles: ShingleCounts::of(&page.text, predicted),
        with: rates.with,
        without: rates.without,
        quality: None,
        coverage: None,
        blocks: Vec::new(),
    }
}

/// A labelled page of that id, corpus and gold text, for tests.
#[cfg(test)]
pub(super) fn labelled(id: &str, corpus: &str, text: &str) -> LabelledPage {
    use crate::corpus::{Format, PageSource};
    let source = PageSource::Inline(Vec::new());
    LabelledPage {
        corpus: corpus.to_owned(),
        ..LabelledPage::new(id, Format::Dehusk, source, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_scored_by_words_shingles_and_snippets() {
        let mut page = labelled("bridge", "dehusk", "The old bridge reopened on Monday.");
        page.with = vec!["old bridge".to_owned()];
        page.without = vec!["Subscribe".to_owned()];
        page.page_type = Some("article".to_owned());
        let score = score_page(&page, "The old bridge reopened. Subscribe")
            .with_quality(0.9)
            .with_coverage(1.0);
        assert_eq!((score.gold_words, score.predicted_words), (6, 5));
        assert_eq!((score.precision, score.recall), (4.0 / 5.0, 4.0 / 6.0));
        // 1 shingle in common, 1 extra, 2 missed.
        assert_eq!(score.shingles.common, 0.25);
        assert_eq!((score.with, score.without), (Some(1.0), Some(0.0)));
        assert_eq!((score.quality, score.coverage), (Some(0.9), Some(1.0)));
        assert_eq!(score.page_type.as_deref(), Some("article"));
    }

    #[test]
    fn blocks_stay_out_of_json() {
        let score = score_page(&labelled("a", "dehusk", "x"), "x").with_blocks(vec![BlockScore {
            probability: 0.5,
            label: 1.0,
            weight: 1.0,
        }]);
        let json = serde_json::to_value(&score).unwrap();
        assert_eq!(json["f1"], 1.0);
        assert!(json.get("blocks").is_none());
    }
}
