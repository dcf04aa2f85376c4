//! The features of plain text: those of HTML that flattening leaves, and those of
//! lines.

use std::sync::LazyLock;

use super::{Feature, line, neighbour, page, position, repetition, shallow, title};

/// What asks for nothing but texts and their order.
const NAMES: [&str; 56] = [
    "text.length",
    "text.chars",
    "text.word_length",
    "text.digits",
    "text.capitals",
    "text.capitalised_words",
    "text.punctuation",
    "text.commas",
    "text.sentences",
    "text.stopwords",
    "text.separators",
    "text.non_latin",
    "text.ends_sentence",
    "text.ends_colon",
    "text.copyright",
    "text.starts_with_digit",
    "text.date",
    "text.price",
    "text.address",
    "position.blocks",
    "position.words",
    "position.before",
    "position.after",
    "position.index",
    "position.from_end",
    "position.paragraphs_before",
    "position.since_paragraph",
    "position.until_paragraph",
    "heading.distance",
    "near.length-3",
    "near.length-2",
    "near.length-1",
    "near.length+1",
    "near.length+2",
    "near.length+3",
    "near.sentence-1",
    "near.sentence+1",
    "window2.length",
    "window5.length",
    "window12.length",
    "window5.stopwords",
    "window5.commas",
    "window5.paragraphs",
    "window12.paragraphs",
    "window30.paragraphs",
    "window12.dates",
    "repeat.text",
    "repeat.before",
    "repeat.distance",
    "title.agreement",
    "title.distance",
    "page.length",
    "page.mean_length",
    "page.paragraph_share",
    "page.stopwords",
    "page.dates",
];

pub(super) fn schema() -> &'static [Feature] {
    static SCHEMA: LazyLock<Vec<Feature>> = LazyLock::new(|| {
        let of_html = [
            shallow::FEATURES,
            position::FEATURES,
            neighbour::FEATURES,
            repetition::FEATURES,
            title::FEATURES,
            page::FEATURES,
        ];
        let of_html = of_html.into_iter().flatten().copied();
        of_html
            .filter(|feature| NAMES.contains(&feature.name))
            .chain(line::FEATURES.iter().copied())
            .collect()
    });
    &SCHEMA
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_feature() {
        assert_eq!(schema().len(), NAMES.len() + line::FEATURES.len());
    }
}
