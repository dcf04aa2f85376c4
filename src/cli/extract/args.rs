//! The flags of `dehusk extract`, and what they come to.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, ensure};
use clap::ValueEnum;
use sha2::{Digest, Sha256};

use super::super::extraction::How;
use crate::extract::Extractor;
use crate::model::Model;
use crate::page::InputKind;
use crate::render::{RenderOptions, Renderings};
use crate::sink::{Content, Fingerprint, Form, Options, Target};
use crate::site::SiteModel;
use crate::source::{Fields, MAX_BYTES, Named, PathList, Plain, Survey};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  dehusk extract page.html                          the article, as text
  dehusk extract -f markdown https://example.org/a  of a page in the web
  dehusk extract crawl/ -o texts.jsonl              every page below a folder
  dehusk extract crawl.warc.gz -o texts.parquet --errors failed.jsonl
  dehusk extract crawl.warc.gz -o texts.parquet --errors failed.jsonl --resume
  dehusk extract pages.jsonl --html-field body --with markdown -o out.jsonl.zst
  dehusk extract crawl/ -f markdown --out-dir texts/
  find . -name '*.html' -print0 | dehusk extract --from-file - -f jsonl
  dehusk extract --site-context crawl.warc.wet.gz -o texts.jsonl
  dehusk extract --url https://example.org/a - < page.html")]
pub(in crate::cli) struct Args {
    /// Files, folders (every page and WARC below them), patterns, addresses, or
    /// `-` for standard input. A file may be a page, WARC, JSONL, CSV or
    /// Parquet, gzipped or zstd-compressed: which, is told by name and content
    #[arg(required_unless_present = "from_file", value_name = "INPUT")]
    inputs: Vec<OsString>,
    /// Read names of inputs from this file (`-` for standard input), one a line
    /// or separated by NUL
    #[arg(long, value_name = "FILE")]
    from_file: Option<PathBuf>,
    #[command(flatten)]
    pub(super) output: Output,
    /// Stop at the first input that fails
    #[arg(long)]
    pub(super) fail_fast: bool,
    /// Bytes read of a page, unpacked; the rest is cut off with a warning. k, M
    /// and G stand for thousands, millions and billions
    #[arg(long, value_name = "BYTES", default_value_t = MAX_BYTES, value_parser = bytes)]
    pub(super) max_bytes: usize,
    /// Seconds that extracting a page may take; one that takes longer fails
    /// [default: as long as it takes, so that the same inputs give the same output
    /// on any machine]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(super) timeout: Option<Duration>,
    /// Threads that extract [default: one a core]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Read all inputs twice: first to count what recurs over the pages of a site
    /// (by their addresses, or canonical links), then to extract them with that in
    /// mind. Not for standard input or addresses
    #[arg(long)]
    pub(super) site_context: bool,
    /// Weigh what recurs by this file, which `train --site-context` wrote, for
    /// pages of its kind
    #[arg(long, value_name = "FILE", requires = "site_context")]
    pub(super) site_model: Option<PathBuf>,
    #[command(flatten)]
    pub(super) how: How,
    #[command(flatten)]
    pub(super) tables: Tables,
    #[cfg(feature = "fetch")]
    #[command(flatten)]
    pub(super) fetching: super::super::fetching::Fetching,
}

/// Where results go, and how they look.
#[derive(Debug, clap::Args)]
pub(super) struct Output {
    /// Form of the output [default: by the name of the output file, else text]
    #[arg(short, long, value_enum)]
    pub(super) format: Option<Format>,
    /// Renderings that json, jsonl, csv and parquet have beside the text
    #[arg(long, value_enum, value_name = "RENDERING", value_delimiter = ',')]
    pub(super) with: Vec<With>,
    /// Show links of Markdown, HTML and TEI as their text
    #[arg(long)]
    no_links: bool,
    /// Leave images out of Markdown, HTML and TEI
    #[arg(long)]
    no_images: bool,
    /// Write to this file (it appears whole or not at all); .gz and .zst
    /// compress it
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Write a file a page into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "output")]
    pub(super) out_dir: Option<PathBuf>,
    /// Write what failed to this file, as JSON lines of source, offset, id and
    /// reason
    #[arg(long, value_name = "FILE")]
    pub(super) errors: Option<PathBuf>,
    /// Go on with a run that was interrupted or killed; begin where there is none
    #[arg(long)]
    pub(super) resume: bool,
}

impl Output {
    /// Where pages go.
    pub(super) fn target(&self) -> Target {
        match (&self.output, &self.out_dir) {
            (Some(file), _) => Target::File(file.clone()),
            (None, Some(folder)) => Target::Folder(folder.clone()),
            (None, None) => Target::Stdout,
        }
    }

    /// The form that is asked for, by itself or by the file's name.
    pub(super) fn form(&self) -> Form {
        match self.format {
            None => (self.output.as_deref())
                .and_then(Form::of_file)
                .unwrap_or(Form::Content(Content::Plain)),
            Some(Format::Text) => Form::Content(Content::Plain),
            Some(Format::Markdown) => Form::Content(Content::Markdown),
            Some(Format::Html) => Form::Content(Content::Html),
            Some(Format::Tei) => Form::Content(Content::Tei),
            Some(Format::Json) => Form::Json,
            Some(Format::Jsonl) => Form::Jsonl,
            Some(Format::Csv) => Form::Csv,
            #[cfg(feature = "parquet")]
            Some(Format::Parquet) => Form::Parquet,
        }
    }

    /// The renderings that the output has.
    fn contents(&self) -> Vec<Content> {
        let mut contents = vec![Content::Text];
        if let Form::Content(content) = self.form() {
            contents.push(content);
        }
        contents.extend(self.with.iter().filter_map(|with| match with {
            With::Markdown => Some(Content::Markdown),
            With::Html => Some(Content::Html),
            With::Tei => Some(Content::Tei),
            With::Blocks => None,
        }));
        contents.sort_unstable();
        contents.dedup();
        contents
    }

    /// The renderings to be made.
    pub(super) fn renderings(&self) -> Renderings {
        let contents = self.contents();
        Renderings {
            plain: contents.contains(&Content::Plain),
            markdown: contents.contains(&Content::Markdown),
            html: contents.contains(&Content::Html),
            tei: contents.contains(&Content::Tei),
            blocks: self.with.contains(&With::Blocks),
            metadata: !matches!(self.form(), Form::Content(_)),
            options: RenderOptions {
                links: !self.no_links,
                images: !self.no_images,
            },
        }
    }

    /// Whether what is asked for can be had together.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let blocks = self.with.contains(&With::Blocks);
        ensure!(
            !blocks || matches!(self.form(), Form::Json | Form::Jsonl),
            "--with blocks is for json and jsonl: give -f jsonl"
        );
        Ok(())
    }

    /// Whether several pages can be written where they are to go.
    pub(super) fn check_for(&self, several: bool) -> anyhow::Result<()> {
        let is_tei = self.form() == Form::Content(Content::Tei);
        ensure!(
            !(several && is_tei && self.out_dir.is_none()),
            "TEI is an XML document a page, and several are none: give --out-dir DIR"
        );
        Ok(())
    }

    /// How the sink is opened, but for what it knows of the inputs.
    pub(super) fn options(&self) -> Options {
        Options {
            contents: self.contents(),
            errors: self.errors.clone(),
            resume: self.resume,
            ..Options::default()
        }
    }

    /// Whether results appear on the terminal that progress would be shown on.
    pub(super) fn runs_into_progress(&self) -> bool {
        self.target() == Target::Stdout && io::stdout().is_terminal()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// The text alone; of several pages each headed `==> id <==`
    Text,
    /// The content as Markdown (CommonMark with tables)
    Markdown,
    /// The content as clean HTML
    Html,
    /// The content and its metadata as TEI P5, an XML document a page: several
    /// need --out-dir
    Tei,
    /// An object; of several pages an array of them
    Json,
    /// An object a line
    Jsonl,
    /// A table, a row a page
    Csv,
    /// A table in columns, typed and compressed
    #[cfg(feature = "parquet")]
    Parquet,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum With {
    /// A field `markdown`
    Markdown,
    /// A field `html`
    Html,
    /// A field `tei`
    Tei,
    /// A field `blocks`, of every block with its probability; json and jsonl
    Blocks,
}

/// The fields of tables.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "JSONL, CSV and Parquet inputs")]
pub(super) struct Tables {
    /// Field or column of a page's HTML [default: the first there is of html,
    /// html_base64, html_path, content, raw_html, body]
    #[arg(long, visible_alias = "html-column", value_name = "NAME")]
    html_field: Option<String>,
    /// Field or column of a page's id [default: id, else the line or row]
    #[arg(long, visible_alias = "id-column", value_name = "NAME")]
    id_field: Option<String>,
    /// Field or column of a page's address [default: url]
    #[arg(long, visible_alias = "url-column", value_name = "NAME")]
    url_field: Option<String>,
}

impl Tables {
    pub(super) fn fields(&self) -> Fields {
        Fields {
            html: self.html_field.clone(),
            id: self.id_field.clone(),
            url: self.url_field.clone(),
        }
    }
}

impl Args {
    /// All that was named, on the command line and in a list.
    pub(super) fn named(&self) -> anyhow::Result<Vec<Named>> {
        let mut named: Vec<Named> = self.inputs.iter().map(|input| Named::of(input)).collect();
        if let Some(list) = &self.from_file {
            let fails = || format!("list {}", list.display());
            let read: Box<dyn Read> = if list == Path::new("-") {
                Box::new(io::stdin())
            } else {
                Box::new(File::open(list).with_context(fails)?)
            };
            let plain = Plain::new(read).with_context(fails)?;
            for path in PathList::new(plain) {
                named.push(Named::of(path.with_context(fails)?.as_os_str()));
            }
        }
        Ok(named)
    }

    /// What must be the same for a run to be gone on with.
    pub(super) fn fingerprint(
        &self,
        survey: &Survey,
        extractor: &Extractor,
    ) -> anyhow::Result<Fingerprint> {
        let output = format!("{:?}, {:?}", self.output.form(), self.output.renderings());
        let reading = format!("{:?}, {} bytes a page", self.tables, self.max_bytes);
        let rules = format!("{:?}, {:?} a page", self.how, self.timeout);
        let mut models = Sha256::new();
        if self.site_context {
            models.update(b"site context");
            for kind in [InputKind::Html, InputKind::Text] {
                models.update(SiteModel::shipped_for(kind).to_toml()?);
            }
        }
        if let Some(path) = &self.site_model {
            models.update(std::fs::read(path).with_context(|| path.display().to_string())?);
        }
        for kind in [InputKind::Html, InputKind::Text] {
            // To read a shipped model and write it again would give its bytes.
            match extractor.own_model(kind) {
                Some(model) => models.update(model.to_bytes()?),
                None => models.update(Model::shipped_bytes(kind)),
            }
        }
        Ok([
            ("version", env!("CARGO_PKG_VERSION").to_owned()),
            ("inputs", survey.fingerprint.clone()),
            ("output", output),
            ("reading", reading),
            ("extraction", rules),
            ("model", format!("{:x}", models.finalize())),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into())
    }

    /// Sets how many threads extract.
    pub(super) fn use_threads(&self) -> anyhow::Result<()> {
        if let Some(threads) = self.threads {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads.into())
                .build_global()
                .context("cannot start the threads")?;
        }
        Ok(())
    }
}

/// Parses a time that is not zero.
fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .filter(|time| !time.is_zero())
        .ok_or_else(|| "a number of seconds is wanted: 60, 0.5".to_owned())
}

/// Parses a number of bytes.
fn bytes(text: &str) -> Result<usize, String> {
    let wrong = || "a number of bytes is wanted: 500000, 500k, 20M, 1G".to_owned();
    let (digits, times) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (&text[..at], 1_000),
        Some((at, 'm' | 'M')) => (&text[..at], 1_000_000),
        Some((at, 'g' | 'G')) => (&text[..at], 1_000_000_000),
        _ => (text, 1),
    };
    let number: usize = digits.parse().map_err(|_| wrong())?;
    let bytes = number.checked_mul(times).ok_or_else(wrong)?;
    if bytes == 0 { Err(wrong()) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds_and_parts_of_them() {
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for wrong in ["", "0", "-1", "1m", "inf", "NaN"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn numbers_of_bytes_may_be_written_short() {
        assert_eq!(bytes("20M"), Ok(20_000_000));
        assert_eq!(bytes("500"), Ok(500));
        for wrong in ["", "0", "k", "1T", "-1", "99999999999999G", "1.5M"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }
}
