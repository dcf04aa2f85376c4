//! Archives that are broken: what is lost is told once, the rest is read.

use super::archive::{PACKS, RESPONSE, crawl, gzip, http, packed, page, record, zstd};
use super::*;

/// The number and whereabouts of a crawl's page 2 among its records.
const PAGE_2: usize = 8;

#[test]
fn a_truncated_last_record_is_told_with_its_place() {
    for (i, pack) in PACKS.into_iter().enumerate() {
        let records = &crawl(4)[..12];
        let (bytes, begins) = packed(records, pack);
        for cut in [1, 5, 300, 1000] {
            let (pages, failures) = read(&bytes[..bytes.len() - cut]);
            if i == 0 && cut <= 4 {
                // Only of the line ends behind the last record.
                assert!(failures.is_empty());
                continue;
            }
            assert_eq!(numbers(&pages), [0, 1, 2]);
            assert_eq!(failures.len(), 1, "{failures:?}");
            assert_eq!(failures[0].offset, begins[11]);
            assert!(matches!(
                failures[0].reason,
                Broken::CutOff { .. } | Broken::BrokenOff { .. }
            ));
            if i == 1 {
                assert_eq!(failures[0].id.as_deref(), Some("urn:uuid:3"));
            }
        }
    }
}

#[test]
fn a_truncated_header_is_told() {
    let records = &crawl(2)[..6];
    let (bytes, begins) = packed(records, <[u8]>::to_vec);
    let (pages, failures) = read(&bytes[..begins[5] as usize + 40]);
    assert_eq!(numbers(&pages), [0]);
    assert_eq!((failures.len(), failures[0].offset), (1, begins[5]));
    assert!(matches!(failures[0].reason, Broken::HeaderBrokenOff));
}

#[test]
fn a_damaged_member_costs_its_record_only() {
    for pack in [gzip, zstd] {
        let (bytes, begins) = packed(&crawl(5), pack);
        let (begin, end) = (begins[PAGE_2] as usize, begins[PAGE_2 + 1] as usize);
        for at in (begin + 20..end).step_by(97).chain([end - 1]) {
            let mut bytes = bytes.clone();
            bytes[at] ^= 0x55;
            let (pages, failures) = read(&bytes);
            assert_eq!(numbers(&pages), [0, 1, 3, 4], "damage at {at}");
            assert_eq!(failures.len(), 1, "{at}: {failures:?}");
            assert_eq!(failures[0].offset, begin as u64);
            assert!(matches!(failures[0].reason, Broken::Damaged { .. }));
        }
    }
}

#[test]
fn a_member_that_breaks_off_in_the_middle_does_not_take_the_next_with_it() {
    for pack in [gzip, zstd] {
        let (bytes, begins) = packed(&crawl(5), pack);
        let (begin, end) = (begins[PAGE_2] as usize, begins[PAGE_2 + 1] as usize);
        for cut in [1, 9, 100, (end - begin) / 2, end - begin - 12] {
            let mut bytes = bytes.clone();
            bytes.drain(end - cut..end);
            let (pages, failures) = read(&bytes);
            assert_eq!(
                numbers(&pages),
                [0, 1, 3, 4],
                "{cut} bytes cut: {failures:?}"
            );
            assert_eq!(failures.len(), 1, "{cut}: {failures:?}");
            assert_eq!(failures[0].offset, begin as u64);
        }
    }
}

#[test]
fn what_is_no_member_or_record_is_passed_over_and_told() {
    let garbage = b"\0\x01kettle\r\n\x1f\x8bWARC/1.0 is a version\r\n".repeat(30);
    for pack in PACKS {
        let (mut bytes, begins) = packed(&crawl(4), pack);
        let at = begins[PAGE_2] as usize;
        bytes.splice(at..at, garbage.iter().copied());
        let (pages, failures) = read(&bytes);
        assert_eq!(numbers(&pages), [0, 1, 2, 3]);
        assert_eq!(failures.len(), 1, "{failures:?}");
        assert_eq!(failures[0].offset, at as u64);
        let Broken::Stray { bytes, .. } = failures[0].reason else {
            panic!("{:?}", failures[0]);
        };
        assert_eq!(bytes, garbage.len() as u64);
    }
}

#[test]
fn a_file_that_is_no_archive_is_told_once() {
    for bytes in [&b"<p>Tea\n<p>Coffee\n"[..], &[7; 1000], &gzip(b"<p>Tea")] {
        let (pages, failures) = read(bytes);
        assert!(pages.is_empty());
        assert_eq!(failures.len(), 1);
        assert!(matches!(failures[0].reason, Broken::Stray { .. }));
    }
    assert!(WarcReader::new(&b""[..]).next().is_none());
}

/// A crawl whose page 2 says that it has `length` bytes more or fewer.
fn of_wrong_length(more: i64) -> Vec<Vec<u8>> {
    let mut records = crawl(4);
    let text = String::from_utf8(records[PAGE_2].clone()).unwrap();
    let (_, rest) = text.split_once("Content-Length: ").unwrap();
    let said = rest.lines().next().unwrap();
    let new = said.parse::<i64>().unwrap() + more;
    let text = text.replace(
        &format!("Content-Length: {said}"),
        &format!("Content-Length: {new}"),
    );
    records[PAGE_2] = text.into_bytes();
    records
}

#[test]
fn a_record_that_says_it_is_longer_ends_where_the_next_begins() {
    for pack in PACKS {
        for more in [1, 3, 100, 5000, 900_000, 10_000_000_000] {
            let (bytes, begins) = packed(&of_wrong_length(more), pack);
            let (pages, failures) = read(&bytes);
            assert!(failures.is_empty(), "{more}: {failures:?}");
            assert_eq!(numbers(&pages), [0, 1, 2, 3], "{more}");
            // Line ends that are taken for the block's are none of its text.
            let blank = more <= 4;
            assert_eq!(pages[2].3.is_empty(), blank, "{more}: {:?}", pages[2].3);
            assert_eq!(pages[3].1, begins[11]);
        }
    }
}

#[test]
fn of_a_record_that_says_it_is_shorter_the_rest_is_told() {
    for pack in PACKS {
        let (bytes, _) = packed(&of_wrong_length(-500), pack);
        let (pages, failures) = read(&bytes);
        assert_eq!(pages.len(), 4);
        assert_eq!(failures.len(), 1, "{failures:?}");
        // With the line ends that follow the block.
        let Broken::Stray { bytes, .. } = failures[0].reason else {
            panic!("{:?}", failures[0]);
        };
        assert_eq!(bytes, 504);
        let text = format!("<p>{}</p>", super::archive::text(2));
        assert_eq!(pages[2].2, text[..text.len() - 500]);
    }
}

#[test]
fn a_record_without_a_length_costs_itself_only() {
    for pack in PACKS {
        let mut records = crawl(4);
        let text = String::from_utf8(records[PAGE_2].clone()).unwrap();
        records[PAGE_2] = text
            .replacen("Content-Length: ", "Content-Length: about ", 1)
            .into();
        let (bytes, begins) = packed(&records, pack);
        let (pages, failures) = read(&bytes);
        assert_eq!(numbers(&pages), [0, 1, 3]);
        assert_eq!((failures.len(), failures[0].offset), (1, begins[PAGE_2]));
        assert_eq!(failures[0].id.as_deref(), Some("urn:uuid:2"));
        assert!(matches!(failures[0].reason, Broken::NoLength));
    }
}

#[test]
fn a_header_without_end_is_given_up() {
    for pack in PACKS {
        for line in ["X: y\r\n", "x"] {
            let mut records = crawl(4);
            let mut endless = b"WARC/1.0\r\nWARC-Type: response\r\n".to_vec();
            endless.extend(line.repeat(300_000 / line.len()).bytes());
            endless.extend(b"\r\n");
            records[PAGE_2] = endless;
            let (bytes, begins) = packed(&records, pack);
            let (pages, failures) = read(&bytes);
            assert_eq!(numbers(&pages), [0, 1, 3]);
            assert_eq!((failures.len(), failures[0].offset), (1, begins[PAGE_2]));
            assert!(matches!(failures[0].reason, Broken::HeaderTooLong { .. }));
        }
    }
}

#[test]
fn a_response_without_a_status_line_is_told() {
    for block in [&b""[..], b"<p>Tea", b"HTTP/1.1\r\n\r\n<p>Tea"] {
        let (pages, failures) = read(&record("response", "1", RESPONSE, block));
        assert!(pages.is_empty());
        assert_eq!(failures.len(), 1);
        assert_eq!(failures[0].id.as_deref(), Some("urn:uuid:1"));
        assert!(matches!(failures[0].reason, Broken::NoStatus));
    }
}

#[test]
fn an_http_header_without_end_is_told() {
    let fields = format!("X: {}\r\n", "y".repeat(100)).repeat(1000);
    let block = http("200 OK", &fields, b"<p>Tea");
    let (pages, failures) = read(&record("response", "1", RESPONSE, &block));
    assert!(pages.is_empty());
    assert_eq!(failures.len(), 1);
    assert!(matches!(
        failures[0].reason,
        Broken::HttpHeaderTooLong { .. }
    ));
}

#[test]
fn a_body_that_cannot_be_decoded_is_told_with_its_record() {
    let fields = "Content-Type: text/html\r\nContent-Encoding: gzip\r\n";
    let block = http("200 OK", fields, b"\x01\x02\x03");
    let bytes = [page("0", "Tea"), record("response", "1", RESPONSE, &block)].concat();
    let (pages, failures) = read(&bytes);
    assert_eq!(pages.len(), 1);
    assert_eq!(failures[0].id.as_deref(), Some("urn:uuid:1"));
    assert_eq!(failures[0].offset, page("0", "Tea").len() as u64);
    assert!(matches!(failures[0].reason, Broken::Body(_)));
}

#[test]
fn an_archive_inside_a_record_is_no_part_of_the_archive() {
    let inner = crawl(2).concat();
    let records = [
        page("0", "Tea"),
        record(
            "resource",
            "1",
            "Content-Type: application/warc\r\n",
            &inner,
        ),
        page("2", "Coffee"),
    ];
    for pack in PACKS {
        let (bytes, _) = packed(&records, pack);
        let (pages, failures) = read(&bytes);
        assert!(failures.is_empty(), "{failures:?}");
        let ids: Vec<&str> = pages.iter().map(|page| page.0.as_str()).collect();
        assert_eq!(ids, ["urn:uuid:0", "urn:uuid:2"]);
    }
}
