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
use ndarray::{Array1, Array2, Axis, Slice};
use rayon::prelude::*;

use super::boosted::Watch;
use super::boosting::Round;
use super::step::{CurvePoint, Step, Tell, Trees};
use super::{Learner, PreparedPage, Rows, Settings, TrainError, terms, variant};
use crate::feature::term::KINDS;
use crate::model::term_model::TermModels;
use crate::model::{Calibration, Classifier, PageCalibration, Profile, design};
use crate::select::Expected;

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

/// What a model says of pages that it has not seen in any of its parts.
#[derive(Debug, PartialEq)]
pub(super) struct HeldOut {
    /// The pages by their indices, with the probabilities of their blocks.
    pub probabilities: Vec<(usize, Vec<f32>)>,
    /// The model's own.
    pub page_calibration: PageCalibration,
}

/// Fits models that leave out folds, and keeps them.
pub(super) struct LeaveOut<'a> {
    pages: &'a [PreparedPage],
    /// For each page what else is learned from where it is.
    variants: Vec<Option<PreparedPage>>,
    folds: Vec<usize>,
    settings: &'a Settings,
    /// Whether the loss on a fold that is held out is told round by round.
    watched: bool,
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
        folds: &[usize],
        settings: &'a Settings,
    ) -> Result<Self, TrainError> {
        assert_eq!(pages.len(), folds.len());
        let variants = if settings.varies() {
            variant::variants(pages, settings.seed)?
        } else {
            pages.iter().map(|_| None).collect()
        };
        Ok(Self {
            pages,
            variants,
            folds: folds.to_vec(),
            settings,
            watched: false,
            hidden: settings.hidden_columns()?,
            terms: BTreeMap::new(),
            classifiers: BTreeMap::new(),
        })
    }

    /// Tells of every round's loss on the fold that is held out.
    pub(super) fn watched(mut self) -> Self {
        self.watched = true;
        self
    }

    /// The same pages under other settings of the learner: what does not depend
    /// on them is kept.
    pub(super) fn refit(&mut self, settings: &'a Settings) {
        debug_assert_eq!(
            (settings.seed, settings.variants, &settings.without),
            (
                self.settings.seed,
                self.settings.variants,
                &self.settings.without
            )
        );
        self.settings = settings;
        self.classifiers.clear();
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
                (set, terms::fit_terms(&pages, self.settings))
            })
            .collect();
        self.terms.extend(fitted);
    }

    /// The term models of all pages outside the folds `out`.
    pub(super) fn terms(&mut self, out: Folds) -> &TermModels {
        self.fit_terms([out]);
        &self.terms[&out]
    }

    /// The classifier that has not seen the folds `out`. Where they are one,
    /// `tell` hears how its rounds do on that fold's pages.
    pub(super) fn classifier(
        &mut self,
        out: Folds,
        tell: Tell<'_>,
    ) -> Result<&Classifier, TrainError> {
        if !self.classifiers.contains_key(&out) {
            let mut fitted = self.fit_lessons(out, Lessons::Pages, None, tell)?;
            if self.settings.boosts_on() {
                fitted = self.fit_lessons(out, Lessons::Articles, Some(fitted), tell)?;
            }
            self.classifiers.insert(out, fitted);
            tell(Step::Classifier);
        }
        Ok(&self.classifiers[&out])
    }

    /// Fits a classifier, or goes on with one.
    fn fit_lessons(
        &mut self,
        out: Folds,
        which: Lessons,
        before: Option<Classifier>,
        tell: Tell<'_>,
    ) -> Result<Classifier, TrainError> {
        let rows = self.rows(out, which);
        let fold = out.trailing_zeros() as usize;
        let boosts = self.settings.learner == Learner::Boosting;
        let watched = self.watched && boosts && out.count_ones() == 1;
        let held_out = watched
            .then(|| self.held_out_rows(fold, which))
            .filter(|rows| !rows.targets.is_empty());
        let mut each = |trees: Trees, round: Round| {
            tell(Step::Round(CurvePoint::of(fold, trees, round)));
        };
        let watch = held_out.as_ref().map(|rows| Watch {
            rows,
            each: &mut each,
        });
        match before {
            None => self.settings.fit(&rows, watch),
            Some(before) => self.settings.fit_further(before, &rows, watch),
        }
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
        let lessons: Vec<(Folds, &PreparedPage)> = within
            .iter()
            .flat_map(|&i| {
                let pages: Vec<&PreparedPage> = match which {
                    Lessons::Pages => vec![&self.pages[i]],
                    Lessons::Articles if self.is_article(i) => self.with_variant(i).collect(),
                    Lessons::Articles => Vec::new(),
                };
                pages.into_iter().map(move |page| (i, page))
            })
            .map(|(i, page)| (out | self.fold(i), page))
            .collect();
        self.table(&lessons)
    }

    /// Rows of the pages of `fold` as they are, to judge by the classifier that
    /// has not seen it.
    fn held_out_rows(&mut self, fold: usize, which: Lessons) -> Rows {
        let out = 1 << fold;
        self.fit_terms([out]);
        let pages: Vec<(Folds, &PreparedPage)> = (0..self.pages.len())
            .filter(|&i| self.folds[i] == fold && self.pages[i].teaches())
            .filter(|&i| matches!(which, Lessons::Pages) || self.is_article(i))
            .map(|i| (out, &self.pages[i]))
            .collect();
        self.table(&pages)
    }

    fn is_article(&self, page: usize) -> bool {
        self.pages[page].labelled.profile == Profile::Article
    }

    /// The rows of pages, each with the folds that its term models leave out.
    fn table(&self, lessons: &[(Folds, &PreparedPage)]) -> Rows {
        let n: usize = lessons.iter().map(|(_, page)| page.blocks.len()).sum();
        let mut records = Array2::zeros((n, design::columns(self.settings.input).len()));
        let mut labels = Vec::with_capacity(n);
        let mut weights = Vec::with_capacity(n);
        let mut at = 0;
        for &(without, page) in lessons {
            let next = at + page.blocks.len();
            let log_odds = self.log_odds(page, without);
            let matrix = design::matrix(&page.measured, &log_odds, page.labelled.profile);
            records
                .slice_axis_mut(Axis(0), Slice::from(at..next))
                .assign(&matrix);
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
    fn raw(
        &mut self,
        out: Folds,
        fold: usize,
        tell: Tell<'_>,
    ) -> Result<Vec<(usize, Array1<f32>)>, TrainError> {
        debug_assert!(out & 1 << fold != 0);
        self.classifier(out, tell)?;
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
    /// weighted by words, and that of what is selected with it, by the F1 that
    /// its labels give it.
    pub(super) fn calibration(
        &mut self,
        out: Folds,
        tell: Tell<'_>,
    ) -> Result<(Calibration, PageCalibration), TrainError> {
        let mut folds: Vec<usize> = self.within(out).iter().map(|&i| self.folds[i]).collect();
        folds.sort_unstable();
        folds.dedup();
        // One fold cannot be judged by others.
        if folds.len() < 2 {
            return Ok(Default::default());
        }
        let mut judged = Vec::new();
        for fold in folds {
            judged.extend(self.raw(out | 1 << fold, fold, tell)?);
        }
        judged.retain(|&(i, _)| self.pages[i].teaches());
        let calibration = Calibration::fit(judged.iter().flat_map(|(i, raw)| {
            let page = &self.pages[*i];
            let share = 1.0 / page.words.iter().sum::<f32>().max(1.0);
            raw.iter()
                .zip(&page.labels)
                .zip(&page.words)
                .map(move |((&raw, &label), &words)| (raw, label, words * share))
        }));
        let selected: Vec<(Expected, f32)> = judged
            .par_iter()
            .map(|(i, raw)| {
                let page = &self.pages[*i];
                let probabilities: Vec<f32> = raw.iter().map(|&p| calibration.apply(p)).collect();
                let selection = &self.settings.selection;
                let selected = selection.keep(&page.blocks, &probabilities, &page.words);
                (selected.expected, page.f1_by_labels(&selected.kept))
            })
            .collect();
        Ok((calibration, PageCalibration::fit(selected)))
    }

    /// Calibrated probabilities for the pages of `fold`, by a model that has
    /// not seen it in any of its parts.
    pub(super) fn held_out(&mut self, fold: usize, tell: Tell<'_>) -> Result<HeldOut, TrainError> {
        let out = 1 << fold;
        let (calibration, page_calibration) = self.calibration(out, tell)?;
        let probabilities = self
            .raw(out, fold, tell)?
            .into_iter()
            .map(|(i, raw)| (i, raw.iter().map(|&p| calibration.apply(p)).collect()))
            .collect();
        Ok(HeldOut {
            probabilities,
            page_calibration,
        })
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

    /// Two pages of both profiles in each of three folds.
    fn folds() -> Vec<usize> {
        (0..12).map(|i| i / 2 % 3).collect()
    }

    fn settings(trees: usize, article_trees: usize) -> Settings {
        Settings {
            boosting: Boosting {
                trees,
                random_trees: 5,
                article_trees,
                ..Boosting::default()
            },
            ..Settings::default()
        }
    }

    #[test]
    fn every_round_without_a_fold_tells_its_loss_on_it() {
        let (pages, settings) = (pages(), settings(6, 4));
        let mut models = LeaveOut::new(&pages, &folds(), &settings)
            .unwrap()
            .watched();
        let mut told = Vec::new();
        models
            .held_out(1, &mut |step| {
                if let Step::Round(point) = step {
                    told.push(point);
                }
            })
            .unwrap();
        let rounds: Vec<(Trees, usize)> = told.iter().map(|p| (p.trees, p.round)).collect();
        let expected = [(Trees::Sought, 6), (Trees::Drawn, 5), (Trees::Article, 4)];
        let expected = expected.map(|(trees, n)| (1..=n).map(move |round| (trees, round)));
        assert_eq!(rounds, expected.into_iter().flatten().collect::<Vec<_>>());
        let losses: Vec<f64> = told.iter().filter_map(|p| p.held_out_loss).collect();
        assert_eq!(losses.len(), 15);
        assert!(losses[5] < losses[0], "{losses:?}");
        assert!(told.iter().all(|point| point.fold == 1));
    }

    #[test]
    fn other_settings_fit_what_a_new_start_with_them_fits() {
        let (pages, folds) = (pages(), folds());
        let (first, second) = (settings(6, 4), settings(3, 2));
        let fitted = |models: &mut LeaveOut| models.classifier(1, &mut |_| {}).unwrap().clone();
        let mut models = LeaveOut::new(&pages, &folds, &first).unwrap();
        let before = fitted(&mut models);
        models.refit(&second);
        let after = fitted(&mut models);
        assert_ne!(before, after);
        let mut fresh = LeaveOut::new(&pages, &folds, &second).unwrap();
        assert_eq!(after, fitted(&mut fresh));
    }

    #[test]
    fn what_a_fold_holds_cannot_move_what_is_said_of_it() {
        let folds = folds();
        let settings = settings(5, 5);
        let said = |pages: &[PreparedPage], fold| {
            let mut models = LeaveOut::new(pages, &folds, &settings).unwrap();
            assert!(models.variants.iter().flatten().count() > 1);
            models.held_out(fold, &mut |_| {}).unwrap()
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
