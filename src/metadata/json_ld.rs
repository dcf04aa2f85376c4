//! The page's JSON-LD, and which of its things is the page's own.
//!
//! A page carries JSON-LD of its article, its site, its author, its path of
//! menus and, often, of the articles that it links to. [`JsonLd::main`] ranks
//! the things that may be what the page is about.

use std::collections::{HashMap, HashSet};

use ego_tree::NodeRef;
use scraper::Node;
use scraper::node::Element;
use serde_json::{Deserializer, Map, Value};

use super::key::{address_key, text_key};
use super::structured::{MOST_BYTES, is_json_ld};
use crate::text::fold_space;

/// Things of a page that are looked at.
const MOST_THINGS: usize = 5_000;

/// Names in a list of authors that are read.
const MOST_NAMES: usize = 50;

/// Keys below which stand other things than the page's own.
const OTHERS: [&str; 14] = [
    "itemListElement",
    "hasPart",
    "comment",
    "review",
    "reviews",
    "citation",
    "mentions",
    "isRelatedTo",
    "relatedLink",
    "suggestedAnswer",
    "acceptedAnswer",
    "subjectOf",
    "recordedIn",
    "workExample",
];

/// The JSON-LD of a page, as it stands in its scripts.
#[derive(Debug, Default)]
pub(super) struct JsonLd {
    documents: Vec<Value>,
    read: usize,
}

/// The things of a page's JSON-LD that it is about, the likeliest first.
#[derive(Debug, Default)]
pub(super) struct Main<'a> {
    things: Vec<&'a Map<String, Value>>,
    by_id: HashMap<&'a str, &'a Map<String, Value>>,
    /// The name of the site that some `WebSite` gives.
    pub site: Option<String>,
}

/// An author that JSON-LD names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Author {
    pub name: String,
    pub is_organization: bool,
}

struct Thing<'a> {
    object: &'a Map<String, Value>,
    /// Stands below a key of [`OTHERS`].
    other: bool,
}

impl JsonLd {
    /// Reads a `script`, where it is one of JSON-LD and the page's are not too
    /// long already.
    pub fn take(&mut self, node: NodeRef<'_, Node>, element: &Element) {
        if !is_json_ld(element) {
            return;
        }
        let texts = node.children().filter_map(|child| child.value().as_text());
        let script: String = texts.map(|text| &**text).collect();
        self.read = self.read.saturating_add(script.len());
        if self.read <= MOST_BYTES {
            self.documents.extend(parse(&script));
        }
    }

    /// What the page is about: things whose address or headline is the page's
    /// go before others, articles before products and the like, these before
    /// the page itself. Where an article is the page's, others are left out;
    /// where there are several and none is, all are: they are a list's.
    ///
    /// `addresses` and `titles` are the page's own, as keys.
    pub fn main(&self, addresses: &[String], titles: &[String]) -> Main<'_> {
        let mut things = Vec::new();
        for document in &self.documents {
            gather(document, false, &mut things);
        }
        let mut main = Main::default();
        for thing in &things {
            if let Some(id) = thing.object.get("@id").and_then(Value::as_str) {
                // A mere reference has an id only.
                if thing.object.len() > 1 {
                    main.by_id.entry(id).or_insert(thing.object);
                }
            }
            if main.site.is_none() && types(thing.object).any(|of| of == "WebSite") {
                main.site = thing.object.get("name").and_then(string);
            }
        }
        let mut ranked: Vec<(bool, u8, &Map<String, Value>)> = things
            .iter()
            .filter_map(|thing| {
                let kind = types(thing.object).filter_map(kind).max()?;
                let matches = is_of_page(thing.object, addresses, titles);
                (matches || !thing.other).then_some((matches, kind, thing.object))
            })
            .collect();
        let own = |kind| move |&(matches, of, _): &(bool, u8, _)| matches && of == kind;
        let articles = ranked.iter().filter(|thing| thing.1 == ARTICLE);
        let headlines: HashSet<_> = articles.map(|thing| thing.2.get("headline")).collect();
        if ranked.iter().any(own(ARTICLE)) {
            ranked.retain(|&(matches, kind, _)| matches || kind == PAGE);
        } else if headlines.len() > 1 || ranked.iter().any(own(THING)) {
            ranked.retain(|&(matches, kind, _)| matches || kind != ARTICLE);
        }
        ranked
            .sort_by_key(|&(matches, kind, _)| std::cmp::Reverse(2 * kind + 3 * u8::from(matches)));
        main.things = ranked.into_iter().map(|(_, _, object)| object).collect();
        main
    }
}

const PAGE: u8 = 1;
const THING: u8 = 2;
const ARTICLE: u8 = 3;

/// How likely a page is about a thing of that type.
fn kind(of: &str) -> Option<u8> {
    Some(match of {
        "Report" | "Recipe" | "HowTo" | "Review" => ARTICLE,
        "Product"
        | "Event"
        | "VideoObject"
        | "PodcastEpisode"
        | "Course"
        | "Book"
        | "Movie"
        | "SoftwareApplication"
        | "JobPosting"
        | "Dataset"
        | "CreativeWork"
        | "LocalBusiness"
        | "Service"
        | "Question" => THING,
        _ if of.ends_with("Article") || of.ends_with("Posting") => ARTICLE,
        _ if of.ends_with("Page") => PAGE,
        _ => return None,
    })
}

fn types(object: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let (one, many) = match object.get("@type") {
        Some(Value::String(one)) => (Some(one.as_str()), &[][..]),
        Some(Value::Array(many)) => (None, &many[..]),
        _ => (None, &[][..]),
    };
    let all = one.into_iter().chain(many.iter().filter_map(Value::as_str));
    all.map(|of| of.rsplit(['/', ':']).next().unwrap_or(of))
}

fn gather<'a>(value: &'a Value, other: bool, things: &mut Vec<Thing<'a>>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| gather(value, other, things)),
        Value::Object(object) if things.len() < MOST_THINGS => {
            things.push(Thing { object, other });
            for (key, value) in object {
                gather(value, other || OTHERS.contains(&key.as_str()), things);
            }
        }
        _ => {}
    }
}

fn is_of_page(object: &Map<String, Value>, addresses: &[String], titles: &[String]) -> bool {
    let page = object.get("mainEntityOfPage");
    let page = page.and_then(|page| match page {
        Value::Object(page) => page.get("@id").or_else(|| page.get("url")),
        _ => Some(page),
    });
    let stated = [object.get("url"), object.get("@id"), page];
    let addressed = stated
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .any(|address| addresses.contains(&address_key(address)));
    addressed
        || ["headline", "name"].iter().any(|key| {
            let said = object.get(*key).and_then(string);
            let said = text_key(said.as_deref().unwrap_or_default());
            // Short names are in many titles.
            said.len() > 15
                && titles
                    .iter()
                    .any(|title| title.contains(&said) || said.contains(title))
        })
}

impl<'a> Main<'a> {
    /// The first of `keys` that some thing has a text for.
    pub fn text(&self, keys: &[&str]) -> Option<String> {
        self.values(keys).find_map(string)
    }

    /// The texts of `keys`, of the first thing that has any.
    pub fn texts(&self, key: &str) -> Vec<String> {
        let mut found = self.things.iter().map(|thing| match thing.get(key) {
            Some(Value::Array(values)) => values.iter().filter_map(string).collect(),
            Some(value) => string(value).into_iter().collect(),
            None => Vec::new(),
        });
        found
            .find(|texts: &Vec<_>| !texts.is_empty())
            .unwrap_or_default()
    }

    /// An address that some thing has under `key`: its own text, or the `url`
    /// of what stands there.
    pub fn address(&self, key: &str) -> Option<String> {
        self.values(&[key]).find_map(|value| self.address_of(value))
    }

    fn address_of(&self, value: &'a Value) -> Option<String> {
        match value {
            Value::Array(values) => values.iter().find_map(|value| self.address_of(value)),
            Value::Object(object) => {
                let object = self.resolved(object);
                ["url", "contentUrl", "@id"]
                    .iter()
                    .find_map(|key| string(object.get(*key)?))
            }
            _ => string(value),
        }
    }

    /// The authors of the first thing that has any.
    pub fn authors(&self) -> Vec<Author> {
        let of = |thing: &&'a Map<String, Value>| {
            let mut authors = Vec::new();
            for key in ["author", "creator"] {
                if let Some(value) = thing.get(key).filter(|_| authors.is_empty()) {
                    self.add_authors(value, &mut authors);
                }
            }
            authors
        };
        let mut found = self.things.iter().map(of);
        found
            .find(|authors| !authors.is_empty())
            .unwrap_or_default()
    }

    fn add_authors(&self, value: &'a Value, authors: &mut Vec<Author>) {
        match value {
            Value::Array(values) => {
                for value in values.iter().take(MOST_NAMES) {
                    self.add_authors(value, authors);
                }
            }
            Value::Object(object) => {
                let object = self.resolved(object);
                let is_organization = types(object).any(|of| of.ends_with("Organization"));
                // Some nest a list of names below one person.
                let names = match object.get("name") {
                    Some(Value::Array(names)) => names.iter().filter_map(string).collect(),
                    Some(name) => string(name).into_iter().collect(),
                    None => ["givenName", "familyName"]
                        .iter()
                        .filter_map(|key| object.get(*key).and_then(string))
                        .reduce(|given, family| format!("{given} {family}"))
                        .into_iter()
                        .collect::<Vec<_>>(),
                };
                authors.extend(names.into_iter().map(|name| Author {
                    name,
                    is_organization,
                }));
            }
            _ => authors.extend(string(value).map(|name| Author {
                name,
                is_organization: false,
            })),
        }
        authors.truncate(MOST_NAMES);
    }

    /// The name of what publishes the first thing that names it.
    pub fn publisher(&self) -> Option<String> {
        self.values(&["publisher"]).find_map(|value| match value {
            Value::Object(object) => self.resolved(object).get("name").and_then(string),
            _ => string(value),
        })
    }

    /// The type of the likeliest thing, without its vocabulary.
    pub fn page_type(&self) -> Option<&'a str> {
        self.things
            .iter()
            .find_map(|thing| types(thing).find(|of| kind(of).is_some()))
    }

    /// True where the likeliest thing is an article.
    pub fn is_article(&self) -> bool {
        self.page_type().and_then(kind) == Some(ARTICLE)
    }

    fn values<'k>(&'k self, keys: &'k [&'k str]) -> impl Iterator<Item = &'a Value> + 'k {
        self.things
            .iter()
            .flat_map(move |thing| keys.iter().filter_map(move |key| thing.get(*key)))
    }

    /// The object, or the one that it refers to by its id.
    fn resolved(&self, object: &'a Map<String, Value>) -> &'a Map<String, Value> {
        if object.contains_key("name") || object.contains_key("url") {
            return object;
        }
        let id = object.get("@id").and_then(Value::as_str);
        id.and_then(|id| self.by_id.get(id))
            .copied()
            .unwrap_or(object)
    }
}

/// The text of a value: of a list its first, of an object its `@value` or
/// `name`.
fn string(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(plain(text)).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(values) => values.iter().find_map(string),
        Value::Object(object) => string(object.get("@value").or_else(|| object.get("name"))?),
        _ => None,
    }
}

/// A text without the tags and character references that some write into JSON.
pub(super) fn plain(text: &str) -> String {
    // Longer ones are bodies of articles, which no field is read from.
    const MOST: usize = 4_000;
    let text = &text[..text.floor_char_boundary(MOST)];
    if !text.contains(['&', '<']) {
        return fold_space(text);
    }
    let fragment = scraper::Html::parse_fragment(text);
    let decoded: String = fragment.root_element().text().collect();
    // Some are written twice over.
    if decoded.contains('&') && decoded != text {
        let again = scraper::Html::parse_fragment(&decoded);
        return fold_space(&again.root_element().text().collect::<String>());
    }
    fold_space(&decoded)
}

/// The JSON documents of a script. What is around them (comment marks, a
/// `CDATA` section) is passed over; where the first is broken, all are read as
/// [`repaired`], up to the first that still is.
fn parse(script: &str) -> Vec<Value> {
    let Some(begin) = script.find(['{', '[']) else {
        return Vec::new();
    };
    // `<![CDATA[` opens with a bracket of its own.
    let begin = script
        .find("<![CDATA[")
        .map_or(begin, |at| at + "<![CDATA[".len());
    let script = script[begin..].trim_start();
    let documents = read_all(script);
    if documents.is_empty() {
        return read_all(&repaired(script));
    }
    documents
}

/// The documents that a text begins with, up to the first that is broken.
fn read_all(text: &str) -> Vec<Value> {
    let read = Deserializer::from_str(text).into_iter::<Value>();
    read.map_while(Result::ok).collect()
}

/// JSON as other readers take it: no commas before a closing bracket, control
/// characters in strings as spaces, `\'` as an apostrophe.
fn repaired(json: &str) -> String {
    let mut repaired = String::with_capacity(json.len());
    let mut chars = json.char_indices();
    let mut in_string = false;
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => in_string = !in_string,
            '\\' if in_string => match chars.next() {
                Some((_, '\'')) => {
                    repaired.push('\'');
                    continue;
                }
                Some((_, escaped)) => {
                    repaired.extend(['\\', escaped]);
                    continue;
                }
                None => break,
            },
            _ if in_string && c.is_control() => {
                repaired.push(' ');
                continue;
            }
            ',' if !in_string && json[at + 1..].trim_start().starts_with(['}', ']']) => continue,
            _ => {}
        }
        repaired.push(c);
    }
    repaired
}
