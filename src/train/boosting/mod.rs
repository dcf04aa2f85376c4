//! Gradient boosting of decision trees on histograms, as a `linfa` algorithm.
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
