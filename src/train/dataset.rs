//! The rows that learners see.

use linfa::DatasetBase;
use ndarray::{Array1, Array2, Axis};
use rand::distributions::{Distribution, WeightedIndex};
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Rows of a design matrix with soft labels (0 to 1) as targets and weights.
pub type Rows = DatasetBase<Array2<f32>, Array1<f32>>;

/// `n` rows drawn with replacement in proportion to their weights, each with a
/// hard label drawn by its soft one: for learners that know neither weights nor
/// soft labels. In expectation the same loss.
pub(super) fn draw(rows: &Rows, n: usize, seed: u64) -> Option<(Array2<f32>, Array1<usize>)> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let weights = rows.weights.as_slice()?;
    let choice = WeightedIndex::new(weights).ok()?;
    let mut drawn: Vec<usize> = (0..n).map(|_| choice.sample(&mut rng)).collect();
    drawn.sort_unstable();
    let labels: Array1<usize> = drawn
        .iter()
        .map(|&i| usize::from(rng.r#gen::<f32>() < rows.targets[i]))
        .collect();
    let both = labels.iter().any(|&l| l == 0) && labels.iter().any(|&l| l == 1);
    both.then(|| (rows.records.select(Axis(0), &drawn), labels))
}
