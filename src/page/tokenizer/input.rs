//! The page's text, and the texts of tokens cut out of it.

use html5ever::tendril::StrTendril;
use memchr::{memchr, memchr2, memchr3};

use super::reference::{Reference, reference};

/// Whether an `&` in a text may begin a reference. A text that is known to hold
/// none is cut without a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum References {
    /// None: `&` is itself.
    None,
    /// Character references, as in text.
    InText,
    /// Character references, as in an attribute's value.
    InAttribute,
}

/// The whole page, decoded.
pub(super) struct Input<'t> {
    pub text: &'t str,
    pub bytes: &'t [u8],
    /// The same text; its parts are shared by the tokens.
    shared: StrTendril,
    /// Whether there is a carriage return anywhere.
    has_returns: bool,
    /// Whether there is a NUL anywhere.
    pub has_nuls: bool,
    /// What a text becomes that cannot be shared, before its length is known.
    changed: String,
}

impl<'t> Input<'t> {
    pub fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        Self {
            text,
            bytes,
            shared: StrTendril::from_slice(text),
            has_returns: memchr(b'\r', bytes).is_some(),
            has_nuls: memchr(0, bytes).is_some(),
            changed: String::new(),
        }
    }

    /// The text from one byte to another, as it is.
    fn part(&self, start: usize, end: usize) -> StrTendril {
        // A text this short lies within its tendril, and shares nothing.
        const INLINE: usize = 8;
        if end - start <= INLINE {
            return StrTendril::from_slice(&self.text[start..end]);
        }
        self.shared.subtendril(start as u32, (end - start) as u32)
    }

    /// The text from one byte to another: with line ends normalised (§13.2.3.5),
    /// U+FFFD for each NUL, and references resolved.
    pub fn cut(&mut self, start: usize, end: usize, references: References) -> StrTendril {
        let raw = &self.bytes[start..end];
        let first = match (references, self.has_returns || self.has_nuls) {
            (References::None, false) => None,
            (References::None, true) => memchr2(b'\r', 0, raw),
            (_, false) => memchr(b'&', raw),
            (_, true) => memchr3(b'&', b'\r', 0, raw),
        };
        let Some(first) = first else {
            return self.part(start, end);
        };
        self.changed.clear();
        self.change(start, start + first, end, references);
        StrTendril::from_slice(&self.changed)
    }

    /// Writes what the text becomes; the first byte to change is at `change`.
    fn change(&mut self, start: usize, change: usize, end: usize, references: References) {
        let (text, bytes) = (self.text, self.bytes);
        let (mut kept, mut next) = (start, Some(change));
        while let Some(at) = next {
            self.changed.push_str(&text[kept..at]);
            let mut after = at + 1;
            match bytes[at] {
                b'\r' => {
                    self.changed.push('\n');
                    after += usize::from(bytes[after..end].first() == Some(&b'\n'));
                }
                0 => self.changed.push(char::REPLACEMENT_CHARACTER),
                ampersand => {
                    let in_attribute = references == References::InAttribute;
                    match reference(&bytes[after..end], in_attribute) {
                        Some(Reference { chars, bytes }) => {
                            self.changed.extend(chars.into_iter().flatten());
                            after += bytes;
                        }
                        None => self.changed.push(char::from(ampersand)),
                    }
                }
            }
            kept = after;
            let rest = &bytes[after..end];
            next = match references {
                References::None => memchr2(b'\r', 0, rest),
                _ => memchr3(b'&', b'\r', 0, rest),
            }
            .map(|found| after + found);
        }
        self.changed.push_str(&text[kept..end]);
    }
}
