//! Corpora → what is amiss in them, alone and beside each other.

mod table;

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    CorpusError, LEAST_COVERAGE, LabelledPage, NearDuplicates, SHINGLE_WORDS, Unreadable, survey,
};
use crate::text::count_words;

/// A kind of problem that labelled pages may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// The page cannot be read.
    Unreadable,
    /// The gold text has no words. Right where a page has no content, and a slip
    /// elsewhere.
    EmptyGold,
    /// Several pages of corpora of one name have one id, so that predictions for them
    /// cannot be told apart.
    DoubledId,
    /// The page holds less than half of its gold text.
    ForeignGold,
    /// Two gold texts are nearly the same: within a corpus a page counts twice,
    /// between training and test pages a model is asked what it was told.
    NearDuplicate,
}

impl Problem {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Unreadable,
        Self::EmptyGold,
        Self::DoubledId,
        Self::ForeignGold,
        Self::NearDuplicate,
    ];
}

/// What is amiss in corpora. Displayed it is a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CorpusCheck {
    /// Each corpus alone, in the order given.
    pub corpora: Vec<CheckedCorpus>,
    /// Ids that several pages of corpora of one name have.
    pub doubled_ids: Vec<DoubledId>,
    /// Resemblance from which on two gold texts count as near-duplicates.
    pub resemblance: f64,
    /// Words in a shingle.
    pub shingle_words: usize,
    /// The near-duplicates, within and between corpora, closest first. Of many
    /// copies the first is paired with each of the others.
    pub near_duplicates: Vec<NearPages>,
}

/// What is amiss in a corpus alone, and how much of it others hold too.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckedCorpus {
    /// What it is called.
    pub name: String,
    /// Pages.
    pub pages: usize,
    /// Pages that cannot be read, and why.
    pub unreadable: Vec<Unreadable>,
    /// Pages whose gold text has no words.
    pub empty_gold: Vec<String>,
    /// Pages that hold less than half of their gold text.
    pub foreign_gold: Vec<String>,
    /// Pages whose gold text has words, but fewer than a shingle: they are
    /// compared with no other.
    pub too_short: Vec<String>,
    /// Pages whose gold text was compared.
    pub compared: usize,
    /// For each corpus, in their order, how many of the compared pages have a
    /// near-duplicate in it; for the corpus itself, another page of it.
    pub found_in: Vec<usize>,
}

/// An id that several pages have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DoubledId {
    /// Name of the pages' corpus: [`LabelledPage::corpus`].
    pub corpus: String,
    /// The id.
    pub id: String,
    /// How many pages have it.
    pub pages: usize,
}

/// Two pages whose gold texts are nearly the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NearPages {
    /// Share of the shingles that both have.
    pub resemblance: f64,
    /// One page.
    pub a: PageIn,
    /// The other.
    pub b: PageIn,
}

/// A page of one of several corpora.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PageIn {
    /// The corpus's place among those given, from 0.
    pub corpus: usize,
    /// The page.
    pub id: String,
}

impl CorpusCheck {
    /// Reads all pages of corpora, given as what they are called and their
    /// pages, and compares their gold texts; `each` is told of every page done,
    /// for progress.
    ///
    /// ```
    /// use dehusk::corpus::{CorpusCheck, Format, LabelledPage, PageSource, Problem, RESEMBLANCE};
    ///
    /// let page = |id| {
    ///     let text = "The old bridge reopened on Monday after eleven weeks.";
    ///     LabelledPage::new(id, Format::Wcxb, PageSource::Inline(text.into()), text)
    /// };
    /// let corpora = [("train", vec![page("1"), page("2")]), ("test", vec![page("3")])];
    /// let check = CorpusCheck::run(&corpora, RESEMBLANCE, || {})?;
    /// assert_eq!(check.corpora[1].found_in, [1, 0]);
    /// assert_eq!(check.problems(), [Problem::NearDuplicate]);
    /// # Ok::<(), dehusk::corpus::CorpusError>(())
    /// ```
    ///
    /// # Errors
    /// When near-duplicates cannot be sought by that resemblance.
    pub fn run<S: AsRef<str>>(
        corpora: &[(S, Vec<LabelledPage>)],
        resemblance: f64,
        each: impl Fn() + Sync,
    ) -> Result<Self, CorpusError> {
        let all: Vec<(usize, &LabelledPage)> = corpora
            .iter()
            .enumerate()
            .flat_map(|(at, (_, pages))| pages.iter().map(move |page| (at, page)))
            .collect();
        let texts: Vec<&str> = all.iter().map(|(_, page)| page.text.as_str()).collect();
        let near = NearDuplicates::among(&texts, resemblance)?;
        let corpus_of: Vec<usize> = all.iter().map(|&(at, _)| at).collect();
        let found_in = near.found_in(&corpus_of, corpora.len());
        let mut too_short = vec![Vec::new(); corpora.len()];
        for &index in &near.too_short {
            let (at, page) = all[index];
            too_short[at].push(page);
        }
        let corpora = corpora
            .iter()
            .zip(found_in)
            .zip(too_short)
            .map(|(((name, pages), found_in), short)| {
                checked(name.as_ref(), pages, found_in, &short, &each)
            })
            .collect();
        let page_in = |index: usize| PageIn {
            corpus: all[index].0,
            id: all[index].1.id.clone(),
        };
        let mut near_duplicates: Vec<NearPages> = near
            .pairs
            .iter()
            .map(|pair| NearPages {
                resemblance: pair.resemblance,
                a: page_in(pair.a),
                b: page_in(pair.b),
            })
            .collect();
        near_duplicates.sort_by(|one, other| other.resemblance.total_cmp(&one.resemblance));
        Ok(Self {
            corpora,
            doubled_ids: doubled(all.iter().map(|&(_, page)| page)),
            resemblance,
            shingle_words: SHINGLE_WORDS,
            near_duplicates,
        })
    }

    /// The kinds of problems that there are, in the order of [`Problem::ALL`].
    pub fn problems(&self) -> Vec<Problem> {
        let any = |of: fn(&CheckedCorpus) -> bool| self.corpora.iter().any(of);
        Problem::ALL
            .into_iter()
            .filter(|problem| match problem {
                Problem::Unreadable => any(|corpus| !corpus.unreadable.is_empty()),
                Problem::EmptyGold => any(|corpus| !corpus.empty_gold.is_empty()),
                Problem::DoubledId => !self.doubled_ids.is_empty(),
                Problem::ForeignGold => any(|corpus| !corpus.foreign_gold.is_empty()),
                Problem::NearDuplicate => !self.near_duplicates.is_empty(),
            })
            .collect()
    }
}

fn checked(
    name: &str,
    pages: &[LabelledPage],
    found_in: Vec<usize>,
    short: &[&LabelledPage],
    each: &(impl Fn() + Sync),
) -> CheckedCorpus {
    let mut corpus = CheckedCorpus {
        name: name.to_owned(),
        pages: pages.len(),
        unreadable: Vec::new(),
        empty_gold: Vec::new(),
        foreign_gold: Vec::new(),
        too_short: Vec::new(),
        compared: pages.len() - short.len(),
        found_in,
    };
    for page in short {
        let named = if count_words(&page.text) == 0 {
            &mut corpus.empty_gold
        } else {
            &mut corpus.too_short
        };
        named.push(page.id.clone());
    }
    for (page, surveyed) in pages.iter().zip(survey(pages, each)) {
        match surveyed {
            Ok(found) if found.coverage < LEAST_COVERAGE => {
                corpus.foreign_gold.push(page.id.clone());
            }
            Ok(_) => {}
            Err(error) => corpus.unreadable.push(Unreadable {
                id: page.id.clone(),
                error: error.to_string(),
            }),
        }
    }
    corpus
}

fn doubled<'a>(pages: impl Iterator<Item = &'a LabelledPage>) -> Vec<DoubledId> {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for page in pages {
        *counts.entry((&page.corpus, &page.id)).or_default() += 1;
    }
    counts
        .into_iter()
        .filter(|&(_, pages)| pages > 1)
        .map(|((corpus, id), pages)| DoubledId {
            corpus: corpus.to_owned(),
            id: id.to_owned(),
            pages,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Format, PageSource};
    use super::*;

    const BRIDGE: &str = "The old bridge over the river reopened on Monday after eleven weeks.";

    fn page(id: &str, html: &str, text: &str) -> LabelledPage {
        let source = PageSource::Inline(html.as_bytes().to_vec());
        LabelledPage::new(id, Format::Wcxb, source, text)
    }

    #[test]
    fn sound_corpora_have_no_problems() {
        let bread = "A recipe for bread needs flour, water, salt and a night of patience.";
        let corpora = [
            ("a", vec![page("1", BRIDGE, BRIDGE)]),
            (
                "b",
                vec![page("2", bread, bread), page("3", "<p>Tea", "Tea")],
            ),
        ];
        let check = CorpusCheck::run(&corpora, 0.5, || {}).unwrap();
        assert!(check.problems().is_empty(), "{check:?}");
        assert_eq!(check.corpora[1].too_short, ["3"]);
        assert_eq!(check.corpora[1].compared, 1);
    }

    #[test]
    fn each_kind_of_problem_is_found_with_its_page() {
        let gone = LabelledPage::new("5", Format::Wcxb, PageSource::File("no".into()), "Tea");
        let corpora = [
            (
                "a",
                vec![page("1", BRIDGE, BRIDGE), page("2", BRIDGE, "--")],
            ),
            (
                "b",
                vec![
                    page("1", BRIDGE, BRIDGE),
                    page("4", "<p>Home", "Another page altogether"),
                    gone,
                ],
            ),
        ];
        let check = CorpusCheck::run(&corpora, 0.5, || {}).unwrap();
        assert_eq!(check.problems(), Problem::ALL);
        let [a, b] = &check.corpora[..] else { panic!() };
        assert_eq!((&a.empty_gold[0], a.found_in[1]), (&"2".to_owned(), 1));
        assert_eq!(
            (&b.foreign_gold[0], &b.unreadable[0].id),
            (&"4".into(), &"5".into())
        );
        assert_eq!((b.found_in[0], b.found_in[1]), (1, 0));
        assert_eq!(
            (&*check.doubled_ids[0].id, check.doubled_ids[0].pages),
            ("1", 2)
        );
        let pair = &check.near_duplicates[0];
        assert_eq!(
            (pair.a.corpus, pair.b.corpus, pair.resemblance),
            (0, 1, 1.0)
        );
    }
}
