//! Names of people in a field or a byline.

use super::key::text_key;
use super::name_words::{CJK_CUES, CJK_ROLES, CUE_ENDS, CUES, DEGREES, JOINTS, ROLES};
use crate::text::{fold_space, is_cjk};

/// Bytes of a field that are read, and names of it.
const MOST_BYTES: usize = 1_000;
const MOST_NAMES: usize = 30;

/// Words, characters of one name.
const MOST_WORDS: usize = 8;
const MOST_CHARS: usize = 80;

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
    for title in ["Dr. ", "Dr ", "Prof. ", "Prof ", "Mr. ", "Mrs. ", "Ms. "] {
        // Of one word a title is a part, `Dr. Seuss`.
        part = part
            .strip_prefix(title)
            .filter(|rest| rest.trim().contains(' '))
            .unwrap_or(part);
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

/// The names that a text of Chinese gives behind a word for who wrote it:
/// `作者：张三`, `（记者 张三 李四）`, `本报记者张三发自北京`.
pub(super) fn cjk_names(text: &str) -> Vec<String> {
    const WORDS: [&str; 6] = ["作者", "作 者", "记者", "撰文", "文", "编辑"];
    const ENDS: [&str; 8] = [
        "发自",
        "报道",
        "通讯员",
        "摄影",
        "来源",
        "发表",
        "时间",
        "编辑",
    ];
    for word in WORDS {
        for (at, _) in text.match_indices(word) {
            let rest = &text[at + word.len()..];
            let marked = rest.trim_start_matches([':', '：', '/', '／']);
            // In running text `记者` and `文` have neither mark nor space behind.
            let is_marked = marked.len() < rest.len();
            let is_bound =
                word == "记者" && (rest.starts_with(' ') || text[..at].ends_with("本报"));
            if !is_marked && !is_bound {
                continue;
            }
            let marked = marked.trim_start();
            let end = ENDS.iter().filter_map(|end| marked.find(end)).min();
            let marked = &marked[..end.unwrap_or(marked.len())];
            let stop = |c: char| !(is_cjk(c) || c == ' ' || c == '、' || c == '·');
            let run = &marked[..marked.find(stop).unwrap_or(marked.len())];
            let names: Vec<String> = run
                .split([' ', '、'])
                .take_while(|name| (2..=4).contains(&name.chars().count()))
                .map(str::to_owned)
                .collect();
            if !names.is_empty() {
                return names;
            }
        }
    }
    Vec::new()
}

/// Whether a text is a cue and nothing else: the names stand elsewhere.
pub(super) fn is_cue(text: &str) -> bool {
    let text = text.trim_end_matches(CUE_ENDS).to_lowercase();
    CUES.contains(&text.as_str())
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
        && !words.iter().any(|word| {
            let word = word.to_lowercase();
            NO_NAMES.contains(&word.as_str()) || ROLES.contains(&word.as_str())
        })
        && !name.chars().any(|c| {
            c.is_ascii_digit() || matches!(c, '!' | '?' | '%' | '$' | '&' | '…' | ':' | '/')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_split_and_cleaned() {
        for (field, expected) in [
            ("Ada Lovelace", &["Ada Lovelace"][..]),
            (
                "By ADA LOVELACE and Charles Babbage",
                &["ADA LOVELACE", "Charles Babbage"],
            ),
            (
                "Rui Ma, Heba Ledwon, Manoel Mendez & Suparn Patra",
                &["Rui Ma", "Heba Ledwon", "Manoel Mendez", "Suparn Patra"],
            ),
            ("Dylan Bailey, MS, RD, FAND", &["Dylan Bailey"]),
            (
                "Ada Lovelace, senior editor; ada lovelace",
                &["Ada Lovelace"],
            ),
            ("Lovelace, Ada", &["Ada Lovelace"]),
            ("Ortega y Gasset", &["Ortega y Gasset"]),
            ("Ada Lovelace (The Post)", &["Ada Lovelace"]),
            ("Ada Lovelace for The Post", &["Ada Lovelace"]),
            (
                "Von Ada Lovelace und Charles Babbage",
                &["Ada Lovelace", "Charles Babbage"],
            ),
            ("Dr. Ada Lovelace", &["Ada Lovelace"]),
            ("https://www.facebook.com/ada", &[]),
            ("ada@post.example.com", &[]),
            ("赵延东、风笑天", &["赵延东", "风笑天"]),
            ("记者 张三", &["张三"]),
            ("박준석 기자 외 1명", &["박준석"]),
            ("", &[]),
            ("12", &[]),
        ] {
            assert_eq!(names(field), expected, "{field}");
        }
    }

    #[test]
    fn a_cue_is_a_whole_word() {
        assert_eq!(names("Byron Wells"), ["Byron Wells"]);
        assert_eq!(names("Diana Ross"), ["Diana Ross"]);
        assert!(is_cue("Written by:") && !is_cue("Written by Ada"));
    }

    #[test]
    fn running_text_names_no_reporter() {
        assert!(cjk_names("孙启勤告诉记者，他仍然在坚持购买彩票。").is_empty());
        assert!(cjk_names("本报记者近日从自治区农业农村厅召开的会议上了解到").is_empty());
        assert_eq!(cjk_names("本报记者张三发自北京"), ["张三"]);
    }

    #[test]
    fn persons_are_told_from_what_else_stands_in_bylines() {
        for name in [
            "Ada Lovelace",
            "Ludwig van Beethoven",
            "张三",
            "Лев Толстой",
        ] {
            assert!(is_person(name), "{name}");
        }
        for other in [
            "Read More",
            "Updated March",
            "admin",
            "Foto: Post",
            "Senior Editor",
            "5 Comments",
        ] {
            assert!(!is_person(other), "{other}");
        }
    }
}
