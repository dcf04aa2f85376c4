//! The same tokens and trees as html5ever's tokenizer gives.

use proptest::prelude::*;
use scraper::Html;

use super::super::{Options, tokenize};
use super::record::{Record, drive_theirs, ours, theirs};
use super::soup::soup;
use crate::page::guard::Guard;
use crate::page::{Limits, Warning};

/// The tree and warnings, by this tokenizer and by html5ever's.
fn trees(text: &str, limits: &Limits) -> [(Html, Vec<Warning>); 2] {
    let guard = Guard::new(text, limits);
    let options = Options {
        attributes: limits.attributes + 1,
        ..Options::default()
    };
    tokenize(text, options, &guard, guard.place());
    [guard, drive_theirs(text, Guard::new(text, limits))].map(|guard| {
        let (html, _, warnings) = guard.finish();
        (html, warnings)
    })
}

fn tight() -> Limits {
    Limits {
        depth: 9,
        elements: 20,
        attributes: 2,
        formatting: 3,
        ..Limits::default()
    }
}

proptest! {
    #[test]
    fn soup_gives_the_tokens_of_html5ever(text in soup()) {
        prop_assert_eq!(ours(&text), theirs(&text));
    }

    #[test]
    fn soup_gives_the_tree_of_html5ever(text in soup()) {
        for limits in [Limits::default(), tight()] {
            let [ours, theirs] = trees(&text, &limits);
            prop_assert_eq!(ours, theirs);
        }
    }

    #[test]
    fn any_bytes_give_the_tokens_and_tree_of_html5ever(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let text = String::from_utf8_lossy(&bytes);
        prop_assert_eq!(ours(&text), theirs(&text));
        let [ours, theirs] = trees(&text, &Limits::default());
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn places_follow_each_other_within_the_text(text in soup()) {
        let record = Record::default();
        tokenize(&text, Options::default(), &record, &record.place);
        let mut last = 0;
        for &(place, is_text) in &*record.places.borrow() {
            prop_assert!(last <= place.start && place.start <= place.end);
            prop_assert!(text.get(place.start..place.end).is_some());
            prop_assert!(!is_text || place.start < place.end);
            last = place.end;
        }
        prop_assert!(last <= text.len());
    }
}
