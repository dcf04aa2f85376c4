//! Facts of the blocks and elements → the page's threads.
//!
//! Two shapes are looked for below every element: like siblings that are a
//! cell each, and a flat run of siblings (rows of a table, `dt` and `dd`) in
//! which every line with a time begins a cell. A run is a thread when most of
//! its cells tell a time and hold prose, and when enough else speaks for it:
//! reply controls, class words, the heading above, authors, the software.

use std::collections::HashMap;
use std::ops::Range;

use scraper::Node;

use super::super::facts::PageFacts;
use super::{cue, mark};
use crate::block::ElementId;
use crate::page::Page;

/// Evidence, 0 to 1, from which a run counts as a thread: one full sign
/// (controls or class words on every cell) suffices.
const ENOUGH: f32 = 0.4;
/// Share of a run's cells that must tell a time and hold prose.
const GOOD: f32 = 0.6;
/// Length outside links from which a cell holds prose.
const PROSE: f32 = 6.0;
/// Length up to which a line is one of author and time.
const LINE: f32 = 25.0;

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
    parent: usize,
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
    /// Marks of each element, and hash of its name and stem.
    marks: &'f [u16],
    stems: Vec<u64>,
    /// The page says that it is a forum's, or one of questions.
    hosted: bool,
    block_counts: Vec<Counts>,
    element_counts: Vec<Counts>,
    /// For each block, the last heading of comments or answers before it.
    headings: &'f [Option<usize>],
    /// Steps up to the nearest element marked as comments, 9 for none.
    comment_above: Vec<u8>,
}

/// A run that passed the bar.
struct Candidate {
    thread: Thread,
    /// Shapes of the cells' markup.
    shapes: Vec<u64>,
    /// Stem of the first cell.
    stem: u64,
    /// Most cells are marked as posts or comments.
    marked: bool,
}

impl<'f, 'a> Search<'f, 'a> {
    pub(super) fn new(
        page: &Page,
        facts: &'f PageFacts<'a>,
        cues: &'f [u16],
        marks: &'f [u16],
        headings: &'f [Option<usize>],
        hosted: bool,
    ) -> Self {
        let elements = facts.blocks.outline.elements();
        let mut block_counts = vec![Counts::default()];
        for (i, cues) in cues.iter().enumerate() {
            block_counts.push(block_counts[i].plus(Counts {
                times: u32::from(cues & cue::TIME != 0),
                controls: u32::from(cues & cue::CONTROL != 0),
                votes: u32::from(cues & cue::VOTE != 0),
                ..Counts::default()
            }));
        }
        let mut element_counts = vec![Counts::default()];
        let mut comment_above: Vec<u8> = Vec::with_capacity(elements.len());
        let mut stems = Vec::with_capacity(elements.len());
        for (i, element) in elements.iter().enumerate() {
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
            let stem = match page.html.tree.get(element.node).map(|n| n.value()) {
                Some(Node::Element(e)) => mark::stem(e),
                _ => String::new(),
            };
            stems.push(super::hash((&*element.name, stem)));
        }
        Self {
            facts,
            marks,
            stems,
            hosted,
            block_counts,
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
        let children = self.children();
        let mut candidates = Vec::new();
        for (parent, children) in children.iter().enumerate() {
            if children.len() < 2 {
                continue;
            }
            let before = candidates.len();
            let mut groups: HashMap<u64, Vec<usize>> = HashMap::new();
            for &child in children {
                groups.entry(self.stems[child]).or_default().push(child);
            }
            let mut groups: Vec<_> = groups.into_values().filter(|g| g.len() >= 2).collect();
            // A map's order is not the page's.
            groups.sort_unstable_by_key(|group| group[0]);
            for group in groups {
                let cells: Vec<_> = group.iter().map(|&id| id..id + 1).collect();
                candidates.extend(self.judge(parent, &cells));
            }
            if candidates.len() == before && children.len() >= 4 {
                let cells = self.flat_cells(children);
                candidates.extend(self.judge(parent, &cells));
            }
        }
        let mut changes = vec![0_i32; self.facts.len() + 1];
        for cell in candidates.iter().flat_map(|c: &Candidate| &c.thread.cells) {
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
        (self.choose(candidates), depths)
    }

    /// The children of each element that hold text.
    fn children(&self) -> Vec<Vec<usize>> {
        let elements = self.facts.blocks.outline.elements();
        let mut children = vec![Vec::new(); elements.len()];
        for (i, element) in elements.iter().enumerate().skip(1) {
            if !element.blocks.is_empty() {
                children[element.parent.0].push(i);
            }
        }
        children
    }

    /// Cuts a run of siblings before every light one with a time. Cells are
    /// ranges of elements by the first element of their first and one past
    /// that of their last member.
    fn flat_cells(&self, children: &[usize]) -> Vec<Range<usize>> {
        let heads: Vec<usize> = (0..children.len())
            .filter(|&at| {
                let blocks = self.blocks(children[at]..children[at] + 1);
                self.counts(children[at]..children[at] + 1).times > 0
                    && self.facts.sums(blocks).length <= LINE
            })
            .collect();
        let Some(longest) = heads.windows(2).map(|pair| pair[1] - pair[0]).max() else {
            return Vec::new();
        };
        // A cell of a single line has no room for prose.
        if longest < 2 {
            return Vec::new();
        }
        heads
            .iter()
            .enumerate()
            .map(|(n, &head)| {
                let end = heads
                    .get(n + 1)
                    .copied()
                    .unwrap_or((head + longest).min(children.len()));
                children[head]..children[end - 1] + 1
            })
            .collect()
    }

    /// Blocks of a range of siblings.
    fn blocks(&self, siblings: Range<usize>) -> Range<usize> {
        let elements = self.facts.blocks.outline.elements();
        elements[siblings.start].blocks.start..elements[siblings.end - 1].blocks.end
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
        let (mut titles, mut classed, mut posts) = (0.0, 0.0, 0.0);
        let mut length = 0.0;
        for cell in cells {
            let counts = self.counts(cell.clone());
            let sums = self.facts.sums(self.blocks(cell.clone()));
            let own = self.marks[cell.start];
            let control = counts.controls > 0;
            let comment = own & mark::COMMENT != 0;
            length += sums.length;
            if sums.length - sums.link_length >= PROSE && (counts.times > 0 || (comment && control))
            {
                good += 1.0;
            }
            controls += f32::from(u8::from(control));
            votes += f32::from(u8::from(counts.votes > 0));
            authors += f32::from(u8::from(counts.authors > 0));
            titles += f32::from(u8::from(counts.titles > 0));
            classed += f32::from(u8::from(comment));
            posts += f32::from(u8::from(own & mark::POST != 0));
        }
        let all = cells.len() as f32;
        if good < GOOD * all || length <= 0.0 {
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
            + 0.15 * authors / all
            + 0.1 * votes / all
            + 0.1 * posts / all
            + if headed { 0.25 } else { 0.0 }
            + if self.hosted { 0.25 } else { 0.0 }
            - 0.35 * titles / all;
        // Two are a run only where every sign agrees.
        let bar = if good < 3.0 { 2.0 * ENOUGH } else { ENOUGH };
        if evidence < bar {
            return None;
        }
        let shapes = cells.iter().map(|cell| self.shape(cell.start)).collect();
        Some(Candidate {
            thread: Thread {
                cells: cells.iter().map(|cell| self.blocks(cell.clone())).collect(),
                evidence: evidence.min(1.0),
                first_differs: false,
                length,
                parent,
            },
            shapes,
            stem: self.stems[cells[0].start],
            marked: 2.0 * (classed + posts) >= all,
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

    /// Of nested runs the outer one counts, unless fewer than two of its cells
    /// are free of inner runs: then its cells are the parts of a page. Replies
    /// to a comment are no such run, and a cell marked as a post is one with
    /// all it holds. Runs of one parent are one thread.
    fn choose(&self, candidates: Vec<Candidate>) -> Vec<Thread> {
        let mut starts = Starts::default();
        for candidate in &candidates {
            starts.add(candidate.thread.span().start, candidate.stem);
        }
        let starts = starts.sorted();
        let mut owned = vec![false; self.facts.len()];
        let mut chosen: Vec<Thread> = Vec::new();
        for candidate in candidates {
            let Candidate {
                mut thread,
                shapes,
                stem,
                marked,
            } = candidate;
            let free = |cell: &&Range<usize>| starts.of_others(cell, stem) == 0;
            if !marked && thread.cells.iter().filter(free).count() < 2 {
                continue;
            }
            thread.first_differs = first_differs(&shapes);
            thread.cells.retain(|cell| !owned[cell.start]);
            if thread.cells.is_empty() {
                continue;
            }
            thread.length = 0.0;
            for cell in &thread.cells {
                owned[cell.clone()].fill(true);
                thread.length += self.facts.sums(cell.clone()).length;
            }
            match chosen.last_mut() {
                Some(last) if last.parent == thread.parent => {
                    last.cells.append(&mut thread.cells);
                    last.cells.sort_unstable_by_key(|cell| cell.start);
                    last.length += thread.length;
                    last.evidence = last.evidence.max(thread.evidence);
                    last.first_differs = true;
                }
                _ => chosen.push(thread),
            }
        }
        chosen.sort_by_key(|thread| thread.span().start);
        chosen
    }
}

/// First blocks of runs, of all and by the stem of their cells.
#[derive(Default)]
struct Starts {
    all: Vec<usize>,
    by_stem: HashMap<u64, Vec<usize>>,
}

impl Starts {
    fn add(&mut self, block: usize, stem: u64) {
        self.all.push(block);
        self.by_stem.entry(stem).or_default().push(block);
    }

    fn sorted(mut self) -> Self {
        self.all.sort_unstable();
        self.by_stem.values_mut().for_each(|s| s.sort_unstable());
        self
    }

    /// Runs of other stems that start in a range of blocks.
    fn of_others(&self, blocks: &Range<usize>, stem: u64) -> usize {
        let within = |starts: &[usize]| {
            starts.partition_point(|&s| s < blocks.end)
                - starts.partition_point(|&s| s < blocks.start)
        };
        within(&self.all) - self.by_stem.get(&stem).map_or(0, |starts| within(starts))
    }
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
