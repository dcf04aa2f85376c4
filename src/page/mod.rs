//! Bytes → [`Page`]: decoded text as a DOM, and what was met on the way.
//!
//! Any byte string is a page. Bytes are decoded ([`encoding`]), cut into tokens
//! ([`tokenizer`]) and built by html5ever's tree builder into `scraper`'s tree
//! (`tree.rs`), behind a guard that keeps depth, size and active formatting
//! within [`Limits`] (`guard.rs`). Plain text ([`InputKind::Text`]) becomes a tree
//! of its lines (`lines.rs`), so that all that follows goes one way. Everything
//! that was bounded or replaced is listed in [`Page::warnings`]; [`Page::span`]
//! says where a text stands in the bytes.
//! Nothing here knows what a block is.

pub(crate) mod attr;
pub mod encoding;
mod guard;
mod input_kind;
mod lines;
mod names;
mod parse;
pub mod sniff;
mod sought;
mod spans;
pub mod tokenizer;
mod tree;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use ego_tree::{NodeId, NodeRef};
use scraper::{Html, Node};
use url::Url;

pub use encoding::EncodingSource;
pub use input_kind::InputKind;
pub(crate) use sought::Sought;
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
/// depth of 139, over 3,568 of them 16,000 start tags and 6,000 of block-level
/// elements; the defaults are far above, so that they touch hostile pages
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
    /// Elements in all; tags beyond are dropped, their text is kept. A page has
    /// no more than [`ELEMENTS_OF_ANY`] and one for every [`BYTES_AN_ELEMENT`] bytes
    /// either: one tag can ask for dozens of elements. Lines of a plain text beyond
    /// are one.
    pub elements: usize,
    /// Nodes in all: elements, texts and comments. Beyond, comments are dropped,
    /// and tags too, their text kept; lines of a plain text are one.
    pub nodes: usize,
    /// Attributes kept on one tag.
    pub attributes: usize,
    /// Formatting elements (`b`, `font` …) that are open or that the next
    /// paragraph would open again; more are dropped, their text is kept.
    pub formatting: usize,
    /// Blocks in all; what follows is cut no further than elements that are
    /// open, its text kept in lines.
    pub blocks: usize,
    /// Bytes of each rendering, the text too: after the first piece (a block, a
    /// paragraph, a row of a table) that passes it the rest is left out.
    pub output: usize,
}

/// Elements that a page of any length may have: [`Limits::elements`].
pub const ELEMENTS_OF_ANY: usize = 50_000;
/// Bytes of a page for each element beyond these: with some text no tag is shorter.
pub const BYTES_AN_ELEMENT: usize = 4;

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            depth: 512,
            elements: 500_000,
            attributes: 256,
            formatting: 64,
            nodes: 1_500_000,
            blocks: 50_000,
            output: 64 << 20,
        }
    }
}

impl Limits {
    /// The same for a page of so many bytes.
    fn of_length(&self, bytes: usize) -> Self {
        let elements = ELEMENTS_OF_ANY.saturating_add(bytes / BYTES_AN_ELEMENT);
        Self {
            elements: self.elements.min(elements),
            ..self.clone()
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
    /// [`Limits::nodes`] was passed.
    #[error("comments and tags after the first {limit} nodes were dropped, their text kept")]
    Nodes {
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
    /// [`Limits::elements`] or [`Limits::nodes`] was passed by a plain text.
    #[error("lines after the first {limit} were read as one, their text kept")]
    Lines {
        /// The lines read before.
        limit: usize,
    },
    /// [`Limits::blocks`] was passed.
    #[error("after {limit} blocks the text was cut into no more, and kept")]
    Blocks {
        /// The bound.
        limit: usize,
    },
    /// [`Limits::output`] was passed.
    #[error("{rendering} cut after {limit} bytes: what followed is not in it")]
    Output {
        /// `text`, `plain`, `markdown`, `html`, `tei` or `blocks`.
        rendering: &'static str,
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
    found: OnceLock<sought::Found>,
    /// Within what it was read, and is to be cut and rendered.
    pub limits: Limits,
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
        let of_length = limits.of_length(decoded.text.len());
        let (html, mut spans) = match context.kind {
            InputKind::Html => parse::document(&decoded.text, &of_length, &mut warnings),
            InputKind::Text => lines::document(&decoded.text, &of_length, &mut warnings),
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
            found: OnceLock::new(),
            limits: limits.clone(),
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
        let nodes = self.html.tree.root().descendants();
        nodes.inspect(|_| crate::watch::spend(32))
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
