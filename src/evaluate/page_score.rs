//! A labelled page + an extraction of it → every figure of that page.

use serde::Serialize;

use super::{
    BlockScore, Overlap, ShingleCounts, block_overlap, edit_similarity, rouge_l, rouge_n, snippets,
    word_f1,
};
use crate::corpus::LabelledPage;
use crate::metadata::{primary_code, text_language};
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
    /// ISO 639-1 code of its language, as the corpus declares it, else as its
    /// gold text is written; `None` where neither tells. What an extractor
    /// makes of the page has no say, so that all are grouped alike.
    pub language: Option<String>,
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
    /// Overlap of pairs of words; see [`rouge_n`].
    pub rouge_2: Overlap,
    /// Overlap of words in one order; see [`rouge_l`].
    pub rouge_l: Overlap,
    /// Likeness by characters, 0 to 1; see [`edit_similarity`].
    pub edit_similarity: f64,
    /// Share of the wanted snippets that are there, 0 to 1.
    pub with: Option<f64>,
    /// Share of the unwanted snippets that are not there, 0 to 1.
    pub without: Option<f64>,
    /// What the extractor expected its F1 to be, 0 to 1, where it said so.
    pub quality: Option<f64>,
    /// Share of the gold words that the page holds, 0 to 1, where measured.
    pub coverage: Option<f64>,
    /// Overlap of the kept blocks with the content, by words, where the
    /// extractor judges blocks; see [`block_overlap`].
    pub block_overlap: Option<Overlap>,
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

    /// Adds what the model said of the page's blocks, and how well those were
    /// kept that are content.
    pub fn with_blocks(mut self, blocks: Vec<BlockScore>) -> Self {
        self.block_overlap = overlap_of(&blocks);
        self.blocks = blocks;
        self
    }

    /// Adds the share of the gold words that the page holds, 0 to 1.
    pub fn with_coverage(mut self, coverage: f64) -> Self {
        self.coverage = Some(coverage);
        self
    }
}

/// [`block_overlap`] of blocks, by their weights.
pub(super) fn overlap_of<'a>(blocks: impl IntoIterator<Item = &'a BlockScore>) -> Option<Overlap> {
    let mut columns = (Vec::new(), Vec::new(), Vec::new());
    columns.extend(
        blocks
            .into_iter()
            .map(|block| (block.kept, block.label, block.weight)),
    );
    block_overlap(&columns.0, &columns.1, &columns.2)
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
        language: page
            .lang
            .as_deref()
            .and_then(primary_code)
            .or_else(|| text_language(&page.text)),
        group: page.group.clone(),
        gold_words: count_words(&page.text),
        predicted_words: count_words(predicted),
        precision: overlap.precision,
        recall: overlap.recall,
        f1: overlap.f1,
        shingles: ShingleCounts::of(&page.text, predicted),
        rouge_2: rouge_n(&page.text, predicted, 2),
        rouge_l: rouge_l(&page.text, predicted),
        edit_similarity: edit_similarity(&page.text, predicted),
        with: rates.with,
        without: rates.without,
        quality: None,
        coverage: None,
        block_overlap: None,
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
        // 3 pairs of words in common, of 4 and of 5.
        let pairs = (score.rouge_2.precision, score.rouge_2.recall);
        assert_eq!(pairs, (3.0 / 4.0, 3.0 / 5.0));
        assert_eq!(score.rouge_l.recall, 4.0 / 6.0);
        // " on Monday." becomes ". Subscribe", all eleven of 34 characters.
        assert_eq!(score.edit_similarity, 1.0 - 11.0 / 34.0);
        assert_eq!(score.block_overlap, None);
        assert_eq!((score.with, score.without), (Some(1.0), Some(0.0)));
        assert_eq!((score.quality, score.coverage), (Some(0.9), Some(1.0)));
        assert_eq!(score.page_type.as_deref(), Some("article"));
    }

    #[test]
    fn a_language_is_declared_by_the_corpus_else_read_in_the_gold_text() {
        let german = "Der Stadtrat hat am Dienstagabend beschlossen, die alte Brücke zu \
                      reparieren, und die Arbeiten sollen im nächsten Frühjahr beginnen.";
        let language = |lang: Option<&str>, gold| {
            let mut page = labelled("a", "dehusk", gold);
            page.lang = lang.map(str::to_owned);
            score_page(
                &page,
                "The council voted on Tuesday night to repair the bridge.",
            )
            .language
        };
        assert_eq!(language(Some("de-AT"), "OK").as_deref(), Some("de"));
        assert_eq!(language(Some("EN"), german).as_deref(), Some("en"));
        assert_eq!(language(Some("unknown"), german).as_deref(), Some("de"));
        assert_eq!(language(None, german).as_deref(), Some("de"));
        assert_eq!(language(None, ""), None);
    }

    #[test]
    fn blocks_stay_out_of_json() {
        let score = score_page(&labelled("a", "dehusk", "x"), "x").with_blocks(vec![BlockScore {
            probability: 0.5,
            label: 1.0,
            weight: 1.0,
            kept: true,
        }]);
        let json = serde_json::to_value(&score).unwrap();
        assert_eq!(json["f1"], 1.0);
        assert!(json.get("blocks").is_none());
        assert_eq!(json["block_overlap"]["precision"], 1.0);
    }
}
