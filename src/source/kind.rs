//! What an input holds, told from its name and its first bytes.

use std::path::Path;

use crate::page::InputKind;

use super::columns::{MARKUP, PATHS};

/// What an input holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// One page of HTML.
    Page,
    /// One page of plain text.
    Text,
    /// Records of a crawl.
    Warc,
    /// A page a line.
    Jsonl,
    /// A page a row, as text.
    Csv,
    /// A page a row, in columns.
    Parquet,
}

impl Kind {
    /// First bytes, unpacked, that [`tell`](Self::tell) wants to see: enough for
    /// a header row.
    pub const HEAD: usize = 4096;

    /// Tells by `head`, the first unpacked bytes ([`HEAD`](Self::HEAD) of them), and by `name`, the file's or the address's, if it has one.
    ///
    /// What is plainly a WARC, a Parquet file or HTML is that whatever it is
    /// called. Else the ending of the name counts, without `.gz` or `.zst`, and
    /// where that says nothing a first line of JSON or a row of known column
    /// names makes a table. Anything else is a page: of plain text where the name
    /// ends in `.txt`.
    ///
    /// ```
    /// use dehusk::source::Kind;
    ///
    /// let told = |name: &str, head: &[u8]| Kind::tell(Some(name.as_ref()), head);
    /// assert_eq!(told("crawl.warc.gz", b"WARC/1.0\r\n"), Kind::Warc);
    /// assert_eq!(told("saved.html", b"WARC/1.1\r\n"), Kind::Warc);
    /// assert_eq!(told("pages.csv", b"<!DOCTYPE html>"), Kind::Page);
    /// assert_eq!(told("page.txt", b"Home\nNews\n"), Kind::Text);
    /// assert_eq!(Kind::tell(None, b"{\"html\": \"<p>Tea\"}\n"), Kind::Jsonl);
    /// assert_eq!(Kind::tell(None, b"id,url,html\n"), Kind::Csv);
    /// ```
    pub fn tell(name: Option<&Path>, head: &[u8]) -> Self {
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        let start = head.trim_ascii_start();
        if start.starts_with(b"WARC/") {
            return Self::Warc;
        }
        if head.starts_with(b"PAR1") {
            return Self::Parquet;
        }
        if is_html(start) {
            return Self::Page;
        }
        if let Some(named) = name.and_then(Self::by_name) {
            return named;
        }
        if is_json_line(start) {
            return Self::Jsonl;
        }
        if is_header_row(start) {
            return Self::Csv;
        }
        let is_text = name.is_some_and(|name| ending(name).as_deref() == Some("txt"));
        if is_text { Self::Text } else { Self::Page }
    }

    /// What the page is written in that is all of an input.
    pub(super) fn input_kind(self) -> InputKind {
        match self {
            Self::Text => InputKind::Text,
            _ => InputKind::Html,
        }
    }

    /// What the ending of a name says, without `.gz` and `.zst`: `None` where
    /// it says nothing.
    pub fn by_name(name: &Path) -> Option<Self> {
        Some(match ending(name)?.as_str() {
            "warc" | "wet" => Self::Warc,
            "jsonl" | "ndjson" => Self::Jsonl,
            "csv" | "tsv" => Self::Csv,
            "parquet" => Self::Parquet,
            "html" | "htm" | "xhtml" | "shtml" => Self::Page,
            _ => return None,
        })
    }
}

/// The ending of a file's name, in lower case, without `.gz` and `.zst`.
fn ending(name: &Path) -> Option<String> {
    let name = name.file_name()?.to_string_lossy().to_ascii_lowercase();
    let name = [".gz", ".zst"]
        .iter()
        .find_map(|packed| name.strip_suffix(packed))
        .unwrap_or(&name);
    let (_, ending) = name.rsplit_once('.')?;
    Some(ending.to_owned())
}

/// Tags that a page may begin with (MIME Sniffing Standard §7.1, and those that
/// pieces of pages begin with).
const TAGS: [&[u8]; 22] = [
    b"!doctype",
    b"html",
    b"head",
    b"body",
    b"!--",
    b"?xml",
    b"script",
    b"iframe",
    b"h1",
    b"div",
    b"font",
    b"table",
    b"a",
    b"style",
    b"title",
    b"b",
    b"br",
    b"p",
    b"meta",
    b"link",
    b"main",
    b"article",
];

fn is_html(start: &[u8]) -> bool {
    let Some(tag) = start.strip_prefix(b"<") else {
        return false;
    };
    TAGS.iter().any(|name| {
        let named = tag.len() >= name.len() && tag[..name.len()].eq_ignore_ascii_case(name);
        let ends = tag.get(name.len()).is_none_or(|&next| {
            next.is_ascii_whitespace() || matches!(next, b'>' | b'/') || name == b"!--"
        });
        named && ends
    })
}

/// An object that begins with a key on the line it opens on: templates open
/// braces too, and a JSON document that is spread over lines is no table.
fn is_json_line(start: &[u8]) -> bool {
    let line = start.split(|&byte| byte == b'\n').next().unwrap_or(start);
    let Some(inside) = line.strip_prefix(b"{") else {
        return false;
    };
    let whole = line.len() < start.len();
    inside.trim_ascii_start().starts_with(b"\"")
        && (!whole || serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok())
}

/// A first line of two column names and more, one of them known to hold pages
/// or to say where they are.
fn is_header_row(start: &[u8]) -> bool {
    let Some(end) = start.iter().position(|&byte| byte == b'\n') else {
        return false;
    };
    let Ok(line) = std::str::from_utf8(&start[..end]) else {
        return false;
    };
    [',', '\t', ';'].into_iter().any(|delimiter| {
        let names: Vec<&str> = (line.split(delimiter))
            .map(|name| name.trim().trim_matches('"'))
            .collect();
        let name = |name: &&str| {
            let usual = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
            (1..=64).contains(&name.len()) && name.chars().all(usual)
        };
        let known = |name: &&str| {
            (MARKUP.iter().chain(&PATHS).chain(&["url"]))
                .any(|known| known.eq_ignore_ascii_case(name))
        };
        names.len() > 1 && names.iter().all(name) && names.iter().any(known)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(name: &str, head: &str) -> Kind {
        Kind::tell(Some(Path::new(name)), head.as_bytes())
    }

    #[test]
    fn names_tell_where_the_content_does_not() {
        assert_eq!(told("a/pages.JSONL.zst", "\n"), Kind::Jsonl);
        assert_eq!(told("pages.ndjson.gz", ""), Kind::Jsonl);
        assert_eq!(told("crawl.warc.zst", ""), Kind::Warc);
        assert_eq!(told("t.tsv.gz", "x\ty\n"), Kind::Csv);
        assert_eq!(told("t.parquet", ""), Kind::Parquet);
        assert_eq!(told("a.html", "{\"a\": 1}\n"), Kind::Page);
        assert_eq!(told("notes.txt", "Tea, milk, sugar\n"), Kind::Text);
        assert_eq!(told("Notes.TXT.gz", "\n"), Kind::Text);
        assert_eq!(told("rows.txt", "{\"html\": \"\"}\n"), Kind::Jsonl);
        assert_eq!(told("saved.txt", "<!DOCTYPE html>"), Kind::Page);
        assert_eq!(told("notes.md", "Tea, milk, sugar\n"), Kind::Page);
        assert_eq!(told("jsonl", "Tea"), Kind::Page);
    }

    #[test]
    fn content_that_is_plain_wins_over_names() {
        assert_eq!(
            told("a.html", "WARC/1.0\r\nWARC-Type: warcinfo\r\n"),
            Kind::Warc
        );
        assert_eq!(told("a.jsonl", "PAR1\u{15}"), Kind::Parquet);
        for page in [
            "<html lang=en>",
            " \n<!-- made by hand -->",
            "\u{feff}<!DOCTYPE HTML PUBLIC",
        ] {
            for name in ["a.jsonl", "a.csv.gz", "a.parquet", "a"] {
                assert_eq!(told(name, page), Kind::Page, "{name}: {page}");
            }
        }
        // A header row may begin with a bracket, but hardly with a tag.
        assert_eq!(told("a.csv", "<none>,html\n"), Kind::Csv);
    }

    #[test]
    fn streams_without_a_name_are_told_by_their_first_line() {
        let told = |head: &str| Kind::tell(None, head.as_bytes());
        assert_eq!(told("\n{ \"id\": 1, \"html\": \"<p>"), Kind::Jsonl);
        assert_eq!(told("{\"id\": 1} and so on\n"), Kind::Page);
        assert_eq!(told("{\n  \"id\": 1\n}"), Kind::Page);
        assert_eq!(told("{% extends \"base\" %}\n"), Kind::Page);
        assert_eq!(told("url\tTitle\r\nhttps://"), Kind::Csv);
        assert_eq!(told("\"id\";\"HTML\"\n"), Kind::Csv);
        assert_eq!(told("The path, the url\nand"), Kind::Page);
        assert_eq!(told("url\nhttps://example.org/"), Kind::Page);
    }

    proptest! {
        #[test]
        fn any_bytes_are_of_some_kind(name in ".{0,12}", head: Vec<u8>) {
            Kind::tell(Some(Path::new(&name)), &head);
        }
    }
}
