//! Names of people in a field or a byline.

use super::key::text_key;
use crate::text::{fold_space, is_cjk};

/// Bytes of a field that are read, and names of it.
const MOST_BYTES: usize = 1_000;
const MOST_NAMES: usize = 30;

/// Words, characters of one name.
const MOST_WORDS: usize = 8;
const MOST_CHARS: usize = 80;

/// What stands before a name, in lower case; the longer before what they begin
/// with.
const CUES: [&str; 62] = [
    "written and photographed by",
    "story and photos by",
    "reviewed and written by",
    "words and photos by",
    "written by",
    "posted by",
    "published by",
    "authored by",
    "story by",
    "words by",
    "text by",
    "article by",
    "reported by",
    "created by",
    "started by",
    "asked by",
    "submitted by",
    "medically reviewed by",
    "photographs by",
    "photos by",
    "by",
    "from",
    "author(s)",
    "authors",
    "author",
    "reporter",
    "written",
    "geschrieben von",
    "ein artikel von",
    "eine analyse von",
    "ein kommentar von",
    "verfasst von",
    "veröffentlicht von",
    "von",
    "autorin",
    "autor",
    "autoren",
    "text",
    "écrit par",
    "publié par",
    "par",
    "auteur",
    "escrito por",
    "publicado por",
    "por",
    "scritto da",
    "a cura di",
    "di",
    "autore",
    "door",
    "geschreven door",
    "skrevet av",
    "av",
    "skrevet af",
    "af",
    "text:",
    "przez",
    "autor:",
    "автор",
    "yazan",
    "oleh",
    "penulis",
];

/// Marks that end a cue: without one of them the next letter is of a word that
/// begins alike.
const CUE_ENDS: [char; 6] = [' ', ':', '：', '\u{A0}', '/', '／'];

/// Cues of Chinese, Japanese and Korean, which need no mark after them.
const CJK_CUES: [&str; 22] = [
    "本报记者",
    "本网记者",
    "特约记者",
    "见习记者",
    "实习记者",
    "记者",
    "作者",
    "责任编辑",
    "责编",
    "编辑",
    "撰文",
    "文/",
    "文／",
    "文：",
    "文:",
    "作 者",
    "発信者",
    "文・",
    "取材・文",
    "글",
    "기자",
    "撰稿",
];

/// What stands after a name in Chinese, Japanese and Korean.
const CJK_ROLES: [&str; 12] = [
    "记者",
    "報道",
    "記者",
    "编辑",
    "撰文",
    "기자",
    "특파원",
    "논설위원",
    "选手",
    "发自",
    "译",
    "著",
];

/// Words of roles: a part after a comma that has one is no name.
const ROLES: [&str; 46] = [
    "editor",
    "reporter",
    "correspondent",
    "staff",
    "writer",
    "contributor",
    "columnist",
    "journalist",
    "producer",
    "director",
    "manager",
    "founder",
    "cofounder",
    "ceo",
    "cto",
    "professor",
    "analyst",
    "senior",
    "associate",
    "assistant",
    "chief",
    "president",
    "specialist",
    "expert",
    "consultant",
    "nutritionist",
    "dietitian",
    "redakteur",
    "redakteurin",
    "redaktion",
    "reporterin",
    "korrespondent",
    "korrespondentin",
    "journaliste",
    "rédacteur",
    "rédactrice",
    "redactor",
    "redactora",
    "periodista",
    "giornalista",
    "redacteur",
    "team",
    "special",
    "published",
    "updated",
    "posted",
];

/// Degrees and the like, without points.
const DEGREES: [&str; 36] = [
    "md", "phd", "dphil", "ms", "msc", "ma", "ba", "bs", "bsc", "mba", "mph", "rd", "rdn", "ld",
    "ldn", "rn", "np", "do", "dds", "dvm", "pharmd", "psyd", "lcsw", "cfa", "cpa", "cfp", "jd",
    "esq", "fand", "cscs", "jr", "sr", "ii", "iii", "iv", "pt",
];

/// Words that join two names.
const JOINTS: [&str; 18] = [
    " and ", " und ", " et ", " og ", " och ", " with ", " mit ", " ja ", " ve ", " dan ", " y ",
    " e ", " en ", " i ", " и ", " та ", " AND ", " & ",
];

/// The names in a field of authors, or in a line that says who wrote: split at
/// commas and the words that join names, without the cue (`By`, `von`, `作者：`),
/// roles, degrees, places in brackets, handles and addresses; each once, in
/// order.
///
/// ```
/// use dehusk::metadata::names;
///
/// assert_eq!(names("By Ada Lovelace, PhD, and Charles Babbage"), ["Ada Lovelace", "Charles Babbage"]);
/// assert_eq!(names("作者：张三 李四"), ["张三", "李四"]);
/// ```
pub fn names(field: &str) -> Vec<String> {
    let field = fold_space(&field[..field.floor_char_boundary(MOST_BYTES)]);
    let field = without_brackets(&field);
    let mut names: Vec<String> = Vec::new();
    let parts = field
        .split([';', '|', '•', '·', '、', '；', '\n', '–', '—'])
        .flat_map(joined);
    for part in parts {
        let of_commas: Vec<&str> = part
            .split([',', '，'])
            .map(str::trim)
            .filter(|one| !one.is_empty())
            .collect();
        // `Lovelace, Ada`, as libraries write.
        if let [family, given] = of_commas[..]
            && [family, given].iter().all(|one| is_lone_word(one))
            && !is_degree(given)
            && names.is_empty()
        {
            add(&mut names, &format!("{given} {family}"));
            continue;
        }
        for (i, one) in of_commas.iter().enumerate() {
            if i > 0 && (is_degree(one) || is_role(one)) {
                continue;
            }
            add(&mut names, one);
        }
    }
    names
}

fn add(names: &mut Vec<String>, part: &str) {
    let Some(name) = name(part) else {
        return;
    };
    let several: Vec<&str> = name.split(' ').collect();
    let short = |one: &&str| one.chars().all(is_cjk) && (2..=4).contains(&one.chars().count());
    let several = if several.len() > 1 && several.iter().all(short) {
        several
    } else {
        vec![name.as_str()]
    };
    for one in several {
        let key = text_key(one);
        if names.len() < MOST_NAMES && !names.iter().any(|name| text_key(name) == key) {
            names.push(one.to_owned());
        }
    }
}

/// The parts of a text between words that join names, where what stands on both
/// sides may be a name of two words.
fn joined(text: &str) -> Vec<&str> {
    let mut parts = vec![text];
    for joint in JOINTS {
        parts = parts
            .into_iter()
            .flat_map(|part| {
                let both: Vec<&str> = part.split(joint).collect();
                // `Ortega y Gasset` is one; `, and` stands between whatever.
                let names = both
                    .iter()
                    .all(|side| side.trim().trim_end_matches(',').contains(' '));
                let sure = joint == " & " || part.contains(&format!(",{joint}"));
                let short = joint.trim().chars().count() > 2
                    && both.iter().all(|side| !side.trim().is_empty());
                if names || sure || short {
                    both
                } else {
                    vec![part]
                }
            })
            .collect();
    }
    parts
}

fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    text.chars()
        .filter(|c| {
            match c {
                '(' | '（' | '[' | '【' | '<' => depth += 1,
                ')' | '）' | ']' | '】' | '>' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
}

/// One name, cleaned; `None` where nothing is left of it, or what is left is an
/// address, a number or too long.
fn name(part: &str) -> Option<String> {
    let mut part = part.trim();
    while let Some(rest) = without_cue(part).or_else(|| without_cjk_cue(part)) {
        part = rest;
    }
    // `Ada Lovelace - The Post`, `Ada Lovelace for The Post`.
    for mark in [
        " - ", " for ", " für ", " at ", " @", " / ", " auf ", " in ", " on ", " • ", "  ",
    ] {
        if let Some((head, _)) = part.split_once(mark).filter(|(head, _)| head.contains(' ')) {
            part = head;
        }
    }
    for role in CJK_ROLES {
        part = part.strip_suffix(role).unwrap_or(part).trim_end();
        // Names of Korean: `박준석 기자 외 1명`.
        if let Some((head, _)) = part.split_once(&format!(" {role}")) {
            part = head;
        }
    }
    let name = part.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | ':' | '：' | '-' | '/' | '／' | '"' | '“' | '”' | '*' | '~' | '\'' | '@'
            )
    });
    let name = fold_space(name);
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let is_address = name.contains("://")
        || name.starts_with("www.")
        || (name.contains('@') && name.contains('.'));
    let words = name.split(' ').count();
    let fits = letters > 0 && words <= MOST_WORDS && name.chars().count() <= MOST_CHARS;
    (fits && !is_address).then_some(name)
}

/// What follows a cue that a text begins with.
pub(super) fn without_cue(text: &str) -> Option<&str> {
    CUES.iter().find_map(|cue| {
        let head = text.get(..cue.len())?;
        if !head.to_lowercase().eq(cue) {
            return None;
        }
        let rest = &text[cue.len()..];
        let after = rest.trim_start_matches(CUE_ENDS);
        (after.len() < rest.len() && !after.is_empty()).then_some(after)
    })
}

fn without_cjk_cue(text: &str) -> Option<&str> {
    let rest = CJK_CUES.iter().find_map(|cue| text.strip_prefix(cue))?;
    let rest = rest.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, ':' | '：' | '/' | '／' | '|')
    });
    (!rest.is_empty()).then_some(rest)
}

/// What follows a cue for a writer of Chinese, with its mark.
pub(super) fn after_cjk_cue(text: &str) -> Option<&str> {
    [
        "作者：",
        "作者:",
        "作 者：",
        "文/",
        "文／",
        "记者：",
        "记者 ",
        "撰文：",
        "作者 ",
    ]
    .iter()
    .find_map(|cue| {
        let at = text.find(cue)?;
        let rest = text[at + cue.len()..].trim_start();
        let end = rest
            .find(|c: char| {
                c.is_ascii_digit()
                    || matches!(
                        c,
                        '|' | '来' | '发' | '：' | ':' | '。' | '，' | '【' | '编'
                    )
            })
            .unwrap_or(rest.len());
        Some(rest[..end].trim()).filter(|name| !name.is_empty() && name.chars().count() <= 30)
    })
}

fn is_lone_word(text: &str) -> bool {
    !text.contains(' ')
        && text.chars().next().is_some_and(char::is_uppercase)
        && text.chars().any(char::is_lowercase)
        && text
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, '-' | '’' | '\''))
}

fn is_degree(text: &str) -> bool {
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| word.chars().filter(|c| c.is_alphanumeric()).collect())
        .collect();
    words.iter().all(|word| {
        DEGREES.contains(&word.to_lowercase().as_str())
            || (words.len() == 1
                && word.len() <= 5
                && word
                    .chars()
                    .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()))
    })
}

fn is_role(text: &str) -> bool {
    let first_is_small = text.chars().next().is_some_and(char::is_lowercase);
    let key = text_key(text);
    key.split(' ').any(|word| ROLES.contains(&word)) || (first_is_small && key.contains(' '))
}

/// Whether a text reads like the name of one person: two to four words that
/// begin with capitals (but for `de`, `van` …), or two to four Han characters,
/// and none of them a word of menus.
pub(super) fn is_person(name: &str) -> bool {
    const PARTICLES: [&str; 17] = [
        "de", "da", "do", "dos", "di", "van", "von", "der", "den", "del", "la", "le", "el", "bin",
        "al", "af", "y",
    ];
    const NO_NAMES: [&str; 60] = [
        "the",
        "about",
        "more",
        "read",
        "view",
        "all",
        "posts",
        "post",
        "comments",
        "comment",
        "follow",
        "share",
        "news",
        "staff",
        "editorial",
        "team",
        "admin",
        "published",
        "updated",
        "posted",
        "min",
        "minutes",
        "ago",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "home",
        "profile",
        "contact",
        "subscribe",
        "guest",
        "author",
        "authors",
        "photo",
        "photos",
        "sign",
        "log",
        "login",
        "join",
        "save",
        "print",
        "email",
        "facebook",
        "twitter",
        "linkedin",
        "click",
        "see",
        "our",
        "your",
        "with",
        "how",
        "what",
    ];
    let mut chars = name.chars();
    if name.chars().all(|c| is_cjk(c) || c == '·') {
        return (2..=6).contains(&chars.by_ref().count());
    }
    let words: Vec<&str> = name.split(' ').collect();
    (2..=5).contains(&words.len())
        && words.iter().all(|word| {
            PARTICLES.contains(word)
                || word
                    .chars()
                    .next()
                    .is_some_and(|c| c.is_uppercase() || (c.is_alphabetic() && !c.is_lowercase()))
        })
        && !words
            .iter()
            .any(|word| NO_NAMES.contains(&word.to_lowercase().as_str()))
        && !name
            .chars()
            .any(|c| c.is_ascii_digit() || matches!(c, '!' | '?' | '%' | '$' | '&' | '…'))
}
