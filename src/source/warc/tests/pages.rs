//! Which records are pages, and what is read of them.

use super::archive::{RESPONSE, http, record};
use super::*;
use crate::page::InputKind;

/// Reads one record and says why it was passed over, if it was.
fn passed(bytes: &[u8]) -> Option<NoPage> {
    let mut reader = WarcReader::new(bytes);
    let counts = reader.passed_over();
    let page = reader.next().map(Result::unwrap);
    let reason = counts.counts().next().map(|(reason, _)| reason);
    assert_eq!(page.is_none(), reason.is_some());
    reason
}

fn one(bytes: &[u8]) -> WarcPage {
    let mut reader = WarcReader::new(bytes);
    let page = reader.next().unwrap().unwrap();
    assert!(reader.next().is_none());
    page
}

fn response(status: &str, fields: &str, body: &[u8]) -> Vec<u8> {
    record("response", "1", RESPONSE, &http(status, fields, body))
}

#[test]
fn a_record_of_common_crawl_is_read() {
    let body = "<!DOCTYPE html><title>Teekessel</title><p>Für Große.";
    let http = format!(
        "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html; charset=UTF-8\r\n\
         X-Crawl-Content-Encoding: gzip\r\nX-Crawl-Transfer-Encoding: chunked\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let archive = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2024-02-20T21:16:17Z\r\n\
         WARC-Record-ID: <urn:uuid:5b6bd5c2-1b63-4e4f-9a4e-0a6f0d1d7a11>\r\n\
         Content-Length: {}\r\nContent-Type: application/http; msgtype=response\r\n\
         WARC-Warcinfo-ID: <urn:uuid:0b5c9b0e-3a4f-4d8c-9f5b-7a1c2d3e4f50>\r\n\
         WARC-Concurrent-To: <urn:uuid:77e2ad8d-6d6f-4a52-8d8a-1f2e3d4c5b6a>\r\n\
         WARC-IP-Address: 203.0.113.9\r\nWARC-Target-URI: https://tee.example/kessel\r\n\
         WARC-Protocol: h2\r\nWARC-Cipher-Suite: TLS_AES_128_GCM_SHA256\r\n\
         WARC-Payload-Digest: sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ\r\n\
         WARC-Identified-Payload-Type: text/html\r\n\r\n{http}\r\n\r\n",
        http.len()
    );
    let page = one(&archive::gzip(archive.as_bytes()));
    assert_eq!(page.id, "urn:uuid:5b6bd5c2-1b63-4e4f-9a4e-0a6f0d1d7a11");
    assert_eq!(page.url.as_deref(), Some("https://tee.example/kessel"));
    assert_eq!(page.charset.as_deref(), Some("UTF-8"));
    assert_eq!(page.body(1000).unwrap(), (body.into(), vec![]));
}

#[test]
fn a_record_of_heritrix_is_read() {
    let http = "HTTP/1.0 200 OK\r\nDate: Sat, 09 Feb 2008 10:00:00 GMT\r\n\
                Content-Type: text/html;charset=iso-8859-1\r\nConnection: close\r\n\r\n<p>Tea";
    let archive = format!(
        "WARC/0.17\r\nWARC-Type: response\r\nWARC-Target-URI: http://tea.example/\r\n\
         WARC-Date: 2008-02-09T10:00:00Z\r\nWARC-IP-Address: 192.0.2.7\r\n\
         WARC-Record-ID: <urn:uuid:8cb1cb0f-2d4b-4b6f-9a6e-9b3b1f0c2a77>\r\n\
         Content-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n{http}\r\n\r\n",
        http.len()
    );
    let page = one(archive.as_bytes());
    assert_eq!(page.charset.as_deref(), Some("iso-8859-1"));
    assert_eq!(page.body(1000).unwrap().0, b"<p>Tea");
}

#[test]
fn a_record_of_wget_is_read_with_its_chunks() {
    let http = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n\
                6\r\n<p>Tea\r\n0\r\n\r\n";
    let archive = format!(
        "WARC/1.0\r\nWARC-Type: response\r\n\
         WARC-Record-ID: <urn:uuid:1F0A4B3C-0D5E-4C9B-8E7A-2B6D1C3F4A50>\r\n\
         WARC-Warcinfo-ID: <urn:uuid:AA0A4B3C-0D5E-4C9B-8E7A-2B6D1C3F4A50>\r\n\
         WARC-Target-URI: <http://tea.example/a>\r\nWARC-Date: 2015-06-01T12:00:00Z\r\n\
         WARC-IP-Address: 192.0.2.7\r\n\
         WARC-Block-Digest: sha1:UZY6ND6CCHXETFVJD2MSS7ZENMWF7KQ2\r\n\
         Content-Type: application/http;msgtype=response\r\nContent-Length: {}\r\n\r\n{http}\r\n\r\n",
        http.len()
    );
    let page = one(archive.as_bytes());
    assert_eq!(page.url.as_deref(), Some("http://tea.example/a"));
    assert_eq!(page.body(1000).unwrap(), (b"<p>Tea".to_vec(), vec![]));
}

#[test]
fn a_record_of_warcio_with_lf_folds_and_odd_case_is_read() {
    let head = b"HTTP/2 200\ncontent-type: text/html\ncontent-encoding:\n  gzip\n\n";
    let body = archive::gzip(b"<p>Tea");
    let mut archive = format!(
        "WARC/1.1\nwarc-type: RESPONSE\nwarc-record-id: <urn:uuid:9>\nwarc-target-uri:\n \
         http://tea.example/\nCONTENT-TYPE: application/http; msgtype=response\n\
         content-length: {}\n\n",
        head.len() + body.len()
    )
    .into_bytes();
    archive.extend(head);
    archive.extend(body);
    archive.extend(b"\n\n");
    let page = one(&archive);
    assert_eq!(page.url.as_deref(), Some("http://tea.example/"));
    assert_eq!(page.body(1000).unwrap(), (b"<p>Tea".to_vec(), vec![]));
}

#[test]
fn records_of_other_types_are_passed_over_by_their_type() {
    for (kind, reason) in [
        ("request", NoPage::Request),
        ("metadata", NoPage::Metadata),
        ("warcinfo", NoPage::Warcinfo),
        ("revisit", NoPage::Revisit),
        ("conversion", NoPage::Conversion),
        ("continuation", NoPage::Continuation),
        ("x-kettle", NoPage::OtherType),
    ] {
        let html = "Content-Type: text/html\r\n";
        let block = http("200 OK", html, b"<p>Tea");
        assert_eq!(passed(&record(kind, "1", html, &block)), Some(reason));
    }
}

#[test]
fn responses_are_passed_over_by_their_status() {
    for (status, reason) in [
        ("200 OK", None),
        ("206 Partial Content", None),
        ("301 Moved Permanently", Some(NoPage::Redirect)),
        ("404 Not Found", Some(NoPage::ClientError)),
        ("503 Service Unavailable", Some(NoPage::ServerError)),
        ("101 Switching Protocols", Some(NoPage::OtherStatus)),
        ("999 Request denied", Some(NoPage::OtherStatus)),
    ] {
        let bytes = response(status, "Content-Type: text/html\r\n", b"<p>Tea");
        assert_eq!(passed(&bytes), reason, "{status}");
    }
}

#[test]
fn responses_and_resources_are_pages_by_their_media_type() {
    for (media_type, body, page) in [
        ("Content-Type: text/html; charset=x\r\n", "Tea", true),
        ("Content-Type: Application/XHTML+XML\r\n", "Tea", true),
        ("Content-Type: text/plain\r\n", "<html>", false),
        ("Content-Type: image/png\r\n", "<html>", false),
        ("", "<!doctype html><p>", true),
        ("", "Tea", false),
        ("Content-Type:\r\n", "<html>", true),
    ] {
        let reason = (!page).then_some(NoPage::NotHtml);
        let bytes = response("200 OK", media_type, body.as_bytes());
        assert_eq!(passed(&bytes), reason, "response: {media_type} {body}");
        let bytes = record("resource", "1", media_type, body.as_bytes());
        assert_eq!(passed(&bytes), reason, "resource: {media_type} {body}");
    }
}

#[test]
fn what_the_crawler_identified_outranks_what_the_server_said() {
    for (identified, said, page) in [
        ("text/html", "application/octet-stream", true),
        ("application/pdf", "text/html", false),
    ] {
        let fields = format!("{RESPONSE}WARC-Identified-Payload-Type: {identified}\r\n");
        let block = http("200 OK", &format!("Content-Type: {said}\r\n"), b"x");
        let reason = (!page).then_some(NoPage::NotHtml);
        assert_eq!(passed(&record("response", "1", &fields, &block)), reason);
    }
}

#[test]
fn a_response_without_a_body_is_passed_over() {
    let bytes = response("200 OK", "Content-Type: text/html\r\n", b"");
    assert_eq!(passed(&bytes), Some(NoPage::Empty));
}

#[test]
fn a_response_that_is_no_http_is_a_page_by_its_own_type() {
    let ftp = record("response", "1", "Content-Type: text/html\r\n", b"<p>Tea");
    assert_eq!(one(&ftp).body(100).unwrap().0, b"<p>Tea");
    let dns = record(
        "response",
        "1",
        "Content-Type: text/dns\r\n",
        b"a.example. A",
    );
    assert_eq!(passed(&dns), Some(NoPage::NotHtml));
}

#[test]
fn a_record_without_an_id_is_called_by_its_number() {
    let mut bytes = archive::record("request", "1", "", b"");
    bytes.extend(b"WARC/1.0\r\nWARC-Type: resource\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<p>Tea\r\n\r\n");
    assert_eq!(one(&bytes).id, "record-2");
}

#[test]
fn what_the_crawler_cut_off_is_told() {
    let fields = format!("{RESPONSE}WARC-Truncated: length\r\nWARC-Segment-Number: 1\r\n");
    let block = http("200 OK", "Content-Type: text/html\r\n", b"<p>Tea");
    let (body, warnings) = one(&record("response", "1", &fields, &block))
        .body(100)
        .unwrap();
    assert_eq!(body, b"<p>Tea");
    assert_eq!(
        warnings,
        [
            WarcWarning::Truncated("length".to_owned()),
            WarcWarning::Segmented
        ]
    );
}

#[test]
fn the_text_of_a_conversion_is_a_page_of_plain_text() {
    let text = "Content-Type: text/plain; charset=utf-8\r\n";
    let page = one(&record("conversion", "7", text, b"Tea\nFor two\n"));
    assert_eq!(page.kind, InputKind::Text);
    assert_eq!(page.charset.as_deref(), Some("utf-8"));
    assert_eq!(page.body(1000).unwrap().0, b"Tea\nFor two\n");
    let pdf = "Content-Type: application/pdf\r\n";
    for (fields, block, reason) in [
        (text, &b""[..], NoPage::Empty),
        (pdf, b"%PDF-1.4", NoPage::Conversion),
        ("", b"Tea", NoPage::Conversion),
    ] {
        assert_eq!(
            passed(&record("conversion", "7", fields, block)),
            Some(reason)
        );
    }
    let response = http("200 OK", "Content-Type: text/html\r\n", b"<p>Tea");
    assert_eq!(
        one(&record("response", "1", RESPONSE, &response)).kind,
        InputKind::Html
    );
}
