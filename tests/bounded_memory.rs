//! Archives, tables and models that claim or unpack to far more than they are,
//! read by a process that may not have much memory.

#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use assert_cmd::assert::Assert;
use assert_cmd::cargo::cargo_bin;
use assert_cmd::prelude::*;
use flate2::Compression;
use flate2::write::GzEncoder;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// Address space that the process may have. A good part of it is taken by the
/// program and the stacks of its threads before it reads anything.
const KIB: usize = 384 << 10;

/// What each bomb below unpacks to.
const UNPACKED: usize = 512 << 20;

/// Runs the command within so much address space, past which it would abort.
fn dehusk_within(kib: usize, arguments: &[&str], input: &Path) -> Assert {
    Command::new("sh")
        .args(["-c", "ulimit -v \"$0\" && exec \"$@\""])
        // Each thread would take 64 MiB of it for its own, used or not.
        .env("MALLOC_ARENA_MAX", "1")
        .arg(kib.to_string())
        .arg(cargo_bin("dehusk"))
        .arg("--no-config")
        .args(arguments)
        .arg(input)
        .assert()
}

fn extracted(folder: &TempDir, name: &str, bytes: &[u8]) -> Assert {
    let input = folder.path().join(name);
    fs::write(&input, bytes).unwrap();
    let flags = ["extract", "-j", "2", "--max-bytes", "1M", "-f", "jsonl"];
    dehusk_within(KIB, &flags, &input)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut out, 4096, 1, 22);
    encoder.write_all(bytes).unwrap();
    drop(encoder);
    out
}

/// What begins with `begin` and goes on with spaces: a member or frame, and then
/// one a great many times over.
fn bomb(begin: &[u8], pack: fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    const PIECE: usize = 8 << 20;
    let mut bytes = pack(begin);
    bytes.extend(pack(&vec![b' '; PIECE]).repeat(UNPACKED / PIECE));
    assert!(bytes.len() < UNPACKED / 50, "{}", bytes.len());
    bytes
}

fn record(length: usize, fields: &str, block: &[u8]) -> Vec<u8> {
    let mut record = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:x:1>\r\n\
         Content-Type: application/http\r\nContent-Length: {length}\r\n\r\n\
         HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{fields}\r\n"
    )
    .into_bytes();
    record.extend(block);
    record
}

/// A page before what fills it up, and what is read of it.
const PAGE: &[u8] = b"<p>After eleven weeks in the yard the island's only ferry sailed again on \
    Monday morning, with some two hundred people waiting on the quay.</p>";
const READ: &str = "the island's only ferry sailed again";

#[test]
fn the_bound_on_memory_is_in_force() {
    let folder = TempDir::new().unwrap();
    let input = folder.path().join("page.html");
    fs::write(&input, PAGE).unwrap();
    dehusk_within(KIB, &["extract"], &input)
        .success()
        .stdout(contains(READ));
    dehusk_within(16 << 10, &["extract"], &input).failure();
}

#[test]
fn a_page_that_is_a_bomb_is_cut() {
    let folder = TempDir::new().unwrap();
    for (name, pack) in [("a.html.gz", gzip as fn(&[u8]) -> _), ("a.html.zst", zstd)] {
        extracted(&folder, name, &bomb(PAGE, pack))
            .success()
            .stdout(contains(READ))
            .stderr(contains("page cut after 1000000 bytes"));
    }
}

#[test]
fn a_record_that_is_a_bomb_is_cut_and_the_next_is_read() {
    let folder = TempDir::new().unwrap();
    let head = record(0, "", PAGE);
    let before = head.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
    let length = head.len() - before + UNPACKED;
    for (name, pack) in [("a.warc.gz", gzip as fn(&[u8]) -> _), ("a.warc.zst", zstd)] {
        let mut archive = bomb(&record(length, "", PAGE), pack);
        archive.extend(pack(b"\r\n\r\n"));
        let after = record(head.len() - before, "", PAGE);
        archive.extend(pack(&after).repeat(2));
        extracted(&folder, name, &archive)
            .success()
            .stdout(contains(READ).count(3))
            .stderr(contains("body cut after 1000000 bytes").count(1));
    }
}

#[test]
fn bodies_that_are_bombs_are_cut_however_often_they_are_packed() {
    let folder = TempDir::new().unwrap();
    let body = [PAGE, &vec![b' '; 64 << 20]].concat();
    for (coding, packed) in [
        ("gzip", gzip(&body)),
        ("br", brotli(&body)),
        ("zstd", zstd(&body)),
        ("gzip, gzip", gzip(&gzip(&body))),
        ("br, zstd", zstd(&brotli(&body))),
    ] {
        let fields = format!("Content-Encoding: {coding}\r\n");
        let head = record(0, &fields, b"");
        let before = head.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
        let archive = record(head.len() - before + packed.len(), &fields, &packed);
        extracted(&folder, "a.warc", &archive)
            .success()
            .stdout(contains(READ))
            .stderr(contains("body cut after 1000000 bytes"));
    }
}

#[test]
fn rows_that_are_bombs_are_told_or_cut() {
    let folder = TempDir::new().unwrap();
    extracted(
        &folder,
        "a.jsonl.gz",
        &bomb(b"{\"id\": 1, \"html\": \"", gzip),
    )
    .code(1)
    .stderr(contains("raise the page bound"));
    let row = [b"id,html\n1,\"", PAGE].concat();
    extracted(&folder, "a.csv.zst", &bomb(&row, zstd))
        .success()
        .stdout(contains(READ))
        .stderr(contains("page cut after 1000000 of"));
}

#[test]
fn a_record_that_claims_ten_gigabytes_is_held_as_far_as_it_is_there() {
    let folder = TempDir::new().unwrap();
    let claims = record(10_000_000_000, "", PAGE);
    extracted(&folder, "a.warc", &claims)
        .code(1)
        .stderr(contains("of 10000000000 bytes"));
    let mut archive = gzip(&claims);
    let whole = record(PAGE.len() + 44, "", PAGE);
    archive.extend(gzip(&whole));
    extracted(&folder, "a.warc.gz", &archive).stdout(contains(READ));
}

#[test]
fn a_frame_that_wants_gigabytes_of_window_is_told() {
    let folder = TempDir::new().unwrap();
    // A window of 2^31 bytes (RFC 8878 §3.1.1.1.2), then a raw block of a byte.
    let mut frame = b"\x28\xb5\x2f\xfd\x00".to_vec();
    frame.push(21 << 3);
    frame.extend(b"\x09\0\0x");
    for name in ["a.html.zst", "a.warc.zst"] {
        extracted(&folder, name, &frame).code(1);
    }
}

#[test]
fn a_file_packed_twice_is_told_and_not_read_as_a_page() {
    let folder = TempDir::new().unwrap();
    for inner in [gzip(PAGE), zstd(PAGE)] {
        extracted(&folder, "a.html.gz", &gzip(&inner))
            .code(1)
            .stdout("")
            .stderr(contains("not HTML"));
    }
}

#[test]
fn a_last_member_that_is_cut_off_costs_its_record_only() {
    let folder = TempDir::new().unwrap();
    let whole = record(PAGE.len() + 44, "", PAGE);
    for (name, pack) in [("a.warc.gz", gzip as fn(&[u8]) -> _), ("a.warc.zst", zstd)] {
        let mut archive = pack(&whole).repeat(3);
        archive.truncate(archive.len() - 9);
        extracted(&folder, name, &archive)
            .code(1)
            .stdout(contains(READ).count(2))
            .stderr(contains("1 failed"));
    }
}

#[test]
fn a_member_that_says_it_is_of_another_length_is_told() {
    let folder = TempDir::new().unwrap();
    for changed in [1, 4, 5, 8] {
        // Its length and its checksum stand at its end (RFC 1952 §2.3.1).
        let mut page = gzip(PAGE);
        let at = page.len() - changed;
        page[at] ^= 0x40;
        extracted(&folder, "a.html.gz", &page)
            .code(1)
            .stderr(contains("damaged"));
    }
}

#[test]
fn a_model_that_claims_more_than_it_holds_is_refused() {
    let folder = TempDir::new().unwrap();
    let (input, path) = (folder.path().join("a.html"), folder.path().join("a.model"));
    fs::write(&input, PAGE).unwrap();
    let shipped = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("models/dehusk.model"));
    let shipped = shipped.unwrap();
    let header = b"dehusk model\n".len() + 4;
    let length = u32::from_le_bytes(shipped[header..header + 4].try_into().unwrap());
    let payload = header + 4 + length as usize + 4;
    // Its header's length, its payload's, the weights of its first term model.
    for count in [header, payload - 4, payload + 9] {
        let mut model = shipped[..shipped.len() - 32].to_vec();
        model[count..count + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        let checksum = Sha256::digest(&model);
        model.extend(checksum);
        fs::write(&path, &model).unwrap();
        let flags = ["extract", "--model", path.to_str().unwrap()];
        dehusk_within(KIB, &flags, &input)
            .code(2)
            .stderr(contains("truncated").or(contains("invalid")));
    }
}
