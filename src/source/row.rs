//! Rows of a table of pages, whatever the table is written in.

use std::io;
use std::path::{Path, PathBuf};

use super::value::SHORT;

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
    /// It has more columns than a table of pages may have.
    #[error("the header row has {found} columns, more than {limit}; is this a CSV table?")]
    ManyColumns {
        /// Columns it has.
        found: usize,
        /// The bound.
        limit: usize,
    },
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
