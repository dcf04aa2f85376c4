//! Named things → their pages, one by one.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use url::Url;

use super::folder::{Entry, Found, walk};
use super::input::{Content, Stream};
use super::meter::{Meter, Metered};
use super::named::id;
use super::warc::WarcReader;
use super::{
    At, CsvReader, Fields, Input, JsonlReader, Kind, MAX_BYTES, Named, Passed, Peek, Place, Plain,
    Row, RowFailure, RowPage, SourceError, TableOptions, is_pattern, matches,
};
use crate::page::InputKind;

/// An input that gives no page.
#[derive(Debug)]
pub struct Failed {
    /// Where it is.
    pub place: Place,
    /// What its page would be called, where that is known.
    pub id: Option<String>,
    /// Why.
    pub error: Box<SourceError>,
}

/// How containers are read.
#[derive(Debug, Clone)]
pub struct InputOptions {
    /// The fields or columns of tables.
    pub fields: Fields,
    /// Bytes that are held of a page.
    pub max_bytes: usize,
    /// Which pages are taken below folders: files named as HTML, or as plain text
    /// (`.txt`).
    pub kind: InputKind,
    /// Counts what is read of containers.
    pub meter: Meter,
    /// Counts what is passed over.
    pub passed: Passed,
}

impl Default for InputOptions {
    fn default() -> Self {
        Self {
            fields: Fields::default(),
            max_bytes: MAX_BYTES,
            kind: InputKind::Html,
            meter: Meter::default(),
            passed: Passed::default(),
        }
    }
}

/// The pages of everything that was named, in order: those of a folder by their
/// paths, those of a container as they lie in it.
///
/// Inputs are found as they are asked for, and one record is held at a time.
/// What fails is given as [`Failed`], and the next input follows it.
///
/// ```no_run
/// use dehusk::source::{InputOptions, Inputs, Named, Reading};
///
/// let named = ["crawl/", "more.warc.gz"].map(|name| Named::of(name.as_ref()));
/// for input in Inputs::new(named, InputOptions::default()) {
///     match input {
///         Ok(input) => println!("{} is {}", input.place, input.id),
///         Err(failed) => eprintln!("{}: {}", failed.place, failed.error),
///     }
/// }
/// ```
pub struct Inputs {
    named: VecDeque<Named>,
    options: InputOptions,
    open: Vec<Open>,
    /// Found already.
    ahead: Option<Result<Input, Failed>>,
}

/// What gives inputs: below a folder an archive may be open.
type Open = Box<dyn Iterator<Item = Result<Step, Failed>> + Send>;

enum Step {
    Input(Box<Input>),
    /// An archive below a folder, to be read before the folder goes on.
    Archive(PathBuf, String),
}

impl Inputs {
    /// Nothing is looked at yet.
    pub fn new(named: impl IntoIterator<Item = Named>, options: InputOptions) -> Self {
        Self {
            named: named.into_iter().collect(),
            options,
            open: Vec::new(),
            ahead: None,
        }
    }

    /// Whether all that was named is one page: a single file, address or
    /// standard input that is no container. Looks into it to tell.
    pub fn is_one_page(&mut self) -> bool {
        if self.named.len() != 1 || self.named.iter().any(Named::is_several) {
            return false;
        }
        let begun = self.named.pop_front().map(|named| self.begin(named));
        match begun {
            Some(Ok(None)) | None => false,
            Some(Ok(Some(input))) => {
                self.ahead = Some(Ok(input));
                true
            }
            Some(Err(failed)) => {
                self.ahead = Some(Err(failed));
                true
            }
        }
    }

    fn begin(&mut self, named: Named) -> Result<Option<Input>, Failed> {
        match named {
            Named::Stdin => self.stream("-", "stdin", None, io::stdin()),
            Named::Url(url) => Ok(Some(Input::web(url))),
            Named::Path(path) if path.is_dir() => {
                self.open.push(self.folder(&path));
                Ok(None)
            }
            Named::Path(path) if is_pattern(&path) => {
                let source = path.display().to_string();
                let found = matches(&source).map_err(|error| failed(&source, error))?;
                for path in found.paths.into_iter().rev() {
                    self.named.push_front(Named::Path(path));
                }
                let failures = found.failures.into_iter();
                self.open.push(Box::new(
                    failures.map(|(path, error)| Err(failed(&path.display().to_string(), error))),
                ));
                Ok(None)
            }
            Named::Path(path) => {
                let id = id(path.file_name().map_or(&path, Path::new));
                self.file(&path, &id)
            }
        }
    }

    fn folder(&self, folder: &Path) -> Open {
        let passed = self.options.passed.clone();
        Box::new(
            walk(folder, self.options.kind).filter_map(move |entry| match entry {
                Entry::Found(Found { path, id, kind }) => Some(Ok(match kind {
                    Kind::Warc => Step::Archive(path, id),
                    _ => Step::Input(Box::new(Input {
                        id,
                        ..Input::file(&path)
                    })),
                })),
                Entry::PassedOver => {
                    passed.file();
                    None
                }
                Entry::Failed(path, error) => Some(Err(failed(&path.display().to_string(), error))),
            }),
        )
    }

    fn file(&mut self, path: &Path, id: &str) -> Result<Option<Input>, Failed> {
        let source = path.display().to_string();
        let file = File::open(path).map_err(|error| failed(&source, error))?;
        self.stream(&source, id, Some(path), file)
    }

    /// Tells what a stream holds, and begins to read it.
    fn stream(
        &mut self,
        source: &str,
        id: &str,
        path: Option<&Path>,
        read: impl Read + Send + 'static,
    ) -> Result<Option<Input>, Failed> {
        let fails = |error: SourceError| failed(source, error);
        let mut read = Peek::new(read);
        let kind = Kind::tell(path, &plain_head(&mut read));
        let read = Metered {
            read,
            meter: self.options.meter.clone(),
        };
        let table = || TableOptions {
            fields: self.options.fields.clone(),
            ..TableOptions::of(path.unwrap_or(Path::new("")), self.options.max_bytes)
        };
        let (source, id) = (source.to_owned(), id.to_owned());
        let open: Open = match kind {
            Kind::Warc => archive(source, read, &self.options),
            Kind::Jsonl => {
                let plain = Plain::new(read).map_err(|error| fails(error.into()))?;
                rows(source, id, At::Line, JsonlReader::new(plain, table()))
            }
            Kind::Csv => {
                let plain = Plain::new(read).map_err(|error| fails(error.into()))?;
                let reader = CsvReader::new(plain, table()).map_err(|error| fails(error.into()))?;
                rows(source, id, At::Row, reader)
            }
            Kind::Parquet => parquet(source, id, path, table()).map_err(fails)?,
            _ => {
                return Ok(Some(match path {
                    Some(path) => Input {
                        id,
                        ..Input::file(path)
                    },
                    None => Input {
                        content: Content::Stream(Stream(Box::new(read))),
                        ..Input::stdin()
                    },
                }));
            }
        };
        self.open.push(open);
        Ok(None)
    }
}

impl Iterator for Inputs {
    type Item = Result<Input, Failed>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(ahead) = self.ahead.take() {
            return Some(ahead);
        }
        loop {
            let found = match self.open.last_mut().map(Iterator::next) {
                Some(Some(Ok(Step::Input(input)))) => return Some(Ok(*input)),
                Some(Some(Ok(Step::Archive(path, id)))) => self.file(&path, &id),
                Some(Some(Err(failed))) => return Some(Err(failed)),
                Some(None) => {
                    self.open.pop();
                    continue;
                }
                None => {
                    let named = self.named.pop_front()?;
                    self.begin(named)
                }
            };
            match found {
                Ok(Some(input)) => return Some(Ok(input)),
                Ok(None) => {}
                Err(failed) => return Some(Err(failed)),
            }
        }
    }
}

fn failed(source: &str, error: impl Into<SourceError>) -> Failed {
    Failed {
        place: Place::whole(source),
        id: None,
        error: Box::new(error.into()),
    }
}

/// The first bytes of a stream, unpacked as far as they go.
fn plain_head(read: &mut Peek<impl Read>) -> Vec<u8> {
    let head = read.head(Kind::HEAD);
    let mut plain = Vec::new();
    if let Ok(unpacked) = Plain::new(head) {
        // The head of a packed stream stops before its end.
        let _ = unpacked.take(Kind::HEAD as u64).read_to_end(&mut plain);
    }
    plain
}

fn archive(source: String, read: impl Read + Send + 'static, options: &InputOptions) -> Open {
    let records = WarcReader::new(read)
        .max_bytes(options.max_bytes)
        .counting_in(options.passed.records.clone());
    Box::new(records.map(move |record| {
        let at = |offset| Place {
            source: source.clone(),
            at: At::Byte(offset),
        };
        match record {
            Ok(record) => Ok(Step::Input(Box::new(Input {
                id: record.id.clone(),
                place: at(record.offset),
                url: record.url.as_deref().and_then(|url| Url::parse(url).ok()),
                charset: record.charset.clone(),
                content: Content::Record(Box::new(record)),
            }))),
            Err(failure) => Err(Failed {
                place: at(failure.offset),
                id: failure.id.clone(),
                error: Box::new(failure.into()),
            }),
        }
    }))
}

#[cfg(feature = "parquet")]
fn parquet(
    source: String,
    id: String,
    path: Option<&Path>,
    options: TableOptions,
) -> Result<Open, SourceError> {
    let path = path.ok_or(SourceError::Seek)?;
    let reader = super::ParquetReader::new(File::open(path)?, options)?;
    Ok(rows(source, id, At::Row, reader))
}

#[cfg(not(feature = "parquet"))]
fn parquet(_: String, _: String, _: Option<&Path>, _: TableOptions) -> Result<Open, SourceError> {
    Err(SourceError::Feature { feature: "parquet" })
}

fn rows(
    source: String,
    table: String,
    at: fn(u64) -> At,
    rows: impl Iterator<Item = Result<Row, RowFailure>> + Send + 'static,
) -> Open {
    Box::new(rows.map(move |row| {
        let place = |number| Place {
            source: source.clone(),
            at: at(number),
        };
        match row {
            Ok(row) => {
                let place = place(row.number);
                row_input(row, &table, place).map(|input| Step::Input(Box::new(input)))
            }
            Err(failure) => Err(Failed {
                place: place(failure.number),
                id: None,
                error: Box::new(failure.reason.into()),
            }),
        }
    }))
}

fn row_input(row: Row, table: &str, place: Place) -> Result<Input, Failed> {
    let id = row.id.unwrap_or_else(|| format!("{table}/{}", row.number));
    let mut url = row.url.as_deref().and_then(|url| Url::parse(url).ok());
    let content = match row.page {
        RowPage::Bytes(bytes) => Content::Bytes {
            bytes,
            cut: row.cut,
        },
        RowPage::Path(path) => Content::File(path),
        RowPage::Url(address) => match Url::parse(&address) {
            Ok(address) => {
                url = Some(address.clone());
                Content::Web(address)
            }
            Err(_) => {
                return Err(Failed {
                    place,
                    id: Some(id),
                    error: Box::new(SourceError::Address { address }),
                });
            }
        },
    };
    Ok(Input {
        id,
        place,
        url,
        charset: row.charset,
        content,
    })
}
