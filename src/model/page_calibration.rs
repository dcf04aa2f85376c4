//! What is expected of a page's extraction → a quality that means what it says.

use serde::{Deserialize, Serialize};

use super::logistic::{self, Sample};
use crate::select::Expected;

/// Figures that a quality is worked out from.
const FIGURES: usize = 4;
/// The expected F1 is kept so far from 0 and 1, beyond which it tells no more apart.
const LEAST: f32 = 0.02;

/// A map from what probabilities lead to expect of an extraction to its quality:
/// logistic in the log-odds of the expected F1, in the logarithm of the expected
/// words, in the share of the page that is kept, and 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PageCalibration {
    /// Coefficients of these, in this order.
    pub coefficients: [f32; FIGURES],
}

impl Default for PageCalibration {
    /// The quality is the expected F1.
    fn default() -> Self {
        Self {
            coefficients: [1.0, 0.0, 0.0, 0.0],
        }
    }
}

impl PageCalibration {
    /// Fits to extractions by what was expected and the F1, 0 to 1, that it came
    /// to, with a pull towards the expected F1 as strong as one extraction's.
    /// Without any the quality is the expected F1.
    pub fn fit(samples: impl IntoIterator<Item = (Expected, f32)>) -> Self {
        let samples: Vec<Sample<FIGURES>> = samples
            .into_iter()
            .map(|(expected, f1)| Sample {
                figures: figures(&expected).map(f64::from),
                label: f64::from(f1),
                weight: 1.0,
            })
            .collect();
        let identity = Self::default().coefficients.map(f64::from);
        Self {
            coefficients: logistic::fit(&samples, identity).map(|c| c as f32),
        }
    }

    /// The quality, 0 to 1: the F1 that extractions came to of which as much was
    /// expected. Of a page without words nothing is known: a half.
    pub fn apply(&self, expected: &Expected) -> f32 {
        if expected.blank {
            return 0.5;
        }
        if *self == Self::default() {
            return expected.f1;
        }
        let figures = figures(expected);
        let log_odds: f32 = figures
            .iter()
            .zip(self.coefficients)
            .map(|(x, c)| x * c)
            .sum();
        // Coefficients of a file may be so large that they cancel to no number.
        if log_odds.is_nan() {
            return 0.5;
        }
        1.0 / (1.0 + (-log_odds).exp())
    }
}

fn figures(expected: &Expected) -> [f32; FIGURES] {
    let f1 = expected.f1.clamp(LEAST, 1.0 - LEAST);
    [
        (f1 / (1.0 - f1)).ln(),
        expected.words.ln_1p(),
        expected.kept,
        1.0,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(f1: f32, words: f32) -> Expected {
        Expected {
            f1,
            words,
            kept: 0.5,
            blank: false,
        }
    }

    #[test]
    fn without_samples_quality_is_the_expected_f1() {
        let calibration = PageCalibration::fit([]);
        assert_eq!(calibration.apply(&expected(0.7, 100.0)), 0.7);
        let blank = Expected {
            blank: true,
            ..expected(1.0, 0.0)
        };
        assert_eq!(calibration.apply(&blank), 0.5);
    }

    #[test]
    fn long_pages_that_disappoint_are_expected_to_disappoint() {
        let samples = (0..400).map(|i| {
            let long = i % 2 == 0;
            (
                expected(0.9, if long { 5_000.0 } else { 50.0 }),
                if long { 0.6 } else { 0.9 },
            )
        });
        let calibration = PageCalibration::fit(samples);
        assert!((calibration.apply(&expected(0.9, 5_000.0)) - 0.6).abs() < 0.02);
        assert!((calibration.apply(&expected(0.9, 50.0)) - 0.9).abs() < 0.02);
    }
}
