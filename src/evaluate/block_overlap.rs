//! Kept blocks + labels → how well the selection found the content, before
//! anything is rendered.

use super::Overlap;

/// Precision, recall and F1 of the kept blocks, each 0 to 1 and by weight (a
/// block's words): with labels `l`, weights `w` and kept blocks `K`, precision
/// is `Σ_K l·w / Σ_K w`, recall `Σ_K l·w / Σ l·w`, F1 their harmonic mean (van
/// Rijsbergen 1979, *Information Retrieval*, ch. 7, for soft labels: a block of
/// label `l` is `l·w` of content and `(1−l)·w` of boilerplate). Where nothing
/// is content and nothing kept, all three are 1; where only one of the two is
/// so, 0. `None` where there is no weight.
///
/// # Panics
/// When the slices differ in length.
///
/// ```
/// use dehusk::evaluate::block_overlap;
///
/// // Twenty words of content and ten others kept, twenty more of content left.
/// let found = block_overlap(&[true, true, false], &[1.0, 0.0, 1.0], &[20.0, 10.0, 20.0]).unwrap();
/// assert_eq!((found.precision, found.recall), (2.0 / 3.0, 0.5));
/// ```
pub fn block_overlap(kept: &[bool], labels: &[f32], weights: &[f32]) -> Option<Overlap> {
    assert_eq!(kept.len(), labels.len());
    assert_eq!(kept.len(), weights.len());
    let (mut common, mut chosen, mut content, mut total) = (0.0, 0.0, 0.0, 0.0);
    for ((&kept, &label), &weight) in kept.iter().zip(labels).zip(weights) {
        let (label, weight) = (f64::from(label), f64::from(weight));
        total += weight;
        content += label * weight;
        if kept {
            chosen += weight;
            common += label * weight;
        }
    }
    (total > 0.0).then(|| Overlap::of_amounts(common, chosen, content))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn blocks_count_by_their_words_and_in_part_by_soft_labels() {
        // Kept: 8 words, half of them content, and 2 of boilerplate; left: 12
        // words, a quarter of them content.
        let found =
            block_overlap(&[true, false, true], &[0.5, 0.25, 0.0], &[8.0, 12.0, 2.0]).unwrap();
        assert_eq!((found.precision, found.recall), (4.0 / 10.0, 4.0 / 7.0));
        assert!((found.f1 - 8.0 / 17.0).abs() < 1e-12);
    }

    #[test]
    fn keeping_nothing_is_right_only_where_nothing_is_content() {
        let f1 = |kept, label| block_overlap(&[kept], &[label], &[3.0]).unwrap().f1;
        assert_eq!(f1(false, 0.0), 1.0);
        assert_eq!(f1(false, 1.0), 0.0);
        assert_eq!(f1(true, 0.0), 0.0);
    }

    #[test]
    fn without_words_there_is_nothing_to_find() {
        assert_eq!(block_overlap(&[true], &[1.0], &[0.0]), None);
        assert_eq!(block_overlap(&[], &[], &[]), None);
    }

    proptest! {
        #[test]
        fn shares_stay_in_range(
            blocks in proptest::collection::vec((any::<bool>(), 0.0_f32..=1.0, 0.0_f32..50.0), 0..20),
        ) {
            let kept: Vec<bool> = blocks.iter().map(|b| b.0).collect();
            let labels: Vec<f32> = blocks.iter().map(|b| b.1).collect();
            let weights: Vec<f32> = blocks.iter().map(|b| b.2).collect();
            if let Some(found) = block_overlap(&kept, &labels, &weights) {
                for share in [found.precision, found.recall, found.f1] {
                    prop_assert!((0.0..=1.0).contains(&share));
                }
            }
        }
    }
}
