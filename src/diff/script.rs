//! Two sequences → the runs in which they differ.

use std::hash::Hash;
use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput, Interner};

/// Items of one sequence in whose place the other has others; either may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hunk {
    pub(super) before: Range<usize>,
    pub(super) after: Range<usize>,
}

/// Where the sequences differ, in order; what lies between is alike.
///
/// Myers' algorithm with the bounds that diff tools put to it: a page of a million
/// blocks that are all alike must not take the square of that.
pub(super) fn hunks<T: Hash + Eq>(
    before: impl Iterator<Item = T>,
    after: impl Iterator<Item = T>,
) -> Vec<Hunk> {
    let mut input = InternedInput {
        before: Vec::new(),
        after: Vec::new(),
        interner: Interner::new(0),
    };
    input.update_before(before);
    input.update_after(after);
    let mut diff = Diff::compute(Algorithm::Myers, &input);
    // Of equal places for a run, the last: `a b` + `c a b`, not `a b c` + `a b`.
    diff.postprocess_no_heuristic(&input);
    diff.hunks()
        .map(|hunk| Hunk {
            before: hunk.before.start as usize..hunk.before.end as usize,
            after: hunk.after.start as usize..hunk.after.end as usize,
        })
        .collect()
}
