//! The settings that [`GradientBoosting`] is used with here.

use linfa::ParamGuard;
use linfa::traits::Fit;
use serde::{Deserialize, Serialize};

use super::boosting::{GradientBoosting, GradientBoostingParams, Round};
use super::step::Trees;
use super::{Learner, Rows, TrainError};
use crate::model::gated::only_where;
use crate::model::trees::{Node, Tree, TreeEnsemble};

/// Settings of the learner `boosting`; see
/// [`GradientBoosting`](super::GradientBoosting) for what each does. The
/// default was chosen on the corpora that may be trained on, out of fold
/// (`docs/ABLATION.md`).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Boosting {
    /// Trees that answer under every profile.
    pub trees: usize,
    /// Trees of a second ensemble, whose thresholds are drawn; the two answer
    /// with the mean of their log-odds.
    pub random_trees: usize,
    /// Share of such a tree's answer that is taken.
    pub random_rate: f32,
    /// Trees after them that answer under profile `article` only.
    pub article_trees: usize,
    /// Leaves of a tree at the most.
    pub leaves: usize,
    /// Share of a tree's answer that is taken.
    pub rate: f32,
    /// Share of the columns that a tree sees.
    pub column_sample: f32,
    /// Penalty on the squared answers of leaves.
    pub l2: f32,
    /// Rows of a leaf at the least; where there are few rows, a twentieth of
    /// them.
    pub least_leaf_rows: usize,
}

/// Rows that every round is judged on, and who is told of it.
pub(super) struct Watch<'a> {
    pub rows: &'a Rows,
    pub each: &'a mut dyn FnMut(Trees, Round),
}

impl Default for Boosting {
    fn default() -> Self {
        Self {
            trees: 300,
            random_trees: 240,
            random_rate: 0.1,
            article_trees: 80,
            leaves: 31,
            rate: 0.06,
            column_sample: 0.2,
            l2: 20.0,
            least_leaf_rows: 60,
        }
    }
}

impl Boosting {
    pub(super) fn describe(&self) -> String {
        let Self {
            trees,
            random_trees,
            random_rate,
            article_trees,
            leaves,
            rate,
            column_sample,
            l2,
            least_leaf_rows,
        } = self;
        format!(
            "gradient boosting, {trees} trees at rate {rate}, {random_trees} with drawn thresholds \
             at rate {random_rate}, {article_trees} more for profile article, {leaves} leaves, \
             L2 {l2}, at least {least_leaf_rows} rows (or 5 %) a leaf, a share of {column_sample} \
             of the columns each"
        )
    }

    pub(super) fn fit(
        &self,
        rows: &Rows,
        seed: u64,
        mut watch: Option<Watch<'_>>,
    ) -> Result<TreeEnsemble, TrainError> {
        if !is_varied(rows) {
            return Err(TrainError::NothingToLearn);
        }
        let mut fit = |params: GradientBoostingParams, trees| {
            let fitted = params.check().and_then(|params| match &mut watch {
                Some(Watch {
                    rows: held_out,
                    each,
                }) => params.fit_with_holdout(rows, held_out, &mut |round| each(trees, round)),
                None => params.fit(rows),
            });
            fitted
                .map(GradientBoosting::into_ensemble)
                .map_err(Learner::Boosting.failure())
        };
        let sought = fit(self.params(rows, self.trees, seed), Trees::Sought)?;
        if self.random_trees == 0 {
            return Ok(sought);
        }
        let drawn = self
            .params(rows, self.random_trees, seed ^ DRAWN)
            .learning_rate(self.random_rate)
            .random_thresholds(true);
        Ok(mean(sought, fit(drawn, Trees::Drawn)?))
    }

    /// Boosts on with trees that answer only where `column` is above a half, as
    /// it is in all of `rows`.
    pub(super) fn fit_further(
        &self,
        ensemble: TreeEnsemble,
        column: usize,
        rows: &Rows,
        seed: u64,
        watch: Option<Watch<'_>>,
    ) -> Result<TreeEnsemble, TrainError> {
        if !is_varied(rows) {
            return Ok(ensemble);
        }
        let before = ensemble.trees.len();
        let fitted = self
            .params(rows, self.article_trees, seed ^ FURTHER)
            .check()
            .and_then(|params| match watch {
                Some(Watch {
                    rows: held_out,
                    each,
                }) => params.fit_further_with_holdout(ensemble, rows, held_out, &mut |round| {
                    each(Trees::Article, round);
                }),
                None => params.fit_further(ensemble, rows),
            })
            .map_err(Learner::Boosting.failure())?;
        let mut ensemble = fitted.into_ensemble();
        for tree in &mut ensemble.trees[before..] {
            *tree = only_where(column as u32, 0.5, tree);
        }
        Ok(ensemble)
    }

    fn params(&self, rows: &Rows, trees: usize, seed: u64) -> GradientBoostingParams {
        GradientBoosting::params()
            .n_trees(trees)
            .max_leaves(self.leaves)
            .learning_rate(self.rate)
            .column_sample(self.column_sample)
            .l2(self.l2)
            .min_leaf_rows(self.least_leaf_rows.min(rows.records.nrows() / 20).max(1))
            .seed(seed)
    }
}

/// What the seed of the trees with drawn thresholds differs by from that of the
/// first: 2⁶⁴ by the root of two, less its whole part.
const DRAWN: u64 = 0x6A09_E667_F3BC_C909;

/// What the seed of the further trees differs by from that of the first, lest
/// they see the same columns in the same order: 2⁶⁴ by the golden ratio, as no
/// one counts seeds in such steps.
const FURTHER: u64 = 0x9E37_79B9_7F4A_7C15;

fn is_varied(rows: &Rows) -> bool {
    rows.targets.iter().any(|&l| l > 0.0) && rows.targets.iter().any(|&l| l < 1.0)
}

/// The ensemble that answers with the mean of the log-odds of two.
fn mean(a: TreeEnsemble, b: TreeEnsemble) -> TreeEnsemble {
    let halved = |mut tree: Tree| {
        for node in &mut tree.nodes {
            if let Node::Leaf { value } = node {
                *value *= 0.5;
            }
        }
        tree
    };
    TreeEnsemble {
        base: 0.5 * (a.base + b.base),
        trees: a.trees.into_iter().chain(b.trees).map(halved).collect(),
        link: a.link,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use linfa::DatasetBase;
    use ndarray::{Array1, Array2};

    /// 400 rows of two columns: content where the first is large, or small
    /// where the second, a flag, is set.
    fn rows(flag: f32) -> Rows {
        let records = Array2::from_shape_fn((400, 2), |(i, j)| match j {
            0 => (i % 20) as f32,
            _ => flag,
        });
        let labels: Array1<f32> = records
            .column(0)
            .mapv(|x| f32::from(u8::from((x > 9.5) == (flag < 0.5))));
        DatasetBase::new(records, labels).with_weights(Array1::ones(400))
    }

    /// The columns that trees ask first, `under` nodes above left out.
    fn asked(trees: &[Tree], under: usize) -> Vec<Option<u32>> {
        let first = |tree: &Tree| match tree.nodes[under] {
            Node::Split { feature, .. } => Some(feature),
            Node::Leaf { .. } => None,
        };
        trees.iter().map(first).collect()
    }

    #[test]
    fn further_trees_draw_other_columns_than_the_first() {
        let settings = Boosting {
            trees: 16,
            random_trees: 0,
            article_trees: 16,
            column_sample: 0.2,
            ..Boosting::default()
        };
        // Ten columns, each as good as the others.
        let records = Array2::from_shape_fn((400, 10), |(i, _)| (i % 20) as f32);
        let labels: Array1<f32> = records.column(0).mapv(|x| x / 19.0);
        let rows = DatasetBase::new(records, labels).with_weights(Array1::ones(400));
        let first = settings.fit(&rows, 1, None).unwrap();
        let again = settings.fit(&rows, 1, None).unwrap();
        assert_eq!(asked(&first.trees, 0), asked(&again.trees, 0));
        let nothing = TreeEnsemble {
            trees: Vec::new(),
            ..first.clone()
        };
        let further = settings.fit_further(nothing, 0, &rows, 1, None).unwrap();
        assert_ne!(asked(&first.trees, 0), asked(&further.trees, 2));
    }

    #[test]
    fn two_ensembles_answer_with_the_mean_of_their_log_odds() {
        let settings = Boosting {
            trees: 5,
            random_trees: 4,
            column_sample: 1.0,
            ..Boosting::default()
        };
        let rows = rows(0.0);
        let both = settings.fit(&rows, 1, None).unwrap();
        assert_eq!(both.trees.len(), 9);
        assert_eq!(both.check(2), Ok(()));
        let alone = Boosting {
            random_trees: 0,
            ..settings
        };
        let sought = alone.fit(&rows, 1, None).unwrap();
        let drawn = alone
            .params(&rows, 4, 1 ^ DRAWN)
            .learning_rate(alone.random_rate)
            .random_thresholds(true)
            .fit(&rows)
            .unwrap()
            .into_ensemble();
        assert_ne!(sought.trees[0], drawn.trees[0]);
        for row in rows.records.rows() {
            let row = row.as_slice().unwrap();
            let expected = 0.5 * (sought.score(row) + drawn.score(row));
            assert!((both.score(row) - expected).abs() < 1e-5);
        }
    }

    #[test]
    fn trees_of_one_profile_leave_the_other_as_it_was() {
        let settings = Boosting {
            trees: 20,
            random_trees: 10,
            article_trees: 60,
            column_sample: 1.0,
            rate: 0.3,
            ..Boosting::default()
        };
        let (unset, set) = (rows(0.0), rows(1.0));
        let first = settings.fit(&unset, 1, None).unwrap();
        let both = settings
            .fit_further(first.clone(), 1, &set, 1, None)
            .unwrap();
        assert_eq!(both.check(2), Ok(()));
        let answers = |trees: &TreeEnsemble, rows: &Rows| trees.probabilities(rows.records.view());
        assert_eq!(answers(&first, &unset), answers(&both, &unset));
        for (answer, label) in answers(&both, &set).iter().zip(&set.targets) {
            assert_eq!(*answer > 0.5, *label > 0.5);
        }
    }
}
