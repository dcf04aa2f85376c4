//! Texts and addresses as keys: what is left of them to tell whether two are
//! the same.

use crate::text::tokens;

/// The words of a text, lower-cased, a space between two; soft hyphens are no
/// part of a word.
pub(super) fn text_key(text: &str) -> String {
    let text = text.replace('\u{AD}', "");
    tokens(&text).collect::<Vec<_>>().join(" ")
}

/// An address without its scheme, a `www.`, its fragment and the last slash.
pub(super) fn address_key(address: &str) -> String {
    let address = address.trim();
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    let address = address.strip_prefix("www.").unwrap_or(address);
    let address = address.split('#').next().unwrap_or_default();
    address.trim_end_matches('/').to_lowercase()
}

/// Whether the words of one key stand in another side by side.
pub(super) fn holds(outer: &str, inner: &str) -> bool {
    !inner.is_empty()
        && (outer == inner
            || outer.starts_with(&format!("{inner} "))
            || outer.ends_with(&format!(" {inner}"))
            || outer.contains(&format!(" {inner} ")))
}

/// Dice coefficient of the words of two keys, 0 to 1.
pub(super) fn likeness(a: &str, b: &str) -> f64 {
    let set = |key: &str| -> std::collections::HashSet<String> {
        key.split(' ')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (a, b) = (set(a), set(b));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    2.0 * a.intersection(&b).count() as f64 / (a.len() + b.len()) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_leave_out_what_differs_in_writing_only() {
        assert_eq!(
            text_key("Ver\u{AD}fassung: “Old” Bridge!"),
            "verfassung old bridge"
        );
        assert_eq!(
            address_key("https://www.Example.org/a/#top"),
            "example.org/a"
        );
        assert_eq!(address_key("http://example.org/a"), "example.org/a");
    }

    #[test]
    fn words_are_held_whole() {
        assert!(holds("the old bridge", "old bridge"));
        assert!(holds("the old bridge", "the"));
        assert!(!holds("the old bridge", "he old"));
        assert!(!holds("the old bridge", ""));
        assert_eq!(likeness("old bridge", "old mill"), 0.5);
    }
}
