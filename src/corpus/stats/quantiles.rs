//! Figures → how they are spread.

use serde::Serialize;

/// How figures are spread. Over no figures all is NaN (`null` in JSON).
///
/// Between two figures a quantile is interpolated: type 7 of Hyndman and Fan,
/// *Sample Quantiles in Statistical Packages*, 1996, as R and NumPy have it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Quantiles {
    /// How many figures there are.
    pub count: usize,
    /// The least.
    pub least: f64,
    /// A tenth is not over this.
    pub tenth: f64,
    /// A quarter is not over this.
    pub quarter: f64,
    /// Half is not over this.
    pub median: f64,
    /// Three quarters are not over this.
    pub three_quarters: f64,
    /// Nine tenths are not over this.
    pub nine_tenths: f64,
    /// The most.
    pub most: f64,
    /// The mean.
    pub mean: f64,
}

impl FromIterator<f64> for Quantiles {
    fn from_iter<I: IntoIterator<Item = f64>>(figures: I) -> Self {
        let mut figures: Vec<f64> = figures.into_iter().collect();
        figures.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let Some(last) = figures.len().checked_sub(1) else {
                return f64::NAN;
            };
            let place = share * last as f64;
            let below = place.floor() as usize;
            let above = (below + 1).min(last);
            figures[below] + (figures[above] - figures[below]) * place.fract()
        };
        Self {
            count: figures.len(),
            least: at(0.0),
            tenth: at(0.1),
            quarter: at(0.25),
            median: at(0.5),
            three_quarters: at(0.75),
            nine_tenths: at(0.9),
            most: at(1.0),
            mean: figures.iter().sum::<f64>() / figures.len() as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_figures_as_in_r() {
        let found: Quantiles = [4.0, 1.0, 3.0, 2.0, 10.0, 4.0].into_iter().collect();
        assert_eq!((found.count, found.mean), (6, 4.0));
        assert_eq!((found.least, found.most), (1.0, 10.0));
        assert_eq!((found.tenth, found.nine_tenths), (1.5, 7.0));
        assert_eq!(
            (found.quarter, found.median, found.three_quarters),
            (2.25, 3.5, 4.0)
        );
    }

    #[test]
    fn one_figure_is_every_quantile_and_none_is_no_number() {
        let one: Quantiles = std::iter::once(3.0).collect();
        assert_eq!((one.least, one.median, one.most), (3.0, 3.0, 3.0));
        let none: Quantiles = std::iter::empty().collect();
        assert!(none.median.is_nan() && none.mean.is_nan());
        assert!(
            serde_json::to_string(&none)
                .unwrap()
                .contains("\"median\":null")
        );
    }
}
