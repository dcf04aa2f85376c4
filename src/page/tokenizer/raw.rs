//! Text without tags but one: RCDATA and RAWTEXT (HTML Standard §13.2.5.2,
//! §13.2.5.3, §13.2.5.9 to §13.2.5.14), PLAINTEXT (§13.2.5.5) and CDATA sections
//! (§13.2.5.69 to §13.2.5.71).

use html5ever::local_name;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink};
use memchr::{memchr, memchr_iter, memmem};

use super::byte::ends_tag_name;
use super::input::References;
use super::{Content, Tokenizer};

impl<S: TokenSink> Tokenizer<'_, S> {
    /// Text with references, up to the end tag of what it stands in.
    pub(super) fn rcdata(&mut self) {
        let is_title = self.last_start_tag == local_name!("title");
        if !(is_title && self.options.end_titles) {
            return self.raw(References::InText);
        }
        let mut end_tag = None;
        // What one title has not found, none after it will.
        if !self.outcome.ended_title {
            end_tag = self.find_end_tag();
        }
        let rest = &self.input.bytes[self.at..];
        match memchr(b'<', rest) {
            Some(length) if end_tag.is_none() => self.end_title(self.at + length),
            _ => self.raw_up_to(end_tag, References::InText),
        }
    }

    /// Text up to the end tag of what it stands in.
    pub(super) fn rawtext(&mut self) {
        self.raw(References::None);
    }

    fn raw(&mut self, references: References) {
        let end_tag = self.find_end_tag();
        self.raw_up_to(end_tag, references);
    }

    /// Text, and the end tag that begins there; or all the rest.
    pub(super) fn raw_up_to(&mut self, end_tag: Option<usize>, references: References) {
        let start = self.at;
        self.at = end_tag.unwrap_or(self.input.bytes.len());
        self.characters(start, references);
        if end_tag.is_some() {
            self.tag(TagKind::EndTag);
        }
    }

    /// A title's text up to `end`, and the end tag that the page lacks.
    fn end_title(&mut self, end: usize) {
        let start = self.at;
        self.at = end;
        self.characters(start, References::InText);
        self.outcome.ended_title = true;
        self.content = Content::Data;
        let tag = Tag {
            kind: TagKind::EndTag,
            name: local_name!("title"),
            self_closing: false,
            attrs: Vec::new(),
            had_duplicate_attributes: false,
        };
        self.emit(Token::TagToken(tag), end);
    }

    /// Where the end tag begins of what the text stands in.
    fn find_end_tag(&self) -> Option<usize> {
        let text = &self.input.bytes[self.at..];
        memchr_iter(b'<', text)
            .map(|length| self.at + length)
            .find(|&at| self.is_appropriate_end_tag(at))
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
