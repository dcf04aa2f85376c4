//! Runs of many pages, whole and interrupted.

mod finishing;
mod forms;
mod refusals;
mod resuming;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::open::{Sizes, open_within};
use super::segment::Bounds;
use super::{Content, Failure, Form, Options, PageRecord, Sink, SinkError, Target};
use crate::{Extraction, Extractor};

/// What an input gives.
#[derive(Debug, Clone)]
enum Given {
    Page(Box<PageRecord>),
    Failure(Failure),
    Nothing,
}

/// Segments of few pages, so that short runs have many.
const SMALL: Sizes = Sizes {
    text: Bounds {
        items: 4,
        bytes: 2_000,
    },
    #[cfg(feature = "parquet")]
    rows: Bounds {
        items: 5,
        bytes: 2_500,
    },
    inputs: 6,
};

static EXTRACTION: LazyLock<Extraction> = LazyLock::new(|| {
    let page = b"<title>The bridge</title><p>The old bridge over the river was opened again.";
    Extractor::default().extract(page, &Default::default())
});

fn page(id: &str, text: &str) -> PageRecord {
    let mut extraction = EXTRACTION.clone();
    extraction.text = text.to_owned();
    PageRecord {
        id: id.to_owned(),
        source: "crawl.warc.gz".to_owned(),
        offset: None,
        extraction,
    }
}

/// Inputs of all kinds: short and long pages, pages of one id, failures, and
/// inputs that give nothing.
fn inputs(number: usize) -> Vec<Given> {
    let input = |at: usize| {
        let offset = Some(at as u64 * 1_000);
        match at % 7 {
            3 => Given::Nothing,
            5 => Given::Failure(Failure {
                source: "crawl.warc.gz".to_owned(),
                offset,
                id: at.is_multiple_of(2).then(|| format!("p{at}")),
                reason: format!("record {at} is cut, \"so\" it is"),
            }),
            kind => {
                let words = format!("=Page {at}, \u{4e0a}\u{6d77};\n");
                let mut page = page(
                    &format!("site/{}", if kind == 1 { 1 } else { at }),
                    &words.repeat(at * at % 41),
                );
                page.offset = offset.filter(|_| kind != 2);
                page.extraction.title = (kind != 4).then(|| format!("Title {at}"));
                page.extraction.quality = at as f32 / 3.0;
                page.extraction.warnings = vec!["cut".to_owned(); at % 3];
                Given::Page(Box::new(page))
            }
        }
    };
    (0..number).map(input).collect()
}

fn give(sink: &mut dyn Sink, at: usize, given: &Given) -> Result<(), SinkError> {
    match given {
        Given::Page(page) => sink.write(page)?,
        Given::Failure(failure) => sink.fail(failure)?,
        Given::Nothing => {}
    }
    sink.advance((at + 1).into())
}

/// What a run writes to.
#[derive(Debug, Clone)]
struct Output {
    form: Form,
    target: Target,
    errors: Option<PathBuf>,
}

impl Output {
    fn file(folder: &Path, name: &str, errors: Option<&str>) -> Self {
        let path = folder.join(name);
        Self {
            form: Form::of_file(&path).unwrap(),
            target: Target::File(path),
            errors: errors.map(|errors| folder.join(errors)),
        }
    }

    fn folder(folder: &Path) -> Self {
        Self {
            form: Form::Content(Content::Text),
            target: Target::Folder(folder.join("pages")),
            errors: Some(folder.join("errors.jsonl")),
        }
    }

    /// One of every form and packing.
    fn all(folder: &Path) -> Vec<Self> {
        let errors = Some("errors.jsonl");
        vec![
            Self::file(folder, "pages.txt", None),
            Self::file(folder, "pages.json", errors),
            Self::file(folder, "pages.jsonl", errors),
            Self::file(folder, "pages.jsonl.gz", Some("errors.jsonl.zst")),
            Self::file(folder, "pages.json.zst", Some("errors.jsonl.gz")),
            Self::file(folder, "pages.csv.zst", errors),
            Self::file(folder, "pages.txt.gz", None),
            #[cfg(feature = "parquet")]
            Self::file(folder, "pages.parquet", errors),
            Self::folder(folder),
        ]
    }

    fn options(&self, resume: bool) -> Options {
        Options {
            errors: self.errors.clone(),
            fingerprint: [("inputs".to_owned(), "all".to_owned())].into(),
            resume,
            ..Options::default()
        }
    }

    /// Opens it, and tells how many inputs are done with.
    fn open(&self, resume: bool) -> Result<(Box<dyn Sink>, usize), SinkError> {
        let opened = open_within(&self.target, self.form, self.options(resume), SMALL)?;
        let done = opened.resumed.and_then(|mark| mark.position.as_u64());
        Ok((opened.sink, done.unwrap_or(0) as usize))
    }

    /// Writes all inputs in one go.
    fn run(&self, inputs: &[Given]) {
        let (sink, done) = self.open(false).unwrap();
        assert_eq!(done, 0);
        finish_from(sink, done, inputs);
    }
}

fn finish_from(mut sink: Box<dyn Sink>, done: usize, inputs: &[Given]) {
    for (at, given) in inputs.iter().enumerate().skip(done) {
        give(&mut *sink, at, given).unwrap();
    }
    sink.finish().unwrap();
}

/// The files below a folder, by their paths.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    let files = files.map(|entry| {
        let below = entry.path().strip_prefix(folder).unwrap().to_owned();
        (below, fs::read(entry.path()).unwrap())
    });
    files.collect()
}

/// Puts a folder back as it was.
fn restore(folder: &Path, was: &BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            fs::remove_dir_all(entry.path()).unwrap();
        } else {
            fs::remove_file(entry.path()).unwrap();
        }
    }
    for (path, bytes) in was {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}
