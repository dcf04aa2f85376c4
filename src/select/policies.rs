//! What is wanted of kinds of text, over what the model thinks of each block.

use super::{Comments, HiddenText, Selected, Selection};
use crate::block::{Blocks, Hidden, Hiding};
use crate::feature::Discussion;

/// Policies for kinds of text that stand apart from the rest of a page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Policies {
    /// For readers' comments.
    pub comments: Comments,
    /// For text that is not shown at first.
    pub hidden: HiddenText,
}

impl Policies {
    /// Selects among the blocks of a page as [`Selection::keep`] does, within the
    /// policies. What is expected is so of what the selection keeps, comments that
    /// a policy adds or takes away left aside. Under [`HiddenText::Keep`] `hidden`
    /// is not read, and may be empty.
    ///
    /// # Panics
    /// When the other slices differ in length from the blocks.
    pub fn keep(
        &self,
        selection: &Selection,
        blocks: &Blocks,
        probabilities: &[f32],
        words: &[f32],
        discussion: &Discussion,
        hidden: &[Option<Hidden>],
    ) -> Selected {
        let mut probabilities = probabilities.to_vec();
        self.hidden.apply(hidden, &mut probabilities);
        let mut selected = selection.keep(blocks, &probabilities, words);
        let by_selection = selected.kept.clone();
        self.comments.apply(discussion, &mut selected.kept);
        if self.hidden != HiddenText::Keep {
            for (block, kept) in selected.kept.iter_mut().enumerate() {
                let unseen = hidden[block].is_some_and(|hidden| hidden.how != Hiding::Aria);
                *kept &= by_selection[block] || !unseen;
            }
        }
        selected
    }
}
