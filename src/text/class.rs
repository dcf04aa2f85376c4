//! What kinds of character there are, looked up.
//!
//! The standard library searches its tables for each character beyond ASCII, and
//! takes as long as a short word does. Here 256 neighbouring characters are asked
//! of it when the first of them is met, and looked up from then on.

use std::sync::OnceLock;

const ALPHABETIC: u8 = 1;
const NUMERIC: u8 = 1 << 1;
const UPPERCASE: u8 = 1 << 2;

/// Characters that are asked for together.
const TOGETHER: usize = 256;

/// The kinds of the characters of the Basic Multilingual Plane.
static KINDS: [OnceLock<[u8; TOGETHER]>; 0x1_0000 / TOGETHER] =
    [const { OnceLock::new() }; 0x1_0000 / TOGETHER];

#[inline]
fn kinds(c: char) -> u8 {
    let at = c as usize;
    match KINDS.get(at / TOGETHER) {
        Some(kinds) => kinds.get_or_init(|| neighbours(at / TOGETHER))[at % TOGETHER],
        None => asked(c),
    }
}

#[cold]
fn neighbours(row: usize) -> [u8; TOGETHER] {
    std::array::from_fn(|column| {
        let c = u32::try_from(row * TOGETHER + column).ok();
        c.and_then(char::from_u32).map_or(0, asked)
    })
}

fn asked(c: char) -> u8 {
    let kind = |is: bool, kind| if is { kind } else { 0 };
    kind(c.is_alphabetic(), ALPHABETIC)
        | kind(c.is_numeric(), NUMERIC)
        | kind(c.is_uppercase(), UPPERCASE)
}

/// [`char::is_alphanumeric`].
#[inline]
pub(crate) fn is_alphanumeric(c: char) -> bool {
    kinds(c) & (ALPHABETIC | NUMERIC) != 0
}

/// [`char::is_alphabetic`].
#[inline]
pub(crate) fn is_alphabetic(c: char) -> bool {
    kinds(c) & ALPHABETIC != 0
}

/// [`char::is_numeric`].
#[inline]
pub(crate) fn is_numeric(c: char) -> bool {
    kinds(c) & NUMERIC != 0
}

/// [`char::is_uppercase`].
#[inline]
pub(crate) fn is_uppercase(c: char) -> bool {
    kinds(c) & UPPERCASE != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_of_the_kinds_that_the_standard_library_says() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_alphanumeric(c), c.is_alphanumeric(), "{c:?}");
            assert_eq!(is_alphabetic(c), c.is_alphabetic(), "{c:?}");
            assert_eq!(is_numeric(c), c.is_numeric(), "{c:?}");
            assert_eq!(is_uppercase(c), c.is_uppercase(), "{c:?}");
        }
    }
}
