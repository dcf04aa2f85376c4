//! Rendered blocks + untouched DOM → [`Document`].
//!
//! One walk over the DOM in document order. Containers and inlines are put into
//! the tree when the first text, image or formula in them is met, so that nothing
//! empty is; texts are cut out of their blocks' texts, so that every space is
//! where the block has one. Images and maths that stand beside the text of blocks
//! are kept where most blocks of the innermost element round them that has any
//! are rendered.

mod leaf;
mod structure;

use std::ops::Range;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::Node;
use scraper::node::Element;

use self::leaf::{Gap, Leaf};
use super::RenderOptions;
use super::address::Base;
use super::code;
use super::document::{Document, Piece};
use super::footnote::Footnotes;
use super::image;
use super::maths::{self, Formula, Maths};
use crate::block::{Blocks, ElementId, is_block_level, is_skipped};
use crate::page::Page;
use crate::text::is_space;

/// Builds the document of the blocks that `rendered` marks.
pub(super) fn build(
    page: &Page,
    blocks: &Blocks,
    rendered: &[bool],
    options: &RenderOptions,
) -> Document {
    let mut builder = Builder::new(page, blocks, rendered, options);
    let mut skipping: Option<NodeId> = None;
    for edge in page.html.tree.root().traverse() {
        crate::watch::spend(64);
        match edge {
            Edge::Open(node) if skipping.is_none() => match node.value() {
                Node::Element(element) if is_skipped(&element.name.local) => {
                    skipping = Some(node.id());
                    if let Some(Maths::Formula(formula)) = maths::maths(node) {
                        builder.formula(node.id(), formula);
                    }
                }
                Node::Element(element) => builder.open(node.id(), element),
                Node::Text(text) => builder.text(node.id(), text),
                _ => {}
            },
            Edge::Close(node) => match skipping {
                Some(id) if id == node.id() => skipping = None,
                Some(_) => {}
                None if node.value().is_element() => builder.close(node.id()),
                None => {}
            },
            Edge::Open(_) => {}
        }
    }
    builder.document
}

/// An element whose end has not been reached.
struct Open {
    block_level: bool,
    /// Containers that it added to [`Builder::frames`].
    frames: usize,
    /// Whether it added one to [`Builder::inlines`].
    inline: bool,
    heading: bool,
    code: bool,
    /// Whether it stands in what is rendered.
    content: bool,
    /// Its rows head the table.
    table_head: bool,
}

/// A container whose end has not been reached.
struct Frame {
    piece: Piece,
    /// Where it is in the tree, once something stands in it.
    placed: Option<NodeId>,
}

/// An inline element whose end has not been reached.
struct Inline {
    node: NodeId,
    piece: Piece,
}

/// How far the walk has come in the blocks.
#[derive(Default)]
struct Cursor {
    block: usize,
    /// Text nodes of the block that are passed, and the bytes of its text.
    node: usize,
    byte: usize,
}

/// What a block shows of a text node.
struct Shown {
    block: usize,
    /// The block's white space before the text.
    gap: Range<usize>,
    text: Range<usize>,
}

struct Builder<'a> {
    page: &'a Page,
    blocks: &'a Blocks,
    rendered: &'a [bool],
    /// How many blocks before each are rendered.
    rendered_before: Vec<usize>,
    options: &'a RenderOptions,
    base: Base,
    footnotes: Footnotes,
    /// Whether the page's scripts turn TeX in its text into maths.
    tex_in_text: bool,
    document: Document,
    /// Outline elements that are passed.
    elements: usize,
    cursor: Cursor,
    open: Vec<Open>,
    frames: Vec<Frame>,
    inlines: Vec<Inline>,
    leaf: Option<Leaf>,
    /// What was met since the leaf's last text, image or formula.
    gap: Gap,
    /// `<br>`s met since then.
    breaks: usize,
    /// Level of the heading that the walk is in.
    heading: Option<u8>,
    /// The code that the walk is in.
    code: Option<String>,
    /// … and the language that its markup names.
    language: Option<String>,
    /// Whether anything is rendered in the row of a table that the walk is in.
    whole_row: bool,
    /// The element in which nothing is rendered.
    muted: Option<NodeId>,
    /// A rule was met since the last leaf.
    rule: bool,
    /// Address of the last image, if nothing has come after it.
    last_image: Option<String>,
}

impl<'a> Builder<'a> {
    fn new(
        page: &'a Page,
        blocks: &'a Blocks,
        rendered: &'a [bool],
        options: &'a RenderOptions,
    ) -> Self {
        let mut rendered_before = vec![0];
        let mut count = 0;
        for &rendered in rendered {
            crate::watch::spend(4);
            count += usize::from(rendered);
            rendered_before.push(count);
        }
        let any = |range: Range<usize>| rendered_before[range.end] > rendered_before[range.start];
        Self {
            page,
            blocks,
            rendered,
            footnotes: Footnotes::of(page, blocks, any),
            rendered_before,
            options,
            base: Base::of(page),
            tex_in_text: maths::is_made_of_text(page),
            document: Document::new(),
            elements: 0,
            cursor: Cursor::default(),
            open: Vec::new(),
            frames: Vec::new(),
            inlines: Vec::new(),
            leaf: None,
            gap: Gap::None,
            breaks: 0,
            heading: None,
            code: None,
            language: None,
            whole_row: false,
            muted: None,
            rule: false,
            last_image: None,
        }
    }

    /// Whether the innermost open element is in what is rendered.
    fn in_content(&self) -> bool {
        self.open.last().is_some_and(|open| open.content)
    }

    fn rendered_in(&self, blocks: &Range<usize>) -> usize {
        self.rendered_before[blocks.end] - self.rendered_before[blocks.start]
    }

    fn open(&mut self, node: NodeId, element: &Element) {
        let id = ElementId(self.elements);
        self.elements += 1;
        let outlined = &self.blocks.outline[id];
        let content = if outlined.blocks.is_empty() {
            self.in_content()
        } else {
            2 * self.rendered_in(&outlined.blocks) >= outlined.blocks.len()
        };
        let name = element.name();
        let is_html = element.name.ns == html5ever::ns!(html);
        let mut open = Open {
            block_level: is_block_level(&element.name.local, is_html) && !maths::is_inline(name),
            frames: 0,
            inline: false,
            heading: false,
            code: false,
            content,
            table_head: name == "thead",
        };
        if self.muted.is_none() {
            if self.code.is_some() {
                self.open_in_code(node, name, open.block_level);
            } else {
                if open.block_level {
                    self.end_block();
                }
                self.open_in_text(node, element, id, &mut open);
            }
        }
        self.open.push(open);
    }

    fn close(&mut self, node: NodeId) {
        let Some(open) = self.open.pop() else { return };
        if self.muted == Some(node) {
            self.muted = None;
        }
        if open.code {
            self.end_code();
        } else if let Some(code) = &mut self.code {
            let ends_line = open.block_level && self.muted.is_none();
            if ends_line && !code.is_empty() && !code.ends_with('\n') {
                code.push('\n');
            }
        } else if open.heading {
            self.heading = None;
            self.end_block();
        } else if open.block_level && self.muted.is_none() {
            self.end_block();
        }
        if open.inline {
            self.inlines.pop();
        }
        self.frames.truncate(self.frames.len() - open.frames);
    }

    /// What stands in a `pre`: only its lines count.
    fn open_in_code(&mut self, node: NodeId, name: &str, block_level: bool) {
        if self.page.html.tree.get(node).is_some_and(code::is_gutter) {
            self.muted = Some(node);
        } else if let Some(code) = &mut self.code
            && (name == "br" || (block_level && !code.is_empty() && !code.ends_with('\n')))
        {
            code.push('\n');
        }
    }

    fn end_code(&mut self) {
        let Some(code) = self.code.take() else { return };
        let text = code::trimmed(&code).to_owned();
        let language = self.language.take();
        if text.is_empty() {
            return;
        }
        self.begin(Piece::Code { language });
        if let Some(leaf) = self.leaf.take() {
            self.document.append(leaf.id, Piece::Text(text));
        }
        self.last_image = None;
    }

    fn text(&mut self, node: NodeId, text: &str) {
        let Some(shown) = self.shown(node, text) else {
            self.space(text);
            return;
        };
        if self.muted.is_some() || !self.rendered[shown.block] {
            return;
        }
        match &mut self.code {
            Some(code) => code.push_str(&text.replace('\u{a0}', " ")),
            None => self.inline_text(&shown, text),
        }
    }

    /// White space between what is shown.
    fn space(&mut self, text: &str) {
        if self.muted.is_some() || text.is_empty() {
            return;
        }
        match &mut self.code {
            Some(code) => code.push_str(text),
            None => self.gap = self.gap.max(Gap::Space),
        }
    }

    /// What the blocks show of a text node: the run of its visible characters,
    /// looked for from where the last one ended. `None` for white space.
    fn shown(&mut self, node: NodeId, text: &str) -> Option<Shown> {
        let at = &mut self.cursor;
        let block = self.blocks.blocks.get(at.block)?;
        if *block.nodes.get(at.node)? != node {
            return None;
        }
        let rest = &block.text[at.byte..];
        let characters = crate::watch::pieces(text).flat_map(str::chars);
        let visible = characters.filter(|&c| !is_space(c)).count();
        let mut run = rest.char_indices().filter(|&(_, c)| !is_space(c));
        let (first, c) = run.next()?;
        let (last, c) = if visible > 1 {
            run.nth(visible - 2)?
        } else {
            (first, c)
        };
        let shown = Shown {
            block: at.block,
            gap: at.byte..at.byte + first,
            text: at.byte + first..at.byte + last + c.len_utf8(),
        };
        at.byte = shown.text.end;
        at.node += 1;
        if at.node == block.nodes.len() {
            *at = Cursor {
                block: at.block + 1,
                ..Cursor::default()
            };
        }
        Some(shown)
    }

    /// A formula, where the page shows it or, if the blocks have nothing of it,
    /// where what stands round it is rendered. What stands in it is its text.
    fn formula(&mut self, node: NodeId, formula: Formula) {
        if self.muted.is_some() || self.code.is_some() {
            return;
        }
        let next = self.blocks.blocks.get(self.cursor.block);
        let next = next.and_then(|block| block.nodes.get(self.cursor.node));
        let holds_next = next
            .and_then(|&next| self.page.html.tree.get(next))
            .is_some_and(|next| next.ancestors().any(|above| above.id() == node));
        let is_shown = if holds_next {
            self.rendered[self.cursor.block]
        } else {
            self.in_content()
        };
        if is_shown {
            self.object(Piece::Maths {
                tex: formula.tex,
                display: formula.display,
            });
            // What shows a formula may cut the text round it into two blocks.
            if let Some(leaf) = &mut self.leaf {
                leaf.block = None;
            }
        }
    }

    fn image(&mut self, element: &Element, is_hidden: bool) {
        if !self.options.images || is_hidden || !self.in_content() {
            return;
        }
        let Some(address) = image::address(element, &self.base) else {
            return;
        };
        // A placeholder and, for readers without scripts, the image again.
        if self.last_image.as_ref() == Some(&address) {
            return;
        }
        self.object(Piece::Image {
            address: address.clone(),
            alternative: image::alternative(element),
        });
        self.last_image = Some(address);
    }
}
