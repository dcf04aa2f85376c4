//! Pages made to be slow: extracting one twice as long, in every form, may take
//! about twice as long. A megabyte may take a second for its text, and three for every
//! form.
//!
//! The time is that of the thread, not the clock's on the wall, and the least of
//! some tries, so that what else a machine does is not taken for slowness. A
//! release build (`cargo test --release --test hostile`) reads pages eight times
//! as long.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use dehusk::Extractor;
use dehusk::page::{InputKind, PageContext};
use dehusk::render::Renderings;
use dehusk::select::{Comments, Policies, Selection};

/// Between twice, which is linear, and four times, which is quadratic.
const MOST: f64 = 2.6;
const TRIES: usize = 3;
/// How often they are made where the least of them is too long.
const ROUNDS: usize = 4;
/// Times that a scheduler's whim could double.
const NOISE: Duration = Duration::from_millis(10);
/// Bytes of the shortest page.
const BYTES: usize = if cfg!(debug_assertions) {
    30_000
} else {
    240_000
};
/// Time for the text of a megabyte; what is not optimised takes longer.
const A_MEGABYTE: Duration = Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 1 });

/// How much longer every form of it may take: the XPaths of 60,000 blocks a hundred
/// deep alone are 36 MB.
const EVERY_FORM: f64 = 3.0;

/// One at a time: a test beside this one would take memory and cache from it.
static CLOCK: Mutex<()> = Mutex::new(());

/// Time that this thread has had a processor for.
fn thread_time(since: Instant) -> Duration {
    let stated = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = stated.and_then(|stated| stated.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| since.elapsed(), Duration::from_nanos)
}

/// Extracts everything in every form.
fn extractor() -> Extractor {
    let renderings = Renderings::all();
    let policies = Policies {
        comments: Comments::Separate,
        ..Policies::default()
    };
    Extractor::default()
        .renderings(renderings)
        .policies(policies)
        .selection(Selection::Threshold(0.0))
}

fn time_of(page: &str, kind: InputKind, extractor: &Extractor) -> Duration {
    let context = PageContext {
        kind,
        ..PageContext::default()
    };
    let once = || {
        let since = Instant::now();
        let before = thread_time(since);
        let extraction = extractor.extract(page.as_bytes(), &context);
        drop(extraction);
        thread_time(since).saturating_sub(before)
    };
    (0..TRIES).map(|_| once()).min().unwrap_or_default()
}

/// The least time of several, up to the first that is at most so long: what else a
/// machine does only ever adds to one.
fn least(most: Duration, time: impl Fn() -> Duration) -> Duration {
    let mut least = time();
    for _ in 1..ROUNDS {
        if least <= most {
            break;
        }
        least = least.min(time());
    }
    least
}

/// Fails where a page of units is not read in time linear in their number, or in
/// no more than a page of so many bytes may take.
fn is_linear(unit: impl Fn(usize) -> String) {
    is_linear_of(|n| (0..n).map(&unit).collect(), unit(1_000).len());
}

/// The same of a plain text.
fn is_linear_text(unit: impl Fn(usize) -> String) {
    let text = |n| (0..n).map(&unit).collect();
    is_linear_of_kind(InputKind::Text, text, unit(1_000).len());
}

/// The same of pages that are more than their units.
fn is_linear_of(page: impl Fn(usize) -> String, unit_bytes: usize) {
    is_linear_of_kind(InputKind::Html, page, unit_bytes);
}

fn is_linear_of_kind(kind: InputKind, page: impl Fn(usize) -> String, unit_bytes: usize) {
    let _alone = CLOCK.lock().unwrap_or_else(PoisonError::into_inner);
    let n = (BYTES / unit_bytes).max(1);
    let (every_form, text_alone) = (extractor(), Extractor::default());
    let mut before: Option<Duration> = None;
    for times in [1, 2, 4] {
        let page = page(times * n);
        let most = A_MEGABYTE.mul_f64(page.len() as f64 / 1e6);
        let most_of_all = most.mul_f64(EVERY_FORM) + 5 * NOISE;
        let most_by_half = before.map_or(most_of_all, |before| before.mul_f64(MOST) + NOISE);
        let time = least(most_by_half.min(most_of_all), || {
            time_of(&page, kind, &every_form)
        });
        assert!(
            time <= most_by_half,
            "{times} times {n}: {time:?}, half of it: {before:?}"
        );
        assert!(time <= most_of_all, "{} bytes: {time:?}", page.len());
        if times == 4 {
            let most = most + 5 * NOISE;
            let time = least(most, || time_of(&page, kind, &text_alone));
            assert!(time <= most, "text of {} bytes: {time:?}", page.len());
        }
        before = Some(time);
    }
}

macro_rules! linear {
    ($linear:ident: $($name:ident: $unit:expr;)*) => {$(
        #[test]
        fn $name() {
            $linear($unit);
        }
    )*};
}

linear! { is_linear_text:
    a_text_of_one_line: |_| "word, and another ".to_owned();
    a_text_of_one_line_without_spaces: |_| "x".to_owned();
    a_text_of_one_line_without_an_end_of_words: |_| "平文".to_owned();
    a_text_of_a_character_a_line: |_| "x\n".to_owned();
    a_text_of_a_character_a_group: |_| "x\n\n".to_owned();
    a_text_of_empty_lines: |_| "\n".to_owned();
    a_text_of_empty_lines_of_another_system: |_| "\r\n".to_owned();
    a_text_of_nul_characters: |_| "\0".to_owned();
    a_text_of_nul_characters_in_lines: |_| "a\0\n".to_owned();
    a_text_of_spaces: |_| " \t".to_owned();
    a_text_of_list_marks: |_| "1. ".to_owned();
    a_text_of_digits: |_| "7".to_owned();
    a_text_of_paragraphs_that_are_alike: |_| "The ferry left the quay at nine.\n\n".to_owned();
    a_text_of_headings_and_paragraphs: |i| format!("{i} hours\nThe ferry left the quay at nine.\n");
    a_text_of_markup: |_| "<b>&amp;</b>\n".to_owned();
}

linear! { is_linear:
    very_many_paragraphs: |_| "<p>x".to_owned();
    very_many_paragraphs_of_words: |i| format!("<p>Word{i} and others");
    very_many_paragraphs_that_are_alike: |_| "<p>The ferry left the quay at nine.".to_owned();
    very_many_headings: |_| "<h2>Same</h2>".to_owned();
    very_many_links: |i| format!("<a href=/{i}>Link {i}</a> ");
    very_many_line_breaks: |_| "<br>x".to_owned();
    very_many_rules: |_| "<hr>x".to_owned();
    divs_nested_without_end: |_| "<div>".to_owned();
    divs_nested_with_text_at_every_level: |_| "<div>x".to_owned();
    bold_nested_without_end: |_| "<b>x".to_owned();
    fonts_nested_without_end: |i| format!("<font color=c{i}>x");
    links_nested_without_end: |i| format!("<a href=/{i}>x");
    quotes_nested_without_end: |_| "<blockquote>x".to_owned();
    quotations_nested_in_one_paragraph: |_| "<em><q>x".to_owned();
    formatting_elements_that_are_never_closed: |i| format!("<p><font a={i}>x");
    formatting_elements_closed_in_the_wrong_order:
        |_| "<b><i><u><div></b>x</i></u>".to_owned();
    items_that_are_never_closed: |_| "<li>x".to_owned();
    terms_that_are_never_closed: |_| "<dt>x<dd>y".to_owned();
    lists_nested_in_items_that_are_never_closed: |_| "<ul><li>x".to_owned();
    definitions_nested_in_definitions: |_| "<dl><dd>x".to_owned();
    tables_nested_in_cells: |_| "<table><tr><td>x".to_owned();
    cells_that_are_never_closed: |_| "<table><tr><td>x<td>y</table>".to_owned();
    cells_that_span_very_many:
        |_| "<table><tr><th colspan=1000 rowspan=1000>a<th>b<tr><td colspan=9999>c</table>".to_owned();
    forms_closed_before_what_stands_in_them: |_| "<form><div>x</form>".to_owned();
    drawings_nested_without_end: |_| "<svg><g>".to_owned();
    formulas_nested_without_end: |_| "<math><mrow><mi>x</mi>".to_owned();
    templates_nested_without_end: |_| "<template>x".to_owned();
    selects: |_| "<select><option>x</select>".to_owned();
    entities: |_| "&amp;&notanentity;&#x41;&CounterClockwiseContourIntegral;".to_owned();
    comments: |_| "<!--x-->y".to_owned();
    comments_with_dashes: |_| "<!-- - -- --->y ".to_owned();
    styles_of_very_many_declarations: |i| format!("<p style='a{i}:b;color:#fff;opacity:1'>x");
    footnotes: |i| format!("<p>x<sup><a href=#n{i}>{i}</a></sup><li id=n{i}>note {i}</li>");
    marks_of_emphasis: |_| "<b>*</b>_<i>a_</i>**`".to_owned();
    stray_end_tags: |_| "</b></x></p>".to_owned();
    one_text_of_words: |_| "word, ".to_owned();
    one_word: |_| "x".to_owned();
    one_text_without_spaces: |_| "中文网页正文抽取".to_owned();
    nul_characters: |_| "a\0".to_owned();
    spaces: |_| " \t\n".to_owned();
}

#[test]
fn one_tag_of_very_many_attributes() {
    is_linear_of(
        |n| {
            let attributes: String = (0..n).map(|i| format!(" a{i}=v")).collect();
            format!("<p{attributes}>x")
        },
        8,
    );
}

#[test]
fn very_many_tags_of_many_attributes() {
    let attributes: String = (0..300).map(|i| format!(" a{i}=v")).collect();
    is_linear(|_| format!("<p{attributes}>x"));
}

#[test]
fn raw_text_names_nested_in_mathml() {
    is_linear_of(|n| format!("<math>{}", "<xmp>x".repeat(n)), 6);
}

#[test]
fn a_wide_table() {
    is_linear_of(
        |n| format!("<table><tr>{}", "<td>x<td rowspan=9>y".repeat(n)),
        20,
    );
}

#[test]
fn code_of_very_many_lines() {
    let line = |i| format!("<span class=lineno>{i}</span>let x = {i};\n");
    is_linear_of(
        |n| format!("<pre>{}", (0..n).map(line).collect::<String>()),
        45,
    );
}

#[test]
fn stray_end_tags_below_many_elements() {
    is_linear_of(
        |n| format!("{}{}x", "<div>".repeat(600), "</b></x></p>".repeat(n)),
        12,
    );
}

#[test]
fn many_classes_above_many_blocks() {
    is_linear_of(
        |n| {
            let classes: String = (0..n).map(|i| format!("class{i} ")).collect();
            format!("<div class=\"{classes}\">{}</div>", "<p>x".repeat(n))
        },
        14,
    );
}

#[test]
fn many_blocks_deep_below_elements_of_many_classes() {
    let classes: String = (0..40).map(|i| format!("class{i} ")).collect();
    let above = format!("<div class=\"{classes}\">").repeat(100);
    is_linear_of(|n| format!("{above}{}", "<p>x".repeat(n)), 4);
}

#[test]
fn a_comment_and_a_script_and_a_title_without_end() {
    is_linear_of(|n| format!("<p>x<!--{}", "<p>--".repeat(n)), 5);
    is_linear_of(|n| format!("<p>x<script>{}", "</scrip".repeat(n)), 7);
    is_linear_of(|n| format!("<title>x{}", "<title".repeat(n)), 6);
}

#[test]
fn very_many_runs_of_comments_below_one_element() {
    let cell = |i: usize| {
        let name: String = i
            .to_string()
            .bytes()
            .map(|digit| char::from(digit - b'0' + b'a'))
            .collect();
        format!("<p class=x{name}><time></time>We are nine singers here</p>").repeat(3)
    };
    is_linear_of(
        |n| {
            let cells: String = (0..n).map(cell).collect();
            format!("<section class=comments>{cells}</section>")
        },
        150,
    );
}

#[test]
fn very_many_comments_of_readers() {
    let comment = |i| {
        format!("<li class=comment><b>Ann {i}</b> <time>3 May 2024</time><p>I was there too, {i}.")
    };
    is_linear_of(
        |n| {
            let comments: String = (0..n).map(comment).collect();
            format!("<h1>Day</h1><p>A long day it was.<h2>Comments</h2><ol>{comments}</ol>")
        },
        75,
    );
}

#[test]
fn very_many_text_areas_of_one_form() {
    is_linear_of(
        |n| format!("<form>{}", "<p>x<textarea></textarea></p>".repeat(n)),
        30,
    );
}

#[test]
fn json_ld_of_very_many_things() {
    let thing = |i| format!("{{\"@type\":\"Article\",\"headline\":\"No {i}\",\"@id\":\"#{i}\"}},");
    is_linear_of(
        |n| {
            let things: String = (0..n).map(thing).collect();
            format!("<script type=application/ld+json>[{things}0]</script><p>x")
        },
        60,
    );
}
