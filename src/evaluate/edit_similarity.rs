//! Gold text + extracted text → how few characters turn one into the other.

use rapidfuzz::distance::levenshtein;

use super::pieces::{MOST_CELLS, pieces};
use crate::text::fold_space;

/// Normalised edit similarity of two texts, 0 to 1: `1 − d / l` with `d` the
/// fewest insertions, deletions and substitutions of a character that turn one
/// text into the other (Levenshtein 1966, *Binary Codes Capable of Correcting
/// Deletions, Insertions, and Reversals*), and `l` the length of the longer; 1
/// where both are empty. It is the only figure that sees case and punctuation
/// missing, and text moved counts twice in it.
///
/// Characters are Unicode scalar values, as they are written; runs of white
/// space count as one space, as how paragraphs are set off is not content.
///
/// Costs a step for 64 pairs of characters at most (Hyyrö 2003, *A Bit-Vector
/// Algorithm for Computing Levenshtein and Damerau Edit Distances*), up to 2³²
/// pairs, such as two texts of 65,536 characters. Longer texts are compared in
/// pieces at equal fractions of each, which gives a figure that is never too
/// high.
///
/// ```
/// use dehusk::evaluate::edit_similarity;
///
/// assert_eq!(edit_similarity("kitten", "sitting"), 1.0 - 3.0 / 7.0);
/// ```
pub fn edit_similarity(gold: &str, predicted: &str) -> f64 {
    let chars = |text| fold_space(text).chars().collect::<Vec<char>>();
    similarity(&chars(gold), &chars(predicted), MOST_CELLS)
}

fn similarity(a: &[char], b: &[char], most_cells: u64) -> f64 {
    let longer = a.len().max(b.len());
    if longer == 0 {
        return 1.0;
    }
    let distance: usize = pieces(a, b, most_cells)
        .map(|(a, b)| {
            // The least that the distance can be: near texts then cost time in
            // proportion to their distance.
            let args = levenshtein::Args::default().score_hint(a.len().abs_diff(b.len()));
            levenshtein::distance_with_args(a.iter().copied(), b.iter().copied(), &args)
        })
        .sum();
    (1.0 - distance as f64 / longer as f64).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The textbook table.
    fn distance(a: &[char], b: &[char]) -> usize {
        let mut row: Vec<usize> = (0..=b.len()).collect();
        for (i, x) in a.iter().enumerate() {
            let mut diagonal = std::mem::replace(&mut row[0], i + 1);
            for (j, y) in b.iter().enumerate() {
                let substituted = diagonal + usize::from(x != y);
                diagonal = row[j + 1];
                row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
            }
        }
        row[b.len()]
    }

    #[test]
    fn edits_are_counted_over_the_longer_text() {
        // " voted" is six characters of seventeen.
        let found = edit_similarity("The council voted", "The council ");
        assert_eq!(found, 1.0 - 6.0 / 17.0);
        assert_eq!(
            edit_similarity("The bridge.", "the bridge"),
            1.0 - 2.0 / 11.0
        );
        assert_eq!(edit_similarity("", ""), 1.0);
        assert_eq!(edit_similarity("", "Cookies"), 0.0);
    }

    #[test]
    fn how_paragraphs_are_set_off_does_not_count() {
        assert_eq!(edit_similarity("One.\n\nTwo.", "One.\nTwo. "), 1.0);
    }

    #[test]
    fn characters_count_once_however_many_bytes_they_have() {
        assert_eq!(edit_similarity("今天下雨", "今天雨"), 0.75);
    }

    #[test]
    fn long_texts_are_compared_in_pieces_and_never_flattered() {
        let a: Vec<char> = "The council voted late. ".repeat(100).chars().collect();
        let mut b = a.clone();
        b.insert(0, '#');
        let whole = similarity(&a, &b, u64::MAX);
        let in_pieces = similarity(&a, &b, 100_000);
        assert_eq!(whole, 1.0 - 1.0 / 2_401.0);
        assert!(in_pieces < whole && in_pieces > 0.9, "{in_pieces}");
    }

    proptest! {
        #[test]
        fn the_distance_is_that_of_the_textbook(
            a in "[ab今’ ]{0,200}", b in "[ab今’ ]{0,200}",
        ) {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            let longer = a.len().max(b.len()).max(1) as f64;
            let whole = 1.0 - distance(&a, &b) as f64 / longer;
            prop_assert!((similarity(&a, &b, MOST_CELLS) - whole).abs() < 1e-12);
            let in_pieces = similarity(&a, &b, 500);
            prop_assert!((0.0..=whole + 1e-12).contains(&in_pieces));
        }
    }
}
