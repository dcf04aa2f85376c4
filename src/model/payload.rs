//! The numbers of a model, as its file holds them.

use super::file::ModelError;
use super::term_model::{TermModel, TermModels};
use super::trees::{Link, Node, Tree, TreeEnsemble};
use super::{Classifier, Linear};
use crate::feature::term::KINDS;

/// What the file calls a kind of classifier.
pub(super) fn kind(classifier: &Classifier) -> &'static str {
    match classifier {
        Classifier::Linear(_) => "linear",
        Classifier::Trees(_) => "trees",
    }
}

pub(super) fn write(terms: &TermModels, classifier: &Classifier) -> Result<Vec<u8>, ModelError> {
    let mut bytes = write_terms(terms)?;
    match classifier {
        Classifier::Linear(linear) => write_linear(linear, &mut bytes),
        Classifier::Trees(trees) => write_trees(trees, &mut bytes)?,
    }
    Ok(bytes)
}

/// Reads what [`write`] wrote for a classifier of that kind and that many
/// columns.
pub(super) fn read(
    bytes: &[u8],
    kind: &str,
    columns: usize,
) -> Result<(TermModels, Classifier), ModelError> {
    let mut reader = Reader::new(bytes);
    let terms = read_terms(&mut reader)?;
    let classifier = match kind {
        "linear" => Classifier::Linear(read_linear(&mut reader, columns)?),
        "trees" => Classifier::Trees(read_trees(&mut reader, columns)?.into()),
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
    Ok((terms, classifier))
}

/// A size as the file holds it.
pub(super) fn size(len: usize) -> Result<u32, ModelError> {
    u32::try_from(len).map_err(|_| ModelError::Invalid("it is larger than 4 GiB".to_owned()))
}

/// Takes numbers off the front of a slice.
pub(super) struct Reader<'a> {
    pub(super) rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    #[inline]
    pub(super) fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(taken)
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N], ModelError> {
        self.take(N)
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| ModelError::Invalid("its classifier ends too early".to_owned()))
    }

    #[inline]
    fn u8(&mut self) -> Result<u8, ModelError> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    #[inline]
    fn u16(&mut self) -> Result<u16, ModelError> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    #[inline]
    pub(super) fn u32(&mut self) -> Result<u32, ModelError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    #[inline]
    fn f32(&mut self) -> Result<f32, ModelError> {
        let value = f32::from_le_bytes(self.array()?);
        if value.is_finite() {
            Ok(value)
        } else {
            Err(ModelError::Invalid(
                "it holds a number that is not finite".to_owned(),
            ))
        }
    }

    fn floats(&mut self, n: usize) -> Result<Vec<f32>, ModelError> {
        (0..n).map(|_| self.f32()).collect()
    }
}

/// For each kind of terms: bias, scale, buckets as a power of two, how many are
/// not 0, then for each of those its distance from the one before (LEB128) and
/// its weight.
fn write_terms(models: &TermModels) -> Result<Vec<u8>, ModelError> {
    let mut bytes = Vec::new();
    for model in &models.0 {
        bytes.extend_from_slice(&model.bias.to_le_bytes());
        bytes.extend_from_slice(&model.scale.to_le_bytes());
        bytes.push(model.weights.len().trailing_zeros() as u8);
        let some = model.weights.iter().filter(|&&w| w != 0).count();
        bytes.extend_from_slice(&size(some)?.to_le_bytes());
        let mut before = 0;
        for (at, weight) in model.weights.iter().enumerate().filter(|(_, w)| **w != 0) {
            let mut distance = at - before;
            while distance >= 0x80 {
                bytes.push(distance as u8 | 0x80);
                distance >>= 7;
            }
            bytes.push(distance as u8);
            bytes.push(weight.to_le_bytes()[0]);
            before = at;
        }
    }
    Ok(bytes)
}

/// Buckets of the largest term model that is read: 2 to this power. One byte of
/// a file decides how many are allocated, so it must not decide on much.
const MAX_BUCKET_BITS: u8 = 20;

fn read_terms(reader: &mut Reader<'_>) -> Result<TermModels, ModelError> {
    let mut models = Vec::with_capacity(KINDS.len());
    for _ in KINDS {
        let (bias, scale) = (reader.f32()?, reader.f32()?);
        let bits = reader.u8()?;
        if bits > MAX_BUCKET_BITS {
            return Err(ModelError::Invalid(
                "a term model has too many buckets".to_owned(),
            ));
        }
        let mut weights = vec![0_i8; 1 << bits];
        let mut at = 0_usize;
        for _ in 0..reader.u32()? {
            let (mut distance, mut shift) = (0_usize, 0);
            loop {
                let byte = reader.u8()?;
                distance |= usize::from(byte & 0x7f) << shift;
                shift += 7;
                if byte < 0x80 || shift > 28 {
                    break;
                }
            }
            at += distance;
            let weight = i8::from_le_bytes(reader.array()?);
            *weights.get_mut(at).ok_or_else(|| {
                ModelError::Invalid("a term model has a weight outside its buckets".to_owned())
            })? = weight;
        }
        models.push(TermModel {
            bias,
            scale,
            weights,
        });
    }
    models
        .try_into()
        .map(TermModels)
        .map_err(|_| ModelError::Invalid("a term model is missing".to_owned()))
}

fn write_linear(linear: &Linear, bytes: &mut Vec<u8>) {
    let numbers = linear
        .means
        .iter()
        .chain(&linear.scales)
        .chain(&linear.coefficients)
        .chain([&linear.intercept])
        .flat_map(|x| x.to_le_bytes());
    bytes.extend(numbers);
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

fn write_trees(ensemble: &TreeEnsemble, bytes: &mut Vec<u8>) -> Result<(), ModelError> {
    bytes.push(match ensemble.link {
        Link::Identity => 0,
        Link::Logistic => 1,
    });
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
                    bytes.push(if missing_left {
                        SPLIT_MISSING_LEFT
                    } else {
                        SPLIT
                    });
                    let feature = u16::try_from(feature).map_err(|_| {
                        ModelError::Invalid("it has over 65,536 features".to_owned())
                    })?;
                    bytes.extend_from_slice(&feature.to_le_bytes());
                    bytes.extend_from_slice(&threshold.to_le_bytes());
                    bytes.extend_from_slice(&left.to_le_bytes());
                    bytes.extend_from_slice(&right.to_le_bytes());
                }
            }
        }
    }
    Ok(())
}

fn read_trees(reader: &mut Reader<'_>, features: usize) -> Result<TreeEnsemble, ModelError> {
    let link = match reader.u8()? {
        0 => Link::Identity,
        1 => Link::Logistic,
        _ => {
            return Err(ModelError::Invalid(
                "its link is of an unknown kind".to_owned(),
            ));
        }
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
                _ => {
                    return Err(ModelError::Invalid(
                        "a node is of an unknown kind".to_owned(),
                    ));
                }
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
