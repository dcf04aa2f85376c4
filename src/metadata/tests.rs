//! Whole pages → what is read of them.

use super::*;
use crate::page::PageContext;

fn read_at(html: &str, url: &str) -> Metadata {
    let context = PageContext {
        url: url.parse().ok(),
        ..PageContext::default()
    };
    let page = Page::parse(html.as_bytes(), &context);
    read_as_of(&page, &Blocks::of(&page), "", Date::constant(2024, 6, 1))
}

fn value(found: &Option<Found<String>>) -> Option<(&str, Provenance)> {
    found
        .as_ref()
        .map(|found| (found.value.as_str(), found.provenance))
}

fn authors(metadata: &Metadata) -> Vec<&str> {
    metadata
        .authors
        .iter()
        .map(|found| found.value.as_str())
        .collect()
}

const BRIDGE: &str = "https://post.example.com/news/bridge";

#[test]
fn an_article_tells_every_field_and_where_it_stands() {
    let html = r##"<html lang="en-GB"><head><title>Old bridge reopened | The Town Post</title>
      <link rel=canonical href="/news/bridge"><link rel=license href="https://creativecommons.org/licenses/by/4.0/">
      <meta property="og:title" content="Old bridge reopened - The Town Post">
      <meta property="og:site_name" content="The Town Post">
      <meta property="og:image" content="/bridge.jpg">
      <meta name="description" content="Traders &amp;amp; walkers are relieved.">
      <meta name="keywords" content="Bridge, council; Traffic, bridge">
      <script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
        {"@type": "WebPage", "url": "https://post.example.com/news/bridge", "name": "x"},
        {"@type": "NewsArticle", "headline": "Old bridge reopened",
         "mainEntityOfPage": {"@id": "https://post.example.com/news/bridge"},
         "author": [{"@id": "#ada"}, {"@type": "Person", "name": "Charles Babbage"}],
         "publisher": {"@type": "Organization", "name": "Post Ltd"},
         "datePublished": "2024-05-17T08:30:00+01:00", "dateModified": "2024-05-18", "articleSection": "Local"},
        {"@type": "Person", "@id": "#ada", "name": "Ada Lovelace"}]}</script></head>
      <body><h1>Old bridge reopened</h1><p>The council voted.</p></body>"##;
    let read = read_at(html, BRIDGE);
    assert_eq!(
        value(&read.title),
        Some(("Old bridge reopened", Provenance::Heading))
    );
    assert_eq!(authors(&read), ["Ada Lovelace", "Charles Babbage"]);
    assert_eq!(read.authors[0].provenance, Provenance::JsonLd);
    assert_eq!(
        value(&read.published),
        Some(("2024-05-17T08:30:00+01:00", Provenance::JsonLd))
    );
    assert_eq!(
        value(&read.modified),
        Some(("2024-05-18", Provenance::JsonLd))
    );
    assert_eq!(
        value(&read.site),
        Some(("The Town Post", Provenance::OpenGraph))
    );
    let described = Some(("Traders & walkers are relieved.", Provenance::Meta));
    assert_eq!(value(&read.description), described);
    assert_eq!(
        value(&read.declared_language),
        Some(("en", Provenance::Html))
    );
    assert_eq!(value(&read.canonical_url), Some((BRIDGE, Provenance::Link)));
    let image = Some(("https://post.example.com/bridge.jpg", Provenance::OpenGraph));
    assert_eq!(value(&read.image), image);
    let tags: Vec<&str> = read.tags.iter().map(|tag| tag.value.as_str()).collect();
    assert_eq!(tags, ["Local", "Bridge", "council", "Traffic"]);
    let license = Some((
        "https://creativecommons.org/licenses/by/4.0/",
        Provenance::Link,
    ));
    assert_eq!(value(&read.license), license);
    assert_eq!(
        value(&read.page_type),
        Some(("article", Provenance::JsonLd))
    );
    assert_eq!(read.provenance()["date"], Provenance::JsonLd);
}

#[test]
fn a_page_that_says_nothing_has_no_metadata() {
    let read = read_at("<p>The council voted.</p>", BRIDGE);
    assert_eq!(read, Metadata::default());
    assert!(read.provenance().is_empty());
}

#[test]
fn of_several_articles_the_page_s_own_is_read() {
    let article = |headline: &str, slug: &str, author: &str| {
        format!(
            r#"<script type="application/ld+json">{{"@type": "Article", "headline": "{headline}",
            "url": "https://post.example.com/news/{slug}", "author": "{author}"}}</script>"#
        )
    };
    let both = article("New mill opens its gates", "mill", "Ida Rhodes")
        + &article("Old bridge reopened", "bridge", "Ada Lovelace");
    assert_eq!(authors(&read_at(&both, BRIDGE)), ["Ada Lovelace"]);
    // Of a list that has neither, none is the page's author.
    assert!(authors(&read_at(&both, "https://post.example.com/news/")).is_empty());
}

#[test]
fn broken_json_ld_is_read_where_a_rule_mends_it() {
    for script in [
        "{\"@type\": \"Article\", \"author\": \"Ada Lovelace\",}",
        "<!-- {\"@type\": \"Article\", \"author\": \"Ada Lovelace\"} -->",
        "//<![CDATA[\n{\"@type\": \"Article\", \"author\": \"Ada Lovelace\"}\n//]]>",
        "{\"@type\": \"Article\", \"author\": \"Ada Lovelace\"};",
        "{\"@type\": \"Article\", \"description\": \"Two\nlines\", \"author\": \"Ada Lovelace\"}",
        "{\"@type\": \"Article\", \"description\": \"It\\'s\", \"author\": [\"Ada Lovelace\",],}",
        "[{\"@type\": \"Article\", \"author\": {\"name\": [\"Ada Lovelace\"]}}]",
    ] {
        let html = format!("<script type='application/ld+json'>{script}</script>");
        assert_eq!(
            authors(&read_at(&html, BRIDGE)),
            ["Ada Lovelace"],
            "{script}"
        );
    }
    for script in [
        "",
        "{",
        "null",
        "[[[[",
        "{\"@type\": \"Article\", \"author\": {{}}",
    ] {
        let html = format!("<script type='application/ld+json'>{script}</script>");
        assert!(authors(&read_at(&html, BRIDGE)).is_empty(), "{script}");
    }
}

#[test]
fn titles_lose_the_site_and_keep_their_own_marks() {
    let title = |html: &str| {
        let read = read_at(html, BRIDGE);
        read.title.map(|found| found.value).unwrap_or_default()
    };
    for (html, expected) in [
        (
            "<title>Old bridge reopened at last - The Town Post</title>",
            "Old bridge reopened at last",
        ),
        (
            "<title>Old bridge — reopened</title><h1>Old bridge — reopened</h1>",
            "Old bridge — reopened",
        ),
        (
            "<title>The bridge: a history | News | Post</title>",
            "The bridge: a history",
        ),
        (
            "<meta property=og:site_name content=Tagblatt><title>Tagblatt | Alte Brücke wieder offen</title>",
            "Alte Brücke wieder offen",
        ),
        ("<title>旧桥重新开放_新浪网</title>", "旧桥重新开放"),
        (
            "<title>Old bridge reopened</title><h1><span>News</span> Old bridge reopened</h1>",
            "Old bridge reopened",
        ),
        (
            "<title>Bridge open, traders glad | Post</title><h1>Traders glad as bridge opens</h1>",
            "Traders glad as bridge opens",
        ),
        (
            "<title>Old bridge reopened</title><h1>The Town Post</h1><h1>More news</h1>",
            "Old bridge reopened",
        ),
        ("<h1>Ver&shy;kehr</h1>", "Verkehr"),
    ] {
        assert_eq!(title(html), expected, "{html}");
    }
}

#[test]
fn bylines_are_read_in_many_languages() {
    for (line, expected) in [
        (
            "<p>By Ada Lovelace and Charles Babbage</p>",
            &["Ada Lovelace", "Charles Babbage"][..],
        ),
        ("<p>Von Ada Lovelace, Redakteurin</p>", &["Ada Lovelace"]),
        ("<p>Par Ada Lovelace | 17 mai 2024</p>", &["Ada Lovelace"]),
        (
            "<p>Por Ada Lovelace y Charles Babbage</p>",
            &["Ada Lovelace", "Charles Babbage"],
        ),
        ("<p>Door Ada Lovelace</p>", &["Ada Lovelace"]),
        ("<p>A cura di Ada Lovelace</p>", &["Ada Lovelace"]),
        ("<p>作者：张三 来源：新华网</p>", &["张三"]),
        ("<p>2024-05-17 文/李小明</p>", &["李小明"]),
        (
            "<p>本报讯（记者 张三 李四）昨天，老桥重新开放。</p>",
            &["张三", "李四"],
        ),
        ("<p>Written by</p><p>Ada Lovelace</p>", &["Ada Lovelace"]),
        ("<p>17 May 2024 by Ada Lovelace</p>", &["Ada Lovelace"]),
        (
            "<div class=byline><a href=/authors/ada>Ada Lovelace</a> <span>USA TODAY</span></div>",
            &["Ada Lovelace"],
        ),
        (
            "<div class=author-name>Ada Lovelace, PhD</div>",
            &["Ada Lovelace"],
        ),
        ("<a rel=author href=/x>Ada Lovelace</a>", &["Ada Lovelace"]),
    ] {
        let html = format!(
            "<title>Old bridge open</title><h1>Old bridge open</h1>{line}<p>The council voted.</p>"
        );
        let read = read_at(&html, BRIDGE);
        assert_eq!(authors(&read), expected, "{line}");
        assert_eq!(read.authors[0].provenance, Provenance::Byline, "{line}");
    }
}

#[test]
fn the_site_is_no_author_where_a_person_is_named() {
    let html = "<meta name=author content='The Town Post'><meta property=og:site_name content='The Town Post'>\
                <h1>Old bridge open</h1>";
    assert_eq!(
        authors(&read_at(&format!("{html}<p>By Ada Lovelace</p>"), BRIDGE)),
        ["Ada Lovelace"]
    );
    assert_eq!(authors(&read_at(html, BRIDGE)), ["The Town Post"]);
}

#[test]
fn dates_come_from_the_best_place_that_has_a_plausible_one() {
    let date = |html: &str, url: &str| {
        let read = read_at(&format!("<html lang=en>{html}"), url);
        read.published
            .map(|found| (found.value, found.provenance.name()))
    };
    let head = "<title>Old bridge open</title><h1>Old bridge open</h1>";
    for (html, url, expected) in [
        (
            "<meta property=article:published_time content=2024-05-17T08:30Z>",
            BRIDGE,
            Some(("2024-05-17T08:30:00Z", "og")),
        ),
        (
            "<meta name=dc.date content=2024-05-17>",
            BRIDGE,
            Some(("2024-05-17", "meta")),
        ),
        (
            "<meta name=date content=1970-01-01><p>17 May 2024",
            BRIDGE,
            Some(("2024-05-17", "byline")),
        ),
        ("<meta name=date content=2099-01-01>", BRIDGE, None),
        (
            "<span itemprop=datePublished content=2024-05-17>",
            BRIDGE,
            Some(("2024-05-17", "microdata")),
        ),
        (
            "<span property=schema:datePublished>May 17, 2024</span>",
            BRIDGE,
            Some(("2024-05-17", "microdata")),
        ),
        (
            "",
            "https://post.example.com/2024/05/17/bridge",
            Some(("2024-05-17", "url")),
        ),
        (
            "",
            "https://post.example.com/2024-05/17/content_2345.htm",
            Some(("2024-05-17", "url")),
        ),
        (
            "",
            "https://post.example.com/20240517/bridge",
            Some(("2024-05-17", "url")),
        ),
        ("", "https://post.example.com/id/2024051712345", None),
        (
            "<time datetime=2024-05-17 pubdate>Friday</time>",
            BRIDGE,
            Some(("2024-05-17", "time")),
        ),
        (
            "<p>Published 3/4/2024",
            BRIDGE,
            Some(("2024-03-04", "byline")),
        ),
        (
            "<p>Published 3/4/2024",
            "https://post.example.co.uk/bridge",
            Some(("2024-04-03", "byline")),
        ),
        (
            "<p>Updated 20 May 2024</p><p>Posted 17 May 2024</p>",
            BRIDGE,
            Some(("2024-05-17", "byline")),
        ),
        ("<p>© 17 May 2024", BRIDGE, None),
    ] {
        let found = date(&format!("{head}{html}"), url);
        let found = found
            .as_ref()
            .map(|(value, source)| (value.as_str(), *source));
        assert_eq!(found, expected, "{html} {url}");
    }
}

#[test]
fn a_commenter_is_neither_author_nor_date() {
    let html = "<h1>Old bridge open</h1><p>The council voted.</p><div class=comments>\
                <div itemscope><b itemprop=author>Charles Babbage</b><i itemprop=datePublished content=2024-05-20></i></div></div>";
    assert!(authors(&read_at(html, BRIDGE)).is_empty());
}

proptest::proptest! {
    #[test]
    fn any_page_is_read(
        soup in "(<(meta (name|property)=[\"'](author|og:title|date|keywords)['\"] content=['\"]|h1|title|time datetime=|a rel=author|script type=application/ld\\+json|p itemprop=author)>?|\\{\"@type\":\"Article\",\"author\":|\"|By |作者：|2024-|\\PC){0,40}"
    ) {
        let _ = read_at(&soup, BRIDGE);
    }
}

#[test]
fn a_plain_text_tells_its_language_and_the_day_in_its_address() {
    let context = PageContext {
        url: "https://post.example.com/2024/05/17/bridge".parse().ok(),
        kind: InputKind::Text,
        ..PageContext::default()
    };
    let text = "The bridge over the river has reopened after the long winter, and traders on \
                both banks are relieved that people walk across it again.";
    let lines = format!("By Ada Lovelace\n3 May 2021\n{text}\n");
    let page = Page::parse(lines.as_bytes(), &context);
    let read = read_as_of(&page, &Blocks::of(&page), text, Date::constant(2024, 6, 1));
    let language = Some(Found::new("en".to_owned(), Provenance::Text));
    let published = Some(Found::new("2024-05-17".to_owned(), Provenance::Url));
    let expected = Metadata {
        detected_language: language,
        published,
        ..Metadata::default()
    };
    assert_eq!(read, expected);
}
