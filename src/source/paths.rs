//! Lists of paths, and patterns that stand for paths.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use glob::MatchOptions;

use super::Peek;
use super::lines::{Line, Lines};

/// Why a list of paths or a pattern gives no path.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PathsError {
    /// The list cannot be read.
    #[error("the list cannot be read: {0}")]
    Io(#[from] io::Error),
    /// An entry is longer than any path.
    #[error(
        "entry {entry} has more than {limit} bytes, which no path has; \
         give one path a line, or separate them by NUL"
    )]
    Long {
        /// Which entry of the list, from 1.
        entry: u64,
        /// The bound, in bytes.
        limit: usize,
    },
    /// An entry that this system cannot take for a path.
    #[error("entry {entry} is no path of this system, as it is not UTF-8; write the list as UTF-8")]
    NotUtf8 {
        /// Which entry of the list, from 1.
        entry: u64,
    },
    /// Not a pattern.
    #[error("{pattern:?} is no pattern: {problem}; put * ? and [ in brackets to mean themselves")]
    Pattern {
        /// What was given.
        pattern: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A pattern that nothing fits.
    #[error("nothing fits the pattern {pattern:?}; check the folder, or name the files")]
    NoMatch {
        /// What was given.
        pattern: String,
    },
}

/// Bytes that an entry of a list may have: more than any system's paths, and
/// than the addresses that servers take.
const LONGEST: usize = 64 << 10;

/// How far into a list a NUL is looked for.
const LOOKED_AT: usize = 64 << 10;

/// The entries of a list, one by one: a path a line, blank lines and those that
/// begin with `#` passed over. Where a NUL stands among the first bytes, as
/// `find -print0` writes it, NULs separate the entries and all else belongs to
/// them. Relative paths are meant from the current directory.
///
/// After an entry that is no path the list goes on; after a failed read it ends.
///
/// ```
/// use dehusk::source::PathList;
///
/// let list = PathList::new(&b"# Monday\r\na.html\r\n\r\nb c.html"[..]);
/// let paths: Vec<_> = list.collect::<Result<_, _>>()?;
/// assert_eq!(paths, ["a.html", "b c.html"].map(std::path::PathBuf::from));
/// # Ok::<(), dehusk::source::PathsError>(())
/// ```
pub struct PathList<R> {
    lines: Lines<Peek<R>>,
    nul: bool,
    over: bool,
}

impl<R: Read> PathList<R> {
    /// Reads the list's first bytes, to tell how its entries are separated.
    pub fn new(read: R) -> Self {
        let mut peek = Peek::new(read);
        let nul = peek.head(LOOKED_AT).contains(&0);
        let end = if nul { 0 } else { b'\n' };
        Self {
            lines: Lines::new(peek, end, LONGEST),
            nul,
            over: false,
        }
    }

    fn entry(&self, line: &[u8]) -> Option<Vec<u8>> {
        if self.nul {
            return (!line.is_empty()).then(|| line.to_owned());
        }
        let first = self.lines.number() == 1;
        let line = match line.strip_prefix(b"\xef\xbb\xbf") {
            Some(behind_mark) if first => behind_mark,
            _ => line,
        };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let entry = !line.trim_ascii().is_empty() && !line.starts_with(b"#");
        entry.then(|| line.to_owned())
    }
}

impl<R: Read> Iterator for PathList<R> {
    type Item = Result<PathBuf, PathsError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.over {
            let line = match self.lines.next()? {
                Ok(Line::Whole(line)) => line.to_owned(),
                Ok(Line::Long(_)) => {
                    return Some(Err(PathsError::Long {
                        entry: self.lines.number(),
                        limit: LONGEST,
                    }));
                }
                Err(error) => {
                    self.over = true;
                    return Some(Err(error.into()));
                }
            };
            if let Some(entry) = self.entry(&line) {
                let entry = path(entry).ok_or(PathsError::NotUtf8 {
                    entry: self.lines.number(),
                });
                return Some(entry);
            }
        }
        None
    }
}

#[cfg(unix)]
fn path(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    Some(std::ffi::OsString::from_vec(bytes).into())
}

#[cfg(not(unix))]
fn path(bytes: Vec<u8>) -> Option<PathBuf> {
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

/// What a pattern stands for.
#[derive(Debug, Default)]
pub struct Matches {
    /// Files and folders, sorted.
    pub paths: Vec<PathBuf>,
    /// Folders that cannot be looked into.
    pub failures: Vec<(PathBuf, io::Error)>,
}

/// Whether an argument is a pattern: it names nothing that there is, is no
/// address, and holds `*`, `?` or `[`.
pub fn is_pattern(argument: &Path) -> bool {
    let text = argument.to_string_lossy();
    text.contains(['*', '?', '[']) && !text.contains("://") && argument.symlink_metadata().is_err()
}

/// What fits `pattern`, sorted: `*` and `?` stand for characters of a name,
/// `[…]` for one of them, `**` for folders at any depth. As in a shell, what
/// begins with a dot is meant only where the pattern says so.
///
/// # Errors
/// When it is no pattern, or nothing fits it.
pub fn matches(pattern: &str) -> Result<Matches, PathsError> {
    let options = MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: true,
    };
    let found = glob::glob_with(pattern, options).map_err(|error| PathsError::Pattern {
        pattern: pattern.to_owned(),
        problem: error.msg,
    })?;
    let mut matches = Matches::default();
    for path in found {
        match path {
            Ok(path) => matches.paths.push(path),
            Err(error) => {
                let path = error.path().to_owned();
                matches.failures.push((path, error.into()));
            }
        }
    }
    if matches.paths.is_empty() && matches.failures.is_empty() {
        return Err(PathsError::NoMatch {
            pattern: pattern.to_owned(),
        });
    }
    matches.paths.sort();
    matches.failures.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(matches)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn list(bytes: &[u8]) -> Vec<String> {
        PathList::new(bytes)
            .map(|path| path.unwrap().to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn entries_are_lines_but_for_comments_and_blank_ones() {
        let lines = b"\xef\xbb\xbf# a crawl\r\nnews/1.html\r\n\r\n  \nb c.html \n#d.html\ne#.html";
        assert_eq!(list(lines), ["news/1.html", "b c.html ", "e#.html"]);
    }

    #[test]
    fn where_nuls_separate_entries_all_else_belongs_to_them() {
        assert_eq!(list(b"a\nb.html\0#1\r\0\0c"), ["a\nb.html", "#1\r", "c"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_path_need_not_be_utf8() {
        use std::os::unix::ffi::OsStrExt;
        let paths: Vec<_> = PathList::new(&b"caf\xe9.html\n"[..]).collect();
        let path = paths[0].as_ref().unwrap();
        assert_eq!(path.as_os_str().as_bytes(), b"caf\xe9.html");
    }

    #[test]
    fn an_entry_that_no_path_can_be_is_told_and_the_next_is_given() {
        let mut bytes = vec![b'x'; LONGEST + 1];
        bytes.extend(b"\na.html");
        let entries: Vec<_> = PathList::new(&bytes[..]).collect();
        assert!(matches!(entries[0], Err(PathsError::Long { entry: 1, .. })));
        assert_eq!(entries[1].as_ref().unwrap(), Path::new("a.html"));
    }

    #[test]
    fn patterns_give_what_fits_sorted() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("b")).unwrap();
        for name in [
            "c.html",
            "a.html",
            "b/d.html",
            ".e.html",
            "f.htm",
            "g[1].html",
        ] {
            std::fs::write(folder.path().join(name), "<p>x").unwrap();
        }
        let fits = |pattern: &str| -> Vec<String> {
            let pattern = folder.path().join(pattern);
            let found = matches(pattern.to_str().unwrap()).unwrap();
            let below = |path: &PathBuf| {
                let below = path.strip_prefix(folder.path()).unwrap();
                below.to_string_lossy().replace('\\', "/")
            };
            found.paths.iter().map(below).collect()
        };
        assert_eq!(fits("*.html"), ["a.html", "c.html", "g[1].html"]);
        assert_eq!(fits("**/[ad].html"), ["a.html", "b/d.html"]);
        assert_eq!(fits("?.htm*"), ["a.html", "c.html", "f.htm"]);
        let none = folder.path().join("*.warc");
        let error = matches(none.to_str().unwrap()).unwrap_err();
        assert!(matches!(error, PathsError::NoMatch { .. }), "{error}");
        assert!(is_pattern(&none) && is_pattern(&folder.path().join("[ab].html")));
        assert!(!is_pattern(&folder.path().join("g[1].html")));
        assert!(!is_pattern(Path::new("https://example.org/?p=1")));
    }

    #[test]
    fn a_pattern_that_is_none_says_what_is_wrong() {
        let error = matches("a***b").unwrap_err();
        assert!(matches!(error, PathsError::Pattern { .. }), "{error}");
    }

    proptest! {
        #[test]
        fn every_line_is_an_entry_a_comment_or_blank(bytes in proptest::collection::vec(
            prop_oneof![
                Just(b'\n'), Just(b'\r'), Just(b'#'), Just(b'a'), Just(b' '), 1_u8..0x80
            ], 0..200
        )) {
            let passed_over = |line: &&[u8]| line.starts_with(b"#") || line.trim_ascii().is_empty();
            let lines = bytes.split(|&byte| byte == b'\n');
            let expected = lines.filter(|line| !passed_over(line)).count();
            prop_assert_eq!(list(&bytes).len(), expected);
        }

        #[test]
        fn any_bytes_are_a_list_that_ends(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(PathList::new(&bytes[..]).count() <= bytes.len());
        }
    }
}
