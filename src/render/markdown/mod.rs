//! [`Document`] → Markdown.

mod emphasis;
mod escape;
mod inline;
mod table;

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};

use self::inline::{Place, inlines};
use super::document::{Document, Piece};

/// Writes a document as CommonMark with GFM's tables.
pub(super) fn write(document: &Document) -> String {
    let mut writer = Writer::default();
    let mut skipping: Option<NodeId> = None;
    for edge in document.edges() {
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
    writer.out
}

/// Whether what stands in a piece is still to be written.
#[derive(PartialEq, Eq)]
enum Inside {
    ToWrite,
    Written,
}

/// What stands before each line of a container.
struct Prefix {
    first: String,
    rest: String,
    used: bool,
}

impl Prefix {
    /// A marker, and as much space before the lines after it.
    fn marker(first: String) -> Self {
        Self {
            rest: " ".repeat(first.len()),
            first,
            used: false,
        }
    }
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
    node: NodeId,
    numbered: bool,
    other: bool,
}

#[derive(Default)]
struct Writer {
    out: String,
    prefixes: Vec<Prefix>,
    lists: Vec<OpenList>,
    closed: Option<ClosedList>,
    /// An empty line is due before what comes next.
    due: bool,
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
                    self.due = false;
                }
                self.begin(Prefix::marker(marker));
            }
            Piece::Term => self.open_entry(),
            Piece::Details if node.prev_sibling().is_none() => self.open_entry(),
            Piece::Details => self.begin(Prefix::marker("  ".to_owned())),
            Piece::Quote => self.begin(Prefix {
                first: "> ".to_owned(),
                rest: "> ".to_owned(),
                used: false,
            }),
            Piece::Footnote(label) => self.begin(Prefix {
                first: format!("[^{label}]: "),
                rest: "    ".to_owned(),
                used: false,
            }),
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
                        node: node.id(),
                        numbered: list.next.is_some(),
                        other: list.other,
                    });
                }
            }
            Piece::Item | Piece::Term | Piece::Details | Piece::Quote | Piece::Footnote(_) => {
                self.prefixes.pop();
                self.due = true;
            }
            _ => {}
        }
    }

    fn open_list(&mut self, node: NodeRef<'_, Piece>, start: Option<u64>) {
        let before = node.prev_sibling().map(|before| before.id());
        let follows = self
            .closed
            .as_ref()
            .filter(|closed| Some(closed.node) == before && closed.numbered == start.is_some());
        let list = OpenList {
            tight: is_tight(node),
            next: start,
            other: follows.is_some_and(|closed| !closed.other),
        };
        // In an item of a tight list the inner list follows its text.
        if self.lists.last().is_some_and(|outer| outer.tight)
            && node.parent().is_some_and(|p| *p.value() == Piece::Item)
        {
            self.due = false;
        }
        self.lists.push(list);
    }

    /// An entry of a definition list is an item: the term, then what it means.
    fn open_entry(&mut self) {
        let marker = self.lists.last_mut().map(OpenList::marker);
        self.begin(Prefix::marker(marker.unwrap_or_default()));
    }

    fn begin(&mut self, prefix: Prefix) {
        self.separate();
        self.prefixes.push(prefix);
    }

    fn separate(&mut self) {
        if std::mem::take(&mut self.due) {
            self.line("");
        }
    }

    fn leaf(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.separate();
        for line in text.split('\n') {
            self.line(line);
        }
        self.due = true;
    }

    fn line(&mut self, line: &str) {
        let start = self.out.len();
        for prefix in &mut self.prefixes {
            let used = std::mem::replace(&mut prefix.used, true);
            self.out
                .push_str(if used { &prefix.rest } else { &prefix.first });
        }
        if line.is_empty() {
            let end = self.out[start..].trim_end_matches(' ').len();
            self.out.truncate(start + end);
        }
        self.out.push_str(line);
        self.out.push('\n');
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
