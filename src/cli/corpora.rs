//! `--corpus FORMAT:PATH` → prepared pages, for every command that takes it.

use std::path::PathBuf;

use super::{message, progress};
use crate::corpus::{self, CorpusSpec, Format, LabelledPage};
use crate::page::InputKind;
use crate::train::{Cache, PreparedPage, Recipe, prepare_with};

/// Corpora named on the command line.
#[derive(Debug, clap::Args)]
pub(super) struct Corpora {
    /// Labelled pages, as FORMAT:PATH (may be given several times)
    #[arg(
        long = "corpus",
        required_unless_present = "recipe",
        conflicts_with = "recipe",
        value_name = "FORMAT:PATH",
        long_help = formats()
    )]
    specs: Vec<CorpusSpec>,
    /// Take corpora and settings from a recipe (a TOML file)
    #[arg(long, value_name = "FILE", requires = "folder")]
    recipe: Option<PathBuf>,
    /// Folder that holds the recipe's corpora
    #[arg(long = "corpora", value_name = "DIR", requires = "recipe")]
    folder: Option<PathBuf>,
}

fn formats() -> String {
    let mut help = String::from("Labelled pages, as FORMAT:PATH (may be given several times).\n\n");
    for format in Format::ALL {
        help.push_str(&format!("  {:<12} {}\n", format.name(), format.layout()));
    }
    help
}

/// Corpora, and the recipe that names them, where one does.
pub(super) struct Named {
    pub(super) specs: Vec<CorpusSpec>,
    pub(super) recipe: Option<Recipe>,
}

impl Corpora {
    /// The corpora, by name or by recipe.
    pub(super) fn named(&self) -> anyhow::Result<Named> {
        let recipe = self.recipe.as_deref().map(Recipe::read).transpose()?;
        let specs = match (&recipe, &self.folder) {
            (Some(recipe), Some(folder)) => recipe.specs(folder),
            _ => self.specs.clone(),
        };
        Ok(Named { specs, recipe })
    }
}

/// Lists the pages of all corpora.
pub(super) fn read_pages(specs: &[CorpusSpec]) -> anyhow::Result<Vec<LabelledPage>> {
    let mut pages = Vec::new();
    for spec in specs {
        pages.extend(corpus::read(spec)?);
    }
    Ok(pages)
}

/// Parses, measures and labels the pages, read as a kind.
pub(super) fn prepare_pages(
    pages: Vec<LabelledPage>,
    kind: InputKind,
) -> anyhow::Result<Vec<PreparedPage>> {
    prepare_pages_with(pages, kind, None)
}

/// Parses, measures and labels the pages, read as a kind, that the cache does not hold.
pub(super) fn prepare_pages_with(
    pages: Vec<LabelledPage>,
    kind: InputKind,
    cache: Option<&Cache>,
) -> anyhow::Result<Vec<PreparedPage>> {
    let bar = progress::bar("reading pages", pages.len());
    let prepared = prepare_with(pages, kind, cache, || bar.inc(1));
    bar.finish_and_clear();
    if let Some(cache) = cache {
        let (used, folder) = (cache.used(), cache.folder().display());
        if used.damaged > 0 {
            message::warning(format_args!(
                "cache {folder}: {} entries were damaged or of another program; \
                 their pages were prepared anew",
                used.damaged
            ));
        }
        if used.unwritten > 0 {
            message::warning(format_args!(
                "cache {folder}: {} pages could not be put into it and will be prepared again; \
                 check that it is writable and the disk not full",
                used.unwritten
            ));
        }
    }
    Ok(prepared?)
}

/// Names up to five pages, and how many more there are.
pub(super) fn name_some(pages: &[&str]) -> String {
    let shown = pages.len().min(5);
    let more = match pages.len() - shown {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    format!("{}{more}", pages[..shown].join(", "))
}

/// Says which pages are not learned from, as their gold text is not theirs.
pub(super) fn warn_of_foreign_gold(pages: &[PreparedPage]) {
    let foreign: Vec<&str> = pages
        .iter()
        .filter(|page| !page.has_its_gold())
        .map(|page| page.labelled.id.as_str())
        .collect();
    if !foreign.is_empty() {
        message::warning(format_args!(
            "{} pages hold less than half of their gold text and are not learned from: {}",
            foreign.len(),
            name_some(&foreign)
        ));
    }
}
