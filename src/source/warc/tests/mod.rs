//! The reader over whole archives: sound ones here, broken ones beside.

mod archive;
mod broken;
mod containers;
mod hostile;
mod pages;

use super::*;

/// A page's record ID, offset and text, and its warnings in words.
type ReadPage = (String, u64, String, Vec<String>);

/// Reads an archive to its end: pages and failures.
fn read(bytes: &[u8]) -> (Vec<ReadPage>, Vec<WarcFailure>) {
    let (mut pages, mut failures) = (Vec::new(), Vec::new());
    for item in WarcReader::new(bytes).max_bytes(1 << 20) {
        let body = item.and_then(|page| {
            let (id, offset) = (page.id.clone(), page.offset);
            page.body(1 << 20).map(|body| (id, offset, body))
        });
        match body {
            Ok((id, offset, (bytes, warnings))) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let warnings = warnings.iter().map(ToString::to_string).collect();
                pages.push((id, offset, text, warnings));
            }
            Err(failure) => failures.push(failure),
        }
    }
    (pages, failures)
}

/// The numbers of the pages of [`archive::crawl`] that are read, all as they
/// were written but for blank space at their ends.
fn numbers(pages: &[ReadPage]) -> Vec<usize> {
    let number = |page: &ReadPage| {
        let n = page.0["urn:uuid:".len()..].parse().unwrap();
        let text = page.2.trim_end();
        assert_eq!(text, format!("<p>{}</p>", archive::text(n)), "page {n}");
        n
    };
    pages.iter().map(number).collect()
}
