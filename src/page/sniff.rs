//! What a byte string is, before it is taken for a page.
//!
//! The library reads any bytes; a person who names a PDF wants to be told.

use super::encoding::utf16_without_mark;

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
    let marked = encoding_rs::Encoding::for_bom(bytes).is_some();
    if marked || utf16_without_mark(bytes).is_some() {
        return None;
    }
    // Random bytes hold 27 control bytes in 256; text holds practically none.
    // Headers hold small numbers, most of whose bytes are zero.
    let binary = control_in(bytes, 4096, 20) || control_in(bytes, 64, 4);
    binary.then_some(NotAPage::Binary)
}

/// Whether more than one in `few` of the first `within` bytes are control
/// bytes that text does not hold.
fn control_in(bytes: &[u8], within: usize, few: usize) -> bool {
    let head = &bytes[..bytes.len().min(within)];
    let is_control =
        |&b: &u8| u8::from((b < 0x20) & !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b));
    // As many as a byte can count.
    let pieces = head.chunks(255);
    let control: usize = (pieces.map(|piece| piece.iter().map(is_control).sum::<u8>()))
        .map(usize::from)
        .sum();
    control * few > head.len()
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
    fn zeros_do_not_make_utf16() {
        assert_eq!(not_a_page(&[0; 100_000]), Some(NotAPage::Binary));
        let mut tar = b"notes/today.txt".to_vec();
        tar.resize(100, 0);
        tar.extend(b"0000644\x000001750\x000001750\x0000000000013\x00");
        tar.resize(512, 0);
        tar.extend(b"Boil the water");
        tar.resize(10_240, 0);
        assert_eq!(not_a_page(&tar), Some(NotAPage::Binary));
        // A white picture: only its header gives it away.
        let mut bmp = b"BM\x36\xe1\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
        bmp.extend(b"\x78\0\0\0\xa0\0\0\0\x01\0\x18\0");
        bmp.resize(54, 0);
        bmp.resize(57_654, 0xff);
        assert_eq!(not_a_page(&bmp), Some(NotAPage::Binary));
        let mut exe = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\xb8".to_vec();
        exe.resize(120, 0);
        exe.extend(b"This program cannot be run in DOS mode.");
        assert_eq!(not_a_page(&exe), Some(NotAPage::Binary));
    }

    #[test]
    fn a_stray_zero_does_not_make_a_page_binary() {
        assert_eq!(
            not_a_page(b"<p>Tea\0 is hot and wet, as everybody knows.</p>"),
            None
        );
    }

    #[test]
    fn legacy_text_and_utf16_are_pages() {
        assert_eq!(not_a_page(b"\xcf\xf0\xe8\xe2\xe5\xf2"), None);
        assert_eq!(not_a_page(b"<\0p\0>\0h\0i\0"), None);
        assert_eq!(not_a_page(b"\0<\0p\0>\0h\0i"), None);
    }
}
