//! CSV and TSV tables → pages, one row held at a time.

use std::io::{self, BufRead, BufReader, Read};

use csv_core::ReadFieldResult;

use super::columns::Columns;
use super::value::{Form, SHORT, Value};
use super::{Peek, Row, RowError, RowFailure, TableError, TableOptions};

/// Reads pages from a CSV table whose first row names its columns: HTML in
/// `html`, `html_base64`, `content`, `raw_html` or `body`, or files in
/// `html_path`, `path` or `file`, from the table's folder; `id`, `url` and
/// `charset` beside it. A table of `url` (and `id`) alone gives addresses. Names
/// count without regard to case.
///
/// Commas, tabs or semicolons separate cells, whichever the header row has most
/// of. Of a cell no more than the page bound is held, and of other columns
/// nothing, so that a quote that is never closed costs no memory. A row of more
/// or fewer cells than the header is told, and the next is read.
///
/// ```
/// use std::path::Path;
/// use dehusk::source::{CsvReader, RowPage, TableOptions};
///
/// let table = "id,file\n7,pages/tea.html\n";
/// let options = TableOptions::of(Path::new("crawl/list.csv"), 20_000_000);
/// let mut rows = CsvReader::new(table.as_bytes(), options)?;
/// let row = rows.next().unwrap().unwrap();
/// assert_eq!(row.page, RowPage::Path("crawl/pages/tea.html".into()));
/// # Ok::<(), dehusk::source::TableError>(())
/// ```
pub struct CsvReader<R> {
    cells: Cells<R>,
    names: Vec<String>,
    columns: Columns,
    options: TableOptions,
    number: u64,
    over: bool,
}

/// How far into a table the end of its header row is looked for.
const HEADER: usize = 64 << 10;

/// Columns that a table may have.
const MOST_COLUMNS: usize = 10_000;

impl<R: Read> CsvReader<R> {
    /// Reads the header row of a plain table; unpack a compressed stream with
    /// [`Plain`](super::Plain) first.
    ///
    /// # Errors
    /// When it cannot be read, or no column can hold pages.
    pub fn new(read: R, options: TableOptions) -> Result<Self, TableError> {
        let mut peek = Peek::new(read);
        let delimiter = delimiter(peek.head(HEADER));
        let mut cells = Cells {
            read: BufReader::with_capacity(HEADER, peek),
            parser: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            buffer: vec![0; HEADER],
        };
        let mut names = Vec::new();
        let header = cells.row(
            |at| if at < MOST_COLUMNS { SHORT } else { 0 },
            |_, name| {
                if names.len() < MOST_COLUMNS {
                    let name = String::from_utf8_lossy(&name.held);
                    names.push(name.trim().to_owned());
                }
            },
        )?;
        match header {
            None => return Err(TableError::NoHeader),
            Some(found) if found > MOST_COLUMNS => {
                return Err(TableError::ManyColumns {
                    found,
                    limit: MOST_COLUMNS,
                });
            }
            Some(_) => {}
        }
        let columns = Columns::find(&names, &options.fields, true)?;
        Ok(Self {
            cells,
            names,
            columns,
            options,
            number: 0,
            over: false,
        })
    }

    fn row(&mut self) -> Option<Result<Row, RowError>> {
        let Columns {
            html,
            form,
            id,
            url,
            charset,
        } = self.columns;
        let needs = |at: usize| {
            let short = [id, url, charset].contains(&Some(at));
            let page = if at == html {
                form.needs(self.options.max_bytes)
            } else {
                0
            };
            page.max(if short { SHORT } else { 0 })
        };
        let mut found: [Option<Value>; 4] = Default::default();
        let read = self.cells.row(needs, |at, value| {
            let place = [Some(html), id, url, charset];
            let Some(first) = place.iter().position(|&place| place == Some(at)) else {
                return;
            };
            // A column may be meant twice: the address as the id.
            for also in first + 1..place.len() {
                if place[also] == Some(at) {
                    found[also] = Some(Value {
                        held: value.held.clone(),
                        length: value.length,
                    });
                }
            }
            found[first] = Some(value);
        });
        match read {
            Ok(None) => None,
            Ok(Some(cells)) => Some(self.page(cells, found)),
            Err(error) => {
                self.over = true;
                Some(Err(error.into()))
            }
        }
    }

    fn page(&self, cells: usize, found: [Option<Value>; 4]) -> Result<Row, RowError> {
        let expected = self.names.len();
        if cells != expected {
            return Err(RowError::Cells {
                found: cells,
                expected,
            });
        }
        let columns = &self.columns;
        let name = |column: usize| self.names.get(column).map_or("", String::as_str);
        let short = |column: Option<usize>, value: Option<Value>| match (column, value) {
            (Some(column), Some(value)) if value.length > 0 => match value.short(name(column)) {
                Ok(text) => Ok(Some(text)),
                Err(RowError::Empty { .. }) => Ok(None),
                Err(error) => Err(error),
            },
            _ => Ok(None),
        };
        let [html, id, url, charset] = found;
        let form = columns.form;
        let html = html.unwrap_or_default();
        let (page, cut) = html.page(form, name(columns.html), &self.options)?;
        Ok(Row {
            number: self.number,
            id: short(columns.id, id)?,
            url: short(columns.url, url)?,
            charset: short(columns.charset, charset)?.filter(|_| form != Form::Url),
            page,
            cut,
        })
    }
}

impl<R: Read> Iterator for CsvReader<R> {
    type Item = Result<Row, RowFailure>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        self.number += 1;
        let number = self.number;
        let row = self.row()?;
        Some(row.map_err(|reason| RowFailure { number, reason }))
    }
}

/// The delimiter that the first row has most of, outside quotes.
fn delimiter(head: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b'\t', 0), (b';', 0)];
    for &byte in head {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => {
                for (delimiter, count) in &mut counts {
                    *count += usize::from(byte == *delimiter);
                }
            }
        }
    }
    // Of equals the first: a comma where there is none.
    let most = counts.iter().map(|&(_, count)| count).max();
    counts
        .iter()
        .find(|&&(_, count)| Some(count) == most)
        .map_or(b',', |&(delimiter, _)| delimiter)
}

/// Cells of a table, of which only the first bytes are held.
struct Cells<R> {
    read: BufReader<Peek<R>>,
    parser: csv_core::Reader,
    buffer: Vec<u8>,
}

impl<R: Read> Cells<R> {
    /// Reads a row: gives `cell` the place of each cell of which `needs` wants a
    /// byte and its value, and returns how many cells there are, or `None`
    /// behind the last row.
    fn row(
        &mut self,
        needs: impl Fn(usize) -> usize,
        mut cell: impl FnMut(usize, Value),
    ) -> io::Result<Option<usize>> {
        let mut value = Value::default();
        let mut at = 0;
        loop {
            let input = match self.read.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                input => input?,
            };
            let (result, consumed, written) = self.parser.read_field(input, &mut self.buffer);
            self.read.consume(consumed);
            let missing = needs(at).saturating_sub(value.held.len());
            value
                .held
                .extend_from_slice(&self.buffer[..written.min(missing)]);
            value.length += written as u64;
            match result {
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
                ReadFieldResult::Field { record_end } => {
                    if needs(at) > 0 {
                        cell(at, std::mem::take(&mut value));
                    } else {
                        value = Value::default();
                    }
                    at += 1;
                    if record_end {
                        return Ok(Some(at));
                    }
                }
                ReadFieldResult::End => return Ok(None),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Fields, RowPage};
    use super::*;
    use proptest::prelude::*;
    use std::path::Path;

    fn options(max_bytes: usize) -> TableOptions {
        TableOptions::of(Path::new("crawl/pages.csv"), max_bytes)
    }

    fn read(table: &str) -> Vec<Result<Row, RowFailure>> {
        CsvReader::new(table.as_bytes(), options(1000))
            .unwrap()
            .collect()
    }

    #[test]
    fn rows_of_html_are_read_with_quotes_and_line_ends_in_them() {
        let rows = read(concat!(
            "\u{feff}ID,Url,Title,HTML\r\n",
            "1,https://example.org/1,\"Tea, hot\",\"<p class=\"\"a\"\">one\r\ntwo\"\r\n",
            "\r\n",
            ",,x,<p>Caf\u{e9}\r\n",
        ));
        let rows: Vec<Row> = rows.into_iter().map(Result::unwrap).collect();
        assert_eq!(
            rows[0].page,
            RowPage::Bytes(b"<p class=\"a\">one\r\ntwo".to_vec())
        );
        assert_eq!(rows[0].id.as_deref(), Some("1"));
        assert_eq!(rows[0].url.as_deref(), Some("https://example.org/1"));
        assert_eq!(rows[1].page, RowPage::Bytes("<p>Café".into()));
        assert_eq!(
            (rows[1].number, &rows[1].id, &rows[1].url),
            (2, &None, &None)
        );
    }

    #[test]
    fn tables_of_paths_and_of_addresses_are_told_by_their_columns() {
        let rows = read("path\tcharset\na/1.html\tlatin1\n/srv/2.html\t\n");
        let first = rows[0].as_ref().unwrap();
        assert_eq!(first.page, RowPage::Path("crawl/a/1.html".into()));
        assert_eq!(first.charset.as_deref(), Some("latin1"));
        let second = &rows[1].as_ref().unwrap().page;
        assert_eq!(*second, RowPage::Path("/srv/2.html".into()));
        let rows = read("id;url\n1;https://example.org/?a=1,2\n");
        let row = rows[0].as_ref().unwrap();
        assert_eq!(
            row.page,
            RowPage::Url("https://example.org/?a=1,2".to_owned())
        );
        assert_eq!(row.url.as_deref(), Some("https://example.org/?a=1,2"));
    }

    #[test]
    fn a_table_without_a_column_of_pages_names_the_columns_it_has() {
        let refused = |table: &str, fields: Fields| {
            let options = TableOptions {
                fields,
                ..options(1000)
            };
            let error = CsvReader::new(table.as_bytes(), options).err();
            error.expect("refused").to_string()
        };
        // Addresses beside other columns are not fetched unasked.
        let message = refused("url,markup\n", Fields::default());
        assert!(
            message.contains("columns: \"url\", \"markup\""),
            "{message}"
        );
        let html = Some("raw".to_owned());
        let message = refused(
            "url,html\n",
            Fields {
                html,
                ..Fields::default()
            },
        );
        assert!(message.starts_with("no column \"raw\""), "{message}");
        assert!(refused("", Fields::default()).contains("empty"));
        assert!(refused("\n\r\n", Fields::default()).contains("empty"));
        let wide = format!("html{}\n", ",x".repeat(MOST_COLUMNS));
        assert!(refused(&wide, Fields::default()).contains("10001 columns"));
        let url = Some("url".to_owned());
        let fields = Fields {
            html: url,
            ..Fields::default()
        };
        let options = TableOptions {
            fields,
            ..options(1000)
        };
        let mut rows = CsvReader::new(&b"url,markup\nx:y,<p>\n"[..], options).unwrap();
        let page = rows.next().unwrap().unwrap().page;
        assert_eq!(page, RowPage::Url("x:y".to_owned()));
    }

    #[test]
    fn rows_that_give_no_page_are_told_and_the_next_is_read() {
        let rows = read("id,html\n1\n2,<p>a,b\n3,\n4,<p>Tea\n");
        let told = |at: usize| rows[at].as_ref().unwrap_err().to_string();
        assert!(told(0).starts_with("the row has 1 cells, the header 2"));
        assert!(told(1).starts_with("the row has 3 cells"));
        assert_eq!(told(2), "field \"html\" is empty");
        assert_eq!(rows[2].as_ref().unwrap_err().number, 3);
        assert_eq!(rows[3].as_ref().unwrap().id.as_deref(), Some("4"));
    }

    #[test]
    fn of_a_long_cell_the_bound_is_held_and_the_next_row_is_read() {
        let html = "é".repeat(200_000);
        let rows = read(&format!(
            "html,id\n{html},1\n<p>Tea,{}\n<p>Tea,3\n",
            "x".repeat(70_000)
        ));
        let row = rows[0].as_ref().unwrap();
        let RowPage::Bytes(bytes) = &row.page else {
            panic!("{row:?}");
        };
        assert_eq!((bytes.len(), row.cut), (1000, Some(400_000)));
        assert!(matches!(
            rows[1].as_ref().unwrap_err().reason,
            RowError::LongField { bytes: 70_000, .. }
        ));
        assert_eq!(rows[2].as_ref().unwrap().number, 3);
    }

    #[test]
    fn base64_of_a_long_page_is_cut_too() {
        use base64::Engine;
        let long = base64::engine::general_purpose::STANDARD.encode("<p>Tea".repeat(1000));
        let rows = read(&format!("html_base64\n{long}\nPHA+VGVh\n"));
        let row = rows[0].as_ref().unwrap();
        let RowPage::Bytes(bytes) = &row.page else {
            panic!("{row:?}");
        };
        assert_eq!((bytes.len(), row.cut), (1000, Some(6000)));
        assert_eq!(
            rows[1].as_ref().unwrap().page,
            RowPage::Bytes(b"<p>Tea".to_vec())
        );
    }

    #[test]
    fn a_stream_that_breaks_is_told_once_and_ends_the_table() {
        struct Torn<'a>(&'a [u8]);
        impl Read for Torn<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                match self.0.read(buffer)? {
                    0 => Err(io::Error::other("torn")),
                    read => Ok(read),
                }
            }
        }
        let rows = CsvReader::new(Torn(b"html\n<p>one\n<p>tw"), options(100)).unwrap();
        let rows: Vec<_> = rows.collect();
        assert_eq!(rows.len(), 2);
        let failure = rows[1].as_ref().unwrap_err();
        assert!(matches!(failure.reason, RowError::Unreadable(_)));
        assert_eq!(failure.number, 2);
    }

    proptest! {
        #[test]
        fn every_row_is_a_page_or_a_failure(rest in proptest::collection::vec(
            prop_oneof![
                Just(b"\n".to_vec()), Just(b",".to_vec()), Just(b"\"".to_vec()),
                Just(b"<p>,1\r\n".to_vec()), proptest::collection::vec(any::<u8>(), 0..9)
            ], 0..40
        )) {
            let rest = rest.concat();
            let mut other = ::csv::ReaderBuilder::new();
            let other = other.flexible(true).has_headers(false).from_reader(&rest[..]);
            let expected = other.into_byte_records().count();
            let table = [b"html,id\n", &rest[..]].concat();
            let rows: Vec<_> = CsvReader::new(&table[..], options(100)).unwrap().collect();
            prop_assert_eq!(rows.len(), expected);
        }

        #[test]
        fn any_bytes_are_a_table_or_none(bytes: Vec<u8>) {
            if let Ok(rows) = CsvReader::new(&bytes[..], options(100)) {
                prop_assert!(rows.count() <= bytes.len());
            }
        }
    }
}
