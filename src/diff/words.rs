//! How one text becomes another, word by word.

use serde::Serialize;

use super::script::{Hunk, hunks};
use crate::text::words;

/// A stretch of a text that was kept, taken out or put in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WordChange {
    /// Which of these.
    pub kind: ChangeKind,
    /// The stretch: words and what stands between them.
    pub text: String,
}

/// What was done with a stretch of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It is in both texts.
    Same,
    /// It is in the text before only.
    Removed,
    /// It is in the text after only.
    Added,
}

/// The stretches in order: all but those added are the text before, all but those
/// removed the text after.
pub(super) fn changes(before: &str, after: &str) -> Vec<WordChange> {
    let (old, new) = (pieces(before), pieces(after));
    let mut changes = Vec::new();
    let mut push = |kind, pieces: &[&str]| {
        if !pieces.is_empty() {
            let text = pieces.concat();
            changes.push(WordChange { kind, text });
        }
    };
    let mut done = 0;
    for hunk in joined(hunks(old.iter(), new.iter()), &old) {
        push(ChangeKind::Same, &old[done..hunk.before.start]);
        push(ChangeKind::Removed, &old[hunk.before.clone()]);
        push(ChangeKind::Added, &new[hunk.after.clone()]);
        done = hunk.before.end;
    }
    push(ChangeKind::Same, &old[done..]);
    changes
}

/// Runs that only white space lies between, as one: two words that changed are read
/// more easily together.
fn joined(hunks: Vec<Hunk>, old: &[&str]) -> Vec<Hunk> {
    let mut joined: Vec<Hunk> = Vec::with_capacity(hunks.len());
    for hunk in hunks {
        match joined.last_mut() {
            Some(last)
                if old[last.before.end..hunk.before.start]
                    .iter()
                    .all(|piece| piece.trim().is_empty()) =>
            {
                last.before.end = hunk.before.end;
                last.after.end = hunk.after.end;
            }
            _ => joined.push(hunk),
        }
    }
    joined
}

/// A text cut into words and what stands between them.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    for word in words(text) {
        // No word begins in what stands between two.
        let Some(at) = rest.find(word) else { break };
        let (between, tail) = rest.split_at(at);
        if !between.is_empty() {
            pieces.push(between);
        }
        pieces.push(word);
        rest = &tail[word.len()..];
    }
    if !rest.is_empty() {
        pieces.push(rest);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marked(before: &str, after: &str) -> String {
        let changes = changes(before, after);
        let marked = changes.iter().map(|change| match change.kind {
            ChangeKind::Same => change.text.clone(),
            ChangeKind::Removed => format!("-({})", change.text),
            ChangeKind::Added => format!("+({})", change.text),
        });
        marked.collect()
    }

    #[test]
    fn words_that_changed_are_told_from_those_that_did_not() {
        assert_eq!(
            marked("The bridge is closed.", "The bridge is open."),
            "The bridge is -(closed)+(open)."
        );
        assert_eq!(marked("one two", "one two three"), "one two+( three)");
        assert_eq!(marked("你好", "你们好"), "你+(们)好");
    }

    #[test]
    fn neighbours_that_changed_are_shown_together() {
        assert_eq!(marked("on a b day", "on x y day"), "on -(a b)+(x y) day");
    }

    proptest! {
        #[test]
        fn the_changes_hold_both_texts(before in "[ab é你.,\n]{0,30}", after in "[ab é你.,\n]{0,30}") {
            let changes = changes(&before, &after);
            let without = |left_out: ChangeKind| -> String {
                let kept = changes.iter().filter(|change| change.kind != left_out);
                kept.map(|change| change.text.as_str()).collect()
            };
            prop_assert_eq!(without(ChangeKind::Added), before);
            prop_assert_eq!(without(ChangeKind::Removed), after);
        }
    }
}
