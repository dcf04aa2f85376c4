//! Pages → the rows that importance is measured on.

use std::ops::Range;

use ndarray::{Array2, Axis, Slice, concatenate};
use rand::{SeedableRng, seq::SliceRandom};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::model::{Model, Profile, design};
use crate::train::PreparedPage;

/// The blocks of some pages as a model sees them.
pub(super) struct Sample {
    /// Rows of the blocks, page after page, then those of [`Sample::twins`].
    pub(super) matrix: Array2<f32>,
    /// Comments under an article are judged twice, the second time as profile
    /// `article` judges them, and the lower answer counts (as in
    /// [`Classifier::judge`](crate::model::Classifier::judge)): the block of
    /// each such second row.
    pub(super) twins: Vec<usize>,
    /// Share of each block that is content, 0 to 1.
    pub(super) labels: Vec<f32>,
    /// Words of each block.
    pub(super) words: Vec<f32>,
    /// Weight of each block in training: every page the same, a block by the
    /// square root of its words; they average 1.
    pub(super) weights: Vec<f32>,
    /// The rows of each page.
    pub(super) spans: Vec<Range<usize>>,
}

impl Sample {
    /// Draws whole pages as long as they fit into `most` rows. `None` where no
    /// page with words and its own gold text does.
    pub(super) fn draw(
        model: &Model,
        pages: &[PreparedPage],
        seed: u64,
        most: usize,
    ) -> Option<Self> {
        let mut order: Vec<usize> = (0..pages.len())
            .filter(|&i| pages[i].has_its_gold() && pages[i].words.iter().any(|&w| w > 0.0))
            .collect();
        // Indices of one width draw the same on every machine.
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        order.shuffle(&mut rng);
        let mut left = most;
        order.retain(|&i| {
            let fits = pages[i].blocks.len() <= left;
            left -= if fits { pages[i].blocks.len() } else { 0 };
            fits
        });
        order.sort_unstable();
        let drawn: Vec<&PreparedPage> = order.into_iter().map(|i| &pages[i]).collect();
        (!drawn.is_empty()).then(|| Self::of(model, &drawn))
    }

    fn of(model: &Model, pages: &[&PreparedPage]) -> Self {
        let n: usize = pages.iter().map(|page| page.blocks.len()).sum();
        let mut matrix = Array2::zeros((n, design::columns(model.kind).len()));
        let (mut twins, mut labels, mut words) = (Vec::new(), Vec::new(), Vec::new());
        let (mut weights, mut spans) = (Vec::new(), Vec::new());
        let mut at = 0;
        for page in pages {
            let next = at + page.blocks.len();
            let log_odds = model.terms.log_odds(&page.measured.terms);
            let profile = page.labelled.profile;
            let of_page = design::matrix(&page.measured, &log_odds, profile);
            matrix
                .slice_axis_mut(Axis(0), Slice::from(at..next))
                .assign(&of_page);
            if profile == Profile::Full {
                twins.extend(page.measured.comments.iter().map(|&block| at + block));
            }
            labels.extend_from_slice(&page.labels);
            words.extend_from_slice(&page.words);
            let total: f32 = page.words.iter().map(|w| w.sqrt()).sum();
            let scale = n as f32 / pages.len() as f32 / total;
            weights.extend(page.words.iter().map(|w| w.sqrt() * scale));
            spans.push(at..next);
            at = next;
        }
        let mut seconds = matrix.select(Axis(0), &twins);
        seconds
            .column_mut(design::article_column(model.kind))
            .fill(1.0);
        Self {
            matrix: concatenate![Axis(0), matrix, seconds],
            twins,
            labels,
            words,
            weights,
            spans,
        }
    }

    /// Blocks.
    pub(super) fn rows(&self) -> usize {
        self.labels.len()
    }
}
