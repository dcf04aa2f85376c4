//! Prepared pages → `linfa::Dataset`s.

use linfa::DatasetBase;
use ndarray::{Array1, Array2};
use rand::distributions::{Distribution, WeightedIndex};
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::prepare::PreparedPage;

/// Rows of features with soft labels (0 to 1) as targets and weights.
pub type Rows = DatasetBase<Array2<f32>, Array1<f32>>;

/// All blocks of the pages as one dataset. Each page weighs the same, and
/// within it a block by the square root of its words; weights average 1.
pub fn dataset<'a>(pages: impl IntoIterator<Item = &'a PreparedPage>) -> Rows {
    let pages: Vec<&PreparedPage> = pages
        .into_iter()
        .filter(|page| page.words.iter().any(|&w| w > 0.0))
        .collect();
    let rows: usize = pages.iter().map(|page| page.blocks.len()).sum();
    let columns = pages.first().map_or(0, |page| page.matrix.ncols());
    let mut records = Array2::zeros((rows, columns));
    let mut labels = Vec::with_capacity(rows);
    let mut weights = Vec::with_capacity(rows);
    let mut at = 0;
    for page in &pages {
        let next = at + page.blocks.len();
        records
            .slice_mut(ndarray::s![at..next, ..])
            .assign(&page.matrix);
        labels.extend_from_slice(&page.labels);
        let total: f32 = page.words.iter().map(|w| w.sqrt()).sum();
        let scale = rows as f32 / pages.len() as f32 / total;
        weights.extend(page.words.iter().map(|w| w.sqrt() * scale));
        at = next;
    }
    DatasetBase::new(records, Array1::from(labels)).with_weights(Array1::from(weights))
}

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
    both.then(|| (rows.records.select(ndarray::Axis(0), &drawn), labels))
}
