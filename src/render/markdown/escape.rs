//! Text that stays text: what CommonMark, GFM and the writers of maths would take
//! for markup gets a backslash.

use crate::watch::spend;

/// Signs that are markup only in company, counted over one leaf or all leaves of a cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Company {
    /// Two tildes may strike through what is between.
    pub(super) tildes: bool,
    /// Two dollar signs may be maths.
    pub(super) dollars: bool,
}

/// Puts `text` after `out` so that it reads as itself. `before_bracket` tells that
/// a `[` of markup comes next.
pub(super) fn push(out: &mut String, text: &str, company: Company, before_bracket: bool) {
    let at_start = out.is_empty() || out.ends_with('\n');
    let text = if at_start { text.trim_start() } else { text };
    let delimiter = if at_start { of_line(text) } else { None };
    let mut before = None;
    let mut chars = text.char_indices().peekable();
    let mut told = 0;
    while let Some((at, c)) = chars.next() {
        if at - told >= 4_096 {
            spend(at - told);
            told = at;
        }
        let after = chars.peek().map(|&(_, c)| c);
        let is_markup = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '|' => true,
            // Within a word it means nothing (CommonMark §6.2).
            '_' => !(is_word(before) && is_word(after)),
            '&' => is_entity(&text[at..]),
            '~' => company.tildes,
            '$' => company.dollars,
            '!' => after.is_none() && before_bracket,
            _ => false,
        };
        if is_markup || delimiter == Some(at) {
            out.push('\\');
        }
        out.push(c);
        before = Some(c);
    }
}

fn is_word(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphanumeric)
}

/// `&amp;`, `&#38;`: what looks like a reference to a character (§2.5).
pub(super) fn is_entity(text: &str) -> bool {
    const LONGEST: usize = 32;
    let name = text.strip_prefix('&').unwrap_or_default();
    let name = name.strip_prefix('#').unwrap_or(name).as_bytes();
    let letters = name.iter().take(LONGEST + 1);
    let length = letters.take_while(|b| b.is_ascii_alphanumeric()).count();
    (1..=LONGEST).contains(&length) && name.get(length) == Some(&b';')
}

/// TeX that is no markup where a reader of Markdown does not know maths: with a
/// space, which means nothing in TeX, inside what would begin a tag or an address
/// of a link.
pub(in crate::render) fn inert_tex(tex: &str) -> String {
    let mut inert = String::with_capacity(tex.len());
    let mut before = ' ';
    for c in tex.chars() {
        let tag = before == '<' && (c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        if tag || (before == ']' && c == '(') {
            inert.push(' ');
        }
        inert.push(c);
        before = c;
    }
    inert
}

/// Where in a line's first text the sign stands that would make it a heading, a
/// quote, an item, a rule, the line under a heading or that of a table.
fn of_line(text: &str) -> Option<usize> {
    let mut chars = text.chars();
    let first = chars.next()?;
    let second = chars.next();
    let ends = second.is_none_or(char::is_whitespace);
    match first {
        '#' | '>' | '=' => Some(0),
        '-' | '+' if ends || second == Some(first) => Some(0),
        ':' if second == Some('-') => Some(0),
        '0'..='9' => {
            let number = text.bytes().take_while(u8::is_ascii_digit).count();
            let mut rest = text[number..].chars();
            let is_item = number <= 9
                && matches!(rest.next(), Some('.' | ')'))
                && rest.next().is_none_or(char::is_whitespace);
            is_item.then_some(number)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut out = String::new();
        push(&mut out, text, Company::default(), false);
        out
    }

    #[test]
    fn what_would_be_markup_is_escaped_and_nothing_else() {
        for (text, wanted) in [
            ("snake_case and _this_", "snake_case and \\_this\\_"),
            ("2 * 3 [a] <b>", "2 \\* 3 \\[a\\] \\<b>"),
            ("R&D &amp; AT&T", "R&D \\&amp; AT&T"),
            ("# no heading", "\\# no heading"),
            ("> no quote > here", "\\> no quote > here"),
            ("- no item", "\\- no item"),
            ("-5 degrees - cold", "-5 degrees - cold"),
            ("1986. A year", "1986\\. A year"),
            ("3.14 and 2.", "3.14 and 2."),
            ("---", "\\---"),
            ("C:\\new", "C:\\\\new"),
            ("~5 for $5", "~5 for $5"),
        ] {
            assert_eq!(escaped(text), wanted);
        }
    }
}
