//! The inputs that paths stand for.

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

impl Listing {
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
                    self.failures
                        .push((path, SourceError::Io(std::io::Error::other(error))));
                }
            }
        }
    }
}

/// The path without `.gz` and the extension before it, joined by `/`.
fn id(path: &Path) -> String {
    let mut path = PathBuf::from(path);
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("gz")) {
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
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return false;
    };
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

    #[test]
    fn a_file_is_taken_whatever_its_name() {
        let listing = list([Path::new("some/page.php"), Path::new("-")]);
        assert_eq!(listing.inputs[0].id, "page");
        assert_eq!(listing.inputs[1].origin, Origin::Stdin);
    }
}
