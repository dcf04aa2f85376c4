//! Links in the block (link density: Kohlschütter 2010, §3.2; first used so by
//! Finn, Kushmerick and Smyth 2001).

use super::Feature;
use super::logarithm::Logarithm;
use super::stats::ratio;

pub(super) const FEATURES: &[Feature] = &[
    Feature::new(
        "link.density",
        "link density: share of the length that stands in links, 0 to 1",
        &|f, i| f.stats[i].link_density(),
    ),
    Feature::new(
        "link.count",
        "ln(1 + `a` elements that show text in the block)",
        &|f, i| (f.stats[i].links as f32).log_e_1p(),
    ),
    Feature::new(
        "link.rate",
        "`a` elements that show text for each unit of length, at most 1",
        &|f, i| ratio(f.stats[i].links as f32, f.stats[i].length).min(1.0),
    ),
    Feature::new(
        "link.text_length",
        "ln(1 + length of the text outside links)",
        &|f, i| {
            (f.stats[i].length - f.stats[i].link_length)
                .max(0.0)
                .log_e_1p()
        },
    ),
];

#[cfg(test)]
mod tests {
    use crate::feature::tests_support::{check, value};

    #[test]
    fn link_density_counts_words_in_links() {
        let html = "<p>a b <a href=x>c d e f</a> g h</p>";
        assert_eq!(value(html, 0, "link.density"), 0.5);
        assert_eq!(value(html, 0, "link.text_length"), 5.0_f32.ln());
    }

    #[test]
    fn links_are_counted_and_set_against_the_length() {
        // 8 words, 5 of them in 2 links.
        let html = "<p>See <a href=/a>the old bridge</a> or <a href=/b>the mill</a> today</p>\
                    <p>No link here</p>";
        check(
            html,
            &[
                (0, "link.density", 5.0 / 8.0),
                (0, "link.count", 2.0_f32.ln_1p()),
                (0, "link.rate", 2.0 / 8.0),
                (0, "link.text_length", 3.0_f32.ln_1p()),
                (1, "link.density", 0.0),
                (1, "link.count", 0.0),
                (1, "link.rate", 0.0),
                (1, "link.text_length", 3.0_f32.ln_1p()),
            ],
        );
    }

    #[test]
    fn a_link_is_one_whatever_its_markup_and_two_that_touch_are_two() {
        check(
            "<p><a href=/a>The <b>old</b> <i>bridge</i></a> again</p>\
             <p><a href=/a>(old)</a><a href=/b>(bridge)</a> or a mill</p>\
             <p><a href=/a>over</a><b></b><a href=/b>view</a></p>",
            &[
                (0, "link.count", 1.0_f32.ln_1p()),
                (0, "link.rate", 1.0 / 4.0),
                (0, "link.density", 3.0 / 4.0),
                (1, "link.count", 2.0_f32.ln_1p()),
                (1, "link.rate", 2.0 / 5.0),
                (1, "link.density", 2.0 / 5.0),
                // One word, of two links.
                (2, "link.count", 2.0_f32.ln_1p()),
                (2, "link.rate", 1.0),
                (2, "link.density", 1.0),
                (2, "link.text_length", 0.0),
            ],
        );
    }
}
