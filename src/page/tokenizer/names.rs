//! Names of tags and attributes, interned.

use html5ever::LocalName;

use super::byte::changes_in_names;

/// Names remembered of each length, short and long.
const KEPT: usize = 256;
/// Bytes of a short name.
const SHORT: usize = 8;

/// Interns names, and remembers them: making an atom copies or hashes its name,
/// and for names that are not HTML's own locks a table.
pub(super) struct Names {
    /// Names of up to eight bytes, with those bytes.
    short: [(u64, Option<LocalName>); KEPT],
    long: [Option<LocalName>; KEPT],
    lowered: String,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            short: [const { (0, None) }; KEPT],
            long: [const { None }; KEPT],
            lowered: String::new(),
        }
    }
}

impl Names {
    /// The name as tags and attributes have it: in lower case, with U+FFFD for
    /// each NUL (§13.2.5.8, §13.2.5.33).
    pub fn intern(&mut self, name: &str) -> LocalName {
        if !name.bytes().any(changes_in_names) {
            return self.atom(name);
        }
        let mut lowered = std::mem::take(&mut self.lowered);
        lowered.clear();
        lowered.extend(name.chars().map(|c| match c {
            '\0' => char::REPLACEMENT_CHARACTER,
            c => c.to_ascii_lowercase(),
        }));
        let atom = self.atom(&lowered);
        self.lowered = lowered;
        atom
    }

    fn atom(&mut self, name: &str) -> LocalName {
        if let Some(word) = short_word(name.as_bytes()) {
            let (known, atom) = &mut self.short[place(word)];
            return match atom {
                Some(atom) if *known == word => atom.clone(),
                _ => {
                    *known = word;
                    atom.insert(LocalName::from(name)).clone()
                }
            };
        }
        let slot = &mut self.long[place(long_word(name.as_bytes()))];
        match slot {
            Some(known) if **known == *name => known.clone(),
            _ => slot.insert(LocalName::from(name)).clone(),
        }
    }
}

/// The bytes of a name of up to eight, none of which is zero: no two names have
/// the same.
fn short_word(name: &[u8]) -> Option<u64> {
    let word = |four: &[u8; 4]| u64::from(u32::from_le_bytes(*four));
    match name.len() {
        0..4 => Some(
            name.iter()
                .rev()
                .fold(0, |word, &byte| word << 8 | u64::from(byte)),
        ),
        // The first four and the last, which overlap.
        length @ 4..=SHORT => {
            let (first, last) = (name.first_chunk()?, name.last_chunk()?);
            Some(word(first) | word(last) << (8 * (length - 4)))
        }
        _ => None,
    }
}

/// The length of a longer name, with its first eight bytes and its last.
fn long_word(name: &[u8]) -> u64 {
    let word = |eight: Option<&[u8; 8]>| eight.map_or(0, |&eight| u64::from_le_bytes(eight));
    word(name.first_chunk()) ^ word(name.last_chunk()).rotate_left(29) ^ name.len() as u64
}

fn place(word: u64) -> usize {
    // Multiplied by 2⁶⁴ over the golden ratio, the highest bits depend on all.
    (word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as usize % KEPT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_lowered_and_remembered() {
        let mut names = Names::default();
        for name in ["A", "BLOCKQUOTE", "data-Some-Thing-Long", "blockquote", "a"] {
            assert_eq!(*names.intern(name), *name.to_ascii_lowercase());
        }
        assert_eq!(&*names.intern("Ä\0é"), "Ä\u{fffd}é");
    }

    #[test]
    fn beginnings_of_a_name_are_names_of_their_own() {
        let mut names = Names::default();
        for _ in 0..2 {
            for length in 0..=20 {
                let name = &"abababababababababab"[..length];
                assert_eq!(*names.intern(name), *name);
            }
        }
    }

    #[test]
    fn names_that_share_a_place_do_not_share_a_name() {
        let mut names = Names::default();
        let same_ends = |middle: &str| format!("data-aaa{middle}aaaaaaaa");
        for middle in ["x", "y", "x", "z"] {
            assert_eq!(*names.intern(&same_ends(middle)), *same_ends(middle));
        }
    }
}
