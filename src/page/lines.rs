//! Plain text → DOM: a `div` for each group of lines between blank lines, a `p`
//! for each line.

use ego_tree::{NodeId, Tree};
use html5ever::tendril::StrTendril;
use html5ever::{LocalName, QualName, local_name, ns};
use scraper::Html;
use scraper::node::{Element, Node, Text};

use super::spans::Spans;
use super::tokenizer::Place;
use super::{Limits, Warning};
use crate::text::is_space;
use crate::watch::spend;

/// Builds a whole document of a text's lines, and says where they stand. What
/// comes after as many lines as there may be elements and nodes for is one line
/// more; that is added to `warnings`.
pub(super) fn document(text: &str, limits: &Limits, warnings: &mut Vec<Warning>) -> (Html, Spans) {
    let mut html = Html::new_document();
    html.tree = Tree::with_capacity(Node::Document, expected_nodes(text));
    let shared = StrTendril::from_slice(text);
    let root = html.tree.root().id();
    let top = append(&mut html, root, element(local_name!("html")));
    let body = append(&mut html, top, element(local_name!("body")));
    let mut spans = Spans::default();
    let mut group = None;
    let (mut lines, mut elements) = (0_usize, 2_usize);
    let mut at = 0;
    let end_of_line = match memchr::memchr(b'\n', text.as_bytes()) {
        Some(_) => b'\n',
        None => b'\r',
    };
    while at < text.len() {
        let rest = &text[at..];
        // A line may need a group, and each has a text.
        let bounded = elements + 2 > limits.elements || elements + lines + 3 > limits.nodes;
        let len = match memchr::memchr(end_of_line, rest.as_bytes()) {
            Some(end) if !bounded => end + 1,
            _ => rest.len(),
        };
        spend(len + 32);
        let line = rest[..len].trim_matches(is_space);
        if line.is_empty() {
            group = None;
        } else {
            let start = at + (rest.len() - rest.trim_start_matches(is_space).len());
            let above = *group.get_or_insert_with(|| {
                elements += 1;
                append(&mut html, body, element(local_name!("div")))
            });
            let paragraph = append(&mut html, above, element(local_name!("p")));
            let part = shared.subtendril(start as u32, line.len() as u32);
            let node = append(&mut html, paragraph, text_node(part));
            let end = start + line.len();
            spans.note(node, Place { start, end });
            if bounded {
                warnings.push(Warning::Lines { limit: lines });
            }
            (lines, elements) = (lines + 1, elements + 1);
        }
        at += len;
    }
    (html, spans)
}

/// Nodes that room is made for before there are any: two a line.
fn expected_nodes(text: &str) -> usize {
    let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count();
    8 + (2 * lines + lines / 4).min(text.len() / BYTES_A_NODE)
}

/// Bytes of text that have a node at the least, in most texts.
const BYTES_A_NODE: usize = 16;

/// NUL is no character of a document.
fn text_node(line: StrTendril) -> Node {
    let text = if memchr::memchr(0, line.as_bytes()).is_some() {
        line.replace('\0', "\u{fffd}").into()
    } else {
        line
    };
    Node::Text(Text { text })
}

fn element(name: LocalName) -> Node {
    let name = QualName::new(None, ns!(html), name);
    Node::Element(Element::new(name, Vec::new()))
}

fn append(html: &mut Html, above: NodeId, node: Node) -> NodeId {
    let mut tree = html.tree.get_mut(above).expect("the node was just made");
    tree.append(node).id()
}

#[cfg(test)]
mod tests {
    use crate::block::Blocks;
    use crate::page::{InputKind, Limits, Page, PageContext, Warning};
    use proptest::prelude::*;

    fn page(text: &[u8]) -> Page {
        let context = PageContext {
            kind: InputKind::Text,
            ..PageContext::default()
        };
        Page::parse(text, &context)
    }

    fn lines(text: &str) -> Vec<(String, String)> {
        let page = page(text.as_bytes());
        let blocks = Blocks::of(&page);
        let line = |i: usize| (blocks.blocks[i].text.clone(), blocks.xpath(i));
        (0..blocks.len()).map(line).collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |&(text, path): &(&str, &str)| (text.to_owned(), path.to_owned());
        expected.iter().map(owned).collect()
    }

    #[test]
    fn lines_are_blocks_and_blank_lines_part_their_groups() {
        let expected = pairs(&[
            ("Home", "/html/body/div[1]/p[1]"),
            ("News & more", "/html/body/div[1]/p[2]"),
            ("The <old> bridge", "/html/body/div[2]/p"),
        ]);
        for end in ["\n", "\r\n", "\r"] {
            let text = ["", "  Home\t", "News & more", " ", "", "The <old>  bridge"].join(end);
            assert_eq!(lines(&text), expected, "{end:?}");
        }
    }

    #[test]
    fn a_line_knows_where_it_stands() {
        let text = "\u{feff}Tea\n  — for two —\n".as_bytes();
        let page = page(text);
        let spans: Vec<&[u8]> = page
            .nodes()
            .filter(|node| node.value().is_text())
            .map(|node| &text[page.span(node.id()).unwrap()])
            .collect();
        assert_eq!(spans, ["Tea".as_bytes(), "— for two —".as_bytes()]);
    }

    #[test]
    fn what_is_beyond_the_bound_is_one_line() {
        let context = PageContext {
            kind: InputKind::Text,
            ..PageContext::default()
        };
        let most = Limits::default;
        let elements = Limits {
            elements: 6,
            ..most()
        };
        let nodes = Limits { nodes: 9, ..most() };
        for limits in [elements, nodes] {
            let page = Page::parse_within(b"a\nb\n\nc\nd\n", &context, &limits);
            let blocks = Blocks::of(&page);
            let texts: Vec<&str> = blocks.blocks.iter().map(|b| b.text.as_str()).collect();
            assert_eq!(texts, ["a", "b", "c d"]);
            assert_eq!(page.warnings, [Warning::Lines { limit: 2 }]);
        }
    }

    #[test]
    fn a_declaration_of_html_is_text_like_any_other() {
        let page = page("<meta charset=utf-16>\ncaf\u{e9}".as_bytes());
        assert_eq!(page.encoding, "UTF-8");
        let latin = super::tests::page(b"<meta charset=koi8-r>\ncaf\xe9 au lait, tr\xe8s bon");
        assert_eq!(latin.encoding, "windows-1252");
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_text(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let page = page(&bytes);
            for block in Blocks::of(&page).blocks {
                prop_assert!(!block.text.is_empty());
                prop_assert!(!block.text.contains('\n'));
            }
        }
    }
}
