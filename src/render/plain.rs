//! [`Document`] → text for readers: no markup but the marks of lists, quotes and
//! table rows.

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};

use super::Bounded;
use super::document::{Document, Piece};
use super::lines::{Lines, Prefix};
use crate::watch::spend;

/// Writes a document as plain text, of about `most` bytes at the most.
pub(super) fn write(document: &Document, most: usize) -> Bounded<String> {
    let mut writer = Writer::default();
    let mut skipping: Option<NodeId> = None;
    let mut edges = document.edges(most);
    while let Some(edge) = edges.next(writer.lines.len()) {
        match edge {
            Edge::Open(node) if skipping.is_none() => {
                if writer.leaf(node) {
                    skipping = Some(node.id());
                } else {
                    writer.open(node);
                }
            }
            Edge::Close(node) if skipping == Some(node.id()) => skipping = None,
            Edge::Close(node) if skipping.is_none() => writer.close(node),
            _ => {}
        }
    }
    Bounded {
        rendering: writer.lines.written(),
        cut: edges.cut,
    }
}

#[derive(Default)]
struct Writer {
    lines: Lines,
    /// Of each open list the number of its next item, where they are numbered.
    lists: Vec<Option<u64>>,
}

impl Writer {
    /// Writes what holds no container; false for what does.
    fn leaf(&mut self, node: NodeRef<'_, Piece>) -> bool {
        match node.value() {
            Piece::Rule => self.lines.leaf("---"),
            // A row follows the one above it.
            Piece::Row { .. } => {
                let follows = node
                    .prev_sibling()
                    .is_some_and(|before| matches!(before.value(), Piece::Row { .. }));
                if follows {
                    self.lines.follow();
                }
                self.lines.leaf(&row(node));
            }
            piece if piece.is_leaf() => self.lines.leaf(&inlines(node, "\n")),
            _ => return false,
        }
        true
    }

    fn open(&mut self, node: NodeRef<'_, Piece>) {
        match node.value() {
            Piece::List { start } => {
                // The list of an item follows the item's text.
                if node.parent().is_some_and(|p| *p.value() == Piece::Item) {
                    self.lines.follow();
                }
                self.lists.push(*start);
            }
            Piece::Item => {
                let marker = match self.lists.last_mut() {
                    Some(Some(next)) => {
                        let number = *next;
                        *next += 1;
                        format!("{number}. ")
                    }
                    _ => "- ".to_owned(),
                };
                if node.prev_sibling().is_some() {
                    self.lines.follow();
                }
                self.lines.begin(Prefix::marker(marker));
            }
            Piece::Details => {
                self.lines.follow();
                self.lines.begin(Prefix::every("  "));
            }
            Piece::Quote => self.lines.begin(Prefix::every("> ")),
            Piece::Footnote(label) => self.lines.begin(Prefix::new(format!("[{label}] "), 4)),
            _ => {}
        }
    }

    fn close(&mut self, node: NodeRef<'_, Piece>) {
        match node.value() {
            Piece::List { .. } => {
                self.lists.pop();
            }
            Piece::Item | Piece::Details | Piece::Quote | Piece::Footnote(_) => self.lines.end(),
            _ => {}
        }
    }
}

/// The cells of a row, each on one line.
fn row(row: NodeRef<'_, Piece>) -> String {
    let cells = row.children().map(|cell| {
        let leaves = cell.descendants().filter(|piece| piece.value().is_leaf());
        let parts: Vec<String> = leaves.map(|leaf| inlines(leaf, " ")).collect();
        parts.join(" ").replace('\n', " ")
    });
    cells.collect::<Vec<_>>().join(" | ")
}

fn inlines(leaf: NodeRef<'_, Piece>, line_break: &str) -> String {
    let mut text = String::new();
    for edge in leaf.traverse() {
        spend(32);
        match edge {
            Edge::Open(node) => match node.value() {
                Piece::Text(part) => text.push_str(part),
                Piece::Break => text.push_str(line_break),
                Piece::Quotation => text.push('“'),
                Piece::Maths { tex, .. } => text.push_str(&format!("${tex}$")),
                Piece::Call(label) => text.push_str(&format!("[{label}]")),
                _ => {}
            },
            Edge::Close(node) if *node.value() == Piece::Quotation => text.push('”'),
            Edge::Close(_) => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::plain;
    use super::super::soup::judged;

    fn plain_of(html: &str) -> String {
        let (page, judged) = judged(html);
        plain(&page, &judged)
    }

    #[test]
    fn lists_tables_and_quotes_are_legible() {
        let page = "<h2>Soup</h2><p>For <b>two</b>.<br>Easy.</p>\
            <ul><li>Salt<ol><li>Fine</li><li>Coarse</li></ol></li><li>Water</li></ul>\
            <table><tr><th>Day<th>Price<tr><td>May 1<td>2*3</table>\
            <dl><dt>Stock</dt><dd>What is left.</dd></dl>\
            <blockquote>Eat <q>well</q>.</blockquote><pre>a\n  b</pre>";
        assert_eq!(
            plain_of(page),
            "Soup\n\nFor two.\nEasy.\n\n- Salt\n  1. Fine\n  2. Coarse\n- Water\n\n\
             Day | Price\nMay 1 | 2*3\n\nStock\n  What is left.\n\n> Eat “well”.\n\na\n  b\n"
        );
    }

    #[test]
    fn footnotes_and_maths_are_legible() {
        let page = "<p>Text<sup><a href=#n>1</a></sup> with <img class=tex alt='x^2'>.</p>\
            <p id=n>Note</p>";
        assert_eq!(plain_of(page), "Text[1] with $x^2$.\n\n[1] Note\n");
    }
}
