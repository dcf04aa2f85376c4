//! Bytes, as they are or packed → the pages of an archive.

#![no_main]

use std::io::{Read, Write};

use dehusk::source::Compression;
use dehusk::source::warc::WarcReader;
use dehusk_fuzz::{Options, Slow, is_one_of_every};
use flate2::write::GzEncoder;
use libfuzzer_sys::fuzz_target;

#[derive(Clone)]
enum Pack {
    AsItIs,
    Gzip,
    Zstd,
}

/// What stands between two members, where the input is packed.
const CUT: &[u8] = b"\n--8<--\n";

fn packed(input: &[u8], pack: &Pack) -> Vec<u8> {
    let mut rest = input;
    let mut bytes = Vec::new();
    while !rest.is_empty() {
        let cut = rest.windows(CUT.len()).position(|window| window == CUT);
        let (member, after) = match cut {
            Some(at) => (&rest[..at], &rest[at + CUT.len()..]),
            None => (rest, &rest[rest.len()..]),
        };
        match pack {
            Pack::AsItIs => return input.to_vec(),
            Pack::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
                encoder.write_all(member).expect("memory can be written to");
                bytes.extend(encoder.finish().expect("memory can be written to"));
            }
            Pack::Zstd => bytes.extend(zstd::encode_all(member, 1).expect("memory can be read")),
        }
        rest = after;
    }
    bytes
}

/// All that is read of an archive, as text.
fn read(archive: impl Read, length: usize, max_bytes: usize) -> Vec<String> {
    let mut found = Vec::new();
    let mut before = 0;
    for page in WarcReader::new(archive).max_bytes(max_bytes) {
        match page {
            Ok(page) => {
                assert!(page.offset >= before && page.offset < length as u64);
                before = page.offset;
                let known = format!(
                    "{} {} {:?} {:?}",
                    page.id, page.offset, page.url, page.charset
                );
                match page.body(max_bytes) {
                    Ok((body, warnings)) => {
                        assert!(body.len() <= max_bytes);
                        found.push(format!("{known} {body:?} {warnings:?}"));
                    }
                    Err(failure) => found.push(format!("{known} {failure}")),
                }
            }
            Err(failure) => {
                assert!(failure.offset <= length as u64);
                found.push(format!("{} {failure}", failure.offset));
            }
        }
        assert!(found.len() <= length);
    }
    found
}

fuzz_target!(|input: &[u8]| {
    let Some((mut options, rest)) = Options::split::<2>(input) else {
        return;
    };
    let bytes = packed(
        rest,
        &options.one_of(&[Pack::AsItIs, Pack::Gzip, Pack::Zstd]),
    );
    let max_bytes = options.one_of(&[1 << 20, 64, 0]);
    let found = read(&bytes[..], bytes.len(), max_bytes);
    // Of a damaged member more is unpacked where less is read at a time.
    if is_one_of_every(4, input) && Compression::of(&bytes).is_none() {
        assert_eq!(read(Slow(&bytes), bytes.len(), max_bytes), found);
    }
});
