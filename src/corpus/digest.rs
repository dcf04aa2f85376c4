//! Labelled pages → one hash that says which pages they are.

use std::borrow::Borrow;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::{CorpusError, LabelledPage};

/// SHA-256 over ids, groups, profiles, page bytes and all that is gold, in the
/// order of the pages, as 64 hexadecimal digits. Pages are read and hashed in parallel.
///
/// Each field is hashed after its length (eight bytes, least first), and an
/// absent one is told from an empty one, so no two corpora run together.
///
/// # Errors
/// The first page that cannot be read, by order.
pub fn digest<P: Borrow<LabelledPage> + Sync>(pages: &[P]) -> Result<String, CorpusError> {
    let pages = pages.par_iter();
    let hashes: Vec<_> = pages.map(|page| page_hash(page.borrow())).collect();
    let mut whole = Sha256::new();
    for hash in hashes {
        whole.update(hash?);
    }
    Ok(format!("{:x}", whole.finalize()))
}

fn page_hash(page: &LabelledPage) -> Result<[u8; 32], CorpusError> {
    let mut hash = Sha256::new();
    let mut field = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    field(page.id.as_bytes());
    field(page.group.as_bytes());
    field(page.profile.name().as_bytes());
    field(&page.read()?);
    field(page.text.as_bytes());
    for gold in [
        &page.comments,
        &page.title,
        &page.author,
        &page.date,
        &page.page_type,
        &page.lang,
    ] {
        field(&[u8::from(gold.is_some())]);
        field(gold.as_deref().unwrap_or_default().as_bytes());
    }
    for snippets in [&page.with, &page.without] {
        field(&(snippets.len() as u64).to_le_bytes());
        for snippet in snippets {
            field(snippet.as_bytes());
        }
    }
    Ok(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{Format, PageSource};
    use crate::model::Profile;

    fn page(id: &str, bytes: &[u8], text: &str) -> LabelledPage {
        LabelledPage::new(id, Format::Dehusk, PageSource::Inline(bytes.into()), text)
    }

    #[test]
    fn every_field_and_the_order_of_pages_count() {
        let base = [page("1", b"<p>a", "a"), page("2", b"<p>b", "b")];
        let of = |pages: &[LabelledPage]| digest(pages).unwrap();
        assert_eq!(of(&base), of(&base.clone()));
        assert_eq!(of(&base).len(), 64);

        let mut others = vec![
            vec![base[1].clone(), base[0].clone()],
            vec![page("1", b"<p>", "aa"), base[1].clone()],
            vec![page("1<", b"p>a", "a"), base[1].clone()],
            vec![base[0].clone()],
        ];
        let mut commented = base.to_vec();
        commented[0].comments = Some(String::new());
        others.push(commented);
        let mut with = base.to_vec();
        with[0].with = vec!["a".into()];
        others.push(with);
        let mut without = base.to_vec();
        without[0].without = vec!["a".into()];
        others.push(without);
        let mut grouped = base.to_vec();
        grouped[0].group = "a".into();
        others.push(grouped);
        let mut article = base.to_vec();
        article[0].profile = Profile::Article;
        others.push(article);
        let mut seen: Vec<_> = others.iter().map(|pages| of(pages)).collect();
        seen.push(of(&base));
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), others.len() + 1);
    }

    #[test]
    fn a_page_that_cannot_be_read_is_an_error() {
        let gone = LabelledPage::new(
            "1",
            Format::Dehusk,
            PageSource::File("gone.html".into()),
            "",
        );
        assert!(
            digest(&[gone])
                .unwrap_err()
                .to_string()
                .contains("gone.html")
        );
    }
}
