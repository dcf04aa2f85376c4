//! Zstandard frames, and the dictionary that an archive of them may begin with
//! (*Zstandard Compression for WARC Files* 1.0).

use std::io::{self, BufRead, Read};

use zstd::stream::raw::{Decoder, Operation};

use super::failure::Broken;
use super::stored::Stored;

/// The largest dictionary, as stored and as decompressed, that a reader must
/// know how to read.
const DICTIONARY: usize = 8 << 20;

/// Whether a Zstandard frame begins here.
pub(super) fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x28\xb5\x2f\xfd")
}

/// Whether a skippable frame begins here: a dictionary, or an extension that
/// readers pass over.
pub(super) fn is_skippable(bytes: &[u8]) -> bool {
    bytes.len() >= 4 && bytes[0] & 0xf0 == 0x50 && bytes[1..4] == *b"\x2a\x4d\x18"
}

/// Reads one frame at a time.
pub(super) struct Frames<R: Read> {
    stored: Stored<R>,
    decoder: Decoder<'static>,
    finished: bool,
}

impl<R: Read> Frames<R> {
    /// Reads the dictionary, if there is one.
    pub(super) fn new(mut stored: Stored<R>) -> Result<Self, Broken> {
        let dictionary = dictionary(&mut stored)?;
        let decoder = Decoder::with_dictionary(&dictionary)
            .map_err(|_| Broken::Dictionary("is not one that Zstandard knows"))?;
        Ok(Self {
            stored,
            decoder,
            finished: false,
        })
    }

    pub(super) fn stored(&mut self) -> &mut Stored<R> {
        &mut self.stored
    }

    /// Makes ready for another frame; the dictionary stays.
    pub(super) fn reset(&mut self) {
        // Resetting a session cannot fail: it is no change of parameters.
        let _ = self.decoder.reinit();
        self.finished = false;
    }

    /// 0 bytes at the frame's end.
    pub(super) fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !self.finished {
            let input = self.stored.fill_buf()?;
            let at_end = input.is_empty();
            let done = self.decoder.run_on_buffers(input, out)?;
            self.stored.consume(done.bytes_read);
            self.finished = done.remaining == 0;
            if done.bytes_written > 0 {
                return Ok(done.bytes_written);
            }
            if at_end && !self.finished {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if done.bytes_read == 0 && !self.finished {
                return Err(io::Error::other("the decoder does not go on"));
            }
        }
        Ok(0)
    }
}

/// Takes the dictionary frame off the file's beginning; empty without one.
fn dictionary<R: Read>(stored: &mut Stored<R>) -> Result<Vec<u8>, Broken> {
    let head = stored.peek(8);
    if head.len() < 8 || !head.starts_with(b"\x5d\x2a\x4d\x18") {
        return Ok(Vec::new());
    }
    let size = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
    if size > DICTIONARY {
        return Err(Broken::Dictionary("is larger than 8 MiB"));
    }
    stored.consume(8);
    let mut data = vec![0; size];
    stored
        .read_exact(&mut data)
        .map_err(|_| match stored.take_error() {
            Some(error) => Broken::Io(error),
            None => Broken::Dictionary("breaks off"),
        })?;
    if begins(&data) {
        data = zstd::bulk::decompress(&data, DICTIONARY)
            .map_err(|_| Broken::Dictionary("is damaged, or larger than 8 MiB"))?;
    }
    if data.starts_with(b"\x37\xa4\x30\xec") {
        Ok(data)
    } else {
        Err(Broken::Dictionary("is not one that Zstandard knows"))
    }
}
