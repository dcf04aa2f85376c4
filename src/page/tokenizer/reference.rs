//! Character references (HTML Standard §13.2.5.72 to §13.2.5.80).

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// What a reference stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reference {
    /// One character or two.
    pub chars: [Option<char>; 2],
    /// Bytes of the reference after its `&`.
    pub bytes: usize,
}

/// Bytes of the longest name, with its semicolon.
const LONGEST: usize = 32;
/// Bytes of the longest name that needs no semicolon.
const LONGEST_WITHOUT_SEMICOLON: usize = 6;

/// The reference that `after`, the text after an `&`, begins with.
pub(super) fn reference(after: &[u8], in_attribute: bool) -> Option<Reference> {
    match after.first()? {
        b'#' => numeric(after),
        first if first.is_ascii_alphanumeric() => named(after, in_attribute),
        _ => None,
    }
}

/// The named reference of the longest name that matches (§13.2.5.73).
fn named(after: &[u8], in_attribute: bool) -> Option<Reference> {
    let letters = after
        .iter()
        .take(LONGEST)
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .count();
    // A semicolon ends a name, so no other match is longer.
    if after.get(letters) == Some(&b';')
        && let Some(found) = look_up(&after[..=letters])
    {
        return Some(found);
    }
    let longest = letters.min(LONGEST_WITHOUT_SEMICOLON);
    let found = (1..=longest)
        .rev()
        .find_map(|length| look_up(&after[..length]))?;
    // Addresses hold `&copy=1` and mean it, for historical reasons.
    let is_query = after
        .get(found.bytes)
        .is_some_and(|&next| next == b'=' || next.is_ascii_alphanumeric());
    (!(in_attribute && is_query)).then_some(found)
}

fn look_up(name: &[u8]) -> Option<Reference> {
    // The table has the beginnings of names too, which stand for nothing.
    let &(first, second) = NAMED_ENTITIES.get(std::str::from_utf8(name).ok()?)?;
    let char_of = |code: u32| char::from_u32(code).filter(|_| code != 0);
    Some(Reference {
        chars: [Some(char_of(first)?), char_of(second)],
        bytes: name.len(),
    })
}

/// A reference by number (§13.2.5.75 to §13.2.5.80).
fn numeric(after: &[u8]) -> Option<Reference> {
    let (radix, prefix) = match after.get(1) {
        Some(b'x' | b'X') => (16, 2),
        _ => (10, 1),
    };
    let digits = &after[prefix..];
    let mut code = 0_u32;
    let mut length = 0;
    while let Some(digit) = digits
        .get(length)
        .and_then(|&byte| char::from(byte).to_digit(radix))
    {
        code = code.saturating_mul(radix).saturating_add(digit);
        length += 1;
    }
    if length == 0 {
        return None;
    }
    let semicolon = usize::from(digits.get(length) == Some(&b';'));
    Some(Reference {
        chars: [Some(numbered(code)), None],
        bytes: prefix + length + semicolon,
    })
}

/// The character of a number (§13.2.5.80): windows-1252 for C1 controls, U+FFFD
/// for what is no character.
fn numbered(code: u32) -> char {
    let replaced = match code {
        0 => None,
        0x80..=0x9f => C1_REPLACEMENTS[(code - 0x80) as usize].or(char::from_u32(code)),
        _ => char::from_u32(code),
    };
    replaced.unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_longer_than_what_is_looked_at() {
        let names = || NAMED_ENTITIES.entries().filter(|(_, codes)| codes.0 != 0);
        let longest = names().map(|(name, _)| name.len()).max();
        assert_eq!(longest, Some(LONGEST));
        let without = names().filter(|(name, _)| !name.ends_with(';'));
        let longest = without.map(|(name, _)| name.len()).max();
        assert_eq!(longest, Some(LONGEST_WITHOUT_SEMICOLON));
    }

    #[test]
    fn every_name_of_the_table_is_read_whole() {
        for (name, &(first, _)) in NAMED_ENTITIES.entries() {
            if first != 0 {
                let found = reference(name.as_bytes(), false).unwrap();
                assert_eq!(found.bytes, name.len(), "{name}");
                assert_eq!(found.chars[0], char::from_u32(first), "{name}");
            }
        }
    }
}
