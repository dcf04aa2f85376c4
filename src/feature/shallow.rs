//! Shallow text features of the block itself (Kohlschütter, Fankhauser and
//! Nejdl 2010, *Boilerplate Detection using Shallow Text Features*, §3).

use super::Feature;
use super::facts::PageFacts;
use super::stats::{BlockStats, ratio};

pub(super) const FEATURES: &[Feature] = &[
    Feature::new(
        "text.length",
        "ln(1 + length in words of English size)",
        |f, i| f.stats[i].length.ln_1p(),
    ),
    Feature::new(
        "text.chars",
        "ln(1 + characters without white space)",
        |f, i| (f.stats[i].chars as f32).ln_1p(),
    ),
    Feature::new(
        "text.lines",
        "ln(lines of the block, as `<br>` makes them)",
        |f, i| (f.stats[i].lines as f32).ln(),
    ),
    Feature::new(
        "text.word_length",
        "average characters a unit of length (Kohlschütter 2010, average word length)",
        |f, i| ratio(f.stats[i].chars as f32, f.stats[i].length).min(20.0),
    ),
    Feature::new(
        "text.density",
        "text density: words a line when wrapped at 80 columns, without the last line \
         (Kohlschütter 2010, §3.2)",
        text_density,
    ),
    Feature::new(
        "text.digits",
        "share of digits among the characters, 0 to 1",
        |f, i| share(f, i, |s| s.digits),
    ),
    Feature::new(
        "text.capitals",
        "share of capitals among the letters, 0 to 1",
        |f, i| ratio(f.stats[i].capitals as f32, f.stats[i].letters as f32),
    ),
    Feature::new(
        "text.capitalised_words",
        "share of words that begin with a capital (Kohlschütter 2010), 0 to 1",
        |f, i| ratio(f.stats[i].capitalised_words as f32, f.stats[i].words as f32),
    ),
    Feature::new(
        "text.punctuation",
        "share of punctuation among the characters, 0 to 1",
        |f, i| share(f, i, |s| s.punctuation),
    ),
    Feature::new("text.commas", "commas for each unit of length", |f, i| {
        ratio(f.stats[i].commas as f32, f.stats[i].length).min(1.0)
    }),
    Feature::new(
        "text.sentences",
        "ln(1 + sentence ends of any script)",
        |f, i| (f.stats[i].sentences as f32).ln_1p(),
    ),
    Feature::new(
        "text.stopwords",
        "share of function words (jusText, Pomikálek 2011, §3.3), 0 to 1",
        |f, i| ratio(f.stats[i].stopwords as f32, f.stats[i].words as f32),
    ),
    Feature::new(
        "text.separators",
        "marks that pages set between menu entries, for each unit of length",
        |f, i| ratio(f.stats[i].separators as f32, f.stats[i].length).min(1.0),
    ),
    Feature::new(
        "text.non_latin",
        "share of letters beyond Latin, 0 to 1",
        |f, i| ratio(f.stats[i].non_latin as f32, f.stats[i].letters as f32),
    ),
    Feature::new(
        "text.emphasis",
        "share of the text in emphasis, 0 to 1",
        |f, i| ratio(f.stats[i].emphasis as f32, f.block(i).text.len() as f32),
    ),
    Feature::new(
        "text.ends_sentence",
        "1 when the block ends like a sentence",
        |f, i| flag(f.stats[i].ends_sentence),
    ),
    Feature::new(
        "text.ends_colon",
        "1 when the block ends with a colon",
        |f, i| flag(f.stats[i].ends_colon),
    ),
    Feature::new(
        "text.copyright",
        "1 when the block holds a copyright sign",
        |f, i| flag(f.stats[i].has_copyright),
    ),
    Feature::new(
        "text.starts_with_digit",
        "1 when the block begins with a digit",
        |f, i| flag(f.stats[i].starts_with_digit),
    ),
    Feature::new(
        "text.date",
        "1 when a short block holds a date or a time",
        |f, i| flag(f.stats[i].date_like),
    ),
    Feature::new(
        "text.price",
        "1 when a currency sign stands by a digit",
        |f, i| flag(f.stats[i].price_like),
    ),
    Feature::new(
        "text.address",
        "1 when the block holds a web or mail address",
        |f, i| flag(f.stats[i].address_like),
    ),
];

pub(super) fn flag(value: bool) -> f32 {
    f32::from(u8::from(value))
}

fn share(facts: &PageFacts<'_>, i: usize, count: fn(&BlockStats) -> u32) -> f32 {
    let stats = &facts.stats[i];
    ratio(count(stats) as f32, stats.chars as f32)
}

/// Words on all wrapped lines but the last, over those lines; of a block of
/// one line, all its words.
fn text_density(facts: &PageFacts<'_>, i: usize) -> f32 {
    const COLUMNS: f32 = 80.0;
    let stats = &facts.stats[i];
    let columns = facts.block(i).text.chars().count() as f32;
    if columns <= COLUMNS {
        return stats.length;
    }
    ratio(stats.length, columns / COLUMNS)
}

#[cfg(test)]
mod tests {
    use crate::feature::tests_support::value;

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
}
