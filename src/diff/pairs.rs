//! Which blocks are versions of each other.

use super::script::hunks;
use crate::text::words;

/// The share of their words that two versions of a block have in common, at least:
/// twice the common words over the words of both (Dice 1945).
const ALIKE: f64 = 0.5;

/// Index pairs of texts that are versions of each other, both strictly rising.
///
/// The words of all texts are aligned as one sequence each. As what is aligned
/// rises on both sides, so do the pairs of texts that words are common to, and
/// no choice among them can cross another.
pub(super) fn pairs(before: &[String], after: &[String]) -> Vec<(usize, usize)> {
    let (old, new) = (Words::of(before), Words::of(after));
    let mut common: Vec<((usize, usize), usize)> = Vec::new();
    let mut count = |i: usize, j: usize| {
        let pair = (old.text[i], new.text[j]);
        match common.last_mut() {
            Some((last, words)) if *last == pair => *words += 1,
            _ => common.push((pair, 1)),
        }
    };
    let (mut i, mut j) = (0, 0);
    for hunk in hunks(old.words.iter(), new.words.iter()) {
        while i < hunk.before.start {
            count(i, j);
            (i, j) = (i + 1, j + 1);
        }
        (i, j) = (hunk.before.end, hunk.after.end);
    }
    while i < old.words.len() {
        count(i, j);
        (i, j) = (i + 1, j + 1);
    }
    let mut likely: Vec<((usize, usize), f64)> = common
        .into_iter()
        .map(|((a, b), words)| {
            let all = old.lengths[a] + new.lengths[b];
            ((a, b), 2.0 * words as f64 / all as f64)
        })
        .filter(|(_, share)| *share >= ALIKE)
        .collect();
    // The likeliest first; of equals, the first.
    likely.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    let (mut taken_a, mut taken_b) = (vec![false; before.len()], vec![false; after.len()]);
    let mut pairs = Vec::new();
    for ((a, b), _) in likely {
        if !taken_a[a] && !taken_b[b] {
            (taken_a[a], taken_b[b]) = (true, true);
            pairs.push((a, b));
        }
    }
    pairs.sort_unstable();
    pairs
}

/// The words of some texts, one after the other.
struct Words<'a> {
    words: Vec<&'a str>,
    /// Of each word, which text it is of.
    text: Vec<usize>,
    /// Of each text, how many words it has.
    lengths: Vec<usize>,
}

impl<'a> Words<'a> {
    fn of(texts: &'a [String]) -> Self {
        let mut all = Self {
            words: Vec::new(),
            text: Vec::new(),
            lengths: Vec::with_capacity(texts.len()),
        };
        for (i, text) in texts.iter().enumerate() {
            let before = all.words.len();
            all.words.extend(words(text));
            all.text.resize(all.words.len(), i);
            all.lengths.push(all.words.len() - before);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
        texts.map(str::to_owned).to_vec()
    }

    #[test]
    fn a_text_is_a_version_of_the_one_it_shares_most_words_with() {
        let before = texts(["the bridge was closed on Monday", "ten walks", "—"]);
        let after = texts([
            "most read",
            "the bridge was opened on Monday",
            "the bridge was closed",
            "—",
        ]);
        assert_eq!(pairs(&before, &after), [(0, 1)]);
    }

    #[test]
    fn few_common_words_do_not_make_a_version() {
        let before = texts(["the weather of the week in the hills"]);
        let after = texts(["prices of bread rose in most towns of the valley"]);
        assert_eq!(pairs(&before, &after), []);
    }

    proptest! {
        #[test]
        fn pairs_rise_and_take_no_text_twice(
            before in proptest::collection::vec("([a-c] ){0,5}", 0..12),
            after in proptest::collection::vec("([a-c] ){0,5}", 0..12),
        ) {
            let found = pairs(&before, &after);
            prop_assert!(found.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 < w[1].1));
            prop_assert!(found.iter().all(|&(i, j)| i < before.len() && j < after.len()));
        }
    }
}
