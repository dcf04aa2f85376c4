//! Texts that make careless tokenizers look back or ahead again and again.

use std::time::Instant;

use super::super::tokenize;
use super::record::Record;

/// Seconds for `piece` a number of times, after `opening`; the least of three.
fn seconds(opening: &str, piece: &str, times: usize) -> f64 {
    let text = opening.to_owned() + &piece.repeat(times);
    let once = || {
        let record = Record::default();
        let start = Instant::now();
        tokenize(&text, 256, &record, &record.place);
        start.elapsed().as_secs_f64()
    };
    (0..3).map(|_| once()).fold(f64::INFINITY, f64::min)
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
        ("<svg><![CDATA[", "]]"),
        ("", "\r"),
        ("", "\0"),
        ("<!doctype ", "public "),
    ] {
        let [once, twice] = [40_000, 80_000].map(|times| seconds(opening, piece, times));
        // Four times would be quadratic; a busy machine alone adds to either.
        assert!(
            twice < 3.0 * once + 0.05,
            "{opening}{piece}: {once} s, then {twice} s"
        );
    }
}

#[test]
fn a_tag_of_very_many_attributes_costs_linear_time() {
    let of = |count: usize| {
        let names: String = (0..count).map(|i| format!(" attribute-{i}=x")).collect();
        seconds("<p", &names, 1)
    };
    let [once, twice] = [of(50_000), of(100_000)];
    assert!(twice < 3.0 * once + 0.05, "{once} s, then {twice} s");
}
