//! Crawls that tests make for themselves.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// A page of a site of its own, with a menu and a footer round its article.
pub fn page(n: usize) -> String {
    format!(
        "<!doctype html><html lang=en><title>Report {n} - The Quay</title>\
         <nav><ul><li><a href=/>Home</a><li><a href=/news>News</a><li><a href=/about>About</a></ul></nav>\
         <main><h1>Report {n} on the harbour wall</h1>\
         <p>On day {n} the divers went down again to look at the foundations of the northern wall, \
         which the storm had laid bare over a length of forty metres, and found no new cracks.</p>\
         <p>The harbour master said that the work would go on until the spring, and that boats of up \
         to twelve metres could use the inner basin meanwhile, at their own risk.</p></main>\
         <footer>Copyright The Quay. <a href=/privacy>Privacy policy</a></footer></html>"
    )
}

/// What the page is called in an archive.
pub fn name(n: usize) -> String {
    format!("page-{n}")
}

fn member(out: &mut Vec<u8>, record: &[u8]) {
    let mut gzip = GzEncoder::new(out, Compression::fast());
    gzip.write_all(record).unwrap();
    gzip.finish().unwrap();
}

fn record(kind: &str, id: &str, n: usize, content_type: &str, block: &[u8]) -> Vec<u8> {
    let mut record = format!(
        "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <{id}>\r\n\
         WARC-Target-URI: https://site-{n}.example/page/{n}\r\n\
         WARC-Date: 2024-05-01T12:00:00Z\r\nContent-Type: {content_type}\r\n\
         Content-Length: {}\r\n\r\n",
        block.len()
    )
    .into_bytes();
    record.extend_from_slice(block);
    record.extend_from_slice(b"\r\n\r\n");
    record
}

/// An archive as crawlers write it: a gzip member a record, for each page its
/// request and its response.
pub fn warc_gz(pages: usize) -> Vec<u8> {
    warc_gz_of(pages, page)
}

/// The same of other pages.
pub fn warc_gz_of(pages: usize, page: impl Fn(usize) -> String) -> Vec<u8> {
    let mut out = Vec::new();
    let info = record(
        "warcinfo",
        "urn:info",
        0,
        "application/warc-fields",
        b"software: x\r\n",
    );
    member(&mut out, &info);
    for n in 0..pages {
        let request = format!("GET /page/{n} HTTP/1.1\r\nHost: site-{n}.example\r\n\r\n");
        let http = "application/http; msgtype=request";
        member(
            &mut out,
            &record(
                "request",
                &format!("urn:request:{n}"),
                n,
                http,
                request.as_bytes(),
            ),
        );
        let body = page(n);
        let response = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let http = "application/http; msgtype=response";
        member(
            &mut out,
            &record("response", &name(n), n, http, response.as_bytes()),
        );
    }
    out
}

/// Id and text of each line of JSON, sorted by id.
pub fn texts(lines: &[u8]) -> Vec<(String, String)> {
    let mut texts: Vec<_> = String::from_utf8(lines.to_vec())
        .unwrap()
        .lines()
        .map(|line| {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            let field = |name: &str| record[name].as_str().unwrap().to_owned();
            (field("id"), field("text"))
        })
        .collect();
    texts.sort();
    texts
}
