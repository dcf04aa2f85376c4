//! Boosting itself: a tree at a time on what the trees before it left open.

use linfa::DatasetBase;
use linfa::dataset::{AsSingleTargets, Pr};
use linfa::traits::{Fit, PredictInplace};
use ndarray::{Array1, Array2, ArrayBase, Data, Ix2};
use rand::seq::index;
use rand::{RngCore, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::{Deserialize, Serialize};

use super::bins::BinnedRecords;
use super::gradient::{FixedPoint, add_to_scores, differentiate, mean_loss};
use super::grow::Grower;
use super::histogram::GroupSample;
use super::observations::{Observations, Share};
use super::split::SplitRules;
use super::{BoostingError, GradientBoostingValidParams};
use crate::model::trees::{Link, TreeEnsemble};

/// The mean target is kept so far from 0 and 1, where log-odds are infinite.
const SUREST: f64 = 1e-6;

/// Boosted trees, fitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GradientBoosting {
    ensemble: TreeEnsemble,
    gains: Array1<f64>,
}

/// How fitting stands after a round. Losses are weighted mean cross-entropies,
/// in nats.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Round {
    /// Rounds done, from 1.
    pub round: usize,
    /// On the training rows.
    pub train_loss: f64,
    /// On the held-out rows, where there are some.
    pub holdout_loss: Option<f64>,
}

impl GradientBoosting {
    /// The trees.
    pub fn ensemble(&self) -> &TreeEnsemble {
        &self.ensemble
    }

    /// The trees, to keep.
    pub fn into_ensemble(self) -> TreeEnsemble {
        self.ensemble
    }

    /// For each row of `records`, of shape `(rows, features)`, the probability
    /// of the positive class, from 0 to 1. NaN is a missing value.
    ///
    /// # Panics
    /// When `records` has another number of features than the training rows.
    pub fn probabilities(&self, records: &Array2<f32>) -> Array1<f32> {
        self.probabilities_of(records)
    }

    /// For each feature what its splits took off the training loss altogether,
    /// in nats summed over the rows by weight (Friedman 2001, §8.1).
    pub fn importance(&self) -> &Array1<f64> {
        &self.gains
    }

    fn probabilities_of<D: Data<Elem = f32>>(&self, records: &ArrayBase<D, Ix2>) -> Array1<f32> {
        assert_eq!(
            records.ncols(),
            self.gains.len(),
            "the records must have the features that the booster was fitted on"
        );
        self.ensemble.probabilities(records.view())
    }

    fn predict_by<D, T>(&self, x: &ArrayBase<D, Ix2>, y: &mut Array1<T>, answer: impl Fn(f32) -> T)
    where
        D: Data<Elem = f32>,
    {
        assert_eq!(
            x.nrows(),
            y.len(),
            "the number of rows and of answers must be the same"
        );
        for (y, p) in y.iter_mut().zip(self.probabilities_of(x)) {
            *y = answer(p);
        }
    }
}

/// Class 1 where the probability is 0.5 or more, else class 0.
impl<D: Data<Elem = f32>> PredictInplace<ArrayBase<D, Ix2>, Array1<usize>> for GradientBoosting {
    fn predict_inplace(&self, x: &ArrayBase<D, Ix2>, y: &mut Array1<usize>) {
        self.predict_by(x, y, |p| usize::from(p >= 0.5));
    }

    fn default_target(&self, x: &ArrayBase<D, Ix2>) -> Array1<usize> {
        Array1::zeros(x.nrows())
    }
}

/// Whether the probability is 0.5 or more.
impl<D: Data<Elem = f32>> PredictInplace<ArrayBase<D, Ix2>, Array1<bool>> for GradientBoosting {
    fn predict_inplace(&self, x: &ArrayBase<D, Ix2>, y: &mut Array1<bool>) {
        self.predict_by(x, y, |p| p >= 0.5);
    }

    fn default_target(&self, x: &ArrayBase<D, Ix2>) -> Array1<bool> {
        Array1::from_elem(x.nrows(), false)
    }
}

/// The probabilities, as linfa's metrics take them.
impl<D: Data<Elem = f32>> PredictInplace<ArrayBase<D, Ix2>, Array1<Pr>> for GradientBoosting {
    fn predict_inplace(&self, x: &ArrayBase<D, Ix2>, y: &mut Array1<Pr>) {
        self.predict_by(x, y, Pr::new);
    }

    fn default_target(&self, x: &ArrayBase<D, Ix2>) -> Array1<Pr> {
        Array1::from_elem(x.nrows(), Pr::new(0.0))
    }
}

impl<D, T> Fit<ArrayBase<D, Ix2>, T, BoostingError> for GradientBoostingValidParams
where
    D: Data<Elem = f32>,
    T: AsSingleTargets,
    T::Elem: Share,
{
    type Object = GradientBoosting;

    fn fit(
        &self,
        train: &DatasetBase<ArrayBase<D, Ix2>, T>,
    ) -> Result<GradientBoosting, BoostingError> {
        self.boost(&Observations::of(train, "training")?, None, None, None)
    }
}

impl GradientBoostingValidParams {
    /// [`Fit::fit`] that tells `each` of every round done.
    ///
    /// # Errors
    /// When the dataset cannot be learned from, or early stopping is set.
    pub fn fit_with_progress<D, T>(
        &self,
        train: &DatasetBase<ArrayBase<D, Ix2>, T>,
        each: &mut dyn FnMut(Round),
    ) -> Result<GradientBoosting, BoostingError>
    where
        D: Data<Elem = f32>,
        T: AsSingleTargets,
        T::Elem: Share,
    {
        self.boost(
            &Observations::of(train, "training")?,
            None,
            None,
            Some(each),
        )
    }

    /// Boosts on: fits trees to what `start` leaves open on `train`. The answer
    /// holds the trees of `start`, then its own, and the importance of its own.
    ///
    /// # Errors
    /// When the dataset cannot be learned from, `start` does not answer with
    /// log-odds, or early stopping is set.
    pub fn fit_further<D, T>(
        &self,
        start: TreeEnsemble,
        train: &DatasetBase<ArrayBase<D, Ix2>, T>,
    ) -> Result<GradientBoosting, BoostingError>
    where
        D: Data<Elem = f32>,
        T: AsSingleTargets,
        T::Elem: Share,
    {
        if start.link != Link::Logistic {
            return Err(BoostingError::NotLogOdds);
        }
        self.boost(
            &Observations::of(train, "training")?,
            None,
            Some(start),
            None,
        )
    }

    /// [`fit_further`](Self::fit_further) that judges every round, with the
    /// trees of `start`, on `holdout`, as
    /// [`fit_with_holdout`](Self::fit_with_holdout) does.
    ///
    /// # Errors
    /// When one of the datasets cannot be learned from or judged by, they differ
    /// in features, or `start` does not answer with log-odds.
    pub fn fit_further_with_holdout<D, T>(
        &self,
        start: TreeEnsemble,
        train: &DatasetBase<ArrayBase<D, Ix2>, T>,
        holdout: &DatasetBase<ArrayBase<D, Ix2>, T>,
        each: &mut dyn FnMut(Round),
    ) -> Result<GradientBoosting, BoostingError>
    where
        D: Data<Elem = f32>,
        T: AsSingleTargets,
        T::Elem: Share,
    {
        if start.link != Link::Logistic {
            return Err(BoostingError::NotLogOdds);
        }
        let (train, holdout) = train_and_holdout(train, holdout)?;
        self.boost(&train, Some(&holdout), Some(start), Some(each))
    }

    /// Fits on `train` and judges every round on `holdout`, rows of other
    /// groups (other sites, other people) than the training rows; with early
    /// stopping set, keeps the trees up to the round whose held-out loss was
    /// least. `each` is told of every round done.
    ///
    /// # Errors
    /// When one of the datasets cannot be learned from or judged by, or they
    /// differ in features.
    pub fn fit_with_holdout<D, T>(
        &self,
        train: &DatasetBase<ArrayBase<D, Ix2>, T>,
        holdout: &DatasetBase<ArrayBase<D, Ix2>, T>,
        each: &mut dyn FnMut(Round),
    ) -> Result<GradientBoosting, BoostingError>
    where
        D: Data<Elem = f32>,
        T: AsSingleTargets,
        T::Elem: Share,
    {
        let (train, holdout) = train_and_holdout(train, holdout)?;
        self.boost(&train, Some(&holdout), None, Some(each))
    }

    fn boost(
        &self,
        train: &Observations,
        holdout: Option<&Observations>,
        start: Option<TreeEnsemble>,
        mut each: Option<&mut dyn FnMut(Round)>,
    ) -> Result<GradientBoosting, BoostingError> {
        if self.early_stopping.is_some() && holdout.is_none() {
            return Err(BoostingError::NoHoldout);
        }
        let rows = train.targets.len();
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(self.seed);
        let binned = BinnedRecords::of(train.records.view(), self.max_bins, &mut rng);
        let fixed = FixedPoint::new(rows, train.total_weight);
        let rules = SplitRules::new(self, fixed, train.total_weight);
        let mut grower = Grower::new(self, &binned, rules);

        let mut ensemble = start.unwrap_or_else(|| {
            let mean = train.mean_target().clamp(SUREST, 1.0 - SUREST);
            TreeEnsemble {
                base: (mean / (1.0 - mean)).ln() as f32,
                trees: Vec::new(),
                link: Link::Logistic,
            }
        });
        let mut gains_by_tree: Vec<Vec<(usize, f64)>> = Vec::new();
        let mut scores = vec![0.0; rows];
        add_to_scores(&mut scores, |row| ensemble.score(train.row(row)));
        let mut holdout = holdout.map(|rows| Watched::new(rows, &ensemble));
        let mut sums = vec![[0; 2]; rows];
        let mut tree_rows: Vec<u32> = Vec::new();

        for round in 1..=self.n_trees {
            let all_rows = draw(rows, self.row_sample, &mut rng);
            let n_features = binned.features.len();
            let features = draw(n_features, self.column_sample, &mut rng);
            let whole = all_rows.len() == rows && features.len() == n_features;
            tree_rows.clear();
            tree_rows.extend(all_rows.iter().map(|&row| row as u32));

            differentiate(train, &scores, fixed, &mut sums);
            let draws = self.random_thresholds.then(|| rng.next_u64());
            let groups = GroupSample::of(&features);
            let grown = grower.grow(&mut tree_rows, &sums, &groups, draws);
            if !grown.gains.is_empty() {
                if tree_rows.len() == rows {
                    for (value, range) in grown.leaves {
                        for &row in &tree_rows[range] {
                            scores[row as usize] += value;
                        }
                    }
                } else {
                    add_to_scores(&mut scores, |row| grown.tree.value(train.row(row)));
                }
                if let Some(watched) = &mut holdout {
                    let rows = watched.rows;
                    add_to_scores(&mut watched.scores, |row| grown.tree.value(rows.row(row)));
                }
                ensemble.trees.push(grown.tree);
                gains_by_tree.push(grown.gains);
            } else if whole && draws.is_none() {
                // The next round would see the same, and find nothing again.
                break;
            }

            let holdout_loss = holdout
                .as_mut()
                .map(|watched| watched.judge(round, ensemble.trees.len()));
            if let Some(each) = &mut each {
                each(Round {
                    round,
                    train_loss: mean_loss(train, &scores),
                    holdout_loss,
                });
            }
            if let (Some(patience), Some(watched)) = (self.early_stopping, &holdout)
                && round - watched.best_round >= patience
            {
                break;
            }
        }
        if let (Some(_), Some(watched)) = (self.early_stopping, holdout) {
            ensemble.trees.truncate(watched.trees_then);
            gains_by_tree.truncate(watched.trees_then);
        }
        let mut gains = Array1::zeros(train.records.ncols());
        for (column, gain) in gains_by_tree.into_iter().flatten() {
            gains[column] += gain;
        }
        Ok(GradientBoosting { ensemble, gains })
    }
}

/// Both datasets, checked, with the same features.
fn train_and_holdout<'a, D, T>(
    train: &'a DatasetBase<ArrayBase<D, Ix2>, T>,
    holdout: &'a DatasetBase<ArrayBase<D, Ix2>, T>,
) -> Result<(Observations<'a>, Observations<'a>), BoostingError>
where
    D: Data<Elem = f32>,
    T: AsSingleTargets,
    T::Elem: Share,
{
    let train = Observations::of(train, "training")?;
    let holdout = Observations::of(holdout, "held-out")?;
    let (expected, found) = (train.records.ncols(), holdout.records.ncols());
    if expected != found {
        return Err(BoostingError::HoldoutFeatures { expected, found });
    }
    Ok((train, holdout))
}

/// Held-out rows and how well they were judged so far.
struct Watched<'r, 'd> {
    rows: &'r Observations<'d>,
    scores: Vec<f32>,
    least: f64,
    best_round: usize,
    /// Trees there were in the best round.
    trees_then: usize,
}

impl<'r, 'd> Watched<'r, 'd> {
    /// As the trees that are there judge them.
    fn new(rows: &'r Observations<'d>, start: &TreeEnsemble) -> Self {
        let mut scores = vec![0.0; rows.targets.len()];
        add_to_scores(&mut scores, |row| start.score(rows.row(row)));
        Self {
            rows,
            scores,
            least: f64::INFINITY,
            best_round: 0,
            trees_then: start.trees.len(),
        }
    }

    fn judge(&mut self, round: usize, trees: usize) -> f64 {
        let loss = mean_loss(self.rows, &self.scores);
        if loss < self.least {
            self.least = loss;
            self.best_round = round;
            self.trees_then = trees;
        }
        loss
    }
}

/// A share of `0..n`, at least one of them, ascending.
fn draw(n: usize, share: f32, rng: &mut Xoshiro256PlusPlus) -> Vec<usize> {
    if share >= 1.0 {
        return (0..n).collect();
    }
    let amount = ((n as f64 * f64::from(share)).round() as usize).clamp(n.min(1), n);
    let mut drawn = index::sample(rng, n, amount).into_vec();
    drawn.sort_unstable();
    drawn
}
