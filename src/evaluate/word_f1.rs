//! Gold text + extracted text → how much of their words they share.

use std::collections::HashMap;

use serde::Serialize;

use crate::text::tokens;

/// How much two texts overlap, each figure 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Overlap {
    /// Share of what was extracted that is gold.
    pub precision: f64,
    /// Share of the gold that was extracted.
    pub recall: f64,
    /// Harmonic mean of the two, 0 where both are 0.
    pub f1: f64,
}

impl Overlap {
    /// The overlap of that precision and recall, both 0 to 1.
    pub(super) fn of(precision: f64, recall: f64) -> Self {
        let sum = precision + recall;
        let f1 = if sum > 0.0 {
            2.0 * precision * recall / sum
        } else {
            0.0
        };
        Self {
            precision,
            recall,
            f1,
        }
    }

    /// The overlap of two amounts that have `common` in common, all ≥ 0: full
    /// where both are 0, as nothing was to be found and nothing was; none where
    /// one is.
    pub(super) fn of_amounts(common: f64, predicted: f64, gold: f64) -> Self {
        if predicted == 0.0 && gold == 0.0 {
            return Self::of(1.0, 1.0);
        }
        let share = |of: f64| if of == 0.0 { 0.0 } else { common / of };
        Self::of(share(predicted), share(gold))
    }
}

/// Compares the words of two texts as multisets, whatever their order.
///
/// Words are those of [`tokens`]: lower-cased, CJK characters one by one. With
/// `c` words in common (each as often as in the text that has it less),
/// precision is `c / predicted`, recall `c / gold`, F1 their harmonic mean (van
/// Rijsbergen 1979, *Information Retrieval*, ch. 7). Where both texts have no
/// word, all three are 1: nothing was to be found and nothing was; where one
/// has none, all are 0.
///
/// ```
/// use dehusk::evaluate::word_f1;
///
/// let overlap = word_f1("the old bridge", "The bridge reopened today");
/// assert_eq!((overlap.precision, overlap.recall), (0.5, 2.0 / 3.0));
/// ```
pub fn word_f1(gold: &str, predicted: &str) -> Overlap {
    let mut unmatched: HashMap<String, u32> = HashMap::new();
    let mut gold_words = 0_u32;
    for word in tokens(gold) {
        *unmatched.entry(word).or_default() += 1;
        gold_words += 1;
    }
    let (mut predicted_words, mut common) = (0_u32, 0_u32);
    for word in tokens(predicted) {
        predicted_words += 1;
        if let Some(left) = unmatched.get_mut(&word)
            && *left > 0
        {
            *left -= 1;
            common += 1;
        }
    }
    Overlap::of_amounts(
        f64::from(common),
        f64::from(predicted_words),
        f64::from(gold_words),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_count_as_often_as_both_texts_have_them() {
        // In common: the ×2, bridge ×1.
        let found = word_f1("the bridge and the river", "The the the bridge bridge");
        assert_eq!(found.precision, 3.0 / 5.0);
        assert_eq!(found.recall, 3.0 / 5.0);
        assert!((found.f1 - 0.6).abs() < 1e-12);
    }

    #[test]
    fn nothing_for_nothing_is_right_and_anything_for_nothing_is_wrong() {
        assert_eq!(word_f1("", " … ").f1, 1.0);
        assert_eq!(word_f1("", "Cookie settings"), Overlap::of(0.0, 0.0));
        assert_eq!(word_f1("The council voted", ""), Overlap::of(0.0, 0.0));
    }

    #[test]
    fn chinese_is_compared_by_characters() {
        assert_eq!(word_f1("今天下雨", "今天").recall, 0.5);
    }

    proptest! {
        #[test]
        fn shares_stay_in_range_and_swap_with_the_texts(a in "[aB é今.]{0,30}", b in "[aB é今.]{0,30}") {
            let (there, back) = (word_f1(&a, &b), word_f1(&b, &a));
            for share in [there.precision, there.recall, there.f1] {
                prop_assert!((0.0..=1.0).contains(&share));
            }
            prop_assert_eq!(there.precision, back.recall);
            prop_assert_eq!(there.recall, back.precision);
            prop_assert!((there.f1 - back.f1).abs() < 1e-12);
        }

        #[test]
        fn a_text_overlaps_fully_with_itself(text in any::<String>()) {
            prop_assert_eq!(word_f1(&text, &text), Overlap::of(1.0, 1.0));
        }
    }
}
