//! Where in what was named a page is.

use std::fmt::{self, Display};

/// Where a page is: in which source, and where in it.
///
/// ```
/// use dehusk::source::{At, Place};
///
/// let place = Place { source: "crawl.warc.gz".to_owned(), at: At::Byte(5120) };
/// assert_eq!(place.to_string(), "crawl.warc.gz, record at byte 5120");
/// assert_eq!(place.offset(), Some(5120));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The path, address or `-`, as it was named or found below a folder.
    pub source: String,
    /// Where in it.
    pub at: At,
}

/// Where in its source a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum At {
    /// The source is the page.
    Whole,
    /// A WARC record, by the byte of the file as it is stored where the record,
    /// or the gzip member or Zstandard frame that it begins, lies.
    Byte(u64),
    /// A line, from 1.
    Line(u64),
    /// A row of a table, from 1.
    Row(u64),
}

impl Place {
    /// Of a page that is a source of its own.
    pub fn whole(source: impl Into<String>) -> Self {
        Self {
            source: source.into(),
            at: At::Whole,
        }
    }

    /// The byte, line or row, where the page is not all of its source.
    pub fn offset(&self) -> Option<u64> {
        match self.at {
            At::Whole => None,
            At::Byte(n) | At::Line(n) | At::Row(n) => Some(n),
        }
    }
}

impl Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)?;
        match self.at {
            At::Whole => Ok(()),
            At::Byte(n) => write!(f, ", record at byte {n}"),
            At::Line(n) => write!(f, ", line {n}"),
            At::Row(n) => write!(f, ", row {n}"),
        }
    }
}
