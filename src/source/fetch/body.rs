//! An answer's body → bytes, unpacked, never more than asked for.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;
use ureq::Body;
use ureq::http::{HeaderMap, Response, header};

use super::client::Client;
use super::error::{FetchError, FetchWarning, quoted};

/// Reads a body up to `most` bytes. What lengths the host claims is not
/// believed: as much is held as has come.
///
/// # Errors
/// When it is packed in a way that was not asked for, is damaged, or does not
/// come in time.
pub(super) fn read(
    client: &Client,
    response: Response<Body>,
    most: usize,
) -> Result<(Vec<u8>, Option<FetchWarning>), FetchError> {
    let gzipped = is_gzipped(response.headers())?;
    // What gzip makes longer than it was stays below one part in a thousand:
    // more on the wire means that nothing would come of it.
    let wire = (most as u64).saturating_add(most as u64 / 1000 + (64 << 10));
    let body = response.into_body().into_reader().take(wire);
    let mut bytes = Vec::new();
    let ended = if gzipped {
        read_up_to(MultiGzDecoder::new(body), most, &mut bytes)
    } else {
        read_up_to(body, most, &mut bytes)
    };
    let warning = match ended {
        Ok(()) if bytes.len() > most => {
            bytes.truncate(most);
            Some(FetchWarning::Cut { limit: most })
        }
        Ok(()) => None,
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof && !bytes.is_empty() => {
            let bytes = bytes.len();
            Some(FetchWarning::BrokenOff { bytes })
        }
        Err(error) if gzipped && is_damage(&error) => return Err(FetchError::Unpack(error)),
        // ureq hides its own errors in those of `std::io`.
        Err(error) => return Err(client.transport_fault(ureq::Error::from(error))),
    };
    Ok((bytes, warning))
}

fn is_gzipped(headers: &HeaderMap) -> Result<bool, FetchError> {
    let Some(value) = headers.get(header::CONTENT_ENCODING) else {
        return Ok(false);
    };
    let encoding = String::from_utf8_lossy(value.as_bytes());
    match encoding.trim().to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(false),
        "gzip" | "x-gzip" => Ok(true),
        _ => Err(FetchError::ContentEncoding {
            encoding: quoted(encoding.trim()),
        }),
    }
}

/// One byte more than `most` is read where there is one: it tells a body that
/// ends there from one that goes on.
fn read_up_to(body: impl Read, most: usize, bytes: &mut Vec<u8>) -> io::Result<()> {
    body.take((most as u64).saturating_add(1))
        .read_to_end(bytes)
        .map(drop)
}

/// What flate2 says of bytes that are no gzip.
fn is_damage(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData
    )
}
