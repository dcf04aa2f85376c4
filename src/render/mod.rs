//! Kept blocks and the untouched DOM → text, Markdown, HTML, TEI.
//!
//! [`text`] is the words of the kept blocks and nothing else: it is what is
//! measured. [`plain`], [`markdown`](fn@markdown), [`html`](fn@html) and
//! [`tei`](fn@tei) are written from one document of the kept content — headings, paragraphs, lists, tables,
//! quotes, code, figures, footnotes, maths — so that what is lost or kept is decided
//! once:
//!
//! - a kept block is rendered once, in the page's order, with its words as they are;
//! - a list, table or piece of code of which most is kept is rendered whole
//!   (`whole.rs` says when);
//! - links and images have absolute addresses where the page's is known, and none
//!   that runs or embeds anything;
//! - a formula is rendered once, as TeX, however often the page has it;
//! - line numbers beside code, `¶` beside headings and the way back from a footnote
//!   are left out.

mod address;
mod allowed;
mod block_list;
mod build;
mod code;
mod comments;
mod document;
mod footnote;
mod html;
mod image;
mod lines;
mod markdown;
mod maths;
mod plain;
mod sanitised;
mod table;
mod tei;
mod whole;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod outline;
#[cfg(test)]
mod soup;

use crate::block::Blocks;
use crate::extract::Judged;
use crate::metadata::Metadata;
use crate::page::{InputKind, Page};
use crate::watch::spend;

use document::Document;

pub use allowed::{HTML_ELEMENTS, HTML_SCHEMES, NotAllowed, check_html};
pub(crate) use block_list::bounded as bounded_block_list;
pub use block_list::{BlockKind, ListedBlock, block_list};
pub use comments::{Comment, comments};

/// The text of the kept blocks: one block a paragraph, an empty line between,
/// the page's own order. A block is rendered once, and its words as they are.
///
/// ```
/// use dehusk::block::Blocks;
/// use dehusk::page::{Page, PageContext};
/// use dehusk::render::text;
///
/// let page = Page::parse(b"<nav>Home</nav><h1>Old</h1><p>Text", &PageContext::default());
/// let blocks = Blocks::of(&page);
/// assert_eq!(text(&blocks, &[false, true, true]), "Old\n\nText");
/// ```
pub fn text(blocks: &Blocks, kept: &[bool]) -> String {
    bounded_text(blocks, kept, usize::MAX).rendering
}

/// A rendering, and whether [`Limits::output`](crate::page::Limits::output) cut it.
pub(crate) struct Bounded<T> {
    pub(crate) rendering: T,
    pub(crate) cut: bool,
}

pub(crate) fn bounded_text(blocks: &Blocks, kept: &[bool], most: usize) -> Bounded<String> {
    let mut text = String::new();
    for (block, _) in blocks.blocks.iter().zip(kept).filter(|(_, kept)| **kept) {
        if text.len() > most {
            return Bounded {
                rendering: text,
                cut: true,
            };
        }
        spend(16 + block.text.len() / 8);
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(&block.text);
    }
    Bounded {
        rendering: text,
        cut: false,
    }
}

/// The kept content as text for readers: the words of [`text`] with the marks of
/// lists and quotes, table rows as `a | b`, code in its lines, and what is missing
/// of lists and tables. Ends with one line feed; empty where nothing is kept.
pub fn plain(page: &Page, judged: &Judged) -> String {
    bounded_plain(page, judged).rendering
}

pub(crate) fn bounded_plain(page: &Page, judged: &Judged) -> Bounded<String> {
    if page.kind == InputKind::Text {
        // Its lines are paragraphs, without a mark to write.
        let mut lines = bounded_text(&judged.blocks, &judged.kept, page.limits.output);
        if !lines.rendering.is_empty() {
            lines.rendering.push('\n');
        }
        return lines;
    }
    let options = RenderOptions::default().links(false).images(false);
    plain::write(&document(page, judged, &options), page.limits.output)
}

/// What forms with markup show beside words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RenderOptions {
    /// Links as links; else as their text.
    pub links: bool,
    /// Images.
    pub images: bool,
}

impl Default for RenderOptions {
    /// Links and images.
    fn default() -> Self {
        Self {
            links: true,
            images: true,
        }
    }
}

impl RenderOptions {
    /// With links as links, or as their text.
    #[must_use]
    pub fn links(mut self, links: bool) -> Self {
        self.links = links;
        self
    }

    /// With images or without.
    #[must_use]
    pub fn images(mut self, images: bool) -> Self {
        self.images = images;
        self
    }
}

/// Which forms an extraction has beside its text, and what they show.
///
/// ```
/// use dehusk::Extractor;
/// use dehusk::render::Renderings;
///
/// let page = br#"<title>Old bridge</title><article><h1>Old bridge to be repaired</h1>
///   <p>The council voted on <em>Tuesday night</em> to repair the <a href="/bridge">old
///   bridge</a> over the river, which has been closed since the flood, and work is to
///   begin in the spring.</p>
///   <p>Traders on both banks, who had asked for a quick decision, were relieved.</p></article>
///   <footer>Copyright 2024. All rights reserved.</footer>"#;
/// let context = dehusk::page::PageContext {
///     url: Some("https://news.example/1".parse()?),
///     ..Default::default()
/// };
/// let extraction = Extractor::default()
///     .renderings(Renderings { markdown: true, ..Renderings::default() })
///     .extract(page, &context);
/// let markdown = extraction.markdown.unwrap_or_default();
/// assert!(markdown.contains(
///     "voted on *Tuesday night* to repair the [old bridge](https://news.example/bridge) over"
/// ));
/// assert_eq!(extraction.html, None);
/// # Ok::<(), url::ParseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Renderings {
    /// Text for readers ([`plain`]).
    pub plain: bool,
    /// CommonMark with GFM's tables.
    pub markdown: bool,
    /// Clean HTML.
    pub html: bool,
    /// XML after the guidelines of the Text Encoding Initiative.
    pub tei: bool,
    /// All blocks with what was made of them.
    pub blocks: bool,
    /// What the page tells of itself: title, authors, dates …; by default.
    pub metadata: bool,
    /// What Markdown, HTML and TEI show.
    pub options: RenderOptions,
}

impl Renderings {
    /// All forms there are.
    pub fn all() -> Self {
        Self {
            plain: true,
            markdown: true,
            html: true,
            tei: true,
            blocks: true,
            metadata: true,
            options: RenderOptions::default(),
        }
    }
}

impl Default for Renderings {
    /// The metadata beside the text, and no other form of it.
    fn default() -> Self {
        Self {
            plain: false,
            markdown: false,
            html: false,
            tei: false,
            blocks: false,
            metadata: true,
            options: RenderOptions::default(),
        }
    }
}

/// The kept content as Markdown: CommonMark 0.31, with the tables and the
/// strikethrough of GFM, `[^1]` for footnotes and `$…$` and `$$…$$` for maths.
///
/// There is no raw HTML in it: whatever in the page's text looks like markup is
/// escaped, so that a parser of CommonMark reads the same blocks as the page has, one
/// in the other, with the same text, links, images and code. What Markdown has no form
/// for is written as what comes nearest: a cell on one line, spans as empty cells, a
/// definition list as a list; emphasis where no mark would be read, as in
/// `foo<b>"bar"</b>baz`, is left out. Ends with one line feed; empty where nothing is kept.
pub fn markdown(page: &Page, judged: &Judged, options: &RenderOptions) -> String {
    bounded_markdown(page, judged, options).rendering
}

pub(crate) fn bounded_markdown(
    page: &Page,
    judged: &Judged,
    options: &RenderOptions,
) -> Bounded<String> {
    markdown::write(&document(page, judged, options), page.limits.output)
}

/// The kept content as one `article` element of clean HTML.
///
/// Sanitised last: no script, style, event handler or form is in it, no scheme but
/// those of [`HTML_SCHEMES`], and no element or attribute but those of
/// [`HTML_ELEMENTS`]; [`check_html`] sees to it. Headings have distinct ids made of their words:
/// `section-old-bridge`. Maths is TeX in `\(…\)` or `\[…\]`, in a `span` of class
/// `math`. Empty where nothing is kept.
pub fn html(page: &Page, judged: &Judged, options: &RenderOptions) -> String {
    bounded_html(page, judged, options).rendering
}

pub(crate) fn bounded_html(
    page: &Page,
    judged: &Judged,
    options: &RenderOptions,
) -> Bounded<String> {
    html::write(&document(page, judged, options), page.limits.output)
}

/// The kept content and its metadata as a document of TEI P5.
///
/// Its elements stand where the content models of TEI All have them, and addresses
/// are percent-encoded as a pointer must be. Tests hold each document against these
/// models; pages of corpora were validated by the RELAX NG schema of TEI All 3.0.0,
/// which is too large to ship.
///
/// Characters that XML 1.0 forbids are left out, with a space in their place. A
/// document with an empty paragraph where nothing is kept.
pub fn tei(page: &Page, judged: &Judged, metadata: &Metadata, options: &RenderOptions) -> String {
    bounded_tei(page, judged, metadata, options).rendering
}

pub(crate) fn bounded_tei(
    page: &Page,
    judged: &Judged,
    metadata: &Metadata,
    options: &RenderOptions,
) -> Bounded<String> {
    let url = page.url.as_ref().map(url::Url::as_str);
    let document = document(page, judged, options);
    tei::write(&document, metadata, url, page.limits.output)
}

fn document(page: &Page, judged: &Judged, options: &RenderOptions) -> Document {
    let rendered = whole::rendered(page, judged);
    build::build(page, &judged.blocks, &rendered, options)
}
