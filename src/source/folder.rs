//! The files below a folder.

use std::io;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::Kind;
use super::named::id;
use crate::page::InputKind;

/// A file below a folder that was named.
pub(super) struct Found {
    pub path: PathBuf,
    /// What its page is called: its path below the folder.
    pub id: String,
    /// A page or [`Kind::Warc`], by its name.
    pub kind: Kind,
}

/// What stands below a folder, by path.
pub(super) enum Entry {
    Found(Found),
    /// A file whose name is neither a page's nor an archive's.
    PassedOver,
    /// What cannot be listed.
    Failed(PathBuf, io::Error),
}

/// The entries below `folder`, through links, in the order of their paths; files
/// that are pages of a kind by their names, and archives.
pub(super) fn walk(folder: &Path, pages: InputKind) -> impl Iterator<Item = Entry> + Send + use<> {
    let folder = folder.to_owned();
    WalkDir::new(&folder)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter_map(move |entry| match entry {
            Ok(entry) if entry.file_type().is_dir() => None,
            Ok(entry) => Some(match kind(entry.path(), pages) {
                Some(kind) => Entry::Found(Found {
                    id: id(entry.path().strip_prefix(&folder).unwrap_or(entry.path())),
                    kind,
                    path: entry.into_path(),
                }),
                None => Entry::PassedOver,
            }),
            Err(error) => {
                let path = error.path().unwrap_or(&folder).to_owned();
                Some(Entry::Failed(path, cause(error)))
            }
        })
}

/// What went wrong, without the path, which stands before it.
fn cause(error: walkdir::Error) -> io::Error {
    match error.loop_ancestor() {
        Some(above) => io::Error::other(format!("it leads back to {}", above.display())),
        None => error
            .into_io_error()
            .unwrap_or_else(|| io::ErrorKind::Other.into()),
    }
}

/// Tables are not taken: below a folder they may be anything, and results of an
/// earlier run too.
fn kind(path: &Path, pages: InputKind) -> Option<Kind> {
    // A name need not be UTF-8: only its ending is looked at.
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_ascii_lowercase();
    let packed = [".gz", ".zst"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending));
    let name = packed.unwrap_or(&name);
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let (named, page): (&[&str], Kind) = match pages {
        InputKind::Html => (&[".html", ".htm", ".xhtml", ".shtml"], Kind::Page),
        InputKind::Text => (&[".txt"], Kind::Text),
    };
    if ends(named) {
        Some(page)
    } else if ends(&[".warc", ".wet"]) {
        Some(Kind::Warc)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(folder: &Path) -> Vec<(String, Kind)> {
        walk(folder, InputKind::Html)
            .filter_map(|entry| match entry {
                Entry::Found(found) => Some((found.id, found.kind)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_folder_gives_its_pages_and_archives_in_order_with_ids_below_it() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("b")).unwrap();
        for name in [
            "b/2.html.gz",
            "c.htm",
            "a.v1.HTML",
            "photo.jpg",
            "d.warc.zst",
            "e.warc.wet.gz",
            "notes.txt",
            "results.jsonl",
        ] {
            std::fs::write(folder.path().join(name), "<p>x").unwrap();
        }
        let expected = [
            ("a.v1", Kind::Page),
            ("b/2", Kind::Page),
            ("c", Kind::Page),
            ("d", Kind::Warc),
            ("e.warc", Kind::Warc),
        ];
        let expected = expected.map(|(id, kind)| (id.to_owned(), kind));
        assert_eq!(found(folder.path()), expected);
        let passed =
            walk(folder.path(), InputKind::Html).filter(|entry| matches!(entry, Entry::PassedOver));
        assert_eq!(passed.count(), 3);
        let texts: Vec<String> = walk(folder.path(), InputKind::Text)
            .filter_map(|entry| match entry {
                Entry::Found(found) => Some(found.id),
                _ => None,
            })
            .collect();
        assert_eq!(texts, ["d", "e.warc", "notes"]);
    }

    #[cfg(unix)]
    #[test]
    fn what_cannot_be_listed_is_named_once() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        symlink(folder.path(), folder.path().join("back")).unwrap();
        symlink("nowhere", folder.path().join("page.html")).unwrap();
        let failures: Vec<_> = walk(folder.path(), InputKind::Html)
            .filter_map(|entry| match entry {
                Entry::Failed(path, error) => Some((path, error.to_string())),
                _ => None,
            })
            .collect();
        let names = ["back", "page.html"].map(|name| folder.path().join(name));
        for ((path, error), name) in failures.iter().zip(&names) {
            assert_eq!(path, name);
            assert!(!error.contains(&*path.to_string_lossy()), "{error}");
        }
        let above = format!("leads back to {}", folder.path().display());
        assert!(failures[0].1.ends_with(&above));
        assert_eq!(failures.len(), 2);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_name_that_is_not_utf8_is_a_pages_by_its_ending() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        let name = std::ffi::OsStr::from_bytes(b"caf\xe9.html");
        std::fs::write(folder.path().join(name), "<p>x").unwrap();
        let found = found(folder.path());
        assert_eq!(found, [("caf\u{fffd}".to_owned(), Kind::Page)]);
    }
}
