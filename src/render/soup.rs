//! What must hold of every rendering, on pages that no one would write.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::select;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::outline::{Same, compare};
use super::{RenderOptions, check_html, document, html, markdown, plain, text};
use crate::block::{Block, Blocks};
use crate::extract::Judged;
use crate::feature::Discussion;
use crate::page::{Page, PageContext};
use crate::select::Policies;
use crate::text::{count_words, is_cjk, words};

/// Reads and judges a page: what stands in an element with `data-drop` is surely no
/// content, with `data-unsure` maybe, all else surely.
pub(super) fn judged(html: &str) -> (Page, Judged) {
    judged_bytes(html.as_bytes())
}

fn judged_bytes(html: &[u8]) -> (Page, Judged) {
    let context = PageContext {
        url: "https://site.example/a/page.html".parse().ok(),
        ..PageContext::default()
    };
    let page = Page::parse(html, &context);
    let blocks = Blocks::of(&page);
    let has = |i: usize, name| {
        blocks.outline.lineage(blocks.blocks[i].element).any(|id| {
            let node = page.html.tree.get(blocks.outline[id].node);
            let element = node.and_then(|node| node.value().as_element());
            element.is_some_and(|element| element.attr(name).is_some())
        })
    };
    let probabilities: Vec<f32> = (0..blocks.len())
        .map(|i| match (has(i, "data-drop"), has(i, "data-unsure")) {
            (true, _) => 0.01,
            (_, true) => 0.3,
            _ => 0.99,
        })
        .collect();
    let kept = probabilities.iter().map(|&p| p >= 0.5).collect();
    let judged = Judged {
        probabilities,
        words: word_counts(&blocks),
        kept,
        discussion: Discussion::of(&page, &blocks),
        hidden: Default::default(),
        policies: Policies::default(),
        blocks,
        quality: 1.0,
    };
    (page, judged)
}

/// How many words each block has.
pub(super) fn word_counts(blocks: &Blocks) -> Vec<f32> {
    let words = |block: &Block| count_words(&block.text) as f32;
    blocks.blocks.iter().map(words).collect()
}

/// The text of Markdown by a parser of CommonMark, without the alternatives of
/// images; `None` where raw HTML is in it.
pub(super) fn text_of_markdown(markdown: &str) -> Option<String> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_MATH;
    let mut text = String::new();
    let mut images = 0;
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(Tag::Image { .. }) => images += 1,
            Event::End(TagEnd::Image) => images -= 1,
            Event::Text(part) | Event::Code(part) if images == 0 => text.push_str(&part),
            Event::InlineMath(tex) | Event::DisplayMath(tex) => text.push_str(&tex),
            Event::Html(_) | Event::InlineHtml(_) => return None,
            Event::SoftBreak | Event::HardBreak => text.push('\n'),
            Event::Start(Tag::Paragraph | Tag::Item | Tag::TableCell | Tag::CodeBlock(_))
            | Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::TableCell
                | TagEnd::CodeBlock,
            ) => text.push('\n'),
            _ => {}
        }
    }
    Some(text)
}

/// The text of HTML, blocks apart.
pub(super) fn text_of_html(html: &str) -> String {
    let context = PageContext::default();
    let blocks = Blocks::of(&Page::parse(html.as_bytes(), &context));
    text(&blocks, &vec![true; blocks.len()])
}

/// The words of a text, raised and lowered digits as they were. Characters that are
/// words by themselves are told from their neighbours with or without a space.
pub(super) fn words_of(text: &str) -> Vec<String> {
    let forms = "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉";
    let plain = |c: char| match forms.chars().position(|form| form == c) {
        Some(at) => char::from(b'0' + (at % 10) as u8),
        None if c == 'ⁿ' => 'n',
        None => c,
    };
    let text: String = text.chars().map(plain).collect();
    words(&text).map(str::to_owned).collect()
}

/// Pieces of pages that meet in ways that no one foresaw.
fn soup() -> impl Strategy<Value = String> {
    let tag = "<[/]?(p|div|b|i|em|strong|code|s|span|h2|ul|ol|li|blockquote|hr|br|\
        table|tr|td|th|caption|thead|dl|dt|dd|figure|figcaption|details|summary|noscript|\
        custom-x|a href=/x|a href=javascript:x|ol start=3|img src=i.png alt=x|div data-drop|\
        li data-unsure|td colspan=2 rowspan=2|svg|button|form)>";
    let word = "[a-z]{1,3}|[0-9]{1,2}[.)]|你|é";
    let sign = "[-+*_`~#>=|$!:.,\"'\\\\()\\[\\]&;{}^]{1,3}|&lt;|&amp;amp;|&lt;b&gt;|“|」";
    let part = prop_oneof![3 => tag, 4 => word, 2 => sign, 3 => "( |\n|&nbsp;){1,2}"];
    proptest::collection::vec(part, 0..60).prop_map(|parts| parts.concat())
}

/// … and code in it. Blocks set apart what stands in neighbouring spans; code does
/// not, so that its words may be others.
pub(super) fn soup_with_code() -> impl Strategy<Value = String> {
    let code = "<[/]?pre>|<pre class=language-c>";
    let parts = proptest::collection::vec((soup(), code), 0..5);
    parts.prop_map(|parts| {
        parts
            .into_iter()
            .flat_map(|(soup, code)| [soup, code])
            .collect()
    })
}

/// Bytes as they come, and such as the reader of HTML cares for.
fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let telling = prop_oneof![
        Just(b'<'),
        Just(b'>'),
        Just(b'/'),
        Just(b'&'),
        Just(b'='),
        Just(b'"'),
        Just(b'\0'),
        any::<u8>()
    ];
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        proptest::collection::vec(telling, 0..20),
    ]
}

/// Tags that run, load, embed or change how the rest is read, and formulas.
const MARKUP: [&str; 40] = [
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<pre>",
    "<li>",
    "<td>",
    "<table>",
    "</table>",
    "<h2>",
    "<title>",
    "<textarea>",
    "<noscript>",
    "<template>",
    "<select>",
    "<option>",
    "<script>",
    "</script>",
    "<style>",
    "<iframe src=/x>",
    "<object>",
    "<svg>",
    "<foreignObject>",
    "<math>",
    "<mi>",
    "</math>",
    "<mtext>",
    "<base href=/x>",
    "<a href='java\tscript:x'>",
    "<a href='&#106;avascript:x'>",
    "<a href='#x' id=x>",
    "<img src=x onerror=y>",
    "<img srcset='data:x 2x'>",
    "<img class=tex alt='a\\\\}b|c{'>",
    "<img class='tex display' alt=' $y '>",
    "<p onclick=x style=y id=z>",
    "<code class='language-x\" onload=y'>",
    "<td colspan=-2>",
    "<!--",
    "-->",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn markdown_and_html_have_the_words_of_the_text(soup in soup()) {
        let (page, judged) = judged(&soup);
        let rendered = super::whole::rendered(&page, &judged);
        let wanted = words_of(&text(&judged.blocks, &rendered));
        let options = RenderOptions::default().images(false);
        let written = markdown(&page, &judged, &options);
        let read = text_of_markdown(&written);
        prop_assert!(read.is_some(), "raw HTML in {written}");
        prop_assert_eq!(words_of(&read.unwrap_or_default()), &wanted[..], "{}", written);
        // Numbers of items are words.
        if !soup.contains("<ol") {
            let written = plain(&page, &judged);
            prop_assert_eq!(words_of(&written), &wanted[..], "{}", written);
        }
        let written = html(&page, &judged, &options);
        // Blocks, which read it here, set apart the words of neighbouring links; a
        // link that wrong nesting split is two.
        if !written.contains("</a><a") {
            prop_assert_eq!(words_of(&text_of_html(&written)), &wanted[..], "{}", written);
        }
        prop_assert_eq!(check_html(&written), Ok(()));
    }

    #[test]
    fn markdown_is_read_as_the_text_that_was_meant(soup in soup_with_code()) {
        let (page, judged) = judged(&soup);
        let options = RenderOptions::default().images(false);
        let meant = document(&page, &judged, &options);
        let written = markdown(&page, &judged, &options);
        let mut shown = String::new();
        for piece in meant.tree.root().descendants() {
            if let super::document::Piece::Text(text) = piece.value() {
                shown.push_str(text);
            }
        }
        // Quotation marks stand for an element.
        let letters = |text: &str| -> String {
            text.chars().filter(|c| !c.is_whitespace() && !"“”".contains(*c)).collect()
        };
        let read = text_of_markdown(&written).unwrap_or_default();
        prop_assert_eq!(letters(&read), letters(&shown), "{}", written);
    }

    #[test]
    fn markdown_is_read_as_the_blocks_that_were_meant(soup in soup_with_code()) {
        let (page, judged) = judged(&soup);
        let checked = check(&page, &judged);
        prop_assert!(checked.is_ok(), "{}", checked.unwrap_err());
    }

    #[test]
    fn any_bytes_make_html_that_is_allowed_and_markdown_that_is_read_as_it_was_meant(
        pieces in proptest::collection::vec((any_bytes(), select(&MARKUP)), 0..12)
    ) {
        let bytes: Vec<u8> = pieces
            .into_iter()
            .flat_map(|(bytes, markup)| [&bytes, markup.as_bytes()].concat())
            .collect();
        let (page, judged) = judged_bytes(&bytes);
        let checked = check(&page, &judged);
        prop_assert!(checked.is_ok(), "{}", checked.unwrap_err());
    }

    #[test]
    fn no_page_makes_html_that_is_not_allowed(
        soup in "(<[/]?(p|a|img|math|svg|table|td|script|style|iframe|form|input|object|a href=\"(java\tscript|data|vbscript):x\"|img src=x onerror=y|p onclick=x style=y id=z)>|x|\"|'|&lt;script&gt;|<!--|-->|]]>){0,40}"
    ) {
        let (page, judged) = judged(&soup);
        let written = html(&page, &judged, &RenderOptions::default());
        prop_assert_eq!(check_html(&written), Ok(()), "{}", written);
    }
}

/// Sees that the Markdown and the HTML of a page are what they are to be, or says
/// what is wrong.
fn check(page: &Page, judged: &Judged) -> Result<Same, String> {
    let options = RenderOptions::default();
    let written = html(page, judged, &options);
    check_html(&written).map_err(|not_allowed| format!("{not_allowed} in\n{written}"))?;
    let written = markdown(page, judged, &options);
    let meant = document(page, judged, &options);
    compare(&meant, &written).map_err(|parted| format!("{parted} in\n{written}"))
}

/// Pages of the small corpus.
fn sampler() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/sampler/html");
    let mut pages: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read(path).unwrap())
        })
        .collect();
    pages.sort();
    pages
}

#[test]
fn html_of_real_looking_pages_is_allowed_and_their_markdown_read_with_every_mark() {
    for (name, bytes) in sampler() {
        let (page, judged) = judged_bytes(&bytes);
        let same = check(&page, &judged).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
        assert_eq!(same.unread, 0, "{name}");
    }
}

#[test]
fn very_deep_pages_are_rendered_without_their_depth() {
    for tag in [
        "div",
        "blockquote",
        "ul><li",
        "table><tr><td",
        "b",
        "span",
        "dl><dd",
        "figure",
    ] {
        let page = format!("{}deep", format!("<{tag}>").repeat(1_000));
        let (page, judged) = judged(&page);
        let options = RenderOptions::default();
        assert!(markdown(&page, &judged, &options).contains("deep"), "{tag}");
        assert!(html(&page, &judged, &options).contains("deep"), "{tag}");
    }
}

#[test]
fn a_page_cannot_make_a_table_much_larger_than_itself() {
    let rows = "<tr><td colspan=1000>a<td>b".repeat(2_000);
    let (page, judged) = judged(&format!("<table>{rows}</table>"));
    let written = markdown(&page, &judged, &RenderOptions::default());
    assert!(written.len() < 20 * rows.len(), "{}", written.len());
}

#[test]
fn words_of_one_character_are_words() {
    assert!(is_cjk('你'));
    assert_eq!(words_of("10⁶ 你好"), ["106", "你", "好"]);
}
