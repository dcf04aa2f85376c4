//! The learners by name.

use serde::{Deserialize, Serialize};

use super::boosted::Watch;
use super::{Rows, Settings, TrainError, linfa_logistic, linfa_trees};
use crate::model::{Classifier, design};

/// A way to fit a classifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Learner {
    /// Gradient boosting of histograms ([`boosting`](super::boosting)).
    #[default]
    Boosting,
    /// Logistic regression (`linfa-logistic`).
    Logistic,
    /// One decision tree (`linfa-trees`).
    Tree,
    /// A random forest (`linfa-ensemble` over `linfa-trees`).
    Forest,
}

impl Learner {
    /// Its name on the command line and in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Boosting => "boosting",
            Self::Logistic => "logistic",
            Self::Tree => "tree",
            Self::Forest => "forest",
        }
    }

    fn failed(self, error: impl std::fmt::Display) -> TrainError {
        TrainError::Learner {
            learner: self.name(),
            reason: error.to_string(),
        }
    }

    /// What turns a linfa learner's error into ours.
    pub(super) fn failure<E: std::fmt::Display>(self) -> impl Fn(E) -> TrainError {
        move |error| self.failed(error)
    }
}

impl Settings {
    /// Fits a classifier: the same one for the same rows and seed. Boosting is
    /// watched round by round, where somebody watches.
    ///
    /// # Errors
    /// When there is nothing to learn, or the learner fails.
    pub(super) fn fit(
        &self,
        rows: &Rows,
        watch: Option<Watch<'_>>,
    ) -> Result<Classifier, TrainError> {
        let seed = self.seed;
        match self.learner {
            Learner::Boosting => self
                .boosting
                .fit(rows, seed, watch)
                .map(|trees| Classifier::Trees(trees.into())),
            Learner::Logistic => linfa_logistic::fit(rows, seed).map(Classifier::Linear),
            Learner::Tree => {
                linfa_trees::fit_tree(rows, seed).map(|trees| Classifier::Trees(trees.into()))
            }
            Learner::Forest => {
                linfa_trees::fit_forest(rows, seed).map(|trees| Classifier::Trees(trees.into()))
            }
        }
    }

    /// Goes on with rows of profile `article`, all of them: boosted trees get
    /// trees for it alone. What else was fitted stays as it is.
    pub(super) fn fit_further(
        &self,
        fitted: Classifier,
        rows: &Rows,
        watch: Option<Watch<'_>>,
    ) -> Result<Classifier, TrainError> {
        let Classifier::Trees(trees) = fitted else {
            return Ok(fitted);
        };
        self.boosting
            .fit_further(
                trees.into_ensemble(),
                design::article_column(self.input),
                rows,
                self.seed,
                watch,
            )
            .map(|trees| Classifier::Trees(trees.into()))
    }

    /// The learner and its settings, in words.
    pub(super) fn describe_learner(&self) -> String {
        match self.learner {
            Learner::Boosting => self.boosting.describe(),
            Learner::Logistic => linfa_logistic::describe(),
            Learner::Tree => linfa_trees::describe_tree(),
            Learner::Forest => linfa_trees::describe_forest(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use linfa::DatasetBase;
    use ndarray::{Array1, Array2};

    /// Content where the first feature is large, or the second is while the
    /// third is small; the fourth never varies.
    fn rows() -> Rows {
        let n = 1_200;
        let records = Array2::from_shape_fn((n, 4), |(i, j)| match j {
            0 => (i % 10) as f32,
            1 => (i / 10 % 10) as f32 * 0.01,
            2 => (i / 100 % 4) as f32 * 100.0,
            _ => 3.0,
        });
        let labels: Array1<f32> = records
            .rows()
            .into_iter()
            .map(|r| f32::from(u8::from(r[0] > 6.5 || r[1] > 0.065 && r[2] < 150.0)))
            .collect();
        DatasetBase::new(records, labels).with_weights(Array1::ones(n))
    }

    fn seeded(learner: Learner, seed: u64) -> Settings {
        Settings {
            seed,
            ..Settings::of(learner)
        }
    }

    fn accuracy(learner: Learner) -> f32 {
        let rows = rows();
        let classifier = seeded(learner, 7).fit(&rows, None).unwrap();
        let found = classifier.probabilities(&rows.records);
        let right = found
            .iter()
            .zip(&rows.targets)
            .filter(|(p, label)| (**p > 0.5) == (**label > 0.5))
            .count();
        right as f32 / rows.targets.len() as f32
    }

    #[test]
    fn every_learner_learns_and_the_positive_class_is_content() {
        assert!(accuracy(Learner::Boosting) > 0.99);
        assert!(accuracy(Learner::Logistic) > 0.8);
        // linfa-trees passes over the second feature's splits, as its values
        // lie close together.
        assert!(accuracy(Learner::Tree) > 0.88);
        assert!(accuracy(Learner::Forest) > 0.88);
    }

    #[test]
    fn the_same_seed_fits_the_same_classifier() {
        for learner in [
            Learner::Boosting,
            Learner::Logistic,
            Learner::Tree,
            Learner::Forest,
        ] {
            assert_eq!(
                seeded(learner, 3).fit(&rows(), None).unwrap(),
                seeded(learner, 3).fit(&rows(), None).unwrap(),
                "{}",
                learner.name()
            );
        }
    }

    #[test]
    fn rows_of_one_class_are_nothing_to_learn_from() {
        let mut rows = rows();
        rows.targets.fill(1.0);
        assert!(matches!(
            seeded(Learner::Tree, 1).fit(&rows, None),
            Err(TrainError::NothingToLearn)
        ));
    }
}
