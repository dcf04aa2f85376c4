//! Sets → pairs of them that may resemble each other, without comparing all
//! with all.
//!
//! Of two sets the least elements under a random order are the same with a
//! chance of their resemblance (Broder 1997, §3). The least elements under
//! several orders are cut into bands; two sets are candidates where they agree
//! in all of a band (Leskovec, Rajaraman and Ullman, *Mining of Massive
//! Datasets*, §3.4).

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

/// Orders in a band: two sets of resemblance `s` agree in a band with a chance
/// of `s³`.
const ROWS: usize = 3;

/// Chance of missing two sets of just the resemblance that is asked for.
const MISSED: f64 = 0.001;

/// The orders are the same in every run.
const SEED: u64 = 0x6465_6875_736b;

/// Bands for sets of resemblance `s`: the least `b` with `(1 - s³)^b` not over
/// [`MISSED`].
fn bands(resemblance: f64) -> usize {
    let agree = resemblance.powi(ROWS as i32);
    if agree >= 1.0 {
        return 1;
    }
    (MISSED.ln() / (1.0 - agree).ln()).ceil() as usize
}

/// An order of 64-bit numbers: `x ↦ a·x + b` (mod 2⁶⁴) with odd `a`.
#[derive(Clone, Copy)]
struct Order {
    a: u64,
    b: u64,
}

impl Order {
    fn least(self, set: &[u64]) -> u64 {
        set.iter()
            .map(|&x| self.a.wrapping_mul(x).wrapping_add(self.b))
            .min()
            .unwrap_or(u64::MAX)
    }
}

/// Pairs `(a, b)` with `a < b` of sets that may resemble each other by
/// `resemblance`: ascending, each once. No set is empty.
pub(super) fn candidates(sets: &[&[u64]], resemblance: f64) -> Vec<(usize, usize)> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(SEED);
    let mut pairs = Vec::new();
    // Band after band, each by all threads: no more is held than the pairs
    // there are and those of one band.
    for _ in 0..bands(resemblance) {
        let band: [Order; ROWS] = std::array::from_fn(|_| Order {
            a: rng.r#gen::<u64>() | 1,
            b: rng.r#gen(),
        });
        pairs.extend(agreeing(sets, &band));
        pairs.par_sort_unstable();
        pairs.dedup();
    }
    pairs
}

/// Pairs of sets whose least elements under all orders of a band are the same.
fn agreeing(sets: &[&[u64]], band: &[Order; ROWS]) -> Vec<(usize, usize)> {
    let mut keyed: Vec<([u64; ROWS], usize)> = sets
        .par_iter()
        .enumerate()
        .map(|(index, set)| (band.map(|order| order.least(set)), index))
        .collect();
    keyed.par_sort_unstable();
    let mut pairs = Vec::new();
    for same in keyed.chunk_by(|one, other| one.0 == other.0) {
        for (at, &(_, a)) in same.iter().enumerate() {
            pairs.extend(same[at + 1..].iter().map(|&(_, b)| (a, b)));
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_miss_one_in_a_thousand_of_the_pairs_asked_for() {
        for resemblance in [0.3, 0.5, 0.8] {
            let missed = |bands: usize| (1.0 - f64::powi(resemblance, 3)).powi(bands as i32);
            let bands = bands(resemblance);
            assert!(missed(bands) <= MISSED && missed(bands - 1) > MISSED);
        }
        assert_eq!(bands(1.0), 1);
    }

    #[test]
    fn sets_that_have_nothing_in_common_are_no_candidates() {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
        let mut set = || -> Vec<u64> { (0..50).map(|_| rng.r#gen()).collect() };
        let (a, b, c) = (set(), set(), set());
        let near: Vec<u64> = b.iter().take(45).copied().collect();
        assert_eq!(candidates(&[&a, &b, &c, &near], 0.5), [(1, 3)]);
    }
}
