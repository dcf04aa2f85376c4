//! Two long sequences → pairs of pieces, so that comparing them stays bounded.
//!
//! Longest common subsequence and edit distance cost the product of the
//! lengths. Of sequences for which that is too much, pieces at equal fractions
//! are compared one by one instead. What the pieces have in common, the whole
//! sequences have too, and edits that mend each piece mend the whole: a sum of
//! common subsequences is never too long, a sum of distances never too short.
//! So a figure made of pieces says at least how alike two texts are.

/// Most cells of all tables of one comparison: `|a| · |b|`, such as two texts
/// of 65,536 tokens. At 64 cells a step that takes a quarter of a second for
/// Latin letters and a second for words or Han, which are looked up by hash,
/// measured on texts drawn at random. The gold texts of WCXB, of 50,000
/// characters at most, stay below it.
pub(super) const MOST_CELLS: u64 = 1 << 32;

/// Longest piece, as the bit vectors take up to 64 bytes for each token.
const LONGEST: u64 = 1 << 20;

/// The fewest pairs of pieces that stay within `most_cells` together and within
/// 2²⁰ tokens each: one pair, of the whole sequences, for most.
pub(super) fn pieces<'a, T>(
    a: &'a [T],
    b: &'a [T],
    most_cells: u64,
) -> impl Iterator<Item = (&'a [T], &'a [T])> {
    let cells = (a.len() as u64).saturating_mul(b.len() as u64);
    let longest = a.len().max(b.len()) as u64;
    let n = cells
        .div_ceil(most_cells)
        .max(longest.div_ceil(LONGEST))
        .max(1);
    (0..n).map(move |i| {
        let at = |len: usize, i: u64| (len as u128 * u128::from(i) / u128::from(n)) as usize;
        (
            &a[at(a.len(), i)..at(a.len(), i + 1)],
            &b[at(b.len(), i)..at(b.len(), i + 1)],
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn short_sequences_stay_whole() {
        let found: Vec<_> = pieces(&[1, 2, 3], &[4, 5], 6).collect();
        assert_eq!(found, [(&[1, 2, 3][..], &[4, 5][..])]);
        assert_eq!(pieces::<u8>(&[], &[], 6).count(), 1);
    }

    #[test]
    fn a_piece_is_bounded_where_the_other_sequence_is_short() {
        let long = vec![0_u8; 3 << 20];
        assert!(pieces(&long, &[0], MOST_CELLS).all(|(a, _)| a.len() <= 1 << 20));
    }

    proptest! {
        #[test]
        fn pieces_are_the_sequences_and_their_tables_within_the_bound(
            a in proptest::collection::vec(any::<u8>(), 0..60),
            b in proptest::collection::vec(any::<u8>(), 0..60),
            most in 100_u64..2_000,
        ) {
            let found: Vec<_> = pieces(&a, &b, most).collect();
            let (of_a, of_b): (Vec<&[u8]>, Vec<&[u8]>) = found.iter().copied().unzip();
            prop_assert_eq!(of_a.concat(), a.clone());
            prop_assert_eq!(of_b.concat(), b.clone());
            // Rounding makes a piece longer by one at most.
            let cells: usize = found.iter().map(|(a, b)| a.len() * b.len()).sum();
            prop_assert!(cells as u64 <= most + (a.len() + b.len() + found.len()) as u64);
        }
    }
}
