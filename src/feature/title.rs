//! How far the block says what the page's title and description say.

use foldhash::HashSet;

use super::Feature;
use super::facts::PageFacts;
use super::logarithm::Logarithm;
use super::stats::ratio;
use super::vocabulary::hashes;
use crate::metadata;
use crate::page::Page;

/// The page's title, and where it stands among the blocks.
#[derive(Debug, Default)]
pub(crate) struct Titles {
    /// For each block, agreement with the title and with the description.
    agreement: Vec<(f32, f32)>,
    /// For each block, share of its word triples that the structured data has.
    structured: Vec<f32>,
    /// The block that says most of what the title says.
    best: Option<usize>,
    /// The first block that is an `h1`.
    pub first_h1: Option<usize>,
}

impl Titles {
    pub(crate) fn of(page: &Page, facts: &PageFacts<'_>) -> Self {
        let said = |text: Option<String>| Said::of(text.as_deref().unwrap_or_default(), facts);
        let title = said(metadata::title(page));
        let description = said(metadata::description(page));
        let mut stated = Stated::default();
        for text in metadata::structured_texts(page) {
            stated.add(&text);
        }
        let mut first_words = FirstWords::of(facts);
        let agreement = (0..facts.len())
            .map(|i| first_words.agree(i, [&title, &description]).into())
            .collect::<Vec<(f32, f32)>>();
        let first_h1 = (0..facts.len()).find(|&i| facts.kind(i).level() == 1);
        Self {
            structured: (0..facts.len()).map(|i| stated.share(facts, i)).collect(),
            best: best(&agreement),
            agreement,
            first_h1,
        }
    }

    /// Of plain text, whose first line is the title where there is one: WET
    /// records begin with it. It does not agree with itself.
    pub(crate) fn of_lines(facts: &PageFacts<'_>) -> Self {
        let first = facts.stats.iter().position(|stats| stats.words > 0);
        let title = first.filter(|&first| (2..=TITLE).contains(&facts.stats[first].words));
        let Some(first) = title else {
            return Self {
                agreement: vec![(0.0, 0.0); facts.len()],
                ..Self::default()
            };
        };
        let title = Said::of(&facts.block(first).text, facts);
        let mut first_words = FirstWords::of(facts);
        let agreement: Vec<(f32, f32)> = (0..facts.len())
            .map(|i| {
                if i == first || facts.stats[i].words > 2 * TITLE {
                    return (0.0, 0.0);
                }
                let [agreement] = first_words.agree(i, [&title]);
                (agreement, 0.0)
            })
            .collect();
        Self {
            best: best(&agreement),
            agreement,
            ..Self::default()
        }
    }
}

/// A text that blocks are compared with.
struct Said {
    /// Its distinct words.
    words: usize,
    /// For each form of the page's words whether it is among them.
    holds: Vec<bool>,
}

impl Said {
    fn of(text: &str, facts: &PageFacts<'_>) -> Self {
        let words: HashSet<u64> = hashes(text).collect();
        let mut holds = vec![false; facts.vocabulary.len()];
        for form in words.iter().filter_map(|&hash| facts.vocabulary.form(hash)) {
            holds[form as usize] = true;
        }
        Self {
            words: words.len(),
            holds,
        }
    }
}

/// The distinct words that blocks begin with.
struct FirstWords<'f, 'a> {
    facts: &'f PageFacts<'a>,
    /// For each form the last block that it was met in, counted from 1.
    met: Vec<u32>,
}

impl<'f, 'a> FirstWords<'f, 'a> {
    fn of(facts: &'f PageFacts<'a>) -> Self {
        let met = vec![0; facts.vocabulary.len()];
        Self { facts, met }
    }

    /// Dice coefficients of a block's first words and those of each text, 0 to 1.
    fn agree<const N: usize>(&mut self, block: usize, texts: [&Said; N]) -> [f32; N] {
        let numbers = self.facts.texts.of(block);
        let (mut distinct, mut shared) = (0, [0; N]);
        for &number in &numbers[..numbers.len().min(WORDS)] {
            let form = self.facts.vocabulary.word(number).form;
            let met = &mut self.met[form as usize];
            if *met == block as u32 + 1 {
                continue;
            }
            *met = block as u32 + 1;
            distinct += 1;
            for (shared, text) in shared.iter_mut().zip(texts) {
                *shared += usize::from(text.holds[form as usize]);
            }
        }
        std::array::from_fn(|at| {
            ratio(2.0 * shared[at] as f32, (distinct + texts[at].words) as f32)
        })
    }
}

/// The block that agrees most with the title, if by more than a half.
fn best(agreement: &[(f32, f32)]) -> Option<usize> {
    let mut best: Option<usize> = None;
    for (i, (title, _)) in agreement.iter().enumerate() {
        if *title > 0.5 && best.is_none_or(|b| *title > agreement[b].0) {
            best = Some(i);
        }
    }
    best
}

/// Words of a line that may be a title at the most.
const TITLE: u32 = 30;

/// Words of a block that are compared with the title's.
const WORDS: usize = 200;

/// Every three words in a row, by their hashes.
fn triples(words: &[u64]) -> impl Iterator<Item = [u32; 3]> + '_ {
    words
        .windows(3)
        .map(|w| [w[0] as u32, w[1] as u32, w[2] as u32])
}

/// Word triples that the page's structured data state.
#[derive(Default)]
struct Stated {
    triples: HashSet<[u32; 3]>,
    /// Middle words of the triples, by the low bits of their hashes: most words
    /// of a page are in none, and need not be looked up.
    middles: Vec<bool>,
}

impl Stated {
    const MIDDLES: usize = 1 << 12;

    fn add(&mut self, text: &str) {
        self.middles.resize(Self::MIDDLES, false);
        let words: Vec<u64> = hashes(text).collect();
        for triple in triples(&words) {
            self.middles[triple[1] as usize % Self::MIDDLES] = true;
            self.triples.insert(triple);
        }
    }

    /// Share of a block's word triples that are among those stated.
    fn share(&self, facts: &PageFacts<'_>, block: usize) -> f32 {
        if self.triples.is_empty() {
            return 0.0;
        }
        let hash = |&number: &u32| facts.vocabulary.word(number).hash;
        let (mut all, mut found) = (0, 0);
        for triple in facts.texts.of(block).windows(3) {
            all += 1;
            if self.middles[hash(&triple[1]) as usize % Self::MIDDLES] {
                let triple = [0, 1, 2].map(|at| hash(&triple[at]) as u32);
                found += u32::from(self.triples.contains(&triple));
            }
        }
        ratio(found as f32, all as f32)
    }
}

pub(super) const FEATURES: &[Feature] = &[
    Feature::new(
        "title.agreement",
        "Dice coefficient of the block's words and the title's, 0 to 1",
        &|f, i| f.titles.agreement[i].0,
    ),
    Feature::new(
        "title.description",
        "Dice coefficient of the block's words and the description's, 0 to 1",
        &|f, i| f.titles.agreement[i].1,
    ),
    Feature::new(
        "title.structured",
        "share of the block's word triples that the page's JSON-LD has, 0 to 1",
        &|f, i| f.titles.structured[i],
    ),
    Feature::new(
        "title.distance",
        "signed ln distance in blocks from the block that says the title, 0 without one",
        &|f, i| {
            let Some(best) = f.titles.best else {
                return 0.0;
            };
            let distance = (i.abs_diff(best) as f32).log_e_1p();
            if i < best { -distance } else { distance }
        },
    ),
    Feature::new(
        "title.common",
        "steps up to the element shared with that block, -1 without one",
        &|f, i| {
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
    use crate::feature::tests_support::{check, value};

    #[test]
    fn what_the_structured_data_says_is_seen() {
        let html = r#"<script type="application/ld+json">
            {"@type": "Product", "description": "A chair of solid oak, oiled by hand."}
            </script><p>A chair of solid oak, oiled by hand.</p><p>Free shipping on all orders</p>"#;
        assert_eq!(value(html, 0, "title.structured"), 1.0);
        assert_eq!(value(html, 1, "title.structured"), 0.0);
    }

    #[test]
    fn the_headline_agrees_with_the_title() {
        let html = "<title>Old bridge to be repaired | The Town Post</title>\
                    <p>Menu</p><h1>Old bridge to be repaired</h1><p>The council voted.</p>";
        assert!(value(html, 1, "title.agreement") > 0.7);
        assert_eq!(value(html, 0, "title.agreement"), 0.0);
        assert!(value(html, 0, "title.distance") < 0.0);
        assert!(value(html, 2, "title.distance") > 0.0);
    }

    #[test]
    fn words_shared_with_title_and_description_are_counted_once_each() {
        // The title has 4 words, the description 4 and one of them twice.
        let html = "<title>Old bridge open again</title>\
                    <meta name=description content='The council opened the bridge'>\
                    <ul><li>News</li></ul><main><h1>Old bridge open</h1>\
                    <p>The bridge was closed</p></main>";
        check(
            html,
            &[
                (0, "title.agreement", 0.0),
                (1, "title.agreement", 2.0 * 3.0 / (3.0 + 4.0)),
                (2, "title.agreement", 2.0 * 1.0 / (4.0 + 4.0)),
                (0, "title.description", 0.0),
                (1, "title.description", 2.0 * 1.0 / (3.0 + 4.0)),
                (2, "title.description", 2.0 * 2.0 / (4.0 + 4.0)),
                (0, "title.distance", -(1.0_f32.ln_1p())),
                (1, "title.distance", 0.0),
                (2, "title.distance", 1.0_f32.ln_1p()),
                // The entry stands in `li` in `ul`, the headline's `main` beside.
                (0, "title.common", 2.0),
                (1, "title.common", 0.0),
                (2, "title.common", 1.0),
            ],
        );
    }

    #[test]
    fn without_a_title_no_block_is_near_it() {
        check(
            "<p>The council voted.</p>",
            &[
                (0, "title.agreement", 0.0),
                (0, "title.description", 0.0),
                (0, "title.structured", 0.0),
                (0, "title.distance", 0.0),
                (0, "title.common", -1.0),
            ],
        );
    }

    #[test]
    fn structured_data_is_compared_by_runs_of_three_words() {
        // "a chair of" and "chair of solid", not "of solid pine".
        let html = r#"<script type="application/ld+json">{"description": "A chair of solid oak"}
            </script><p>A chair of solid pine</p>"#;
        check(html, &[(0, "title.structured", 2.0 / 3.0)]);
    }
}
