//! The inlines of a leaf as a line of Markdown, or as lines that end in breaks.

use ego_tree::NodeRef;
use ego_tree::iter::Edge;

use super::super::document::{Piece, shown};
use super::emphasis::{self, Delimiter};
use super::escape::{self, Company};
use super::longest_run;

/// Where inlines are to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In a paragraph, with its breaks.
    Paragraph,
    /// In a paragraph that is strong as a whole.
    Term,
    /// On one line.
    Line,
    /// On one line, where `|` ends a cell.
    Cell,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Text(String),
    Break,
    Open(Delimiter),
    Close(Delimiter),
    /// Code, to be put between backticks.
    Code(String),
    /// Markup, written as it is.
    Markup(String),
}

impl Part {
    /// How often a sign stands in what is written of it.
    fn count(&self, sign: char) -> usize {
        match self {
            Self::Text(text) | Self::Code(text) | Self::Markup(text) => text.matches(sign).count(),
            Self::Break | Self::Open(_) | Self::Close(_) => 0,
        }
    }
}

/// Writes what stands in a leaf.
pub(super) fn inlines(leaf: NodeRef<'_, Piece>, place: Place) -> String {
    let parts = emphasis::paired(parts(leaf, place));
    let many = |sign: char| parts.iter().map(|part| part.count(sign)).sum::<usize>() > 1;
    let company = Company {
        tildes: many('~') || parts.contains(&Part::Open(Delimiter::Strike)),
        dollars: many('$'),
    };
    let mut out = String::new();
    let mut open = Vec::new();
    for (n, part) in parts.iter().enumerate() {
        match part {
            Part::Text(text) => {
                let before_bracket = matches!(
                    parts.get(n + 1),
                    Some(Part::Markup(markup)) if markup.starts_with('[')
                );
                escape::push(&mut out, text, company, before_bracket);
            }
            Part::Break if place == Place::Line || place == Place::Cell => out.push(' '),
            Part::Break => {
                out.truncate(out.trim_end_matches(' ').len());
                out.push_str("\\\n");
            }
            Part::Open(_) => {
                let mark = emphasis::mark(&out, &parts, n).unwrap_or_default();
                out.push_str(mark);
                open.push(mark);
            }
            Part::Close(_) => out.push_str(open.pop().unwrap_or_default()),
            Part::Code(code) => push_code(&mut out, code, place, company),
            Part::Markup(markup) => out.push_str(markup),
        }
    }
    if place == Place::Line {
        escape_closing_marks(&mut out);
    }
    out
}

fn parts(leaf: NodeRef<'_, Piece>, place: Place) -> Vec<Part> {
    let mut parts = Vec::new();
    let is_term = place == Place::Term;
    if is_term {
        parts.push(Part::Open(Delimiter::Strong));
    }
    let mut verbatim = false;
    let mut replaced = None;
    for edge in leaf.traverse() {
        let (node, opens) = match edge {
            Edge::Open(node) => (node, true),
            Edge::Close(node) => (node, false),
        };
        if let Some(id) = replaced {
            if !opens && id == node.id() {
                replaced = None;
            }
            continue;
        }
        let delimiter = |delimiter| {
            if opens {
                Part::Open(delimiter)
            } else {
                Part::Close(delimiter)
            }
        };
        match node.value() {
            Piece::Verbatim => verbatim = opens,
            Piece::Strong if is_term => {}
            Piece::Strong => parts.push(delimiter(Delimiter::Strong)),
            Piece::Emphasis => parts.push(delimiter(Delimiter::Emphasis)),
            Piece::Strike => parts.push(delimiter(Delimiter::Strike)),
            Piece::Quotation => {
                let mark = if opens { "“" } else { "”" };
                parts.push(Part::Text(mark.to_owned()));
            }
            Piece::Link(_) if opens => parts.push(Part::Markup("[".to_owned())),
            Piece::Link(address) => {
                parts.push(Part::Markup(format!("]({})", destination(address))));
            }
            Piece::Superscript | Piece::Subscript if opens => {
                if let Some(text) = raised_or_lowered(node) {
                    parts.push(Part::Text(text));
                    replaced = Some(node.id());
                }
            }
            Piece::Text(text) if opens && verbatim => match parts.last_mut() {
                Some(Part::Code(code)) => code.push_str(text),
                _ => parts.push(Part::Code(text.clone())),
            },
            Piece::Text(text) if opens => parts.push(Part::Text(text.clone())),
            Piece::Break if opens => parts.push(Part::Break),
            Piece::Image {
                address,
                alternative,
            } if opens => {
                let mut text = String::from("x");
                escape::push(&mut text, alternative, EVERY, false);
                let text = &text[1..];
                parts.push(Part::Markup(format!("![{text}]({})", destination(address))));
            }
            Piece::Maths { tex, display } if opens => {
                let marks = if *display { "$$" } else { "$" };
                let tex = match place {
                    Place::Cell => tex.replace("\\|", "\\Vert ").replace('|', "\\|"),
                    _ => tex.clone(),
                };
                let tex = escape::inert_tex(tex.trim_end());
                parts.push(Part::Markup(format!("{marks}{tex}{marks}")));
            }
            Piece::Call(label) if opens => parts.push(Part::Markup(format!("[^{label}]"))),
            _ => {}
        }
    }
    if is_term {
        parts.push(Part::Close(Delimiter::Strong));
    }
    parts
}

const EVERY: Company = Company {
    tildes: true,
    dollars: true,
};

/// An address as the destination of a link (CommonMark §6.3).
fn destination(address: &str) -> String {
    let mut written = String::with_capacity(address.len());
    for (at, c) in address.char_indices() {
        // `&copy;` would be read as a sign.
        if c == '&' && escape::is_entity(&address[at..]) {
            written.push('\\');
        }
        written.push(c);
    }
    if written.contains(['(', ')']) {
        format!("<{written}>")
    } else {
        written
    }
}

/// Digits and signs above or below the line, where all of them have such forms.
fn raised_or_lowered(node: NodeRef<'_, Piece>) -> Option<String> {
    let is_text = |child: NodeRef<'_, Piece>| matches!(child.value(), Piece::Text(_));
    if !node.children().all(is_text) {
        return None;
    }
    let (from, to) = match node.value() {
        Piece::Superscript => ("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ"),
        _ => ("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎"),
    };
    shown(node)
        .chars()
        .map(|c| from.chars().position(|from| from == c))
        .map(|at| to.chars().nth(at?))
        .collect()
}

/// A piece of code as one line of a cell.
pub(super) fn code_in_cell(code: &str) -> String {
    let mut out = String::new();
    push_code(&mut out, code, Place::Cell, EVERY);
    out
}

/// Code between more backticks than it has in a row (CommonMark §6.1).
fn push_code(out: &mut String, code: &str, place: Place, company: Company) {
    // No escape of a cell's end is understood after a backslash.
    let is_cell = place == Place::Cell;
    if code.trim().is_empty() || (is_cell && code.contains('|') && code.contains('\\')) {
        escape::push(out, code, company, false);
        return;
    }
    let fence = "`".repeat(1 + longest_run(code));
    let is_padded = code.starts_with('`')
        || code.ends_with('`')
        || (code.starts_with(' ') && code.ends_with(' '));
    let pad = if is_padded { " " } else { "" };
    let code = if is_cell {
        code.replace('|', "\\|")
    } else {
        code.to_owned()
    };
    out.push_str(&format!("{fence}{pad}{code}{pad}{fence}"));
}

/// `## C #` would lose its last sign (CommonMark §4.2).
fn escape_closing_marks(line: &mut String) {
    let rest = line.trim_end_matches('#');
    let marks = line.len() - rest.len();
    if marks > 0 && (rest.is_empty() || rest.ends_with(' ')) {
        line.insert(rest.len(), '\\');
    }
}
