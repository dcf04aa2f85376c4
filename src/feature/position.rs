//! Where on the page the block stands.

use super::Feature;
use super::facts::PageFacts;
use super::logarithm::Logarithm;
use super::stats::{BlockStats, ratio};

pub(super) const FEATURES: &[Feature] = &[
    Feature::new(
        "position.blocks",
        "share of the blocks that stand before, 0 to 1",
        &|f, i| ratio(i as f32, f.len() as f32),
    ),
    Feature::new(
        "position.words",
        "share of the page's length that stands before, 0 to 1",
        &|f, i| ratio(f.sums(0..i).length, f.page.length),
    ),
    Feature::new("position.before", "ln(1 + length before)", &|f, i| {
        f.sums(0..i).length.log_e_1p()
    }),
    Feature::new("position.after", "ln(1 + length after)", &|f, i| {
        f.sums(i + 1..f.len()).length.log_e_1p()
    }),
    Feature::new("position.index", "ln(1 + blocks before)", &|_, i| {
        (i as f32).log_e_1p()
    }),
    Feature::new("position.from_end", "ln(1 + blocks after)", &|f, i| {
        ((f.len() - 1 - i) as f32).log_e_1p()
    }),
    Feature::new(
        "position.paragraphs_before",
        "share of the page's paragraph length that stands before, 0 to 1",
        &|f, i| ratio(f.sums(0..i).paragraph_length, f.page.paragraph_length),
    ),
    Feature::new(
        "heading.level",
        "level of the last heading at or before the block, 0 for none",
        &|f, i| f.heading_before[i].map_or(0.0, |h| f32::from(f.kind(h).level())),
    ),
    Feature::new(
        "heading.distance",
        "ln(1 + blocks since the last heading), 9 for none",
        &|f, i| f.heading_before[i].map_or(9.0, |h| ((i - h) as f32).log_e_1p()),
    ),
    Feature::new(
        "heading.section_length",
        "ln(1 + length from the last heading, itself left out, to the next, \
         which is looked for 60 blocks ahead; from the page's start without one)",
        &|f, i| section(f, i).length.log_e_1p(),
    ),
    Feature::new(
        "heading.section_link_density",
        "link density of the same blocks, 0 to 1",
        &|f, i| section(f, i).link_density(),
    ),
    Feature::new(
        "heading.h1_distance",
        "signed ln distance in blocks from the first `h1`, 0 without",
        &|f, i| {
            let Some(h1) = f.titles.first_h1 else {
                return 0.0;
            };
            let distance = (i.abs_diff(h1) as f32 + 1.0).log_e();
            if i < h1 { -distance } else { distance }
        },
    ),
    Feature::new(
        "heading.depth_difference",
        "depth of the block less that of the last heading, 0 for none",
        &|f, i| {
            f.heading_before[i].map_or(0.0, |h| f.blocks.depth(i) as f32 - f.blocks.depth(h) as f32)
        },
    ),
    Feature::new(
        "position.since_paragraph",
        "ln(1 + blocks back to the last paragraph-like block), ln 22 without one among 20",
        &|f, i| f32::from(f.since_paragraph[i]).log_e_1p(),
    ),
    Feature::new(
        "position.until_paragraph",
        "ln(1 + blocks on to the next paragraph-like block), ln 22 without one among 20",
        &|f, i| f32::from(f.until_paragraph[i]).log_e_1p(),
    ),
    Feature::new(
        "position.in_order_list",
        "sibling elements before the block's element, by all children of its parent: \
         0 to below 1",
        &|f, i| {
            let element = &f.blocks.outline[f.block(i).element];
            ratio(
                element.nth_child as f32,
                f.blocks.outline[element.parent].children as f32,
            )
        },
    ),
];

/// The blocks after the last heading at or before block `i`, up to the next.
fn section(facts: &PageFacts<'_>, i: usize) -> super::facts::BlockSums {
    let start = facts.heading_before[i].map_or(0, |heading| heading + 1);
    // A section's end is looked for no further than this; features need its
    // scale, not its exact size.
    const REACH: usize = 60;
    let reach = facts.len().min(i + 1 + REACH);
    facts.sums(start..facts.heading_after[i].min(reach))
}

/// For each block how many blocks it is from the nearest before, or with `ahead` after
/// it, that reads like a paragraph; 21 without one among 20.
pub(super) fn distances_to_paragraph(stats: &[BlockStats], ahead: bool) -> Vec<u8> {
    const NONE: u8 = 21;
    let mut distances = vec![NONE; stats.len()];
    let mut distance = NONE;
    for at in 0..stats.len() {
        let block = if ahead { stats.len() - 1 - at } else { at };
        distances[block] = distance;
        distance = if stats[block].is_paragraph() {
            1
        } else {
            (distance + 1).min(NONE)
        };
    }
    distances
}

#[cfg(test)]
mod tests {
    use crate::feature::tests_support::{check, value};

    #[test]
    fn position_runs_from_zero_up() {
        let html = "<p>one two</p><p>three four</p>";
        assert_eq!(value(html, 0, "position.words"), 0.0);
        assert_eq!(value(html, 1, "position.words"), 0.5);
    }

    #[test]
    fn a_block_knows_its_heading() {
        let html = "<h2>Head</h2><p>a</p><p>b</p>";
        assert_eq!(value(html, 2, "heading.level"), 2.0);
        assert_eq!(value(html, 2, "heading.distance"), 3.0_f32.ln());
    }

    /// Seven blocks of 1, 2, 10, 0, 4, 0 and 3 words: 20 words in all.
    const PAGE: &str = "<p>Menu</p><h1>Old bridge</h1>\
        <div><p>The council voted to repair the old bridge last night</p></div>\
        <h2>* * *</h2><p>Read on <a href=/m>the mill</a></p><p>—</p><p>Legal notes below</p>";

    #[test]
    fn place_is_told_by_blocks_and_by_words() {
        check(
            PAGE,
            &[
                (0, "position.blocks", 0.0),
                (4, "position.blocks", 4.0 / 7.0),
                (4, "position.words", 13.0 / 20.0),
                (4, "position.before", 13.0_f32.ln_1p()),
                (4, "position.after", 3.0_f32.ln_1p()),
                (5, "position.after", 3.0_f32.ln_1p()),
                (6, "position.after", 0.0),
                (4, "position.index", 4.0_f32.ln_1p()),
                (4, "position.from_end", 2.0_f32.ln_1p()),
                (6, "position.from_end", 0.0),
            ],
        );
    }

    #[test]
    fn paragraphs_are_looked_for_on_both_sides() {
        let second = PAGE.replace(
            "Legal notes below",
            "The work on the bridge and the mill begins in the spring of next year",
        );
        check(
            &second,
            &[
                (2, "position.paragraphs_before", 0.0),
                // 10 of the 10 + 15 words of paragraphs.
                (3, "position.paragraphs_before", 10.0 / 25.0),
                (4, "position.since_paragraph", 2.0_f32.ln_1p()),
                (4, "position.until_paragraph", 2.0_f32.ln_1p()),
                // None among the 20 that are looked at: the 21st at best.
                (0, "position.since_paragraph", 21.0_f32.ln_1p()),
                (6, "position.until_paragraph", 21.0_f32.ln_1p()),
            ],
        );
    }

    #[test]
    fn headings_are_told_by_level_distance_and_depth() {
        check(
            PAGE,
            &[
                (0, "heading.level", 0.0),
                (2, "heading.level", 1.0),
                (4, "heading.level", 2.0),
                (0, "heading.distance", 9.0),
                (3, "heading.distance", 0.0),
                (6, "heading.distance", 3.0_f32.ln_1p()),
                (0, "heading.h1_distance", -(1.0_f32.ln_1p())),
                (1, "heading.h1_distance", 0.0),
                (6, "heading.h1_distance", 5.0_f32.ln_1p()),
                (0, "heading.depth_difference", 0.0),
                // The `p` stands in a `div` beside the heading.
                (2, "heading.depth_difference", 1.0),
                (4, "heading.depth_difference", 0.0),
            ],
        );
        check(
            "<h2>Head</h2><p>Text</p>",
            &[(1, "heading.h1_distance", 0.0)],
        );
    }

    #[test]
    fn a_section_runs_to_the_next_heading() {
        let html = format!(
            "{PAGE}<h2><a href=/t>More</a> of it</h2><p>One <a href=/f>two three</a> four five</p>"
        );
        check(
            &html,
            &[
                // Under no heading.
                (0, "heading.section_length", 1.0_f32.ln_1p()),
                (1, "heading.section_length", 10.0_f32.ln_1p()),
                (2, "heading.section_length", 10.0_f32.ln_1p()),
                // 4 + 0 + 3 words under `* * *`, 2 of them in a link.
                (3, "heading.section_length", 7.0_f32.ln_1p()),
                (4, "heading.section_length", 7.0_f32.ln_1p()),
                (4, "heading.section_link_density", 2.0 / 7.0),
                (6, "heading.section_link_density", 2.0 / 7.0),
                // The heading's own 3 words, one of them a link, do not count.
                (7, "heading.section_length", 5.0_f32.ln_1p()),
                (8, "heading.section_length", 5.0_f32.ln_1p()),
                (7, "heading.section_link_density", 2.0 / 5.0),
                (8, "heading.section_link_density", 2.0 / 5.0),
            ],
        );
        check(
            "<h2>Head</h2><h3>Part</h3>",
            &[
                (0, "heading.section_length", 0.0),
                (1, "heading.section_length", 0.0),
            ],
        );
        // 60 blocks ahead are looked at.
        check(
            &format!("<h2>Head</h2>{}", "<p>Text</p>".repeat(70)),
            &[
                (0, "heading.section_length", 60.0_f32.ln_1p()),
                (5, "heading.section_length", 65.0_f32.ln_1p()),
                (70, "heading.section_length", 70.0_f32.ln_1p()),
            ],
        );
    }

    #[test]
    fn siblings_are_told_by_their_order() {
        check(
            PAGE,
            &[
                (0, "position.in_order_list", 0.0),
                // The fifth of the body's seven elements.
                (4, "position.in_order_list", 4.0 / 7.0),
                // Alone in its `div`.
                (2, "position.in_order_list", 0.0),
            ],
        );
    }
}
