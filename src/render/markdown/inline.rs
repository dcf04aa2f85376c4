//! The inlines of a leaf as a line of Markdown, or as lines that end in breaks.

use ego_tree::NodeRef;
use ego_tree::iter::Edge;

use super::super::document::{Piece, shown};
use super::emphasis::{self, Delimiter};
use super::escape::{self, Company};
use super::longest_run;
use crate::watch::spend;

/// Where inlines are to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In a paragraph, with its breaks.
    Paragraph,
    /// In a paragraph that is strong as a whole.
    Term,
    /// On one line.
    Line,
    /// On one line, where `|` ends a cell; with the company of the whole cell.
    Cell(Company),
}

impl Place {
    fn is_cell(self) -> bool {
        matches!(self, Self::Cell(_))
    }
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

/// What signs are markup only in company stand in a leaf, or in all of a cell.
pub(super) fn company(node: NodeRef<'_, Piece>) -> Company {
    let (mut tildes, mut dollars) = (0, 0);
    let mut count = |text: &str| {
        spend(text.len() / 4);
        tildes += text.matches('~').count();
        dollars += text.matches('$').count();
    };
    for piece in node.descendants() {
        spend(16);
        match piece.value() {
            Piece::Text(text) | Piece::Link(text) => count(text),
            Piece::Image {
                address,
                alternative,
            } => {
                count(address);
                count(alternative);
            }
            Piece::Maths { .. } => count("$$"),
            Piece::Strike => count("~~"),
            _ => {}
        }
    }
    Company {
        tildes: tildes > 1,
        dollars: dollars > 1,
    }
}

/// Writes what stands in a leaf.
pub(super) fn inlines(leaf: NodeRef<'_, Piece>, place: Place) -> String {
    let parts = emphasis::paired(parts(leaf, place));
    let company = match place {
        Place::Cell(company) => company,
        _ => company(leaf),
    };
    let mut out = String::new();
    // Code to be written with what follows it: without marks between them, two
    // pieces of code would be read as one with backticks in it.
    let mut fenced = String::new();
    let mut open = Vec::new();
    for (n, part) in parts.iter().enumerate() {
        spend(32);
        let mark = match part {
            Part::Open(_) => {
                let before = match fenced.as_str() {
                    "" => out.chars().next_back(),
                    _ => Some('`'),
                };
                let mark = emphasis::mark(before, &parts, n).unwrap_or_default();
                open.push(mark);
                mark
            }
            Part::Close(_) => open.pop().unwrap_or_default(),
            Part::Code(code) if can_be_fenced(code, place) => {
                fenced.push_str(code);
                continue;
            }
            _ => "",
        };
        if mark.is_empty() && matches!(part, Part::Open(_) | Part::Close(_)) {
            continue;
        }
        push_fenced(&mut out, &std::mem::take(&mut fenced), place);
        match part {
            Part::Text(text) => {
                let before_bracket = matches!(
                    parts.get(n + 1),
                    Some(Part::Markup(markup)) if markup.starts_with('[')
                );
                escape::push(&mut out, text, company, before_bracket);
            }
            Part::Break if place == Place::Line || place.is_cell() => out.push(' '),
            Part::Break => {
                out.truncate(out.trim_end_matches(' ').len());
                out.push_str("\\\n");
            }
            Part::Open(_) | Part::Close(_) => out.push_str(mark),
            Part::Code(code) => escape::push(&mut out, code, company, false),
            Part::Markup(markup) => out.push_str(markup),
        }
    }
    push_fenced(&mut out, &fenced, place);
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
        spend(64);
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
                    Place::Cell(_) => tex.replace("\\|", "\\Vert ").replace('|', "\\|"),
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
    let place = Place::Cell(EVERY);
    if can_be_fenced(code, place) {
        push_fenced(&mut out, code, place);
    } else {
        escape::push(&mut out, code, EVERY, false);
    }
    out
}

/// Whether code can be written as such. No escape of a cell's end is understood
/// after a backslash.
fn can_be_fenced(code: &str, place: Place) -> bool {
    let is_stuck = place.is_cell() && code.contains('|') && code.contains('\\');
    !code.trim().is_empty() && !is_stuck
}

/// Code between more backticks than it has in a row (CommonMark §6.1).
fn push_fenced(out: &mut String, code: &str, place: Place) {
    if code.is_empty() {
        return;
    }
    let fence = "`".repeat(1 + longest_run(code));
    let is_padded = code.starts_with('`')
        || code.ends_with('`')
        || (code.starts_with(' ') && code.ends_with(' '));
    let pad = if is_padded { " " } else { "" };
    let code = if place.is_cell() {
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
