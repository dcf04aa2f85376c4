//! A WARC record's header.

use super::super::fields::{Fields, MediaType, head_len};
use super::failure::WarcWarning;

/// What kind of record it is: `WARC-Type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RecordType {
    Warcinfo,
    Response,
    Resource,
    Request,
    Metadata,
    Revisit,
    Conversion,
    Continuation,
    Other,
}

impl RecordType {
    fn parse(name: &str) -> Self {
        const NAMES: [(&str, RecordType); 8] = [
            ("warcinfo", RecordType::Warcinfo),
            ("response", RecordType::Response),
            ("resource", RecordType::Resource),
            ("request", RecordType::Request),
            ("metadata", RecordType::Metadata),
            ("revisit", RecordType::Revisit),
            ("conversion", RecordType::Conversion),
            ("continuation", RecordType::Continuation),
        ];
        NAMES
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map_or(Self::Other, |&(_, kind)| kind)
    }
}

/// What is read of a record's header.
#[derive(Debug)]
pub(super) struct RecordHeader {
    pub(super) kind: RecordType,
    /// Without its angle brackets.
    pub(super) id: Option<String>,
    /// Without the angle brackets that WARC 1.0's grammar put round it.
    pub(super) url: Option<String>,
    pub(super) content_type: Option<MediaType>,
    /// What the crawler found the payload to be, whatever the server said.
    pub(super) identified: Option<MediaType>,
    /// Bytes of the block.
    pub(super) length: Option<u64>,
    /// That the crawler stored only a part.
    pub(super) warnings: Vec<WarcWarning>,
}

impl RecordHeader {
    /// Reads a header, of which the first line is the version's.
    pub(super) fn parse(head: &[u8]) -> Self {
        let version = head.iter().position(|&b| b == b'\n').unwrap_or(head.len());
        let fields = Fields::parse(&head[version..]);
        let media_type = |name| fields.get(name).map(|value| MediaType::parse(&value));
        let mut warnings = Vec::new();
        if let Some(reason) = fields.get("WARC-Truncated") {
            warnings.push(WarcWarning::Truncated(reason.into_owned()));
        }
        if fields.get("WARC-Segment-Number").is_some() {
            warnings.push(WarcWarning::Segmented);
        }
        Self {
            kind: fields
                .get("WARC-Type")
                .map_or(RecordType::Other, |name| RecordType::parse(&name)),
            id: fields.get("WARC-Record-ID").map(|id| bare(&id)),
            url: fields.get("WARC-Target-URI").map(|url| bare(&url)),
            content_type: media_type("Content-Type"),
            identified: media_type("WARC-Identified-Payload-Type"),
            length: fields
                .get("Content-Length")
                .and_then(|length| length.parse().ok()),
            warnings,
        }
    }
}

fn bare(text: &str) -> String {
    let inner = text.strip_prefix('<').and_then(|t| t.strip_suffix('>'));
    inner.unwrap_or(text).trim().to_owned()
}

/// A version line is no longer than this, with spaces and its end.
pub(super) const VERSION_LINE: usize = 16;

/// Whether a record's header can begin here: `WARC/0.x` or `WARC/1.x` and
/// nothing else on the line, which must be there to its end.
pub(super) fn begins_record(bytes: &[u8]) -> bool {
    version_line(bytes).is_some()
}

/// Length of the version line that `bytes` begin with, with its end.
pub(super) fn version_line(bytes: &[u8]) -> Option<usize> {
    let line = &bytes[..bytes.len().min(VERSION_LINE)];
    let minor = line
        .strip_prefix(b"WARC/0.")
        .or_else(|| line.strip_prefix(b"WARC/1."))?;
    let digits = minor.iter().take_while(|b| b.is_ascii_digit()).count();
    let end = minor.iter().position(|&b| b == b'\n')?;
    let rest = minor.get(digits..end)?;
    (digits > 0 && rest.trim_ascii().is_empty()).then_some(line.len() - minor.len() + end + 1)
}

/// Where in `bytes` the first line stands that a record begins with, looking
/// behind line ends only.
pub(super) fn find_version_line(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|&b| b == b'\n') {
        at += found + 1;
        if begins_record(&bytes[at..]) {
            return Some(at);
        }
    }
    None
}

/// Where in `bytes` a record begins inside what is said to be another's block:
/// a version line with a `WARC-` field under it, so that a page that speaks of
/// WARC is not taken for one.
pub(super) fn find_record(bytes: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = find_version_line(&bytes[from..]) {
        let at = from + found;
        let under = version_line(&bytes[at..]).map_or(at, |line| at + line);
        let head = &bytes[under..bytes.len().min(under + 4096)];
        let next = if begins_record(head) {
            0
        } else {
            find_version_line(head).unwrap_or(head.len())
        };
        let head = &head[..head_len(&head[..next]).unwrap_or(next)];
        if Fields::parse(head).get("WARC-Type").is_some() {
            return Some(at);
        }
        from = under - 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_lines_are_those_from_0_17_to_1_1() {
        for line in [
            "WARC/0.17\r\n",
            "WARC/0.18\n",
            "WARC/1.0\r\n",
            "WARC/1.1 \r\n",
        ] {
            assert_eq!(version_line(line.as_bytes()), Some(line.len()));
        }
        for line in [
            "WARC/1.0",
            "WARC/1.\n",
            "WARC/1.0 x\n",
            "WARC/2.0\n",
            "warc/1.0\n",
            "",
        ] {
            assert_eq!(version_line(line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn brackets_are_taken_off_and_the_length_must_be_a_number() {
        let read = RecordHeader::parse(
            b"WARC/1.0\r\nwarc-type: Response\r\nWARC-Record-ID: <urn:uuid:1>\r\n\
              WARC-Target-URI: <http://a.example/>\r\nContent-Length: -5\r\n\r\n",
        );
        assert_eq!(read.kind, RecordType::Response);
        assert_eq!(read.id.as_deref(), Some("urn:uuid:1"));
        assert_eq!(read.url.as_deref(), Some("http://a.example/"));
        assert_eq!(read.length, None);
    }

    #[test]
    fn a_text_about_warc_is_no_record() {
        let text = b"see\nWARC/1.0\nThe first line: a version.\n\nWARC/1.1\r\nWARC-Type: x\r\n\r\n";
        assert_eq!(find_version_line(text), Some(4));
        assert_eq!(find_record(text), Some(41));
        assert_eq!(find_record(&text[..40]), None);
    }
}
