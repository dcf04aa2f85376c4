//! What only the lines of a plain text tell: list marks, headings that nothing
//! marks up, groups between blank lines, and the run of lines that reads like
//! an article.

use super::Feature;
use super::facts::PageFacts;
use super::logarithm::Logarithm;
use super::shallow::flag;
use super::stats::{BlockStats, ratio};
use crate::block::Blocks;

/// How a line of a list begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Mark {
    #[default]
    None,
    Bullet,
    Number,
}

impl Mark {
    fn of(line: &str) -> Self {
        let mut chars = line.chars();
        match chars.next() {
            Some(
                '-' | '*' | '+' | '•' | '·' | '‣' | '▪' | '●' | '◦' | '○' | '–' | '»' | '›' | '►',
            ) => match chars.next() {
                Some(' ') => Self::Bullet,
                _ => Self::None,
            },
            Some('0'..='9') => {
                let digits = line.bytes().take_while(u8::is_ascii_digit).count();
                let rest = &line[digits..];
                let marked = rest.starts_with(". ") || rest.starts_with(") ");
                if digits <= 3 && marked {
                    Self::Number
                } else {
                    Self::None
                }
            }
            _ => Self::None,
        }
    }
}

/// Running sums over lines.
#[derive(Debug, Clone, Copy, Default)]
struct LineSums {
    marks: f32,
    sentence_ends: f32,
    headings: f32,
    capitalised: f32,
    words: f32,
    non_latin: f32,
    letters: f32,
}

impl LineSums {
    fn minus(self, other: Self) -> Self {
        Self {
            marks: self.marks - other.marks,
            sentence_ends: self.sentence_ends - other.sentence_ends,
            headings: self.headings - other.headings,
            capitalised: self.capitalised - other.capitalised,
            words: self.words - other.words,
            non_latin: self.non_latin - other.non_latin,
            letters: self.letters - other.letters,
        }
    }
}

/// The lines of a plain text.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    marks: Vec<Mark>,
    /// For each line its group's first line and the one after its last.
    groups: Vec<(u32, u32)>,
    /// Groups of the page.
    n_groups: usize,
    headings: Vec<bool>,
    /// One more than there are lines.
    sums: Vec<LineSums>,
    /// First and last line of the run that reads most like an article.
    article: Option<(usize, usize)>,
    /// `ln(1 + mean length)`.
    log_mean: f32,
}

impl Lines {
    /// Of lines with their mean length.
    pub(crate) fn of(blocks: &Blocks, stats: &[BlockStats], mean: f32) -> Self {
        let marks: Vec<Mark> = (blocks.blocks.iter())
            .map(|block| Mark::of(&block.text))
            .collect();
        let outline = &blocks.outline;
        let groups: Vec<(u32, u32)> = (blocks.blocks.iter())
            .map(|block| {
                let range = &outline[outline[block.element].parent].blocks;
                (range.start as u32, range.end as u32)
            })
            .collect();
        let headings: Vec<bool> = (0..stats.len())
            .map(|i| marks[i] == Mark::None && heads(stats, i))
            .collect();
        let mut sums = Vec::with_capacity(stats.len() + 1);
        let mut sum = LineSums::default();
        sums.push(sum);
        for (i, stats) in stats.iter().enumerate() {
            sum.marks += flag(marks[i] != Mark::None);
            sum.sentence_ends += flag(stats.ends_sentence);
            sum.headings += flag(headings[i]);
            sum.capitalised += stats.capitalised_words as f32;
            sum.words += stats.words as f32;
            sum.non_latin += stats.non_latin as f32;
            sum.letters += stats.letters as f32;
            sums.push(sum);
        }
        Self {
            marks,
            n_groups: groups
                .iter()
                .enumerate()
                .filter(|(i, g)| g.0 as usize == *i)
                .count(),
            groups,
            headings,
            sums,
            article: article(stats),
            log_mean: mean.log_e_1p(),
        }
    }

    /// For each line the last that reads like a heading at or before it.
    pub(crate) fn heading_before(&self) -> Vec<Option<usize>> {
        let mut last = None;
        let at = |(i, &heading): (usize, &bool)| {
            last = if heading { Some(i) } else { last };
            last
        };
        self.headings.iter().enumerate().map(at).collect()
    }

    fn within(&self, i: usize, reach: usize) -> (LineSums, f32) {
        let (from, to) = (
            i.saturating_sub(reach),
            (i + reach + 1).min(self.marks.len()),
        );
        (self.sums[to].minus(self.sums[from]), (to - from) as f32)
    }

    fn of_page(&self) -> LineSums {
        self.sums.last().copied().unwrap_or_default()
    }
}

/// Words of a heading at the most.
const HEADING: f32 = 12.0;

/// Whether a line reads like a heading: short, not ended like a sentence, with a
/// line of more than twice its length right below it.
fn heads(stats: &[BlockStats], i: usize) -> bool {
    let own = &stats[i];
    let below = stats.get(i + 1).map_or(0.0, |below| below.length);
    own.words > 0 && own.length <= HEADING && !own.ends_sentence && below > 2.0 * own.length + 1.0
}

/// Length that a line must pass to speak for an article.
const LINE: f32 = 12.0;

/// Length of a line beyond which more says nothing more.
const MOST: f32 = 60.0;

/// The run of lines with the largest sum of `min(length, 60) − 12`: maximum
/// subsequence segmentation (Pasternack and Roth 2009, *Extracting Article Text
/// from the Web with Maximum Subsequence Segmentation*, §3), with lengths for
/// the scores of tokens.
fn article(stats: &[BlockStats]) -> Option<(usize, usize)> {
    let (mut best, mut found) = (0.0, None);
    let (mut sum, mut from) = (0.0_f32, 0);
    for (i, stats) in stats.iter().enumerate() {
        if sum <= 0.0 {
            (sum, from) = (0.0, i);
        }
        sum += stats.length.min(MOST) - LINE;
        if sum > best {
            (best, found) = (sum, Some((from, i)));
        }
    }
    found
}

pub(super) const FEATURES: &[Feature] = &[
    Feature::new(
        "line.mark",
        "how the line is marked as a list's: 1 a bullet, 2 a number, 0 not",
        &|f, i| f32::from(f.lines.marks[i] as u8),
    ),
    Feature::new(
        "line.heading",
        "1 for a line that reads like a heading: up to 12 words, no sentence, a line of more \
         than twice its length below it",
        &|f, i| flag(f.lines.headings[i]),
    ),
    Feature::new(
        "line.upper",
        "1 when the line has letters of case, and all are capitals",
        &|f, i| flag(f.stats[i].capitals > 1 && f.stats[i].capitals == f.stats[i].letters),
    ),
    Feature::new(
        "line.ellipsis",
        "1 when the line is cut off by an ellipsis",
        &|f, i| flag(f.block(i).text.ends_with(['…', '⋯']) || f.block(i).text.ends_with("...")),
    ),
    Feature::new(
        "line.of_mean",
        "ln of the line's length by the page's mean, each and 1 more",
        &|f, i| f.stats[i].log_length - f.lines.log_mean,
    ),
    Feature::new(
        "line.of_before",
        "ln of the line's length by that of the line before, each and 1 more",
        &|f, i| of_neighbour(f, i, -1),
    ),
    Feature::new(
        "line.of_after",
        "ln of the line's length by that of the line after, each and 1 more",
        &|f, i| of_neighbour(f, i, 1),
    ),
    Feature::new(
        "line.article",
        "place by the article-like run of lines: -1 before, 1 after, 0 in it or without one",
        &|f, i| match f.lines.article {
            Some((first, _)) if i < first => -1.0,
            Some((_, last)) if i > last => 1.0,
            _ => 0.0,
        },
    ),
    Feature::new(
        "line.article_distance",
        "signed ln(1 + lines) outside that run, 0 in it",
        &|f, i| match f.lines.article {
            Some((first, _)) if i < first => -((first - i) as f32).log_e_1p(),
            Some((_, last)) if i > last => ((i - last) as f32).log_e_1p(),
            _ => 0.0,
        },
    ),
    Feature::of_page(
        "line.article_share",
        "share of the page's length in that run, 0 to 1",
        |f| {
            f.lines.article.map_or(0.0, |(first, last)| {
                ratio(f.sums(first..last + 1).length, f.page.length)
            })
        },
    ),
    Feature::new(
        "group.lines",
        "ln of the lines between the blank lines around, itself among them",
        &|f, i| {
            let (from, to) = f.lines.groups[i];
            ((to - from) as f32).log_e()
        },
    ),
    Feature::new(
        "group.place",
        "share of those lines that stand before it, 0 to 1",
        &|f, i| {
            let (from, to) = f.lines.groups[i];
            ratio((i as u32 - from) as f32, (to - from) as f32)
        },
    ),
    Feature::new(
        "group.mean_length",
        "ln(1 + mean length of those lines)",
        &|f, i| {
            let (from, to) = f.lines.groups[i];
            let sums = f.sums(from as usize..to as usize);
            ratio(sums.length, sums.blocks).log_e_1p()
        },
    ),
    Feature::of_page("group.count", "ln(groups of lines on the page)", |f| {
        (f.lines.n_groups.max(1) as f32).log_e()
    }),
    Feature::new(
        "lines3.marks",
        "share of lines with list marks within 3",
        &|f, i| {
            let (sums, n) = f.lines.within(i, 3);
            ratio(sums.marks, n)
        },
    ),
    Feature::new(
        "lines2.sentences",
        "share of lines that end like a sentence within 2",
        &|f, i| {
            let (sums, n) = f.lines.within(i, 2);
            ratio(sums.sentence_ends, n)
        },
    ),
    Feature::new(
        "lines8.sentences",
        "share of lines that end like a sentence within 8",
        &|f, i| {
            let (sums, n) = f.lines.within(i, 8);
            ratio(sums.sentence_ends, n)
        },
    ),
    Feature::new(
        "lines8.headings",
        "share of lines that read like headings within 8",
        &|f, i| {
            let (sums, n) = f.lines.within(i, 8);
            ratio(sums.headings, n)
        },
    ),
    Feature::new(
        "lines5.capitalised",
        "share of words that begin with a capital within 5 lines",
        &|f, i| {
            let (sums, _) = f.lines.within(i, 5);
            ratio(sums.capitalised, sums.words)
        },
    ),
    Feature::of_page(
        "page.non_latin",
        "share of the page's letters that are of another script than Latin, 0 to 1",
        |f| {
            let sums = f.lines.of_page();
            ratio(sums.non_latin, sums.letters)
        },
    ),
    Feature::of_page(
        "page.sentences",
        "share of the page's lines that end like a sentence, 0 to 1",
        |f| ratio(f.lines.of_page().sentence_ends, f.page.blocks),
    ),
    Feature::of_page(
        "page.marks",
        "share of the page's lines with list marks, 0 to 1",
        |f| ratio(f.lines.of_page().marks, f.page.blocks),
    ),
];

fn of_neighbour(facts: &PageFacts<'_>, i: usize, offset: isize) -> f32 {
    facts.at(i, offset).map_or(0.0, |neighbour| {
        facts.stats[i].log_length - neighbour.log_length
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests_support::check_text as check;

    const TEXT: &str = "\
Home
News
THE OLD BRIDGE

The town council voted on Tuesday night to mend the old bridge over the river this spring.
Work on it begins in March, the mayor said, and is to be done by the end of May.

Most read

1. Ten walks
2. Five inns
- Tea for …
";

    #[test]
    fn lines_are_told_by_marks_case_and_what_is_below() {
        check(
            TEXT,
            &[
                (0, "line.mark", 0.0),
                (6, "line.mark", 2.0),
                (8, "line.mark", 1.0),
                (2, "line.heading", 1.0),
                (0, "line.heading", 0.0),
                (3, "line.heading", 0.0),
                (2, "line.upper", 1.0),
                (0, "line.upper", 0.0),
                (8, "line.ellipsis", 1.0),
                (7, "line.ellipsis", 0.0),
                (7, "lines3.marks", 3.0 / 5.0),
                (3, "lines2.sentences", 2.0 / 5.0),
                (3, "lines8.sentences", 3.0 / 9.0),
                (3, "lines8.headings", 1.0 / 9.0),
                (0, "page.sentences", 3.0 / 9.0),
                (0, "page.marks", 3.0 / 9.0),
                (0, "page.non_latin", 0.0),
            ],
        );
    }

    #[test]
    fn lengths_are_compared_with_neighbours_and_the_page() {
        let text = "One two three\nOne\n\n你好";
        check(
            text,
            &[
                (0, "line.of_before", 0.0),
                (0, "line.of_after", 4_f32.ln() - 2_f32.ln()),
                (1, "line.of_before", 2_f32.ln() - 4_f32.ln()),
                (1, "line.of_mean", 2_f32.ln() - (5.2_f32 / 3.0).ln_1p()),
                (0, "lines5.capitalised", 2.0 / 6.0),
                (0, "page.non_latin", 2.0 / 16.0),
            ],
        );
    }

    #[test]
    fn the_article_is_the_run_of_long_lines() {
        check(
            TEXT,
            &[
                (2, "line.article", -1.0),
                (3, "line.article", 0.0),
                (5, "line.article", 1.0),
                (1, "line.article_distance", -(3_f32.ln())),
                (4, "line.article_distance", 0.0),
                (6, "line.article_distance", 3_f32.ln()),
                (0, "line.article_share", 36.0 / 51.0),
            ],
        );
    }

    #[test]
    fn a_line_knows_its_group() {
        check(
            TEXT,
            &[
                (0, "group.count", 4_f32.ln()),
                (1, "group.lines", 3_f32.ln()),
                (1, "group.place", 1.0 / 3.0),
                (1, "group.mean_length", (5.0_f32 / 3.0).ln_1p()),
                (5, "group.lines", 0.0),
                (5, "group.place", 0.0),
            ],
        );
    }
}
