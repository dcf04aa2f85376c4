//! The text below the elements above: the parent, and those 2, 3 and 5 up.
//!
//! Text-to-tag ratio: Weninger, Hsu and Han 2010 (CETR, §3.1). Density of an
//! element: Sun, Song and Liao 2011 (*DOM Based Content Extraction via Text
//! Density*, §3.1 and §3.2).

use super::Feature;
use super::facts::{BlockSums, PageFacts};
use super::logarithm::Logarithm;
use super::stats::ratio;

pub(super) const FEATURES: &[Feature] = &[
    Feature::new(
        "up0.length",
        "ln(1 + length below the block's element)",
        &length::<0>,
    ),
    Feature::new(
        "up1.length",
        "ln(1 + length below its parent)",
        &length::<1>,
    ),
    Feature::new(
        "up2.length",
        "ln(1 + length below the element 2 up)",
        &length::<2>,
    ),
    Feature::new(
        "up3.length",
        "ln(1 + length below the element 3 up)",
        &length::<3>,
    ),
    Feature::new(
        "up5.length",
        "ln(1 + length below the element 5 up)",
        &length::<5>,
    ),
    Feature::new(
        "up1.share",
        "share of the page's length below the parent, 0 to 1",
        &share::<1>,
    ),
    Feature::new(
        "up2.share",
        "share of the page's length below the element 2 up, 0 to 1",
        &share::<2>,
    ),
    Feature::new(
        "up3.share",
        "share of the page's length below the element 3 up, 0 to 1",
        &share::<3>,
    ),
    Feature::new(
        "up5.share",
        "share of the page's length below the element 5 up, 0 to 1",
        &share::<5>,
    ),
    Feature::new(
        "up1.links",
        "link density below the parent, 0 to 1",
        &links::<1>,
    ),
    Feature::new(
        "up2.links",
        "link density below the element 2 up, 0 to 1",
        &links::<2>,
    ),
    Feature::new(
        "up3.links",
        "link density below the element 3 up, 0 to 1",
        &links::<3>,
    ),
    Feature::new(
        "up5.links",
        "link density below the element 5 up, 0 to 1",
        &links::<5>,
    ),
    Feature::new(
        "up1.paragraphs",
        "ln(1 + paragraph-like blocks below the parent)",
        &paragraphs::<1>,
    ),
    Feature::new(
        "up2.paragraphs",
        "ln(1 + paragraph-like blocks below the element 2 up)",
        &paragraphs::<2>,
    ),
    Feature::new(
        "up3.paragraphs",
        "ln(1 + paragraph-like blocks below the element 3 up)",
        &paragraphs::<3>,
    ),
    Feature::new(
        "up1.paragraph_share",
        "share of the page's paragraph length below the parent, 0 to 1",
        &paragraph_share::<1>,
    ),
    Feature::new(
        "up3.paragraph_share",
        "share of the page's paragraph length below the element 3 up, 0 to 1",
        &paragraph_share::<3>,
    ),
    Feature::new(
        "up1.blocks",
        "ln(1 + blocks below the parent)",
        &blocks::<1>,
    ),
    Feature::new(
        "up2.blocks",
        "ln(1 + blocks below the element 2 up)",
        &blocks::<2>,
    ),
    Feature::new(
        "up3.blocks",
        "ln(1 + blocks below the element 3 up)",
        &blocks::<3>,
    ),
    Feature::new(
        "up1.mean_length",
        "ln(1 + mean block length below the parent)",
        &mean_length::<1>,
    ),
    Feature::new(
        "up2.mean_length",
        "ln(1 + mean block length below the element 2 up)",
        &mean_length::<2>,
    ),
    Feature::new(
        "up3.mean_length",
        "ln(1 + mean block length below the element 3 up)",
        &mean_length::<3>,
    ),
    Feature::new(
        "up0.tag_ratio",
        "ln(1 + characters for each tag) of the block's element (CETR §3.1)",
        &tag_ratio::<0>,
    ),
    Feature::new(
        "up2.tag_ratio",
        "ln(1 + characters for each tag) of the element 2 up",
        &tag_ratio::<2>,
    ),
    Feature::new(
        "up4.tag_ratio",
        "ln(1 + characters for each tag) of the element 4 up",
        &tag_ratio::<4>,
    ),
    Feature::new(
        "up1.composite_density",
        "ln(1 + composite text density) of the parent (Sun 2011, §3.2), highest without links",
        &composite_density::<1>,
    ),
    Feature::new(
        "up3.composite_density",
        "ln(1 + composite text density) of the element 3 up, highest without links",
        &composite_density::<3>,
    ),
    Feature::new("up1.children", "ln(1 + children of the parent)", &|f, i| {
        (f.blocks.outline[f.ancestor(i, 1)].children as f32).log_e_1p()
    }),
    Feature::new(
        "up2.images",
        "ln(1 + images below the element 2 up)",
        &|f, i| (f.elements_below(f.ancestor(i, 2)).images as f32).log_e_1p(),
    ),
    Feature::new(
        "up3.controls",
        "ln(1 + form controls below the element 3 up: `input` that is not hidden, `select`, \
         `textarea`, `button`)",
        &|f, i| (f.elements_below(f.ancestor(i, 3)).controls as f32).log_e_1p(),
    ),
    Feature::new(
        "up2.headings",
        "ln(1 + headings below the element 2 up)",
        &|f, i| (f.elements_below(f.ancestor(i, 2)).headings as f32).log_e_1p(),
    ),
    Feature::new(
        "up2.items",
        "ln(1 + list items below the element 2 up)",
        &|f, i| (f.elements_below(f.ancestor(i, 2)).items as f32).log_e_1p(),
    ),
    Feature::new(
        "up2.link_rate",
        "`a` elements that show text, counted in each block that they do so in, \
         for each block below the element 2 up, at most 10",
        &|f, i| {
            let sums = f.below(f.ancestor(i, 2));
            ratio(sums.links, sums.blocks).min(10.0)
        },
    ),
];

fn length<const UP: usize>(facts: &PageFacts<'_>, i: usize) -> f32 {
    facts.below(facts.ancestor(i, UP)).length.log_e_1p()
}

fn share<const UP: usize>(facts: &PageFacts<'_>, i: usize) -> f32 {
    ratio(facts.below(facts.ancestor(i, UP)).length, facts.page.length)
}

fn links<const UP: usize>(facts: &PageFacts<'_>, i: usize) -> f32 {
    facts.below(facts.ancestor(i, UP)).link_density()
}

fn paragraphs<const UP: usize>(facts: &PageFacts<'_>, i: usize) -> f32 {
    facts.below(facts.ancestor(i, UP)).paragraphs.log_e_1p()
}

fn paragraph_share<const UP: usize>(facts: &PageFacts<'_>, i: usize) -> f32 {
    ratio(
        facts.below(facts.ancestor(i, UP)).paragraph_length,
        facts.page.paragraph_length,
    )
}

fn blocks<const UP: usize>(facts: &PageFacts<'_>, i: usize) -> f32 {
    facts.below(facts.ancestor(i, UP)).blocks.log_e_1p()
}

fn mean_length<const UP: usize>(facts: &PageFacts<'_>, i: usize) -> f32 {
    let sums = facts.below(facts.ancestor(i, UP));
    ratio(sums.length, sums.blocks).log_e_1p()
}

fn tag_ratio<const UP: usize>(facts: &PageFacts<'_>, i: usize) -> f32 {
    let id = facts.ancestor(i, UP);
    ratio(
        facts.below(id).chars,
        facts.elements_below(id).elements as f32,
    )
    .log_e_1p()
}

/// Composite text density (Sun 2011, §3.2): with `C` characters, `T` tags,
/// `LC` link characters and `LT` link tags below an element, and `LCb`, `Cb`
/// those below the body,
/// `C/T · log_b(C/LC · T/LT)` with `b = ln(C/¬LC·LC + LCb/Cb·C + e)`. Without a
/// link on the page `b` would be 1, to which there is no logarithm, and `LC`,
/// `LT` and `¬LC` divide: so they and `LCb` are at least 1, and so is what the
/// logarithm is taken of. Characters in links are as many as their share of the
/// length.
fn composite_density<const UP: usize>(facts: &PageFacts<'_>, i: usize) -> f32 {
    let id = facts.ancestor(i, UP);
    let sums = facts.below(id);
    let elements = facts.elements_below(id);
    let link_chars = |sums: &BlockSums| (sums.chars * sums.link_density()).max(1.0);
    let (chars, links) = (sums.chars, link_chars(&sums));
    let tags = (elements.elements as f32).max(1.0);
    let link_tags = (elements.links as f32).max(1.0);
    let plain = (chars - chars * sums.link_density()).max(1.0);
    let on_page = link_chars(&facts.page) / facts.page.chars.max(1.0);
    let base = (chars / plain * links + on_page * chars + std::f32::consts::E).log_e();
    let inner = chars / links * (tags / link_tags);
    // Above ln(1 + e), as below the element is a block, and that has a character.
    let log = inner.max(1.0).log_e() / base.log_e();
    (chars / tags * log).log_e_1p()
}

#[cfg(test)]
mod tests {
    use crate::feature::tests_support::{check, value};

    #[test]
    fn shares_grow_upwards() {
        let html = "<div><div><p>a b</p><p>c d</p></div><p>e f g h</p></div>";
        assert_eq!(value(html, 0, "up1.share"), 0.5);
        assert_eq!(value(html, 0, "up2.share"), 1.0);
    }

    #[test]
    fn prose_is_denser_than_a_menu() {
        let prose = "The council voted on Tuesday night to repair the old bridge. ".repeat(5);
        let menu = "<li><a href=x>Item</a>".repeat(12);
        let html = format!("<div><ul>{menu}</ul></div><div><p>{prose}</p></div>");
        let density = |i| value(&html, i, "up1.composite_density");
        assert!(
            density(12) > 2.0 * density(0),
            "{} {}",
            density(12),
            density(0)
        );
        assert!(value(&html, 12, "up0.tag_ratio") > value(&html, 0, "up2.tag_ratio"));
    }

    /// Blocks of 2, 10, 3, 1, 1, 2, 10 and 3 words, 32 in all. Above the second
    /// stand a `div` (13 words), `section` (15), `div` (19), `div` (29), `body`.
    const PAGE: &str = "<div><div><section><h2>Old bridge</h2><img src=a.png><img src=b.png>\
        <div><p>The council voted to repair the old bridge last night</p>\
        <p>See <a href=/m>the map</a></p></div></section>\
        <ul><li><a href=/n>News</a></li><li>Sport</li></ul>\
        <form><input name=q><button>Send it</button></form></div>\
        <p>Read what the council said of the old bridge here</p></div><p>About the town</p>";

    #[test]
    fn length_share_and_links_are_those_below_each_element_above() {
        check(
            PAGE,
            &[
                (1, "up0.length", 10.0_f32.ln_1p()),
                (1, "up1.length", 13.0_f32.ln_1p()),
                (1, "up2.length", 15.0_f32.ln_1p()),
                (1, "up3.length", 19.0_f32.ln_1p()),
                (1, "up5.length", 32.0_f32.ln_1p()),
                (1, "up1.share", 13.0 / 32.0),
                (1, "up2.share", 15.0 / 32.0),
                (1, "up3.share", 19.0 / 32.0),
                (1, "up5.share", 1.0),
                (1, "up1.links", 2.0 / 13.0),
                (1, "up2.links", 2.0 / 15.0),
                (1, "up3.links", 3.0 / 19.0),
                (1, "up5.links", 3.0 / 32.0),
            ],
        );
    }

    #[test]
    fn blocks_and_paragraphs_are_counted_below_each_element_above() {
        check(
            PAGE,
            &[
                (1, "up1.blocks", 2.0_f32.ln_1p()),
                (1, "up2.blocks", 3.0_f32.ln_1p()),
                (1, "up3.blocks", 6.0_f32.ln_1p()),
                (1, "up1.mean_length", (13.0_f32 / 2.0).ln_1p()),
                (1, "up2.mean_length", (15.0_f32 / 3.0).ln_1p()),
                (1, "up3.mean_length", (19.0_f32 / 6.0).ln_1p()),
                (1, "up1.paragraphs", 1.0_f32.ln_1p()),
                (1, "up1.paragraph_share", 10.0 / 20.0),
                (1, "up3.paragraph_share", 10.0 / 20.0),
                // Of the menu's entry: its list, then one paragraph, then both.
                (3, "up1.paragraphs", 0.0),
                (3, "up2.paragraphs", 1.0_f32.ln_1p()),
                (3, "up3.paragraphs", 2.0_f32.ln_1p()),
                (3, "up1.paragraph_share", 0.0),
                (3, "up3.paragraph_share", 1.0),
            ],
        );
    }

    #[test]
    fn elements_are_counted_below_those_above() {
        check(
            PAGE,
            &[
                (1, "up1.children", 2.0_f32.ln_1p()),
                (6, "up1.children", 2.0_f32.ln_1p()),
                (3, "up1.children", 2.0_f32.ln_1p()),
                (0, "up1.children", 4.0_f32.ln_1p()),
                (1, "up2.images", 2.0_f32.ln_1p()),
                (1, "up3.controls", 2.0_f32.ln_1p()),
                (1, "up2.headings", 1.0_f32.ln_1p()),
                (1, "up2.items", 0.0),
                (3, "up2.items", 2.0_f32.ln_1p()),
                (1, "up2.link_rate", 1.0 / 3.0),
                (3, "up2.link_rate", 2.0 / 6.0),
                (6, "up2.link_rate", 2.0 / 8.0),
                // Characters by elements, each with itself.
                (1, "up0.tag_ratio", 44.0_f32.ln_1p()),
                (1, "up2.tag_ratio", (62.0_f32 / 8.0).ln_1p()),
                (1, "up4.tag_ratio", (117.0_f32 / 18.0).ln_1p()),
            ],
        );
    }

    #[test]
    fn composite_density_is_that_of_the_paper() {
        // 16 characters, 4 of them in the one link, below 3 and below 5 tags.
        let html = "<div><div><div><p>milk salt <a href=/w>wine</a> rice</p></div></div></div>";
        let base = (16.0 / 12.0 * 4.0 + 4.0 / 16.0 * 16.0 + std::f32::consts::E).ln();
        let up1 = 16.0 / 3.0 * (16.0_f32 / 4.0 * 3.0 / 1.0).log(base);
        let up3 = 16.0 / 5.0 * (16.0_f32 / 4.0 * 5.0 / 1.0).log(base);
        check(
            html,
            &[
                (0, "up1.composite_density", up1.ln_1p()),
                (0, "up3.composite_density", up3.ln_1p()),
            ],
        );
        // 16 characters, none in a link, below 2 and below 4 tags.
        let html = "<div><div><div><p>milk salt wine rice</p></div></div></div>";
        let base = (1.0 + 1.0 / 16.0 * 16.0 + std::f32::consts::E).ln();
        let up1 = 16.0 / 2.0 * (16.0_f32 * 2.0).log(base);
        let up3 = 16.0 / 4.0 * (16.0_f32 * 4.0).log(base);
        check(
            html,
            &[
                (0, "up1.composite_density", up1.ln_1p()),
                (0, "up3.composite_density", up3.ln_1p()),
            ],
        );
    }

    #[test]
    fn prose_is_the_less_dense_the_more_of_it_is_link() {
        let words: Vec<String> = (0..40).map(|i| format!("settlement{i}")).collect();
        let prose = |linked: usize| {
            let text = words.iter().enumerate().map(|(i, word)| {
                let end = if i + 1 == linked { "</a>" } else { "" };
                format!("{word}{end} ")
            });
            let start = if linked > 0 { "<a href=/a>" } else { "" };
            format!("<div><p>{start}{}</p></div>", text.collect::<String>())
        };
        for elsewhere in ["", "<ul><li><a href=/n>News</a></ul>"] {
            for name in ["up1.composite_density", "up3.composite_density"] {
                let density = |linked| value(&format!("{}{elsewhere}", prose(linked)), 0, name);
                assert!(density(0) > 1.0, "{name}");
                for linked in 1..=40 {
                    assert!(density(linked - 1) > density(linked), "{linked}: {name}");
                }
            }
        }
        // A link that shows no word.
        let none = "<div><p>The council voted to repair the old bridge</p></div>";
        let mark = none.replace("bridge", "bridge <a href=/a>#</a>");
        let density = |html| value(html, 0, "up1.composite_density");
        assert!(density(none) > density(&mark));
    }

    #[test]
    fn a_picture_is_one_image_and_hidden_inputs_are_no_controls() {
        check(
            "<div><form><input type=hidden name=token><input name=q><label>In</label>\
             <select><option>News</option></select><textarea></textarea>\
             <button>Find</button></form></div>\
             <div><div><div><p>Old bridge</p></div><picture><source srcset=b.webp><img src=b.png></picture></div></div>\
             <p>After</p>",
            &[
                // 3 above `label` and `button` is the body.
                (0, "up3.controls", 4.0_f32.ln_1p()),
                (1, "up3.controls", 4.0_f32.ln_1p()),
                (2, "up3.controls", 0.0),
                (2, "up2.images", 1.0_f32.ln_1p()),
            ],
        );
    }
}
