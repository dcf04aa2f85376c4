//! `--site-context` of `dehusk train` and `dehusk evaluate`.

use anyhow::ensure;

use super::message;
use crate::evaluate::{Comparison, PageScore, Report};
use crate::train::{CrossValidation, PreparedPage, Settings, SiteEvidence};

/// What extraction gains by what other pages of a site say, on the pages that
/// have others, out of fold.
pub(super) fn compared(
    evidence: &SiteEvidence,
    pages: &[PreparedPage],
    validation: &CrossValidation,
    settings: &Settings,
) -> anyhow::Result<Comparison> {
    let has_others: Vec<bool> = evidence.has_others().collect();
    let several = has_others.iter().filter(|&&others| others).count();
    ensure!(
        several > 0,
        "no two pages are of one site, so there is nothing to learn of sites: give corpora whose \
         pages have addresses"
    );
    message::note(format_args!(
        "measured on the {several} of {} pages that have others of their site, of {} sites",
        pages.len(),
        evidence.sites()
    ));
    let report = |validation: &CrossValidation| {
        let scores = validation.scores(pages, &settings.selection);
        let of_several = scores.into_iter().zip(&has_others);
        let scores: Vec<PageScore> = of_several
            .filter_map(|(score, &others)| others.then_some(score))
            .collect();
        Report::new(scores, settings.seed)
    };
    let corrected = evidence.cross_corrected(pages, validation, settings.input);
    Ok(Comparison::new(vec![
        ("alone".to_owned(), report(validation)),
        ("site-context".to_owned(), report(&corrected)),
    ])?)
}
