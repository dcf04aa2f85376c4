//! The words of a page's blocks, each looked up once however often it stands on the
//! page: features read them as numbers.

use std::hash::{BuildHasher, Hasher};

use fnv::FnvHasher;
use foldhash::fast::RandomState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::stats::reading_length;
use super::stopword::is_lower_stopword;
use super::term::Term;
use super::thread::WordCues;
use crate::block::Blocks;
use crate::page::InputKind;
use crate::text::class::is_uppercase;
use crate::text::{lower, words};

/// What is known of a word as it is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word {
    /// That of its lower case, as [`hashes`] gives it.
    pub hash: u64,
    /// A number that words of one hash share, below the number of words.
    pub form: u32,
    /// Length in units of an English word: see [`reading_length`].
    pub length: f32,
    pub stopword: bool,
    pub capitalised: bool,
    pub term: Term,
    /// None in plain text, where nothing asks for them.
    pub cues: WordCues,
}

/// The distinct words of a page, numbered in the order in which they first stand there.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary<'a> {
    /// Seeded anew for each page, so that none can be written for its words to collide;
    /// they are numbered alike by any seed.
    hashing: RandomState,
    numbers: HashTable<u32>,
    /// The first word of each hash.
    forms: HashTable<u32>,
    spellings: Vec<Spelling<'a>>,
    words: Vec<Word>,
    room: String,
    input: InputKind,
}

/// Bytes of text that have a new word, about.
const TEXT_A_WORD: usize = 10;
/// Words that room is made for before any is met.
const EXPECTED: usize = 1 << 12;

/// Bytes of the texts of some blocks.
fn bytes(blocks: &Blocks) -> usize {
    blocks.blocks.iter().map(|block| block.text.len()).sum()
}

impl<'a> Vocabulary<'a> {
    /// With room for the words of some blocks.
    pub(crate) fn for_blocks(blocks: &Blocks, input: InputKind) -> Self {
        let expected = (bytes(blocks) / TEXT_A_WORD).min(EXPECTED);
        Self {
            hashing: RandomState::default(),
            numbers: HashTable::with_capacity(expected),
            forms: HashTable::with_capacity(expected),
            spellings: Vec::with_capacity(expected),
            words: Vec::with_capacity(expected),
            room: String::new(),
            input,
        }
    }

    /// The number of a word.
    #[inline]
    pub(crate) fn number(&mut self, word: &'a str) -> u32 {
        let Self {
            hashing,
            numbers,
            spellings,
            ..
        } = self;
        let spelling = Spelling::of(word);
        let code = spelling.code(hashing);
        let same = |&number: &u32| spellings[number as usize] == spelling;
        let recode = |&number: &u32| spellings[number as usize].code(hashing);
        match numbers.entry(code, same, recode) {
            Entry::Occupied(number) => *number.get(),
            Entry::Vacant(place) => {
                let number = spellings.len() as u32;
                place.insert(number);
                spellings.push(spelling);
                self.learn(word);
                number
            }
        }
    }

    fn learn(&mut self, word: &str) {
        crate::watch::spend(64 + 4 * word.len());
        let number = self.words.len() as u32;
        let read = |word: &str| (hash_lower(word), Term::of(word), is_lower_stopword(word));
        let (hash, term, stopword) = lower(word, &mut self.room, read);
        let Self { hashing, words, .. } = self;
        let code = |hash: u64| hashing.hash_one(hash);
        let same = |&number: &u32| words[number as usize].hash == hash;
        let recode = |&number: &u32| code(words[number as usize].hash);
        let form = match self.forms.entry(code(hash), same, recode) {
            Entry::Occupied(form) => *form.get(),
            Entry::Vacant(place) => *place.insert(number).get(),
        };
        self.words.push(Word {
            hash,
            form,
            length: reading_length(word),
            stopword,
            capitalised: word.starts_with(is_uppercase),
            term,
            cues: match self.input {
                InputKind::Html => WordCues::of(word),
                InputKind::Text => WordCues::default(),
            },
        });
    }

    /// How many distinct words there are.
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    /// The form of the words of that hash, if there are any.
    pub(crate) fn form(&self, hash: u64) -> Option<u32> {
        let same = |&number: &u32| self.words[number as usize].hash == hash;
        self.forms.find(self.hashing.hash_one(hash), same).copied()
    }

    /// What is known of the word of a number.
    #[inline]
    pub(crate) fn word(&self, number: u32) -> &Word {
        &self.words[number as usize]
    }
}

/// A word, with its ends as numbers: they are all of a short one, which is compared
/// without reading it.
#[derive(Debug, Clone, Copy)]
struct Spelling<'a> {
    head: u64,
    tail: u64,
    word: &'a str,
}

impl<'a> Spelling<'a> {
    /// Bytes that the ends hold at the most.
    const SHORT: usize = 16;

    fn of(word: &'a str) -> Self {
        let bytes = word.as_bytes();
        let four = |bytes: &[u8; 4]| u64::from(u32::from_le_bytes(*bytes));
        let (head, tail) = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
            (Some(head), Some(tail)) => (u64::from_le_bytes(*head), u64::from_le_bytes(*tail)),
            _ => match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
                (Some(head), Some(tail)) => (four(head), four(tail)),
                // One to three bytes: the first, the last and one between.
                _ => {
                    let at = |at: usize| bytes.get(at).copied().map_or(0, u64::from);
                    (at(0) | at(bytes.len() / 2) << 8, at(bytes.len().max(1) - 1))
                }
            },
        };
        Self { head, tail, word }
    }

    #[inline]
    fn code(&self, hashing: &RandomState) -> u64 {
        if self.word.len() <= Self::SHORT {
            hashing.hash_one((self.head, self.tail, self.word.len()))
        } else {
            hashing.hash_one(self.word)
        }
    }
}

impl PartialEq for Spelling<'_> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        (self.head, self.tail, self.word.len()) == (other.head, other.tail, other.word.len())
            && (self.word.len() <= Self::SHORT || self.word == other.word)
    }
}

/// The words of each block, by their numbers.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    numbers: Vec<u32>,
    ends: Vec<u32>,
}

/// Bytes of text that have a word, about.
const BYTES_A_WORD: usize = 6;

impl Texts {
    /// With room for the words of some blocks.
    pub(crate) fn for_blocks(blocks: &Blocks) -> Self {
        Self {
            numbers: Vec::with_capacity(bytes(blocks) / BYTES_A_WORD),
            ends: Vec::with_capacity(blocks.len()),
        }
    }

    /// How many words they have together.
    pub(crate) fn len(&self) -> usize {
        self.numbers.len()
    }

    pub(crate) fn push(&mut self, number: u32) {
        self.numbers.push(number);
    }

    /// Ends a block.
    pub(crate) fn close(&mut self) {
        self.ends.push(self.numbers.len() as u32);
    }

    /// The numbers of the words of a block.
    #[inline]
    pub(crate) fn of(&self, block: usize) -> &[u32] {
        let start = block.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.numbers[start as usize..self.ends[block] as usize]
    }
}

/// FNV-1a of a word that is in lower case.
fn hash_lower(word: &str) -> u64 {
    let mut hasher = FnvHasher::default();
    hasher.write(word.as_bytes());
    hasher.finish()
}

/// For each word of a text that of its lower case.
pub(crate) fn hashes(text: &str) -> impl Iterator<Item = u64> + '_ {
    let mut room = String::new();
    words(text).map(move |word| lower(word, &mut room, hash_lower))
}

/// The hash by which blocks read alike; `None` for a text without words.
pub(crate) fn text_hash(text: &str) -> Option<u64> {
    let mut hashes = hashes(text).peekable();
    hashes.peek()?;
    Some(hashes.fold(NOTHING, then))
}

/// The hash of a text without words.
pub(crate) const NOTHING: u64 = 0xcbf2_9ce4_8422_2325;

/// The hash of a text that goes on with a word of that hash.
#[inline]
pub(crate) fn then(text: u64, word: u64) -> u64 {
    (text.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_word_has_one_number_and_its_cases_one_form() {
        let mut vocabulary = Vocabulary::default();
        let numbers: Vec<u32> = words("Read more, read More. MORE!")
            .map(|word| vocabulary.number(word))
            .collect();
        assert_eq!(numbers, [0, 1, 2, 3, 4]);
        assert_eq!(vocabulary.number("more"), 1);
        let forms: Vec<u32> = vocabulary.words.iter().map(|word| word.form).collect();
        assert_eq!(forms, [0, 1, 0, 1, 1]);
        assert!(vocabulary.word(0).capitalised && !vocabulary.word(1).capitalised);
    }

    proptest! {
        #[test]
        fn words_have_one_number_if_and_only_if_they_are_the_same(
            all in proptest::collection::vec("[ab]{1,4}|[aé]{1,4}|[ab]{7,18}", 1..60)
        ) {
            let mut vocabulary = Vocabulary::default();
            let numbers: Vec<u32> = all.iter().map(|word| vocabulary.number(word)).collect();
            for (a, first) in all.iter().zip(&numbers) {
                for (b, second) in all.iter().zip(&numbers) {
                    prop_assert_eq!(a == b, first == second, "{} {}", a, b);
                }
            }
        }
    }

    #[test]
    fn texts_of_the_same_words_have_one_hash_whatever_their_case_and_marks() {
        assert_eq!(text_hash("Read  more…"), text_hash("READ MORE"));
        assert_ne!(text_hash("Read more"), text_hash("more read"));
        assert_ne!(text_hash("Read more"), text_hash("Readmore"));
        assert_eq!(text_hash(" … "), None);
    }
}
