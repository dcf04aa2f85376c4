//! The model file.
//!
//! ```text
//! magic      b"dehusk model\n"
//! version    u32, little-endian like all numbers
//! header     u32 length, then that many bytes of JSON: schema version,
//!            features, kind of classifier, selection, provenance
//! payload    u32 length, then the classifier's numbers
//! checksum   SHA-256 of all bytes before it
//! ```
//!
//! A file loads, or fails with one sentence that says why; sizes are checked
//! against the bytes that are there before anything is allocated.

use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::linear::Linear;
use super::trees::{Link, Node, Tree, TreeEnsemble};
use super::{Classifier, Model, Provenance, feature_names};
use crate::feature::SCHEMA_VERSION;
use crate::select::Selection;

/// Version of the file's layout.
pub const FORMAT_VERSION: u32 = 1;

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
         {SCHEMA_VERSION}: train the model again"
    )]
    Schema {
        /// Schema version in the file.
        found: u32,
    },
    /// The content contradicts itself.
    #[error("the model file is invalid: {0}")]
    Invalid(String),
}

#[derive(Serialize, Deserialize)]
struct Header {
    schema_version: u32,
    classifier: String,
    selection: Selection,
    provenance: Provenance,
    features: Vec<String>,
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
            schema_version: SCHEMA_VERSION,
            classifier: match &self.classifier {
                Classifier::Linear(_) => "linear".to_owned(),
                Classifier::Trees(_) => "trees".to_owned(),
            },
            selection: self.selection,
            provenance: self.provenance.clone(),
            features: self.features.clone(),
        };
        let header = serde_json::to_vec(&header).map_err(|e| ModelError::Invalid(e.to_string()))?;
        let payload = match &self.classifier {
            Classifier::Linear(linear) => write_linear(linear),
            Classifier::Trees(trees) => write_trees(trees)?,
        };
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
        for part in [&header, &payload] {
            bytes.extend_from_slice(&size(part.len())?.to_le_bytes());
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
        let truncated = ModelError::Truncated { bytes: bytes.len() };
        let Some(rest) = bytes.strip_prefix(MAGIC) else {
            return Err(if MAGIC.starts_with(bytes) && !bytes.is_empty() {
                truncated
            } else {
                ModelError::Foreign
            });
        };
        let mut reader = Reader { rest };
        let version = reader.u32()?;
        if version != FORMAT_VERSION {
            return Err(ModelError::FormatVersion { found: version });
        }
        let header_len = reader.u32()?;
        let header = reader.take(header_len as usize);
        let payload = header.and_then(|header| {
            let len = reader.u32().ok()?;
            Some((header, reader.take(len as usize)?))
        });
        let Some((header, payload)) = payload.filter(|_| reader.rest.len() >= CHECKSUM_BYTES)
        else {
            return Err(truncated);
        };
        let (body, checksum) = bytes.split_at(bytes.len() - CHECKSUM_BYTES);
        if reader.rest.len() != CHECKSUM_BYTES || Sha256::digest(body).as_slice() != checksum {
            return Err(ModelError::Checksum);
        }
        let header: Header = serde_json::from_slice(header)
            .map_err(|e| ModelError::Invalid(format!("its header does not parse: {e}")))?;
        if header.schema_version != SCHEMA_VERSION {
            return Err(ModelError::Schema {
                found: header.schema_version,
            });
        }
        if header.features != feature_names() {
            return Err(ModelError::Invalid(
                "its features are not those of its schema version".to_owned(),
            ));
        }
        let mut reader = Reader { rest: payload };
        let features = header.features.len();
        let classifier = match header.classifier.as_str() {
            "linear" => Classifier::Linear(read_linear(&mut reader, features)?),
            "trees" => Classifier::Trees(read_trees(&mut reader, features)?),
            other => {
                return Err(ModelError::Invalid(format!(
                    "its classifier is of an unknown kind, `{other}`"
                )));
            }
        };
        if !reader.rest.is_empty() {
            return Err(ModelError::Invalid(
                "bytes follow its classifier".to_owned(),
            ));
        }
        Ok(Self {
            features: header.features,
            classifier,
            selection: header.selection,
            provenance: header.provenance,
        })
    }
}

fn size(len: usize) -> Result<u32, ModelError> {
    u32::try_from(len).map_err(|_| ModelError::Invalid("it is larger than 4 GiB".to_owned()))
}

/// Takes numbers off the front of a slice.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ModelError> {
        self.take(N)
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| ModelError::Invalid("its classifier ends too early".to_owned()))
    }

    fn u8(&mut self) -> Result<u8, ModelError> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    fn u16(&mut self) -> Result<u16, ModelError> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    fn u32(&mut self) -> Result<u32, ModelError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn f32(&mut self) -> Result<f32, ModelError> {
        let value = f32::from_le_bytes(self.array()?);
        if value.is_finite() {
            Ok(value)
        } else {
            Err(ModelError::Invalid("it holds a number that is not finite".to_owned()))
        }
    }

    fn floats(&mut self, n: usize) -> Result<Vec<f32>, ModelError> {
        (0..n).map(|_| self.f32()).collect()
    }
}

fn write_linear(linear: &Linear) -> Vec<u8> {
    linear
        .means
        .iter()
        .chain(&linear.scales)
        .chain(&linear.coefficients)
        .chain([&linear.intercept])
        .flat_map(|x| x.to_le_bytes())
        .collect()
}

fn read_linear(reader: &mut Reader<'_>, features: usize) -> Result<Linear, ModelError> {
    let linear = Linear {
        means: reader.floats(features)?,
        scales: reader.floats(features)?,
        coefficients: reader.floats(features)?,
        intercept: reader.f32()?,
    };
    if linear.scales.iter().any(|&s| s <= 0.0) {
        return Err(ModelError::Invalid("a scale is not above 0".to_owned()));
    }
    Ok(linear)
}

/// Node kinds in the file.
const LEAF: u8 = 0;
const SPLIT: u8 = 1;
const SPLIT_MISSING_LEFT: u8 = 2;

fn write_trees(ensemble: &TreeEnsemble) -> Result<Vec<u8>, ModelError> {
    let mut bytes = vec![match ensemble.link {
        Link::Identity => 0,
        Link::Logistic => 1,
    }];
    bytes.extend_from_slice(&ensemble.base.to_le_bytes());
    bytes.extend_from_slice(&size(ensemble.trees.len())?.to_le_bytes());
    for tree in &ensemble.trees {
        bytes.extend_from_slice(&size(tree.nodes.len())?.to_le_bytes());
        for node in &tree.nodes {
            match *node {
                Node::Leaf { value } => {
                    bytes.push(LEAF);
                    bytes.extend_from_slice(&value.to_le_bytes());
                }
                Node::Split {
                    feature,
                    threshold,
                    missing_left,
                    left,
                    right,
                } => {
                    bytes.push(if missing_left { SPLIT_MISSING_LEFT } else { SPLIT });
                    let feature = u16::try_from(feature)
                        .map_err(|_| ModelError::Invalid("it has over 65,536 features".to_owned()))?;
                    bytes.extend_from_slice(&feature.to_le_bytes());
                    bytes.extend_from_slice(&threshold.to_le_bytes());
                    bytes.extend_from_slice(&left.to_le_bytes());
                    bytes.extend_from_slice(&right.to_le_bytes());
                }
            }
        }
    }
    Ok(bytes)
}

fn read_trees(reader: &mut Reader<'_>, features: usize) -> Result<TreeEnsemble, ModelError> {
    let link = match reader.u8()? {
        0 => Link::Identity,
        1 => Link::Logistic,
        _ => return Err(ModelError::Invalid("its link is of an unknown kind".to_owned())),
    };
    let base = reader.f32()?;
    let n_trees = reader.u32()?;
    let mut trees = Vec::new();
    for _ in 0..n_trees {
        let n_nodes = reader.u32()?;
        let mut nodes = Vec::new();
        for _ in 0..n_nodes {
            nodes.push(match reader.u8()? {
                LEAF => Node::Leaf {
                    value: reader.f32()?,
                },
                kind @ (SPLIT | SPLIT_MISSING_LEFT) => Node::Split {
                    feature: u32::from(reader.u16()?),
                    threshold: reader.f32()?,
                    missing_left: kind == SPLIT_MISSING_LEFT,
                    left: reader.u32()?,
                    right: reader.u32()?,
                },
                _ => return Err(ModelError::Invalid("a node is of an unknown kind".to_owned())),
            });
        }
        trees.push(Tree { nodes });
    }
    let ensemble = TreeEnsemble { base, trees, link };
    ensemble
        .check(features)
        .map_err(|e| ModelError::Invalid(e.to_string()))?;
    Ok(ensemble)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tree_model() -> Model {
        Model {
            features: feature_names(),
            classifier: Classifier::Trees(TreeEnsemble {
                base: -0.5,
                trees: vec![Tree {
                    nodes: vec![
                        Node::Split {
                            feature: 1,
                            threshold: 2.5,
                            missing_left: true,
                            left: 1,
                            right: 2,
                        },
                        Node::Leaf { value: -1.0 },
                        Node::Leaf { value: 2.0 },
                    ],
                }],
                link: Link::Logistic,
            }),
            selection: Selection::default(),
            provenance: Provenance::default(),
        }
    }

    fn linear_model() -> Model {
        let n = feature_names().len();
        Model {
            classifier: Classifier::Linear(Linear {
                means: vec![0.5; n],
                scales: vec![2.0; n],
                coefficients: vec![-1.0; n],
                intercept: 0.25,
            }),
            ..tree_model()
        }
    }

    #[test]
    fn a_model_comes_back_from_its_bytes() {
        for model in [tree_model(), linear_model()] {
            let bytes = model.to_bytes().unwrap();
            assert_eq!(Model::from_bytes(&bytes).unwrap(), model);
        }
    }

    #[test]
    fn every_truncation_is_told() {
        let bytes = tree_model().to_bytes().unwrap();
        for len in 1..bytes.len() {
            let error = Model::from_bytes(&bytes[..len]).unwrap_err();
            assert!(
                matches!(error, ModelError::Truncated { .. } | ModelError::Invalid(_)),
                "{len}: {error}"
            );
        }
    }

    #[test]
    fn every_flipped_byte_is_told() {
        let bytes = tree_model().to_bytes().unwrap();
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x40;
            assert!(Model::from_bytes(&damaged).is_err(), "byte {at}");
        }
    }

    #[test]
    fn foreign_and_future_files_are_told_apart() {
        assert!(matches!(
            Model::from_bytes(b"<html>").unwrap_err(),
            ModelError::Foreign
        ));
        let mut future = tree_model().to_bytes().unwrap();
        future[MAGIC.len()] = 99;
        assert!(matches!(
            Model::from_bytes(&future).unwrap_err(),
            ModelError::FormatVersion { found: 99 }
        ));
    }

    /// Bytes with a valid checksum, as a writer with a fault might leave them.
    fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
        bytes.truncate(bytes.len() - CHECKSUM_BYTES);
        let checksum = Sha256::digest(&bytes);
        bytes.extend_from_slice(&checksum);
        bytes
    }

    #[test]
    fn a_cyclic_tree_is_refused() {
        let mut model = tree_model();
        if let Classifier::Trees(trees) = &mut model.classifier
            && let Node::Split { left, .. } = &mut trees.trees[0].nodes[0]
        {
            *left = 0;
        }
        let bytes = model.to_bytes().unwrap();
        assert!(matches!(
            Model::from_bytes(&bytes).unwrap_err(),
            ModelError::Invalid(_)
        ));
    }

    #[test]
    fn numbers_that_are_not_finite_are_refused() {
        let mut model = linear_model();
        if let Classifier::Linear(linear) = &mut model.classifier {
            linear.coefficients[3] = f32::NAN;
        }
        let bytes = sealed(model.to_bytes().unwrap());
        assert!(Model::from_bytes(&bytes).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_behind_the_magic_end_in_an_error(tail in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut bytes = MAGIC.to_vec();
            bytes.extend(tail);
            prop_assert!(Model::from_bytes(&bytes).is_err());
        }

        #[test]
        fn any_payload_with_a_valid_checksum_loads_or_is_refused(at in 0_usize..400, to in any::<u8>()) {
            let mut bytes = tree_model().to_bytes().unwrap();
            let payload = bytes.len() - CHECKSUM_BYTES - 60;
            let len = bytes.len();
            bytes[(payload + at % 60).min(len - 1)] = to;
            let _ = Model::from_bytes(&sealed(bytes));
        }
    }
}
