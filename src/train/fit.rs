//! Prepared pages → a [`Model`] that says where it came from.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};

use super::cross_validate::folds_of;
use super::leave_out::LeaveOut;
use super::step::Tell;
use super::{PreparedPage, Settings, TrainError};
use crate::corpus::{CorpusError, LabelledPage, digest};
use crate::model::{Model, Provenance, TrainedOn};

/// Folds by which the parts of a model are fitted one on top of the other.
const FOLDS: usize = 5;

/// Fits a model on all pages: the same one for the same pages and settings, on
/// any number of threads. `provenance` goes into the model as it is, but for the
/// learner and the seed.
///
/// # Errors
/// When there is nothing to learn, a page cannot be read again, or the learner
/// fails.
pub fn fit(
    pages: &[PreparedPage],
    settings: &Settings,
    provenance: Provenance,
) -> Result<Model, TrainError> {
    fit_telling(pages, settings, provenance, &mut |_| {})
}

/// [`fit`], telling of every step on the way.
///
/// # Errors
/// When there is nothing to learn, a page cannot be read again, or the learner
/// fails.
pub fn fit_telling(
    pages: &[PreparedPage],
    settings: &Settings,
    provenance: Provenance,
    tell: Tell<'_>,
) -> Result<Model, TrainError> {
    let groups: std::collections::HashSet<&str> =
        pages.iter().map(|p| p.labelled.group.as_str()).collect();
    let folds = match groups.len() {
        0 => return Err(TrainError::NothingToLearn),
        1 => vec![0; pages.len()],
        n => folds_of(pages, n.min(FOLDS), settings.seed)?,
    };
    let mut models = LeaveOut::new(pages, &folds, settings)?;
    let (calibration, page_calibration) = models.calibration(0, tell)?;
    Ok(Model {
        kind: settings.input,
        terms: models.terms(0).clone(),
        classifier: models.classifier(0, tell)?.clone(),
        calibration,
        page_calibration,
        selection: settings.selection,
        provenance: Provenance {
            learner: settings.describe(),
            seed: settings.seed,
            ..provenance
        },
    })
}

/// Describes the corpora that pages are of, by name in order, for a model's
/// provenance.
///
/// # Errors
/// When a page cannot be read.
pub fn trained_on<P: Borrow<LabelledPage>>(pages: &[P]) -> Result<Vec<TrainedOn>, CorpusError> {
    let mut by_corpus: BTreeMap<&str, Vec<&LabelledPage>> = BTreeMap::new();
    for page in pages.iter().map(Borrow::borrow) {
        by_corpus.entry(&page.corpus).or_default().push(page);
    }
    by_corpus
        .into_iter()
        .map(|(corpus, pages)| {
            Ok(TrainedOn {
                corpus: corpus.to_owned(),
                pages: pages.len(),
                sha256: digest(&pages)?,
                licence: licences(&pages),
            })
        })
        .collect()
}

/// The licences of a corpus's annotations, each once.
fn licences(pages: &[&LabelledPage]) -> String {
    let licences: BTreeSet<&str> = pages.iter().map(|page| page.licence.as_str()).collect();
    licences.into_iter().collect::<Vec<_>>().join(", ")
}
