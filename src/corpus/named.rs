//! Pages named in a table: some of many, and without what steers a terminal.

use std::fmt;

use crate::text::printable;

/// Pages that are named; of more, only the number is told.
const NAMED: usize = 10;

/// How many pages there are, and the names of the first.
pub(super) struct Named<I>(pub I);

impl<S: AsRef<str>, I: ExactSizeIterator<Item = S> + Clone> fmt::Display for Named<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.0.len();
        write!(f, "{all}")?;
        for (at, name) in self.0.clone().take(NAMED).enumerate() {
            let before = if at == 0 { ": " } else { ", " };
            write!(f, "{before}{}", printable(name.as_ref()))?;
        }
        if all > NAMED {
            write!(f, " and {} more", all - NAMED)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_are_named_and_the_rest_counted() {
        assert_eq!(Named(["a", "b\n"].iter()).to_string(), "2: a, b\u{FFFD}");
        assert_eq!(Named([""; 0].iter()).to_string(), "0");
        let many: Vec<String> = (0..12).map(|n| n.to_string()).collect();
        assert!(Named(many.iter()).to_string().ends_with("8, 9 and 2 more"));
    }
}
