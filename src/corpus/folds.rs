//! Groups of pages → folds for cross-validation.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::CorpusError;

/// Splits pages into `k` folds of nearly the same number of pages, with the
/// pages of one group in one fold. Takes the group of each page and gives the
/// fold of each, 0 to `k - 1`; the same groups, `k` and `seed` give the same
/// folds whatever the machine.
///
/// The largest group goes to the emptiest fold first; `seed` shuffles groups
/// of one size.
///
/// # Errors
/// When `k` is under 2 or there are fewer groups than folds.
pub fn grouped_folds<S: AsRef<str>>(
    groups: &[S],
    k: usize,
    seed: u64,
) -> Result<Vec<usize>, CorpusError> {
    let mut sizes = BTreeMap::<&str, usize>::new();
    for group in groups {
        *sizes.entry(group.as_ref()).or_default() += 1;
    }
    if k < 2 || sizes.len() < k {
        return Err(CorpusError::Folds {
            folds: k,
            groups: sizes.len(),
        });
    }
    let mut order: Vec<_> = sizes.into_iter().collect();
    order.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(seed));
    order.sort_by_key(|&(_, pages)| Reverse(pages));

    let mut filled = vec![0; k];
    let mut fold_of = BTreeMap::new();
    for (group, pages) in order {
        let emptiest = (0..k).min_by_key(|&fold| filled[fold]).unwrap_or(0);
        filled[emptiest] += pages;
        fold_of.insert(group, emptiest);
    }
    Ok(groups.iter().map(|group| fold_of[group.as_ref()]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fewer_groups_than_folds_or_a_single_fold_is_an_error() {
        assert!(grouped_folds(&["a", "b", "a"], 2, 1).is_ok());
        for k in [0, 1, 3] {
            let error = grouped_folds(&["a", "b", "a"], k, 1).unwrap_err();
            assert!(error.to_string().contains("2 groups"), "{error}");
        }
        assert!(grouped_folds::<&str>(&[], 2, 1).is_err());
    }

    #[test]
    fn the_seed_changes_the_folds_and_nothing_else_does() {
        let groups: Vec<_> = (0..40).map(|i| format!("site{}", i / 2)).collect();
        let folds = grouped_folds(&groups, 4, 7).unwrap();
        assert_eq!(folds, grouped_folds(&groups, 4, 7).unwrap());
        assert_ne!(folds, grouped_folds(&groups, 4, 8).unwrap());
    }

    proptest! {
        #[test]
        fn groups_stay_whole_and_folds_are_balanced(
            groups in proptest::collection::vec("[a-p]", 1..120), k in 2usize..6, seed: u64
        ) {
            let Ok(folds) = grouped_folds(&groups, k, seed) else { return Ok(()) };
            let mut fold_of = BTreeMap::new();
            let mut sizes = BTreeMap::<_, usize>::new();
            let mut filled = vec![0; k];
            for (group, &fold) in groups.iter().zip(&folds) {
                prop_assert_eq!(*fold_of.entry(group).or_insert(fold), fold);
                *sizes.entry(group).or_default() += 1;
                filled[fold] += 1;
            }
            let (least, most) = (filled.iter().min().unwrap(), filled.iter().max().unwrap());
            prop_assert!(*least > 0);
            // Greedy filling never leaves folds further apart than one group.
            prop_assert!(most - least <= *sizes.values().max().unwrap());
        }
    }
}
