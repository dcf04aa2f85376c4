use super::*;
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use proptest::prelude::*;
use std::io::Write;

const PAGE: &[u8] = b"<html><p>The kettle is on, and the tea will be ready soon.</p></html>";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    brotli::CompressorWriter::new(&mut out, 4096, 5, 20)
        .write_all(bytes)
        .unwrap();
    out
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

fn chunked(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for chunk in bytes.chunks(23) {
        out.extend(format!("{:x}\r\n", chunk.len()).bytes());
        out.extend(chunk);
        out.extend(b"\r\n");
    }
    out.extend(b"0\r\n\r\n");
    out
}

fn read(raw: Vec<u8>, transfer: &str, content: &str) -> (Vec<u8>, Vec<BodyWarning>) {
    decode(raw, &Codings::parse(transfer, content), 1 << 20, true).unwrap()
}

#[test]
fn every_coding_is_undone_under_any_of_its_names() {
    for (raw, name) in [
        (gzip(PAGE), "gzip"),
        (gzip(PAGE), "X-GZip"),
        (zlib(PAGE), "deflate"),
        (deflate(PAGE), "deflate"),
        (brotli(PAGE), "br"),
        (zstd(PAGE), "zstd"),
        (PAGE.to_vec(), "identity"),
        (PAGE.to_vec(), ""),
    ] {
        assert_eq!(
            read(raw.clone(), "", name),
            (PAGE.to_vec(), vec![]),
            "{name}"
        );
        let (body, warnings) = read(chunked(&raw), "chunked", name);
        assert_eq!((body, warnings), (PAGE.to_vec(), vec![]), "{name}");
    }
}

#[test]
fn several_codings_are_undone_the_last_one_first() {
    let raw = brotli(&gzip(PAGE));
    assert_eq!(read(raw, "", "gzip, br").0, PAGE);
    let raw = chunked(&gzip(&zstd(PAGE)));
    assert_eq!(read(raw, "gzip, chunked", "zstd").0, PAGE);
}

#[test]
fn a_body_that_is_markup_already_is_taken_as_it_stands() {
    for name in ["gzip", "deflate", "br", "zstd", "sdch", "gzip, br"] {
        let (body, warnings) = read(PAGE.to_vec(), "", name);
        assert_eq!(body, PAGE, "{name}");
        assert_eq!(warnings, [BodyWarning::NotEncoded(name.to_owned())]);
    }
    let (body, warnings) = read(PAGE.to_vec(), "chunked", "");
    assert_eq!(body, PAGE);
    assert_eq!(warnings, [BodyWarning::NotEncoded("chunked".to_owned())]);
}

#[test]
fn a_body_that_breaks_off_gives_what_came_before() {
    let long: Vec<u8> = (0..200_000u32)
        .flat_map(|i| i.wrapping_mul(i).to_le_bytes().map(|b| b'a' + b % 26))
        .collect();
    for (raw, name) in [
        (gzip(&long), "gzip"),
        (zlib(&long), "deflate"),
        (brotli(&long), "br"),
        (zstd(&long), "zstd"),
    ] {
        let (body, warnings) = read(raw[..raw.len() / 2].to_vec(), "", name);
        assert!(long.starts_with(&body) && body.len() > 10_000, "{name}");
        let after = body.len();
        let codings = name.to_owned();
        assert_eq!(warnings, [BodyWarning::BrokenOff { codings, after }]);
    }
    let (body, warnings) = read(chunked(&long)[..1000].to_vec(), "chunked", "");
    assert!(long.starts_with(&body) && body.len() > 700);
    assert_eq!(warnings.len(), 1);
}

#[test]
fn a_bomb_is_cut_at_the_bound() {
    let zeros = vec![b' '; 30 << 20];
    let bomb = gzip(&gzip(&zeros));
    assert!(bomb.len() < 1000, "{}", bomb.len());
    let codings = Codings::parse("", "gzip, gzip");
    let (body, warnings) = decode(bomb, &codings, 5000, true).unwrap();
    assert_eq!(body, &zeros[..5000]);
    assert!(body.capacity() < 50_000);
    assert_eq!(warnings, [BodyWarning::Cut(5000)]);
}

#[test]
fn a_body_as_long_as_the_bound_is_whole() {
    for (raw, name) in [(PAGE.to_vec(), ""), (gzip(PAGE), "gzip")] {
        let codings = Codings::parse("", name);
        let (body, warnings) = decode(raw.clone(), &codings, PAGE.len(), true).unwrap();
        assert_eq!((body.as_slice(), warnings.len()), (PAGE, 0));
        let (body, warnings) = decode(raw, &codings, PAGE.len() - 1, true).unwrap();
        assert_eq!(body.len(), PAGE.len() - 1);
        assert_eq!(warnings, [BodyWarning::Cut(PAGE.len() - 1)]);
    }
}

#[test]
fn what_cannot_be_decoded_at_all_is_an_error() {
    let fails = |raw: &[u8], name: &str| {
        let codings = Codings::parse("", name);
        decode(raw.to_vec(), &codings, 1 << 20, true).unwrap_err()
    };
    assert_eq!(
        fails(b"\x01\x02", "compress"),
        BodyError::Unknown("compress".to_owned())
    );
    assert!(matches!(
        fails(b"\x01\x02\x03\x04", "gzip"),
        BodyError::Damaged { .. }
    ));
    let many = ["gzip"; 9].join(",");
    assert_eq!(fails(b"\x1f\x8b", &many), BodyError::TooMany(9));
}

#[test]
fn an_encoded_page_without_a_type_is_known_by_its_first_bytes() {
    let codings = Codings::parse("chunked", "gzip");
    assert!(begins_as_html(&chunked(&gzip(PAGE)), &codings));
    assert!(!begins_as_html(&chunked(&gzip(b"{\"tea\": 1}")), &codings));
    assert!(!begins_as_html(
        b"\x01\x02",
        &Codings::parse("", "compress")
    ));
}

proptest! {
    #[test]
    fn any_bytes_under_any_codings_end_in_a_bounded_body(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        names in "((gzip|deflate|br|zstd|x),?){0,3}",
        chunks: bool,
    ) {
        let codings = Codings::parse(if chunks { "chunked" } else { "" }, &names);
        if let Ok((body, _)) = decode(bytes, &codings, 100, true) {
            prop_assert!(body.len() <= 100);
        }
    }

    #[test]
    fn a_damaged_body_never_panics(
        at in 0usize..70, byte: u8, which in 0usize..4,
    ) {
        let (mut raw, name) = match which {
            0 => (gzip(PAGE), "gzip"),
            1 => (zlib(PAGE), "deflate"),
            2 => (brotli(PAGE), "br"),
            _ => (zstd(PAGE), "zstd"),
        };
        let at = at % raw.len();
        raw[at] = byte;
        let _ = decode(raw, &Codings::parse("", name), 1 << 20, true);
    }
}
