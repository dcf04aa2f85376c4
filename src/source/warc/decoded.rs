//! Members → decoded bytes: those that are looked at, and what ends them.
//!
//! Places are counted in decoded bytes from the archive's beginning. What is
//! held reaches from the place that is read at to the next stop: a member that
//! begins a record, a failure, the end. A member that does not begin a record
//! goes on with the one before.

use std::collections::VecDeque;
use std::io::Read;

use super::failure::WarcFailure;
use super::members::Members;
use super::record::{VERSION_LINE, begins_record};

/// Bytes behind something wrong that are decoded to see whether its member is
/// damaged.
const DAMAGE: u64 = 1 << 20;

/// Members whose beginnings are known at a time.
const MEMBERS: usize = 1 << 16;

/// Decoded bytes that are kept room for when a long record is done with.
const ROOM: usize = 1 << 20;

/// What stands where the bytes at hand end.
pub(super) enum Stop {
    /// A member that begins a record, at this place.
    Record(u64),
    /// A failure, in a member whose bytes begin at this place.
    Failure(WarcFailure, u64),
    End,
}

/// The decoded bytes of an archive, a part at a time.
pub(super) struct Decoded<R: Read> {
    members: Members<R>,
    buffer: Vec<u8>,
    /// Place of the buffer's first byte.
    base: u64,
    /// Place of the next byte to look at; what comes before may be forgotten.
    pub(super) at: u64,
    /// The places where members begin, and where in the file they do.
    begins: VecDeque<(u64, u64)>,
    /// Why there is nothing behind [`Decoded::limit`]. Taking it goes on there.
    pub(super) stop: Option<Stop>,
}

impl<R: Read> Decoded<R> {
    pub(super) fn new(members: Members<R>) -> Self {
        Self {
            members,
            buffer: Vec::new(),
            base: 0,
            at: 0,
            begins: VecDeque::new(),
            stop: None,
        }
    }

    /// Whether the file is not compressed.
    pub(super) fn is_plain(&self) -> bool {
        self.members.is_plain()
    }

    /// Whether the member that the byte before this place is in turns out to be
    /// damaged. A decoder gives nonsense before it stumbles, or finds only at
    /// the member's end that its sum is wrong: what looks wrong in a record may
    /// be that.
    pub(super) fn is_damaged(&mut self, before: u64) -> bool {
        if self.members.is_plain() {
            return false;
        }
        while self.limit().saturating_sub(before) < DAMAGE && self.fill() {}
        matches!(self.stop, Some(Stop::Failure(_, begin)) if begin < before)
    }

    /// Where in the file the member begins that this place is in; the place
    /// itself when the file is not compressed.
    pub(super) fn offset(&self, place: u64) -> u64 {
        if self.members.is_plain() {
            return place;
        }
        let member = self.begins.iter().rev().find(|(begin, _)| *begin <= place);
        member.map_or(0, |&(_, offset)| offset)
    }

    /// Forgets where members begin that end before this place.
    pub(super) fn forget_members_before(&mut self, place: u64) {
        while self.begins.len() > 1 && self.begins[1].0 <= place {
            self.begins.pop_front();
        }
    }

    /// Place where the bytes end that belong together.
    pub(super) fn limit(&self) -> u64 {
        match self.stop {
            Some(Stop::Record(place)) => place,
            _ => self.base + self.buffer.len() as u64,
        }
    }

    pub(super) fn bytes(&self, from: u64, to: u64) -> &[u8] {
        &self.buffer[(from - self.base) as usize..(to - self.base) as usize]
    }

    pub(super) fn ahead(&self) -> &[u8] {
        self.bytes(self.at, self.limit())
    }

    /// Tries to have so many bytes ahead.
    pub(super) fn have(&mut self, n: u64) {
        while self.limit() - self.at < n && self.fill() {}
    }

    /// Decodes more; `false` when a stop is reached.
    pub(super) fn fill(&mut self) -> bool {
        if self.stop.is_some() {
            return false;
        }
        // Moving no more than is dropped keeps the cost linear.
        let passed = (self.at - self.base) as usize;
        if passed >= ROOM / 4 && passed * 2 >= self.buffer.len() {
            self.buffer.drain(..passed);
            self.buffer.shrink_to(ROOM.max(self.buffer.len() * 2));
            self.base = self.at;
        }
        let had = self.limit();
        loop {
            match self.members.read(&mut self.buffer) {
                Ok(0) => {}
                Ok(_) => return true,
                Err(failure) => {
                    let begin = self.begins.back().map_or(0, |&(begin, _)| begin);
                    self.stop = Some(Stop::Failure(failure, begin));
                    return false;
                }
            }
            let begin = self.limit();
            match self.members.next_member() {
                None => self.stop = Some(Stop::End),
                Some(Err(failure)) => self.stop = Some(Stop::Failure(failure, begin)),
                Some(Ok(offset)) => {
                    self.note_beginning(begin, offset);
                    self.see_beginning(begin);
                }
            }
            if self.stop.is_some() {
                return false;
            }
            if self.limit() > had {
                return true;
            }
        }
    }

    /// Members without a byte, and those beyond what any archive has within a
    /// record, are forgotten for the next.
    fn note_beginning(&mut self, begin: u64, offset: u64) {
        let empty = self.begins.back().is_some_and(|&(last, _)| last == begin);
        if empty || self.begins.len() >= MEMBERS {
            self.begins.pop_back();
        }
        self.begins.push_back((begin, offset));
    }

    /// Decodes as much of a new member as tells whether it begins a record.
    fn see_beginning(&mut self, begin: u64) {
        while self.limit() - begin < VERSION_LINE as u64 {
            match self.members.read(&mut self.buffer) {
                Ok(0) => break,
                Ok(_) => {}
                Err(failure) => {
                    self.buffer.truncate((begin - self.base) as usize);
                    self.stop = Some(Stop::Failure(failure, begin));
                    return;
                }
            }
        }
        if begins_record(self.bytes(begin, self.limit())) {
            self.stop = Some(Stop::Record(begin));
        }
    }
}
