//! A training run and the folder that it leaves.
//!
//! In: a [`Recipe`](super::Recipe), the pages it names, a number of folds. Out:
//! a folder that says what was trained, on what, how well, and how to do it
//! again. What costs time is written as soon as it is done, so that whoever is
//! interrupted goes on from the last finished fold and comes to the same bytes;
//! a folder of another run is refused.
//!
//! | file | |
//! |---|---|
//! | `run.toml` | what the run is of, compared before going on: settings, folds, hashes of the corpora, versions |
//! | `recipe.toml` | settings and corpora, to train the same again |
//! | `folds/N.json` | a finished fold: probabilities of its blocks, learning curve |
//! | `folds.csv` | figures of each fold and of all |
//! | `report.json` | every figure of all pages out of fold, and page by page |
//! | `out-of-fold.csv.gz` | every block with its label and out-of-fold probability |
//! | `curves.csv`, `curves.svg` | held-out loss by round and fold |
//! | `search/N.json`, `search.csv` | tried settings, where there was a search |
//! | `dehusk.model`, `MODEL_CARD.md` | the model and its card |
//! | `sessions.json` | what is not the same each time: seconds by stage, peak memory, git commit |

mod card;
mod curve;
mod error;
mod fold_file;
mod folder;
mod manifest;
mod search;
mod session;
mod tables;

pub use error::RunError;
pub use folder::{RunFolder, Validated};
pub use search::{RANGES, Range, Trial, draw};
pub use session::{Session, Stage, dependency_versions};
