//! Gold text + extracted text → ROUGE-L, the words that they have in common in
//! one order.

use rapidfuzz::distance::lcs_seq;

use super::Overlap;
use super::pieces::{MOST_CELLS, pieces};
use super::token_ids::token_ids;

/// ROUGE-L, each figure 0 to 1: the length of the longest common subsequence of
/// the words of both texts, over the words of the extraction (precision) and of
/// the gold text (recall), and the harmonic mean of the two (Lin 2004, *ROUGE:
/// A Package for Automatic Evaluation of Summaries*, §3.1, eqs. 2–4 with β = 1,
/// each text taken as one sentence). Unlike word F1 it tells whether the words
/// stand in the order of the gold text.
///
/// Words are those of [`tokens`](crate::text::tokens). Where both texts have no
/// word, all three figures are 1; where one has none, 0.
///
/// Costs a step for 64 pairs of words (Hyyrö 2004, *Bit-parallel LCS-length
/// Computation Revisited*), up to 2³² pairs, such as two texts of 65,536 words.
/// Longer texts are compared in pieces at equal fractions of each, which gives
/// figures that are never too high.
///
/// ```
/// use dehusk::evaluate::rouge_l;
///
/// let overlap = rouge_l("the old bridge reopened", "Reopened: the bridge");
/// assert_eq!((overlap.precision, overlap.recall), (2.0 / 3.0, 2.0 / 4.0));
/// ```
pub fn rouge_l(gold: &str, predicted: &str) -> Overlap {
    let (gold, predicted) = token_ids(gold, predicted);
    let common = common_length(&gold, &predicted, MOST_CELLS);
    Overlap::of_amounts(common as f64, predicted.len() as f64, gold.len() as f64)
}

fn common_length(a: &[u32], b: &[u32], most_cells: u64) -> usize {
    pieces(a, b, most_cells)
        .map(|(a, b)| lcs_seq::similarity(a.iter().copied(), b.iter().copied()))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::super::word_f1;
    use super::*;
    use crate::align::lcs;
    use proptest::prelude::*;

    #[test]
    fn lins_police_and_gunman_are_told_apart_by_order() {
        // Lin 2004, §3.1: LCS 3 of 4 words ("police the gunman") and 2 of 4
        // ("the gunman").
        let gold = "police killed the gunman";
        assert_eq!(rouge_l(gold, "police kill the gunman").f1, 0.75);
        assert_eq!(rouge_l(gold, "the gunman kill police").f1, 0.5);
    }

    #[test]
    fn precision_and_recall_differ_with_the_lengths() {
        // In common, in order: the council voted.
        let found = rouge_l("the council voted late", "Home News the council voted");
        assert_eq!((found.precision, found.recall), (3.0 / 5.0, 3.0 / 4.0));
        assert!((found.f1 - 6.0 / 9.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_for_nothing_is_right_and_anything_for_nothing_is_wrong() {
        assert_eq!(rouge_l("", "…").f1, 1.0);
        assert_eq!(rouge_l("", "Cookie settings").f1, 0.0);
        assert_eq!(rouge_l("The council voted", "").f1, 0.0);
    }

    #[test]
    fn long_texts_are_compared_in_pieces_and_never_flattered() {
        let a: Vec<u32> = (0..1_000).collect();
        let b: Vec<u32> = (5_000..5_040).chain(0..1_000).collect();
        let whole = common_length(&a, &b, u64::MAX);
        let in_pieces = common_length(&a, &b, 100_000);
        assert_eq!(whole, 1_000);
        // Eleven pieces; at the ten borders 36, 33, 29 … words are lost.
        assert!((790..810).contains(&in_pieces), "{in_pieces}");
    }

    proptest! {
        #[test]
        fn the_subsequence_is_as_long_as_the_one_that_labels_blocks(
            a in proptest::collection::vec(250_u32..262, 0..200),
            b in proptest::collection::vec(250_u32..262, 0..200),
        ) {
            let whole = lcs::pairs(&a, &b).len();
            prop_assert_eq!(common_length(&a, &b, MOST_CELLS), whole);
            prop_assert!(common_length(&a, &b, 500) <= whole);
        }

        #[test]
        fn order_can_only_cost(a in "[ab今 ]{0,40}", b in "[ab今 ]{0,40}") {
            let (ordered, words) = (rouge_l(&a, &b), word_f1(&a, &b));
            prop_assert!(ordered.precision <= words.precision);
            prop_assert!(ordered.recall <= words.recall);
            prop_assert_eq!(rouge_l(&a, &a).f1, 1.0);
        }
    }
}
