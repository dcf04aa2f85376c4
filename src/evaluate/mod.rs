//! Predictions + gold text → metrics, intervals, a [`Report`].
//!
//! [`score_page`] compares one extraction with the gold text of its page;
//! [`Report`] sums up many, overall and by corpus and page type, with intervals
//! by [`Bootstrap`]. [`Predictions`] reads what any extractor wrote, so that
//! dehusk and its peers are measured by the same code. The metrics are
//! functions of their own: [`word_f1`], [`shingle_f1`], [`snippets`],
//! [`roc_auc`], [`calibration_error`], [`brier_score`], [`pearson`].

mod block;
mod bootstrap;
mod correlation;
mod page_score;
mod predictions;
mod prepared;
mod report;
mod shingle;
mod snippet;
mod table;
mod word_f1;

pub use block::{BINS, BlockScore, brier_score, calibration_error, roc_auc};
pub use bootstrap::{Bootstrap, Interval, RESAMPLES};
pub use correlation::pearson;
pub use page_score::{PageScore, score_page};
pub use predictions::{EvaluateError, Predictions};
pub use prepared::score_prepared;
pub use report::{BlockSummary, Report, Summary, WORST_PAGES, WorstPage};
pub use shingle::{SHINGLE_LEN, ShingleCounts, shingle_f1};
pub use snippet::{SnippetRates, snippets};
pub use word_f1::{Overlap, word_f1};
