//! Blocks by the element they stand under → where content is lost and
//! boilerplate kept.

use std::collections::BTreeMap;

use serde::Serialize;

use super::BlockScore;
use crate::block::Blocks;

/// Words of the blocks under one kind of element: what they are × what became
/// of them. A block of label `l` and `w` words is `l·w` words of content and
/// `(1−l)·w` of boilerplate.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct TagConfusion {
    /// Name of the block-level element, as the page has it.
    pub tag: String,
    /// Blocks.
    pub blocks: usize,
    /// Words of content that were kept: rightly.
    pub kept_content: f64,
    /// Words of boilerplate that were kept: wrongly.
    pub kept_boilerplate: f64,
    /// Words of content that were left: missed.
    pub left_content: f64,
    /// Words of boilerplate that were left: rightly.
    pub left_boilerplate: f64,
}

impl TagConfusion {
    /// Words of its blocks.
    pub fn words(&self) -> f64 {
        self.kept_content + self.kept_boilerplate + self.left_content + self.left_boilerplate
    }

    /// Words that were kept or left wrongly.
    pub fn wrong(&self) -> f64 {
        self.kept_boilerplate + self.left_content
    }
}

/// Counts words by tag over many pages.
#[derive(Debug, Clone, Default)]
pub struct ConfusionByTag(BTreeMap<String, TagConfusion>);

impl ConfusionByTag {
    /// Counts the blocks of a page, by their words.
    ///
    /// # Panics
    /// When there are not as many scores as blocks.
    pub fn add(&mut self, blocks: &Blocks, scores: &[BlockScore]) {
        assert_eq!(scores.len(), blocks.len());
        for (i, score) in scores.iter().enumerate() {
            let tag = blocks.tag(i);
            if !self.0.contains_key(tag) {
                let none = TagConfusion {
                    tag: tag.to_owned(),
                    blocks: 0,
                    kept_content: 0.0,
                    kept_boilerplate: 0.0,
                    left_content: 0.0,
                    left_boilerplate: 0.0,
                };
                self.0.insert(tag.to_owned(), none);
            }
            let Some(row) = self.0.get_mut(tag) else {
                continue;
            };
            let (label, words) = (f64::from(score.label), f64::from(score.weight));
            let (content, boilerplate) = (label * words, (1.0 - label) * words);
            row.blocks += 1;
            if score.kept {
                row.kept_content += content;
                row.kept_boilerplate += boilerplate;
            } else {
                row.left_content += content;
                row.left_boilerplate += boilerplate;
            }
        }
    }

    /// The tags, those of most words first, of equals by name.
    pub fn into_rows(self) -> Vec<TagConfusion> {
        let mut rows: Vec<TagConfusion> = self.0.into_values().collect();
        rows.sort_by(|a, b| b.words().total_cmp(&a.words()));
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Page, PageContext};

    #[test]
    fn words_of_a_tag_go_by_what_they_are_and_what_became_of_them() {
        let html = b"<ul><li>Home<li>News</ul><p>The council voted late.<p>Share this";
        let blocks = Blocks::of(&Page::parse(html, &PageContext::default()));
        let mut by_tag = ConfusionByTag::default();
        let score = |kept, label, weight| BlockScore {
            probability: 0.5,
            label,
            weight,
            kept,
        };
        let scores = [
            score(false, 0.0, 1.0),
            score(true, 0.0, 1.0),
            score(true, 0.75, 4.0),
            score(false, 0.5, 2.0),
        ];
        by_tag.add(&blocks, &scores);
        let rows = by_tag.into_rows();
        let tags: Vec<&str> = rows.iter().map(|row| row.tag.as_str()).collect();
        assert_eq!(tags, ["p", "li"]);
        assert_eq!((rows[0].kept_content, rows[0].kept_boilerplate), (3.0, 1.0));
        assert_eq!((rows[0].left_content, rows[0].left_boilerplate), (1.0, 1.0));
        assert_eq!(
            (rows[1].kept_boilerplate, rows[1].left_boilerplate),
            (1.0, 1.0)
        );
        assert_eq!((rows[0].words(), rows[0].wrong()), (6.0, 2.0));
        assert_eq!(rows[1].blocks, 2);
    }
}
