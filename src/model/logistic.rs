//! Logistic regression of a few figures, for what is calibrated or corrected.

/// Newton steps at the most; half a dozen will do for real samples.
const STEPS: usize = 50;

/// What is known of something, and how much of it came true.
pub(crate) struct Sample<const N: usize> {
    /// The figures.
    pub figures: [f64; N],
    /// 0 to 1.
    pub label: f64,
    /// 0 or more.
    pub weight: f64,
}

/// Coefficients `θ` that minimise `Σ w·H(y, 1/(1 + exp(-x·θ))) + ½|θ - prior|²`,
/// with the cross-entropy `H`, by Newton's method: a maximum a posteriori
/// estimate (Bishop 2006, *Pattern Recognition and Machine Learning*, §4.3.3
/// and §4.5.1). The pull towards the prior is as strong as one sample's.
pub(crate) fn fit<const N: usize>(samples: &[Sample<N>], prior: [f64; N]) -> [f64; N] {
    let mut at = prior;
    let mut least = loss(samples, prior, at);
    for _ in 0..STEPS {
        let step = newton_step(samples, prior, at);
        // Newton's step may go too far where the loss is flat.
        let next = (0..30).find_map(|halvings| {
            let share = 0.5_f64.powi(halvings);
            let next = std::array::from_fn(|i| at[i] - share * step[i]);
            let lower = loss(samples, prior, next);
            (lower < least).then_some((lower, next))
        });
        let Some((lower, next)) = next else { break };
        let gained = least - lower;
        (least, at) = (lower, next);
        if gained <= 1e-12 * least {
            break;
        }
    }
    at
}

fn dot<const N: usize>(a: &[f64; N], b: &[f64; N]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn loss<const N: usize>(samples: &[Sample<N>], prior: [f64; N], at: [f64; N]) -> f64 {
    let away: [f64; N] = std::array::from_fn(|i| at[i] - prior[i]);
    samples.iter().fold(0.5 * dot(&away, &away), |sum, sample| {
        let z = dot(&sample.figures, &at);
        // ln(1 + exp z), without overflow.
        let softplus = z.max(0.0) + (-z.abs()).exp().ln_1p();
        sum + sample.weight * (softplus - sample.label * z)
    })
}

/// The loss's first derivatives by the inverse of its second ones.
fn newton_step<const N: usize>(samples: &[Sample<N>], prior: [f64; N], at: [f64; N]) -> [f64; N] {
    let mut first: [f64; N] = std::array::from_fn(|i| at[i] - prior[i]);
    let mut second: [[f64; N]; N] =
        std::array::from_fn(|i| std::array::from_fn(|j| f64::from(u8::from(i == j))));
    for Sample {
        figures,
        label,
        weight,
    } in samples
    {
        let p = 1.0 / (1.0 + (-dot(figures, &at)).exp());
        let (error, curvature) = (weight * (p - label), weight * p * (1.0 - p));
        for i in 0..N {
            first[i] += error * figures[i];
            for j in 0..N {
                second[i][j] += curvature * figures[i] * figures[j];
            }
        }
    }
    solve(second, first)
}

/// `x` with `a·x = b`, for a positive definite `a`, by Gaussian elimination.
fn solve<const N: usize>(mut a: [[f64; N]; N], mut b: [f64; N]) -> [f64; N] {
    for i in 0..N {
        let pivot = a[i];
        for j in i + 1..N {
            let share = a[j][i] / pivot[i];
            for (below, above) in a[j].iter_mut().zip(pivot) {
                *below -= share * above;
            }
            b[j] -= share * b[i];
        }
    }
    for i in (0..N).rev() {
        let known: f64 = (i + 1..N).map(|j| a[i][j] * b[j]).sum();
        b[i] = (b[i] - known) / a[i][i];
    }
    b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equations_are_solved() {
        let found = solve(
            [[4.0, 2.0, 0.0], [2.0, 5.0, 1.0], [0.0, 1.0, 3.0]],
            [8.0, 15.0, 11.0],
        );
        for (found, expected) in found.into_iter().zip([1.0, 2.0, 3.0]) {
            assert!((found - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn the_law_behind_many_samples_is_found() {
        let law = [1.5, -0.5, 0.25];
        let samples: Vec<Sample<3>> = (0..400)
            .map(|i| {
                let figures = [
                    f64::from(i % 20) / 5.0 - 2.0,
                    f64::from(i / 20) / 5.0 - 2.0,
                    1.0,
                ];
                Sample {
                    figures,
                    label: 1.0 / (1.0 + (-dot(&figures, &law)).exp()),
                    weight: 1e4,
                }
            })
            .collect();
        for (found, expected) in fit(&samples, [0.0; 3]).into_iter().zip(law) {
            assert!((found - expected).abs() < 1e-3, "{found}");
        }
    }

    #[test]
    fn without_samples_the_prior_stays() {
        assert_eq!(fit::<2>(&[], [1.0, 0.0]), [1.0, 0.0]);
    }
}
