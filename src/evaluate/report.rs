//! Scores of pages → a [`Report`]: a table for a terminal (its `Display`) and
//! JSON (its `Serialize`).

use std::collections::BTreeMap;

use serde::Serialize;

use super::page_score::overlap_of;
use super::{
    Bootstrap, Interval, LengthRange, MetadataReport, Overlap, PageScore, RESAMPLES, ShingleCounts,
    brier_score, calibration_error, pearson, roc_auc,
};

/// Pages that [`Report::worst`] lists.
pub const WORST_PAGES: usize = 10;

/// Figures over some pages, each of which counts once. NaN (`null` in JSON)
/// over no pages.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// How many pages.
    pub pages: usize,
    /// Mean of the pages' precision by words, 0 to 1.
    pub precision: f64,
    /// Mean of the pages' recall by words, 0 to 1.
    pub recall: f64,
    /// Mean of the pages' word F1, 0 to 1, with its interval over groups.
    pub f1: Interval,
    /// Overlap of shingles; see [`ShingleCounts::overall`].
    pub shingles: Overlap,
    /// Mean of the pages' ROUGE-2 F1, 0 to 1.
    pub rouge_2_f1: f64,
    /// Mean of the pages' ROUGE-L F1, 0 to 1.
    pub rouge_l_f1: f64,
    /// Mean of the pages' edit similarity, 0 to 1.
    pub edit_similarity: f64,
    /// Mean share of the wanted snippets that are there, over the pages that
    /// have any.
    pub with: Option<f64>,
    /// Mean share of the unwanted snippets that are not there, over the pages
    /// that have any.
    pub without: Option<f64>,
}

impl Summary {
    fn of(pages: &[&PageScore], bootstrap: Bootstrap) -> Self {
        let f1: Vec<f64> = pages.iter().map(|page| page.f1).collect();
        let groups: Vec<&str> = pages.iter().map(|page| page.group.as_str()).collect();
        let mean_of = |figure: fn(&PageScore) -> f64| {
            mean(pages.iter().map(|page| figure(page))).unwrap_or(f64::NAN)
        };
        Self {
            pages: pages.len(),
            precision: mean_of(|page| page.precision),
            recall: mean_of(|page| page.recall),
            f1: bootstrap.mean_by_group(&f1, &groups),
            shingles: ShingleCounts::overall(pages.iter().map(|page| &page.shingles)),
            rouge_2_f1: mean_of(|page| page.rouge_2.f1),
            rouge_l_f1: mean_of(|page| page.rouge_l.f1),
            edit_similarity: mean_of(|page| page.edit_similarity),
            with: mean(pages.iter().filter_map(|page| page.with)),
            without: mean(pages.iter().filter_map(|page| page.without)),
        }
    }
}

/// Figures over the blocks of all pages, by their weights.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BlockSummary {
    /// How many blocks.
    pub blocks: usize,
    /// Precision, recall and F1 of the kept blocks; see
    /// [`block_overlap`](super::block_overlap).
    pub overlap: Option<Overlap>,
    /// Area under the ROC curve; see [`roc_auc`].
    pub auc: Option<f64>,
    /// Expected calibration error; see [`calibration_error`].
    pub calibration_error: Option<f64>,
    /// Brier score; see [`brier_score`].
    pub brier_score: Option<f64>,
}

impl BlockSummary {
    /// `None` where no page has blocks.
    fn of(pages: &[PageScore]) -> Option<Self> {
        let blocks = || pages.iter().flat_map(|page| &page.blocks);
        let probabilities: Vec<f32> = blocks().map(|block| block.probability).collect();
        let labels: Vec<f32> = blocks().map(|block| block.label).collect();
        let weights: Vec<f32> = blocks().map(|block| block.weight).collect();
        (!probabilities.is_empty()).then(|| Self {
            blocks: probabilities.len(),
            overlap: overlap_of(blocks()),
            auc: roc_auc(&probabilities, &labels, &weights),
            calibration_error: calibration_error(&probabilities, &labels, &weights),
            brier_score: brier_score(&probabilities, &labels, &weights),
        })
    }
}

/// One of the pages of lowest F1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WorstPage {
    /// Its corpus.
    pub corpus: String,
    /// Its id.
    pub id: String,
    /// Its word F1.
    pub f1: f64,
    /// Words of its gold text.
    pub gold_words: usize,
    /// Words of its extraction.
    pub predicted_words: usize,
}

/// How good an extractor is on labelled pages.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// Seed of the intervals.
    pub seed: u64,
    /// Over all pages.
    pub overall: Summary,
    /// Over the pages of each corpus.
    pub by_corpus: BTreeMap<String, Summary>,
    /// Over the pages of each page type, less those whose type is not known.
    pub by_page_type: BTreeMap<String, Summary>,
    /// Over the pages of each language, by its ISO 639-1 code, less those whose
    /// language is not known.
    pub by_language: BTreeMap<String, Summary>,
    /// Over the pages of each range of words of gold text, the shortest first.
    pub by_length: BTreeMap<LengthRange, Summary>,
    /// Over blocks, where the extractor judges blocks.
    pub blocks: Option<BlockSummary>,
    /// Pearson's correlation of expected and true F1, over the pages with an
    /// expected one.
    pub quality_correlation: Option<f64>,
    /// Mean share of the gold words that the pages hold, over the pages where
    /// it was measured.
    pub mean_coverage: Option<f64>,
    /// The [`WORST_PAGES`] pages of lowest F1, lowest first; of equals the one
    /// with more gold words first.
    pub worst: Vec<WorstPage>,
    /// Title, authors and date, where the pages have gold for them and the
    /// extractor tells them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<MetadataReport>,
    /// Ids of the pages without a prediction, which count as empty ones.
    pub missing: Vec<String>,
    /// Every page, in the order given.
    pub pages: Vec<PageScore>,
}

impl Report {
    /// Sums up the scores of pages; `seed` fixes the intervals.
    pub fn new(scores: Vec<PageScore>, seed: u64) -> Self {
        let bootstrap = Bootstrap::new(RESAMPLES, seed);
        let expected: Vec<(f64, f64)> = scores
            .iter()
            .filter_map(|page| Some((page.quality?, page.f1)))
            .collect();
        let (quality, f1): (Vec<f64>, Vec<f64>) = expected.into_iter().unzip();
        let all: Vec<&PageScore> = scores.iter().collect();
        Self {
            seed,
            overall: Summary::of(&all, bootstrap),
            by_corpus: summaries(&scores, bootstrap, |page| Some(page.corpus.clone())),
            by_page_type: summaries(&scores, bootstrap, |page| page.page_type.clone()),
            by_language: summaries(&scores, bootstrap, |page| page.language.clone()),
            by_length: summaries(&scores, bootstrap, |page| {
                Some(LengthRange::of(page.gold_words))
            }),
            blocks: BlockSummary::of(&scores),
            quality_correlation: pearson(&quality, &f1),
            mean_coverage: mean(scores.iter().filter_map(|page| page.coverage)),
            worst: worst(&scores),
            metadata: None,
            missing: Vec::new(),
            pages: scores,
        }
    }

    /// Adds how good the extractor is at title, authors and date.
    pub fn with_metadata(mut self, metadata: Option<MetadataReport>) -> Self {
        self.metadata = metadata;
        self
    }

    /// Names the pages that had no prediction; their scores, those of an empty
    /// one, are among the scores already.
    pub fn with_missing(mut self, ids: Vec<String>) -> Self {
        self.missing = ids;
        self
    }
}

fn summaries<K: Ord>(
    scores: &[PageScore],
    bootstrap: Bootstrap,
    key: impl Fn(&PageScore) -> Option<K>,
) -> BTreeMap<K, Summary> {
    let mut parts: BTreeMap<K, Vec<&PageScore>> = BTreeMap::new();
    for page in scores {
        if let Some(key) = key(page) {
            parts.entry(key).or_default().push(page);
        }
    }
    parts
        .into_iter()
        .map(|(key, pages)| (key, Summary::of(&pages, bootstrap)))
        .collect()
}

fn worst(scores: &[PageScore]) -> Vec<WorstPage> {
    let mut pages: Vec<&PageScore> = scores.iter().collect();
    pages.sort_by(|a, b| {
        a.f1.total_cmp(&b.f1)
            .then(b.gold_words.cmp(&a.gold_words))
            .then_with(|| (&a.corpus, &a.id).cmp(&(&b.corpus, &b.id)))
    });
    pages
        .into_iter()
        .take(WORST_PAGES)
        .map(|page| WorstPage {
            corpus: page.corpus.clone(),
            id: page.id.clone(),
            f1: page.f1,
            gold_words: page.gold_words,
            predicted_words: page.predicted_words,
        })
        .collect()
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, n) = values.fold((0.0, 0_u32), |(sum, n), value| (sum + value, n + 1));
    (n > 0).then(|| sum / f64::from(n))
}

#[cfg(test)]
mod tests {
    use super::super::page_score::labelled;
    use super::super::{BlockScore, score_page};
    use super::*;

    fn score(id: &str, corpus: &str, page_type: Option<&str>, predicted: &str) -> PageScore {
        let mut page = labelled(id, corpus, "the old stone bridge");
        page.page_type = page_type.map(str::to_owned);
        score_page(&page, predicted)
    }

    #[test]
    fn every_page_counts_once_overall_and_in_its_parts() {
        let report = Report::new(
            vec![
                score("a", "wcxb", Some("article"), "the old stone bridge"),
                score("b", "wcxb", Some("forum"), ""),
                score("c", "fundus", None, "the old"),
            ],
            7,
        );
        assert_eq!(report.overall.pages, 3);
        assert_eq!(report.overall.recall, 0.5);
        assert_eq!(report.overall.precision, 2.0 / 3.0);
        assert!((report.overall.f1.mean - (1.0 + 2.0 / 3.0) / 3.0).abs() < 1e-12);
        assert!(report.overall.f1.low < report.overall.f1.high);
        assert_eq!(report.by_corpus["wcxb"].f1.mean, 0.5);
        assert_eq!(report.by_corpus["fundus"].pages, 1);
        let types: Vec<_> = report.by_page_type.keys().collect();
        assert_eq!(types, ["article", "forum"]);
        assert!(report.by_language.is_empty());
        assert_eq!(report.by_length[&LengthRange::Under100].pages, 3);
        // Pairs of words: 3 of 3, none, 1 of 3 at a precision of 1.
        assert!((report.overall.rouge_2_f1 - 1.5 / 3.0).abs() < 1e-12);
        assert!((report.overall.rouge_l_f1 - (1.0 + 2.0 / 3.0) / 3.0).abs() < 1e-12);
        // "the old" is 7 of the 20 characters.
        assert!((report.overall.edit_similarity - 1.35 / 3.0).abs() < 1e-12);
        assert_eq!(report.overall.with, None);
    }

    #[test]
    fn pages_stand_with_those_of_their_language_and_length() {
        let page = |id: &str, language: &str, gold: &str| {
            let mut page = labelled(id, "dehusk", gold);
            page.lang = Some(language.to_owned());
            score_page(&page, "brú")
        };
        let report = Report::new(
            vec![
                page("long", "is", &"brú ".repeat(3_000)),
                page("short", "is", "brú"),
                page("none", "fo", ""),
            ],
            0,
        );
        let languages: Vec<(&str, usize)> = report
            .by_language
            .iter()
            .map(|(language, part)| (language.as_str(), part.pages))
            .collect();
        assert_eq!(languages, [("fo", 1), ("is", 2)]);
        let lengths: Vec<LengthRange> = report.by_length.keys().copied().collect();
        let expected = [
            LengthRange::Empty,
            LengthRange::Under100,
            LengthRange::From3000,
        ];
        assert_eq!(lengths, expected);
        assert_eq!(report.by_length[&LengthRange::Under100].f1.mean, 1.0);
        let json = serde_json::to_string(&report.by_length).unwrap();
        let (short, long) = ("\"under 100 words\":", "\"from 3000 words\":");
        assert!(json.find(short) < json.find(long) && json.contains(short));
    }

    #[test]
    fn the_worst_pages_come_lowest_first_and_by_what_they_lost() {
        let mut scores: Vec<PageScore> = (0..12)
            .map(|i| score(&format!("good{i:02}"), "wcxb", None, "the old stone bridge"))
            .collect();
        scores.push(score("half", "wcxb", None, "the old"));
        scores.push(score("none", "wcxb", None, ""));
        scores.push(score_page(
            &labelled("long", "wcxb", "the old stone bridge reopened"),
            "",
        ));
        let report = Report::new(scores, 0);
        let ids: Vec<&str> = report.worst.iter().map(|page| page.id.as_str()).collect();
        assert_eq!(ids[..4], ["long", "none", "half", "good00"]);
        assert_eq!(ids.len(), WORST_PAGES);
    }

    #[test]
    fn blocks_quality_and_coverage_are_summed_up_where_there_are_any() {
        let bare = Report::new(vec![score("a", "wcxb", None, "")], 0);
        assert_eq!((bare.blocks, bare.quality_correlation), (None, None));

        let block = |probability, label| BlockScore {
            probability,
            label,
            weight: 4.0,
            kept: label > 0.5,
        };
        let report = Report::new(
            vec![
                score("a", "wcxb", None, "the old stone bridge")
                    .with_quality(0.9)
                    .with_coverage(1.0)
                    .with_blocks(vec![block(0.9, 1.0)]),
                score("b", "wcxb", None, "")
                    .with_quality(0.4)
                    .with_coverage(0.5)
                    .with_blocks(vec![block(0.3, 0.0)]),
                score("c", "wcxb", None, "the"),
            ],
            0,
        );
        let blocks = report.blocks.unwrap();
        assert_eq!((blocks.blocks, blocks.auc), (2, Some(1.0)));
        assert_eq!(blocks.overlap.unwrap().f1, 1.0);
        assert!((blocks.calibration_error.unwrap() - 0.2).abs() < 1e-6);
        assert!((blocks.brier_score.unwrap() - 0.05).abs() < 1e-6);
        assert!((report.quality_correlation.unwrap() - 1.0).abs() < 1e-12);
        assert_eq!(report.mean_coverage, Some(0.75));
    }

    #[test]
    fn json_holds_the_summary_and_every_page() {
        let report = Report::new(vec![score("a", "wcxb", None, "the old")], 3)
            .with_missing(vec!["a".to_owned()]);
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["seed"], 3);
        assert_eq!(json["overall"]["recall"], 0.5);
        assert_eq!(json["pages"][0]["id"], "a");
        assert_eq!(json["missing"][0], "a");
        let empty = serde_json::to_value(Report::new(Vec::new(), 0)).unwrap();
        assert!(empty["overall"]["f1"]["mean"].is_null());
    }
}
