//! Tags (HTML Standard §13.2.5.8 and §13.2.5.32 to §13.2.5.40).

use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink};

use super::byte::{ends_tag_name, is_space};
use super::{Content, Tokenizer};

impl<S: TokenSink> Tokenizer<'_, S> {
    /// The tag whose `<` is the next byte. One that the page ends in is none.
    pub(super) fn tag(&mut self, kind: TagKind) {
        let (start, bytes) = (self.at, self.input.bytes);
        let named = start + if kind == TagKind::EndTag { 2 } else { 1 };
        self.at = named;
        self.go_to(ends_tag_name);
        let name = self.names.intern(&self.input.text[named..self.at]);
        self.attributes.clear();
        let self_closing = loop {
            self.go_to(|byte| !is_space(byte));
            match bytes.get(self.at) {
                None => return,
                Some(b'>') => break false,
                Some(b'/') => {
                    self.at += 1;
                    if bytes.get(self.at) == Some(&b'>') {
                        break true;
                    }
                }
                Some(_) => self.attribute(),
            }
        };
        self.at += 1;
        if kind == TagKind::StartTag {
            self.last_start_tag = name.clone();
        }
        let tag = Tag {
            kind,
            name,
            self_closing,
            attrs: self.attributes.take(),
            had_duplicate_attributes: self.attributes.had_duplicate(),
        };
        self.content = Content::Data;
        self.emit(Token::TagToken(tag), start);
    }

    /// Goes to the first byte that `stops`, or to the end.
    pub(super) fn go_to(&mut self, stops: impl Fn(u8) -> bool) {
        let rest = &self.input.bytes[self.at..];
        self.at += rest
            .iter()
            .position(|&byte| stops(byte))
            .unwrap_or(rest.len());
    }
}
