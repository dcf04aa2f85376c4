//! Markdown, read by a parser of CommonMark, beside the document that it was
//! written from.
//!
//! Both are put into one outline, and must be the same. In it
//!
//! - a list has its first number, an item, a quote, a footnote's text (by its
//!   label), a table and a row what stands in them, in turn; a heading has its
//!   level, code its language and its text, every byte of it; a rule is a rule;
//! - a paragraph, a heading and a cell is a row of signs: characters, breaks,
//!   images (address and alternative), formulas (TeX, and whether displayed) and
//!   calls of footnotes. Neighbouring texts are one, white space of any kind and
//!   length is one space, and none stands at an end or beside a break;
//! - each sign that is no space has the address of the link that it stands in, is
//!   code or not, and is emphasised, strong and struck or not. Marks that CommonMark
//!   would not read are not written, so that here what is read must be meant, and
//!   [`Same`] says how much of what is meant was not read.
//!
//! What Markdown has no form for is put down as what it is written as: an entry of
//! a definition list as an item, its term strong; a figure as what stands in it; a
//! caption as paragraphs before its table; a cell as one line, spans as empty cells;
//! a table without a header row below an empty one; `q` as quotation marks; raised
//! and lowered text as the same text on the line.

mod meant;
mod read;

use std::fmt;
use std::rc::Rc;

use super::document::Document;

/// How far marks for emphasis were read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Same {
    /// Signs that are to be emphasised, strong or struck.
    pub(super) marked: usize,
    /// … that are read without one of these.
    pub(super) unread: usize,
}

/// Compares Markdown with the document that it was written from; says where they
/// part.
pub(super) fn compare(document: &Document, markdown: &str) -> Result<Same, String> {
    let (meant, read) = (meant::entries(document), read::entries(markdown));
    let mut same = Same::default();
    for (n, meant) in meant.iter().enumerate() {
        let read = read.get(n);
        if !read.is_some_and(|read| meant.is_read_as(read, &mut same)) {
            return Err(format!("entry {n} is {meant:?}, read as {read:?}"));
        }
    }
    match read.get(meant.len()) {
        Some(more) => Err(format!("{more:?} is read after the end")),
        None => Ok(same),
    }
}

/// A line of an outline.
#[derive(Clone, PartialEq)]
enum Entry {
    Open(String),
    Close,
    Leaf(String, Vec<Sign>),
    Code { language: String, text: String },
    Rule,
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(name) => write!(f, "<{name}>"),
            Self::Close => f.write_str("</>"),
            Self::Rule => f.write_str("<rule/>"),
            Self::Code { language, text } => write!(f, "<code {language}>{text}"),
            Self::Leaf(kind, signs) => {
                write!(f, "<{kind}>")?;
                let mut style = &Style::default();
                for sign in signs {
                    if sign.style != *style && sign.shown != Shown::Character(' ') {
                        style = &sign.style;
                        write!(f, "{style:?}")?;
                    }
                    match &sign.shown {
                        Shown::Character(c) => write!(f, "{c}")?,
                        other => write!(f, "<{other:?}>")?,
                    }
                }
                Ok(())
            }
        }
    }
}

/// What stands in a leaf.
#[derive(Debug, Clone, PartialEq)]
struct Sign {
    shown: Shown,
    style: Style,
}

#[derive(Debug, Clone, PartialEq)]
enum Shown {
    Character(char),
    Break,
    Image(String, String),
    Maths(String, bool),
    Call(String),
}

#[derive(Clone, Default, PartialEq)]
struct Style {
    emphasis: bool,
    strong: bool,
    strike: bool,
    code: bool,
    link: Option<Rc<str>>,
}

impl fmt::Debug for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let marks = [
            (self.emphasis, '*'),
            (self.strong, 'b'),
            (self.strike, '~'),
            (self.code, '`'),
        ];
        let marks = marks
            .into_iter()
            .filter_map(|(is, mark)| is.then_some(mark));
        let link = self.link.as_deref().unwrap_or_default();
        write!(f, "{{{}{link}}}", String::from_iter(marks))
    }
}

impl Entry {
    fn is_read_as(&self, read: &Self, same: &mut Same) -> bool {
        let (Self::Leaf(kind, signs), Self::Leaf(kind_read, signs_read)) = (self, read) else {
            return self == read;
        };
        // A cell cannot hold code with both a backslash and what ends a cell.
        let has = |sign| signs.iter().any(|s| s.shown == Shown::Character(sign));
        let code_may_miss = kind == "cell" && has('|') && has('\\');
        kind == kind_read
            && signs.len() == signs_read.len()
            && signs.iter().zip(signs_read).all(|(meant, read)| {
                if meant.shown != read.shown || meant.shown == Shown::Character(' ') {
                    return meant.shown == read.shown;
                }
                let (style, read) = (&meant.style, &read.style);
                let pairs = [
                    (style.emphasis, read.emphasis),
                    (style.strong, read.strong),
                    (style.strike, read.strike),
                ];
                same.marked += usize::from(pairs.iter().any(|(meant, _)| *meant));
                same.unread += usize::from(pairs.iter().any(|(meant, read)| *meant && !read));
                style.link == read.link
                    && (style.code == read.code || (code_may_miss && style.code))
                    && pairs.iter().all(|(meant, read)| *meant || !read)
            })
    }
}

/// The signs of a leaf as they are met.
#[derive(Default)]
struct Signs {
    signs: Vec<Sign>,
    /// White space was met that is not put down.
    space: bool,
}

impl Signs {
    fn put(&mut self, shown: Shown, style: &Style) {
        let is_break = |shown: &Shown| *shown == Shown::Break;
        let beside = self.signs.last().is_none_or(|last| is_break(&last.shown));
        if std::mem::take(&mut self.space) && !beside && !is_break(&shown) {
            self.push(Shown::Character(' '), Style::default());
        }
        self.push(shown, style.clone());
    }

    fn push(&mut self, shown: Shown, style: Style) {
        self.signs.push(Sign { shown, style });
    }

    fn text(&mut self, text: &str, style: &Style) {
        for c in text.chars() {
            if c.is_whitespace() {
                self.space = true;
            } else {
                self.put(Shown::Character(on_the_line(c)), style);
            }
        }
    }

    fn done(&mut self) -> Vec<Sign> {
        self.space = false;
        let mut signs = std::mem::take(&mut self.signs);
        let is_break = |sign: &Sign| sign.shown == Shown::Break;
        while signs.pop_if(|last| is_break(last)).is_some() {}
        let first = signs.iter().position(|sign| !is_break(sign));
        signs.drain(..first.unwrap_or(0));
        signs
    }
}

/// A raised or lowered digit or sign as it is on the line.
fn on_the_line(c: char) -> char {
    let forms = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎";
    match forms.chars().position(|form| form == c) {
        Some(at) => "0123456789+-=()".chars().nth(at % 15).unwrap_or(c),
        None if c == 'ⁿ' => 'n',
        None if c == '−' => '-',
        None => c,
    }
}

/// A text on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
