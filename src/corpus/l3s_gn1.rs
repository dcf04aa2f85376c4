//! L3S-GN1: `annotated/UUID.html` has every run of text of `original/UUID.html`
//! in spans of class `x-nc-sel0` … `x-nc-sel5`; `url-mapping.txt` has a line
//! `<urn:uuid:UUID>`, tab, address for each.
//!
//! Labels 1, 2 and 3 (headline, full text, supplement) are the gold text and
//! 5 is comments; the innermost span decides. Annotators could not see what is
//! marked `x-nc-invisible`, so it is passed over.

use std::collections::HashMap;
use std::path::Path;

use ego_tree::iter::Edge;
use scraper::Node;
use scraper::node::Element;

use super::{CorpusError, Format, LabelledPage, PageSource, file};
use crate::block::{is_block_level, is_skipped};
use crate::page::{Page, PageContext};

pub(super) fn read(path: &Path) -> Result<Vec<LabelledPage>, CorpusError> {
    let mut golds = file::list(&path.join("annotated"), ".html")?;
    golds.extend(file::list(&path.join("annotated"), ".html.gz")?);
    if golds.is_empty() {
        return Ok(Vec::new());
    }
    golds.sort();
    golds.dedup_by(|a, b| a.0 == b.0);
    let mapping =
        String::from_utf8_lossy(&file::bytes(&path.join("url-mapping.txt"))?).into_owned();
    let urls: HashMap<&str, &str> = mapping.lines().filter_map(mapped).collect();
    file::pages(&golds, |id, gold| {
        page(path, id, gold, urls.get(id).copied())
    })
}

/// The UUID and the address of a line of the mapping.
fn mapped(line: &str) -> Option<(&str, &str)> {
    let (urn, url) = line.split_once('\t')?;
    let uuid = urn.strip_prefix("<urn:uuid:")?.strip_suffix('>')?;
    Some((uuid, url.trim()))
}

fn page(
    path: &Path,
    id: &str,
    gold: &Path,
    url: Option<&str>,
) -> Result<LabelledPage, CorpusError> {
    let html = path.join("original").join(format!("{id}.html"));
    let source = PageSource::File(file::page(&html, gold, id)?);
    let annotated = Page::parse(&file::bytes(gold)?, &PageContext::default());
    let page = LabelledPage {
        comments: file::said(Some(labelled(&annotated, |label| label == 5))),
        page_type: Some("article".into()),
        lang: Some("en".into()),
        ..LabelledPage::new(
            id,
            Format::L3sGn1,
            source,
            labelled(&annotated, |label| matches!(label, 1..=3)),
        )
    };
    Ok(match url {
        Some(url) => page.at(url),
        None => page,
    })
}

/// The text runs whose label is wanted, a line for each block-level element.
fn labelled(page: &Page, wanted: impl Fn(u8) -> bool) -> String {
    let mut lines = vec![String::new()];
    // For each open element the label of its text; none where it is hidden.
    let mut labels = vec![Some(0)];
    for edge in page.html.tree.root().traverse() {
        let (node, opens) = match edge {
            Edge::Open(node) => (node, true),
            Edge::Close(node) => (node, false),
        };
        match node.value() {
            Node::Element(element) => {
                if breaks_line(element) {
                    lines.push(String::new());
                }
                if opens {
                    let outer = labels.last().copied().flatten();
                    labels.push(outer.and_then(|outer| label_within(element, outer)));
                } else {
                    labels.pop();
                }
            }
            Node::Text(text) if opens => {
                let Some(line) = lines.last_mut() else {
                    continue;
                };
                match labels.last().copied().flatten() {
                    Some(label) if wanted(label) => line.push_str(text),
                    // Words to the left and right of other text are two.
                    _ => line.push(' '),
                }
            }
            _ => {}
        }
    }
    let lines = lines
        .iter()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

fn breaks_line(element: &Element) -> bool {
    is_block_level(&element.name.local, true) || element.name() == "br"
}

/// The label of text in `element`, given that of the text around it.
fn label_within(element: &Element, outer: u8) -> Option<u8> {
    if is_skipped(&element.name.local) || element.classes().any(|c| c == "x-nc-invisible") {
        return None;
    }
    let own = element
        .classes()
        .find_map(|class| class.strip_prefix("x-nc-sel")?.parse().ok());
    Some(own.unwrap_or(outer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const ANNOTATED: &str = "<style>.x-nc-sel2 { color: black }</style>\
        <h1><span class='x-nc-sel1'>Rain</span></h1><span class=x-nc-sel0>Menu</span>\
        <p><span class='x-nc-sel0'><span class='x-nc-sel2'>It</span></span>\
        <span class='x-nc-sel2'>\n</span><span class='x-nc-sel2'>rains<b>,</b> they</span> <a href=#><span class='x-nc-sel2'>say</span></a>.\
        <noscript class=x-nc-invisible><span class=x-nc-sel2>Hidden</span></noscript></p>\
        <div class='photo x-nc-sel3'>A cloud<script>var x</script></div>\
        <span class=x-nc-sel4>More</span>\
        <ul class=x-nc-sel5><li>Wet!<li>Dry.</ul>";

    fn corpus() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for part in ["annotated", "original"] {
            fs::create_dir(folder.path().join(part)).unwrap();
        }
        fs::write(folder.path().join("annotated/a-1.html"), ANNOTATED).unwrap();
        fs::write(folder.path().join("original/a-1.html"), "<p>It rains").unwrap();
        let mapping = "<urn:uuid:a-1>\thttp://news.example.com/rain\nnot a line\n";
        fs::write(folder.path().join("url-mapping.txt"), mapping).unwrap();
        folder
    }

    #[test]
    fn labelled_runs_become_text_and_comments() {
        let folder = corpus();
        let page = read(folder.path()).unwrap().remove(0);
        assert_eq!(page.text, "Rain\nIt rains, they say\nA cloud");
        assert_eq!(page.comments.as_deref(), Some("Wet!\nDry."));
        assert_eq!(page.group, "example.com");
        assert_eq!(page.read().unwrap(), b"<p>It rains");
    }

    #[test]
    fn an_annotation_without_page_or_mapping_is_an_error() {
        let folder = corpus();
        fs::remove_file(folder.path().join("original/a-1.html")).unwrap();
        let message = read(folder.path()).unwrap_err().to_string();
        assert!(message.contains("original"), "{message}");
        fs::remove_file(folder.path().join("url-mapping.txt")).unwrap();
        let message = read(folder.path()).unwrap_err().to_string();
        assert!(message.contains("url-mapping.txt"), "{message}");
    }
}
