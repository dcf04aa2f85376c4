//! Forms of output, told from names.

use std::io::{self, Write};
use std::path::Path;

use flate2::write::GzEncoder;

use super::{Content, SinkError};

/// How pages are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// A rendering alone; of several pages each headed `==> id <==`.
    Content(Content),
    /// A JSON object; of several pages an array of them.
    Json,
    /// A JSON object a line.
    Jsonl,
    /// A table as CSV (RFC 4180), with a line of names.
    ///
    /// A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@` or their
    /// full-width forms for a formula, and a page's text must not become one
    /// (OWASP, *CSV Injection*). Such a text, after any white space and
    /// apostrophes, is written with an apostrophe before it, as is one that
    /// begins with a tab or an end of line. Take one apostrophe away from a cell
    /// of that kind to have the text as it was.
    Csv,
    /// A table as Apache Parquet, compressed by Zstandard.
    #[cfg(feature = "parquet")]
    Parquet,
}

impl Form {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Content(content) => content.name(),
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            #[cfg(feature = "parquet")]
            Self::Parquet => "parquet",
        }
    }

    /// The form that a file's name asks for (`pages.csv`, `pages.jsonl.gz`), if
    /// it asks for one.
    ///
    /// ```
    /// use dehusk::sink::Form;
    ///
    /// assert_eq!(Form::of_file("out/pages.JSONL.zst".as_ref()), Some(Form::Jsonl));
    /// assert_eq!(Form::of_file("pages".as_ref()), None);
    /// ```
    pub fn of_file(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
        let packing = Packing::of_file(path);
        let name = packing
            .ending()
            .map_or(&*name, |ending| name.strip_suffix(ending).unwrap_or(&name));
        Some(match name.rsplit_once('.')?.1 {
            "txt" | "text" => Self::Content(Content::Plain),
            "md" | "markdown" => Self::Content(Content::Markdown),
            "html" | "htm" => Self::Content(Content::Html),
            "xml" | "tei" => Self::Content(Content::Tei),
            "json" => Self::Json,
            "jsonl" | "ndjson" => Self::Jsonl,
            "csv" => Self::Csv,
            #[cfg(feature = "parquet")]
            "parquet" => Self::Parquet,
            _ => return None,
        })
    }
}

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Plain,
    Gzip,
    Zstd,
}

impl Packing {
    /// What the file's name asks for.
    pub(super) fn of_file(path: &Path) -> Self {
        let ending = path.extension().unwrap_or_default();
        if ending.eq_ignore_ascii_case("gz") {
            Self::Gzip
        } else if ending.eq_ignore_ascii_case("zst") {
            Self::Zstd
        } else {
            Self::Plain
        }
    }

    /// Of a file that is of this form, which may be packed in itself.
    pub(super) fn of_form(form: Form, path: &Path) -> Result<Self, SinkError> {
        let packing = Self::of_file(path);
        #[cfg(feature = "parquet")]
        if form == Form::Parquet && packing != Self::Plain {
            return Err(SinkError::Form {
                form: form.name(),
                place: "to a .gz or .zst file",
                remedy: "it is compressed as it is, so let the name end in .parquet",
            });
        }
        #[cfg(not(feature = "parquet"))]
        let _ = form;
        Ok(packing)
    }

    fn ending(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Gzip => Some(".gz"),
            Self::Zstd => Some(".zst"),
        }
    }

    /// Writes `bytes` as a member (gzip) or frame (Zstandard) of their own: files
    /// of several are files as well, and can be cut between any two.
    pub(super) fn write(self, bytes: &[u8], out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Plain => out.write_all(bytes),
            Self::Gzip => {
                let mut packed = GzEncoder::new(out, flate2::Compression::default());
                packed.write_all(bytes)?;
                packed.finish().map(drop)
            }
            Self::Zstd => {
                let mut packed = zstd::Encoder::new(out, zstd::DEFAULT_COMPRESSION_LEVEL)?;
                packed.include_checksum(true)?;
                packed.set_pledged_src_size(Some(bytes.len() as u64))?;
                packed.write_all(bytes)?;
                packed.finish().map(drop)
            }
        }
    }
}
