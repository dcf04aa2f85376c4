use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;

use super::super::soup::{judged, soup_with_code, text_of_html, words_of};
use super::super::{RenderOptions, html, tei};
use crate::metadata::{Found, Metadata, Provenance};

fn of(page: &str) -> String {
    let (page, judged) = judged(page);
    tei(
        &page,
        &judged,
        &Metadata::default(),
        &RenderOptions::default(),
    )
}

/// What stands in the body of the TEI of a page, as it is written.
fn body(page: &str) -> String {
    let written = of(page);
    let (_, rest) = written.split_once("<body>\n").unwrap();
    let (body, _) = rest.split_once("</body>").unwrap();
    body.to_owned()
}

/// The elements that hold text and are not set apart from it.
const INLINE: [&str; 6] = ["hi", "ref", "q", "code", "formula", "graphic"];

/// Elements that hold no paragraphs.
const HOLD_A_LINE: [&str; 3] = ["head", "label", "p"];

const INLINES: &str = "hi ref q code formula graphic lb";
const BLOCKS: &str = "p ab list table quote figure milestone note";

/// The elements that are written: what may stand in each, its attributes, and
/// whether text may. Part of what the content models of TEI All allow (Guidelines P5,
/// appendix C): a document that keeps to this is valid by them too.
const MODELS: [(&str, &[&str], &str, bool); 41] = [
    ("TEI", &["teiHeader text"], "xmlns", false),
    ("teiHeader", &["fileDesc profileDesc"], "", false),
    (
        "fileDesc",
        &["titleStmt publicationStmt sourceDesc"],
        "",
        false,
    ),
    ("titleStmt", &["title author"], "", false),
    ("title", &[], "type", true),
    ("author", &[], "", true),
    ("publicationStmt", &["p"], "", false),
    ("sourceDesc", &["bibl"], "", false),
    (
        "bibl",
        &["title author publisher date ref idno availability figure"],
        "",
        false,
    ),
    ("publisher", &[], "", true),
    ("date", &[], "type when", true),
    ("idno", &[], "type", true),
    ("availability", &["licence"], "", false),
    ("licence", &[], "target", true),
    ("profileDesc", &["abstract langUsage textClass"], "", false),
    ("abstract", &["p"], "", false),
    ("langUsage", &["language"], "", false),
    ("language", &[], "ident", true),
    ("textClass", &["keywords"], "", false),
    ("keywords", &["term"], "", false),
    ("term", &[], "", true),
    ("text", &["body"], "xml:lang type", false),
    ("body", &["div", BLOCKS], "", false),
    ("div", &["div head", BLOCKS], "", false),
    ("head", &[INLINES], "rend", true),
    ("p", &[INLINES], "rend", true),
    ("ab", &["code"], "type", false),
    ("list", &["label item milestone"], "rend type", false),
    ("label", &[INLINES], "", true),
    ("item", &[INLINES, BLOCKS], "n", true),
    ("table", &["head note row"], "", false),
    ("row", &["cell"], "role", false),
    ("cell", &[INLINES, BLOCKS], "role cols rows", true),
    ("quote", &[INLINES, BLOCKS], "", true),
    ("figure", &["head figDesc graphic", BLOCKS], "type", false),
    ("figDesc", &[], "", true),
    ("note", &[INLINES, BLOCKS], "xml:id place n type", true),
    ("hi", &[INLINES], "rend", true),
    ("ref", &[INLINES], "target type", true),
    ("q", &[INLINES], "", true),
    ("graphic", &["desc"], "url", false),
];

/// Elements that hold text and nothing else, or nothing at all.
const LEAVES: [(&str, &str, bool); 5] = [
    ("code", "lang", true),
    ("formula", "notation rend", true),
    ("desc", "", true),
    ("lb", "", false),
    ("milestone", "unit rend", false),
];

/// What of an element its model does not allow, given what it stands in.
fn not_in_model(parent: &str, name: &str, attributes: &[String]) -> Result<(), String> {
    let has = |list: &str, wanted: &str| list.split(' ').any(|listed| listed == wanted);
    let attributes_of = |name: &str| {
        let model = MODELS
            .iter()
            .find(|model| model.0 == name)
            .map(|model| model.2);
        model.or(LEAVES.iter().find(|leaf| leaf.0 == name).map(|leaf| leaf.1))
    };
    let model = MODELS.iter().find(|model| model.0 == parent);
    let may_stand = match model {
        Some((_, children, _, _)) => children.iter().any(|list| has(list, name)),
        None => parent.is_empty() && name == "TEI",
    };
    let listed = attributes_of(name).ok_or_else(|| format!("no element {name}"))?;
    let other = attributes.iter().find(|attribute| !has(listed, attribute));
    match other {
        _ if !may_stand => Err(format!("{name} in {parent}")),
        Some(other) => Err(format!("{name} {other}")),
        None => Ok(()),
    }
}

/// Whether text may stand in an element.
fn holds_text(name: &str) -> bool {
    let model = MODELS
        .iter()
        .find(|model| model.0 == name)
        .map(|model| model.3);
    let leaf = LEAVES.iter().find(|leaf| leaf.0 == name).map(|leaf| leaf.2);
    model.or(leaf).unwrap_or(false)
}

/// Reads a document: the text of its body, blocks apart, and what is wrong with how
/// its elements stand.
fn read(written: &str) -> Result<String, String> {
    let mut reader = Reader::from_str(written);
    reader.config_mut().check_end_names = true;
    let (mut open, mut text): (Vec<String>, String) = (Vec::new(), String::new());
    let mut before: Vec<Vec<String>> = vec![Vec::new()];
    let mut ids = std::collections::HashSet::new();
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        match event {
            Event::Start(_) | Event::Empty(_) => {
                let (start, is_empty) = match &event {
                    Event::Start(start) => (start, false),
                    Event::Empty(start) => (start, true),
                    _ => unreachable!(),
                };
                let name = start.name().as_ref().to_owned();
                let mut attributes = Vec::new();
                for attribute in start.attributes() {
                    let attribute = attribute.map_err(|error| error.to_string())?;
                    attributes.push(attribute.key.as_ref().to_owned());
                    if attribute.key.as_ref() == "xml:id"
                        && !ids.insert(attribute.value.into_owned())
                    {
                        return Err("an id twice".to_owned());
                    }
                }
                let parent = open.last().map_or("", String::as_str);
                not_in_model(parent, &name, &attributes)?;
                let siblings = before.last_mut().unwrap();
                misplaced(parent, &name, siblings)?;
                siblings.push(name.clone());
                if !INLINE.contains(&&*name) {
                    text.push(' ');
                }
                if !is_empty {
                    open.push(name);
                    before.push(Vec::new());
                }
            }
            Event::End(_) => {
                let name = open.pop().ok_or("an end too many")?;
                let children = before.pop().unwrap();
                let has = |names: &[&str]| children.iter().any(|child| names.contains(&&**child));
                let is_whole = match &*name {
                    "list" => has(&["item"]) && children.last().unwrap() != "label",
                    "table" => has(&["row"]),
                    "row" => has(&["cell"]),
                    "body" => has(&["p", "div", "list", "table", "quote", "ab"]),
                    _ => true,
                };
                if !is_whole {
                    return Err(format!("{name} of {children:?}"));
                }
                if !INLINE.contains(&&*name) {
                    text.push(' ');
                }
            }
            Event::Text(part) => {
                let part = part.to_string();
                let parent = open.last().map_or("", String::as_str);
                if !holds_text(parent) && !part.trim().is_empty() {
                    return Err(format!("text in {parent}"));
                }
                if open.iter().any(|name| name == "body") {
                    text.push_str(&part);
                }
            }
            Event::GeneralRef(name) => {
                let reference = format!("&{};", &*name);
                let part = unescape(&reference).map_err(|error| error.to_string())?;
                if open.iter().any(|name| name == "body") {
                    text.push_str(&part);
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if open.is_empty() {
        Ok(text)
    } else {
        Err(format!("{open:?} is open"))
    }
}

/// Says what the content models of the Guidelines do not allow.
fn misplaced(parent: &str, name: &str, before: &[String]) -> Result<(), String> {
    let only = |names: &[&str]| names.contains(&parent);
    let last = before.last().map(String::as_str);
    let is_placed = match name {
        "item" => only(&["list"]),
        "label" => only(&["list"]) && last != Some("label"),
        "row" => only(&["table"]),
        "cell" => only(&["row"]),
        "figDesc" => only(&["figure"]),
        "div" => only(&["body", "div"]),
        "head" if only(&["div", "table"]) => before
            .iter()
            .all(|before| before == "head" || before == "milestone"),
        "head" => only(&["figure"]),
        "p" | "ab" | "list" | "table" | "quote" => {
            // Nothing but divisions follows a division.
            !HOLD_A_LINE.contains(&parent)
                && !INLINE.contains(&parent)
                && !["list", "table", "row"].contains(&parent)
                && !before.iter().any(|before| before == "div")
        }
        _ => parent != "code" && parent != "formula",
    };
    if is_placed {
        Ok(())
    } else {
        Err(format!("{name} in {parent} after {before:?}"))
    }
}

#[test]
fn headings_begin_divisions_one_in_the_other() {
    assert_eq!(
        body("<p>First<h1>One</h1><p>a<h2>Two</h2><p>b<h1>Three</h1><blockquote><h3>In"),
        "<p>First</p>\n<div><head rend=\"h1\">One</head>\n<p>a</p>\n\
         <div><head rend=\"h2\">Two</head>\n<p>b</p>\n</div>\n</div>\n\
         <div><head rend=\"h1\">Three</head>\n<quote><p rend=\"h3\">In</p>\n</quote>\n</div>\n"
    );
}

#[test]
fn lists_tables_and_code_have_elements_of_their_own() {
    assert_eq!(
        body("<ol start=3><li>One<ul><li>Two</ul></ol><pre class=language-c>a &lt; b;</pre>"),
        "<list rend=\"numbered\"><item n=\"3\">One<list rend=\"bulleted\"><item>Two</item>\n\
         </list>\n</item>\n</list>\n\
         <ab type=\"code\"><code lang=\"c\">a &lt; b;</code></ab>\n"
    );
    let table = "<table><caption>Rye</caption><tr><th>a<th>b<tr><td rowspan=2>1<td>2</table>";
    assert_eq!(
        body(table),
        "<table><head>Rye</head>\n<row role=\"label\"><cell role=\"label\">a</cell>\n\
         <cell role=\"label\">b</cell>\n</row>\n\
         <row><cell rows=\"2\">1</cell>\n<cell>2</cell>\n</row>\n</table>\n"
    );
}

#[test]
fn labels_and_items_take_turns() {
    assert_eq!(
        body("<dl><dt>a<dt>b<dd>one<dd>two<dt>c</dl>"),
        "<list type=\"gloss\"><label>a<lb/>b</label>\n\
         <item><p>one</p>\n<p>two</p>\n</item>\n<label>c</label>\n<item/></list>\n"
    );
}

#[test]
fn inlines_figures_and_maths_have_theirs() {
    let page = "<p>A <em>b</em> <a href=/x>c</a> <code>d</code><br>e <math><mi>f</mi></math></p>\
        <figure><img src=i.png alt='A map'><figcaption>Map</figcaption></figure>";
    assert_eq!(
        body(page),
        "<p>A <hi rend=\"italic\">b</hi> <ref target=\"https://site.example/x\">c</ref> \
         <code>d</code><lb/>e <formula notation=\"TeX\" rend=\"inline\">f</formula></p>\n\
         <figure><graphic url=\"https://site.example/a/i.png\"/><figDesc>A map</figDesc>\
         <head>Map</head>\n</figure>\n"
    );
}

#[test]
fn the_header_has_what_the_page_says_of_itself() {
    let (page, judged) = judged("<p>Text");
    let found = |text: &str| Some(Found::new(text.to_owned(), Provenance::Meta));
    let metadata = Metadata {
        title: found("Rye & wheat"),
        authors: found("Ada").into_iter().collect(),
        published: found("2024-05-17"),
        license: found("https://license.example/by"),
        image: found("https://site.example/rye.jpg?size[w]=600"),
        declared_language: found("en"),
        tags: found("Mills").into_iter().collect(),
        page_type: found("article"),
        ..Metadata::default()
    };
    let written = tei(&page, &judged, &metadata, &RenderOptions::default());
    for part in [
        "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\">",
        "<titleStmt><title type=\"main\">Rye &amp; wheat</title><author>Ada</author></titleStmt>",
        "<date type=\"published\" when=\"2024-05-17\">2024-05-17</date>",
        "<ref target=\"https://site.example/a/page.html\">",
        "<figure type=\"image\"><graphic url=\"https://site.example/rye.jpg?size%5Bw%5D=600\"/></figure>",
        "<licence target=\"https://license.example/by\">",
        "<langUsage><language ident=\"en\">en</language></langUsage>",
        "<keywords><term>Mills</term></keywords>",
        "<text xml:lang=\"en\" type=\"article\">",
    ] {
        assert!(written.contains(part), "{part} is not in {written}");
    }
    assert_eq!(read(&written).as_deref().map(str::trim), Ok("Text"));
}

#[test]
fn a_page_of_which_nothing_is_kept_is_a_document_without_words() {
    assert_eq!(body(""), "<p/>");
    assert_eq!(
        read(&of("<p data-drop>x")).as_deref().map(str::trim),
        Ok("")
    );
}

#[test]
fn what_xml_forbids_is_left_out_and_joins_no_words() {
    assert_eq!(body("<p>a\u{1}b\u{ffff}c\u{b}d"), "<p>a b c d</p>\n");
}

#[test]
fn the_pages_that_extractors_fail_on_keep_to_the_content_models() {
    for page in super::super::cases::pages() {
        let written = of(page);
        assert!(read(&written).is_ok(), "{:?}\n{written}", read(&written));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(384))]

    #[test]
    fn documents_are_well_formed_and_have_the_words_of_the_html(soup in soup_with_code()) {
        let (page, judged) = judged(&soup);
        let options = RenderOptions::default().images(false);
        let written = tei(&page, &judged, &Metadata::default(), &options);
        let text = read(&written);
        prop_assert!(text.is_ok(), "{:?} in {}", text, written);
        let page = html(&page, &judged, &options);
        // Blocks, which read it here, set apart the words of neighbouring links.
        if !page.contains("</a><a") {
            let wanted = words_of(&text_of_html(&page));
            prop_assert_eq!(words_of(&text.unwrap_or_default()), wanted, "{}", written);
        }
    }

    #[test]
    fn any_bytes_make_a_well_formed_document(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        tag in "<[/]?(p|li|table|tr|td|dl|dt|dd|h2|caption|figure|figcaption|pre|img src=x alt=y)>",
    ) {
        let page = String::from_utf8_lossy(&bytes);
        let written = of(&page.replace(['\u{fffd}', 'a'], &tag));
        prop_assert!(read(&written).is_ok(), "{:?} in {}", read(&written), written);
    }
}
