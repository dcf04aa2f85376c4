//! Two texts → their tokens as numbers, equal where the tokens are.

use std::collections::HashMap;

use crate::text::tokens;

/// The [`tokens`] of each text, in order, numbered as they first appear.
pub(super) fn token_ids(gold: &str, predicted: &str) -> (Vec<u32>, Vec<u32>) {
    let mut ids: HashMap<String, u32> = HashMap::new();
    let mut of = |text| {
        tokens(text)
            .map(|token| {
                let next = ids.len() as u32;
                *ids.entry(token).or_insert(next)
            })
            .collect()
    };
    (of(gold), of(predicted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_one_number_in_both_texts_whatever_its_case() {
        let (gold, predicted) = token_ids("the old the", "Bridge, The");
        assert_eq!((gold, predicted), (vec![0, 1, 0], vec![2, 0]));
    }
}
