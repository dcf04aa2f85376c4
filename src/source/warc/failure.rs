//! What can be wrong with an archive, a record or a page's body.

use std::io;

use super::super::http_body::{BodyError, BodyWarning};

/// A part of an archive that gives no page though it might have held one, and
/// where it stands. The reader goes on with the next record that it finds.
#[derive(Debug, thiserror::Error)]
#[error("at byte {offset}{}: {reason}", of_record(.id.as_deref()))]
pub struct WarcFailure {
    /// Byte in the file as it is stored: where the record begins, or its gzip
    /// member or Zstandard frame, or what is no record.
    pub offset: u64,
    /// `WARC-Record-ID` without brackets, where it could be read.
    pub id: Option<String>,
    /// What is wrong.
    pub reason: Broken,
}

fn of_record(id: Option<&str>) -> String {
    id.map_or(String::new(), |id| format!(", record {id}"))
}

/// What is wrong with a part of an archive.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Broken {
    /// The file cannot be read on; this is the last failure of a reader.
    #[error("the file cannot be read on: {0}")]
    Io(io::Error),
    /// Bytes between members or records that belong to none.
    #[error("{bytes} bytes that are no {expected} were passed over")]
    Stray {
        /// How many.
        bytes: u64,
        /// What should stand there.
        expected: &'static str,
    },
    /// A gzip member or Zstandard frame is damaged; the record that ends in it
    /// is lost.
    #[error("the {member} is damaged ({detail}); get the file anew if you can")]
    Damaged {
        /// `gzip member` or `Zstandard frame`.
        member: &'static str,
        /// What the decoder says.
        detail: String,
    },
    /// The file ends inside a gzip member or Zstandard frame.
    #[error("the {member} breaks off at the file's end; get the file anew if you can")]
    CutOff {
        /// `gzip member` or `Zstandard frame`.
        member: &'static str,
    },
    /// The dictionary that a `.warc.zst` begins with is of no use, so nothing
    /// after it can be read.
    #[error("the Zstandard dictionary at the file's beginning {0}")]
    Dictionary(&'static str),
    /// A record's header is longer than is read.
    #[error("the record's header does not end within {limit} bytes")]
    HeaderTooLong {
        /// The bound.
        limit: usize,
    },
    /// A record's header is broken off, by the file's end or another record.
    #[error("the record's header breaks off")]
    HeaderBrokenOff,
    /// A record does not say how long it is.
    #[error("the record has no Content-Length that is a number")]
    NoLength,
    /// The file ends inside a record.
    #[error("the record breaks off after {held} of {said} bytes; get the file anew if you can")]
    BrokenOff {
        /// Bytes that the record says it has.
        said: u64,
        /// Bytes that are there.
        held: u64,
    },
    /// An HTTP response does not begin with a status line.
    #[error("the HTTP response has no status line")]
    NoStatus,
    /// An HTTP response's header is longer than is read.
    #[error("the HTTP response's header does not end within {limit} bytes")]
    HttpHeaderTooLong {
        /// The bound.
        limit: usize,
    },
    /// The body's encodings cannot be undone.
    #[error("{0}")]
    Body(#[from] BodyError),
}

/// Something that was cut, mended or doubtful in a record that gives a page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WarcWarning {
    /// The crawler kept only the beginning of the page.
    #[error("the crawler cut the page off (WARC-Truncated: {0})")]
    Truncated(String),
    /// The page goes on in `continuation` records, which are not read.
    #[error("the page is the first of several segments; only this one is read")]
    Segmented,
    /// `Content-Length` is wrong, and the record ends where another begins, or
    /// its gzip member or Zstandard frame ends.
    #[error("the record holds {held} bytes, not the {said} that its Content-Length says")]
    Length {
        /// Bytes that the record says it has.
        said: u64,
        /// Bytes that it has.
        held: u64,
    },
    /// About the page's body.
    #[error("{0}")]
    Body(#[from] BodyWarning),
}
