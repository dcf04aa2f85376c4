mod faults;

use super::*;
use crate::model::term_model::{TermModel, TermModels};
use crate::model::trees::{Link, Node, Tree, TreeEnsemble};
use crate::model::{Classifier, Linear};

/// A tree of one question, whose left child is node `left`.
fn trees(left: u32) -> Classifier {
    let nodes = vec![
        Node::Split {
            feature: 1,
            threshold: 2.5,
            missing_left: true,
            left,
            right: 2,
        },
        Node::Leaf { value: -1.0 },
        Node::Leaf { value: 2.0 },
    ];
    let ensemble = TreeEnsemble {
        base: -0.5,
        trees: vec![Tree { nodes }],
        link: Link::Logistic,
    };
    Classifier::Trees(ensemble.into())
}

/// Puts other trees in a model's.
fn change_trees(model: &mut Model, change: impl FnOnce(&mut TreeEnsemble)) {
    let Classifier::Trees(trees) = &model.classifier else {
        panic!("a model of trees is wanted");
    };
    let mut ensemble = TreeEnsemble::clone(trees);
    change(&mut ensemble);
    model.classifier = Classifier::Trees(ensemble.into());
}

fn tree_model() -> Model {
    let mut terms = TermModels::default();
    terms.0[1] = TermModel {
        bias: 0.5,
        scale: 0.1,
        weights: (0..1024)
            .map(|i| if i % 300 == 7 { -3 } else { 0 })
            .collect(),
    };
    Model {
        kind: InputKind::Html,
        terms,
        calibration: Calibration {
            slope: 0.75,
            shift: -0.5,
        },
        page_calibration: PageCalibration {
            coefficients: [0.5, 0.25, -0.125, 1.0],
        },
        classifier: trees(1),
        selection: Selection::default(),
        provenance: Provenance::default(),
    }
}

fn linear_model() -> Model {
    let n = design::columns(InputKind::Html).len();
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

fn text_model() -> Model {
    Model {
        kind: InputKind::Text,
        ..tree_model()
    }
}

#[test]
fn a_model_comes_back_from_its_bytes() {
    for model in [tree_model(), linear_model(), text_model()] {
        let bytes = model.to_bytes().unwrap();
        assert_eq!(Model::from_bytes(&bytes).unwrap(), model);
    }
}

#[test]
fn a_model_of_other_pages_is_told_with_the_remedy() {
    let model = tree_model();
    assert!(model.check_reads(InputKind::Html).is_ok());
    let error = model.check_reads(InputKind::Text).unwrap_err().to_string();
    assert!(error.contains("of html pages"), "{error}");
    assert!(error.contains("`--input text`"), "{error}");
}

#[test]
fn a_model_of_html_says_nothing_of_its_kind() {
    let says_it = |model: Model| {
        let bytes = model.to_bytes().unwrap();
        String::from_utf8_lossy(&bytes).contains("\"input\"")
    };
    assert!(!says_it(tree_model()));
    assert!(says_it(text_model()));
}

#[test]
fn foreign_and_future_files_are_told_apart() {
    assert!(matches!(
        Model::from_bytes(b"<html>").unwrap_err(),
        ModelError::Foreign
    ));
    let mut bytes = tree_model().to_bytes().unwrap();
    for version in [0, 1, FORMAT_VERSION - 1, FORMAT_VERSION + 1, u32::MAX] {
        bytes[MAGIC.len()..MAGIC.len() + 4].copy_from_slice(&version.to_le_bytes());
        let error = Model::from_bytes(&bytes).unwrap_err();
        assert!(matches!(error, ModelError::FormatVersion { found } if found == version));
    }
}
