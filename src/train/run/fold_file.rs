//! A finished fold ↔ `folds/N.json`.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::RunError;
use crate::model::PageCalibration;
use crate::sink::write_whole;
use crate::train::{CurvePoint, JudgedFold, PreparedPage};

#[derive(Serialize, Deserialize)]
struct FoldFile {
    fold: usize,
    page_calibration: PageCalibration,
    curve: Vec<CurvePoint>,
    pages: Vec<FoldPage>,
}

#[derive(Serialize, Deserialize)]
struct FoldPage {
    corpus: String,
    id: String,
    probabilities: Vec<f32>,
}

/// Writes a fold, whole or not at all.
pub(super) fn write(
    path: &Path,
    judged: &JudgedFold,
    pages: &[PreparedPage],
) -> Result<(), RunError> {
    let page = |(page, probabilities): &(usize, Vec<f32>)| FoldPage {
        corpus: pages[*page].labelled.corpus.clone(),
        id: pages[*page].labelled.id.clone(),
        probabilities: probabilities.clone(),
    };
    let file = FoldFile {
        fold: judged.fold,
        page_calibration: judged.page_calibration,
        curve: judged.curve.clone(),
        pages: judged.probabilities.iter().map(page).collect(),
    };
    serde_json::to_vec(&file)
        .map_err(std::io::Error::from)
        .and_then(|bytes| write_whole(path, &bytes))
        .map_err(|source| RunError::io(path, source))
}

/// Reads a fold of these pages; `None` where it is not there, or is not theirs.
pub(super) fn read(
    path: &Path,
    fold: usize,
    folds: &[usize],
    pages: &[PreparedPage],
) -> Option<JudgedFold> {
    let file: FoldFile = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
    let expected: Vec<usize> = (0..pages.len()).filter(|&i| folds[i] == fold).collect();
    let fits = file.fold == fold
        && file.pages.len() == expected.len()
        && file.pages.iter().zip(&expected).all(|(found, &i)| {
            let page = &pages[i];
            found.id == page.labelled.id
                && found.corpus == page.labelled.corpus
                && found.probabilities.len() == page.blocks.len()
                && found.probabilities.iter().all(|p| (0.0..=1.0).contains(p))
        });
    fits.then(|| JudgedFold {
        fold,
        probabilities: expected
            .into_iter()
            .zip(file.pages)
            .map(|(i, page)| (i, page.probabilities))
            .collect(),
        page_calibration: file.page_calibration,
        curve: file.curve,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{Format, LabelledPage, PageSource};
    use crate::train::{Trees, prepare};

    fn pages() -> Vec<PreparedPage> {
        let page = |id: &str| {
            let source = PageSource::Inline(b"<p>One<p>Two".to_vec());
            LabelledPage::new(id, Format::Dehusk, source, "One")
        };
        prepare(vec![page("a"), page("b"), page("c")], || {}).unwrap()
    }

    fn judged() -> JudgedFold {
        // Neighbours of a power of two are spaced unevenly; all come back.
        let first = vec![0.1, f32::from_bits(0.25_f32.to_bits() - 1)];
        JudgedFold {
            fold: 1,
            probabilities: vec![(0, first), (2, vec![f32::MIN_POSITIVE, 1.0 / 3.0])],
            page_calibration: PageCalibration {
                coefficients: [0.7, 0.1, -1.0 / 3.0, 0.0],
            },
            curve: vec![CurvePoint {
                fold: 1,
                trees: Trees::Sought,
                round: 1,
                train_loss: 0.612345,
                held_out_loss: Some(0.7),
            }],
        }
    }

    #[test]
    fn a_fold_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("1.json");
        write(&path, &judged(), &pages()).unwrap();
        assert_eq!(read(&path, 1, &[1, 0, 1], &pages()), Some(judged()));
    }

    #[test]
    fn a_fold_of_other_pages_or_torn_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("1.json");
        assert_eq!(read(&path, 1, &[1, 0, 1], &pages()), None);
        write(&path, &judged(), &pages()).unwrap();
        assert_eq!(read(&path, 0, &[0, 1, 0], &pages()), None);
        assert_eq!(read(&path, 1, &[1, 1, 1], &pages()), None);
        assert_eq!(read(&path, 1, &[0, 1, 1], &pages()), None);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        assert_eq!(read(&path, 1, &[1, 0, 1], &pages()), None);
    }
}
