//! Texts in CSV that no spreadsheet runs.

use std::borrow::Cow;

/// The text with an apostrophe before it where a spreadsheet might take it for
/// a formula, as [`Form::Csv`](super::Form::Csv) tells.
pub(crate) fn inert(text: &str) -> Cow<'_, str> {
    let inner = text.trim_start_matches(|c: char| c == '\'' || c.is_whitespace());
    let formula = inner.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    // Apostrophes before it may be ours: then one more tells them apart.
    let cut = (text.trim_start_matches('\'')).starts_with(['\t', '\r', '\n']);
    if formula || cut {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_written_as_text_and_can_be_told_back() {
        for formula in [
            "=1+1",
            "+1",
            "-2 degrees",
            "@SUM(A1)",
            "\t=1",
            "\rx",
            "\nx",
            " \u{a0}=HYPERLINK(\"https://evil.example\")",
            "＝1",
            "'=1",
            "''\tx",
        ] {
            assert_eq!(inert(formula), format!("'{formula}"));
        }
        for text in ["", "tea", "'tis", "a=b", "2-1", "' '", "…"] {
            assert_eq!(inert(text), text);
        }
    }
}
