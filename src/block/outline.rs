//! The visible elements of a page, in document order.

use std::ops::{Index, Range};

use ego_tree::NodeId;
use html5ever::LocalName;

/// Position of an element in an [`Outline`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ElementId(pub usize);

/// A visible element.
#[derive(Debug, Clone)]
pub struct OutlineElement {
    /// Its node in the page's DOM.
    pub node: NodeId,
    /// Its name, lower-case.
    pub name: LocalName,
    /// The visible element that holds it; the root holds itself.
    pub parent: ElementId,
    /// How many elements stand above it; 0 for the root.
    pub depth: usize,
    /// One past its last descendant: `id.0 + 1..end` are its descendants.
    pub end: usize,
    /// The blocks that begin below it.
    pub blocks: Range<usize>,
    /// Its place among the siblings of its name, from 1 (for XPath).
    pub nth_of_name: usize,
    /// Whether a later or earlier sibling has the same name.
    pub has_namesake: bool,
    /// Its place among all visible sibling elements, from 0.
    pub nth_child: usize,
    /// How many visible child elements it has.
    pub children: usize,
    /// How many `select` and `textarea` children it has: what they hold is no
    /// text of the page, and they are not among the elements.
    pub skipped_controls: u32,
    /// Hidden by its own markup or by that of an element above it.
    pub hidden: bool,
}

/// The visible elements of a page in document order: an element's descendants
/// follow it without a gap, and so do its blocks.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    pub(super) elements: Vec<OutlineElement>,
}

impl Outline {
    /// Of elements that were an outline's before.
    pub(crate) fn of_elements(elements: Vec<OutlineElement>) -> Self {
        Self { elements }
    }

    /// The elements in document order.
    pub fn elements(&self) -> &[OutlineElement] {
        &self.elements
    }

    /// `id` and the elements above it, innermost first.
    pub fn lineage(&self, id: ElementId) -> impl Iterator<Item = ElementId> + '_ {
        let mut next = Some(id);
        std::iter::from_fn(move || {
            let id = next?;
            let parent = self.elements[id.0].parent;
            next = (parent != id).then_some(parent);
            Some(id)
        })
    }

    /// True when `inner` is `outer` or stands below it.
    pub fn holds(&self, outer: ElementId, inner: ElementId) -> bool {
        outer <= inner && inner.0 < self.elements[outer.0].end
    }

    /// The innermost element that holds both.
    pub fn common(&self, a: ElementId, b: ElementId) -> ElementId {
        self.lineage(a)
            .find(|&id| self.holds(id, b))
            .unwrap_or(ElementId(0))
    }
}

impl Index<ElementId> for Outline {
    type Output = OutlineElement;

    fn index(&self, id: ElementId) -> &OutlineElement {
        &self.elements[id.0]
    }
}
