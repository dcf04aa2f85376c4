//! Text, images and formulas into paragraphs and headings.

use ego_tree::NodeId;

use super::super::document::Piece;
use super::super::maths;
use super::{Builder, Shown};
use crate::text::is_space;

/// What stands between two pieces of one leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    None,
    Space,
    Break,
}

/// The leaf that is being filled.
pub(super) struct Leaf {
    pub(super) id: NodeId,
    /// The inlines open in it: the page's node of each, and its place in the tree.
    inlines: Vec<(NodeId, NodeId)>,
    /// The block that its text is of; `None` where any block may go on.
    pub(super) block: Option<usize>,
    /// An image or a formula stands after its last text.
    object: bool,
    /// A gap was put before that.
    spaced: bool,
    empty: bool,
}

impl Builder<'_> {
    /// A block-level element begins or ends. In a heading this is but a space.
    pub(super) fn end_block(&mut self) {
        self.breaks = 0;
        if self.heading.is_some() {
            self.gap = self.gap.max(Gap::Space);
        } else {
            self.leaf = None;
            self.gap = Gap::None;
        }
    }

    pub(super) fn line_break(&mut self) {
        self.breaks += 1;
        if self.breaks >= 2 && self.heading.is_none() {
            self.leaf = None;
        }
        self.gap = Gap::Break;
    }

    /// The container that the walk is in, put into the tree with all that it
    /// stands in.
    pub(super) fn container(&mut self) -> NodeId {
        // A footnote stands at the top, wherever its page sets it.
        let first = self
            .frames
            .iter()
            .rposition(|frame| matches!(frame.piece, Piece::Footnote(_)))
            .unwrap_or(0);
        // What comes after it stands after it.
        if self.frames.get(first).is_some_and(|f| f.placed.is_none()) {
            for frame in &mut self.frames[..first] {
                frame.placed = None;
            }
        }
        let mut parent = self.document.tree.root().id();
        for frame in &mut self.frames[first..] {
            parent = match frame.placed {
                Some(id) => id,
                None => {
                    let id = self.document.place(parent, frame.piece.clone());
                    frame.placed = Some(id);
                    id
                }
            };
        }
        parent
    }

    /// Begins a leaf where the walk is.
    pub(super) fn begin(&mut self, piece: Piece) {
        let container = self.container();
        let takes_rule = self.document.tree.get(container).is_some_and(|container| {
            let holds_parts = matches!(
                container.value(),
                Piece::List { .. } | Piece::Table | Piece::Row { .. } | Piece::Definitions
            );
            container.has_children() && !holds_parts
        });
        if std::mem::take(&mut self.rule) && takes_rule {
            self.document.place(container, Piece::Rule);
        }
        let id = self.document.place(container, piece);
        self.leaf = Some(Leaf {
            id,
            inlines: Vec::new(),
            block: None,
            object: false,
            spaced: false,
            empty: true,
        });
    }

    fn begin_if_none(&mut self) {
        if self.leaf.is_none() {
            let piece = self.heading.map_or(Piece::Paragraph, Piece::Heading);
            self.begin(piece);
        }
    }

    pub(super) fn inline_text(&mut self, shown: &Shown, text: &str) {
        let other = |leaf: &Leaf| leaf.block.is_some_and(|block| block != shown.block);
        let another = self.leaf.as_ref().is_some_and(other);
        if another && self.heading.is_none() {
            self.leaf = None;
        }
        self.begin_if_none();
        let block = &self.blocks.blocks[shown.block].text;
        let gap = self.gap_before(shown, text);
        let parent = self.inline_parent(gap);
        let text_shown = folded(&block[shown.text.clone()]);
        if self.tex_in_text {
            for piece in maths::pieces(&text_shown) {
                self.append(parent, piece);
            }
        } else {
            self.append(parent, Piece::Text(text_shown));
        }
        self.gap = if text.ends_with(is_space) {
            Gap::Space
        } else {
            Gap::None
        };
        self.breaks = 0;
        self.last_image = None;
        if let Some(leaf) = &mut self.leaf {
            leaf.block = Some(shown.block);
            leaf.object = false;
            leaf.spaced = false;
        }
    }

    /// An image, a formula or the call of a footnote.
    pub(super) fn object(&mut self, piece: Piece) {
        self.begin_if_none();
        let empty = self.leaf.as_ref().is_none_or(|leaf| leaf.empty);
        let gap = if empty { Gap::None } else { self.gap };
        let is_maths = matches!(piece, Piece::Maths { .. } | Piece::Call(_));
        let parent = self.inline_parent(gap);
        self.append(parent, piece);
        if let Some(leaf) = &mut self.leaf {
            leaf.object = true;
            leaf.spaced |= gap != Gap::None;
        }
        self.gap = Gap::None;
        self.breaks = 0;
        if is_maths {
            self.last_image = None;
        }
    }

    /// What stands before a text: within a block what the block says, so that
    /// words are apart that its text sets apart; after anything else what the page
    /// has there.
    fn gap_before(&self, shown: &Shown, text: &str) -> Gap {
        let Some(leaf) = self.leaf.as_ref().filter(|leaf| !leaf.empty) else {
            return Gap::None;
        };
        let block = &self.blocks.blocks[shown.block].text;
        let of_block = match &block[shown.gap.clone()] {
            "" => Gap::None,
            gap if gap.contains('\n') => Gap::Break,
            _ => Gap::Space,
        };
        if leaf.block == Some(shown.block) && !leaf.object {
            return of_block;
        }
        let mut gap = self.gap;
        if text.starts_with(is_space) {
            gap = gap.max(Gap::Space);
        }
        if !leaf.object || (of_block != Gap::None && !leaf.spaced) {
            gap = gap.max(Gap::Space);
        }
        gap
    }

    /// The innermost inline that the walk is in, put into the leaf with all that
    /// it stands in; the gap stands where the last text and this one part.
    fn inline_parent(&mut self, gap: Gap) -> NodeId {
        let Some(leaf) = &mut self.leaf else {
            return self.document.tree.root().id();
        };
        // Code holds no markup: what stands in it is set round it.
        let is_verbatim = |piece: &Piece| *piece == Piece::Verbatim;
        let outer = self.inlines.iter().filter(|i| !is_verbatim(&i.piece));
        let inner = self.inlines.iter().filter(|i| is_verbatim(&i.piece));
        let wanted: Vec<_> = outer.chain(inner).collect();
        let shared = leaf
            .inlines
            .iter()
            .zip(&wanted)
            .take_while(|((node, _), wanted)| *node == wanted.node)
            .count();
        leaf.inlines.truncate(shared);
        leaf.empty = false;
        let mut parent = leaf.inlines.last().map_or(leaf.id, |&(_, id)| id);
        match gap {
            Gap::None => {}
            Gap::Space => append_text(&mut self.document, parent, " "),
            Gap::Break => {
                self.document.append(parent, Piece::Break);
            }
        }
        for inline in &wanted[shared..] {
            parent = self.document.append(parent, inline.piece.clone());
            leaf.inlines.push((inline.node, parent));
        }
        parent
    }

    fn append(&mut self, parent: NodeId, piece: Piece) {
        match piece {
            Piece::Text(text) => append_text(&mut self.document, parent, &text),
            piece => {
                self.document.append(parent, piece);
            }
        }
    }
}

/// Puts text last under `parent`, into the text that is there.
fn append_text(document: &mut super::Document, parent: NodeId, text: &str) {
    if let Some(mut parent) = document.tree.get_mut(parent)
        && let Some(mut last) = parent.last_child()
        && let Piece::Text(before) = last.value()
    {
        before.push_str(text);
        return;
    }
    document.append(parent, Piece::Text(text.to_owned()));
}

/// A block's text as a leaf takes it: the lines of a `pre` in a heading become one.
fn folded(text: &str) -> String {
    if text.contains(['\n', '\t']) || text.contains("  ") {
        crate::text::fold_space(text)
    } else {
        text.to_owned()
    }
}
