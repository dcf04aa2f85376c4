//! How a model is fitted: everything that may be chosen.

use serde::{Deserialize, Serialize};

use super::{Boosting, Learner, RecipeError, TrainError};
use crate::model::design;
use crate::page::InputKind;
use crate::select::Selection;

/// How a model is fitted. With the same pages the same settings give the same
/// model.
///
/// ```
/// use dehusk::train::{Learner, Settings};
///
/// let settings = Settings { without: vec!["terms.".into()], ..Settings::of(Learner::Forest) };
/// assert_eq!(settings.seed, 1);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// What the pages are read as: plain text is what flattening leaves of them
    /// ([`flatten`](crate::block::flatten)).
    #[serde(skip_serializing_if = "InputKind::is_html")]
    pub input: InputKind,
    /// What learns.
    pub learner: Learner,
    /// Seed of everything drawn at random.
    pub seed: u64,
    /// Settings of the learner `boosting`.
    pub boosting: Boosting,
    /// Whether short posts and threads of comments, made of the pages of
    /// articles, are learned from too; not of plain text.
    pub variants: bool,
    /// Columns that the learner does not see, by how their names begin.
    pub without: Vec<String>,
    /// The rule that selects with the model's probabilities.
    pub selection: Selection,
}

impl Default for Settings {
    /// Those of the shipped model.
    fn default() -> Self {
        Self {
            input: InputKind::Html,
            learner: Learner::default(),
            seed: 1,
            boosting: Boosting::default(),
            variants: true,
            without: Vec::new(),
            selection: Selection::default(),
        }
    }
}

impl Settings {
    /// Those of the shipped model but for the learner.
    pub fn of(learner: Learner) -> Self {
        Self {
            learner,
            ..Self::default()
        }
    }

    /// Sets one of them, as a line of a recipe's `[training]` would.
    ///
    /// ```
    /// use dehusk::train::Settings;
    ///
    /// let settings = Settings::default().set("boosting.trees = 100")?;
    /// assert_eq!(settings.boosting.trees, 100);
    /// assert!(settings.set("boosting.threes = 100").is_err());
    /// # Ok::<(), dehusk::train::RecipeError>(())
    /// ```
    ///
    /// # Errors
    /// When the line is no TOML, or names or says what cannot be, or the seed is
    /// larger than TOML's numbers.
    pub fn set(&self, line: &str) -> Result<Self, RecipeError> {
        let malformed = |source| RecipeError::Setting {
            line: line.to_owned(),
            source: Box::new(source),
        };
        let mut table = toml::Table::try_from(self).map_err(|source| RecipeError::Unwritable {
            source: Box::new(source),
        })?;
        merge(&mut table, toml::from_str(line).map_err(malformed)?);
        table.try_into().map_err(malformed)
    }

    /// Indices of the columns that the learner does not see.
    ///
    /// # Errors
    /// When no column's name begins as one of [`without`](Self::without).
    pub(super) fn hidden_columns(&self) -> Result<Vec<usize>, TrainError> {
        let columns = design::columns(self.input);
        let mut hidden = Vec::new();
        for start in &self.without {
            let before = hidden.len();
            hidden.extend((0..columns.len()).filter(|&at| columns[at].starts_with(start)));
            if hidden.len() == before {
                return Err(TrainError::NoSuchColumn {
                    start: start.clone(),
                });
            }
        }
        Ok(hidden)
    }

    /// Whether variants of pages are learned from.
    pub(super) fn varies(&self) -> bool {
        self.variants && self.input.is_html() && self.boosts_on()
    }

    /// Whether trees for profile `article` alone are added to those for all.
    pub(super) fn boosts_on(&self) -> bool {
        let hides_profile = |start: &String| design::ARTICLE.starts_with(start);
        self.learner == Learner::Boosting
            && self.boosting.article_trees > 0
            && !self.without.iter().any(hides_profile)
    }

    /// In words, for the record.
    pub(super) fn describe(&self) -> String {
        let mut words = self.describe_learner();
        if self.input == InputKind::Text {
            words.push_str("; of flattened pages");
        }
        if self.boosts_on() && self.input.is_html() && !self.variants {
            words.push_str("; no variants of pages");
        }
        if !self.without.is_empty() {
            words.push_str("; without ");
            words.push_str(&self.without.join(", "));
        }
        words
    }
}

/// Puts the leaves of one table over those of another. A rule of selection is
/// one of several, and so replaced whole.
fn merge(table: &mut toml::Table, over: toml::Table) {
    for (name, value) in over {
        match (table.get_mut(&name), value) {
            (Some(toml::Value::Table(under)), toml::Value::Table(over)) if name != "selection" => {
                merge(under, over);
            }
            (_, value) => {
                table.insert(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_named_by_how_it_begins() {
        let settings = Settings {
            without: vec!["terms.words".to_owned(), "profile.".to_owned()],
            ..Settings::default()
        };
        let columns = design::columns(InputKind::Html);
        let hidden: Vec<&str> = settings
            .hidden_columns()
            .unwrap()
            .into_iter()
            .map(|at| columns[at].as_str())
            .collect();
        assert_eq!(
            hidden,
            [
                "terms.words",
                "terms.words±2",
                "terms.words±8",
                "terms.words.page",
                "profile.article"
            ]
        );
        assert!(
            settings
                .describe()
                .ends_with("; without terms.words, profile.")
        );
        assert!(!settings.boosts_on());
    }

    #[test]
    fn a_beginning_of_no_column_is_an_error() {
        let settings = Settings::default().set("without = ['term.']").unwrap();
        let error = settings.hidden_columns().unwrap_err().to_string();
        assert!(error.contains("`term.`"), "{error}");
    }

    #[test]
    fn a_seed_that_no_recipe_can_hold_is_told() {
        let settings = Settings {
            seed: u64::MAX,
            ..Settings::default()
        };
        assert!(settings.set("boosting.trees = 10").is_err());
    }

    #[test]
    fn a_line_sets_what_it_names_and_leaves_the_rest() {
        let settings = Settings::of(Learner::Tree)
            .set("boosting.rate = 0.5")
            .and_then(|settings| settings.set("selection.threshold = 0.5"))
            .unwrap();
        assert_eq!(settings.learner, Learner::Tree);
        assert_eq!(settings.boosting.rate, 0.5);
        assert_eq!(settings.boosting.trees, Boosting::default().trees);
        assert_eq!(settings.selection, Selection::Threshold(0.5));
        for wrong in ["rate 0.5", "rate = 0.5", "seed = 'one'"] {
            let error = settings.set(wrong).unwrap_err().to_string();
            assert!(error.contains(wrong), "{error}");
        }
    }

    #[test]
    fn settings_that_are_not_there_are_told() {
        assert!(toml::from_str::<Settings>("lerner = 'tree'").is_err());
        let settings: Settings = toml::from_str("selection.threshold = 0.5").unwrap();
        assert_eq!(settings.selection, Selection::Threshold(0.5));
        assert_eq!(settings.learner, Learner::Boosting);
    }
}
