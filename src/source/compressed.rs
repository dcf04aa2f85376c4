//! Compressed streams → plain bytes, told by their first bytes and not by name.
//!
//! gzip of any number of members and Zstandard of any number of frames are
//! unpacked as they are read; anything else is given as it is. A stream that
//! stops before its end is an error that says so, never a short page.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;
use zstd::stream::read::Decoder as ZstdDecoder;

use super::Peek;

/// How a stream is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compression {
    /// gzip (RFC 1952).
    Gzip,
    /// Zstandard (RFC 8878).
    Zstd,
}

impl Compression {
    /// Told by the first four bytes.
    pub fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            // A skippable frame (RFC 8878 §3.1.2) may stand before the first.
            [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstd),
            _ => None,
        }
    }
}

impl std::fmt::Display for Compression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Gzip => "gzip",
            Self::Zstd => "Zstandard",
        })
    }
}

/// Why a compressed stream cannot be unpacked to its end. Reading gives it
/// within an [`io::Error`]: see [`io::Error::get_ref`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UnpackError {
    /// It stops in the middle.
    #[error(
        "the {form} stream stops after {plain} unpacked bytes, before its end; \
         fetch or copy the file again"
    )]
    Truncated {
        /// How it is compressed.
        form: Compression,
        /// Unpacked bytes before its end.
        plain: u64,
    },
    /// It is not what its first bytes say.
    #[error(
        "the {form} stream is damaged after {plain} unpacked bytes: {problem}; \
         fetch or copy the file again"
    )]
    Damaged {
        /// How it is compressed.
        form: Compression,
        /// Unpacked bytes before the damage.
        plain: u64,
        /// What the decoder said.
        problem: String,
    },
}

/// A stream, unpacked while it is read.
///
/// ```
/// use std::io::{Read, Write};
/// use dehusk::source::Plain;
/// use flate2::write::GzEncoder;
///
/// let mut packed = GzEncoder::new(Vec::new(), Default::default());
/// packed.write_all(b"<p>Tea")?;
/// let mut text = String::new();
/// Plain::new(&packed.finish()?[..])?.read_to_string(&mut text)?;
/// assert_eq!(text, "<p>Tea");
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Plain<R: Read> {
    form: Option<Compression>,
    stream: Stream<R>,
    /// Unpacked bytes given so far.
    given: u64,
}

type Packed<R> = BufReader<Peek<R>>;

enum Stream<R: Read> {
    AsItIs(Peek<R>),
    /// `None` behind the last member.
    Gzip(Option<Box<GzDecoder<Packed<R>>>>),
    Zstd(Box<ZstdDecoder<'static, Packed<R>>>),
    /// It failed, and that was told.
    Over,
}

/// Bytes of a packed stream that are fetched at once.
const BUFFER: usize = 64 << 10;

impl<R: Read> Plain<R> {
    /// Looks at the first bytes of `read`, to tell how it is compressed.
    ///
    /// # Errors
    /// When there is no memory for a decoder.
    pub fn new(read: R) -> io::Result<Self> {
        let mut peek = Peek::new(read);
        let form = Compression::of(peek.head(4));
        let packed = |peek| BufReader::with_capacity(BUFFER, peek);
        let stream = match form {
            None => Stream::AsItIs(peek),
            Some(Compression::Gzip) => Stream::Gzip(Some(Box::new(GzDecoder::new(packed(peek))))),
            Some(Compression::Zstd) => {
                Stream::Zstd(Box::new(ZstdDecoder::with_buffer(packed(peek))?))
            }
        };
        Ok(Self {
            form,
            stream,
            given: 0,
        })
    }

    /// How the stream is compressed, if it is.
    pub fn form(&self) -> Option<Compression> {
        self.form
    }
}

impl<R: Read> Read for Plain<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.stream {
            Stream::AsItIs(read) => read.read(buffer),
            Stream::Gzip(member) => gunzip(member, buffer),
            Stream::Zstd(frames) => frames.read(buffer),
            Stream::Over => Ok(0),
        };
        match (read, self.form) {
            (Ok(read), _) => {
                self.given += read as u64;
                Ok(read)
            }
            (Err(error), Some(form)) if error.kind() != io::ErrorKind::Interrupted => {
                self.stream = Stream::Over;
                Err(told(error, form, self.given))
            }
            (Err(error), _) => Err(error),
        }
    }
}

/// Reads of a member, and begins the next where one ends. Zeros behind the last
/// member are padding, as tapes and some mirrors leave it.
fn gunzip<R: Read>(
    member: &mut Option<Box<GzDecoder<Packed<R>>>>,
    buffer: &mut [u8],
) -> io::Result<usize> {
    while let Some(decoder) = member {
        let read = decoder.read(buffer)?;
        if read > 0 || buffer.is_empty() {
            return Ok(read);
        }
        let Some(mut packed) = member.take().map(|ended| ended.into_inner()) else {
            break;
        };
        loop {
            let ahead = packed.fill_buf()?;
            let zeros = ahead.iter().take_while(|&&byte| byte == 0).count();
            if ahead.is_empty() {
                return Ok(0);
            }
            if let Some(&next) = ahead.get(zeros) {
                if next != 0x1f {
                    let problem = "other bytes stand behind its last member";
                    return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
                }
                packed.consume(zeros);
                *member = Some(Box::new(GzDecoder::new(packed)));
                break;
            }
            packed.consume(zeros);
        }
    }
    Ok(0)
}

/// The decoders tell of damage by kinds of [`io::Error`]; what the system says
/// of the stream below them stays as it is.
fn told(error: io::Error, form: Compression, plain: u64) -> io::Error {
    use io::ErrorKind::{InvalidData, InvalidInput, Other, UnexpectedEof};
    match error.kind() {
        UnexpectedEof => io::Error::new(UnexpectedEof, UnpackError::Truncated { form, plain }),
        InvalidData | InvalidInput | Other if error.raw_os_error().is_none() => {
            let problem = error.to_string();
            let damaged = UnpackError::Damaged {
                form,
                plain,
                problem,
            };
            io::Error::new(InvalidData, damaged)
        }
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        zstd::encode_all(bytes, 1).unwrap()
    }

    fn plain(packed: &[u8]) -> (Vec<u8>, Option<UnpackError>) {
        let mut stream = Plain::new(packed).unwrap();
        let mut bytes = Vec::new();
        let error = stream.read_to_end(&mut bytes).err();
        let error = error.map(|error| *error.into_inner().unwrap().downcast().unwrap());
        assert_eq!(stream.read(&mut [0; 8]).unwrap(), 0, "over once it failed");
        (bytes, error)
    }

    #[test]
    fn members_and_frames_are_read_one_after_another() {
        let pages = [&b"<p>one "[..], b"", b"two"];
        let members: Vec<u8> = pages.iter().flat_map(|page| gzip(page)).collect();
        let (bytes, error) = plain(&members);
        assert!(bytes == b"<p>one two" && error.is_none());
        let mut frames = b"\x50\x2a\x4d\x18\x03\0\0\0abc".to_vec();
        frames.extend(pages.iter().flat_map(|page| zstd(page)));
        let (bytes, error) = plain(&frames);
        assert!(bytes == b"<p>one two" && error.is_none());
    }

    #[test]
    fn zeros_behind_the_last_member_are_padding_and_other_bytes_are_not() {
        let mut padded = gzip(b"<p>Tea");
        padded.resize(padded.len() + 200_000, 0);
        let (bytes, error) = plain(&padded);
        assert!(bytes == b"<p>Tea" && error.is_none());
        padded.extend(b"and then");
        let (bytes, error) = plain(&padded);
        assert_eq!(bytes, b"<p>Tea");
        let damaged = matches!(error, Some(UnpackError::Damaged { plain: 6, .. }));
        assert!(damaged, "{error:?}");
    }

    #[test]
    fn a_stream_that_is_cut_anywhere_says_so() {
        let page = "<p>The ferry sailed again on Monday morning.".repeat(40);
        for packed in [gzip(page.as_bytes()), zstd(page.as_bytes())] {
            for end in [5, packed.len() / 2, packed.len() - 3, packed.len() - 1] {
                let (bytes, error) = plain(&packed[..end]);
                let told = matches!(error, Some(UnpackError::Truncated { plain, .. })
                    if plain == bytes.len() as u64);
                assert!(told, "{end} of {}: {error:?}", packed.len());
                assert!(page.as_bytes().starts_with(&bytes));
            }
        }
    }

    #[test]
    fn what_the_system_says_stays_as_it_is() {
        struct Refused(bool);
        impl Read for Refused {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                if std::mem::replace(&mut self.0, true) {
                    return Err(io::Error::from_raw_os_error(5));
                }
                (&b"\x1f\x8b\x08\0"[..]).read(buffer)
            }
        }
        let mut stream = Plain::new(Refused(false)).unwrap();
        let error = stream.read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(5));
    }

    proptest! {
        #[test]
        fn any_damage_ends_and_is_told(
            page in proptest::collection::vec(any::<u8>(), 1..400),
            form in 0..2, at: prop::sample::Index, by in 1u8..
        ) {
            let mut packed = if form == 0 { gzip(&page) } else { zstd(&page) };
            let at = at.index(packed.len());
            packed[at] ^= by;
            let mut stream = Plain::new(&packed[..]).unwrap();
            let mut bytes = Vec::new();
            // A byte of the header may mean nothing, or be what tells the form.
            if stream.read_to_end(&mut bytes).is_err() {
                prop_assert_eq!(stream.read(&mut [0; 8]).unwrap(), 0);
            }
        }
    }
}
