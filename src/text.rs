//! Words: the one notion of a token that alignment, features and metrics share.
//!
//! A word is a maximal run of letters, digits and underscores (`\w+`), except
//! that Han, Hiragana and Katakana characters are a word each: those scripts
//! put no spaces between words, and a run of them is a clause, not a word.

pub(crate) mod class;

/// True for the characters that are a word by themselves: Han, Hiragana and
/// Katakana (and the iteration marks that belong to them).
#[inline]
pub fn is_cjk(c: char) -> bool {
    let c = c as u32;
    c >= 0x3005
        && matches!(
            c,
            0x3005..=0x3007 // iteration mark, closing mark, ideographic zero
                | 0x3041..=0x3096
                | 0x309D..=0x309F
                | 0x30A1..=0x30FA
                | 0x30FC..=0x30FF
                | 0x31F0..=0x31FF
                | 0x3400..=0x4DBF
                | 0x4E00..=0x9FFF
                | 0xF900..=0xFAFF
                | 0xFF66..=0xFF9D
                | 0x20000..=0x3FFFF
        )
}

/// True for characters that can stand in a word: letters, digits, underscore,
/// and the combining marks that Unicode counts as alphabetic.
#[inline]
pub fn is_word_char(c: char) -> bool {
    match u8::try_from(c) {
        Ok(byte) if byte.is_ascii() => ASCII_WORD[usize::from(byte)],
        _ => class::is_alphanumeric(c),
    }
}

/// Which ASCII characters can stand in a word.
const ASCII_WORD: [bool; 128] = {
    let mut table = [false; 128];
    let mut byte = 0;
    while byte < 128 {
        let c = byte as u8;
        table[byte] = c.is_ascii_alphanumeric() || c == b'_';
        byte += 1;
    }
    table
};

/// The words of `text`, in order, as slices of it (not lower-cased).
///
/// ```
/// let words: Vec<&str> = dehusk::text::words("Don't say 你好!").collect();
/// assert_eq!(words, ["Don", "t", "say", "你", "好"]);
/// ```
pub fn words(text: &str) -> Words<'_> {
    Words { rest: text }
}

/// Iterator over the words of a text; made by [`words`].
#[derive(Debug, Clone)]
pub struct Words<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    #[inline]
    fn next(&mut self) -> Option<&'a str> {
        let start = self.rest.len() - after(self.rest, |c| !is_word_char(c), 0)?.len();
        let word = &self.rest[start..];
        let first = word.chars().next()?;
        let end = if is_cjk(first) {
            first.len_utf8()
        } else {
            let run = |c| !is_cjk(c) && is_word_char(c);
            word.len() - after(word, run, first.len_utf8()).map_or(0, str::len)
        };
        crate::watch::spend(end + 8);
        let (word, rest) = word.split_at(end);
        self.rest = rest;
        Some(word)
    }
}

/// What of a text follows its first characters that are all of a kind, looked
/// for from byte `at`; `None` where nothing does. Most text is ASCII, and its
/// characters are looked up.
#[inline]
fn after(text: &str, kind: impl Fn(char) -> bool, mut at: usize) -> Option<&str> {
    let bytes = text.as_bytes();
    loop {
        let byte = *bytes.get(at)?;
        if byte.is_ascii() {
            if !kind(char::from(byte)) {
                return text.get(at..);
            }
            at += 1;
        } else {
            let c = text[at..].chars().next()?;
            if !kind(c) {
                return text.get(at..);
            }
            at += c.len_utf8();
        }
    }
}

/// The words of `text`, lower-cased: the tokens of every metric.
pub fn tokens(text: &str) -> impl Iterator<Item = String> + '_ {
    words(text).map(str::to_lowercase)
}

/// What `read` says of a word in lower case (but that a final sigma is not told
/// from others), `None` for one of more than 48 bytes. Nothing is allocated.
pub(crate) fn lowered<R>(word: &str, read: impl FnOnce(&str) -> R) -> Option<R> {
    if is_lower_ascii(word) {
        return (word.len() <= 48).then(|| read(word));
    }
    let mut buffer = [0; 48];
    let mut end = 0;
    for c in word.chars().flat_map(char::to_lowercase) {
        let room = buffer.get_mut(end..end + c.len_utf8())?;
        end += c.encode_utf8(room).len();
    }
    std::str::from_utf8(&buffer[..end]).ok().map(read)
}

/// What `read` says of a word in lower case ([`str::to_lowercase`]). `room` is
/// what is allocated, for any number of words.
pub(crate) fn lower<R>(word: &str, room: &mut String, read: impl FnOnce(&str) -> R) -> R {
    if is_lower_ascii(word) {
        return read(word);
    }
    room.clear();
    if word.is_ascii() {
        room.push_str(word);
        room.make_ascii_lowercase();
    } else if word.contains('Σ') {
        // The one letter whose lower case depends on its place.
        room.push_str(&word.to_lowercase());
    } else {
        room.extend(word.chars().flat_map(char::to_lowercase));
    }
    read(room)
}

fn is_lower_ascii(word: &str) -> bool {
    word.bytes()
        .all(|b| b.is_ascii() && !b.is_ascii_uppercase())
}

/// How many words `text` has.
pub fn count_words(text: &str) -> usize {
    words(text).count()
}

/// `text` with every run of white space (Unicode's, and the zero-width and
/// no-break spaces that pages use as such) folded to one space, ends trimmed.
pub fn fold_space(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for part in text.split(is_space).filter(|part| !part.is_empty()) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(part);
    }
    folded
}

/// Whether a terminal obeys the character or shows the text after it in another
/// order: control characters, and the explicit embeddings, overrides and isolates
/// of the bidirectional algorithm (UAX #9, §2). Marks of direction change nothing
/// but the place of their neighbours, and right-to-left text needs them.
pub(crate) fn steers_terminal(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A name as a table or a terminal takes it. Names come from files: control
/// characters would break the table or steer the terminal.
pub(crate) fn printable(name: &str) -> String {
    name.replace(steers_terminal, "\u{FFFD}")
}

/// White space as a reader sees it: Unicode white space, and the zero-width
/// space and byte-order mark that pages leave between words.
#[inline]
pub fn is_space(c: char) -> bool {
    if c.is_ascii() {
        return matches!(c, ' ' | '\t'..='\r');
    }
    c.is_whitespace() || matches!(c, '\u{200B}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_are_runs_of_letters_digits_and_underscores() {
        let found: Vec<_> = words("  a_b-c 3.14 naïve ").collect();
        assert_eq!(found, ["a_b", "c", "3", "14", "naïve"]);
    }

    #[test]
    fn cjk_characters_are_words_of_their_own_beside_latin_runs() {
        let found: Vec<_> = words("用Rust写的ツール").collect();
        assert_eq!(found, ["用", "Rust", "写", "的", "ツ", "ー", "ル"]);
    }

    #[test]
    fn hangul_keeps_its_spaced_words() {
        assert_eq!(count_words("안녕하세요 세계"), 2);
    }

    #[test]
    fn folding_treats_no_break_and_zero_width_spaces_as_space() {
        assert_eq!(fold_space("\u{a0}a\u{200b}b \n\t c\u{feff}"), "a b c");
    }

    #[test]
    fn control_characters_are_not_printed() {
        assert_eq!(printable("a\u{1b}[2J\nö"), "a\u{FFFD}[2J\u{FFFD}ö");
        assert_eq!(printable("\u{202e}gnp\u{9b}"), "\u{FFFD}gnp\u{FFFD}");
    }

    #[test]
    fn words_are_read_in_lower_case_up_to_a_length() {
        for word in ["Old", "ÄRGER", "Ответ", "İ", "コ"] {
            let lower = lowered(word, str::to_owned);
            assert_eq!(lower, Some(word.to_lowercase()));
        }
        assert!(lowered(&"a".repeat(48), |_| ()).is_some());
        assert!(lowered(&"a".repeat(49), |_| ()).is_none());
        assert!(lowered(&"é".repeat(25), |_| ()).is_none());
    }

    proptest! {
        #[test]
        fn words_are_what_a_search_by_character_finds(text in "([a-zA-Z0-9_ .,-]|[éßΣσñ你好のカ한\u{301}\u{200B}]|\\PC){0,40}") {
            let mut expected: Vec<String> = Vec::new();
            let mut open = false;
            for c in text.chars() {
                let word = c == '_' || c.is_alphanumeric();
                if word && open && !is_cjk(c) {
                    expected.last_mut().unwrap().push(c);
                } else if word {
                    expected.push(c.to_string());
                }
                open = word && !is_cjk(c);
            }
            let found: Vec<&str> = words(&text).collect();
            prop_assert_eq!(&found, &expected);
            let mut room = String::new();
            for word in found {
                prop_assert_eq!(lower(word, &mut room, str::to_owned), word.to_lowercase());
            }
        }
    }
}
