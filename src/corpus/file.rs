//! Files of a corpus: listed, gunzipped, bounded and decoded.

use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use encoding_rs::{Encoding, UTF_8};
use flate2::read::MultiGzDecoder;
use rayon::prelude::*;
use serde::de::DeserializeOwned;

use super::{CorpusError, LabelledPage};

/// Bytes that one file may hold, unpacked: far above the largest page of the
/// public corpora (5.3 MB), and what keeps a bomb from filling the memory.
pub(super) const LIMIT: u64 = 256 << 20;

/// A file's bytes, gunzipped where its name ends in `.gz`.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, CorpusError> {
    bytes_within(path, LIMIT)
}

fn bytes_within(path: &Path, limit: u64) -> Result<Vec<u8>, CorpusError> {
    let failed = |source| CorpusError::io(path, source);
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    if path.extension().is_some_and(|e| e == "gz") {
        MultiGzDecoder::new(file)
            .take(limit + 1)
            .read_to_end(&mut bytes)
    } else {
        file.take(limit + 1).read_to_end(&mut bytes)
    }
    .map_err(failed)?;
    if bytes.len() as u64 > limit {
        return Err(CorpusError::TooLarge {
            path: path.to_owned(),
            limit,
        });
    }
    Ok(bytes)
}

/// A JSON file; what is wrong with it is told by line and column.
pub(super) fn json<T: DeserializeOwned>(path: &Path) -> Result<T, CorpusError> {
    serde_json::from_slice(&bytes(path)?).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        CorpusError::malformed(path, place, error.to_string())
    })
}

/// Files of `folder` whose names end in `suffix`: what stands before it, and
/// the path, sorted by name. A folder that is not there holds none.
pub(super) fn list(folder: &Path, suffix: &str) -> Result<Vec<(String, PathBuf)>, CorpusError> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let failed = |source| CorpusError::io(folder, source);
    let mut files = Vec::new();
    for entry in folder.read_dir().map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if let Some(stem) = name(&path).strip_suffix(suffix)
            && path.is_file()
        {
            files.push((stem.to_owned(), path));
        }
    }
    files.sort();
    Ok(files)
}

/// Makes the page of each listed file, in parallel; of several errors the first
/// by name counts.
pub(super) fn pages(
    files: &[(String, PathBuf)],
    page: impl Fn(&str, &Path) -> Result<LabelledPage, CorpusError> + Sync,
) -> Result<Vec<LabelledPage>, CorpusError> {
    let pages: Vec<_> = files
        .par_iter()
        .map(|(stem, path)| page(stem, path))
        .collect();
    pages.into_iter().collect()
}

/// The last part of a path, as text.
pub(super) fn name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// The page that a row names: `page` as it is, else with `.gz` added.
///
/// `from` and `row` say in the error who names it.
pub(super) fn page(page: &Path, from: &Path, row: &str) -> Result<PathBuf, CorpusError> {
    let mut gzipped = page.as_os_str().to_owned();
    gzipped.push(".gz");
    [page.to_owned(), PathBuf::from(gzipped)]
        .into_iter()
        .find(|path| path.is_file())
        .ok_or_else(|| CorpusError::MissingPage {
            path: from.to_owned(),
            row: row.to_owned(),
            page: page.to_owned(),
        })
}

/// `relative` under `base`, or nothing where it would lead out of it.
pub(super) fn inside(base: &Path, relative: &str) -> Option<PathBuf> {
    let path = Path::new(relative);
    let stays = path
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    (stays && path.file_name().is_some()).then(|| base.join(path))
}

/// Gold text: by its byte-order mark, else UTF-8 where it is valid, else in
/// the encoding that the corpus's older files use.
pub(super) fn gold(bytes: &[u8], older: &'static Encoding) -> String {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or_else(|| {
        let utf8 = std::str::from_utf8(bytes).is_ok();
        (if utf8 { UTF_8 } else { older }, 0)
    });
    let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
    text.into_owned()
}

/// What a field says, if anything: trimmed, and `None` where that is empty.
pub(super) fn said(field: Option<String>) -> Option<String> {
    let field = field?;
    let trimmed = field.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{GB18030, WINDOWS_1252};
    use std::io::Write;

    #[test]
    fn gzipped_files_are_unpacked_member_after_member_and_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.html.gz");
        let mut file = File::create(&path).unwrap();
        for part in ["<p>one ", "two"] {
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            gzip.write_all(part.as_bytes()).unwrap();
            file.write_all(&gzip.finish().unwrap()).unwrap();
        }
        assert_eq!(bytes_within(&path, 10).unwrap(), b"<p>one two");
        let error = bytes_within(&path, 9).unwrap_err().to_string();
        assert!(error.contains("more than 9 bytes when unpacked"), "{error}");
    }

    #[test]
    fn a_file_that_is_not_gzip_is_an_error_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("broken.html.gz");
        std::fs::write(&path, "<p>not gzip").unwrap();
        assert!(
            bytes(&path)
                .unwrap_err()
                .to_string()
                .contains("broken.html.gz")
        );
    }

    #[test]
    fn paths_that_lead_out_of_the_corpus_are_refused() {
        let base = Path::new("corpus");
        assert_eq!(inside(base, "a/./b.html"), Some("corpus/a/./b.html".into()));
        for path in [
            "",
            ".",
            "..",
            "../b.html",
            "a/../../b.html",
            "a/..",
            "/etc/passwd",
        ] {
            assert_eq!(inside(base, path), None, "{path}");
        }
    }

    #[test]
    fn gold_is_read_by_its_mark_else_as_utf8_else_as_older() {
        let western = |bytes: &[u8]| gold(bytes, WINDOWS_1252);
        assert_eq!(western("“café”".as_bytes()), "“café”");
        assert_eq!(western(b"\x93caf\xe9\x94\x85"), "“café”…");
        assert_eq!(western(b"\xff\xfec\0a\0f\0\xe9\0"), "café");
        assert_eq!(western(b"\xef\xbb\xbfcaf\xc3\xa9"), "café");
        assert_eq!(gold(b"\xc4\xe3\xba\xc3", GB18030), "你好");
    }
}
