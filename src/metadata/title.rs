//! The page's title as its readers see it.

use super::gather::Gathered;
use super::json_ld::{Main, plain};
use super::key::{holds, likeness, text_key};
use super::site::{SiteNames, without_site};
use super::{Found, Provenance};

/// Likeness to a stated title from which a page's only `h1` is its title.
/// Chosen on wcxb and newspaper4k, of .2 to .6.
const LIKE: f64 = 0.3;

struct Title {
    text: String,
    key: String,
    /// With the site's name.
    whole: String,
    provenance: Provenance,
}

/// The title. What is stated (JSON-LD, Open Graph, Twitter, `title`) is often
/// written for search engines or shared cards and says the site's name; the
/// `h1` is what the page is headed with, but some pages have several, or one
/// for the logo. So:
///
/// 1. the first `h1` whose words stand in a stated title side by side;
/// 2. the first stated title whose words stand in an `h1` side by side, at one
///    of its ends: what is more there is a kicker or a subtitle;
/// 3. the only `h1`, where it is like a stated title or the page is an article;
/// 4. the first stated title, without the site's name;
/// 5. the first `h1`.
pub(super) fn read(page: &Gathered, main: &Main, site: &SiteNames) -> Option<Found<String>> {
    let stated = stated(page, main, site);
    let headings: Vec<(String, String)> = page
        .headings
        .iter()
        .map(|text| (text.replace('\u{AD}', ""), text_key(text)))
        .filter(|(text, key)| !key.is_empty() && !site.are(text))
        .collect();
    let said_in = |key: &str| {
        let whole = stated.iter().any(|title| title.key == key);
        let is_short = !key.contains(' ');
        // A kicker or the name of a section is a small part of a title.
        let is_most = |title: &Title| 3 * key.len() >= title.key.len();
        whole
            || (!is_short
                && stated
                    .iter()
                    .any(|title| is_most(title) && holds(&title.whole, key)))
    };
    let heading = |text: &str| Some(Found::new(text.to_owned(), Provenance::Heading));
    if let Some((text, _)) = headings.iter().find(|(_, key)| said_in(key)) {
        return heading(text);
    }
    let title = |title: &Title| Some(Found::new(title.text.clone(), title.provenance));
    let headed = stated.iter().find(|title| {
        title.key.split(' ').nth(2).is_some()
            && headings.iter().any(|(_, key)| {
                key.ends_with(&format!(" {}", title.key))
                    || key.starts_with(&format!("{} ", title.key))
            })
    });
    if let Some(headed) = headed {
        return title(headed);
    }
    if let [(text, key)] = &headings[..] {
        let like = stated.iter().any(|title| likeness(&title.key, key) >= LIKE);
        if like || (main.is_article() && key.split(' ').nth(2).is_some()) {
            return heading(text);
        }
    }
    stated
        .first()
        .and_then(title)
        .or_else(|| heading(&headings.first()?.0))
}

/// The titles that the page states, without the site's name, the best first.
fn stated(page: &Gathered, main: &Main, site: &SiteNames) -> Vec<Title> {
    let headline = main.text(&["headline"]).filter(|_| main.is_article());
    let microdata = page.properties("headline").next().map(plain);
    let all = [
        (headline, Provenance::JsonLd),
        (page.meta(&["og:title"]).map(plain), Provenance::OpenGraph),
        (
            page.meta(&["twitter:title", "dc.title", "citation_title"])
                .map(plain),
            Provenance::Meta,
        ),
        (page.title.clone(), Provenance::Title),
        (microdata, Provenance::Microdata),
    ];
    all.into_iter()
        .filter_map(|(text, provenance)| {
            let whole = text?;
            let text = without_site(&whole, site);
            let key = text_key(&text);
            (!key.is_empty()).then(|| Title {
                key,
                whole: text_key(&whole),
                text,
                provenance,
            })
        })
        .collect()
}
