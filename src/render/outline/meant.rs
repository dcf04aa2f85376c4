//! [`Document`] → outline.

use std::collections::HashMap;

use ego_tree::NodeRef;
use ego_tree::iter::Edge;

use super::super::document::{Document, Piece};
use super::super::markdown::inert_tex;
use super::{Entry, Shown, Sign, Signs, Style, one_line};

pub(super) fn entries(document: &Document) -> Vec<Entry> {
    let mut entries = Vec::new();
    children(document.tree.root(), &mut entries);
    entries
}

/// What is written of what stands in a container. The document is some thirty
/// containers deep at most.
fn children(container: NodeRef<'_, Piece>, entries: &mut Vec<Entry>) {
    for child in container.children() {
        piece(child, entries);
    }
}

fn within(name: String, node: NodeRef<'_, Piece>, entries: &mut Vec<Entry>) {
    entries.push(Entry::Open(name));
    children(node, entries);
    entries.push(Entry::Close);
}

fn piece(node: NodeRef<'_, Piece>, entries: &mut Vec<Entry>) {
    match node.value() {
        Piece::List { start: None } => within("list".to_owned(), node, entries),
        Piece::List { start: Some(start) } => within(format!("list from {start}"), node, entries),
        Piece::Item => within("item".to_owned(), node, entries),
        Piece::Quote => within("quote".to_owned(), node, entries),
        Piece::Footnote(label) => within(format!("note {label}"), node, entries),
        Piece::Definitions => definitions(node, entries),
        Piece::Table => table(node, entries),
        Piece::Paragraph => leaf("paragraph".to_owned(), node, entries),
        Piece::Heading(level) => leaf(format!("heading {level}"), node, entries),
        Piece::Code { language } => entries.push(Entry::Code {
            language: language.clone().unwrap_or_default(),
            text: texts(node),
        }),
        Piece::Rule => entries.push(Entry::Rule),
        _ => children(node, entries),
    }
}

fn texts(node: NodeRef<'_, Piece>) -> String {
    let texts = node.descendants().filter_map(|piece| match piece.value() {
        Piece::Text(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

fn leaf(kind: String, node: NodeRef<'_, Piece>, entries: &mut Vec<Entry>) {
    let mut signs = Signs::default();
    let breaks = kind == "paragraph";
    let strong = node.parent().is_some_and(|p| *p.value() == Piece::Term) && breaks;
    inlines(node, strong, breaks, &mut signs);
    let signs = signs.done();
    if !signs.is_empty() {
        entries.push(Entry::Leaf(kind, signs));
    }
}

fn inlines(leaf: NodeRef<'_, Piece>, strong: bool, breaks: bool, signs: &mut Signs) {
    let mut style = Style {
        strong,
        ..Style::default()
    };
    for edge in leaf.traverse() {
        let (node, opens) = match edge {
            Edge::Open(node) => (node, true),
            Edge::Close(node) => (node, false),
        };
        match node.value() {
            Piece::Emphasis => style.emphasis = opens,
            Piece::Strong => style.strong = opens || strong,
            Piece::Strike => style.strike = opens,
            Piece::Verbatim => style.code = opens,
            Piece::Link(address) => style.link = opens.then(|| address.as_str().into()),
            Piece::Quotation => signs.text(if opens { "“" } else { "”" }, &style),
            Piece::Text(text) if opens => signs.text(text, &style),
            Piece::Break if opens && breaks => signs.put(Shown::Break, &Style::default()),
            Piece::Break if opens => signs.space = true,
            Piece::Image {
                address,
                alternative,
            } if opens => {
                let image = Shown::Image(address.clone(), one_line(alternative));
                signs.put(image, &style.without_code());
            }
            Piece::Maths { tex, display } if opens => {
                let maths = Shown::Maths(one_line(&inert_tex(tex)), *display);
                signs.put(maths, &style.without_code());
            }
            Piece::Call(label) if opens => {
                signs.put(Shown::Call(label.clone()), &style.without_code());
            }
            _ => {}
        }
    }
}

impl Style {
    /// Of what stands in code but is none.
    fn without_code(&self) -> Self {
        Self {
            code: false,
            ..self.clone()
        }
    }
}

fn definitions(list: NodeRef<'_, Piece>, entries: &mut Vec<Entry>) {
    entries.push(Entry::Open("list".to_owned()));
    for (n, part) in list.children().enumerate() {
        if n == 0 || *part.value() == Piece::Term {
            if n > 0 {
                entries.push(Entry::Close);
            }
            entries.push(Entry::Open("item".to_owned()));
        }
        children(part, entries);
    }
    entries.push(Entry::Close);
    entries.push(Entry::Close);
}

fn table(table: NodeRef<'_, Piece>, entries: &mut Vec<Entry>) {
    let of = |wanted: fn(&Piece) -> bool| table.children().filter(move |p| wanted(p.value()));
    for caption in of(|piece| *piece == Piece::Caption) {
        for part in caption.descendants().filter(|part| part.value().is_leaf()) {
            leaf("paragraph".to_owned(), part, entries);
        }
    }
    let mut grid: HashMap<(usize, usize), Vec<Sign>> = HashMap::new();
    let (mut width, mut height) = (0, 0);
    for row in of(|piece| matches!(piece, Piece::Row { .. })) {
        let is_headless = *row.value() == Piece::Row { header: false };
        height += usize::from(height == 0 && is_headless);
        let mut column = 0;
        for cell in row.children() {
            let Piece::Cell { columns, rows, .. } = *cell.value() else {
                continue;
            };
            while grid.contains_key(&(height, column)) {
                column += 1;
            }
            for row in 0..rows {
                for beside in 0..columns {
                    grid.entry((height + row, column + beside)).or_default();
                }
            }
            let mut signs = Signs::default();
            for part in cell.descendants().filter(|part| part.value().is_leaf()) {
                signs.space = true;
                match part.value() {
                    Piece::Code { .. } => {
                        let style = Style {
                            code: true,
                            ..Style::default()
                        };
                        signs.text(&texts(part), &style);
                    }
                    _ => inlines(part, false, false, &mut signs),
                }
            }
            grid.insert((height, column), signs.done());
            column += columns;
            width = width.max(column);
        }
        height += 1;
    }
    if width == 0 {
        return;
    }
    entries.push(Entry::Open("table".to_owned()));
    for row in 0..height {
        entries.push(Entry::Open("row".to_owned()));
        for column in 0..width {
            let signs = grid.remove(&(row, column)).unwrap_or_default();
            entries.push(Entry::Leaf("cell".to_owned(), signs));
        }
        entries.push(Entry::Close);
    }
    entries.push(Entry::Close);
}
