//! Threads → what each block is in a discussion: a reader's comment under
//! something else, a post of a forum, or neither.
//!
//! Nothing of it is a feature. Which comment a block is of is told more finely
//! than by the thread's cells: a reply that is marked up like the comment that
//! it stands in is one of its own.

use foldhash::{HashMap, HashMapExt, HashSet};
use serde::{Deserialize, Serialize};

use super::super::facts::PageFacts;
use super::super::markup::Kind;
use super::cells::{Search, Thread};
use super::{Threads, cue, mark};
use crate::block::{Block, Blocks, ElementId};
use crate::page::Page;

/// Length in English words up to which a block with a time or a control is no
/// prose, as for the feature `thread.line`.
const SHORT_LINE: f32 = 12.0;
/// Length up to which a link, or an invitation, is a control.
const CONTROL: f32 = 5.0;
/// Length up to which what stands beside the time may be a name.
const NAME: f32 = 4.0;
/// Steps from a cell's first text up to markup of comments: the class of the
/// line, the cell, or the list.
const MARKED: u8 = 3;

/// What a text of a thread is to its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A reader's comment under something else: not the page's own.
    Comment,
    /// A post of a forum, or of a page of questions and answers: the page's own.
    Post,
}

/// Where a block stands in a discussion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// What it is of.
    pub role: Role,
    /// Which comment or post of the page, from 0 in the order of their first
    /// blocks.
    pub cell: usize,
    /// Whether it is what was written; else it is the line of author and time, a
    /// control such as "Reply", or a heading.
    pub prose: bool,
}

/// The discussions of a page, block by block.
///
/// Text is a comment's in a thread below a heading that names or counts
/// comments, or in one marked up as comments below the text of an article; never
/// on a page that says that it is a forum's or one of questions. There, and
/// where a page has nothing but its thread, it is a post's.
///
/// ```
/// use dehusk::block::Blocks;
/// use dehusk::feature::{Discussion, Role};
/// use dehusk::page::{Page, PageContext};
///
/// let comment = "<li><p>Ann, 3 hours ago<p>The old one was far nicer than this.</p><a href=#r>Reply</a>";
/// let html = format!("<p>Our bridge is to be mended.<h2>3 comments</h2><ol>{}</ol>", comment.repeat(3));
/// let page = Page::parse(html.as_bytes(), &PageContext::default());
/// let discussion = Discussion::of(&page, &Blocks::of(&page));
/// assert_eq!(discussion.place(0), None);
/// let place = discussion.place(3).unwrap();
/// assert_eq!((place.role, place.cell, place.prose), (Role::Comment, 0, true));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discussion {
    places: Vec<Option<Place>>,
}

impl Discussion {
    /// Finds the discussions of a page: time linear in elements and text.
    pub fn of(page: &Page, blocks: &Blocks) -> Self {
        PageFacts::gather(page, blocks).threads.discussion
    }

    /// That none of so many blocks stands in a discussion.
    pub(super) fn none(blocks: usize) -> Self {
        Self {
            places: vec![None; blocks],
        }
    }

    /// How many blocks it tells of.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// True for a page without blocks.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Where a block stands; `None` outside discussions and past the last block.
    pub fn place(&self, block: usize) -> Option<Place> {
        self.places.get(block).copied().flatten()
    }

    /// The blocks of each comment, in the order of their first blocks.
    pub fn comments(&self) -> Vec<Vec<usize>> {
        let mut comments: Vec<Vec<usize>> = Vec::new();
        let mut at = HashMap::new();
        for (block, place) in self.places.iter().enumerate() {
            if let Some(place) = place.filter(|place| place.role == Role::Comment) {
                let at = *at.entry(place.cell).or_insert_with(|| {
                    comments.push(Vec::new());
                    comments.len() - 1
                });
                comments[at].push(block);
            }
        }
        comments
    }

    /// Of threads that were found, and what stands inside their cells.
    pub(super) fn found(threads: &Threads, facts: &PageFacts<'_>, inside: &Inside) -> Self {
        let roles = roles(threads, facts);
        let lines = Lines {
            threads,
            facts,
            inside,
        };
        let worded = lines.worded();
        let mut numbers = HashMap::new();
        let places = (0..facts.len())
            .map(|i| {
                let (thread, cell) = threads.places[i]?;
                let role = roles[thread]?;
                let next = numbers.len();
                let reply = inside.replies[facts.block(i).inner.0];
                Some(Place {
                    role,
                    cell: *numbers.entry((thread, cell, reply)).or_insert(next),
                    prose: !(lines.is_line(i)
                        || worded.contains(&(thread, cell)) && lines.is_name(i)),
                })
            })
            .collect();
        Self { places }
    }
}

/// What each thread's texts are.
fn roles(threads: &Threads, facts: &PageFacts<'_>) -> Vec<Option<Role>> {
    let hosted = threads.site.forum + threads.site.questions > 0;
    let first_text =
        (0..facts.len()).find(|&i| threads.places[i].is_none() && facts.stats[i].is_paragraph());
    let role = |(t, thread): (usize, &Thread)| {
        let below_text = first_text.is_some_and(|text| text < thread.span().start);
        let marked = |cell: &&std::ops::Range<usize>| threads.steps[cell.start] <= MARKED;
        let marked = 2 * thread.cells.iter().filter(marked).count() > thread.cells.len();
        if hosted {
            Some(Role::Post)
        } else if threads.headed[t] || (marked && (below_text || threads.site.article > 0)) {
            Some(Role::Comment)
        } else {
            (threads.main == Some(t) && !below_text).then_some(Role::Post)
        }
    };
    threads.threads.iter().enumerate().map(role).collect()
}

/// What the elements inside cells are.
pub(super) struct Inside {
    /// For each element the reply that it is or stands in: the innermost element
    /// below a cell's own that is marked up like it and is a cell by itself.
    replies: Vec<Option<usize>>,
    /// For each element whether it is, or stands below, one that is marked as an
    /// author's or a time and holds no prose.
    signs: Vec<bool>,
    /// Running sum over elements of those marked as a time; one more than there
    /// are elements.
    times: Vec<u32>,
}

impl Inside {
    pub(super) fn of(
        threads: &[Thread],
        facts: &PageFacts<'_>,
        search: &Search<'_, '_>,
        marks: &[u16],
    ) -> Self {
        let elements = facts.blocks.outline.elements();
        let mut holds_cells = vec![false; elements.len()];
        for thread in threads {
            holds_cells[thread.parent] = true;
        }
        let mut cells: Vec<Option<usize>> = Vec::with_capacity(elements.len());
        let mut replies: Vec<Option<usize>> = Vec::with_capacity(elements.len());
        let mut signs: Vec<bool> = Vec::with_capacity(elements.len());
        let mut times = vec![0];
        for (id, element) in elements.iter().enumerate() {
            crate::watch::spend(32);
            // The root holds itself.
            let parent = Some(element.parent.0).filter(|&parent| parent != id);
            let cell = match parent {
                Some(parent) if holds_cells[parent] => Some(id),
                Some(parent) => cells[parent],
                None => None,
            };
            let is_reply = cell.is_some_and(|cell| cell != id && search.is_reply(cell, id));
            let above = parent.filter(|_| cell != Some(id));
            replies.push(match is_reply {
                true => Some(id),
                false => above.and_then(|above| replies[above]),
            });
            let signs_it = marks[id] & (mark::TIME | mark::AUTHOR) != 0
                && marks[id] & (mark::COMMENT | mark::POST) == 0
                && !search.holds_prose(ElementId(id));
            signs.push(signs_it || parent.is_some_and(|parent| signs[parent]));
            times.push(times[id] + u32::from(marks[id] & mark::TIME != 0));
            cells.push(cell);
        }
        Self {
            replies,
            signs,
            times,
        }
    }
}

/// Tells what was written from what stands around it.
struct Lines<'t, 'a> {
    threads: &'t Threads,
    facts: &'t PageFacts<'a>,
    inside: &'t Inside,
}

impl Lines<'_, '_> {
    /// A line of author and time, a control, or a heading.
    fn is_line(&self, i: usize) -> bool {
        let (stats, block) = (&self.facts.stats[i], self.facts.block(i));
        let says = |cue| self.threads.says(i, cue);
        let kinds = [block.element, block.inner].map(|id| self.facts.kinds[id.0]);
        let signed = says(cue::AUTHOR) || !stats.ends_sentence;
        let cues = (says(cue::TIME | cue::CONTROL | cue::VOTE) || self.holds_time(block)) && signed;
        self.inside.signs[block.inner.0]
            || (stats.length <= SHORT_LINE && (cues || self.threads.line[i]))
            || (stats.length <= CONTROL
                && (stats.link_density() >= 0.9 || says(cue::INVITATION | cue::FIELD)))
            || kinds
                .iter()
                .any(|kind| kind.is_heading() || matches!(kind, Kind::Control | Kind::Label))
    }

    /// Whether a block that is alone in its element has an element of a time in it.
    fn holds_time(&self, block: &Block) -> bool {
        let element = &self.facts.blocks.outline[block.element];
        let times = &self.inside.times;
        element.blocks.len() == 1 && times[element.end] > times[block.element.0]
    }

    /// A few words without an end beside the line of the time.
    fn is_name(&self, i: usize) -> bool {
        let stats = &self.facts.stats[i];
        let Some(cell) = self.threads.cell(i) else {
            return false;
        };
        let beside = [i.checked_sub(1), Some(i + 1)];
        stats.length <= NAME
            && !stats.ends_sentence
            && beside.into_iter().flatten().any(|line| {
                cell.contains(&line) && self.threads.says(line, cue::TIME) && self.is_line(line)
            })
    }

    /// The cells that hold something longer than a name.
    fn worded(&self) -> HashSet<(usize, usize)> {
        (0..self.facts.len())
            .filter(|&i| self.facts.stats[i].length > NAME && !self.is_line(i))
            .filter_map(|i| self.threads.places[i])
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::PageContext;

    fn discussion(html: &str) -> Discussion {
        let page = Page::parse(html.as_bytes(), &PageContext::default());
        Discussion::of(&page, &Blocks::of(&page))
    }

    fn of_role(discussion: &Discussion, role: Role) -> usize {
        let places = (0..discussion.len()).filter_map(|block| discussion.place(block));
        places.filter(|place| place.role == role).count()
    }

    const COMMENT: &str = "<li class=c><div><b>Ann</b> <time>3 May, 7 am</time></div>\
        <p>The old one was far nicer than this will ever be.</p><a href=#r>Reply</a>";

    #[test]
    fn what_readers_wrote_is_told_from_names_times_and_controls() {
        let html = format!(
            "<h1>Bridge</h1><p>The council voted on Tuesday to repair the old bridge before winter.</p>\
             <h3>3 comments</h3><ol>{}</ol><p>About us",
            COMMENT.repeat(3)
        );
        let discussion = discussion(&html);
        assert!((0..3).all(|block| discussion.place(block).is_none()));
        let prose: Vec<bool> = (3..12)
            .map(|block| discussion.place(block).unwrap().prose)
            .collect();
        assert_eq!(prose, [false, true, false].repeat(3));
        assert_eq!(of_role(&discussion, Role::Comment), 9);
        let cells = [[3, 4, 5], [6, 7, 8], [9, 10, 11]];
        assert_eq!(discussion.comments(), cells);
        assert_eq!(discussion.place(12), None);
    }

    #[test]
    fn a_name_in_a_line_of_its_own_is_not_what_was_written() {
        let comment = "<div class=comment><div>Ann Bo</div><div>3 hours ago</div>\
            <div>The old one was far nicer than this will ever be.</div><div>Me too</div></div>";
        let html = format!("<p>Text</p><h2>Comments</h2>{}", comment.repeat(3));
        let discussion = discussion(&html);
        let prose: Vec<bool> = (2..6)
            .map(|block| discussion.place(block).unwrap().prose)
            .collect();
        assert_eq!(prose, [false, false, true, true]);
    }

    #[test]
    fn a_reply_marked_up_like_its_comment_is_one_of_its_own() {
        let with_reply = format!("{COMMENT}<ul>{COMMENT}</li></ul></li>");
        let html = format!(
            "<p>Our bridge is to be mended.<h2>6 comments</h2><ol>{}</ol>",
            with_reply.repeat(3)
        );
        let lengths: Vec<usize> = discussion(&html).comments().iter().map(Vec::len).collect();
        assert_eq!(lengths, [3; 6]);
    }

    #[test]
    fn comments_without_a_heading_are_known_by_their_markup_below_a_text() {
        let text = "The council voted on Tuesday night to repair the old bridge over the river \
            before the winter comes, and traders on both banks were relieved.";
        let html = format!(
            "<p>{text}</p><ol class=commentlist>{}</ol>",
            COMMENT.repeat(3)
        );
        assert_eq!(of_role(&discussion(&html), Role::Comment), 9);
        let html = format!("<p>{text}</p><ol>{}</ol>", COMMENT.repeat(3));
        assert_eq!(of_role(&discussion(&html), Role::Comment), 0);
    }

    #[test]
    fn a_page_that_says_that_it_is_a_forums_has_posts() {
        let html = format!(
            "<meta name=generator content=phpBB><h1>Bridge</h1><h2>3 comments</h2><ol>{}</ol>",
            COMMENT.repeat(3)
        );
        let discussion = discussion(&html);
        assert_eq!(of_role(&discussion, Role::Comment), 0);
        assert_eq!(of_role(&discussion, Role::Post), 9);
    }
}
