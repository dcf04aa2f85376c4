use proptest::prelude::*;

use super::*;
use crate::block::Blocks;
use crate::page::{Page, PageContext};

/// Judges a page: kept is what does not stand in an `aside`.
fn judged(html: &str) -> Judged {
    let page = Page::parse(html.as_bytes(), &PageContext::default());
    let blocks = Blocks::of(&page);
    let kept: Vec<bool> = (0..blocks.len())
        .map(|i| !blocks.xpath(i).contains("/aside"))
        .collect();
    Judged {
        probabilities: kept.iter().map(|&kept| f32::from(u8::from(kept))).collect(),
        discussion: Default::default(),
        words: vec![1.0; kept.len()],
        hidden: vec![None; kept.len()].into(),
        policies: Default::default(),
        blocks,
        kept,
        quality: 1.0,
    }
}

/// The rows as `mark before|after`.
fn rows(before: &str, after: &str) -> Vec<String> {
    let text = |side: &Option<Side>| side.as_ref().map_or("", |side| &side.text).to_owned();
    BlockDiff::of(&judged(before), &judged(after))
        .rows
        .iter()
        .map(|row| format!("{:?} {}|{}", row.mark, text(&row.before), text(&row.after)))
        .collect()
}

#[test]
fn blocks_are_told_by_whether_they_are_kept_and_changed() {
    let before = "<aside>Ad for soap</aside><h1>Old bridge</h1><p>It is closed since May.</p>\
        <p>The ferry runs.</p><p>Bye</p>";
    let after = "<aside>Win a car</aside><h1>Old bridge</h1><p>New: a map.</p>\
        <p>It is open since May.</p><aside>The ferry runs.</aside><p>Bye</p>";
    assert_eq!(
        rows(before, after),
        [
            "LeftOut Ad for soap|",
            "LeftOut |Win a car",
            "Same Old bridge|Old bridge",
            "Added |New: a map.",
            "Changed It is closed since May.|It is open since May.",
            "Removed The ferry runs.|The ferry runs.",
            "Same Bye|Bye",
        ]
    );
}

#[test]
fn a_page_is_the_same_as_itself_and_as_one_with_other_boilerplate() {
    let page = "<p>One.</p><aside>Ad</aside><p>Two.</p>";
    let diff = |before, after| BlockDiff::of(&judged(before), &judged(after));
    assert!(diff(page, page).is_same());
    assert!(diff(page, "<aside>Menu</aside><p>One.</p><p>Two.</p>").is_same());
    assert!(!diff(page, "<p>One.</p><p>Three.</p>").is_same());
    assert!(!diff(page, "").is_same());
    assert!(diff("", "").is_same());
}

#[test]
fn a_long_page_of_equal_blocks_is_compared_at_once() {
    let before = judged(&"<p>a<p>b<aside>b</aside>".repeat(20_000));
    let after = judged(&"<p>b<p>a<aside>a b</aside>".repeat(20_000));
    let diff = BlockDiff::of(&before, &after);
    assert!(diff.rows.len() >= before.blocks.len());
}

#[test]
fn rows_as_json_have_what_there_is_of_both_sides() {
    let diff = BlockDiff::of(&judged("<p>a b c"), &judged("<p>a b d<p>new"));
    let json = serde_json::to_value(&diff).unwrap();
    assert_eq!(json["rows"][0]["mark"], "changed");
    assert_eq!(json["rows"][0]["words"][1]["kind"], "removed");
    assert_eq!(json["rows"][0]["before"]["xpath"], "/html/body/p");
    assert_eq!(json["rows"][1]["after"]["probability"], 1.0);
    assert!(json["rows"][1].get("before").is_none());
}

fn page() -> impl Strategy<Value = String> {
    let block = "<(p|li|aside|h2)>([a-e]{1,2} ){1,6}</p>";
    proptest::collection::vec(block, 0..20).prop_map(|blocks| blocks.concat())
}

proptest! {
    #[test]
    fn every_block_of_both_pages_is_in_one_row(before in page(), after in page()) {
        let (before, after) = (judged(&before), judged(&after));
        let diff = BlockDiff::of(&before, &after);
        let of = |side: fn(&Row) -> &Option<Side>| -> Vec<usize> {
            let sides = diff.rows.iter().filter_map(|row| side(row).as_ref());
            sides.map(|side| side.order).collect()
        };
        let all = |judged: &Judged| (0..judged.blocks.len()).collect::<Vec<_>>();
        prop_assert_eq!(of(|row| &row.before), all(&before));
        prop_assert_eq!(of(|row| &row.after), all(&after));
        for row in &diff.rows {
            prop_assert!(row.before.is_some() || row.after.is_some());
            if row.mark == Mark::Same {
                let text = |side: &Option<Side>| side.as_ref().map(|side| side.text.clone());
                prop_assert_eq!(text(&row.before), text(&row.after));
            }
        }
    }
}
