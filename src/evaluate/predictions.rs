//! JSONL of any extractor's output → [`Predictions`] → scores of pages.
//!
//! A line is an object with `id` and `text`, and perhaps `quality` (the F1 that
//! the extractor expects, 0 to 1), `title`, `author` (or `authors`; a text or a
//! list of texts) and `date`; other keys are passed over, as are these where they
//! are of another kind, and blank lines. `text` may be `null` for nothing extracted, but it must be there.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Deserialize;
use serde_json::Value;

use super::{MetadataReport, PageScore, ToldMetadata, score_metadata, score_page};
use crate::corpus::LabelledPage;

/// Why predictions cannot be read. Lines count from 1.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluateError {
    /// The file cannot be opened.
    #[error("cannot open the predictions {}: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file cannot be read to its end.
    #[error("cannot read the predictions {} after line {line}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The last line that was read.
        line: usize,
        /// Why.
        source: io::Error,
    },
    /// A line is no prediction.
    #[error(
        "{}, line {line}, column {column}: {reason}; each line must be an object like \
         {{\"id\": \"page-1\", \"text\": \"…\"}}",
        path.display()
    )]
    Line {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// The byte of the line where it went wrong, from 1.
        column: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// Two lines predict the same page.
    #[error(
        "{}, line {line}: the page {id:?} is on line {first} already; \
         keep one of the two",
        path.display()
    )]
    Duplicate {
        /// The file.
        path: PathBuf,
        /// The second line.
        line: usize,
        /// The page's id.
        id: String,
        /// The first line.
        first: usize,
    },
}

/// What an extractor made of pages, by their ids.
#[derive(Debug, Clone, Default)]
pub struct Predictions {
    by_id: HashMap<String, Prediction>,
}

#[derive(Debug, Clone)]
struct Prediction {
    text: String,
    quality: Option<f64>,
    told: ToldMetadata,
    line: usize,
}

#[derive(Deserialize)]
struct Line {
    id: String,
    // With a function of its own, an `Option` may be null but not absent.
    #[serde(deserialize_with = "Option::deserialize")]
    text: Option<String>,
    quality: Option<f64>,
    #[serde(default)]
    title: Value,
    #[serde(default)]
    author: Value,
    #[serde(default)]
    authors: Value,
    #[serde(default)]
    date: Value,
}

/// A text that says something.
fn said(value: Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text),
        _ => None,
    }
}

impl Line {
    fn told(&mut self) -> ToldMetadata {
        let authors = [self.authors.take(), self.author.take()];
        let authors = authors.into_iter().find(|authors| !authors.is_null());
        let authors = match authors.unwrap_or_default() {
            Value::Array(authors) => authors,
            author => vec![author],
        };
        ToldMetadata {
            title: said(self.title.take()),
            authors: authors.into_iter().filter_map(said).collect(),
            date: said(self.date.take()),
        }
    }
}

impl Predictions {
    /// Reads a file, line by line.
    ///
    /// # Errors
    /// When the file cannot be read, a line is no prediction, or two lines have
    /// the same id.
    pub fn read(path: &Path) -> Result<Self, EvaluateError> {
        let file = File::open(path).map_err(|source| EvaluateError::Open {
            path: path.to_owned(),
            source,
        })?;
        Self::from_reader(BufReader::new(file), path)
    }

    /// Reads what `reader` gives; `path` stands for it in errors.
    ///
    /// # Errors
    /// As [`Predictions::read`].
    ///
    /// ```
    /// use dehusk::evaluate::Predictions;
    ///
    /// let jsonl = r#"{"id": "bridge", "text": "The old bridge reopened."}"#;
    /// let predictions = Predictions::from_reader(jsonl.as_bytes(), "-".as_ref())?;
    /// assert_eq!(predictions.len(), 1);
    /// # Ok::<(), dehusk::evaluate::EvaluateError>(())
    /// ```
    pub fn from_reader(mut reader: impl BufRead, path: &Path) -> Result<Self, EvaluateError> {
        let mut by_id: HashMap<String, Prediction> = HashMap::new();
        let mut bytes = Vec::new();
        let mut line = 0;
        loop {
            bytes.clear();
            let read =
                reader
                    .read_until(b'\n', &mut bytes)
                    .map_err(|source| EvaluateError::Read {
                        path: path.to_owned(),
                        line,
                        source,
                    })?;
            if read == 0 {
                return Ok(Self { by_id });
            }
            line += 1;
            // Some editors begin a file with a byte-order mark.
            let json = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
                Some(rest) if line == 1 => rest,
                _ => &bytes[..],
            };
            if json.trim_ascii().is_empty() {
                continue;
            }
            let mut parsed: Line = serde_json::from_slice(json).map_err(|error| {
                let place = format!(" at line {} column {}", error.line(), error.column());
                let reason = error.to_string();
                EvaluateError::Line {
                    path: path.to_owned(),
                    line,
                    column: error.column(),
                    reason: reason.strip_suffix(&place).unwrap_or(&reason).to_owned(),
                }
            })?;
            if let Some(first) = by_id.get(&parsed.id) {
                return Err(EvaluateError::Duplicate {
                    path: path.to_owned(),
                    line,
                    first: first.line,
                    id: parsed.id,
                });
            }
            let prediction = Prediction {
                told: parsed.told(),
                text: parsed.text.unwrap_or_default(),
                quality: parsed.quality,
                line,
            };
            by_id.insert(parsed.id, prediction);
        }
    }

    /// How many pages are predicted.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether no page is predicted.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// What was extracted from the page of that id; empty for nothing, `None`
    /// where the page is not predicted.
    pub fn text(&self, id: &str) -> Option<&str> {
        Some(&self.by_id.get(id)?.text)
    }

    /// Scores every page, in order, by the prediction of its id, and gives the
    /// ids of the pages that have none: they count as empty predictions, so
    /// that leaving out a hard page earns nothing. Pages of two corpora that
    /// share an id share its prediction.
    pub fn score(&self, pages: &[LabelledPage]) -> (Vec<PageScore>, Vec<String>) {
        let scores = pages
            .par_iter()
            .map(|page| match self.by_id.get(&page.id) {
                None => score_page(page, ""),
                Some(prediction) => {
                    let score = score_page(page, &prediction.text);
                    match prediction.quality {
                        Some(quality) => score.with_quality(quality),
                        None => score,
                    }
                }
            })
            .collect();
        let missing = pages
            .iter()
            .filter(|page| !self.by_id.contains_key(&page.id))
            .map(|page| page.id.clone())
            .collect();
        (scores, missing)
    }

    /// Scores what is told of each page beside its text; pages without a
    /// prediction count as ones of which nothing is. `None` where no prediction
    /// tells anything, or no page has gold; `seed` fixes the intervals.
    pub fn metadata(&self, pages: &[LabelledPage], seed: u64) -> Option<MetadataReport> {
        let nothing = ToldMetadata::default();
        if self
            .by_id
            .values()
            .all(|prediction| prediction.told == nothing)
        {
            return None;
        }
        let scores = pages.iter().map(|page| {
            let prediction = self.by_id.get(&page.id);
            score_metadata(
                page,
                prediction.map_or(&nothing, |prediction| &prediction.told),
            )
        });
        MetadataReport::new(scores.collect(), seed)
    }

    /// Ids of predictions that are of none of the pages, in the order of their
    /// lines: a sign of another corpus, or of ids written another way.
    pub fn unused(&self, pages: &[LabelledPage]) -> Vec<&str> {
        let known: HashSet<&str> = pages.iter().map(|page| page.id.as_str()).collect();
        let mut unused: Vec<(usize, &str)> = self
            .by_id
            .iter()
            .filter(|(id, _)| !known.contains(id.as_str()))
            .map(|(id, prediction)| (prediction.line, id.as_str()))
            .collect();
        unused.sort_unstable();
        unused.into_iter().map(|(_, id)| id).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::FieldSummary;
    use super::super::page_score::labelled;
    use super::*;
    use proptest::prelude::*;

    fn read(jsonl: &[u8]) -> Result<Predictions, EvaluateError> {
        Predictions::from_reader(jsonl, Path::new("peer.jsonl"))
    }

    fn message(jsonl: &[u8]) -> String {
        read(jsonl).unwrap_err().to_string()
    }

    #[test]
    fn pages_are_scored_by_id_and_those_without_prediction_as_empty() {
        let predictions = read(
            b"\xEF\xBB\xBF{\"id\": \"a\", \"text\": \"The council voted\", \"title\": 3}\r\n\n\
              {\"id\": \"z\", \"text\": \"\"}\n\
              {\"id\": \"b\", \"text\": null, \"quality\": 0.25}\n\
              {\"id\": \"y\", \"text\": \"\"}",
        )
        .unwrap();
        let pages = ["c", "b", "a"].map(|id| labelled(id, "wcxb", "The council voted"));
        let (scores, missing) = predictions.score(&pages);
        let found: Vec<(&str, f64)> = scores.iter().map(|s| (s.id.as_str(), s.f1)).collect();
        assert_eq!(found, [("c", 0.0), ("b", 0.0), ("a", 1.0)]);
        assert_eq!(scores[1].quality, Some(0.25));
        assert_eq!(missing, ["c"]);
        assert_eq!(predictions.unused(&pages), ["z", "y"]);
    }

    #[test]
    fn what_is_told_beside_the_text_is_scored() {
        let predictions = read(
            b"{\"id\": \"a\", \"text\": \"\", \"title\": \"Old bridge\", \"authors\": [\"Ada Lovelace\", 3], \"date\": 7}\n\
              {\"id\": \"b\", \"text\": \"\", \"author\": \"Ida Rhodes\"}",
        )
        .unwrap();
        let pages = ["a", "b", "c"].map(|id| LabelledPage {
            title: Some("Old bridge".to_owned()),
            author: Some("Ada Lovelace".to_owned()),
            date: Some("2024-05-17".to_owned()),
            ..labelled(id, "wcxb", "x")
        });
        let report = predictions.metadata(&pages, 0).unwrap().overall;
        let told = |field: Option<FieldSummary>| field.map(|field| (field.told, field.precision));
        assert_eq!(told(report.title), Some((1, Some(1.0))));
        assert_eq!(told(report.author), Some((2, Some(0.5))));
        assert_eq!(told(report.date), Some((0, None)));
        let texts = read(b"{\"id\": \"a\", \"text\": \"\", \"title\": \" \"}").unwrap();
        assert_eq!(texts.metadata(&pages, 0), None);
    }

    #[test]
    fn a_line_that_is_no_prediction_is_named() {
        let found = message(b"{\"id\": \"a\", \"text\": \"\"}\n{\"id\": 7, \"text\": \"\"}\n");
        assert!(
            found.starts_with("peer.jsonl, line 2, column 8: invalid type: integer `7`"),
            "{found}"
        );
        assert!(message(b"{\"id\": \"a\"}").contains("missing field `text`"));
        assert!(message(b"{\"id\": \"a\", \"text\": \"\xFF\"}").contains("line 1"));
    }

    #[test]
    fn a_page_predicted_twice_is_an_error_that_names_both_lines() {
        let found = message(b"{\"id\":\"a\",\"text\":\"\"}\n\n{\"id\":\"a\",\"text\":\"x\"}");
        assert!(
            found.starts_with("peer.jsonl, line 3: the page \"a\" is on line 1"),
            "{found}"
        );
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let error = Predictions::read(&folder.path().join("none.jsonl")).unwrap_err();
        assert!(matches!(error, EvaluateError::Open { .. }));
        assert!(error.to_string().contains("none.jsonl"));
    }

    #[test]
    fn a_file_is_read_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("peer.jsonl");
        let lines: String = (0..500)
            .map(|i| format!("{{\"id\": \"{i}\", \"text\": \"page {i}\"}}\n"))
            .collect();
        std::fs::write(&path, lines).unwrap();
        assert_eq!(Predictions::read(&path).unwrap().len(), 500);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let _ = read(&bytes);
        }

        #[test]
        fn any_lines_of_json_are_read_or_refused(
            lines in proptest::collection::vec(
                "(\\{\"id\": ?(\"[a-c]\"|null|3)(, \"text\": (\"x\"|null))?\\}?)|\\[\\]|\u{FEFF}", 0..6,
            ),
        ) {
            let _ = read(lines.join("\n").as_bytes());
        }
    }
}
