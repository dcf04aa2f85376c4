//! Results → standard output, or files and folders that appear whole or not at
//! all.
//!
//! [`open`] gives a [`Sink`], which takes pages in order, and the failures
//! between them. What it writes lies beside its place until it is finished: of
//! `pages.jsonl` in `pages.jsonl.partial`, with a journal,
//! `pages.jsonl.partial.json`, that says up to which input all is safely on disk.
//! A run that was killed is gone on with from there ([`Options::resume`]), and
//! its files are, byte for byte, those of a run that was not. Nothing that lies
//! there is overwritten unasked, and no other run can write there meanwhile.
//!
//! ```
//! use dehusk::Extractor;
//! use dehusk::sink::{Form, Options, PageRecord, Target, open};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! let target = Target::File(folder.path().join("pages.jsonl.gz"));
//! let pages = ["<p>The ferry sails again.", "<p>The bridge is closed."];
//! let mut options = Options { resume: true, ..Options::default() };
//! options.fingerprint.insert("inputs".into(), "two pages".into());
//! let opened = open(&target, Form::Jsonl, options)?;
//!
//! let mut sink = opened.sink;
//! let done = opened.resumed.and_then(|mark| mark.position.as_u64()).unwrap_or(0);
//! for (at, page) in pages.iter().enumerate().skip(done as usize) {
//!     sink.write(&PageRecord {
//!         id: at.to_string(),
//!         source: "example".into(),
//!         offset: None,
//!         extraction: Extractor::default().extract(page.as_bytes(), &Default::default()),
//!     })?;
//!     sink.advance((at + 1).into())?;
//! }
//! sink.finish()?;
//! # Ok(())
//! # }
//! ```
//!
//! A page goes from its record through a form of text (`encode`, `csv`) or a
//! table's columns (`columns`, `rows`) into the open `segment`; sealed segments
//! make a `growing` file, and one or two of these with a `journal` a `resumable`
//! run. [`WholeFile`] and [`WholeFolder`] are for results that are made at once.

mod columns;
mod csv;
mod encode;
mod error;
mod form;
mod growing;
mod inert;
mod journal;
mod names;
mod open;
mod out_dir;
mod partial;
mod place;
mod record;
mod resumable;
#[cfg(feature = "parquet")]
mod rows;
mod segment;
mod stream;
mod terminal;
#[cfg(test)]
mod tests;
mod whole;
mod whole_folder;

pub use error::SinkError;
pub use form::Form;
pub(crate) use inert::inert;
pub use journal::{Fingerprint, Position};
pub use open::{Opened, Options, Target, open};
pub use record::{Content, Failure, PageRecord};
pub(crate) use terminal::{Shown, stdout};
pub use whole::{WholeFile, write_whole};
pub use whole_folder::{FolderError, Replaceable, WholeFolder};

/// Rows of a row group of a Parquet file, at most.
#[cfg(feature = "parquet")]
pub const ROW_GROUP: u64 = 4_096;

/// Bytes of a row group of a Parquet file, before it is compressed: one that
/// reaches as many is written after that row.
#[cfg(feature = "parquet")]
pub const ROW_GROUP_BYTES: usize = 16 << 20;

/// Takes pages and failures in the order of the inputs.
///
/// Dropped before it is finished, it leaves an unfinished run as it was at the
/// last checkpoint, or nothing if there was none: who stops early, for whatever
/// reason, an error too, calls [`Sink::checkpoint`] first.
pub trait Sink: Send {
    /// Takes a page.
    ///
    /// # Errors
    /// When it cannot be written.
    fn write(&mut self, page: &PageRecord) -> Result<(), SinkError>;

    /// Takes an input that gave no page.
    ///
    /// # Errors
    /// When it cannot be written.
    fn fail(&mut self, failure: &Failure) -> Result<(), SinkError>;

    /// Says that the inputs up to `position` are done with: what they gave was
    /// taken. To be said after each input, also one that gave nothing. After
    /// every thousand inputs, and whenever a segment is full, there is a
    /// checkpoint.
    ///
    /// # Errors
    /// When pages cannot be written.
    fn advance(&mut self, position: Position) -> Result<(), SinkError>;

    /// Makes durable what was taken up to the last [`Sink::advance`], so that a
    /// run can be gone on with from there. It may be called at any time and as
    /// often as wanted: the finished output does not depend on it. `None` for an
    /// output that cannot be gone on with: who stops early there finishes it, so
    /// that it and the file of failures are whole as far as they go.
    ///
    /// # Errors
    /// When it cannot be written.
    fn checkpoint(&mut self) -> Result<Option<Mark>, SinkError>;

    /// Writes what stands after the last page, and gives the files their names.
    ///
    /// # Errors
    /// When that cannot be done; the run can be gone on with then.
    fn finish(self: Box<Self>) -> Result<(), SinkError>;
}

/// Where a run stands.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Mark {
    /// The input up to which all are done with; null before the first.
    pub position: Position,
    /// Pages taken.
    pub pages: u64,
    /// Failures taken.
    pub failures: u64,
    /// Whether all inputs are done with and [`Sink::finish`] alone is to be
    /// called.
    pub complete: bool,
}
