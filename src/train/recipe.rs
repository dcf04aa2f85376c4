//! Recipes: what a model is made of, in a file.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::Settings;
use crate::corpus::{CorpusSpec, Format};

/// What a model is made of: the same recipe and corpora give the same bytes.
///
/// ```
/// use dehusk::train::{Learner, Recipe};
///
/// let recipe: Recipe = toml::from_str(r#"
///     corpora = [{ format = "wcxb", path = "wcxb" }]
///
///     [training]
///     learner = "forest"
///     seed = 7
/// "#)?;
/// assert_eq!(recipe.training.learner, Learner::Forest);
/// assert_eq!(recipe.specs("/corpora".as_ref())[0].to_string(), "wcxb:/corpora/wcxb");
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// How it is fitted; what is not said is as in the shipped model.
    #[serde(default)]
    pub training: Settings,
    /// What it learns from.
    pub corpora: Vec<Ingredient>,
}

/// A corpus of a recipe.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ingredient {
    /// Its format's name.
    #[serde(deserialize_with = "format")]
    pub format: Format,
    /// Its folder, relative to the folder of all corpora.
    pub path: PathBuf,
}

/// Why a recipe cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecipeError {
    /// The file cannot be read.
    #[error("recipe {path}: {source}")]
    Io {
        /// The recipe.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A setting cannot be so.
    #[error("setting `{line}`: {source}")]
    Setting {
        /// The line that sets it.
        line: String,
        /// Why.
        source: Box<toml::de::Error>,
    },
    /// Settings that TOML cannot hold.
    #[error("these settings cannot be set one by one: {source}")]
    Unwritable {
        /// Why.
        source: Box<toml::ser::Error>,
    },
    /// The file is no recipe.
    #[error("recipe {path}: {source}")]
    Malformed {
        /// The recipe.
        path: PathBuf,
        /// Where and why.
        source: Box<toml::de::Error>,
    },
}

fn format<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Format, D::Error> {
    String::deserialize(deserializer)?
        .parse()
        .map_err(serde::de::Error::custom)
}

impl Recipe {
    /// Reads a recipe from a TOML file.
    ///
    /// # Errors
    /// When the file cannot be read or is no recipe.
    pub fn read(path: &Path) -> Result<Self, RecipeError> {
        let text = std::fs::read_to_string(path).map_err(|source| RecipeError::Io {
            path: path.to_owned(),
            source,
        })?;
        toml::from_str(&text).map_err(|source| RecipeError::Malformed {
            path: path.to_owned(),
            source: Box::new(source),
        })
    }

    /// Its corpora, in folders below `corpora`.
    pub fn specs(&self, corpora: &Path) -> Vec<CorpusSpec> {
        self.corpora
            .iter()
            .map(|ingredient| CorpusSpec::new(ingredient.format, corpora.join(&ingredient.path)))
            .collect()
    }
}
