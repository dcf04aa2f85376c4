//! Parquet files → pages, one row held at a time.
//!
//! The `parquet` crate knows the schema and decodes the values; what a file
//! claims is measured before it gets there. [`footer`] checks the schema,
//! [`pages`] reads a column's pages and checks them, [`unpack`] unpacks them
//! within bounds, [`delta`] measures differences, [`thrift`] walks headers.

mod column;
mod delta;
mod footer;
mod pages;
mod thrift;
mod unpack;

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use parquet::basic::{ConvertedType, LogicalType, Type};
use parquet::errors::Result as ParquetResult;
use parquet::file::metadata::ParquetMetaData;
use parquet::schema::types::ColumnDescriptor;

use self::column::Column;
use super::columns::{Columns, listed};
use super::value::{Form, SHORT, Value};
use super::{Row, RowError, RowFailure, TableError, TableOptions};

/// Reads pages from the columns of a Parquet file: text or bytes in `html`,
/// `html_base64`, `html_path` (from the table's folder), `content`, `raw_html`
/// or `body`, or in the column that [`Fields::html`](super::Fields::html) names;
/// `id` (text or a whole number), `url` and `charset` beside it. A column within
/// a struct is called by its path, `page.html`. Names count without regard to
/// case.
///
/// Only these columns are read, a page of each at a time, packed with Snappy,
/// gzip, Zstandard, Brotli or LZ4. A row whose page is null is told, and the
/// next is read; damage ends a row group, and the next row group is read.
///
/// ```no_run
/// use std::fs::File;
/// use std::path::Path;
/// use dehusk::source::{ParquetReader, TableOptions};
///
/// let path = Path::new("crawl/pages.parquet");
/// let options = TableOptions::of(path, 20_000_000);
/// for row in ParquetReader::new(File::open(path)?, options)? {
///     match row {
///         Ok(row) => println!("{}: {:?}", row.number, row.url),
///         Err(failure) => eprintln!("row {}: {failure}", failure.number),
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ParquetReader {
    file: Arc<File>,
    metadata: ParquetMetaData,
    names: Vec<String>,
    columns: Columns,
    options: TableOptions,
    group: usize,
    cells: Option<Cells>,
    /// Rows before the row group at hand, and of it so far.
    number: u64,
    /// Rows of the row group at hand that are still to come.
    left: u64,
}

/// The columns of a row group.
struct Cells {
    html: Column,
    id: Option<Column>,
    url: Option<Column>,
    charset: Option<Column>,
}

impl ParquetReader {
    /// Reads the footer. The file must be one that can be read at any place, so
    /// no pipe.
    ///
    /// # Errors
    /// When it cannot be read, or no column can hold pages.
    pub fn new(mut file: File, options: TableOptions) -> Result<Self, TableError> {
        let metadata = footer::read(&mut file).map_err(|error| TableError::Parquet {
            problem: told(&error),
        })?;
        let described = metadata.file_metadata().schema_descr().columns();
        let names: Vec<String> = described
            .iter()
            .map(|column| column.path().string())
            .collect();
        let mut columns = Columns::find(&names, &options.fields, false)?;
        let fields = &options.fields;
        let check = |at: usize, numbers: bool| {
            let column = &described[at];
            let list = column.max_rep_level() > 0;
            let fits = match column.physical_type() {
                Type::BYTE_ARRAY => !list,
                Type::INT32 | Type::INT64 => numbers && !list,
                _ => false,
            };
            let found = format!(
                "{}{}",
                column.physical_type(),
                if list { " in a list" } else { "" }
            );
            fits.then_some(()).ok_or_else(|| TableError::ColumnType {
                column: names[at].clone(),
                found,
                wanted: if numbers {
                    "text or a whole number"
                } else {
                    "text or bytes"
                },
                columns: listed(&names),
            })
        };
        check(columns.html, false)?;
        // A column that is not asked for by name may be something else.
        for (place, named, numbers) in [
            (&mut columns.id, fields.id.is_some(), true),
            (&mut columns.url, fields.url.is_some(), false),
            (&mut columns.charset, false, false),
        ] {
            if let Some(at) = *place
                && let Err(error) = check(at, numbers)
            {
                if named {
                    return Err(error);
                }
                *place = None;
            }
        }
        Ok(Self {
            file: Arc::new(file),
            metadata,
            names,
            columns,
            options,
            group: 0,
            cells: None,
            number: 0,
            left: 0,
        })
    }

    fn open(&self) -> ParquetResult<Cells> {
        let described = self.metadata.file_metadata().schema_descr();
        let group = self.metadata.row_group(self.group);
        let column = |at: usize| Column::open(&self.file, group, &described.column(at), at);
        let optional = |at: Option<usize>| at.map(column).transpose();
        Ok(Cells {
            html: column(self.columns.html)?,
            id: optional(self.columns.id)?,
            url: optional(self.columns.url)?,
            charset: optional(self.columns.charset)?,
        })
    }

    /// Whether a column says that it holds text, which is UTF-8.
    fn is_text(&self, at: usize) -> bool {
        let column: &ColumnDescriptor = &self.metadata.file_metadata().schema_descr().column(at);
        matches!(column.logical_type_ref(), Some(LogicalType::String))
            || column.converted_type() == ConvertedType::UTF8
    }

    fn page(&self, row: [Option<Value>; 4]) -> Result<Row, RowError> {
        let columns = &self.columns;
        let [html, id, url, charset] = row;
        let name = |at: usize| self.names[at].as_str();
        let html_name = name(columns.html);
        let html = html.unwrap_or_default();
        let (page, cut) = html.page(columns.form, html_name, &self.options)?;
        let short = |at: Option<usize>, value: Option<Value>| match (at, value) {
            (Some(at), Some(value)) => match value.short(name(at)) {
                Ok(text) => Ok(Some(text)),
                Err(RowError::Empty { .. }) => Ok(None),
                Err(error) => Err(error),
            },
            _ => Ok(None),
        };
        let charset = match columns.form {
            Form::Text if self.is_text(columns.html) => Some("utf-8".to_owned()),
            _ => short(columns.charset, charset)?,
        };
        Ok(Row {
            number: self.number,
            id: short(columns.id, id)?,
            url: short(columns.url, url)?,
            charset,
            page,
            cut,
        })
    }

    /// Gives the row group at hand up.
    fn damaged(&mut self, problem: String) -> RowFailure {
        let (number, lost) = (self.number, self.left.max(1));
        let group = self.group;
        self.number = self.number.saturating_add(self.left.saturating_sub(1));
        self.cells = None;
        self.left = 0;
        self.group += 1;
        let reason = RowError::RowGroup {
            group,
            lost,
            problem,
        };
        RowFailure { number, reason }
    }
}

impl Cells {
    /// The next row's cells, each `None` where it is null; `None` in all where
    /// the column of pages ends.
    fn row(&mut self, needs: usize) -> ParquetResult<Option<[Option<Value>; 4]>> {
        let Some(html) = self.html.value(needs)? else {
            return Ok(None);
        };
        let mut row = [html, None, None, None];
        let others = [&mut self.id, &mut self.url, &mut self.charset];
        for (cell, column) in row[1..].iter_mut().zip(others) {
            if let Some(column) = column {
                *cell = (column.value(SHORT + 1)?)
                    .ok_or_else(|| thrift::broken("a column has fewer rows than another"))?;
            }
        }
        Ok(Some(row))
    }
}

impl Iterator for ParquetReader {
    type Item = Result<Row, RowFailure>;

    fn next(&mut self) -> Option<Self::Item> {
        let needs = self.columns.form.needs(self.options.max_bytes);
        loop {
            let Some(mut cells) = self.cells.take() else {
                if self.group >= self.metadata.num_row_groups() {
                    return None;
                }
                let rows = self.metadata.row_group(self.group).num_rows();
                self.left = u64::try_from(rows).unwrap_or(0);
                if self.left > 0 {
                    match guarded(|| self.open()) {
                        Ok(cells) => self.cells = Some(cells),
                        Err(error) => {
                            self.number = self.number.saturating_add(1);
                            return Some(Err(self.damaged(told(&error))));
                        }
                    }
                } else {
                    self.group += 1;
                }
                continue;
            };
            if self.left == 0 {
                self.group += 1;
                continue;
            }
            self.number = self.number.saturating_add(1);
            let row = match guarded(|| cells.row(needs)) {
                Ok(Some(row)) => row,
                Ok(None) => {
                    let problem = "it has fewer rows than the footer says".to_owned();
                    return Some(Err(self.damaged(problem)));
                }
                Err(error) => return Some(Err(self.damaged(told(&error)))),
            };
            self.cells = Some(cells);
            self.left -= 1;
            let number = self.number;
            let row = self.page(row);
            return Some(row.map_err(|reason| RowFailure { number, reason }));
        }
    }
}

/// What the crate says, without the words it puts before everything.
fn told(error: &parquet::errors::ParquetError) -> String {
    use parquet::errors::ParquetError::{EOF, General, NYI};
    match error {
        General(problem) | EOF(problem) | NYI(problem) => problem.clone(),
        other => other.to_string(),
    }
}

/// Runs what decodes untrusted bytes. The crate's decoders check much and panic
/// for the rest: in `parquet` 60.1, indices of a dictionary that are cut within
/// a run (`util/bit_util.rs`, `read_num_bytes`), which the test of damaged files
/// finds once in some thousand. What was being decoded is thrown away then.
fn guarded<T>(decode: impl FnOnce() -> ParquetResult<T>) -> ParquetResult<T> {
    catch_unwind(AssertUnwindSafe(decode))
        .unwrap_or_else(|_| Err(thrift::broken("the decoder gives up on its bytes")))
}

#[cfg(test)]
mod tests;
