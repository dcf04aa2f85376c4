//! The data state and what `<` opens (HTML Standard §13.2.5.1, §13.2.5.6,
//! §13.2.5.7 and §13.2.5.42).

use html5ever::tokenizer::{TagKind, Token, TokenSink};
use memchr::{memchr, memchr2};

use super::Tokenizer;
use super::input::References;

impl<S: TokenSink> Tokenizer<'_, S> {
    /// Text up to the next markup, and that markup.
    pub(super) fn data(&mut self) {
        let start = self.at;
        let references = self.go_to_markup();
        self.text(start, references);
        let (first, second) = (self.peek(1), self.peek(2));
        match first {
            None => {}
            Some(b'!') => self.markup_declaration(),
            Some(b'?') => self.bogus_comment(1),
            Some(b'/') => match second {
                Some(b'>') => self.at += 3,
                Some(letter) if letter.is_ascii_alphabetic() => self.tag(TagKind::EndTag),
                _ => self.bogus_comment(2),
            },
            Some(_) => self.tag(TagKind::StartTag),
        }
    }

    /// Goes to the next `<` that opens something, or to the end, and says whether
    /// references may be in between.
    fn go_to_markup(&mut self) -> References {
        let bytes = self.input.bytes;
        let mut references = References::None;
        let mut from = self.at;
        loop {
            let rest = &bytes[from..];
            let found = match references {
                References::None => memchr2(b'<', b'&', rest),
                _ => memchr(b'<', rest),
            };
            let Some(found) = found else {
                self.at = bytes.len();
                return references;
            };
            let at = from + found;
            from = at + 1;
            let opens = match (bytes[at], bytes.get(at + 1), bytes.get(at + 2)) {
                (b'&', ..) => {
                    references = References::InText;
                    false
                }
                (_, Some(b'!' | b'?'), _) | (_, Some(b'/'), Some(_)) => true,
                (_, next, _) => next.is_some_and(u8::is_ascii_alphabetic),
            };
            if opens {
                self.at = at;
                return references;
            }
        }
    }

    /// Gives the text between `start` and the next byte, in which NULs stay for
    /// the tree builder to judge.
    pub(super) fn text(&mut self, start: usize, references: References) {
        let end = self.at;
        let mut from = start;
        if self.input.has_nuls {
            while let Some(found) = memchr(0, &self.input.bytes[from..end]) {
                self.at = from + found;
                self.characters(from, references);
                let nul = self.at;
                self.at += 1;
                self.emit(Token::NullCharacterToken, nul);
                from = self.at;
            }
            self.at = end;
        }
        self.characters(from, references);
    }

    /// Gives the text between `start` and the next byte, if there is any, with
    /// U+FFFD for each NUL.
    pub(super) fn characters(&mut self, start: usize, references: References) {
        if start < self.at {
            let text = self.input.cut(start, self.at, references);
            self.emit(Token::CharacterTokens(text), start);
        }
    }

    /// What begins with `<!` (§13.2.5.42).
    fn markup_declaration(&mut self) {
        const DOCTYPE: usize = "doctype".len();
        let rest = &self.input.bytes[self.at + 2..];
        if rest.starts_with(b"--") {
            self.comment();
        } else if rest
            .get(..DOCTYPE)
            .is_some_and(|word| word.eq_ignore_ascii_case(b"doctype"))
        {
            self.doctype();
        } else if rest.starts_with(b"[CDATA[")
            && self
                .sink
                .adjusted_current_node_present_but_not_in_html_namespace()
        {
            self.cdata_section();
        } else {
            self.bogus_comment(2);
        }
    }
}
