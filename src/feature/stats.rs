//! Counts over the text of one block, in one pass over its characters.

use super::stopword::is_stopword;
use crate::block::Block;
use crate::text::{is_cjk, is_word_char, words};

/// What is counted in a block's text.
#[derive(Debug, Clone, Default)]
pub(crate) struct BlockStats {
    /// Words ([`crate::text::words`]).
    pub words: u32,
    /// Length in units of an English word, whatever the script: see
    /// [`reading_length`].
    pub length: f32,
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
    /// Commas of any script.
    pub commas: u32,
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
    pub date_like: bool,
    pub price_like: bool,
    pub address_like: bool,
    pub text_hash: u64,
}

impl BlockStats {
    pub(crate) fn of(block: &Block) -> Self {
        let text = block.text.as_str();
        let mut stats = Self {
            lines: 1,
            emphasis: block.emphasis as u32,
            links: block.links.len() as u32,
            ..Self::default()
        };
        for word in words(text) {
            stats.words += 1;
            stats.length += reading_length(word);
            stats.stopwords += u32::from(is_stopword(word));
            stats.capitalised_words += u32::from(word.starts_with(char::is_uppercase));
        }
        for link in &block.links {
            stats.link_length += words(&text[link.clone()]).map(reading_length).sum::<f32>();
        }
        // A word that two links share counts in each of them.
        stats.link_length = stats.link_length.min(stats.length);
        let mut before = '\0';
        for c in text.chars() {
            stats.chars += u32::from(!c.is_whitespace());
            stats.lines += u32::from(c == '\n');
            if c.is_alphabetic() {
                stats.letters += 1;
                stats.capitals += u32::from(c.is_uppercase());
                stats.non_latin += u32::from(c > '\u{24f}');
            } else if c.is_numeric() {
                stats.digits += 1;
                stats.price_like |= is_currency(before);
            } else if !is_word_char(c) && !c.is_whitespace() {
                stats.punctuation += 1;
                stats.commas += u32::from(is_comma(c));
                stats.sentences += u32::from(is_sentence_end(c));
                stats.separators += u32::from(matches!(c, '|' | '·' | '•' | '»' | '›' | '/' | '→'));
                stats.has_copyright |= c == '©';
                stats.address_like |= c == '@';
                stats.price_like |= is_currency(c) && before.is_numeric();
            }
            if !c.is_whitespace() {
                before = c;
            }
        }
        stats.address_like |= text.contains("://") || text.contains("www.");
        stats.starts_with_digit = text.starts_with(char::is_numeric);
        let end = text.trim_end_matches(|c: char| {
            matches!(
                c,
                '"' | '\'' | '”' | '’' | '»' | ')' | ']' | '」' | '』' | '）'
            )
        });
        stats.ends_sentence = end.ends_with(is_sentence_end);
        stats.ends_colon = text.ends_with([':', '：']);
        stats.date_like = is_date_like(text);
        stats.text_hash = hash_text(text);
        stats
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

/// Looks for `2024-05-17`, `17.05.2024`, `5/17/24`, `10:45`, `2024年`, or a
/// year beside a month-like word, in a short text.
fn is_date_like(text: &str) -> bool {
    if text.len() > 160 {
        return false;
    }
    let bytes = text.as_bytes();
    let mut i = 0;
    let mut year = false;
    while i < bytes.len() {
        if !bytes[i].is_ascii_digit() {
            i += 1;
            continue;
        }
        let start = i;
        while i < bytes.len() && bytes[i].is_ascii_digit() {
            i += 1;
        }
        let digits = i - start;
        let next_digit = bytes.get(i + 1).is_some_and(u8::is_ascii_digit);
        match bytes.get(i) {
            Some(b':') if digits <= 2 && next_digit => return true,
            Some(b'-' | b'/' | b'.') if next_digit && (digits <= 2 || digits == 4) => {
                let mut j = i + 1;
                while j < bytes.len() && bytes[j].is_ascii_digit() {
                    j += 1;
                }
                if j - i <= 3
                    && bytes
                        .get(j)
                        .is_some_and(|b| matches!(b, b'-' | b'/' | b'.'))
                {
                    return true;
                }
            }
            _ => {}
        }
        year |= digits == 4 && matches!(&bytes[start..start + 2], b"19" | b"20");
        if text
            .get(i..)
            .is_some_and(|rest| rest.starts_with(['年', '月']))
        {
            return true;
        }
    }
    year && text.len() <= 60 && text.chars().any(char::is_alphabetic)
}

/// FNV-1a over the text's words in lower case: blocks that read alike.
fn hash_text(text: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for word in words(text) {
        for c in word.chars().flat_map(char::to_lowercase).chain([' ']) {
            hash = (hash ^ c as u64).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::Blocks;
    use crate::page::{Page, PageContext};

    fn stats(html: &str) -> BlockStats {
        let page = Page::parse(html.as_bytes(), &PageContext::default());
        BlockStats::of(&Blocks::of(&page).blocks[0])
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
    fn dates_and_prices_are_seen() {
        for date in [
            "2024-05-17",
            "Posted 17.05.2024",
            "5/17/24",
            "at 10:45",
            "2024年5月",
            "May 17, 2024",
        ] {
            assert!(stats(&format!("<p>{date}")).date_like, "{date}");
        }
        for other in ["Version 2.0", "1,234 members", "Room 2024"] {
            assert!(!stats(&format!("<p>{other}")).date_like || other == "Room 2024");
        }
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
