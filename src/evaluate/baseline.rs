//! Rules that learn nothing, to hold a model against: on the same blocks, through
//! the same rendering and comparison.

use super::{PageScore, score_page};
use crate::block::{Block, Blocks};
use crate::feature::is_stopword;
use crate::render;
use crate::text::{count_words, is_space, words};
use crate::train::PreparedPage;

/// A rule that keeps blocks by their texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Baseline {
    /// All of them.
    Everything,
    /// Those of ten words and more.
    LongLines,
    /// Those of five words and more that end like a sentence, as the lines of C4
    /// (Raffel et al. 2020, *Exploring the Limits of Transfer Learning with a
    /// Unified Text-to-Text Transformer*, §2.2).
    SentenceLines,
    /// jusText's two steps (Pomikálek 2011, *Removing Boilerplate and Duplicate
    /// Content from Web Corpora*, §3.2) with its default bounds and the stop
    /// words of the feature `text.stopwords`, without its rule for headings.
    JusText,
}

impl Baseline {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Everything,
        Self::LongLines,
        Self::SentenceLines,
        Self::JusText,
    ];

    /// What a table calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Everything => "everything",
            Self::LongLines => "long lines",
            Self::SentenceLines => "sentence lines",
            Self::JusText => "justext rules",
        }
    }

    /// For each block whether the rule keeps it.
    ///
    /// ```
    /// use dehusk::block::Blocks;
    /// use dehusk::evaluate::Baseline;
    /// use dehusk::page::{Page, PageContext};
    ///
    /// let page = Page::parse(b"<li>Home<p>The ferry sails again today.", &PageContext::default());
    /// let blocks = Blocks::of(&page);
    /// assert_eq!(Baseline::SentenceLines.keep(&blocks), [false, true]);
    /// assert_eq!(Baseline::LongLines.keep(&blocks), [false, false]);
    /// ```
    pub fn keep(self, blocks: &Blocks) -> Vec<bool> {
        let each = |rule: fn(&str) -> bool| {
            let texts = blocks.blocks.iter().map(|block| block.text.as_str());
            texts.map(rule).collect()
        };
        match self {
            Self::Everything => vec![true; blocks.len()],
            Self::LongLines => each(|text| count_words(text) >= 10),
            Self::SentenceLines => each(is_sentence_line),
            Self::JusText => justext(blocks),
        }
    }

    /// The score of what the rule keeps of a page.
    pub fn score(self, page: &PreparedPage) -> PageScore {
        let text = render::text(&page.blocks, &self.keep(&page.blocks));
        score_page(&page.labelled, &text).with_coverage(f64::from(page.coverage))
    }
}

fn is_sentence_line(text: &str) -> bool {
    let ends = ['.', '!', '?', '"', '”', '。', '！', '？', '؟', '।'];
    text.ends_with(ends) && count_words(text) >= 5
}

/// jusText's classes of blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Good,
    NearGood,
    Short,
    Bad,
}

/// Bounds of jusText: characters, and shares.
const SHORT: usize = 70;
const LONG: usize = 200;
const FEW_STOPWORDS: f32 = 0.30;
const MANY_STOPWORDS: f32 = 0.32;
const MOST_LINKS: f32 = 0.2;

fn justext(blocks: &Blocks) -> Vec<bool> {
    let alone: Vec<Class> = blocks.blocks.iter().map(class_alone).collect();
    // Short blocks first, by the classes that are not short; then near-good ones
    // by what short ones became.
    let mut classes: Vec<Class> = (0..alone.len())
        .map(|i| match alone[i] {
            Class::Short => class_of_short(&alone, i),
            class => class,
        })
        .collect();
    let settled = classes.clone();
    for (i, class) in classes.iter_mut().enumerate() {
        if *class == Class::NearGood {
            let sides = [before(&settled, i, false), after(&settled, i, false)];
            *class = if sides == [Class::Bad; 2] {
                Class::Bad
            } else {
                Class::Good
            };
        }
    }
    classes.iter().map(|&class| class == Class::Good).collect()
}

fn class_alone(block: &Block) -> Class {
    let chars = |text: &str| text.chars().filter(|&c| !is_space(c)).count();
    let in_links: usize = block
        .links
        .iter()
        .map(|l| chars(&block.text[l.clone()]))
        .sum();
    let links = in_links as f32 / chars(&block.text).max(1) as f32;
    let length = block.text.chars().count();
    if links > MOST_LINKS || block.text.contains('©') {
        return Class::Bad;
    }
    if length < SHORT {
        return if links > 0.0 {
            Class::Bad
        } else {
            Class::Short
        };
    }
    let all = count_words(&block.text).max(1);
    let stopwords = words(&block.text).filter(|word| is_stopword(word)).count();
    let share = stopwords as f32 / all as f32;
    if share >= MANY_STOPWORDS && length > LONG {
        Class::Good
    } else if share >= FEW_STOPWORDS {
        Class::NearGood
    } else {
        Class::Bad
    }
}

fn class_of_short(classes: &[Class], i: usize) -> Class {
    match (before(classes, i, false), after(classes, i, false)) {
        (Class::Good, Class::Good) => Class::Good,
        (Class::Bad, Class::Bad) => Class::Bad,
        (first, second) => {
            let near = (first == Class::Bad && before(classes, i, true) == Class::NearGood)
                || (second == Class::Bad && after(classes, i, true) == Class::NearGood);
            if near { Class::Good } else { Class::Bad }
        }
    }
}

/// The class of the nearest block before that decides; the page's edge is bad.
fn before(classes: &[Class], i: usize, near: bool) -> Class {
    decisive(classes[..i].iter().rev(), near)
}

fn after(classes: &[Class], i: usize, near: bool) -> Class {
    decisive(classes[i + 1..].iter(), near)
}

fn decisive<'a>(mut classes: impl Iterator<Item = &'a Class>, near: bool) -> Class {
    let decides = |class: &&Class| match class {
        Class::Good | Class::Bad => true,
        Class::NearGood => near,
        Class::Short => false,
    };
    classes.find(decides).copied().unwrap_or(Class::Bad)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{InputKind, Page, PageContext};

    fn kept(baseline: Baseline, lines: &[&str]) -> Vec<bool> {
        let context = PageContext {
            kind: InputKind::Text,
            ..PageContext::default()
        };
        let page = Page::parse(lines.join("\n").as_bytes(), &context);
        baseline.keep(&Blocks::of(&page))
    }

    const PROSE: &str = "The town has said that it is to mend the old bridge over the river in the \
        spring, and that it will be the first work on it for more than a hundred years, as the \
        mayor and all of the council have been asked to do by those who live there.";
    const MENU: &str = "Sport Weather Politics Economy Culture Travel Opinion Photography \
        Crosswords Recipes Gardening";

    #[test]
    fn short_lines_go_with_the_prose_around_them() {
        let lines = [MENU, "Home", PROSE, "Still closed", PROSE, "Contact", MENU];
        assert_eq!(
            kept(Baseline::JusText, &lines),
            [false, false, true, true, true, false, false]
        );
    }

    #[test]
    fn a_paragraph_of_middling_length_needs_prose_beside_it() {
        let middling = "It is to be done by the end of May, as they said it would be in the plan.";
        assert!(!kept(Baseline::JusText, &[MENU, middling, MENU])[1]);
        assert!(kept(Baseline::JusText, &[PROSE, middling, MENU])[1]);
    }

    #[test]
    fn lines_are_kept_by_their_ends_or_their_lengths() {
        let lines = ["Read more.", "The ferry sails again today.", MENU];
        assert_eq!(kept(Baseline::SentenceLines, &lines), [false, true, false]);
        assert_eq!(kept(Baseline::LongLines, &lines), [false, false, true]);
        assert_eq!(kept(Baseline::Everything, &lines), [true; 3]);
    }
}
