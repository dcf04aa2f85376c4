//! Recipes: what a model is made of, in a file.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// What it learns from.
    pub corpora: Vec<Ingredient>,
    /// How it is fitted; what is not said is as in the shipped model.
    #[serde(default)]
    pub training: Settings,
}

/// A corpus of a recipe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ingredient {
    /// Its format's name.
    #[serde(deserialize_with = "format", serialize_with = "format_name")]
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
    #[error("these settings cannot be written as TOML: {source}")]
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

fn format_name<S: serde::Serializer>(format: &Format, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(format.name())
}

impl Recipe {
    /// Of corpora where they are: the paths are taken as they stand, relative
    /// ones from the folder that the recipe is used in with `--corpora .`.
    pub fn of(corpora: &[CorpusSpec], training: Settings) -> Self {
        let ingredient = |spec: &CorpusSpec| Ingredient {
            format: spec.format,
            path: spec.path.clone(),
        };
        Self {
            corpora: corpora.iter().map(ingredient).collect(),
            training,
        }
    }

    /// The recipe as TOML, which [`Recipe::read`] takes.
    ///
    /// # Errors
    /// When a path is no Unicode, or the seed is larger than TOML's numbers.
    pub fn to_toml(&self) -> Result<String, RecipeError> {
        toml::to_string(self).map_err(|source| RecipeError::Unwritable {
            source: Box::new(source),
        })
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::select::Selection;

    #[test]
    fn a_recipe_is_read_as_it_was_written() {
        let settings = Settings {
            without: vec!["terms.".to_owned()],
            selection: Selection::Threshold(0.35),
            ..Settings::default()
        };
        let specs = [CorpusSpec::new(Format::L3sGn1, "some/where")];
        let recipe = Recipe::of(&specs, settings);
        let text = recipe.to_toml().unwrap();
        assert!(text.contains("rate = 0.06\n"), "{text}");
        assert_eq!(toml::from_str::<Recipe>(&text).unwrap(), recipe);
        assert_eq!(
            recipe.specs(".".as_ref())[0].path,
            Path::new("./some/where")
        );
    }
}
