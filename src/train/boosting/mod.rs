//! Gradient boosting of decision trees on histograms, as a `linfa` algorithm.
//!
//! A sum of small trees gives a row its score, in log-odds. Each tree is grown
//! on what the trees before it left open: for a row of score `s`, target `y`
//! (0 to 1) and weight `w`, with `p = 1 / (1 + exp(-s))`, the loss is the
//! cross-entropy `-w (y ln p + (1 - y) ln(1 - p))`, and what is open are its
//! first two derivatives,
//!
//! ```text
//! g = w (p - y)        h = w p (1 - p)
//! ```
//!
//! With `G` and `H` their sums over the rows of a leaf, and the penalty `λ` of
//! [`l2`](GradientBoostingParams::l2), a leaf answers and a split gains
//!
//! ```text
//! value = -G / (H + λ)
//! gain  = ½ (G_left² / (H_left + λ) + G_right² / (H_right + λ) - G² / (H + λ))
//! ```
//!
//! and the leaf whose best split gains most is split next. Scores start at the
//! log-odds of the mean target, and move by `η · value`, with the
//! [`learning_rate`](GradientBoostingParams::learning_rate) `η`. Splits are
//! looked for between the bins of a histogram, not between values, so that a
//! search costs the bins and not the rows; of two sister leaves only the
//! smaller is counted, the other is their parent less it. Rows that miss a
//! feature (NaN) go to the side where they gain more. Sums are of whole
//! numbers, so the trees are the same on any number of threads.
//!
//! - Loss, shrinkage, importance: J. H. Friedman 2001, *Greedy Function
//!   Approximation: A Gradient Boosting Machine*, Annals of Statistics 29 (5).
//! - Second derivatives, penalty, missing values: T. Chen and C. Guestrin 2016,
//!   *XGBoost: A Scalable Tree Boosting System*, KDD.
//! - Growth by leaves, histograms of sisters: G. Ke et al. 2017, *LightGBM: A
//!   Highly Efficient Gradient Boosting Decision Tree*, NIPS.
//!
//! ```
//! use dehusk::train::boosting::GradientBoosting;
//! use linfa::dataset::Pr;
//! use linfa::prelude::{BinaryClassification, Fit, Predict};
//! use ndarray::Array1;
//! use rand::SeedableRng;
//! use rand_xoshiro::Xoshiro256PlusPlus;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Which wines are good? Tasters gave each a grade from 0 to 10.
//! let wines = linfa_datasets::winequality().map_targets(|&grade| grade >= 7);
//! let records = wines.records.mapv(|x| x as f32);
//! let (train, held_out) = wines
//!     .with_records(records)
//!     .shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(1))
//!     .split_with_ratio(0.8);
//!
//! let fitted = GradientBoosting::params().n_trees(60).fit(&train)?;
//! let chances: Array1<Pr> = fitted.predict(held_out.records());
//! let auc = chances.roc(&held_out.targets().to_vec())?.area_under_curve();
//! assert!(auc > 0.85, "{auc}");
//! # Ok(())
//! # }
//! ```

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

pub use algorithm::{GradientBoosting, Round};
pub use error::BoostingError;
pub use hyperparams::{GradientBoostingParams, GradientBoostingValidParams};
pub use observations::Share;
