//! dragnet: `Corrected/X.html.corrected.txt` and `HTML/X.html`.
//!
//! A gold file is the main text, and after the line `!@#$%^&*()  COMMENTS`
//! the comments. Annotators typed that line by hand, in ten ways. No row says
//! where its page is from: its group is the site that its own markup names.

use std::path::Path;

use encoding_rs::WINDOWS_1252;

use super::address::Provenance;
use super::{CorpusError, Format, LabelledPage, PageSource, file};

pub(super) fn read(path: &Path) -> Result<Vec<LabelledPage>, CorpusError> {
    let golds = file::list(&path.join("Corrected"), ".html.corrected.txt")?;
    file::pages(&golds, |id, gold| page(path, id, gold))
}

fn page(path: &Path, id: &str, gold: &Path) -> Result<LabelledPage, CorpusError> {
    let html = path.join("HTML").join(format!("{id}.html"));
    let html = file::page(&html, gold, id)?;
    let (text, comments) = parse(&file::gold(&file::bytes(gold)?, WINDOWS_1252));
    let Provenance { url, site } = Provenance::of(&file::bytes(&html)?);
    Ok(LabelledPage {
        group: site.unwrap_or_else(|| id.to_owned()),
        url,
        comments,
        lang: Some("en".into()),
        ..LabelledPage::new(id, Format::Dragnet, PageSource::File(html), text)
    })
}

/// The main text and the comments of a gold file.
fn parse(gold: &str) -> (String, Option<String>) {
    let mut lines = gold.lines();
    let text: Vec<_> = lines.by_ref().take_while(|line| !separates(line)).collect();
    let comments: Vec<_> = lines.filter(|line| !separates(line)).collect();
    (
        text.join("\n").trim().to_owned(),
        file::said(Some(comments.join("\n"))),
    )
}

/// Whether a line is meant to be the one before the comments: the row of
/// shifted digits, with a slip or two, and at most a word after it.
fn separates(line: &str) -> bool {
    let line = line.trim();
    line.starts_with('!') && line.contains("%^&*") && line.split_whitespace().count() <= 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::fs;

    #[test]
    fn the_line_before_comments_is_known_however_it_was_typed() {
        for line in [
            "!@#$%^&*()  COMMENTS",
            "!@#$%^&*() COMMENTS ",
            "!@#$%^&*()",
            "!@#$%^&*   COMMENTS",
            "!@ $%^&*()  COMMENTS",
            "!#@$%^&*()  COMMNENTS",
        ] {
            let gold = format!("\nTea.\n\nHot.\n{line}\r\n\nAnn: yes\n");
            let expected = ("Tea.\n\nHot.".to_owned(), Some("Ann: yes".to_owned()));
            assert_eq!(parse(&gold), expected, "{line}");
        }
    }

    #[test]
    fn without_the_line_or_below_it_there_are_no_comments() {
        assert_eq!(
            parse("Tea! Comments welcome."),
            ("Tea! Comments welcome.".into(), None)
        );
        assert_eq!(
            parse("Tea.\n!@#$%^&*()  COMMENTS\n \n"),
            ("Tea.".into(), None)
        );
        assert_eq!(
            parse("!@#$%^&*()  COMMENTS\nAnn"),
            (String::new(), Some("Ann".into()))
        );
    }

    #[test]
    fn golds_are_paired_with_pages_and_grouped_by_site() {
        let folder = tempfile::tempdir().unwrap();
        for part in ["Corrected", "HTML"] {
            fs::create_dir(folder.path().join(part)).unwrap();
        }
        let gold = folder.path().join("Corrected/R1.html.corrected.txt");
        fs::write(gold, b"Caf\xe9\x85").unwrap();
        let message = read(folder.path()).unwrap_err().to_string();
        assert!(message.contains("R1.html.corrected.txt"), "{message}");
        assert!(message.contains("HTML"), "{message}");

        let html = "<link rel=canonical href=http://tea.blogspot.com/1><p>Café…";
        fs::write(folder.path().join("HTML/R1.html"), html).unwrap();
        let page = read(folder.path()).unwrap().remove(0);
        assert_eq!((page.id.as_str(), page.text.as_str()), ("R1", "Café…"));
        assert_eq!(page.group, "tea.blogspot.com");
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_gold_file(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            parse(&file::gold(&bytes, WINDOWS_1252));
        }
    }
}
