//! Which language a page or a text is in.

use super::gather::Gathered;
use super::json_ld::Main;
use super::{Found, Provenance};
use crate::page::Page;

/// ISO 639-1 code of the language of `text` (the extracted content): detected
/// where the text is long enough to be sure, else as the page declares it on
/// its root element, else `None`.
///
/// Detection goes before the declaration: templates declare one language and
/// hold another more often than a reliable detection is wrong.
pub fn language(page: &Page, text: &str) -> Option<String> {
    text_language(text).or_else(|| of_root(page))
}

fn of_root(page: &Page) -> Option<String> {
    let root = page
        .html
        .tree
        .root()
        .children()
        .find_map(|node| node.value().as_element())?;
    primary_code(root.attr("lang").or_else(|| root.attr("xml:lang"))?)
}

/// The language that the page declares: on its root element, which browsers and
/// readers aloud go by, `content-language`, `og:locale`, JSON-LD.
pub(super) fn declared(page: &Gathered, main: &Main) -> Option<Found<String>> {
    let metas = [
        "content-language",
        "language",
        "dc.language",
        "dcterms.language",
    ];
    let all = [
        (page.language.clone(), Provenance::Html),
        (page.meta(&metas).map(str::to_owned), Provenance::Meta),
        (
            page.meta(&["og:locale"]).map(str::to_owned),
            Provenance::OpenGraph,
        ),
        (main.text(&["inLanguage"]), Provenance::JsonLd),
    ];
    all.into_iter()
        .find_map(|(tag, provenance)| Some(Found::new(primary_code(&tag?)?, provenance)))
}

/// ISO 639-1 code that a language tag (`pt-BR`, `en_US`) begins with, or `None`
/// where it begins with none.
///
/// ```
/// use dehusk::metadata::primary_code;
///
/// assert_eq!(primary_code("pt-BR").as_deref(), Some("pt"));
/// assert_eq!(primary_code("english"), None);
/// ```
pub fn primary_code(tag: &str) -> Option<String> {
    let code = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
    (code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase())).then_some(code)
}

/// Characters of a text that are asked what language it is in: a few tell of most
/// texts, and detection costs time for every one.
const ASKED: [usize; 2] = [400, 2_000];

/// ISO 639-1 code of the language that a text is written in, by its first
/// characters, up to 2,000; `None` where it is too short or too mixed to be sure.
pub fn text_language(text: &str) -> Option<String> {
    let asked = ASKED.into_iter().map(|characters| {
        let end = text.char_indices().nth(characters);
        &text[..end.map_or(text.len(), |(at, _)| at)]
    });
    asked.filter_map(whatlang::detect).find_map(|info| {
        let is_sure = info.is_reliable() && info.confidence() > 0.8;
        is_sure.then(|| two_letters(info.lang()).to_owned())
    })
}

/// ISO 639-3, which the detector speaks, to ISO 639-1, which pages speak.
fn two_letters(lang: whatlang::Lang) -> &'static str {
    use whatlang::Lang;
    match lang {
        Lang::Epo => "eo",
        Lang::Eng => "en",
        Lang::Rus => "ru",
        Lang::Cmn => "zh",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Ben => "bn",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Ukr => "uk",
        Lang::Kat => "ka",
        Lang::Ara => "ar",
        Lang::Hin => "hi",
        Lang::Jpn => "ja",
        Lang::Heb => "he",
        Lang::Yid => "yi",
        Lang::Pol => "pl",
        Lang::Amh => "am",
        Lang::Jav => "jv",
        Lang::Kor => "ko",
        Lang::Nob => "no",
        Lang::Dan => "da",
        Lang::Swe => "sv",
        Lang::Fin => "fi",
        Lang::Tur => "tr",
        Lang::Nld => "nl",
        Lang::Hun => "hu",
        Lang::Ces => "cs",
        Lang::Ell => "el",
        Lang::Bul => "bg",
        Lang::Bel => "be",
        Lang::Mar => "mr",
        Lang::Kan => "kn",
        Lang::Ron => "ro",
        Lang::Slv => "sl",
        Lang::Hrv => "hr",
        Lang::Srp => "sr",
        Lang::Mkd => "mk",
        Lang::Lit => "lt",
        Lang::Lav => "lv",
        Lang::Est => "et",
        Lang::Tam => "ta",
        Lang::Vie => "vi",
        Lang::Urd => "ur",
        Lang::Tha => "th",
        Lang::Guj => "gu",
        Lang::Uzb => "uz",
        Lang::Pan => "pa",
        Lang::Aze => "az",
        Lang::Ind => "id",
        Lang::Tel => "te",
        Lang::Pes => "fa",
        Lang::Mal => "ml",
        Lang::Ori => "or",
        Lang::Mya => "my",
        Lang::Nep => "ne",
        Lang::Sin => "si",
        Lang::Khm => "km",
        Lang::Tuk => "tk",
        Lang::Aka => "ak",
        Lang::Zul => "zu",
        Lang::Sna => "sn",
        Lang::Afr => "af",
        Lang::Lat => "la",
        Lang::Slk => "sk",
        Lang::Cat => "ca",
        Lang::Tgl => "tl",
        Lang::Hye => "hy",
        Lang::Cym => "cy",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::PageContext;

    fn page(html: &str) -> Page {
        Page::parse(html.as_bytes(), &PageContext::default())
    }

    #[test]
    fn a_long_text_speaks_for_itself() {
        let text = "Der Stadtrat hat am Dienstagabend beschlossen, die alte Brücke zu reparieren, \
                    und die Arbeiten sollen im nächsten Frühjahr beginnen.";
        assert_eq!(
            language(&page("<html lang=en>"), text).as_deref(),
            Some("de")
        );
    }

    #[test]
    fn every_detected_language_has_a_code_of_two_letters() {
        for &lang in whatlang::Lang::all() {
            assert_eq!(two_letters(lang).len(), 2, "{lang}");
        }
    }

    #[test]
    fn a_short_text_leaves_it_to_the_declaration() {
        assert_eq!(
            language(&page("<html lang=pt-BR>"), "OK").as_deref(),
            Some("pt")
        );
        assert_eq!(language(&page("<p>OK"), "OK"), None);
    }
}
