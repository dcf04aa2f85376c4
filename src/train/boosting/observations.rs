//! A linfa dataset → checked rows, targets and weights.

use linfa::DatasetBase;
use linfa::dataset::AsSingleTargets;
use ndarray::{ArrayBase, Axis, CowArray, Data, Ix2};
use rayon::prelude::*;

use super::BoostingError;

/// A target that says how likely the positive class is.
pub trait Share: Copy + Sync {
    /// The share of the positive class; what is not from 0 to 1 is refused
    /// when fitting.
    fn share(self) -> f64;
}

impl Share for f32 {
    fn share(self) -> f64 {
        f64::from(self)
    }
}

impl Share for f64 {
    fn share(self) -> f64 {
        self
    }
}

impl Share for bool {
    fn share(self) -> f64 {
        f64::from(u8::from(self))
    }
}

impl Share for usize {
    fn share(self) -> f64 {
        self as f64
    }
}

/// Rows fit to learn from or to judge by: at least one row and one feature, no
/// infinite value, targets from 0 to 1, and weights that are not negative and
/// not all 0.
pub(super) struct Observations<'a> {
    /// Shape `(rows, features)`, in standard layout.
    pub records: CowArray<'a, f32, Ix2>,
    pub targets: Vec<f32>,
    pub weights: Vec<f32>,
    /// Sum of the weights.
    pub total_weight: f64,
}

impl<'a> Observations<'a> {
    /// `name` says in errors which dataset it is.
    pub fn of<D, T>(
        data: &'a DatasetBase<ArrayBase<D, Ix2>, T>,
        name: &'static str,
    ) -> Result<Self, BoostingError>
    where
        D: Data<Elem = f32>,
        T: AsSingleTargets,
        T::Elem: Share,
    {
        let dataset = name;
        let records = data.records.as_standard_layout();
        let (rows, features) = records.dim();
        if rows == 0 {
            return Err(BoostingError::NoRows { dataset });
        }
        if features == 0 {
            return Err(BoostingError::NoFeatures { dataset });
        }
        if u32::try_from(rows).is_err() {
            return Err(BoostingError::TooManyRows { dataset, rows });
        }
        let targets = data.targets.as_targets();
        let no_weights = data.weights.is_empty();
        let n_weights = if no_weights { rows } else { data.weights.len() };
        for (what, found) in [("targets", targets.len()), ("weights", n_weights)] {
            if found != rows {
                return Err(BoostingError::Lengths {
                    dataset,
                    rows,
                    what,
                    found,
                });
            }
        }
        let targets: Vec<f64> = targets.iter().map(|target| target.share()).collect();
        if let Some(row) = targets.iter().position(|t| !(0.0..=1.0).contains(t)) {
            return Err(BoostingError::Target {
                dataset,
                row,
                target: targets[row],
            });
        }
        let weights = match no_weights {
            true => vec![1.0; rows],
            false => data.weights.to_vec(),
        };
        if let Some(row) = weights.iter().position(|w| !w.is_finite() || *w < 0.0) {
            return Err(BoostingError::Weight {
                dataset,
                row,
                weight: weights[row],
            });
        }
        let total_weight: f64 = weights.iter().copied().map(f64::from).sum();
        if total_weight == 0.0 {
            return Err(BoostingError::NoWeight { dataset });
        }
        let infinite = records
            .axis_iter(Axis(0))
            .into_par_iter()
            .enumerate()
            .find_map_first(|(row, values)| {
                let feature = values.iter().position(|x| x.is_infinite())?;
                Some((row, feature))
            });
        if let Some((row, feature)) = infinite {
            return Err(BoostingError::Infinite {
                dataset,
                row,
                feature,
            });
        }
        Ok(Self {
            records,
            targets: targets.into_iter().map(|t| t as f32).collect(),
            weights,
            total_weight,
        })
    }

    /// The features of a row.
    pub fn row(&self, row: usize) -> &[f32] {
        let features = self.records.ncols();
        let all = self.records.as_slice().unwrap_or_default();
        &all[row * features..][..features]
    }

    /// The weighted mean of the targets.
    pub fn mean_target(&self) -> f64 {
        let sum: f64 = self
            .targets
            .iter()
            .zip(&self.weights)
            .map(|(&t, &w)| f64::from(t) * f64::from(w))
            .sum();
        sum / self.total_weight
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use linfa::Dataset;
    use ndarray::{Array1, Array2, array};

    fn message<T: AsSingleTargets<Elem: Share>>(data: &DatasetBase<Array2<f32>, T>) -> String {
        Observations::of(data, "training")
            .err()
            .unwrap()
            .to_string()
    }

    #[test]
    fn what_cannot_be_learned_from_is_said_with_its_place() {
        let records = array![[1.0_f32, f32::NAN], [2.0, 3.0]];
        let good = Dataset::new(records.clone(), array![0.0_f32, 0.5]);
        assert!(Observations::of(&good, "training").is_ok());
        for (target, shown) in [(f32::NAN, "NaN"), (f32::INFINITY, "inf"), (1.5, "1.5")] {
            let said = message(&Dataset::new(records.clone(), array![0.0, target]));
            assert!(said.contains("row 1"), "{said}");
            assert!(said.contains(&format!("target is {shown}")), "{said}");
        }
        let said = message(&Dataset::new(records.clone(), array![0_usize, 2]));
        assert!(said.contains("row 1: the target is 2"), "{said}");
        let said = message(&good.clone().with_weights(array![1.0, -1.0]));
        assert!(said.contains("row 1: the weight is -1"), "{said}");
        let said = message(&good.clone().with_weights(array![0.0, 0.0]));
        assert!(said.contains("weights are all 0"), "{said}");
        let said = message(&good.clone().with_weights(array![1.0]));
        assert!(said.contains("2 rows but 1 weights"), "{said}");
        let said = message(&DatasetBase::new(records, array![1.0_f32]));
        assert!(said.contains("2 rows but 1 targets"), "{said}");
        let infinite = array![[1.0_f32, 0.0], [0.0, f32::NEG_INFINITY]];
        let said = message(&Dataset::new(infinite, array![true, false]));
        assert!(said.contains("row 1, feature 1"), "{said}");
    }

    #[test]
    fn no_rows_and_no_features_are_errors() {
        let said = message(&DatasetBase::new(
            Array2::zeros((0, 3)),
            Array1::<f32>::zeros(0),
        ));
        assert!(said.contains("no rows"), "{said}");
        let said = message(&DatasetBase::new(
            Array2::zeros((3, 0)),
            Array1::<f32>::zeros(3),
        ));
        assert!(said.contains("no features"), "{said}");
    }
}
