//! What every form is written from: the kept content as a tree.
//!
//! The tree lies in one arena, so that neither a walk over it nor its end takes
//! stack, and is at most [`DEEPEST`] levels of containers deep.

use ego_tree::iter::{Edge, Traverse};
use ego_tree::{NodeId, NodeRef, Tree};

use crate::watch::spend;

/// Levels of lists, quotes, tables and figures that are kept; what is nested
/// deeper is flattened, its text kept. A form that indents repeats each level on
/// every line, so that without a bound a page could make it quadratic.
pub(super) const DEEPEST: usize = 32;

/// A piece of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// The whole.
    Document,

    // Containers: they hold containers and leaves.
    /// Holds items only.
    List {
        /// The number of the first item, where items are numbered.
        start: Option<u64>,
    },
    Item,
    Quote,
    /// Holds rows and captions only.
    Table,
    /// Holds cells only.
    Row {
        /// All its cells head a column.
        header: bool,
    },
    Cell {
        header: bool,
        columns: usize,
        rows: usize,
    },
    Caption,
    Figure,
    FigureCaption,
    /// Holds terms and details only.
    Definitions,
    Term,
    Details,
    /// A footnote's text, under its label.
    Footnote(String),

    // Leaves: they hold inlines, code holds one text.
    Heading(u8),
    Paragraph,
    Code {
        language: Option<String>,
    },
    Rule,

    // Inlines.
    /// Never empty; in a leaf other than code without a line feed.
    Text(String),
    Break,
    Emphasis,
    Strong,
    Strike,
    Superscript,
    Subscript,
    Quotation,
    /// Holds text and breaks, images and maths, no other inline.
    Verbatim,
    Link(String),
    Image {
        address: String,
        alternative: String,
    },
    Maths {
        tex: String,
        display: bool,
    },
    /// Where the footnote of this label is called.
    Call(String),
}

impl Piece {
    /// True of what holds inlines, or nothing.
    pub(super) fn is_leaf(&self) -> bool {
        matches!(
            self,
            Self::Heading(_) | Self::Paragraph | Self::Code { .. } | Self::Rule
        )
    }
}

/// The kept content of a page.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) tree: Tree<Piece>,
}

impl Document {
    pub(super) fn new() -> Self {
        Self {
            tree: Tree::new(Piece::Document),
        }
    }

    /// Puts `piece` last under `parent`, with whatever has to stand between: an
    /// item in a list, a cell in a table.
    pub(super) fn place(&mut self, parent: NodeId, piece: Piece) -> NodeId {
        let mut parent = parent;
        while let Some(between) = self.between(parent, &piece) {
            parent = match between {
                Between::New(wrapper) => self.append(parent, wrapper),
                Between::Old(id) => id,
            };
        }
        self.append(parent, piece)
    }

    fn between(&self, parent: NodeId, piece: &Piece) -> Option<Between> {
        let parent = self.tree.get(parent)?;
        let wrapper = match (parent.value(), piece) {
            (Piece::List { .. }, Piece::Item)
            | (Piece::Table, Piece::Row { .. } | Piece::Caption)
            | (Piece::Row { .. }, Piece::Cell { .. })
            | (Piece::Definitions, Piece::Term | Piece::Details) => return None,
            // `<ul><li>…</li><ul>`: the inner list is the item's.
            (Piece::List { .. }, Piece::List { .. }) if parent.has_children() => {
                return parent.last_child().map(|item| Between::Old(item.id()));
            }
            (Piece::List { .. }, _) => Piece::Item,
            (Piece::Table, _) => Piece::Row { header: false },
            (Piece::Row { .. }, _) => Piece::Cell {
                header: false,
                columns: 1,
                rows: 1,
            },
            (Piece::Definitions, _) => Piece::Details,
            _ => return None,
        };
        Some(Between::New(wrapper))
    }

    /// Puts `piece` last under `parent`, whatever they are.
    pub(super) fn append(&mut self, parent: NodeId, piece: Piece) -> NodeId {
        match self.tree.get_mut(parent) {
            Some(mut parent) => parent.append(piece).id(),
            None => self.tree.root_mut().append(piece).id(),
        }
    }

    /// The pieces as they open and close, the document itself left out, until
    /// more than `most` bytes are written of them.
    pub(super) fn edges(&self, most: usize) -> Edges<'_> {
        Edges {
            edges: self.tree.root().traverse(),
            most,
            left_out: None,
            cut: false,
        }
    }
}

/// A walk over a document in which nothing opens any more once what was written is
/// too long, and all that is open closes.
pub(super) struct Edges<'a> {
    edges: Traverse<'a, Piece>,
    most: usize,
    /// The piece that is being left out.
    left_out: Option<NodeId>,
    /// Whether any was.
    pub(super) cut: bool,
}

impl<'a> Edges<'a> {
    /// What opens or closes next, after so many bytes were written.
    pub(super) fn next(&mut self, written: usize) -> Option<Edge<'a, Piece>> {
        loop {
            let edge = self.edges.next()?;
            let (Edge::Open(node) | Edge::Close(node)) = edge;
            match node.value() {
                Piece::Document => continue,
                Piece::Text(text) => spend(32 + text.len()),
                _ => spend(64),
            }
            match edge {
                Edge::Close(_) if self.left_out == Some(node.id()) => self.left_out = None,
                _ if self.left_out.is_some() => {}
                Edge::Open(_) if written > self.most => {
                    self.left_out = Some(node.id());
                    self.cut = true;
                }
                edge => return Some(edge),
            }
        }
    }
}

enum Between {
    New(Piece),
    Old(NodeId),
}

/// The text that a piece shows: words as a reader meets them, breaks and the ends
/// of leaves as spaces, maths and images left out.
pub(super) fn shown(piece: NodeRef<'_, Piece>) -> String {
    let mut shown = String::new();
    for node in piece.descendants() {
        match node.value() {
            Piece::Text(text) => shown.push_str(text),
            Piece::Break => shown.push(' '),
            piece if piece.is_leaf() && !shown.is_empty() => shown.push(' '),
            _ => {}
        }
    }
    shown
}
