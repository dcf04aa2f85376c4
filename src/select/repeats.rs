//! The same text twice: menus for wide and narrow screens, a description above
//! the fold and again in a tab.

use std::collections::HashMap;
use std::hash::Hasher;

use fnv::FnvHasher;

use crate::block::Blocks;
use crate::text::{is_word_char, lower, tokens, words as words_of};

/// Shorter blocks may well be meant twice: labels, names, captions.
const LEAST_WORDS: f32 = 6.0;
/// So many copies at one depth are the page's way of listing things.
const LISTED: usize = 4;
/// A copy must be so much more probable to be kept instead of an earlier one.
const MARGIN: f32 = 0.05;

/// Sets to 0 the probability of every block that only says again what another
/// block says: of blocks with the same words the most probable stays, of about
/// equals the first.
///
/// # Panics
/// When the slices differ in length from the blocks.
pub(super) fn drop_repeats(blocks: &Blocks, words: &[f32], probabilities: &mut [f32]) {
    // Blocks with the same words have as many, and the same first letter: most need
    // not be read.
    let mut long: Vec<(u32, char, usize)> = (0..words.len())
        .filter(|&block| words[block] >= LEAST_WORDS)
        .map(|block| {
            let first = first_letter(&blocks.blocks[block].text);
            (words[block].to_bits(), first, block)
        })
        .collect();
    long.sort_unstable();
    let mut alike: Vec<(u64, usize)> = long
        .chunk_by(|a, b| (a.0, a.1) == (b.0, b.1))
        .filter(|alike| alike.len() > 1)
        .flatten()
        .map(|&(.., block)| (hash(&blocks.blocks[block].text), block))
        .collect();
    alike.sort_unstable();
    let alike = alike
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|alike| alike.len() > 1);
    // Few blocks begin alike, so the words themselves are compared of few.
    let mut copies: HashMap<String, Vec<usize>> = HashMap::new();
    for &(_, block) in alike.flatten() {
        let text = &blocks.blocks[block].text;
        let mut said = String::with_capacity(text.len() + 1);
        for token in tokens(text) {
            said.push_str(&token);
            said.push(' ');
        }
        copies.entry(said).or_default().push(block);
    }
    for copies in copies.into_values().filter(|copies| copies.len() > 1) {
        let most = copies.iter().map(|&i| probabilities[i]).fold(0.0, f32::max);
        let Some(&kept) = copies.iter().find(|&&i| probabilities[i] >= most - MARGIN) else {
            continue;
        };
        for &i in copies.iter().filter(|&&i| i != kept) {
            if copies.len() < LISTED || blocks.depth(i) != blocks.depth(kept) {
                probabilities[i] = 0.0;
            }
        }
    }
}

/// The first character of a text's first word, in lower case; a space for none.
fn first_letter(text: &str) -> char {
    let first = text.chars().find(|&c| is_word_char(c));
    first.and_then(|c| c.to_lowercase().next()).unwrap_or(' ')
}

/// Of the words that a text begins with, in lower case.
fn hash(text: &str) -> u64 {
    let mut hasher = FnvHasher::default();
    let mut room = String::new();
    for word in words_of(text).take(LEAST_WORDS as usize) {
        lower(word, &mut room, |word| hasher.write(word.as_bytes()));
        hasher.write_u8(b' ');
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Page, PageContext};

    fn after(html: &str, probabilities: &[f32]) -> Vec<f32> {
        let blocks = Blocks::of(&Page::parse(html.as_bytes(), &PageContext::default()));
        let words = vec![7.0; blocks.len()];
        let mut probabilities = probabilities.to_vec();
        drop_repeats(&blocks, &words, &mut probabilities);
        probabilities
    }

    #[test]
    fn the_more_probable_copy_stays_and_of_equals_the_first() {
        let twice = "<p>The chair is made of solid oak</p><div><p>The chair is made of solid oak!</p></div>";
        assert_eq!(after(twice, &[0.3, 0.9]), [0.0, 0.9]);
        assert_eq!(after(twice, &[0.9, 0.92]), [0.9, 0.0]);
    }

    #[test]
    fn what_a_list_says_again_and_again_stays() {
        let list = "<li>Returns the number of bytes read so far</li>".repeat(4);
        assert_eq!(after(&list, &[0.9; 4]), [0.9; 4]);
    }
}
