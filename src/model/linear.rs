//! A logistic function of standardised features.

use ndarray::{Array1, ArrayView2};

/// `1 / (1 + exp(-(intercept + Σ coefficient · (x − mean) / scale)))`.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear {
    /// Mean of each feature over the training rows.
    pub means: Vec<f32>,
    /// Standard deviation of each; 1 for a feature that does not vary.
    pub scales: Vec<f32>,
    /// Weight of each standardised feature, in log-odds.
    pub coefficients: Vec<f32>,
    /// Log-odds of an average block.
    pub intercept: f32,
}

impl Linear {
    /// Probabilities for rows of features.
    ///
    /// # Panics
    /// When rows have another length than the coefficients.
    pub fn probabilities(&self, rows: ArrayView2<'_, f32>) -> Array1<f32> {
        assert_eq!(rows.ncols(), self.coefficients.len());
        rows.rows()
            .into_iter()
            .map(|row| {
                let log_odds: f32 = row
                    .iter()
                    .zip(&self.means)
                    .zip(self.scales.iter().zip(&self.coefficients))
                    .map(|((x, mean), (scale, weight))| weight * (x - mean) / scale)
                    .sum();
                logistic(self.intercept + log_odds)
            })
            .collect()
    }
}

fn logistic(log_odds: f32) -> f32 {
    // Coefficients of a file may be so large that they cancel to no number.
    if log_odds.is_nan() {
        return 0.5;
    }
    1.0 / (1.0 + (-log_odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn an_average_block_has_the_intercepts_odds() {
        let linear = Linear {
            means: vec![2.0, -1.0],
            scales: vec![0.5, 4.0],
            coefficients: vec![1.0, -2.0],
            intercept: 0.0,
        };
        let found = linear.probabilities(array![[2.0, -1.0], [2.5, -1.0], [2.0, 3.0]].view());
        assert_eq!(found[0], 0.5);
        assert!((found[1] - 0.731_058_6).abs() < 1e-6);
        assert!((found[2] - 0.119_202_9).abs() < 1e-6);
    }
    #[test]
    fn coefficients_that_cancel_to_no_number_tell_nothing() {
        let linear = Linear {
            means: vec![0.0, 0.0],
            scales: vec![f32::MIN_POSITIVE; 2],
            coefficients: vec![f32::MAX, -f32::MAX],
            intercept: 0.0,
        };
        assert_eq!(linear.probabilities(array![[1.0, 1.0]].view())[0], 0.5);
    }
}
