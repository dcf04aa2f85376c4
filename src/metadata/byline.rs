//! The visible lines about the headline: who wrote, and when.

use std::ops::Range;

use scraper::Node;

use super::date_text::Order;
use super::gather::{is_of_a_comment, pieces_of, text_of};
use super::key::{holds, likeness, text_key};
use super::moment::Moment;
use super::month::month;
use super::name::{cjk_names, is_cue, is_person, names, without_cue};
use super::site::SiteNames;
use super::{Found, Provenance};
use crate::block::{Blocks, OutlineElement};
use crate::page::Page;

/// Blocks before and after the headline that are looked at.
const BEFORE: usize = 8;
const AFTER: usize = 25;

/// Blocks looked at from the page's first where no block says its title.
const WITHOUT_HEADLINE: usize = 80;

/// Blocks that are asked whether they say the title.
const MOST_BLOCKS: usize = 2_000;

/// Characters of a block that may be a byline.
const MOST_CHARS: usize = 160;

/// Elements of a page that are looked at for authors at its other places.
const MOST_ELEMENTS: usize = 20_000;

/// The blocks about the headline.
pub(super) struct Lines<'p> {
    page: &'p Page,
    blocks: &'p Blocks,
    headline: Option<usize>,
    near: Range<usize>,
}

impl<'p> Lines<'p> {
    /// Those about the first block that says `title`; where none does, the
    /// first of the page.
    pub fn about(title: Option<&str>, page: &'p Page, blocks: &'p Blocks) -> Self {
        let headline = title.and_then(|title| headline(title, blocks));
        let near = match headline {
            Some(at) => at.saturating_sub(BEFORE)..blocks.len().min(at + AFTER + 1),
            None => 0..blocks.len().min(WITHOUT_HEADLINE),
        };
        Self {
            page,
            blocks,
            headline,
            near,
        }
    }

    /// The blocks after the headline, then those before it, the nearest first.
    fn in_order(&self) -> impl Iterator<Item = usize> + '_ {
        let headline = self.headline.unwrap_or(self.near.start);
        (headline..self.near.end).chain((self.near.start..headline).rev())
    }

    /// The first `time` element after the headline, else the last before it,
    /// that has a date.
    pub fn time(&self, read: impl Fn(&str) -> Option<Moment>) -> Option<Moment> {
        let headline = self.headline.unwrap_or(self.near.start);
        let mut before = None;
        for (at, element) in self.elements() {
            if &*element.name != "time" {
                continue;
            }
            let node = self.page.html.tree.get(element.node);
            let stated = node.and_then(|node| {
                let stated = node
                    .value()
                    .as_element()?
                    .attr("datetime")
                    .map(str::to_owned);
                stated
                    .and_then(|stated| read(&stated))
                    .or_else(|| read(&text_of(node)?))
            });
            match stated {
                Some(moment) if at >= headline => return Some(moment),
                Some(moment) => before = Some(moment),
                None => {}
            }
        }
        before
    }

    /// The first date on the whole page that a short block calls that of the
    /// publication.
    pub fn named_date(&self, read: impl Fn(&str) -> Option<Moment>) -> Option<Moment> {
        (0..self.blocks.len().min(MOST_BLOCKS)).find_map(|at| {
            let text = self.short(at)?;
            let lower = text.to_lowercase();
            PUBLISHED
                .iter()
                .any(|word| lower.contains(word))
                .then(|| read(text))
                .flatten()
        })
    }

    /// The first date that a short block says, after the headline, else before
    /// it; one that is said to be of a change only where there is no other.
    pub fn date(&self, read: impl Fn(&str) -> Option<Moment>) -> Option<Moment> {
        let mut changed = None;
        for at in self.in_order() {
            let Some(text) = self.short(at) else {
                continue;
            };
            let lower = text.to_lowercase();
            if NO_DATES.iter().any(|word| lower.contains(word)) {
                continue;
            }
            let Some(moment) = read(text) else {
                continue;
            };
            let is_change = CHANGES.iter().any(|word| lower.contains(word));
            let is_both = PUBLISHED.iter().any(|word| lower.contains(word));
            if is_change && !is_both {
                changed.get_or_insert(moment);
            } else {
                return Some(moment);
            }
        }
        changed
    }

    /// Who wrote, by the lines about the headline: links and elements that
    /// their markup calls an author's, else lines that begin with `By` or its
    /// like; else the one author that links all over the page name.
    pub fn authors(&self, site: &SiteNames) -> Vec<Found<String>> {
        let found = self
            .marked(Mark::Link, site)
            .or_else(|| self.said(site))
            .or_else(|| self.marked(Mark::Class, site))
            .or_else(|| self.elsewhere(site));
        let found = found.unwrap_or_default().into_iter();
        found
            .map(|name| Found::new(name, Provenance::Byline))
            .collect()
    }

    fn marked(&self, mark: Mark, site: &SiteNames) -> Option<Vec<String>> {
        let headline = self.headline.unwrap_or(self.near.start);
        let mut found: Vec<(bool, String)> = Vec::new();
        for (at, element) in self.elements() {
            if self.mark_of(element) != Some(mark) {
                continue;
            }
            let Some(pieces) = self.pieces(element) else {
                continue;
            };
            let pieces = pieces.split('|').map(until_date);
            for name in pieces.flat_map(names).filter(|name| !site.are_like(name)) {
                let is_name = is_person(&name) || (mark == Mark::Link && is_account(&name));
                if is_name
                    && !found
                        .iter()
                        .any(|(_, known)| text_key(known) == text_key(&name))
                {
                    found.push((at >= headline, name));
                }
            }
            // A class is a guess: the first element that has names is enough.
            if mark == Mark::Class && found.iter().any(|(after, _)| *after) {
                break;
            }
        }
        // Those after the headline, where there are any.
        let after = found.iter().any(|(after, _)| *after);
        let of_place = found.into_iter().filter(|(of, _)| *of == after);
        let mut names: Vec<String> = of_place.map(|(_, name)| name).collect();
        // One is a person: accounts beside it are others' links, and what is
        // written in capitals alone is what the person works for.
        if names.iter().any(|name| is_person(name)) {
            names.retain(|name| is_person(name));
            let has_small = |name: &String| name.chars().any(char::is_lowercase);
            if names.iter().any(has_small) {
                names.retain(has_small);
            }
        } else {
            names.truncate(1);
        }
        (!names.is_empty()).then_some(names)
    }

    /// The first line that says who wrote: the names behind a cue, in the same
    /// line or, where the cue stands alone, in the next block.
    fn said(&self, site: &SiteNames) -> Option<Vec<String>> {
        let persons = |text: &str| {
            let names = names(until_date(text));
            let are = names
                .iter()
                .all(|name| is_person(name) && !site.are_like(name));
            (are && !names.is_empty()).then_some(names)
        };
        self.in_order().find_map(|at| {
            let text = self.short(at)?;
            if is_cue(text) {
                return self.short(at + 1).and_then(persons);
            }
            text.lines().find_map(|line| {
                // `17 May 2024 by Ada Lovelace`.
                let dated = line
                    .split_once(" by ")
                    .filter(|(date, _)| date.contains(char::is_numeric));
                let rest = without_cue(line.trim()).or(dated.map(|(_, rest)| rest));
                rest.and_then(persons).or_else(|| {
                    let names = cjk_names(line);
                    (!names.is_empty()).then_some(names)
                })
            })
        })
    }

    /// What Chinese pages say at the beginning or the end of the text, and the
    /// author that all links to authors on the page name, where it is one.
    fn elsewhere(&self, site: &SiteNames) -> Option<Vec<String>> {
        let blocks = self.blocks.blocks.iter().take(MOST_BLOCKS);
        let said = blocks
            .map(|block| cjk_names(&block.text))
            .find(|names| !names.is_empty());
        if said.is_some() {
            return said;
        }
        let elements = self.blocks.outline.elements().iter().take(MOST_ELEMENTS);
        let mut found: Vec<String> = Vec::new();
        for element in elements.filter(|element| self.mark_of(element) == Some(Mark::Link)) {
            let Some(pieces) = self.pieces(element) else {
                continue;
            };
            let persons = names(&pieces)
                .into_iter()
                .filter(|name| is_person(name) && !site.are_like(name));
            for name in persons {
                if !found.iter().any(|known| text_key(known) == text_key(&name)) {
                    found.push(name);
                }
            }
        }
        (found.len() == 1).then_some(found)
    }

    /// The text of a block, where it is as short as a byline.
    fn short(&self, at: usize) -> Option<&'p str> {
        let text = self.blocks.blocks.get(at)?.text.as_str();
        text.chars().nth(MOST_CHARS).is_none().then_some(text)
    }

    /// The text of an element that is as short as a byline, its pieces parted
    /// by bars.
    fn pieces(&self, element: &OutlineElement) -> Option<String> {
        let pieces = pieces_of(self.page.html.tree.get(element.node)?)?;
        (pieces.chars().count() <= 2 * MOST_CHARS).then_some(pieces)
    }

    /// The elements that begin near the headline, with the block they begin at.
    fn elements(&self) -> impl Iterator<Item = (usize, &'p OutlineElement)> + '_ {
        let all = self.blocks.outline.elements().iter();
        all.map(|element| (element.blocks.start, element))
            .filter(|(at, _)| self.near.contains(at))
    }

    fn mark_of(&self, element: &OutlineElement) -> Option<Mark> {
        let node = self.page.html.tree.get(element.node)?;
        let Node::Element(element) = node.value() else {
            return None;
        };
        let mut mark = None;
        for (name, held) in element.attrs() {
            let lower = held.to_ascii_lowercase();
            match name {
                "rel" if lower.split_ascii_whitespace().any(|rel| rel == "author") => {
                    mark = Some(Mark::Link);
                    break;
                }
                "href" if AUTHOR_PATHS.iter().any(|path| lower.contains(path)) => {
                    mark = Some(Mark::Link);
                    break;
                }
                "class" | "id" | "data-testid" | "itemprop"
                    if AUTHOR_WORDS.iter().any(|word| lower.contains(word))
                        && !NO_AUTHORS.iter().any(|word| lower.contains(word)) =>
                {
                    mark = Some(Mark::Class);
                }
                _ => {}
            }
        }
        mark.filter(|_| !is_of_a_comment(node))
    }
}

/// How an element's markup says that it names an author.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// `rel=author`, or an address of an author's page.
    Link,
    /// Its class or id.
    Class,
}

/// In addresses of authors' pages.
const AUTHOR_PATHS: [&str; 22] = [
    "/author/",
    "/authors/",
    "/auteur/",
    "/auteurs/",
    "/autor/",
    "/autoren/",
    "/autores/",
    "/autore/",
    "/author-",
    "/contributor/",
    "/contributors/",
    "/people/",
    "/profile/",
    "/by/",
    "/writer/",
    "/writers/",
    "/journalist/",
    "/reporter/",
    "/redaktion/",
    "/user/",
    "/users/",
    "/member.php",
];

/// In classes and ids of bylines.
const AUTHOR_WORDS: [&str; 10] = [
    "author",
    "byline",
    "by-line",
    "writer",
    "autor",
    "auteur",
    "username",
    "contributor",
    "creator",
    "writtenby",
];

/// In classes and ids that have a word of these, and are of no byline.
const NO_AUTHORS: [&str; 9] = [
    "comment",
    "bio",
    "related",
    "avatar",
    "authority",
    "image",
    "social",
    "follow",
    "date",
];

/// Words beside dates that are of no publication.
const NO_DATES: [&str; 10] = [
    "copyright",
    "©",
    "event",
    "registered",
    "joined",
    "member since",
    "expires",
    "deadline",
    "last visit",
    "注册",
];

/// Words beside dates of a change.
const CHANGES: [&str; 17] = [
    "updated",
    "modified",
    "revised",
    "reviewed",
    "aktualisiert",
    "zuletzt",
    "mis à jour",
    "modifié",
    "actualizado",
    "aggiornato",
    "bijgewerkt",
    "oppdatert",
    "opdateret",
    "uppdaterad",
    "обновлено",
    "更新",
    "수정",
];

/// Words beside dates of a publication.
const PUBLISHED: [&str; 12] = [
    "published",
    "posted",
    "veröffentlicht",
    "publié",
    "publicado",
    "pubblicato",
    "gepubliceerd",
    "publisert",
    "publicerad",
    "опубликовано",
    "发布",
    "입력",
];

/// The first block that says the title, whole or nearly.
fn headline(title: &str, blocks: &Blocks) -> Option<usize> {
    let key = text_key(title);
    let long = key.len() + 40;
    let mut like = None;
    for (at, block) in blocks.blocks.iter().enumerate().take(MOST_BLOCKS) {
        if block.text.len() > 2 * long + 40 {
            continue;
        }
        let said = text_key(&block.text);
        let is_heading = matches!(blocks.tag(at), "h1" | "h2");
        if said == key && is_heading {
            return Some(at);
        }
        let near = said == key
            || (holds(&said, &key) && said.len() < long)
            || (is_heading && likeness(&said, &key) > 0.8);
        if near && like.is_none() && blocks.tag(at) != "title" {
            like = Some(at);
        }
    }
    like
}

/// A byline up to where its date begins.
fn until_date(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let words = [
        " published",
        " updated",
        " posted",
        " last ",
        " on ",
        " | ",
        " · ",
        " • ",
    ];
    let word = words.iter().filter_map(|word| lower.find(word)).min();
    let digit = text.find(|c: char| c.is_numeric());
    let end = word.into_iter().chain(digit).min().unwrap_or(text.len());
    let text = text[..end].trim();
    match text.rsplit_once(' ') {
        Some((before, last)) if digit.is_some() && month(last.trim_end_matches('.')).is_some() => {
            before
        }
        _ => text,
    }
}

/// Whether a text may be the name of an account: one word.
fn is_account(name: &str) -> bool {
    let letters = name.chars().count();
    !name.contains(' ') && (3..=25).contains(&letters)
}

/// The order of a page's dates, by its language and the region that it or its
/// host names: Americans put the month first.
pub(super) fn order(language: Option<&str>, host: Option<&str>) -> Order {
    let language = language.unwrap_or("en").to_ascii_lowercase();
    let is_english = language.starts_with("en");
    let elsewhere = ["-gb", "-au", "-nz", "-ie", "-in", "-za", "_gb", "_au"];
    let ends = [
        ".uk", ".au", ".nz", ".ie", ".in", ".za", ".eu", ".sg", ".my", ".ng", ".ke",
    ];
    let abroad = elsewhere.iter().any(|region| language.ends_with(region))
        || ends
            .iter()
            .any(|end| host.is_some_and(|host| host.ends_with(end)));
    if is_english && !abroad {
        Order::MonthFirst
    } else {
        Order::DayFirst
    }
}
