//! Rows of a block diff as lines.

use std::io::{self, Write};

use crate::cli::printable::printable;
use crate::diff::{BlockDiff, ChangeKind, Mark, Row, Side};

/// How rows look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown {
    /// With colours, in place of the signs round words.
    pub(super) colours: bool,
    /// With the rows that are kept on neither side.
    pub(super) all: bool,
}

/// What the lines of a block after its first begin with: as much as stands before
/// the text of the first.
const INDENT: &str = "\n             ";

const REMOVED: &str = "31";
const ADDED: &str = "32";
const CHANGED: &str = "33";
const FAINT: &str = "2";
const STRONG: &str = "1";

impl Shown {
    /// Writes what the sides are.
    pub(super) fn names(self, out: &mut impl Write, before: &str, after: &str) -> io::Result<()> {
        let line = |sign: &str, name: &str| format!("{sign} {}", printable(name));
        writeln!(out, "{}", self.coloured(STRONG, &line("---", before)))?;
        writeln!(out, "{}", self.coloured(STRONG, &line("+++", after)))
    }

    /// Writes the rows, a block a line; those kept on neither side as their number.
    pub(super) fn rows(self, out: &mut impl Write, diff: &BlockDiff) -> io::Result<()> {
        let mut left_out = 0;
        for row in &diff.rows {
            if row.mark == Mark::LeftOut && !self.all {
                left_out += 1;
                continue;
            }
            self.number(out, &mut left_out)?;
            self.row(out, row)?;
        }
        self.number(out, &mut left_out)
    }

    fn number(self, out: &mut impl Write, left_out: &mut usize) -> io::Result<()> {
        let blocks = match std::mem::take(left_out) {
            0 => return Ok(()),
            1 => "1 block".to_owned(),
            n => format!("{n} blocks"),
        };
        let line = format!("  … {blocks} kept on neither side");
        writeln!(out, "{}", self.coloured(FAINT, &line))
    }

    fn row(self, out: &mut impl Write, row: &Row) -> io::Result<()> {
        let (sign, colour) = match row.mark {
            Mark::Same => (' ', None),
            Mark::Changed => ('~', Some(CHANGED)),
            Mark::Removed => ('-', Some(REMOVED)),
            Mark::Added => ('+', Some(ADDED)),
            Mark::LeftOut => ('.', Some(FAINT)),
        };
        let head = format!(
            "{sign} {} {}  ",
            probability(row.before.as_ref()),
            probability(row.after.as_ref())
        );
        if row.mark == Mark::Changed {
            let head = self.coloured(CHANGED, &head);
            return writeln!(out, "{head}{}", self.words(row));
        }
        // Of two texts, that of the side on which it is kept.
        let side = match row.mark {
            Mark::Added => row.after.as_ref(),
            _ => row.before.as_ref().or(row.after.as_ref()),
        };
        let text = side.map_or("", |side| &side.text);
        let line = format!("{head}{}", lines(text));
        match colour {
            Some(colour) => writeln!(out, "{}", self.coloured(colour, &line)),
            None => writeln!(out, "{line}"),
        }
    }

    fn words(self, row: &Row) -> String {
        let words = row.words.iter().map(|change| {
            let text = lines(&change.text);
            match (change.kind, self.colours) {
                (ChangeKind::Same, _) => text,
                (ChangeKind::Removed, false) => format!("[-{text}-]"),
                (ChangeKind::Added, false) => format!("{{+{text}+}}"),
                (ChangeKind::Removed, true) => self.coloured(REMOVED, &text),
                (ChangeKind::Added, true) => self.coloured(ADDED, &text),
            }
        });
        words.collect()
    }

    fn coloured(self, colour: &str, text: &str) -> String {
        if self.colours {
            format!("\x1b[{colour}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

/// A text with nothing in it that a terminal obeys, its lines one below the other.
fn lines(text: &str) -> String {
    printable(text).replace('\n', INDENT)
}

fn probability(side: Option<&Side>) -> String {
    side.map_or("    ".to_owned(), |side| format!("{:.2}", side.probability))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Extractor;
    use crate::page::{Page, PageContext};
    use crate::select::Selection;

    fn shown(before: &str, after: &str, colours: bool) -> String {
        let judged = |html: &str| {
            let page = Page::parse(html.as_bytes(), &PageContext::default());
            let extractor = Extractor::default().selection(Selection::Threshold(0.0));
            let mut judged = extractor.judge(&page);
            judged.probabilities.fill(0.5);
            judged
        };
        let diff = BlockDiff::of(&judged(before), &judged(after));
        let mut out = Vec::new();
        let all = false;
        Shown { colours, all }.rows(&mut out, &diff).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn colours_stand_for_signs() {
        let (before, after) = ("<p>a b c<p>old", "<p>a b d");
        assert_eq!(
            shown(before, after, false),
            "~ 0.50 0.50  a b [-c-]{+d+}\n- 0.50       old\n"
        );
        assert_eq!(
            shown(before, after, true),
            "\x1b[33m~ 0.50 0.50  \x1b[0ma b \x1b[31mc\x1b[0m\x1b[32md\x1b[0m\n\
             \x1b[31m- 0.50       old\x1b[0m\n"
        );
    }

    #[test]
    fn pages_send_nothing_to_the_terminal() {
        let page = "<p>a &#x1b;[2J b<br>c \u{9b}31m";
        let written = shown(page, "<p>a &#x1b;[2J d<br>c \u{9b}31m", true);
        let colours = ["\x1b[33m", "\x1b[31m", "\x1b[32m", "\x1b[0m"];
        let text = colours
            .iter()
            .fold(written, |text, colour| text.replace(colour, ""));
        assert!(
            text.chars().all(|c| c == '\n' || !c.is_control()),
            "{text:?}"
        );
        assert!(text.contains("\n             c "), "{text:?}");
    }
}
