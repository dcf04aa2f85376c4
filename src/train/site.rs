//! What other pages of a site say, learned on top of what a model says of pages
//! that it has not seen.

use rayon::prelude::*;

use super::{CrossValidation, PreparedPage};
use crate::corpus::{LabelledPage, alone};
use crate::model::Provenance;
use crate::page::InputKind;
use crate::site::{Evidence, Sample, SiteIndex, SiteModel, SitePage, unless_a_copy};

/// For labelled pages what the other pages of their sites say of their blocks.
/// Sites are the groups that corpora are split by
/// ([`LabelledPage::group`]).
#[derive(Debug, Clone)]
pub struct SiteEvidence {
    of_pages: Vec<Option<Vec<Option<Evidence>>>>,
    sites: usize,
}

impl SiteEvidence {
    /// Counts all pages, and asks of each what the others say.
    pub fn of(pages: &[PreparedPage]) -> Self {
        let labelled: Vec<&LabelledPage> = pages.iter().map(|page| &page.labelled).collect();
        let site_pages: Vec<SitePage> = (pages.par_iter())
            .zip(alone(&labelled))
            .map(|(page, alone)| match alone {
                true => SitePage::default(),
                false => SitePage::at(&page.labelled.group, &page.blocks),
            })
            .collect();
        let index = (site_pages.par_iter())
            .fold(SiteIndex::default, |mut index, page| {
                index.add(page);
                index
            })
            .reduce(SiteIndex::default, |mut one, other| {
                one.merge(other);
                one
            });
        let of_pages: Vec<_> = (site_pages.par_iter())
            .map(|page| index.evidence(page))
            .collect();
        let mut sites: Vec<&str> = (pages.iter().zip(&of_pages))
            .filter(|(_, evidence)| evidence.is_some())
            .map(|(page, _)| page.labelled.group.as_str())
            .collect();
        sites.sort_unstable();
        sites.dedup();
        let sites = sites.len();
        Self { of_pages, sites }
    }

    /// Sites of which there are several pages.
    pub fn sites(&self) -> usize {
        self.sites
    }

    /// For each page whether there are others of its site.
    pub fn has_others(&self) -> impl Iterator<Item = bool> {
        self.of_pages.iter().map(Option::is_some)
    }

    /// Fits to what models say of pages that they have not seen. Each page
    /// weighs 1, and within it a block by the square root of its words.
    pub fn fit(
        &self,
        pages: &[PreparedPage],
        validation: &CrossValidation,
        input: InputKind,
        provenance: Provenance,
    ) -> SiteModel {
        self.fit_without(None, pages, validation, input, provenance)
    }

    /// The same without a fold.
    fn fit_without(
        &self,
        fold: Option<usize>,
        pages: &[PreparedPage],
        validation: &CrossValidation,
        input: InputKind,
        provenance: Provenance,
    ) -> SiteModel {
        let samples = (pages.iter().zip(&self.of_pages).enumerate())
            .filter(|&(i, (page, _))| fold != Some(validation.folds[i]) && page.teaches())
            .filter_map(|(i, (page, evidence))| {
                let probabilities = &validation.probabilities[i];
                let evidence = evidence.as_ref()?;
                let evidence = unless_a_copy(probabilities, &page.words, evidence)?;
                Some((page, probabilities, evidence))
            })
            .flat_map(|(page, probabilities, evidence)| {
                let total: f32 = page.words.iter().map(|w| w.sqrt()).sum();
                (0..probabilities.len()).filter_map(move |block| {
                    Some(Sample {
                        probability: probabilities[block],
                        evidence: evidence[block]?,
                        label: page.labels[block],
                        weight: page.words[block].sqrt() / total,
                    })
                })
            });
        SiteModel::fit(input, samples, provenance)
    }

    /// Probabilities corrected, in each fold by what the others teach.
    pub fn cross_corrected(
        &self,
        pages: &[PreparedPage],
        validation: &CrossValidation,
        input: InputKind,
    ) -> CrossValidation {
        let folds = 0..validation.page_calibrations.len();
        let models: Vec<SiteModel> = folds
            .into_par_iter()
            .map(|fold| {
                self.fit_without(Some(fold), pages, validation, input, Provenance::default())
            })
            .collect();
        let mut corrected = validation.clone();
        for (i, probabilities) in corrected.probabilities.iter_mut().enumerate() {
            if let Some(evidence) = &self.of_pages[i] {
                models[validation.folds[i]].correct(probabilities, &pages[i].words, evidence);
            }
        }
        corrected
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{Format, PageSource};
    use crate::train::prepare;

    /// Pages of four sites, whose promotion and article a model takes for equally
    /// probable.
    fn judged() -> (Vec<PreparedPage>, CrossValidation) {
        let pages = (0..16)
            .map(|n| {
                let (site, news) = (n % 4, format!("On day {n} the ferry sailed at last again."));
                let html = format!("<p>{news}</p><p>Paper {site} is free for all who read it.</p>");
                let source = PageSource::Inline(html.into_bytes());
                LabelledPage::new(format!("{n}"), Format::Fundus, source, news)
                    .at(format!("https://paper{site}.example/{n}"))
            })
            .collect();
        let pages = prepare(pages, || {}).unwrap();
        let mut validation = CrossValidation::new(&(0..16).map(|n| n % 2).collect::<Vec<_>>());
        validation.probabilities = vec![vec![0.6, 0.5]; 16];
        (pages, validation)
    }

    #[test]
    fn what_recurs_over_a_site_is_learned_to_be_no_content() {
        let (pages, validation) = judged();
        let evidence = SiteEvidence::of(&pages);
        assert_eq!((evidence.sites(), evidence.has_others().count()), (4, 16));
        for probabilities in evidence
            .cross_corrected(&pages, &validation, InputKind::Html)
            .probabilities
        {
            assert!(probabilities[0] > 0.7, "{probabilities:?}");
            assert!(probabilities[1] < 0.2, "{probabilities:?}");
        }
    }

    #[test]
    fn a_fold_is_corrected_by_what_the_others_teach_alone() {
        let (mut pages, validation) = judged();
        let corrected = |pages: &[PreparedPage]| {
            SiteEvidence::of(pages)
                .cross_corrected(pages, &validation, InputKind::Html)
                .probabilities
        };
        let before = corrected(&pages);
        for page in pages.iter_mut().step_by(2) {
            page.labels.reverse();
        }
        let after = corrected(&pages);
        assert_eq!(before[0], after[0]);
        assert_ne!(before[1], after[1]);
    }
}
