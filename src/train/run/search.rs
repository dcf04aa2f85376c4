//! Settings drawn at random, each judged by cross-validation.
//!
//! Random rather than a grid: as few settings matter, each trial tells
//! something new of every one of them (Bergstra and Bengio 2012, *Random Search
//! for Hyper-Parameter Optimization*, §3). Every trial has the same folds. The
//! best of many figures flatters its settings: measure them on other pages
//! before they are trusted.

use std::fmt;

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde::{Deserialize, Serialize};

use super::tables::figure;
use crate::evaluate::Report;
use crate::train::{Boosting, Settings};

/// From where to where a setting is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Its name in a recipe, after `boosting.`.
    pub setting: &'static str,
    /// The value asked for is divided and multiplied by up to this, evenly by
    /// orders of magnitude.
    pub factor: f32,
    /// It is never less.
    pub least: f32,
    /// It is never more.
    pub most: f32,
}

/// What is drawn, in this order.
pub const RANGES: [Range; 9] = [
    Range::new("trees", 2.0, 1.0, 10_000.0),
    Range::new("random_trees", 2.0, 1.0, 10_000.0),
    Range::new("random_rate", 3.0, 1e-4, 1.0),
    Range::new("article_trees", 2.0, 1.0, 10_000.0),
    Range::new("leaves", 3.0, 2.0, 1_000.0),
    Range::new("rate", 3.0, 1e-4, 1.0),
    Range::new("column_sample", 3.0, 0.01, 1.0),
    Range::new("l2", 10.0, 0.0, 1e6),
    Range::new("least_leaf_rows", 4.0, 1.0, 1e6),
];

impl Range {
    const fn new(setting: &'static str, factor: f32, least: f32, most: f32) -> Self {
        Self {
            setting,
            factor,
            least,
            most,
        }
    }

    /// To three digits, so that a recipe reads well.
    fn draw(&self, asked: f32, rng: &mut impl Rng) -> f32 {
        let drawn = asked * self.factor.powf(rng.gen_range(-1.0..=1.0));
        let short = format!("{drawn:.2e}").parse().unwrap_or(drawn);
        // 0 (no penalty, no trees for one profile) was meant.
        if asked == 0.0 {
            asked
        } else {
            short.clamp(self.least, self.most)
        }
    }

    /// A whole number.
    fn draw_count(&self, asked: usize, rng: &mut impl Rng) -> usize {
        self.draw(asked as f32, rng).round() as usize
    }
}

/// `n` settings around `asked` for, by [`RANGES`]: the same for the same settings
/// and seed, and the first of them the same whatever `n`.
pub fn draw(asked: &Settings, n: usize) -> Vec<Settings> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(asked.seed);
    let [
        trees,
        random_trees,
        random_rate,
        article_trees,
        leaves,
        rate,
        column_sample,
        l2,
        least_leaf_rows,
    ] = RANGES;
    let was = asked.boosting;
    (0..n)
        .map(|_| Settings {
            boosting: Boosting {
                trees: trees.draw_count(was.trees, &mut rng),
                random_trees: random_trees.draw_count(was.random_trees, &mut rng),
                random_rate: random_rate.draw(was.random_rate, &mut rng),
                article_trees: article_trees.draw_count(was.article_trees, &mut rng),
                leaves: leaves.draw_count(was.leaves, &mut rng),
                rate: rate.draw(was.rate, &mut rng),
                column_sample: column_sample.draw(was.column_sample, &mut rng),
                l2: l2.draw(was.l2, &mut rng),
                least_leaf_rows: least_leaf_rows.draw_count(was.least_leaf_rows, &mut rng),
            },
            ..asked.clone()
        })
        .collect()
}

/// Settings and how they did out of fold. Figures have six decimal places.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// Its number: 0 is what was asked for, from 1 on they are drawn.
    pub trial: usize,
    /// The settings.
    pub boosting: Boosting,
    /// Mean word F1 of the pages, 0 to 1.
    pub f1: f64,
    /// Its 95 % interval over groups.
    pub interval: (f64, f64),
    /// Area under the ROC curve of blocks.
    pub block_auc: Option<f64>,
    /// Expected calibration error of blocks.
    pub calibration_error: Option<f64>,
    /// Brier score of blocks.
    pub brier_score: Option<f64>,
}

impl Trial {
    pub(super) fn of(trial: usize, boosting: Boosting, report: &Report) -> Self {
        let six_places = |value: f64| (value * 1e6).round() / 1e6;
        let (f1, blocks) = (report.overall.f1, report.blocks.as_ref());
        Self {
            trial,
            boosting,
            f1: six_places(f1.mean),
            interval: (six_places(f1.low), six_places(f1.high)),
            block_auc: blocks.and_then(|blocks| blocks.auc).map(six_places),
            calibration_error: blocks
                .and_then(|blocks| blocks.calibration_error)
                .map(six_places),
            brier_score: blocks.and_then(|blocks| blocks.brier_score).map(six_places),
        }
    }

    /// The one of highest F1; of equals the first.
    pub fn best(trials: &[Self]) -> Option<&Self> {
        trials.iter().rev().max_by(|a, b| a.f1.total_cmp(&b.f1))
    }

    /// Names of [`Trial::cells`].
    pub(super) fn heads() -> Vec<&'static str> {
        let mut heads = vec!["trial"];
        heads.extend(RANGES.map(|range| range.setting));
        heads.extend(["f1", "f1_low", "f1_high"]);
        heads.extend(["block_auc", "calibration_error", "brier_score"]);
        heads
    }

    /// The trial as a row of a table.
    pub(super) fn cells(&self) -> Vec<String> {
        let Boosting {
            trees,
            random_trees,
            random_rate,
            article_trees,
            leaves,
            rate,
            column_sample,
            l2,
            least_leaf_rows,
        } = self.boosting;
        let mut cells = vec![
            self.trial.to_string(),
            trees.to_string(),
            random_trees.to_string(),
            random_rate.to_string(),
            article_trees.to_string(),
            leaves.to_string(),
            rate.to_string(),
            column_sample.to_string(),
            l2.to_string(),
            least_leaf_rows.to_string(),
        ];
        let (low, high) = self.interval;
        cells.extend([Some(self.f1), Some(low), Some(high)].map(figure));
        cells.extend([self.block_auc, self.calibration_error, self.brier_score].map(figure));
        cells
    }
}

/// As one line, for a terminal.
impl fmt::Display for Trial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, high) = self.interval;
        let what = match self.trial {
            0 => "as asked".to_owned(),
            n => format!("trial {n}"),
        };
        let Boosting {
            trees,
            random_trees,
            random_rate,
            article_trees,
            leaves,
            rate,
            column_sample,
            l2,
            least_leaf_rows,
        } = self.boosting;
        write!(
            f,
            "{what:<9} F1 {:.4} ({low:.4} to {high:.4})  {trees}+{random_trees}+{article_trees} \
             trees of {leaves} leaves, rates {rate} and {random_rate}, columns {column_sample}, L2 {l2}, rows {least_leaf_rows}",
            self.f1
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_trials_begin_with_the_same_and_another_seed_draws_others() {
        let asked = Settings::default();
        let (few, many) = (draw(&asked, 3), draw(&asked, 40));
        assert_eq!(few[..], many[..3]);
        assert_ne!(few[0], few[1]);
        let other = Settings { seed: 2, ..asked };
        assert_ne!(draw(&other, 1)[0].boosting, few[0].boosting);
    }

    #[test]
    fn what_is_drawn_stays_in_range_and_fits_boosting() {
        let asked = Settings::default();
        let was = asked.boosting;
        for drawn in draw(&asked, 200) {
            let now = drawn.boosting;
            for (now, was, range) in [
                (now.trees as f32, was.trees as f32, RANGES[0]),
                (now.random_trees as f32, was.random_trees as f32, RANGES[1]),
                (now.random_rate, was.random_rate, RANGES[2]),
                (
                    now.article_trees as f32,
                    was.article_trees as f32,
                    RANGES[3],
                ),
                (now.leaves as f32, was.leaves as f32, RANGES[4]),
                (now.rate, was.rate, RANGES[5]),
                (now.column_sample, was.column_sample, RANGES[6]),
                (now.l2, was.l2, RANGES[7]),
                (
                    now.least_leaf_rows as f32,
                    was.least_leaf_rows as f32,
                    RANGES[8],
                ),
            ] {
                let ratio = now / was;
                let slack = 1.05;
                assert!(ratio < range.factor * slack, "{} {now}", range.setting);
                assert!(
                    ratio > 1.0 / range.factor / slack,
                    "{} {now}",
                    range.setting
                );
                assert!(
                    (range.least..=range.most).contains(&now),
                    "{}",
                    range.setting
                );
            }
            let line = format!("boosting.{} = {}", RANGES[5].setting, now.rate);
            assert_eq!(asked.set(&line).unwrap().boosting.rate, now.rate);
            assert_eq!((drawn.seed, drawn.variants), (asked.seed, asked.variants));
        }
    }

    #[test]
    fn none_stays_none() {
        let asked = Settings {
            boosting: Boosting {
                l2: 0.0,
                article_trees: 0,
                ..Boosting::default()
            },
            ..Settings::default()
        };
        let drawn = &draw(&asked, 1)[0].boosting;
        assert_eq!((drawn.l2, drawn.article_trees), (0.0, 0));
    }

    #[test]
    fn the_best_is_the_first_of_the_highest() {
        let trial = |trial, f1| Trial {
            trial,
            f1,
            ..Trial::of(trial, Boosting::default(), &Report::new(Vec::new(), 1))
        };
        let trials = [trial(0, 0.5), trial(1, 0.7), trial(2, 0.7)];
        assert_eq!(Trial::best(&trials).map(|best| best.trial), Some(1));
        assert_eq!(Trial::best(&[]), None);
        assert_eq!(trials[0].cells().len(), Trial::heads().len());
        assert!(trials[0].to_string().starts_with("as asked  F1 0.5000"));
    }
}
