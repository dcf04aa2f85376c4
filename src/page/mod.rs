//! Bytes → [`Page`]: decoded text as a DOM, and what was met on the way.
//!
//! Any byte string is a page. Bytes are decoded ([`encoding`]), cut into tokens
//! ([`tokenizer`]) and built by html5ever's tree builder into `scraper`'s tree
//! (`tree.rs`), behind a guard that keeps depth, size and active formatting
//! within [`Limits`] (`guard.rs`). Plain text ([`InputKind::Text`]) becomes a tree
//! of its lines (`lines.rs`), so that all that follows goes one way. Everything that was bounded or replaced is
//! listed in [`Page::warnings`]; [`Page::span`] says where a text stands in the
//! bytes.
//! Nothing here knows what a block is.

pub(crate) mod attr;
pub mod encoding;
mod guard;
mod input_kind;
mod lines;
mod names;
mod parse;
pub mod sniff;
mod spans;
pub mod tokenizer;
mod tree;

use std::borrow::Cow;
use std::ops::Range;

use ego_tree::{NodeId, NodeRef};
use scraper::{Html, Node};
use url::Url;

pub use encoding::EncodingSource;
pub use input_kind::InputKind;
use spans::Spans;

/// What the caller knows of a page beside its bytes.
#[derive(Debug, Clone, Default)]
pub struct PageContext {
    /// The page's address.
    pub url: Option<Url>,
    /// The `charset` parameter of the HTTP `Content-Type`, where there was one.
    pub charset: Option<String>,
    /// What the page is written in.
    pub kind: InputKind,
}

/// Bounds on what one page may cost.
///
/// Over 6,611 pages of the public corpora the largest values were 5.3 MB and a
/// depth of 139; the defaults are far above, so that they touch hostile pages
/// only. Passing one never loses text without a word: see [`Warning`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes read of a page; the rest is cut off. Never more than a GiB is read.
    pub bytes: usize,
    /// Open elements, with the formatting elements that the next paragraph
    /// would open again; start tags beyond are dropped, their text is kept.
    /// The tree lies at most twice as deep: a form that is closed before what
    /// stands in it is no longer open, but still above it.
    pub depth: usize,
    /// Elements in all; tags beyond are dropped, their text is kept.
    pub elements: usize,
    /// Attributes kept on one tag.
    pub attributes: usize,
    /// Formatting elements (`b`, `font` …) that are open or that the next
    /// paragraph would open again; more are dropped, their text is kept.
    pub formatting: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            depth: 512,
            elements: 1_000_000,
            attributes: 256,
            formatting: 64,
        }
    }
}

/// Something that was bounded or replaced while a page was read. The text is
/// still there unless the message says what was cut.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Warning {
    /// [`Limits::bytes`] was passed.
    #[error("page cut after {limit} of {bytes} bytes")]
    Bytes {
        /// Bytes that were read.
        limit: usize,
        /// Bytes that the page has.
        bytes: usize,
    },
    /// Bytes that mean nothing in the page's encoding became U+FFFD.
    #[error("bytes that are not valid {encoding} were replaced")]
    MalformedText {
        /// Name of the encoding, as the Encoding Standard spells it.
        encoding: &'static str,
    },
    /// The page's `title` is opened and never closed.
    #[error("the title is never closed: it was ended at the next tag")]
    UnclosedTitle,
    /// [`Limits::depth`] was passed.
    #[error("elements nested deeper than {limit} were flattened")]
    Depth {
        /// The bound.
        limit: usize,
    },
    /// [`Limits::elements`] was passed.
    #[error("tags after the first {limit} elements were dropped, their text kept")]
    Elements {
        /// The bound.
        limit: usize,
    },
    /// [`Limits::attributes`] was passed.
    #[error("a tag kept only {limit} of its attributes")]
    Attributes {
        /// The bound.
        limit: usize,
    },
    /// [`Limits::formatting`] was passed.
    #[error("more than {limit} open formatting elements: the rest were flattened")]
    Formatting {
        /// The bound.
        limit: usize,
    },
}

/// A parsed page.
#[derive(Debug)]
pub struct Page {
    /// The document, as the HTML Standard's algorithm builds it (with
    /// scripting off: the content of `noscript` is markup); of plain text, a `p`
    /// for each line, in a `div` for each group of lines between blank ones.
    pub html: Html,
    /// What it is written in.
    pub kind: InputKind,
    /// The page's address, where known.
    pub url: Option<Url>,
    /// The encoding that the bytes were read in.
    pub encoding: &'static str,
    /// How that encoding was found.
    pub encoding_source: EncodingSource,
    /// What was bounded or replaced.
    pub warnings: Vec<Warning>,
    /// Where texts stand, if the text is the bytes as they are.
    spans: Option<Spans>,
}

/// Most bytes that are read: decoded they are three times as many at most, which
/// the tokenizer takes.
const MOST_BYTES: usize = 1 << 30;

impl Page {
    /// Reads a page with the default [`Limits`].
    ///
    /// ```
    /// use dehusk::page::{Page, PageContext};
    ///
    /// let page = Page::parse("<p>Grüße".as_bytes(), &PageContext::default());
    /// assert_eq!(page.encoding, "UTF-8");
    /// assert!(page.warnings.is_empty());
    /// ```
    pub fn parse(bytes: &[u8], context: &PageContext) -> Self {
        Self::parse_within(bytes, context, &Limits::default())
    }

    /// Reads a page within `limits`.
    pub fn parse_within(bytes: &[u8], context: &PageContext, limits: &Limits) -> Self {
        let mut warnings = Vec::new();
        let limit = limits.bytes.min(MOST_BYTES);
        let read = &bytes[..bytes.len().min(limit)];
        if read.len() < bytes.len() {
            warnings.push(Warning::Bytes {
                limit,
                bytes: bytes.len(),
            });
        }
        let charset = context.charset.as_deref();
        let decoded = encoding::decode(read, charset, context.kind);
        if decoded.malformed {
            warnings.push(Warning::MalformedText {
                encoding: decoded.encoding.name(),
            });
        }
        let (html, mut spans) = match context.kind {
            InputKind::Html => parse::document(&decoded.text, limits, &mut warnings),
            InputKind::Text => lines::document(&decoded.text, limits, &mut warnings),
        };
        let spans = match decoded.text {
            // A byte-order mark is no text.
            Cow::Borrowed(text) => {
                spans.after_skipped(read.len() - text.len());
                Some(spans)
            }
            Cow::Owned(_) => None,
        };
        Self {
            html,
            kind: context.kind,
            url: context.url.clone(),
            encoding: decoded.encoding.name(),
            encoding_source: decoded.source,
            warnings,
            spans,
        }
    }

    /// The bytes of the page that a node's text was made of, from the first to
    /// the last: of a text node as it was written, with the white space and the
    /// character references in it; of another node, from its first text to its
    /// last. What stands between texts that the tree has merged, or moved out of a
    /// table, is in between here too.
    ///
    /// `None` for a node without text, and for all nodes of a page whose text is
    /// not its bytes as they are: one in another encoding than UTF-8 that is more
    /// than ASCII, or with malformed bytes. The range lies within the bytes that
    /// were read, at borders of characters.
    ///
    /// A text node's takes time logarithmic in their number, another node's that
    /// for each text below it.
    ///
    /// ```
    /// use dehusk::page::{Page, PageContext};
    ///
    /// let bytes = "<p>Fish &amp; chips, 3 €<p>Tea".as_bytes();
    /// let page = Page::parse(bytes, &PageContext::default());
    /// let first = page.html.tree.nodes().find(|node| node.value().is_text()).unwrap();
    /// let span = page.span(first.id()).unwrap();
    /// assert_eq!(&bytes[span], "Fish &amp; chips, 3 €".as_bytes());
    /// ```
    pub fn span(&self, node: NodeId) -> Option<Range<usize>> {
        let spans = self.spans.as_ref()?;
        let texts = self.html.tree.get(node)?.descendants();
        texts
            .filter(|below| below.value().is_text())
            .filter_map(|text| spans.of(text.id()))
            .reduce(|all, one| all.start.min(one.start)..all.end.max(one.end))
    }

    /// The document's nodes, in its order: without those that the tree keeps
    /// after they were taken out of it.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = NodeRef<'_, Node>> {
        self.html.tree.root().descendants()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_page_longer_than_the_bound_is_cut_with_a_warning() {
        let limits = Limits {
            bytes: 10,
            ..Limits::default()
        };
        let page = Page::parse_within(b"<p>0123456789", &PageContext::default(), &limits);
        assert_eq!(
            page.warnings,
            [Warning::Bytes {
                limit: 10,
                bytes: 13
            }]
        );
    }

    #[test]
    fn what_was_taken_out_of_the_tree_is_no_node_of_the_page() {
        let mut page = Page::parse(b"<p>a<b>b</b><p>c", &PageContext::default());
        let texts = |page: &Page| -> Vec<String> {
            let texts = page.nodes().filter_map(|node| node.value().as_text());
            texts.map(|text| text.to_string()).collect()
        };
        assert_eq!(texts(&page), ["a", "b", "c"]);
        let bold = page
            .nodes()
            .find(|node| node.value().as_element().is_some_and(|e| e.name() == "b"))
            .unwrap()
            .id();
        page.html.tree.get_mut(bold).unwrap().detach();
        assert_eq!(texts(&page), ["a", "c"]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_page(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = Page::parse(&bytes, &PageContext::default());
        }

        #[test]
        fn any_tag_soup_is_a_page(soup in "(<[/]?(p|b|a|table|td|li|svg|select|template|font|math|form)( a=[\"'x]?)?>?|x|&amp|<!--){0,80}") {
            let _ = Page::parse(soup.as_bytes(), &PageContext::default());
        }
    }
}
