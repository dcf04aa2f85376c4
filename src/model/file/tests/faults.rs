//! Files that are damaged, or were written with a fault or with intent: a typed
//! error, or a model that works.

use proptest::prelude::*;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;
use crate::block::Blocks;
use crate::feature::{Measured, SCHEMA_VERSION, measure};
use crate::page::{Page, PageContext};

#[test]
fn every_truncation_is_told() {
    let bytes = tree_model().to_bytes().unwrap();
    assert!(matches!(
        Model::from_bytes(b"").unwrap_err(),
        ModelError::Foreign
    ));
    for len in 1..bytes.len() {
        let error = Model::from_bytes(&bytes[..len]).unwrap_err();
        assert!(
            matches!(error, ModelError::Truncated { bytes } if bytes == len),
            "{len}: {error}"
        );
    }
}

#[test]
fn every_flipped_bit_is_told() {
    let bytes = tree_model().to_bytes().unwrap();
    let told = |at: usize, bit: usize| {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << bit;
        assert!(Model::from_bytes(&damaged).is_err(), "byte {at}, bit {bit}");
    };
    for at in 0..bytes.len() {
        told(at, at % 8);
    }
    let mut random = Xoshiro256PlusPlus::seed_from_u64(7);
    for _ in 0..10_000 {
        told(random.gen_range(0..bytes.len()), random.gen_range(0..8));
    }
}

/// Bytes with a valid checksum, as a writer with a fault might leave them.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len() - CHECKSUM_BYTES);
    let checksum = Sha256::digest(&bytes);
    bytes.extend_from_slice(&checksum);
    bytes
}

/// Where the payload stands in the bytes of a model.
fn payload_of(bytes: &[u8]) -> std::ops::Range<usize> {
    let header = MAGIC.len() + 4;
    let len = u32::from_le_bytes(bytes[header..header + 4].try_into().unwrap());
    header + 4 + len as usize + 4..bytes.len() - CHECKSUM_BYTES
}

#[test]
fn more_buckets_than_a_term_model_may_have_are_refused() {
    let mut bytes = tree_model().to_bytes().unwrap();
    // Bias and scale of the first term model stand before its buckets.
    let buckets = payload_of(&bytes).start + 8;
    for bits in [21, 24, 63, 255] {
        bytes[buckets] = bits;
        let error = Model::from_bytes(&sealed(bytes.clone())).unwrap_err();
        assert!(error.to_string().contains("too many buckets"), "{error}");
    }
}

#[test]
fn a_calibration_that_turns_the_order_round_is_refused() {
    let mut model = tree_model();
    for (slope, shift) in [(-1.0, 0.0), (f32::NAN, 0.0), (1.0, f32::INFINITY)] {
        model.calibration = Calibration { slope, shift };
        let bytes = model.to_bytes().unwrap();
        assert!(Model::from_bytes(&bytes).is_err(), "{slope} {shift}");
    }
}

/// The file with another header under a valid checksum.
fn with_header(bytes: &[u8], header: &[u8]) -> Vec<u8> {
    let payload = &bytes[payload_of(bytes)];
    let mut file = bytes[..MAGIC.len() + 4].to_vec();
    for part in [header, payload] {
        file.extend((part.len() as u32).to_le_bytes());
        file.extend(part);
    }
    file.extend([0; CHECKSUM_BYTES]);
    sealed(file)
}

fn header_of(bytes: &[u8]) -> serde_json::Value {
    let end = payload_of(bytes).start - 4;
    serde_json::from_slice(&bytes[MAGIC.len() + 8..end]).unwrap()
}

fn measured() -> Measured {
    let page = b"<title>Tea</title><nav><a href=/>Home</a></nav><h1>Tea</h1><p class=lead>Tea is \
                 made of leaves that are poured over with water.<ul><li>Green<li>Black</ul>";
    let page = Page::parse(page, &PageContext::default());
    measure(&page, &Blocks::of(&page))
}

/// Whether it loads; and where it does, that it judges a page and can be written.
fn loads_and_works(bytes: &[u8], measured: &Measured) -> bool {
    let Ok(model) = Model::from_bytes(bytes) else {
        return false;
    };
    for p in model.probabilities(measured, crate::model::Profile::Full) {
        assert!((0.0..=1.0).contains(&p), "{p}");
    }
    assert_eq!(
        Model::from_bytes(&model.to_bytes().unwrap()).unwrap(),
        model
    );
    true
}

#[test]
fn a_header_with_a_flipped_bit_under_a_valid_checksum_is_refused_or_works() {
    let bytes = tree_model().to_bytes().unwrap();
    let measured = measured();
    let header = MAGIC.len() + 8..payload_of(&bytes).start - 4;
    let text = std::str::from_utf8(&bytes[header.clone()]).unwrap();
    // The names of the columns, which are most of it, are all compared alike.
    let columns = header.start + text.find("\"columns\"").unwrap() + 30;
    let mut worked = 0;
    for at in (0..columns).chain((columns..payload_of(&bytes).start).step_by(37)) {
        for bit in 0..if at < columns { 8 } else { 1 } {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << bit;
            worked += usize::from(loads_and_works(&sealed(damaged), &measured));
        }
    }
    // Digits of the calibration, for one.
    assert!(worked > 0);
}

#[test]
fn a_payload_with_flipped_bits_under_a_valid_checksum_is_refused_or_works() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(7);
    let measured = measured();
    for model in [tree_model(), linear_model()] {
        let bytes = model.to_bytes().unwrap();
        let payload = payload_of(&bytes);
        let mut worked = 0;
        for _ in 0..5_000 {
            let mut damaged = bytes.clone();
            for _ in 0..random.gen_range(1..4) {
                damaged[random.gen_range(payload.clone())] ^= 1 << random.gen_range(0..8);
            }
            worked += usize::from(loads_and_works(&sealed(damaged), &measured));
        }
        assert!((1..5_000).contains(&worked), "{worked}");
    }
}

#[test]
fn a_file_cut_off_under_a_valid_checksum_is_refused() {
    let bytes = tree_model().to_bytes().unwrap();
    for end in (MAGIC.len() + 4..bytes.len() - CHECKSUM_BYTES).step_by(11) {
        let mut cut = bytes[..end].to_vec();
        cut.extend([0; CHECKSUM_BYTES]);
        // A part that ends within the checksum leaves too little of it.
        assert!(matches!(
            Model::from_bytes(&sealed(cut)).unwrap_err(),
            ModelError::Truncated { .. } | ModelError::Checksum
        ));
    }
    // The payload alone is cut off, and its length agrees.
    let payload = payload_of(&bytes);
    for end in payload.start..payload.end {
        let mut cut = bytes[..end].to_vec();
        let length = (end - payload.start) as u32;
        cut[payload.start - 4..payload.start].copy_from_slice(&length.to_le_bytes());
        cut.extend([0; CHECKSUM_BYTES]);
        assert!(matches!(
            Model::from_bytes(&sealed(cut)).unwrap_err(),
            ModelError::Invalid(_)
        ));
    }
}

#[test]
fn other_feature_schemas_are_told() {
    let bytes = tree_model().to_bytes().unwrap();
    for version in [0, SCHEMA_VERSION - 1, SCHEMA_VERSION + 1, u32::MAX] {
        let mut header = header_of(&bytes);
        header["schema_version"] = version.into();
        let file = with_header(&bytes, header.to_string().as_bytes());
        let error = Model::from_bytes(&file).unwrap_err();
        assert!(matches!(error, ModelError::Schema { found, .. } if found == version));
    }
}

#[test]
fn headers_that_say_something_else_are_refused() {
    let bytes = tree_model().to_bytes().unwrap();
    let mut without_columns = header_of(&bytes);
    without_columns["columns"] = serde_json::json!([]);
    let mut other_kind = header_of(&bytes);
    other_kind["classifier"] = "linear".into();
    let mut no_kind = header_of(&bytes);
    no_kind["classifier"] = "oracle".into();
    let deep = "[".repeat(100_000);
    for header in [
        String::new(),
        "null".to_owned(),
        deep,
        without_columns.to_string(),
        other_kind.to_string(),
        no_kind.to_string(),
    ] {
        let file = with_header(&bytes, header.as_bytes());
        let error = Model::from_bytes(&file).unwrap_err();
        assert!(matches!(error, ModelError::Invalid(_)), "{error}");
    }
}

#[test]
fn counts_that_no_file_could_hold_are_refused() {
    let whole = tree_model().to_bytes().unwrap();
    let payload = payload_of(&whole);
    let header_length = MAGIC.len() + 4;
    for length in [header_length, payload.start - 4] {
        let mut bytes = whole.clone();
        bytes[length..length + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        let error = Model::from_bytes(&sealed(bytes)).unwrap_err();
        assert!(matches!(error, ModelError::Truncated { .. }), "{error}");
    }
    // Weights of the first term model; the trees and the first one's nodes.
    let trees = payload.end - 33;
    for count in [payload.start + 9, trees, trees + 4] {
        for claimed in [5, 1 << 20, u32::MAX] {
            let mut bytes = whole.clone();
            bytes[count..count + 4].copy_from_slice(&claimed.to_le_bytes());
            let error = Model::from_bytes(&sealed(bytes)).unwrap_err();
            assert!(matches!(error, ModelError::Invalid(_)), "{count}: {error}");
        }
    }
}

#[test]
fn trees_that_are_no_trees_are_refused() {
    // To itself, behind the last, and back to the root from below it.
    for (node, child) in [(0, 0), (0, 3), (0, u32::MAX), (1, 0), (1, 1)] {
        let mut model = tree_model();
        change_trees(&mut model, |ensemble| {
            ensemble.trees[0].nodes[node] = Node::Split {
                feature: 0,
                threshold: 0.0,
                missing_left: false,
                left: child,
                right: 2,
            };
        });
        let bytes = model.to_bytes().unwrap();
        assert!(matches!(
            Model::from_bytes(&bytes).unwrap_err(),
            ModelError::Invalid(_)
        ));
    }
}

#[test]
fn numbers_that_are_not_finite_are_refused_wherever_they_stand() {
    for model in [tree_model(), linear_model()] {
        let bytes = model.to_bytes().unwrap();
        let payload = payload_of(&bytes);
        let floats: Vec<usize> = match &model.classifier {
            Classifier::Trees(_) => {
                let (terms, end) = (payload.start, payload.end);
                let (base, threshold, leaves) = (end - 37, end - 22, [end - 9, end - 4]);
                // Bias and scale of the first two term models stand before these.
                let terms = [terms, terms + 4, terms + 13, terms + 17];
                [&terms[..], &leaves, &[base, threshold]].concat()
            }
            Classifier::Linear(linear) => {
                let n = 3 * linear.coefficients.len() + 1;
                (1..=n).map(|i| payload.end - 4 * i).collect()
            }
        };
        for at in floats {
            for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                let mut damaged = bytes.clone();
                damaged[at..at + 4].copy_from_slice(&value.to_le_bytes());
                let error = Model::from_bytes(&sealed(damaged)).unwrap_err();
                assert!(error.to_string().contains("not finite"), "{at}: {error}");
            }
        }
    }
}

#[test]
fn numbers_at_the_end_of_their_range_give_probabilities() {
    let measured = measured();
    let mut linear = linear_model();
    if let Classifier::Linear(linear) = &mut linear.classifier {
        linear.scales.fill(f32::MIN_POSITIVE);
        for (i, coefficient) in linear.coefficients.iter_mut().enumerate() {
            *coefficient = [f32::MAX, f32::MIN, 0.0][i % 3];
        }
    }
    let mut trees = tree_model();
    for terms in &mut trees.terms.0 {
        (terms.bias, terms.scale) = (f32::MAX, f32::MIN);
    }
    change_trees(&mut trees, |ensemble| {
        ensemble.base = f32::MIN;
        ensemble.trees[0].nodes[1] = Node::Leaf { value: f32::MIN };
        ensemble.trees[0].nodes[2] = Node::Leaf { value: f32::MAX };
    });
    for mut model in [linear, trees] {
        assert!(loads_and_works(&model.to_bytes().unwrap(), &measured));
        model.calibration = Calibration {
            slope: f32::MAX,
            shift: f32::MIN,
        };
        assert!(loads_and_works(&model.to_bytes().unwrap(), &measured));
    }
}

proptest! {
    #[test]
    fn any_bytes_behind_the_magic_end_in_an_error(tail in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(tail);
        prop_assert!(Model::from_bytes(&bytes).is_err());
    }

    #[test]
    fn any_damage_to_the_payload_under_a_valid_checksum_loads_or_is_refused(
        linear in any::<bool>(),
        damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let model = if linear { linear_model() } else { tree_model() };
        let mut bytes = model.to_bytes().unwrap();
        let payload = payload_of(&bytes);
        for (at, to) in damage {
            bytes[payload.start + at.index(payload.len())] = to;
        }
        if let Ok(model) = Model::from_bytes(&sealed(bytes)) {
            let row = ndarray::Array2::zeros((1, design::columns(InputKind::Html).len()));
            prop_assert!(model.classifier.probabilities(&row)[0] <= 1.0);
        }
    }
}
