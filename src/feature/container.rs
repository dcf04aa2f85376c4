//! Which element looks like the one that holds the main content, and where
//! the block stands to it.

use super::Feature;
use super::facts::PageFacts;
use super::logarithm::Logarithm;
use super::shallow::flag;
use super::stats::ratio;
use crate::block::ElementId;

/// Candidates for the container of the main content.
#[derive(Debug, Default)]
pub(crate) struct Containers {
    /// Best by Readability's score.
    readability: Option<ElementId>,
    /// The smallest element that holds most of the paragraph text.
    majority: Option<ElementId>,
    /// First and last paragraph-like block in the first candidate.
    span: Option<(usize, usize)>,
}

impl Containers {
    pub(crate) fn of(facts: &PageFacts<'_>) -> Self {
        let readability = best_by_readability(facts);
        let span = readability.and_then(|id| {
            let mut paragraphs = facts.blocks.outline[id]
                .blocks
                .clone()
                .filter(|&i| facts.stats[i].is_paragraph());
            let first = paragraphs.next()?;
            Some((first, paragraphs.next_back().unwrap_or(first)))
        });
        Self {
            readability,
            majority: smallest_majority(facts),
            span,
        }
    }
}

/// Readability's grading (Arc90 2009): every paragraph gives its parent
/// 1 + its commas + 1 for each 100 characters up to 3, its grandparent half of
/// that, and an element's sum is scaled by 1 − its link density.
fn best_by_readability(facts: &PageFacts<'_>) -> Option<ElementId> {
    let outline = &facts.blocks.outline;
    let mut scores = vec![0.0_f32; outline.elements().len()];
    for (i, stats) in facts.stats.iter().enumerate() {
        if stats.chars < 25 || stats.link_density() > 0.5 {
            continue;
        }
        let score = 1.0 + stats.commas as f32 + (stats.chars as f32 / 100.0).floor().min(3.0);
        let parent = facts.ancestor(i, 1);
        scores[parent.0] += score;
        scores[outline[parent].parent.0] += score / 2.0;
    }
    let mut best = None;
    let mut best_score = 0.0;
    for (i, score) in scores.iter().enumerate().filter(|(_, s)| **s > 0.0) {
        let id = ElementId(i);
        let score = score * (1.0 - facts.below(id).link_density());
        if score > best_score {
            (best, best_score) = (Some(id), score);
        }
    }
    best
}

/// The innermost element that holds at least 60 % of the paragraph text.
fn smallest_majority(facts: &PageFacts<'_>) -> Option<ElementId> {
    let total = facts.page.paragraph_length;
    if total <= 0.0 {
        return None;
    }
    // Of the elements that hold a majority each lies in the one before, so the
    // last in document order is the innermost.
    (0..facts.blocks.outline.elements().len())
        .map(ElementId)
        .rfind(|&id| facts.below(id).paragraph_length >= 0.6 * total)
}

pub(super) const FEATURES: &[Feature] = &[
    Feature::new(
        "container.inside",
        "1 inside Readability's best element (Arc90 2009)",
        &|f, i| flag(inside(f, i, f.containers.readability)),
    ),
    Feature::new(
        "container.distance",
        "steps up to the element shared with Readability's best, 0 inside, \
         30 at most and without one",
        &|f, i| steps(f, i, f.containers.readability),
    ),
    Feature::new(
        "container.steps_down",
        "steps from Readability's best element down to the block, -1 outside",
        &|f, i| steps_down(f, i, f.containers.readability),
    ),
    Feature::new(
        "container.common_share",
        "share of the page's length below the element shared with Readability's best, 0 to 1",
        &|f, i| {
            f.containers.readability.map_or(0.0, |id| {
                let common = f.blocks.outline.common(f.block(i).element, id);
                ratio(f.below(common).length, f.page.length)
            })
        },
    ),
    Feature::of_page(
        "container.share",
        "share of the page's length in Readability's best, 0 to 1",
        |f| {
            f.containers
                .readability
                .map_or(0.0, |id| ratio(f.below(id).length, f.page.length))
        },
    ),
    Feature::new(
        "majority.inside",
        "1 inside the smallest element with most paragraph text",
        &|f, i| flag(inside(f, i, f.containers.majority)),
    ),
    Feature::new(
        "majority.distance",
        "steps up to the element shared with that one, 0 inside, \
         30 at most and without one",
        &|f, i| steps(f, i, f.containers.majority),
    ),
    Feature::new(
        "majority.steps_down",
        "steps from that element down to the block, -1 outside",
        &|f, i| steps_down(f, i, f.containers.majority),
    ),
    Feature::of_page(
        "majority.links",
        "link density of that element, 0 to 1",
        |f| {
            f.containers
                .majority
                .map_or(0.0, |id| f.below(id).link_density())
        },
    ),
    Feature::new(
        "container.span",
        "place by the paragraphs of Readability's best: -1 before the first, 1 after the last, 0 between",
        &|f, i| match f.containers.span {
            Some((first, _)) if i < first => -1.0,
            Some((_, last)) if i > last => 1.0,
            _ => 0.0,
        },
    ),
    Feature::new(
        "container.span_distance",
        "signed ln(1 + blocks) outside those paragraphs, 0 between them",
        &|f, i| match f.containers.span {
            Some((first, _)) if i < first => -((first - i) as f32).log_e_1p(),
            Some((_, last)) if i > last => ((i - last) as f32).log_e_1p(),
            _ => 0.0,
        },
    ),
];

fn inside(facts: &PageFacts<'_>, i: usize, container: Option<ElementId>) -> bool {
    container.is_some_and(|id| facts.blocks.outline.holds(id, facts.block(i).element))
}

fn steps(facts: &PageFacts<'_>, i: usize, container: Option<ElementId>) -> f32 {
    container.map_or(30.0, |id| {
        let outline = &facts.blocks.outline;
        let common = outline.common(facts.block(i).element, id);
        ((outline[id].depth - outline[common].depth) as f32).min(30.0)
    })
}

fn steps_down(facts: &PageFacts<'_>, i: usize, container: Option<ElementId>) -> f32 {
    match container {
        Some(id) if inside(facts, i, container) => {
            (facts.blocks.depth(i) - facts.blocks.outline[id].depth) as f32
        }
        _ => -1.0,
    }
}

#[cfg(test)]
mod tests {
    use crate::feature::tests_support::{check, value};

    #[test]
    fn the_container_is_the_element_of_the_paragraphs() {
        let prose = "The council voted on Tuesday, after a long debate, to repair the bridge. ";
        let html = format!(
            "<div><ul><li><a href=x>News</a></ul></div><div><p>{prose}{prose}</p><p>{prose}</p></div><p>Legal</p>"
        );
        assert_eq!(value(&html, 0, "container.inside"), 0.0);
        assert_eq!(value(&html, 1, "container.inside"), 1.0);
        assert_eq!(value(&html, 1, "majority.inside"), 1.0);
        assert_eq!(value(&html, 0, "container.span"), -1.0);
        assert_eq!(value(&html, 3, "container.span"), 1.0);
        assert_eq!(value(&html, 3, "container.distance"), 1.0);
    }

    /// 13 words and 2 commas in 60 characters.
    const PROSE: &str = "The council voted on Tuesday, after a long debate, to repair the bridge.";

    /// Blocks of 1, 3, 13, 4, 13, 2, 2 and 2 words, 40 in all; Readability's
    /// best is the `div` in `main`, with 35 of them.
    fn article() -> String {
        format!(
            "<ul><li><a href=/n>News</a></ul><main><div><h1>Old bridge open</h1><p>{PROSE}</p>\
             <div><p>It is open now.</p></div><p>{PROSE}</p><p>By <a href=/a>Ann</a></p></div>\
             <p>Share this</p></main><p>Legal notes</p>"
        )
    }

    #[test]
    fn blocks_are_placed_by_their_steps_to_the_container() {
        let html = article();
        for (inside, distance, down) in [
            (
                "container.inside",
                "container.distance",
                "container.steps_down",
            ),
            (
                "majority.inside",
                "majority.distance",
                "majority.steps_down",
            ),
        ] {
            check(
                &html,
                &[
                    (0, inside, 0.0),
                    (2, inside, 1.0),
                    (6, inside, 0.0),
                    (0, distance, 2.0),
                    (2, distance, 0.0),
                    (6, distance, 1.0),
                    (7, distance, 2.0),
                    (0, down, -1.0),
                    (2, down, 1.0),
                    (3, down, 2.0),
                    (6, down, -1.0),
                ],
            );
        }
    }

    #[test]
    fn the_container_is_weighed_by_its_words() {
        check(
            &article(),
            &[
                (0, "container.share", 35.0 / 40.0),
                (7, "container.share", 35.0 / 40.0),
                (2, "container.common_share", 35.0 / 40.0),
                (6, "container.common_share", 37.0 / 40.0),
                (7, "container.common_share", 1.0),
                (0, "majority.links", 1.0 / 35.0),
            ],
        );
    }

    #[test]
    fn its_paragraphs_span_what_is_between_them() {
        check(
            &article(),
            &[
                (0, "container.span", -1.0),
                (2, "container.span", 0.0),
                (3, "container.span", 0.0),
                (5, "container.span", 1.0),
                (0, "container.span_distance", -(2.0_f32.ln_1p())),
                (1, "container.span_distance", -(1.0_f32.ln_1p())),
                (3, "container.span_distance", 0.0),
                (5, "container.span_distance", 1.0_f32.ln_1p()),
                (7, "container.span_distance", 3.0_f32.ln_1p()),
            ],
        );
    }

    #[test]
    fn the_element_of_most_text_may_be_another_than_that_of_most_commas() {
        // Each `div` has half of the text; the first wins by its commas.
        let plain = PROSE.replace(',', "");
        let html = format!(
            "<main><div><p>{PROSE}</p></div><div><p>{plain}</p></div></main><p>Legal notes</p>"
        );
        check(
            &html,
            &[
                (0, "container.inside", 1.0),
                (1, "container.inside", 0.0),
                (1, "container.distance", 1.0),
                (1, "container.steps_down", -1.0),
                (1, "majority.inside", 1.0),
                (1, "majority.distance", 0.0),
                (1, "majority.steps_down", 2.0),
                (2, "majority.inside", 0.0),
                (2, "majority.distance", 1.0),
                (2, "majority.links", 0.0),
            ],
        );
    }

    #[test]
    fn a_page_without_paragraphs_has_no_container() {
        check(
            "<ul><li>News</li></ul>",
            &[
                (0, "container.inside", 0.0),
                (0, "container.distance", 30.0),
                (0, "majority.distance", 30.0),
                (0, "container.steps_down", -1.0),
                (0, "container.share", 0.0),
                (0, "majority.inside", 0.0),
                (0, "majority.steps_down", -1.0),
            ],
        );
    }
}
