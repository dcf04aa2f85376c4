//! Footnotes: which links call one, and which elements hold its text.

use ego_tree::{NodeId, NodeRef};
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use html5ever::local_name;
use scraper::Node;
use scraper::node::Element;

use crate::block::{Blocks, ElementId};
use crate::page::Page;
use crate::page::attr::attr;

/// A call shows at most so many characters: `12`, `[3]`, `a`, `†`, `note 1`.
const LONGEST_CALL: usize = 8;
/// Text nodes of a link that are read to see whether it is a call.
const NODES_OF_A_CALL: usize = 8;
/// How far above the element that a call leads to the note may stand.
const ABOVE: usize = 3;

/// The footnotes of a page of which call and text are both rendered.
#[derive(Debug, Default)]
pub(super) struct Footnotes {
    /// Label of the note that a link calls.
    calls: HashMap<NodeId, String>,
    /// Label of the note whose text an element holds.
    notes: HashMap<NodeId, String>,
    /// Links from a note back to its call: of no use in a text.
    backs: HashSet<NodeId>,
}

impl Footnotes {
    pub(super) fn call(&self, link: NodeId) -> Option<&str> {
        self.calls.get(&link).map(String::as_str)
    }

    pub(super) fn note(&self, element: NodeId) -> Option<&str> {
        self.notes.get(&element).map(String::as_str)
    }

    pub(super) fn is_back(&self, link: NodeId) -> bool {
        self.backs.contains(&link)
    }

    /// Finds the footnotes of a page: a short link to a place in the page, set as
    /// a superscript or said to be a note's, with its text in an item, a
    /// paragraph or a division further down. `rendered` says of a range of blocks
    /// whether any is rendered.
    pub(super) fn of(
        page: &Page,
        blocks: &Blocks,
        rendered: impl Fn(std::ops::Range<usize>) -> bool,
    ) -> Self {
        let mut found = Self::default();
        let places = places(page, blocks);
        let elements = blocks.outline.elements();
        let mut notes: Vec<(ElementId, ElementId)> = Vec::new();
        let mut labels: HashSet<String> = HashSet::new();
        for (index, outlined) in elements.iter().enumerate() {
            let id = ElementId(index);
            let Some((target, link)) = leads_to(page, blocks, id, &places) else {
                continue;
            };
            let Some(text) = text_of_call(link).filter(|_| is_call(link)) else {
                continue;
            };
            let Some(note) = note_at(blocks, target) else {
                continue;
            };
            let around = blocks
                .outline
                .lineage(id)
                .find(|&above| !elements[above.0].blocks.is_empty());
            let is_rendered = |id: ElementId| rendered(elements[id.0].blocks.clone());
            if note <= id || !is_rendered(note) || !around.is_some_and(is_rendered) {
                continue;
            }
            let node = elements[note.0].node;
            let label = match found.notes.get(&node) {
                Some(label) => label.clone(),
                None => {
                    let label = free_label(&text, &labels);
                    labels.insert(label.clone());
                    found.notes.insert(node, label.clone());
                    notes.push((note, id));
                    label
                }
            };
            found.calls.insert(outlined.node, label);
        }
        for (note, call) in notes {
            for id in (note.0 + 1..elements[note.0].end).map(ElementId) {
                if let Some((target, link)) = leads_to(page, blocks, id, &places)
                    && target <= note
                    && (is_near(blocks, target, call) || !has_word(link))
                    && text_of_call(link).is_some()
                {
                    found.backs.insert(elements[id.0].node);
                }
            }
        }
        found
    }
}

/// The element of each `id`, and that of each `name` of an `a`.
fn places<'a>(page: &'a Page, blocks: &Blocks) -> HashMap<&'a str, ElementId> {
    let mut places = HashMap::new();
    for (index, outlined) in blocks.outline.elements().iter().enumerate() {
        crate::watch::spend(32);
        let Some(element) = element(page, outlined.node) else {
            continue;
        };
        let is_link = outlined.name == local_name!("a");
        let name = attr(element, &local_name!("name")).filter(|_| is_link);
        for place in attr(element, &local_name!("id")).into_iter().chain(name) {
            places.entry(place).or_insert(ElementId(index));
        }
    }
    places
}

fn element(page: &Page, node: NodeId) -> Option<&Element> {
    page.html.tree.get(node)?.value().as_element()
}

/// Where in the page a link leads, if it is a link within the page.
fn leads_to<'a>(
    page: &'a Page,
    blocks: &Blocks,
    id: ElementId,
    places: &HashMap<&str, ElementId>,
) -> Option<(ElementId, NodeRef<'a, Node>)> {
    let outlined = &blocks.outline[id];
    crate::watch::spend(16);
    if outlined.name != local_name!("a") {
        return None;
    }
    let link = page.html.tree.get(outlined.node)?;
    let href = attr(link.value().as_element()?, &local_name!("href"))?.trim();
    let fragment = href.strip_prefix('#')?;
    Some((*places.get(fragment)?, link))
}

/// What a link shows, if that is short enough for a call.
fn text_of_call(link: NodeRef<'_, Node>) -> Option<String> {
    let mut text = String::new();
    for node in link.descendants().take(NODES_OF_A_CALL) {
        match node.value() {
            Node::Text(part) => text.push_str(part.trim()),
            Node::Element(element) if element.name() == "img" => return None,
            _ => {}
        }
    }
    (text.chars().count() <= LONGEST_CALL && !text.is_empty()).then_some(text)
}

fn has_word(link: NodeRef<'_, Node>) -> bool {
    text_of_call(link).is_none_or(|text| text.contains(char::is_alphanumeric))
}

/// True of a link that is set as a superscript, or said to call a note.
fn is_call(link: NodeRef<'_, Node>) -> bool {
    let is_sup =
        |node: NodeRef<'_, Node>| node.value().as_element().is_some_and(|e| e.name() == "sup");
    let said = link.value().as_element().is_some_and(|element| {
        let attribute = |name| element.attr(name).unwrap_or_default();
        let class = attribute("class").to_ascii_lowercase();
        attribute("role") == "doc-noteref"
            || attribute("epub:type") == "noteref"
            || attribute("rel") == "footnote"
            || class.contains("footnote-ref")
            || class.contains("noteref")
    });
    said || link.parent().is_some_and(is_sup)
        || link.parent().and_then(|p| p.parent()).is_some_and(is_sup)
        || link.children().any(is_sup)
}

/// The element that holds a note's text: the one led to, or the item, paragraph,
/// cell or division that it begins.
fn note_at(blocks: &Blocks, target: ElementId) -> Option<ElementId> {
    blocks.outline.lineage(target).take(ABOVE).find(|&id| {
        matches!(
            &*blocks.outline[id].name,
            "li" | "p" | "div" | "aside" | "dd"
        )
    })
}

/// True when one element holds the other, or both stand in the same.
fn is_near(blocks: &Blocks, a: ElementId, b: ElementId) -> bool {
    let outline = &blocks.outline;
    outline.holds(a, b) || outline.holds(b, a) || outline[a].parent == outline[b].parent
}

/// A label of letters and digits that no other note has.
fn free_label(text: &str, taken: &HashSet<String>) -> String {
    let own: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    if !own.is_empty() && !taken.contains(&own) {
        return own;
    }
    let own = if own.is_empty() {
        "note".to_owned()
    } else {
        own
    };
    (taken.len() + 1..)
        .map(|n| format!("{own}-{n}"))
        .find(|label| !taken.contains(label))
        .unwrap_or(own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::PageContext;

    fn footnotes(html: &str) -> Footnotes {
        let page = Page::parse(html.as_bytes(), &PageContext::default());
        let blocks = Blocks::of(&page);
        Footnotes::of(&page, &blocks, |range| !range.is_empty())
    }

    #[test]
    fn a_superscript_link_to_an_item_below_is_a_call() {
        let found = footnotes(
            "<p id=top>Text<sup><a id=r href=#n>[1]</a></sup> <a href=#n>1</a>\
             <ol><li id=n>Note <a href=#r>back</a> <a href=#top>↩</a></ol>",
        );
        assert_eq!(found.calls.values().collect::<Vec<_>>(), ["1"]);
        assert_eq!(found.notes.len(), 1);
        assert_eq!(found.backs.len(), 2);
    }

    #[test]
    fn labels_are_distinct_and_two_calls_may_share_a_note() {
        let found = footnotes(
            "<p>a<sup><a href=#x>*</a></sup>b<sup><a href=#y>*</a></sup>c<sup><a href=#x>*</a></sup>\
             <p id=x>X<p id=y>Y",
        );
        let mut labels: Vec<&String> = found.calls.values().collect();
        labels.sort();
        assert_eq!(labels, ["note-1", "note-1", "note-2"]);
    }

    #[test]
    fn links_to_headings_upwards_or_to_nothing_are_no_calls() {
        for html in [
            "<p>a<sup><a href=#h>1</a></sup><h2 id=h>Head</h2>",
            "<p id=n>Note<p>a<sup><a href=#n>1</a></sup>",
            "<p>a<sup><a href=#none>1</a></sup>",
            "<p>a <a href=#n>A whole sentence</a><p id=n>b",
        ] {
            assert!(footnotes(html).calls.is_empty(), "{html}");
        }
    }
}
