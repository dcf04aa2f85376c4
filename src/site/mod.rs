//! What the other pages of a site say of a page: the same text on several of them
//! is seldom what any of them is about.
//!
//! It takes two passes. The first gives every page to a [`SiteIndex`], which counts
//! for each text of a block how many pages of its site hold it. The second asks it
//! for the [`Evidence`] of each block, and a [`SiteModel`] corrects by it what the
//! model of the page says. [`SiteContext`] is both, for an
//! [`Extractor`](crate::Extractor).
//!
//! Nothing depends on the order of the pages, nor on how many threads count.
//!
//! ```
//! use dehusk::Extractor;
//! use dehusk::block::Blocks;
//! use dehusk::page::{Page, PageContext};
//! use dehusk::site::{SiteContext, SiteIndex, SitePage};
//!
//! let context = |n: usize| PageContext {
//!     url: format!("https://tide.example.org/{n}").parse().ok(),
//!     ..PageContext::default()
//! };
//! let pages = [
//!     "After eleven weeks in the yard the island's only ferry sailed again on Monday morning, \
//!      with some two hundred people waiting on the quay to see it come in.",
//!     "Divers went down again to look at the foundations of the northern wall, which the storm \
//!      had laid bare over a length of forty metres, and found no new cracks.",
//! ]
//! .map(|news| format!("<p>{news}<p>Our readers' fund keeps this paper free for all."));
//!
//! let mut index = SiteIndex::default();
//! for (n, page) in pages.iter().enumerate() {
//!     let page = Page::parse(page.as_bytes(), &context(n));
//!     index.add(&SitePage::of(&page, &Blocks::of(&page)));
//! }
//! let extractor = Extractor::default().site(SiteContext::new(index));
//! for (n, page) in pages.iter().enumerate() {
//!     let alone = Extractor::default().judge(&Page::parse(page.as_bytes(), &context(n)));
//!     let judged = extractor.judge(&Page::parse(page.as_bytes(), &context(n)));
//!     assert!(judged.probabilities[1] < alone.probabilities[1]);
//! }
//! ```

mod context;
mod index;
mod model;

pub use context::SiteContext;
pub use index::{Evidence, MOST_TEXTS, SiteIndex, SitePage};
pub use model::{Coefficients, SiteModel, SiteModelError};
pub(crate) use model::{Sample, unless_a_copy};
