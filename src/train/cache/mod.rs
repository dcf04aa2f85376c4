//! Prepared pages, kept between runs.
//!
//! Parsing, cutting, measuring and aligning a page always give the same for the
//! same bytes, gold text, schema and versions of dehusk and of the crates below
//! it, so they are done once. An entry is a file named by the SHA-256 of these;
//! whoever changes dehusk's code under one version and schema deletes the folder,
//! as anyone may at any time.
//!
//! ```text
//! magic      b"dehusk cache 2\n"
//! checksum   SHA-256 of all bytes after it
//! entry      postcard, gzipped
//! ```
//!
//! Entries appear whole, so that two processes may share a folder. One that is
//! damaged is counted, not trusted, and made anew.

mod entry;

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::PreparedPage;
use super::run::dependency_versions;
use crate::corpus::{CorpusError, LabelledPage};
use crate::feature::schema_version;
use crate::model::design;
use crate::page::{InputKind, Page};
use entry::Entry;

const MAGIC: &[u8] = b"dehusk cache 2\n";
const CHECKSUM_BYTES: usize = 32;
/// What an entry may unpack to: far above the largest page's.
const LARGEST: u64 = 4 << 30;

/// A folder of prepared pages.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    taken: AtomicUsize,
    made: AtomicUsize,
    damaged: AtomicUsize,
    unwritten: AtomicUsize,
}

/// What a [`Cache`] was good for so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CacheUse {
    /// Pages that were taken from it.
    pub taken: usize,
    /// Pages that were not in it, or not whole, and were prepared.
    pub made: usize,
    /// Entries of the right name that were damaged or of another program.
    pub damaged: usize,
    /// Pages that could not be put into it.
    pub unwritten: usize,
}

impl Cache {
    /// The cache in `folder`, which is made where it is missing.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(folder: impl Into<PathBuf>) -> io::Result<Self> {
        let folder = folder.into();
        fs::create_dir_all(&folder)?;
        Ok(Self {
            folder,
            taken: AtomicUsize::new(0),
            made: AtomicUsize::new(0),
            damaged: AtomicUsize::new(0),
            unwritten: AtomicUsize::new(0),
        })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What it was good for so far.
    pub fn used(&self) -> CacheUse {
        CacheUse {
            taken: self.taken.load(Relaxed),
            made: self.made.load(Relaxed),
            damaged: self.damaged.load(Relaxed),
            unwritten: self.unwritten.load(Relaxed),
        }
    }

    /// The page prepared, from the cache or by `prepare`, which is given the
    /// page's bytes and gives the parsed page too.
    pub(super) fn prepared(
        &self,
        labelled: LabelledPage,
        kind: InputKind,
        prepare: impl FnOnce(LabelledPage, InputKind, &[u8]) -> (PreparedPage, Page),
    ) -> Result<PreparedPage, CorpusError> {
        let bytes = labelled.read()?;
        let path = self
            .folder
            .join(format!("{}.page", key(&labelled, kind, &bytes)));
        let labelled = match File::open(&path) {
            Ok(file) => match read(file).and_then(|entry| entry.restore(labelled.clone(), kind)) {
                Some(page) => {
                    self.taken.fetch_add(1, Relaxed);
                    return Ok(page);
                }
                None => {
                    self.damaged.fetch_add(1, Relaxed);
                    labelled
                }
            },
            Err(_) => labelled,
        };
        let (page, parsed) = prepare(labelled, kind, &bytes);
        self.made.fetch_add(1, Relaxed);
        if self.write(&path, &Entry::of(&page, &parsed)).is_err() {
            self.unwritten.fetch_add(1, Relaxed);
        }
        Ok(page)
    }

    /// Not synced to the disk, unlike results: an entry that a failing machine
    /// leaves torn is found by its checksum.
    fn write(&self, path: &Path, entry: &Entry) -> io::Result<()> {
        let plain = postcard::to_stdvec(entry).map_err(io::Error::other)?;
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&plain)?;
        let packed = packed.finish()?;
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        for part in [MAGIC, &Sha256::digest(&packed), &packed] {
            file.write_all(part)?;
        }
        file.persist(path).map_err(|e| e.error)?;
        Ok(())
    }
}

/// `None` where the file holds no whole entry.
fn read(mut file: File) -> Option<Entry> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).ok()?;
    let (checksum, packed) = bytes
        .strip_prefix(MAGIC)?
        .split_at_checked(CHECKSUM_BYTES)?;
    if Sha256::digest(packed).as_slice() != checksum {
        return None;
    }
    let mut plain = Vec::new();
    GzDecoder::new(packed)
        .take(LARGEST)
        .read_to_end(&mut plain)
        .ok()?;
    postcard::from_bytes(&plain).ok()
}

/// SHA-256 of all that a prepared page depends on, in hexadecimal.
fn key(page: &LabelledPage, kind: InputKind, bytes: &[u8]) -> String {
    let mut hash = Sha256::new();
    let mut field = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    for (name, version) in dependency_versions() {
        field(name.as_bytes());
        field(version.as_bytes());
    }
    field(&schema_version(kind).to_le_bytes());
    field(design::columns(kind).join("\n").as_bytes());
    if kind == InputKind::Text {
        // The layout that it is flattened to depends on it.
        field(page.id.as_bytes());
    }
    field(page.profile.name().as_bytes());
    field(page.url.as_deref().unwrap_or_default().as_bytes());
    field(bytes);
    field(page.text.as_bytes());
    format!("{:x}", hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{Format, PageSource};
    use crate::model::Profile;
    use crate::train::{prepare, prepare_with};

    const HTML: &str = "<title>Ferry</title><ul class=menu><li><a href=/>Home</a> <a href=/n>News</a>\
        </ul><article id=a><h1>Ferry <em>back</em> in service</h1><p>After eleven weeks in the \
        yard the ferry sailed again on Monday morning.</p><p>Nobody on the quay had expected \
        it.</p></article><h3>2 comments</h3><ol><li class=comment>One<li class=comment>Two</ol>";

    fn page(html: &str, text: &str) -> LabelledPage {
        let source = PageSource::Inline(html.into());
        LabelledPage::new("ferry", Format::Fundus, source, text)
    }

    fn pages() -> Vec<LabelledPage> {
        vec![
            page(
                HTML,
                "After eleven weeks in the yard the ferry sailed again on Monday morning.",
            ),
            page("", ""),
        ]
    }

    fn entries(folder: &Path) -> Vec<PathBuf> {
        let mut paths: Vec<PathBuf> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        paths.sort();
        paths
    }

    #[test]
    fn what_is_taken_from_the_cache_is_what_was_prepared() {
        let folder = tempfile::tempdir().unwrap();
        let fresh = prepare(pages(), || {}).unwrap();
        for taken in [0, 2] {
            let cache = Cache::open(folder.path()).unwrap();
            let cached = prepare_with(pages(), InputKind::Html, Some(&cache), || {}).unwrap();
            assert_eq!(cache.used().taken, taken);
            for (a, b) in fresh.iter().zip(&cached) {
                assert_eq!(a.measured, b.measured);
                assert_eq!((&a.labels, &a.words), (&b.labels, &b.words));
                assert_eq!(a.coverage, b.coverage);
                assert_eq!(a.blocks.blocks, b.blocks.blocks);
                assert_eq!(
                    format!("{:?}", a.blocks.outline),
                    format!("{:?}", b.blocks.outline)
                );
            }
        }
        assert_eq!(entries(folder.path()).len(), 2);
    }

    #[test]
    fn another_gold_text_address_profile_or_kind_is_another_entry() {
        let mut others = vec![
            page(HTML, "a"),
            page(HTML, "b"),
            page(HTML, "a").at("https://a.example/"),
        ];
        others.push(LabelledPage {
            profile: Profile::Full,
            ..page(HTML, "a")
        });
        let html = |page| key(page, InputKind::Html, HTML.as_bytes());
        let mut keys: Vec<String> = others.iter().map(html).collect();
        keys.push(key(&others[0], InputKind::Html, b"<p>"));
        keys.push(key(&others[0], InputKind::Text, HTML.as_bytes()));
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), 6);
    }

    #[test]
    fn a_damaged_entry_is_counted_and_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let prepared = |damaged| {
            let cache = Cache::open(folder.path()).unwrap();
            let pages = prepare_with(pages(), InputKind::Html, Some(&cache), || {}).unwrap();
            assert_eq!(cache.used().damaged, damaged);
            pages[0].measured.clone()
        };
        let first = prepared(0);
        for path in entries(folder.path()) {
            let whole = fs::read(&path).unwrap();
            for at in [3, 20, whole.len() / 2, whole.len() - 1] {
                let mut changed = whole.clone();
                changed[at] ^= 0x40;
                fs::write(&path, changed).unwrap();
                assert_eq!(prepared(1), first);
                fs::write(&path, &whole[..at]).unwrap();
                assert_eq!(prepared(1), first);
            }
            assert_eq!(fs::read(&path).unwrap(), whole);
        }
    }

    #[test]
    fn a_folder_that_goes_away_costs_time_only() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path().join("cache")).unwrap();
        fs::remove_dir(cache.folder()).unwrap();
        assert_eq!(
            prepare_with(pages(), InputKind::Html, Some(&cache), || {})
                .unwrap()
                .len(),
            2
        );
        assert_eq!((cache.used().made, cache.used().unwritten), (2, 2));
    }
}
