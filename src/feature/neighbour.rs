//! The blocks around: each of the three before and after, and windows.
//!
//! Kohlschütter 2010 (§4.2) found length and link density of the block before
//! and after to carry most of what context tells.

use super::Feature;
use super::facts::PageFacts;
use super::logarithm::Logarithm;
use super::shallow::flag;
use super::stats::ratio;

pub(super) const FEATURES: &[Feature] = &[
    Feature::new(
        "near.length-3",
        "ln(1 + length) of the third block before, 0 where there is none",
        &length::<-3>,
    ),
    Feature::new(
        "near.length-2",
        "ln(1 + length) of the second block before, 0 where there is none",
        &length::<-2>,
    ),
    Feature::new(
        "near.length-1",
        "ln(1 + length) of the block before, 0 where there is none",
        &length::<-1>,
    ),
    Feature::new(
        "near.length+1",
        "ln(1 + length) of the block after, 0 where there is none",
        &length::<1>,
    ),
    Feature::new(
        "near.length+2",
        "ln(1 + length) of the second block after, 0 where there is none",
        &length::<2>,
    ),
    Feature::new(
        "near.length+3",
        "ln(1 + length) of the third block after, 0 where there is none",
        &length::<3>,
    ),
    Feature::new(
        "near.links-3",
        "link density of the third block before, 0 to 1; 0.5 where there is none",
        &links::<-3>,
    ),
    Feature::new(
        "near.links-2",
        "link density of the second block before, 0 to 1; 0.5 where there is none",
        &links::<-2>,
    ),
    Feature::new(
        "near.links-1",
        "link density of the block before, 0 to 1; 0.5 where there is none",
        &links::<-1>,
    ),
    Feature::new(
        "near.links+1",
        "link density of the block after, 0 to 1; 0.5 where there is none",
        &links::<1>,
    ),
    Feature::new(
        "near.links+2",
        "link density of the second block after, 0 to 1; 0.5 where there is none",
        &links::<2>,
    ),
    Feature::new(
        "near.links+3",
        "link density of the third block after, 0 to 1; 0.5 where there is none",
        &links::<3>,
    ),
    Feature::new(
        "near.sentence-1",
        "1 when the block before ends like a sentence",
        &sentence::<-1>,
    ),
    Feature::new(
        "near.sentence+1",
        "1 when the block after ends like a sentence",
        &sentence::<1>,
    ),
    Feature::new(
        "near.heading-1",
        "1 when the block before is a heading",
        &heading::<-1>,
    ),
    Feature::new(
        "near.heading+1",
        "1 when the block after is a heading",
        &heading::<1>,
    ),
    Feature::new(
        "near.same-1",
        "1 when the block before is of the same element name",
        &same::<-1>,
    ),
    Feature::new(
        "near.same+1",
        "1 when the block after is of the same element name",
        &same::<1>,
    ),
    Feature::new(
        "near.depth-1",
        "depth of the block less that of the block before, 0 where there is none",
        &depth::<-1>,
    ),
    Feature::new(
        "near.depth+1",
        "depth of the block less that of the block after, 0 where there is none",
        &depth::<1>,
    ),
    Feature::new(
        "near.common-1",
        "steps up to the element shared with the block before, -1 where there is none",
        &steps_to_common::<-1>,
    ),
    Feature::new(
        "near.common+1",
        "steps up to the element shared with the block after, -1 where there is none",
        &steps_to_common::<1>,
    ),
    Feature::new(
        "window2.length",
        "ln(1 + mean length of the blocks within 2)",
        &|f, i| mean_length(f, i, 2),
    ),
    Feature::new(
        "window5.length",
        "ln(1 + mean length of the blocks within 5)",
        &|f, i| mean_length(f, i, 5),
    ),
    Feature::new(
        "window12.length",
        "ln(1 + mean length of the blocks within 12)",
        &|f, i| mean_length(f, i, 12),
    ),
    Feature::new(
        "window2.links",
        "link density of the blocks within 2",
        &|f, i| f.window(i, 2).link_density(),
    ),
    Feature::new(
        "window5.links",
        "link density of the blocks within 5",
        &|f, i| f.window(i, 5).link_density(),
    ),
    Feature::new(
        "window12.links",
        "link density of the blocks within 12",
        &|f, i| f.window(i, 12).link_density(),
    ),
    Feature::new(
        "window5.stopwords",
        "share of function words within 5 blocks",
        &|f, i| {
            let sums = f.window(i, 5);
            ratio(sums.stopwords, sums.words)
        },
    ),
    Feature::new(
        "window5.commas",
        "commas and semicolons for each unit of length within 5 blocks, at most 1",
        &|f, i| {
            let sums = f.window(i, 5);
            ratio(sums.commas, sums.length).min(1.0)
        },
    ),
    Feature::new(
        "window5.paragraphs",
        "share of paragraph-like blocks within 5",
        &|f, i| {
            let sums = f.window(i, 5);
            ratio(sums.paragraphs, sums.blocks)
        },
    ),
    Feature::new(
        "window12.paragraphs",
        "share of paragraph-like blocks within 12",
        &|f, i| {
            let sums = f.window(i, 12);
            ratio(sums.paragraphs, sums.blocks)
        },
    ),
    Feature::new(
        "window30.paragraphs",
        "share of the page's paragraph length within 30 blocks",
        &|f, i| ratio(f.window(i, 30).paragraph_length, f.page.paragraph_length),
    ),
    Feature::new(
        "window12.dates",
        "share of blocks with dates within 12",
        &|f, i| {
            let sums = f.window(i, 12);
            ratio(sums.dates, sums.blocks)
        },
    ),
];

fn length<const OFFSET: isize>(facts: &PageFacts<'_>, i: usize) -> f32 {
    facts.at(i, OFFSET).map_or(0.0, |s| s.log_length)
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

fn steps_to_common<const OFFSET: isize>(facts: &PageFacts<'_>, i: usize) -> f32 {
    neighbour(facts, i, OFFSET).map_or(-1.0, |j| {
        let outline = &facts.blocks.outline;
        let (a, b) = (facts.block(i).element, facts.block(j).element);
        (outline[a].depth - outline[outline.common(a, b)].depth) as f32
    })
}

fn mean_length(facts: &PageFacts<'_>, i: usize, reach: usize) -> f32 {
    let sums = facts.window(i, reach);
    ratio(sums.length, sums.blocks).log_e_1p()
}

#[cfg(test)]
mod tests {
    use crate::feature::tests_support::{check, value};

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

    /// Eight blocks of 2, 1, 3, 5, 4, 5, 6 and 1 words; the fourth stands one
    /// element deeper than the others.
    const PAGE: &str = "<h2>Town <a href=/>Post</a></h2><p><a href=/n>News</a></p>\
        <p>By Ann, <a href=/e>Editor</a>.</p><div><p>The bridge is open again.</p></div>\
        <p>See the <a href=/m>map</a> here</p><p>Read <a href=/1>one two three four</a></p>\
        <p>Write to <a href=/u>us</a> at any time</p><h3>More</h3>";

    #[test]
    fn length_and_links_are_read_of_three_blocks_on_each_side() {
        check(
            PAGE,
            &[
                (3, "near.length-3", 2.0_f32.ln_1p()),
                (3, "near.length-2", 1.0_f32.ln_1p()),
                (3, "near.length-1", 3.0_f32.ln_1p()),
                (3, "near.length+1", 4.0_f32.ln_1p()),
                (3, "near.length+2", 5.0_f32.ln_1p()),
                (3, "near.length+3", 6.0_f32.ln_1p()),
                (3, "near.links-3", 1.0 / 2.0),
                (3, "near.links-2", 1.0),
                (3, "near.links-1", 1.0 / 3.0),
                (3, "near.links+1", 1.0 / 4.0),
                (3, "near.links+2", 4.0 / 5.0),
                (3, "near.links+3", 1.0 / 6.0),
                (2, "near.length-3", 0.0),
                (5, "near.length+3", 0.0),
                (0, "near.links-1", 0.5),
                (1, "near.links-2", 0.5),
                (2, "near.links-3", 0.5),
                (7, "near.links+1", 0.5),
                (6, "near.links+2", 0.5),
                (5, "near.links+3", 0.5),
            ],
        );
    }

    #[test]
    fn sentences_headings_and_names_are_read_of_one_block_on_each_side() {
        check(
            PAGE,
            &[
                (3, "near.sentence-1", 1.0),
                (3, "near.sentence+1", 0.0),
                (2, "near.sentence-1", 0.0),
                (2, "near.sentence+1", 1.0),
                (1, "near.heading-1", 1.0),
                (1, "near.heading+1", 0.0),
                (6, "near.heading-1", 0.0),
                (6, "near.heading+1", 1.0),
                (1, "near.same-1", 0.0),
                (1, "near.same+1", 1.0),
                // An element's name is the same at whatever depth.
                (3, "near.same-1", 1.0),
                (6, "near.same+1", 0.0),
            ],
        );
    }

    #[test]
    fn depth_and_the_shared_element_are_counted_from_the_block() {
        check(
            PAGE,
            &[
                (3, "near.depth-1", 1.0),
                (3, "near.depth+1", 1.0),
                (2, "near.depth-1", 0.0),
                (2, "near.depth+1", -1.0),
                (4, "near.depth-1", -1.0),
                (3, "near.common-1", 2.0),
                (3, "near.common+1", 2.0),
                (2, "near.common-1", 1.0),
                (2, "near.common+1", 1.0),
                (0, "near.depth-1", 0.0),
                (7, "near.depth+1", 0.0),
                (0, "near.common-1", -1.0),
                (7, "near.common+1", -1.0),
            ],
        );
    }

    #[test]
    fn a_window_ends_at_its_reach() {
        const CENTRE: usize = 35;
        let mut blocks = vec!["<p>News</p>"; 71];
        // 4 words in a link, 1 of them a function word: one block within each
        // reach and beyond the one before.
        let links = "<p><a href=/p>Old pictures of bridges</a></p>";
        for before in [2, 3, 6] {
            blocks[CENTRE - before] = links;
        }
        // 10 words, 4 of them function words, and a comma.
        let paragraph = "<p>At last, the council voted to repair the old bridge</p>";
        for at in [CENTRE - 31, CENTRE + 5, CENTRE + 30] {
            blocks[at] = paragraph;
        }
        // 12 words and a date; then a date right beyond the reach.
        blocks[CENTRE - 12] = "<p>On 17.05.2024 the council voted to repair the old bridge</p>";
        blocks[CENTRE + 13] = "<p>10:45</p>";
        check(
            &blocks.concat(),
            &[
                // 4 of "News" and the links.
                (CENTRE, "window2.length", (8.0_f32 / 5.0).ln_1p()),
                (CENTRE, "window2.links", 4.0 / 8.0),
                // 8 of "News", links twice, a paragraph.
                (CENTRE, "window5.length", (26.0_f32 / 11.0).ln_1p()),
                (CENTRE, "window5.links", 8.0 / 26.0),
                (CENTRE, "window5.stopwords", (1.0 + 1.0 + 4.0) / 26.0),
                (CENTRE, "window5.commas", 1.0 / 26.0),
                (CENTRE, "window5.paragraphs", 1.0 / 11.0),
                // 20 of "News", links three times, both kinds of paragraph.
                (CENTRE, "window12.length", (54.0_f32 / 25.0).ln_1p()),
                (CENTRE, "window12.links", 12.0 / 54.0),
                (CENTRE, "window12.paragraphs", 2.0 / 25.0),
                (CENTRE, "window12.dates", 1.0 / 25.0),
                // All but the paragraph 31 blocks before.
                (CENTRE, "window30.paragraphs", 32.0 / 42.0),
            ],
        );
    }
}
