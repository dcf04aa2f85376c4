//! Elements that one part or another looks for by their names, found in one walk.

use std::sync::OnceLock;

use ego_tree::{NodeId, NodeRef, Tree};
use html5ever::{LocalName, local_name};
use scraper::Node;

use super::Page;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sought {
    Base,
    H1,
    Meta,
    Script,
    TextArea,
    Title,
}

/// How many names there are.
const MANY: usize = 6;

const NAMES: [LocalName; MANY] = [
    local_name!("base"),
    local_name!("h1"),
    local_name!("meta"),
    local_name!("script"),
    local_name!("textarea"),
    local_name!("title"),
];

/// The elements of each of these names, in the document's order.
#[derive(Debug)]
pub(super) struct Found([Vec<NodeId>; MANY]);

impl Found {
    fn on(page: &Page) -> Self {
        let mut found = Self(Default::default());
        for node in page.nodes() {
            if let Node::Element(element) = node.value()
                && let Some(at) = NAMES.iter().position(|name| *name == element.name.local)
            {
                found.0[at].push(node.id());
            }
        }
        found
    }
}

impl Page {
    /// The elements of a name, in the document's order.
    pub(crate) fn all(&self, sought: Sought) -> impl Iterator<Item = NodeRef<'_, Node>> {
        let found = self.found.get_or_init(|| Found::on(self));
        let found = found.0[sought as usize].iter();
        found.filter_map(|&id| self.html.tree.get(id))
    }

    /// The document's tree, to change it.
    pub(crate) fn tree_mut(&mut self) -> &mut Tree<Node> {
        self.found = OnceLock::new();
        &mut self.html.tree
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::PageContext;

    #[test]
    fn all_elements_of_a_name_are_found_in_order() {
        let html = b"<title>T</title><p><h1 id=a>A</h1><svg><title>S</title></svg><h1 id=b>B</h1>";
        let page = Page::parse(html, &PageContext::default());
        let ids: Vec<_> = (page.all(Sought::H1))
            .filter_map(|node| node.value().as_element()?.id())
            .collect();
        assert_eq!(ids, ["a", "b"]);
        assert_eq!(page.all(Sought::Title).count(), 2);
        assert_eq!(page.all(Sought::Meta).count(), 0);
    }

    #[test]
    fn what_is_taken_out_is_not_found_again() {
        let mut page = Page::parse(b"<script></script><p>A", &PageContext::default());
        let script = page.all(Sought::Script).next().unwrap().id();
        page.tree_mut().get_mut(script).unwrap().detach();
        assert_eq!(page.all(Sought::Script).count(), 0);
    }
}
