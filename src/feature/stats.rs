//! Counts over the text of one block, in one pass over its characters.

use super::date::tells_date;
use super::logarithm::Logarithm;
use super::vocabulary::{self, Texts, Vocabulary};
use crate::block::Block;
use crate::text::class::{is_alphabetic, is_numeric, is_uppercase};
use crate::text::{is_cjk, is_word_char, words};

/// Bytes of text up to which a date is looked for: that of a longer one is not
/// the block's own.
const DATED: usize = 160;

/// Bytes that are counted between two looks at the clock.
const SPENT_AT_ONCE: usize = 1 << 12;

/// What is counted in a block's text.
#[derive(Debug, Clone, Default)]
pub(crate) struct BlockStats {
    /// Words ([`crate::text::words`]).
    pub words: u32,
    /// Length in units of an English word, whatever the script: see
    /// [`reading_length`].
    pub length: f32,
    /// `ln(1 + length)`.
    pub log_length: f32,
    /// Characters, white space left out.
    pub chars: u32,
    /// As `length`, of what stands in links.
    pub link_length: f32,
    /// `a` elements that show text.
    pub links: u32,
    pub digits: u32,
    pub capitals: u32,
    pub letters: u32,
    pub capitalised_words: u32,
    pub punctuation: u32,
    /// Commas and semicolons of any script.
    pub commas: u32,
    /// Colons in ASCII.
    colons: u32,
    /// Sentence ends of any script.
    pub sentences: u32,
    pub stopwords: u32,
    pub separators: u32,
    pub non_latin: u32,
    pub emphasis: u32,
    pub lines: u32,
    pub ends_sentence: bool,
    pub ends_colon: bool,
    pub has_copyright: bool,
    pub starts_with_digit: bool,
    /// The text is short and tells a date or an hour.
    pub date_like: bool,
    pub price_like: bool,
    pub address_like: bool,
    /// The text has a digit, or another character of a number.
    pub numeric: bool,
    /// That of its words: blocks of one hash read alike.
    pub text_hash: u64,
}

impl BlockStats {
    /// Counts a block's text. Its words are numbered and put down in `texts`.
    pub(crate) fn of<'a>(
        block: &'a Block,
        vocabulary: &mut Vocabulary<'a>,
        texts: &mut Texts,
    ) -> Self {
        let text = block.text.as_str();
        let mut stats = Self {
            lines: 1,
            emphasis: block.emphasis as u32,
            links: block.links.len() as u32,
            text_hash: vocabulary::NOTHING,
            ..Self::default()
        };
        stats.count(text, |stats, word| {
            let number = vocabulary.number(word);
            texts.push(number);
            let word = vocabulary.word(number);
            stats.words += 1;
            stats.length += word.length;
            stats.stopwords += u32::from(word.stopword);
            stats.capitalised_words += u32::from(word.capitalised);
            stats.text_hash = vocabulary::then(stats.text_hash, word.hash);
        });
        texts.close();
        stats.log_length = stats.length.log_e_1p();
        for link in &block.links {
            stats.link_length += if link.len() == text.len() {
                stats.length
            } else {
                words(&text[link.clone()]).map(reading_length).sum::<f32>()
            };
        }
        // A word that two links share counts in each of them.
        stats.link_length = stats.link_length.min(stats.length);
        stats.address_like |= (stats.colons > 0 && text.contains("://"))
            || (stats.sentences > 0 && text.contains("www."));
        stats.starts_with_digit = text.starts_with(is_numeric);
        let end = text.trim_end_matches(|c: char| {
            matches!(
                c,
                '"' | '\'' | '”' | '’' | '»' | ')' | ']' | '」' | '』' | '）'
            )
        });
        stats.ends_sentence = end.ends_with(is_sentence_end);
        stats.ends_colon = text.ends_with([':', '：']);
        stats.date_like = stats.digits > 0 && text.len() <= DATED && tells_date(text);
        stats
    }

    /// Counts the characters of a text, and tells of each of its words, which are those
    /// of [`words`].
    fn count<'a>(&mut self, text: &'a str, mut word: impl FnMut(&mut Self, &'a str)) {
        let bytes = text.as_bytes();
        let mut spent = 0;
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if at - spent > SPENT_AT_ONCE {
                crate::watch::spend(4 * (at - spent));
                spent = at;
            }
            if ASCII[usize::from(byte)] & WORD != 0 {
                let end = self.count_word(text, at);
                word(self, &text[at..end]);
                at = end;
            } else if byte.is_ascii() {
                match byte {
                    b' ' => {}
                    b'\n' => self.lines += 1,
                    byte => self.count_mark(text, at, char::from(byte)),
                }
                at += 1;
            } else if let Some(c) = text[at..].chars().next() {
                if is_word_char(c) {
                    let end = self.count_word(text, at);
                    word(self, &text[at..end]);
                    at = end;
                } else {
                    self.count_mark(text, at, c);
                    at += c.len_utf8();
                }
            }
        }
        crate::watch::spend(4 * (at - spent));
    }

    /// Counts the characters of the word that begins at `start`, and says where it ends.
    #[inline]
    fn count_word(&mut self, text: &str, start: usize) -> usize {
        let bytes = text.as_bytes();
        let mut at = start;
        let mut met = 0;
        'word: for piece in bytes[start..].chunks(SPENT_AT_ONCE) {
            for &byte in piece {
                let class = ASCII[usize::from(byte)];
                if class & WORD == 0 {
                    break 'word;
                }
                met |= class;
                at += 1;
            }
            crate::watch::spend(4 * piece.len());
        }
        let chars = (at - start) as u32;
        self.chars += chars;
        self.letters += chars;
        if met != WORD {
            for &byte in &bytes[start..at] {
                let class = ASCII[usize::from(byte)];
                self.capitals += u32::from(class & CAPITAL != 0);
                self.digits += u32::from(class & DIGIT != 0);
                self.letters -= u32::from(class & (DIGIT | UNDERSCORE) != 0);
            }
            self.numeric |= met & DIGIT != 0;
        }
        if bytes.get(at).is_some_and(|byte| !byte.is_ascii()) {
            self.count_rest_of_word(text, start, at)
        } else {
            at
        }
    }

    /// The same from `from` on, where a character is not ASCII.
    fn count_rest_of_word(&mut self, text: &str, start: usize, from: usize) -> usize {
        for (after, c) in text[from..].char_indices() {
            crate::watch::spend(8);
            let at = from + after;
            let alone = is_cjk(c);
            if !is_word_char(c) || (alone && at > start) {
                return at;
            }
            self.chars += 1;
            self.numeric |= is_numeric(c);
            if is_alphabetic(c) {
                self.letters += 1;
                self.capitals += u32::from(is_uppercase(c));
                self.non_latin += u32::from(!is_latin(c));
            } else if is_numeric(c) {
                self.digits += 1;
            }
            if alone {
                return at + c.len_utf8();
            }
        }
        text.len()
    }

    /// Counts a character that stands in no word.
    fn count_mark(&mut self, text: &str, at: usize, c: char) {
        if c.is_whitespace() {
            self.lines += u32::from(c == '\n');
            return;
        }
        self.chars += 1;
        self.punctuation += 1;
        self.commas += u32::from(is_comma(c));
        self.sentences += u32::from(is_sentence_end(c));
        self.separators += u32::from(matches!(c, '|' | '·' | '•' | '»' | '›' | '/' | '→'));
        self.colons += u32::from(c == ':');
        self.has_copyright |= c == '©';
        self.address_like |= c == '@';
        if is_currency(c) {
            let before = text[..at].trim_end().chars().next_back();
            let after = text[at + c.len_utf8()..].trim_start().chars().next();
            self.price_like |= before.is_some_and(is_numeric)
                || after.is_some_and(|c| is_numeric(c) && !is_alphabetic(c));
        }
    }

    /// Share of the text (by length) that stands in links, 0 to 1.
    pub(crate) fn link_density(&self) -> f32 {
        ratio(self.link_length, self.length)
    }

    /// A block that reads like a paragraph: at least 10 words long, most of
    /// them outside links.
    pub(crate) fn is_paragraph(&self) -> bool {
        self.length >= 10.0 && self.link_density() < 0.35
    }
}

/// `a / b`, 0 where `b` is 0.
pub(crate) fn ratio(a: f32, b: f32) -> f32 {
    if b > 0.0 { a / b } else { 0.0 }
}

/// Length of a word in units of an English word, so that an article in a
/// script without spaces does not look short: a Han or Kana character counts
/// .6 (an English text runs to about that many times fewer words than its
/// Chinese translation has characters), and a run of Thai, Lao, Khmer or
/// Burmese, which is a clause, 1 for every 5 characters.
pub(crate) fn reading_length(word: &str) -> f32 {
    let Some(first) = word.chars().next() else {
        return 0.0;
    };
    if is_cjk(first) {
        0.6
    } else if matches!(first as u32, 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF) {
        (word.chars().count() as f32 / 5.0).max(1.0)
    } else {
        1.0
    }
}

/// For letters: ASCII to Latin Extended-B, the later extensions, and the
/// full-width forms.
fn is_latin(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{24F}'
            | '\u{1E00}'..='\u{1EFF}'
            | '\u{2C60}'..='\u{2C7F}'
            | '\u{A720}'..='\u{A7FF}'
            | 'Ａ'..='Ｚ'
            | 'ａ'..='ｚ'
    )
}

fn is_comma(c: char) -> bool {
    matches!(c, ',' | '،' | '，' | '、' | '﹐' | ';' | '；' | '؛')
}

fn is_sentence_end(c: char) -> bool {
    matches!(
        c,
        '.' | '!' | '?' | '…' | '。' | '！' | '？' | '．' | '؟' | '۔' | '।'
    )
}

fn is_currency(c: char) -> bool {
    matches!(
        c,
        '$' | '€' | '£' | '¥' | '₹' | '₽' | '₩' | '￥' | '₺' | '₫'
    )
}

const WORD: u8 = 1;
const CAPITAL: u8 = 1 << 1;
const DIGIT: u8 = 1 << 2;
const UNDERSCORE: u8 = 1 << 3;

/// What each byte is as a character: nothing if it is not ASCII.
const ASCII: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' => WORD,
            b'A'..=b'Z' => WORD | CAPITAL,
            b'0'..=b'9' => WORD | DIGIT,
            b'_' => WORD | UNDERSCORE,
            _ => 0,
        };
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::Blocks;
    use crate::page::{Page, PageContext};

    fn stats(html: &str) -> BlockStats {
        let page = Page::parse(html.as_bytes(), &PageContext::default());
        let blocks = Blocks::of(&page);
        BlockStats::of(
            &blocks.blocks[0],
            &mut Vocabulary::default(),
            &mut Texts::default(),
        )
    }

    #[test]
    fn link_density_is_the_share_of_length_in_links() {
        let s = stats("<p>one two <a href=x>three four</a></p>");
        assert_eq!((s.words, s.links), (4, 1));
        assert_eq!(s.link_density(), 0.5);
    }

    #[test]
    fn a_chinese_paragraph_is_not_short() {
        let s = stats("<p>市议会周二晚间投票通过了修缮老桥的计划，工程将于明年春天开始。</p>");
        assert!(s.is_paragraph(), "{s:?}");
        assert!(s.ends_sentence);
        assert_eq!(s.commas, 1);
    }

    #[test]
    fn a_thai_paragraph_is_not_short() {
        let s = stats("<p>สภาเมืองลงมติเมื่อคืนวันอังคารให้ซ่อมแซมสะพานเก่าโดยงานจะเริ่มในฤดูใบไม้ผลิปีหน้า</p>");
        assert!(s.length >= 10.0, "{s:?}");
    }

    #[test]
    fn prices_are_seen_and_dates_in_short_texts() {
        assert!(stats("<p>Posted 17.05.2024").date_like);
        let long = "It was a long day. ".repeat(8);
        assert!(!stats(&format!("<p>{long} Posted 17.05.2024")).date_like);
        assert!(stats("<p>Now $12.50").price_like);
        assert!(stats("<p>12,50 €").price_like);
        assert!(!stats("<p>12 men").price_like);
    }

    #[test]
    fn texts_that_differ_in_case_and_marks_only_hash_alike() {
        assert_eq!(
            stats("<p>Read more &raquo;").text_hash,
            stats("<p>READ MORE").text_hash
        );
    }
}
