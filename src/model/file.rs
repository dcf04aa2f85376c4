//! The model file.
//!
//! ```text
//! magic      b"dehusk model\n"
//! version    u32, little-endian like all numbers
//! header     u32 length, then that many bytes of JSON: kind of pages (none
//!            for HTML), schema version, columns, kind of classifier,
//!            calibrations, selection, provenance
//! payload    u32 length, then the numbers of the term models and of the
//!            classifier
//! checksum   SHA-256 of all bytes before it
//! ```
//!
//! A file loads, or fails with one sentence that says why. What it makes the
//! reader allocate is in proportion to its bytes, but for the buckets of each
//! term model: a byte says how many, up to 2^20 (1 MiB).

use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::payload::{self, Reader};
use super::{Calibration, Model, PageCalibration, Provenance, design};
use crate::feature::schema_version;
use crate::page::InputKind;
use crate::select::Selection;

/// Version of the file's layout.
pub const FORMAT_VERSION: u32 = 3;

const MAGIC: &[u8] = b"dehusk model\n";
const CHECKSUM_BYTES: usize = 32;

/// Why a model cannot be loaded or saved.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The file cannot be read or written.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The bytes are no model file.
    #[error("this is not a dehusk model file")]
    Foreign,
    /// The layout is of another time.
    #[error(
        "model format {found} is not the {FORMAT_VERSION} that this dehusk reads: \
         train the model again, or use the dehusk that wrote it"
    )]
    FormatVersion {
        /// Version in the file.
        found: u32,
    },
    /// The file ends too early.
    #[error("the model file is truncated: it ends at byte {bytes}")]
    Truncated {
        /// Length of the file.
        bytes: usize,
    },
    /// The checksum does not match.
    #[error("the model file is damaged: its checksum does not match")]
    Checksum,
    /// The features are others than this build computes.
    #[error(
        "the model was trained on feature schema {found}, this dehusk computes schema \
         {expected}: train the model again"
    )]
    Schema {
        /// Schema version in the file.
        found: u32,
        /// That of this build for such pages.
        expected: u32,
    },
    /// The model judges pages of another kind.
    #[error(
        "the model is of {} pages, and this is to be read as {}: take a model that was trained \
         with `--input {}`, or read the page with `--input {}`",
        .model.name(), .page.name(), .page.name(), .model.name()
    )]
    Kind {
        /// What the model judges.
        model: InputKind,
        /// What it was asked to judge.
        page: InputKind,
    },
    /// The content contradicts itself.
    #[error("the model file is invalid: {0}")]
    Invalid(String),
}

#[derive(Serialize, Deserialize)]
struct Header {
    #[serde(default, skip_serializing_if = "InputKind::is_html")]
    input: InputKind,
    schema_version: u32,
    classifier: String,
    selection: Selection,
    provenance: Provenance,
    calibration: Calibration,
    page_calibration: PageCalibration,
    columns: Vec<String>,
}

impl Model {
    /// Reads a model file.
    ///
    /// # Errors
    /// When it cannot be read, is no model, is damaged, or is of another
    /// format or schema version.
    pub fn load(path: &Path) -> Result<Self, ModelError> {
        Self::from_bytes(&std::fs::read(path)?)
    }

    /// Writes a model file, whole or not at all.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), ModelError> {
        crate::sink::write_whole(path, &self.to_bytes()?)?;
        Ok(())
    }

    /// The bytes of the model's file.
    ///
    /// # Errors
    /// When the model is too large for the format (4 GiB).
    pub fn to_bytes(&self) -> Result<Vec<u8>, ModelError> {
        let header = Header {
            input: self.kind,
            schema_version: schema_version(self.kind),
            classifier: payload::kind(&self.classifier).to_owned(),
            selection: self.selection,
            provenance: self.provenance.clone(),
            calibration: self.calibration,
            page_calibration: self.page_calibration,
            columns: design::columns(self.kind),
        };
        let header = serde_json::to_vec(&header).map_err(|e| ModelError::Invalid(e.to_string()))?;
        let payload = payload::write(&self.terms, &self.classifier)?;
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
        for part in [&header, &payload] {
            bytes.extend_from_slice(&payload::size(part.len())?.to_le_bytes());
            bytes.extend_from_slice(part);
        }
        let checksum = Sha256::digest(&bytes);
        bytes.extend_from_slice(&checksum);
        Ok(bytes)
    }

    /// Reads the bytes of a model file.
    ///
    /// # Errors
    /// As for [`Model::load`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let whole = |body: &[u8], checksum: &[u8]| Sha256::digest(body).as_slice() == checksum;
        Self::read(bytes, whole)
    }

    /// Reads a file's bytes that nothing can have damaged: those compiled in.
    pub(super) fn from_sound_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        Self::read(bytes, |_, _| true)
    }

    /// Reads a file's bytes if `is_sound` says so of what is before the checksum
    /// and of the checksum.
    fn read(bytes: &[u8], is_sound: impl Fn(&[u8], &[u8]) -> bool) -> Result<Self, ModelError> {
        let truncated = ModelError::Truncated { bytes: bytes.len() };
        let Some(rest) = bytes.strip_prefix(MAGIC) else {
            return Err(if MAGIC.starts_with(bytes) && !bytes.is_empty() {
                truncated
            } else {
                ModelError::Foreign
            });
        };
        let mut reader = Reader::new(rest);
        let Ok(version) = reader.u32() else {
            return Err(truncated);
        };
        if version != FORMAT_VERSION {
            return Err(ModelError::FormatVersion { found: version });
        }
        let mut part = || {
            let len = reader.u32().ok()?;
            reader.take(len as usize)
        };
        let (Some(header), Some(payload)) = (part(), part()) else {
            return Err(truncated);
        };
        if reader.rest.len() < CHECKSUM_BYTES {
            return Err(truncated);
        }
        let (body, checksum) = bytes.split_at(bytes.len() - CHECKSUM_BYTES);
        if reader.rest.len() != CHECKSUM_BYTES || !is_sound(body, checksum) {
            return Err(ModelError::Checksum);
        }
        let header: Header = serde_json::from_slice(header)
            .map_err(|e| ModelError::Invalid(format!("its header does not parse: {e}")))?;
        let expected = schema_version(header.input);
        if header.schema_version != expected {
            let found = header.schema_version;
            return Err(ModelError::Schema { found, expected });
        }
        if header.columns != design::columns(header.input) {
            return Err(ModelError::Invalid(
                "its columns are not those of its schema version".to_owned(),
            ));
        }
        check_calibration(header.calibration, &header.page_calibration)?;
        let (terms, classifier) = payload::read(payload, &header.classifier, header.columns.len())?;
        Ok(Self {
            kind: header.input,
            terms,
            classifier,
            calibration: header.calibration,
            page_calibration: header.page_calibration,
            selection: header.selection,
            provenance: header.provenance,
        })
    }
}

fn check_calibration(calibration: Calibration, pages: &PageCalibration) -> Result<(), ModelError> {
    let Calibration { slope, shift } = calibration;
    let invalid = |what: &str| Err(ModelError::Invalid(what.to_owned()));
    if !(slope.is_finite() && slope >= 0.0 && shift.is_finite()) {
        return invalid("its calibration is no line that rises");
    }
    if !pages.coefficients.iter().all(|c| c.is_finite()) {
        return invalid("its calibration of pages is not finite");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
