//! What the page says of its own kind, outside its text: a forum's, a page of
//! questions, an article's.

use std::sync::LazyLock;

use html5ever::local_name;
use scraper::Node;
use scraper::node::Element;

use super::phrases::Phrases;
use crate::metadata::is_json_ld;
use crate::page::{Page, attr};

/// Counts of independent signs.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Site {
    /// Generator, classes of `html` and `body`, schema.org type, addresses of
    /// threads, title: 0 to 5.
    pub forum: u8,
    /// schema.org's `QAPage` or `Question` outside an FAQ: 0 or 1.
    pub questions: u8,
    /// Open Graph type or publication time, schema.org type, one `article`:
    /// 0 to 4.
    pub article: u8,
}

/// Names of forum software, as generators and class names have them.
const SOFTWARE: [&str; 19] = [
    "phpbb",
    "vbulletin",
    "discourse",
    "xenforo",
    "mybb",
    "simplemachines",
    "smf",
    "flarum",
    "nodebb",
    "vanilla",
    "bbpress",
    "punbb",
    "fluxbb",
    "ubb",
    "invision",
    "ipboard",
    "discuz",
    "burning board",
    "woltlab",
];

/// Parts of addresses that only forums have.
const ADDRESSES: [&str; 12] = [
    "viewtopic",
    "showthread",
    "viewforum",
    "forumdisplay",
    "showtopic",
    "showforum",
    "memberlist.php",
    "/threads/",
    "forum.php",
    "/forum/",
    "/forums/",
    "/topic/",
];

const TITLES: [&str; 11] = [
    "forum",
    "fórum",
    "foro ",
    "форум",
    "论坛",
    "論壇",
    "掲示板",
    "منتدى",
    "انجمن",
    "diễn đàn",
    "포럼",
];

impl Site {
    pub(super) fn of(page: &Page) -> Self {
        let mut seen = Seen::default();
        for node in page.nodes() {
            if let Node::Element(element) = node.value() {
                seen.element(element);
                let is_title = element.name.local == local_name!("title");
                if is_title || is_json_ld(element) {
                    for text in node.children().filter_map(|n| n.value().as_text()) {
                        if is_title {
                            seen.titled |= contains_any(&text.to_lowercase(), &TITLES);
                        } else {
                            seen.linked_data(text);
                        }
                    }
                }
            }
        }
        let count = |signs: &[bool]| signs.iter().map(|&sign| u8::from(sign)).sum();
        Self {
            forum: count(&[
                seen.software,
                seen.classed,
                seen.forum_type,
                seen.addresses >= 3,
                seen.titled,
            ]),
            questions: u8::from(seen.question_page || (seen.question && !seen.faq)),
            article: count(&[
                seen.graph_article,
                seen.published,
                seen.article_type,
                seen.articles == 1,
            ]),
        }
    }
}

#[derive(Default)]
struct Seen {
    software: bool,
    classed: bool,
    forum_type: bool,
    addresses: u32,
    titled: bool,
    question: bool,
    question_page: bool,
    faq: bool,
    graph_article: bool,
    published: bool,
    article_type: bool,
    articles: u32,
}

impl Seen {
    fn element(&mut self, element: &Element) {
        match element.name.local {
            local_name!("meta") => self.meta(element),
            local_name!("html") | local_name!("body") => {
                for (name, value) in attr::plain(element) {
                    if matches!(&**name, "class" | "id" | "data-template") {
                        self.classed |= is_forum_class(value);
                    }
                }
            }
            local_name!("article") => self.articles += 1,
            local_name!("a") | local_name!("link") => {
                if let Some(href) = attr::attr(element, &local_name!("href"))
                    && is_forum_address(href)
                {
                    self.addresses += 1;
                }
            }
            _ => {}
        }
        if let Some(kind) = attr::attr(element, &local_name!("itemtype")) {
            self.schema(kind.rsplit('/').next().unwrap_or(""));
        }
    }

    fn meta(&mut self, meta: &Element) {
        let (Some(name), Some(content)) = (
            attr::attr(meta, &local_name!("property"))
                .or_else(|| attr::attr(meta, &local_name!("name"))),
            attr::attr(meta, &local_name!("content")),
        ) else {
            return;
        };
        match name.to_ascii_lowercase().as_str() {
            "generator" | "application-name" => {
                self.software |= contains_any(&content.to_lowercase(), &SOFTWARE);
            }
            "og:type" => self.graph_article |= content.eq_ignore_ascii_case("article"),
            "article:published_time" => self.published = true,
            // The page's own address says more than one of its links.
            "og:url" if is_forum_address(content) => self.addresses += 3,
            _ => {}
        }
    }

    fn schema(&mut self, kind: &str) {
        match kind {
            "DiscussionForumPosting" => self.forum_type = true,
            "QAPage" => self.question_page = true,
            "FAQPage" => self.faq = true,
            "Question" => self.question = true,
            "Article"
            | "BlogPosting"
            | "OpinionNewsArticle"
            | "ReportageNewsArticle"
            | "NewsArticle"
            | "TechArticle"
            | "ScholarlyArticle" => self.article_type = true,
            _ => {}
        }
    }

    /// The values of `"@type"`; a list gives its first.
    fn linked_data(&mut self, text: &str) {
        for (at, key) in text.match_indices("\"@type\"") {
            let rest = text[at + key.len()..]
                .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '[' | '"'));
            let end = rest
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or(rest.len());
            self.schema(&rest[..end]);
        }
    }
}

fn is_forum_class(value: &str) -> bool {
    let mut found = false;
    super::super::lexicon::for_each_word(value, |word| {
        found |= matches!(
            word,
            "forum"
                | "forums"
                | "topic"
                | "thread"
                | "viewtopic"
                | "showthread"
                | "ipb"
                | "ips"
                | "bbs"
                | "board"
        ) || SOFTWARE.contains(&word);
    });
    found
}

fn is_forum_address(address: &str) -> bool {
    static PARTS: LazyLock<Phrases> =
        LazyLock::new(|| Phrases::new(ADDRESSES.iter().map(|part| (1, *part))));
    PARTS.any(address)
}

fn contains_any(text: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| text.contains(part))
}
