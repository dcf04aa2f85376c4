//! What must hold of every extraction.

use dehusk::page::Page;
use dehusk::render::check_html;
use dehusk::{Extraction, Judged};
use pulldown_cmark::{Event, Parser, Tag};
use quick_xml::Reader;
use quick_xml::events::Event as Xml;
use url::Url;

/// Checks all that an extraction has.
///
/// # Panics
/// When something does not hold, as all checks here do.
pub fn check_extraction(extraction: &Extraction) {
    let quality = extraction.quality;
    assert!((0.0..=1.0).contains(&quality), "quality {quality}");
    let json = serde_json::to_string(extraction).expect("an extraction is JSON");
    let read: serde_json::Value = serde_json::from_str(&json).expect("JSON reads back");
    assert_eq!(read["text"], extraction.text, "the text as JSON");
    if let Some(html) = &extraction.html {
        check_html(html).unwrap_or_else(|not_allowed| panic!("{not_allowed} in {html}"));
    }
    if let Some(markdown) = &extraction.markdown {
        check_markdown(markdown);
    }
    if let Some(tei) = &extraction.tei {
        check_tei(tei);
    }
    for block in extraction.blocks.iter().flatten() {
        let p = block.probability;
        assert!((0.0..=1.0).contains(&p), "probability {p}");
        assert!(block.xpath.starts_with('/'), "xpath {}", block.xpath);
    }
}

/// Checks that what is said of a page's blocks lies inside them and the page, which
/// was made of `bytes`.
pub fn check_judged(bytes: &[u8], page: &Page, judged: &Judged) {
    let blocks = &judged.blocks;
    assert_eq!(judged.probabilities.len(), blocks.len());
    assert_eq!(judged.kept.len(), blocks.len());
    for (i, block) in blocks.blocks.iter().enumerate() {
        assert!(!block.text.is_empty());
        let mut end = 0;
        for link in &block.links {
            assert!(end <= link.start && link.start < link.end);
            let shown = block.text.get(link.clone()).expect("a link in the text");
            assert_eq!(shown.trim(), shown);
            end = link.end;
        }
        assert!(block.emphasis <= block.text.len());
        for &node in &block.nodes {
            if let Some(span) = page.span(node) {
                let text = bytes.get(span).expect("a span of the page");
                std::str::from_utf8(text).expect("a span of whole characters");
            }
            let node = page.html.tree.get(node).expect("a node of the page");
            assert!(node.value().is_text());
        }
        assert!(blocks.depth(i) > 0);
    }
}

/// Whether a browser that shows the rendering somewhere would only go to a page,
/// or to nothing, or begin a letter or a call.
fn is_safe(address: &str) -> bool {
    let page = Url::parse("https://shown.example/").expect("an address");
    match page.join(address) {
        Ok(url) => matches!(url.scheme(), "http" | "https" | "mailto" | "tel"),
        Err(_) => true,
    }
}

/// Checks that Markdown has no raw HTML and no address that runs something.
pub fn check_markdown(markdown: &str) {
    for event in Parser::new_ext(markdown, pulldown_cmark::Options::all()) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => panic!("{html} in {markdown}"),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                assert!(is_safe(&dest_url), "{dest_url} in {markdown}");
            }
            _ => {}
        }
    }
}

/// Checks that TEI is well-formed XML.
pub fn check_tei(tei: &str) {
    let mut reader = Reader::from_str(tei);
    let mut depth = 0;
    loop {
        match reader.read_event() {
            Ok(Xml::Start(start)) => {
                depth += 1;
                for attribute in start.attributes() {
                    attribute.unwrap_or_else(|error| panic!("{error} in {tei}"));
                }
            }
            Ok(Xml::End(_)) => depth -= 1,
            Ok(Xml::Eof) => break,
            Ok(_) => {}
            Err(error) => panic!("{error} in {tei}"),
        }
    }
    assert_eq!(depth, 0, "an element is never closed in {tei}");
    let allowed =
        |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{7f}'..='\u{9f}');
    assert!(tei.chars().all(allowed), "a character of no XML in {tei}");
    assert!(!tei.contains(['\u{fffe}', '\u{ffff}']));
}
