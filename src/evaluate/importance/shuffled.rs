//! How much worse a model gets when columns are dealt anew among the blocks.

use ndarray::Array2;
use rand::{SeedableRng, seq::SliceRandom};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::Fitness;
use super::sample::Sample;
use crate::evaluate::{block_overlap, roc_auc};
use crate::model::trees::{Node, Tree};
use crate::model::{Classifier, Model, design};

/// Probabilities are held off 0 and 1 by this before their logarithm is taken.
const LEAST_PROBABILITY: f64 = 1e-6;

/// Judges a sample with columns shuffled.
pub(super) struct Shuffler<'a> {
    model: &'a Model,
    sample: &'a Sample,
    /// For trees the sum of their values, row by row.
    sums: Vec<f32>,
}

impl<'a> Shuffler<'a> {
    pub(super) fn new(model: &'a Model, sample: &'a Sample) -> Self {
        let sums = match &model.classifier {
            Classifier::Linear(_) => Vec::new(),
            Classifier::Trees(ensemble) => rows(&sample.matrix)
                .map(|row| ensemble.trees.iter().map(|tree| tree.value(row)).sum())
                .collect(),
        };
        Self {
            model,
            sample,
            sums,
        }
    }

    /// The model as it is.
    pub(super) fn whole(&self) -> Fitness {
        let raw = match &self.model.classifier {
            Classifier::Trees(ensemble) => self
                .sums
                .iter()
                .map(|&s| ensemble.probability_of(s))
                .collect(),
            linear => linear.probabilities(&self.sample.matrix).to_vec(),
        };
        self.fitness(raw)
    }

    /// The model with the values of `columns` dealt anew among the blocks, those
    /// of a block together. `None` where it asks for none of them.
    pub(super) fn without(&self, columns: &[usize], seed: u64) -> Option<Fitness> {
        let n = self.sample.rows();
        let mut from: Vec<usize> = (0..n).collect();
        from.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(seed));
        let twins: Vec<usize> = self.sample.twins.iter().map(|&row| from[row]).collect();
        from.extend(twins);
        let deal = |row: usize, into: &mut [f32]| {
            for &column in columns {
                // The second row of a comment asks for an article, come what may.
                if row < n || column != design::article_column(self.model.kind) {
                    into[column] = self.sample.matrix[[from[row], column]];
                }
            }
        };
        let raw = match &self.model.classifier {
            Classifier::Linear(linear) => {
                if columns.iter().all(|&c| linear.coefficients[c] == 0.0) {
                    return None;
                }
                let mut dealt = self.sample.matrix.clone();
                for (row, mut values) in dealt.rows_mut().into_iter().enumerate() {
                    if let Some(values) = values.as_slice_mut() {
                        deal(row, values);
                    }
                }
                linear.probabilities(dealt.view()).to_vec()
            }
            Classifier::Trees(ensemble) => {
                // The other trees say what they said.
                let asking: Vec<&Tree> = ensemble
                    .trees
                    .iter()
                    .filter(|tree| asks(tree, columns))
                    .collect();
                if asking.is_empty() {
                    return None;
                }
                let mut dealt = Vec::new();
                rows(&self.sample.matrix)
                    .enumerate()
                    .map(|(row, values)| {
                        dealt.clear();
                        dealt.extend_from_slice(values);
                        deal(row, &mut dealt);
                        let change: f32 = asking
                            .iter()
                            .map(|tree| tree.value(&dealt) - tree.value(values))
                            .sum();
                        ensemble.probability_of(self.sums[row] + change)
                    })
                    .collect()
            }
        };
        Some(self.fitness(raw))
    }

    fn fitness(&self, mut raw: Vec<f32>) -> Fitness {
        let sample = self.sample;
        let seconds = raw.split_off(sample.rows());
        for (&row, second) in sample.twins.iter().zip(seconds) {
            raw[row] = raw[row].min(second);
        }
        let calibration = &self.model.calibration;
        let probabilities: Vec<f32> = raw.into_iter().map(|p| calibration.apply(p)).collect();
        let (mut loss, mut all) = (0.0, 0.0);
        for ((&p, &label), &words) in probabilities.iter().zip(&sample.labels).zip(&sample.words) {
            let p = f64::from(p).clamp(LEAST_PROBABILITY, 1.0 - LEAST_PROBABILITY);
            let (label, words) = (f64::from(label), f64::from(words));
            loss -= words * (label * p.ln() + (1.0 - label) * (1.0 - p).ln());
            all += words;
        }
        let f1: f64 = sample
            .spans
            .iter()
            .map(|span| {
                let words = &sample.words[span.clone()];
                let selected = self
                    .model
                    .selection
                    .select(&probabilities[span.clone()], words);
                block_overlap(&selected.kept, &sample.labels[span.clone()], words)
                    .map_or(1.0, |overlap| overlap.f1)
            })
            .sum();
        Fitness {
            log_loss: loss / all,
            auc: roc_auc(&probabilities, &sample.labels, &sample.words),
            f1: f1 / sample.spans.len() as f64,
        }
    }
}

fn rows(matrix: &Array2<f32>) -> impl Iterator<Item = &[f32]> {
    matrix
        .as_slice()
        .unwrap_or_default()
        .chunks_exact(matrix.ncols())
}

fn asks(tree: &Tree, columns: &[usize]) -> bool {
    tree.nodes.iter().any(|node| match node {
        Node::Split { feature, .. } => columns.contains(&(*feature as usize)),
        Node::Leaf { .. } => false,
    })
}
