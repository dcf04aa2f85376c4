//! Bytes that mean harm, and bytes that mean nothing.

use super::archive::{PACKS, RESPONSE, crawl, gzip, http, packed, page, record, zstd};
use super::*;
use crate::source::http_body::BodyWarning;
use proptest::prelude::*;

fn html(body: &[u8], fields: &str) -> Vec<u8> {
    let fields = format!("Content-Type: text/html\r\n{fields}");
    record("response", "1", RESPONSE, &http("200 OK", &fields, body))
}

#[test]
fn a_long_page_is_held_and_given_up_to_the_bound_only() {
    let body = vec![b'a'; 3_000_000];
    for pack in PACKS {
        let records = [html(&body, ""), page("2", "Tea")];
        let (bytes, begins) = packed(&records, pack);
        let mut reader = WarcReader::new(&bytes[..]).max_bytes(10_000);
        let cut = reader.next().unwrap().unwrap();
        assert!(cut.held_bytes() < 100_000);
        let (bytes, warnings) = cut.body(10_000).unwrap();
        assert_eq!(bytes, &body[..10_000]);
        assert_eq!(warnings, [WarcWarning::Body(BodyWarning::Cut(10_000))]);
        let next = reader.next().unwrap().unwrap();
        assert_eq!(next.offset, begins[1]);
        assert_eq!(next.body(100).unwrap().0, b"<p>Tea</p>");
        assert!(reader.next().is_none());
    }
}

#[test]
fn an_encoded_page_longer_than_what_is_held_counts_as_cut() {
    let text: String = (0..200).map(archive::text).collect();
    let body = gzip(text.as_bytes());
    let mut bytes = html(&body, "Content-Encoding: gzip\r\n");
    bytes.extend(page("2", "Tea"));
    let mut reader = WarcReader::new(&bytes[..]).max_bytes(0);
    let cut = reader.next().unwrap().unwrap();
    assert!(cut.held_bytes() < body.len());
    let (bytes, warnings) = cut.body(1 << 20).unwrap();
    assert!(text.as_bytes().starts_with(&bytes) && bytes.len() > 50_000);
    assert_eq!(warnings, [WarcWarning::Body(BodyWarning::Cut(bytes.len()))]);
    assert!(reader.next().unwrap().is_ok());
}

#[test]
fn headers_without_end_one_after_another_are_each_told() {
    let bytes = b"WARC/1.0\n".repeat(400_000);
    let (pages, failures) = read(&bytes);
    assert!(pages.is_empty());
    assert_eq!(failures.len(), 400_000);
}

#[test]
fn records_that_all_say_they_are_long_are_each_ended_by_the_next() {
    for said in [900_000u64, 19_000_000, 5_000_000_000] {
        let record = format!(
            "WARC/1.0\r\nWARC-Type: resource\r\nContent-Type: text/html\r\n\
             Content-Length: {said}\r\n\r\nTea\r\n"
        );
        let bytes = record.repeat(20_000);
        let reader = WarcReader::new(bytes.as_bytes());
        let found: Vec<_> = reader.collect();
        // The last is cut off by the file's end.
        assert_eq!(found.iter().filter(|item| item.is_err()).count(), 1);
        assert_eq!(found.len(), 20_000, "{said}");
    }
}

#[test]
fn what_looks_like_the_beginning_of_a_member_everywhere_takes_linear_time() {
    let mut bytes = gzip(&page("0", "Tea"));
    bytes.extend(b"\x1f\x8b\x08\0\0\0\0\0\0\x03".repeat(200_000));
    bytes.extend(gzip(&page("2", "Tea")));
    let (pages, failures) = read(&bytes);
    assert_eq!(pages.len(), 2);
    assert!(failures.len() <= 200_000);
    let mut bytes = zstd(&page("0", "Tea"));
    bytes.extend(b"\x28\xb5\x2f\xfd\x04\x58".repeat(200_000));
    let (pages, _) = read(&bytes);
    assert_eq!(pages.len(), 1);
}

fn packs() -> impl Strategy<Value = (Vec<u8>, usize)> {
    (0usize..5).prop_map(|which| {
        let records = crawl(4);
        let bytes = match which {
            0 => records.concat(),
            1 => packed(&records, gzip).0,
            2 => gzip(&records.concat()),
            3 => packed(&records, zstd).0,
            _ => zstd(&records.concat()),
        };
        (bytes, which)
    })
}

proptest! {
    #[test]
    fn any_bytes_come_to_an_end(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let (_, failures) = read(&bytes);
        prop_assert!(failures.len() <= bytes.len());
    }

    #[test]
    fn anything_like_a_record_comes_to_an_end(
        text in "(WARC/1\\.0\r?\n|WARC-Type: (response|resource)\r\n|Content-Length: [0-9]{0,4}\r\n|\
                 \r\n|\r\n\r\n|HTTP/1\\.1 200 OK\r\n|Content-Type: text/html\r\n|<p>|x){0,40}",
        pack in 0usize..3,
    ) {
        let bytes = match pack {
            0 => text.clone().into_bytes(),
            1 => gzip(text.as_bytes()),
            _ => zstd(text.as_bytes()),
        };
        let (pages, failures) = read(&bytes);
        prop_assert!(pages.len() + failures.len() <= text.len() + 1);
    }

    #[test]
    fn of_an_archive_changed_somewhere_most_pages_are_read(
        (bytes, which) in packs(),
        at in any::<prop::sample::Index>(),
        change in prop_oneof![
            any::<u8>().prop_map(|byte| vec![byte]),
            proptest::collection::vec(any::<u8>(), 0..40),
        ],
        drop in 0usize..40,
    ) {
        let mut bytes = bytes;
        let at = at.index(bytes.len());
        let end = (at + drop).min(bytes.len());
        bytes.splice(at..end, change);
        let (pages, failures) = read(&bytes);
        prop_assert!(pages.len() <= 4);
        prop_assert!(failures.len() <= 4, "{failures:?}");
        // One for all is lost with the rest; else what is hit, and its neighbour.
        let apart = matches!(which, 0 | 1 | 3);
        prop_assert!(!apart || at < 4 || pages.len() >= 2, "{failures:?}");
    }
}
