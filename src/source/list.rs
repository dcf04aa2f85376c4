//! The inputs that paths stand for.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::{Input, Origin, SourceError};

/// What a list of paths stands for.
#[derive(Debug, Default)]
pub struct Listing {
    /// Pages to read, in the order named, those of a folder by their path.
    pub inputs: Vec<Input>,
    /// Paths that cannot be listed.
    pub failures: Vec<(String, SourceError)>,
    /// Files of folders that were passed over, as their endings are no page's.
    pub passed_over: usize,
}

/// Lists the pages that `paths` stand for: a file is itself, a folder every
/// page below it (`.html`, `.htm`, `.xhtml`, `.shtml`, gzipped or not), `-`
/// standard input.
pub fn list<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Listing {
    let mut listing = Listing::default();
    for path in paths {
        if path == Path::new("-") {
            listing.inputs.push(Input {
                id: "stdin".to_owned(),
                origin: Origin::Stdin,
            });
        } else if path.is_dir() {
            listing.add_folder(path);
        } else {
            let name = path.file_name().map_or(path, Path::new);
            listing.inputs.push(Input {
                id: id(name),
                origin: Origin::File(path.to_owned()),
            });
        }
    }
    listing
}

/// Inputs that have the id of an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SameIds<'a> {
    /// The first two that share an id.
    pub first: (&'a Input, &'a Input),
    /// How many inputs have an id that an earlier one has.
    pub count: usize,
}

impl Listing {
    /// Inputs that share an id (`x.htm` and `x.html`, or pages of the same name
    /// in two folders), if any do.
    pub fn same_ids(&self) -> Option<SameIds<'_>> {
        let mut with_id = HashMap::new();
        let mut found: Option<SameIds<'_>> = None;
        for input in &self.inputs {
            let earlier = *with_id.entry(input.id.as_str()).or_insert(input);
            if !std::ptr::eq(earlier, input) {
                let first = found.map_or((earlier, input), |found| found.first);
                let count = found.map_or(0, |found| found.count) + 1;
                found = Some(SameIds { first, count });
            }
        }
        found
    }

    fn add_folder(&mut self, folder: &Path) {
        let walk = WalkDir::new(folder)
            .follow_links(true)
            .sort_by_file_name()
            .into_iter();
        for entry in walk {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) if is_page_name(entry.path()) => {
                    let below = entry.path().strip_prefix(folder).unwrap_or(entry.path());
                    self.inputs.push(Input {
                        id: id(below),
                        origin: Origin::File(entry.path().to_owned()),
                    });
                }
                Ok(_) => self.passed_over += 1,
                Err(error) => {
                    let path = error.path().unwrap_or(folder).display().to_string();
                    self.failures.push((path, SourceError::Io(cause(error))));
                }
            }
        }
    }
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

/// The path without `.gz` and the extension before it, joined by `/`.
fn id(path: &Path) -> String {
    let mut path = PathBuf::from(path);
    if path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("gz"))
    {
        path.set_extension("");
    }
    if path.extension().is_some() {
        path.set_extension("");
    }
    let parts: Vec<_> = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}

fn is_page_name(path: &Path) -> bool {
    // A name need not be UTF-8: only its ending is looked at.
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    [".html", ".htm", ".xhtml", ".shtml"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_its_pages_in_order_with_ids_below_it() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("b")).unwrap();
        for name in ["b/2.html.gz", "c.htm", "a.v1.HTML", "photo.jpg"] {
            std::fs::write(folder.path().join(name), "<p>x").unwrap();
        }
        let listing = list([folder.path()]);
        let ids: Vec<&str> = listing.inputs.iter().map(|i| i.id.as_str()).collect();
        assert_eq!(ids, ["a.v1", "b/2", "c"]);
        assert_eq!(listing.passed_over, 1);
    }

    #[cfg(unix)]
    #[test]
    fn what_cannot_be_listed_is_named_once() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        symlink(folder.path(), folder.path().join("back")).unwrap();
        symlink("nowhere", folder.path().join("page.html")).unwrap();
        let failures = list([folder.path()]).failures;
        let names = ["back", "page.html"].map(|name| folder.path().join(name));
        for ((path, error), name) in failures.iter().zip(&names) {
            assert_eq!(Path::new(path), name);
            assert!(!error.to_string().contains(path), "{error}");
        }
        let above = format!("leads back to {}", folder.path().display());
        assert!(failures[0].1.to_string().ends_with(&above));
        assert_eq!(failures.len(), 2);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_name_that_is_not_utf8_is_a_pages_by_its_ending() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        let name = std::ffi::OsStr::from_bytes(b"caf\xe9.html");
        std::fs::write(folder.path().join(name), "<p>x").unwrap();
        let listing = list([folder.path()]);
        assert_eq!(listing.inputs[0].id, "caf\u{fffd}");
        assert!(listing.inputs[0].read().is_ok());
    }

    #[test]
    fn inputs_of_one_id_are_found() {
        let names = ["a/x.htm", "b.html", "a/y.html", "c/x.html", "b.htm"];
        let listing = list(names.map(Path::new));
        let same = listing.same_ids().unwrap();
        let (one, other) = same.first;
        assert_eq!(one.source(), "a/x.htm");
        assert_eq!(other.source(), "c/x.html");
        assert_eq!(same.count, 2);
        assert_eq!(
            list([Path::new("x.html"), Path::new("y.html")]).same_ids(),
            None
        );
    }

    #[test]
    fn a_file_is_taken_whatever_its_name() {
        let listing = list([Path::new("some/page.php"), Path::new("-")]);
        assert_eq!(listing.inputs[0].id, "page");
        assert_eq!(listing.inputs[1].origin, Origin::Stdin);
    }
}
