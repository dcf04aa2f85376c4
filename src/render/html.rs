//! [`Document`] → clean HTML.
//!
//! What is written is made of a fixed set of elements and attributes, and then
//! goes through the [sanitiser](super::sanitised), so that a slip here is no hole.

use std::collections::HashMap;
use std::ops::Range;

use ego_tree::NodeRef;
use ego_tree::iter::Edge;

use super::Bounded;
use super::document::{Document, Piece, shown};
use super::sanitised::Sanitised;
use crate::watch::pieces;

/// Writes a document as one `article`, sanitised, of about `most` bytes at the
/// most.
pub(super) fn write(document: &Document, most: usize) -> Bounded<String> {
    let mut writer = Writer::default();
    let mut edges = document.edges(most);
    while let Some(edge) = edges.next(writer.clean.len() + writer.out.len()) {
        match edge {
            Edge::Open(node) => writer.open(node),
            Edge::Close(node) => writer.close(node),
        }
    }
    let mut clean = writer.clean.finish(&writer.out);
    if !clean.is_empty() {
        clean = format!("<article>\n{clean}</article>\n");
    }
    Bounded {
        rendering: clean,
        cut: edges.cut,
    }
}

/// Words of a heading that its id is made of, and letters of each of them.
const WORDS_OF_AN_ID: usize = 32;
const LETTERS_OF_A_WORD: usize = 64;

/// Bytes of a text that are given to the sanitiser as one.
const PIECE: usize = 2_048;

#[derive(Default)]
struct Writer<'a> {
    /// What was written and sanitised.
    clean: Sanitised,
    /// What was written since.
    out: String,
    /// The pieces that are open, each with where its tags stand in `out`.
    opened: Vec<(NodeRef<'a, Piece>, Range<usize>)>,
    /// Ids of headings so far, each with the last number that was added to it.
    ids: HashMap<String, usize>,
    /// The part of a table that is open: `thead` or `tbody`.
    section: Option<&'static str>,
}

impl<'a> Writer<'a> {
    fn open(&mut self, node: NodeRef<'a, Piece>) {
        if let Piece::Row { header } = node.value() {
            self.open_section(*header);
        }
        let start = self.out.len();
        self.push_opening(node);
        self.opened.push((node, start..self.out.len()));
        if let Piece::Text(text) | Piece::Maths { tex: text, .. } = node.value() {
            self.push_pieces(text);
        }
    }

    fn close(&mut self, node: NodeRef<'a, Piece>) {
        if *node.value() == Piece::Table {
            self.close_section();
        }
        push_closing(&mut self.out, node);
        self.opened.pop();
        self.clean_what_is_long();
    }

    /// Sanitises what is written so far if that is much: the sanitiser does not look at
    /// the clock.
    fn clean_what_is_long(&mut self) {
        if self.out.len() < self.clean.next() {
            return;
        }
        let (mut opening, mut closing) = (String::new(), String::new());
        let mut places = Vec::new();
        for (node, tags) in &self.opened {
            let start = opening.len();
            opening.push_str(&self.out[tags.clone()]);
            places.push(start..opening.len());
            if let (Piece::Table, Some(section)) = (node.value(), self.section) {
                opening.push_str(&format!("<{section}>\n"));
            }
        }
        for (node, _) in self.opened.iter().rev() {
            if let (Piece::Table, Some(section)) = (node.value(), self.section) {
                closing.push_str(&format!("</{section}>\n"));
            }
            push_closing(&mut closing, *node);
        }
        if self.clean.cut(&mut self.out, &opening, &closing) {
            for ((_, tags), place) in self.opened.iter_mut().zip(places) {
                *tags = place;
            }
        }
    }

    /// Writes a text with comments in it, which the sanitiser leaves out: for each sign
    /// that it writes as a reference it looks through the rest of the text node, which
    /// takes time quadratic in what stands between two comments.
    fn push_pieces(&mut self, text: &str) {
        let mut rest = text;
        while rest.len() > PIECE {
            let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE));
            push_text(&mut self.out, piece);
            self.out.push_str("<!---->");
            self.clean_what_is_long();
            rest = after;
        }
        push_text(&mut self.out, rest);
    }

    /// Writes the tags that open a piece, or all of one that holds none.
    fn push_opening(&mut self, node: NodeRef<'a, Piece>) {
        match node.value() {
            Piece::Text(_) => {}
            Piece::Break => self.out.push_str("<br>"),
            Piece::Rule => self.out.push_str("<hr>\n"),
            Piece::Image {
                address,
                alternative,
            } => {
                self.out.push_str("<img src=\"");
                push_text(&mut self.out, address);
                self.out.push_str("\" alt=\"");
                push_text(&mut self.out, alternative);
                self.out.push_str("\">");
            }
            Piece::Maths { display, .. } => self.out.push_str(if *display {
                "<span class=\"math display\">\\["
            } else {
                "<span class=\"math inline\">\\("
            }),
            Piece::Call(label) => self
                .out
                .push_str(&format!("<sup><a href=\"#note-{label}\">{label}</a></sup>")),
            Piece::Heading(level) => {
                let id = self.id(&shown(node));
                self.out.push_str(&format!("<h{level} id=\"{id}\">"));
            }
            Piece::Code { language } => {
                self.out.push_str("<pre><code");
                if let Some(language) = language {
                    self.out.push_str(" class=\"language-");
                    push_text(&mut self.out, language);
                    self.out.push('"');
                }
                self.out.push('>');
            }
            Piece::List { start: Some(start) } if *start != 1 => {
                self.out.push_str(&format!("<ol start=\"{start}\">\n"));
            }
            Piece::Footnote(label) => self.out.push_str(&format!("<aside id=\"note-{label}\">")),
            Piece::Link(address) => {
                self.out.push_str("<a href=\"");
                push_text(&mut self.out, address);
                self.out.push_str("\">");
            }
            Piece::Cell {
                header,
                columns,
                rows,
            } => {
                self.out.push_str(if *header { "<th" } else { "<td" });
                if *columns > 1 {
                    self.out.push_str(&format!(" colspan=\"{columns}\""));
                }
                if *rows > 1 {
                    self.out.push_str(&format!(" rowspan=\"{rows}\""));
                }
                self.out.push('>');
            }
            piece => {
                if let Some(name) = element(node) {
                    self.out.push_str(&format!("<{name}>"));
                    if holds_lines(piece) {
                        self.out.push('\n');
                    }
                }
            }
        }
    }

    fn open_section(&mut self, header: bool) {
        // Only the first rows head a table.
        let section = if header && self.section != Some("tbody") {
            "thead"
        } else {
            "tbody"
        };
        if self.section != Some(section) {
            self.close_section();
            self.out.push_str(&format!("<{section}>\n"));
            self.section = Some(section);
        }
    }

    fn close_section(&mut self) {
        if let Some(section) = self.section.take() {
            self.out.push_str(&format!("</{section}>\n"));
        }
    }

    /// An id of the words of a heading, that no other heading has. All begin alike,
    /// so that none is a name that a script of the reader's page looks for.
    fn id(&mut self, heading: &str) -> String {
        let words = heading
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .take(WORDS_OF_AN_ID)
            .map(|word| word.chars().take(LETTERS_OF_A_WORD).collect::<String>());
        let words: Vec<String> = words.map(|word| word.to_lowercase()).collect();
        let id = format!("section-{}", words.join("-"));
        let id = id.trim_end_matches('-').to_owned();
        let mut distinct = id.clone();
        while self.ids.contains_key(&distinct) {
            let last = self.ids.entry(id.clone()).or_insert(1);
            *last += 1;
            distinct = format!("{id}-{last}");
        }
        self.ids.insert(distinct.clone(), 1);
        distinct
    }
}

/// Writes the tags that close a piece.
fn push_closing(out: &mut String, node: NodeRef<'_, Piece>) {
    match node.value() {
        Piece::Heading(level) => out.push_str(&format!("</h{level}>\n")),
        Piece::Code { .. } => out.push_str("</code></pre>\n"),
        Piece::Footnote(_) => out.push_str("</aside>\n"),
        Piece::Maths { display, .. } => {
            out.push_str(if *display { "\\]</span>" } else { "\\)</span>" })
        }
        Piece::Link(_) => out.push_str("</a>"),
        Piece::Cell { header, .. } => out.push_str(if *header { "</th>" } else { "</td>" }),
        piece => {
            if let Some(name) = element(node) {
                out.push_str(&format!("</{name}>"));
                if !is_inline(piece) {
                    out.push('\n');
                }
            }
        }
    }
}

/// The element of a piece that has no attribute; none for a paragraph that is all
/// there is of an item or a cell.
fn element(node: NodeRef<'_, Piece>) -> Option<&'static str> {
    Some(match node.value() {
        Piece::Paragraph if is_alone(node) => return None,
        Piece::Paragraph => "p",
        Piece::List { start: None } => "ul",
        Piece::List { start: Some(_) } => "ol",
        Piece::Item => "li",
        Piece::Quote => "blockquote",
        Piece::Table => "table",
        Piece::Row { .. } => "tr",
        Piece::Caption => "caption",
        Piece::Figure => "figure",
        Piece::FigureCaption => "figcaption",
        Piece::Definitions => "dl",
        Piece::Term => "dt",
        Piece::Details => "dd",
        Piece::Emphasis => "em",
        Piece::Strong => "strong",
        Piece::Strike => "del",
        Piece::Superscript => "sup",
        Piece::Subscript => "sub",
        Piece::Quotation => "q",
        Piece::Verbatim => "code",
        _ => return None,
    })
}

/// Whether a paragraph is all there is of what holds it, but for what is set apart
/// anyway.
pub(super) fn is_alone(paragraph: NodeRef<'_, Piece>) -> bool {
    let in_few_words = paragraph.parent().is_some_and(|parent| {
        matches!(
            parent.value(),
            Piece::Item
                | Piece::Cell { .. }
                | Piece::Caption
                | Piece::Figure
                | Piece::FigureCaption
                | Piece::Term
                | Piece::Details
        )
    });
    let is_last = paragraph.next_sibling().is_none_or(|next| {
        matches!(
            next.value(),
            Piece::List { .. } | Piece::FigureCaption | Piece::Table | Piece::Code { .. }
        )
    });
    in_few_words && paragraph.prev_sibling().is_none() && is_last
}

fn holds_lines(piece: &Piece) -> bool {
    matches!(
        piece,
        Piece::List { .. } | Piece::Quote | Piece::Table | Piece::Figure | Piece::Definitions
    )
}

fn is_inline(piece: &Piece) -> bool {
    matches!(
        piece,
        Piece::Emphasis
            | Piece::Strong
            | Piece::Strike
            | Piece::Superscript
            | Piece::Subscript
            | Piece::Quotation
            | Piece::Verbatim
    )
}

fn push_text(out: &mut String, text: &str) {
    for c in pieces(text).flat_map(str::chars) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::RenderOptions;
    use super::super::soup::judged;
    use super::*;

    fn written(text: &str) -> String {
        let (page, judged) = judged(&format!("<pre>{text}</pre><p>{text}</p>"));
        super::super::html(&page, &judged, &RenderOptions::default())
    }

    #[test]
    fn a_text_in_pieces_is_written_as_one() {
        let text = "R&amp;D é ".repeat(1_000);
        let text = text.trim();
        let wanted =
            format!("<article>\n<pre><code>{text}</code></pre>\n<p>{text}</p>\n</article>\n");
        assert_eq!(written(text), wanted);
    }

    #[test]
    fn what_is_sanitised_in_parts_is_written_as_a_whole() {
        let rows: String = (0..4_000)
            .map(|row| {
                format!("<tr><td>Row {row}</td><td>An <em>apple &amp; a pear</em></td></tr>\n")
            })
            .collect();
        let items: String = (0..4_000)
            .map(|item| format!("<li>Item {item} of <strong>many</strong></li>\n"))
            .collect();
        let body = format!("<table>\n<tbody>\n{rows}</tbody>\n</table>\n<ul>\n{items}</ul>\n");
        let (page, judged) = judged(&body);
        let html = super::super::html(&page, &judged, &RenderOptions::default());
        let whole = format!("<article>\n{body}</article>\n");
        let differ = html.lines().zip(whole.lines()).find(|(a, b)| a != b);
        assert_eq!(differ, None);
        assert_eq!(html.len(), whole.len());
    }

    #[test]
    fn a_long_formula_stays_one() {
        let tex = "a+b ".repeat(10_000);
        let mathml = format!(
            "<math><semantics><mi>a</mi><annotation encoding='application/x-tex'>{tex}\
             </annotation></semantics></math>"
        );
        let (page, judged) = judged(&format!("<p>So {mathml} holds.</p>"));
        let html = super::super::html(&page, &judged, &RenderOptions::default());
        let wanted = format!("<span class=\"math inline\">\\({}\\)</span>", tex.trim());
        assert!(html.contains(&wanted), "{} bytes", html.len());
    }

    #[test]
    fn no_text_is_given_to_the_sanitiser_in_one_long_piece() {
        let mut writer = Writer::default();
        writer.push_pieces(&"é&".repeat(10_000));
        let longest = writer
            .out
            .split("<!---->")
            .map(|piece| piece.replace("&amp;", "&").len())
            .max();
        assert!(
            longest.is_some_and(|longest| longest <= PIECE),
            "{longest:?}"
        );
    }

    #[test]
    fn ids_are_distinct_where_a_heading_reads_like_the_number_of_another() {
        let (page, judged) = judged("<h2>Part</h2><h2>Part 2</h2><h2>Part</h2><h2>Part 2</h2>");
        let html = super::super::html(&page, &judged, &RenderOptions::default());
        let ids: Vec<&str> = html.split('"').skip(1).step_by(2).collect();
        let expected = ["part", "part-2", "part-3", "part-2-2"];
        assert_eq!(ids, expected.map(|id| format!("section-{id}")));
    }

    #[test]
    fn the_id_of_a_very_long_heading_is_short() {
        let (page, judged) = judged(&format!("<h2>{}</h2>", "aª".repeat(100_000)));
        let html = super::super::html(&page, &judged, &RenderOptions::default());
        let id = html.split('"').nth(1).unwrap();
        assert!(id.len() < 200, "{}", id.len());
    }
}
