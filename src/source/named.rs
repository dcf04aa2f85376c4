//! What a person names.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use url::Url;

use super::Kind;

/// What an argument, or an entry of a list, names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// Standard input: `-`.
    Stdin,
    /// A page in the web: what begins with `http://` or `https://`.
    Url(Url),
    /// A file, a folder or, where nothing of that name is there, a pattern.
    Path(PathBuf),
}

impl Named {
    /// What an argument names.
    ///
    /// ```
    /// use dehusk::source::Named;
    ///
    /// assert_eq!(Named::of("-".as_ref()), Named::Stdin);
    /// assert!(matches!(Named::of("https://example.org/".as_ref()), Named::Url(_)));
    /// assert!(matches!(Named::of("crawl/".as_ref()), Named::Path(_)));
    /// ```
    pub fn of(argument: &OsStr) -> Self {
        if argument == "-" {
            return Self::Stdin;
        }
        match argument.to_str().and_then(address) {
            Some(url) => Self::Url(url),
            None => Self::Path(argument.into()),
        }
    }

    /// Whether pages of the web may be in it: an address, or a table of them.
    pub fn may_be_web(&self) -> bool {
        match self {
            Self::Url(_) => true,
            Self::Path(path) => Kind::by_name(path) == Some(Kind::Csv),
            Self::Stdin => false,
        }
    }

    /// Whether it may stand for more than one page, whatever it holds: a folder
    /// or a pattern.
    pub fn is_several(&self) -> bool {
        match self {
            Self::Path(path) => path.is_dir() || super::is_pattern(path),
            Self::Stdin | Self::Url(_) => false,
        }
    }
}

fn address(text: &str) -> Option<Url> {
    let scheme = text.split_once("://")?.0;
    ["http", "https"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
        .then(|| Url::parse(text).ok())?
}

/// What a page of that path is called: the path without `.gz` or `.zst` and the
/// extension before it, its parts joined by `/`.
pub(super) fn id(path: &Path) -> String {
    let mut path = PathBuf::from(path);
    let packed = |e: &OsStr| e.eq_ignore_ascii_case("gz") || e.eq_ignore_ascii_case("zst");
    if path.extension().is_some_and(packed) {
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
