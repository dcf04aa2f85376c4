//! The encodings of an HTTP body, and a reader that undoes each.

use std::fmt;
use std::io::{self, Cursor, Read};

use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// Bytes handed from one decoder to the next at a time.
const STEP: usize = 16 << 10;

/// The largest window of a `zstd` body, as a power of two: 8 MB, the bound that
/// HTTP sets (RFC 9659 §3).
const ZSTD_WINDOW: u32 = 23;

/// A transfer or content coding (RFC 9110 §8.4.1, RFC 9112 §7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Coding {
    Gzip,
    /// In its zlib wrapping, as it should be, or raw, as some servers send it.
    Deflate,
    Brotli,
    Zstd,
    Unknown(String),
}

impl Coding {
    /// `None` for what changes nothing.
    pub(super) fn parse(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "" | "identity" | "none" | "chunked" => None,
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "deflate" => Some(Self::Deflate),
            "br" => Some(Self::Brotli),
            "zstd" => Some(Self::Zstd),
            _ => Some(Self::Unknown(name.chars().take(40).collect())),
        }
    }

    pub(super) fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// Undoes the coding of what `read` gives.
    pub(super) fn undo<'a>(&self, read: Box<dyn Read + 'a>) -> io::Result<Box<dyn Read + 'a>> {
        let buffered = |read| io::BufReader::with_capacity(STEP, read);
        Ok(match self {
            Self::Gzip => Box::new(MultiGzDecoder::new(buffered(read))),
            Self::Deflate => {
                let (head, read) = peek_two(read)?;
                if is_zlib(head) {
                    Box::new(ZlibDecoder::new(buffered(read)))
                } else {
                    Box::new(DeflateDecoder::new(buffered(read)))
                }
            }
            Self::Brotli => Box::new(brotli::Decompressor::new(read, STEP)),
            Self::Zstd => {
                let mut decoder = zstd::Decoder::new(read)?;
                decoder.window_log_max(ZSTD_WINDOW)?;
                Box::new(decoder)
            }
            Self::Unknown(_) => return Err(io::ErrorKind::Unsupported.into()),
        })
    }
}

impl fmt::Display for Coding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
            Self::Unknown(name) => name,
        })
    }
}

/// The first two bytes, as far as there are any, and a reader of all.
fn peek_two<'a>(mut read: Box<dyn Read + 'a>) -> io::Result<([u8; 2], Box<dyn Read + 'a>)> {
    let mut head = Vec::new();
    read.by_ref().take(2).read_to_end(&mut head)?;
    let mut two = [0; 2];
    two[..head.len()].copy_from_slice(&head);
    Ok((two, Box::new(Cursor::new(head).chain(read))))
}

/// A zlib header: deflate, a window that there is, a sum that is right
/// (RFC 1950 §2.2).
fn is_zlib(head: [u8; 2]) -> bool {
    head[0] & 0x0f == 8 && head[0] >> 4 <= 7 && u16::from_be_bytes(head).is_multiple_of(31)
}
