//! Packed pages of a column → plain bytes, never more than the page's header
//! says there are, and no room for them that the packed bytes cannot fill.
//!
//! The `parquet` crate's own codecs for gzip and Brotli unpack to the end
//! whatever the header says, and its Snappy and LZ4 fill what is claimed with
//! zeros first: a small file could take all memory.

use std::io::Read;

use parquet::basic::CompressionCodec;
use parquet::errors::Result;

use super::thrift::broken;

/// Unpacks `packed`, which must give exactly `size` bytes, and puts them behind
/// those of `ahead`.
pub(super) fn unpack(
    codec: CompressionCodec,
    ahead: &[u8],
    packed: &[u8],
    size: usize,
) -> Result<Vec<u8>> {
    let mut plain = ahead.to_owned();
    match codec {
        CompressionCodec::UNCOMPRESSED => plain.extend_from_slice(packed),
        CompressionCodec::SNAPPY => snappy(packed, size, &mut plain)?,
        CompressionCodec::GZIP => {
            streamed(
                flate2::bufread::MultiGzDecoder::new(packed),
                size,
                &mut plain,
            )?;
        }
        CompressionCodec::BROTLI => {
            streamed(brotli::Decompressor::new(packed, 4096), size, &mut plain)?;
        }
        CompressionCodec::ZSTD => {
            let frames = zstd::stream::read::Decoder::with_buffer(packed)?;
            streamed(frames, size, &mut plain)?;
        }
        CompressionCodec::LZ4_RAW => lz4(packed, size, &mut plain)?,
        CompressionCodec::LZ4 => {
            if lz4_of_hadoop(packed, size, &mut plain).is_err() {
                plain.truncate(ahead.len());
                lz4(packed, size, &mut plain)?;
            }
        }
        CompressionCodec::LZO => {
            return Err(broken(
                "a column is packed with LZO, which is not supported",
            ));
        }
    }
    if plain.len() - ahead.len() != size {
        return Err(broken("a page has not as many bytes as its header says"));
    }
    Ok(plain)
}

fn streamed(packed: impl Read, size: usize, plain: &mut Vec<u8>) -> Result<()> {
    packed.take(size as u64 + 1).read_to_end(plain)?;
    Ok(())
}

/// Makes room for `size` bytes, if `packed` bytes can stand for them at `most`
/// each; gives where it begins.
fn room(packed: &[u8], size: usize, most: usize, plain: &mut Vec<u8>) -> Result<usize> {
    if size > packed.len().saturating_mul(most).saturating_add(64) {
        return Err(broken("a page claims more bytes than it can hold"));
    }
    let at = plain.len();
    plain.resize(at + size, 0);
    Ok(at)
}

/// A copy of up to 64 bytes takes three (Snappy's format description).
fn snappy(packed: &[u8], size: usize, plain: &mut Vec<u8>) -> Result<()> {
    let at = room(packed, size, 32, plain)?;
    let read = (snap::raw::Decoder::new().decompress(packed, &mut plain[at..]))
        .map_err(|error| broken(&format!("a page is no Snappy: {error}")))?;
    plain.truncate(at + read);
    Ok(())
}

/// A byte of a match's length adds up to 255 (LZ4 block format).
fn lz4(packed: &[u8], size: usize, plain: &mut Vec<u8>) -> Result<()> {
    let at = room(packed, size, 255, plain)?;
    let read = lz4_flex::block::decompress_into(packed, &mut plain[at..])
        .map_err(|error| broken(&format!("a page is no LZ4: {error}")))?;
    plain.truncate(at + read);
    Ok(())
}

/// Blocks as Hadoop writes them: each behind its plain and its packed size.
fn lz4_of_hadoop(mut packed: &[u8], size: usize, plain: &mut Vec<u8>) -> Result<()> {
    let end = plain.len() + size;
    while let [a, b, c, d, e, f, g, h, rest @ ..] = packed {
        let block = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        let length = u32::from_be_bytes([*e, *f, *g, *h]) as usize;
        let (head, behind) = (rest.split_at_checked(length))
            .filter(|_| block <= end - plain.len())
            .ok_or_else(|| broken("a page is no LZ4 in Hadoop's blocks"))?;
        lz4(head, block, plain)?;
        packed = behind;
    }
    if !packed.is_empty() {
        return Err(broken("a page is no LZ4 in Hadoop's blocks"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_bomb_gives_no_more_than_its_header_says() {
        let bomb = vec![0; 50 << 20];
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(&bomb).unwrap();
        let gzip = gzip.finish().unwrap();
        let mut brotli = Vec::new();
        {
            let mut packed = brotli::CompressorWriter::new(&mut brotli, 4096, 5, 22);
            packed.write_all(&bomb).unwrap();
        }
        let zstd = zstd::encode_all(&bomb[..], 1).unwrap();
        let packed = [
            (CompressionCodec::GZIP, gzip),
            (CompressionCodec::BROTLI, brotli),
            (CompressionCodec::ZSTD, zstd),
        ];
        for (codec, packed) in packed {
            assert!(unpack(codec, b"", &packed, 1000).is_err(), "{codec:?}");
            assert_eq!(
                unpack(codec, b"", &packed, bomb.len()).unwrap(),
                bomb,
                "{codec:?}"
            );
        }
    }

    #[test]
    fn room_is_made_only_for_what_the_packed_bytes_can_fill() {
        for codec in [
            CompressionCodec::SNAPPY,
            CompressionCodec::LZ4_RAW,
            CompressionCodec::LZ4,
        ] {
            let error = unpack(codec, b"", b"\xff\xff\xff\x7f12345678", 1 << 30);
            let told = error.unwrap_err().to_string();
            assert!(told.contains("claims more bytes"), "{codec:?}: {told}");
        }
    }

    #[test]
    fn lz4_is_read_in_hadoops_blocks_and_without_them() {
        let page = b"<p>Tea, and tea, and tea again.".repeat(9);
        let mut hadoop = Vec::new();
        for piece in page.chunks(100) {
            let packed = lz4_flex::block::compress(piece);
            hadoop.extend((piece.len() as u32).to_be_bytes());
            hadoop.extend((packed.len() as u32).to_be_bytes());
            hadoop.extend(packed);
        }
        assert_eq!(
            unpack(CompressionCodec::LZ4, b"", &hadoop, page.len()).unwrap(),
            page
        );
        let raw = lz4_flex::block::compress(&page);
        assert_eq!(
            unpack(CompressionCodec::LZ4, b"", &raw, page.len()).unwrap(),
            page
        );
    }
}
