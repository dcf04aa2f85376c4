//! JSON lines → pages, one line held at a time.

use std::io::Read;

use super::json_object::row;
use super::lines::{Line, Lines};
use super::{Row, RowError, RowFailure, TableOptions};

/// Reads pages from JSON lines: an object a line, with the page in `html` (text),
/// `html_base64`, `html_path` (from the table's folder), `content`, `raw_html`
/// or `body`, the first that is not null, or in the field that
/// [`Fields::html`](super::Fields::html) names, and `id` and `url` beside it.
/// The id may be a number.
///
/// Only these fields are kept of a line. Blank lines and a byte-order mark are
/// passed over. A line that gives no page is told, and the next is read.
///
/// ```
/// use std::path::Path;
/// use dehusk::source::{JsonlReader, RowPage, TableOptions};
///
/// let lines = "{\"id\": 7, \"html\": \"<p>Tea\"}\n\n{\"id\": 8}\n";
/// let options = TableOptions::of(Path::new("pages.jsonl"), 20_000_000);
/// let rows: Vec<_> = JsonlReader::new(lines.as_bytes(), options).collect();
/// let row = rows[0].as_ref().unwrap();
/// assert_eq!(row.id.as_deref(), Some("7"));
/// assert_eq!(row.page, RowPage::Bytes(b"<p>Tea".to_vec()));
/// assert_eq!(rows[1].as_ref().unwrap_err().number, 3);
/// ```
pub struct JsonlReader<R> {
    lines: Lines<R>,
    options: TableOptions,
    limit: usize,
    over: bool,
}

impl<R: Read> JsonlReader<R> {
    /// Reads plain lines; unpack a compressed stream with [`Plain`](super::Plain)
    /// first. A line may have six times the bytes of a page (a character escaped
    /// as `\u0000` has six) and a megabyte for what stands beside it.
    pub fn new(read: R, options: TableOptions) -> Self {
        let limit = (options.max_bytes.saturating_mul(6)).saturating_add(1 << 20);
        Self {
            lines: Lines::new(read, b'\n', limit),
            options,
            limit,
            over: false,
        }
    }
}

impl<R: Read> Iterator for JsonlReader<R> {
    type Item = Result<Row, RowFailure>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.over {
            let first = self.lines.number() == 0;
            let line = match self.lines.next()? {
                Ok(Line::Whole(line)) => line,
                Ok(Line::Long(bytes)) => {
                    let limit = self.limit;
                    return self.failed(RowError::LongLine { bytes, limit });
                }
                Err(error) => {
                    self.over = true;
                    return self.failed(error.into());
                }
            };
            let line = match line.strip_prefix(b"\xef\xbb\xbf") {
                Some(behind_mark) if first => behind_mark,
                _ => line,
            };
            let json = line.trim_ascii();
            if json.is_empty() {
                continue;
            }
            match row(json, &self.options) {
                Ok(row) => {
                    let number = self.lines.number();
                    return Some(Ok(Row { number, ..row }));
                }
                Err(reason) => return self.failed(reason),
            }
        }
        None
    }
}

impl<R: Read> JsonlReader<R> {
    fn failed(&self, reason: RowError) -> Option<Result<Row, RowFailure>> {
        // A stream that fails before a line is begun fails at the first of it.
        let number = self.lines.number().max(1);
        Some(Err(RowFailure { number, reason }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Fields, RowPage};
    use super::*;
    use proptest::prelude::*;
    use std::path::Path;

    fn options(max_bytes: usize) -> TableOptions {
        TableOptions::of(Path::new("crawl/pages.jsonl"), max_bytes)
    }

    fn read(lines: &str) -> Vec<Result<Row, RowFailure>> {
        JsonlReader::new(lines.as_bytes(), options(1000)).collect()
    }

    fn one(line: &str) -> Result<Row, RowError> {
        let mut rows = read(line);
        assert_eq!(rows.len(), 1);
        rows.remove(0).map_err(|failure| failure.reason)
    }

    fn bytes(row: &Row) -> &[u8] {
        match &row.page {
            RowPage::Bytes(bytes) => bytes,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn lines_give_pages_by_the_usual_names() {
        let rows = read(concat!(
            "\u{feff}{\"id\":\"a\",\"url\":\"https://example.org/a\",\"html\":\"<p>Caf\\u00e9\"}\r\n",
            " \r\n",
            "{\"meta\":{\"html\":[1]},\"body\":\"<p>two\",\"content\":\"<p>one\",\"id\":17}\n",
            "{\"html\":null,\"html_base64\":\"PHA+VOk=\",\"charset\":\"latin1\"}\n",
            "{\"html_path\":\"html/d.html\",\"url\":null}",
        ));
        let rows: Vec<Row> = rows.into_iter().map(Result::unwrap).collect();
        let numbers: Vec<u64> = rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, [1, 3, 4, 5]);
        assert_eq!(bytes(&rows[0]), "<p>Café".as_bytes());
        assert_eq!(rows[0].url.as_deref(), Some("https://example.org/a"));
        assert_eq!(rows[0].charset.as_deref(), Some("utf-8"));
        assert_eq!(
            (bytes(&rows[1]), rows[1].id.as_deref()),
            (&b"<p>one"[..], Some("17"))
        );
        assert_eq!(
            (bytes(&rows[2]), rows[2].charset.as_deref()),
            (&b"<p>T\xe9"[..], Some("latin1"))
        );
        assert_eq!(rows[3].page, RowPage::Path("crawl/html/d.html".into()));
        assert_eq!((&rows[3].url, &rows[3].id), (&None, &None));
    }

    #[test]
    fn fields_that_are_named_are_the_only_ones_sought() {
        let fields = Fields {
            html: Some("page".to_owned()),
            id: Some("url".to_owned()),
            url: None,
        };
        let options = TableOptions {
            fields,
            ..options(1000)
        };
        let lines =
            "{\"page\":\"<p>Tea\",\"html\":\"<p>no\",\"url\":\"x:y\"}\n{\"html\":\"<p>no\"}\n";
        let mut rows = JsonlReader::new(lines.as_bytes(), options);
        let row = rows.next().unwrap().unwrap();
        assert_eq!(bytes(&row), b"<p>Tea");
        assert_eq!(
            (row.id.as_deref(), row.url.as_deref()),
            (Some("x:y"), Some("x:y"))
        );
        let message = rows.next().unwrap().unwrap_err().to_string();
        assert!(
            message.starts_with("no field \"page\"; the line has \"html\""),
            "{message}"
        );
    }

    #[test]
    fn lines_that_give_no_page_are_told_and_the_next_is_read() {
        let good = "{\"html\":\"<p>Tea\"}";
        let bad = [
            ("{\"html\":\"<p>Tea", "EOF while parsing a string"),
            ("{\"html\":\"<p>\\ud83d\"}", "no JSON"),
            (
                "{\"html\":\"<p>Tea\"} and",
                "trailing characters (column 19)",
            ),
            ("Tea", "expected value"),
            ("[{\"html\":\"<p>Tea\"}]", "the line is a list"),
            ("null", "the line is null"),
            (
                "{\"id\":\"7\",\"text\":\"Tea\"}",
                "the line has \"id\", \"text\"",
            ),
            ("{\"html\":null}", "no field html, html_base64,"),
            (
                "{\"html\":{\"raw\":\"<p>\"}}",
                "field \"html\" is an object",
            ),
            ("{\"html\":12}", "field \"html\" is a number"),
            ("{\"html\":\"\"}", "field \"html\" is empty"),
            (
                "{\"html_base64\":\"<p>\"}",
                "field \"html_base64\" is no base64",
            ),
            ("{\"html\":\"<p>\",\"id\":[1]}", "field \"id\" is a list"),
        ];
        for (line, told) in bad {
            let rows = read(&format!("{good}\n{line}\n{good}\n"));
            assert_eq!(rows.len(), 3, "{line}");
            let failure = rows[1].as_ref().unwrap_err();
            assert_eq!(failure.number, 2);
            assert!(failure.to_string().contains(told), "{line}: {failure}");
            assert!(rows[0].is_ok() && rows[2].is_ok());
        }
        let lines = [&b"{\"html\":\"<p>caf\xe9\"}\n"[..], good.as_bytes()].concat();
        let rows: Vec<_> = JsonlReader::new(&lines[..], options(1000)).collect();
        assert!(rows[0].is_err() && rows[1].is_ok());
    }

    #[test]
    fn a_page_past_the_bound_is_cut_between_characters_and_says_how_long_it_was() {
        let line = format!("{{\"html\":\"<p>{}\"}}", "é".repeat(600));
        let row = one(&line).unwrap();
        assert_eq!((bytes(&row).len(), row.cut), (999, Some(1203)));
        assert!(std::str::from_utf8(bytes(&row)).is_ok());
        let whole = format!("{{\"html\":\"{}\"}}", "x".repeat(1000));
        assert_eq!(one(&whole).unwrap().cut, None);
    }

    #[test]
    fn a_line_past_its_bound_is_skipped_and_told() {
        let limit = 6 * 1000 + (1 << 20);
        let long = format!(
            "{{\"text\":\"{}\",\"html\":\"<p>Tea\"}}\n",
            "x".repeat(limit)
        );
        let rows = read(&format!("{long}{{\"html\":\"<p>Tea\"}}"));
        let failure = rows[0].as_ref().unwrap_err();
        assert!(
            matches!(failure.reason, RowError::LongLine { bytes, .. } if bytes == long.len() as u64)
        );
        assert_eq!(rows[1].as_ref().unwrap().number, 2);
    }

    #[test]
    fn deep_nesting_is_passed_over_without_a_deep_stack() {
        let deep = format!(
            "{{\"a\":{}{},\"html\":\"<p>\"}}",
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        assert!(one(&deep).is_ok());
        let (opened, closed) = ("[".repeat(100_000), "]".repeat(100_000));
        let error = one(&format!("{{\"html\":{opened}{closed}}}"));
        assert!(matches!(error, Err(RowError::WrongType { .. })));
    }

    #[test]
    fn fifty_thousand_lines_come_one_by_one_as_they_are_written() {
        /// Makes each line when it is asked for, and knows how many it made.
        struct Writer<'a> {
            made: &'a std::cell::Cell<u64>,
            line: std::io::Cursor<Vec<u8>>,
        }
        impl Read for Writer<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                let read = self.line.read(buffer)?;
                if read > 0 || self.made.get() == 50_000 {
                    return Ok(read);
                }
                let made = self.made.get() + 1;
                self.made.set(made);
                let text = "The ferry sailed again. ".repeat(100);
                let line = format!("{{\"id\":{made},\"html\":\"<p>{text}\"}}\n");
                self.line = std::io::Cursor::new(line.into_bytes());
                self.line.read(buffer)
            }
        }
        let made = std::cell::Cell::new(0);
        let line = std::io::Cursor::default();
        let mut rows = 0;
        for row in JsonlReader::new(Writer { made: &made, line }, options(1 << 20)) {
            rows += 1;
            assert_eq!(row.unwrap().id, Some(rows.to_string()));
            // What is ahead is the stream's buffer of 64 KiB and no more.
            assert!(made.get() <= rows + 64, "{} made, {rows} read", made.get());
        }
        assert_eq!(rows, 50_000);
    }

    proptest! {
        #[test]
        fn every_line_is_a_page_a_failure_or_blank(bytes in proptest::collection::vec(
            prop_oneof![
                Just(b"\n".to_vec()), Just(b"{\"html\":\"<p>\"}\n".to_vec()), Just(b"{\"".to_vec()),
                Just(b" \r\n".to_vec()), proptest::collection::vec(any::<u8>(), 0..9)
            ], 0..40
        )) {
            let bytes = bytes.concat();
            let lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
            let blank = |(at, line): &(usize, &&[u8])| {
                let mark = if *at == 0 { &b"\xef\xbb\xbf"[..] } else { b"" };
                line.strip_prefix(mark).unwrap_or(line).trim_ascii().is_empty()
            };
            let blanks = lines.iter().enumerate().filter(blank).count();
            let rows: Vec<_> = JsonlReader::new(&bytes[..], options(100)).collect();
            prop_assert_eq!(rows.len() + blanks, lines.len());
            let numbers: Vec<u64> = rows.iter()
                .map(|row| row.as_ref().map_or_else(|failure| failure.number, |row| row.number))
                .collect();
            prop_assert!(numbers.is_sorted_by(|a, b| a < b));
        }
    }
}
