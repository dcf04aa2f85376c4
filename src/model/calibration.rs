//! Scores → probabilities that mean what they say.

use serde::{Deserialize, Serialize};

use super::logistic::{self, Sample};

/// A map from a model's raw probability to the share of content among blocks
/// that it says so of: a line in log-odds, which keeps the order of scores.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// What log-odds are multiplied by, 0 or more.
    pub slope: f32,
    /// What is added to them then.
    pub shift: f32,
}

impl Default for Calibration {
    /// Leaves probabilities as they are.
    fn default() -> Self {
        Self {
            slope: 1.0,
            shift: 0.0,
        }
    }
}

/// Raw probabilities are kept so far from 0 and 1, where log-odds are infinite.
const SUREST: f32 = 1e-6;

impl Calibration {
    /// Fits by maximum likelihood (Platt 1999, *Probabilistic Outputs for
    /// Support Vector Machines*, §2.1, here of log-odds and soft labels), with a
    /// pull towards the identity as strong as a weight of 1.
    ///
    /// `samples` are `(raw probability, label 0 to 1, weight ≥ 0)`. Without any
    /// weight the map is the identity.
    pub fn fit(samples: impl IntoIterator<Item = (f32, f32, f32)>) -> Self {
        let samples: Vec<Sample<2>> = samples
            .into_iter()
            .map(|(raw, label, weight)| Sample {
                figures: [f64::from(log_odds(raw)), 1.0],
                label: f64::from(label),
                weight: f64::from(weight),
            })
            .collect();
        let [slope, shift] = logistic::fit(&samples, [1.0, 0.0]);
        if slope < 0.0 {
            // Such scores tell nothing: all get the share of content.
            let alone: Vec<Sample<1>> = samples
                .iter()
                .map(|&Sample { label, weight, .. }| Sample {
                    figures: [1.0],
                    label,
                    weight,
                })
                .collect();
            let [shift] = logistic::fit(&alone, [0.0]);
            return Self {
                slope: 0.0,
                shift: shift as f32,
            };
        }
        Self {
            slope: slope as f32,
            shift: shift as f32,
        }
    }

    /// The calibrated probability, 0 to 1.
    pub fn apply(&self, raw: f32) -> f32 {
        if *self == Self::default() {
            return raw;
        }
        1.0 / (1.0 + (-(self.slope * log_odds(raw) + self.shift)).exp())
    }
}

fn log_odds(raw: f32) -> f32 {
    let raw = raw.clamp(SUREST, 1.0 - SUREST);
    (raw / (1.0 - raw)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn overconfident_scores_are_pulled_to_what_was_seen() {
        let samples = (0..10_000).map(|i| {
            let raw = if i % 2 == 0 { 0.9 } else { 0.1 };
            // 7 of 10 right, whatever the model said.
            let label = f32::from(u8::from((i / 2 % 10 < 7) == (raw > 0.5)));
            (raw, label, 1.0)
        });
        let calibration = Calibration::fit(samples);
        assert!((calibration.apply(0.9) - 0.7).abs() < 1e-3);
        assert!((calibration.apply(0.1) - 0.3).abs() < 1e-3);
        assert!((calibration.apply(0.5) - 0.5).abs() < 1e-3);
        assert!(calibration.apply(0.999) > calibration.apply(0.99));
    }

    #[test]
    fn scores_that_say_too_much_everywhere_are_shifted() {
        let samples = (0..10_000).map(|i| (0.8, f32::from(u8::from(i % 2 == 0)), 1.0));
        assert!((Calibration::fit(samples).apply(0.8) - 0.5).abs() < 1e-3);
    }

    #[test]
    fn scores_that_say_the_contrary_get_the_share_of_content() {
        let samples = (0..10_000).map(|i| {
            let label = f32::from(u8::from(i % 4 == 0));
            (if label > 0.5 { 0.2 } else { 0.7 }, label, 1.0)
        });
        let calibration = Calibration::fit(samples);
        assert_eq!(calibration.slope, 0.0);
        assert!((calibration.apply(0.9) - 0.25).abs() < 1e-3);
    }

    #[test]
    fn without_samples_nothing_changes() {
        assert_eq!(Calibration::fit([]).apply(0.3), 0.3);
    }

    proptest! {
        #[test]
        fn a_higher_score_is_never_given_a_lower_probability(
            samples in proptest::collection::vec((0.0_f32..=1.0, 0.0_f32..=1.0, 0.0_f32..9.0), 0..60),
            a in 0.0_f32..=1.0,
            b in 0.0_f32..=1.0,
        ) {
            let calibration = Calibration::fit(samples);
            let (low, high) = (a.min(b), a.max(b));
            prop_assert!(calibration.apply(low) <= calibration.apply(high));
            prop_assert!((0.0..=1.0).contains(&calibration.apply(a)));
        }
    }
}
