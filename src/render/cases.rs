//! Small pages, each with a structure that extractors are known to lose, and the
//! Markdown that is to come of it: `cases/*.txt`, each entry `=== name`, the page,
//! `---`, the Markdown.

use super::outline::compare;
use super::soup::{judged, text_of_html, text_of_markdown, words_of};
use super::{RenderOptions, check_html, document, html, markdown};

const FILES: [&str; 6] = [
    include_str!("cases/blocks.txt"),
    include_str!("cases/code.txt"),
    include_str!("cases/inlines.txt"),
    include_str!("cases/lists.txt"),
    include_str!("cases/maths.txt"),
    include_str!("cases/tables.txt"),
];

struct Case {
    name: &'static str,
    page: &'static str,
    markdown: &'static str,
}

fn cases() -> Vec<Case> {
    let entries = FILES.iter().flat_map(|file| file.split("=== ").skip(1));
    entries
        .map(|entry| {
            let (name, rest) = entry.split_once('\n').unwrap();
            let (page, markdown) = rest.split_once("\n--- markdown\n").unwrap();
            Case {
                name,
                page,
                markdown: markdown.trim_end(),
            }
        })
        .collect()
}

/// The pages alone.
pub(super) fn pages() -> impl Iterator<Item = &'static str> {
    cases().into_iter().map(|case| case.page)
}

#[test]
fn each_page_gives_its_markdown() {
    let mut wrong = Vec::new();
    for case in cases() {
        let (page, judged) = judged(case.page);
        let found = markdown(&page, &judged, &RenderOptions::default());
        if found.trim_end() != case.markdown {
            wrong.push(format!(
                "=== {}\n{found}--- is not\n{}",
                case.name, case.markdown
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_are_sixty_pages_and_more_with_names_of_their_own() {
    let mut names: Vec<&str> = cases().iter().map(|case| case.name).collect();
    assert!(names.len() > 60, "{}", names.len());
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
fn the_markdown_and_the_html_of_each_page_say_the_same() {
    for case in cases() {
        let (page, judged) = judged(case.page);
        let options = RenderOptions::default();
        let from_markdown = text_of_markdown(&markdown(&page, &judged, &options));
        let written = html(&page, &judged, &options);
        let calls = |text: &str| text.contains("href=\"#note-");
        // A call of a footnote is its label in HTML and no text in Markdown.
        if !calls(&written) {
            let from_markdown = from_markdown.expect(case.name);
            let read = text_of_html(&written);
            assert_eq!(words_of(&from_markdown), words_of(&read), "{}", case.name);
        }
        assert_eq!(check_html(&written), Ok(()), "{}", case.name);
    }
}

/// The pages of which marks are left out, as they would not be read as such.
const LEFT_OUT: [&str; 2] = [
    "marks that would not be read are left out",
    "code beside code that is half emphasised is one piece",
];

#[test]
fn the_markdown_of_each_page_is_read_as_the_blocks_that_were_meant() {
    let options = RenderOptions::default();
    for case in cases() {
        let (page, judged) = judged(case.page);
        let meant = document(&page, &judged, &options);
        let same = compare(&meant, &markdown(&page, &judged, &options));
        assert!(same.is_ok(), "{}: {same:?}", case.name);
        let all = !LEFT_OUT.contains(&case.name);
        assert_eq!(same.unwrap().unread == 0, all, "{}", case.name);
    }
}

#[test]
fn links_and_images_can_be_left_out() {
    let page = "<p>See <a href=/x>the <b>map</b></a> <img src=i.png alt=Map> here.</p>\
        <a href=/y><img src=j.png></a>";
    let (page, judged) = judged(page);
    let of = |options| markdown(&page, &judged, &options);
    let (with, without) = (
        RenderOptions::default(),
        RenderOptions::default().links(false),
    );
    assert_eq!(
        of(with.images(false)),
        "See [the **map**](https://site.example/x) here.\n"
    );
    assert_eq!(of(without.images(false)), "See the **map** here.\n");
    let linked = "[![](https://site.example/a/j.png)](https://site.example/y)";
    assert!(
        of(with).ends_with(&format!("\n\n{linked}\n")),
        "{}",
        of(with)
    );
}

#[test]
fn html_is_one_article_of_what_markdown_shows() {
    let page = "<h2>The bridge</h2><p>Open <a href=/x>again</a>.</p><h2>The bridge</h2>\
        <ul><li>One<ul><li>Two</li></ul></li></ul><pre class=language-c>a &lt; b;</pre>\
        <table><tr><th>a<th>b<tr><td rowspan=2>1<td>2</table>\
        <figure><img src=i.png alt='A &quot;map&quot;'><figcaption>Map</figcaption></figure>";
    let (page, judged) = judged(page);
    let wanted = "<article>\n\
        <h2 id=\"section-the-bridge\">The bridge</h2>\n\
        <p>Open <a href=\"https://site.example/x\">again</a>.</p>\n\
        <h2 id=\"section-the-bridge-2\">The bridge</h2>\n\
        <ul>\n<li>One<ul>\n<li>Two</li>\n</ul>\n</li>\n</ul>\n\
        <pre><code class=\"language-c\">a &lt; b;</code></pre>\n\
        <table>\n<thead>\n<tr><th>a</th><th>b</th></tr>\n</thead>\n\
        <tbody>\n<tr><td rowspan=\"2\">1</td><td>2</td></tr>\n</tbody>\n</table>\n\
        <figure>\n<img src=\"https://site.example/a/i.png\" alt=\"A &quot;map&quot;\">\
        <figcaption>Map</figcaption>\n</figure>\n</article>\n";
    assert_eq!(html(&page, &judged, &RenderOptions::default()), wanted);
}
