//! What becomes of readers' comments.

use crate::feature::{Discussion, Role};

/// A policy for readers' comments under an article. Posts of a forum, or of a page
/// of questions and answers, are the page's own, and no policy touches them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Comments {
    /// The model decides, which leaves comments under an article out, and keeps a
    /// forum's posts.
    #[default]
    Drop,
    /// What readers wrote is kept beside what the model keeps; their names, the
    /// times and controls such as "Reply" only where the model keeps them.
    Keep,
    /// Nothing of a comment is kept, whatever the model says: they are told apart
    /// (see [`render::comments`](crate::render::comments)).
    Separate,
}

impl Comments {
    /// Changes which blocks are kept, given what they are in discussions.
    ///
    /// ```
    /// # use dehusk::block::Blocks;
    /// # use dehusk::feature::Discussion;
    /// # use dehusk::page::{Page, PageContext};
    /// # use dehusk::select::Comments;
    /// let comment = "<li><p>Ann, 3 hours ago<p>The old one was far nicer than this.</li>";
    /// let html = format!(
    ///     "<p>Our bridge is to be mended.<h2>3 comments</h2><ol class=comments>{}</ol>",
    ///     comment.repeat(3)
    /// );
    /// let page = Page::parse(html.as_bytes(), &PageContext::default());
    /// let discussion = Discussion::of(&page, &Blocks::of(&page));
    /// let mut kept = [true, false, false, false, false, false, false, false];
    /// Comments::Keep.apply(&discussion, &mut kept);
    /// assert_eq!(kept, [true, false, false, true, false, true, false, true]);
    /// ```
    pub fn apply(self, discussion: &Discussion, kept: &mut [bool]) {
        if self == Self::Drop {
            return;
        }
        for (block, kept) in kept.iter_mut().enumerate() {
            let place = discussion.place(block);
            if let Some(place) = place.filter(|place| place.role == Role::Comment) {
                match self {
                    Self::Keep => *kept |= place.prose,
                    Self::Drop | Self::Separate => *kept = false,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::Blocks;
    use crate::page::{Page, PageContext};

    fn discussion(before: &str) -> Discussion {
        let post = "<li><p>Ann, 3 hours ago<p>The old one was far nicer than this.\
            <a href=#r>Reply</a></li>";
        let html = format!("{before}<h2>3 comments</h2><ol>{}</ol>", post.repeat(3));
        let page = Page::parse(html.as_bytes(), &PageContext::default());
        Discussion::of(&page, &Blocks::of(&page))
    }

    #[test]
    fn comments_told_apart_are_not_kept_though_the_model_keeps_them() {
        let discussion = discussion("<p>Our bridge is to be mended.");
        let mut kept = vec![true; discussion.len()];
        Comments::Separate.apply(&discussion, &mut kept);
        assert_eq!(kept[..2], [true, true]);
        assert!(kept[2..].iter().all(|kept| !kept));
    }

    #[test]
    fn a_forums_posts_are_left_to_the_model() {
        let discussion = discussion("<meta name=generator content=phpBB><h1>Our bridge</h1>");
        for policy in [Comments::Drop, Comments::Keep, Comments::Separate] {
            for kept in [true, false] {
                let by_model = vec![kept; discussion.len()];
                let mut kept = by_model.clone();
                policy.apply(&discussion, &mut kept);
                assert_eq!(kept, by_model);
            }
        }
    }
}
