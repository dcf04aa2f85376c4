//! Ids → names of files that are safe on every system.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use icu_normalizer::ComposingNormalizer;
use sha2::{Digest, Sha256};

/// Bytes of a file's or folder's name: with what may be added to it well below
/// the 255 that systems allow.
const NAME: usize = 160;

/// Bytes of a whole path, and folders in it, past which folders are left out.
const PATH: usize = 640;
const FOLDERS: usize = 16;

/// Names given to the pages of a folder. It holds a few dozen bytes a page, as
/// no name may be given twice.
///
/// - `/` and `\` in an id part folders; empty parts and `.` are left out.
/// - Control characters, marks of writing direction and of no width, and
///   `<>:"|?*` become `_`, as do a dot that a name begins with (a hidden file, or
///   `..`) and dots and spaces that it ends with.
/// - Devices of Windows (`con`, `nul`, `com1` …) get a `_` behind them.
/// - A longer name is cut and a hash of all of it put behind, as is a path that
///   is too long or too deep.
/// - Names are in Unicode's composed form (NFC). One that is taken, whatever the
///   case of its letters, gets `-2`, `-3` … behind it.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: HashMap<u64, Kind>,
    /// The last number that a file's name was given, before which none is free.
    next: HashMap<u64, u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Folder,
}

impl Names {
    /// The path of the page's file, below the folder, its parts joined by `/`.
    pub(super) fn give(&mut self, id: &str, extension: &str) -> String {
        let mut parts = parts(id);
        let name = parts.pop().unwrap_or_else(|| "page".to_owned());
        let mut path = String::new();
        for part in parts {
            path = self.first(&path, &part, "", Kind::Folder) + "/";
        }
        self.first(&path, &name, extension, Kind::File)
    }

    /// Takes note of a path that was given before.
    pub(super) fn take(&mut self, path: &str) {
        for (at, _) in path.match_indices('/') {
            self.taken.insert(key(&path[..at]), Kind::Folder);
        }
        self.taken.insert(key(path), Kind::File);
    }

    /// The first of `name`, `name-2` … that is free, or already such a folder.
    fn first(&mut self, above: &str, name: &str, extension: &str, kind: Kind) -> String {
        let plain = format!("{above}{name}{extension}");
        let plain_key = key(&plain);
        // A folder has the first number that is no file's, given before or not.
        let next = self.next.get(&plain_key).filter(|_| kind == Kind::File);
        let mut number = next.copied().unwrap_or(1);
        loop {
            let path = match number {
                1 => plain.clone(),
                _ => format!("{above}{name}-{number}{extension}"),
            };
            match self.taken.get(&key(&path)) {
                None => {
                    self.taken.insert(key(&path), kind);
                }
                Some(Kind::Folder) if kind == Kind::Folder => {}
                Some(_) => {
                    number += 1;
                    continue;
                }
            }
            if number > 1 && kind == Kind::File {
                self.next.insert(plain_key, number);
            }
            return path;
        }
    }
}

/// Of two paths that a system may take for one the same. Two others may have the
/// same as well: then one of them has a number it would not need.
fn key(path: &str) -> u64 {
    let mut hasher = fnv::FnvHasher::default();
    path.to_uppercase().to_lowercase().hash(&mut hasher);
    hasher.finish()
}

fn parts(id: &str) -> Vec<String> {
    let mut parts: Vec<String> = id.split(['/', '\\']).filter_map(part).collect();
    let length = parts.iter().map(|part| part.len() + 1).sum::<usize>();
    if length > PATH || parts.len() > FOLDERS + 1 {
        let last = parts.pop().unwrap_or_default();
        let mut length = 0;
        let fits = |part: &&String| {
            length += part.len() + 1;
            length <= PATH / 2
        };
        let kept = parts.iter().take(FOLDERS / 2).take_while(fits).count();
        parts.truncate(kept);
        parts.push(cut(&last, NAME / 2, id));
    }
    parts
}

/// A safe name of a part of an id, or none.
fn part(raw: &str) -> Option<String> {
    if raw.is_empty() || raw == "." {
        return None;
    }
    let composed = ComposingNormalizer::new_nfc().normalize(raw).into_owned();
    let mut name: String = composed
        .chars()
        .map(|c| if is_unsafe(c) { '_' } else { c })
        .collect();
    if name.starts_with('.') {
        name.replace_range(..1, "_");
    }
    let bare = name.trim_end_matches(['.', ' ']).len();
    let trailing = name.len() - bare;
    name.replace_range(bare.., &"_".repeat(trailing));
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    if is_device(stem) {
        name.insert(stem.len(), '_');
    }
    Some(if name.len() > NAME {
        cut(&name, NAME, raw)
    } else {
        name
    })
}

/// The name cut to `length` bytes, the last of which are a hash of `whole`.
fn cut(name: &str, length: usize, whole: &str) -> String {
    let digest = Sha256::digest(whole.as_bytes());
    let hash: String = digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let end = name.floor_char_boundary(length - hash.len() - 1);
    format!("{}-{hash}", &name[..end])
}

fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '<' | '>' | ':' | '"' | '|' | '?' | '*'
            // Of no width, and of writing direction, which show another name.
            | '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        )
}

fn is_device(stem: &str) -> bool {
    let stem = stem.to_ascii_uppercase();
    if ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].contains(&stem.as_str()) {
        return true;
    }
    let number = stem
        .strip_prefix("COM")
        .or_else(|| stem.strip_prefix("LPT"));
    number.is_some_and(|number| {
        let mut digits = number.chars();
        matches!(digits.next(), Some('0'..='9' | '¹' | '²' | '³')) && digits.next().is_none()
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::path::{Component, Path};

    use proptest::prelude::*;

    use super::*;

    fn names(ids: &[&str]) -> Vec<String> {
        let mut names = Names::default();
        ids.iter().map(|id| names.give(id, ".txt")).collect()
    }

    #[test]
    fn ids_that_are_safe_are_kept_and_others_made_so() {
        for (id, name) in [
            ("crawl/2024/page", "crawl/2024/page"),
            ("日本/記事 1", "日本/記事 1"),
            ("..", "__"),
            ("../../etc/passwd", "__/__/etc/passwd"),
            ("/etc//./passwd", "etc/passwd"),
            ("C:\\Windows\\system.ini", "C_/Windows/system.ini"),
            ("\\\\server\\share", "server/share"),
            ("a\0b\nc\u{7f}\u{85}", "a_b_c__"),
            ("\u{202e}gnp.exe", "_gnp.exe"),
            ("https://example.org/a?b=c&d", "https_/example.org/a_b=c&d"),
            (".hidden/.dehusk.partial", "_hidden/_dehusk.partial"),
            ("con/NUL.html/com1/lpt¹", "con_/NUL_.html/com1_/lpt¹_"),
            ("console/com10/comic", "console/com10/comic"),
            ("ends. /with.. ", "ends__/with___"),
            ("", "page"),
            ("///", "page"),
        ] {
            assert_eq!(names(&[id]), [format!("{name}.txt")], "{id:?}");
        }
    }

    #[test]
    fn names_that_a_system_may_take_for_the_same_are_told_apart() {
        assert_eq!(
            names(&[
                "a", "A", "a", "a-2", "a/x", "A/X", "a.txt/y", "ä", "a\u{308}", "b?", "b*"
            ]),
            [
                "a.txt",
                "A-2.txt",
                "a-3.txt",
                "a-2-2.txt",
                "a/x.txt",
                "A/X-2.txt",
                "a.txt-2/y.txt",
                "ä.txt",
                "ä-2.txt",
                "b_.txt",
                "b_-2.txt"
            ]
        );
        // A folder first, and then a file that would have its name.
        assert_eq!(names(&["x.txt/y", "x"]), ["x.txt/y.txt", "x-2.txt"]);
    }

    #[test]
    fn long_names_and_deep_folders_are_cut_and_stay_distinct() {
        let long = "é".repeat(2_500);
        let deep = "d/".repeat(3_000);
        let wide = format!("{}/", "w".repeat(150)).repeat(8);
        for id in [long, deep.clone() + "x", wide, "long ".repeat(99)] {
            let [one, other] = [id.clone() + "1", id + "2"];
            let given = names(&[&one, &other]);
            assert_ne!(given[0], given[1]);
            for name in given {
                assert!(name.len() <= PATH + ".txt".len(), "{name}");
                assert!(
                    name.split('/')
                        .all(|part| part.len() <= NAME + ".txt".len())
                );
                assert!(!name.contains("-2."), "told apart by their hashes: {name}");
            }
        }
    }

    /// Ids that a crawl may have, and few enough that many are alike.
    fn id() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[aA./\\\\-]{0,6}",
            "[ab](\\.txt)?/(con|[.]{1,3})/[2-]{1,2}",
            "https?://[a-z]{1,3}\\.example/(\\.\\./|%2e%2e/|NUL|AUX\\.html|[ \0:?é\u{301}]){0,4}",
            "(x|x\\.txt|x\\.txt-2)(/y)?",
        ]
    }

    proptest! {
        #[test]
        fn no_id_leaves_the_folder_and_no_two_share_a_file(
            ids in prop::collection::vec(id(), 0..40),
        ) {
            let mut names = Names::default();
            let mut folded = HashSet::new();
            for id in &ids {
                let name = names.give(id, ".txt");
                for part in Path::new(&name).components() {
                    prop_assert!(matches!(part, Component::Normal(_)), "{:?}", name);
                    let part = part.as_os_str().to_str().unwrap_or_default();
                    let stem = part.split('.').next().unwrap_or_default();
                    prop_assert!(!is_device(stem.trim_end()), "{:?}", name);
                    prop_assert!(!part.ends_with(['.', ' ']), "{:?}", name);
                    prop_assert!(part.len() < 255, "{:?}", name);
                }
                prop_assert!(name.len() < 1_024, "{:?}", name);
                prop_assert!(!name.chars().any(is_unsafe), "{:?}", name);
                prop_assert!(folded.insert(name.to_lowercase()), "{:?}", name);
            }
            for file in &folded {
                let as_folder = format!("{file}/");
                prop_assert!(folded.iter().all(|other| !other.starts_with(&as_folder)));
            }
        }

        #[test]
        fn names_known_from_an_interrupted_run_are_given_as_in_one_that_was_not(
            ids in prop::collection::vec(id(), 0..40),
            interrupted in 0..40_usize,
        ) {
            let mut names = Names::default();
            let whole: Vec<String> = ids.iter().map(|id| names.give(id, ".txt")).collect();
            let at = interrupted.min(ids.len());
            let mut again = Names::default();
            whole[..at].iter().for_each(|name| again.take(name));
            let rest: Vec<String> = ids[at..].iter().map(|id| again.give(id, ".txt")).collect();
            prop_assert_eq!(&whole[at..], rest);
        }
    }
}
