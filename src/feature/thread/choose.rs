//! Of the runs that could be threads, those that are.

use std::ops::Range;

use foldhash::HashMap;

use super::super::facts::PageFacts;
use super::cells::{Candidate, Thread};

/// Of nested runs the outer one counts, unless fewer than two of its cells
/// are free of inner runs: then its cells are the parts of a page. Replies
/// to a comment are no such run, and a cell marked as a post is one with
/// all it holds. Runs of one parent are one thread.
pub(super) fn choose(facts: &PageFacts<'_>, candidates: Vec<Candidate>) -> Vec<Thread> {
    let mut starts = Starts::default();
    for candidate in &candidates {
        starts.add(candidate.cells[0].start, candidate.stem);
    }
    let starts = starts.sorted();
    let mut owned = vec![false; facts.len()];
    let mut chosen: Vec<Thread> = Vec::new();
    for candidate in candidates {
        let Candidate {
            mut cells,
            evidence,
            first_differs,
            parent,
            stem,
            marked,
            ..
        } = candidate;
        let free = |cell: &&Range<usize>| starts.of_others(cell, stem) == 0;
        if !marked && cells.iter().filter(free).count() < 2 {
            continue;
        }
        cells.retain(|cell| !owned[cell.start]);
        if cells.is_empty() {
            continue;
        }
        let mut length = 0.0;
        for cell in &cells {
            owned[cell.clone()].fill(true);
            length += facts.sums(cell.clone()).length;
        }
        match chosen.last_mut() {
            Some(last) if last.parent == parent => {
                last.cells.append(&mut cells);
                last.length += length;
                last.evidence = last.evidence.max(evidence);
            }
            _ => chosen.push(Thread {
                cells,
                evidence,
                first_differs,
                length,
                parent,
            }),
        }
    }
    for thread in &mut chosen {
        thread.cells.sort_unstable_by_key(|cell| cell.start);
    }
    chosen.sort_by_key(|thread| thread.span().start);
    chosen
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
