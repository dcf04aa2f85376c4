//! Predictions + gold text → metrics, intervals, a [`Report`], a [`Comparison`].
//!
//! [`score_page`] compares one extraction with the gold text of its page;
//! [`Report`] sums up many, overall and by corpus, page type, language and
//! length, with intervals by [`Bootstrap`]; [`Comparison`] sets several
//! extractors on the same pages beside each other; a [`Study`] explains a report
//! and writes it as a folder. [`Predictions`] reads what any extractor wrote, so that dehusk and its peers are measured by the same
//! code; [`Baseline`] is rules to hold them against. [`score_metadata`] and [`MetadataReport`] do the same for title, authors
//! and date. The metrics are functions of their own: [`word_f1`], [`shingle_f1`],
//! [`rouge_n`], [`rouge_l`], [`edit_similarity`], [`snippets`],
//! [`block_overlap`], [`roc_auc`], [`calibration_error`], [`brier_score`],
//! [`pearson`]; `docs/METRICS.md` has their formulas, and how they differ from
//! what other benchmarks report.

mod baseline;
mod block;
mod block_overlap;
mod bootstrap;
mod by_tag;
mod comparison;
mod comparison_table;
mod correlation;
mod curve;
mod edit_similarity;
mod html;
mod importance;
mod length_range;
mod metadata;
mod page_score;
mod pieces;
mod predictions;
mod prepared;
mod report;
mod report_table;
mod rouge_l;
mod rouge_n;
mod shingle;
mod snippet;
mod study;
mod table;
mod token_ids;
mod word_f1;

pub use baseline::Baseline;
pub use block::{BINS, BlockScore, brier_score, calibration_error, roc_auc};
pub use block_overlap::block_overlap;
pub use bootstrap::{Bootstrap, Interval, RESAMPLES};
pub use by_tag::{ConfusionByTag, TagConfusion};
pub use comparison::{
    Compared, Comparison, ComparisonError, DIFFERING_PAGES, Difference, DifferingPage,
};
pub use correlation::pearson;
pub use curve::{
    F1_BINS, F1Bin, PrecisionRecall, PrecisionRecallPoint, ReliabilityBin, f1_histogram,
    reliability,
};
pub use edit_similarity::edit_similarity;
pub use importance::{Fitness, Importance, MOST_ROWS, SHUFFLES, Worth};
pub use length_range::LengthRange;
pub use metadata::{
    FieldScore, FieldSummaries, FieldSummary, MetadataReport, MetadataScore, ToldMetadata,
    has_gold_metadata, score_metadata,
};
pub use page_score::{PageScore, score_page};
pub use predictions::{EvaluateError, Predictions};
pub use prepared::score_prepared;
pub use report::{BlockSummary, Report, Summary, WORST_PAGES, WorstPage};
pub use rouge_l::rouge_l;
pub use rouge_n::rouge_n;
pub use shingle::{SHINGLE_LEN, ShingleCounts, shingle_f1};
pub use snippet::{SnippetRates, snippets};
pub use study::{
    BlockStudy, Evidence, Excerpt, LOW_COVERAGE, LowCoverage, Outcome, REPORT_FOLDER, SHOWN_PAGES,
    ShownBlock, ShownPage, Study, StudyError, Subject,
};
pub use word_f1::{Overlap, word_f1};
