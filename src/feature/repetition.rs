//! What recurs on the page: the same text, the same tag path, like siblings.

use std::hash::{Hash, Hasher};

use fnv::FnvHasher;
use foldhash::{HashMap, HashMapExt};

use super::Feature;
use super::facts::PageFacts;
use super::logarithm::Logarithm;
use super::stats::{BlockStats, ratio};
use crate::block::{Block, ElementId};

/// Blocks and elements by what they share.
#[derive(Debug, Default)]
pub(crate) struct Repetition {
    /// For each block how many read the same, itself among them; 1 for one
    /// without words.
    alike: Vec<u32>,
    /// For each block how many before it read the same, and how far back the
    /// nearest of them is.
    before: Vec<(u32, u32)>,
    /// For each block: sums over the blocks with the same tags above and the same
    /// class.
    paths: Vec<PathSums>,
    /// For each element: siblings of its name and class, itself among them.
    like_siblings: Vec<u32>,
}

#[derive(Debug, Default, Clone, Copy)]
struct PathSums {
    blocks: f32,
    length: f32,
    link_length: f32,
}

impl Repetition {
    pub(crate) fn of(facts: &PageFacts<'_>) -> Self {
        let elements = facts.blocks.outline.elements();
        let mut paths: Vec<u64> = Vec::with_capacity(elements.len());
        let mut looks = Vec::with_capacity(elements.len());
        for (i, (element, own)) in elements.iter().zip(facts.elements.iter()).enumerate() {
            crate::watch::spend(32);
            let own = hash((&**own.name, own.class.hash));
            // Numbered classes (`post-1234`) would make every path unique, so
            // only the innermost element's classes count.
            let above = if element.parent.0 == i {
                0
            } else {
                paths[element.parent.0]
            };
            paths.push(hash((above, &*element.name)));
            looks.push((element.parent, own));
        }
        for (path, (_, own)) in paths.iter_mut().zip(&looks) {
            *path = hash((*path, *own));
        }
        let mut by_path: HashMap<u64, PathSums> = HashMap::new();
        for (block, stats) in facts.blocks.blocks.iter().zip(&facts.stats) {
            let sums = by_path.entry(paths[block.inner.0]).or_default();
            sums.blocks += 1.0;
            sums.length += stats.length;
            sums.link_length += stats.link_length;
        }
        let on_path = |block: &Block| by_path[&paths[block.inner.0]];
        Self {
            paths: facts.blocks.blocks.iter().map(on_path).collect(),
            like_siblings: like_siblings(&looks),
            ..Self::of_texts(&facts.stats)
        }
    }

    /// What recurs of the texts alone.
    pub(crate) fn of_texts(stats: &[BlockStats]) -> Self {
        let mut numbers: HashMap<u64, u32> = HashMap::with_capacity(stats.len());
        // Of each text how many blocks read so, and the last of them.
        let mut texts: Vec<(u32, usize)> = Vec::with_capacity(stats.len());
        let mut before = Vec::with_capacity(stats.len());
        let mut of_blocks = Vec::with_capacity(stats.len());
        for (i, stats) in stats.iter().enumerate() {
            crate::watch::spend(32);
            if stats.words == 0 {
                before.push((0, 0));
                of_blocks.push(None);
                continue;
            }
            let new = texts.len() as u32;
            let number = *numbers.entry(stats.text_hash).or_insert(new);
            if number == new {
                texts.push((0, i));
            }
            let (blocks, last) = &mut texts[number as usize];
            before.push((*blocks, (i - *last) as u32));
            (*blocks, *last) = (*blocks + 1, i);
            of_blocks.push(Some(number));
        }
        let alike = |number: Option<u32>| number.map_or(1, |number| texts[number as usize].0);
        Self {
            before,
            alike: of_blocks.into_iter().map(alike).collect(),
            ..Self::default()
        }
    }
}

/// For each element, by its parent and its look, how many siblings look so.
fn like_siblings(looks: &[(ElementId, u64)]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..looks.len()).collect();
    order.sort_unstable_by_key(|&element| looks[element]);
    let mut like = vec![0; looks.len()];
    for alike in order.chunk_by(|&a, &b| looks[a] == looks[b]) {
        for &element in alike {
            like[element] = alike.len() as u32;
        }
    }
    like
}

pub(super) fn hash(value: impl Hash) -> u64 {
    let mut hasher = FnvHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

pub(super) const FEATURES: &[Feature] = &[
    Feature::new(
        "repeat.text",
        "ln(blocks of the page that read the same, itself among them), 0 for one without words",
        &|f, i| (f.repetition.alike[i] as f32).log_e(),
    ),
    Feature::new(
        "repeat.before",
        "ln(1 + blocks before it that read the same), 0 for one without words",
        &|f, i| (f.repetition.before[i].0 as f32).log_e_1p(),
    ),
    Feature::new(
        "repeat.distance",
        "ln(1 + blocks back to the last that reads the same), 0 for none",
        &|f, i| (f.repetition.before[i].1 as f32).log_e_1p(),
    ),
    Feature::new(
        "path.blocks",
        "ln(blocks of the page with the same tag path and class)",
        &|f, i| f.repetition.paths[i].blocks.max(1.0).log_e(),
    ),
    Feature::new(
        "path.share",
        "share of the page's length on that tag path, 0 to 1",
        &|f, i| ratio(f.repetition.paths[i].length, f.page.length),
    ),
    Feature::new(
        "path.mean_length",
        "ln(1 + mean length of the blocks on that tag path)",
        &|f, i| {
            let sums = f.repetition.paths[i];
            ratio(sums.length, sums.blocks).log_e_1p()
        },
    ),
    Feature::new(
        "path.links",
        "link density of the blocks on that tag path, 0 to 1",
        &|f, i| {
            let sums = f.repetition.paths[i];
            ratio(sums.link_length, sums.length)
        },
    ),
    Feature::new(
        "siblings0.like",
        "ln(siblings like the block's element, itself among them)",
        &like::<0>,
    ),
    Feature::new("siblings1.like", "the same for its parent", &like::<1>),
    Feature::new(
        "siblings2.like",
        "the same for the element 2 up",
        &like::<2>,
    ),
    Feature::new(
        "siblings3.like",
        "the same for the element 3 up",
        &like::<3>,
    ),
    Feature::new(
        "siblings.most",
        "the most that the block's element or one of the 5 above it has",
        &|f, i| {
            let most = (0..6).map(|up| like_up(f, i, up)).max();
            (most.unwrap_or(1) as f32).log_e()
        },
    ),
];

fn like<const UP: usize>(facts: &PageFacts<'_>, i: usize) -> f32 {
    (like_up(facts, i, UP) as f32).log_e()
}

/// Siblings like the element `up` above a block's, itself among them.
fn like_up(facts: &PageFacts<'_>, i: usize, up: usize) -> u32 {
    let ElementId(id) = facts.ancestor(i, up);
    facts.repetition.like_siblings[id]
}

#[cfg(test)]
mod tests {
    use crate::feature::tests_support::{check, value};

    #[test]
    fn the_same_words_count_as_a_repeat() {
        let html = "<p>Read more</p><div>READ MORE</div><p>Other</p>";
        assert_eq!(value(html, 0, "repeat.text"), 2.0_f32.ln());
        assert_eq!(value(html, 2, "repeat.text"), 0.0);
        assert_eq!(value(html, 0, "repeat.before"), 0.0);
        assert_eq!(value(html, 1, "repeat.before"), 2.0_f32.ln());
        assert_eq!(value(html, 1, "repeat.distance"), 2.0_f32.ln());
    }

    #[test]
    fn blocks_without_words_do_not_repeat_each_other() {
        check(
            "<p>* * *</p><p>News</p><p>—</p><p>* * *</p><p>News</p>",
            &[
                (0, "repeat.text", 0.0),
                (3, "repeat.text", 0.0),
                (3, "repeat.before", 0.0),
                (3, "repeat.distance", 0.0),
                (4, "repeat.text", 2.0_f32.ln()),
                (4, "repeat.before", 1.0_f32.ln_1p()),
                (4, "repeat.distance", 3.0_f32.ln_1p()),
            ],
        );
    }

    #[test]
    fn cards_of_one_grid_share_their_path_and_are_like_siblings() {
        let card = "<div class=card><span class=name>Chair</span></div>";
        let html = format!("<main>{}</main><p>end</p>", card.repeat(4));
        assert_eq!(value(&html, 0, "path.blocks"), 4.0_f32.ln());
        assert_eq!(value(&html, 0, "siblings0.like"), 4.0_f32.ln());
        assert_eq!(value(&html, 4, "siblings.most"), 0.0);
    }

    #[test]
    fn blocks_on_one_tag_path_are_measured_together() {
        // Names of 2, 2 and 3 words, notes of 2 each, a last line of 4: 17.
        let card = |name: &str, note: &str| {
            format!("<div class=card><a href=/c>{name}</a><p>{note}</p></div>")
        };
        let html = format!(
            "<main>{}{}{}</main><p>All prices hold today</p>",
            card("Oak chair", "Sold out"),
            card("Oak table", "In stock"),
            card("Pine desk lamp", "Sold out")
        );
        check(
            &html,
            &[
                (0, "path.blocks", 3.0_f32.ln()),
                (0, "path.share", 7.0 / 17.0),
                (0, "path.mean_length", (7.0_f32 / 3.0).ln_1p()),
                (0, "path.links", 1.0),
                (1, "path.blocks", 3.0_f32.ln()),
                (1, "path.share", 6.0 / 17.0),
                (1, "path.mean_length", 2.0_f32.ln_1p()),
                (1, "path.links", 0.0),
                (6, "path.blocks", 0.0),
                (6, "path.share", 4.0 / 17.0),
                (1, "repeat.text", 2.0_f32.ln()),
                (3, "repeat.text", 0.0),
                (1, "repeat.before", 0.0),
                (5, "repeat.before", 1.0_f32.ln_1p()),
                (1, "repeat.distance", 0.0),
                (5, "repeat.distance", 4.0_f32.ln_1p()),
            ],
        );
    }

    #[test]
    fn like_siblings_are_counted_at_each_element_above() {
        // 3 rows of 2 cells; above the cell's text are `p`, `div`, `td`, `tr`.
        let row = "<tr><td><div><p>Oak</p></div></td><td><div><p>Pine</p></div></td></tr>";
        let html = format!("<table>{}</table>", row.repeat(3));
        check(
            &html,
            &[
                (0, "siblings0.like", 0.0),
                (0, "siblings1.like", 0.0),
                (0, "siblings2.like", 2.0_f32.ln()),
                (0, "siblings3.like", 3.0_f32.ln()),
                (0, "siblings.most", 3.0_f32.ln()),
            ],
        );
        // Siblings of another class or name are not like.
        let html = "<ul><li>a</li><li>b</li><li class=more>c</li></ul>\
                    <div><p>d</p><p>e</p><h3>f</h3></div>";
        check(
            html,
            &[
                (0, "siblings0.like", 2.0_f32.ln()),
                (2, "siblings0.like", 0.0),
                (3, "siblings0.like", 2.0_f32.ln()),
                (5, "siblings0.like", 0.0),
                (5, "siblings1.like", 0.0),
            ],
        );
        let cells = "<td><p>Oak</p></td>".repeat(4);
        let html = format!("<table><tr>{cells}</tr></table>");
        check(
            &html,
            &[
                (0, "siblings0.like", 0.0),
                (0, "siblings1.like", 4.0_f32.ln()),
            ],
        );
    }
}
