//! HTTP message bodies as they were transferred → the bytes of the page.
//!
//! [`Codings`] names what was done to a body, [`decode`] undoes it within a
//! bound. Crawlers keep bodies as they came, and servers and crawlers say of
//! bodies what is not true, so: a body that is plainly markup already is taken
//! as it stands, and one that breaks off gives what came before; both with a
//! warning.

mod chunked;
mod coding;
mod head;
mod markup;

use std::io::Read;

use chunked::{Dechunked, dechunk};
use coding::Coding;
pub(super) use head::Head;

/// Codings that are undone of one body; more is an attack.
const MOST: usize = 8;

/// Bytes that may lie between two codings beyond those that a page may have: of
/// a short page its encoded form may be the longer.
const BETWEEN: u64 = 64 << 10;

/// What was done to a body, from the `Transfer-Encoding` and `Content-Encoding`
/// fields: chunked, gzip, deflate, br, zstd, in any number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Codings {
    chunked: bool,
    /// In the order in which they are undone.
    undo: Vec<Coding>,
}

impl Codings {
    /// Reads the two fields' values; empty where there is no such field.
    ///
    /// ```
    /// use dehusk::source::http_body::{Codings, decode};
    ///
    /// let codings = Codings::parse("chunked", "identity");
    /// let (body, _) = decode(b"6\r\n<p>Tea\r\n0\r\n\r\n".to_vec(), &codings, 100, true)?;
    /// assert_eq!(body, b"<p>Tea");
    /// # Ok::<(), dehusk::source::http_body::BodyError>(())
    /// ```
    pub fn parse(transfer: &str, content: &str) -> Self {
        let names = |list: &'_ str| -> Vec<String> {
            // A parameter, such as `gzip;q=1`, means nothing here.
            let names = list.split(',').filter_map(|name| name.split(';').next());
            names.map(|name| name.trim().to_owned()).collect()
        };
        let (transfer, content) = (names(transfer), names(content));
        Self {
            chunked: transfer.iter().any(|n| n.eq_ignore_ascii_case("chunked")),
            // The last that was done is undone first.
            undo: content
                .iter()
                .chain(&transfer)
                .rev()
                .filter_map(|name| Coding::parse(name))
                .collect(),
        }
    }
}

/// Why a body cannot be decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BodyError {
    /// It is encoded in a way that is not known.
    #[error("the body is encoded as `{0}`, which is not known")]
    Unknown(String),
    /// It is encoded too many times over.
    #[error("the body has {0} encodings; no more than {MOST} are undone")]
    TooMany(usize),
    /// Not one byte of it can be decoded.
    #[error("the body is not valid {codings}: {detail}")]
    Damaged {
        /// What it is said to be.
        codings: String,
        /// What the decoder says.
        detail: String,
    },
}

/// Something that was cut or doubtful in a body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BodyWarning {
    /// It is longer than the bound.
    #[error("body cut after {0} bytes")]
    Cut(usize),
    /// It ends too early, or is damaged there.
    #[error("{codings} body is damaged or breaks off after {after} bytes")]
    BrokenOff {
        /// What it is encoded as.
        codings: String,
        /// Bytes decoded.
        after: usize,
    },
    /// It is not encoded as it says.
    #[error("body is not {0} as its header says: taken as it stands")]
    NotEncoded(String),
}

/// Undoes the codings of a body. At most `max_bytes` are given, with a warning
/// when there are more, and hardly more are held. `whole` says that `raw` is all
/// of the body: else that it breaks off is no news, and it counts as cut.
///
/// # Errors
/// When a coding is unknown, or not one byte can be decoded, and the body does
/// not look like markup as it stands.
pub fn decode(
    raw: Vec<u8>,
    codings: &Codings,
    max_bytes: usize,
    whole: bool,
) -> Result<(Vec<u8>, Vec<BodyWarning>), BodyError> {
    let mut warnings = Vec::new();
    let raw = if codings.chunked {
        match dechunk(&raw) {
            Dechunked::Whole(body) => body,
            Dechunked::BrokenOff(body) => {
                if whole {
                    warnings.push(BodyWarning::BrokenOff {
                        codings: "chunked".to_owned(),
                        after: body.len(),
                    });
                }
                body
            }
            Dechunked::NotChunked => {
                warnings.push(BodyWarning::NotEncoded("chunked".to_owned()));
                raw
            }
        }
    } else {
        raw
    };
    let mut body = if codings.undo.is_empty() {
        raw
    } else {
        match undo(&raw, &codings.undo, max_bytes) {
            (body, None) => body,
            (_, Some(_)) if markup::is_markup(&raw) => {
                warnings.push(BodyWarning::NotEncoded(names(&codings.undo)));
                raw
            }
            (body, Some(error)) if body.is_empty() => return Err(error),
            (body, Some(_)) => {
                if whole && body.len() <= max_bytes {
                    warnings.push(BodyWarning::BrokenOff {
                        codings: names(&codings.undo),
                        after: body.len(),
                    });
                }
                body
            }
        }
    };
    if body.len() > max_bytes || !whole {
        body.truncate(max_bytes);
        warnings.push(BodyWarning::Cut(body.len()));
    }
    Ok((body, warnings))
}

/// Undoes codings, one decoder reading from the other, until one byte more
/// than `max_bytes` is there; with what stopped it before the end.
fn undo(raw: &[u8], undo: &[Coding], max_bytes: usize) -> (Vec<u8>, Option<BodyError>) {
    let mut body = Vec::new();
    if undo.len() > MOST {
        return (body, Some(BodyError::TooMany(undo.len())));
    }
    let damaged = |error: std::io::Error| match undo.iter().find(|c| c.is_unknown()) {
        Some(unknown) => BodyError::Unknown(unknown.to_string()),
        None => BodyError::Damaged {
            codings: names(undo),
            detail: error.to_string(),
        },
    };
    let most = (max_bytes as u64).saturating_add(1);
    let mut read: Box<dyn Read + '_> = Box::new(raw);
    for coding in undo {
        read = match coding.undo(read) {
            // A decoder can read without end and give nothing: what lies
            // between two is bounded too.
            Ok(read) => Box::new(read.take(most.saturating_add(BETWEEN))),
            Err(error) => return (body, Some(damaged(error))),
        };
    }
    let result = read.take(most).read_to_end(&mut body);
    (body, result.err().map(damaged))
}

fn names(undo: &[Coding]) -> String {
    let names: Vec<String> = undo.iter().rev().map(Coding::to_string).collect();
    names.join(", ")
}

/// Whether a body begins like HTML when its codings are undone.
pub(super) fn begins_as_html(raw: &[u8], codings: &Codings) -> bool {
    let head = raw[..raw.len().min(16 << 10)].to_vec();
    match decode(head, codings, markup::HEAD, false) {
        Ok((head, _)) => markup::begins_as_html(&head),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests;
