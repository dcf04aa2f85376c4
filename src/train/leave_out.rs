//! Models fitted without some folds: the one machine behind cross-validation
//! and the shipped model.
//!
//! Three things are learned one on top of the other: term models, a classifier
//! that sees their log-odds, a calibration of the classifier. Each must see the
//! one below as it will be met later, on pages that the one below has not
//! learned from (stacking: Wolpert 1992, *Stacked Generalization*, §II). So the
//! classifier that leaves out folds `S` sees, on a page of fold `j`, term
//! models that leave out `S` and `j`; and its calibration sees, on that page,
//! the classifier that leaves out `S` and `j`. The sets recur, and so each is
//! fitted once.

use std::collections::BTreeMap;

use linfa::DatasetBase;
use ndarray::{Array1, Array2, s};
use rayon::prelude::*;

use super::{PreparedPage, Rows, Settings, TrainError, terms, variant};
use crate::feature::term::KINDS;
use crate::model::term_model::TermModels;
use crate::model::{Calibration, Classifier, Profile, design};

/// A set of folds, as bits.
type Folds = u64;

/// What a classifier learns from.
#[derive(Clone, Copy)]
enum Lessons {
    /// The pages as they are.
    Pages,
    /// The pages of profile `article` and their variants.
    Articles,
}

/// Fits models that leave out folds, and keeps them.
pub(super) struct LeaveOut<'a> {
    pages: &'a [PreparedPage],
    /// For each page what else is learned from where it is.
    variants: Vec<Option<PreparedPage>>,
    folds: &'a [usize],
    settings: &'a Settings,
    /// Columns that the learner does not see.
    hidden: Vec<usize>,
    terms: BTreeMap<Folds, TermModels>,
    classifiers: BTreeMap<Folds, Classifier>,
}

impl<'a> LeaveOut<'a> {
    /// Over pages that stand in the given folds, each below 64.
    ///
    /// # Errors
    /// When a page that is to be varied cannot be read, or columns are to be
    /// hidden that are not there.
    pub(super) fn new(
        pages: &'a [PreparedPage],
        folds: &'a [usize],
        settings: &'a Settings,
    ) -> Result<Self, TrainError> {
        assert_eq!(pages.len(), folds.len());
        let variants = if settings.variants && settings.boosts_on() {
            variant::variants(pages, settings.seed)?
        } else {
            pages.iter().map(|_| None).collect()
        };
        Ok(Self {
            pages,
            variants,
            folds,
            settings,
            hidden: settings.hidden_columns()?,
            terms: BTreeMap::new(),
            classifiers: BTreeMap::new(),
        })
    }

    fn fold(&self, page: usize) -> Folds {
        1 << self.folds[page]
    }

    /// Indices of the pages that may be learned from without the folds `out`.
    fn within(&self, out: Folds) -> Vec<usize> {
        (0..self.pages.len())
            .filter(|&i| self.fold(i) & out == 0 && self.pages[i].teaches())
            .collect()
    }

    /// A page and its variant.
    fn with_variant(&self, page: usize) -> impl Iterator<Item = &PreparedPage> {
        std::iter::once(&self.pages[page]).chain(&self.variants[page])
    }

    /// Fits the term models of all `sets` that are not there yet, in parallel.
    fn fit_terms(&mut self, sets: impl IntoIterator<Item = Folds>) {
        let mut missing: Vec<Folds> = sets
            .into_iter()
            .filter(|set| !self.terms.contains_key(set))
            .collect();
        missing.sort_unstable();
        missing.dedup();
        let fitted: Vec<(Folds, TermModels)> = missing
            .into_par_iter()
            .map(|set| {
                let pages: Vec<&PreparedPage> = self
                    .within(set)
                    .into_iter()
                    .map(|i| &self.pages[i])
                    .collect();
                (set, terms::fit_terms(&pages, self.settings.seed))
            })
            .collect();
        self.terms.extend(fitted);
    }

    /// The term models of all pages outside the folds `out`.
    pub(super) fn terms(&mut self, out: Folds) -> &TermModels {
        self.fit_terms([out]);
        &self.terms[&out]
    }

    /// The classifier that has not seen the folds `out`.
    pub(super) fn classifier(&mut self, out: Folds) -> Result<&Classifier, TrainError> {
        if !self.classifiers.contains_key(&out) {
            let pages = self.rows(out, Lessons::Pages);
            let mut fitted = self.settings.fit(&pages)?;
            drop(pages);
            if self.settings.boosts_on() {
                let articles = self.rows(out, Lessons::Articles);
                fitted = self.settings.fit_further(fitted, &articles)?;
            }
            self.classifiers.insert(out, fitted);
        }
        Ok(&self.classifiers[&out])
    }

    /// Rows of what is to be learned outside the folds `out`: each page weighs
    /// the same, and within it a block by the square root of its words; weights
    /// average 1.
    fn rows(&mut self, out: Folds, which: Lessons) -> Rows {
        let within = self.within(out);
        self.fit_terms(
            within
                .iter()
                .map(|&i| out | 1 << self.folds[i])
                .collect::<Vec<_>>(),
        );
        let lessons: Vec<(usize, &PreparedPage)> = within
            .iter()
            .flat_map(|&i| match which {
                Lessons::Pages => vec![(i, &self.pages[i])],
                Lessons::Articles if self.pages[i].labelled.profile == Profile::Article => {
                    self.with_variant(i).map(|page| (i, page)).collect()
                }
                Lessons::Articles => Vec::new(),
            })
            .collect();
        let n: usize = lessons.iter().map(|(_, page)| page.blocks.len()).sum();
        let mut records = Array2::zeros((n, design::columns().len()));
        let mut labels = Vec::with_capacity(n);
        let mut weights = Vec::with_capacity(n);
        let mut at = 0;
        for &(i, page) in &lessons {
            let next = at + page.blocks.len();
            let log_odds = self.log_odds(page, out | self.fold(i));
            let matrix = design::matrix(&page.measured, &log_odds, page.labelled.profile);
            records.slice_mut(s![at..next, ..]).assign(&matrix);
            labels.extend_from_slice(&page.labels);
            let total: f32 = page.words.iter().map(|w| w.sqrt()).sum();
            let scale = n as f32 / lessons.len() as f32 / total;
            weights.extend(page.words.iter().map(|w| w.sqrt() * scale));
            at = next;
        }
        for &column in &self.hidden {
            records.column_mut(column).fill(0.0);
        }
        DatasetBase::new(records, Array1::from(labels)).with_weights(Array1::from(weights))
    }

    /// Log-odds of a page's blocks under the term models of `out`, which must
    /// be there.
    fn log_odds(&self, page: &PreparedPage, out: Folds) -> [Vec<f32>; KINDS.len()] {
        self.terms[&out].log_odds(&page.measured.terms)
    }

    /// What the classifier without the folds `out` says of the pages of `fold`,
    /// one of them: for each page its index and raw probabilities.
    fn raw(&mut self, out: Folds, fold: usize) -> Result<Vec<(usize, Array1<f32>)>, TrainError> {
        debug_assert!(out & 1 << fold != 0);
        self.classifier(out)?;
        self.fit_terms([out]);
        let classifier = &self.classifiers[&out];
        Ok((0..self.pages.len())
            .into_par_iter()
            .filter(|&i| self.folds[i] == fold)
            .map(|i| {
                let page = &self.pages[i];
                let log_odds = self.log_odds(page, out);
                let profile = page.labelled.profile;
                (i, classifier.judge(&page.measured, &log_odds, profile))
            })
            .collect())
    }

    /// The calibration of the classifier that has not seen the folds `out`,
    /// weighted by words.
    pub(super) fn calibration(&mut self, out: Folds) -> Result<Calibration, TrainError> {
        let mut folds: Vec<usize> = self.within(out).iter().map(|&i| self.folds[i]).collect();
        folds.sort_unstable();
        folds.dedup();
        // One fold cannot be judged by others.
        if folds.len() < 2 {
            return Ok(Calibration::default());
        }
        let mut samples = Vec::new();
        for fold in folds {
            for (i, raw) in self.raw(out | 1 << fold, fold)? {
                let page = &self.pages[i];
                let share = 1.0 / page.words.iter().sum::<f32>().max(1.0);
                if page.teaches() {
                    samples.extend(
                        raw.iter()
                            .zip(&page.labels)
                            .zip(&page.words)
                            .map(|((&raw, &label), &words)| (raw, label, words * share)),
                    );
                }
            }
        }
        Ok(Calibration::fit(samples))
    }

    /// Calibrated probabilities for the pages of `fold`, by a model that has
    /// not seen it in any of its parts.
    pub(super) fn held_out(&mut self, fold: usize) -> Result<Vec<(usize, Vec<f32>)>, TrainError> {
        let out = 1 << fold;
        let calibration = self.calibration(out)?;
        Ok(self
            .raw(out, fold)?
            .into_iter()
            .map(|(i, raw)| (i, raw.iter().map(|&p| calibration.apply(p)).collect()))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{Format, LabelledPage, PageSource};
    use crate::train::{Boosting, prepare};

    /// Pages of both profiles, with prose enough for variants.
    fn pages() -> Vec<PreparedPage> {
        let pages = (0..12)
            .map(|i| {
                let format = [Format::Fundus, Format::Wcxb][i % 2];
                let gold: Vec<String> = (0..10)
                    .map(|n| {
                        format!(
                            "Paragraph {n} of page {i} says at some length how the old bridge \
                             was mended and what the town paid for it in the end."
                        )
                    })
                    .collect();
                let html = format!(
                    "<title>Page {i}</title><ul class=menu><li><a href=/>Home</a><li>News</ul>\
                     <article>{}</article><div class=legal>All rights reserved {i}</div>",
                    gold.iter()
                        .map(|p| format!("<p>{p}</p>"))
                        .collect::<String>()
                );
                let source = PageSource::Inline(html.into_bytes());
                LabelledPage::new(format!("page{i}"), format, source, gold.join("\n"))
            })
            .collect();
        prepare(pages, || {}).unwrap()
    }

    #[test]
    fn what_a_fold_holds_cannot_move_what_is_said_of_it() {
        let folds: Vec<usize> = (0..12).map(|i| i / 2 % 3).collect();
        let settings = Settings {
            boosting: Boosting {
                trees: 5,
                article_trees: 5,
                ..Boosting::default()
            },
            ..Settings::default()
        };
        let said = |pages: &[PreparedPage], fold| {
            let mut models = LeaveOut::new(pages, &folds, &settings).unwrap();
            assert!(models.variants.iter().flatten().count() > 1);
            models.held_out(fold).unwrap()
        };
        let pages_as_they_are = pages();
        let mut reversed = pages();
        for (page, &fold) in reversed.iter_mut().zip(&folds) {
            if fold == 0 {
                for label in &mut page.labels {
                    *label = 1.0 - *label;
                }
            }
        }
        assert_eq!(said(&pages_as_they_are, 0), said(&reversed, 0));
        assert_ne!(said(&pages_as_they_are, 1), said(&reversed, 1));
    }
}
