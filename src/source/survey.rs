//! What was named, looked at before anything is read.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};

use super::folder::{Entry, walk};
use super::named::id;
use super::{Named, is_pattern, matches};
use crate::page::InputKind;

/// How much there is to read, and what is odd about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// Files and addresses.
    pub sources: u64,
    /// Bytes of the files, as they are stored; what comes from standard input
    /// or an address is not counted.
    pub bytes: u64,
    /// Files whose page would be called as another's: how many, and the first.
    pub same_ids: Option<(u64, String)>,
    /// Tells sources from others: differs where a file came, went, or has
    /// another size or time than before.
    pub fingerprint: String,
}

impl Survey {
    /// Looks at names, sizes and times only; below folders at pages of a kind. What cannot be looked at is told
    /// when it is read.
    pub fn of(named: &[Named], pages: InputKind) -> Self {
        let mut surveying = Surveying {
            pages,
            ..Surveying::default()
        };
        for named in named {
            match named {
                Named::Stdin => surveying.add("-", None),
                Named::Url(url) => surveying.add(url.as_str(), None),
                Named::Path(path) => surveying.add_path(path),
            }
        }
        Self {
            sources: surveying.sources,
            bytes: surveying.bytes,
            same_ids: surveying.first_same.map(|id| (surveying.same, id)),
            fingerprint: format!("{:x}", surveying.digest.finalize()),
        }
    }
}

#[derive(Default)]
struct Surveying {
    pages: InputKind,
    sources: u64,
    bytes: u64,
    /// Hashes of ids: names of many files would take more.
    ids: HashSet<u64>,
    same: u64,
    first_same: Option<String>,
    digest: Sha256,
}

impl Surveying {
    fn add_path(&mut self, path: &Path) {
        if path.is_dir() {
            for entry in walk(path, self.pages) {
                match entry {
                    Entry::Found(found) => self.add_file(&found.path, found.id),
                    Entry::PassedOver => {}
                    Entry::Failed(path, _) => self.add(&path.to_string_lossy(), None),
                }
            }
        } else if is_pattern(path) {
            let found = matches(&path.to_string_lossy()).unwrap_or_default();
            for path in &found.paths {
                self.add_path(path);
            }
        } else {
            self.add_file(path, id(path.file_name().map_or(path, Path::new)));
        }
    }

    fn add_file(&mut self, path: &Path, id: String) {
        let metadata = path.metadata().ok();
        self.bytes += metadata.as_ref().map_or(0, std::fs::Metadata::len);
        self.add(&path.to_string_lossy(), metadata.as_ref());
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        if !self.ids.insert(hasher.finish()) {
            self.same += 1;
            self.first_same.get_or_insert(id);
        }
    }

    fn add(&mut self, name: &str, metadata: Option<&std::fs::Metadata>) {
        self.sources += 1;
        let changed = metadata.and_then(|metadata| metadata.modified().ok());
        let changed = changed.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let line = (name, metadata.map(std::fs::Metadata::len), changed);
        self.digest.update(format!("{line:?}\n"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survey(folder: &Path) -> Survey {
        Survey::of(
            &[Named::Path(folder.to_owned()), Named::Stdin],
            InputKind::Html,
        )
    }

    #[test]
    fn files_are_counted_and_same_ids_told() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.html", "b.htm", "b.html", "b.xhtml", "c.jpg"] {
            std::fs::write(folder.path().join(name), "<p>x").unwrap();
        }
        let survey = survey(folder.path());
        assert_eq!((survey.sources, survey.bytes), (5, 16));
        assert_eq!(survey.same_ids, Some((2, "b".to_owned())));
    }

    #[test]
    fn the_fingerprint_tells_other_sources() {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("a.html");
        std::fs::write(&page, "<p>x").unwrap();
        let first = survey(folder.path());
        assert_eq!(survey(folder.path()), first);
        std::fs::write(&page, "<p>xy").unwrap();
        assert_ne!(survey(folder.path()).fingerprint, first.fingerprint);
        std::fs::write(&page, "<p>x").unwrap();
        std::fs::write(folder.path().join("b.html"), "").unwrap();
        assert_ne!(survey(folder.path()).fingerprint, first.fingerprint);
    }
}
