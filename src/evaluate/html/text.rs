//! Text that others wrote → text that is safe and legible in HTML.

use std::fmt::{self, Display, Write};

/// A text as character data or as the value of a quoted attribute. What is
/// markup is escaped; control characters and those that turn the direction of
/// writing (which may make a text read as another) are shown by their numbers.
pub(super) struct Text<'a>(pub(super) &'a str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut chars = self.0.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '\n' | '\t' => f.write_char(c)?,
                '\r' if chars.peek() == Some(&'\n') => {}
                '\r' => f.write_char('\n')?,
                c if is_hidden(c) => write!(f, "⟨U+{:04X}⟩", c as u32)?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

fn is_hidden(c: char) -> bool {
    let n = c as u32;
    c.is_control()
        // Embeddings, overrides and isolates (Unicode Standard Annex 9, §2).
        || matches!(n, 0x202A..=0x202E | 0x2066..=0x2069)
        // Tags, and what is no character.
        || matches!(n, 0xE0000..=0xE007F | 0xFDD0..=0xFDEF)
        || n & 0xFFFE == 0xFFFE
}

/// An address that may be followed: `http` or `https`, as a parser understands
/// it; any other (`javascript:`, `data:`, what is no address) is text only.
pub(super) fn followable(url: &str) -> Option<String> {
    let url: url::Url = url.parse().ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.to_string())
}

/// Three digits, or a dash where there is no figure.
pub(super) fn figure(value: impl Into<Option<f64>>) -> String {
    match value.into() {
        Some(value) if value.is_finite() => format!("{value:.3}"),
        _ => "–".to_owned(),
    }
}

/// A number with its thousands apart.
pub(super) fn count(n: usize) -> String {
    let digits = n.to_string();
    let mut apart = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            apart.push(',');
        }
        apart.push(digit);
    }
    apart
}

/// So many of something: "1 page", "2 pages".
pub(super) fn counted(n: usize, what: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {what}{plural}", count(n))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn markup_is_text_and_hidden_characters_are_seen() {
        let hostile =
            "</script><img src=x onerror='a(\"b\")'>&amp;\u{0}\u{1b}[2J\u{202e}gnp.exe\u{85}";
        assert_eq!(
            Text(hostile).to_string(),
            "&lt;/script&gt;&lt;img src=x onerror=&#39;a(&quot;b&quot;)&#39;&gt;&amp;amp;\
             ⟨U+0000⟩⟨U+001B⟩[2J⟨U+202E⟩gnp.exe⟨U+0085⟩"
        );
        assert_eq!(
            Text("one\r\ntwo\rthree\tيا\u{200f}").to_string(),
            "one\ntwo\nthree\tيا\u{200f}"
        );
    }

    #[test]
    fn only_addresses_of_the_web_can_be_followed() {
        for url in [
            "javascript:alert(1)",
            " JaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "//example.org/",
            "no address",
        ] {
            assert_eq!(followable(url), None, "{url}");
        }
        let quoted = followable("https://example.org/\"onclick=").unwrap();
        assert_eq!(quoted, "https://example.org/%22onclick=");
    }

    #[test]
    fn numbers_are_legible() {
        assert_eq!(
            (figure(0.95), figure(f64::NAN)),
            ("0.950".into(), "–".into())
        );
        assert_eq!((count(7), count(1234567)), ("7".into(), "1,234,567".into()));
        assert_eq!(
            (counted(1, "page"), counted(0, "page")),
            ("1 page".into(), "0 pages".into())
        );
    }

    proptest! {
        #[test]
        fn no_text_ends_an_element_or_an_attribute(text in any::<String>()) {
            let escaped = Text(&text).to_string();
            let ends = escaped.contains(['<', '>', '"', '\'', '\0', '\u{202e}']);
            prop_assert!(!ends);
        }
    }
}
