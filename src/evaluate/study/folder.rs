//! A [`Study`] → a folder: `index.html`, `report.json`, and tables as CSV.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use serde::Deserialize;

use super::Study;
use super::tables::TABLES;
use crate::evaluate::html;
use crate::sink::{FolderError, Replaceable, WholeFolder};

/// The page.
const PAGE: &str = "index.html";

/// The same data as the page, and how a folder of ours is known.
const JSON: &str = "report.json";

/// What a report may be written over: an earlier report, to which nobody has
/// added a file.
pub const REPORT_FOLDER: Replaceable = Replaceable {
    name: "an earlier report as it was written",
    is_ours: is_report,
};

/// Why a report cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// The folder cannot be written.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A table cannot be written as CSV.
    #[error("cannot write a table of the report: {0}")]
    Csv(#[from] csv::Error),
    /// The report cannot be written as JSON.
    #[error("cannot write the report as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The page cannot be formatted.
    #[error("cannot write the report's page: {0}")]
    Html(#[from] std::fmt::Error),
}

impl Study {
    /// Fills a folder and gives it its name.
    ///
    /// # Errors
    /// When a file cannot be written or the folder cannot take its name.
    pub fn write(&self, folder: WholeFolder) -> Result<(), StudyError> {
        let tables = self.tables()?;
        let names = tables.iter().map(|(name, _)| *name);
        let files: Vec<&str> = std::iter::once(JSON).chain(names).collect();
        folder.write(PAGE, html::page(self, &files)?.as_bytes())?;
        let mut json = serde_json::to_vec(self)?;
        json.push(b'\n');
        folder.write(JSON, &json)?;
        for (name, bytes) in &tables {
            folder.write(name, bytes)?;
        }
        Ok(folder.finish()?)
    }
}

/// Whether a folder holds a report and no file but those of one.
fn is_report(path: &Path) -> bool {
    #[derive(Deserialize)]
    struct Kind {
        kind: String,
    }
    let is_kind = File::open(path.join(JSON)).is_ok_and(|file| {
        serde_json::from_reader::<_, Kind>(BufReader::new(file))
            .is_ok_and(|found| found.kind == Study::KIND)
    });
    let is_known = |name: &str| {
        let mut tables = TABLES.iter().map(|(table, _)| *table);
        name == PAGE || name == JSON || tables.any(|table| table == name)
    };
    is_kind
        && path.read_dir().is_ok_and(|mut entries| {
            entries.all(|entry| {
                entry.is_ok_and(|entry| entry.file_name().to_str().is_some_and(is_known))
            })
        })
}
