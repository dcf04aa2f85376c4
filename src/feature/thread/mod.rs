//! Threads of comments or posts, told by their structure: where they stand on
//! the page, where in one a block stands, and what the page is around them.
//!
//! Text and markup are read for cues ([`cue`], [`mark`]), like siblings that
//! tell a time and hold prose become a thread's cells ([`cells`]), and the
//! place of the thread among the page's other text tells a forum's page, whose
//! content it is, from a post with comments below. All of it is one pass over
//! blocks, elements and nodes each.

mod cells;
mod choose;
mod cue;
mod discussion;
mod form;
mod mark;
mod phrases;
mod site;

use super::Feature;
use super::facts::PageFacts;
use super::logarithm::Logarithm;
use super::repetition::hash;
use super::shallow::flag;
use super::stats::ratio;
use crate::page::Page;
use cells::{Search, Thread};
pub(super) use cue::WordCues;
pub use discussion::{Discussion, Place, Role};
use form::CommentForm;
pub(crate) use mark::{NAMES, class_stem, is_author, name_marks, word_marks};
use site::Site;

/// The threads of a page, and what stands around them.
#[derive(Debug, Default)]
pub(crate) struct Threads {
    threads: Vec<Thread>,
    /// For each block: its thread and cell.
    places: Vec<Option<(usize, usize)>>,
    /// For each block: cells around it.
    depths: Vec<u32>,
    /// The thread with the most text.
    main: Option<usize>,
    /// Cells of all threads.
    cells: usize,
    /// Length of all threads, in English words.
    length: f32,
    /// Cues of each block.
    cues: Vec<u16>,
    /// For each block: the last heading of comments or answers at or before it.
    headings: Vec<Option<usize>>,
    /// For each thread: whether it stands below a heading of comments.
    headed: Vec<bool>,
    /// For each block: steps up to markup of comments, 9 at most and for none.
    steps: Vec<u8>,
    /// For each block: 1 when its element is marked as an author's or a time.
    line: Vec<bool>,
    form: CommentForm,
    site: Site,
    /// Length of paragraph-like blocks outside links before the main thread.
    text_before: f32,
    /// A first or second level heading stands before the main thread.
    headline_before: bool,
    /// What blocks are in the threads; no feature reads it.
    pub(super) discussion: Discussion,
}

impl Threads {
    /// None at all, on a page of so many blocks.
    pub(crate) fn none(blocks: usize) -> Self {
        Self {
            discussion: Discussion::none(blocks),
            ..Self::default()
        }
    }

    /// Finds the threads: time linear in elements and text.
    pub(crate) fn of(page: &Page, facts: &PageFacts<'_>) -> Self {
        let cues: Vec<u16> = (0..facts.len()).map(|i| cue::cues(facts, i)).collect();
        let marks: Vec<u16> = facts
            .elements
            .iter()
            .map(|own| {
                crate::watch::spend(64);
                mark::marks(own.name, &own.attributes, own.class.marks)
            })
            .collect();
        let headings = headings(facts, &cues);
        let site = Site::of(page);
        let search = Search::new(
            facts,
            &cues,
            &marks,
            &headings,
            site.forum + site.questions > 0,
        );
        let (threads, depths) = search.threads();
        let steps = (0..facts.len())
            .map(|i| search.steps_to_comment(facts.block(i).inner))
            .collect();
        let line = (0..facts.len())
            .map(|i| {
                let block = facts.block(i);
                let own = marks[block.element.0] | marks[block.inner.0];
                own & (mark::TIME | mark::AUTHOR) != 0
            })
            .collect();

        let above = still_open(facts, &headings);
        let headed = threads
            .iter()
            .map(|thread| {
                let before = thread.span().start.checked_sub(1);
                let heading = before.and_then(|before| above[before]);
                heading.is_some_and(|heading| cues[heading] & cue::COMMENTS != 0)
            })
            .collect();

        let inside = discussion::Inside::of(&threads, facts, &search, &marks);
        let mut places = vec![None; facts.len()];
        for (t, thread) in threads.iter().enumerate() {
            for (c, cell) in thread.cells.iter().enumerate() {
                places[cell.clone()].fill(Some((t, c)));
            }
        }
        let main = (0..threads.len()).max_by(|&a, &b| {
            // The first of equals.
            threads[a]
                .length
                .total_cmp(&threads[b].length)
                .then(b.cmp(&a))
        });
        let start = main.map_or(facts.len(), |main| threads[main].span().start);
        let text_before = (0..start)
            .filter(|&i| places[i].is_none() && facts.stats[i].is_paragraph())
            .map(|i| facts.stats[i].length - facts.stats[i].link_length)
            .fold(0.0, |sum: f32, length| sum + length);
        let headline_before =
            (0..start).any(|i| places[i].is_none() && matches!(facts.kind(i).level(), 1 | 2));
        let mut found = Self {
            form: CommentForm::of(page, facts, &cues, &marks),
            cells: threads.iter().map(|t| t.cells.len()).sum(),
            length: threads.iter().fold(0.0, |sum, t| sum + t.length),
            threads,
            places,
            depths,
            main,
            cues,
            headings,
            headed,
            steps,
            line,
            site,
            text_before,
            headline_before,
            discussion: Discussion::default(),
        };
        found.discussion = Discussion::found(&found, facts, &inside);
        found
    }

    /// Whether block `i` is of the comments under an article: in a thread below
    /// a heading of comments, on a page that does not say that it is a forum's
    /// or one of questions, where the replies are the page's own. Between the
    /// heading and the thread's first cell there is no other heading of the same
    /// or a higher level; below a short line that counts comments and is no
    /// heading there is none at all.
    fn is_comment(&self, i: usize) -> bool {
        self.places[i].is_some_and(|(thread, _)| self.headed[thread])
            && self.site.forum == 0
            && self.site.questions == 0
    }

    /// The blocks that are comments under an article, ascending.
    pub(crate) fn comments(&self) -> Vec<usize> {
        let blocks = 0..self.places.len();
        blocks.filter(|&i| self.is_comment(i)).collect()
    }

    fn thread(&self, i: usize) -> Option<&Thread> {
        self.places[i].map(|(thread, _)| &self.threads[thread])
    }

    fn main(&self) -> Option<&Thread> {
        self.main.map(|main| &self.threads[main])
    }

    /// The blocks of block `i`'s cell.
    fn cell(&self, i: usize) -> Option<std::ops::Range<usize>> {
        self.places[i].map(|(thread, cell)| self.threads[thread].cells[cell].clone())
    }

    fn says(&self, i: usize, cue: u16) -> bool {
        self.cues[i] & cue != 0
    }

    fn heading(&self, i: usize, cue: u16) -> bool {
        self.headings[i].is_some_and(|h| h < i && self.says(h, cue))
    }
}

/// For each block the last one at or before it that heads comments or answers:
/// a short heading that names them, or a short line that counts them; the line
/// that names a post's author and time counts them too, and is none.
fn headings(facts: &PageFacts<'_>, cues: &[u16]) -> Vec<Option<usize>> {
    let mut last = None;
    (0..facts.len())
        .map(|i| {
            let (cues, stats) = (cues[i], &facts.stats[i]);
            let names = cues & (cue::COMMENTS | cue::ANSWERS) != 0
                && (cues & cue::INVITATION == 0 || cues & cue::DIGIT != 0);
            let heading = facts.kind(i).is_heading();
            let counts = cues & (cue::DIGIT | cue::TIME) == cue::DIGIT
                && stats.length <= 5.0
                && stats.link_density() < 0.5;
            if names && (heading || counts) {
                last = Some(i);
            }
            last
        })
        .collect()
}

/// For each block that heading, unless another of the same or a higher level has
/// begun something else since, at or before the block.
fn still_open(facts: &PageFacts<'_>, headings: &[Option<usize>]) -> Vec<Option<usize>> {
    let level = |i: usize| match facts.kind(i).level() {
        0 => u8::MAX,
        level => level,
    };
    let mut open = None;
    headings
        .iter()
        .enumerate()
        .map(|(i, &last)| {
            if last == Some(i) {
                open = last;
            } else if facts.kind(i).is_heading() {
                open = open.filter(|&heading| level(i) > level(heading));
            }
            open
        })
        .collect()
}

pub(super) const FEATURES: &[Feature] = &[
    Feature::new("thread.in", "1 in a cell of a thread", &|f, i| {
        flag(f.threads.places[i].is_some())
    }),
    Feature::new(
        "thread.cell",
        "ln(1 + cells of the thread before the block's own)",
        &|f, i| f.threads.places[i].map_or(0.0, |(_, cell)| (cell as f32).log_e_1p()),
    ),
    Feature::new(
        "thread.depth",
        "cells around the block, one in another as replies are; 8 at most",
        &|f, i| f.threads.depths[i].min(8) as f32,
    ),
    Feature::new(
        "thread.cells",
        "ln(1 + cells of the block's thread), 0 outside",
        &|f, i| {
            f.threads
                .thread(i)
                .map_or(0.0, |t| (t.cells.len() as f32).log_e_1p())
        },
    ),
    Feature::new(
        "thread.evidence",
        "how much speaks for the block's thread, 0 outside to 1",
        &|f, i| f.threads.thread(i).map_or(0.0, |t| t.evidence),
    ),
    Feature::of_page(
        "thread.page_cells",
        "ln(1 + cells of all threads of the page)",
        |f| (f.threads.cells as f32).log_e_1p(),
    ),
    Feature::of_page(
        "thread.page_share",
        "share of the page's length in threads, 0 to 1",
        |f| ratio(f.threads.length, f.page.length),
    ),
    Feature::of_page(
        "thread.page_evidence",
        "how much speaks for the longest thread, 0 without one to 1",
        |f| f.threads.main().map_or(0.0, |t| t.evidence),
    ),
    Feature::of_page(
        "thread.text_before",
        "ln(1 + length outside links of the paragraphs before the longest thread, or of all \
         paragraphs of a page without one)",
        |f| f.threads.text_before.max(0.0).log_e_1p(),
    ),
    Feature::of_page(
        "thread.text_before_share",
        "that length, relative to it and the thread's together; 1 without a thread",
        |f| {
            f.threads.main().map_or(1.0, |t| {
                ratio(f.threads.text_before, f.threads.text_before + t.length)
            })
        },
    ),
    Feature::of_page(
        "thread.first_text",
        "1 when no paragraph stands before the longest thread, as in a forum",
        |f| flag(f.threads.main.is_some() && f.threads.text_before <= 0.0),
    ),
    Feature::of_page(
        "thread.headline_before",
        "1 when an `h1` or `h2` stands before the longest thread, outside cells",
        |f| flag(f.threads.main.is_some() && f.threads.headline_before),
    ),
    Feature::new(
        "thread.place",
        "place by the longest thread: -1 before, 1 in it, 2 after, 0 without one",
        &|f, i| {
            f.threads.main().map_or(0.0, |t| match t.span() {
                span if i < span.start => -1.0,
                span if i >= span.end => 2.0,
                _ => 1.0,
            })
        },
    ),
    Feature::new(
        "thread.from_start",
        "signed ln(1 + blocks) from the longest thread's first block, 0 without one",
        &|f, i| {
            f.threads.main().map_or(0.0, |t| {
                let start = t.span().start;
                let distance = (i.abs_diff(start) as f32).log_e_1p();
                if i < start { -distance } else { distance }
            })
        },
    ),
    Feature::new(
        "thread.line",
        "1 for a cell's line of author, time or controls",
        &|f, i| {
            let short = f.stats[i].length <= 12.0;
            let cues = f.threads.says(i, cue::TIME | cue::CONTROL | cue::VOTE);
            flag(f.threads.places[i].is_some() && short && (cues || f.threads.line[i]))
        },
    ),
    Feature::new(
        "thread.time",
        "1 when the block tells a date, an hour or an age in any of many languages",
        &|f, i| flag(f.threads.says(i, cue::TIME)),
    ),
    Feature::new(
        "thread.control",
        "1 when the block is or links to a control: reply, quote, report, like",
        &|f, i| flag(f.threads.says(i, cue::CONTROL | cue::VOTE)),
    ),
    Feature::new(
        "thread.cell_length",
        "ln(1 + length of the block's cell), 0 outside",
        &|f, i| {
            f.threads
                .cell(i)
                .map_or(0.0, |cell| f.sums(cell).length.log_e_1p())
        },
    ),
    Feature::new(
        "thread.cell_share",
        "share of its cell's length that the block has, 0 outside to 1",
        &|f, i| {
            f.threads
                .cell(i)
                .map_or(0.0, |cell| ratio(f.stats[i].length, f.sums(cell).length))
        },
    ),
    Feature::of_page(
        "thread.first_longer",
        "ln((1 + length of the longest thread's first cell) / (1 + mean length of the others)), \
         -3 to 3, 0 without a thread",
        first_longer,
    ),
    Feature::of_page(
        "thread.first_differs",
        "1 when the first cell's markup differs from the others', as that of a post above",
        |f| flag(f.threads.main().is_some_and(|t| t.first_differs)),
    ),
    Feature::new(
        "thread.heading",
        "1 for a block that heads or counts comments or answers",
        &|f, i| flag(f.threads.headings[i] == Some(i)),
    ),
    Feature::new(
        "thread.under_comments",
        "1 when the last such block above names comments",
        &|f, i| flag(f.threads.heading(i, cue::COMMENTS)),
    ),
    Feature::new(
        "thread.under_answers",
        "1 when the last such block above names answers or replies",
        &|f, i| flag(f.threads.heading(i, cue::ANSWERS)),
    ),
    Feature::new(
        "thread.heading_distance",
        "ln(1 + blocks since that block), 9 for none",
        &|f, i| f.threads.headings[i].map_or(9.0, |h| ((i - h) as f32).log_e_1p()),
    ),
    Feature::new(
        "thread.class",
        "nearness of comment-like markup above, in more languages than `class.comment`, 0 to 1",
        &|f, i| match f.threads.steps[i] {
            9.. => 0.0,
            steps => 1.0 / (1.0 + f32::from(steps)),
        },
    ),
    Feature::new(
        "thread.invitation",
        "1 when the block asks for a comment",
        &|f, i| flag(f.threads.says(i, cue::INVITATION)),
    ),
    Feature::of_page("thread.form", "1 when the page has a comment form", |f| {
        flag(f.threads.form.at.is_some())
    }),
    Feature::of_page(
        "thread.form_guest",
        "1 when that form asks for a name or an address",
        |f| flag(f.threads.form.guest),
    ),
    Feature::of_page(
        "thread.form_service",
        "1 when the page has a place for another site's comments",
        |f| flag(f.threads.form.service),
    ),
    Feature::new(
        "thread.form_below",
        "1 when the comment form stands after the block",
        &|f, i| flag(f.threads.form.at.is_some_and(|at| i < at)),
    ),
    Feature::new(
        "thread.form_distance",
        "ln(1 + blocks from the block to the comment form), 9 for none",
        &|f, i| {
            f.threads
                .form
                .at
                .map_or(9.0, |at| (at.abs_diff(i) as f32).log_e_1p())
        },
    ),
    Feature::of_page(
        "thread.page_forum",
        "signs outside the text that the page is a forum's, 0 to 5",
        |f| f32::from(f.threads.site.forum),
    ),
    Feature::of_page(
        "thread.page_questions",
        "1 when schema.org markup names a `QAPage`, or a `Question` and no `FAQPage`",
        |f| f32::from(f.threads.site.questions),
    ),
    Feature::of_page(
        "thread.page_article",
        "signs outside the text that the page is an article, 0 to 4",
        |f| f32::from(f.threads.site.article),
    ),
];

fn first_longer(facts: &PageFacts<'_>) -> f32 {
    let Some(thread) = facts.threads.main() else {
        return 0.0;
    };
    let Some((first, others)) = thread.cells.split_first() else {
        return 0.0;
    };
    let first = facts.sums(first.clone()).length;
    let mean = ratio(thread.length - first, others.len() as f32);
    ((1.0 + first) / (1.0 + mean.max(0.0)))
        .log_e()
        .clamp(-3.0, 3.0)
}

#[cfg(test)]
mod tests;
