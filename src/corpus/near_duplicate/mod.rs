//! Texts → which of them are nearly the same.
//!
//! Two texts resemble each other by the share of their shingles (runs of
//! [`SHINGLE_WORDS`] words) that both have, `|A ∩ B| / |A ∪ B|`: Broder, *On the
//! resemblance and containment of documents*, 1997, §2. Not every two texts are
//! compared: `minhash` finds those that may be near enough, and each of them is
//! compared shingle by shingle.

mod minhash;

use std::collections::HashMap;
use std::hash::Hasher;

use fnv::FnvHasher;
use petgraph::unionfind::UnionFind;
use rayon::prelude::*;
use serde::Serialize;

use super::CorpusError;
use crate::text::tokens;

/// Words in a shingle. Fewer, and texts of one kind (recipes, terms of use)
/// share phrases; more, and a word changed here and there hides a copy.
pub const SHINGLE_WORDS: usize = 8;

/// Texts that resemble each other by this share are near-duplicates, unless
/// told otherwise: of texts of one length, two thirds of the shingles of each
/// are in the other.
pub const RESEMBLANCE: f64 = 0.5;

/// The least share that can be asked for: below, candidates are too many.
pub const LEAST_RESEMBLANCE: f64 = 0.3;

/// Two texts that resemble each other, by their indices.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct NearPair {
    /// The first text.
    pub a: usize,
    /// The second: always after the first.
    pub b: usize,
    /// The share of their shingles that both have, 0 to 1.
    pub resemblance: f64,
}

/// Which of some texts are near-duplicates.
#[derive(Debug, Clone, PartialEq)]
pub struct NearDuplicates {
    /// The near-duplicates, in order. Of texts with the very same shingles the
    /// first stands for all: it is paired with each of the others, and alone
    /// with further texts, so that a thousand copies make a thousand pairs.
    pub pairs: Vec<NearPair>,
    /// Texts of fewer words than a shingle has, in order: they are compared
    /// with nothing.
    pub too_short: Vec<usize>,
    /// For each text the first one with the very same shingles.
    first_alike: Vec<usize>,
}

impl NearDuplicates {
    /// Finds the texts that resemble each other by `resemblance` or more. Each
    /// pair of just that resemblance is missed with a chance of a thousandth,
    /// a closer one with a smaller one; the same texts always give the same
    /// pairs.
    ///
    /// Time and memory are linear in the texts' words, but for texts that have
    /// shingles in common and are not the same: of `k` such texts up to `k²`
    /// pairs are held and compared. Shingles are compared by hashes of 64 bits.
    ///
    /// ```
    /// use dehusk::corpus::NearDuplicates;
    ///
    /// let texts = [
    ///     "The old bridge over the river reopened on Monday after eleven weeks of repairs.",
    ///     "A recipe for bread needs flour, water, salt and a night of patience.",
    ///     "The old bridge over the river reopened on Monday after eleven weeks of work.",
    /// ];
    /// let near = NearDuplicates::among(&texts, 0.5)?;
    /// assert_eq!((near.pairs[0].a, near.pairs[0].b), (0, 2));
    /// assert_eq!(near.pairs[0].resemblance, 6.0 / 8.0);
    /// # Ok::<(), dehusk::corpus::CorpusError>(())
    /// ```
    ///
    /// # Errors
    /// When `resemblance` is not from [`LEAST_RESEMBLANCE`] to 1.
    pub fn among<S: AsRef<str> + Sync>(texts: &[S], resemblance: f64) -> Result<Self, CorpusError> {
        if !(LEAST_RESEMBLANCE..=1.0).contains(&resemblance) {
            return Err(CorpusError::Resemblance { given: resemblance });
        }
        let shingles: Vec<Vec<u64>> = texts
            .par_iter()
            .map(|text| shingles(text.as_ref()))
            .collect();
        let mut first_of: HashMap<&[u64], usize> = HashMap::new();
        let mut first_alike: Vec<usize> = (0..texts.len()).collect();
        let (mut pairs, mut too_short, mut different) = (Vec::new(), Vec::new(), Vec::new());
        for (text, own) in shingles.iter().enumerate() {
            if own.is_empty() {
                too_short.push(text);
                continue;
            }
            let first = *first_of.entry(own).or_insert(text);
            first_alike[text] = first;
            if first == text {
                different.push(text);
            } else {
                pairs.push(NearPair {
                    a: first,
                    b: text,
                    resemblance: 1.0,
                });
            }
        }
        let sets: Vec<&[u64]> = different.iter().map(|&text| &shingles[text][..]).collect();
        let near: Vec<NearPair> = minhash::candidates(&sets, resemblance)
            .into_par_iter()
            .filter_map(|(a, b)| {
                let found = jaccard(sets[a], sets[b]);
                (found >= resemblance).then(|| NearPair {
                    a: different[a],
                    b: different[b],
                    resemblance: found,
                })
            })
            .collect();
        pairs.extend(near);
        pairs.sort_by_key(|pair| (pair.a, pair.b));
        Ok(Self {
            pairs,
            too_short,
            first_alike,
        })
    }

    /// For each text the number of its cluster: texts that a chain of pairs
    /// joins have the same.
    pub fn clusters(&self) -> Vec<usize> {
        let mut clusters = UnionFind::new(self.first_alike.len());
        for pair in &self.pairs {
            clusters.union(pair.a, pair.b);
        }
        clusters.into_labeling()
    }

    /// How many texts of each part have a near-duplicate in each part, given
    /// the part of each text, below `parts`: `[of][in]`. On the diagonal stand
    /// those that have another text of their own part as near-duplicate.
    ///
    /// # Panics
    /// When there are not as many `part_of` as texts, or one is not below
    /// `parts`.
    pub fn found_in(&self, part_of: &[usize], parts: usize) -> Vec<Vec<usize>> {
        // Who has which shingles, and whom that resembles.
        let mut holders: HashMap<usize, Vec<usize>> = HashMap::new();
        for (&first, &part) in self.first_alike.iter().zip(part_of) {
            holders.entry(first).or_insert_with(|| vec![0; parts])[part] += 1;
        }
        let mut near: HashMap<usize, Vec<bool>> = HashMap::new();
        for pair in &self.pairs {
            for (one, other) in [(pair.a, pair.b), (pair.b, pair.a)] {
                let (one, other) = (self.first_alike[one], self.first_alike[other]);
                if one != other {
                    let within = near.entry(one).or_insert_with(|| vec![false; parts]);
                    for (within, &holders) in within.iter_mut().zip(&holders[&other]) {
                        *within |= holders > 0;
                    }
                }
            }
        }
        let mut found = vec![vec![0; parts]; parts];
        let mut short = self.too_short.iter().peekable();
        for (text, (first, &own)) in self.first_alike.iter().zip(part_of).enumerate() {
            if short.next_if(|&&short| short == text).is_some() {
                continue;
            }
            for part in 0..parts {
                let others = holders[first][part] - usize::from(part == own);
                let near = near.get(first).is_some_and(|within| within[part]);
                found[own][part] += usize::from(others > 0 || near);
            }
        }
        found
    }
}

/// The shingles of a text, by hash: each once, ascending; none for a text of
/// fewer than [`SHINGLE_WORDS`] words.
fn shingles(text: &str) -> Vec<u64> {
    let words: Vec<u64> = tokens(text)
        .map(|word| {
            let mut hash = FnvHasher::default();
            hash.write(word.as_bytes());
            hash.finish()
        })
        .collect();
    let mut shingles: Vec<u64> = words
        .windows(SHINGLE_WORDS)
        .map(|shingle| {
            let mut hash = FnvHasher::default();
            for word in shingle {
                hash.write(&word.to_le_bytes());
            }
            hash.finish()
        })
        .collect();
    shingles.sort_unstable();
    shingles.dedup();
    shingles
}

/// Resemblance of two ascending sets that are not both empty.
fn jaccard(a: &[u64], b: &[u64]) -> f64 {
    let (mut i, mut j, mut common) = (0, 0, 0_usize);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                common += 1;
                i += 1;
                j += 1;
            }
        }
    }
    common as f64 / (a.len() + b.len() - common) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng};
    use rand_xoshiro::Xoshiro256PlusPlus;

    /// A text of the words `from` to `to`.
    fn numbers(from: usize, to: usize) -> String {
        (from..to).map(|n| format!("w{n} ")).collect()
    }

    #[test]
    fn resemblance_is_the_share_of_shingles_in_both() {
        // 93 shingles each, 43 of them in both: 43 / 143.
        let texts = [numbers(0, 100), numbers(50, 150)];
        let near = NearDuplicates::among(&texts, 0.3).unwrap();
        assert_eq!(near.pairs.len(), 1);
        assert!((near.pairs[0].resemblance - 43.0 / 143.0).abs() < 1e-12);
        assert!(
            NearDuplicates::among(&texts, 0.31)
                .unwrap()
                .pairs
                .is_empty()
        );
    }

    #[test]
    fn case_and_punctuation_do_not_tell_texts_apart_and_short_ones_are_named() {
        let texts = [
            "One two three four five six seven eight",
            "one, TWO; three. Four five six seven: eight!",
            "one two three four five six seven",
            "",
        ];
        let near = NearDuplicates::among(&texts, 1.0).unwrap();
        assert_eq!((near.pairs.len(), near.pairs[0].resemblance), (1, 1.0));
        assert_eq!(near.too_short, [2, 3]);
        assert_eq!(near.clusters()[0], near.clusters()[1]);
        assert_ne!(near.clusters()[2], near.clusters()[3]);
    }

    #[test]
    fn many_copies_make_as_many_pairs() {
        let mut texts = vec![numbers(0, 40); 500];
        texts.push(numbers(2, 42));
        let near = NearDuplicates::among(&texts, 0.5).unwrap();
        assert_eq!(near.pairs.len(), 500);
        assert!(near.pairs.iter().all(|pair| pair.a == 0));
    }

    #[test]
    fn of_each_part_is_counted_what_each_part_holds_too() {
        let texts = [
            numbers(0, 40),    // 0
            numbers(0, 40),    // 1: the same
            numbers(1, 41),    // 1: near it
            numbers(100, 140), // 1: alone
            numbers(200, 240), // 2
            numbers(200, 240), // 2: the same
            "short".to_owned(),
            "short".to_owned(),
        ];
        let near = NearDuplicates::among(&texts, 0.5).unwrap();
        let found = near.found_in(&[0, 1, 1, 1, 2, 2, 0, 1], 3);
        assert_eq!(found, [[0, 1, 0], [2, 2, 0], [0, 0, 2]]);
    }

    #[test]
    fn shares_that_cannot_be_sought_are_refused() {
        for wrong in [0.0, 0.29, 1.01, f64::NAN] {
            let error = NearDuplicates::among(&[""], wrong).unwrap_err().to_string();
            assert!(error.contains("0.3 to 1"), "{error}");
        }
    }

    #[test]
    fn nearly_every_pair_is_found_whatever_its_resemblance() {
        // 200 texts, each with one that differs from it here and there.
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        let mut texts = Vec::new();
        for text in 0..200 {
            let words: Vec<String> = (0..150).map(|n| format!("t{text}w{n}")).collect();
            let mut changed = words.clone();
            for _ in 0..rng.gen_range(0..8) {
                changed[rng.gen_range(0..150)] = "other".to_owned();
            }
            texts.extend([words.join(" "), changed.join(" ")]);
        }
        let due = (0..200)
            .filter(|n| jaccard(&shingles(&texts[2 * n]), &shingles(&texts[2 * n + 1])) >= 0.5)
            .count();
        let near = NearDuplicates::among(&texts, 0.5).unwrap();
        assert!(due > 100);
        assert!(near.pairs.iter().all(|pair| pair.a + 1 == pair.b));
        assert_eq!(near.pairs.len(), due);
    }

    #[test]
    fn pairs_are_those_of_comparing_all_with_all() {
        // Runs of words of one text that overlap by chance, some of them short.
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(2);
        let (mut due, mut missed) = (0, 0);
        for _ in 0..60 {
            let texts: Vec<String> = (0..12)
                .map(|_| {
                    let from = rng.gen_range(0..20);
                    numbers(from, from + rng.gen_range(0..40))
                })
                .collect();
            let sets: Vec<_> = texts.iter().map(|text| shingles(text)).collect();
            let first = |text: usize| (0..text).all(|earlier| sets[earlier] != sets[text]);
            let mut all = Vec::new();
            for b in 0..texts.len() {
                for a in (0..b).filter(|&a| !sets[a].is_empty() && first(a)) {
                    let resemblance = jaccard(&sets[a], &sets[b]);
                    if resemblance == 1.0 || resemblance >= 0.5 && first(b) {
                        all.push(NearPair { a, b, resemblance });
                    }
                }
            }
            let near = NearDuplicates::among(&texts, 0.5).unwrap();
            assert!(near.pairs.iter().all(|pair| all.contains(pair)));
            for (text, set) in sets.iter().enumerate() {
                assert_eq!(near.too_short.contains(&text), set.is_empty());
            }
            due += all.len();
            missed += all.len() - near.pairs.len();
        }
        assert!(due > 400, "{due}");
        assert!(missed * 200 <= due, "{missed} of {due}");
    }
}
