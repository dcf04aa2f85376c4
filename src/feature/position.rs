//! Where on the page the block stands.

use super::Feature;
use super::facts::PageFacts;
use super::markup::Kind;
use super::stats::ratio;

pub(super) const FEATURES: &[Feature] = &[
    Feature::new(
        "position.blocks",
        "share of the blocks that stand before, 0 to 1",
        |f, i| ratio(i as f32, f.len() as f32),
    ),
    Feature::new(
        "position.words",
        "share of the page's length that stands before, 0 to 1",
        |f, i| ratio(f.sums(0..i).length, f.page.length),
    ),
    Feature::new("position.before", "ln(1 + length before)", |f, i| {
        f.sums(0..i).length.ln_1p()
    }),
    Feature::new("position.after", "ln(1 + length after)", |f, i| {
        f.sums(i..f.len()).length.ln_1p()
    }),
    Feature::new("position.index", "ln(1 + blocks before)", |_, i| {
        (i as f32).ln_1p()
    }),
    Feature::new("position.from_end", "ln(1 + blocks after)", |f, i| {
        ((f.len() - 1 - i) as f32).ln_1p()
    }),
    Feature::new(
        "position.paragraphs_before",
        "share of the page's paragraph length that stands before, 0 to 1",
        |f, i| ratio(f.sums(0..i).paragraph_length, f.page.paragraph_length),
    ),
    Feature::new(
        "heading.level",
        "level of the last heading at or before the block, 0 for none",
        |f, i| f.heading_before[i].map_or(0.0, |h| f32::from(f.kind(h).level())),
    ),
    Feature::new(
        "heading.distance",
        "ln(1 + blocks since the last heading), 9 for none",
        |f, i| f.heading_before[i].map_or(9.0, |h| ((i - h) as f32).ln_1p()),
    ),
    Feature::new(
        "heading.section_length",
        "ln(1 + length of the section under the last heading)",
        |f, i| section(f, i).length.ln_1p(),
    ),
    Feature::new(
        "heading.section_link_density",
        "link density of the section under the last heading, 0 to 1",
        |f, i| section(f, i).link_density(),
    ),
    Feature::new(
        "heading.h1_distance",
        "signed ln distance in blocks from the first `h1`, 0 without",
        |f, i| {
            let Some(h1) = f.titles.first_h1 else {
                return 0.0;
            };
            let distance = (i.abs_diff(h1) as f32 + 1.0).ln();
            if i < h1 { -distance } else { distance }
        },
    ),
    Feature::new(
        "heading.depth_difference",
        "depth of the block less that of the last heading, 0 for none",
        |f, i| {
            f.heading_before[i].map_or(0.0, |h| f.blocks.depth(i) as f32 - f.blocks.depth(h) as f32)
        },
    ),
    Feature::new(
        "position.since_paragraph",
        "ln(1 + blocks since the last paragraph-like block), at most 20 looked at",
        |f, i| distance_to_paragraph(f, i, -1),
    ),
    Feature::new(
        "position.until_paragraph",
        "ln(1 + blocks until the next paragraph-like block), at most 20 looked at",
        |f, i| distance_to_paragraph(f, i, 1),
    ),
    Feature::new(
        "position.in_order_list",
        "place of the block's element among its siblings, 0 to 1",
        |f, i| {
            let element = &f.blocks.outline[f.block(i).element];
            ratio(
                element.nth_child as f32,
                f.blocks.outline[element.parent].children as f32,
            )
        },
    ),
];

/// The blocks from the last heading to the next.
fn section(facts: &PageFacts<'_>, i: usize) -> super::facts::BlockSums {
    let start = facts.heading_before[i].unwrap_or(0);
    // A section's end is looked for no further than this; features need its
    // scale, not its exact size.
    const REACH: usize = 60;
    let end = (i + 1..facts.len().min(i + REACH))
        .find(|&j| matches!(facts.kind(j), Kind::Heading(_)))
        .unwrap_or(facts.len().min(i + REACH));
    facts.sums(start..end)
}

fn distance_to_paragraph(facts: &PageFacts<'_>, i: usize, step: isize) -> f32 {
    let found = (1..=20_isize)
        .find(|&n| facts.at(i, n * step).is_some_and(|s| s.is_paragraph()))
        .unwrap_or(21);
    (found as f32).ln_1p()
}

#[cfg(test)]
mod tests {
    use crate::feature::tests_support::value;

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
}
