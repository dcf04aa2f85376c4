//! Tables of GFM (its §4.10): one line a row, no block in a cell, no spans.

use ego_tree::NodeRef;

use super::super::document::Piece;
use super::inline;
use super::inline::{Place, inlines};
use super::verbatim;

/// Cells that spans and short rows may add to a table, for each that it has, and
/// beyond [`FEW`]: past these, spans are one cell and short rows stay short, which
/// GFM allows.
const ADDED: usize = 4;
const FEW: usize = 1_000;

/// The leaves of a table's captions.
pub(super) fn captions<'a>(table: NodeRef<'a, Piece>) -> impl Iterator<Item = NodeRef<'a, Piece>> {
    table
        .children()
        .filter(|part| *part.value() == Piece::Caption)
        .flat_map(|caption| caption.descendants())
        .filter(|piece| matches!(piece.value(), Piece::Paragraph | Piece::Heading(_)))
}

/// A cell of a table, before it is put into columns.
struct Cell {
    text: String,
    columns: usize,
    rows: usize,
}

/// Writes a table. Its first row is the header if the page says that it is one,
/// else the header is empty: GFM has no table without.
pub(super) fn write(table: NodeRef<'_, Piece>) -> String {
    let rows: Vec<(bool, Vec<Cell>)> = table
        .children()
        .filter_map(|row| match row.value() {
            Piece::Row { header } => Some((*header, row.children().filter_map(cell).collect())),
            _ => None,
        })
        .collect();
    let mut lines = columns(&rows);
    let width = lines.iter().map(Vec::len).max().unwrap_or(0);
    if width == 0 {
        return String::new();
    }
    if !rows.first().is_some_and(|(header, _)| *header) {
        lines.insert(0, vec![String::new(); width]);
    } else if let Some(first) = lines.first_mut() {
        first.resize(width, String::new());
    }
    let mut written = Vec::with_capacity(lines.len() + 1);
    for (n, line) in lines.iter().enumerate() {
        written.push(format!("| {} |", line.join(" | ")));
        if n == 0 {
            written.push(format!("|{}", " --- |".repeat(width)));
        }
    }
    written.join("\n")
}

fn cell(cell: NodeRef<'_, Piece>) -> Option<Cell> {
    let Piece::Cell { columns, rows, .. } = *cell.value() else {
        return None;
    };
    let mut text = String::new();
    let place = Place::Cell(inline::company(cell));
    for leaf in cell.descendants() {
        let part = match leaf.value() {
            Piece::Paragraph | Piece::Heading(_) => inlines(leaf, place),
            Piece::Code { .. } => {
                let line = verbatim(leaf)
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ");
                inline::code_in_cell(&line)
            }
            _ => continue,
        };
        if !text.is_empty() && !part.is_empty() {
            text.push(' ');
        }
        text.push_str(&part);
    }
    Some(Cell {
        text,
        columns,
        rows,
    })
}

/// The rows with each text in its column: what a span covers beyond its first cell
/// is empty.
fn columns(rows: &[(bool, Vec<Cell>)]) -> Vec<Vec<String>> {
    let cells: usize = rows.iter().map(|(_, cells)| cells.len()).sum();
    let width = |(_, cells): &(bool, Vec<Cell>)| cells.iter().map(|cell| cell.columns).sum();
    let widest: usize = rows.iter().map(width).max().unwrap_or(0);
    let most = ADDED * cells + FEW;
    if widest.saturating_mul(rows.len()) > most {
        return rows
            .iter()
            .map(|(_, cells)| cells.iter().map(|cell| cell.text.clone()).collect())
            .collect();
    }
    // For each column how many rows it is still covered from above.
    let mut covered: Vec<usize> = Vec::new();
    let mut lines: Vec<Vec<String>> = Vec::with_capacity(rows.len());
    for (_, cells) in rows {
        let mut line: Vec<String> = Vec::new();
        let mut covers = Vec::new();
        for cell in cells {
            while covered.get(line.len()).is_some_and(|&rows| rows > 0) {
                line.push(String::new());
            }
            for n in 0..cell.columns {
                covers.push((line.len(), cell.rows));
                let text = if n == 0 { cell.text.as_str() } else { "" };
                line.push(text.to_owned());
            }
        }
        for rows in &mut covered {
            *rows = rows.saturating_sub(1);
        }
        for (column, rows) in covers {
            if covered.len() <= column {
                covered.resize(column + 1, 0);
            }
            covered[column] = covered[column].max(rows - 1);
        }
        lines.push(line);
    }
    let width = lines.iter().map(Vec::len).max().unwrap_or(0);
    if width.saturating_mul(lines.len()) <= most {
        for line in &mut lines {
            line.resize(width, String::new());
        }
    }
    lines
}
