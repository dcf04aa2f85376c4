//! The words of a page's blocks, each looked up once however often it stands on the
//! page: features read them as numbers.

use std::hash::Hasher;

use fnv::FnvHasher;
use foldhash::{HashMap, HashMapExt};

use super::stats::reading_length;
use super::stopword::is_stopword;
use super::term::Term;
use super::thread::WordCues;
use crate::block::Blocks;
use crate::page::InputKind;
use crate::text::class::is_uppercase;
use crate::text::{lower, words};

/// What is known of a word as it is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word {
    /// [`hash`]: that of its lower case.
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
    // Any seed gives the same numbers: a page cannot be written so that its words
    // collide.
    numbers: HashMap<&'a str, u32>,
    /// The first word of each hash.
    forms: HashMap<u64, u32>,
    words: Vec<Word>,
    room: String,
    input: InputKind,
}

/// Bytes of text that have a new word, about.
const TEXT_A_WORD: usize = 16;
/// Words that room is made for before any is met.
const EXPECTED: usize = 1 << 12;

impl<'a> Vocabulary<'a> {
    /// With room for the words of some blocks.
    pub(crate) fn for_blocks(blocks: &Blocks, input: InputKind) -> Self {
        let bytes: usize = blocks.blocks.iter().map(|block| block.text.len()).sum();
        let expected = (bytes / TEXT_A_WORD).min(EXPECTED);
        Self {
            numbers: HashMap::with_capacity(expected),
            forms: HashMap::with_capacity(expected),
            words: Vec::with_capacity(expected),
            room: String::new(),
            input,
        }
    }

    /// The number of a word.
    #[inline]
    pub(crate) fn number(&mut self, word: &'a str) -> u32 {
        let new = self.words.len() as u32;
        let number = *self.numbers.entry(word).or_insert(new);
        if number == new {
            self.learn(word);
        }
        number
    }

    fn learn(&mut self, word: &str) {
        crate::watch::spend(64 + 4 * word.len());
        let number = self.words.len() as u32;
        let hash = lower(word, &mut self.room, hash_lower);
        self.words.push(Word {
            hash,
            form: *self.forms.entry(hash).or_insert(number),
            length: reading_length(word),
            stopword: is_stopword(word),
            capitalised: word.starts_with(is_uppercase),
            term: Term::of(word, &mut self.room),
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

    /// What is known of the word of a number.
    #[inline]
    pub(crate) fn word(&self, number: u32) -> &Word {
        &self.words[number as usize]
    }

    /// What is known of all of them, by number.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Word> {
        self.words.iter()
    }
}

/// The words of each block, by their numbers.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    numbers: Vec<u32>,
    ends: Vec<u32>,
}

impl Texts {
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

/// FNV-1a of a word in lower case.
pub(crate) fn hash(word: &str, room: &mut String) -> u64 {
    lower(word, room, hash_lower)
}

fn hash_lower(word: &str) -> u64 {
    let mut hasher = FnvHasher::default();
    hasher.write(word.as_bytes());
    hasher.finish()
}

/// [`hash`] of each word of a text.
pub(crate) fn hashes(text: &str) -> impl Iterator<Item = u64> + '_ {
    let mut room = String::new();
    words(text).map(move |word| hash(word, &mut room))
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

    #[test]
    fn a_word_has_one_number_and_its_cases_one_form() {
        let mut vocabulary = Vocabulary::default();
        let numbers: Vec<u32> = words("Read more, read More. MORE!")
            .map(|word| vocabulary.number(word))
            .collect();
        assert_eq!(numbers, [0, 1, 2, 3, 4]);
        assert_eq!(vocabulary.number("more"), 1);
        let forms: Vec<u32> = vocabulary.iter().map(|word| word.form).collect();
        assert_eq!(forms, [0, 1, 0, 1, 1]);
        assert!(vocabulary.word(0).capitalised && !vocabulary.word(1).capitalised);
    }

    #[test]
    fn texts_of_the_same_words_have_one_hash_whatever_their_case_and_marks() {
        assert_eq!(text_hash("Read  more…"), text_hash("READ MORE"));
        assert_ne!(text_hash("Read more"), text_hash("more read"));
        assert_ne!(text_hash("Read more"), text_hash("Readmore"));
        assert_eq!(text_hash(" … "), None);
    }
}
