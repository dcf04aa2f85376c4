//! Stored bytes → members: what is compressed on its own in an archive.
//!
//! WARC says that each record is a gzip member of its own (1.1 Annex D) or one
//! or more Zstandard frames, so that a reader can begin at any of them: what is
//! damaged in one harms no other. A file that is not compressed is one member.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

use super::failure::{Broken, WarcFailure};
use super::frames::{self, Frames};
use super::stored::Stored;

/// Bytes decoded at a time.
const STEP: usize = 64 << 10;

/// What a gzip member begins with (RFC 1952 §2.3.1): the magic number and
/// deflate, the only method there is.
const GZIP: &[u8] = b"\x1f\x8b\x08";

/// The members of an archive, one after another.
pub(super) struct Members<R: Read> {
    codec: Codec<R>,
    /// Decoded bytes on their way out.
    room: Box<[u8]>,
    /// Where in the file the present member begins.
    begin: u64,
    /// Whether the present member may have more to give.
    open: bool,
    /// Whether what comes next may be the rest of a member that was told to be
    /// damaged.
    damaged: bool,
    /// Why nothing can be read, not told yet.
    unreadable: Option<Broken>,
    ended: bool,
}

enum Codec<R: Read> {
    Plain(Stored<R>),
    Gzip(Box<GzDecoder<Stored<R>>>),
    Zstd(Box<Frames<R>>),
}

impl<R: Read> Members<R> {
    /// Tells how the file is compressed by its first bytes.
    pub(super) fn new(read: R) -> Self {
        let mut stored = Stored::new(read);
        let mut unreadable = None;
        let head = stored.peek(4);
        let codec = if head.starts_with(&GZIP[..2]) {
            let mut decoder = GzDecoder::new(Stored::default());
            decoder.reset(stored);
            Codec::Gzip(Box::new(decoder))
        } else if frames::begins(head) || frames::is_skippable(head) {
            match Frames::new(stored) {
                Ok(frames) => Codec::Zstd(Box::new(frames)),
                Err(reason) => {
                    unreadable = Some(reason);
                    Codec::Plain(Stored::default())
                }
            }
        } else {
            Codec::Plain(stored.without_look_back())
        };
        Self {
            codec,
            room: vec![0; STEP].into_boxed_slice(),
            begin: 0,
            open: false,
            damaged: false,
            unreadable,
            ended: false,
        }
    }

    /// Whether the file is not compressed.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.codec, Codec::Plain(_))
    }

    /// Opens the next member and says where in the file it begins; or what
    /// stands there instead; or that there is none.
    pub(super) fn next_member(&mut self) -> Option<Result<u64, WarcFailure>> {
        if self.ended {
            return None;
        }
        if let Some(reason) = self.unreadable.take() {
            self.ended = true;
            return Some(Err(failure(0, reason)));
        }
        let (at_once, anywhere) = (self.codec.begins_at_once(), self.codec.begins());
        let damaged = std::mem::take(&mut self.damaged);
        let stored = self.codec.stored();
        let from = stored.position();
        if damaged {
            stored.seek(anywhere.0, anywhere.1);
        } else if !at_once(stored.peek(4)) && !stored.peek(1).is_empty() {
            let bytes = stored.seek(anywhere.0, anywhere.1);
            let expected = self.codec.member();
            return Some(Err(failure(from, Broken::Stray { bytes, expected })));
        }
        if stored.peek(1).is_empty() {
            self.ended = true;
            let error = stored.take_error()?;
            return Some(Err(failure(stored.position(), Broken::Io(error))));
        }
        self.begin = stored.position();
        self.open = true;
        self.codec.reset();
        Some(Ok(self.begin))
    }

    /// Appends what comes next in the present member to `out`; 0 bytes at its
    /// end. After a failure the next member is one that can be read, if there
    /// is one, even when the damaged one ran into it.
    pub(super) fn read(&mut self, out: &mut Vec<u8>) -> Result<usize, WarcFailure> {
        if !self.open {
            return Ok(0);
        }
        let got = self.codec.read(&mut self.room);
        if let Ok(got @ 1..) = got {
            out.extend_from_slice(&self.room[..got]);
            return Ok(got);
        }
        self.open = false;
        let (n, begins) = self.codec.begins();
        let member = self.codec.member();
        let stored = self.codec.stored();
        if let Some(error) = stored.take_error() {
            self.ended = true;
            return Err(failure(stored.position(), Broken::Io(error)));
        }
        let Err(error) = got else {
            return Ok(0);
        };
        self.damaged = true;
        if stored.position() == self.begin {
            // A decoder may stumble before it takes a byte.
            stored.consume(1);
        }
        let at_end = stored.peek(1).is_empty();
        stored.seek_back(self.begin, n, begins);
        Err(failure(
            self.begin,
            if at_end && error.kind() == io::ErrorKind::UnexpectedEof {
                Broken::CutOff { member }
            } else {
                let detail = error.to_string();
                Broken::Damaged { member, detail }
            },
        ))
    }
}

/// Says whether a member begins with these bytes.
type Begins = fn(&[u8]) -> bool;

impl<R: Read> Codec<R> {
    fn stored(&mut self) -> &mut Stored<R> {
        match self {
            Self::Plain(stored) => stored,
            Self::Gzip(decoder) => decoder.get_mut(),
            Self::Zstd(frames) => frames.stored(),
        }
    }

    fn member(&self) -> &'static str {
        match self {
            Self::Plain(_) => "WARC record",
            Self::Gzip(_) => "gzip member",
            Self::Zstd(_) => "Zstandard frame",
        }
    }

    /// What a member begins with where one is expected, in 4 bytes or fewer.
    fn begins_at_once(&self) -> Begins {
        match self {
            Self::Plain(_) => |_| true,
            Self::Gzip(_) => |bytes| bytes.starts_with(&GZIP[..2]),
            Self::Zstd(_) => |bytes| frames::begins(bytes) || frames::is_skippable(bytes),
        }
    }

    /// What a member begins with where none need be, in so many bytes. Of
    /// random bytes one in 2 GB looks like a gzip member's.
    fn begins(&self) -> (usize, Begins) {
        match self {
            Self::Plain(_) => (1, |_| true),
            // No reserved flag, and an operating system that there is.
            Self::Gzip(_) => (10, |bytes| {
                bytes.starts_with(GZIP)
                    && bytes[3] & 0xe0 == 0
                    && (bytes[9] <= 13 || bytes[9] == 255)
            }),
            Self::Zstd(_) => (5, |bytes| frames::begins(bytes) && bytes[4] & 0x08 == 0),
        }
    }

    /// Makes the decoder ready for another member.
    fn reset(&mut self) {
        match self {
            Self::Plain(_) => {}
            Self::Gzip(decoder) => {
                let stored = std::mem::take(decoder.get_mut());
                decoder.reset(stored);
            }
            Self::Zstd(frames) => frames.reset(),
        }
    }

    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stored) => stored.read(out),
            Self::Gzip(decoder) => decoder.read(out),
            Self::Zstd(frames) => frames.read(out),
        }
    }
}

fn failure(offset: u64, reason: Broken) -> WarcFailure {
    WarcFailure {
        offset,
        id: None,
        reason,
    }
}
