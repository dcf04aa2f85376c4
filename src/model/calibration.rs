//! Scores → probabilities that mean what they say.

use serde::{Deserialize, Serialize};

/// A map from a model's raw probability to the share of content among blocks
/// that it says so of: a line in log-odds, which keeps the order of scores and
/// parts those that differ.
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
/// Newton steps at the most; half a dozen will do for real scores.
const STEPS: usize = 50;

impl Calibration {
    /// Fits by maximum likelihood (Platt 1999, *Probabilistic Outputs for
    /// Support Vector Machines*, §2.1, here of log-odds and soft labels), with a
    /// pull towards the identity as strong as a weight of 1.
    ///
    /// `samples` are `(raw probability, label 0 to 1, weight ≥ 0)`. Without any
    /// weight the map is the identity.
    pub fn fit(samples: impl IntoIterator<Item = (f32, f32, f32)>) -> Self {
        let samples: Vec<Sample> = samples
            .into_iter()
            .map(|(raw, label, weight)| Sample {
                log_odds: f64::from(log_odds(raw)),
                label: f64::from(label),
                weight: f64::from(weight),
            })
            .collect();
        let mut line = Line {
            slope: 1.0,
            shift: 0.0,
        };
        let mut loss = line.loss(&samples);
        for _ in 0..STEPS {
            let step = line.newton_step(&samples);
            // Newton's step may go too far where the loss is flat.
            let next = (0..30)
                .map(|halvings| line.after(step, 0.5_f64.powi(halvings)))
                .map(|line| (line.loss(&samples), line))
                .find(|(next, _)| *next < loss);
            let Some((lower, next)) = next else { break };
            let gained = loss - lower;
            (loss, line) = (lower, next);
            if gained <= 1e-12 * loss {
                break;
            }
        }
        Self {
            slope: line.slope.max(0.0) as f32,
            shift: line.shift as f32,
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

struct Sample {
    log_odds: f64,
    label: f64,
    weight: f64,
}

/// A calibration on the way.
#[derive(Clone, Copy)]
struct Line {
    slope: f64,
    shift: f64,
}

impl Line {
    fn at(self, sample: &Sample) -> f64 {
        self.slope * sample.log_odds + self.shift
    }

    fn after(self, step: [f64; 2], share: f64) -> Self {
        Self {
            slope: self.slope - share * step[0],
            shift: self.shift - share * step[1],
        }
    }

    /// Cross-entropy of the samples, and the pull.
    fn loss(self, samples: &[Sample]) -> f64 {
        let pull = 0.5 * ((self.slope - 1.0).powi(2) + self.shift.powi(2));
        samples.iter().fold(pull, |sum, sample| {
            let z = self.at(sample);
            // ln(1 + exp z), without overflow.
            let softplus = z.max(0.0) + (-z.abs()).exp().ln_1p();
            sum + sample.weight * (softplus - sample.label * z)
        })
    }

    /// The loss's first derivatives by the inverse of its second ones.
    fn newton_step(self, samples: &[Sample]) -> [f64; 2] {
        let mut first = [self.slope - 1.0, self.shift];
        let (mut aa, mut ab, mut bb) = (1.0, 0.0, 1.0);
        for sample in samples {
            let p = 1.0 / (1.0 + (-self.at(sample)).exp());
            let error = sample.weight * (p - sample.label);
            first[0] += error * sample.log_odds;
            first[1] += error;
            let curvature = sample.weight * p * (1.0 - p);
            aa += curvature * sample.log_odds * sample.log_odds;
            ab += curvature * sample.log_odds;
            bb += curvature;
        }
        let determinant = aa * bb - ab * ab;
        [
            (bb * first[0] - ab * first[1]) / determinant,
            (aa * first[1] - ab * first[0]) / determinant,
        ]
    }
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
