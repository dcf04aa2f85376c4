//! [`CorpusCheck`] as an aligned table of plain text.

use std::fmt;

use super::{CheckedCorpus, CorpusCheck, PageIn};
use crate::corpus::named::Named;
use crate::text::printable;

/// Pairs that are told; of more, only the number.
const PAIRS: usize = 20;

impl fmt::Display for CorpusCheck {
    /// Each corpus alone, then how much of each the others hold, then the
    /// closest pairs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, corpus) in self.corpora.iter().enumerate() {
            write_corpus(f, at, corpus)?;
        }
        let doubled: Vec<String> = self
            .doubled_ids
            .iter()
            .map(|doubled| format!("{}:{}", doubled.corpus, doubled.id))
            .collect();
        writeln!(f, "doubled ids {}", Named(doubled.iter()))?;
        writeln!(
            f,
            "\ngold texts that resemble each other by {} or more, by shingles of {} words",
            self.resemblance, self.shingle_words
        )?;
        self.write_shares(f)?;
        let pairs = self.near_duplicates.len();
        writeln!(f, "pairs {pairs}")?;
        for pair in self.near_duplicates.iter().take(PAIRS) {
            let (a, b) = (named(&pair.a), named(&pair.b));
            writeln!(f, "  {:.3}  {a}  {b}", pair.resemblance)?;
        }
        if pairs > PAIRS {
            writeln!(f, "  and {} more", pairs - PAIRS)?;
        }
        Ok(())
    }
}

fn write_corpus(f: &mut fmt::Formatter<'_>, at: usize, corpus: &CheckedCorpus) -> fmt::Result {
    let name = printable(&corpus.name);
    writeln!(f, "[{}] {name}: {} pages", at + 1, corpus.pages)?;
    let unreadable = corpus.unreadable.iter().map(|page| page.id.as_str());
    writeln!(f, "  unreadable                {}", Named(unreadable))?;
    for page in &corpus.unreadable {
        let (id, error) = (printable(&page.id), printable(&page.error));
        writeln!(f, "    {id}: {error}")?;
    }
    for (what, pages) in [
        ("empty gold", &corpus.empty_gold),
        ("under half of gold there", &corpus.foreign_gold),
        ("too short to compare", &corpus.too_short),
    ] {
        writeln!(f, "  {what:<25} {}", Named(pages.iter()))?;
    }
    Ok(())
}

impl CorpusCheck {
    /// A row a corpus: the share of its compared pages that each corpus holds.
    fn write_shares(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heads: Vec<String> = (1..=self.corpora.len())
            .map(|n| format!("in [{n}]"))
            .collect();
        write!(f, "  {:>6} {:>9}", "", "compared")?;
        for head in &heads {
            write!(f, " {head:>8}")?;
        }
        writeln!(f)?;
        for (at, corpus) in self.corpora.iter().enumerate() {
            let name = format!("of [{}]", at + 1);
            write!(f, "  {name:>6} {:>9}", corpus.compared)?;
            for &found in &corpus.found_in {
                let share = 100.0 * found as f64 / corpus.compared.max(1) as f64;
                write!(f, " {:>8}", format!("{share:.1} %"))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

fn named(page: &PageIn) -> String {
    format!("[{}] {}", page.corpus + 1, printable(&page.id))
}

#[cfg(test)]
mod tests {
    use super::super::{DoubledId, NearPages, Unreadable};
    use super::*;

    #[test]
    fn the_table_tells_each_corpus_and_what_they_share() {
        let corpus = |name: &str, found_in: [usize; 2]| CheckedCorpus {
            name: name.to_owned(),
            pages: 9,
            unreadable: vec![Unreadable {
                id: "5".to_owned(),
                error: "gone".to_owned(),
            }],
            empty_gold: vec!["1".to_owned()],
            foreign_gold: Vec::new(),
            too_short: Vec::new(),
            compared: 8,
            found_in: found_in.to_vec(),
        };
        let page = |corpus, id: &str| PageIn {
            corpus,
            id: id.to_owned(),
        };
        let check = CorpusCheck {
            corpora: vec![corpus("train", [2, 1]), corpus("test", [1, 0])],
            doubled_ids: vec![DoubledId {
                corpus: "wcxb".to_owned(),
                id: "7".to_owned(),
                pages: 2,
            }],
            resemblance: 0.5,
            shingle_words: 8,
            near_duplicates: vec![NearPages {
                resemblance: 0.75,
                a: page(0, "3\u{7}"),
                b: page(1, "4"),
            }],
        };
        let alone = "\
\x20 unreadable                1: 5
    5: gone
  empty gold                1: 1
  under half of gold there  0
  too short to compare      0
";
        let expected = format!(
            "\
[1] train: 9 pages
{alone}[2] test: 9 pages
{alone}doubled ids 1: wcxb:7

gold texts that resemble each other by 0.5 or more, by shingles of 8 words
          compared   in [1]   in [2]
  of [1]         8   25.0 %   12.5 %
  of [2]         8   12.5 %    0.0 %
pairs 1
  0.750  [1] 3\u{FFFD}  [2] 4
"
        );
        assert_eq!(check.to_string(), expected);
    }
}
