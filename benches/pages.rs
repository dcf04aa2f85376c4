//! What benches that read pages have in common.

use std::fs;
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use walkdir::WalkDir;

/// The name of a page's file, and its bytes.
pub type Named = (String, Vec<u8>);

/// The pages below a folder and their files' names: `.html`, `.htm`, `.html.gz`, by
/// name.
pub fn below(folder: &Path) -> Result<Vec<Named>, Box<dyn std::error::Error>> {
    let mut pages = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_packed = name.ends_with(".html.gz");
        if !(is_packed || name.ends_with(".html") || name.ends_with(".htm")) {
            continue;
        }
        let mut bytes = fs::read(entry.path())?;
        if is_packed {
            let packed = std::mem::take(&mut bytes);
            GzDecoder::new(packed.as_slice()).read_to_end(&mut bytes)?;
        }
        pages.push((name, bytes));
    }
    Ok(pages)
}

/// Median, least and most.
pub fn spread(mut of: Vec<f64>) -> (f64, f64, f64) {
    of.sort_by(f64::total_cmp);
    (of[of.len() / 2], of[0], of[of.len() - 1])
}
