//! Comments (HTML Standard §13.2.5.41 and §13.2.5.43 to §13.2.5.52).
//!
//! The states between `<!--` and the end come down to this: a comment ends at
//! the first `-->` or `--!>`, or at a `>` or `->` right at its start. At the end
//! of the page the dashes, or dashes and `!`, that could have ended it are none
//! of its text.

use html5ever::tokenizer::{Token, TokenSink};
use memchr::memchr;

use super::Tokenizer;
use super::input::References;

impl<S: TokenSink> Tokenizer<'_, S> {
    /// The comment whose `<!--` begins at the next byte.
    pub(super) fn comment(&mut self) {
        let (start, bytes) = (self.at, self.input.bytes);
        let from = start + "<!--".len();
        let (end, after) = comment_end(&bytes[from..]);
        self.at = from + after;
        self.emit_comment(start, from, from + end);
    }

    /// The comment that is made of what is no markup, less the first `opening`
    /// bytes (§13.2.5.41).
    pub(super) fn bogus_comment(&mut self, opening: usize) {
        let (start, bytes) = (self.at, self.input.bytes);
        let from = start + opening;
        let found = memchr(b'>', &bytes[from..]);
        let end = found.map_or(bytes.len(), |length| from + length);
        self.at = bytes.len().min(end + 1);
        self.emit_comment(start, from, end);
    }

    fn emit_comment(&mut self, start: usize, from: usize, to: usize) {
        let text = self.input.cut(from, to, References::None);
        self.emit(Token::CommentToken(text), start);
    }
}

/// Where the text of a comment ends, and where the comment does, given what
/// follows its `<!--`.
fn comment_end(rest: &[u8]) -> (usize, usize) {
    let mut from = 0;
    while let Some(found) = memchr(b'>', &rest[from..]) {
        let at = from + found;
        let before = &rest[..at];
        if before.ends_with(b"--") {
            return (at - 2, at + 1);
        }
        if before.ends_with(b"--!") {
            return (at - 3, at + 1);
        }
        if before.is_empty() || before == b"-" {
            return (0, at + 1);
        }
        from = at + 1;
    }
    let unfinished = [&b"--!"[..], b"--", b"-"]
        .into_iter()
        .find(|end| rest.ends_with(end))
        .map_or(0, <[u8]>::len);
    (rest.len() - unfinished, rest.len())
}
