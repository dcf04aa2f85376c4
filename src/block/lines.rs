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
use crate::text::fold_space;
use crate::watch::spend;

/// Bytes of a line that is read here: a longer one takes the walk, which looks at the
/// clock within it.
const LONGEST: usize = 1 << 16;

/// Cuts a page into blocks; `None` where its DOM is of another shape, has more lines
/// than there may be blocks, or a very long one.
pub(super) fn lines(page: &Page) -> Option<Blocks> {
    let nodes = page.html.tree.values().len();
    let mut cut = Cut {
        outline: Outline {
            elements: Vec::with_capacity(nodes / 2 + 2),
        },
        blocks: Vec::with_capacity(nodes / 2),
    };
    let html = only(page.html.tree.root(), &local_name!("html"))?;
    let root = cut.open(html, &local_name!("html"), ElementId(0), 0)?;
    let body = cut.open(
        only(html, &local_name!("body"))?,
        &local_name!("body"),
        root,
        0,
    )?;
    for (nth, group) in only(html, &local_name!("body"))?.children().enumerate() {
        let above = cut.open(group, &local_name!("div"), body, nth)?;
        for (nth, line) in group.children().enumerate() {
            if cut.blocks.len() >= page.limits.blocks {
                return None;
            }
            let element = cut.open(line, &local_name!("p"), above, nth)?;
            cut.text(line, element)?;
            cut.close(element);
        }
        cut.close(above);
    }
    cut.close(body);
    cut.close(root);
    Some(Blocks {
        blocks: cut.blocks,
        outline: cut.outline,
    })
}

/// The one child of a node, if that is an element of that name without attributes.
fn only<'t>(node: NodeRef<'t, Node>, name: &LocalName) -> Option<NodeRef<'t, Node>> {
    let child = node.first_child()?;
    (child.next_sibling().is_none() && is(child, name)).then_some(child)
}

fn is(node: NodeRef<'_, Node>, name: &LocalName) -> bool {
    (node.value().as_element())
        .is_some_and(|element| element.name.local == *name && element.attrs.is_empty())
}

struct Cut {
    outline: Outline,
    blocks: Vec<Block>,
}

impl Cut {
    /// Adds an element, the `nth` child of the one above.
    fn open(
        &mut self,
        node: NodeRef<'_, Node>,
        name: &LocalName,
        parent: ElementId,
        nth: usize,
    ) -> Option<ElementId> {
        spend(64);
        if !is(node, name) {
            return None;
        }
        let id = ElementId(self.outline.elements.len());
        let mut depth = 0;
        if id != parent {
            let above = &mut self.outline.elements[parent.0];
            depth = above.depth + 1;
            above.children = nth + 1;
        }
        if nth == 1 {
            // All children of an element have one name.
            self.namesake_of(parent);
        }
        self.outline.elements.push(OutlineElement {
            node: node.id(),
            name: name.clone(),
            parent,
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

    /// The first child of an element, which stands right after it, has a namesake.
    fn namesake_of(&mut self, parent: ElementId) {
        if let Some(first) = self.outline.elements.get_mut(parent.0 + 1) {
            first.has_namesake = true;
        }
    }

    /// The text of a line becomes a block.
    fn text(&mut self, line: NodeRef<'_, Node>, element: ElementId) -> Option<()> {
        let node = line.first_child()?;
        let text = &*node.value().as_text()?.text;
        if node.next_sibling().is_some() || text.len() > LONGEST {
            return None;
        }
        spend(64 + 2 * text.len());
        let text = match text.starts_with(crate::text::is_space) {
            false if folded_length(text) == text.len() => text.to_owned(),
            _ => fold_space(text),
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
        let end = self.outline.elements.len();
        let element = &mut self.outline.elements[id.0];
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
