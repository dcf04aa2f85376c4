//! Opening a sink.

use std::path::{Path, PathBuf};

use super::columns::columns;
use super::csv::Csv;
use super::encode::{Encode, Json, Jsonl, Rendering};
use super::form::Packing;
use super::journal::Fingerprint;
use super::out_dir::FolderSegment;
use super::place::{Ending, Place};
use super::resumable::{ErrorsTo, Resumable, Run};
use super::segment::{Bounds, Segment, TextSegment};
use super::stream::{Stream, StreamSink};
use super::{Content, Failure, Form, Mark, PageRecord, Sink, SinkError};

/// Where pages go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Standard output.
    Stdout,
    /// A file of all pages. A name that ends in `.gz` or `.zst` has it packed, by
    /// the thousand pages or 8 MB a gzip member or Zstandard frame. A pipe or a
    /// device is written to as pages come.
    File(PathBuf),
    /// A folder of a file a page, for [`Form::Content`] and [`Form::Json`]; new
    /// or empty.
    Folder(PathBuf),
}

/// How pages are written and whether a run is gone on with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Whether several pages may come: then [`Form::Content`] heads each and
    /// [`Form::Json`] makes an array. A file of one page is that page alone.
    pub several: bool,
    /// The renderings that [`Form::Csv`] and [`Form::Parquet`] have columns of.
    pub contents: Vec<Content>,
    /// A file of failures, as JSON lines; packed where its name ends in `.gz` or
    /// `.zst`.
    pub errors: Option<PathBuf>,
    /// What the run is.
    pub fingerprint: Fingerprint,
    /// Whether to go on with the unfinished run that lies there; where none
    /// does, one begins.
    pub resume: bool,
}

impl Default for Options {
    /// Several pages, their text, and a new run.
    fn default() -> Self {
        Self {
            several: true,
            contents: vec![Content::Text],
            errors: None,
            fingerprint: Fingerprint::new(),
            resume: false,
        }
    }
}

/// An open sink, and where to go on.
pub struct Opened {
    /// Takes the pages.
    pub sink: Box<dyn Sink>,
    /// Up to where an earlier run came that this one goes on with: inputs up to
    /// [`Mark::position`] are not to be given again.
    pub resumed: Option<Mark>,
}

/// What is held in memory, and how far apart checkpoints are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    /// Of a gzip member or Zstandard frame, before it is packed.
    pub(super) text: Bounds,
    /// Of a row group.
    #[cfg(feature = "parquet")]
    pub(super) rows: Bounds,
    /// Inputs between checkpoints, at most.
    pub(super) inputs: u64,
}

pub(super) const SIZES: Sizes = Sizes {
    text: Bounds {
        items: 1_000,
        bytes: 8 << 20,
    },
    #[cfg(feature = "parquet")]
    rows: Bounds {
        items: super::ROW_GROUP,
        bytes: super::ROW_GROUP_BYTES,
    },
    inputs: 1_000,
};

/// Opens a sink.
///
/// # Errors
/// When the target cannot be written to or not in this form, when an unfinished
/// run lies there and [`Options::resume`] is not said, and when it is and what
/// lies there is of another run, is damaged, or cannot be gone on with.
pub fn open(target: &Target, form: Form, options: Options) -> Result<Opened, SinkError> {
    open_within(target, form, options, SIZES)
}

pub(super) fn open_within(
    target: &Target,
    form: Form,
    options: Options,
    sizes: Sizes,
) -> Result<Opened, SinkError> {
    let streamed = |what: String| {
        if options.resume {
            return Err(SinkError::NotResumable { what });
        }
        Ok(())
    };
    match target {
        Target::Stdout => {
            streamed("standard output".to_owned())?;
            let pages = Stream::to_stdout(segment(form, Packing::Plain, &options, sizes)?)?;
            stream(pages, form, &options, sizes)
        }
        Target::File(path) => {
            let packing = Packing::of_form(form, path)?;
            let pages = segment(form, packing, &options, sizes)?;
            match Place::of_file(path, ending(form, &options))? {
                Some(place) => resumable(place, pages, form, options, sizes),
                None => {
                    streamed(path.display().to_string())?;
                    stream(Stream::to_file(path, pages)?, form, &options, sizes)
                }
            }
        }
        Target::Folder(path) => {
            let pages = FolderSegment::new(form, sizes.text)?;
            let place = Place::of_folder(path)?;
            let pages = pages.in_folder(&place.path);
            resumable(place, Box::new(pages), form, options, sizes)
        }
    }
}

fn resumable(
    place: Place,
    pages: Box<dyn Segment<PageRecord>>,
    form: Form,
    options: Options,
    sizes: Sizes,
) -> Result<Opened, SinkError> {
    let mut fingerprint = options.fingerprint;
    let contents: Vec<&str> = options
        .contents
        .iter()
        .map(|content| content.name())
        .collect();
    let several = if options.several {
        "of several pages"
    } else {
        "of one page"
    };
    let shape = format!("{} {several}: {}", form.name(), contents.join(", "));
    fingerprint.insert("the form of the output".to_owned(), shape);
    let mut errors = ErrorsTo::Nowhere;
    if let Some(path) = &options.errors {
        errors = match Place::of_file(path, Ending::Rename)? {
            None => ErrorsTo::Stream(Stream::to_file(path, failures(path, sizes))?),
            Some(errors) => {
                if errors.runs_into(&place)? {
                    return Err(SinkError::SamePlace { path: path.clone() });
                }
                let named = errors.whole_path()?.to_string_lossy().into_owned();
                fingerprint.insert("the file of failures".to_owned(), named);
                ErrorsTo::Place(errors, failures(path, sizes))
            }
        };
    }
    let run = Run {
        fingerprint,
        resume: options.resume,
        every: sizes.inputs,
    };
    let (sink, resumed) = Resumable::open(place, pages, errors, run)?;
    let sink = Box::new(sink);
    Ok(Opened { sink, resumed })
}

fn stream(
    pages: Stream<PageRecord>,
    form: Form,
    options: &Options,
    sizes: Sizes,
) -> Result<Opened, SinkError> {
    #[cfg(feature = "parquet")]
    let pages = match form {
        Form::Parquet => pages.spooled(columns(&options.contents))?,
        _ => pages,
    };
    #[cfg(not(feature = "parquet"))]
    let _ = form;
    let errors = match &options.errors {
        Some(path) => Some(Stream::to_file(path, failures(path, sizes))?),
        None => None,
    };
    Ok(Opened {
        sink: Box::new(StreamSink { pages, errors }),
        resumed: None,
    })
}

fn failures(path: &Path, sizes: Sizes) -> Box<dyn Segment<Failure>> {
    let packing = Packing::of_file(path);
    Box::new(TextSegment::new(Box::new(Jsonl), packing, sizes.text))
}

fn segment(
    form: Form,
    packing: Packing,
    options: &Options,
    sizes: Sizes,
) -> Result<Box<dyn Segment<PageRecord>>, SinkError> {
    let several = options.several;
    let encode: Box<dyn Encode<PageRecord>> = match form {
        Form::Content(content) => Box::new(Rendering { content, several }),
        Form::Json => Box::new(Json { several }),
        Form::Jsonl => Box::new(Jsonl),
        Form::Csv => Box::new(Csv(columns(&options.contents))),
        #[cfg(feature = "parquet")]
        Form::Parquet => {
            let rows = super::rows::RowGroup::new(columns(&options.contents), sizes.rows);
            return Ok(Box::new(rows.map_err(SinkError::Encode)?));
        }
    };
    Ok(Box::new(TextSegment::new(encode, packing, sizes.text)))
}

fn ending(form: Form, options: &Options) -> Ending {
    #[cfg(feature = "parquet")]
    if form == Form::Parquet {
        return Ending::Splice(columns(&options.contents));
    }
    let _ = (form, options);
    Ending::Rename
}
