//! WARC archives → pages: `.warc`, `.warc.gz` and `.warc.zst`.
//!
//! [`WarcReader`] reads an archive once, front to back, and gives its pages one
//! by one. `response` records of status 2xx and `resource` records are pages
//! when they are HTML or XHTML; `conversion` records of plain text, which WET
//! archives are made of, are pages of that kind ([`WarcPage::kind`]); all other
//! records are passed over and counted ([`PassedOver`]). A page's transfer and content encodings are undone by
//! [`WarcPage::body`], which another thread can call.
//!
//! Archives come broken, and are not to be trusted:
//!
//! - Memory is bounded by one record, of which no more is held than
//!   [`WarcReader::max_bytes`] and what its header may take; time is linear in
//!   the archive's bytes and what they decompress to.
//! - What is damaged is told once, with its place, and the reader goes on with
//!   the next record that it can find ([`WarcFailure`]).
//! - What could be mended is a page with a [`WarcWarning`].
//!
//! | layer | takes → gives |
//! |---|---|
//! | `stored.rs` | file → bytes, with a way back |
//! | `members.rs`, `frames.rs` | bytes → gzip members or Zstandard frames, decoded |
//! | `decoded.rs` | members → decoded bytes, as far as they are looked at |
//! | `records.rs`, `record.rs` | decoded bytes → records: header and block |
//! | `page.rs` | record → page, or why it is none |
//!
//! The `warc` crate was looked at: it holds whatever a record says is its
//! length, knows no offsets and ends at the first thing wrong.

mod decoded;
mod failure;
mod frames;
mod members;
mod page;
mod passed_over;
mod record;
mod records;
mod stored;
#[cfg(test)]
mod tests;

use std::io::Read;

pub use failure::{Broken, WarcFailure, WarcWarning};
pub use page::WarcPage;
pub use passed_over::{NoPage, PassedOver};

use super::MAX_BYTES;
use members::Members;
use page::{Choice, choose};
use records::Records;

/// Reads the pages of an archive, in its order.
///
/// ```
/// use dehusk::source::warc::{NoPage, WarcReader};
///
/// let archive = b"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:x:1>\r\n\
///     WARC-Target-URI: http://a.example/\r\nContent-Type: text/html\r\n\
///     Content-Length: 6\r\n\r\n<p>Tea\r\n\r\n\
///     WARC/1.0\r\nWARC-Type: metadata\r\nContent-Length: 0\r\n\r\n\r\n\r\n";
/// let reader = WarcReader::new(&archive[..]);
/// let passed_over = reader.passed_over();
/// for page in reader {
///     let page = page?;
///     assert_eq!(page.url.as_deref(), Some("http://a.example/"));
///     let (body, warnings) = page.body(1_000_000)?;
///     assert_eq!(body, b"<p>Tea");
///     assert!(warnings.is_empty());
/// }
/// assert_eq!(passed_over.count(NoPage::Metadata), 1);
/// # Ok::<(), dehusk::source::warc::WarcFailure>(())
/// ```
pub struct WarcReader<R: Read> {
    records: Records<R>,
    passed_over: PassedOver,
    number: u64,
}

impl<R: Read> WarcReader<R> {
    /// Reads an archive, and tells by its first bytes whether it is gzip (any
    /// number of members), Zstandard (any number of frames, with or without a
    /// dictionary before them) or neither. `read` needs no buffer.
    pub fn new(read: R) -> Self {
        Self {
            records: Records::new(Members::new(read), hold(MAX_BYTES)),
            passed_over: PassedOver::default(),
            number: 0,
        }
    }

    /// Holds no more bytes of a page than this (of its body, and before its
    /// encodings are undone); of a longer one the rest is passed over, and
    /// [`WarcPage::body`] says so. [`MAX_BYTES`] by default.
    #[must_use]
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.records.set_hold(hold(bytes));
        self
    }

    /// Counts what is passed over in these counts too: several readers may
    /// share them.
    #[must_use]
    pub fn counting_in(mut self, counts: PassedOver) -> Self {
        self.passed_over = counts;
        self
    }

    /// The records that were passed over so far; see [`PassedOver`].
    pub fn passed_over(&self) -> PassedOver {
        self.passed_over.clone()
    }
}

/// Bytes of a block to hold for so many of a body: one more, to see that there
/// is more, and the HTTP header.
fn hold(bytes: usize) -> usize {
    bytes.saturating_add(records::HEADER + 1)
}

impl<R: Read> Iterator for WarcReader<R> {
    type Item = Result<WarcPage, WarcFailure>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let record = match self.records.next_record()? {
                Ok(record) => record,
                Err(failure) => return Some(Err(failure)),
            };
            self.number += 1;
            match choose(&record.header, self.records.block(&record)) {
                Choice::NoPage(reason) => self.passed_over.add(reason),
                Choice::Broken(reason) => {
                    return Some(Err(WarcFailure {
                        offset: record.offset,
                        id: record.header.id,
                        reason,
                    }));
                }
                Choice::Page(found) => {
                    let block = self.records.block(&record).to_vec();
                    return Some(Ok(WarcPage::new(record, found, block, self.number)));
                }
            }
        }
    }
}
