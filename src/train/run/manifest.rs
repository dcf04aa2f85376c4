//! What a run is of: `run.toml`.

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::session::dependency_versions;
use crate::corpus::LabelledPage;
use crate::feature::schema_version;
use crate::model::TrainedOn;
use crate::train::{RecipeError, Settings};

/// Differences that are named; of more, only the number.
const NAMED: usize = 3;

const HEAD: &str = "\
# What this run is of. It goes on only where all of this is as it was; delete
# the folder to begin anew.

";

/// All that decides what comes out.
#[derive(Debug, Serialize)]
pub(super) struct Manifest<'a> {
    schema: u32,
    folds: usize,
    /// SHA-256 of the pages' names in their order, which decides draws and sums.
    order: String,
    /// Of dehusk and of the crates that results depend on. Code that changes under
    /// one version is not told apart.
    versions: BTreeMap<String, String>,
    corpora: BTreeMap<&'a str, Pages<'a>>,
    training: &'a Settings,
}

#[derive(Debug, Serialize)]
struct Pages<'a> {
    pages: usize,
    sha256: &'a str,
}

impl<'a> Manifest<'a> {
    pub(super) fn of(
        settings: &'a Settings,
        folds: usize,
        pages: &[LabelledPage],
        corpora: &'a [TrainedOn],
    ) -> Self {
        let mut order = Sha256::new();
        for page in pages {
            for name in [&page.corpus, &page.id] {
                order.update((name.len() as u64).to_le_bytes());
                order.update(name);
            }
        }
        let pages = |known: &'a TrainedOn| {
            let pages = Pages {
                pages: known.pages,
                sha256: &known.sha256,
            };
            (known.corpus.as_str(), pages)
        };
        Self {
            schema: schema_version(settings.input),
            folds,
            order: format!("{:x}", order.finalize()),
            versions: dependency_versions().iter().cloned().collect(),
            corpora: corpora.iter().map(pages).collect(),
            training: settings,
        }
    }

    pub(super) fn to_toml(&self) -> Result<String, RecipeError> {
        let text = toml::to_string(self).map_err(|source| RecipeError::Unwritable {
            source: Box::new(source),
        })?;
        Ok(format!("{HEAD}{text}"))
    }
}

/// What two manifests differ in, in words; `None` where in nothing.
pub(super) fn differences(there: &str, now: &str) -> Result<Option<String>, toml::de::Error> {
    let (there, now) = (leaves(there)?, leaves(now)?);
    let mut names: Vec<&String> = there.keys().chain(now.keys()).collect();
    names.sort();
    names.dedup();
    let differing: Vec<String> = names
        .into_iter()
        .filter(|name| there.get(*name) != now.get(*name))
        .map(|name| {
            let value = |leaves: &BTreeMap<String, String>| {
                leaves.get(name).map_or("nothing".to_owned(), String::clone)
            };
            format!("{name} is {} there and {} now", value(&there), value(&now))
        })
        .collect();
    let more = match differing.len().saturating_sub(NAMED) {
        0 => String::new(),
        n => format!(", and {n} more"),
    };
    let named = differing[..differing.len().min(NAMED)].join(", ");
    Ok((!differing.is_empty()).then(|| named + &more))
}

/// The values of a TOML text by their dotted names.
fn leaves(text: &str) -> Result<BTreeMap<String, String>, toml::de::Error> {
    fn gather(name: String, value: toml::Value, into: &mut BTreeMap<String, String>) {
        match value {
            toml::Value::Table(table) => {
                for (key, value) in table {
                    let dot = if name.is_empty() { "" } else { "." };
                    gather(format!("{name}{dot}{key}"), value, into);
                }
            }
            value => {
                into.insert(name, value.to_string());
            }
        }
    }
    let mut leaves = BTreeMap::new();
    gather(
        String::new(),
        toml::Value::Table(toml::from_str(text)?),
        &mut leaves,
    );
    Ok(leaves)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Learner;

    fn corpus(sha256: &str) -> Vec<TrainedOn> {
        vec![TrainedOn {
            corpus: "wcxb".to_owned(),
            pages: 3,
            sha256: sha256.to_owned(),
            licence: String::new(),
        }]
    }

    fn manifest(settings: &Settings, folds: usize, sha256: &str) -> String {
        let corpora = corpus(sha256);
        Manifest::of(settings, folds, &[], &corpora)
            .to_toml()
            .unwrap()
    }

    #[test]
    fn what_differs_is_named_with_both_values() {
        let settings = Settings::default();
        let base = manifest(&settings, 5, "abc");
        assert_eq!(differences(&base, &base).unwrap(), None);
        let rate = settings.set("boosting.rate = 0.1").unwrap();
        let told = differences(&base, &manifest(&rate, 5, "abc"))
            .unwrap()
            .unwrap();
        assert_eq!(told, "training.boosting.rate is 0.06 there and 0.1 now");
        let told = differences(&base, &manifest(&settings, 3, "abd"))
            .unwrap()
            .unwrap();
        assert_eq!(
            told,
            "corpora.wcxb.sha256 is \"abc\" there and \"abd\" now, folds is 5 there and 3 now"
        );
    }

    #[test]
    fn pages_in_another_order_are_another_run() {
        use crate::corpus::{Format, PageSource};
        let page = |id: &str| {
            let source = PageSource::Inline(Vec::new());
            LabelledPage::new(id, Format::Dehusk, source, "")
        };
        let settings = Settings::default();
        let of = |pages: &[LabelledPage]| {
            let manifest = Manifest::of(&settings, 5, pages, &[]);
            manifest.to_toml().unwrap()
        };
        let (there, now) = (of(&[page("a"), page("b")]), of(&[page("b"), page("a")]));
        let told = differences(&there, &now).unwrap().unwrap();
        assert!(told.starts_with("order is "), "{told}");
    }

    #[test]
    fn of_many_differences_some_are_named() {
        let base = manifest(&Settings::default(), 5, "abc");
        let other = Settings {
            seed: 2,
            variants: false,
            ..Settings::of(Learner::Tree)
        };
        let told = differences(&base, &manifest(&other, 4, "abc"))
            .unwrap()
            .unwrap();
        assert!(told.ends_with(", and 1 more"), "{told}");
        let other = base.replace("[training]", "[fitting]");
        let told = differences(&base, &other).unwrap().unwrap();
        assert!(told.contains("nothing"), "{told}");
        assert!(differences("no = = toml", &base).is_err());
    }
}
