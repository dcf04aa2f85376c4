//! Gold text + extracted text → ROUGE-N, the overlap of their runs of `n`
//! words.

use std::collections::HashMap;

use super::Overlap;
use super::token_ids::token_ids;

/// ROUGE-N, each figure 0 to 1: of the runs of `n` words (n-grams) of the gold
/// text, as a multiset, the share that the extraction holds, and the other way
/// round (Lin 2004, *ROUGE: A Package for Automatic Evaluation of Summaries*,
/// §2, eq. 1, is the recall; precision and F1 are as in his software).
///
/// Words are those of [`tokens`](crate::text::tokens), so ROUGE-1 is
/// [`word_f1`](super::word_f1). A text of fewer than `n` words is one run, so
/// that a text always overlaps fully with itself; Lin's has none. Where both
/// texts have no word, all three figures are 1; where one has none, 0. Costs
/// time linear in the texts for a given `n`; an `n` of 0 counts as 1.
///
/// ```
/// use dehusk::evaluate::rouge_n;
///
/// let overlap = rouge_n("the old bridge reopened", "The old bridge is open", 2);
/// assert_eq!((overlap.precision, overlap.recall), (2.0 / 4.0, 2.0 / 3.0));
/// ```
pub fn rouge_n(gold: &str, predicted: &str, n: usize) -> Overlap {
    let (gold, predicted) = token_ids(gold, predicted);
    let (gold, predicted) = (runs(&gold, n), runs(&predicted, n));
    let (gold_runs, predicted_runs) = (gold.len(), predicted.len());
    let mut unmatched: HashMap<&[u32], u32> = HashMap::new();
    for run in gold {
        *unmatched.entry(run).or_default() += 1;
    }
    let mut common = 0_u32;
    for run in predicted {
        if let Some(left) = unmatched.get_mut(run)
            && *left > 0
        {
            *left -= 1;
            common += 1;
        }
    }
    Overlap::of_amounts(f64::from(common), predicted_runs as f64, gold_runs as f64)
}

fn runs(tokens: &[u32], n: usize) -> std::slice::Windows<'_, u32> {
    tokens.windows(n.clamp(1, tokens.len().max(1)))
}

#[cfg(test)]
mod tests {
    use super::super::word_f1;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn runs_count_as_often_as_both_texts_have_them() {
        // Gold: ab bc ca ab; extracted: ab ba ab ba ab. In common: ab ×2.
        let found = rouge_n("a b c a b", "a b a b a b", 2);
        assert_eq!((found.precision, found.recall), (2.0 / 5.0, 2.0 / 4.0));
        assert!((found.f1 - 4.0 / 9.0).abs() < 1e-12);
    }

    #[test]
    fn lins_police_and_gunman_share_half_of_their_pairs() {
        // Lin 2004, §3.1: S1 "police killed the gunman", S2 "police kill the
        // gunman", S3 "the gunman kill police" have one pair of three in common.
        let gold = "police killed the gunman";
        for text in ["police kill the gunman", "the gunman kill police"] {
            assert!((rouge_n(gold, text, 2).f1 - 1.0 / 3.0).abs() < 1e-12);
        }
    }

    #[test]
    fn a_text_of_fewer_words_is_one_run() {
        assert_eq!(rouge_n("Closed", "closed", 2).f1, 1.0);
        assert_eq!(rouge_n("Closed", "Closed today", 2).f1, 0.0);
    }

    #[test]
    fn nothing_for_nothing_is_right_and_anything_for_nothing_is_wrong() {
        assert_eq!(rouge_n("", "…", 2).f1, 1.0);
        assert_eq!(rouge_n("", "Cookie settings", 2).f1, 0.0);
        assert_eq!(rouge_n("The council voted", "", 2).f1, 0.0);
    }

    proptest! {
        #[test]
        fn of_single_words_it_is_word_f1(a in "[aB é今.]{0,30}", b in "[aB é今.]{0,30}") {
            prop_assert_eq!(rouge_n(&a, &b, 1), word_f1(&a, &b));
        }

        #[test]
        fn shares_stay_in_range_and_are_full_for_the_text_itself(
            a in "[ab 今]{0,40}", b in "[ab 今]{0,40}", n in 0_usize..6,
        ) {
            let found = rouge_n(&a, &b, n);
            for share in [found.precision, found.recall, found.f1] {
                prop_assert!((0.0..=1.0).contains(&share));
            }
            prop_assert_eq!(rouge_n(&a, &a, n).f1, 1.0);
        }
    }
}
