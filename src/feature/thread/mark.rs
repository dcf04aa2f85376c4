//! What the markup of one element says of a thread, whatever the language.

use std::sync::LazyLock;

use html5ever::{LocalName, local_name};
use scraper::node::Element;

use super::super::element::Attributes;
use super::super::lexicon::{for_each_word_of, names};
use super::super::word_map::WordMap;
use super::phrases::Phrases;

/// `time`, a `datetime` attribute, or a class that says so.
pub(super) const TIME: u16 = 1;
/// Who wrote it: a class, `rel`, or a link to a member's page.
pub(super) const AUTHOR: u16 = 1 << 1;
/// A link or button to reply, quote or report.
pub(super) const CONTROL: u16 = 1 << 2;
/// A class or id of comments or of one.
pub(super) const COMMENT: u16 = 1 << 3;
/// A class or id of a post of a forum, or of an answer.
pub(super) const POST: u16 = 1 << 4;
/// A heading.
pub(super) const HEADING: u16 = 1 << 5;
/// A link that leads elsewhere.
pub(super) const LINK: u16 = 1 << 6;
/// Where a comment service of another site puts its thread.
pub(super) const SERVICE: u16 = 1 << 7;
/// A state of the page ("comments open"), which takes [`COMMENT`] back.
const STATE: u16 = 1 << 8;

const WORDS: [(u16, &str); 7] = [
    (
        TIME,
        "time date datetime timestamp timeago postdate fecha datum posttime dateline when",
    ),
    (
        AUTHOR,
        "author autor auteur autore user username userinfo nick nickname poster member \
         profile avatar vcard commenter postauthor normalname bigusername byuser fn",
    ),
    (
        CONTROL,
        "reply quote report multiquote replytocom antworten responder repondre otvet replylink",
    ),
    (
        COMMENT,
        "comment comments commentlist commentarea commentbody commenttext commentthread cmt cmts \
         cmnt comm komm reply replies respond responses disqus discussion discuss kommentar \
         kommentare kommentarer kommentarii komment komments kommentti kommentit commentaire \
         commentaires commenti commento comentario comentarios comentari comentarii coment \
         reactie reacties reaction komentar komentarze komentare yorum yorumlar pinglun liuyan \
         huifu otzyv otzyvy otvety talkback talkbacks guestbook gaestebuch livefyre trackback \
         pingback opmerking hozzaszolas отзыв отзывы комментарий комментарии 评论 評論 留言 回复 \
         コメント 댓글 تعليق تعليقات",
    ),
    (
        POST,
        "post posts posting message messages msg postbody postbit postcontainer postcontent \
         topic thread answer answers antwort antworten beitrag respuesta reponse risposta cooked \
         ipbtable floor bbp",
    ),
    (
        SERVICE,
        "disqus disqus_thread disqusthread livefyre utterances giscus hypercomments cackle \
         coral viafoura spotim openweb facebookcomments fb-comments commento remark42 isso",
    ),
    (
        STATE,
        "open closed count counts counter number num off allowed link links enabled disabled \
         policy total template singular nocomments feed rss",
    ),
];

pub(crate) fn word_marks(word: &str) -> u16 {
    static MARKS: LazyLock<WordMap> =
        LazyLock::new(|| WordMap::new(WORDS.map(|(mark, words)| (mark.into(), words))));
    MARKS.of(word) as u16
}

/// Names of a value that are read for marks.
pub(crate) const NAMES: usize = 32;

/// Marks of the words of one class or id value.
pub(super) fn value_marks(value: &str) -> u16 {
    let mut found = 0;
    for name in names(value).take(NAMES) {
        let mut marks = 0;
        for_each_word_of(name, |word| marks |= word_marks(word));
        found |= name_marks(marks);
    }
    found
}

/// The marks of a name whose words have these.
pub(crate) fn name_marks(words: u16) -> u16 {
    if words & STATE != 0 {
        words & !(STATE | COMMENT)
    } else {
        words
    }
}

/// The marks of an element's own tag and attributes; `class` are those of its
/// class value.
pub(super) fn marks(name: &LocalName, own: &Attributes<'_>, class: u16) -> u16 {
    let mut found = match *name {
        local_name!("time") => TIME,
        local_name!("a") if !own.href.is_some_and(|href| href.contains('#')) => LINK,
        local_name!("h1")
        | local_name!("h2")
        | local_name!("h3")
        | local_name!("h4")
        | local_name!("h5")
        | local_name!("h6") => HEADING,
        _ => 0,
    };
    let acts = matches!(*name, local_name!("a") | local_name!("button"));
    let itemprop = own.itemprop.map_or(0, value_marks);
    // An id is unique, so "date" in it is no cell's time.
    let id = own.id.map_or(0, value_marks) & !TIME;
    let all = AUTHOR | COMMENT | POST | SERVICE | TIME;
    found |= (class | id | itemprop) & if acts { all | CONTROL } else { all };
    if own.timed || matches!(own.itemprop, Some("datePublished" | "dateCreated")) {
        found |= TIME;
    }
    if own
        .rel
        .is_some_and(|rel| rel.eq_ignore_ascii_case("author"))
    {
        found |= AUTHOR;
    }
    if let Some(href) = own.href.filter(|_| acts) {
        found |= address_marks(href);
    }
    found
}

/// Whether an element is marked as the one who wrote.
pub(crate) fn is_author(element: &Element) -> bool {
    let own = Attributes::of(element);
    let class = own.class.map_or(0, value_marks);
    marks(&element.name.local, &own, class) & AUTHOR != 0
}

/// Parts of the addresses of replies and reports.
const REPLIES: [&str; 9] = [
    "replytocom=",
    "mode=quote",
    "mode=reply",
    "newreply",
    "do=report",
    "mode=report",
    "action=reply",
    "#respond",
    "/reply",
];

/// Parts of the addresses of members' pages.
const MEMBERS: [&str; 10] = [
    "memberlist.php",
    "member.php",
    "mode=viewprofile",
    "action=profile",
    "showuser=",
    "/members/",
    "/member/",
    "/user/",
    "/users/",
    "/u/",
];

/// [`CONTROL`] for the address of a reply, else [`AUTHOR`] for a member's.
fn address_marks(href: &str) -> u16 {
    static PARTS: LazyLock<Phrases> = LazyLock::new(|| {
        let replies = REPLIES.iter().map(|part| (CONTROL, *part));
        Phrases::new(replies.chain(MEMBERS.iter().map(|part| (AUTHOR, *part))))
    });
    let found = PARTS.within(href);
    if found & CONTROL != 0 { CONTROL } else { found }
}

/// What siblings of a run have in common: the words of the class that name a
/// comment or a post, else the first class that is not a number or a stripe
/// ("odd", "row2"), letters only. Where there is none the id tells.
pub(crate) fn class_stem(class: &str) -> Option<String> {
    let names = || class.split_ascii_whitespace().take(16);
    if let Some(name) = names().find(|name| word_marks(name) & (COMMENT | POST) != 0) {
        return Some(letters(name));
    }
    let stripe = |stem: &str| {
        matches!(
            stem,
            "" | "odd" | "even" | "alt" | "first" | "last" | "clearfix"
        )
    };
    names().map(letters).find(|stem| !stripe(stem))
}

/// The letters of a name, in lower case.
pub(super) fn letters(name: &str) -> String {
    name.chars()
        .take(48)
        .filter(|c| c.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_list_holds_a_word_twice() {
        for (_, words) in WORDS {
            let mut words: Vec<&str> = words.split_whitespace().collect();
            words.sort_unstable();
            let twice: Vec<_> = words.windows(2).filter(|w| w[0] == w[1]).collect();
            assert!(twice.is_empty(), "{twice:?}");
        }
    }

    #[test]
    fn a_state_of_comments_is_no_comment() {
        assert_ne!(value_marks("single-comment") & COMMENT, 0);
        assert_eq!(value_marks("comments-open") & COMMENT, 0);
        assert_ne!(value_marks("comments-link comment") & COMMENT, 0);
    }
}
