//! An archive's bytes as they are stored, with a way back.

use std::io::{self, BufRead, Read};

/// Bytes read at a time.
const STEP: usize = 256 << 10;

/// Bytes that can be gone back over. A decoder that runs on from a broken
/// member into the next stumbles within some tens of KB.
const LOOK_BACK: usize = 1 << 20;

/// All bytes are read again at most so many times: going back never makes a
/// hostile archive cost more than its length times this.
const READ_AGAIN: u64 = 4;

/// A buffered reader that knows its place in the file, can look ahead, and can
/// go back to what it gave shortly before.
#[derive(Debug)]
pub(super) struct Stored<R> {
    /// `None` in the one that stands in for another for a moment.
    read: Option<R>,
    buffer: Vec<u8>,
    /// Where in the buffer the next byte is.
    at: usize,
    /// Where in the file the buffer begins.
    base: u64,
    look_back: usize,
    read_again: u64,
    ended: bool,
    /// Why reading failed. Kept here as decoders make another error of it.
    error: Option<io::Error>,
}

impl<R> Default for Stored<R> {
    fn default() -> Self {
        Self {
            read: None,
            buffer: Vec::new(),
            at: 0,
            base: 0,
            look_back: 0,
            read_again: 0,
            ended: true,
            error: None,
        }
    }
}

impl<R: Read> Stored<R> {
    pub(super) fn new(read: R) -> Self {
        Self {
            read: Some(read),
            ended: false,
            look_back: LOOK_BACK,
            ..Self::default()
        }
    }

    /// No way back is needed in a file that is not compressed.
    pub(super) fn without_look_back(self) -> Self {
        Self {
            look_back: 0,
            ..self
        }
    }

    /// Byte in the file that comes next.
    pub(super) fn position(&self) -> u64 {
        self.base + self.at as u64
    }

    /// Why reading failed, if it did. It is told once.
    pub(super) fn take_error(&mut self) -> Option<io::Error> {
        self.error.take()
    }

    /// The next `n` bytes and what else is at hand; fewer at the end.
    pub(super) fn peek(&mut self, n: usize) -> &[u8] {
        while self.buffer.len() - self.at < n && self.read_on() {}
        &self.buffer[self.at..]
    }

    /// Goes to the next place from here on at which a member can begin, by its
    /// first `n` bytes, or to the end. Returns the bytes passed over.
    pub(super) fn seek(&mut self, n: usize, begins: impl Fn(&[u8]) -> bool) -> u64 {
        let from = self.position();
        loop {
            let ahead = self.peek(n);
            if ahead.len() < n {
                self.at = self.buffer.len();
                break;
            }
            if let Some(found) = ahead.windows(n).position(&begins) {
                self.at += found;
                break;
            }
            self.at += ahead.len() - (n - 1);
        }
        self.position() - from
    }

    /// Goes back to the first place after byte `after` at which a member can
    /// begin and which was passed already. Stays when there is none in reach,
    /// or too much was read again before.
    pub(super) fn seek_back(&mut self, after: u64, n: usize, begins: impl Fn(&[u8]) -> bool) {
        let from = (after + 1).saturating_sub(self.base) as usize;
        let to = self.buffer.len().min(self.at + n - 1);
        let Some(passed) = self.buffer.get(from..to) else {
            return;
        };
        let Some(found) = passed.windows(n).position(&begins) else {
            return;
        };
        let found = from + found;
        let again = (self.at - found) as u64;
        let fresh = self.base + self.buffer.len() as u64;
        if self.read_again + again <= READ_AGAIN * fresh {
            self.read_again += again;
            self.at = found;
        }
    }

    /// Reads more into the buffer; `false` when there is no more.
    fn read_on(&mut self) -> bool {
        let Some(read) = self.read.as_mut().filter(|_| !self.ended) else {
            return false;
        };
        // Moving at least as much as stays makes the moves cost no more than
        // the reading.
        let drop = self.at.saturating_sub(self.look_back);
        if drop >= STEP && drop * 2 >= self.buffer.len() {
            self.buffer.drain(..drop);
            self.base += drop as u64;
            self.at -= drop;
        }
        let had = self.buffer.len();
        self.buffer.resize(had + STEP, 0);
        let got = loop {
            match read.read(&mut self.buffer[had..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.error = Some(error);
                    break 0;
                }
                Ok(got) => break got,
            }
        };
        self.buffer.truncate(had + got);
        self.ended = got == 0;
        got > 0
    }
}

impl<R: Read> Read for Stored<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut ahead = self.fill_buf()?;
        let n = ahead.read(out)?;
        self.consume(n);
        Ok(n)
    }
}

impl<R: Read> BufRead for Stored<R> {
    /// A failure to read looks like the end here; see [`Stored::take_error`].
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(self.peek(1))
    }

    fn consume(&mut self, n: usize) {
        self.at = (self.at + n).min(self.buffer.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_x(bytes: &[u8]) -> bool {
        bytes == b"XY"
    }

    #[test]
    fn it_goes_back_to_what_it_passed_and_knows_its_place() {
        let mut stored = Stored::new(&b"abXYcdefXYgh"[..]);
        stored.peek(7);
        stored.consume(7);
        assert_eq!(stored.position(), 7);
        stored.seek_back(0, 2, is_x);
        assert_eq!((stored.position(), &stored.peek(2)[..2]), (2, &b"XY"[..]));
        stored.seek_back(0, 2, is_x);
        assert_eq!(stored.position(), 2, "what is ahead is not behind");
        stored.consume(1);
        assert_eq!(stored.seek(2, is_x), 5);
        stored.consume(1);
        assert_eq!(stored.seek(2, is_x), 3);
        assert!(stored.peek(1).is_empty());
    }

    #[test]
    fn places_are_right_and_memory_stays_bounded_over_a_long_file() {
        let bytes: Vec<u8> = (0..12_000_000u32).map(|i| (i % 251) as u8).collect();
        let mut stored = Stored::new(&bytes[..]);
        while !stored.peek(1).is_empty() {
            let place = stored.position();
            assert_eq!(stored.peek(1)[0], (place % 251) as u8);
            stored.consume(70_001);
            assert!(stored.buffer.len() <= 2 * LOOK_BACK + 2 * STEP);
        }
        assert_eq!(stored.position(), 12_000_000);
    }

    #[test]
    fn going_back_is_refused_once_too_much_was_read_again() {
        let mut stored = Stored::new(&[b'X', b'Y', b'X', b'Y', b'X', b'Y'][..]);
        let mut backs = 0;
        for _ in 0..100 {
            stored.peek(6);
            stored.consume(6);
            stored.seek_back(1, 2, is_x);
            backs += u64::from(stored.position() == 2);
        }
        assert_eq!(backs, READ_AGAIN * 6 / 4);
    }
}
