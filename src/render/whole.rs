//! Which blocks are rendered: those kept, and what is missing of a list, a table
//! or a piece of code of which most is kept.
//!
//! A list whose seventh entry was found too short is worse than the whole list.
//! So where more than half of the words of a `ul`, `ol`, `dl`, `pre` or data table
//! are kept, its other blocks are rendered too, unless the model is sure that one
//! is no content ([`SURE`]), its markup hides it, or it is of comments told apart. The outermost such element
//! decides. Text alone stays what was selected: it is what is measured.

use crate::extract::Judged;
use crate::feature::Role;
use crate::page::Page;
use crate::select::Comments;

use super::table::is_data;

/// A block less probable than this is left out of a list that is kept.
const SURE: f32 = 0.2;

/// For each block whether it is rendered.
pub(super) fn rendered(page: &Page, judged: &Judged) -> Vec<bool> {
    let Judged {
        blocks,
        probabilities,
        words,
        kept,
        ..
    } = judged;
    let mut rendered = kept.to_vec();
    let (all, of_kept) = sums(words, kept);
    let mut done = 0;
    for (index, element) in blocks.outline.elements().iter().enumerate() {
        crate::watch::spend(16);
        let range = element.blocks.clone();
        if index < done || range.len() < 2 {
            continue;
        }
        let (within, within_kept) = (
            all[range.end] - all[range.start],
            of_kept[range.end] - of_kept[range.start],
        );
        if within_kept * 2 <= within {
            continue;
        }
        let whole = match &*element.name {
            "ul" | "ol" | "dl" | "pre" => true,
            "table" => page.html.tree.get(element.node).is_some_and(is_data),
            _ => false,
        };
        if !whole {
            continue;
        }
        for block in range {
            rendered[block] |= probabilities[block] >= SURE && !is_kept_out(page, judged, block);
        }
        done = element.end;
    }
    rendered
}

/// Hidden, or of the comments that are told apart.
fn is_kept_out(page: &Page, judged: &Judged, block: usize) -> bool {
    let place = judged.discussion.place(block);
    let is_comment = place.is_some_and(|place| place.role == Role::Comment);
    judged.hidden(page)[block].is_some()
        || (is_comment && judged.policies.comments == Comments::Separate)
}

/// Running sums of words: of all blocks, and of those kept.
fn sums(words_of: &[f32], kept: &[bool]) -> (Vec<usize>, Vec<usize>) {
    let (mut all, mut of_kept) = (vec![0], vec![0]);
    let (mut words, mut words_kept) = (0, 0);
    for (&count, &kept) in words_of.iter().zip(kept) {
        let count = count as usize;
        words += count;
        words_kept += if kept { count } else { 0 };
        all.push(words);
        of_kept.push(words_kept);
    }
    (all, of_kept)
}

#[cfg(test)]
mod tests {
    use super::super::soup::word_counts;
    use super::*;
    use crate::block::Blocks;
    use crate::feature::Discussion;
    use crate::page::PageContext;
    use crate::select::Policies;
    use std::sync::OnceLock;

    fn rendered_of(html: &str, probabilities: &[f32]) -> Vec<bool> {
        let page = Page::parse(html.as_bytes(), &PageContext::default());
        let blocks = Blocks::of(&page);
        let kept: Vec<bool> = probabilities.iter().map(|&p| p >= 0.5).collect();
        let judged = Judged {
            hidden: OnceLock::new(),
            discussion: Discussion::default(),
            policies: Policies::default(),
            probabilities: probabilities.to_vec(),
            quality: 1.0,
            words: word_counts(&blocks),
            blocks,
            kept,
        };
        rendered(&page, &judged)
    }

    #[test]
    fn a_list_mostly_kept_is_rendered_whole_but_for_what_is_surely_no_content() {
        let list = "<ul><li>one two three<li>four<li>five</ul><p>six";
        assert_eq!(
            rendered_of(list, &[0.9, 0.3, 0.1, 0.3]),
            [true, true, false, false]
        );
    }

    #[test]
    fn a_list_mostly_dropped_and_a_layout_table_gain_nothing() {
        let list = "<ul><li>one two three<li>four<li>five</ul>";
        assert_eq!(rendered_of(list, &[0.3, 0.9, 0.9]), [false, true, true]);
        let layout = "<table><tr><td><h1>One two three</h1><td>four</table>";
        assert_eq!(rendered_of(layout, &[0.9, 0.3]), [true, false]);
    }

    #[test]
    fn what_is_hidden_in_a_list_stays_hidden() {
        let list = "<ol><li>one two three<li hidden>four</ol>";
        assert_eq!(rendered_of(list, &[0.9, 0.4]), [true, false]);
    }
}
