//! Scores → probabilities that mean what they say.

/// A monotone map from a model's raw probability to the share of content among
/// blocks that it says so of: linear between knots, constant beyond them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Calibration {
    /// `(raw, calibrated)`, both 0 to 1 and neither ever falling; no knots at
    /// all is the identity.
    pub knots: Vec<(f32, f32)>,
}

/// Bins that raw probabilities are gathered in before the fit.
const BINS: usize = 128;

impl Calibration {
    /// Fits by isotonic regression (pool adjacent violators: Zadrozny and Elkan
    /// 2002, *Transforming Classifier Scores into Accurate Multiclass
    /// Probability Estimates*, §3.2), over bins of equal width in log-odds so
    /// that the map stays small.
    ///
    /// `samples` are `(raw probability, label 0 to 1, weight ≥ 0)`. Without any
    /// weight the map is the identity.
    pub fn fit(samples: impl IntoIterator<Item = (f32, f32, f32)>) -> Self {
        let mut bins = vec![Pool::default(); BINS];
        for (raw, label, weight) in samples {
            bins[bin(raw)].add(f64::from(raw), f64::from(label), f64::from(weight));
        }
        let mut pools: Vec<Pool> = Vec::new();
        for pool in bins.into_iter().filter(|pool| pool.weight > 0.0) {
            pools.push(pool);
            while let [.., before, last] = pools.as_slice()
                && before.label() >= last.label()
            {
                let merged = before.with(last);
                pools.truncate(pools.len() - 2);
                pools.push(merged);
            }
        }
        Self {
            knots: pools
                .iter()
                .map(|pool| (pool.raw() as f32, pool.label() as f32))
                .collect(),
        }
    }

    /// The calibrated probability, 0 to 1.
    pub fn apply(&self, raw: f32) -> f32 {
        let after = self.knots.partition_point(|&(x, _)| x < raw);
        match (
            after.checked_sub(1).map(|i| self.knots[i]),
            self.knots.get(after),
        ) {
            (None, None) => raw,
            (Some((_, y)), None) | (None, Some(&(_, y))) => y,
            (Some((x0, y0)), Some(&(x1, y1))) => {
                let share = (raw - x0) / (x1 - x0).max(f32::MIN_POSITIVE);
                (y0 + share.clamp(0.0, 1.0) * (y1 - y0)).min(y1)
            }
        }
    }
}

/// The bin of a raw probability: log-odds from −8 to 8 in equal steps.
fn bin(raw: f32) -> usize {
    let raw = raw.clamp(1e-4, 1.0 - 1e-4);
    let share = ((raw / (1.0 - raw)).ln() + 8.0) / 16.0;
    ((share * BINS as f32) as usize).min(BINS - 1)
}

/// Samples that get one value.
#[derive(Debug, Clone, Copy, Default)]
struct Pool {
    raw: f64,
    label: f64,
    weight: f64,
}

impl Pool {
    fn add(&mut self, raw: f64, label: f64, weight: f64) {
        self.raw += raw * weight;
        self.label += label * weight;
        self.weight += weight;
    }

    fn with(&self, other: &Self) -> Self {
        Self {
            raw: self.raw + other.raw,
            label: self.label + other.label,
            weight: self.weight + other.weight,
        }
    }

    fn raw(&self) -> f64 {
        self.raw / self.weight
    }

    fn label(&self) -> f64 {
        self.label / self.weight
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn overconfident_scores_are_pulled_to_what_was_seen() {
        let samples = (0..1_000).map(|i| {
            let raw = if i % 2 == 0 { 0.9 } else { 0.1 };
            // 7 of 10 right, whatever the model said.
            let label = f32::from(u8::from((i / 2 % 10 < 7) == (raw > 0.5)));
            (raw, label, 1.0)
        });
        let calibration = Calibration::fit(samples);
        assert!((calibration.apply(0.9) - 0.7).abs() < 1e-3);
        assert!((calibration.apply(0.1) - 0.3).abs() < 1e-3);
        assert!((calibration.apply(0.5) - 0.5).abs() < 1e-3);
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
