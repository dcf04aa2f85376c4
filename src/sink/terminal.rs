//! Standard output, on which a terminal only shows what pages say.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use crate::text::steers_terminal;

/// Standard output. Where it is a terminal, what pages bring that a terminal would
/// obey is written as escapes, `\u{1b}`; a pipe or a file gets all bytes as they are.
pub(crate) fn stdout() -> BufWriter<Shown<Stdout>> {
    let out = io::stdout();
    let on_terminal = out.is_terminal();
    BufWriter::new(Shown::on(out, on_terminal))
}

/// Writes text on to a terminal, or anything to something else.
pub(crate) struct Shown<W> {
    out: W,
    on_terminal: bool,
    /// Bytes of a character, or of an end of line, that is not whole yet.
    begun: Vec<u8>,
}

impl<W: Write> Shown<W> {
    pub(crate) fn on(out: W, on_terminal: bool) -> Self {
        Self {
            out,
            on_terminal,
            begun: Vec::new(),
        }
    }

    /// Whether somebody watches.
    pub(crate) fn is_on_terminal(&self) -> bool {
        self.on_terminal
    }

    /// Writes what has been begun, whole or not.
    fn end(&mut self) -> io::Result<()> {
        let begun = std::mem::take(&mut self.begun);
        write!(self.out, "{}", begun.escape_ascii())
    }
}

impl<W: Write> Write for Shown<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.on_terminal {
            return self.out.write(bytes);
        }
        self.begun.extend(bytes);
        let all = std::mem::take(&mut self.begun);
        let (now, begun) = all.split_at(all.len() - unfinished(&all));
        let mut shown = String::new();
        for chunk in now.utf8_chunks() {
            let mut chars = chunk.valid().chars().peekable();
            while let Some(c) = chars.next() {
                let ends_line =
                    matches!(c, '\n' | '\t') || c == '\r' && chars.peek() == Some(&'\n');
                if steers_terminal(c) && !ends_line {
                    shown.extend(c.escape_default());
                } else {
                    shown.push(c);
                }
            }
            shown.extend(chunk.invalid().escape_ascii().map(char::from));
        }
        self.out.write_all(shown.as_bytes())?;
        self.begun = begun.to_vec();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.end()?;
        self.out.flush()
    }
}

/// Bytes at the end of which the next ones decide what they are: a character
/// that is cut off, or a carriage return.
fn unfinished(bytes: &[u8]) -> usize {
    if bytes.ends_with(b"\r") {
        return 1;
    }
    match bytes.utf8_chunks().last() {
        Some(last) if could_go_on(last.invalid()) => last.invalid().len(),
        _ => 0,
    }
}

/// Whether bytes that are no character may become one with those that follow.
fn could_go_on(begun: &[u8]) -> bool {
    let needed = match begun.first() {
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        _ => 0,
    };
    begun.len() < needed
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What is shown of bytes that come in pieces.
    fn shown<'a>(pieces: impl IntoIterator<Item = &'a [u8]>, on_terminal: bool) -> Vec<u8> {
        let mut out = Shown::on(Vec::new(), on_terminal);
        for piece in pieces {
            out.write_all(piece).unwrap();
        }
        out.flush().unwrap();
        out.out
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown_to_it_and_given_to_others() {
        let text =
            "==> \u{1b}]0;x\u{7} <==\n\tTea\u{9b}31m \u{202e}net\r\nGrüße\rover\u{8}".as_bytes();
        let escaped =
            "==> \\u{1b}]0;x\\u{7} <==\n\tTea\\u{9b}31m \\u{202e}net\r\nGrüße\\rover\\u{8}";
        assert_eq!(shown([text], true), escaped.as_bytes());
        assert_eq!(shown([text], false), text);
        assert_eq!(shown([&b"\xff\xc3"[..]], true), b"\\xff\\xc3");
    }

    proptest! {
        #[test]
        fn it_is_the_same_in_whatever_pieces_it_comes(
            text in "(\u{1b}|\u{9b}|\r|\n|é|你|🚢|\u{202e}|x){0,20}",
            raw in proptest::collection::vec(any::<u8>(), 0..6),
            size in 1usize..5,
        ) {
            let bytes = [&raw[..], text.as_bytes(), &raw[..]].concat();
            let whole = shown([&bytes[..]], true);
            prop_assert_eq!(&shown(bytes.chunks(size), true), &whole);
            let told = String::from_utf8(whole).unwrap();
            let alone = told.replace("\r\n", "\n");
            prop_assert!(!alone.chars().any(|c| steers_terminal(c) && !matches!(c, '\n' | '\t')));
        }
    }
}
