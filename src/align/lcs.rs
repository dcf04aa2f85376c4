//! Longest common subsequence of two token sequences, without their table.
//!
//! Hirschberg 1975 (*A Linear Space Algorithm for Computing Maximal Common
//! Subsequences*) halves the problem at the split that the lengths of both
//! halves allow; the lengths come from bit vectors, 64 cells at a time (Hyyrö
//! 2004, *Bit-parallel LCS-length Computation Revisited*, §4). The vectors are
//! what takes memory: one of `b.len() / 8` bytes for each distinct token of `b`,
//! so that it is linear only where the vocabulary is bounded.

use std::collections::HashMap;

/// Index pairs `(i, j)` with `a[i] == b[j]`, both strictly rising, as many as
/// there can be.
///
/// ```
/// assert_eq!(
///     dehusk::align::lcs::pairs(&[1, 2, 3, 4], &[2, 4, 5]),
///     [(1, 0), (3, 1)]
/// );
/// ```
pub fn pairs(a: &[u32], b: &[u32]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    // A stack in place of recursion; pushed in reverse, so that pairs rise.
    let mut stack = vec![(0, a.len(), 0, b.len())];
    while let Some((mut a0, mut a1, mut b0, mut b1)) = stack.pop() {
        while a0 < a1 && b0 < b1 && a[a0] == b[b0] {
            found.push((a0, b0));
            (a0, b0) = (a0 + 1, b0 + 1);
        }
        let mut tail = 0;
        while a0 < a1 && b0 < b1 && a[a1 - 1] == b[b1 - 1] {
            (a1, b1) = (a1 - 1, b1 - 1);
            tail += 1;
        }
        if tail > 0 {
            // Equal ends come after all that lies between: as a problem of
            // their own they are solved by the first loop.
            stack.push((a1, a1 + tail, b1, b1 + tail));
        }
        if a0 == a1 || b0 == b1 {
            continue;
        }
        if a1 - a0 == 1 {
            if let Some(j) = (b0..b1).find(|&j| b[j] == a[a0]) {
                found.push((a0, j));
            }
            continue;
        }
        let middle = a0 + (a1 - a0) / 2;
        let head = prefix_lengths(a[a0..middle].iter(), &b[b0..b1], false);
        let rest = prefix_lengths(a[middle..a1].iter().rev(), &b[b0..b1], true);
        let n = b1 - b0;
        let split = (0..=n).max_by_key(|&j| head[j] + rest[n - j]).unwrap_or(0);
        stack.push((middle, a1, b0 + split, b1));
        stack.push((a0, middle, b0, b0 + split));
    }
    found
}

/// For every `j`, the length of the LCS of `rows` and the first `j` tokens of
/// `b` (the last `j`, backwards, when `reversed`).
fn prefix_lengths<'a>(rows: impl Iterator<Item = &'a u32>, b: &[u32], reversed: bool) -> Vec<u32> {
    let words = b.len().div_ceil(64);
    let at = |j: usize| if reversed { b[b.len() - 1 - j] } else { b[j] };
    let mut masks: HashMap<u32, Vec<u64>> = HashMap::new();
    for j in 0..b.len() {
        masks.entry(at(j)).or_insert_with(|| vec![0; words])[j / 64] |= 1 << (j % 64);
    }
    // A zero bit marks a place where the length rises by one.
    let mut state = vec![u64::MAX; words];
    for row in rows {
        let Some(mask) = masks.get(row) else { continue };
        let mut carry = false;
        for (v, m) in state.iter_mut().zip(mask) {
            let u = *v & m;
            let (sum, c1) = v.overflowing_add(u);
            let (sum, c2) = sum.overflowing_add(u64::from(carry));
            carry = c1 || c2;
            *v = sum | (*v & !m);
        }
    }
    let mut lengths = Vec::with_capacity(b.len() + 1);
    let mut length = 0;
    lengths.push(0);
    for j in 0..b.len() {
        length += u32::from(state[j / 64] >> (j % 64) & 1 == 0);
        lengths.push(length);
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The textbook table.
    fn length(a: &[u32], b: &[u32]) -> usize {
        let mut row = vec![0; b.len() + 1];
        for &x in a {
            let mut diagonal = 0;
            for (j, &y) in b.iter().enumerate() {
                let above = row[j + 1];
                row[j + 1] = if x == y {
                    diagonal + 1
                } else {
                    above.max(row[j])
                };
                diagonal = above;
            }
        }
        row[b.len()]
    }

    proptest! {
        #[test]
        fn pairs_rise_match_and_are_as_many_as_can_be(
            a in proptest::collection::vec(0_u32..6, 0..150),
            b in proptest::collection::vec(0_u32..6, 0..150),
        ) {
            let found = pairs(&a, &b);
            prop_assert!(found.iter().all(|&(i, j)| a[i] == b[j]));
            prop_assert!(found.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 < w[1].1));
            prop_assert_eq!(found.len(), length(&a, &b));
        }
    }
}
