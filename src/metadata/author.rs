//! Who wrote the page.

use super::byline::Lines;
use super::gather::Gathered;
use super::json_ld::{Main, plain};
use super::name::names;
use super::site::SiteNames;
use super::{Found, Provenance};

/// `meta` that name authors, the most exact first.
const METAS: [&str; 16] = [
    "author",
    "parsely-author",
    "sailthru.author",
    "sailthru.byline_name",
    "article:author_name",
    "article.author",
    "articleauthor",
    "cxenseparse:author",
    "citation_author",
    "dc.creator",
    "dcterms.creator",
    "dc.contributor",
    "creator",
    "byl",
    "byline",
    "article_author",
];

/// The authors, from the first source that names any but the site itself:
///
/// 1. `json-ld`: persons, one by one;
/// 2. `meta` and `og`: a text, which must be split and is the site's name often;
/// 3. `microdata`;
/// 4. `byline`: what readers see, which is read by guess;
/// 5. organisations that JSON-LD names, and the site itself where some source
///    says that it is the author.
pub(super) fn read(
    page: &Gathered,
    main: &Main,
    lines: &Lines,
    site: &SiteNames,
) -> Vec<Found<String>> {
    let stated = main.authors();
    let of_kind = |organization| -> Vec<String> {
        stated
            .iter()
            .filter(|author| author.is_organization == organization)
            .flat_map(|author| names(&author.name))
            .collect()
    };
    let persons = of_kind(false);
    let metas = METAS
        .iter()
        .map(|name| texts(page.metas(name)))
        .find(|found| !found.is_empty());
    let metas = metas.unwrap_or_default();
    let og = texts(
        page.metas("og:author")
            .chain(page.metas("article:author"))
            .chain(page.metas("og:article:author")),
    );
    let microdata = texts(page.properties("author").chain(page.properties("creator")));
    let sources = [
        (persons, Provenance::JsonLd),
        (metas, Provenance::Meta),
        (labelled(page), Provenance::Meta),
        (og, Provenance::OpenGraph),
        (microdata, Provenance::Microdata),
    ];
    for (names, provenance) in &sources {
        let own = found(names.iter().filter(|name| !site.are(name)), *provenance);
        if !own.is_empty() {
            return own;
        }
    }
    let seen = lines.authors(site);
    if !seen.is_empty() {
        return seen;
    }
    let organizations = (of_kind(true), Provenance::JsonLd);
    let rest = [organizations].into_iter().chain(sources);
    rest.map(|(names, provenance)| found(names.iter(), provenance))
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

fn found<'a>(
    names: impl Iterator<Item = &'a String>,
    provenance: Provenance,
) -> Vec<Found<String>> {
    let mut found: Vec<Found<String>> = Vec::new();
    for name in names {
        if !found
            .iter()
            .any(|known| known.value.eq_ignore_ascii_case(name))
        {
            found.push(Found::new(name.clone(), provenance));
        }
    }
    found
}

/// The names in texts of a source, but in those that are addresses.
fn texts<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    texts.flat_map(|text| names(&plain(text))).collect()
}

/// Twitter's cards name an author below a label that is in the page's language.
fn labelled(page: &Gathered) -> Vec<String> {
    const LABELS: [&str; 16] = [
        "written by",
        "author",
        "by",
        "verfasst von",
        "geschrieben von",
        "autor",
        "écrit par",
        "auteur",
        "escrito por",
        "scritto da",
        "geschreven door",
        "skrevet av",
        "skriven av",
        "napisane przez",
        "автор",
        "作者",
    ];
    let pairs = [
        ("twitter:label1", "twitter:data1"),
        ("twitter:label2", "twitter:data2"),
    ];
    let of = |(label, data)| {
        let label = page.meta(&[label])?.to_lowercase();
        LABELS
            .contains(&label.trim_end_matches(':'))
            .then(|| page.meta(&[data]))
            .flatten()
    };
    pairs
        .into_iter()
        .find_map(of)
        .map(|data| names(&plain(data)))
        .unwrap_or_default()
}
