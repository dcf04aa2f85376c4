//! Phrases that texts are searched for, all at once.

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// Phrases, each with what it says.
#[derive(Debug)]
pub(super) struct Phrases {
    search: Option<AhoCorasick>,
    says: Vec<u16>,
}

impl Phrases {
    pub(super) fn new<'p>(phrases: impl Iterator<Item = (u16, &'p str)>) -> Self {
        let (says, phrases): (Vec<u16>, Vec<&str>) = phrases.unzip();
        Self {
            // Some hundred bytes of phrases are never too many for it. A DFA would
            // take longer to build than most pages to search.
            search: AhoCorasick::builder()
                .kind(Some(AhoCorasickKind::ContiguousNFA))
                .build(phrases)
                .ok(),
            says,
        }
    }

    /// Whether one of the phrases stands in a text.
    pub(super) fn any(&self, text: &str) -> bool {
        let search = self.search.as_ref();
        search.is_some_and(|search| search.is_match(text))
    }

    /// What the phrases say that stand in a text, whatever overlaps.
    pub(super) fn within(&self, text: &str) -> u16 {
        let Some(search) = &self.search else { return 0 };
        search
            .find_overlapping_iter(text)
            .fold(0, |found, phrase| found | self.says[phrase.pattern()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_one_in_another_too() {
        let phrases = Phrases::new([(1, "a comment"), (2, "comment"), (4, "评论")].into_iter());
        assert_eq!(phrases.within("leave a comment"), 3);
        assert_eq!(phrases.within("comments 评论"), 6);
        assert_eq!(phrases.within("a com ment"), 0);
        assert!(phrases.any("no comment") && !phrases.any("a com ment"));
    }
}
