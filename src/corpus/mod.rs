//! Labelled pages: folders in their publishers' layouts → [`LabelledPage`]s.
//!
//! One reader a published [`Format`], and our own JSONL ([`Format::Dehusk`]).
//! A reader lists what is there and leaves page bytes in their files until
//! [`LabelledPage::read`] asks, so that a corpus costs its gold text only; but
//! pages that stand in the JSON lines themselves are held with them.
//! [`jsonl()`] writes pages of any format as our own JSONL.
//! [`CorpusStats`] says what a corpus is made of, [`CorpusCheck`] what is amiss
//! in it and what corpora have in common ([`NearDuplicates`]); [`split()`] makes
//! parts that have no sites in common, nor texts but for the few that
//! [`NearDuplicates`] misses or does not compare.
//! [`grouped_folds`] splits pages without parting those of one site, and
//! [`digest()`] says in one line which pages a model was trained on.

mod address;
mod check;
mod chinese;
mod cleaneval;
mod dehusk;
mod digest;
mod dragnet;
mod error;
mod file;
mod folds;
mod format;
mod fundus;
mod jsonl;
mod l3s_gn1;
mod named;
mod near_duplicate;
mod newspaper4k;
mod own_group;
mod page;
mod split;
mod stats;
mod survey;
mod wcxb;

pub use address::registrable_domain;
pub(crate) use address::site;
pub use check::{CheckedCorpus, CorpusCheck, DoubledId, NearPages, PageIn, Problem};
pub use digest::digest;
pub use error::CorpusError;
pub use folds::grouped_folds;
pub use format::{CorpusSpec, Format};
pub use jsonl::{jsonl, write_jsonl};
pub use near_duplicate::{LEAST_RESEMBLANCE, NearDuplicates, NearPair, RESEMBLANCE, SHINGLE_WORDS};
pub use own_group::{alone, domains, qualified};
pub use page::{LabelledPage, PageSource, doubled_ids};
pub use split::{Parts, Split, split};
pub use stats::{CorpusStats, Quantiles, Unreadable};
pub use survey::{Surveyed, survey};

/// Share of the gold text that a page must hold for its labels to mean
/// anything.
pub const LEAST_COVERAGE: f32 = 0.5;

/// Reads a corpus: its pages, sorted by id. `.html` and `.html.gz` are taken
/// alike in every format.
///
/// ```
/// use dehusk::corpus::{CorpusSpec, Format, read};
///
/// let folder = tempfile::tempdir()?;
/// std::fs::write(
///     folder.path().join("pages.jsonl"),
///     r#"{"id": "1", "html": "<p>Hello", "text": "Hello"}"#,
/// )?;
/// let pages = read(&CorpusSpec::new(Format::Dehusk, folder.path()))?;
/// assert_eq!(pages[0].text, "Hello");
/// assert_eq!(pages[0].read()?, b"<p>Hello");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When the path does not hold the format's layout, a file cannot be read, a
/// row is malformed, or a row's page is not there.
pub fn read(spec: &CorpusSpec) -> Result<Vec<LabelledPage>, CorpusError> {
    let reader = match spec.format {
        Format::Wcxb => wcxb::read,
        Format::Newspaper4k => newspaper4k::read,
        Format::Fundus => fundus::read,
        Format::Chinese => chinese::read,
        Format::Cleaneval => cleaneval::read,
        Format::L3sGn1 => l3s_gn1::read,
        Format::Dragnet => dragnet::read,
        Format::Dehusk => dehusk::read,
    };
    let mut pages = if spec.path.exists() {
        reader(&spec.path)?
    } else {
        Vec::new()
    };
    if pages.is_empty() {
        return Err(CorpusError::Layout {
            format: spec.format,
            path: spec.path.clone(),
        });
    }
    pages.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_without_the_layout_is_told_what_is_expected() {
        let folder = tempfile::tempdir().unwrap();
        for format in Format::ALL {
            for path in [folder.path().to_owned(), folder.path().join("absent")] {
                let error = read(&CorpusSpec::new(format, &path)).unwrap_err();
                let message = error.to_string();
                assert!(message.contains(format.layout()), "{message}");
                assert!(message.contains(&*path.to_string_lossy()), "{message}");
            }
        }
    }
}
