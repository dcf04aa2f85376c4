//! [`Document`] → Markdown.

mod emphasis;
mod escape;
mod inline;
mod table;

#[cfg(test)]
pub(super) use escape::inert_tex;

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};

use self::inline::{Place, inlines};
use super::Bounded;
use super::document::{Document, Piece};
use super::lines::{Lines, Prefix};

/// Writes a document as CommonMark with GFM's tables, of about `most` bytes at the
/// most.
pub(super) fn write(document: &Document, most: usize) -> Bounded<String> {
    let mut writer = Writer::default();
    let mut skipping: Option<NodeId> = None;
    let mut edges = document.edges(most);
    while let Some(edge) = edges.next(writer.lines.len()) {
        match edge {
            Edge::Open(node) if skipping.is_none() => {
                if writer.open(node) == Inside::Written {
                    skipping = Some(node.id());
                }
            }
            Edge::Close(node) => {
                if skipping == Some(node.id()) {
                    skipping = None;
                }
                if skipping.is_none() {
                    writer.close(node);
                }
            }
            Edge::Open(_) => {}
        }
    }
    Bounded {
        rendering: writer.lines.written(),
        cut: edges.cut,
    }
}

/// Whether what stands in a piece is still to be written.
#[derive(PartialEq, Eq)]
enum Inside {
    ToWrite,
    Written,
}

/// A list whose end has not been reached.
struct OpenList {
    tight: bool,
    /// Number of the next item, where they are numbered.
    next: Option<u64>,
    /// Marked otherwise than the list right before it, which it would go on.
    other: bool,
}

impl OpenList {
    fn marker(&mut self) -> String {
        match &mut self.next {
            Some(next) => {
                let number = *next;
                *next += 1;
                format!("{number}{} ", if self.other { ')' } else { '.' })
            }
            None if self.other => "+ ".to_owned(),
            None => "- ".to_owned(),
        }
    }
}

/// A list that has ended, to tell whether the next one follows right on it.
struct ClosedList {
    numbered: bool,
    other: bool,
}

#[derive(Default)]
struct Writer {
    lines: Lines,
    lists: Vec<OpenList>,
    /// The list that nothing is written after yet.
    closed: Option<ClosedList>,
}

impl Writer {
    fn open(&mut self, node: NodeRef<'_, Piece>) -> Inside {
        match node.value() {
            Piece::List { start } => self.open_list(node, *start),
            Piece::Definitions => self.open_list(node, None),
            Piece::Item => {
                let Some(list) = self.lists.last_mut() else {
                    return Inside::ToWrite;
                };
                let marker = list.marker();
                if list.tight && node.prev_sibling().is_some() {
                    self.lines.follow();
                }
                self.begin(Prefix::marker(marker));
            }
            Piece::Term => self.open_entry(),
            Piece::Details if node.prev_sibling().is_none() => self.open_entry(),
            // What it means goes on the entry, a list in it on the one before.
            Piece::Details => self.lines.begin(Prefix::marker("  ".to_owned())),
            Piece::Quote => self.begin(Prefix::every("> ")),
            Piece::Footnote(label) => self.begin(Prefix::new(format!("[^{label}]: "), 4)),
            Piece::Table => {
                for leaf in table::captions(node) {
                    self.leaf(&inlines(leaf, Place::Paragraph));
                }
                self.leaf(&table::write(node));
                return Inside::Written;
            }
            Piece::Heading(level) => {
                let text = inlines(node, Place::Line);
                let marks = "#".repeat((*level).into());
                self.leaf(format!("{marks} {text}").trim_end());
                return Inside::Written;
            }
            Piece::Paragraph => {
                let in_term = node.parent().is_some_and(|p| *p.value() == Piece::Term);
                let place = if in_term {
                    Place::Term
                } else {
                    Place::Paragraph
                };
                self.leaf(&inlines(node, place));
                return Inside::Written;
            }
            Piece::Code { language } => {
                self.leaf(&fenced(node, language.as_deref()));
                return Inside::Written;
            }
            Piece::Rule => {
                self.leaf("---");
                return Inside::Written;
            }
            _ => {}
        }
        Inside::ToWrite
    }

    fn close(&mut self, node: NodeRef<'_, Piece>) {
        match node.value() {
            Piece::List { .. } | Piece::Definitions => {
                if let Some(list) = self.lists.pop() {
                    self.closed = Some(ClosedList {
                        numbered: list.next.is_some(),
                        other: list.other,
                    });
                }
            }
            Piece::Details => self.lines.end(),
            Piece::Item | Piece::Term | Piece::Quote | Piece::Footnote(_) => self.end(),
            _ => {}
        }
    }

    fn open_list(&mut self, node: NodeRef<'_, Piece>, start: Option<u64>) {
        let follows = self
            .closed
            .take()
            .filter(|closed| closed.numbered == start.is_some());
        let list = OpenList {
            tight: is_tight(node),
            next: start,
            other: follows.is_some_and(|closed| !closed.other),
        };
        // In an item of a tight list the inner list follows its text.
        if self.lists.last().is_some_and(|outer| outer.tight)
            && node.parent().is_some_and(|p| *p.value() == Piece::Item)
        {
            self.lines.follow();
        }
        self.lists.push(list);
    }

    fn begin(&mut self, prefix: Prefix) {
        self.closed = None;
        self.lines.begin(prefix);
    }

    fn end(&mut self) {
        self.closed = None;
        self.lines.end();
    }

    fn leaf(&mut self, text: &str) {
        if !text.is_empty() {
            self.closed = None;
        }
        self.lines.leaf(text);
    }

    /// An entry of a definition list is an item: the term, then what it means.
    fn open_entry(&mut self) {
        let marker = self.lists.last_mut().map(OpenList::marker);
        self.begin(Prefix::marker(marker.unwrap_or_default()));
    }
}

/// True of a list in which each item is a line of text, with or without lists
/// below it that can follow a line without an empty one between: a numbered one
/// only from 1 (CommonMark §5.2).
fn is_tight(list: NodeRef<'_, Piece>) -> bool {
    let fits = |piece: &Piece| match piece {
        Piece::List { start } => start.is_none_or(|start| start == 1),
        _ => false,
    };
    list.children().all(|item| {
        let mut parts = item.children().map(|part| part.value());
        let first = parts
            .next()
            .is_none_or(|first| *first == Piece::Paragraph || fits(first));
        *item.value() == Piece::Item && first && parts.all(fits)
    })
}

/// Code between fences longer than any run of backticks in it.
fn fenced(code: NodeRef<'_, Piece>, language: Option<&str>) -> String {
    let text = verbatim(code);
    let fence = "`".repeat(3.max(1 + longest_run(&text)));
    format!("{fence}{}\n{text}\n{fence}", language.unwrap_or_default())
}

/// The text of code, as it is.
fn verbatim(code: NodeRef<'_, Piece>) -> String {
    code.children()
        .filter_map(|child| match child.value() {
            Piece::Text(text) => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

/// Length of the longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
