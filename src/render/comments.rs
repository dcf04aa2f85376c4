//! Readers' comments, told apart from the main content.

use ego_tree::{NodeId, NodeRef};
use scraper::Node;
use scraper::node::Element;
use serde::Serialize;

use crate::block::Blocks;
use crate::extract::Judged;
use crate::feature::is_author;
use crate::metadata::Moment;
use crate::page::Page;
use crate::text::{count_words, fold_space};

/// Words that a name has at most.
const LONGEST_NAME: usize = 5;
/// Bytes of text, and nodes, that are read for a name.
const NAME_BYTES: usize = 200;
const NAME_NODES: usize = 64;
/// Steps up from a text to the element that says what it is.
const REACH: usize = 5;

/// What a reader wrote under an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Comment {
    /// Who wrote it, where the markup or a bold name before the time says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// When, in ISO 8601, where a `datetime` says so or a date is written with
    /// its year; of dates in three numbers that do not tell which comes first,
    /// none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// What was written, without names, times and controls: a paragraph a block.
    pub text: String,
}

/// The comments of a page in its order; a reply is one of its own where its markup
/// shows that. Comments without text are left out.
pub fn comments(page: &Page, judged: &Judged) -> Vec<Comment> {
    let Judged {
        blocks, discussion, ..
    } = judged;
    let of_cell = |cell: Vec<usize>| {
        let (prose, lines): (Vec<usize>, Vec<usize>) = cell
            .into_iter()
            .partition(|&block| discussion.place(block).is_some_and(|place| place.prose));
        let text: Vec<&str> = prose
            .iter()
            .map(|&block| blocks.blocks[block].text.as_str())
            .collect();
        Some(Comment {
            author: author(page, blocks, &lines),
            date: lines.iter().find_map(|&line| date(page, blocks, line)),
            text: Some(text.join("\n\n")).filter(|text| !text.is_empty())?,
        })
    };
    discussion
        .comments()
        .into_iter()
        .filter_map(of_cell)
        .collect()
}

fn author(page: &Page, blocks: &Blocks, lines: &[usize]) -> Option<String> {
    let marked = |line: &usize| {
        blocks.blocks[*line].nodes.iter().find_map(|&node| {
            let authors = above(page, node).filter(|(_, element)| is_author(element));
            authors.filter_map(|(node, _)| name(node)).next()
        })
    };
    let bold = |line: &usize| {
        let block = &blocks.blocks[*line];
        let (node, _) = above(page, *block.nodes.first()?)
            .find(|(_, element)| matches!(element.name(), "b" | "strong" | "cite"))?;
        name(node).filter(|name| name.len() < block.text.len())
    };
    let mut from_bold = lines.iter().filter_map(bold);
    lines.iter().find_map(marked).or_else(|| from_bold.next())
}

/// The nearest elements round a text node, innermost first.
fn above(page: &Page, node: NodeId) -> impl Iterator<Item = (NodeRef<'_, Node>, &Element)> {
    let node = page.html.tree.get(node);
    node.into_iter()
        .flat_map(|node| node.ancestors())
        .take(REACH)
        .filter_map(|node| Some((node, node.value().as_element()?)))
}

/// The text of an element where it can be a name.
fn name(node: NodeRef<'_, Node>) -> Option<String> {
    let mut text = String::new();
    for (nodes, node) in node.descendants().enumerate() {
        if let Node::Text(part) = node.value() {
            text.push_str(part);
        }
        if text.len() > NAME_BYTES || nodes > NAME_NODES {
            return None;
        }
    }
    let name = fold_space(&text);
    let name = name.trim_matches(|c: char| matches!(c, ':' | ',') || c.is_whitespace());
    let has_letter = name.chars().any(char::is_alphabetic);
    (has_letter && count_words(name) <= LONGEST_NAME && Moment::of_day(name).is_none())
        .then(|| name.to_owned())
}

fn date(page: &Page, blocks: &Blocks, line: usize) -> Option<String> {
    let block = &blocks.blocks[line];
    let mut stated = block.nodes.iter().filter_map(|&node| {
        above(page, node).find_map(|(_, element)| Moment::of_day(element.attr("datetime")?))
    });
    let written = || Moment::of_plain_day(&block.text);
    stated
        .next()
        .or_else(written)
        .map(|moment| moment.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::soup::judged;
    use super::*;

    fn told(line: &str) -> Comment {
        let comment = format!(
            "<li class=comment>{line}<p>The old one was far nicer than this.</p><a href=#r>Reply</a>"
        );
        let html = format!(
            "<p>Our bridge is to be mended.<h2>3 comments</h2><ol>{}</ol>",
            comment.repeat(3)
        );
        let (page, judged) = judged(&html);
        let mut told = comments(&page, &judged);
        assert_eq!(told.len(), 3);
        assert!(told.iter().all(|comment| *comment == told[0]));
        told.remove(0)
    }

    #[test]
    fn a_comment_has_its_author_its_date_and_its_text() {
        for line in [
            "<div class=meta><cite class=fn>Ann Bo</cite> says: <time datetime=2021-05-03>May</time></div>",
            "<div class='comment-author vcard'><a href=/u/ann><span class=fn>Ann Bo</span></a></div>\
             <div>3 May 2021</div>",
            "<p><b>Ann Bo</b>, 3.5.2021",
        ] {
            let comment = told(line);
            assert_eq!(comment.author.as_deref(), Some("Ann Bo"), "{line}");
            assert_eq!(comment.date.as_deref(), Some("2021-05-03"), "{line}");
            assert_eq!(comment.text, "The old one was far nicer than this.");
        }
    }

    #[test]
    fn what_is_not_sure_is_not_told() {
        let comment = told("<p>Posted 3/5/2021");
        assert_eq!((comment.author, comment.date), (None, None));
    }
}
