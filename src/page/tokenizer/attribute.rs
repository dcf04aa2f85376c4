//! Attributes of a tag (HTML Standard §13.2.5.32 to §13.2.5.39).

use std::collections::HashSet;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::TokenSink;
use html5ever::{Attribute, LocalName, QualName, ns};
use memchr::{memchr, memchr2};

use super::Tokenizer;
use super::byte::{ends_attribute_name, ends_unquoted_value, is_space};
use super::input::References;

/// So many names are compared one by one; more are looked up.
const COMPARED: usize = 16;

/// The attributes of the tag that is being read.
#[derive(Default)]
pub(super) struct Attributes {
    kept: Vec<Attribute>,
    had_duplicate: bool,
    /// The names that are kept, once they are many.
    names: Option<HashSet<LocalName>>,
}

impl Attributes {
    /// Forgets those of a tag before.
    pub fn clear(&mut self) {
        self.kept.clear();
        self.had_duplicate = false;
        self.names = None;
    }

    /// The attributes, in no more memory than they need: a tree keeps them.
    pub fn take(&mut self) -> Vec<Attribute> {
        self.kept.drain(..).collect()
    }

    /// Whether there were several of one name.
    pub fn had_duplicate(&self) -> bool {
        self.had_duplicate
    }

    /// Whether there is an attribute of that name already.
    fn have(&mut self, name: &LocalName) -> bool {
        if self.kept.len() < COMPARED {
            return self.kept.iter().any(|kept| kept.name.local == *name);
        }
        let names = self.names.get_or_insert_with(|| {
            let names = self.kept.iter().map(|kept| &kept.name.local);
            names.cloned().collect()
        });
        !names.insert(name.clone())
    }
}

/// Where an attribute's value stands, without its quotes.
struct Value {
    start: usize,
    end: usize,
    references: References,
}

impl<S: TokenSink> Tokenizer<'_, S> {
    /// The attribute that the next byte begins. The first of a name is kept,
    /// none beyond the bound.
    pub(super) fn attribute(&mut self) {
        let named = self.at;
        // An equals sign in first place belongs to the name.
        self.at += 1;
        self.go_to(ends_attribute_name);
        let name_end = self.at;
        let value = self.value();
        if self.attributes.kept.len() >= self.options.attributes {
            return;
        }
        let name = self.names.intern(&self.input.text[named..name_end]);
        if self.attributes.have(&name) {
            self.attributes.had_duplicate = true;
            return;
        }
        let value = match value {
            Some(value) => self.input.cut(value.start, value.end, value.references),
            None => StrTendril::new(),
        };
        self.attributes.kept.push(Attribute {
            name: QualName::new(None, ns!(), name),
            value,
        });
    }

    /// The value that may follow an attribute's name.
    fn value(&mut self) -> Option<Value> {
        self.go_to(|byte| !is_space(byte));
        if self.peek(0) != Some(b'=') {
            return None;
        }
        self.at += 1;
        self.go_to(|byte| !is_space(byte));
        match self.peek(0)? {
            b'>' => None,
            quote @ (b'"' | b'\'') => Some(self.quoted(quote)),
            _ => {
                let start = self.at;
                self.go_to(ends_unquoted_value);
                let (end, references) = (self.at, References::InAttribute);
                Some(Value {
                    start,
                    end,
                    references,
                })
            }
        }
    }

    fn quoted(&mut self, quote: u8) -> Value {
        let (start, bytes) = (self.at + 1, self.input.bytes);
        let mut references = References::None;
        let mut found = memchr2(quote, b'&', &bytes[start..]).map(|length| start + length);
        if let Some(ampersand) = found.filter(|&at| bytes[at] == b'&') {
            references = References::InAttribute;
            found = memchr(quote, &bytes[ampersand..]).map(|length| ampersand + length);
        }
        let end = found.unwrap_or(bytes.len());
        self.at = bytes.len().min(end + 1);
        Value {
            start,
            end,
            references,
        }
    }
}
