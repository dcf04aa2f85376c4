//! How far the block says what the page's title and description say.

use std::collections::HashSet;

use super::Feature;
use super::facts::PageFacts;
use super::stats::ratio;
use crate::metadata;
use crate::page::Page;
use crate::text::tokens;

/// The page's title, and where it stands among the blocks.
#[derive(Debug, Default)]
pub(crate) struct Titles {
    /// For each block, agreement with the title and with the description.
    agreement: Vec<(f32, f32)>,
    /// The block that says most of what the title says.
    best: Option<usize>,
    /// The first block that is an `h1`.
    pub first_h1: Option<usize>,
}

impl Titles {
    pub(crate) fn of(page: &Page, facts: &PageFacts<'_>) -> Self {
        let title: HashSet<String> = metadata::title(page)
            .map(|title| tokens(&title).collect())
            .unwrap_or_default();
        let description: HashSet<String> = metadata::description(page)
            .map(|text| tokens(&text).collect())
            .unwrap_or_default();
        let agreement: Vec<(f32, f32)> = facts
            .blocks
            .blocks
            .iter()
            .map(|block| {
                let words: HashSet<String> = tokens(&block.text).take(200).collect();
                (dice(&words, &title), dice(&words, &description))
            })
            .collect();
        let mut best: Option<usize> = None;
        for (i, (title, _)) in agreement.iter().enumerate() {
            if *title > 0.5 && best.is_none_or(|b| *title > agreement[b].0) {
                best = Some(i);
            }
        }
        let first_h1 = (0..facts.len()).find(|&i| facts.kind(i).level() == 1);
        Self {
            agreement,
            best,
            first_h1,
        }
    }
}

/// Dice coefficient of two sets of words, 0 to 1.
fn dice(a: &HashSet<String>, b: &HashSet<String>) -> f32 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let (small, large) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let shared = small.iter().filter(|word| large.contains(*word)).count();
    ratio(2.0 * shared as f32, (a.len() + b.len()) as f32)
}

pub(super) const FEATURES: &[Feature] = &[
    Feature::new(
        "title.agreement",
        "Dice coefficient of the block's words and the title's, 0 to 1",
        |f, i| f.titles.agreement[i].0,
    ),
    Feature::new(
        "title.description",
        "Dice coefficient of the block's words and the description's, 0 to 1",
        |f, i| f.titles.agreement[i].1,
    ),
    Feature::new(
        "title.distance",
        "signed ln distance in blocks from the block that says the title, 0 without one",
        |f, i| {
            let Some(best) = f.titles.best else {
                return 0.0;
            };
            let distance = (i.abs_diff(best) as f32).ln_1p();
            if i < best { -distance } else { distance }
        },
    ),
    Feature::new(
        "title.common",
        "steps up to the element shared with that block, -1 without one",
        |f, i| {
            f.titles.best.map_or(-1.0, |best| {
                let outline = &f.blocks.outline;
                let (a, b) = (f.block(i).element, f.block(best).element);
                (outline[a].depth - outline[outline.common(a, b)].depth) as f32
            })
        },
    ),
];

#[cfg(test)]
mod tests {
    use crate::feature::tests_support::value;

    #[test]
    fn the_headline_agrees_with_the_title() {
        let html = "<title>Old bridge to be repaired | The Town Post</title>\
                    <p>Menu</p><h1>Old bridge to be repaired</h1><p>The council voted.</p>";
        assert!(value(html, 1, "title.agreement") > 0.7);
        assert_eq!(value(html, 0, "title.agreement"), 0.0);
        assert!(value(html, 0, "title.distance") < 0.0);
        assert!(value(html, 2, "title.distance") > 0.0);
    }
}
