//! [`Document`] → `body`.

use ego_tree::NodeRef;
use ego_tree::iter::Edge;

use super::super::document::{Document, Piece};
use super::super::html::is_alone;
use super::xml::{Xml, pointer};

/// The body as it is written.
pub(super) struct Body<'x> {
    xml: &'x mut Xml,
    /// What is to be closed with each piece that is open.
    open: Vec<Closing>,
    /// Levels of the headings whose divisions are open.
    divisions: Vec<u8>,
    /// In an element that holds text and no paragraphs: whether something is in it.
    line: Option<bool>,
    /// In inline code, which holds text only.
    verbatim: bool,
    /// Whether the body has what it must have one of.
    is_filled: bool,
}

/// What closing a piece closes.
#[derive(Debug, Clone, Copy)]
enum Closing {
    Nothing,
    /// An element that stands in text.
    Inline(&'static str),
    /// An element on a line of its own.
    Block(&'static str),
    /// The same, which was one line of text.
    Line(&'static str),
    /// A term, of which the definition may be missing.
    Term,
    /// A line of text that goes on.
    OpenLine,
    Code,
    Verbatim,
}

impl<'x> Body<'x> {
    pub(super) fn new(xml: &'x mut Xml) -> Self {
        Self {
            xml,
            open: Vec::new(),
            divisions: Vec::new(),
            line: None,
            verbatim: false,
            is_filled: false,
        }
    }

    /// Writes about `most` bytes at the most; tells whether more was left out.
    pub(super) fn write(mut self, document: &Document, most: usize) -> bool {
        self.xml.open("body", &[]);
        self.xml.line();
        let mut edges = document.edges(most);
        while let Some(edge) = edges.next(self.xml.len()) {
            match edge {
                Edge::Open(node) => {
                    let closing = self.open(node);
                    self.open.push(closing);
                }
                Edge::Close(node) => {
                    let closing = self.open.pop().unwrap_or(Closing::Nothing);
                    self.close(node, closing);
                }
            }
        }
        self.close_divisions(0);
        if !self.is_filled {
            self.xml.empty("p", &[]);
        }
        self.xml.close("body");
        self.xml.line();
        edges.cut
    }

    fn open(&mut self, node: NodeRef<'_, Piece>) -> Closing {
        if is_top(node) {
            // What may stand anywhere does not make a body.
            self.is_filled |= !matches!(
                node.value(),
                Piece::Figure | Piece::Rule | Piece::Footnote(_)
            );
        }
        match node.value() {
            Piece::Text(text) if self.verbatim => self.xml.element("code", &[], text),
            Piece::Text(text) => self.xml.text(text),
            Piece::Break => self.xml.empty("lb", &[]),
            Piece::Maths { tex, display } => {
                let rend = if *display { "display" } else { "inline" };
                let attributes = [("notation", "TeX"), ("rend", rend)];
                self.xml.element("formula", &attributes, tex);
            }
            Piece::Image {
                address,
                alternative,
            } => self.image(address, alternative, holds_images(node.parent())),
            Piece::Call(label) => {
                let target = format!("#note-{label}");
                let attributes = [("type", "note"), ("target", &target)];
                self.xml.element("ref", &attributes, label);
            }
            Piece::Link(address) => return self.inline("ref", &[("target", &pointer(address))]),
            Piece::Emphasis => return self.inline("hi", &[("rend", "italic")]),
            Piece::Strong => return self.inline("hi", &[("rend", "bold")]),
            Piece::Strike => return self.inline("hi", &[("rend", "strikethrough")]),
            Piece::Superscript => return self.inline("hi", &[("rend", "superscript")]),
            Piece::Subscript => return self.inline("hi", &[("rend", "subscript")]),
            Piece::Quotation => return self.inline("q", &[]),
            Piece::Verbatim => {
                self.verbatim = true;
                return Closing::Verbatim;
            }
            piece if self.line.is_some() => return self.in_line(piece),
            piece => return self.block(node, piece),
        }
        Closing::Nothing
    }

    /// A piece in an element that holds a line of text: a line beside others.
    fn in_line(&mut self, piece: &Piece) -> Closing {
        if !piece.is_leaf() || *piece == Piece::Rule {
            return Closing::Nothing;
        }
        if self.line.replace(true) == Some(true) {
            self.xml.empty("lb", &[]);
        }
        match piece {
            Piece::Code { .. } => self.inline("code", &[]),
            _ => Closing::Nothing,
        }
    }

    fn block(&mut self, node: NodeRef<'_, Piece>, piece: &Piece) -> Closing {
        let is_beside = |other: Option<NodeRef<'_, Piece>>, like: &Piece| {
            other.is_some_and(|other| other.value() == like)
        };
        match piece {
            Piece::Rule => {
                let attributes = [("unit", "section"), ("rend", "rule")];
                self.xml.empty("milestone", &attributes);
                self.xml.line();
            }
            Piece::Heading(level) => {
                let rend = format!("h{level}");
                if is_top(node) {
                    self.close_divisions(*level);
                    self.divisions.push(*level);
                    self.xml.open("div", &[]);
                    return self.open_block("head", &[("rend", &rend)]);
                }
                return self.open_block("p", &[("rend", &rend)]);
            }
            Piece::Paragraph if holds_images(Some(node)) || is_plain(node) => {}
            Piece::Paragraph => return self.open_block("p", &[]),
            Piece::Code { language } => {
                self.xml.open("ab", &[("type", "code")]);
                match language {
                    Some(language) => self.xml.open("code", &[("lang", language)]),
                    None => self.xml.open("code", &[]),
                }
                return Closing::Code;
            }
            Piece::List { start } if node.has_children() => {
                // The number that it begins with is that of its first item.
                let rend = start.map_or("bulleted", |_| "numbered");
                return self.open_block("list", &[("rend", rend)]);
            }
            Piece::Item => match number(node) {
                Some(number) => return self.open_block("item", &[("n", &number.to_string())]),
                None => return self.open_block("item", &[]),
            },
            Piece::Quote => return self.open_block("quote", &[]),
            Piece::Table if is_table(node) => return self.open_block("table", &[]),
            Piece::Row { header } if node.has_children() => {
                let role = [("role", "label")];
                return self.open_block("row", if *header { &role } else { &[] });
            }
            Piece::Cell {
                header,
                columns,
                rows,
            } => {
                let (columns, rows) = (columns.to_string(), rows.to_string());
                let mut attributes = Vec::new();
                if *header {
                    attributes.push(("role", "label"));
                }
                for (name, spanned) in [("cols", &columns), ("rows", &rows)] {
                    if spanned != "1" {
                        attributes.push((name, spanned));
                    }
                }
                return self.open_block("cell", &attributes);
            }
            Piece::Caption if node.parent().is_some_and(is_table) => {
                let mut before = node.prev_siblings();
                if before.all(|before| *before.value() == Piece::Caption) {
                    return self.open_line("head");
                }
                return self.open_block("note", &[("type", "caption")]);
            }
            Piece::Figure => return self.open_block("figure", &[]),
            Piece::FigureCaption
                if node
                    .parent()
                    .is_some_and(|parent| *parent.value() == Piece::Figure) =>
            {
                return self.open_line("head");
            }
            Piece::Definitions if node.has_children() => {
                return self.open_block("list", &[("type", "gloss")]);
            }
            // Terms of one definition are one label, definitions of one term one
            // item: labels and items take turns.
            Piece::Term => {
                if is_beside(node.prev_sibling(), piece) {
                    self.line = Some(true);
                } else {
                    self.xml.open("label", &[]);
                    self.line = Some(false);
                }
                return if is_beside(node.next_sibling(), piece) {
                    Closing::OpenLine
                } else {
                    Closing::Term
                };
            }
            Piece::Details => {
                match node.prev_sibling().map(|before| before.value()) {
                    Some(Piece::Details) => {}
                    Some(_) => self.xml.open("item", &[]),
                    None => {
                        self.xml.empty("label", &[]);
                        self.xml.open("item", &[]);
                    }
                }
                if !is_beside(node.next_sibling(), piece) {
                    return Closing::Block("item");
                }
            }
            Piece::Footnote(label) => {
                let id = format!("note-{label}");
                let attributes = [("xml:id", &*id), ("place", "bottom"), ("n", label)];
                return self.open_block("note", &attributes);
            }
            _ => {}
        }
        Closing::Nothing
    }

    fn close(&mut self, node: NodeRef<'_, Piece>, closing: Closing) {
        match closing {
            Closing::Nothing => {}
            Closing::Inline(name) => self.xml.close(name),
            Closing::Block(name) => self.close_block(name),
            Closing::Line(name) => {
                self.line = None;
                self.close_block(name);
            }
            Closing::OpenLine => self.line = None,
            Closing::Term => {
                self.line = None;
                self.close_block("label");
                if node.next_sibling().is_none() {
                    self.xml.empty("item", &[]);
                }
            }
            Closing::Code => {
                self.xml.close("code");
                self.close_block("ab");
            }
            Closing::Verbatim => self.verbatim = false,
        }
    }

    fn inline(&mut self, name: &'static str, attributes: &[(&str, &str)]) -> Closing {
        self.xml.open(name, attributes);
        Closing::Inline(name)
    }

    fn open_block(&mut self, name: &'static str, attributes: &[(&str, &str)]) -> Closing {
        self.xml.open(name, attributes);
        Closing::Block(name)
    }

    fn open_line(&mut self, name: &'static str) -> Closing {
        self.xml.open(name, &[]);
        self.line = Some(false);
        Closing::Line(name)
    }

    fn close_block(&mut self, name: &str) {
        self.xml.close(name);
        self.xml.line();
    }

    /// Closes the divisions that a heading of this level ends.
    fn close_divisions(&mut self, level: u8) {
        while self.divisions.pop_if(|open| *open >= level).is_some() {
            self.close_block("div");
        }
    }

    fn image(&mut self, address: &str, alternative: &str, in_figure: bool) {
        let address = pointer(address);
        let url = [("url", address.as_str())];
        if alternative.is_empty() {
            self.xml.empty("graphic", &url);
        } else if in_figure {
            self.xml.empty("graphic", &url);
            self.xml.element("figDesc", &[], alternative);
        } else {
            self.xml.open("graphic", &url);
            self.xml.element("desc", &[], alternative);
            self.xml.close("graphic");
        }
    }
}

fn is_top(node: NodeRef<'_, Piece>) -> bool {
    node.parent()
        .is_some_and(|parent| *parent.value() == Piece::Document)
}

/// Whether a paragraph is one of images and nothing else in a figure, which holds
/// these itself.
fn holds_images(paragraph: Option<NodeRef<'_, Piece>>) -> bool {
    paragraph.is_some_and(|paragraph| {
        *paragraph.value() == Piece::Paragraph
            && (paragraph.parent()).is_some_and(|parent| *parent.value() == Piece::Figure)
            && paragraph
                .children()
                .all(|child| matches!(child.value(), Piece::Image { .. }))
    })
}

/// Whether a paragraph is all the text of what holds it, which may hold text.
fn is_plain(paragraph: NodeRef<'_, Piece>) -> bool {
    let Some(parent) = paragraph.parent() else {
        return false;
    };
    let holds_text = match parent.value() {
        Piece::Item | Piece::Cell { .. } => true,
        // Definitions of one term are one item.
        Piece::Details => ![parent.prev_sibling(), parent.next_sibling()]
            .into_iter()
            .flatten()
            .any(|beside| *beside.value() == Piece::Details),
        _ => false,
    };
    holds_text && is_alone(paragraph)
}

/// Whether a table has a row with a cell, without which it is none.
fn is_table(table: NodeRef<'_, Piece>) -> bool {
    *table.value() == Piece::Table
        && table
            .children()
            .any(|row| matches!(row.value(), Piece::Row { .. }) && row.has_children())
}

/// The number of an item, where its list does not begin with 1.
fn number(item: NodeRef<'_, Piece>) -> Option<u64> {
    match item.parent()?.value() {
        Piece::List { start: Some(start) } if *start != 1 && item.prev_sibling().is_none() => {
            Some(*start)
        }
        _ => None,
    }
}
