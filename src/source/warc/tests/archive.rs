//! Archives as their writers make them, built for the tests.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// A record with the two line ends behind it.
pub fn record(kind: &str, id: &str, fields: &str, block: &[u8]) -> Vec<u8> {
    let mut out = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{id}>\r\n\
         WARC-Date: 2024-03-01T08:00:00Z\r\n{fields}Content-Length: {}\r\n\r\n",
        block.len()
    )
    .into_bytes();
    out.extend(block);
    out.extend(b"\r\n\r\n");
    out
}

/// An HTTP response.
pub fn http(status: &str, fields: &str, body: &[u8]) -> Vec<u8> {
    let mut out = format!("HTTP/1.1 {status}\r\n{fields}\r\n").into_bytes();
    out.extend(body);
    out
}

/// The fields of a response record.
pub const RESPONSE: &str = "Content-Type: application/http; msgtype=response\r\n";

/// A response that is the page `<p>TEXT</p>`.
pub fn page(id: &str, text: &str) -> Vec<u8> {
    let body = format!("<p>{text}</p>");
    let http = http("200 OK", "Content-Type: text/html\r\n", body.as_bytes());
    let url = format!("WARC-Target-URI: https://a.example/{id}\r\n{RESPONSE}");
    record("response", id, &url, &http)
}

/// Records as a crawl has them: `n` pages, each among others.
pub fn crawl(n: usize) -> Vec<Vec<u8>> {
    let mut records = vec![record("warcinfo", "info", "", b"software: x\r\n")];
    for i in 0..n {
        let get = b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";
        records.push(record("request", &format!("q{i}"), "", get));
        records.push(page(&i.to_string(), &text(i)));
        records.push(record("metadata", &format!("m{i}"), "", b"fetchTimeMs: 7"));
    }
    records
}

/// Text that compresses badly enough for members to be some KB long.
pub fn text(i: usize) -> String {
    let mut state = i as u32 + 1;
    let mut word = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        format!("{:x} ", state >> 8)
    };
    (0..300).map(|_| word()).collect()
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// What makes one member of bytes.
pub type Pack = fn(&[u8]) -> Vec<u8>;

/// No compression, and both kinds.
pub const PACKS: [Pack; 3] = [<[u8]>::to_vec, gzip, zstd];

/// Each record as `pack` makes it, and where each begins.
pub fn packed(records: &[Vec<u8>], pack: impl Fn(&[u8]) -> Vec<u8>) -> (Vec<u8>, Vec<u64>) {
    let (mut out, mut begins) = (Vec::new(), Vec::new());
    for record in records {
        begins.push(out.len() as u64);
        out.extend(pack(record));
    }
    (out, begins)
}
