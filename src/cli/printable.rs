//! Text of pages and names of files → text that a terminal only shows.

/// Shows control characters, which a terminal would obey, and those that reorder
/// the text after them, which would make a line read as another; line feeds stay.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let obeyed = (c.is_control() && c != '\n') || reorders(c);
            let shown = obeyed.then(|| c.escape_default());
            let plain = (!obeyed).then_some(c);
            shown.into_iter().flatten().chain(plain)
        })
        .collect()
}

/// Explicit embeddings, overrides and isolates of the bidirectional algorithm (UAX
/// #9, §2). Marks of direction change nothing but the place of their neighbours,
/// and right-to-left text needs them.
fn reorders(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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
