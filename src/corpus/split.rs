//! Labelled pages → parts that have no sites in common, nor texts that are
//! nearly the same: but for a borderline pair in a thousand, which
//! [`NearDuplicates`] misses, and texts too short to compare.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::str::FromStr;

use petgraph::unionfind::UnionFind;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{CorpusError, LabelledPage, NearDuplicates, alone};

/// The parts of a split, with the share of the pages that each is to have.
///
/// ```
/// use dehusk::corpus::Parts;
///
/// let parts: Parts = "train=8,dev=1,test=1".parse()?;
/// assert_eq!(parts.names().collect::<Vec<_>>(), ["train", "dev", "test"]);
/// # Ok::<(), dehusk::corpus::CorpusError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts(Vec<(String, u32)>);

impl Parts {
    /// The parts' names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

impl FromStr for Parts {
    type Err = CorpusError;

    /// Reads `NAME=SHARE,NAME=SHARE …`: names of letters, digits, `-` and `_`,
    /// each once; shares whole numbers over 0.
    fn from_str(given: &str) -> Result<Self, CorpusError> {
        let wrong = |problem: String| CorpusError::Parts {
            given: given.to_owned(),
            problem,
        };
        let mut parts: Vec<(String, u32)> = Vec::new();
        for part in given.split(',') {
            let (name, share) = part
                .split_once('=')
                .ok_or_else(|| wrong(format!("{part:?} is not NAME=SHARE")))?;
            let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
            if name.is_empty() || !name.chars().all(letters) {
                return Err(wrong(format!(
                    "the name {name:?} is not of letters, digits, - and _"
                )));
            }
            if parts.iter().any(|(other, _)| other == name) {
                return Err(wrong(format!("the name {name:?} stands there twice")));
            }
            match share.parse() {
                Ok(share) if share > 0 => parts.push((name.to_owned(), share)),
                _ => {
                    return Err(wrong(format!(
                        "the share {share:?} is no whole number over 0"
                    )));
                }
            }
        }
        if parts.len() < 2 {
            return Err(wrong("there are not two parts".to_owned()));
        }
        Ok(Self(parts))
    }
}

/// Sets of more pages than this share of what the smallest part is due are
/// placed first: put last, they could leave a part far from its share.
const LARGE: f64 = 0.1;

/// Pages in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// For each page the index of its part.
    pub part_of: Vec<usize>,
    /// Sites that were kept together with another for pages of theirs that are
    /// near-duplicates.
    pub joined_sites: usize,
}

/// Splits pages so that each part gets about its share of them, pages of one
/// group ([`LabelledPage::group`]) come into one part, and so do pages whose
/// gold texts resemble each other by `resemblance` or more (see
/// [`NearDuplicates`], which misses a borderline pair in a thousand; texts too
/// short to compare go by their group alone).
/// The same pages, parts and `seed` give the same split on every machine.
///
/// Sets of pages that must stay together and are large beside the smallest part
/// go first, the largest before the others, each to the part that misses most
/// pages. The others, shuffled by `seed`, go to the part that misses most of its
/// share, so that large and small sites are in every part.
///
/// # Errors
/// When near-duplicates cannot be sought by that resemblance, or there are
/// fewer such sets than parts, or so large ones that a part gets no page.
pub fn split(
    pages: &[LabelledPage],
    parts: &Parts,
    resemblance: f64,
    seed: u64,
) -> Result<Split, CorpusError> {
    let texts: Vec<&str> = pages.iter().map(|page| page.text.as_str()).collect();
    let near = NearDuplicates::among(&texts, resemblance)?;
    let mut together = UnionFind::new(pages.len());
    let mut first_of: HashMap<(&str, &str), usize> = HashMap::new();
    for (index, (page, alone)) in pages.iter().zip(alone(pages)).enumerate() {
        // A group that is but a page's id says nothing about other corpora.
        let corpus = if alone { page.corpus.as_str() } else { "" };
        let first = *first_of.entry((corpus, &page.group)).or_insert(index);
        together.union(first, index);
    }
    let mut joined_sites = 0;
    for pair in &near.pairs {
        joined_sites += usize::from(together.union(pair.a, pair.b));
    }
    let set_of = together.into_labeling();
    let mut sizes = vec![0_usize; pages.len()];
    for &set in &set_of {
        sizes[set] += 1;
    }
    let part_of_set = fill(&sizes, parts, seed);
    let part_of: Vec<usize> = set_of.iter().map(|&set| part_of_set[set]).collect();
    for (part, name) in parts.names().enumerate() {
        if !part_of.contains(&part) {
            return Err(CorpusError::EmptyPart {
                part: name.to_owned(),
                sets: sizes.iter().filter(|&&size| size > 0).count(),
            });
        }
    }
    Ok(Split {
        part_of,
        joined_sites,
    })
}

/// The part of each set, by how many pages a set has.
fn fill(sizes: &[usize], parts: &Parts, seed: u64) -> Vec<usize> {
    let pages: usize = sizes.iter().sum();
    let shares: u64 = parts.0.iter().map(|&(_, share)| u64::from(share)).sum();
    let due: Vec<f64> = parts
        .0
        .iter()
        .map(|&(_, share)| pages as f64 * f64::from(share) / shares as f64)
        .collect();
    let large = LARGE * due.iter().copied().fold(f64::INFINITY, f64::min);
    let is_large = |set: usize| sizes[set] as f64 > large;

    let mut order: Vec<usize> = (0..sizes.len()).filter(|&set| sizes[set] > 0).collect();
    order.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(seed));
    order.sort_by_key(|&set| Reverse(if is_large(set) { sizes[set] } else { 0 }));
    let mut missing = due.clone();
    let mut part_of = vec![0; sizes.len()];
    for set in order {
        let misses = |part: usize| {
            if is_large(set) {
                missing[part]
            } else {
                missing[part] / due[part]
            }
        };
        let part = (0..missing.len())
            .rev()
            .max_by(|&one, &other| misses(one).total_cmp(&misses(other)))
            .unwrap_or(0);
        missing[part] -= sizes[set] as f64;
        part_of[set] = part;
    }
    part_of
}

#[cfg(test)]
mod tests {
    use super::super::{Format, PageSource, RESEMBLANCE};
    use super::*;
    use proptest::prelude::*;

    fn page(id: usize, site: usize, text: &str) -> LabelledPage {
        let source = PageSource::Inline(Vec::new());
        LabelledPage::new(id.to_string(), Format::Wcxb, source, text)
            .at(format!("https://s{site}.com/{id}"))
    }

    /// A text of ten words of its own.
    fn text(n: usize) -> String {
        (0..10).map(|word| format!("t{n}w{word} ")).collect()
    }

    fn parts(given: &str) -> Parts {
        given.parse().unwrap()
    }

    #[test]
    fn parts_that_cannot_be_read_say_why() {
        for (given, problem) in [
            ("train", "not NAME=SHARE"),
            ("train=1", "not two parts"),
            ("train=1,train=2", "twice"),
            ("train=1,test=0", "\"0\" is no whole number"),
            ("train=1,../test=2", "letters, digits"),
            ("train=1,=2", "letters, digits"),
        ] {
            let message = given.parse::<Parts>().unwrap_err().to_string();
            assert!(message.contains(problem), "{message}");
        }
    }

    #[test]
    fn parts_get_their_shares() {
        let pages: Vec<_> = (0..100).map(|n| page(n, n, &text(n))).collect();
        let parts = parts("train=8,dev=1,test=1");
        let split = split(&pages, &parts, RESEMBLANCE, 1).unwrap();
        let count = |part| split.part_of.iter().filter(|&&p| p == part).count();
        assert_eq!((count(0), count(1), count(2)), (80, 10, 10));
        assert_eq!(split.joined_sites, 0);
    }

    #[test]
    fn large_and_small_sites_are_in_every_part() {
        // 300 pages: 100 sites of one, 40 of five.
        let pages: Vec<_> = (0..300)
            .map(|n| page(n, if n < 100 { n } else { 100 + n % 40 }, &text(n)))
            .collect();
        let split = split(&pages, &parts("train=4,test=1"), RESEMBLANCE, 1).unwrap();
        let of = |part| {
            let part_of = &split.part_of;
            (0..300).filter(move |&n| part_of[n] == part)
        };
        assert!(of(1).count().abs_diff(60) < 5);
        let small = of(1).filter(|&n| n < 100).count();
        assert!((10..=35).contains(&small), "{small}");
    }

    #[test]
    fn near_duplicates_of_different_sites_stay_in_one_part() {
        // Sites 0 to 9 have a text in common, each beside one of its own.
        let pages: Vec<_> = (0..40)
            .map(|n| {
                let own = if n < 10 { text(1_000) } else { text(n) };
                page(n, n % 20, &own)
            })
            .collect();
        for seed in 0..5 {
            let split = split(&pages, &parts("a=1,b=1"), RESEMBLANCE, seed).unwrap();
            for n in 0..10 {
                assert_eq!(split.part_of[n], split.part_of[0]);
                assert_eq!(split.part_of[n + 20], split.part_of[0]);
            }
            assert_eq!(split.joined_sites, 9);
        }
    }

    #[test]
    fn a_part_without_pages_is_an_error() {
        let pages: Vec<_> = (0..10).map(|n| page(n, n / 5, &text(n))).collect();
        let error = split(&pages, &parts("a=1,b=1,c=1"), RESEMBLANCE, 1).unwrap_err();
        let message = error.to_string();
        assert!(
            message.contains("2 sets") && message.contains('c'),
            "{message}"
        );
        assert!(split(&[], &parts("a=1,b=1"), RESEMBLANCE, 1).is_err());
    }

    #[test]
    fn ids_that_corpora_have_in_common_do_not_join_their_pages() {
        let mut pages = Vec::new();
        for n in 0..10 {
            for format in [Format::Chinese, Format::Cleaneval] {
                let source = PageSource::Inline(Vec::new());
                let text = text(pages.len());
                pages.push(LabelledPage::new(n.to_string(), format, source, text));
            }
        }
        let apart = (0..20).any(|seed| {
            let split = split(&pages, &parts("a=1,b=1"), RESEMBLANCE, seed).unwrap();
            split.part_of[0] != split.part_of[1]
        });
        assert!(apart);
    }

    #[test]
    fn a_site_named_like_one_of_its_pages_is_not_parted() {
        let pages: Vec<_> = (0..40)
            .map(|n| {
                let source = PageSource::Inline(Vec::new());
                let id = if n % 2 == 0 {
                    format!("s{n}")
                } else {
                    n.to_string()
                };
                let mut page = LabelledPage::new(id, Format::Wcxb, source, text(n));
                page.group = format!("s{}", n - n % 2);
                page
            })
            .collect();
        for seed in 0..5 {
            let split = split(&pages, &parts("a=1,b=1"), RESEMBLANCE, seed).unwrap();
            for n in (0..40).step_by(2) {
                assert_eq!(split.part_of[n], split.part_of[n + 1]);
            }
        }
    }

    proptest! {
        #[test]
        fn sites_stay_whole_and_the_seed_decides(
            sites in proptest::collection::vec(0_usize..12, 1..60), seed: u64
        ) {
            let pages: Vec<_> = sites
                .iter()
                .enumerate()
                .map(|(n, &site)| page(n, site, &text(n)))
                .collect();
            let parts = parts("a=3,b=1");
            let Ok(found) = split(&pages, &parts, RESEMBLANCE, seed) else { return Ok(()) };
            prop_assert_eq!(&found, &split(&pages, &parts, RESEMBLANCE, seed).unwrap());
            for (one, site) in sites.iter().enumerate() {
                for (other, same) in sites.iter().enumerate() {
                    prop_assert!(site != same || found.part_of[one] == found.part_of[other]);
                }
            }
        }
    }
}
