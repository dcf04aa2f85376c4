//! Pairs of values → how closely they lie along a line.

/// Pearson's correlation of `x` and `y`, −1 to 1:
/// `Σ(x−x̄)(y−ȳ) / √(Σ(x−x̄)²·Σ(y−ȳ)²)`. `None` when either does not vary or
/// a value is not finite.
///
/// # Panics
/// When the slices differ in length.
///
/// ```
/// let found = dehusk::evaluate::pearson(&[1.0, 2.0, 3.0], &[30.0, 20.0, 10.0]).unwrap();
/// assert!((found + 1.0).abs() < 1e-12);
/// ```
pub fn pearson(x: &[f64], y: &[f64]) -> Option<f64> {
    assert_eq!(x.len(), y.len());
    let n = x.len() as f64;
    let (mean_x, mean_y) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let (mut both, mut of_x, mut of_y) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        let (x, y) = (x - mean_x, y - mean_y);
        both += x * y;
        of_x += x * x;
        of_y += y * y;
    }
    let spread = of_x.sqrt() * of_y.sqrt();
    (spread.is_finite() && spread > 0.0).then(|| (both / spread).clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correlation_follows_its_formula() {
        // Deviations −1.5 −.5 .5 1.5 and −1 1 −1 1: 2 / √(5 · 4).
        let found = pearson(&[1.0, 2.0, 3.0, 4.0], &[1.0, 3.0, 1.0, 3.0]).unwrap();
        assert!((found - 2.0 / 20.0_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn values_that_do_not_vary_have_no_correlation() {
        assert_eq!(pearson(&[1.0, 2.0], &[3.0, 3.0]), None);
        assert_eq!(pearson(&[1.0], &[3.0]), None);
        assert_eq!(pearson(&[], &[]), None);
        assert_eq!(pearson(&[1.0, f64::NAN], &[1.0, 2.0]), None);
    }
}
