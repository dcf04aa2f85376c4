//! Kept blocks → text.

use crate::block::Blocks;

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
    let mut text = String::new();
    for (block, _) in blocks.blocks.iter().zip(kept).filter(|(_, kept)| **kept) {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(&block.text);
    }
    text
}
