//! Looking at the first bytes of a stream before it is read.

use std::io::{self, Read};

/// A stream whose first bytes can be looked at; reading it gives them too.
///
/// ```
/// use std::io::Read;
/// use dehusk::source::Peek;
///
/// let mut stream = Peek::new(&b"<p>Tea"[..]);
/// assert_eq!(stream.head(3), b"<p>");
/// let mut all = String::new();
/// stream.read_to_string(&mut all)?;
/// assert_eq!(all, "<p>Tea");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Peek<R> {
    head: Vec<u8>,
    /// Bytes of `head` that were read since.
    given: usize,
    /// What went wrong behind `head`: told when reading gets there.
    failed: Option<io::Error>,
    read: R,
}

impl<R: Read> Peek<R> {
    /// Nothing is read yet.
    pub fn new(read: R) -> Self {
        Self {
            head: Vec::new(),
            given: 0,
            failed: None,
            read,
        }
    }

    /// The next bytes: `most` of them, or as many as there are. What goes wrong
    /// while they are fetched is told by reading, behind the bytes before it.
    pub fn head(&mut self, most: usize) -> &[u8] {
        if self.given > 0 {
            self.head.drain(..self.given);
            self.given = 0;
        }
        while self.head.len() < most && self.failed.is_none() {
            let missing = (most - self.head.len()) as u64;
            match (&mut self.read).take(missing).read_to_end(&mut self.head) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => self.failed = Some(error),
            }
        }
        &self.head[..most.min(self.head.len())]
    }
}

impl<R: Read> Read for Peek<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given < self.head.len() {
            let given = (&self.head[self.given..]).read(buffer)?;
            self.given += given;
            return Ok(given);
        }
        match self.failed.take() {
            Some(error) if !buffer.is_empty() => Err(error),
            failed => {
                self.failed = failed;
                self.read.read(buffer)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a byte at a time, then fails.
    struct Drip(&'static [u8]);

    impl Read for Drip {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Err(io::Error::other("torn"));
            }
            let (first, rest) = self.0.split_at(1);
            self.0 = rest;
            buffer[..1].copy_from_slice(first);
            Ok(1)
        }
    }

    #[test]
    fn what_fails_behind_the_head_is_told_behind_it() {
        let mut stream = Peek::new(Drip(b"<p>Tea"));
        assert_eq!(stream.head(2), b"<p");
        assert_eq!(stream.head(100), b"<p>Tea");
        let mut all = Vec::new();
        let error = stream.read_to_end(&mut all).unwrap_err();
        assert_eq!(
            (all.as_slice(), error.to_string().as_str()),
            (&b"<p>Tea"[..], "torn")
        );
    }

    #[test]
    fn a_stream_can_be_looked_at_again_further_on() {
        let mut stream = Peek::new(&b"one two"[..]);
        stream.head(5);
        let mut four = [0; 4];
        stream.read_exact(&mut four).unwrap();
        assert_eq!(stream.head(9), b"two");
    }
}
