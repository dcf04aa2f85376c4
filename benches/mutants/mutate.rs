//! Ways in which pages come damaged.

use encoding_rs::{BIG5, EUC_KR, GB18030, ISO_2022_JP, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};
use rand::Rng;
use rand::seq::SliceRandom;

/// A page damaged in one to four ways, of at most `most` bytes. `original` gives
/// the bytes of some page for any number.
pub fn mutant(rng: &mut impl Rng, original: impl Fn(usize) -> Vec<u8>, most: usize) -> Vec<u8> {
    let mut page = original(rng.r#gen());
    for _ in 0..rng.gen_range(1..=4) {
        match rng.gen_range(0..7) {
            0 => flip(rng, &mut page),
            1 => cut(rng, &mut page),
            2 => {
                let other = original(rng.r#gen());
                splice(rng, &mut page, &other);
            }
            3 => page = encoded_otherwise(rng, &page),
            4 => double_tags(rng, &mut page, most),
            5 => drop_tags(rng, &mut page),
            _ => repeat(rng, &mut page, most),
        }
        page.truncate(most);
    }
    page
}

/// A range of at most `most` bytes of the page.
fn range(rng: &mut impl Rng, page: &[u8], most: usize) -> std::ops::Range<usize> {
    let start = rng.gen_range(0..=page.len());
    start..start + rng.gen_range(0..=(page.len() - start).min(most))
}

fn flip(rng: &mut impl Rng, page: &mut [u8]) {
    for _ in 0..rng.gen_range(1..200) {
        if let Some(byte) = page.choose_mut(rng) {
            *byte = match rng.gen_range(0..3) {
                0 => rng.r#gen(),
                1 => *byte ^ (1 << rng.gen_range(0..8)),
                _ => *b"<>/=\"'&;!-\0 \n\xff\x1b".choose(rng).unwrap_or(&0),
            };
        }
    }
}

/// Takes away the end, the beginning, or something between.
fn cut(rng: &mut impl Rng, page: &mut Vec<u8>) {
    let cut = range(rng, page, usize::MAX);
    match rng.gen_range(0..3) {
        0 => page.truncate(cut.start),
        1 => drop(page.drain(..cut.start)),
        _ => drop(page.drain(cut)),
    }
}

/// Goes on as another page does, or has a piece of it inside.
fn splice(rng: &mut impl Rng, page: &mut Vec<u8>, other: &[u8]) {
    let at = rng.gen_range(0..=page.len());
    let piece = range(rng, other, usize::MAX);
    if rng.gen_bool(0.5) {
        page.truncate(at);
        page.extend(&other[piece.start..]);
    } else {
        page.splice(at..at, other[piece].iter().copied());
    }
}

/// The page in an encoding that it does not say, or encoded twice.
fn encoded_otherwise(rng: &mut impl Rng, page: &[u8]) -> Vec<u8> {
    let encodings = [
        WINDOWS_1252,
        WINDOWS_1251,
        GB18030,
        BIG5,
        SHIFT_JIS,
        EUC_KR,
        ISO_2022_JP,
    ];
    let text = String::from_utf8_lossy(page);
    let encoding = encodings.choose(rng).copied().unwrap_or(WINDOWS_1252);
    match rng.gen_range(0..5) {
        0 => encoding.decode(page).0.into_owned().into_bytes(),
        1 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        2 => {
            let units = text.encode_utf16().flat_map(u16::to_be_bytes);
            [0xfe, 0xff].into_iter().chain(units).collect()
        }
        3 => [b"\xef\xbb\xbf", page].concat(),
        _ => encoding.encode(&text).0.into_owned(),
    }
}

/// Where some tag begins and ends.
fn tag(rng: &mut impl Rng, page: &[u8]) -> Option<std::ops::Range<usize>> {
    let from = rng.gen_range(0..=page.len());
    let start = from + page[from..].iter().position(|&b| b == b'<')?;
    let end = start + page[start..].iter().position(|&b| b == b'>')? + 1;
    Some(start..end)
}

/// Opens elements again and again.
fn double_tags(rng: &mut impl Rng, page: &mut Vec<u8>, most: usize) {
    for _ in 0..rng.gen_range(1..6) {
        if let Some(tag) = tag(rng, page) {
            let times = rng.gen_range(1..600).min(most / tag.len());
            let tags = page[tag.clone()].repeat(times);
            page.splice(tag.end..tag.end, tags);
        }
    }
}

fn drop_tags(rng: &mut impl Rng, page: &mut Vec<u8>) {
    for _ in 0..rng.gen_range(1..60) {
        if let Some(tag) = tag(rng, page) {
            page.drain(tag);
        }
    }
}

/// Has a piece of itself a number of times.
fn repeat(rng: &mut impl Rng, page: &mut Vec<u8>, most: usize) {
    let piece = range(rng, page, 5_000);
    let times = rng.gen_range(1..50).min(most / piece.len().max(1));
    let pieces = page[piece.clone()].repeat(times);
    page.splice(piece.end..piece.end, pieces);
}
