//! Texts in the page's JSON-LD.

use html5ever::local_name;
use scraper::node::Element;
use serde_json::Value;

use crate::page::attr::attr;
use crate::page::{Page, Sought};

/// Bytes of JSON-LD that are read of a page.
pub(super) const MOST_BYTES: usize = 1 << 20;

/// The texts of three words and more in the page's JSON-LD (descriptions,
/// article bodies), in order; scripts that are no JSON have none.
pub fn structured_texts(page: &Page) -> Vec<String> {
    let mut texts = Vec::new();
    let mut budget = MOST_BYTES;
    for node in page.all(Sought::Script) {
        if !node.value().as_element().is_some_and(is_json_ld) {
            continue;
        }
        let script: String = node
            .children()
            .filter_map(|child| child.value().as_text())
            .map(|text| &**text)
            .collect();
        budget = budget.saturating_sub(script.len());
        if budget == 0 {
            break;
        }
        if let Ok(value) = serde_json::from_str(&script) {
            gather(value, &mut texts);
        }
    }
    texts
}

/// True for a `script` of JSON-LD.
pub(crate) fn is_json_ld(element: &Element) -> bool {
    element.name.local == local_name!("script")
        && attr(element, &local_name!("type"))
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/ld+json"))
}

fn gather(value: Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) if text.split_whitespace().nth(2).is_some() || !text.is_ascii() => {
            texts.push(text);
        }
        Value::Array(values) => values.into_iter().for_each(|v| gather(v, texts)),
        Value::Object(entries) => entries.into_iter().for_each(|(_, v)| gather(v, texts)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::PageContext;

    #[test]
    fn texts_are_gathered_at_any_depth_and_broken_scripts_passed_over() {
        let html = r#"<script type="application/ld+json">{"@graph": [{"name": "Oak chair",
            "description": "A chair of oak", "offers": {"price": "120"}}]}</script>
            <script type="application/ld+json">{broken</script>
            <script>{"description": "not of these"}</script>"#;
        let page = Page::parse(html.as_bytes(), &PageContext::default());
        assert_eq!(structured_texts(&page), ["A chair of oak"]);
    }
}
