//! Where the page takes comments: its own form, or a service's.

use foldhash::{HashMap, HashMapExt};
use html5ever::{LocalName, local_name};
use scraper::Node;
use scraper::node::Element;

use super::super::facts::{PageFacts, attribute};
use super::{cue, mark};
use crate::block::ElementId;
use crate::page::attr::attr;
use crate::page::{Page, Sought};

/// The first comment form of the page.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct CommentForm {
    /// The block before which it stands.
    pub at: Option<usize>,
    /// It asks a guest for a name or an address.
    pub guest: bool,
    /// A comment service's place is on the page, with or without its text.
    pub service: bool,
}

impl CommentForm {
    pub(super) fn of(page: &Page, facts: &PageFacts<'_>, cues: &[u16], marks: &[u16]) -> Self {
        let elements = facts.blocks.outline.elements();
        let mut form = Self::default();
        if let Some(id) = marks.iter().position(|m| m & mark::SERVICE != 0) {
            form.service = true;
            form.at = Some(elements[id].blocks.start);
        }
        let places = text_areas(page);
        if places.is_empty() {
            return form;
        }
        // Before each block, how many invite to comment or name comments.
        let mut asking = Vec::with_capacity(cues.len() + 1);
        asking.push(0_usize);
        for (i, cues) in cues.iter().enumerate() {
            let asks = cues & (cue::INVITATION | cue::COMMENTS) != 0;
            asking.push(asking[i] + usize::from(asks));
        }
        for (i, element) in elements.iter().enumerate() {
            let Some(&own) = places.get(&element.node) else {
                continue;
            };
            if element.hidden {
                continue;
            }
            let holder = holder(facts, ElementId(i));
            let blocks = elements[holder.0].blocks.clone();
            // The invitation stands in the form, or right above it.
            let asked = asking[blocks.end] > asking[blocks.start.saturating_sub(2)];
            let named = facts
                .blocks
                .outline
                .lineage(ElementId(i))
                .take_while(|id| elements[id.0].depth > 1)
                .take(6)
                .any(|id| marks[id.0] & mark::COMMENT != 0);
            if !(own || asked || named) {
                continue;
            }
            form.at = Some(form.at.map_or(blocks.start, |at| at.min(blocks.start)));
            form.guest = cues[blocks].iter().any(|c| c & cue::FIELD != 0)
                || (holder.0..elements[holder.0].end).any(|id| is_guest_field(page, facts, id));
            break;
        }
        form
    }
}

/// The parents of text areas, and whether the area itself is a comment's.
fn text_areas(page: &Page) -> HashMap<ego_tree::NodeId, bool> {
    let mut places = HashMap::new();
    for node in page.all(Sought::TextArea) {
        if let Node::Element(element) = node.value()
            && let Some(parent) = node.parent()
        {
            *places.entry(parent.id()).or_insert(false) |= is_comment_area(element);
        }
    }
    places
}

fn is_comment_area(element: &Element) -> bool {
    [local_name!("name"), local_name!("id"), local_name!("class")]
        .iter()
        .any(|name| {
            attr(element, name).is_some_and(|value| mark::value_marks(value) & mark::COMMENT != 0)
        })
        || attr(element, &local_name!("placeholder"))
            .is_some_and(|text| cue::said(text) & (cue::INVITATION | cue::COMMENTS) != 0)
}

/// The form around an element, or its parent where markup has none.
fn holder(facts: &PageFacts<'_>, id: ElementId) -> ElementId {
    let outline = &facts.blocks.outline;
    outline
        .lineage(id)
        .take(12)
        .find(|&id| outline[id].name == local_name!("form"))
        .unwrap_or(id)
}

fn is_guest_field(page: &Page, facts: &PageFacts<'_>, id: usize) -> bool {
    let element = &facts.blocks.outline.elements()[id];
    if element.name != local_name!("input") {
        return false;
    }
    let says = |name: &LocalName| {
        attribute(page, element.node, name).is_some_and(|value| cue::said(value) & cue::FIELD != 0)
    };
    attribute(page, element.node, &local_name!("type")).is_some_and(|kind| kind == "email")
        || says(&local_name!("name"))
        || says(&local_name!("placeholder"))
}
