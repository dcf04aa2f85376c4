//! Page → plain text, as crawls and text browsers flatten it: all visible text,
//! boilerplate too, a line for each block.

use html5ever::{LocalName, local_name};

use super::{Blocks, ElementId};
use crate::metadata;
use crate::page::Page;

/// How a flattened page is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// As in the WET files of Common Crawl: the title, then a line for each
    /// block, without blank lines.
    Lines,
    /// As browsers print text: no title, blank lines round paragraphs, headings
    /// and lists, and list marks.
    Groups,
}

impl Layout {
    /// One of the two for a page of a corpus, half of them each, and always the
    /// same for an id.
    pub fn of_id(id: &str) -> Self {
        use std::hash::Hasher;
        let mut hasher = fnv::FnvHasher::default();
        hasher.write(id.as_bytes());
        let hash = hasher.finish();
        if (hash ^ hash >> 32) & 1 == 0 {
            Self::Lines
        } else {
            Self::Groups
        }
    }
}

/// The text of a page with all that was in markup gone. White space is folded,
/// but for the line breaks of `br` and `pre`.
///
/// ```
/// use dehusk::block::{Layout, flatten};
/// use dehusk::page::{Page, PageContext};
///
/// let html = b"<title>Tea</title><ul><li>Home<li>News</ul><h1>Tea</h1><p>Two cups.";
/// let page = Page::parse(html, &PageContext::default());
/// assert_eq!(flatten(&page, Layout::Lines), "Tea\nHome\nNews\nTea\nTwo cups.\n");
/// assert_eq!(flatten(&page, Layout::Groups), "* Home\n* News\n\nTea\n\nTwo cups.\n");
/// ```
pub fn flatten(page: &Page, layout: Layout) -> String {
    let blocks = Blocks::of(page);
    let mut text = String::new();
    if layout == Layout::Lines
        && let Some(title) = metadata::title(page)
    {
        text.extend(title.split_whitespace().flat_map(|word| [word, " "]));
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    let mut before: Option<usize> = None;
    for (i, block) in blocks.blocks.iter().enumerate() {
        if layout == Layout::Groups {
            if before.is_some_and(|before| are_apart(&blocks, before, i)) {
                text.push('\n');
            }
            text.push_str(&mark(&blocks, i));
        }
        text.push_str(&block.text);
        text.push('\n');
        before = Some(i);
    }
    text
}

fn are_apart(blocks: &Blocks, a: usize, b: usize) -> bool {
    let name = |i: usize| &blocks.outline[blocks.blocks[i].element].name;
    let (a, b) = (name(a), name(b));
    let in_list = |name: &LocalName| *name == local_name!("li");
    stands_free(a) || stands_free(b) || in_list(a) != in_list(b)
}

/// What browsers set margins above and below.
fn stands_free(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("p")
            | local_name!("h1")
            | local_name!("h2")
            | local_name!("h3")
            | local_name!("h4")
            | local_name!("h5")
            | local_name!("h6")
            | local_name!("blockquote")
            | local_name!("pre")
            | local_name!("figcaption")
    )
}

/// The mark of a list's item before the first block of it.
fn mark(blocks: &Blocks, i: usize) -> String {
    let outline = &blocks.outline;
    let is_item = |id: &ElementId| outline[*id].name == local_name!("li");
    let above = outline.lineage(blocks.blocks[i].element).take(3);
    let Some(item) = above.into_iter().find(is_item) else {
        return String::new();
    };
    let item = &outline[item];
    if item.blocks.start != i {
        return String::new();
    }
    if outline[item.parent].name == local_name!("ol") {
        format!("{}. ", item.nth_of_name)
    } else {
        "* ".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::PageContext;

    fn flat(html: &str, layout: Layout) -> String {
        let page = Page::parse(html.as_bytes(), &PageContext::default());
        flatten(&page, layout)
    }

    const HTML: &str = "<title> The old\n bridge | Post</title><style>p {}</style>\
        <div>Menu</div><div>Search</div><ol><li><p>One</p><p>and more</p><li>Two</ol>\
        <table><tr><td>a<td>b</table><p>First<br>line</p><script>x</script><footer>© Post</footer>";

    #[test]
    fn all_visible_text_is_there_a_line_for_each_block() {
        assert_eq!(
            flat(HTML, Layout::Lines),
            "The old bridge | Post\nMenu\nSearch\nOne\nand more\nTwo\na\nb\nFirst\nline\n© Post\n"
        );
    }

    #[test]
    fn paragraphs_and_lists_stand_free_and_items_are_marked() {
        assert_eq!(
            flat(HTML, Layout::Groups),
            "Menu\nSearch\n\n1. One\n\nand more\n\n2. Two\n\na\nb\n\nFirst\nline\n\n© Post\n"
        );
    }

    #[test]
    fn a_corpus_has_both_layouts() {
        let lines = (0..100)
            .filter(|n| Layout::of_id(&format!("page-{n}")) == Layout::Lines)
            .count();
        assert!((30..70).contains(&lines), "{lines}");
    }
}
