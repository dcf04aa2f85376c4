//! What a page is about and of what kind: its tags and its page type.

use super::gather::Gathered;
use super::json_ld::{Main, plain};
use super::key::text_key;
use super::{Found, Provenance};

/// Tags that are kept of a page, and the characters of one.
const MOST_TAGS: usize = 50;
const MOST_CHARS: usize = 80;

/// Sections, categories and tags, each once, in the order of their sources:
/// JSON-LD, `article:section` and `article:tag`, keywords, microdata, links of
/// `rel=tag`. All sources are taken: each has what others lack.
pub(super) fn tags(page: &Gathered, main: &Main) -> Vec<Found<String>> {
    let json = ["articleSection", "keywords"]
        .map(|key| main.texts(key))
        .concat();
    let og = ["article:section", "article:tag"]
        .map(|name| page.metas(name).map(str::to_owned).collect::<Vec<_>>())
        .concat();
    let meta = [
        "news_keywords",
        "keywords",
        "parsely-tags",
        "dc.subject",
        "sailthru.tags",
        "citation_keywords",
    ]
    .map(|name| page.metas(name).map(str::to_owned).collect::<Vec<_>>())
    .concat();
    let properties = ["articleSection", "keywords"]
        .map(|name| page.properties(name).map(str::to_owned).collect::<Vec<_>>())
        .concat();
    let links = ["category", "tag"]
        .map(|rel| page.links(rel).map(str::to_owned).collect::<Vec<_>>())
        .concat();
    let all = [
        (json, Provenance::JsonLd),
        (og, Provenance::OpenGraph),
        (meta, Provenance::Meta),
        (properties, Provenance::Microdata),
        (links, Provenance::Link),
    ];
    let mut seen = std::collections::HashSet::new();
    let mut tags = Vec::new();
    for (lists, provenance) in all {
        for tag in lists.iter().flat_map(|list| {
            plain(list)
                .split([',', ';', '，', '、'])
                .map(str::trim)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        }) {
            let fits = (1..=MOST_CHARS).contains(&tag.chars().count());
            if fits && tags.len() < MOST_TAGS && seen.insert(text_key(&tag)) {
                tags.push(Found::new(tag, provenance));
            }
        }
    }
    tags
}

/// The page type, by dehusk's own names where there is one (`article`, `forum`,
/// `product`, `documentation`, `collection`, `listing`), else the declared type
/// in lower case. JSON-LD, which is the most exact, goes before Open Graph,
/// where most pages that are no article are a `website`, and microdata, whose
/// types may be those of parts.
pub(super) fn page_type(page: &Gathered, main: &Main) -> Option<Found<String>> {
    let schema = main
        .page_type()
        .and_then(of_schema)
        .map(|kind| Found::new(kind, Provenance::JsonLd));
    schema
        .or_else(|| {
            let kind = page.meta(&["og:type"])?.to_ascii_lowercase();
            let kind = match kind.split(['.', ':']).next()? {
                "website" | "" => return None,
                "blog" => "collection".to_owned(),
                kind => kind.to_owned(),
            };
            Some(Found::new(kind, Provenance::OpenGraph))
        })
        .or_else(|| {
            let mut kinds = page.item_types.iter().filter_map(|of| of_schema(of));
            Some(Found::new(kinds.next()?, Provenance::Microdata))
        })
}

/// The page type that a type of schema.org stands for; none for parts of pages
/// and for a mere web page.
fn of_schema(of: &str) -> Option<String> {
    let kind = match of {
        "TechArticle" | "APIReference" => "documentation",
        "DiscussionForumPosting" | "QAPage" | "Question" => "forum",
        "Product" | "ProductGroup" => "product",
        "CollectionPage" => "collection",
        "SearchResultsPage" | "ItemList" => "listing",
        "Service" | "ProfessionalService" => "service",
        "VideoObject" => "video",
        "Recipe" | "Event" | "Course" | "Book" | "Movie" | "JobPosting" | "Dataset" => {
            return Some(of.to_ascii_lowercase());
        }
        "Report" => "article",
        _ if of.ends_with("Article") || of.ends_with("BlogPosting") || of.ends_with("Posting") => {
            "article"
        }
        _ => return None,
    };
    Some(kind.to_owned())
}
