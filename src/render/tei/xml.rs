//! XML as it is written: elements, attributes, text.

use std::borrow::Cow;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// A document that is being written.
pub(super) struct Xml {
    writer: Writer<Vec<u8>>,
}

impl Xml {
    pub(super) fn new() -> Self {
        let mut xml = Self {
            writer: Writer::new(Vec::new()),
        };
        xml.put(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        xml.line();
        xml
    }

    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let start = start(name, attributes);
        self.put(Event::Start(start));
    }

    pub(super) fn close(&mut self, name: &str) {
        self.put(Event::End(BytesEnd::new(name)));
    }

    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let start = start(name, attributes);
        self.put(Event::Empty(start));
    }

    pub(super) fn text(&mut self, text: &str) {
        self.put(Event::Text(BytesText::new(&allowed(text))));
    }

    /// An element that holds text only.
    pub(super) fn element(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.open(name, attributes);
        self.text(text);
        self.close(name);
    }

    /// Ends a line, for whoever reads the source.
    pub(super) fn line(&mut self) {
        self.text("\n");
    }

    /// Bytes written so far.
    pub(super) fn len(&self) -> usize {
        self.writer.get_ref().len()
    }

    pub(super) fn finish(self) -> String {
        // Of texts and names that are UTF-8.
        String::from_utf8(self.writer.into_inner()).unwrap_or_default()
    }

    fn put(&mut self, event: Event<'_>) {
        // Writing to memory does not fail.
        let _ = self.writer.write_event(event);
    }
}

/// An address as one of RFC 3986 or 3987, which a schema wants of a pointer
/// (`teidata.pointer`): browsers leave in it what must be percent-encoded.
pub(super) fn pointer(address: &str) -> String {
    let mut pointer = String::with_capacity(address.len());
    let bytes = address.as_bytes();
    // Brackets may stand round the numbers of a host.
    let authority = address.find("://").map_or(0, |at| {
        let rest = &address[at + 3..];
        at + 3 + rest.find(['/', '?', '#']).unwrap_or(rest.len())
    });
    let mut fragment = false;
    for (at, c) in address.char_indices() {
        let is_digit = |n: usize| bytes.get(at + n).is_some_and(u8::is_ascii_hexdigit);
        let fits = match c {
            '[' | ']' => at < authority,
            '#' => !std::mem::replace(&mut fragment, true),
            '%' => is_digit(1) && is_digit(2),
            '{' | '}' | '^' | '`' | '|' | '\\' | '"' | '<' | '>' | ' ' => false,
            c => !c.is_control(),
        };
        if fits {
            pointer.push(c);
        } else {
            let mut utf8 = [0; 4];
            for byte in c.encode_utf8(&mut utf8).bytes() {
                pointer.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    pointer
}

fn start<'a>(name: &'a str, attributes: &[(&str, &str)]) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (name, value) in attributes {
        start.push_attribute((*name, &*allowed(value)));
    }
    start
}

/// A text without what XML 1.0 (§2.2 *Characters*) forbids even as a reference.
/// Spaces stand in its place, as it may be all that stands between two words.
fn allowed(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_forbidden) {
        let space = |c| if is_forbidden(c) { ' ' } else { c };
        Cow::Owned(text.chars().map(space).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// The carriage return is allowed, but is a line feed to whoever reads it.
fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_address_may_hold_is_percent_encoded() {
        for (address, wanted) in [
            ("https://a.example/?b[]=c", "https://a.example/?b%5B%5D=c"),
            ("https://[::1]:80/a|b", "https://[::1]:80/a%7Cb"),
            (
                "https://a.example/100%#b#c",
                "https://a.example/100%25#b%23c",
            ),
            ("https://a.example/%C3%A9/é", "https://a.example/%C3%A9/é"),
            ("a b/c", "a%20b/c"),
        ] {
            assert_eq!(pointer(address), wanted);
        }
    }
}
