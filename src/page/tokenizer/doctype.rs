//! Document types (HTML Standard §13.2.5.53 to §13.2.5.68).

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Doctype, Token, TokenSink};
use memchr::{memchr, memchr2};

use super::Tokenizer;
use super::byte::is_space;
use super::input::References;

impl<S: TokenSink> Tokenizer<'_, S> {
    /// The document type whose `<!doctype` begins at the next byte.
    pub(super) fn doctype(&mut self) {
        let start = self.at;
        self.at += "<!doctype".len();
        let mut doctype = Doctype::default();
        doctype.force_quirks = self.doctype_parts(&mut doctype).is_none();
        // What follows the last part that was understood (§13.2.5.68).
        let rest = &self.input.bytes[self.at..];
        self.at += memchr(b'>', rest).map_or(rest.len(), |length| length + 1);
        self.emit(Token::DoctypeToken(doctype), start);
    }

    /// Reads name and identifiers, and stops at the `>`, or at what makes no
    /// sense. Nothing where that means quirks mode.
    fn doctype_parts(&mut self, doctype: &mut Doctype) -> Option<()> {
        if self.after_spaces()? == b'>' {
            return None;
        }
        doctype.name = Some(self.doctype_name());
        if self.after_spaces()? == b'>' {
            return Some(());
        }
        let word = self.input.bytes[self.at..].get(..6)?;
        let is_public = word.eq_ignore_ascii_case(b"public");
        if !is_public && !word.eq_ignore_ascii_case(b"system") {
            return None;
        }
        self.at += word.len();
        if is_public {
            self.identifier(&mut doctype.public_id)?;
            if self.after_spaces()? == b'>' {
                return Some(());
            }
        }
        self.identifier(&mut doctype.system_id)?;
        // Anything may follow, but the end of the page.
        self.after_spaces().map(|_| ())
    }

    /// The first byte that is no space; the tokenizer stands there.
    fn after_spaces(&mut self) -> Option<u8> {
        self.go_to(|byte| !is_space(byte));
        self.peek(0)
    }

    fn doctype_name(&mut self) -> StrTendril {
        let start = self.at;
        self.go_to(|byte| is_space(byte) || byte == b'>');
        let name = self.input.cut(start, self.at, References::None);
        if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return StrTendril::from_slice(&name.to_ascii_lowercase());
        }
        name
    }

    /// Reads an identifier in quotes. Nothing where there is none, or where a `>`
    /// or the end of the page comes before its closing quote.
    fn identifier(&mut self, identifier: &mut Option<StrTendril>) -> Option<()> {
        let quote = self
            .after_spaces()
            .filter(|byte| matches!(byte, b'"' | b'\''))?;
        self.at += 1;
        let (start, bytes) = (self.at, self.input.bytes);
        let found = memchr2(quote, b'>', &bytes[start..]);
        self.at = found.map_or(bytes.len(), |length| start + length);
        *identifier = Some(self.input.cut(start, self.at, References::None));
        self.peek(0).filter(|&byte| byte == quote)?;
        self.at += 1;
        Some(())
    }
}
