//! Many pages: an iterator in, an iterator out, on every core.
//!
//! [`Extractor::extract_batch`] takes pages that are in memory anyway.
//! [`Extractor::extract_iter`] takes them as they come and gives extractions as
//! they are asked for, in the same order; it holds no more than a [`Window`] of
//! them, so that a crawl of any length goes through in the same memory. Both
//! are [`Ordered`], a map on rayon's threads that anything else can use too.
//!
//! ```
//! use dehusk::Extractor;
//! use dehusk::page::PageContext;
//!
//! // Pages from wherever they come: a database, a queue, a folder.
//! let pages = (1..=3).map(|n| {
//!     let html = format!(
//!         "<nav><a href=/>Home</a></nav><h1>Day {n}</h1>
//!          <p>On day {n} the party walked for nine hours along the ridge, in rain,
//!          and slept in a hut that the guide had the key to.</p>"
//!     );
//!     (html.into_bytes(), PageContext::default())
//! });
//! for (extraction, n) in Extractor::default().extract_iter(pages).zip(1..) {
//!     assert!(extraction.text.contains(&format!("On day {n} the party")));
//! }
//! ```

mod ordered;

pub use ordered::{Ordered, Window};

use rayon::prelude::*;

use crate::extract::{Extraction, Extractor};
use crate::page::PageContext;

impl Extractor {
    /// Extracts pages on rayon's threads; the extractions are in the order of
    /// the pages.
    ///
    /// ```
    /// use dehusk::Extractor;
    ///
    /// let pages = ["<p>Tea is made of leaves that are poured over with water.", "<p>2"];
    /// let extractions = Extractor::default().extract_batch(&pages);
    /// assert_eq!(extractions.len(), 2);
    /// ```
    pub fn extract_batch(&self, pages: &[impl AsRef<[u8]> + Sync]) -> Vec<Extraction> {
        pages
            .par_iter()
            .map(|page| self.extract(page.as_ref(), &PageContext::default()))
            .collect()
    }

    /// Extracts pages as they come, each given as its bytes and what else is
    /// known of it; the extractions are in the order of the pages.
    ///
    /// Pages are taken only as far ahead of the extractions as [`Window`]'s
    /// default says, by the bytes that they have.
    pub fn extract_iter<I>(&self, pages: I) -> impl Iterator<Item = Extraction> + use<I>
    where
        I: IntoIterator<Item = (Vec<u8>, PageContext)>,
    {
        let extractor = self.clone();
        Ordered::new(
            pages.into_iter(),
            Window::default(),
            |(bytes, _)| bytes.len(),
            move |(bytes, context)| extractor.extract(&bytes, &context),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_and_an_iterator_give_what_each_page_gives() {
        let pages: Vec<Vec<u8>> = (0..40)
            .map(|n| format!("<nav><a href=/>Home</a></nav><p>{}", "Word. ".repeat(n)).into_bytes())
            .collect();
        let extractor = Extractor::default();
        let context = PageContext::default();
        let alone: Vec<_> = pages
            .iter()
            .map(|page| extractor.extract(page, &context))
            .collect();
        assert_eq!(extractor.extract_batch(&pages), alone);
        let with_context = pages.into_iter().map(|page| (page, PageContext::default()));
        let streamed: Vec<_> = extractor.extract_iter(with_context).collect();
        assert_eq!(streamed, alone);
    }
}
