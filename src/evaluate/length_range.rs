//! Words of a page's gold text → which pages it is summed up with.

use std::fmt;

use serde::{Serialize, Serializer};

/// Pages of about one length, by the words of their gold text. Ordered from
/// short to long, and serialised by name. The bounds are round numbers about half a decade apart: short
/// posts and notices, news, long reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LengthRange {
    /// No words: the right answer is nothing.
    Empty,
    /// 1 to 99 words.
    Under100,
    /// 100 to 299 words.
    From100,
    /// 300 to 999 words.
    From300,
    /// 1,000 to 2,999 words.
    From1000,
    /// 3,000 words and more.
    From3000,
}

impl LengthRange {
    /// The range of a gold text of so many words.
    ///
    /// ```
    /// use dehusk::evaluate::LengthRange;
    ///
    /// assert_eq!(LengthRange::of(250).to_string(), "100–299 words");
    /// ```
    pub fn of(words: usize) -> Self {
        match words {
            0 => Self::Empty,
            1..100 => Self::Under100,
            100..300 => Self::From100,
            300..1_000 => Self::From300,
            1_000..3_000 => Self::From1000,
            _ => Self::From3000,
        }
    }
}

impl fmt::Display for LengthRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Empty => "no words",
            Self::Under100 => "under 100 words",
            Self::From100 => "100–299 words",
            Self::From300 => "300–999 words",
            Self::From1000 => "1000–2999 words",
            Self::From3000 => "from 3000 words",
        })
    }
}

impl Serialize for LengthRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_begin_at_their_first_number_and_rise() {
        let bounds = [
            0,
            1,
            99,
            100,
            299,
            300,
            999,
            1_000,
            2_999,
            3_000,
            usize::MAX,
        ];
        let names: Vec<String> = bounds
            .iter()
            .map(|&words| LengthRange::of(words).to_string())
            .collect();
        let expected = [
            "no words",
            "under 100 words",
            "under 100 words",
            "100–299 words",
            "100–299 words",
            "300–999 words",
            "300–999 words",
            "1000–2999 words",
            "1000–2999 words",
            "from 3000 words",
            "from 3000 words",
        ];
        assert_eq!(names, expected);
        assert!(bounds.map(LengthRange::of).is_sorted());
    }
}
