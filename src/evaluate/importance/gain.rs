//! How much a model's questions about each column part content from
//! boilerplate, on the rows at hand.

use super::sample::Sample;
use crate::model::trees::{Link, Node, Tree, TreeEnsemble};
use crate::model::{Classifier, Linear};
use crate::train::Boosting;

/// Each column's share of all gain; 0 everywhere where nothing gains.
///
/// Boosted trees: the rows walk the trees in their order, each with the gradient
/// and curvature of its log loss before the tree, and a question gains
/// `½ (G_l²/(H_l+λ) + G_r²/(H_r+λ) − G²/(H+λ))` (Chen and Guestrin 2016,
/// *XGBoost*, eq. 7), λ being the default of [`Boosting`]. Trees and forests: by
/// how much a question lowers the weighted squared error (Breiman, Friedman,
/// Olshen and Stone 1984, *Classification and Regression Trees*, §8.3): the same
/// with weights for curvature, and without λ. Linear functions: |coefficient| ×
/// standard deviation of its column, how far it moves the log-odds.
pub(super) fn shares(classifier: &Classifier, sample: &Sample) -> Vec<f64> {
    let mut gains = match classifier {
        Classifier::Linear(linear) => of_linear(linear, sample),
        Classifier::Trees(trees) => of_trees(trees, sample),
    };
    let all: f64 = gains.iter().sum();
    for gain in &mut gains {
        *gain = if all > 0.0 { *gain / all } else { 0.0 };
    }
    gains
}

fn of_linear(linear: &Linear, sample: &Sample) -> Vec<f64> {
    let n = sample.rows();
    let weights = linear.coefficients.iter().zip(&linear.scales);
    sample
        .matrix
        .columns()
        .into_iter()
        .zip(weights)
        .map(|(column, (&coefficient, &scale))| {
            let values = || column.iter().take(n).map(|&x| f64::from(x));
            let mean = values().sum::<f64>() / n as f64;
            let variance = values().map(|x| (x - mean).powi(2)).sum::<f64>() / n as f64;
            f64::from(coefficient / scale).abs() * variance.sqrt()
        })
        .collect()
}

fn of_trees(ensemble: &TreeEnsemble, sample: &Sample) -> Vec<f64> {
    let mut gains = vec![0.0; sample.matrix.ncols()];
    let mut scores = vec![f64::from(ensemble.base); sample.rows()];
    for tree in &ensemble.trees {
        let mut sums = vec![(0.0, 0.0); tree.nodes.len()];
        for (i, score) in scores.iter_mut().enumerate() {
            let Some(leaf) = sample
                .matrix
                .row(i)
                .as_slice()
                .and_then(|r| tree.leaf_of(r))
            else {
                continue;
            };
            let (label, weight) = (f64::from(sample.labels[i]), f64::from(sample.weights[i]));
            let (g, h) = match ensemble.link {
                Link::Logistic => {
                    let p = 1.0 / (1.0 + (-*score).exp());
                    (weight * (p - label), weight * p * (1.0 - p))
                }
                Link::Identity => (weight * label, weight),
            };
            sums[leaf].0 += g;
            sums[leaf].1 += h;
            if let Node::Leaf { value } = tree.nodes[leaf] {
                *score += f64::from(value);
            }
        }
        add_gains(tree, &mut sums, ensemble.link, &mut gains);
    }
    gains
}

/// Adds what each question of a tree gains; `sums` holds G and H of the leaves.
fn add_gains(tree: &Tree, sums: &mut [(f64, f64)], link: Link, gains: &mut [f64]) {
    let l2 = match link {
        Link::Logistic => f64::from(Boosting::default().l2),
        Link::Identity => 0.0,
    };
    let score = |(g, h): (f64, f64)| if h + l2 > 0.0 { g * g / (h + l2) } else { 0.0 };
    // Children stand after their parents.
    for (at, node) in tree.nodes.iter().enumerate().rev() {
        if let Node::Split {
            feature,
            left,
            right,
            ..
        } = *node
        {
            let (l, r) = (sums[left as usize], sums[right as usize]);
            sums[at] = (l.0 + r.0, l.1 + r.1);
            if let Some(gain) = gains.get_mut(feature as usize) {
                *gain += 0.5 * (score(l) + score(r) - score(sums[at]));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    fn split(feature: u32, left: u32, right: u32) -> Node {
        Node::Split {
            feature,
            threshold: 0.5,
            missing_left: false,
            left,
            right,
        }
    }

    fn sample() -> Sample {
        Sample {
            matrix: array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]],
            twins: Vec::new(),
            labels: vec![0.0, 0.0, 1.0, 0.0],
            words: vec![1.0; 4],
            weights: vec![1.0; 4],
            spans: std::iter::once(0..4).collect(),
        }
    }

    #[test]
    fn a_forests_gain_is_the_error_that_its_questions_take_away() {
        // Squared error about the mean: ¾ at the root, ½ right of it, 0 below.
        let tree = Tree {
            nodes: vec![
                split(0, 1, 2),
                Node::Leaf { value: 0.0 },
                split(1, 3, 4),
                Node::Leaf { value: 1.0 },
                Node::Leaf { value: 0.0 },
            ],
        };
        let forest = TreeEnsemble {
            base: 0.0,
            trees: vec![tree],
            link: Link::Identity,
        };
        let found = of_trees(&forest, &sample());
        assert!((2.0 * found[0] - 0.25).abs() < 1e-12);
        assert!((2.0 * found[1] - 0.5).abs() < 1e-12);
        let shares = shares(&Classifier::Trees(forest.into()), &sample());
        assert!((shares[0] - 1.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn boosted_trees_gain_by_what_the_trees_before_left_open() {
        let tree = |feature| Tree {
            nodes: vec![
                split(feature, 1, 2),
                Node::Leaf { value: -2.0 },
                Node::Leaf { value: 0.0 },
            ],
        };
        let boosted = |trees| TreeEnsemble {
            base: 0.0,
            trees,
            link: Link::Logistic,
        };
        // At odds of 1: G ½, ½, −½, ½ and H ¼ each.
        let l2 = f64::from(Boosting::default().l2);
        let first = of_trees(&boosted(vec![tree(0)]), &sample());
        let expected = 0.5 * (1.0 / (0.5 + l2) + 0.0 - 1.0 / (1.0 + l2));
        assert!((first[0] - expected).abs() < 1e-12);
        // The same question again finds less to part.
        let twice = of_trees(&boosted(vec![tree(0), tree(0)]), &sample());
        assert!(twice[0] - first[0] < first[0]);
    }
}
