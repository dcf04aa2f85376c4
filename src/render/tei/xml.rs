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
