//! Texts that make careless tokenizers look back or ahead again and again.

use std::time::Instant;

use super::super::{Options, tokenize};
use super::record::Record;

fn seconds(text: &str) -> f64 {
    let options = Options {
        attributes: 256,
        end_titles: true,
    };
    let record = Record::default();
    let start = Instant::now();
    tokenize(text, options, &record, &record.place);
    start.elapsed().as_secs_f64()
}

/// Whether a text takes no more than about twice the time that half of it does:
/// four times would be quadratic. A busy machine gets several tries.
fn is_linear(half: &str, whole: &str) -> bool {
    (0..8).any(|_| seconds(whole) < 3.0 * seconds(half) + 0.05)
}

#[test]
fn twice_the_text_costs_no_more_than_about_twice_the_time() {
    for (opening, piece) in [
        ("", "<!--"),
        ("<!--", "--"),
        ("<!--", "<!"),
        ("", "&"),
        ("", "&#"),
        ("", "&CounterClockwiseContourIntegra"),
        ("", "<a "),
        ("<p", " a"),
        ("<p", " a='"),
        ("<p ", "a=&amp"),
        ("", "</"),
        ("", "<"),
        ("<script>", "</script"),
        ("<script><!--", "<script "),
        ("<script><!--", "-"),
        ("<title>", "</title"),
        ("", "<title>"),
        ("<svg><![CDATA[", "]]"),
        ("", "\r"),
        ("", "\0"),
        ("<!doctype ", "public "),
    ] {
        let [half, whole] = [40_000, 80_000].map(|times| opening.to_owned() + &piece.repeat(times));
        assert!(is_linear(&half, &whole), "{opening}{piece}");
    }
}

#[test]
fn a_tag_of_very_many_attributes_costs_linear_time() {
    let tag = |count: usize| -> String {
        let names = (0..count).map(|i| format!(" attribute-{i}=x"));
        ["<p".to_owned()].into_iter().chain(names).collect()
    };
    assert!(is_linear(&tag(50_000), &tag(100_000)));
}
