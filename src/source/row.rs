//! Rows of a table of pages, whatever the table is written in: which of its
//! fields are meant, and what a field says.

use std::io;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Names that a field of HTML goes by, those that are sought first before the
/// others.
pub(super) const MARKUP: [&str; 6] = [
    "html",
    "html_base64",
    "html_path",
    "content",
    "raw_html",
    "body",
];

/// Names that a column of paths goes by in a CSV table.
pub(super) const PATHS: [&str; 2] = ["path", "file"];

/// The field whose value is the charset of a page that is given as bytes.
pub(super) const CHARSET: &str = "charset";

/// Bytes that an id, an address, a charset or a path may have.
pub(super) const SHORT: usize = 64 << 10;

/// Which fields of a table are meant. What is not named is sought by its usual
/// names: the page in `html`, `html_base64`, `html_path`, `content`, `raw_html`
/// or `body`, the first that there is; the id in `id`, the address in `url`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// The field with the page. A name that ends in `base64` holds bytes in
    /// base64; `path`, `file` and names that end in `_path` or `_file` say
    /// where the page is; `url` holds its address.
    pub html: Option<String>,
    /// The field with the page's id.
    pub id: Option<String>,
    /// The field with the page's address.
    pub url: Option<String>,
}

/// How a table of pages is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableOptions {
    /// Which fields are meant.
    pub fields: Fields,
    /// The folder that relative paths in the table start from: the table's own.
    pub folder: PathBuf,
    /// Bytes of a page that are kept; what is longer is cut there.
    pub max_bytes: usize,
}

impl TableOptions {
    /// The usual fields of the table at `path`, and at most `max_bytes` of a
    /// page.
    pub fn of(path: &Path, max_bytes: usize) -> Self {
        Self {
            fields: Fields::default(),
            folder: path.parent().unwrap_or(Path::new("")).to_owned(),
            max_bytes,
        }
    }
}

/// A page of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line of a JSONL file, the row of another table, from 1; a header row
    /// does not count.
    pub number: u64,
    /// What the table calls the page.
    pub id: Option<String>,
    /// Where the page was taken from.
    pub url: Option<String>,
    /// The encoding that the table says the page's bytes are in.
    pub charset: Option<String>,
    /// The page, or where it is.
    pub page: RowPage,
    /// Of a page that was cut, how many bytes it had; of one in base64 that was
    /// too long to be held, how many its length stands for.
    pub cut: Option<u64>,
}

/// What a row gives of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowPage {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// The file it is in.
    Path(PathBuf),
    /// Its address: nothing else is known of it.
    Url(String),
}

/// A row that gives no page.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct RowFailure {
    /// The line of a JSONL file, the row of another table, from 1.
    pub number: u64,
    /// Why.
    pub reason: RowError,
}

/// Why a row gives no page. After all but [`RowError::Unreadable`] the next
/// rows are read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RowError {
    /// The stream fails here, and the table is read no further.
    #[error("the table cannot be read further: {0}")]
    Unreadable(#[from] io::Error),
    /// The line is longer than what is held of one.
    #[error(
        "the line has {bytes} bytes, more than the {limit} that are read; raise the page bound"
    )]
    LongLine {
        /// Bytes it has, its end included.
        bytes: u64,
        /// The bound.
        limit: usize,
    },
    /// The line is no JSON.
    #[error("the line is no JSON: {problem} (column {column})")]
    Json {
        /// What is wrong.
        problem: String,
        /// Byte of the line, from 1.
        column: usize,
    },
    /// The line is JSON, but not an object.
    #[error("the line is {found}, where an object is needed; write one object a line")]
    NotAnObject {
        /// What it is.
        found: &'static str,
    },
    /// No field of the line holds a page.
    #[error("no field {wanted}; the line has {fields}; name the field of the page")]
    NoField {
        /// Names that were sought.
        wanted: String,
        /// Names that there are.
        fields: String,
    },
    /// The field is there and says nothing.
    #[error("field {field:?} is empty")]
    Empty {
        /// Its name.
        field: String,
    },
    /// The field holds something else.
    #[error("field {field:?} is {found}, where {wanted} is needed")]
    WrongType {
        /// Its name.
        field: String,
        /// What it holds.
        found: &'static str,
        /// What it should.
        wanted: &'static str,
    },
    /// The field is longer than any id, address or path.
    #[error("field {field:?} has {bytes} bytes, more than the {SHORT} that are read of it")]
    LongField {
        /// Its name.
        field: String,
        /// Bytes it has.
        bytes: u64,
    },
    /// The field should hold base64.
    #[error("field {field:?} is no base64: {problem}")]
    Base64 {
        /// Its name.
        field: String,
        /// What is wrong.
        problem: String,
    },
    /// A row has another number of cells than the header.
    #[error("the row has {found} cells, the header {expected}; quote cells that hold delimiters")]
    Cells {
        /// Cells of the row.
        found: usize,
        /// Cells of the header.
        expected: usize,
    },
    /// The rest of a row group is damaged; the next row group is read.
    #[error(
        "row group {group} is damaged from here, and {lost} rows are lost: {problem}; \
         write the file again"
    )]
    RowGroup {
        /// Which, from 0.
        group: usize,
        /// Rows that cannot be read, this one included, as the file says.
        lost: u64,
        /// What is wrong.
        problem: String,
    },
}

/// Why a table cannot be read at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// Its first bytes cannot be read.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// It has no header row.
    #[error("the table is empty; its first row must name the columns")]
    NoHeader,
    /// A column that is needed is not there.
    #[error("no column {wanted}; columns: {columns}; name the column of the page")]
    NoColumn {
        /// Names that were sought.
        wanted: String,
        /// Names that there are.
        columns: String,
    },
    /// A column is of a type that cannot hold what it should.
    #[error("column {column:?} is {found}, where {wanted} is needed; columns: {columns}")]
    ColumnType {
        /// Its name.
        column: String,
        /// What it holds.
        found: String,
        /// What it should.
        wanted: &'static str,
        /// Names that there are.
        columns: String,
    },
    /// The file is damaged, or no Parquet.
    #[cfg(feature = "parquet")]
    #[error("this Parquet file cannot be read: {problem}; fetch or write it again")]
    Parquet {
        /// What is wrong.
        problem: String,
    },
}

/// What the field of a page holds, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Base64,
    Path,
    Url,
}

impl Form {
    pub fn of(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        if name.ends_with("base64") {
            Self::Base64
        } else if PATHS.contains(&name.as_str())
            || name.ends_with("_path")
            || name.ends_with("_file")
        {
            Self::Path
        } else if name == "url" {
            Self::Url
        } else {
            Self::Text
        }
    }

    /// Bytes of the field that are needed for `max_bytes` of the page.
    pub fn needs(self, max_bytes: usize) -> usize {
        match self {
            Self::Text => max_bytes,
            // Four characters are three bytes; there may be line ends.
            Self::Base64 => max_bytes.saturating_mul(3) / 2 + 64,
            Self::Path | Self::Url => SHORT,
        }
    }
}

/// What a field says, of which only the first bytes may be held.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Value {
    pub held: Vec<u8>,
    /// Bytes that it has.
    pub length: u64,
}

impl Value {
    pub fn whole(bytes: Vec<u8>) -> Self {
        let length = bytes.len() as u64;
        Self {
            held: bytes,
            length,
        }
    }

    /// The page that the field `field` stands for, and how long it was before
    /// it was cut, if it was.
    pub fn page(
        self,
        form: Form,
        field: &str,
        options: &TableOptions,
    ) -> Result<(RowPage, Option<u64>), RowError> {
        if self.length == 0 {
            return Err(RowError::Empty {
                field: field.to_owned(),
            });
        }
        match form {
            Form::Text => {
                let (bytes, cut) = cut(self.held, self.length, options.max_bytes);
                Ok((RowPage::Bytes(bytes), cut))
            }
            Form::Base64 => {
                let (bytes, length) = self.from_base64(field)?;
                let (bytes, cut) = cut(bytes, length, options.max_bytes);
                Ok((RowPage::Bytes(bytes), cut))
            }
            Form::Path => {
                let path = self.short(field)?;
                Ok((RowPage::Path(options.folder.join(path.trim())), None))
            }
            Form::Url => Ok((RowPage::Url(self.short(field)?.trim().to_owned()), None)),
        }
    }

    /// The value of a field that must be short and text.
    pub fn short(self, field: &str) -> Result<String, RowError> {
        let field = || field.to_owned();
        if self.length > self.held.len() as u64 || self.held.len() > SHORT {
            return Err(RowError::LongField {
                field: field(),
                bytes: self.length,
            });
        }
        let text = String::from_utf8(self.held).map_err(|_| RowError::WrongType {
            field: field(),
            found: "not UTF-8",
            wanted: "text",
        })?;
        if text.trim().is_empty() {
            return Err(RowError::Empty { field: field() });
        }
        Ok(text)
    }

    /// The bytes, and how many there would be if all were held.
    fn from_base64(self, field: &str) -> Result<(Vec<u8>, u64), RowError> {
        const LENIENT: GeneralPurpose = GeneralPurpose::new(
            &STANDARD,
            GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
        );
        let mut held = self.held;
        let all = held.len() as u64 == self.length;
        held.retain(|byte| !byte.is_ascii_whitespace());
        if !all {
            held.truncate(held.len() / 4 * 4);
        }
        let bytes = LENIENT.decode(&held).map_err(|error| RowError::Base64 {
            field: field.to_owned(),
            problem: error.to_string(),
        })?;
        let length = if all {
            bytes.len() as u64
        } else {
            self.length / 4 * 3
        };
        Ok((bytes, length))
    }
}

/// At most `most` bytes of those held, without a piece of a character at the
/// end, and the length there was if that is not all.
fn cut(mut held: Vec<u8>, length: u64, most: usize) -> (Vec<u8>, Option<u64>) {
    if length <= most as u64 {
        return (held, None);
    }
    let mut end = most.min(held.len());
    let continues = |at: usize| held.get(at).is_some_and(|byte| byte & 0xc0 == 0x80);
    if end < held.len() {
        // UTF-8: at most three bytes of a character stand before its last.
        let back = (0..4.min(end + 1)).find(|&back| !continues(end - back));
        end -= back.unwrap_or(0);
    } else if let Err(error) = std::str::from_utf8(&held)
        && error.error_len().is_none()
    {
        end = error.valid_up_to();
    }
    held.truncate(end);
    held.shrink_to_fit();
    (held, Some(length))
}

/// Columns of a table by their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    pub html: usize,
    pub form: Form,
    pub id: Option<usize>,
    pub url: Option<usize>,
    pub charset: Option<usize>,
}

impl Columns {
    /// Finds the columns that `fields` mean among `names`, by their usual names
    /// without regard to case. A table of nothing but addresses (beside ids)
    /// gives addresses; `paths` says whether `path` and `file` are usual names.
    pub fn find(names: &[String], fields: &Fields, paths: bool) -> Result<Self, TableError> {
        let place = |sought: &str| {
            let exact = names.iter().position(|name| name == sought);
            exact.or_else(|| {
                let same = |name: &String| name.eq_ignore_ascii_case(sought);
                names.iter().position(same)
            })
        };
        let missing = |wanted: String| TableError::NoColumn {
            wanted,
            columns: listed(names),
        };
        let named = |given: &Option<String>, usual: &str| match given {
            Some(name) => place(name).map(Some).ok_or_else(|| missing(quoted(name))),
            None => Ok(place(usual)),
        };
        let id = named(&fields.id, "id")?;
        let url = named(&fields.url, "url")?;
        let charset = place(CHARSET);
        let usual = || {
            MARKUP
                .iter()
                .chain(paths.then_some(&PATHS).into_iter().flatten())
        };
        let (html, form) = if let Some(name) = &fields.html {
            let html = place(name).ok_or_else(|| missing(quoted(name)))?;
            (html, Form::of(name))
        } else if let Some(html) = usual().find_map(|name| place(name)) {
            (html, Form::of(&names[html]))
        } else if let Some(url) = url.filter(|&url| {
            paths && (0..names.len()).all(|at| at == url || Some(at) == id || Some(at) == charset)
        }) {
            (url, Form::Url)
        } else {
            let usual: Vec<&str> = usual().copied().collect();
            return Err(missing(usual.join(", ")));
        };
        Ok(Self {
            html,
            form,
            id,
            url,
            charset,
        })
    }
}

fn quoted(name: &str) -> String {
    format!("{name:?}")
}

/// Names for a message: the first of many, none longer than a line.
pub(super) fn listed(names: &[String]) -> String {
    const MOST: usize = 20;
    let mut text: Vec<String> = (names.iter().take(MOST))
        .map(|name| match name.char_indices().nth(40) {
            Some((end, _)) => format!("{:?}…", &name[..end]),
            None => quoted(name),
        })
        .collect();
    if names.len() > MOST {
        text.push(format!("and {} more", names.len() - MOST));
    }
    if text.is_empty() {
        text.push("none".to_owned());
    }
    text.join(", ")
}
