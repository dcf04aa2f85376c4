//! Gradient boosting of decision trees on histograms, as a linfa algorithm.
//!
//! In: a `linfa::DatasetBase` of `f32` records, NaN where a value is missing,
//! with soft labels from 0 to 1 (or `bool`, or classes 0 and 1) and, if wanted,
//! weights. Out: [`GradientBoosting`], a
//! [`TreeEnsemble`](crate::model::trees::TreeEnsemble) of log-odds.
//!
//! Each tree is one Newton step on the cross-entropy at the scores so far
//! (Friedman 2001, "Greedy function approximation: a gradient boosting
//! machine"; Chen & Guestrin 2016, "XGBoost", §2): a leaf of summed gradients
//! `G = Σ w (p - y)` and hessians `H = Σ w p (1 - p)` adds `-η G / (H + λ)`, and
//! a split gains `½ (G_l²/(H_l + λ) + G_r²/(H_r + λ) - G²/(H + λ))`. Splits are
//! sought on histograms of binned features (Ke et al. 2017, "LightGBM", §2.1),
//! and the leaf that gains most is split first (Shi 2007, "Best-first decision
//! tree learning"). The same data, parameters and seed give the same trees, bit
//! for bit, whatever the number of threads.
//!
//! ```
//! use dehusk::train::boosting::GradientBoosting;
//! use linfa::prelude::*;
//! use ndarray::Array1;
//!
//! // Which red wines were judged better than average?
//! let wines = linfa_datasets::winequality().map_targets(|&quality| quality > 5);
//! let records = wines.records.mapv(|x| x as f32);
//! let (train, valid) = Dataset::new(records, wines.targets).split_with_ratio(0.8);
//!
//! let fitted = GradientBoosting::params()
//!     .n_trees(60)
//!     .max_leaves(8)
//!     .fit(&train)?;
//! let judged: Array1<bool> = fitted.predict(&valid);
//! assert!(judged.confusion_matrix(&valid)?.accuracy() > 0.7);
//! assert!((0.0..=1.0).contains(&fitted.probabilities(&valid.records)[0]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Rounds can be watched, and stopped when held-out rows no longer gain:
//! [`fit_with_holdout`](GradientBoostingValidParams::fit_with_holdout).

mod algorithm;
mod bins;
mod error;
mod gradient;
mod grow;
mod histogram;
mod hyperparams;
mod observations;
mod partition;
mod split;
#[cfg(test)]
mod tests;

pub use algorithm::{GradientBoosting, Round};
pub use error::BoostingError;
pub use hyperparams::{GradientBoostingParams, GradientBoostingValidParams};
pub use observations::Share;
