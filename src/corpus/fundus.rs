//! fundus: `test_data/COUNTRY/PUBLISHER.json`, gold for each version of a
//! publisher's parser, beside the pages `PUBLISHER_YYYY_MM_DD.html.gz`.
//!
//! Nothing says which version describes which page: a version belongs to the
//! page that holds the most of its text. Left out without a word: a version
//! whose text no page holds (one of 155, whose page shows it by script only),
//! and pages that no version describes.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use scraper::Node;
use serde::Deserialize;

use super::address::Provenance;
use super::{CorpusError, Format, LabelledPage, PageSource, file};
use crate::block::is_skipped;
use crate::page::{Page, PageContext};

#[derive(Deserialize)]
struct Version {
    body: Body,
    title: Option<String>,
    authors: Option<Vec<String>>,
    publishing_date: Option<String>,
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    summary: Vec<String>,
    sections: Vec<Section>,
}

#[derive(Deserialize)]
struct Section {
    #[serde(default)]
    headline: Vec<String>,
    #[serde(default)]
    paragraphs: Vec<String>,
}

impl Body {
    fn texts(&self) -> impl Iterator<Item = &str> {
        let sections = self.sections.iter();
        self.summary
            .iter()
            .chain(sections.flat_map(|section| section.headline.iter().chain(&section.paragraphs)))
            .map(String::as_str)
    }
}

pub(super) fn read(path: &Path) -> Result<Vec<LabelledPage>, CorpusError> {
    let inner = path.join("test_data");
    let root = if inner.is_dir() { &inner } else { path };
    let mut publishers = Vec::new();
    let failed = |source| CorpusError::io(root, source);
    for entry in root.read_dir().map_err(failed)? {
        let country = entry.map_err(failed)?.path();
        if country.is_dir() {
            publishers.extend(file::list(&country, ".json")?);
        }
    }
    let pages: Vec<_> = publishers
        .par_iter()
        .map(|(publisher, json)| of_publisher(publisher, json))
        .collect();
    let pages: Result<Vec<_>, _> = pages.into_iter().collect();
    Ok(pages?.into_iter().flatten().collect())
}

fn of_publisher(publisher: &str, json: &Path) -> Result<Vec<LabelledPage>, CorpusError> {
    let versions: BTreeMap<String, Version> = file::json(json)?;
    let folder = json.parent().unwrap_or(Path::new("."));
    let found = pages_of(publisher, folder)?;
    if let Some(unpaired) = versions.keys().nth(found.len()) {
        return Err(CorpusError::MissingPage {
            path: json.to_owned(),
            row: format!("key {unpaired:?}"),
            page: folder.join(format!("{publisher}_YYYY_MM_DD.html.gz")),
        });
    }
    let mut shown = Vec::new();
    let mut provenances = Vec::new();
    for (_, path) in &found {
        let bytes = file::bytes(path)?;
        shown.push(letters_shown(&bytes));
        provenances.push(Provenance::of(&bytes));
    }
    // All pages of a publisher make one group, also where only some of them
    // say which site they are from.
    let site = provenances
        .iter()
        .find_map(|provenance| provenance.url.as_ref().and(provenance.site.clone()));
    let country = file::name(folder);
    let bodies: Vec<&Body> = versions.values().map(|version| &version.body).collect();
    let pairs = pair(&bodies, &shown);
    Ok(pairs
        .into_iter()
        .zip(versions.into_values())
        .filter_map(|(page, version)| Some((page?, version)))
        .map(|(page, version)| {
            let (stem, path) = &found[page];
            let text = version.body.texts().collect::<Vec<_>>().join("\n");
            let source = PageSource::File(path.clone());
            LabelledPage {
                url: provenances[page].url.clone(),
                group: site.clone().unwrap_or_else(|| publisher.to_owned()),
                title: file::said(version.title),
                author: file::said(version.authors.map(|authors| authors.join(", "))),
                date: file::said(version.publishing_date),
                page_type: Some("article".into()),
                lang: language(&country).map(str::to_owned),
                ..LabelledPage::new(format!("{country}/{stem}"), Format::Fundus, source, text)
            }
        })
        .collect())
}

/// A publisher's pages, by date.
fn pages_of(publisher: &str, folder: &Path) -> Result<Vec<(String, PathBuf)>, CorpusError> {
    let mut pages = file::list(folder, ".html")?;
    pages.extend(file::list(folder, ".html.gz")?);
    pages.retain(|(stem, _)| {
        stem.strip_prefix(publisher)
            .and_then(|rest| rest.strip_prefix('_'))
            .is_some_and(|date| date.bytes().all(|b| b.is_ascii_digit() || b == b'_'))
    });
    pages.sort();
    pages.dedup_by(|a, b| a.0 == b.0);
    Ok(pages)
}

/// For each version the index of its page: pairs are made in order of the
/// letters that the page holds of the version's texts; of pairs that hold the
/// same, the earlier version gets the earlier page.
fn pair(bodies: &[&Body], shown: &[String]) -> Vec<Option<usize>> {
    let mut held = Vec::new();
    for (version, body) in bodies.iter().enumerate() {
        let texts: Vec<_> = body.texts().map(letters).collect();
        for (page, shown) in shown.iter().enumerate() {
            let held_here = texts.iter().filter(|text| shown.contains(text.as_str()));
            let count: usize = held_here.map(String::len).sum();
            held.push((Reverse(count), version, page));
        }
    }
    held.sort();
    let mut pages = vec![None; bodies.len()];
    for (Reverse(count), version, page) in held {
        if count > 0 && pages[version].is_none() && !pages.contains(&Some(page)) {
            pages[version] = Some(page);
        }
    }
    pages
}

/// The letters and digits of a text, in lower case: what is left of it
/// whatever happened to its spaces and punctuation.
fn letters(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn letters_shown(bytes: &[u8]) -> String {
    let page = Page::parse(bytes, &PageContext::default());
    let text = |node: ego_tree::NodeRef<'_, Node>| match (node.value(), node.parent()) {
        (Node::Text(text), Some(parent)) => match parent.value() {
            Node::Element(element) if is_skipped(&element.name.local) => None,
            _ => Some(letters(text)),
        },
        _ => None,
    };
    page.html
        .tree
        .root()
        .descendants()
        .filter_map(text)
        .collect()
}

/// The language of a country's publishers, where the corpus has one only and
/// the country leaves no doubt.
fn language(country: &str) -> Option<&'static str> {
    Some(match country {
        "at" | "de" | "li" => "de",
        "dk" => "da",
        "es" => "es",
        "fr" => "fr",
        "id" => "id",
        "isl" => "is",
        "jp" => "ja",
        "kr" => "ko",
        "pl" => "pl",
        "se" => "sv",
        "tr" => "tr",
        "uk" | "us" => "en",
        "vn" => "vi",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const VERSIONS: &str = r#"{
        "V1": {"title": "Tee", "authors": ["A. Blatt", "B. Kanne"], "publishing_date": "2023-05-01",
            "body": {"summary": ["Tee ist warm."], "sections": [
                {"headline": [], "paragraphs": ["Man kocht Wasser."]},
                {"headline": ["Dann"], "paragraphs": ["Man „wartet“ & trinkt."]}]}},
        "V1_1": {"body": {"summary": [], "sections": [
            {"headline": [], "paragraphs": ["Kaffee ist bitter.", "Er macht wach."]}]}}}"#;

    fn corpus(pages: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let country = folder.path().join("test_data/de");
        fs::create_dir_all(&country).unwrap();
        fs::write(country.join("Blatt.json"), VERSIONS).unwrap();
        for (name, html) in pages {
            fs::write(country.join(name), html).unwrap();
        }
        folder
    }

    const TEA: &str = "<p>Tee ist warm.<p>Man kocht <b>Was</b>ser.<h2>Dann</h2>\
        <p>Man &bdquo;wartet&ldquo; &amp; trinkt.";
    const COFFEE: &str = "<link rel=canonical href=https://www.blatt.example.com/kaffee>\
        <p>Kaffee ist bitter.<p>Er macht wach.";

    #[test]
    fn a_version_belongs_to_the_page_that_holds_its_text() {
        let folder = corpus(&[
            ("Blatt_2024_01_01.html", COFFEE),
            ("Blatt_2025_01_01.html", TEA),
            ("Blatt_Extra_2025_01_01.html", TEA),
        ]);
        let pages = read(folder.path()).unwrap();
        assert_eq!(pages.len(), 2);
        assert_eq!(pages[0].id, "de/Blatt_2025_01_01");
        assert_eq!(
            pages[0].text,
            "Tee ist warm.\nMan kocht Wasser.\nDann\nMan „wartet“ & trinkt."
        );
        assert_eq!(pages[0].author.as_deref(), Some("A. Blatt, B. Kanne"));
        assert_eq!(pages[0].lang.as_deref(), Some("de"));
        assert_eq!(
            (pages[1].id.as_str(), &pages[1].date),
            ("de/Blatt_2024_01_01", &None)
        );
    }

    #[test]
    fn a_publisher_is_one_group_by_the_address_of_any_of_its_pages() {
        let pages = [
            ("Blatt_2024_01_01.html", COFFEE),
            ("Blatt_2025_01_01.html", TEA),
        ];
        let groups = |folder: &tempfile::TempDir| -> Vec<_> {
            let pages = read(folder.path()).unwrap();
            pages.into_iter().map(|page| page.group).collect()
        };
        assert_eq!(groups(&corpus(&pages)), ["example.com", "example.com"]);
        let unaddressed = COFFEE.replace("canonical", "next");
        let pages = [("Blatt_2024_01_01.html", &*unaddressed), pages[1]];
        assert_eq!(groups(&corpus(&pages)), ["Blatt", "Blatt"]);
    }

    #[test]
    fn a_version_that_no_page_shows_is_left_out() {
        let folder = corpus(&[
            (
                "Blatt_2024_01_01.html",
                "<script>Kaffee ist bitter.</script>",
            ),
            ("Blatt_2025_01_01.html", TEA),
        ]);
        assert_eq!(read(folder.path()).unwrap().len(), 1);
    }

    #[test]
    fn versions_of_the_same_text_take_pages_by_date() {
        let folder = corpus(&[
            ("Blatt_2024_01_01.html", TEA),
            ("Blatt_2025_01_01.html", TEA),
        ]);
        let json = folder.path().join("test_data/de/Blatt.json");
        let body = r#"{"body": {"sections": [{"paragraphs": ["Tee ist warm."]}]}}"#;
        fs::write(json, format!(r#"{{"V1": {body}, "V2": {body}}}"#)).unwrap();
        let ids: Vec<_> = read(folder.path())
            .unwrap()
            .into_iter()
            .map(|p| p.id)
            .collect();
        assert_eq!(ids, ["de/Blatt_2024_01_01", "de/Blatt_2025_01_01"]);
    }

    #[test]
    fn fewer_pages_than_versions_are_an_error_that_names_the_version() {
        let folder = corpus(&[("Blatt_2025_01_01.html", TEA)]);
        let message = read(folder.path()).unwrap_err().to_string();
        assert!(message.contains("Blatt.json, key \"V1_1\""), "{message}");
    }
}
