//! Members → records: where each begins and ends, also where that is wrong.
//!
//! A record says how long its block is. That is believed when the block is
//! there and another record, or nothing, follows it. Else the ends of members
//! and the version lines of other records say where it ended, and reading goes
//! on there. Only what is looked at is held: a record, at most `hold` bytes of
//! its block, and what was decoded beyond.

use std::io::Read;

use super::decoded::{Decoded, Stop};
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

/// One record, whole or mended.
pub(super) struct Record {
    pub(super) header: RecordHeader,
    pub(super) offset: u64,
    block: Block,
    /// Whether only the block's beginning is held.
    pub(super) cut: bool,
}

enum Block {
    /// From one place in the decoded bytes to another.
    Buffered(u64, u64),
    Held(Vec<u8>),
}

/// Reads records one after another.
pub(super) struct Records<R: Read> {
    decoded: Decoded<R>,
    /// Whether what comes next may belong to a record that was told to be lost.
    lost: bool,
    hold: usize,
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
            decoded: Decoded::new(members),
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
            Block::Buffered(from, to) => self.decoded.bytes(*from, *to),
            Block::Held(bytes) => bytes,
        }
    }

    /// The next record, or what failed on the way to it.
    pub(super) fn next_record(&mut self) -> Option<Result<Record, WarcFailure>> {
        loop {
            self.pass_blank();
            if self.decoded.at == self.decoded.limit() {
                match self.decoded.stop.take() {
                    None => {}
                    Some(Stop::Record(_)) => self.lost = false,
                    Some(Stop::Failure(failure, _)) => {
                        self.lost = true;
                        return Some(Err(failure));
                    }
                    Some(Stop::End) => {
                        self.decoded.stop = Some(Stop::End);
                        return None;
                    }
                }
                continue;
            }
            self.decoded.have(VERSION_LINE as u64);
            let from = self.decoded.at;
            let failure = if begins_record(self.decoded.ahead()) {
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
                    bytes: self.decoded.at - from,
                    expected: "WARC record",
                };
                self.failure(from, None, reason)
            };
            if self.decoded.is_damaged(from + 1)
                && let Some(Stop::Failure(damage, _)) = self.decoded.stop.take()
            {
                self.decoded.at = self.decoded.limit();
                self.lost = true;
                let id = failure.id;
                return Some(Err(WarcFailure { id, ..damage }));
            }
            return Some(Err(failure));
        }
    }

    /// Reads the record that begins here.
    fn record(&mut self) -> Result<Record, WarcFailure> {
        let start = self.decoded.at;
        self.decoded.forget_members_before(start);
        let begin = start + self.header_len()?;
        let mut header = RecordHeader::parse(self.decoded.bytes(start, begin));
        let offset = self.decoded.offset(start);
        let Some(said) = header.length else {
            self.decoded.at = begin;
            self.lost = true;
            return Err(self.failure(start, header.id, Broken::NoLength));
        };
        let end = begin.saturating_add(said);
        let hold = begin + said.min(self.hold as u64);
        while self.decoded.limit() < hold && self.decoded.fill() {}
        let long = hold < end && self.decoded.limit() >= hold && !self.doubtful(begin, said);
        let (mut block, to) = if long {
            let held = self.decoded.bytes(begin, hold).to_vec();
            self.decoded.at = hold;
            self.skip_to(end, said);
            (Block::Held(held), self.decoded.at)
        } else {
            let to = self.block_end(begin, end);
            (Block::Buffered(begin, to), to)
        };

        let damaged = to == end && matches!(self.framing(end), Framing::Damaged);
        if damaged || (to < end && to == self.decoded.limit()) {
            match self.decoded.stop.take() {
                Some(Stop::Failure(failure, _)) => {
                    self.decoded.at = self.decoded.limit();
                    self.lost = true;
                    let id = header.id;
                    return Err(WarcFailure { id, ..failure });
                }
                Some(Stop::End) if self.decoded.is_plain() => {
                    self.decoded.stop = Some(Stop::End);
                    self.decoded.at = to;
                    let held = to - begin;
                    return Err(self.failure(start, header.id, Broken::BrokenOff { said, held }));
                }
                // The member is whole: only the length is wrong.
                stop => self.decoded.stop = stop,
            }
        }
        self.decoded.at = to;
        if to < end {
            let mut held = to - begin;
            if let Block::Buffered(from, to) = &mut block {
                *to -= blank_end(self.decoded.bytes(*from, *to));
                held = *to - *from;
            }
            header.warnings.push(WarcWarning::Length { said, held });
        }
        Ok(Record {
            header,
            offset,
            block,
            cut: long,
        })
    }

    /// Length of the header that begins here, with its blank line. On failure
    /// reading goes on behind what was looked at.
    fn header_len(&mut self) -> Result<u64, WarcFailure> {
        let start = self.decoded.at;
        let mut seen = version_line(self.decoded.ahead()).unwrap_or(0);
        let reason = loop {
            let ahead = self.decoded.ahead();
            let Some(line) = ahead[seen..].iter().position(|&b| b == b'\n') else {
                if ahead.len() > HEADER {
                    break Broken::HeaderTooLong { limit: HEADER };
                }
                if self.decoded.fill() {
                    continue;
                }
                seen = self.decoded.ahead().len();
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
        self.decoded.at += seen as u64;
        self.lost = true;
        if self.decoded.at == self.decoded.limit()
            && let Some(stop) = self.decoded.stop.take()
        {
            match stop {
                Stop::Failure(failure, _) => return Err(failure),
                stop => self.decoded.stop = Some(stop),
            }
        }
        Err(self.failure(start, None, reason))
    }

    /// Where a block ends that begins here: where it says, unless it is not all
    /// there or what follows is no record, and a record begins in it.
    fn block_end(&mut self, begin: u64, end: u64) -> u64 {
        let whole = self.decoded.limit() >= end;
        if whole && !matches!(self.framing(end), Framing::Bad) {
            return end;
        }
        let most = self.decoded.limit().min(end);
        let found = find_record(self.decoded.bytes(begin, most));
        found.map_or(most, |found| begin + found as u64)
    }

    /// Whether a record begins in the held part of a block that says it is
    /// longer than is believed.
    fn doubtful(&self, begin: u64, length: u64) -> bool {
        length > BELIEVED && find_record(self.decoded.bytes(begin, self.decoded.limit())).is_some()
    }

    /// Passes over the rest of a block, holding none of it. Stops before its
    /// end where the bytes do, or where a record begins in a block that says it
    /// is longer than is believed.
    fn skip_to(&mut self, end: u64, length: u64) {
        let doubtful = length > BELIEVED;
        // What may be the beginning of a record's header is looked at again.
        let tail = if doubtful { 8192 } else { 0 };
        while self.decoded.at < end {
            let to = self.decoded.limit().min(end);
            if doubtful && let Some(found) = find_record(self.decoded.bytes(self.decoded.at, to)) {
                self.decoded.at += found as u64;
                return;
            }
            self.decoded.at = to.saturating_sub(tail).max(self.decoded.at);
            if to == end || !self.decoded.fill() {
                self.decoded.at = to;
                return;
            }
        }
    }

    /// What stands behind a block that ends here.
    fn framing(&mut self, end: u64) -> Framing {
        let mut from = end;
        loop {
            let behind = self.decoded.bytes(from, self.decoded.limit());
            if let Some(found) = behind.iter().position(|b| !is_blank(*b)) {
                let at = from + found as u64;
                self.decoded
                    .have(at - self.decoded.at + VERSION_LINE as u64);
                return if begins_record(self.decoded.bytes(at, self.decoded.limit())) {
                    Framing::Good
                } else if self.decoded.is_damaged(end) {
                    Framing::Damaged
                } else {
                    Framing::Bad
                };
            }
            from = self.decoded.limit();
            if from - end > BLANK {
                return Framing::Good;
            }
            if !self.decoded.fill() {
                return if self.decoded.is_damaged(end) {
                    Framing::Damaged
                } else {
                    Framing::Good
                };
            }
        }
    }

    fn pass_blank(&mut self) {
        loop {
            let ahead = self.decoded.ahead();
            let blank = ahead.iter().take_while(|b| is_blank(**b)).count();
            let all = blank == ahead.len();
            self.decoded.at += blank as u64;
            if !all || !self.decoded.fill() {
                return;
            }
        }
    }

    /// Goes to the next version line, or to where the bytes at hand end.
    fn pass_stray(&mut self) {
        loop {
            let ahead = self.decoded.ahead();
            if let Some(found) = find_version_line(ahead) {
                self.decoded.at += found as u64;
                return;
            }
            let keep = ahead.len().min(VERSION_LINE) as u64;
            self.decoded.at = self.decoded.limit() - keep;
            if !self.decoded.fill() {
                self.decoded.at = self.decoded.limit();
                return;
            }
        }
    }

    fn failure(&self, place: u64, id: Option<String>, reason: Broken) -> WarcFailure {
        WarcFailure {
            offset: self.decoded.offset(place),
            id,
            reason,
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
