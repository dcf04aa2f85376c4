//! Members → records: where each begins and ends, also where that is wrong.
//!
//! A record says how long its block is. That is believed when the block is
//! there and another record, or nothing, follows it. Else the ends of members
//! and the version lines of other records say where it ended, and reading goes
//! on there. Only what is looked at is held: a record, at most `hold` bytes of
//! its block, and what was decoded beyond.

use std::collections::VecDeque;
use std::io::Read;

use super::failure::{Broken, WarcFailure, WarcWarning};
use super::members::Members;
use super::record::{
    RecordHeader, VERSION_LINE, begins_record, find_record, find_version_line, version_line,
};

/// Bytes of a header that are read. Those of real archives have some 500.
pub(super) const HEADER: usize = 64 << 10;

/// A block that is said to be longer is ended where another record begins in
/// it. (A shorter one may be an archive that was crawled.)
const BELIEVED: u64 = 1 << 30;

/// Blank bytes between records that are looked at before they are taken for
/// the end of the record.
const BLANK: u64 = 256;

/// Bytes behind something wrong that are decoded to see whether its member is
/// damaged.
const DAMAGE: u64 = 1 << 20;

/// Members whose beginnings are known at a time.
const MEMBERS: usize = 1 << 16;

/// Decoded bytes that are kept room for when a long record is done with.
const ROOM: usize = 1 << 20;

/// One record, whole or mended.
pub(super) struct Record {
    pub(super) header: RecordHeader,
    pub(super) offset: u64,
    block: Block,
    /// Bytes of the block when only its beginning is held.
    pub(super) cut_of: Option<u64>,
}

enum Block {
    /// From one place in the decoded bytes to another.
    Buffered(u64, u64),
    Held(Vec<u8>),
}

/// Reads records one after another.
pub(super) struct Records<R: Read> {
    members: Members<R>,
    /// Decoded bytes; places are counted from the archive's beginning.
    buffer: Vec<u8>,
    /// Place of the buffer's first byte.
    base: u64,
    /// Place of the next byte to look at.
    at: u64,
    /// Members: the place where each begins, and where in the file.
    begins: VecDeque<(u64, u64)>,
    /// What stands where the bytes at hand end.
    stop: Option<Stop>,
    /// Whether what comes next may belong to a record that was told to be lost.
    lost: bool,
    hold: usize,
}

enum Stop {
    /// A member that begins a record, at this place.
    Record(u64),
    /// A failure, in a member whose bytes begin at this place.
    Failure(WarcFailure, u64),
    End,
}

/// How a block that is all there stands to what follows it.
enum Framing {
    Good,
    /// What follows is no record.
    Bad,
    /// The member that the block ends in is damaged.
    Damaged,
}

impl<R: Read> Records<R> {
    /// Holds at most `hold` bytes of a block.
    pub(super) fn new(members: Members<R>, hold: usize) -> Self {
        Self {
            members,
            buffer: Vec::new(),
            base: 0,
            at: 0,
            begins: VecDeque::new(),
            stop: None,
            lost: false,
            hold,
        }
    }

    pub(super) fn set_hold(&mut self, hold: usize) {
        self.hold = hold;
    }

    /// The block's bytes, as long as no other record is read.
    pub(super) fn block<'a>(&'a self, record: &'a Record) -> &'a [u8] {
        match &record.block {
            Block::Buffered(from, to) => self.bytes(*from, *to),
            Block::Held(bytes) => bytes,
        }
    }

    /// The next record, or what failed on the way to it.
    pub(super) fn next_record(&mut self) -> Option<Result<Record, WarcFailure>> {
        loop {
            self.pass_blank();
            if self.at == self.limit() {
                match self.stop.take() {
                    None => {}
                    Some(Stop::Record(_)) => self.lost = false,
                    Some(Stop::Failure(failure, _)) => {
                        self.lost = true;
                        return Some(Err(failure));
                    }
                    Some(Stop::End) => {
                        self.stop = Some(Stop::End);
                        return None;
                    }
                }
                continue;
            }
            self.have(VERSION_LINE as u64);
            let from = self.at;
            let failure = if begins_record(self.ahead()) {
                self.lost = false;
                match self.record() {
                    Ok(record) => return Some(Ok(record)),
                    Err(failure) => failure,
                }
            } else {
                self.pass_stray();
                if std::mem::replace(&mut self.lost, true) {
                    continue;
                }
                let reason = Broken::Stray {
                    bytes: self.at - from,
                    expected: "WARC record",
                };
                self.failure(from, None, reason)
            };
            if self.is_damaged(from + 1)
                && let Some(Stop::Failure(damage, _)) = self.stop.take()
            {
                self.at = self.limit();
                self.lost = true;
                let id = failure.id;
                return Some(Err(WarcFailure { id, ..damage }));
            }
            return Some(Err(failure));
        }
    }

    /// Reads the record that begins here.
    fn record(&mut self) -> Result<Record, WarcFailure> {
        let start = self.at;
        while self.begins.len() > 1 && self.begins[1].0 <= start {
            self.begins.pop_front();
        }
        let begin = start + self.header_len()?;
        let mut header = RecordHeader::parse(self.bytes(start, begin));
        let offset = self.offset(start);
        let Some(said) = header.length else {
            self.at = begin;
            self.lost = true;
            return Err(self.failure(start, header.id, Broken::NoLength));
        };
        let end = begin.saturating_add(said);
        let hold = begin + said.min(self.hold as u64);
        while self.limit() < hold && self.fill() {}
        let long = hold < end && self.limit() >= hold && !self.doubtful(begin, said);
        let (mut block, to) = if long {
            let held = self.bytes(begin, hold).to_vec();
            self.at = hold;
            self.skip_to(end, said);
            (Block::Held(held), self.at)
        } else {
            let to = self.block_end(begin, end);
            (Block::Buffered(begin, to), to)
        };

        let damaged = to == end && matches!(self.framing(end), Framing::Damaged);
        if damaged || (to < end && to == self.limit()) {
            match self.stop.take() {
                Some(Stop::Failure(failure, _)) => {
                    self.at = self.limit();
                    self.lost = true;
                    let id = header.id;
                    return Err(WarcFailure { id, ..failure });
                }
                Some(Stop::End) if self.members.is_plain() => {
                    self.stop = Some(Stop::End);
                    self.at = to;
                    let held = to - begin;
                    return Err(self.failure(start, header.id, Broken::BrokenOff { said, held }));
                }
                // The member is whole: only the length is wrong.
                stop => self.stop = stop,
            }
        }
        self.at = to;
        if to < end {
            let mut held = to - begin;
            if let Block::Buffered(from, to) = &mut block {
                *to -= blank_end(self.bytes(*from, *to));
                held = *to - *from;
            }
            header.warnings.push(WarcWarning::Length { said, held });
        }
        Ok(Record {
            header,
            offset,
            block,
            cut_of: long.then_some(to - begin),
        })
    }

    /// Length of the header that begins here, with its blank line. On failure
    /// reading goes on behind what was looked at.
    fn header_len(&mut self) -> Result<u64, WarcFailure> {
        let start = self.at;
        let mut seen = version_line(self.ahead()).unwrap_or(0);
        let reason = loop {
            let ahead = self.ahead();
            let Some(line) = ahead[seen..].iter().position(|&b| b == b'\n') else {
                if ahead.len() > HEADER {
                    break Broken::HeaderTooLong { limit: HEADER };
                }
                if self.fill() {
                    continue;
                }
                seen = self.ahead().len();
                break Broken::HeaderBrokenOff;
            };
            if ahead[seen..seen + line].trim_ascii().is_empty() {
                return Ok((seen + line + 1) as u64);
            }
            if begins_record(&ahead[seen..]) {
                break Broken::HeaderBrokenOff;
            }
            seen += line + 1;
            if seen > HEADER {
                break Broken::HeaderTooLong { limit: HEADER };
            }
        };
        self.at += seen as u64;
        self.lost = true;
        if self.at == self.limit()
            && let Some(stop) = self.stop.take()
        {
            match stop {
                Stop::Failure(failure, _) => return Err(failure),
                stop => self.stop = Some(stop),
            }
        }
        Err(self.failure(start, None, reason))
    }

    /// Where a block ends that begins here: where it says, unless it is not all
    /// there or what follows is no record, and a record begins in it.
    fn block_end(&mut self, begin: u64, end: u64) -> u64 {
        let whole = self.limit() >= end;
        if whole && !matches!(self.framing(end), Framing::Bad) {
            return end;
        }
        let most = self.limit().min(end);
        let found = find_record(self.bytes(begin, most));
        found.map_or(most, |found| begin + found as u64)
    }

    /// Whether a record begins in the held part of a block that says it is
    /// longer than is believed.
    fn doubtful(&self, begin: u64, length: u64) -> bool {
        length > BELIEVED && find_record(self.bytes(begin, self.limit())).is_some()
    }

    /// Passes over the rest of a block, holding none of it. Stops before its
    /// end where the bytes do, or where a record begins in a block that says it
    /// is longer than is believed.
    fn skip_to(&mut self, end: u64, length: u64) {
        let doubtful = length > BELIEVED;
        // What may be the beginning of a record's header is looked at again.
        let tail = if doubtful { 8192 } else { 0 };
        while self.at < end {
            let to = self.limit().min(end);
            if doubtful && let Some(found) = find_record(self.bytes(self.at, to)) {
                self.at += found as u64;
                return;
            }
            self.at = to.saturating_sub(tail).max(self.at);
            if to == end || !self.fill() {
                self.at = to;
                return;
            }
        }
    }

    /// What stands behind a block that ends here.
    fn framing(&mut self, end: u64) -> Framing {
        let mut from = end;
        loop {
            let behind = self.bytes(from, self.limit());
            if let Some(found) = behind.iter().position(|b| !is_blank(*b)) {
                let at = from + found as u64;
                self.have(at - self.at + VERSION_LINE as u64);
                return if begins_record(self.bytes(at, self.limit())) {
                    Framing::Good
                } else if self.is_damaged(end) {
                    Framing::Damaged
                } else {
                    Framing::Bad
                };
            }
            from = self.limit();
            if from - end > BLANK {
                return Framing::Good;
            }
            if !self.fill() {
                return if self.is_damaged(end) {
                    Framing::Damaged
                } else {
                    Framing::Good
                };
            }
        }
    }

    /// Whether the member that the byte before this place is in turns out to be
    /// damaged. A decoder gives nonsense before it stumbles, or finds only at
    /// the member's end that its sum is wrong: what looks wrong in a record may
    /// be that.
    fn is_damaged(&mut self, before: u64) -> bool {
        if self.members.is_plain() {
            return false;
        }
        while self.limit().saturating_sub(before) < DAMAGE && self.fill() {}
        matches!(self.stop, Some(Stop::Failure(_, begin)) if begin < before)
    }

    fn pass_blank(&mut self) {
        loop {
            let ahead = self.ahead();
            let blank = ahead.iter().take_while(|b| is_blank(**b)).count();
            let all = blank == ahead.len();
            self.at += blank as u64;
            if !all || !self.fill() {
                return;
            }
        }
    }

    /// Goes to the next version line, or to where the bytes at hand end.
    fn pass_stray(&mut self) {
        loop {
            let ahead = self.ahead();
            if let Some(found) = find_version_line(ahead) {
                self.at += found as u64;
                return;
            }
            let keep = ahead.len().min(VERSION_LINE) as u64;
            self.at = self.limit() - keep;
            if !self.fill() {
                self.at = self.limit();
                return;
            }
        }
    }

    /// Where in the file the member begins that this place is in; the place
    /// itself when the file is not compressed.
    fn offset(&self, place: u64) -> u64 {
        if self.members.is_plain() {
            return place;
        }
        let member = self.begins.iter().rev().find(|(begin, _)| *begin <= place);
        member.map_or(0, |&(_, offset)| offset)
    }

    fn failure(&self, place: u64, id: Option<String>, reason: Broken) -> WarcFailure {
        WarcFailure {
            offset: self.offset(place),
            id,
            reason,
        }
    }

    /// Place where the bytes end that belong together.
    fn limit(&self) -> u64 {
        match self.stop {
            Some(Stop::Record(place)) => place,
            _ => self.base + self.buffer.len() as u64,
        }
    }

    fn bytes(&self, from: u64, to: u64) -> &[u8] {
        &self.buffer[(from - self.base) as usize..(to - self.base) as usize]
    }

    fn ahead(&self) -> &[u8] {
        self.bytes(self.at, self.limit())
    }

    /// Tries to have so many bytes ahead.
    fn have(&mut self, n: u64) {
        while self.limit() - self.at < n && self.fill() {}
    }

    /// Decodes more; `false` when a stop is reached. A member that does not
    /// begin a record goes on with the one before.
    fn fill(&mut self) -> bool {
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

/// Length of the two line ends that stand behind a block and belong to none, as
/// far as they are there.
fn blank_end(block: &[u8]) -> u64 {
    let mut rest = block;
    for _ in 0..2 {
        rest = rest.strip_suffix(b"\n").unwrap_or(rest);
        rest = rest.strip_suffix(b"\r").unwrap_or(rest);
    }
    (block.len() - rest.len()) as u64
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n' | b' ' | b'\t')
}
