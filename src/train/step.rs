//! What fitting tells of itself while it goes on: for progress, and for
//! learning curves.

use serde::{Deserialize, Serialize};

use super::boosting::Round;

/// Something that was done on the way to a model.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Step {
    /// A round of boosting, by a classifier that has not seen one fold.
    Round(CurvePoint),
    /// A classifier is fitted, whatever it has not seen.
    Classifier,
    /// A fold is judged.
    Fold(usize),
}

/// Who is told of each [`Step`].
pub type Tell<'t> = &'t mut dyn FnMut(Step);

/// Which of a model's trees are being fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trees {
    /// Those that answer under every profile, with the best thresholds.
    Sought,
    /// Those that answer beside them, with drawn thresholds.
    Drawn,
    /// Those after them that answer under profile `article`; their losses are on
    /// pages of that profile.
    Article,
}

/// A point of a learning curve. Losses are mean cross-entropies in nats, each
/// page weighing the same, to six decimal places. They tell; nothing is chosen
/// by them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// The fold that was held out.
    pub fold: usize,
    /// What was being fitted.
    pub trees: Trees,
    /// Rounds done, from 1.
    pub round: usize,
    /// On the rows that are learned from.
    pub train_loss: f64,
    /// On the held-out pages.
    pub held_out_loss: Option<f64>,
}

impl CurvePoint {
    pub(super) fn of(fold: usize, trees: Trees, round: Round) -> Self {
        let six_places = |loss: f64| (loss * 1e6).round() / 1e6;
        Self {
            fold,
            trees,
            round: round.round,
            train_loss: six_places(round.train_loss),
            held_out_loss: round.holdout_loss.map(six_places),
        }
    }
}
