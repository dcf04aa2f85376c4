//! Probabilities for pages that their model never saw.

use std::collections::BTreeSet;

use ndarray::Array1;

use super::{Learner, PreparedPage, TrainError, dataset};
use crate::corpus::{CorpusError, grouped_folds};

/// Out-of-fold probabilities.
#[derive(Debug, Clone)]
pub struct CrossValidation {
    /// For each page the fold that it was held out in.
    pub folds: Vec<usize>,
    /// For each page the probabilities of its blocks, by the model of the
    /// folds that it is not in.
    pub probabilities: Vec<Array1<f32>>,
}

/// Splits the pages into `k` folds by group, fits a model without each fold in
/// turn, and lets it judge the fold. `each` is told of every fold done.
///
/// # Errors
/// When there are fewer groups than folds, or a learner fails.
pub fn cross_validate(
    pages: &[PreparedPage],
    learner: Learner,
    k: usize,
    seed: u64,
    each: impl Fn(usize),
) -> Result<CrossValidation, TrainError> {
    let groups: Vec<String> = pages.iter().map(|p| p.labelled.group.clone()).collect();
    let folds = grouped_folds(&groups, k, seed).map_err(CorpusError::from)?;
    let mut probabilities = vec![Array1::zeros(0); pages.len()];
    for fold in folds.iter().copied().collect::<BTreeSet<_>>() {
        let rows = dataset(
            pages
                .iter()
                .zip(&folds)
                .filter(|&(_, &f)| f != fold)
                .map(|(page, _)| page),
        );
        let classifier = learner.fit(&rows, seed)?;
        drop(rows);
        for (i, page) in pages.iter().enumerate().filter(|&(i, _)| folds[i] == fold) {
            probabilities[i] = classifier.probabilities(&page.matrix);
        }
        each(fold);
    }
    Ok(CrossValidation {
        folds,
        probabilities,
    })
}
