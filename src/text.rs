//! Words: the one notion of a token that alignment, features and metrics share.
//!
//! A word is a maximal run of letters, digits and underscores (`\w+`), except
//! that Han, Hiragana and Katakana characters are a word each: those scripts
//! put no spaces between words, and a run of them is a clause, not a word.

/// True for the characters that are a word by themselves: Han, Hiragana and
/// Katakana (and the iteration marks that belong to them).
pub fn is_cjk(c: char) -> bool {
    matches!(
        c as u32,
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
pub fn is_word_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || (!c.is_ascii() && c.is_alphanumeric())
}

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

    fn next(&mut self) -> Option<&'a str> {
        let start = self.rest.find(is_word_char)?;
        let tail = &self.rest[start..];
        let mut chars = tail.char_indices();
        let (_, first) = chars.next()?;
        let end = if is_cjk(first) {
            first.len_utf8()
        } else {
            chars
                .find(|&(_, c)| !is_word_char(c) || is_cjk(c))
                .map_or(tail.len(), |(i, _)| i)
        };
        crate::watch::spend(end + 8);
        let (word, rest) = tail.split_at(end);
        self.rest = rest;
        Some(word)
    }
}

/// The words of `text`, lower-cased: the tokens of every metric.
pub fn tokens(text: &str) -> impl Iterator<Item = String> + '_ {
    words(text).map(str::to_lowercase)
}

/// What `read` says of a word in lower case (but that a final sigma is not told
/// from others), `None` for one of more than 48 bytes. Nothing is allocated.
pub(crate) fn lowered<R>(word: &str, read: impl FnOnce(&str) -> R) -> Option<R> {
    let mut buffer = [0; 48];
    let mut end = 0;
    for c in word.chars().flat_map(char::to_lowercase) {
        let room = buffer.get_mut(end..end + c.len_utf8())?;
        end += c.encode_utf8(room).len();
    }
    std::str::from_utf8(&buffer[..end]).ok().map(read)
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

/// A name as a table or a terminal takes it. Names come from files: control
/// characters would break the table or steer the terminal.
pub(crate) fn printable(name: &str) -> String {
    name.replace(char::is_control, "\u{FFFD}")
}

/// White space as a reader sees it: Unicode white space, and the zero-width
/// space and byte-order mark that pages leave between words.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

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
    }

    #[test]
    fn words_are_read_in_lower_case_up_to_a_length() {
        for word in ["Old", "ÄRGER", "Ответ", "İ", "コ"] {
            let lower = lowered(word, str::to_owned);
            assert_eq!(lower, Some(word.to_lowercase()));
        }
        assert!(lowered(&"a".repeat(48), |_| ()).is_some());
        assert!(lowered(&"é".repeat(25), |_| ()).is_none());
    }
}
