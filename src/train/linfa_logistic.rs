//! Logistic regression by `linfa-logistic`, lowered to [`Linear`].

use linfa::Dataset;
use linfa::traits::Fit;
use linfa_logistic::LogisticRegression;
use ndarray::Axis;

use super::dataset::draw;
use super::{Learner, Rows, TrainError};
use crate::model::{Linear, column_means};

/// Rows drawn: past this, more no longer move the coefficients.
const ROWS: usize = 150_000;
/// Weight of the squared coefficients in the loss.
const ALPHA: f64 = 1.0;
const ITERATIONS: u64 = 200;

pub(super) fn describe() -> String {
    format!("linfa-logistic, alpha {ALPHA}, {ITERATIONS} iterations, {ROWS} rows drawn by weight")
}

/// Fits on standardised features: the penalty treats all alike only then.
pub(super) fn fit(rows: &Rows, seed: u64) -> Result<Linear, TrainError> {
    let n = ROWS.min(rows.records.nrows() * 4);
    let (records, labels) = draw(rows, n, seed).ok_or(TrainError::NothingToLearn)?;
    let means = column_means(&records);
    let scales = records
        .std_axis(Axis(0), 0.0)
        .mapv(|s| if s > 1e-6 { s } else { 1.0 });
    let standard = ((records - &means) / &scales).mapv(f64::from);
    let fitted = LogisticRegression::default()
        .alpha(ALPHA)
        .max_iterations(ITERATIONS)
        .fit(&Dataset::new(standard, labels))
        .map_err(Learner::Logistic.failure())?;
    // linfa picks which class its parameters speak for; ours is content, 1.
    let sign = if fitted.labels().pos.class == 1 { 1.0 } else { -1.0 };
    Ok(Linear {
        means: means.to_vec(),
        scales: scales.to_vec(),
        coefficients: fitted.params().iter().map(|&c| (sign * c) as f32).collect(),
        intercept: (sign * fitted.intercept()) as f32,
    })
}
