//! Pages of several corpora → which of them belong to no site, and ids that
//! tell the pages apart.

use std::borrow::Borrow;
use std::collections::{HashMap, HashSet};

use super::{LabelledPage, address};

/// For each page whether it stands alone: its group is its id, no other page of
/// its corpus has that group, and no page's address is of a site of that name.
/// Such a group says nothing about pages of other corpora that have the same
/// id. Where a site is named like one of its pages' ids, none of its pages is
/// alone.
///
/// ```
/// use dehusk::corpus::{Format, LabelledPage, PageSource, alone};
///
/// let page = |id| LabelledPage::new(id, Format::Wcxb, PageSource::Inline(vec![]), "");
/// let pages = [page("7"), page("example.org"), page("8").at("https://example.org/8")];
/// assert_eq!(alone(&pages), [true, false, false]);
/// ```
pub fn alone<P: Borrow<LabelledPage>>(pages: &[P]) -> Vec<bool> {
    let pages = || pages.iter().map(Borrow::borrow);
    let mut sizes: HashMap<(&str, &str), usize> = HashMap::new();
    for page in pages() {
        *sizes.entry((&page.corpus, &page.group)).or_default() += 1;
    }
    let sites: HashSet<String> = pages()
        .filter_map(|page| page.url.as_deref().and_then(address::site))
        .collect();
    pages()
        .map(|page| {
            page.group == page.id
                && sizes[&(page.corpus.as_str(), page.group.as_str())] == 1
                && !sites.contains(&page.group)
        })
        .collect()
}

/// How many sites pages are of, and how many pages are of none: those that stand
/// [`alone`].
pub fn domains<P: Borrow<LabelledPage>>(pages: &[P]) -> (usize, usize) {
    let alone = alone(pages);
    let sites: HashSet<&str> = (pages.iter().zip(&alone))
        .filter(|&(_, &alone)| !alone)
        .map(|(page, _)| page.borrow().group.as_str())
        .collect();
    let none = alone.iter().filter(|&&alone| alone).count();
    (sites.len(), none)
}

/// The pages under ids `CORPUS/ID`, so that pages of several corpora stand in
/// one file. The group of a page that stands [`alone`] stays its id; sites keep
/// their names.
///
/// ```
/// use dehusk::corpus::{Format, LabelledPage, PageSource, qualified};
///
/// let page = LabelledPage::new("7", Format::Wcxb, PageSource::Inline(vec![]), "");
/// assert_eq!(qualified(vec![page])[0].id, "wcxb/7");
/// ```
pub fn qualified(mut pages: Vec<LabelledPage>) -> Vec<LabelledPage> {
    let alone = alone(&pages);
    for (page, alone) in pages.iter_mut().zip(alone) {
        page.id = format!("{}/{}", page.corpus, page.id);
        if alone {
            page.group.clone_from(&page.id);
        }
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::super::{Format, PageSource};
    use super::*;

    fn page(id: &str, format: Format) -> LabelledPage {
        LabelledPage::new(id, format, PageSource::Inline(vec![]), "")
    }

    /// A page of a group that is told beside its id.
    fn of_group(id: &str, group: &str, format: Format) -> LabelledPage {
        let mut page = page(id, format);
        page.group = group.to_owned();
        page
    }

    #[test]
    fn pages_with_ids_of_their_own_corpus_only_are_alone() {
        let pages = [page("7", Format::Wcxb), page("7", Format::Fundus)];
        assert_eq!(alone(&pages), [true, true]);
    }

    #[test]
    fn a_site_named_like_an_id_of_its_pages_is_a_site() {
        // By another page of the group, by its own address, by that of a page
        // of another corpus.
        let named = [
            page("Blatt", Format::Fundus),
            of_group("2", "Blatt", Format::Fundus),
        ];
        assert_eq!(alone(&named), [false, false]);
        let own = page("example.org", Format::Wcxb).at("https://example.org/");
        assert_eq!(alone(&[own]), [false]);
        let other = page("1", Format::Dragnet).at("https://www.example.org/1");
        assert_eq!(
            alone(&[page("example.org", Format::Wcxb), other]),
            [false, false]
        );
    }

    #[test]
    fn qualified_pages_name_their_corpus_and_keep_their_sites() {
        let pages = qualified(vec![
            page("7", Format::Dragnet),
            page("8", Format::Dragnet).at("https://example.org/a"),
            page("Blatt", Format::Fundus),
            of_group("2", "Blatt", Format::Fundus),
        ]);
        let told: Vec<_> = (pages.iter())
            .map(|page| (page.id.as_str(), page.group.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("dragnet/7", "dragnet/7"),
                ("dragnet/8", "example.org"),
                ("fundus/Blatt", "Blatt"),
                ("fundus/2", "Blatt"),
            ]
        );
        assert_eq!(alone(&pages), [true, false, false, false]);
        assert_eq!(domains(&pages), (2, 1));
    }
}
