//! A [`Report`] + what it was measured on → a [`Study`]: everything that a
//! person needs to trust the figures and to see where they fail, as a folder
//! with one page of HTML and the same data as JSON and CSV.
//!
//! [`Study::of`] gathers, `shown` picks the pages to be looked at and bounds what
//! of them is held, `tables` writes CSV, `folder` all of it; the HTML is made in
//! `html` beside this.

mod folder;
mod shown;
mod tables;

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    ConfusionByTag, F1Bin, Importance, PrecisionRecall, Predictions, ReliabilityBin, Report,
    Summary, TagConfusion, f1_histogram, reliability,
};
use crate::corpus::LabelledPage;
use crate::model::{Model, Provenance, TrainedOn};
use crate::train::PreparedPage;

pub use folder::{REPORT_FOLDER, StudyError};
pub use shown::{Excerpt, LOW_COVERAGE, LowCoverage, Outcome, ShownBlock, ShownPage};

/// Pages that a study shows, unless told otherwise.
pub const SHOWN_PAGES: usize = 30;

/// What was measured, and on what: enough to measure it again.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Subject {
    /// The extractor, in words: "the built-in model".
    pub extractor: String,
    /// The command that measured it.
    pub command: String,
    /// SHA-256 of the model's file, in hexadecimal, where there is one model.
    pub model_sha256: Option<String>,
    /// Where the model came from, where there is one.
    pub provenance: Option<Provenance>,
    /// The corpora that it was measured on, by name.
    pub corpora: Vec<TrainedOn>,
    /// Names and versions of what measured it.
    pub versions: Vec<(String, String)>,
}

impl Subject {
    /// Corpora that the model was measured on and has learned from: where the same
    /// pages are in both, figures flatter.
    pub fn learned_from(&self) -> Vec<&str> {
        let learned = self.provenance.iter().flat_map(|p| &p.corpora);
        let names: Vec<&str> = learned.map(|c| c.corpus.as_str()).collect();
        let measured = self.corpora.iter().map(|c| c.corpus.as_str());
        measured.filter(|name| names.contains(name)).collect()
    }
}

/// What a report's scores were made of, page by page in its order.
#[derive(Debug, Clone, Copy)]
pub enum Evidence<'a> {
    /// Blocks were judged: the scores hold a page's blocks, one for one.
    Blocks {
        /// The pages.
        pages: &'a [PreparedPage],
        /// The one model that judged all pages, where there is one.
        model: Option<&'a Model>,
    },
    /// Only texts are known.
    Texts {
        /// The pages.
        pages: &'a [LabelledPage],
        /// Their extractions.
        predictions: &'a Predictions,
    },
}

impl Evidence<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Blocks { pages, .. } => pages.len(),
            Self::Texts { pages, .. } => pages.len(),
        }
    }
}

/// What is known where blocks were judged.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BlockStudy {
    /// Precision against recall of blocks by words; `None` where no word is
    /// content.
    pub precision_recall: Option<PrecisionRecall>,
    /// How far probabilities can be believed, by words.
    pub reliability: Vec<ReliabilityBin>,
    /// Words kept and left by the element they stand under.
    pub by_tag: Vec<TagConfusion>,
    /// What columns are worth to the model; `None` where no one model judged
    /// all pages, or no page has words and its own gold text.
    pub importance: Option<Importance>,
    /// Pages of low label coverage, lowest first.
    pub low_coverage: Vec<LowCoverage>,
}

/// A report with all that explains it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Study {
    /// [`Study::KIND`]: how a folder of a study is known.
    pub kind: &'static str,
    /// What was measured.
    pub subject: Subject,
    /// The figures.
    pub report: Report,
    /// Pages by their word F1.
    pub f1_histogram: Vec<F1Bin>,
    /// What is known where blocks were judged.
    pub blocks: Option<BlockStudy>,
    /// The pages of lowest F1 whose labels can be trusted, lowest first.
    pub worst: Vec<ShownPage>,
}

impl Study {
    /// What [`Study::kind`] says.
    pub const KIND: &'static str = "dehusk evaluation report";

    /// Gathers what explains a report; the `most_pages` worst pages are shown.
    /// `each` is told of every column and group whose importance is measured, from
    /// any thread.
    ///
    /// # Panics
    /// When the evidence is not of the report's pages, one for one, or scores lack
    /// their blocks.
    pub fn of(
        report: Report,
        subject: Subject,
        evidence: Evidence<'_>,
        most_pages: usize,
        each: impl Fn() + Sync,
    ) -> Self {
        assert_eq!(report.pages.len(), evidence.len());
        let blocks = match evidence {
            Evidence::Texts { .. } => None,
            Evidence::Blocks { pages, model } => {
                let scores = || report.pages.iter().flat_map(|page| page.blocks.clone());
                let mut by_tag = ConfusionByTag::default();
                for (page, score) in pages.iter().zip(&report.pages) {
                    by_tag.add(&page.blocks, &score.blocks);
                }
                Some(BlockStudy {
                    precision_recall: PrecisionRecall::of(scores()),
                    reliability: reliability(scores()),
                    by_tag: by_tag.into_rows(),
                    importance: model
                        .and_then(|model| Importance::of(model, pages, report.seed, each)),
                    low_coverage: shown::low_coverage(&report),
                })
            }
        };
        Self {
            kind: Self::KIND,
            subject,
            f1_histogram: f1_histogram(report.pages.iter().map(|page| page.f1)),
            blocks,
            worst: shown::worst(&report, evidence, most_pages),
            report,
        }
    }
}

impl Report {
    /// The groups of pages that are summed up, each with the name of what it is
    /// grouped by; those without a page are left out.
    pub(super) fn groups(&self) -> Vec<(&'static str, Vec<(String, &Summary)>)> {
        fn named<K: ToString>(parts: &BTreeMap<K, Summary>) -> Vec<(String, &Summary)> {
            let named = parts.iter();
            named.map(|(name, part)| (name.to_string(), part)).collect()
        }
        let mut groups = vec![
            ("all", vec![("all pages".to_owned(), &self.overall)]),
            ("corpus", named(&self.by_corpus)),
            ("page type", named(&self.by_page_type)),
            ("language", named(&self.by_language)),
            ("length of gold text", named(&self.by_length)),
        ];
        groups.retain(|(_, parts)| !parts.is_empty());
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corpora_that_the_model_knows_are_named() {
        let corpus = |name: &str| TrainedOn {
            corpus: name.to_owned(),
            pages: 1,
            sha256: String::new(),
            licence: String::new(),
        };
        let mut subject = Subject {
            corpora: vec![corpus("dragnet"), corpus("wcxb")],
            ..Subject::default()
        };
        assert!(subject.learned_from().is_empty());
        subject.provenance = Some(Provenance {
            corpora: vec![corpus("fundus"), corpus("wcxb")],
            ..Provenance::default()
        });
        assert_eq!(subject.learned_from(), ["wcxb"]);
    }
}
