//! Text without tags but one: RCDATA and RAWTEXT (HTML Standard §13.2.5.2,
//! §13.2.5.3, §13.2.5.9 to §13.2.5.14), PLAINTEXT (§13.2.5.5) and CDATA sections
//! (§13.2.5.69 to §13.2.5.71).

use html5ever::tokenizer::{TagKind, TokenSink};
use memchr::memchr;
use memchr::memmem;

use super::Tokenizer;
use super::byte::ends_tag_name;
use super::input::References;

impl<S: TokenSink> Tokenizer<'_, S> {
    /// Text with references, up to the end tag of what it stands in.
    pub(super) fn rcdata(&mut self) {
        self.raw(References::InText);
    }

    /// Text up to the end tag of what it stands in.
    pub(super) fn rawtext(&mut self) {
        self.raw(References::None);
    }

    fn raw(&mut self, references: References) {
        let (start, bytes) = (self.at, self.input.bytes);
        let mut from = start;
        let end_tag = loop {
            let Some(found) = memchr(b'<', &bytes[from..]) else {
                break None;
            };
            let at = from + found;
            if self.is_appropriate_end_tag(at) {
                break Some(at);
            }
            from = at + 1;
        };
        self.at = end_tag.unwrap_or(bytes.len());
        self.characters(start, references);
        if end_tag.is_some() {
            self.tag(TagKind::EndTag);
        }
    }

    /// Whether an end tag begins at `at` that has the name of the last start
    /// tag (§13.2.5, "appropriate end tag token").
    pub(super) fn is_appropriate_end_tag(&self, at: usize) -> bool {
        let Some(rest) = self.input.bytes[at..].strip_prefix(b"</") else {
            return false;
        };
        let name = self.last_start_tag.as_bytes();
        rest.len() > name.len()
            && rest[..name.len()].eq_ignore_ascii_case(name)
            && ends_tag_name(rest[name.len()])
    }

    /// The rest of the page.
    pub(super) fn plaintext(&mut self) {
        let start = self.at;
        self.at = self.input.bytes.len();
        self.characters(start, References::None);
    }

    /// The section whose `<![CDATA[` begins at the next byte.
    pub(super) fn cdata_section(&mut self) {
        let bytes = self.input.bytes;
        let from = self.at + "<![CDATA[".len();
        let found = memmem::find(&bytes[from..], b"]]>");
        self.at = found.map_or(bytes.len(), |length| from + length);
        self.text(from, References::None);
        if found.is_some() {
            self.at += "]]>".len();
        }
    }
}
