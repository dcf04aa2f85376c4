//! Record → page, or why it is none.

use super::super::fields::MediaType;
use super::super::http_body::{self, Codings, Head};
use super::failure::{Broken, WarcFailure, WarcWarning};
use super::passed_over::NoPage;
use super::record::{RecordHeader, RecordType};
use super::records::{HEADER, Record};
use crate::page::InputKind;

/// A page of an archive, of HTML or of plain text, its body still encoded as it was transferred.
#[derive(Debug)]
pub struct WarcPage {
    /// `WARC-Record-ID` without its brackets; of a record without one,
    /// `record-N`, where it is the archive's N-th.
    pub id: String,
    /// Byte in the file as it is stored where the record begins, or its gzip
    /// member or Zstandard frame.
    pub offset: u64,
    /// `WARC-Target-URI`.
    pub url: Option<String>,
    /// The `charset` of the `Content-Type`: HTTP's, or a resource record's own.
    pub charset: Option<String>,
    /// What it is written in: the text of a `conversion` record is plain.
    pub kind: InputKind,
    block: Vec<u8>,
    found: Found,
    cut: bool,
    warnings: Vec<WarcWarning>,
}

impl WarcPage {
    pub(super) fn new(record: Record, mut found: Found, block: Vec<u8>, number: u64) -> Self {
        let header = record.header;
        Self {
            id: header.id.unwrap_or_else(|| format!("record-{number}")),
            offset: record.offset,
            url: header.url,
            charset: found.charset.take(),
            kind: found.kind,
            block,
            found,
            cut: record.cut,
            warnings: header.warnings,
        }
    }

    /// Bytes of the record's block that are held until [`WarcPage::body`] is
    /// called.
    pub fn held_bytes(&self) -> usize {
        self.block.len()
    }

    /// The page's bytes, with its transfer and content encodings undone, and
    /// what was cut, mended or doubtful. No more than `max_bytes` are given or
    /// held decoded; a longer body is cut there, with a warning.
    ///
    /// # Errors
    /// When the encodings are unknown, or not one byte can be decoded.
    pub fn body(self, max_bytes: usize) -> Result<(Vec<u8>, Vec<WarcWarning>), WarcFailure> {
        let Self {
            mut block,
            found,
            mut warnings,
            ..
        } = self;
        block.drain(..found.body_at);
        let whole = !self.cut;
        match http_body::decode(block, &found.codings, max_bytes, whole) {
            Ok((bytes, of_body)) => {
                warnings.extend(of_body.into_iter().map(WarcWarning::Body));
                Ok((bytes, warnings))
            }
            Err(error) => Err(WarcFailure {
                offset: self.offset,
                id: Some(self.id),
                reason: Broken::Body(error),
            }),
        }
    }
}

/// Where a page's body is and how it is encoded.
#[derive(Debug, Default)]
pub(super) struct Found {
    body_at: usize,
    codings: Codings,
    charset: Option<String>,
    kind: InputKind,
}

/// What a record turns out to be.
pub(super) enum Choice {
    Page(Found),
    NoPage(NoPage),
    Broken(Broken),
}

/// Tells whether a record is a page. What the crawler identified the payload as
/// decides over what the server said it is; of what neither says anything the
/// first bytes are looked at.
pub(super) fn choose(header: &RecordHeader, block: &[u8]) -> Choice {
    match header.kind {
        RecordType::Response => response(header, block),
        RecordType::Resource => by_type(
            header,
            header.content_type.as_ref(),
            block,
            Found::default(),
        ),
        RecordType::Request => Choice::NoPage(NoPage::Request),
        RecordType::Metadata => Choice::NoPage(NoPage::Metadata),
        RecordType::Warcinfo => Choice::NoPage(NoPage::Warcinfo),
        RecordType::Revisit => Choice::NoPage(NoPage::Revisit),
        RecordType::Conversion => conversion(header, block),
        RecordType::Continuation => Choice::NoPage(NoPage::Continuation),
        RecordType::Other => Choice::NoPage(NoPage::OtherType),
    }
}

fn response(header: &RecordHeader, block: &[u8]) -> Choice {
    let own_type = header.content_type.as_ref();
    if !block.starts_with(b"HTTP/") {
        let http = own_type
            .is_none_or(|own| matches!(own.essence.as_str(), "application/http" | "message/http"));
        return if http {
            Choice::Broken(Broken::NoStatus)
        } else {
            // Of a DNS look-up, or of FTP.
            by_type(header, own_type, block, Found::default())
        };
    }
    let Some(head) = Head::parse(&block[..block.len().min(HEADER + 1)]) else {
        return Choice::Broken(Broken::NoStatus);
    };
    if head.len > HEADER {
        return Choice::Broken(Broken::HttpHeaderTooLong { limit: HEADER });
    }
    let reason = match head.status {
        200..=299 => None,
        300..=399 => Some(NoPage::Redirect),
        400..=499 => Some(NoPage::ClientError),
        500..=599 => Some(NoPage::ServerError),
        _ => Some(NoPage::OtherStatus),
    };
    if let Some(reason) = reason {
        return Choice::NoPage(reason);
    }
    let found = Found {
        body_at: head.len,
        codings: head.codings,
        ..Found::default()
    };
    by_type(header, head.content_type.as_ref(), block, found)
}

/// The text of a page that another tool made, as in WET files.
fn conversion(header: &RecordHeader, block: &[u8]) -> Choice {
    let is_text = |said: &MediaType| said.essence == "text/plain";
    match &header.content_type {
        Some(said) if is_text(said) && block.is_empty() => Choice::NoPage(NoPage::Empty),
        Some(said) if is_text(said) => Choice::Page(Found {
            charset: said.charset.clone(),
            kind: InputKind::Text,
            ..Found::default()
        }),
        _ => Choice::NoPage(NoPage::Conversion),
    }
}

fn by_type(
    header: &RecordHeader,
    said: Option<&MediaType>,
    block: &[u8],
    mut found: Found,
) -> Choice {
    let body = &block[found.body_at..];
    if body.is_empty() {
        return Choice::NoPage(NoPage::Empty);
    }
    let html = match header.identified.as_ref().or(said) {
        Some(media_type) => media_type.is_html(),
        None => http_body::begins_as_html(body, &found.codings),
    };
    found.charset = said.and_then(|said| said.charset.clone());
    if html {
        Choice::Page(found)
    } else {
        Choice::NoPage(NoPage::NotHtml)
    }
}
