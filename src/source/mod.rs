//! Files, folders and standard input → pages to extract, in a stable order.

mod columns;
mod compressed;
mod csv;
mod json_object;
mod jsonl;
mod kind;
mod lines;
#[cfg(feature = "fetch")]
pub mod fetch;
mod list;
#[cfg(feature = "parquet")]
mod parquet;
mod paths;
mod peek;
mod row;
mod value;
mod fields;
pub mod http_body;
mod list;
pub mod warc;

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

pub use self::csv::CsvReader;
#[cfg(feature = "parquet")]
pub use self::parquet::ParquetReader;
pub use compressed::{Compression, Plain, UnpackError};
pub use jsonl::JsonlReader;
pub use kind::Kind;
pub use list::{Listing, SameIds, list};
pub use paths::{Matches, PathList, PathsError, is_pattern, matches};
pub use peek::Peek;
pub use row::{Fields, Row, RowError, RowFailure, RowPage, TableError, TableOptions};

use crate::page::Limits;
use crate::page::sniff::{NotAPage, not_a_page};

/// Where an input's bytes come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A file; one that ends in `.gz` is gunzipped.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

/// One page to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Path below the folder that was named, or file name, without extension;
    /// `stdin` for standard input. Parts are joined by `/` on every system.
    pub id: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// Why an input gives no page.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// It is no page.
    #[error("{0}")]
    NotAPage(NotAPage),
}

impl Input {
    /// What messages call it: its path, or `-`.
    pub fn source(&self) -> String {
        match &self.origin {
            Origin::File(path) => path.display().to_string(),
            Origin::Stdin => "-".to_owned(),
        }
    }

    /// Reads the page's bytes, gunzipped. Of a longer page one byte more is
    /// read than [`Limits::bytes`] allows by default: enough for the parser to
    /// see that it must cut it and say so.
    ///
    /// # Errors
    /// When it cannot be read, or is plainly no page.
    pub fn read(&self) -> Result<Vec<u8>, SourceError> {
        let most = Limits::default().bytes as u64 + 1;
        let mut bytes = Vec::new();
        match &self.origin {
            Origin::Stdin => io::stdin().lock().take(most).read_to_end(&mut bytes)?,
            Origin::File(path) => {
                let file = std::fs::File::open(path)?;
                if ends_in_gz(path) {
                    MultiGzDecoder::new(io::BufReader::new(file))
                        .take(most)
                        .read_to_end(&mut bytes)?
                } else {
                    file.take(most).read_to_end(&mut bytes)?
                }
            }
        };
        match not_a_page(&bytes) {
            Some(reason) => Err(SourceError::NotAPage(reason)),
            None => Ok(bytes),
        }
    }
}

fn ends_in_gz(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("gz"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn input(path: PathBuf) -> Input {
        Input {
            id: "x".to_owned(),
            origin: Origin::File(path),
        }
    }

    #[test]
    fn gzipped_pages_are_read_and_truncated_ones_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(b"<p>Hello").unwrap();
        let packed = encoder.finish().unwrap();
        let path = folder.path().join("a.html.gz");
        std::fs::write(&path, &packed).unwrap();
        assert_eq!(input(path.clone()).read().unwrap(), b"<p>Hello");
        std::fs::write(&path, &packed[..packed.len() - 6]).unwrap();
        assert!(matches!(input(path).read(), Err(SourceError::Io(_))));
    }

    #[test]
    fn of_a_page_past_the_bound_one_byte_more_than_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(b"<p>").unwrap();
        let spaces = vec![b' '; 1 << 20];
        for _ in 0..65 {
            encoder.write_all(&spaces).unwrap();
        }
        let path = folder.path().join("bomb.html.gz");
        std::fs::write(&path, encoder.finish().unwrap()).unwrap();
        let read = input(path).read().unwrap().len();
        assert_eq!(read, Limits::default().bytes + 1);
    }
}
