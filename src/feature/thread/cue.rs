//! What the text of one block says of a thread: a time, a reply control, a
//! count of comments, an invitation to leave one.
//!
//! Only the head and the tail of a long block are read, as the line that names
//! author and time stands at one of them. Words are looked up whole; phrases
//! and scripts without spaces are looked for inside short texts.

use std::sync::LazyLock;

use super::super::date::tells_date;
use super::super::facts::PageFacts;
use super::super::word_map::WordMap;
use super::phrases::Phrases;
use crate::text::class::{is_alphabetic, is_numeric};
use crate::text::{lower, words};

/// The text tells when it was written: a date, an hour, or "5 hours ago".
pub(super) const TIME: u16 = 1;
/// The block is, or links to, a control of a post: reply, quote, report.
pub(super) const CONTROL: u16 = 1 << 1;
/// The same for a vote: like, upvote.
pub(super) const VOTE: u16 = 1 << 2;
/// The text names comments ("Comments", "12 comments").
pub(super) const COMMENTS: u16 = 1 << 3;
/// The text names answers or replies.
pub(super) const ANSWERS: u16 = 1 << 4;
/// The text asks for a comment, or sends one.
pub(super) const INVITATION: u16 = 1 << 5;
/// The text labels a field of a guest's form: name, e-mail, website.
pub(super) const FIELD: u16 = 1 << 6;
/// The text has a digit.
pub(super) const DIGIT: u16 = 1 << 7;
/// A line with a time names who wrote: "posted by", "Ann says:".
pub(super) const AUTHOR: u16 = 1 << 8;
const AGO: u16 = 1 << 9;
const UNIT: u16 = 1 << 10;
const DAY: u16 = 1 << 11;
/// The word begins with a digit.
const NUMBER: u16 = 1 << 12;
/// The word may be the end of one of the [`PHRASES`].
const PHRASE: u16 = 1 << 13;

const WORDS: [(u16, &str); 10] = [
    (
        AUTHOR,
        "says said wrote writes schrieb schreibt sagt écrit dit dijo dice escribió escreveu disse \
         scrisse написал написала пишет пише skrev zegt schreef napsal napisał yazdı كتب قال",
    ),
    (
        AGO,
        "ago hace vor fa há atrás atras geleden sedan siden síðan temu před назад тому \
         önce lalu yang trước sitten ezelőtt acum πριν לפני منذ قبل پیش पहले 전",
    ),
    (
        UNIT,
        "second seconds sec secs minute minutes min mins hour hours hr hrs day days week weeks \
         month months year years yr yrs segundo segundos minuto minutos hora horas día días dia \
         dias semana semanas mes meses mês año años ano anos sekunde sekunden minuten stunde \
         stunden tag tage tagen woche wochen monat monate monaten jahr jahre jahren seconde \
         secondes heure heures jour jours semaine semaines mois an ans secondi minuti ora ore \
         giorno giorni settimana settimane mese mesi anno anni uur dag dagen weken maand \
         maanden jaar timme timmar time timer dagar vecka veckor uge uger månad månader år \
         секунд секунду минут минуту минуты час часа часов день дня дней неделю недели недель \
         месяц месяца месяцев год года лет години годин днів хвилин saat dakika gün hafta ay yıl \
         godzin godziny godzinę dni dzień minuty tygodni miesięcy lat hodin hodinami dny dnů jam \
         menit hari minggu bulan tahun giờ phút ngày tuần tháng năm tuntia päivää órája napja \
         zile ώρες ημέρες λεπτά שעות ימים דקות ساعة ساعات دقيقة دقائق يوم أيام يومين أسبوع \
         أسابيع شهر أشهر سنة سنوات ساعت روز دقیقه ماه सेकंड मिनट घंटे दिन महीने साल 시간 분 일 주 개월 년",
    ),
    (
        DAY,
        "yesterday today gestern heute ayer hoy ieri oggi ontem hoje gisteren vandaag igår \
         wczoraj dzisiaj včera dnes вчера сегодня вчора сьогодні dün bugün kemarin أمس اليوم \
         دیروز امروز אתמול היום आज 어제 오늘",
    ),
    (
        CONTROL,
        "reply quote multiquote report flag permalink respond répondre citer signaler responder \
         citar denunciar reportar antworten zitieren melden beantworten rispondi cita \
         segnala reageer reageren beantwoorden citeren rapporteren svar svara citera anmäl \
         odpowiedz cytuj zgłoś odpovědět citovat nahlásit ответить цитата цитировать пожаловаться \
         відповісти цитувати yanıtla cevapla alıntı balas kutip lapor vastaa lainaa válasz \
         răspunde απάντηση παράθεση رد الرد اقتباس إبلاغ تبليغ پاسخ גזור הגב ציטוט דווח जवाब \
         답글 답장 신고 인용",
    ),
    (
        VOTE,
        "like dislike upvote downvote likes upvotes gusta curtir gefällt aime piace нравится \
         beğen suka thích أعجبني إعجاب لايك 좋아요 추천",
    ),
    (
        COMMENTS,
        "comment comments kommentar kommentare kommentaren kommentarer kommentit kommentti \
         commentaire commentaires comentario comentarios comentário comentários comentarii \
         commento commenti reactie reacties reactions opmerkingen komentarz komentarze komentarzy \
         komentar komentáře komentářů комментарий комментарии комментария комментариев коментар \
         коментарі коментарів отзыв отзывы отзывов hozzászólás hozzászólások yorum yorumlar \
         σχόλιο σχόλια תגובה תגובות تعليق تعليقات تعليقا التعليقات نظرات دیدگاه टिप्पणी टिप्पणियाँ \
         댓글 의견",
    ),
    (
        ANSWERS,
        "reply replies answer answers response responses antwort antworten réponse réponses \
         respuesta respuestas resposta respostas risposta risposte antwoord antwoorden svar \
         odpowiedzi odpovědi ответ ответа ответов ответы відповідей cevap cevaplar yanıt balasan \
         jawaban رد ردود الردود إجابة إجابات الإجابات پاسخ उत्तर 답변",
    ),
    (
        INVITATION,
        "kommentieren commenter comentar commenta reageren kommentera kommenter komentuj \
         skomentuj прокомментировать комментировать hozzászólok",
    ),
    (
        FIELD,
        "name email mail website nom nombre correo nome имя сайт почта nazwa imię jméno \
         isim ad nama naam namn navn webseite web url homepage courriel الاسم البريد 이름",
    ),
];

/// Looked for in short texts, lower-case.
const PHRASES: [(u16, &str); 62] = [
    (AUTHOR, "posted by"),
    (AUTHOR, "enviado por"),
    (AUTHOR, "投稿者"),
    (AUTHOR, "写道"),
    (AUTHOR, "寫道"),
    (CONTROL, "回复"),
    (CONTROL, "回覆"),
    (CONTROL, "引用"),
    (CONTROL, "举报"),
    (CONTROL, "舉報"),
    (CONTROL, "檢舉"),
    (CONTROL, "返信"),
    (CONTROL, "返答"),
    (CONTROL, "通報"),
    (CONTROL, "違反報告"),
    (CONTROL, "ตอบกลับ"),
    (CONTROL, "รายงาน"),
    (CONTROL, "trả lời"),
    (CONTROL, "trích dẫn"),
    (VOTE, "▲"),
    (VOTE, "いいね"),
    (VOTE, "参考になった"),
    (VOTE, "点赞"),
    (VOTE, "按讚"),
    (VOTE, "支持"),
    (VOTE, "反对"),
    (VOTE, "ถูกใจ"),
    (COMMENTS, "评论"),
    (COMMENTS, "評論"),
    (COMMENTS, "留言"),
    (COMMENTS, "网友跟帖"),
    (COMMENTS, "我来说两句"),
    (COMMENTS, "コメント"),
    (COMMENTS, "ความคิดเห็น"),
    (COMMENTS, "bình luận"),
    (COMMENTS, "ý kiến"),
    (ANSWERS, "条回复"),
    (ANSWERS, "則回應"),
    (ANSWERS, "个回答"),
    (ANSWERS, "個回答"),
    (ANSWERS, "件の回答"),
    (ANSWERS, "câu trả lời"),
    (INVITATION, "a comment"),
    (INVITATION, "your comment"),
    (INVITATION, "a reply"),
    (INVITATION, "un commentaire"),
    (INVITATION, "votre commentaire"),
    (INVITATION, "un comentario"),
    (INVITATION, "una respuesta"),
    (INVITATION, "um comentário"),
    (INVITATION, "un commento"),
    (INVITATION, "kommentar schreiben"),
    (INVITATION, "kommentar hinterlassen"),
    (INVITATION, "einen kommentar"),
    (INVITATION, "комментарий"),
    (INVITATION, "发表评论"),
    (INVITATION, "發表留言"),
    (INVITATION, "コメントする"),
    (INVITATION, "コメントを"),
    (INVITATION, "اترك تعليق"),
    (INVITATION, "أضف تعليق"),
    (INVITATION, "댓글 쓰기"),
];

/// Bytes of text read at the head and at the tail of a block.
const HEAD: usize = 120;
const TAIL: usize = 80;
/// Words that a control or a heading of a thread has at most.
const SHORT: f32 = 6.0;

/// What a word says by itself.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct WordCues(u16);

impl WordCues {
    pub(crate) fn of(word: &str) -> Self {
        static CUES: LazyLock<WordMap> =
            LazyLock::new(|| WordMap::new(WORDS.map(|(cue, words)| (cue.into(), words))));
        let mut cues = CUES.of_any_case(word) as u16;
        if word.starts_with(is_numeric) {
            cues |= NUMBER;
        }
        if may_end_phrase(word) {
            cues |= PHRASE;
        }
        Self(cues)
    }
}

/// Whether a word begins like the last of a phrase in ASCII: without one of them
/// there is no such phrase.
fn may_end_phrase(word: &str) -> bool {
    static ENDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
        let phrases = PHRASES.iter().filter(|(_, phrase)| phrase.is_ascii());
        phrases
            .filter_map(|(_, phrase)| phrase.split(' ').next_back())
            .collect()
    });
    let word = word.as_bytes();
    let first = word.first().map_or(0, u8::to_ascii_lowercase);
    let begins = |end: &[u8]| {
        let beginning = word.get(..end.len());
        end[0] == first && beginning.is_some_and(|word| word.eq_ignore_ascii_case(end))
    };
    ENDS.iter().any(|end| begins(end.as_bytes()))
}

/// The cues of block `i`.
pub(super) fn cues(facts: &PageFacts<'_>, i: usize) -> u16 {
    let (block, stats) = (facts.block(i), &facts.stats[i]);
    let text = block.text.as_str();
    let length = stats.length;
    let words = (facts.texts.of(i).iter()).map(|&number| facts.vocabulary.word(number).cues);
    let mut found = 0;
    if stats.date_like {
        found |= TIME;
    } else if text.len() <= HEAD + TAIL {
        let dated = stats.digits > 0 && tells_date(text);
        if dated || tells_age(text, stats.numeric, words.clone()) {
            found |= TIME;
        }
    } else {
        let cut = |at: &usize| text.is_char_boundary(*at);
        let head = (0..=HEAD).rev().find(cut).unwrap_or(0);
        let tail = (text.len() - TAIL..text.len()).find(cut);
        found |= time(&text[..head]) | tail.map_or(0, |tail| time(&text[tail..]));
    }
    let is_short = length <= 12.0 && text.len() <= HEAD + TAIL;
    let whole = is_short.then(|| said_by(text, stats.numeric, words));
    if let Some(said) = whole {
        let all = COMMENTS | ANSWERS | INVITATION | FIELD | DIGIT;
        found |= said & all;
        if found & TIME != 0 {
            found |= said & AUTHOR;
        }
        if length <= SHORT {
            found |= said & (CONTROL | VOTE);
        }
    }
    for link in &block.links {
        if link.len() <= 40 {
            let said = match whole {
                Some(whole) if link.len() == text.len() => whole,
                _ => said(&text[link.clone()]),
            };
            found |= said & (CONTROL | VOTE);
        }
    }
    found
}

/// All that a short text says.
pub(super) fn said(text: &str) -> u16 {
    let numeric = text.chars().any(is_numeric);
    said_by(text, numeric, words(text).map(WordCues::of))
}

fn said_by(text: &str, numeric: bool, words: impl Iterator<Item = WordCues>) -> u16 {
    let mut found = 0;
    // A control begins with its verb: "Reply to Ann", not "Annual report".
    let mut leads = true;
    for WordCues(cues) in words {
        let control = cues & (CONTROL | VOTE);
        found |= if leads { cues } else { cues & !control };
        leads &= control != 0 || cues & NUMBER != 0;
    }
    if numeric {
        found |= DIGIT;
    }
    let foreign = |c: char| !c.is_ascii() && (is_alphabetic(c) || c == '▲');
    if found & PHRASE != 0 || (!text.is_ascii() && text.contains(foreign)) {
        static SEARCH: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(PHRASES.into_iter()));
        found |= lower(text, &mut String::new(), |text| SEARCH.within(text));
    }
    found
}

/// [`TIME`] when a stretch of text holds a date, an hour or an age.
fn time(text: &str) -> u16 {
    let numeric = || text.chars().any(is_numeric);
    if tells_date(text) || tells_age(text, numeric(), words(text).map(WordCues::of)) {
        TIME
    } else {
        0
    }
}

/// "5 hours ago", "yesterday", `5h`.
fn tells_age(text: &str, numeric: bool, all: impl Iterator<Item = WordCues>) -> bool {
    if numeric && (cjk_age(text) || text.contains("ที่แล้ว") || text.contains("il y a "))
    {
        return true;
    }
    if numeric && text.len() <= 12 && words(text).next().is_some_and(is_short_age) {
        return true;
    }
    // Words since the last of each kind, as "ago" stands beside its number.
    const NEAR: usize = 3;
    let (mut ago, mut amount) = (None, None);
    for (i, WordCues(cues)) in all.enumerate() {
        if cues & AGO != 0 {
            ago = Some(i);
        }
        if cues & (UNIT | NUMBER) != 0 {
            amount = Some(i);
        }
        let day = cues & DAY != 0 && (numeric || text.len() <= 24);
        let aged = ago.zip(amount);
        if day || aged.is_some_and(|(ago, amount): (usize, usize)| ago.abs_diff(amount) <= NEAR) {
            return true;
        }
    }
    false
}

/// `5h`, `3d`, `2w`: how short posts tell their age.
fn is_short_age(word: &str) -> bool {
    let unit = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = word.len() - unit.len();
    (1..=3).contains(&digits) && matches!(unit, "s" | "m" | "h" | "d" | "w" | "mo" | "y" | "yr")
}

/// Chinese and Japanese put "before" after the unit: `3 小时前`, `5か月前`.
fn cjk_age(text: &str) -> bool {
    text.match_indices('前').any(|(at, _)| {
        text[..at]
            .trim_end()
            .chars()
            .next_back()
            .is_some_and(|c| "天日时時间間分钟鐘周週月年秒".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_many_languages() {
        for text in [
            "Ann, 5 hours ago",
            "an hour ago",
            "hace 4 horas",
            "vor 2 Stunden",
            "il y a 3 jours",
            "há 2 dias",
            "3 giorni fa",
            "2 uur geleden",
            "5 дней назад",
            "вчера в 10",
            "5小时前",
            "3 か月前",
            "3시간 전",
            "منذ 3 ساعات",
            "2 saat önce",
            "5 giờ trước",
            "1 ชั่วโมงที่แล้ว",
            "Posted 17.05.2024",
            "2009年5月",
            "۱۴۰۲/۰۵/۱۲",
            "3 May, 7 am",
            "9 يوليو 2020",
            "22. Jan. um 11:02",
            "6h",
        ] {
            assert_eq!(time(text), TIME, "{text}");
        }
        for text in [
            "Version 2.0.1",
            "Room 7",
            "1,234 members",
            "Windows 2000 users",
            "May I ask?",
            "6hats",
        ] {
            assert_eq!(time(text), 0, "{text}");
        }
    }

    #[test]
    fn no_list_holds_a_word_twice() {
        let words = WORDS
            .iter()
            .flat_map(|(cue, words)| words.split_whitespace().map(move |word| (*cue, word)));
        let mut all: Vec<(u16, &str)> = words.chain(PHRASES).collect();
        all.sort_unstable();
        let twice: Vec<_> = all.windows(2).filter(|w| w[0] == w[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }

    #[test]
    fn controls_are_read_in_many_languages() {
        for text in [
            "Reply",
            "Répondre",
            "Responder",
            "Antworten",
            "Rispondi",
            "Reageer",
            "Svara",
            "Odpowiedz",
            "Ответить",
            "回复",
            "返信",
            "رد",
            "Yanıtla",
            "Balas",
            "Trả lời",
            "답글",
        ] {
            assert_ne!(said(text) & CONTROL, 0, "{text}");
        }
        assert_eq!(said("Read more") & CONTROL, 0);
        assert_ne!(said("Like Reply Share") & CONTROL, 0);
        assert_eq!(said("Transparency report") & CONTROL, 0);
    }

    #[test]
    fn counts_of_comments_are_read_in_many_languages() {
        for text in [
            "14 comments",
            "Kommentare (3)",
            "9 comentarios",
            "Комментарии (4)",
            "评论 12",
            "コメント(2)",
            "3 تعليقات",
            "댓글 5",
        ] {
            let said = said(text);
            assert_ne!(said & COMMENTS, 0, "{text}");
            assert_ne!(said & DIGIT, 0, "{text}");
        }
        assert_ne!(said("3 Antworten") & ANSWERS, 0);
    }
}
