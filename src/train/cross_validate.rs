//! Probabilities for pages that their model never saw.

use super::leave_out::LeaveOut;
use super::{PreparedPage, Settings, TrainError};
use crate::corpus::grouped_folds;
use crate::evaluate::{PageScore, score_prepared};
use crate::select::Selection;

/// Out-of-fold probabilities.
#[derive(Debug, Clone)]
pub struct CrossValidation {
    /// For each page the fold that it was held out in.
    pub folds: Vec<usize>,
    /// For each page the probabilities of its blocks, by the model of the
    /// folds that it is not in.
    pub probabilities: Vec<Vec<f32>>,
}

/// The most folds that pages are split into.
pub const MOST_FOLDS: usize = 64;

/// Splits the pages into `k` folds by group, fits a model without each fold in
/// turn (term models, classifier and calibration), and lets it judge the fold:
/// `k·(k + 1)/2` classifiers in all. `each` is told of every fold done.
///
/// # Errors
/// When there are fewer groups than folds or more than [`MOST_FOLDS`] folds, a
/// page cannot be read again, or the learner fails.
pub fn cross_validate(
    pages: &[PreparedPage],
    settings: &Settings,
    k: usize,
    each: impl Fn(usize),
) -> Result<CrossValidation, TrainError> {
    let folds = folds_of(pages, k, settings.seed)?;
    let mut models = LeaveOut::new(pages, &folds, settings)?;
    let mut probabilities = vec![Vec::new(); pages.len()];
    for fold in 0..k {
        for (page, held_out) in models.held_out(fold)? {
            probabilities[page] = held_out;
        }
        each(fold);
    }
    Ok(CrossValidation {
        folds,
        probabilities,
    })
}

/// A fold for each page, whole groups together.
pub(super) fn folds_of(
    pages: &[PreparedPage],
    k: usize,
    seed: u64,
) -> Result<Vec<usize>, TrainError> {
    if k > MOST_FOLDS {
        return Err(TrainError::TooManyFolds { k });
    }
    let groups: Vec<&str> = pages.iter().map(|p| p.labelled.group.as_str()).collect();
    Ok(grouped_folds(&groups, k, seed)?)
}

impl CrossValidation {
    /// Scores of the texts that `selection` makes of the probabilities.
    pub fn scores(&self, pages: &[PreparedPage], selection: &Selection) -> Vec<PageScore> {
        pages
            .iter()
            .zip(&self.probabilities)
            .map(|(page, probabilities)| score_prepared(page, probabilities, selection))
            .collect()
    }
}
