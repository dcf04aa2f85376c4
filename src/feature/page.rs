//! What kind of page it is: the same value for every block of it.

use super::Feature;
use super::lexicon::sign;
use super::logarithm::Logarithm;
use super::shallow::flag;
use super::stats::ratio;

pub(super) const FEATURES: &[Feature] = &[
    Feature::of_page("page.length", "ln(1 + length of the page)", |f| {
        f.page.length.log_e_1p()
    }),
    Feature::of_page("page.blocks", "ln(1 + blocks)", |f| {
        f.page.blocks.log_e_1p()
    }),
    Feature::of_page("page.links", "link density of the page, 0 to 1", |f| {
        f.page.link_density()
    }),
    Feature::of_page("page.mean_length", "ln(1 + mean block length)", |f| {
        ratio(f.page.length, f.page.blocks).log_e_1p()
    }),
    Feature::of_page("page.paragraphs", "ln(1 + paragraph-like blocks)", |f| {
        f.page.paragraphs.log_e_1p()
    }),
    Feature::of_page(
        "page.paragraph_share",
        "share of the length in paragraph-like blocks, 0 to 1",
        |f| ratio(f.page.paragraph_length, f.page.length),
    ),
    Feature::of_page(
        "page.items",
        "share of elements that are list items, 0 to 1",
        |f| share(f, f.elements().items),
    ),
    Feature::of_page(
        "page.cells",
        "share of elements that are table cells, 0 to 1",
        |f| share(f, f.elements().cells),
    ),
    Feature::of_page("page.images", "ln(1 + images)", |f| {
        (f.elements().images as f32).log_e_1p()
    }),
    Feature::of_page(
        "page.controls",
        "ln(1 + form controls: `input` that is not hidden, `select`, `textarea`, `button`)",
        |f| (f.elements().controls as f32).log_e_1p(),
    ),
    Feature::of_page("page.headings", "ln(1 + headings)", |f| {
        (f.elements().headings as f32).log_e_1p()
    }),
    Feature::of_page(
        "page.p_rate",
        "share of elements that are `p`, 0 to 1",
        |f| share(f, f.elements().paragraphs),
    ),
    Feature::of_page("page.stopwords", "share of function words, 0 to 1", |f| {
        ratio(f.page.stopwords, f.page.words)
    }),
    Feature::of_page("page.dates", "ln(1 + blocks with dates)", |f| {
        f.page.dates.log_e_1p()
    }),
    Feature::of_page("page.h1", "1 when a block is an `h1`", |f| {
        flag(f.titles.first_h1.is_some())
    }),
    Feature::of_page(
        "page.comments",
        "share of the length under comment-like classes, 0 to 1",
        |f| f.shares.comments,
    ),
    Feature::of_page(
        "page.article",
        "share of the length inside `article`, 0 to 1",
        |f| f.shares.article,
    ),
];

/// Shares of the page's length that stand below a sign.
#[derive(Debug, Default)]
pub(crate) struct Shares {
    comments: f32,
    article: f32,
}

impl Shares {
    pub(crate) fn of(facts: &super::PageFacts<'_>) -> Self {
        let below = |sign| {
            let length: f32 = (0..facts.len())
                .filter(|&i| {
                    facts
                        .ancestry
                        .distance(facts.block(i).element, sign)
                        .is_some()
                })
                .map(|i| facts.stats[i].length)
                .sum();
            ratio(length, facts.page.length)
        };
        Self {
            comments: below(sign::COMMENT),
            article: below(sign::TAG_ARTICLE),
        }
    }
}

fn share(facts: &super::PageFacts<'_>, count: u32) -> f32 {
    ratio(count as f32, facts.elements().elements as f32)
}

#[cfg(test)]
mod tests {
    use crate::feature::tests_support::{check, value};

    #[test]
    fn page_features_are_the_same_for_every_block() {
        let html = "<ul><li>a<li>b</ul><p>c d e f g h i j k l m</p>";
        assert_eq!(value(html, 0, "page.items"), value(html, 2, "page.items"));
        assert_eq!(value(html, 0, "page.paragraphs"), 2.0_f32.ln());
    }

    #[test]
    fn comments_are_weighed_by_their_length() {
        let html = "<p>a b c</p><div class=comments><p>d</p></div>";
        assert_eq!(value(html, 0, "page.comments"), 0.25);
    }

    #[test]
    fn a_page_is_measured_by_its_words_and_its_elements() {
        // Blocks of 2, 12, 1, 2, 1, 2, 1 and 4 words: 25, of which 6 are
        // function words. With `html`, `body` and `tbody` there are 25 elements, as
        // `textarea` and `select` are none.
        let html = "<article><h1>Old bridge</h1>\
            <p>The council voted on 17.05.2024 to repair the old bridge</p>\
            <img src=a.png><img src=b.png><picture><img src=c.png></picture></article>\
            <ul><li><a href=/n>News</a></li><li>Sport pages</li><li>Town</li></ul>\
            <table><tr><td>10:45</td></tr></table>\
            <form><input type=hidden><input name=q><label></label><textarea></textarea>\
            <select><option>All</select><button>Find</button></form>\
            <div class=comments><p>So good to read</p></div>";
        let rows = [
            ("page.length", 25.0_f32.ln_1p()),
            ("page.blocks", 8.0_f32.ln_1p()),
            ("page.links", 1.0 / 25.0),
            ("page.mean_length", (25.0_f32 / 8.0).ln_1p()),
            ("page.paragraphs", 1.0_f32.ln_1p()),
            ("page.paragraph_share", 12.0 / 25.0),
            ("page.items", 3.0 / 25.0),
            ("page.cells", 1.0 / 25.0),
            ("page.images", 3.0_f32.ln_1p()),
            ("page.controls", 4.0_f32.ln_1p()),
            ("page.headings", 1.0_f32.ln_1p()),
            ("page.p_rate", 2.0 / 25.0),
            ("page.stopwords", 6.0 / 25.0),
            ("page.dates", 2.0_f32.ln_1p()),
            ("page.h1", 1.0),
            ("page.comments", 4.0 / 25.0),
            ("page.article", 14.0 / 25.0),
        ];
        for block in [0, 7] {
            check(html, &rows.map(|(name, expected)| (block, name, expected)));
        }
        check(
            "<h2>Old bridge</h2><p>Text</p>",
            &[(0, "page.h1", 0.0), (0, "page.article", 0.0)],
        );
    }
}
