//! A page to be read.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use url::Url;

use super::meter::{Meter, Metered};
use super::warc::{WarcFailure, WarcPage};
use super::{Failed, Kind, PathsError, Place, Plain, RowError, TableError};
use crate::page::sniff::{NotAPage, not_a_page};
use crate::page::{InputKind, PageContext};

/// One page to be read.
#[derive(Debug)]
pub struct Input {
    /// What the page is called: its path below the folder that was named, or
    /// file name, without extension, parts joined by `/` on every system; in a
    /// container what the record is called there, else the file's own id, `/`
    /// and the line or row; `stdin` for standard input; the address of a page in
    /// the web.
    pub id: String,
    /// Where it is.
    pub place: Place,
    /// The page's address, where known.
    pub url: Option<Url>,
    /// The encoding it was served with, where known.
    pub charset: Option<String>,
    pub(super) content: Content,
}

/// What is to be done to have the bytes.
#[derive(Debug)]
pub(super) enum Content {
    File(PathBuf),
    Stream(Stream),
    Bytes {
        bytes: Vec<u8>,
        /// Bytes there were, where they were cut.
        cut: Option<u64>,
    },
    Record(Box<WarcPage>),
    Web(Url),
    Fetched(Box<PageBytes>),
}

/// Bytes that come by themselves, and only once.
pub(super) struct Stream(pub Box<dyn Read + Send>);

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stream")
    }
}

/// How inputs are read.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Bytes that are read of a page, unpacked; the rest is cut off with a
    /// warning.
    pub max_bytes: usize,
    /// What pages are read as. Without it a file is told by its name and content
    /// ([`Kind::tell`]), and all else is HTML. Records of archives say it
    /// themselves.
    pub kind: Option<InputKind>,
    /// Fetches addresses; without one they fail.
    #[cfg(feature = "fetch")]
    pub fetcher: Option<std::sync::Arc<super::fetch::Fetcher>>,
    /// Counts what is read of files.
    pub meter: Meter,
}

/// Bytes that are read of a page, where nothing else is said: 20 MB. The
/// longest page of the public corpora has 5.3 MB.
pub const MAX_BYTES: usize = 20_000_000;

impl Default for Reading {
    fn default() -> Self {
        Self {
            max_bytes: MAX_BYTES,
            kind: None,
            #[cfg(feature = "fetch")]
            fetcher: None,
            meter: Meter::default(),
        }
    }
}

/// A page as it was read.
#[derive(Debug, Clone, Default)]
pub struct PageBytes {
    /// Its bytes, unpacked, in the encoding it came in.
    pub bytes: Vec<u8>,
    /// What is known of it beside them.
    pub context: PageContext,
    /// What was cut or passed over while it was read.
    pub warnings: Vec<String>,
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
    /// A list or pattern gives no path.
    #[error("{0}")]
    Paths(#[from] PathsError),
    /// A table cannot be read at all.
    #[error("{0}")]
    Table(#[from] TableError),
    /// A row of a table gives no page.
    #[error("{0}")]
    Row(#[from] RowError),
    /// A record of a WARC file is damaged.
    #[error("{0}")]
    Warc(#[from] WarcFailure),
    /// What should be an address is none.
    #[error("{address:?} is no address: write it in full, as https://example.org/page")]
    Address {
        /// What was given.
        address: String,
    },
    /// A file that is read from its end comes as a stream.
    #[error("Parquet is read from its end: save it, and name the file")]
    Seek,
    /// A page cannot be fetched.
    #[cfg(feature = "fetch")]
    #[error("{0}")]
    Fetch(#[from] super::fetch::FetchError),
    /// Pages of the web are not read here.
    #[cfg(feature = "fetch")]
    #[error("addresses are not fetched here: save the page, and name the file")]
    NoFetcher,
    /// A kind of file that this build cannot read.
    #[error("this dehusk was built without {feature}: build it with that feature")]
    Feature {
        /// The feature that it takes.
        feature: &'static str,
    },
}

impl Input {
    /// The page that is all of a file, named as it lies.
    pub fn file(path: &Path) -> Self {
        Self {
            id: super::named::id(path.file_name().map_or(path, Path::new)),
            place: Place::whole(path.display().to_string()),
            url: None,
            charset: None,
            content: Content::File(path.to_owned()),
        }
    }

    /// The page on standard input.
    pub fn stdin() -> Self {
        Self {
            id: "stdin".to_owned(),
            place: Place::whole("-"),
            url: None,
            charset: None,
            content: Content::Stream(Stream(Box::new(io::stdin()))),
        }
    }

    /// The page at an address.
    pub fn web(url: Url) -> Self {
        Self {
            id: url.to_string(),
            place: Place::whole(url.as_str()),
            url: Some(url.clone()),
            charset: None,
            content: Content::Web(url),
        }
    }

    /// Whether reading it waits for the network.
    pub fn is_web(&self) -> bool {
        matches!(self.content, Content::Web(_))
    }

    /// The same input, fetched if it is a page of the web: what waits for the
    /// network can be done on other threads than what computes.
    ///
    /// # Errors
    /// When it cannot be fetched.
    pub fn fetched(mut self, reading: &Reading) -> Result<Self, Failed> {
        let Content::Web(url) = self.content else {
            return Ok(self);
        };
        let mut page = PageBytes::default();
        match page.fetch(&url, reading) {
            Ok(()) => {
                self.content = Content::Fetched(Box::new(page));
                Ok(self)
            }
            Err(error) => Err(Failed {
                place: self.place,
                id: Some(self.id),
                error: Box::new(error),
            }),
        }
    }

    /// Bytes that it holds in memory before it is read.
    pub fn held(&self) -> usize {
        match &self.content {
            Content::Bytes { bytes, .. } => bytes.len(),
            Content::Fetched(page) => page.bytes.len(),
            Content::Record(record) => record.held_bytes(),
            Content::File(_) | Content::Stream(_) | Content::Web(_) => 0,
        }
    }

    /// Reads and unpacks the page.
    ///
    /// # Errors
    /// When it cannot be read, or is plainly no page.
    pub fn read(self, reading: &Reading) -> Result<PageBytes, SourceError> {
        let mut page = PageBytes {
            bytes: Vec::new(),
            context: PageContext {
                url: self.url,
                charset: self.charset,
                kind: reading.kind.unwrap_or_default(),
            },
            warnings: Vec::new(),
        };
        match self.content {
            Content::File(path) => {
                let read = Metered {
                    read: File::open(&path)?,
                    meter: reading.meter.clone(),
                };
                page.read_from(Plain::new(read)?, reading.max_bytes)?;
                if reading.kind.is_none() {
                    let head = &page.bytes[..page.bytes.len().min(Kind::HEAD)];
                    page.context.kind = Kind::tell(Some(&path), head).input_kind();
                }
            }
            Content::Stream(stream) => page.read_from(Plain::new(stream.0)?, reading.max_bytes)?,
            Content::Bytes { bytes, cut } => {
                page.bytes = bytes;
                if let Some(of) = cut {
                    page.was_cut(Some(of));
                }
            }
            Content::Record(record) => {
                page.context.kind = record.kind;
                let (bytes, warnings) = record.body(reading.max_bytes)?;
                page.bytes = bytes;
                page.warnings
                    .extend(warnings.iter().map(ToString::to_string));
            }
            Content::Web(url) => page.fetch(&url, reading)?,
            Content::Fetched(fetched) => {
                page = PageBytes {
                    context: PageContext {
                        kind: page.context.kind,
                        ..fetched.context
                    },
                    ..*fetched
                }
            }
        }
        match not_a_page(&page.bytes) {
            Some(reason) => Err(SourceError::NotAPage(reason)),
            None => Ok(page),
        }
    }
}

impl PageBytes {
    fn read_from(&mut self, read: impl Read, most: usize) -> io::Result<()> {
        read.take(most as u64 + 1).read_to_end(&mut self.bytes)?;
        if self.bytes.len() > most {
            self.bytes.truncate(most);
            self.was_cut(None);
        }
        Ok(())
    }

    fn was_cut(&mut self, of: Option<u64>) {
        let after = self.bytes.len();
        self.warnings.push(match of {
            Some(of) => format!("page cut after {after} of {of} bytes"),
            None => format!("page cut after {after} bytes"),
        });
    }

    #[cfg(feature = "fetch")]
    fn fetch(&mut self, url: &Url, reading: &Reading) -> Result<(), SourceError> {
        let fetcher = reading.fetcher.as_ref().ok_or(SourceError::NoFetcher)?;
        let fetched = fetcher.fetch(url)?;
        self.bytes = fetched.bytes;
        self.context = PageContext {
            url: Some(fetched.url),
            charset: fetched.charset,
            kind: self.context.kind,
        };
        self.warnings
            .extend(fetched.warning.iter().map(ToString::to_string));
        Ok(())
    }

    #[cfg(not(feature = "fetch"))]
    fn fetch(&mut self, _: &Url, _: &Reading) -> Result<(), SourceError> {
        Err(SourceError::Feature { feature: "fetch" })
    }
}
