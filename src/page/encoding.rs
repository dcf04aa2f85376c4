//! Bytes → text: which encoding a page is in.
//!
//! The order is the HTML Standard's (§13.2.3 *Determining the character
//! encoding*): byte-order mark, transport charset, `<meta>` in the first bytes,
//! detection. Two things real crawls taught are added: bytes that are valid
//! UTF-8 and hold more than ASCII are UTF-8 whatever is declared (a legacy text
//! is practically never valid UTF-8 by chance), and a declared encoding that is
//! plainly wrong gives way to a detected one. A few malformed bytes are damage,
//! not a wrong encoding: see `Decoded::is_wrong`.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::InputKind;
use crate::watch::spend;

/// How a page's encoding was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodingSource {
    /// A byte-order mark.
    ByteOrderMark,
    /// The bytes are valid UTF-8.
    ValidUtf8,
    /// The transport's charset.
    Transport,
    /// A `<meta>` in the page's first bytes.
    Meta,
    /// Statistics over the bytes.
    Detected,
}

/// Decoded text and how it came about.
#[derive(Debug)]
pub(crate) struct Decoded<'a> {
    pub text: Cow<'a, str>,
    pub encoding: &'static Encoding,
    pub source: EncodingSource,
    pub malformed: bool,
}

/// Of so many characters beyond ASCII one may be malformed before the encoding
/// is taken for wrong.
const DAMAGE: usize = 10;

impl Decoded<'_> {
    /// Whether so much is malformed that the bytes must be in another encoding.
    fn is_wrong(&self) -> bool {
        let (mut beyond_ascii, mut replaced) = (0, 0);
        if self.malformed {
            for c in self.text.chars().filter(|c| !c.is_ascii()) {
                beyond_ascii += 1;
                replaced += usize::from(c == char::REPLACEMENT_CHARACTER);
            }
        }
        replaced * DAMAGE > beyond_ascii
    }
}

/// How far into a page a `<meta>` charset is looked for: the Standard says
/// 1,024 bytes, browsers and real pages go further.
const META_BYTES: usize = 4096;

/// Decodes `bytes`, given the transport's charset if there was one. Plain text
/// declares nothing.
pub(crate) fn decode<'a>(bytes: &'a [u8], transport: Option<&str>, kind: InputKind) -> Decoded<'a> {
    if let Some((encoding, bom)) = Encoding::for_bom(bytes) {
        return decode_as(&bytes[bom..], encoding, EncodingSource::ByteOrderMark);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        // Escape-based encodings and UTF-16 without a mark are ASCII to the eye.
        let seven_bit = bytes.is_ascii() && (bytes.contains(&0x1b) || bytes.contains(&0));
        if !seven_bit {
            return Decoded {
                text: Cow::Borrowed(text),
                encoding: UTF_8,
                source: EncodingSource::ValidUtf8,
                malformed: false,
            };
        }
    }
    let declared = transport
        .and_then(|label| Encoding::for_label(label.trim().as_bytes()))
        .map(|encoding| (encoding, EncodingSource::Transport))
        .or_else(|| {
            let meta = kind.is_html().then(|| meta_charset(bytes)).flatten();
            meta.map(|encoding| (encoding, EncodingSource::Meta))
        });
    let Some((declared, source)) = declared else {
        return detect(bytes);
    };
    let as_declared = decode_as(bytes, lenient(declared), source);
    if as_declared.is_wrong() {
        let detected = detect(bytes);
        if !detected.is_wrong() {
            return detected;
        }
    }
    as_declared
}

fn decode_as<'a>(
    bytes: &'a [u8],
    encoding: &'static Encoding,
    source: EncodingSource,
) -> Decoded<'a> {
    let (text, malformed) = if bytes.len() <= AT_ONCE {
        encoding.decode_without_bom_handling(bytes)
    } else {
        let (text, malformed) = decode_in_parts(bytes, encoding);
        (Cow::Owned(text), malformed)
    };
    Decoded {
        text,
        encoding,
        source,
        malformed,
    }
}

/// Bytes that are decoded without a look at the clock.
const AT_ONCE: usize = 1 << 20;

fn decode_in_parts(bytes: &[u8], encoding: &'static Encoding) -> (String, bool) {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let (mut text, mut malformed) = (String::new(), false);
    let mut parts = bytes.chunks(AT_ONCE).peekable();
    while let Some(part) = parts.next() {
        spend(part.len());
        let room = decoder.max_utf8_buffer_length(part.len());
        text.reserve(room.unwrap_or(part.len()));
        let is_last = parts.peek().is_none();
        let (_, _, replaced) = decoder.decode_to_string(part, &mut text, is_last);
        malformed |= replaced;
    }
    (text, malformed)
}

fn detect(bytes: &[u8]) -> Decoded<'_> {
    if let Some(encoding) = utf16_without_mark(bytes) {
        return decode_as(bytes, encoding, EncodingSource::Detected);
    }
    // The detector gives UTF-8 up at the first malformed byte, but a page that
    // was cut inside a character is still UTF-8.
    let as_utf8 = decode_as(bytes, UTF_8, EncodingSource::Detected);
    if !as_utf8.text.is_ascii() && !as_utf8.is_wrong() {
        return as_utf8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    for part in bytes.chunks(AT_ONCE) {
        spend(part.len());
        detector.feed(part, false);
    }
    detector.feed(&[], true);
    let encoding = detector.guess(None, Utf8Detection::Allow);
    let decoded = decode_as(bytes, lenient(encoding), EncodingSource::Detected);
    if decoded.is_wrong() && decoded.encoding != UTF_8 {
        // Every byte means something in windows-1252, so nothing is lost.
        return decode_as(bytes, WINDOWS_1252, EncodingSource::Detected);
    }
    decoded
}

/// GB18030 holds all of GBK, and pages that declare `gb2312` use it freely.
fn lenient(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == GBK { GB18030 } else { encoding }
}

/// UTF-16 text in a Latin script has a zero in every other byte.
pub(super) fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(1024) & !1];
    if head.len() < 8 {
        return None;
    }
    let zeros = |parity: usize| {
        head.iter()
            .skip(parity)
            .step_by(2)
            .filter(|&&b| b == 0)
            .count()
    };
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    if even * 10 > half * 7 && odd == 0 {
        Some(UTF_16BE)
    } else if odd * 10 > half * 7 && even == 0 {
        Some(UTF_16LE)
    } else {
        None
    }
}

/// The charset that a `<meta>` (or an XML declaration) in the first bytes
/// names; UTF-16 there means UTF-8, as the Standard says.
fn meta_charset(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(META_BYTES)];
    let mut at = 0;
    while let Some(found) = head[at..].iter().position(|&b| b == b'<') {
        let start = at + found;
        let rest = &head[start..];
        if rest.starts_with(b"<!--") {
            let close = find(rest, b"-->")?;
            at = start + close + 3;
            continue;
        }
        let end = rest.iter().position(|&b| b == b'>').unwrap_or(rest.len());
        let tag = &rest[..end];
        if (starts_with_ignore_case(tag, b"<meta") || tag.starts_with(b"<?xml"))
            && let Some(encoding) = charset_in(tag)
        {
            return Some(encoding);
        }
        at = start + 1;
    }
    None
}

fn charset_in(tag: &[u8]) -> Option<&'static Encoding> {
    let lower = tag.to_ascii_lowercase();
    let key: &[u8] = if lower.starts_with(b"<?xml") {
        b"encoding"
    } else {
        b"charset"
    };
    let mut rest = &lower[find(&lower, key)? + key.len()..];
    let skip = |rest: &mut &[u8]| *rest = rest.trim_ascii_start();
    skip(&mut rest);
    rest = rest.strip_prefix(b"=")?;
    skip(&mut rest);
    let label: Vec<u8> = rest
        .iter()
        .copied()
        .skip_while(|b| matches!(b, b'"' | b'\''))
        .take_while(|&b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.'))
        .collect();
    let encoding = Encoding::for_label(&label)?;
    Some(if encoding == UTF_16LE || encoding == UTF_16BE {
        UTF_8
    } else {
        encoding
    })
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}

fn starts_with_ignore_case(bytes: &[u8], prefix: &[u8]) -> bool {
    bytes.len() >= prefix.len() && bytes[..prefix.len()].eq_ignore_ascii_case(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undeclared_utf8_that_is_cut_inside_a_character_stays_utf8() {
        let text = "<p>Die Straße über die Brücke ist für Fußgänger geöffnet, schöne Grüße";
        let cut = &text.as_bytes()[..text.len() - 2];
        let (text, name, source) = read(cut, None);
        assert_eq!((name, source), ("UTF-8", EncodingSource::Detected));
        assert!(text.contains("Straße über"));
    }

    #[test]
    fn a_few_bad_bytes_do_not_change_the_encoding() {
        let (gbk, _, _) =
            GB18030.encode("<meta charset=gbk><p>桥梁在洪水之后重新开放，市民表示欢迎");
        let mut bytes = gbk.into_owned();
        bytes.extend_from_slice(b"\xff\xff</p>");
        let (text, name, _) = read(&bytes, None);
        assert_eq!(name, "gb18030");
        assert!(text.contains("重新开放"));
    }

    fn read(bytes: &[u8], transport: Option<&str>) -> (String, &'static str, EncodingSource) {
        let decoded = decode(bytes, transport, InputKind::Html);
        (
            decoded.text.into_owned(),
            decoded.encoding.name(),
            decoded.source,
        )
    }

    #[test]
    fn a_byte_order_mark_outranks_everything() {
        let (text, name, source) = read(b"\xff\xfe<\0p\0>\0h\0", Some("utf-8"));
        assert_eq!((text.as_str(), name), ("<p>h", "UTF-16LE"));
        assert_eq!(source, EncodingSource::ByteOrderMark);
    }

    #[test]
    fn the_transport_charset_outranks_meta() {
        let bytes = b"<meta charset=windows-1252><p>\xcf\xf0\xe8\xe2\xe5\xf2";
        let (text, name, source) = read(bytes, Some("windows-1251"));
        assert!(text.ends_with("Привет"), "{text}");
        assert_eq!((name, source), ("windows-1251", EncodingSource::Transport));
    }

    #[test]
    fn meta_is_read_in_both_its_forms_and_not_in_comments() {
        let modern = b"<!-- <meta charset=koi8-r> --><META CHARSET='Shift_JIS'>\x82\xa0";
        assert!(read(modern, None).0.ends_with('あ'));
        let old =
            b"<meta http-equiv=content-type content=\"text/html; charset=gb2312\">\xc4\xe3\xba\xc3";
        assert!(read(old, None).0.ends_with("你好"));
    }

    #[test]
    fn valid_utf8_is_utf8_whatever_is_declared() {
        let (text, _, source) = read("<meta charset=iso-8859-1>naïve café".as_bytes(), None);
        assert!(text.ends_with("naïve café"));
        assert_eq!(source, EncodingSource::ValidUtf8);
    }

    #[test]
    fn undeclared_legacy_text_is_detected() {
        let (bytes, _, _) = encoding_rs::WINDOWS_1251
            .encode("Городской совет принял решение о ремонте старого моста через реку.");
        let (text, name, source) = read(&bytes, None);
        assert!(text.starts_with("Городской совет"), "{name}: {text}");
        assert_eq!(source, EncodingSource::Detected);
    }

    #[test]
    fn a_wrong_declaration_gives_way_to_an_encoding_that_fits() {
        let mut bytes = b"<meta charset=utf-8><p>".to_vec();
        bytes.extend_from_slice(b"caf\xe9 et th\xe9 \xe0 No\xebl, d\xe9j\xe0 vu");
        let (text, _, source) = read(&bytes, None);
        assert!(text.contains("café et thé à Noël"), "{text}");
        assert_eq!(source, EncodingSource::Detected);
    }
}
