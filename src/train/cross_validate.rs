//! Probabilities for pages that their model never saw.

use rayon::prelude::*;

use super::leave_out::LeaveOut;
use super::step::{CurvePoint, Step, Tell};
use super::{PreparedPage, Settings, TrainError};
use crate::corpus::grouped_folds;
use crate::evaluate::{PageScore, score_prepared};
use crate::model::PageCalibration;
use crate::select::{Policies, Selection};

/// Out-of-fold probabilities.
#[derive(Debug, Clone)]
pub struct CrossValidation {
    /// For each page the fold that it was held out in.
    pub folds: Vec<usize>,
    /// For each page the probabilities of its blocks, by the model of the
    /// folds that it is not in.
    pub probabilities: Vec<Vec<f32>>,
    /// For each fold the model's calibration of pages.
    pub page_calibrations: Vec<PageCalibration>,
}

/// The most folds that pages are split into.
pub const MOST_FOLDS: usize = 64;

/// A fold, judged by a model that has not seen it.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedFold {
    /// Which of the folds, from 0.
    pub fold: usize,
    /// Its pages by their indices, ascending, with the probabilities of their
    /// blocks.
    pub probabilities: Vec<(usize, Vec<f32>)>,
    /// The model's calibration of pages.
    pub page_calibration: PageCalibration,
    /// How the model without it learned; empty but for boosting.
    pub curve: Vec<CurvePoint>,
}

/// Cross-validation one fold at a time, in any order.
pub struct FoldByFold<'a> {
    folds: Vec<usize>,
    models: LeaveOut<'a>,
}

impl<'a> FoldByFold<'a> {
    /// Splits the pages into `k` folds by group.
    ///
    /// # Errors
    /// When there are fewer groups than folds or more than [`MOST_FOLDS`] folds,
    /// a page cannot be read again, or columns are to be hidden that are not
    /// there.
    pub fn new(
        pages: &'a [PreparedPage],
        settings: &'a Settings,
        k: usize,
    ) -> Result<Self, TrainError> {
        let folds = folds_of(pages, k, settings.seed)?;
        let models = LeaveOut::new(pages, &folds, settings)?.watched();
        Ok(Self { folds, models })
    }

    /// For each page the fold that it is held out in.
    pub fn folds(&self) -> &[usize] {
        &self.folds
    }

    /// Fits a model without the fold (term models, classifier and calibration),
    /// and lets it judge the fold. What several folds need is fitted once:
    /// `k·(k + 1)/2` classifiers for all. A fold that is judged again has no
    /// curve.
    ///
    /// # Errors
    /// When the learner fails.
    pub fn judge(&mut self, fold: usize, tell: Tell<'_>) -> Result<JudgedFold, TrainError> {
        let mut curve = Vec::new();
        let held_out = self.models.held_out(fold, &mut |step| {
            if let Step::Round(point) = step {
                curve.push(point);
            }
            tell(step);
        })?;
        tell(Step::Fold(fold));
        Ok(JudgedFold {
            fold,
            probabilities: held_out.probabilities,
            page_calibration: held_out.page_calibration,
            curve,
        })
    }

    /// Judges all folds, one after the other.
    ///
    /// # Errors
    /// When the learner fails.
    pub fn judge_all(&mut self, tell: Tell<'_>) -> Result<CrossValidation, TrainError> {
        let mut validation = CrossValidation::new(&self.folds);
        for fold in 0..validation.page_calibrations.len() {
            validation.add(self.judge(fold, tell)?);
        }
        Ok(validation)
    }

    /// Goes on with other settings of boosting; the rest must be as it was.
    pub(super) fn refit(&mut self, settings: &'a Settings) {
        self.models.refit(settings);
    }
}

/// Splits the pages into `k` folds by group and judges each of them
/// ([`FoldByFold`]). `each` is told of every fold done.
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
    FoldByFold::new(pages, settings, k)?.judge_all(&mut |step| {
        if let Step::Fold(fold) = step {
            each(fold);
        }
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
    /// Over pages that stand in the given folds, none of which is judged yet.
    pub fn new(folds: &[usize]) -> Self {
        Self {
            folds: folds.to_vec(),
            probabilities: vec![Vec::new(); folds.len()],
            page_calibrations: vec![
                PageCalibration::default();
                folds.iter().max().map_or(0, |most| most + 1)
            ],
        }
    }

    /// Adds what was said of a fold.
    ///
    /// # Panics
    /// When it or one of its pages is not there.
    pub fn add(&mut self, judged: JudgedFold) {
        self.page_calibrations[judged.fold] = judged.page_calibration;
        for (page, probabilities) in judged.probabilities {
            self.probabilities[page] = probabilities;
        }
    }

    /// Scores of the texts that `selection` makes of the probabilities, within
    /// the default policies.
    pub fn scores(&self, pages: &[PreparedPage], selection: &Selection) -> Vec<PageScore> {
        pages
            .par_iter()
            .zip(&self.probabilities)
            .zip(&self.folds)
            .map(|((page, probabilities), &fold)| {
                let page_calibration = &self.page_calibrations[fold];
                let policies = Policies::default();
                score_prepared(page, probabilities, selection, page_calibration, policies)
            })
            .collect()
    }
}
