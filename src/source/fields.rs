//! `Name: value` lines, as WARC records and HTTP messages head themselves.
//!
//! Both formats share the syntax and the ways writers get it wrong, so one
//! lenient reader serves both: names in any case, lines that end in LF alone,
//! values folded over several lines, lines that are no field passed over.
//! (`httparse` is strict where archives are not: it knows no `WARC/1.0` line
//! and refuses `HTTP/2 200`.)

use std::borrow::Cow;

/// The fields of one head, in their order.
#[derive(Debug)]
pub(super) struct Fields<'a>(Vec<(&'a [u8], Cow<'a, [u8]>)>);

impl<'a> Fields<'a> {
    /// Reads the lines of a head, without its first line.
    pub(super) fn parse(head: &'a [u8]) -> Self {
        let mut fields: Vec<(&[u8], Cow<[u8]>)> = Vec::new();
        for line in head.split(|&b| b == b'\n') {
            let folded = line.first().is_some_and(|b| matches!(b, b' ' | b'\t'));
            if folded {
                if let Some((_, value)) = fields.last_mut() {
                    let value = value.to_mut();
                    value.push(b' ');
                    value.extend_from_slice(line.trim_ascii());
                }
            } else if let Some(colon) = line.iter().position(|&b| b == b':') {
                let (name, value) = (&line[..colon], &line[colon + 1..]);
                fields.push((name.trim_ascii(), Cow::Borrowed(value.trim_ascii())));
            }
        }
        Self(fields)
    }

    /// The value of the first field of this name, if it is not empty; bytes
    /// that are not UTF-8 are replaced.
    pub(super) fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        self.values(name).next()
    }

    /// The values of all fields of this name, as one list: HTTP says that
    /// several fields mean the same as one whose values are joined by commas
    /// (RFC 9110 §5.3).
    pub(super) fn list(&self, name: &str) -> String {
        let values: Vec<_> = self.values(name).collect();
        values.join(",")
    }

    fn values(&self, name: &str) -> impl Iterator<Item = Cow<'_, str>> {
        self.0
            .iter()
            .filter(move |(own, value)| {
                own.eq_ignore_ascii_case(name.as_bytes()) && !value.is_empty()
            })
            .map(|(_, value)| String::from_utf8_lossy(value))
    }
}

/// The bytes of a head up to and with the blank line that ends it, or `None`
/// when there is no such line.
pub(super) fn head_len(bytes: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let end = from + bytes[from..].iter().position(|&b| b == b'\n')?;
        if bytes[from..end].trim_ascii().is_empty() {
            return Some(end + 1);
        }
        from = end + 1;
    }
}

/// A media type such as `text/html; charset=utf-8`, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MediaType {
    /// `text/html`, in lower case.
    pub(super) essence: String,
    /// The `charset` parameter, as it was written but for quotation marks.
    pub(super) charset: Option<String>,
}

impl MediaType {
    pub(super) fn parse(text: &str) -> Self {
        let mut parts = text.split(';');
        let essence = parts.next().unwrap_or_default();
        let charset = parts.find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            let value = value.trim().trim_matches(['"', '\'']).trim();
            (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty())
                .then(|| value.to_owned())
        });
        // Several fields, or one that repeats itself: the first counts.
        let essence = essence.split(',').next().unwrap_or_default();
        Self {
            essence: essence.trim().to_ascii_lowercase(),
            charset,
        }
    }

    pub(super) fn is_html(&self) -> bool {
        matches!(
            self.essence.as_str(),
            "text/html" | "application/xhtml+xml" | "application/vnd.wap.xhtml+xml"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_any_case_and_lines_may_end_in_lf_alone() {
        let fields = Fields::parse(b"content-TYPE: text/html\nX: 1\r\n\r\n");
        assert_eq!(fields.get("Content-Type").unwrap(), "text/html");
        assert_eq!(fields.get("x").unwrap(), "1");
        assert!(fields.get("y").is_none());
    }

    #[test]
    fn folded_lines_belong_to_the_field_before() {
        let fields = Fields::parse(b" lost\r\nA: one\r\n  two\r\n\tthree \r\nB: b\r\n");
        assert_eq!(fields.get("a").unwrap(), "one two three");
        assert_eq!(fields.get("b").unwrap(), "b");
    }

    #[test]
    fn fields_of_one_name_are_one_list() {
        let fields = Fields::parse(b"E: gzip\r\nno field\r\nE: br, zstd\r\nE:\r\n");
        assert_eq!(fields.list("e"), "gzip,br, zstd");
        assert_eq!(fields.list("f"), "");
    }

    #[test]
    fn a_head_ends_at_its_first_blank_line() {
        assert_eq!(head_len(b"A: 1\r\n\r\nbody"), Some(8));
        assert_eq!(head_len(b"A: 1\n\nbody"), Some(6));
        assert_eq!(head_len(b"\r\nbody"), Some(2));
        assert_eq!(head_len(b"A: 1\r\nB: 2"), None);
    }

    #[test]
    fn a_media_type_is_taken_apart() {
        let read = MediaType::parse("Text/HTML ; x=1; Charset = \"Shift_JIS\"");
        assert_eq!(read.essence, "text/html");
        assert_eq!(read.charset.as_deref(), Some("Shift_JIS"));
        assert!(read.is_html());
        assert_eq!(MediaType::parse("text/html;charset=").charset, None);
        assert!(MediaType::parse("text/html, text/html").is_html());
        assert!(!MediaType::parse("text/html5").is_html());
    }
}
