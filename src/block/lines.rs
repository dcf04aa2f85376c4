//! The blocks of a plain text, whose DOM has one shape: groups of lines, each a text.
//!
//! They are what the walk over any DOM ([`super::segment`]) would make of it, in a
//! fraction of the time.

use ego_tree::NodeRef;
use html5ever::{LocalName, local_name};
use scraper::node::Node;

use super::outline::{ElementId, Outline, OutlineElement};
use super::segment::folded_length;
use super::{Block, Blocks};
use crate::page::Page;
use crate::text::{fold_space, is_space};
use crate::watch::spend;

/// Bytes of a line that is read here: a longer one takes the walk, which looks at the
/// clock within it.
const LONGEST: usize = 1 << 16;

/// Cuts a page into blocks; `None` where its DOM is of another shape, has more lines
/// than there may be blocks, or a very long one.
pub(super) fn lines(page: &Page) -> Option<Blocks> {
    let nodes = page.html.tree.values().len();
    let mut cut = Cut {
        elements: Vec::with_capacity(nodes / 2 + 2),
        blocks: Vec::with_capacity(nodes / 2),
    };
    let html = only_child(page.html.tree.root())?;
    let body = only_child(html)?;
    let root = cut.open(html, &local_name!("html"), None, 0)?;
    let body_id = cut.open(body, &local_name!("body"), Some(root), 0)?;
    for (nth, group) in body.children().enumerate() {
        let group_id = cut.open(group, &local_name!("div"), Some(body_id), nth)?;
        for (nth, line) in group.children().enumerate() {
            if cut.blocks.len() >= page.limits.blocks {
                return None;
            }
            let id = cut.open(line, &local_name!("p"), Some(group_id), nth)?;
            cut.text(only_child(line)?, id)?;
            cut.close(id);
        }
        cut.close(group_id);
    }
    cut.close(body_id);
    cut.close(root);
    Some(Blocks {
        blocks: cut.blocks,
        outline: Outline {
            elements: cut.elements,
        },
    })
}

fn only_child(node: NodeRef<'_, Node>) -> Option<NodeRef<'_, Node>> {
    node.first_child()
        .filter(|child| child.next_sibling().is_none())
}

/// What was cut so far.
struct Cut {
    elements: Vec<OutlineElement>,
    blocks: Vec<Block>,
}

impl Cut {
    /// Adds an element, the `nth` child of the one above; `None` for one of another
    /// name, or with attributes.
    fn open(
        &mut self,
        node: NodeRef<'_, Node>,
        name: &LocalName,
        above: Option<ElementId>,
        nth: usize,
    ) -> Option<ElementId> {
        spend(64);
        let element = node.value().as_element()?;
        if element.name.local != *name || !element.attrs.is_empty() {
            return None;
        }
        let id = ElementId(self.elements.len());
        let mut depth = 0;
        if let Some(ElementId(above)) = above {
            depth = self.elements[above].depth + 1;
            self.elements[above].children = nth + 1;
            // All children have one name, and the first stands right after their parent.
            if nth == 1 {
                self.elements[above + 1].has_namesake = true;
            }
        }
        self.elements.push(OutlineElement {
            node: node.id(),
            name: name.clone(),
            parent: above.unwrap_or(id),
            depth,
            end: id.0 + 1,
            blocks: self.blocks.len()..self.blocks.len(),
            nth_of_name: nth + 1,
            has_namesake: nth > 0,
            nth_child: nth,
            children: 0,
            skipped_controls: 0,
            hidden: false,
        });
        Some(id)
    }

    /// The text of a line becomes a block; `None` for a long one, or none.
    fn text(&mut self, node: NodeRef<'_, Node>, element: ElementId) -> Option<()> {
        let text = &*node.value().as_text()?.text;
        if text.len() > LONGEST {
            return None;
        }
        spend(64 + 2 * text.len());
        let is_folded = !text.starts_with(is_space) && folded_length(text) == text.len();
        let text = match is_folded {
            true => text.to_owned(),
            false => fold_space(text),
        };
        if text.is_empty() {
            return None;
        }
        self.blocks.push(Block {
            text,
            element,
            inner: element,
            links: Vec::new(),
            emphasis: 0,
            nodes: vec![node.id()],
        });
        Some(())
    }

    fn close(&mut self, id: ElementId) {
        let end = self.elements.len();
        let element = &mut self.elements[id.0];
        element.end = end;
        element.blocks.end = self.blocks.len();
    }
}

#[cfg(test)]
mod tests {
    use super::super::segment::segment;
    use super::*;
    use crate::page::{InputKind, Limits, PageContext};
    use proptest::prelude::*;

    fn page(text: &str, blocks: usize) -> Page {
        let context = PageContext {
            kind: InputKind::Text,
            ..PageContext::default()
        };
        let limits = Limits {
            blocks,
            ..Limits::default()
        };
        Page::parse_within(text.as_bytes(), &context, &limits)
    }

    #[test]
    fn a_long_line_or_too_many_take_the_walk() {
        assert!(lines(&page("a\nb\n\nc", 3)).is_some());
        assert!(lines(&page("a\nb\n\nc", 2)).is_none());
        assert!(lines(&page(&"a ".repeat(LONGEST), 3)).is_none());
        let html = Page::parse(b"<div><p>a</div>", &PageContext::default());
        assert!(lines(&html).is_none());
    }

    proptest! {
        #[test]
        fn they_are_those_of_the_walk(
            text in "([A-Za-z]{1,9}|é|你|—|<b>| |  |\t|\u{a0}|\u{200b}|\0|\n|\n\n|\r\n){0,60}"
        ) {
            let page = page(&text, 1_000);
            let (cut, walked) = (lines(&page), segment(&page));
            let cut = cut.expect("all lines are short and few");
            prop_assert_eq!(&cut.blocks, &walked.blocks);
            let shape = |blocks: &Blocks| format!("{:?}", blocks.outline);
            prop_assert_eq!(shape(&cut), shape(&walked));
        }
    }
}
