//! Lines of a stream, one at a time, none held beyond a bound.

use std::io::{self, BufRead, BufReader, Read};

/// A buffer that a long line made larger than this is given back after it.
const KEPT: usize = 1 << 20;

/// Reads line after line.
pub(super) struct Lines<R> {
    read: BufReader<R>,
    end: u8,
    most: usize,
    line: Vec<u8>,
    number: u64,
}

/// A line without its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// All of it.
    Whole(&'a [u8]),
    /// It has more bytes than are held: so many, and none of them is kept.
    Long(u64),
}

impl<R: Read> Lines<R> {
    /// Lines that end in the byte `end`, of at most `most` bytes without it.
    pub fn new(read: R, end: u8, most: usize) -> Self {
        Self {
            read: BufReader::with_capacity(64 << 10, read),
            end,
            most,
            line: Vec::new(),
            number: 0,
        }
    }

    /// How many lines were begun, and with it the number of the last, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The next line, or `None` behind the last.
    pub fn next(&mut self) -> Option<io::Result<Line<'_>>> {
        if self.line.capacity() > KEPT {
            self.line = Vec::new();
        }
        self.line.clear();
        let within = self.most.saturating_add(1);
        let mut bounded = (&mut self.read).take(within as u64);
        let read = bounded.read_until(self.end, &mut self.line);
        if !matches!(read, Ok(0)) {
            self.number += 1;
        }
        match read {
            Ok(0) => return None,
            Ok(_) => {}
            Err(error) => return Some(Err(error)),
        }
        if self.line.last() == Some(&self.end) {
            self.line.pop();
        } else if self.line.len() == within {
            let ends = self.end;
            let rest = match self.read.skip_until(ends) {
                Ok(rest) => rest as u64,
                Err(error) => return Some(Err(error)),
            };
            return Some(Ok(Line::Long(within as u64 + rest)));
        }
        Some(Ok(Line::Whole(&self.line)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_up_to_the_bound_are_given_and_longer_ones_skipped_and_counted() {
        let mut lines = Lines::new(&b"1234\n12345\n\n123456789\n12"[..], b'\n', 4);
        let mut seen = Vec::new();
        while let Some(line) = lines.next() {
            seen.push(match line.unwrap() {
                Line::Whole(line) => String::from_utf8(line.to_owned()).unwrap(),
                Line::Long(bytes) => format!("{bytes} bytes"),
            });
        }
        // The end of a line that is skipped counts with it.
        assert_eq!(seen, ["1234", "6 bytes", "", "10 bytes", "12"]);
        assert_eq!(lines.number(), 5);
    }

    #[test]
    fn no_more_than_the_bound_is_held_and_a_large_buffer_is_given_back() {
        let mut text = vec![b'x'; 40 << 20];
        text.extend(b"\n<p>Tea\n");
        let mut lines = Lines::new(&text[..], b'\n', 8 << 20);
        assert!(matches!(lines.next(), Some(Ok(Line::Long(_)))));
        assert!(lines.line.capacity() <= 17 << 20);
        assert_eq!(lines.next().unwrap().unwrap(), Line::Whole(b"<p>Tea"));
        assert!(lines.line.capacity() <= KEPT);
    }
}
