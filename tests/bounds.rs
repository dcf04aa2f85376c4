//! What a page may cost: stack, limits, time.

use std::time::{Duration, Instant};

use dehusk::page::{Limits, PageContext};
use dehusk::render::Renderings;
use dehusk::select::Selection;
use dehusk::watch::{CancelToken, Stopped, Watch};
use dehusk::{Extraction, Extractor};

/// Keeps all there is, in every form.
fn extractor(limits: Limits) -> Extractor {
    let renderings = Renderings::all();
    Extractor::default()
        .renderings(renderings)
        .selection(Selection::Threshold(0.0))
        .limits(limits)
}

fn extract_within(limits: Limits, page: &str) -> Extraction {
    extractor(limits).extract(page.as_bytes(), &PageContext::default())
}

/// Every form of the content, by its name.
fn forms(extraction: &Extraction) -> [(&'static str, String); 6] {
    let of = |form: &Option<String>| form.clone().unwrap_or_default();
    let blocks = extraction.blocks.iter().flatten();
    [
        ("text", extraction.text.clone()),
        ("plain", of(&extraction.plain)),
        ("markdown", of(&extraction.markdown)),
        ("html", of(&extraction.html)),
        ("tei", of(&extraction.tei)),
        ("blocks", blocks.map(|block| block.text.as_str()).collect()),
    ]
}

/// Stack that a server may give a thread.
const STACK: usize = 256 << 10;
const DEEP: usize = 1_000_000;

/// Extracts, and drops what came of it, on a small stack.
fn extracts_on_a_small_stack(page: String, words: &[&str]) {
    // The model is loaded once a process, on whatever stack there is.
    extractor(Limits::default());
    let forms = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || forms(&extract_within(Limits::default(), &page)))
        .unwrap()
        .join()
        .unwrap();
    for (form, text) in forms {
        for word in words {
            assert!(text.contains(word), "no {word} in {form}");
        }
    }
}

fn nested(unit: &str) -> String {
    let half = unit.repeat(DEEP / 2);
    format!("<p>Firstword</p>{half}Middleword{half}Lastword")
}

macro_rules! deep {
    ($($name:ident: $unit:expr;)*) => {$(
        #[test]
        fn $name() {
            extracts_on_a_small_stack(nested($unit), &["Firstword", "Middleword", "Lastword"]);
        }
    )*};
}

deep! {
    a_million_nested_divs_keep_their_text_on_a_small_stack: "<div>";
    a_million_nested_bold_elements_keep_their_text_on_a_small_stack: "<b>";
    a_million_nested_fonts_keep_their_text_on_a_small_stack: "<font size=2>";
    a_million_nested_items_keep_their_text_on_a_small_stack: "<ul><li>";
    a_million_nested_tables_keep_their_text_on_a_small_stack: "<table><tr><td>";
    a_million_nested_quotes_keep_their_text_on_a_small_stack: "<blockquote>";
    a_million_quotations_in_one_paragraph_keep_their_text_on_a_small_stack: "<em><q>";
    a_million_nested_spans_keep_their_text_on_a_small_stack: "<span>";
}

#[test]
fn what_stands_round_a_million_nested_drawings_is_kept_on_a_small_stack() {
    let (open, close) = ("<svg><g>".repeat(DEEP / 2), "</g></svg>".repeat(DEEP / 2));
    let page = format!("<p>Firstword</p>{open}x{close}<p>Lastword");
    extracts_on_a_small_stack(page, &["Firstword", "Lastword"]);
}

#[test]
fn what_stands_beside_a_million_nested_lists_of_json_is_kept_on_a_small_stack() {
    let lists = format!("{}{}", "[".repeat(DEEP), "]".repeat(DEEP));
    let page =
        format!("<p>Firstword</p><script type=application/ld+json>{lists}</script><p>Lastword");
    extracts_on_a_small_stack(page, &["Firstword", "Lastword"]);
}

#[test]
fn a_page_within_its_limits_has_no_warning() {
    let page = "<!--x--><table><tr><td colspan=3>One<td>Two</table><p>Three<!--y-->";
    assert_eq!(
        extract_within(Limits::default(), page).warnings,
        [] as [&str; 0]
    );
}

#[test]
fn comments_past_the_bound_of_nodes_go_and_the_text_stays() {
    let mut limits = Limits::default();
    limits.nodes = 100;
    let page = format!("<p>Firstword{}<p>Lastword", "<!--x-->y".repeat(500));
    let extraction = extract_within(limits, &page);
    assert_eq!(
        extraction.warnings,
        ["comments and tags after the first 100 nodes were dropped, their text kept"]
    );
    let said = format!("Firstword{}Lastword", "y".repeat(500));
    assert_eq!(extraction.text.replace('\n', ""), said);
}

#[test]
fn text_past_the_bound_of_blocks_is_kept_in_lines() {
    let mut limits = Limits::default();
    limits.blocks = 3;
    let page = "<div><p>One<p>Two<ul><li>Three<li>Four<li>F<b>iv</b>e</ul>Six<hr>Seven\
        <br><br>Eight<p>Nine</div><p>Ten";
    let extraction = extract_within(limits, page);
    assert_eq!(
        extraction.warnings,
        ["after 3 blocks the text was cut into no more, and kept"]
    );
    let words: Vec<&str> = extraction.text.split_whitespace().collect();
    assert_eq!(
        words,
        [
            "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"
        ]
    );
    assert!(extraction.blocks.as_ref().unwrap().len() <= 6);
    for (form, text) in forms(&extraction) {
        assert!(
            text.contains("Four") && text.contains("Ten"),
            "{form}: {text}"
        );
    }
}

#[test]
fn renderings_past_the_bound_of_output_are_whole_documents_and_say_that_they_are_cut() {
    let mut limits = Limits::default();
    limits.output = 1_000;
    let item = |i| format!("<li>Item number {i} of a list that is long");
    let items: String = (0..200).map(item).collect();
    let page = format!("<h1>Head</h1><blockquote><ol>{items}</ol></blockquote><p>Lastword");
    let extraction = extract_within(limits, &page);
    for (form, text) in forms(&extraction) {
        assert!(text.contains("Item number 9 of"), "{form}");
        assert!(!text.contains("Lastword"), "{form}");
        assert!(text.len() < 1_500, "{form}: {}", text.len());
        let said = format!("{form} cut after 1000 bytes: what followed is not in it");
        assert!(extraction.warnings.contains(&said), "{form}");
    }
    assert_eq!(extraction.warnings.len(), 6);
    let html = extraction.html.unwrap();
    let close = "</li>\n</ol>\n</blockquote>\n</article>\n";
    assert!(html.ends_with(close), "{html}");
    let mut reader = quick_xml::Reader::from_str(extraction.tei.as_deref().unwrap());
    while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
}

#[test]
fn spans_of_cells_are_a_thousand_at_the_most() {
    let cells = "<tr><td colspan=100000 rowspan=100000>a<td>b".repeat(2_000);
    let extraction = extract_within(Limits::default(), &format!("<table>{cells}</table>"));
    for (form, text) in forms(&extraction) {
        assert!(text.len() < 2_000 * 100, "{form}: {}", text.len());
    }
    let html = extraction.html.unwrap_or_default();
    assert!(html.contains("colspan=\"1000\" rowspan=\"1000\""), "{html}");
}

#[test]
fn short_markup_cannot_ask_for_elements_without_end() {
    let page: String = (0..20_000).map(|i| format!("<p><font a={i}>x")).collect();
    let extraction = extract_within(Limits::default(), &page);
    assert_eq!(extraction.text.matches('x').count(), 20_000);
    let dropped = |warning: &String| warning.starts_with("tags after the first");
    assert!(
        extraction.warnings.iter().any(dropped),
        "{:?}",
        extraction.warnings
    );
}

/// A page that takes seconds, and many where nothing is optimised.
fn slow_page() -> String {
    "<p>Word and others".repeat(200_000)
}

/// What a busy machine may add to a time.
const SLACK: Duration = Duration::from_secs(1);

#[test]
fn a_page_that_takes_too_long_is_stopped() {
    let page = slow_page();
    let extractor = extractor(Limits::default());
    for after in [1, 50, 400].map(Duration::from_millis) {
        let begun = Instant::now();
        let watch = Watch::default().timeout(after);
        let extracted = extractor.extract_within(page.as_bytes(), &PageContext::default(), &watch);
        assert_eq!(extracted, Err(Stopped::TimedOut { after }));
        let taken = begun.elapsed();
        assert!(taken < after + SLACK, "{taken:?} for {after:?}");
    }
}

#[test]
fn another_thread_can_stop_a_page_at_any_time() {
    let page = slow_page();
    let extractor = extractor(Limits::default());
    for after in [5, 150, 600].map(Duration::from_millis) {
        let token = CancelToken::default();
        let watch = Watch::default().token(&token);
        let (extracted, taken) = std::thread::scope(|scope| {
            let work = scope.spawn(|| {
                extractor.extract_within(page.as_bytes(), &PageContext::default(), &watch)
            });
            std::thread::sleep(after);
            let cancelled = Instant::now();
            token.cancel();
            (work.join().unwrap(), cancelled.elapsed())
        });
        assert_eq!(extracted, Err(Stopped::Cancelled));
        assert!(taken < SLACK, "{taken:?} at {after:?}");
    }
}

#[test]
fn a_page_that_is_done_in_time_is_what_it_is_without_a_watch() {
    let page = b"<h1>Ferry back in service</h1><p>It sailed again on Monday morning.";
    let extractor = extractor(Limits::default());
    let context = PageContext::default();
    let watch = Watch::default()
        .timeout(Duration::from_secs(600))
        .token(&CancelToken::default());
    assert_eq!(
        extractor.extract_within(page, &context, &watch),
        Ok(extractor.extract(page, &context))
    );
}
