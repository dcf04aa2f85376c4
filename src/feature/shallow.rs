//! Shallow text features of the block itself (Kohlschütter, Fankhauser and
//! Nejdl 2010, *Boilerplate Detection using Shallow Text Features*, §3).

use super::Feature;
use super::facts::PageFacts;
use super::logarithm::Logarithm;
use super::stats::{BlockStats, ratio, reading_length};
use crate::text::{is_cjk, is_space, is_word_char, words};

pub(super) const FEATURES: &[Feature] = &[
    Feature::new(
        "text.length",
        "ln(1 + length in words of English size)",
        &|f, i| f.stats[i].log_length,
    ),
    Feature::new(
        "text.chars",
        "ln(1 + characters without white space)",
        &|f, i| (f.stats[i].chars as f32).log_e_1p(),
    ),
    Feature::new(
        "text.lines",
        "ln(lines of the block, as `<br>` and, inside `pre`, line breaks make them)",
        &|f, i| (f.stats[i].lines as f32).log_e(),
    ),
    Feature::new(
        "text.word_length",
        "average characters a unit of length (Kohlschütter 2010, average word length)",
        &|f, i| ratio(f.stats[i].chars as f32, f.stats[i].length).min(20.0),
    ),
    Feature::new(
        "text.density",
        "text density: length a line when wrapped at 80 columns, the last line left out \
         where there are more (Kohlschütter 2010, §3.1)",
        &text_density,
    ),
    Feature::new(
        "text.digits",
        "share of digits among the characters, 0 to 1",
        &|f, i| share(f, i, |s| s.digits),
    ),
    Feature::new(
        "text.capitals",
        "share of capitals among the letters, 0 to 1",
        &|f, i| ratio(f.stats[i].capitals as f32, f.stats[i].letters as f32),
    ),
    Feature::new(
        "text.capitalised_words",
        "share of words that begin with a capital (Kohlschütter 2010), 0 to 1",
        &|f, i| ratio(f.stats[i].capitalised_words as f32, f.stats[i].words as f32),
    ),
    Feature::new(
        "text.punctuation",
        "share of punctuation among the characters, 0 to 1",
        &|f, i| share(f, i, |s| s.punctuation),
    ),
    Feature::new(
        "text.commas",
        "commas and semicolons of any script for each unit of length, at most 1",
        &|f, i| ratio(f.stats[i].commas as f32, f.stats[i].length).min(1.0),
    ),
    Feature::new(
        "text.sentences",
        "ln(1 + sentence ends of any script)",
        &|f, i| (f.stats[i].sentences as f32).log_e_1p(),
    ),
    Feature::new(
        "text.stopwords",
        "share of function words (jusText, Pomikálek 2011, §3.3), 0 to 1",
        &|f, i| ratio(f.stats[i].stopwords as f32, f.stats[i].words as f32),
    ),
    Feature::new(
        "text.separators",
        "marks that pages set between menu entries, for each unit of length",
        &|f, i| ratio(f.stats[i].separators as f32, f.stats[i].length).min(1.0),
    ),
    Feature::new(
        "text.non_latin",
        "share of the letters that are of another script than Latin, 0 to 1",
        &|f, i| ratio(f.stats[i].non_latin as f32, f.stats[i].letters as f32),
    ),
    Feature::new(
        "text.emphasis",
        "share of the text's bytes in emphasis, the space before it left out, 0 to 1",
        &|f, i| ratio(f.stats[i].emphasis as f32, f.block(i).text.len() as f32),
    ),
    Feature::new(
        "text.ends_sentence",
        "1 when the block ends like a sentence",
        &|f, i| flag(f.stats[i].ends_sentence),
    ),
    Feature::new(
        "text.ends_colon",
        "1 when the block ends with a colon",
        &|f, i| flag(f.stats[i].ends_colon),
    ),
    Feature::new(
        "text.copyright",
        "1 when the block holds a copyright sign",
        &|f, i| flag(f.stats[i].has_copyright),
    ),
    Feature::new(
        "text.starts_with_digit",
        "1 when the block begins with a digit",
        &|f, i| flag(f.stats[i].starts_with_digit),
    ),
    Feature::new(
        "text.date",
        "1 when a text of at most 160 bytes holds an hour, a date in numbers or a month's name \
         beside a day or a year, or one of at most 80 a year within two words of a day's number",
        &|f, i| flag(f.stats[i].date_like),
    ),
    Feature::new(
        "text.price",
        "1 when a currency sign stands by a digit",
        &|f, i| flag(f.stats[i].price_like),
    ),
    Feature::new(
        "text.address",
        "1 when the block holds a web or mail address",
        &|f, i| flag(f.stats[i].address_like),
    ),
];

pub(super) fn flag(value: bool) -> f32 {
    f32::from(u8::from(value))
}

fn share(facts: &PageFacts<'_>, i: usize, count: fn(&BlockStats) -> u32) -> f32 {
    let stats = &facts.stats[i];
    ratio(count(stats) as f32, stats.chars as f32)
}

/// Columns of a line, a character each.
const COLUMNS: usize = 80;

/// The text wrapped greedily at white space and beside the characters that are
/// a word each; a run of more than a line is cut at its columns, and its length
/// spread evenly over them.
fn text_density(facts: &PageFacts<'_>, i: usize) -> f32 {
    let text = facts.block(i).text.as_str();
    if text.len() <= COLUMNS {
        return facts.stats[i].length;
    }
    let mut wrap = Wrap::default();
    if text.is_ascii() {
        crate::watch::spend(text.len());
        let runs = text.as_bytes().split(|&byte| is_space(char::from(byte)));
        for run in runs.filter(|run| !run.is_empty()) {
            wrap.add(run.len(), ascii_words(run), true);
        }
        return wrap.density();
    }
    for run in text.split(is_space).filter(|run| !run.is_empty()) {
        let mut spaced = true;
        let mut rest = run;
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(unbroken(rest));
            let length = words(piece).map(reading_length).sum();
            wrap.add(piece.chars().count(), length, spaced);
            (rest, spaced) = (after, false);
        }
    }
    wrap.density()
}

/// Bytes of `run`, which has no white space, before it can first be broken: a
/// mark stays with what stands before it.
fn unbroken(run: &str) -> usize {
    let mut chars = run.char_indices();
    let alone = chars.next().is_some_and(|(_, c)| is_cjk(c));
    chars
        .find(|&(_, c)| is_cjk(c) || (alone && is_word_char(c)))
        .map_or(run.len(), |(at, _)| at)
}

/// How many words an ASCII text has, each of which is one long.
fn ascii_words(text: &[u8]) -> f32 {
    let mut in_word = false;
    let mut words = 0.0;
    for &byte in text {
        let before = std::mem::replace(&mut in_word, is_word_char(char::from(byte)));
        words += flag(in_word && !before);
    }
    words
}

#[derive(Default)]
struct Wrap {
    /// Lines that are full, and the length on them.
    full: u32,
    full_length: f32,
    /// Columns of the last line, and the length on it.
    columns: usize,
    length: f32,
}

impl Wrap {
    /// Adds a piece of so many characters and that length.
    fn add(&mut self, mut columns: usize, mut length: f32, spaced: bool) {
        let space = usize::from(spaced && self.columns > 0);
        if self.columns > 0 && self.columns + space + columns > COLUMNS {
            self.end_line();
        } else {
            self.columns += space;
        }
        while self.columns + columns > COLUMNS {
            let part = length * COLUMNS as f32 / columns as f32;
            self.length += part;
            self.end_line();
            (columns, length) = (columns - COLUMNS, length - part);
        }
        self.columns += columns;
        self.length += length;
    }

    fn end_line(&mut self) {
        self.full += 1;
        self.full_length += self.length;
        (self.columns, self.length) = (0, 0.0);
    }

    fn density(&self) -> f32 {
        if self.full == 0 {
            self.length
        } else {
            self.full_length / self.full as f32
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::feature::tests_support::{check, value};

    #[test]
    fn text_density_of_prose_is_far_above_that_of_a_menu_entry() {
        let prose = "The council voted on Tuesday night to repair the old bridge, ".repeat(4);
        let html = format!("<ul><li>News</li></ul><p>{prose}</p>");
        assert_eq!(value(&html, 0, "text.density"), 1.0);
        assert!(value(&html, 1, "text.density") > 12.0);
    }

    #[test]
    fn stop_words_and_sentence_ends_mark_prose() {
        let html = "<p>It is what they were after.</p><p>Latest News Today</p>";
        assert!(value(html, 0, "text.stopwords") > 0.7);
        assert_eq!(value(html, 1, "text.stopwords"), 0.0);
        assert_eq!(value(html, 0, "text.ends_sentence"), 1.0);
        assert_eq!(value(html, 1, "text.capitalised_words"), 1.0);
    }

    #[test]
    fn a_sentence_is_measured_by_its_words_letters_and_marks() {
        // 8 words, 3 of them function words; 27 letters and 2 marks.
        let html = "<p>Ann saw the old bridge, and it fell.</p>";
        check(
            html,
            &[
                (0, "text.length", 8.0_f32.ln_1p()),
                (0, "text.chars", 29.0_f32.ln_1p()),
                (0, "text.lines", 0.0),
                (0, "text.word_length", 29.0 / 8.0),
                (0, "text.density", 8.0),
                (0, "text.digits", 0.0),
                (0, "text.capitals", 1.0 / 27.0),
                (0, "text.capitalised_words", 1.0 / 8.0),
                (0, "text.punctuation", 2.0 / 29.0),
                (0, "text.commas", 1.0 / 8.0),
                (0, "text.sentences", 1.0_f32.ln_1p()),
                (0, "text.stopwords", 3.0 / 8.0),
                (0, "text.separators", 0.0),
                (0, "text.non_latin", 0.0),
                (0, "text.emphasis", 0.0),
                (0, "text.ends_sentence", 1.0),
            ],
        );
    }

    #[test]
    fn a_line_of_menu_entries_is_measured_by_its_separators_and_digits() {
        // 4 words, 13 letters, 2 digits and 2 separators.
        check(
            "<div>Home | News | 24 Sport</div>",
            &[
                (0, "text.separators", 2.0 / 4.0),
                (0, "text.digits", 2.0 / 17.0),
                (0, "text.punctuation", 2.0 / 17.0),
                (0, "text.capitals", 3.0 / 13.0),
                (0, "text.capitalised_words", 3.0 / 4.0),
                (0, "text.sentences", 0.0),
                (0, "text.ends_sentence", 0.0),
            ],
        );
    }

    #[test]
    fn length_does_not_hang_on_the_script() {
        check(
            "<p>老桥修好了。</p><p>Слово and word</p>",
            &[
                // 5 characters of .6 of a word each.
                (0, "text.length", 3.0_f32.ln_1p()),
                (0, "text.non_latin", 1.0),
                (0, "text.sentences", 1.0_f32.ln_1p()),
                (0, "text.ends_sentence", 1.0),
                // 5 letters of 12.
                (1, "text.length", 3.0_f32.ln_1p()),
                (1, "text.non_latin", 5.0 / 12.0),
            ],
        );
    }

    #[test]
    fn a_text_is_as_dense_as_its_full_lines() {
        // 10 words fill 80 columns, and 2 more go on in the same measure.
        let line = format!("{} approves", "council ".repeat(9).trim_end());
        assert_eq!(line.len(), 80);
        let html = format!("<p>{line}</p><p>{line} council council</p>");
        check(
            &html,
            &[(0, "text.density", 10.0), (1, "text.density", 10.0)],
        );
        // What does not fit goes to the next line: 7 words of 10 letters, for
        // an eighth would end in column 87, and 7 more; the last 2 do not count.
        let html = format!("<p>{}</p>", "settlement ".repeat(16));
        check(&html, &[(0, "text.density", 7.0)]);
        // 6 such words; an address, of 63 columns and 7 words, and one word more;
        // the last, of 60 letters, does not count.
        let html = format!(
            "<p>{} http://example.org/{} one {}</p>",
            "settlement ".repeat(6),
            "settlement-settlement-settlement-settlements",
            "one".repeat(20)
        );
        check(&html, &[(0, "text.density", (6.0 + 8.0) / 2.0)]);
    }

    #[test]
    fn lines_of_a_text_without_spaces_are_full() {
        // Lines of 80 characters of .6 each; the 10 last do not count.
        let chinese = "桥".repeat(170);
        // A mark goes with the character before it: 79, then 80 less the mark.
        let marked = format!("{}。{}", "桥".repeat(80), "桥".repeat(90));
        // One run of 200 characters is 40 units of length long, 16 on a line.
        let thai = "ก".repeat(200);
        // A Latin word among the characters is not cut.
        let mixed = format!("{}bridges{}", "桥".repeat(78), "桥".repeat(80));
        check(
            &format!("<p>{chinese}</p><p>{marked}</p><p>{thai}</p><p>{mixed}</p>"),
            &[
                (0, "text.density", 48.0),
                (1, "text.density", (79.0 + 79.0) * 0.6 / 2.0),
                (2, "text.density", 16.0),
                (3, "text.density", (78.0 * 0.6 + 1.0 + 73.0 * 0.6) / 2.0),
            ],
        );
    }

    #[test]
    fn latin_letters_are_so_in_all_their_blocks() {
        check(
            "<p>naïve ĳ ɂ</p><p>Đường phố</p><p>ⱡ Ꞌ ｗｏｒｄ</p><p>ба ab</p>",
            &[
                (0, "text.non_latin", 0.0),
                (1, "text.non_latin", 0.0),
                (2, "text.non_latin", 0.0),
                (3, "text.non_latin", 2.0 / 4.0),
            ],
        );
    }

    #[test]
    fn emphasis_and_breaks_are_seen() {
        // 14 bytes with the break: 4, 1, 4, 1, 4.
        let html = "<p><b>Note</b> that<br>well</p><p><em>All of it</em></p>";
        check(
            html,
            &[
                (0, "text.emphasis", 4.0 / 14.0),
                (0, "text.lines", 2.0_f32.ln()),
                (1, "text.emphasis", 1.0),
                (1, "text.lines", 0.0),
            ],
        );
        // 8 bytes; and lines of code.
        check(
            "<p>See <b>this</b></p><pre>a\nb\nc</pre>",
            &[
                (0, "text.emphasis", 4.0 / 8.0),
                (1, "text.lines", 3.0_f32.ln()),
            ],
        );
    }

    #[test]
    fn each_flag_is_raised_by_its_own_text_alone() {
        let flags = [
            ("text.ends_colon", "Tags:"),
            ("text.copyright", "© The Town Post"),
            ("text.starts_with_digit", "3 rooms"),
            ("text.date", "Posted 17.05.2024"),
            ("text.price", "Now $12"),
            ("text.address", "Write to ann@example.org"),
        ];
        for (name, text) in flags {
            let rows = flags.map(|(other, _)| (0, other, f32::from(u8::from(other == name))));
            check(&format!("<p>{text}</p>"), &rows);
        }
        check(
            "<p>See www.example.org/map</p><p>The bridge</p>",
            &[
                (0, "text.address", 1.0),
                (1, "text.address", 0.0),
                (1, "text.date", 0.0),
                (1, "text.price", 0.0),
            ],
        );
        check(
            "<p>17 mai 2024</p><p>Windows 2000 users</p><p>Salt, pepper; oil</p>",
            &[
                (0, "text.date", 1.0),
                (1, "text.date", 0.0),
                (2, "text.commas", 2.0 / 3.0),
            ],
        );
    }
}
