//! Text → DOM, through the guard.

use scraper::Html;

use super::guard::Guard;
use super::spans::Spans;
use super::tokenizer::{Options, tokenize};
use super::{Limits, Warning};

/// Parses a whole document, and says where its texts stand; what was bounded is
/// added to `warnings`.
pub(super) fn document(text: &str, limits: &Limits, warnings: &mut Vec<Warning>) -> (Html, Spans) {
    let guard = Guard::new(text, limits);
    let options = Options {
        // One too many, so that the guard sees that there are.
        attributes: limits.attributes.saturating_add(1),
        end_titles: true,
    };
    let outcome = tokenize(text, options, &guard, guard.place());
    if outcome.ended_title {
        warnings.push(Warning::UnclosedTitle);
    }
    let (html, spans, bounded) = guard.finish();
    warnings.extend(bounded);
    (html, spans)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Html, Vec<Warning>) {
        let mut warnings = Vec::new();
        let (html, _) = document(text, &Limits::default(), &mut warnings);
        (html, warnings)
    }

    fn text_of(html: &Html) -> String {
        html.root_element().text().collect()
    }

    fn depth_of(html: &Html) -> usize {
        html.tree
            .nodes()
            .map(|node| node.ancestors().count())
            .max()
            .unwrap_or(0)
    }

    #[test]
    fn an_ordinary_page_gives_scrapers_own_tree() {
        let page = "<!DOCTYPE html><title>T</title><p>a<b>b</p><table><tr><td>c</table>d<li>e<li>f";
        assert_eq!(parse(page).0.html(), Html::parse_document(page).html());
        assert!(parse(page).1.is_empty());
    }

    #[test]
    fn a_title_that_is_never_closed_ends_at_the_next_tag() {
        let (html, warnings) = parse("<html><TITLE>Half a tit<p>The text.</p>");
        assert_eq!(warnings, [Warning::UnclosedTitle]);
        let selector = scraper::Selector::parse("body p").unwrap();
        assert_eq!(html.select(&selector).count(), 1);
        assert!(parse("<title>A</title><p>b").1.is_empty());
        assert!(parse("<title>A").1.is_empty());
    }

    #[test]
    fn what_only_looks_like_a_title_is_left_alone() {
        for page in [
            "<script>'<title>'</script><p>a",
            "<!-- <title> --><p>a",
            "<textarea><title>a<p>b",
            "<svg><title>a<g>b",
        ] {
            let (html, warnings) = parse(page);
            assert_eq!(html, Html::parse_document(page), "{page}");
            assert!(warnings.is_empty(), "{page}");
        }
    }

    #[test]
    fn noscript_is_read_as_markup() {
        let (html, _) = parse("<body><noscript><p>shown</p></noscript>");
        let selector = scraper::Selector::parse("noscript p").unwrap();
        assert_eq!(html.select(&selector).count(), 1);
    }

    #[test]
    fn deep_nesting_is_flattened_and_its_text_kept() {
        for tag in ["div", "b", "ul><li", "table><tr><td"] {
            let page = format!("{}deep", format!("<{tag}>").repeat(20_000));
            let (html, warnings) = parse(&page);
            assert!(depth_of(&html) <= 520, "{tag}: {}", depth_of(&html));
            assert!(text_of(&html).contains("deep"), "{tag}");
            assert!(!warnings.is_empty(), "{tag}");
        }
    }

    #[test]
    fn text_after_a_deep_nest_returns_to_the_top() {
        let (open, close) = ("<div>".repeat(2_000), "</div>".repeat(2_000));
        let (html, _) = parse(&format!("{open}x{close}<p id=after>after</p>"));
        let selector = scraper::Selector::parse("body > p#after").unwrap();
        assert_eq!(html.select(&selector).count(), 1);
    }

    #[test]
    fn formatting_that_piles_up_costs_linear_time_and_keeps_its_text() {
        let page: String = (0..5_000).map(|i| format!("<p><font a={i}>x")).collect();
        let (html, warnings) = parse(&page);
        assert_eq!(text_of(&html).len(), 5_000);
        assert_eq!(warnings, [Warning::Formatting { limit: 64 }]);
    }

    #[test]
    fn ordinary_tables_with_fonts_left_open_are_not_touched() {
        let unclosed_font = "<div><font size=2>cell</div>".repeat(80);
        let cells = format!("<table>{}</table>", "<tr><td><font>x".repeat(80));
        let columns = "<td><b><font size=1>x".repeat(80);
        let links: String = (0..80)
            .map(|i| format!("<td><font color=c{i}>x</td>"))
            .collect();
        for page in [
            format!("{unclosed_font}<p>end</p>"),
            cells,
            format!("<table><tr>{columns}</table>"),
            format!("<table><tr>{links}</table>"),
            "<table><caption><b>x</table>".repeat(80),
        ] {
            let (html, warnings) = parse(&page);
            assert!(warnings.is_empty(), "{warnings:?}");
            assert_eq!(html.html(), Html::parse_document(&page).html());
        }
    }

    #[test]
    fn a_dropped_start_tag_takes_no_end_tag_of_another_name() {
        let fonts: String = (0..80).map(|i| format!("<font a={i}>")).collect();
        let page = format!("<section><div>{fonts}x</div></section><p id=after>y</p>");
        let (html, warnings) = parse(&page);
        assert_eq!(warnings, [Warning::Formatting { limit: 64 }]);
        let selector = scraper::Selector::parse("section p").unwrap();
        assert_eq!(html.select(&selector).count(), 0);
        assert_eq!(text_of(&html), "xy");
    }

    #[test]
    fn end_tags_that_close_what_held_dropped_tags_forget_them() {
        let limits = Limits {
            depth: 20,
            ..Limits::default()
        };
        let page = format!(
            "<section>{}x</section><div>in</div><p id=after>y</p>",
            "<div>".repeat(40)
        );
        let (html, _) = document(&page, &limits, &mut Vec::new());
        let selector = scraper::Selector::parse("body > p#after").unwrap();
        assert_eq!(html.select(&selector).count(), 1, "{}", html.html());
    }

    #[test]
    fn raw_text_names_nest_in_mathml_and_are_bounded_there() {
        for (root, name) in [("math", "xmp"), ("svg", "style"), ("svg", "noembed")] {
            let page = format!("<{root}>{}", format!("<{name}>x").repeat(5_000));
            let (html, warnings) = parse(&page);
            assert_eq!(warnings, [Warning::Depth { limit: 512 }], "{name}");
            assert!(depth_of(&html) <= 520, "{name}: {}", depth_of(&html));
            assert_eq!(text_of(&html), "x".repeat(5_000), "{name}");
        }
    }

    #[test]
    fn stray_end_tags_do_not_deepen_the_tree() {
        let page = format!("{}<div>", "</x>".repeat(300)).repeat(1_500);
        assert!(depth_of(&parse(&page).0) <= 520);
        let forms = "<form><div></form>".repeat(2_000);
        assert!(depth_of(&parse(&forms).0) <= 1_040);
    }

    #[test]
    fn attributes_are_bounded_on_every_tag() {
        let names: String = (0..100_000).map(|i| format!(" a{i}=x")).collect();
        for tag in ["p", "script", "svg"] {
            let (html, warnings) = parse(&format!("<{tag}{names}>x"));
            assert_eq!(warnings, [Warning::Attributes { limit: 256 }], "{tag}");
            let most = html
                .tree
                .nodes()
                .filter_map(|node| node.value().as_element())
                .map(|element| element.attrs().count())
                .max();
            assert_eq!(most, Some(256), "{tag}");
        }
        let same = "<p a=1".to_owned() + &" a=2".repeat(5_000) + ">x";
        let (html, warnings) = parse(&same);
        assert_eq!(warnings, []);
        assert!(html.html().contains("<p a=\"1\">x"));
    }

    #[test]
    fn tags_past_the_element_bound_are_dropped_and_scripts_stay_scripts() {
        let limits = Limits {
            elements: 50,
            ..Limits::default()
        };
        let page = format!("{}<script>no()</script>yes", "<p>x</p>".repeat(100));
        let mut warnings = Vec::new();
        let (html, _) = document(&page, &limits, &mut warnings);
        assert_eq!(warnings, [Warning::Elements { limit: 50 }]);
        let visible: String = html
            .tree
            .nodes()
            .filter(|n| {
                n.parent()
                    .is_some_and(|p| p.value().as_element().is_none_or(|e| e.name() != "script"))
            })
            .filter_map(|n| n.value().as_text().map(|t| t.to_string()))
            .collect();
        assert_eq!(visible, format!("{}yes", "x".repeat(100)));
    }
}
