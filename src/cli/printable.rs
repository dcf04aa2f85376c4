//! Text of pages and names of files → text that a terminal only shows.

use crate::text::steers_terminal;

/// Shows control characters, which a terminal would obey, and those that reorder
/// the text after them, which would make a line read as another; line feeds stay.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let obeyed = steers_terminal(c) && c != '\n';
            let shown = obeyed.then(|| c.escape_default());
            let plain = (!obeyed).then_some(c);
            shown.into_iter().flatten().chain(plain)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown() {
        assert_eq!(
            printable("a\x1b[2J\u{9b}31m\nb"),
            "a\\u{1b}[2J\\u{9b}31m\nb"
        );
        assert_eq!(printable("\u{202e}evil"), "\\u{202e}evil");
        let rtl = "مرحبا\u{200f}!";
        assert_eq!(printable(rtl), rtl);
    }
}
