//! Files in the layout of a published corpus → labelled pages.

#![no_main]

use std::fs;
use std::path::Path;

use dehusk::corpus::{self, CorpusSpec, Format};
use dehusk_fuzz::Options;
use libfuzzer_sys::fuzz_target;

/// What stands between two files of an input.
const CUT: &[u8] = b"\n--8<--\n";

/// The files of a small corpus of a format, in the order in which an input gives
/// them.
fn files(format: Format) -> &'static [&'static str] {
    match format {
        Format::Wcxb => &[
            "dev/ground-truth/1.json",
            "dev/html/1.html",
            "dev/ground-truth/2.json",
            "dev/html/2.html.gz",
        ],
        Format::Newspaper4k => &["articles.json", "html/a.html", "html/b.html"],
        Format::Fundus => &[
            "test_data/de/Paper.json",
            "test_data/de/Paper_2024_01_02.html",
            "test_data/de/Paper_2024_01_03.html",
        ],
        Format::Chinese => &[
            "cleaned/1.txt",
            "original/1.html",
            "author/1.txt",
            "date/1.txt",
        ],
        Format::Cleaneval => &["GoldStandard/1.txt", "input/1.html"],
        Format::L3sGn1 => &["url-mapping.txt", "annotated/1.html", "original/1.html"],
        Format::Dragnet => &["Corrected/1.html.corrected.txt", "HTML/1.html"],
        _ => &["pages.jsonl", "a.html", "b.html.gz"],
    }
}

fn write(folder: &Path, format: Format, input: &[u8]) -> std::io::Result<()> {
    let mut rest = Some(input);
    for name in files(format) {
        let Some(bytes) = rest else {
            break;
        };
        let cut = bytes.windows(CUT.len()).position(|window| window == CUT);
        let end = cut.unwrap_or(bytes.len());
        rest = cut.map(|at| &bytes[at + CUT.len()..]);
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, &bytes[..end])?;
    }
    Ok(())
}

fuzz_target!(|input: &[u8]| {
    let Some((mut options, rest)) = Options::split::<1>(input) else {
        return;
    };
    let format = options.one_of(&Format::ALL);
    let folder = tempfile::tempdir().expect("a folder can be made");
    write(folder.path(), format, rest).expect("files can be written");
    let spec = CorpusSpec::new(format, folder.path());
    let pages = match corpus::read(&spec) {
        Ok(pages) => pages,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    assert!(pages.is_sorted_by(|a, b| a.id <= b.id));
    let again = corpus::read(&spec).expect("what was read can be read again");
    assert_eq!(corpus::digest(&pages).ok(), corpus::digest(&again).ok());
    for page in &pages {
        if let Ok(bytes) = page.read() {
            assert!(bytes.len() <= rest.len() * 1100);
            let line = corpus::jsonl(page).expect("a page that was read is a line");
            assert!(serde_json::from_str::<serde_json::Value>(&line).is_ok());
        }
    }
});
