//! Where the text nodes of a page stand in its bytes.

use std::ops::Range;

use ego_tree::NodeId;

use super::tokenizer::Place;

/// The place of each text node, in bytes of the text that was parsed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spans {
    /// In the order of the nodes, which is that of their making.
    texts: Vec<Span>,
    /// Bytes of the page before the text.
    skipped: usize,
}

/// Offsets in 32 bits: a text that is parsed has fewer bytes.
#[derive(Debug, Clone, Copy)]
struct Span {
    node: NodeId,
    start: u32,
    end: u32,
}

impl Spans {
    /// A text node that was just made stands at `place`.
    pub fn note(&mut self, node: NodeId, place: Place) {
        self.texts.push(Span {
            node,
            start: place.start as u32,
            end: place.end as u32,
        });
    }

    /// A text node has gained text that stands at `place`.
    pub fn widen(&mut self, node: NodeId, place: Place) {
        let found = match self.texts.last() {
            Some(last) if last.node == node => Some(self.texts.len() - 1),
            _ => self.find(node),
        };
        if let Some(span) = found.and_then(|found| self.texts.get_mut(found)) {
            span.start = span.start.min(place.start as u32);
            span.end = span.end.max(place.end as u32);
        }
    }

    fn find(&self, node: NodeId) -> Option<usize> {
        self.texts
            .binary_search_by_key(&node, |span| span.node)
            .ok()
    }

    /// The page has `bytes` bytes before the text.
    pub fn after_skipped(&mut self, bytes: usize) {
        self.skipped = bytes;
    }

    /// Bytes of the page that a text node was made of.
    pub fn of(&self, node: NodeId) -> Option<Range<usize>> {
        let span = self.texts[self.find(node)?];
        let in_page = |at: u32| self.skipped + at as usize;
        Some(in_page(span.start)..in_page(span.end))
    }
}

#[cfg(test)]
mod tests {
    use crate::page::{Limits, Page, PageContext};
    use proptest::prelude::*;

    /// The texts of a page, each with what it was made of.
    fn texts<'b>(page: &Page, bytes: &'b [u8]) -> Vec<(String, Option<&'b str>)> {
        let texts = page.nodes().filter(|node| node.value().is_text());
        texts
            .map(|node| {
                let text = node.value().as_text().map(|text| text.to_string());
                let span = page.span(node.id());
                let written = span.map(|span| std::str::from_utf8(&bytes[span]).unwrap());
                (text.unwrap(), written)
            })
            .collect()
    }

    fn written(bytes: &[u8]) -> Vec<Option<&str>> {
        let page = Page::parse(bytes, &PageContext::default());
        let texts = texts(&page, bytes);
        texts.into_iter().map(|(_, written)| written).collect()
    }

    #[test]
    fn a_text_is_found_where_it_was_written() {
        assert_eq!(
            written("<p>Ö<b>two &lt; 3</b>\r\n<script>a<b</script>".as_bytes()),
            [Some("Ö"), Some("two &lt; 3"), Some("\r\n"), Some("a<b")]
        );
        assert_eq!(written(b"<svg><![CDATA[a]]>b"), [Some("a]]>b")]);
    }

    #[test]
    fn a_text_of_several_pieces_spans_them_all() {
        assert_eq!(written(b"<p>a</nothing>b\0c"), [Some("a</nothing>b\0c")]);
        assert_eq!(
            written(b"a<table>b\0c<tr>d<td>e</table>"),
            [Some("a<table>b\0c<tr>d"), Some("e")]
        );
    }

    #[test]
    fn text_that_a_table_gives_up_is_found_past_tags_that_were_dropped() {
        let bytes = b"<table>x<b>y<b>z</table>";
        let limits = Limits {
            depth: 4,
            ..Limits::default()
        };
        let page = Page::parse_within(bytes, &PageContext::default(), &limits);
        assert_eq!(page.warnings.len(), 1);
        let texts = texts(&page, bytes);
        let [(text, Some(written))] = &texts[..] else {
            panic!("{texts:?}");
        };
        assert_eq!((&**text, *written), ("xyz", "x<b>y<b>z"));
    }

    #[test]
    fn an_element_spans_its_texts() {
        let bytes = b"<ul> <li>a<li>b</ul><hr>";
        let page = Page::parse(bytes, &PageContext::default());
        let span = |name: &str| {
            let mut nodes = page.nodes();
            let is_named = |e: &scraper::node::Element| e.name() == name;
            let node = nodes.find(|node| node.value().as_element().is_some_and(is_named));
            page.span(node.unwrap().id()).map(|span| &bytes[span])
        };
        assert_eq!(span("ul"), Some(&b" <li>a<li>b"[..]));
        assert_eq!(span("hr"), None);
    }

    #[test]
    fn a_byte_order_mark_and_a_repaired_title_are_accounted_for() {
        assert_eq!(written("\u{feff}<p>a".as_bytes()), [Some("a")]);
        assert_eq!(
            written("\u{feff}<title>Half a<p>Öne<p>two".as_bytes()),
            [Some("Half a"), Some("Öne"), Some("two")]
        );
    }

    #[test]
    fn a_page_whose_text_is_not_its_bytes_has_no_spans() {
        assert_eq!(written(b"<meta charset=windows-1252><p>f\xfcr"), [None]);
        assert_eq!(written(b"<p>f\xc3\xbcr \xc3\xa4\xc3\xb6 a\xff"), [None]);
        // All ASCII, in whatever encoding.
        let latin = b"<meta charset=iso-8859-15><p>fur";
        assert_eq!(written(latin), [Some("fur")]);
    }

    proptest! {
        #[test]
        fn spans_lie_within_the_page_at_borders_of_characters(
            page in "(</?(p|b|i|table|tr|td|title|svg|script|pre|template)|<!--|-->|[<>/]|\r?\n|[ a-cé語\0]|&amp;|<!\\[CDATA\\[|\\]\\]>){0,60}",
            marked in any::<bool>(),
        ) {
            let mark = if marked { "\u{feff}" } else { "" };
            let bytes = format!("{mark}{page} é").into_bytes();
            let parsed = Page::parse(&bytes, &PageContext::default());
            for (text, written) in texts(&parsed, &bytes) {
                let written = written.expect("a span for each text");
                // What is written holds all letters of the text, in its order.
                let mut letters = written.chars();
                let wanted = text.chars().filter(|c| c.is_alphabetic());
                for letter in wanted {
                    prop_assert!(letters.any(|c| c == letter), "{text:?} of {written:?}");
                }
            }
        }
    }
}
