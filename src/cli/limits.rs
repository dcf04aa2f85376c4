//! The bounds of a page, by their names.

use std::str::FromStr;

use crate::page::Limits;

/// `NAME=N`: a bound that is other than the default.
#[derive(Debug, Clone)]
pub(super) struct Limit {
    name: &'static str,
    bound: usize,
}

type Bound = fn(&mut Limits) -> &mut usize;

/// The bounds that the command line sets; `--max-bytes` is that of bytes.
const BOUNDS: [(&str, Bound); 7] = [
    ("depth", |limits| &mut limits.depth),
    ("elements", |limits| &mut limits.elements),
    ("nodes", |limits| &mut limits.nodes),
    ("attributes", |limits| &mut limits.attributes),
    ("formatting", |limits| &mut limits.formatting),
    ("blocks", |limits| &mut limits.blocks),
    ("output", |limits| &mut limits.output),
];

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (wanted, bound) = text
            .split_once('=')
            .ok_or_else(|| "a name and a number are wanted: depth=512".to_owned())?;
        let (name, _) = BOUNDS
            .iter()
            .find(|(name, _)| *name == wanted)
            .ok_or_else(|| {
                let names = BOUNDS.map(|(name, _)| name).join(", ");
                format!("no limit is called `{wanted}`: there are {names}")
            })?;
        let bound = bound.parse().ok().filter(|&bound| bound > 0);
        let bound = bound.ok_or_else(|| format!("{name}: a number from 1 up is wanted"))?;
        Ok(Self { name, bound })
    }
}

/// The default limits but for these.
pub(super) fn limits(given: &[Limit]) -> Limits {
    let mut limits = Limits::default();
    for Limit { name, bound } in given {
        for (_, field) in BOUNDS.iter().filter(|(of, _)| of == name) {
            *field(&mut limits) = *bound;
        }
    }
    limits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_set_by_their_names() {
        let given: Vec<Limit> = ["depth=40", "output=7", "depth=41"]
            .map(|limit| limit.parse().unwrap())
            .into();
        let mut expected = Limits::default();
        (expected.depth, expected.output) = (41, 7);
        assert_eq!(limits(&given), expected);
    }

    #[test]
    fn wrong_limits_are_refused_with_what_is_wanted() {
        for (text, said) in [
            ("depth", "depth=512"),
            ("deep=3", "depth, elements"),
            ("depth=0", "from 1 up"),
            ("depth=-1", "from 1 up"),
        ] {
            let error = text.parse::<Limit>().unwrap_err();
            assert!(error.contains(said), "{error}");
        }
    }
}
