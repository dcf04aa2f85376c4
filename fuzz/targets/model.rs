//! Bytes → model file → probabilities.
//!
//! A file ends in a checksum, which no mutation would meet: two of three forms of
//! an input are a part of a file that is sealed here.

#![no_main]

use std::sync::LazyLock;

use dehusk::Extractor;
use dehusk::model::{FORMAT_VERSION, Model};
use dehusk_fuzz::{Options, check_extraction};
use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha256};

#[derive(Clone)]
enum Form {
    File,
    Header,
    Payload { kind: &'static str },
}

const MAGIC: &[u8] = b"dehusk model\n";

const PAGE: &[u8] = b"<title>Ferry</title><nav><a href=/>Home</a></nav><h1>Ferry</h1>\
    <p class=lead>After eleven weeks in the yard the island's only ferry sailed again on Monday.\
    <ul><li>Fares stay as they are<li>So does the timetable</ul><footer>All rights reserved";

/// The header of the shipped model: its columns are those of this build.
static HEADER: LazyLock<serde_json::Value> = LazyLock::new(|| {
    let bytes = Model::shipped()
        .to_bytes()
        .expect("the shipped model has bytes");
    let rest = &bytes[MAGIC.len() + 4..];
    let length = u32::from_le_bytes(rest[..4].try_into().expect("four bytes"));
    serde_json::from_slice(&rest[4..4 + length as usize]).expect("the header is JSON")
});

fn sealed(header: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut file = MAGIC.to_vec();
    file.extend(FORMAT_VERSION.to_le_bytes());
    for part in [header, payload] {
        file.extend((part.len() as u32).to_le_bytes());
        file.extend(part);
    }
    let checksum = Sha256::digest(&file);
    file.extend(checksum);
    file
}

/// A header with fields of the input's in place of the shipped model's.
fn header_with(fields: &[u8]) -> Vec<u8> {
    let mut header = HEADER.clone();
    match serde_json::from_slice(fields) {
        Ok(serde_json::Value::Object(fields)) => {
            for (name, value) in fields {
                header[name.as_str()] = value;
            }
            header.to_string().into_bytes()
        }
        _ => fields.to_vec(),
    }
}

/// Three empty term models, then a leaf: a payload that loads.
static LEAF: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut payload = [0_u8; 3 * (4 + 4 + 1 + 4)].to_vec();
    payload.extend([0; 4 + 1]);
    payload.extend(1_u32.to_le_bytes());
    payload.extend(1_u32.to_le_bytes());
    payload.extend([0; 5]);
    payload
});

fuzz_target!(|input: &[u8]| {
    let Some((mut options, rest)) = Options::split::<1>(input) else {
        return;
    };
    let file = match options.one_of(&[
        Form::Payload { kind: "trees" },
        Form::Payload { kind: "linear" },
        Form::Header,
        Form::File,
    ]) {
        Form::File => rest.to_vec(),
        Form::Header => sealed(&header_with(rest), &LEAF),
        Form::Payload { kind } => {
            let fields = format!("{{\"classifier\": \"{kind}\"}}");
            sealed(&header_with(fields.as_bytes()), rest)
        }
    };
    let Ok(model) = Model::from_bytes(&file) else {
        return;
    };
    let written = model
        .to_bytes()
        .expect("a model that was read can be written");
    let again = Model::from_bytes(&written).expect("a model that was written can be read");
    assert_eq!(again, model);
    assert_eq!(model.importance().len(), again.importance().len());
    check_extraction(&Extractor::with_model(model).extract(PAGE, &Default::default()));
});
