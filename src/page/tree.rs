//! The page's tree, made as html5ever's tree builder asks for it.
//!
//! It is the tree that scraper's own sink makes. Beside it, elements are counted
//! for the guard, and for each text node is noted where it stands in the page.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

use ego_tree::{NodeId, NodeMut};
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, QualName, local_name, ns};
use memchr::memchr_iter;
use scraper::Html;
use scraper::node::{Comment, Doctype, Element, Node, ProcessingInstruction, Text};

use super::names::is_formatting;
use super::spans::Spans;
use super::tokenizer::Place;

/// Elements created so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Created {
    pub elements: usize,
    /// Formatting elements among them.
    pub formatting: usize,
}

/// A tree in the making.
pub(super) struct Tree {
    html: RefCell<Html>,
    created: Cell<Created>,
    spans: RefCell<Spans>,
    /// Where the characters stand that the tree builder was last given. It keeps
    /// those of a table until the next tag.
    characters: Cell<Place>,
}

impl Tree {
    /// An empty tree with room for what the page may hold: growing by doubling
    /// would take three times the memory for a while.
    pub fn for_page(text: &str) -> Self {
        let mut html = Html::new_document();
        html.tree = ego_tree::Tree::with_capacity(Node::Document, expected_nodes(text));
        Self {
            html: RefCell::new(html),
            created: Cell::default(),
            spans: RefCell::default(),
            characters: Cell::default(),
        }
    }

    pub fn created(&self) -> Created {
        self.created.get()
    }

    pub fn html(&self) -> Ref<'_, Html> {
        self.html.borrow()
    }

    /// Says where the characters stand that text nodes are made of from now on.
    pub fn characters_at(&self, place: Place) {
        self.characters.set(place);
    }

    fn orphan(&self, node: Node) -> NodeId {
        self.html.borrow_mut().tree.orphan(node).id()
    }

    /// Adds text to `neighbour`, if that is a text node, and gives it back if not.
    fn merge(&self, neighbour: Option<NodeMut<'_, Node>>, text: StrTendril) -> Option<StrTendril> {
        let Some(mut neighbour) = neighbour else {
            return Some(text);
        };
        let id = neighbour.id();
        let Node::Text(before) = neighbour.value() else {
            return Some(text);
        };
        before.text.push_tendril(&text);
        self.spans.borrow_mut().widen(id, self.characters.get());
        None
    }

    /// Notes where a new text node stands.
    fn note(&self, text: NodeId) {
        self.spans.borrow_mut().note(text, self.characters.get());
    }
}

/// There is room for a node in so many bytes at most. Of 4,266 pages of seven
/// corpora one has more.
const BYTES_A_NODE: usize = 8;

/// About how many nodes a page comes to, seldom too few: each `<` may open an
/// element or a comment, and each that follows no `>` ends a text.
fn expected_nodes(text: &str) -> usize {
    let bytes = text.as_bytes();
    let nodes = memchr_iter(b'<', bytes).map(|at| {
        let opens = bytes.get(at + 1).is_some_and(|&next| next != b'/');
        let ends_text = at > 0 && bytes[at - 1] != b'>';
        usize::from(opens) + usize::from(ends_text)
    });
    // The parser opens some elements itself.
    let nodes: usize = nodes.sum();
    (nodes + nodes / 32 + 8).min(bytes.len() / BYTES_A_NODE + 8)
}

/// A node that the tree builder was given the name of: it is there.
fn known(html: &mut Html, id: NodeId) -> NodeMut<'_, Node> {
    html.tree.get_mut(id).expect("a node of this tree")
}

impl TreeSink for Tree {
    type Output = (Html, Spans);
    type Handle = NodeId;
    type ElemName<'b> = Ref<'b, QualName>;

    fn finish(self) -> (Html, Spans) {
        (self.html.into_inner(), self.spans.into_inner())
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        self.html.borrow().tree.root().id()
    }

    fn elem_name<'b>(&'b self, target: &'b NodeId) -> Ref<'b, QualName> {
        Ref::map(self.html.borrow(), |html| {
            let node = html.tree.get(*target).expect("a node of this tree");
            &node.value().as_element().expect("an element").name
        })
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, _: ElementFlags) -> NodeId {
        let mut created = self.created.get();
        created.elements += 1;
        created.formatting += usize::from(is_formatting(&name.local));
        self.created.set(created);
        let is_template = name.ns == ns!(html) && name.local == local_name!("template");
        let mut html = self.html.borrow_mut();
        let mut node = html.tree.orphan(Node::Element(Element::new(name, attrs)));
        if is_template {
            node.append(Node::Fragment);
        }
        node.id()
    }

    fn create_comment(&self, comment: StrTendril) -> NodeId {
        self.orphan(Node::Comment(Comment { comment }))
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        let instruction = ProcessingInstruction { target, data };
        self.orphan(Node::ProcessingInstruction(instruction))
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        let mut html = self.html.borrow_mut();
        let mut parent = known(&mut html, *parent);
        match child {
            NodeOrText::AppendNode(id) => {
                parent.append_id(id);
            }
            NodeOrText::AppendText(text) => {
                if let Some(text) = self.merge(parent.last_child(), text) {
                    self.note(parent.append(Node::Text(Text { text })).id());
                }
            }
        }
    }

    fn append_before_sibling(&self, sibling: &NodeId, new_node: NodeOrText<NodeId>) {
        let mut html = self.html.borrow_mut();
        if let NodeOrText::AppendNode(id) = new_node {
            known(&mut html, id).detach();
        }
        let mut sibling = known(&mut html, *sibling);
        if sibling.parent().is_none() {
            return;
        }
        match new_node {
            NodeOrText::AppendNode(id) => {
                sibling.insert_id_before(id);
            }
            NodeOrText::AppendText(text) => {
                if let Some(text) = self.merge(sibling.prev_sibling(), text) {
                    self.note(sibling.insert_before(Node::Text(Text { text })).id());
                }
            }
        }
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        prev_element: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        let has_parent = known(&mut self.html.borrow_mut(), *element)
            .parent()
            .is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(prev_element, child);
        }
    }

    fn append_doctype_to_document(
        &self,
        name: StrTendril,
        public_id: StrTendril,
        system_id: StrTendril,
    ) {
        let doctype = Doctype {
            name,
            public_id,
            system_id,
        };
        let mut html = self.html.borrow_mut();
        html.tree.root_mut().append(Node::Doctype(doctype));
    }

    /// A template's contents are its first child.
    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        let html = self.html.borrow();
        let template = html.tree.get(*target).expect("a node of this tree");
        template.first_child().expect("a template's contents").id()
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.html.borrow_mut().quirks_mode = mode;
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attrs: Vec<Attribute>) {
        let mut html = self.html.borrow_mut();
        let mut node = known(&mut html, *target);
        if let Node::Element(element) = node.value() {
            for attr in attrs {
                // An element's attributes are kept in the order of their names.
                let found = element
                    .attrs
                    .binary_search_by(|(name, _)| name.cmp(&attr.name));
                if let Err(place) = found {
                    element.attrs.insert(place, (attr.name, attr.value));
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &NodeId) {
        known(&mut self.html.borrow_mut(), *target).detach();
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        known(&mut self.html.borrow_mut(), *new_parent).reparent_from_id_append(*node);
    }
}
