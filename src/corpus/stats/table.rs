//! [`CorpusStats`] as an aligned table of plain text.

use std::collections::BTreeMap;
use std::fmt;

use super::{CorpusStats, Quantiles, UNKNOWN};
use crate::corpus::named::Named;
use crate::text::printable;

/// Kinds that are told of languages and page types; the rest is summed up.
const KINDS: usize = 12;

/// Heads of the columns of figures.
const HEADS: [&str; 8] = [
    "least", "10 %", "25 %", "median", "75 %", "90 %", "most", "mean",
];

impl fmt::Display for CorpusStats {
    /// A line each for what the corpus is made of, then a table of how words,
    /// blocks and coverage are spread, then the pages that are amiss.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", printable(&self.name))?;
        writeln!(
            f,
            "  pages        {} of {} domains, {} of none, {}",
            self.pages,
            self.domains,
            self.without_domain,
            megabytes(self.bytes)
        )?;
        writeln!(f, "  licence      {}", kinds(&self.licences))?;
        writeln!(f, "  profile      {}", kinds(&self.profiles))?;
        writeln!(f, "  languages    {}", kinds(&self.languages))?;
        if self.page_types.keys().any(|name| name != UNKNOWN) {
            writeln!(f, "  page types   {}", kinds(&self.page_types))?;
        }
        write!(f, "  {:<12}", "")?;
        for head in HEADS {
            write!(f, " {head:>8}")?;
        }
        writeln!(f)?;
        row(f, "gold words", &self.gold_words, 0)?;
        row(f, "blocks", &self.blocks, 0)?;
        row(f, "coverage", &self.coverage, 3)?;
        writeln!(f, "  empty gold   {}", self.empty_gold)?;
        writeln!(
            f,
            "  less than half of its gold on the page  {}",
            Named(self.foreign_gold.iter())
        )?;
        if !self.unreadable.is_empty() {
            writeln!(f, "  unreadable   {}", self.unreadable.len())?;
            for page in &self.unreadable {
                let (id, error) = (printable(&page.id), printable(&page.error));
                writeln!(f, "    {id}: {error}")?;
            }
        }
        Ok(())
    }
}

fn row(f: &mut fmt::Formatter<'_>, name: &str, spread: &Quantiles, digits: usize) -> fmt::Result {
    write!(f, "  {name:<12}")?;
    for figure in [
        spread.least,
        spread.tenth,
        spread.quarter,
        spread.median,
        spread.three_quarters,
        spread.nine_tenths,
        spread.most,
        spread.mean,
    ] {
        if figure.is_nan() {
            write!(f, " {:>8}", "-")?;
        } else {
            write!(f, " {figure:>8.digits$}")?;
        }
    }
    writeln!(f)
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

/// Kinds by how many pages are of them, most first.
fn kinds(counts: &BTreeMap<String, usize>) -> String {
    if let (1, Some(only)) = (counts.len(), counts.keys().next()) {
        return printable(only);
    }
    let mut kinds: Vec<_> = counts.iter().collect();
    kinds.sort_by_key(|&(_, &pages)| std::cmp::Reverse(pages));
    let mut told: Vec<String> = kinds
        .iter()
        .take(KINDS)
        .map(|(name, pages)| format!("{} {pages}", printable(name)))
        .collect();
    if kinds.len() > KINDS {
        let rest: usize = kinds[KINDS..].iter().map(|&(_, &pages)| pages).sum();
        told.push(format!("{} others {rest}", kinds.len() - KINDS));
    }
    told.join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::Unreadable;
    use super::*;

    #[test]
    fn the_table_is_aligned_and_names_what_is_amiss() {
        let counts = |pairs: &[(&str, usize)]| {
            let own = pairs.iter().map(|&(name, n)| (name.to_owned(), n));
            own.collect::<BTreeMap<_, _>>()
        };
        let stats = CorpusStats {
            name: "wcxb:corpora/\u{1b}wcxb".to_owned(),
            pages: 3,
            bytes: 1_250_000,
            domains: 2,
            without_domain: 0,
            licences: counts(&[("MIT", 3)]),
            profiles: counts(&[("article", 3)]),
            languages: counts(&[("de", 1), ("en", 2)]),
            page_types: counts(&[(UNKNOWN, 3)]),
            empty_gold: 1,
            gold_words: [100.0, 1_200.0].into_iter().collect(),
            blocks: [10.0, 20.0].into_iter().collect(),
            coverage: [0.25, 1.0].into_iter().collect(),
            foreign_gold: vec!["7".to_owned()],
            unreadable: vec![Unreadable {
                id: "8".to_owned(),
                error: "gone".to_owned(),
            }],
        };
        let expected = "\
wcxb:corpora/\u{FFFD}wcxb
  pages        3 of 2 domains, 0 of none, 1.2 MB
  licence      MIT
  profile      article
  languages    en 2, de 1
                  least     10 %     25 %   median     75 %     90 %     most     mean
  gold words        100      210      375      650      925     1090     1200      650
  blocks             10       11       12       15       18       19       20       15
  coverage        0.250    0.325    0.438    0.625    0.812    0.925    1.000    0.625
  empty gold   1
  less than half of its gold on the page  1: 7
  unreadable   1
    8: gone
";
        assert_eq!(stats.to_string(), expected);
    }

    #[test]
    fn of_many_kinds_the_rare_ones_are_summed_up() {
        let counts: BTreeMap<_, _> = (0..15).map(|n| (format!("k{n:02}"), 20 - n)).collect();
        let told = kinds(&counts);
        assert!(told.starts_with("k00 20, k01 19"), "{told}");
        assert!(told.ends_with("k11 9, 3 others 21"), "{told}");
    }
}
