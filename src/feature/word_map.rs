//! Words of a fixed list, each with what it says, for words that mostly are in
//! none.

use fnv::FnvHashMap;

use crate::text::lowered;

/// Lower-case words, each with the bits of what it says.
#[derive(Debug)]
pub(super) struct WordMap {
    words: FnvHashMap<&'static str, u32>,
    /// The shapes of the words that are ASCII: one that has none of these needs
    /// no look-up.
    shapes: Vec<bool>,
}

/// How many shapes are told apart: few enough to stay in a near cache.
const SHAPES: usize = 1 << 12;

impl WordMap {
    /// Of lists of words between spaces, each with what its words say. A word of
    /// two lists says both.
    pub(super) fn new(lists: impl IntoIterator<Item = (u32, &'static str)>) -> Self {
        let mut words: FnvHashMap<&'static str, u32> = FnvHashMap::default();
        let mut shapes = vec![false; SHAPES];
        for (bits, list) in lists {
            for word in list.split_whitespace() {
                *words.entry(word).or_default() |= bits;
                if let Some(shape) = shape(word) {
                    shapes[shape] = true;
                }
            }
        }
        Self { words, shapes }
    }

    /// What a word in lower case says; 0 where it is not in the list.
    pub(super) fn of(&self, word: &str) -> u32 {
        if self.can_have(word) {
            self.words.get(word).copied().unwrap_or(0)
        } else {
            0
        }
    }

    /// What a word says, whatever its case.
    pub(super) fn of_any_case(&self, word: &str) -> u32 {
        if self.can_have(word) {
            let found = lowered(word, |word| self.words.get(word).copied());
            found.flatten().unwrap_or(0)
        } else {
            0
        }
    }

    fn can_have(&self, word: &str) -> bool {
        shape(word).is_none_or(|shape| self.shapes[shape])
    }
}

/// Length, first and last letter of an ASCII word, whatever their case, as one
/// number; `None` for one that may change its bytes with its case.
fn shape(word: &str) -> Option<usize> {
    let bytes = word.as_bytes();
    let (first, last) = (*bytes.first()?, *bytes.last()?);
    if !first.is_ascii() || !last.is_ascii() {
        return None;
    }
    let letter = |byte: u8| usize::from(byte | 0x20);
    Some((letter(first) * 37 + letter(last) * 131 + bytes.len() * 1009) % SHAPES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_say_what_their_lists_say() {
        let map = WordMap::new([(1, "ago hace"), (2, "ago отзыв İ"), (4, "été")]);
        assert_eq!(map.of("ago"), 3);
        assert_eq!(map.of("hace"), 1);
        assert_eq!(map.of("Hace"), 0);
        assert_eq!(map.of_any_case("HACE"), 1);
        assert_eq!(map.of_any_case("Отзыв"), 2);
        assert_eq!(map.of_any_case("ÉTÉ"), 4);
        assert_eq!(
            (map.of("agog"), map.of(""), map.of_any_case("aGo")),
            (0, 0, 3)
        );
    }
}
