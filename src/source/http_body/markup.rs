//! Whether bytes look like markup, of which nobody says what they are.

/// Bytes at a body's beginning that tell.
pub(super) const HEAD: usize = 1024;

/// What HTML begins with (MIME Sniffing Standard §7.1), in lower case, each
/// with a byte after it that ends a tag's name.
const BEGINNINGS: [&[u8]; 16] = [
    b"<!doctype html",
    b"<html",
    b"<head",
    b"<script",
    b"<iframe",
    b"<h1",
    b"<div",
    b"<font",
    b"<table",
    b"<a",
    b"<style",
    b"<title",
    b"<b",
    b"<body",
    b"<br",
    b"<p",
];

/// Whether these bytes are markup and not compressed.
pub(super) fn is_markup(bytes: &[u8]) -> bool {
    let head = begin(bytes);
    let head = &head[..head.len().min(HEAD)];
    head.starts_with(b"<") && !head.iter().any(|b| matches!(b, 0..=8 | 14..=26 | 28..=31))
}

/// Whether these bytes begin an HTML document.
pub(super) fn begins_as_html(bytes: &[u8]) -> bool {
    let head = begin(bytes);
    if head.starts_with(b"<!--") {
        return true;
    }
    let head = head[..head.len().min(HEAD)].to_ascii_lowercase();
    // XHTML begins as any XML does.
    let xhtml = head.starts_with(b"<?xml") && head.windows(5).any(|w| w == b"<html");
    xhtml
        || BEGINNINGS.iter().any(|beginning| {
            head.strip_prefix(*beginning)
                .and_then(<[u8]>::first)
                .is_some_and(|&b| b == b'>' || b.is_ascii_whitespace())
        })
}

/// The bytes without a byte-order mark and white space before them.
fn begin(bytes: &[u8]) -> &[u8] {
    bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(bytes)
        .trim_ascii_start()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_told_from_other_markup_and_from_text() {
        for html in [
            "<!DOCTYPE html><p>",
            "\u{feff}\r\n <HTML lang=en>",
            "<!-- made by hand -->",
            "<p>Tea",
            "<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"x\"><html xmlns=\"y\">",
        ] {
            assert!(begins_as_html(html.as_bytes()), "{html}");
        }
        for other in [
            "<?xml version=\"1.0\"?><rss>",
            "<pre>",
            "Tea",
            "",
            "{\"a\":\"<p>\"}",
        ] {
            assert!(!begins_as_html(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn compressed_bytes_are_not_taken_for_markup() {
        assert!(is_markup(b" <rss>"));
        assert!(!is_markup(b"<\x8b\x08\0\0"));
        assert!(!is_markup(b"Tea"));
    }
}
