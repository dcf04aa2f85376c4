//! Plain, gzip, Zstandard: the same pages whatever the file is packed in.

use super::archive::{PACKS, crawl, gzip, packed, zstd};
use super::*;
use std::io::Read;

fn offsets(pages: &[ReadPage]) -> Vec<u64> {
    pages.iter().map(|page| page.1).collect()
}

/// Where the pages of a crawl begin, of where all its records do.
fn of_pages(begins: &[u64]) -> Vec<u64> {
    begins.iter().copied().skip(2).step_by(3).collect()
}

#[test]
fn one_record_a_member_or_frame_or_none_give_the_same_pages() {
    let records = crawl(20);
    for pack in PACKS {
        let (bytes, begins) = packed(&records, pack);
        let (pages, failures) = read(&bytes);
        assert!(failures.is_empty(), "{failures:?}");
        assert_eq!(numbers(&pages), (0..20).collect::<Vec<_>>());
        assert_eq!(offsets(&pages), of_pages(&begins));
        assert!(pages.iter().all(|page| page.3.is_empty()));
    }
}

#[test]
fn one_member_for_all_records_is_where_they_all_begin() {
    for pack in [gzip, zstd] {
        let (pages, failures) = read(&pack(&crawl(5).concat()));
        assert!(failures.is_empty(), "{failures:?}");
        assert_eq!(numbers(&pages), [0, 1, 2, 3, 4]);
        assert_eq!(offsets(&pages), [0; 5]);
    }
}

#[test]
fn records_across_members_are_put_together() {
    let plain = crawl(6).concat();
    for pack in [gzip, zstd] {
        for size in [1, 7, 500, 4096] {
            let pieces: Vec<Vec<u8>> = plain.chunks(size).map(<[u8]>::to_vec).collect();
            let (bytes, begins) = packed(&pieces, pack);
            let (pages, failures) = read(&bytes);
            assert!(failures.is_empty(), "{size}: {failures:?}");
            assert_eq!(numbers(&pages), [0, 1, 2, 3, 4, 5], "{size}");
            assert!(offsets(&pages).iter().all(|offset| begins.contains(offset)));
        }
    }
}

#[test]
fn frames_that_are_empty_or_extensions_are_passed_over() {
    let mut bytes = zstd(b"");
    for record in crawl(3) {
        bytes.extend(b"\x50\x2a\x4d\x18\x03\0\0\0abc");
        bytes.extend(zstd(&record));
    }
    let (pages, failures) = read(&bytes);
    assert!(failures.is_empty(), "{failures:?}");
    assert_eq!(numbers(&pages), [0, 1, 2]);
}

/// A dictionary frame, and records packed with its dictionary.
fn with_dictionary(pack: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let records = crawl(40);
    let dictionary = zstd::dict::from_samples(&records, 4096).unwrap();
    let frame = pack(&dictionary);
    let mut bytes = b"\x5d\x2a\x4d\x18".to_vec();
    bytes.extend((frame.len() as u32).to_le_bytes());
    bytes.extend(frame);
    let mut compressor = zstd::bulk::Compressor::with_dictionary(3, &dictionary).unwrap();
    for record in &records {
        bytes.extend(compressor.compress(record).unwrap());
    }
    bytes
}

#[test]
fn a_dictionary_before_the_first_frame_is_used_plain_or_compressed() {
    for bytes in [with_dictionary(<[u8]>::to_vec), with_dictionary(zstd)] {
        let (pages, failures) = read(&bytes);
        assert!(failures.is_empty(), "{failures:?}");
        assert_eq!(numbers(&pages), (0..40).collect::<Vec<_>>());
    }
}

#[test]
fn a_dictionary_of_no_use_is_told_once() {
    let good = with_dictionary(zstd);
    let mut damaged = good.clone();
    damaged[100] ^= 0xff;
    let mut huge = good.clone();
    huge[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    for bytes in [damaged, huge, good[..50].to_vec()] {
        let (pages, failures) = read(&bytes);
        assert!(pages.is_empty());
        assert_eq!(failures.len(), 1, "{failures:?}");
        assert!(matches!(failures[0].reason, Broken::Dictionary(_)));
    }
}

#[test]
fn a_reader_that_gives_a_byte_at_a_time_gives_the_same_pages() {
    struct Slow<'a>(&'a [u8]);
    impl Read for Slow<'_> {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let n = out.len().min(1);
            self.0.read(&mut out[..n])
        }
    }
    let (bytes, _) = packed(&crawl(3), gzip);
    let reader = WarcReader::new(Slow(&bytes));
    assert_eq!(reader.filter(Result::is_ok).count(), 3);
}

#[test]
fn a_file_that_cannot_be_read_on_is_told_and_ends() {
    struct Failing<'a>(&'a [u8]);
    impl Read for Failing<'_> {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            match self.0.read(out)? {
                0 => Err(std::io::Error::other("no such sector")),
                n => Ok(n),
            }
        }
    }
    for pack in PACKS {
        for cut in [0, 1, 100] {
            let (bytes, _) = packed(&crawl(3), pack);
            let reader = WarcReader::new(Failing(&bytes[..bytes.len() - cut]));
            let items: Vec<_> = reader.collect();
            let failures: Vec<_> = items.into_iter().filter_map(Result::err).collect();
            assert_eq!(failures.len(), 1, "{failures:?}");
            assert!(failures[0].to_string().contains("no such sector"));
        }
    }
}

#[test]
fn readers_and_pages_go_from_thread_to_thread() {
    fn sent<T: Send>() {}
    sent::<WarcReader<std::fs::File>>();
    sent::<WarcReader<Box<dyn Read + Send>>>();
    sent::<WarcPage>();
    sent::<WarcFailure>();
}
