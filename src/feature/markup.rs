//! What the block is marked up as, and what stands around it in the tree.

use html5ever::{LocalName, local_name};

use super::Feature;
use super::facts::PageFacts;
use super::lexicon::sign;
use super::shallow::flag;
use crate::block::Block;
use crate::text::is_space;

/// What an element is for, as far as features care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Heading(u8),
    Paragraph,
    Item,
    List,
    Cell,
    Table,
    Definition,
    Container,
    Link,
    Image,
    Control,
    Label,
    Code,
    Quote,
    Caption,
    Inline,
    Other,
}

impl Kind {
    pub(crate) fn of(name: &LocalName) -> Self {
        match *name {
            local_name!("h1") => Self::Heading(1),
            local_name!("h2") => Self::Heading(2),
            local_name!("h3") => Self::Heading(3),
            local_name!("h4") => Self::Heading(4),
            local_name!("h5") => Self::Heading(5),
            local_name!("h6") => Self::Heading(6),
            local_name!("p") => Self::Paragraph,
            local_name!("li") => Self::Item,
            local_name!("ul") | local_name!("ol") | local_name!("menu") => Self::List,
            local_name!("td") | local_name!("th") => Self::Cell,
            local_name!("table") => Self::Table,
            local_name!("dt") | local_name!("dd") => Self::Definition,
            local_name!("div") | local_name!("section") | local_name!("body") => Self::Container,
            local_name!("a") => Self::Link,
            local_name!("img") => Self::Image,
            local_name!("input") | local_name!("button") => Self::Control,
            local_name!("label") => Self::Label,
            local_name!("pre") => Self::Code,
            local_name!("blockquote") => Self::Quote,
            local_name!("figcaption") | local_name!("caption") => Self::Caption,
            local_name!("span")
            | local_name!("b")
            | local_name!("strong")
            | local_name!("font") => Self::Inline,
            _ => Self::Other,
        }
    }

    pub(crate) fn is_heading(self) -> bool {
        matches!(self, Self::Heading(_))
    }

    /// Heading level 1 to 6, 0 for what is no heading.
    pub(crate) fn level(self) -> u8 {
        match self {
            Self::Heading(level) => level,
            _ => 0,
        }
    }
}

pub(super) const FEATURES: &[Feature] = &[
    Feature::new("tag.p", "1 for a paragraph", &|f, i| {
        is(f, i, Kind::Paragraph)
    }),
    Feature::new("tag.li", "1 for a list item", &|f, i| is(f, i, Kind::Item)),
    Feature::new("tag.cell", "1 for a table cell", &|f, i| {
        is(f, i, Kind::Cell)
    }),
    Feature::new(
        "tag.definition",
        "1 for a term or its definition",
        &|f, i| is(f, i, Kind::Definition),
    ),
    Feature::new(
        "tag.container",
        "1 for text right under `div`, `section` or `body`",
        &|f, i| is(f, i, Kind::Container),
    ),
    Feature::new("tag.control", "1 for a button or a label", &|f, i| {
        flag(matches!(f.kind(i), Kind::Control | Kind::Label))
    }),
    Feature::new("tag.code", "1 for preformatted text", &|f, i| {
        is(f, i, Kind::Code)
    }),
    Feature::new("tag.caption", "1 for a caption", &|f, i| {
        is(f, i, Kind::Caption)
    }),
    Feature::new(
        "tag.heading",
        "heading level 1 to 6, 0 for what is no heading",
        &|f, i| f32::from(f.kind(i).level()),
    ),
    Feature::new("tag.is_heading", "1 for a heading", &|f, i| {
        flag(f.kind(i).is_heading())
    }),
    Feature::new(
        "tag.all_link",
        "1 when all of the text is inside links, one or several",
        &|f, i| flag(all_link(f.block(i))),
    ),
    Feature::new(
        "tag.inline",
        "1 when one inline element below the block's block-level element holds all of the text",
        &|f, i| flag(f.block(i).inner != f.block(i).element),
    ),
    Feature::new("tag.hidden", "1 when markup hides the block", &|f, i| {
        flag(f.blocks.outline[f.block(i).inner].hidden)
    }),
    Feature::new("tag.depth", "elements above the block", &|f, i| {
        f.blocks.depth(i) as f32
    }),
    Feature::new(
        "tag.list_depth",
        "lists around the block: `ul`, `ol`, `menu`, `dl`",
        &|f, i| f32::from(f.ancestry.lists(f.block(i).inner)),
    ),
    Feature::new("tag.table_depth", "tables around the block", &|f, i| {
        f32::from(f.ancestry.tables(f.block(i).inner))
    }),
    Feature::new(
        "in.article",
        "nearness of an `article` above, 0 to 1",
        &|f, i| f.sign(i, sign::TAG_ARTICLE),
    ),
    Feature::new(
        "in.main",
        "nearness of a `main` (or that role) above, 0 to 1",
        &|f, i| f.sign(i, sign::TAG_MAIN),
    ),
    Feature::new(
        "in.nav",
        "nearness of a `nav` (or that role) above, 0 to 1",
        &|f, i| f.sign(i, sign::TAG_NAV),
    ),
    Feature::new(
        "in.header",
        "nearness of a `header` (or banner) above, 0 to 1",
        &|f, i| f.sign(i, sign::TAG_HEADER),
    ),
    Feature::new(
        "in.footer",
        "nearness of a `footer` (or that role) above, 0 to 1",
        &|f, i| f.sign(i, sign::TAG_FOOTER),
    ),
    Feature::new(
        "in.aside",
        "nearness of an `aside` (or that role) above, 0 to 1",
        &|f, i| f.sign(i, sign::TAG_ASIDE),
    ),
    Feature::new("in.form", "nearness of a `form` above, 0 to 1", &|f, i| {
        f.sign(i, sign::TAG_FORM)
    }),
    Feature::new(
        "in.figure",
        "nearness of a `figure` above, 0 to 1",
        &|f, i| f.sign(i, sign::TAG_FIGURE),
    ),
    Feature::new(
        "in.quote",
        "nearness of a `blockquote` above, 0 to 1",
        &|f, i| f.sign(i, sign::TAG_QUOTE),
    ),
    Feature::new(
        "in.section",
        "nearness of a `section` above, 0 to 1",
        &|f, i| f.sign(i, sign::TAG_SECTION),
    ),
    Feature::new(
        "in.details",
        "nearness of a `details` or `dialog` above, 0 to 1",
        &|f, i| f.sign(i, sign::TAG_DETAILS),
    ),
];

fn is(facts: &PageFacts<'_>, i: usize, kind: Kind) -> f32 {
    flag(facts.kind(i) == kind)
}

fn all_link(block: &Block) -> bool {
    let mut end = 0;
    let mut blank = |next: usize, after: usize| {
        let between = &block.text[end..next];
        end = after;
        between.chars().all(is_space)
    };
    !block.links.is_empty()
        && block.links.iter().all(|link| blank(link.start, link.end))
        && blank(block.text.len(), block.text.len())
}

#[cfg(test)]
mod tests {
    use crate::feature::tests_support::{check, value};

    #[test]
    fn ancestors_are_felt_by_their_distance() {
        let html = "<main><div><p>text</p></div></main><p>other</p>";
        assert_eq!(value(html, 0, "in.main"), 1.0 / 3.0);
        assert_eq!(value(html, 1, "in.main"), 0.0);
        assert_eq!(value(html, 0, "tag.p"), 1.0);
    }

    #[test]
    fn a_menu_entry_is_all_link_inside_lists() {
        let html = "<ul><li><a href=x>Menu</a><ul><li>sub</ul></ul>";
        assert_eq!(value(html, 0, "tag.all_link"), 1.0);
        assert_eq!(value(html, 1, "tag.list_depth"), 2.0);
    }

    #[test]
    fn a_block_is_of_the_one_kind_that_its_element_is() {
        let kinds = [
            ("tag.is_heading", "<h2>Head</h2>"),
            ("tag.p", "<p>Text</p>"),
            ("tag.li", "<ul><li>Item</ul>"),
            ("tag.cell", "<table><tr><td>Cell</table>"),
            ("tag.cell", "<table><tr><th>Head of a column</table>"),
            ("tag.definition", "<dl><dt>Term</dl>"),
            ("tag.definition", "<dl><dd>Meaning</dl>"),
            ("tag.container", "<div>Text</div>"),
            ("tag.container", "<section>Text</section>"),
            ("tag.container", "Text of the body"),
            ("tag.control", "<button>Send</button>"),
            ("tag.control", "<label>Name</label>"),
            ("tag.code", "<pre><code>let a = 1;</code></pre>"),
            (
                "tag.caption",
                "<figure><figcaption>Text</figcaption></figure>",
            ),
            ("tag.caption", "<table><caption>Text</caption></table>"),
        ];
        for (name, html) in kinds {
            let rows = kinds.map(|(other, _)| (0, other, f32::from(u8::from(other == name))));
            check(html, &rows);
        }
        check(
            "<h1>Title</h1><h4>Part</h4><p>Text</p>",
            &[
                (0, "tag.heading", 1.0),
                (1, "tag.heading", 4.0),
                (2, "tag.heading", 0.0),
            ],
        );
    }

    #[test]
    fn one_inline_element_around_all_of_the_text_is_told_from_one_around_a_part() {
        let html = "<p><em>All of it</em></p><p>Half <em>of it</em></p>\
                    <p><a href=x>All of it</a></p><p>Half <a href=x>of it</a></p>";
        check(
            html,
            &[
                (0, "tag.inline", 1.0),
                (1, "tag.inline", 0.0),
                (2, "tag.inline", 1.0),
                (3, "tag.inline", 0.0),
                (0, "tag.all_link", 0.0),
                (2, "tag.all_link", 1.0),
                (3, "tag.all_link", 0.0),
            ],
        );
    }

    #[test]
    fn all_of_a_text_may_be_link_whatever_the_markup_in_or_around_it() {
        let texts = [
            ("<p><a href=x><b>All</b> of it</a></p>", 1.0, 1.0),
            ("<p><b><a href=x>All of it</a></b></p>", 1.0, 1.0),
            ("<a href=x><h3>All of it</h3></a>", 1.0, 0.0),
            ("<p><a href=x>All</a> <a href=y>of it</a></p>", 1.0, 0.0),
            ("<p><a href=x>All</a>, <a href=y>of it</a></p>", 0.0, 0.0),
            ("<p><a href=x>Most of it</a> →</p>", 0.0, 0.0),
            ("<p>→ <a href=x>Most of it</a></p>", 0.0, 0.0),
            ("<p>None of it</p>", 0.0, 0.0),
        ];
        for (html, all_link, inline) in texts {
            check(
                html,
                &[(0, "tag.all_link", all_link), (0, "tag.inline", inline)],
            );
        }
    }

    #[test]
    fn depth_counts_elements_lists_and_tables() {
        let html = "<p>Text</p>\
                    <ul><li>Item<ol><li>Item of an item</ol></ul>\
                    <table><tr><td><table><tr><td>Cell of a cell</table></table>";
        check(
            html,
            &[
                // Above `p` are `html` and `body`.
                (0, "tag.depth", 2.0),
                (0, "tag.list_depth", 0.0),
                (0, "tag.table_depth", 0.0),
                (1, "tag.depth", 3.0),
                (1, "tag.list_depth", 1.0),
                (2, "tag.depth", 5.0),
                (2, "tag.list_depth", 2.0),
                // And `table`, `tbody`, `tr` and `td`, then three of these again.
                (3, "tag.depth", 9.0),
                (3, "tag.table_depth", 2.0),
                (3, "tag.list_depth", 0.0),
            ],
        );
        check(
            "<menu><li>Item<dl><dt>Term</dl></menu>",
            &[(0, "tag.list_depth", 1.0), (1, "tag.list_depth", 2.0)],
        );
    }

    #[test]
    fn what_is_hidden_is_so_down_to_its_blocks() {
        let html = "<div style='display: none'><p>Menu</p></div><p hidden>Notice</p><p>Text</p>";
        check(
            html,
            &[
                (0, "tag.hidden", 1.0),
                (1, "tag.hidden", 1.0),
                (2, "tag.hidden", 0.0),
            ],
        );
    }

    #[test]
    fn each_element_and_role_is_felt_by_its_own_feature_alone() {
        let above = [
            ("in.article", "article"),
            ("in.article", "div role=article"),
            ("in.main", "main"),
            ("in.main", "div role=main"),
            ("in.nav", "nav"),
            ("in.nav", "div role=navigation"),
            ("in.header", "header"),
            ("in.header", "div role=banner"),
            ("in.footer", "footer"),
            ("in.footer", "div role=contentinfo"),
            ("in.aside", "aside"),
            ("in.aside", "div role=complementary"),
            ("in.form", "form"),
            ("in.figure", "figure"),
            ("in.quote", "blockquote"),
            ("in.section", "section"),
            ("in.details", "details"),
            ("in.details", "dialog"),
        ];
        for (name, tag) in above {
            let end = tag.split(' ').next().unwrap_or(tag);
            let html = format!("<{tag}><p>Text</p></{end}><p>Text after</p>");
            for (other, _) in above {
                let near = if other == name { 1.0 / 2.0 } else { 0.0 };
                check(&html, &[(0, other, near), (1, other, 0.0)]);
            }
        }
    }
}
