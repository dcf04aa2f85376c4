//! What a person names → pages, one by one, in a stable order.
//!
//! [`Named`] is what an argument stands for: a file, a folder, a pattern, an
//! address, standard input. [`Inputs`] finds the pages of all that was named, and
//! [`Input::read`] reads one, on whatever thread. What a file holds is told by its
//! content and name ([`Kind`]): a page, of HTML or of plain text, or a container
//! of pages.
//!
//! | container | read by |
//! |---|---|
//! | WARC, plain, gzip or Zstandard | [`warc`] |
//! | JSON lines | [`JsonlReader`] |
//! | CSV and TSV | [`CsvReader`] |
//! | Parquet (feature `parquet`) | `ParquetReader` |
//!
//! Readers hold one record at a time, and of each no more than a bound; what is
//! cut, fails or is passed over is told, with its [`Place`], and they go on.
//!
//! ```
//! use dehusk::Extractor;
//! use dehusk::source::{InputOptions, Inputs, Named, Reading};
//!
//! # let folder = tempfile::tempdir()?;
//! # std::fs::write(folder.path().join("ferry.html"), "<p>The ferry sails again on Monday.")?;
//! # let crawl = folder.path().as_os_str();
//! let extractor = Extractor::default();
//! let pages = Inputs::new([Named::of(crawl)], InputOptions::default())
//!     .filter_map(|input| {
//!         let page = input.ok()?.read(&Reading::default()).ok()?;
//!         Some((page.bytes, page.context))
//!     });
//! for extraction in extractor.extract_iter(pages) {
//!     println!("{}", extraction.text);
//! }
//! # Ok::<(), std::io::Error>(())
//! ```

mod columns;
mod compressed;
mod csv;
#[cfg(feature = "fetch")]
pub mod fetch;
mod fields;
mod folder;
pub mod http_body;
mod input;
mod inputs;
mod json_object;
mod jsonl;
mod kind;
mod lines;
mod meter;
mod named;
#[cfg(feature = "parquet")]
mod parquet;
mod passed;
mod paths;
mod peek;
mod place;
mod row;
mod survey;
mod value;
pub mod warc;

pub use self::csv::CsvReader;
#[cfg(feature = "parquet")]
pub use self::parquet::ParquetReader;
pub use compressed::{Compression, Plain, UnpackError};
pub use input::{Input, MAX_BYTES, PageBytes, Reading, SourceError};
pub use inputs::{Failed, InputOptions, Inputs};
pub use jsonl::JsonlReader;
pub use kind::Kind;
pub use meter::Meter;
pub use named::Named;
pub use passed::Passed;
pub use paths::{Matches, PathList, PathsError, is_pattern, matches};
pub use peek::Peek;
pub use place::{At, Place};
pub use row::{Fields, Row, RowError, RowFailure, RowPage, TableError, TableOptions};
pub use survey::Survey;
