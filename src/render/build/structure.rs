//! Elements into containers and inlines.

use std::mem::discriminant;

use ego_tree::NodeId;
use scraper::Node;
use scraper::node::Element;

use super::super::code;
use super::super::document::{DEEPEST, Piece};
use super::super::maths::{self, Maths};
use super::super::table::{is_data, span};
use super::{Builder, Frame, Inline, Open};
use crate::block::ElementId;

impl Builder<'_> {
    pub(super) fn open_in_text(
        &mut self,
        node: NodeId,
        element: &Element,
        id: ElementId,
        open: &mut Open,
    ) {
        let Some(here) = self.page.html.tree.get(node) else {
            return;
        };
        if let Some(maths) = maths::maths(here) {
            if let Maths::Formula(formula) = maths {
                self.formula(node, formula);
            }
            self.muted = Some(node);
            return;
        }
        let name = element.name();
        match name {
            "br" => self.line_break(),
            "hr" => {
                self.end_block();
                self.rule |= self.heading.is_none() && open.content;
            }
            "img" => self.image(element, self.blocks.outline[id].hidden),
            "a" => self.open_link(node, element, open),
            "td" if code::is_column_of_numbers(here) => self.muted = Some(node),
            "pre" if self.heading.is_none() => self.open_code(here, open),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" if self.heading.is_none() => {
                self.heading = name[1..].parse().ok();
                open.heading = true;
            }
            _ => match inline(name) {
                Some(piece) => self.open_inline(node, piece, open),
                None if self.heading.is_none() => {
                    self.open_container(here, element, id, open);
                }
                None => {}
            },
        }
    }

    fn open_code(&mut self, pre: ego_tree::NodeRef<'_, Node>, open: &mut Open) {
        if code::is_gutter(pre) {
            self.muted = Some(pre.id());
            return;
        }
        self.code = Some(String::new());
        self.language = code::language(pre);
        open.code = true;
    }

    fn open_link(&mut self, node: NodeId, element: &Element, open: &mut Open) {
        if let Some(label) = self.footnotes.call(node) {
            let call = Piece::Call(label.to_owned());
            self.call(node, call);
            return;
        }
        let Some(href) = element.attr("href") else {
            return;
        };
        // `¶` after a heading leads to the heading.
        let is_anchor = self.heading.is_some() && href.contains('#') && !self.shows_word(node);
        if self.footnotes.is_back(node) || is_anchor {
            self.muted = Some(node);
            return;
        }
        if self.options.links
            && let Some(address) = self.base.link(href)
        {
            self.open_inline(node, Piece::Link(address), open);
        }
    }

    /// The call of a footnote: by its label, in place of what the link shows.
    fn call(&mut self, node: NodeId, call: Piece) {
        self.muted = Some(node);
        let next = self.cursor.block;
        if !self.rendered.get(next).is_some_and(|&rendered| rendered) {
            return;
        }
        let superscript = self
            .inlines
            .iter()
            .position(|inline| inline.piece == Piece::Superscript);
        let held = superscript.map(|at| self.inlines.remove(at));
        self.object(call);
        if let (Some(at), Some(held)) = (superscript, held) {
            self.inlines.insert(at, held);
        }
    }

    fn shows_word(&self, node: NodeId) -> bool {
        self.page.html.tree.get(node).is_some_and(|node| {
            node.descendants().any(|node| match node.value() {
                Node::Text(text) => text.contains(char::is_alphanumeric),
                Node::Element(element) => element.name() == "img",
                _ => false,
            })
        })
    }

    fn open_inline(&mut self, node: NodeId, piece: Piece, open: &mut Open) {
        let kind = discriminant(&piece);
        if self.inlines.iter().all(|i| discriminant(&i.piece) != kind) {
            self.inlines.push(Inline { node, piece });
            open.inline = true;
        }
    }

    fn open_container(
        &mut self,
        here: ego_tree::NodeRef<'_, Node>,
        element: &Element,
        id: ElementId,
        open: &mut Open,
    ) {
        if let Some(label) = self.footnotes.note(here.id()) {
            let piece = Piece::Footnote(label.to_owned());
            self.push(piece, open);
            return;
        }
        let nearest = self.frames.last().map(|frame| &frame.piece);
        match element.name() {
            "ul" | "menu" => self.push(Piece::List { start: None }, open),
            "ol" => {
                let start = element.attr("start").and_then(|n| n.trim().parse().ok());
                let start = start.filter(|&start: &u64| start <= LAST_NUMBER);
                self.push(
                    Piece::List {
                        start: Some(start.unwrap_or(1)),
                    },
                    open,
                );
            }
            "li" => {
                if !matches!(nearest, Some(Piece::List { .. })) {
                    self.push(Piece::List { start: None }, open);
                }
                self.push(Piece::Item, open);
            }
            "blockquote" => self.push(Piece::Quote, open),
            "figure" => self.push(Piece::Figure, open),
            "figcaption" if nearest == Some(&Piece::Figure) => {
                self.push(Piece::FigureCaption, open);
            }
            "dl" => self.push(Piece::Definitions, open),
            "dt" if nearest == Some(&Piece::Definitions) => self.push(Piece::Term, open),
            "dd" if nearest == Some(&Piece::Definitions) => self.push(Piece::Details, open),
            "table" if is_data(here) => self.push(Piece::Table, open),
            // What is not before the rows is a row.
            "caption" if nearest == Some(&Piece::Table) && !self.has_rows() => {
                self.push(Piece::Caption, open);
            }
            "tr" if nearest == Some(&Piece::Table) => {
                let in_head = self.open.last().is_some_and(|open| open.table_head);
                let header = in_head || heads(here);
                self.push(Piece::Row { header }, open);
                self.whole_row = self.rendered_in(&self.blocks.outline[id].blocks) > 0;
            }
            "td" | "th" if matches!(nearest, Some(Piece::Row { .. })) => {
                let cell = Piece::Cell {
                    header: element.name() == "th",
                    columns: span(element.attr("colspan")),
                    rows: span(element.attr("rowspan")),
                };
                self.push(cell, open);
                // Empty cells keep the others in their columns.
                if self.whole_row {
                    self.container();
                }
            }
            _ => {}
        }
    }

    /// Whether the innermost container that the walk is in has rows.
    fn has_rows(&self) -> bool {
        let placed = self.frames.last().and_then(|frame| frame.placed);
        let container = placed.and_then(|id| self.document.tree.get(id));
        container
            .and_then(|container| container.last_child())
            .is_some_and(|last| matches!(last.value(), Piece::Row { .. }))
    }

    fn push(&mut self, piece: Piece, open: &mut Open) {
        if self.frames.len() < DEEPEST {
            self.frames.push(Frame {
                piece,
                placed: None,
            });
            open.frames += 1;
        }
    }
}

/// A longer number is none in Markdown (CommonMark §5.2).
const LAST_NUMBER: u64 = 999_999_999;

/// True of a row whose cells are all headers.
fn heads(row: ego_tree::NodeRef<'_, Node>) -> bool {
    let mut cells = row
        .children()
        .filter_map(|node| node.value().as_element())
        .filter(|element| matches!(element.name(), "td" | "th"))
        .peekable();
    cells.peek().is_some() && cells.all(|element| element.name() == "th")
}

fn inline(name: &str) -> Option<Piece> {
    Some(match name {
        "b" | "strong" => Piece::Strong,
        "i" | "em" => Piece::Emphasis,
        "code" | "kbd" | "samp" | "tt" => Piece::Verbatim,
        "s" | "strike" | "del" => Piece::Strike,
        "sup" => Piece::Superscript,
        "sub" => Piece::Subscript,
        "q" => Piece::Quotation,
        _ => return None,
    })
}
