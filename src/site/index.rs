//! Pages → how many of a site hold each text.

use std::collections::HashMap;

use crate::block::Blocks;
use crate::corpus;
use crate::feature::text_hash;
use crate::metadata::canonical_url;
use crate::page::{InputKind, Page};

/// Texts that an index counts at the most. They take 17 bytes each, twice that
/// at the worst, and three times while it grows: under 800 MB in all.
pub const MOST_TEXTS: usize = 14 << 20;

/// What an index takes of a page: hashes of its site and of its texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SitePage {
    site: Option<u64>,
    /// For each block the hash of its site and its words in lower case; `None`
    /// where it has no words.
    texts: Vec<Option<u64>>,
}

impl SitePage {
    /// A page of the site that its address is of: the registrable domain, else
    /// the host. Where it came without an address, HTML may declare one
    /// (`<link rel=canonical>`, `og:url`).
    pub fn of(page: &Page, blocks: &Blocks) -> Self {
        let given = page.url.as_ref().and_then(|url| corpus::site(url.as_str()));
        let declared = || match page.kind {
            InputKind::Html => canonical_url(page).and_then(|url| corpus::site(&url)),
            InputKind::Text => None,
        };
        match given.or_else(declared) {
            Some(site) => Self::at(&site, blocks),
            None => Self::default(),
        }
    }

    /// A page of a site of that name.
    pub fn at(site: &str, blocks: &Blocks) -> Self {
        let site = mix(site.bytes().fold(0, |hash, b| mix(hash ^ u64::from(b))));
        Self {
            site: Some(site),
            texts: (blocks.blocks.iter())
                .map(|block| text_hash(&block.text).map(|text| mix(site ^ mix(text))))
                .collect(),
        }
    }

    /// Whether it is known which site it is of.
    pub fn has_site(&self) -> bool {
        self.site.is_some()
    }
}

/// What the other pages of a site say of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// How many of them hold its text.
    pub others: u32,
    /// How many they are; 1 or more.
    pub pages: u32,
}

impl Evidence {
    /// Share of the other pages that hold the text, 0 to 1.
    pub fn share(&self) -> f64 {
        f64::from(self.others) / f64::from(self.pages.max(1))
    }
}

/// Counts for each site its pages, and for each text of a block the pages of the
/// site that hold it.
///
/// What it holds is bounded by [`MOST_TEXTS`] and some 40 bytes a site. Where there
/// are more texts it keeps those whose hash begins with one zero bit, then with
/// two … (adaptive sampling: Flajolet 1990, *On Adaptive Sampling*, §2): which
/// those are is settled by the texts alone. Of the others there is no evidence.
#[derive(Debug, Clone)]
pub struct SiteIndex {
    sites: HashMap<u64, u32>,
    texts: HashMap<u64, u32>,
    most: usize,
    level: u32,
}

impl Default for SiteIndex {
    fn default() -> Self {
        Self {
            sites: HashMap::new(),
            texts: HashMap::new(),
            most: MOST_TEXTS,
            level: 0,
        }
    }
}

impl SiteIndex {
    /// Counts a page. One without a site is not counted.
    pub fn add(&mut self, page: &SitePage) {
        let Some(site) = page.site else { return };
        count(&mut self.sites, site, 1);
        let mut texts: Vec<u64> = page.texts.iter().copied().flatten().collect();
        texts.sort_unstable();
        texts.dedup();
        for text in texts {
            self.count_text(text, 1);
        }
    }

    /// Counts what another index has counted, of other pages. In whatever order
    /// indexes are merged, they come to the same.
    pub fn merge(&mut self, other: Self) {
        for (site, pages) in other.sites {
            count(&mut self.sites, site, pages);
        }
        self.level = self.level.max(other.level);
        self.thin();
        for (text, pages) in other.texts {
            self.count_text(text, pages);
        }
    }

    /// How many sites it knows, and how many pages they have in all.
    pub fn size(&self) -> (usize, u64) {
        let pages = self.sites.values().copied().map(u64::from).sum();
        (self.sites.len(), pages)
    }

    /// The share of texts that are counted, 0 to 1: 1 unless they were more than
    /// [`MOST_TEXTS`].
    pub fn counted(&self) -> f64 {
        0.5_f64.powi(self.level.cast_signed())
    }

    /// What the other pages of its site say of each block of a page that was
    /// counted ([`add`](Self::add)). `None` where there are no others; for a block,
    /// where it has no words or its text is not counted.
    pub fn evidence(&self, page: &SitePage) -> Option<Vec<Option<Evidence>>> {
        let pages = *self.sites.get(&page.site?)? - 1;
        (pages > 0).then(|| {
            let of = |text: u64| {
                let others = self.texts.get(&text).map_or(0, |&holding| holding - 1);
                self.counts(text).then_some(Evidence { others, pages })
            };
            page.texts.iter().map(|&text| text.and_then(of)).collect()
        })
    }

    /// Whether a text of that hash is counted.
    fn counts(&self, text: u64) -> bool {
        text.leading_zeros() >= self.level
    }

    fn count_text(&mut self, text: u64, pages: u32) {
        if self.counts(text) {
            count(&mut self.texts, text, pages);
            while self.texts.len() > self.most {
                self.level += 1;
                self.thin();
            }
        }
    }

    fn thin(&mut self) {
        let level = self.level;
        self.texts.retain(|text, _| text.leading_zeros() >= level);
    }
}

fn count(counts: &mut HashMap<u64, u32>, of: u64, more: u32) {
    let count = counts.entry(of).or_default();
    *count = count.saturating_add(more);
}

/// Spreads what differs over all bits: the end of SplitMix64 (Steele, Lea and
/// Flood 2014, *Fast Splittable Pseudorandom Number Generators*, Figure 16).
fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::PageContext;

    fn page(site: &str, texts: &[&str]) -> SitePage {
        let html: String = texts.iter().map(|text| format!("<p>{text}</p>")).collect();
        let page = Page::parse(html.as_bytes(), &PageContext::default());
        SitePage::at(site, &Blocks::of(&page))
    }

    fn index<'a>(pages: impl IntoIterator<Item = &'a SitePage>, most: usize) -> SiteIndex {
        let mut index = SiteIndex {
            most,
            ..SiteIndex::default()
        };
        pages.into_iter().for_each(|page| index.add(page));
        index
    }

    #[test]
    fn evidence_is_of_the_other_pages_of_the_site_alone() {
        let pages = [
            page("a.org", &["All rights reserved.", "One.", "One."]),
            page("a.org", &["ALL RIGHTS RESERVED", "Two."]),
            page("a.org", &["Three."]),
            page("b.org", &["All rights reserved.", "One."]),
        ];
        let index = index(&pages, MOST_TEXTS);
        let evidence = |page| {
            let found: Option<Vec<_>> = index.evidence(page);
            found.map(|found| {
                let counts = found.into_iter().flatten();
                counts.map(|e| (e.others, e.pages)).collect::<Vec<_>>()
            })
        };
        // Twice on the page is no evidence.
        assert_eq!(evidence(&pages[0]), Some(vec![(1, 2), (0, 2), (0, 2)]));
        assert_eq!(evidence(&pages[2]), Some(vec![(0, 2)]));
        assert_eq!(evidence(&pages[3]), None);
        assert_eq!(index.size(), (2, 4));
    }

    #[test]
    fn a_site_is_told_by_the_address_given_or_declared() {
        let of = |html: &str, url: Option<&str>| {
            let context = PageContext {
                url: url.and_then(|url| url.parse().ok()),
                ..PageContext::default()
            };
            let page = Page::parse(html.as_bytes(), &context);
            SitePage::of(&page, &Blocks::of(&page))
        };
        let given = of("<p>x", Some("https://www.example.org/1"));
        let link = "<link rel=canonical href=https://news.example.org/2><p>x";
        assert_eq!(given, of(link, None));
        assert_ne!(given, of(link, Some("https://example.com/")));
        assert!(!of("<p>x", None).has_site());
    }

    #[test]
    fn neither_order_nor_merging_nor_thinning_changes_what_is_counted() {
        let texts: Vec<String> = (0..300).map(|n| format!("Text {n}.")).collect();
        let pages: Vec<SitePage> = (0..60)
            .map(|n| {
                let texts: Vec<&str> = (0..9).map(|i| &*texts[n * i * 7 % 300]).collect();
                page(["a.org", "b.org"][n % 2], &texts)
            })
            .collect();
        for most in [MOST_TEXTS, 40] {
            let forwards = index(&pages, most);
            let mut merged = index(&pages[40..], most);
            merged.merge(index(pages[..7].iter().rev(), most));
            merged.merge(index(&pages[7..40], most));
            for other in [index(pages.iter().rev(), most), merged] {
                assert_eq!(forwards.texts, other.texts);
                assert_eq!(forwards.level, other.level);
                assert_eq!(forwards.sites, other.sites);
            }
            assert!(forwards.texts.len() <= most);
            assert_eq!(forwards.counted() < 1.0, most == 40);
            let evidence = forwards.evidence(&pages[3]).unwrap();
            assert_eq!(evidence.iter().all(Option::is_some), most > 40);
        }
    }
}
