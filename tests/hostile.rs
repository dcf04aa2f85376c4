//! Pages made to be slow: reading one twice as long may take about twice as
//! long. Parsing, cutting into blocks and measuring are timed together; a step
//! that is quadratic in any of them shows as a ratio near 4.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use dehusk::block::Blocks;
use dehusk::feature;
use dehusk::page::{Page, PageContext};

/// Between twice, which is linear, and four times, which is quadratic.
const MOST: f64 = 3.2;
const TRIES: usize = 3;
/// Times that a scheduler's whim could double.
const NOISE: Duration = Duration::from_millis(10);

/// One at a time: a test beside this one would be taken for slowness.
static CLOCK: Mutex<()> = Mutex::new(());

fn read(page: &str) -> Duration {
    let start = Instant::now();
    let page = Page::parse(page.as_bytes(), &PageContext::default());
    let blocks = Blocks::of(&page);
    let measured = feature::measure(&page, &blocks);
    assert_eq!(measured.matrix.nrows(), blocks.len());
    start.elapsed()
}

fn best(page: &str) -> Duration {
    (0..TRIES).map(|_| read(page)).min().unwrap_or_default()
}

/// Fails when a page of this shape and of size `2n` takes more than [`MOST`]
/// times what one of size `n` takes.
fn is_linear(n: usize, shape: impl Fn(usize) -> String) {
    let _alone = CLOCK.lock().unwrap_or_else(PoisonError::into_inner);
    let (once, twice) = (best(&shape(n)), best(&shape(2 * n)));
    assert!(
        twice <= once.mul_f64(MOST) + NOISE,
        "size {n}: {once:?}, twice that: {twice:?}"
    );
}

#[test]
fn very_many_paragraphs() {
    is_linear(4_000, |n| "<p>x".repeat(n));
}

#[test]
fn very_many_paragraphs_of_words() {
    is_linear(4_000, |n| {
        (0..n).map(|i| format!("<p>Word{i} and others")).collect()
    });
}

#[test]
fn divs_nested_without_end() {
    is_linear(20_000, |n| format!("{}x", "<div>".repeat(n)));
}

#[test]
fn divs_nested_with_text_at_every_level() {
    is_linear(20_000, |n| "<div>x".repeat(n));
}

#[test]
fn formatting_elements_that_are_never_closed() {
    is_linear(1_000, |n| {
        (0..n).map(|i| format!("<p><font color=c{i}>x")).collect()
    });
}

#[test]
fn formatting_elements_closed_in_the_wrong_order() {
    is_linear(2_000, |n| "<b><i><u><div></b>x</i></u>".repeat(n));
}

#[test]
fn one_tag_of_very_many_attributes() {
    is_linear(20_000, |n| {
        let attributes: String = (0..n).map(|i| format!(" a{i}=v")).collect();
        format!("<p{attributes}>x")
    });
}

#[test]
fn very_many_tags_of_many_attributes() {
    is_linear(200, |n| {
        let attributes: String = (0..300).map(|i| format!(" a{i}=v")).collect();
        format!("<p{attributes}>x").repeat(n)
    });
}

#[test]
fn items_that_are_never_closed() {
    is_linear(2_000, |n| format!("<ul>{}", "<li>x".repeat(n)));
    is_linear(2_000, |n| format!("<dl>{}", "<dt>x<dd>y".repeat(n)));
}

#[test]
fn lists_nested_in_items_that_are_never_closed() {
    is_linear(20_000, |n| "<ul><li>x".repeat(n));
}

#[test]
fn raw_text_names_nested_in_mathml() {
    is_linear(20_000, |n| format!("<math>{}", "<xmp>x".repeat(n)));
}

#[test]
fn tables_nested_in_cells() {
    is_linear(10_000, |n| "<table><tr><td>x".repeat(n));
}

#[test]
fn stray_end_tags() {
    is_linear(20_000, |n| {
        format!("{}{}x", "<div>".repeat(600), "</b></x></p>".repeat(n))
    });
}

#[test]
fn one_huge_text() {
    is_linear(200_000, |n| format!("<p>{}", "word, ".repeat(n)));
}

#[test]
fn one_huge_word() {
    is_linear(1_000_000, |n| format!("<p>{}", "x".repeat(n)));
}

#[test]
fn many_classes_above_many_blocks() {
    is_linear(4_000, |n| {
        let classes: Vec<String> = (0..n).map(|i| format!("class{i}")).collect();
        format!(
            "<div class=\"{}\">{}</div>",
            classes.join(" "),
            "<p>x".repeat(n)
        )
    });
}

#[test]
fn many_blocks_deep_below_elements_of_many_classes() {
    is_linear(2_000, |n| {
        let classes: String = (0..40).map(|i| format!("class{i} ")).collect();
        let above = format!("<div class=\"{classes}\">").repeat(100);
        format!("{above}{}", "<p>x".repeat(n))
    });
}

#[test]
fn a_comment_and_a_script_without_end() {
    is_linear(100_000, |n| format!("<p>x<!--{}", "<p>--".repeat(n)));
    is_linear(100_000, |n| format!("<p>x<script>{}", "</scrip".repeat(n)));
}

#[test]
fn very_many_runs_of_comments_below_one_element() {
    is_linear(1_000, |n| {
        let comment = "<time></time>We are nine singers here";
        let cells: String = (0..n)
            .map(|i| {
                let name: String = i
                    .to_string()
                    .bytes()
                    .map(|digit| char::from(digit - b'0' + b'a'))
                    .collect();
                format!("<p class=x{name}>{comment}</p>").repeat(3)
            })
            .collect();
        format!("<section class=comments>{cells}</section>")
    });
}

#[test]
fn very_many_text_areas_of_one_form() {
    is_linear(4_000, |n| {
        format!("<form>{}", "<p>x<textarea></textarea></p>".repeat(n))
    });
}
