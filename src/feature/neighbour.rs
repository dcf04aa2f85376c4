//! The blocks around: each of the three before and after, and windows.
//!
//! Kohlschütter 2010 (§4.2) found length and link density of the block before
//! and after to carry most of what context tells.

use super::Feature;
use super::facts::PageFacts;
use super::shallow::flag;
use super::stats::ratio;

pub(super) const FEATURES: &[Feature] = &[
    Feature::new(
        "near.length-3",
        "ln(1 + length) of the third block before",
        length::<-3>,
    ),
    Feature::new(
        "near.length-2",
        "ln(1 + length) of the second block before",
        length::<-2>,
    ),
    Feature::new(
        "near.length-1",
        "ln(1 + length) of the block before",
        length::<-1>,
    ),
    Feature::new(
        "near.length+1",
        "ln(1 + length) of the block after",
        length::<1>,
    ),
    Feature::new(
        "near.length+2",
        "ln(1 + length) of the second block after",
        length::<2>,
    ),
    Feature::new(
        "near.length+3",
        "ln(1 + length) of the third block after",
        length::<3>,
    ),
    Feature::new(
        "near.links-3",
        "link density of the third block before",
        links::<-3>,
    ),
    Feature::new(
        "near.links-2",
        "link density of the second block before",
        links::<-2>,
    ),
    Feature::new(
        "near.links-1",
        "link density of the block before",
        links::<-1>,
    ),
    Feature::new(
        "near.links+1",
        "link density of the block after",
        links::<1>,
    ),
    Feature::new(
        "near.links+2",
        "link density of the second block after",
        links::<2>,
    ),
    Feature::new(
        "near.links+3",
        "link density of the third block after",
        links::<3>,
    ),
    Feature::new(
        "near.sentence-1",
        "1 when the block before ends like a sentence",
        sentence::<-1>,
    ),
    Feature::new(
        "near.sentence+1",
        "1 when the block after ends like a sentence",
        sentence::<1>,
    ),
    Feature::new(
        "near.heading-1",
        "1 when the block before is a heading",
        heading::<-1>,
    ),
    Feature::new(
        "near.heading+1",
        "1 when the block after is a heading",
        heading::<1>,
    ),
    Feature::new(
        "near.same-1",
        "1 when the block before is of the same element name",
        same::<-1>,
    ),
    Feature::new(
        "near.same+1",
        "1 when the block after is of the same element name",
        same::<1>,
    ),
    Feature::new(
        "near.depth-1",
        "depth of the block less that of the block before",
        depth::<-1>,
    ),
    Feature::new(
        "near.depth+1",
        "depth of the block less that of the block after",
        depth::<1>,
    ),
    Feature::new(
        "near.common-1",
        "steps up to the element shared with the block before",
        steps_to_common::<-1>,
    ),
    Feature::new(
        "near.common+1",
        "steps up to the element shared with the block after",
        steps_to_common::<1>,
    ),
    Feature::new(
        "window2.length",
        "ln(1 + mean length of the blocks within 2)",
        |f, i| mean_length(f, i, 2),
    ),
    Feature::new(
        "window5.length",
        "ln(1 + mean length of the blocks within 5)",
        |f, i| mean_length(f, i, 5),
    ),
    Feature::new(
        "window12.length",
        "ln(1 + mean length of the blocks within 12)",
        |f, i| mean_length(f, i, 12),
    ),
    Feature::new(
        "window2.links",
        "link density of the blocks within 2",
        |f, i| f.window(i, 2).link_density(),
    ),
    Feature::new(
        "window5.links",
        "link density of the blocks within 5",
        |f, i| f.window(i, 5).link_density(),
    ),
    Feature::new(
        "window12.links",
        "link density of the blocks within 12",
        |f, i| f.window(i, 12).link_density(),
    ),
    Feature::new(
        "window5.stopwords",
        "share of function words within 5 blocks",
        |f, i| {
            let sums = f.window(i, 5);
            ratio(sums.stopwords, sums.words)
        },
    ),
    Feature::new(
        "window5.commas",
        "commas for each unit of length within 5 blocks",
        |f, i| {
            let sums = f.window(i, 5);
            ratio(sums.commas, sums.length).min(1.0)
        },
    ),
    Feature::new(
        "window5.paragraphs",
        "share of paragraph-like blocks within 5",
        |f, i| {
            let sums = f.window(i, 5);
            ratio(sums.paragraphs, sums.blocks)
        },
    ),
    Feature::new(
        "window12.paragraphs",
        "share of paragraph-like blocks within 12",
        |f, i| {
            let sums = f.window(i, 12);
            ratio(sums.paragraphs, sums.blocks)
        },
    ),
    Feature::new(
        "window30.paragraphs",
        "share of the page's paragraph length within 30 blocks",
        |f, i| ratio(f.window(i, 30).paragraph_length, f.page.paragraph_length),
    ),
    Feature::new(
        "window12.dates",
        "share of blocks with dates within 12",
        |f, i| {
            let sums = f.window(i, 12);
            ratio(sums.dates, sums.blocks)
        },
    ),
];

fn length<const OFFSET: isize>(facts: &PageFacts<'_>, i: usize) -> f32 {
    facts.at(i, OFFSET).map_or(0.0, |s| s.length.ln_1p())
}

fn links<const OFFSET: isize>(facts: &PageFacts<'_>, i: usize) -> f32 {
    facts.at(i, OFFSET).map_or(0.5, |s| s.link_density())
}

fn sentence<const OFFSET: isize>(facts: &PageFacts<'_>, i: usize) -> f32 {
    flag(facts.at(i, OFFSET).is_some_and(|s| s.ends_sentence))
}

fn neighbour(facts: &PageFacts<'_>, i: usize, offset: isize) -> Option<usize> {
    i.checked_add_signed(offset).filter(|&j| j < facts.len())
}

fn heading<const OFFSET: isize>(facts: &PageFacts<'_>, i: usize) -> f32 {
    flag(neighbour(facts, i, OFFSET).is_some_and(|j| facts.kind(j).is_heading()))
}

fn same<const OFFSET: isize>(facts: &PageFacts<'_>, i: usize) -> f32 {
    flag(neighbour(facts, i, OFFSET).is_some_and(|j| facts.blocks.tag(i) == facts.blocks.tag(j)))
}

fn depth<const OFFSET: isize>(facts: &PageFacts<'_>, i: usize) -> f32 {
    neighbour(facts, i, OFFSET).map_or(0.0, |j| {
        facts.blocks.depth(i) as f32 - facts.blocks.depth(j) as f32
    })
}

/// -1 where there is no such neighbour.
fn steps_to_common<const OFFSET: isize>(facts: &PageFacts<'_>, i: usize) -> f32 {
    neighbour(facts, i, OFFSET).map_or(-1.0, |j| {
        let outline = &facts.blocks.outline;
        let (a, b) = (facts.block(i).element, facts.block(j).element);
        (outline[a].depth - outline[outline.common(a, b)].depth) as f32
    })
}

fn mean_length(facts: &PageFacts<'_>, i: usize, reach: usize) -> f32 {
    let sums = facts.window(i, reach);
    ratio(sums.length, sums.blocks).ln_1p()
}

#[cfg(test)]
mod tests {
    use crate::feature::tests_support::value;

    #[test]
    fn neighbours_are_seen_by_their_offset() {
        let html = "<p>a b c</p><p>d</p><p><a href=x>e f</a></p>";
        assert_eq!(value(html, 1, "near.length-1"), 4.0_f32.ln());
        assert_eq!(value(html, 1, "near.links+1"), 1.0);
        assert_eq!(value(html, 0, "near.length-1"), 0.0);
    }

    #[test]
    fn siblings_share_their_parent() {
        let html = "<ul><li>a<li>b</ul><div><p>c</p></div>";
        assert_eq!(value(html, 0, "near.common+1"), 1.0);
        assert_eq!(value(html, 1, "near.common+1"), 2.0);
    }
}
