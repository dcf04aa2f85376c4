//! Probabilities of blocks + their labels → how well they rank and how far
//! they can be believed.
//!
//! Labels are soft: the share of a block's words that is content. Weights are
//! words, for figures by words, or anything ≥ 0.

/// Bins of [`calibration_error`].
pub const BINS: usize = 15;

/// What a model said of a block, and what it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BlockScore {
    /// Probability of being content, 0 to 1.
    pub probability: f32,
    /// Share of its words that is content, 0 to 1.
    pub label: f32,
    /// Its weight: its words.
    pub weight: f32,
    /// Whether it is part of the extraction.
    pub kept: bool,
}

/// Area under the ROC curve, 0 to 1: the chance that a piece of content has a
/// higher probability than a piece of boilerplate, drawn by weight, where a tie
/// counts half (Hanley and McNeil 1982, *The Meaning and Use of the Area under
/// a Receiver Operating Characteristic Curve*). A block of label `l` and weight `w` is `l·w` of content and
/// `(1−l)·w` of boilerplate. `None` where one of the two has no weight.
///
/// # Panics
/// When the slices differ in length.
///
/// ```
/// use dehusk::evaluate::roc_auc;
///
/// assert_eq!(roc_auc(&[0.9, 0.4, 0.6], &[1.0, 1.0, 0.0], &[1.0; 3]), Some(0.5));
/// ```
pub fn roc_auc(probabilities: &[f32], labels: &[f32], weights: &[f32]) -> Option<f64> {
    check_lengths(probabilities, labels, weights);
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    // Zero added, as -0 and 0 are a tie.
    let key = |i: usize| probabilities[i] + 0.0;
    order.sort_by(|&a, &b| key(a).total_cmp(&key(b)));
    let (mut above, mut content, mut boilerplate) = (0.0, 0.0, 0.0);
    for tied in order.chunk_by(|&a, &b| key(a).total_cmp(&key(b)).is_eq()) {
        let (mut tied_content, mut tied_boilerplate) = (0.0, 0.0);
        for &i in tied {
            let (label, weight) = (f64::from(labels[i]), f64::from(weights[i]));
            tied_content += label * weight;
            tied_boilerplate += (1.0 - label) * weight;
        }
        above += tied_content * (boilerplate + tied_boilerplate / 2.0);
        content += tied_content;
        boilerplate += tied_boilerplate;
    }
    (content > 0.0 && boilerplate > 0.0).then(|| above / (content * boilerplate))
}

/// Expected calibration error, 0 to 1: over [`BINS`] bins of probability of
/// equal width, the mean by weight of how far the mean probability of a bin is
/// from its mean label (Guo, Pleiss, Sun and Weinberger 2017, *On Calibration
/// of Modern Neural Networks*, §2, eq. 3, with the probability of content as
/// the confidence). `None` where there is no weight.
///
/// # Panics
/// When the slices differ in length.
pub fn calibration_error(probabilities: &[f32], labels: &[f32], weights: &[f32]) -> Option<f64> {
    check_lengths(probabilities, labels, weights);
    let mut gaps = [0.0_f64; BINS];
    let mut total = 0.0;
    for ((&probability, &label), &weight) in probabilities.iter().zip(labels).zip(weights) {
        let bin = ((f64::from(probability) * BINS as f64) as usize).min(BINS - 1);
        gaps[bin] += f64::from(weight) * (f64::from(probability) - f64::from(label));
        total += f64::from(weight);
    }
    (total > 0.0).then(|| gaps.iter().map(|gap| gap.abs()).sum::<f64>() / total)
}

/// Brier score, 0 (best) to 1: mean by weight of `(probability − label)²`
/// (Brier 1950, *Verification of Forecasts Expressed in Terms of Probability*,
/// for one of two classes). `None` where there is no weight.
///
/// # Panics
/// When the slices differ in length.
pub fn brier_score(probabilities: &[f32], labels: &[f32], weights: &[f32]) -> Option<f64> {
    check_lengths(probabilities, labels, weights);
    let (mut sum, mut total) = (0.0, 0.0);
    for ((&probability, &label), &weight) in probabilities.iter().zip(labels).zip(weights) {
        sum += f64::from(weight) * (f64::from(probability) - f64::from(label)).powi(2);
        total += f64::from(weight);
    }
    (total > 0.0).then(|| sum / total)
}

fn check_lengths(probabilities: &[f32], labels: &[f32], weights: &[f32]) {
    assert_eq!(probabilities.len(), labels.len());
    assert_eq!(probabilities.len(), weights.len());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(found: Option<f64>, expected: f64) -> bool {
        found.is_some_and(|found| (found - expected).abs() < 1e-6)
    }

    #[test]
    fn the_area_counts_pairs_in_order_by_weight_and_ties_half() {
        // Content .8 (weight 2) and .5 (1); boilerplate .5 (3) and .1 (1):
        // 2·4 + 1·(1.5 + 1) of 3·4 pairs.
        let found = roc_auc(
            &[0.8, 0.5, 0.5, 0.1],
            &[1.0, 1.0, 0.0, 0.0],
            &[2.0, 1.0, 3.0, 1.0],
        );
        assert!(close(found, 10.5 / 12.0));
    }

    #[test]
    fn a_soft_label_is_part_content_part_boilerplate() {
        // Content .75 above, .25 tied with .75 boilerplate, .25 boilerplate above.
        let found = roc_auc(&[0.9, 0.2], &[0.75, 0.25], &[1.0, 1.0]);
        assert!(close(found, 0.75 * (0.125 + 0.75) + 0.25 * 0.375));
    }

    #[test]
    fn one_kind_of_block_has_no_area() {
        assert_eq!(roc_auc(&[0.9, 0.2], &[1.0, 1.0], &[1.0, 1.0]), None);
        assert_eq!(roc_auc(&[0.9, 0.2], &[1.0, 0.0], &[1.0, 0.0]), None);
        assert_eq!(roc_auc(&[], &[], &[]), None);
    }

    #[test]
    fn calibration_error_is_the_gap_of_each_bin_by_weight() {
        // Bin of .9: mean label 2/3 by weight, gap .9 − 2/3 for 3 of 4 words;
        // bin of .2: gap .2 for 1 of 4.
        let found = calibration_error(&[0.9, 0.9, 0.2], &[1.0, 0.0, 0.0], &[2.0, 1.0, 1.0]);
        assert!(close(found, 0.75 * (0.9 - 2.0 / 3.0) + 0.25 * 0.2));
    }

    #[test]
    fn calibration_looks_at_bins_and_the_brier_score_at_blocks() {
        let (p, labels, weights) = ([0.5, 0.5], [1.0, 0.0], [1.0, 1.0]);
        assert!(close(calibration_error(&p, &labels, &weights), 0.0));
        assert!(close(brier_score(&p, &labels, &weights), 0.25));
    }

    #[test]
    fn a_probability_of_one_falls_in_the_last_bin() {
        assert!(close(
            calibration_error(&[1.0, 0.95], &[0.9, 1.0], &[1.0, 1.0]),
            0.025
        ));
    }

    #[test]
    fn the_brier_score_weighs_squares() {
        let found = brier_score(&[0.9, 0.4], &[1.0, 0.0], &[3.0, 1.0]);
        assert!(close(found, (3.0 * 0.01 + 0.16) / 4.0));
        assert_eq!(brier_score(&[], &[], &[]), None);
    }

    proptest! {
        #[test]
        fn figures_stay_in_range(
            blocks in proptest::collection::vec((0.0_f32..=1.0, 0.0_f32..=1.0, 0.0_f32..50.0), 0..20),
        ) {
            let p: Vec<f32> = blocks.iter().map(|b| b.0).collect();
            let labels: Vec<f32> = blocks.iter().map(|b| b.1).collect();
            let weights: Vec<f32> = blocks.iter().map(|b| b.2).collect();
            for figure in [
                roc_auc(&p, &labels, &weights),
                calibration_error(&p, &labels, &weights),
                brier_score(&p, &labels, &weights),
            ].into_iter().flatten() {
                prop_assert!((0.0..=1.0 + 1e-9).contains(&figure));
            }
        }

        #[test]
        fn ranking_backwards_mirrors_the_area(
            blocks in proptest::collection::vec((0_u8..5, any::<bool>()), 2..20),
        ) {
            let p: Vec<f32> = blocks.iter().map(|b| f32::from(b.0) / 4.0).collect();
            let backwards: Vec<f32> = p.iter().map(|p| 1.0 - p).collect();
            let labels: Vec<f32> = blocks.iter().map(|b| f32::from(u8::from(b.1))).collect();
            let weights = vec![1.0; p.len()];
            if let Some(area) = roc_auc(&p, &labels, &weights) {
                prop_assert!(close(roc_auc(&backwards, &labels, &weights), 1.0 - area));
            }
        }
    }
}
