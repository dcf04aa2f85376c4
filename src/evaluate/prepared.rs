//! Probabilities for a prepared page → its score, by the way of extraction:
//! selection, rendering, comparison.

use super::{BlockScore, PageScore, score_page};
use crate::model::PageCalibration;
use crate::render;
use crate::select::{Policies, Selection};
use crate::train::PreparedPage;

/// Scores what `selection` keeps, within `policies`, of a page whose blocks have
/// these probabilities, with its expected F1, its blocks and its coverage.
///
/// # Panics
/// When there are not as many probabilities as blocks.
pub fn score_prepared(
    page: &PreparedPage,
    probabilities: &[f32],
    selection: &Selection,
    page_calibration: &PageCalibration,
    policies: Policies,
) -> PageScore {
    let selected = policies.keep(
        selection,
        &page.blocks,
        probabilities,
        &page.words,
        &page.measured.discussion,
        &page.hidden,
    );
    let text = render::text(&page.blocks, &selected.kept);
    let blocks = probabilities
        .iter()
        .zip(&page.labels)
        .zip(&page.words)
        .zip(&selected.kept)
        .map(|(((&probability, &label), &weight), &kept)| BlockScore {
            probability,
            label,
            weight,
            kept,
        })
        .collect();
    score_page(&page.labelled, &text)
        .with_quality(f64::from(page_calibration.apply(&selected.expected)))
        .with_coverage(f64::from(page.coverage))
        .with_blocks(blocks)
}
