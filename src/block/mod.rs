//! [`Page`] → [`Blocks`]: where one piece of text ends and the next begins.
//!
//! A block is a run of inline text under one block-level element, split at
//! `<br><br>` and `<hr>`. Every word of visible text is in exactly one block,
//! in document order. Beside the blocks stands the [`Outline`]: the visible
//! elements in document order, each with the range of blocks below it, so that
//! whatever is asked about an ancestor is a difference of two running sums.
//! [`flatten`] writes all blocks as plain text.

mod flatten;
mod hidden;
mod inline_style;
mod lines;
mod namesakes;
mod outline;
mod segment;
mod tag;
mod xpath;

use std::ops::Range;

use crate::page::{InputKind, Page};

pub use flatten::{Layout, flatten};
pub use hidden::{Hidden, Hiding};
pub(crate) use inline_style::InlineStyle;
pub use outline::{ElementId, Outline, OutlineElement};
pub use tag::{is_block_level, is_skipped};

/// One piece of text of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The text: white space folded to single spaces, a single `<br>` a line
    /// break; inside `pre`, lines as they are. Never empty.
    pub text: String,
    /// The block-level element that the text stands under.
    pub element: ElementId,
    /// The innermost element that holds all of the block's text: `element`
    /// itself, or an inline element in it (the `a` of a menu entry).
    pub inner: ElementId,
    /// Byte ranges of `text` that are links, one for each `a` element that shows
    /// text in the block: in order, not overlapping, and two may touch. None
    /// begins or ends with white space.
    pub links: Vec<Range<usize>>,
    /// Bytes of `text` in `b`, `strong`, `em`, `i`, `u`, `mark` or `font`, without
    /// the white space around what each of their text nodes shows.
    pub emphasis: usize,
    /// The text nodes that the block was made of, in order.
    pub nodes: Vec<ego_tree::NodeId>,
}

/// The blocks of a page and the elements they stand in.
#[derive(Debug, Clone, Default)]
pub struct Blocks {
    /// The blocks in document order.
    pub blocks: Vec<Block>,
    /// The visible elements in document order.
    pub outline: Outline,
}

impl Blocks {
    /// Cuts a page into blocks.
    ///
    /// ```
    /// use dehusk::block::Blocks;
    /// use dehusk::page::{Page, PageContext};
    ///
    /// let page = Page::parse(b"<p>One <b>and</b> the same.<p>Two", &PageContext::default());
    /// let blocks = Blocks::of(&page);
    /// let texts: Vec<&str> = blocks.blocks.iter().map(|b| b.text.as_str()).collect();
    /// assert_eq!(texts, ["One and the same.", "Two"]);
    /// assert_eq!(blocks.xpath(1), "/html/body/p[2]");
    /// ```
    pub fn of(page: &Page) -> Self {
        let lines = match page.kind {
            InputKind::Html => None,
            InputKind::Text => lines::lines(page),
        };
        lines.unwrap_or_else(|| segment::segment(page))
    }

    /// How many blocks there are.
    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    /// True for a page without visible text.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// Name of the block-level element that block `index` stands under.
    ///
    /// # Panics
    /// When `index` is not below [`Blocks::len`].
    pub fn tag(&self, index: usize) -> &str {
        &self.outline[self.blocks[index].element].name
    }

    /// How many elements stand above the text of block `index`.
    ///
    /// # Panics
    /// When `index` is not below [`Blocks::len`].
    pub fn depth(&self, index: usize) -> usize {
        self.outline[self.blocks[index].element].depth
    }

    /// XPath of the block-level element that block `index` stands under.
    ///
    /// # Panics
    /// When `index` is not below [`Blocks::len`].
    pub fn xpath(&self, index: usize) -> String {
        xpath::xpath(&self.outline, self.blocks[index].element)
    }
}
