//! Every block of a page with what was made of it, for JSON.

use std::collections::HashMap;

use ego_tree::NodeId;
use serde::Serialize;

use super::table::is_data;
use super::{Bounded, whole};
use crate::block::{Blocks, ElementId, Hiding};
use crate::extract::Judged;
use crate::feature::Place;
use crate::page::Page;
use crate::watch::spend;

/// What a block is, by the innermost element round it that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BlockKind {
    /// Text under nothing else that is listed here.
    Paragraph,
    /// `h1` to `h6`.
    Heading,
    /// `li`.
    Item,
    /// `td` or `th` of a table that shows data.
    Cell,
    /// `caption` or `figcaption`.
    Caption,
    /// `dt`.
    Term,
    /// `dd`.
    Details,
    /// `blockquote`.
    Quote,
    /// `pre`.
    Code,
}

/// A block of a page.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ListedBlock {
    /// Its text, as [`crate::block::Block::text`].
    pub text: String,
    /// What it is.
    pub kind: BlockKind,
    /// XPath of the block-level element that it stands under.
    pub xpath: String,
    /// Its probability of being content, 0 to 1.
    pub probability: f32,
    /// Whether it is in the text.
    pub kept: bool,
    /// Whether it is in the other forms too, of which lists, tables and code are
    /// whole.
    pub rendered: bool,
    /// How its own markup or that of an element above it hides it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<Hiding>,
    /// Where it stands in a thread of comments or posts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discussion: Option<Place>,
    /// The bytes of the page from its first text to its last, as
    /// [`Page::span`] gives them: the first byte, and the one after the last. What
    /// is in between is as it was written, markup and all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<[usize; 2]>,
}

/// All blocks of a page, in order, those that are not kept as well.
///
/// ```
/// use dehusk::Extractor;
/// use dehusk::page::{Page, PageContext};
/// use dehusk::render::{BlockKind, block_list};
///
/// let page = Page::parse(b"<h1>Old</h1><ul><li>One", &PageContext::default());
/// let judged = Extractor::default().judge(&page);
/// let listed = block_list(&page, &judged);
/// assert_eq!(listed[0].kind, BlockKind::Heading);
/// assert_eq!(listed[1].xpath, "/html/body/ul/li");
/// assert_eq!(listed[1].span, Some([20, 23]));
/// ```
pub fn block_list(page: &Page, judged: &Judged) -> Vec<ListedBlock> {
    bounded(page, judged, usize::MAX).rendering
}

/// The same, of about `most` bytes of texts and paths at the most.
pub(crate) fn bounded(page: &Page, judged: &Judged, most: usize) -> Bounded<Vec<ListedBlock>> {
    let Judged {
        blocks,
        probabilities,
        kept,
        discussion,
        ..
    } = judged;
    let rendered = whole::rendered(page, judged);
    let hidden = judged.hidden(page);
    let mut tables = HashMap::new();
    let mut bytes = 0;
    let listed: Vec<ListedBlock> = blocks
        .blocks
        .iter()
        .enumerate()
        .map_while(|(i, block)| {
            if bytes > most {
                return None;
            }
            let xpath = blocks.xpath(i);
            spend(64 + block.text.len() + xpath.len());
            bytes += block.text.len() + xpath.len();
            Some(ListedBlock {
                text: block.text.clone(),
                kind: kind(page, blocks, block.element, &mut tables),
                xpath,
                probability: probabilities[i],
                kept: kept[i],
                rendered: rendered[i],
                hidden: hidden[i].map(|hidden| hidden.how),
                discussion: discussion.place(i),
                span: span(page, &block.nodes),
            })
        })
        .collect();
    Bounded {
        cut: listed.len() < blocks.len(),
        rendering: listed,
    }
}

/// From the first byte of texts to the last.
fn span(page: &Page, texts: &[NodeId]) -> Option<[usize; 2]> {
    let spans = texts.iter().filter_map(|&text| page.span(text));
    spans
        .map(|span| [span.start, span.end])
        .reduce(|all, one| [all[0].min(one[0]), all[1].max(one[1])])
}

fn kind(
    page: &Page,
    blocks: &Blocks,
    element: ElementId,
    tables: &mut HashMap<ElementId, bool>,
) -> BlockKind {
    let mut in_cell = false;
    for id in blocks.outline.lineage(element) {
        let outlined = &blocks.outline[id];
        match &*outlined.name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => return BlockKind::Heading,
            "li" => return BlockKind::Item,
            "caption" | "figcaption" => return BlockKind::Caption,
            "dt" => return BlockKind::Term,
            "dd" => return BlockKind::Details,
            "blockquote" => return BlockKind::Quote,
            "pre" => return BlockKind::Code,
            "td" | "th" => in_cell = true,
            "table" => {
                let node = page.html.tree.get(outlined.node);
                let shows_data = *tables
                    .entry(id)
                    .or_insert_with(|| node.is_some_and(is_data));
                if in_cell && shows_data {
                    return BlockKind::Cell;
                }
            }
            _ => {}
        }
    }
    BlockKind::Paragraph
}

#[cfg(test)]
mod tests {
    use super::super::soup::judged;
    use super::*;

    #[test]
    fn a_span_holds_the_words_of_its_block_as_they_were_written() {
        let page = "<!doctype html><title>A title</title><nav><a href=/>Home</a></nav>\r\n\
            <h1>Grüße &amp; <em>Küsse</em></h1>\r\n<p>One <b>two</b><br>three\r\nfour</p>\
            <table>lost<tr><td>cell one<td>cell <i>two</i></table><ul><li>first<li>last &#8364;";
        let (parsed, judged) = judged(page);
        let spans: Vec<&str> = block_list(&parsed, &judged)
            .iter()
            .map(|block| {
                let [start, end] = block.span.unwrap();
                page[start..end].trim()
            })
            .collect();
        let wanted = [
            "Home",
            "Grüße &amp; <em>Küsse",
            "One <b>two</b><br>three\r\nfour",
            "lost",
            "cell one",
            "cell <i>two",
            "first",
            "last &#8364;",
        ];
        assert_eq!(spans, wanted);
    }

    #[test]
    fn each_block_is_listed_with_its_kind_and_what_was_made_of_it() {
        let page = "<p>Text of a page</p><ul><li><p>Two cups of flour</p><li data-unsure>Salt</ul>\
            <table><tr><td>a<td>b</table><table><tr><td><h2>Head</h2>columns</table>\
            <blockquote><p>said</blockquote><pre>code</pre><div hidden data-drop>no</div>";
        let (page, judged) = judged(page);
        let listed = block_list(&page, &judged);
        let kinds: Vec<BlockKind> = listed.iter().map(|block| block.kind).collect();
        use BlockKind::{Cell, Code, Heading, Item, Paragraph, Quote};
        let wanted = [
            Paragraph, Item, Item, Cell, Cell, Heading, Paragraph, Quote, Code, Paragraph,
        ];
        assert_eq!(kinds, wanted);
        assert!(!listed[2].kept && listed[2].rendered);
        assert!(listed[9].hidden == Some(Hiding::Attribute) && !listed[9].rendered);
        let json = serde_json::to_value(&listed[3]).unwrap();
        assert_eq!(
            (&json["kind"], &json["text"]),
            (&"cell".into(), &"a".into())
        );
    }
}
