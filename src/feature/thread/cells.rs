//! Facts of the blocks and elements → the page's threads.
//!
//! Two shapes are looked for below every element: like siblings that are a
//! cell each, and a flat run of siblings (rows of a table, `dt` and `dd`) in
//! which every line with a time begins a cell. A run is a thread when most of
//! its cells tell a time and hold prose, and when enough else speaks for it:
//! reply controls, class words, the heading above, authors, the software.

use std::ops::Range;

use foldhash::{HashMap, HashMapExt};

use super::super::facts::PageFacts;
use super::choose::choose;
use super::{cue, mark};
use crate::block::ElementId;

/// Evidence, 0 to 1, from which a run counts as a thread: one full sign
/// (controls or class words on every cell) suffices.
const ENOUGH: f32 = 0.4;
/// Share of a run's cells that must tell a time and hold prose.
const GOOD: f32 = 0.5;
/// Length outside links from which a cell holds prose.
const PROSE: f32 = 5.0;
/// Length up to which a sibling in a flat run is a line of author and time
/// (and of what else a table's row says of the author).
const LINE: f32 = 25.0;
/// Length up to which a block with a time is no prose.
const SHORT_LINE: f32 = 12.0;

/// Running sums over blocks, or over elements.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    times: u32,
    authors: u32,
    controls: u32,
    votes: u32,
    titles: u32,
}

impl Counts {
    fn plus(self, other: Self) -> Self {
        Self {
            times: self.times + other.times,
            authors: self.authors + other.authors,
            controls: self.controls + other.controls,
            votes: self.votes + other.votes,
            titles: self.titles + other.titles,
        }
    }

    fn minus(self, other: Self) -> Self {
        Self {
            times: self.times - other.times,
            authors: self.authors - other.authors,
            controls: self.controls - other.controls,
            votes: self.votes - other.votes,
            titles: self.titles - other.titles,
        }
    }
}

/// A run of cells.
#[derive(Debug, Clone, Default)]
pub(super) struct Thread {
    /// Blocks of each cell, in order, none empty.
    pub cells: Vec<Range<usize>>,
    /// How much speaks for it, 0 to 1.
    pub evidence: f32,
    /// The first cell's markup differs from that of most others.
    pub first_differs: bool,
    /// Length of all cells, in English words.
    pub length: f32,
    /// The element whose children the cells are.
    pub parent: usize,
}

impl Thread {
    /// From the first cell's start to the last one's end.
    pub(super) fn span(&self) -> Range<usize> {
        let start = self.cells.first().map_or(0, |cell| cell.start);
        start..self.cells.last().map_or(start, |cell| cell.end)
    }
}

/// What the search works on.
pub(super) struct Search<'f, 'a> {
    facts: &'f PageFacts<'a>,
    /// For each element, its marks.
    marks: &'f [u16],
    /// For each element, the hash of its name and stem.
    stems: Vec<u64>,
    /// The page says that it is a forum's, or one of questions.
    hosted: bool,
    /// Running sums over blocks; one more than there are blocks.
    block_counts: Vec<Counts>,
    /// Running sums of prose over blocks; one more than there are blocks.
    prose: Vec<f32>,
    /// Running sums over elements; one more than there are elements.
    element_counts: Vec<Counts>,
    /// For each block, the last heading of comments or answers at or before it.
    headings: &'f [Option<usize>],
    /// Steps up to the nearest element marked as comments, 9 for none.
    comment_above: Vec<u8>,
}

/// A run that passed the bar.
pub(super) struct Candidate {
    /// Blocks of each cell, in order, none empty.
    pub cells: Vec<Range<usize>>,
    /// How much speaks for it, 0 to 1.
    pub evidence: f32,
    /// The first cell's markup differs from that of most others.
    pub first_differs: bool,
    /// The element whose children the cells are.
    pub parent: usize,
    /// Stem of the first cell.
    pub stem: u64,
    /// Most cells are marked as posts or comments.
    pub marked: bool,
    /// Most cells tell a time.
    timed: bool,
}

impl<'f, 'a> Search<'f, 'a> {
    pub(super) fn new(
        facts: &'f PageFacts<'a>,
        cues: &'f [u16],
        marks: &'f [u16],
        headings: &'f [Option<usize>],
        hosted: bool,
    ) -> Self {
        let elements = facts.blocks.outline.elements();
        let mut block_counts = vec![Counts::default()];
        let mut prose = vec![0.0];
        for (i, cues) in cues.iter().enumerate() {
            let stats = &facts.stats[i];
            let line = cues & cue::TIME != 0 && stats.length <= SHORT_LINE;
            let length = if line {
                0.0
            } else {
                stats.length - stats.link_length
            };
            prose.push(prose[i] + length);
            block_counts.push(block_counts[i].plus(Counts {
                times: u32::from(cues & cue::TIME != 0),
                authors: u32::from(cues & cue::AUTHOR != 0),
                controls: u32::from(cues & cue::CONTROL != 0),
                votes: u32::from(cues & cue::VOTE != 0),
                ..Counts::default()
            }));
        }
        let mut element_counts = vec![Counts::default()];
        let mut comment_above: Vec<u8> = Vec::with_capacity(elements.len());
        let mut stems = Vec::with_capacity(elements.len());
        for (i, element) in elements.iter().enumerate() {
            crate::watch::spend(64);
            let own = marks[i];
            let above = marks[element.parent.0];
            // The title of a card links to its page; that of a post to itself,
            // and the heading that names its author to a member.
            let title = (own | above) & (mark::HEADING | mark::LINK) == mark::HEADING | mark::LINK
                && own & (mark::HEADING | mark::LINK) != 0
                && (own | above) & mark::AUTHOR == 0;
            element_counts.push(element_counts[i].plus(Counts {
                times: u32::from(own & mark::TIME != 0),
                authors: u32::from(own & mark::AUTHOR != 0),
                controls: u32::from(own & mark::CONTROL != 0),
                votes: 0,
                titles: u32::from(title),
            }));
            let commented = own & mark::COMMENT != 0 && element.depth > 1;
            comment_above.push(match (commented, element.parent.0 == i) {
                (true, _) => 0,
                (false, true) => 9,
                (false, false) => (comment_above[element.parent.0].saturating_add(1_u8)).min(9),
            });
            stems.push(stem(facts, i));
        }
        Self {
            facts,
            marks,
            stems,
            hosted,
            block_counts,
            prose,
            element_counts,
            headings,
            comment_above,
        }
    }

    /// Steps up from an element to markup of comments, 9 at most and for none.
    pub(super) fn steps_to_comment(&self, id: ElementId) -> u8 {
        self.comment_above[id.0]
    }

    /// The page's threads in document order, no block in two of them; and for
    /// each block the cells around it, those of replies and inner runs too.
    pub(super) fn threads(&self) -> (Vec<Thread>, Vec<u32>) {
        let elements = self.facts.blocks.outline.elements();
        let mut candidates = Vec::new();
        let (mut children, mut by_stem) = (Vec::new(), Vec::new());
        for parent in 0..elements.len() {
            self.children(parent, &mut children);
            crate::watch::spend(32 * children.len());
            if children.len() < 2 {
                continue;
            }
            let before = candidates.len();
            by_stem.clear();
            by_stem.extend(children.iter().map(|&child| (self.stems[child], child)));
            by_stem.sort_unstable();
            let alike = by_stem.chunk_by(|a, b| a.0 == b.0);
            let mut groups: Vec<_> = alike.filter(|group| group.len() >= 2).collect();
            groups.sort_unstable_by_key(|group| group[0].1);
            for group in groups {
                let cells: Vec<_> = group.iter().map(|&(_, id)| id..id + 1).collect();
                candidates.extend(self.judge(parent, &cells));
            }
            // Of a flat run the texts alone may look like cells.
            if candidates[before..]
                .iter()
                .all(|run: &Candidate| !run.timed)
                && let Some(flat) = self.judge(parent, &self.flat_cells(&children))
            {
                candidates.truncate(before);
                candidates.push(flat);
            }
        }
        let mut changes = vec![0_i32; self.facts.len() + 1];
        for cell in candidates.iter().flat_map(|c: &Candidate| &c.cells) {
            changes[cell.start] += 1;
            changes[cell.end] -= 1;
        }
        let mut depth = 0;
        let depths = changes[..self.facts.len()]
            .iter()
            .map(|change| {
                depth += change;
                depth.unsigned_abs()
            })
            .collect();
        (choose(self.facts, candidates), depths)
    }

    /// The children of an element that hold text.
    fn children(&self, parent: usize, into: &mut Vec<usize>) {
        let elements = self.facts.blocks.outline.elements();
        into.clear();
        let mut child = parent + 1;
        while child < elements[parent].end {
            if !elements[child].blocks.is_empty() {
                into.push(child);
            }
            child = elements[child].end;
        }
    }

    /// Cuts a run of siblings at the light ones with a time: before them, or
    /// after, where they sign the text above. Cells are ranges of elements by
    /// the first element of their first and one past that of their last member.
    fn flat_cells(&self, children: &[usize]) -> Vec<Range<usize>> {
        let lines: Vec<usize> = (0..children.len())
            .filter(|&at| {
                let child = children[at]..children[at] + 1;
                self.counts(child.clone()).times > 0
                    && self.facts.sums(self.blocks(child)).length <= LINE
            })
            .collect();
        let Some(longest) = lines.windows(2).map(|pair| pair[1] - pair[0]).max() else {
            return Vec::new();
        };
        // A cell of a single line has no room for prose.
        if longest < 2 {
            return Vec::new();
        }
        let (first, last) = (lines[0], lines[lines.len() - 1]);
        let heading = |at: usize| self.marks[children[at]] & mark::HEADING != 0;
        let text = |at: usize| !heading(at) && self.prose(children[at]..children[at] + 1) >= PROSE;
        // Above the first comment stands a heading, or its own text.
        let signed = first > 0 && text(first - 1);
        let cell = |range: Range<usize>| children[range.start]..children[range.end - 1] + 1;
        if signed {
            let reach = (first + 1).saturating_sub(longest);
            let mut start = (reach..first)
                .rev()
                .find(|&at| heading(at))
                .map_or(reach, |h| h + 1);
            return lines
                .iter()
                .map(|&line| cell(std::mem::replace(&mut start, line + 1)..line + 1))
                .collect();
        }
        let ends = lines[1..].iter().copied();
        let end = (last + longest).min(children.len());
        let ends = ends.chain([end]);
        lines
            .iter()
            .zip(ends)
            .map(|(&line, end)| cell(line..end))
            .collect()
    }

    /// Whether an element's text outside links and lines is prose.
    pub(super) fn holds_prose(&self, id: ElementId) -> bool {
        let blocks = self.facts.blocks.outline[id].blocks.clone();
        self.prose[blocks.end] - self.prose[blocks.start] >= PROSE
    }

    /// Whether an element below a cell's is marked up like that, by more than its
    /// name, and tells a time and holds prose as a cell does.
    pub(super) fn is_reply(&self, cell: usize, id: usize) -> bool {
        let name = &self.facts.blocks.outline.elements()[id].name;
        self.stems[id] == self.stems[cell]
            && self.stems[id] != super::hash((&**name, super::hash("")))
            && self.holds_prose(ElementId(id))
            && self.counts(id..id + 1).times > 0
    }

    /// Blocks of a range of siblings.
    fn blocks(&self, siblings: Range<usize>) -> Range<usize> {
        let elements = self.facts.blocks.outline.elements();
        elements[siblings.start].blocks.start..elements[siblings.end - 1].blocks.end
    }

    /// Length outside links of a range of siblings, their lines of author and
    /// time left out.
    fn prose(&self, siblings: Range<usize>) -> f32 {
        let blocks = self.blocks(siblings);
        self.prose[blocks.end] - self.prose[blocks.start]
    }

    fn counts(&self, siblings: Range<usize>) -> Counts {
        let elements = self.facts.blocks.outline.elements();
        let end = elements[siblings.end - 1].end;
        let blocks = self.blocks(siblings.clone());
        self.block_counts[blocks.end]
            .minus(self.block_counts[blocks.start])
            .plus(self.element_counts[end].minus(self.element_counts[siblings.start]))
    }

    fn judge(&self, parent: usize, cells: &[Range<usize>]) -> Option<Candidate> {
        if cells.len() < 2 {
            return None;
        }
        let (mut good, mut controls, mut votes, mut authors) = (0.0, 0.0, 0.0, 0.0);
        let (mut titles, mut classed, mut posts, mut timed) = (0.0, 0.0, 0.0, 0.0);
        for cell in cells {
            let counts = self.counts(cell.clone());
            let own = self.marks[cell.start];
            let control = counts.controls > 0;
            let comment = own & mark::COMMENT != 0;
            // The class of a comment stands for its time, which scripts fill in.
            if self.prose(cell.clone()) >= PROSE && (counts.times > 0 || comment) {
                good += 1.0;
            }
            timed += f32::from(u8::from(counts.times > 0));
            controls += f32::from(u8::from(control));
            votes += f32::from(u8::from(counts.votes > 0));
            authors += f32::from(u8::from(counts.authors > 0));
            titles += f32::from(u8::from(counts.titles > 0));
            classed += f32::from(u8::from(comment));
            posts += f32::from(u8::from(own & mark::POST != 0));
        }
        let all = cells.len() as f32;
        if good < GOOD * all {
            return None;
        }
        let class = (classed / all).max(match self.comment_above[parent] {
            0..=2 => 1.0,
            3..=4 => 0.5,
            _ => 0.0,
        });
        let start = self.blocks(cells[0].clone()).start;
        // No further up than a sort menu and a form take.
        const REACH: usize = 12;
        let headed = start > 0 && self.headings[start - 1].is_some_and(|h| h + REACH >= start);
        let evidence = 0.4 * controls / all
            + 0.4 * class
            + 0.2 * authors / all
            + 0.1 * votes / all
            + 0.1 * posts / all
            + if headed { 0.25 } else { 0.0 }
            + if self.hosted { 0.25 } else { 0.0 }
            - 0.35 * titles / all;
        let shapes: Vec<u64> = cells.iter().map(|cell| self.shape(cell.start)).collect();
        // Two are a run only where every sign agrees and they are built alike,
        // else they may be the two columns of one post.
        let enough = if good < 3.0 {
            evidence >= 2.0 * ENOUGH && shapes.iter().all(|shape| *shape == shapes[0])
        } else {
            evidence >= ENOUGH
        };
        if !enough {
            return None;
        }
        Some(Candidate {
            cells: cells.iter().map(|cell| self.blocks(cell.clone())).collect(),
            evidence: evidence.min(1.0),
            first_differs: first_differs(&shapes),
            parent,
            stem: self.stems[cells[0].start],
            marked: 2.0 * (classed + posts) >= all,
            timed: 2.0 * timed >= all,
        })
    }

    /// Hash of an element's own stem and those of its first children.
    fn shape(&self, id: usize) -> u64 {
        let elements = self.facts.blocks.outline.elements();
        let mut shape = self.stems[id];
        let mut child = id + 1;
        for _ in 0..3 {
            if child >= elements[id].end {
                break;
            }
            shape = super::hash((shape, self.stems[child]));
            child = elements[child].end;
        }
        shape
    }
}

/// Hash of an element's name and of the stem of its class or else its id.
fn stem(facts: &PageFacts<'_>, id: usize) -> u64 {
    let own = facts.elements.of_id(id);
    let of_id = || super::hash(mark::letters(own.attributes.id.unwrap_or("")));
    super::hash((&**own.name, own.class.stem.unwrap_or_else(of_id)))
}

/// True when the first shape is not that of at least half of the others.
fn first_differs(shapes: &[u64]) -> bool {
    let Some((first, others)) = shapes.split_first() else {
        return false;
    };
    let like = others.iter().filter(|shape| *shape == first).count();
    let mut counts: HashMap<u64, usize> = HashMap::new();
    for shape in others {
        *counts.entry(*shape).or_default() += 1;
    }
    let most = counts.into_values().max().unwrap_or(0);
    others.len() >= 2 && 2 * most >= others.len() && 4 * like < others.len()
}
