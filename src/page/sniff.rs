//! What a byte string is, before it is taken for a page.
//!
//! The library reads any bytes; a person who names a PDF wants to be told.

/// Kinds of content that are no page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotAPage {
    /// No bytes, or white space only.
    Empty,
    /// A known binary format, by its first bytes.
    Format(&'static str),
    /// No known format, but too many control bytes for text in any encoding.
    Binary,
}

impl std::fmt::Display for NotAPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => f.write_str("the file is empty"),
            Self::Format(name) => write!(f, "this is a {name} file, not HTML"),
            Self::Binary => f.write_str("this is binary data, not HTML"),
        }
    }
}

/// First bytes of the formats that turn up where pages are expected (MIME
/// Sniffing Standard §6, and the formats' own specifications).
const SIGNATURES: [(&[u8], &str); 14] = [
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP (or Office document)"),
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "XZ"),
    (b"\x89PNG", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF8", "GIF image"),
    (b"RIFF", "RIFF (WebP, WAV or AVI)"),
    (b"\x7fELF", "ELF binary"),
    (b"\xd0\xcf\x11\xe0", "old Office document"),
    (b"WARC/1.", "WARC"),
    (b"{\\rtf", "RTF document"),
];

/// Says why `bytes` are no page, or `None` when they may be one.
///
/// ```
/// use dehusk::page::sniff::{NotAPage, not_a_page};
///
/// assert_eq!(not_a_page(b"%PDF-1.7 ..."), Some(NotAPage::Format("PDF")));
/// assert_eq!(not_a_page(b"<p>Hello"), None);
/// ```
pub fn not_a_page(bytes: &[u8]) -> Option<NotAPage> {
    if bytes.trim_ascii().is_empty() {
        return Some(NotAPage::Empty);
    }
    if let Some((_, name)) = SIGNATURES.iter().find(|(sign, _)| bytes.starts_with(sign)) {
        return Some(NotAPage::Format(name));
    }
    let head = &bytes[..bytes.len().min(4096)];
    let utf16 = encoding_rs::Encoding::for_bom(head).is_some()
        || head.iter().filter(|&&b| b == 0).count() * 3 > head.len();
    let control = head
        .iter()
        .filter(|&&b| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b))
        .count();
    // Random bytes hold 27 control bytes in 256; text holds practically none.
    (!utf16 && control * 20 > head.len()).then_some(NotAPage::Binary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_formats_are_named() {
        assert_eq!(
            not_a_page(b"\x89PNG\r\n\x1a\n"),
            Some(NotAPage::Format("PNG image"))
        );
    }

    #[test]
    fn white_space_is_empty() {
        assert_eq!(not_a_page(b" \r\n\t"), Some(NotAPage::Empty));
    }

    #[test]
    fn bytes_spread_over_the_whole_range_are_binary() {
        let bytes: Vec<u8> = (0..8192u32).map(|i| (i * 167 % 256) as u8).collect();
        assert_eq!(not_a_page(&bytes), Some(NotAPage::Binary));
    }

    #[test]
    fn legacy_text_and_utf16_are_pages() {
        assert_eq!(not_a_page(b"\xcf\xf0\xe8\xe2\xe5\xf2"), None);
        assert_eq!(not_a_page(b"<\0p\0>\0h\0i\0"), None);
    }
}
