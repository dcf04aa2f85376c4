//! Files, folders and standard input → pages to extract, in a stable order.

mod list;

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

pub use list::{Listing, list};

use crate::page::sniff::{NotAPage, not_a_page};

/// The most that is read of one input.
pub const MAX_BYTES: u64 = 64 << 20;

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
    /// It is larger than [`MAX_BYTES`].
    #[error("larger than {} MB: not read", MAX_BYTES >> 20)]
    TooLarge,
}

impl Input {
    /// What messages call it: its path, or `-`.
    pub fn source(&self) -> String {
        match &self.origin {
            Origin::File(path) => path.display().to_string(),
            Origin::Stdin => "-".to_owned(),
        }
    }

    /// Reads the page's bytes.
    ///
    /// # Errors
    /// When it cannot be read, is too large, or is plainly no page.
    pub fn read(&self) -> Result<Vec<u8>, SourceError> {
        let bytes = match &self.origin {
            Origin::Stdin => read_capped(io::stdin().lock())?,
            Origin::File(path) => {
                let file = std::fs::File::open(path)?;
                if ends_in_gz(path) {
                    read_capped(MultiGzDecoder::new(io::BufReader::new(file)))?
                } else {
                    read_capped(file)?
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

fn read_capped(reader: impl Read) -> Result<Vec<u8>, SourceError> {
    let mut bytes = Vec::new();
    reader.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(SourceError::TooLarge);
    }
    Ok(bytes)
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
    fn an_archive_that_expands_past_the_bound_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        let zeros = vec![b' '; 1 << 20];
        for _ in 0..65 {
            encoder.write_all(&zeros).unwrap();
        }
        let path = folder.path().join("bomb.html.gz");
        std::fs::write(&path, encoder.finish().unwrap()).unwrap();
        assert!(matches!(input(path).read(), Err(SourceError::TooLarge)));
    }
}
