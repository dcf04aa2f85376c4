//! Markup → sanitised markup, a part of it at a time.
//!
//! The sanitiser does not look at the clock, and a page is to stop soon after its
//! deadline: so it is given some ten thousand bytes at once, with the elements that are
//! open closed behind them and opened anew before the next.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::allowed::{HTML_ELEMENTS, HTML_SCHEMES};
use crate::watch::spend;

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut sanitiser = Builder::empty();
    let attributes: HashMap<&str, HashSet<&str>> = HTML_ELEMENTS
        .into_iter()
        .map(|(name, attributes)| (name, attributes.iter().copied().collect()))
        .collect();
    sanitiser
        .tags(attributes.keys().copied().collect())
        .tag_attributes(attributes)
        .clean_content_tags(HashSet::from(["script", "style"]))
        .url_schemes(HashSet::from(HTML_SCHEMES))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None);
    sanitiser
});

fn sanitise(markup: &str) -> String {
    spend(10 * markup.len());
    SANITISER.clean(markup).to_string()
}

/// Bytes from which markup is sanitised before more is written.
const AT_ONCE: usize = 1 << 14;

/// Markup that went through `ammonia` with the list of the elements and attributes
/// that are ever written ([`HTML_ELEMENTS`]).
#[derive(Debug)]
pub(super) struct Sanitised {
    clean: String,
    /// The elements that the next markup opens anew, as the sanitiser writes them.
    reopened: String,
    next: usize,
}

impl Default for Sanitised {
    fn default() -> Self {
        Sanitised {
            clean: String::new(),
            reopened: String::new(),
            next: AT_ONCE,
        }
    }
}

impl Sanitised {
    /// Bytes that are clean.
    pub(super) fn len(&self) -> usize {
        self.clean.len()
    }

    /// Bytes of markup from which it is time to [`cut`](Self::cut).
    pub(super) fn next(&self) -> usize {
        self.next
    }

    /// Sanitises `markup`, in which elements are open whose tags `opening` opens and
    /// `closing` closes, and leaves `opening` in it. False where the sanitiser does not
    /// write these elements as they are nested: nothing is cut there.
    pub(super) fn cut(&mut self, markup: &mut String, opening: &str, closing: &str) -> bool {
        let reopened = sanitise(&format!("{opening}{closing}"));
        let whole = markup.len();
        markup.push_str(closing);
        let clean = sanitise(markup);
        markup.truncate(whole);
        let (Some(reopened), Some(clean)) =
            (reopened.strip_suffix(closing), clean.strip_suffix(closing))
        else {
            // Asked again only when there is twice as much, or each would cost all.
            self.next = 2 * whole;
            return false;
        };
        self.push(clean);
        reopened.clone_into(&mut self.reopened);
        opening.clone_into(markup);
        self.next = AT_ONCE + opening.len();
        true
    }

    fn push(&mut self, clean: &str) {
        // Elements that come out otherwise with what they hold stay open once more.
        let new = clean.strip_prefix(&self.reopened).unwrap_or(clean);
        self.clean.push_str(new);
    }

    /// All that is clean, the last `markup` too.
    pub(super) fn finish(mut self, markup: &str) -> String {
        self.push(&sanitise(markup));
        self.clean
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_reads_as_if_it_were_whole() {
        let mut sanitised = Sanitised::default();
        let (opening, closing) = (
            "<ul>\n<li><a href=\"/a&amp;b\"><em>",
            "</em></a></li>\n</ul>\n",
        );
        let mut markup = format!("{opening}one ");
        assert!(sanitised.cut(&mut markup, opening, closing));
        markup.push_str("two");
        assert!(sanitised.cut(&mut markup, opening, closing));
        markup.push_str(closing);
        assert_eq!(
            sanitised.finish(&markup),
            format!("{opening}one two{closing}")
        );
    }

    #[test]
    fn nothing_is_cut_in_elements_that_do_not_nest() {
        let mut sanitised = Sanitised::default();
        let mut markup = "<table><tr><p>one".to_owned();
        assert!(!sanitised.cut(&mut markup, "<table><tr><p>", "</p></tr></table>"));
        assert_eq!(markup, "<table><tr><p>one");
        assert!(sanitised.next() > markup.len());
    }

    #[test]
    fn a_script_is_left_out_wherever_it_is_cut() {
        let mut sanitised = Sanitised::default();
        let mut markup = "<p>one<script>two".to_owned();
        sanitised.cut(&mut markup, "<p>", "</p>");
        markup.push_str("three</script>four</p>");
        let clean = sanitised.finish(&markup);
        assert!(
            !clean.contains("script") && !clean.contains("two"),
            "{clean}"
        );
    }
}
