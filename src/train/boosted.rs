//! The settings that [`GradientBoosting`] is used with here.

use linfa::ParamGuard;
use linfa::traits::Fit;
use serde::{Deserialize, Serialize};

use super::boosting::{GradientBoosting, GradientBoostingParams};
use super::{Learner, Rows, TrainError};
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

impl Default for Boosting {
    fn default() -> Self {
        Self {
            trees: 300,
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
            article_trees,
            leaves,
            rate,
            column_sample,
            l2,
            least_leaf_rows,
        } = self;
        format!(
            "gradient boosting, {trees} trees and {article_trees} more for profile article, \
             {leaves} leaves, rate {rate}, L2 {l2}, at least {least_leaf_rows} rows (or 5 %) a leaf, a share of {column_sample} of the columns each"
        )
    }

    pub(super) fn fit(&self, rows: &Rows, seed: u64) -> Result<TreeEnsemble, TrainError> {
        if !is_varied(rows) {
            return Err(TrainError::NothingToLearn);
        }
        let fitted = self
            .params(rows, self.trees, seed)
            .fit(rows)
            .map_err(Learner::Boosting.failure())?;
        Ok(fitted.into_ensemble())
    }

    /// Boosts on with trees that answer only where `column` is above a half, as
    /// it is in all of `rows`.
    pub(super) fn fit_further(
        &self,
        ensemble: TreeEnsemble,
        column: usize,
        rows: &Rows,
        seed: u64,
    ) -> Result<TreeEnsemble, TrainError> {
        if !is_varied(rows) {
            return Ok(ensemble);
        }
        let before = ensemble.trees.len();
        let fitted = self
            .params(rows, self.article_trees, seed ^ FURTHER)
            .check()
            .and_then(|params| params.fit_further(ensemble, rows))
            .map_err(Learner::Boosting.failure())?;
        let mut ensemble = fitted.into_ensemble();
        for tree in &mut ensemble.trees[before..] {
            *tree = only_where(column as u32, tree);
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

/// What the seed of the further trees differs by from that of the first, lest
/// they see the same columns in the same order: 2⁶⁴ by the golden ratio, as no
/// one counts seeds in such steps.
const FURTHER: u64 = 0x9E37_79B9_7F4A_7C15;

fn is_varied(rows: &Rows) -> bool {
    rows.targets.iter().any(|&l| l > 0.0) && rows.targets.iter().any(|&l| l < 1.0)
}

/// The tree under a root that answers 0 unless `feature` is above a half.
fn only_where(feature: u32, tree: &Tree) -> Tree {
    const ADDED: u32 = 2;
    let root = [
        Node::Split {
            feature,
            threshold: 0.5,
            missing_left: true,
            left: 1,
            right: ADDED,
        },
        Node::Leaf { value: 0.0 },
    ];
    let moved = tree.nodes.iter().map(|&node| match node {
        Node::Split {
            feature,
            threshold,
            missing_left,
            left,
            right,
        } => Node::Split {
            feature,
            threshold,
            missing_left,
            left: left + ADDED,
            right: right + ADDED,
        },
        leaf => leaf,
    });
    Tree {
        nodes: root.into_iter().chain(moved).collect(),
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
            article_trees: 16,
            column_sample: 0.2,
            ..Boosting::default()
        };
        // Ten columns, each as good as the others.
        let records = Array2::from_shape_fn((400, 10), |(i, _)| (i % 20) as f32);
        let labels: Array1<f32> = records.column(0).mapv(|x| x / 19.0);
        let rows = DatasetBase::new(records, labels).with_weights(Array1::ones(400));
        let first = settings.fit(&rows, 1).unwrap();
        let again = settings.fit(&rows, 1).unwrap();
        assert_eq!(asked(&first.trees, 0), asked(&again.trees, 0));
        let nothing = TreeEnsemble {
            trees: Vec::new(),
            ..first.clone()
        };
        let further = settings.fit_further(nothing, 0, &rows, 1).unwrap();
        assert_ne!(asked(&first.trees, 0), asked(&further.trees, 2));
    }

    #[test]
    fn trees_of_one_profile_leave_the_other_as_it_was() {
        let settings = Boosting {
            trees: 20,
            article_trees: 60,
            column_sample: 1.0,
            rate: 0.3,
            ..Boosting::default()
        };
        let (unset, set) = (rows(0.0), rows(1.0));
        let first = settings.fit(&unset, 1).unwrap();
        let both = settings.fit_further(first.clone(), 1, &set, 1).unwrap();
        assert_eq!(both.check(2), Ok(()));
        let answers = |trees: &TreeEnsemble, rows: &Rows| trees.probabilities(rows.records.view());
        assert_eq!(answers(&first, &unset), answers(&both, &unset));
        for (answer, label) in answers(&both, &set).iter().zip(&set.targets) {
            assert_eq!(*answer > 0.5, *label > 0.5);
        }
    }
}
