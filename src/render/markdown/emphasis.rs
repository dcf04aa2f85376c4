//! Emphasis only where CommonMark reads it as emphasis (§6.2).
//!
//! A run of delimiters opens only when it is left-flanking and closes only when it
//! is right-flanking, which depends on what stands on both sides of it: in
//! `foo**"bar"**baz` it does neither. Where the marks would not be read as such
//! they are left out, and the words stay.

use super::inline::Part;

/// What a run of delimiters means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delimiter {
    Emphasis,
    Strong,
    Strike,
}

/// Joins what is emphasised alike with nothing between, and code beside code: two
/// runs of delimiters side by side would be read as one.
pub(super) fn paired(parts: Vec<Part>) -> Vec<Part> {
    let mut paired: Vec<Part> = Vec::with_capacity(parts.len());
    for part in parts {
        match (paired.last_mut(), &part) {
            (Some(Part::Close(closed)), Part::Open(opened)) if closed == opened => {
                paired.pop();
            }
            (Some(Part::Open(opened)), Part::Close(closed)) if closed == opened => {
                paired.pop();
            }
            (Some(Part::Code(code)), Part::Code(more)) => code.push_str(more),
            (Some(Part::Text(text)), Part::Text(more)) => text.push_str(more),
            _ => paired.push(part),
        }
    }
    paired
}

/// What a sign is to a run of delimiters beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// A letter or digit.
    Word,
    /// White space, or the end of the leaf, or punctuation.
    Border,
    /// A sign of which this does not know whether it is punctuation.
    Unknown,
}

impl Beside {
    fn of(c: Option<char>) -> Self {
        match c {
            None => Self::Border,
            Some(c) if c.is_alphanumeric() => Self::Word,
            Some(c) if c.is_whitespace() || is_punctuation(c) => Self::Border,
            Some(_) => Self::Unknown,
        }
    }
}

/// Punctuation of the blocks that hold next to nothing else.
fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(
            c,
            '\u{2010}'..='\u{2027}'
                | '\u{2030}'..='\u{205E}'
                | '\u{3001}'..='\u{3003}'
                | '\u{3008}'..='\u{3011}'
                | '\u{FF01}'..='\u{FF0F}'
                | '«' | '»' | '¿' | '¡' | '·'
        )
}

/// The next part that shows something, and whether delimiters are skipped to it.
struct Near {
    sign: Option<char>,
    skipped: bool,
}

impl Near {
    fn find<'a>(parts: impl Iterator<Item = &'a Part>, forwards: bool) -> Self {
        let mut skipped = false;
        for part in parts {
            let text = match part {
                Part::Open(_) | Part::Close(_) => {
                    skipped = true;
                    continue;
                }
                Part::Text(text) | Part::Markup(text) => text.as_str(),
                Part::Break => "\n",
                Part::Code(_) => "`",
            };
            let sign = if forwards {
                text.chars().next()
            } else {
                text.chars().next_back()
            };
            return Self { sign, skipped };
        }
        Self {
            sign: None,
            skipped,
        }
    }

    fn beside(&self) -> Beside {
        Beside::of(self.sign)
    }

    fn is_space(&self) -> bool {
        self.sign.is_none_or(char::is_whitespace)
    }
}

/// The marks for what opens at `parts[open]` and is to follow the sign `before`;
/// `None` where they would not be read as marks.
pub(super) fn mark(before: Option<char>, parts: &[Part], open: usize) -> Option<&'static str> {
    let Some(&Part::Open(delimiter)) = parts.get(open) else {
        return None;
    };
    let inside = parts[open + 1..]
        .iter()
        .position(|part| *part == Part::Close(delimiter))?;
    let close = open + 1 + inside;
    let first = Near::find(parts[open + 1..].iter(), true);
    let last = Near::find(parts[..close].iter().rev(), false);
    let after = Near::find(parts[close + 1..].iter(), true);
    let is_plain = |near: &Near| near.beside() == Beside::Word && !near.skipped;
    let opens = is_plain(&first) || Beside::of(before) == Beside::Border;
    let closes = is_plain(&last) || after.beside() == Beside::Border;
    if first.is_space() || last.is_space() || !opens || !closes {
        return None;
    }
    let follows = |sign| before == Some(sign);
    match delimiter {
        Delimiter::Strong => (!follows('*')).then_some("**"),
        Delimiter::Strike => (!follows('~')).then_some("~~"),
        // Beside a run of asterisks one more would be part of it.
        Delimiter::Emphasis if first.skipped || last.skipped || after.skipped || follows('*') => {
            let alone = Beside::of(before) == Beside::Border && after.beside() == Beside::Border;
            (alone && !follows('_')).then_some("_")
        }
        Delimiter::Emphasis => Some("*"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(before: &str, inner: &str, after: &str) -> Option<&'static str> {
        let parts = [
            Part::Open(Delimiter::Strong),
            Part::Text(inner.to_owned()),
            Part::Close(Delimiter::Strong),
            Part::Text(after.to_owned()),
        ];
        mark(before.chars().next_back(), &parts, 0)
    }

    #[test]
    fn marks_are_written_where_they_are_read_as_such() {
        assert_eq!(marks("foo ", "bar", " baz"), Some("**"));
        assert_eq!(marks("foo", "bar", "baz"), Some("**"));
        assert_eq!(marks("foo", "\"bar\"", "baz"), None);
        assert_eq!(marks("foo ", "\"bar\"", "baz"), None);
        assert_eq!(marks("foo ", "\"bar\"", ", baz"), Some("**"));
        assert_eq!(marks("他说", "「好」", "了"), None);
    }

    #[test]
    fn what_touches_and_is_emphasised_alike_is_joined() {
        let text = |text: &str| Part::Text(text.to_owned());
        let (open, close) = (
            Part::Open(Delimiter::Strong),
            Part::Close(Delimiter::Strong),
        );
        let parts = vec![
            open.clone(),
            text("a"),
            close.clone(),
            open.clone(),
            text("b"),
            close.clone(),
        ];
        assert_eq!(paired(parts), [open, text("ab"), close]);
    }
}
