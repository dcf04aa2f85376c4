//! Dates and hours in a text, in many languages and the digits of any script.
//!
//! One pass: numbers that the same mark joins are read together, words are
//! looked up among the names of months. What else is numbered is none, versions
//! above all: `2.0.1` has no month, `1.10.12` may have one but is written so
//! more often for a version.

use std::sync::LazyLock;

use super::word_map::WordMap;
use crate::text::class::is_numeric;
use crate::text::{is_cjk, is_word_char};

/// Bytes of text up to which a year beside a day's number is a date, whatever
/// the word between them: in longer ones the two may well be counts.
const SHORT: usize = 80;

/// Names of months, whole or cut, as dates have them.
const MONTHS: &str = "jan feb mar apr may jun jul aug sep sept oct nov dec january february march \
    april june july august september october november december januar jänner februar märz mrz mai \
    juni juli oktober okt dezember dez janvier janv février févr mars avril avr juin juillet juil \
    août septembre octobre novembre décembre déc enero ene febrero marzo abril abr mayo junio \
    julio agosto septiembre setiembre octubre noviembre diciembre dic janeiro fevereiro fev março \
    maio junho julho setembro outubro novembro dezembro gennaio febbraio aprile maggio giugno giu \
    luglio lug settembre ottobre ott dicembre januari februari maart mei augustus maj augusti \
    marts desember maret agustus styczeń stycznia luty lutego marzec marca kwiecień kwietnia maja \
    czerwiec czerwca lipiec lipca sierpień sierpnia wrzesień września październik października \
    listopad listopada grudzień grudnia ledna února března dubna května června července srpna září \
    října listopadu prosince január február március április május június július augusztus \
    szeptember október ianuarie februarie martie aprilie iunie iulie septembrie octombrie noiembrie \
    decembrie tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta \
    syyskuuta lokakuuta marraskuuta joulukuuta ocak şubat nisan mayıs haziran temmuz ağustos eylül \
    ekim kasım aralık январь января февраль февраля март марта апрель апреля май мая июнь июня июль \
    июля август августа сентябрь сентября октябрь октября ноябрь ноября декабрь декабря янв фев мар \
    апр июн июл авг сен окт ноя дек січня лютого березня квітня травня червня липня серпня вересня \
    жовтня листопада грудня ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου \
    σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου ינואר בינואר פברואר בפברואר מרץ במרץ אפריל באפריל \
    מאי במאי יוני ביוני יולי ביולי אוגוסט באוגוסט ספטמבר בספטמבר אוקטובר באוקטובר נובמבר בנובמבר \
    דצמבר בדצמבר يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر شباط \
    آذار نيسان أيار حزيران تموز أيلول تشرين فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر \
    دی بهمن اسفند ژانویه فوریه آوریل ژوئن ژوئیه سپتامبر اکتبر نوامبر دسامبر जनवरी फरवरी मार्च \
    अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม \
    มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม";

/// True when a text holds a date or an hour: `2024-05-17`, `17.05.2024`,
/// `5/17/24`, `5/2024`, `10:45`, `2024年`, `5월`; a month's name beside a day or
/// a year; and in a text of at most 80 bytes a year and a day within two words
/// of each other. Linear in the text; nothing is allocated.
pub(super) fn tells_date(text: &str) -> bool {
    let Some(first) = text.find(|c| digit(c).is_some()) else {
        return false;
    };
    // Numbers make a date with at most the three words before them.
    let mut rest = &text[last_words(&text[..first], 3)..];
    let near = |a: Option<usize>, b: Option<usize>, reach: usize| {
        a.zip(b).is_some_and(|(a, b)| a.abs_diff(b) <= reach)
    };
    let (mut year, mut foreign_year, mut day, mut month) = (None, None, None, None);
    let mut at = 0_usize;
    while let Some(start) = rest.find(is_word_char) {
        rest = &rest[start..];
        if rest.starts_with(|c| digit(c).is_some()) {
            let numbers = Numbers::at_start_of(rest);
            rest = &rest[numbers.bytes..];
            if numbers.is_date() || numbers.is_date_before(rest) {
                return true;
            }
            let number = numbers.parts[0];
            let end = rest
                .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, 'º' | 'ª' | '_')))
                .unwrap_or(rest.len());
            let (suffix, after) = rest.split_at(end);
            rest = after;
            let ordinal = matches!(suffix, "st" | "nd" | "rd" | "th" | "er" | "e" | "º" | "ª");
            if numbers.count == 1 && suffix.is_empty() && number.is_year() {
                year = Some(at);
            } else if numbers.count == 1 && suffix.is_empty() && number.is_foreign_year() {
                foreign_year = Some(at);
            } else if numbers.count == 1 && (suffix.is_empty() || ordinal) && number.is_day() {
                day = Some(at);
            }
        } else {
            let (word, after) = rest.split_at(word_end(rest));
            rest = after;
            if matches!(word, "de" | "del" | "d" | "of" | "the") {
                continue;
            }
            if is_month(word) {
                month = Some(at);
            }
        }
        if near(month, day, 1)
            || near(month, year.or(foreign_year), 2)
            || (text.len() <= SHORT && near(year, day, 2))
        {
            return true;
        }
        at += 1;
    }
    false
}

fn is_month(word: &str) -> bool {
    static SET: LazyLock<WordMap> = LazyLock::new(|| WordMap::new([(1, MONTHS)]));
    SET.of_any_case(word) != 0
}

/// Where the last `n` runs of word characters of a text begin.
fn last_words(text: &str, n: usize) -> usize {
    let mut begin = text.len();
    for _ in 0..n {
        let before = text[..begin].trim_end_matches(|c| !is_in_word(c));
        begin = before.trim_end_matches(is_in_word).len();
    }
    begin
}

/// Bytes of the word that a text begins with: one character where it is Han or
/// Kana; an ASCII word has digits, others end before them.
fn word_end(text: &str) -> usize {
    let mut before = '\0';
    for (at, c) in text.char_indices() {
        let digits_begin = !before.is_ascii() && digit(c).is_some();
        if at > 0 && (!is_in_word(c) || is_cjk(c) || is_cjk(before) || digits_begin) {
            return at;
        }
        before = c;
    }
    text.len()
}

/// Word characters, and the marks of Hindi and Thai that are no letters and
/// stand in the names of months.
fn is_in_word(c: char) -> bool {
    is_word_char(c) || matches!(c, '\u{93C}' | '\u{94D}' | '\u{E47}'..='\u{E4E}')
}

/// The value of a decimal digit of any script that dates are written in.
fn digit(c: char) -> Option<u32> {
    if c.is_ascii() {
        return c.to_digit(10);
    }
    // Zeros of Arabic, Persian, the scripts of India, Thai, Lao, Tibetan,
    // Burmese, Khmer, and full-width ones.
    const ZEROS: [u32; 18] = [
        0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50,
        0xED0, 0xF20, 0x1040, 0x17E0, 0xFF10,
    ];
    if !is_numeric(c) {
        return None;
    }
    ZEROS
        .iter()
        .find_map(|zero| (c as u32).checked_sub(*zero).filter(|value| *value < 10))
}

#[derive(Clone, Copy, Default)]
struct Number {
    digits: usize,
    value: u32,
}

impl Number {
    /// Reads the digits that a text begins with, and says how many bytes.
    fn at_start_of(text: &str) -> (Self, usize) {
        let mut number = Self::default();
        for (at, c) in text.char_indices() {
            let Some(value) = digit(c) else {
                return (number, at);
            };
            number.digits += 1;
            number.value = number.value.saturating_mul(10).saturating_add(value);
        }
        (number, text.len())
    }

    fn is_year(self) -> bool {
        self.digits == 4 && (1900..2100).contains(&self.value)
    }

    /// A year of the last decades by the Persian, the Islamic or the Thai
    /// count.
    fn is_foreign_year(self) -> bool {
        self.digits == 4 && matches!(self.value, 1300..1500 | 2400..2600)
    }

    fn is_any_year(self) -> bool {
        self.is_year() || self.is_foreign_year()
    }

    fn is_month(self) -> bool {
        (1..=2).contains(&self.digits) && (1..=12).contains(&self.value)
    }

    fn is_day(self) -> bool {
        (1..=2).contains(&self.digits) && (1..=31).contains(&self.value)
    }
}

/// Numbers joined by points, hyphens or slashes, each between two digits.
#[derive(Default)]
struct Numbers {
    bytes: usize,
    count: usize,
    parts: [Number; 3],
    last: Number,
    /// What joins them, where it is the same throughout.
    mark: Option<char>,
}

impl Numbers {
    fn at_start_of(text: &str) -> Self {
        let mut numbers = Self::default();
        loop {
            let (number, bytes) = Number::at_start_of(&text[numbers.bytes..]);
            if let Some(part) = numbers.parts.get_mut(numbers.count) {
                *part = number;
            }
            numbers.last = number;
            numbers.count += 1;
            numbers.bytes += bytes;
            // Marks of direction stand before the joint in Arabic dates.
            let rest = &text[numbers.bytes..];
            let joint = rest.trim_start_matches(['\u{200E}', '\u{200F}']);
            let mut chars = joint.chars();
            let mark = chars.next().filter(|c| matches!(c, '-' | '/' | '.' | '／'));
            let Some(mark) = mark.filter(|_| chars.next().is_some_and(|c| digit(c).is_some()))
            else {
                return numbers;
            };
            numbers.mark = match numbers.count {
                1 => Some(mark),
                _ => numbers.mark.filter(|before| *before == mark),
            };
            numbers.bytes += rest.len() - joint.len() + mark.len_utf8();
        }
    }

    fn is_date(&self) -> bool {
        let [a, b, c] = self.parts;
        let Some(mark) = self.mark else {
            return false;
        };
        let pointed = mark == '.';
        match self.count {
            // `2024.1` is a version.
            2 => {
                (a.is_month() && b.is_year())
                    || (a.is_year() && b.is_month() && (!pointed || b.digits == 2))
            }
            3 => {
                let day_and_month =
                    (a.is_day() && b.is_month()) || (a.is_month() && b.is_day() && !pointed);
                let two_digits =
                    c.digits == 2 && (!pointed || a.digits == 2 && (b.digits == 2 || a.value > 12));
                (a.is_any_year() && b.is_month() && c.is_day())
                    || (day_and_month && (c.is_any_year() || two_digits))
            }
            _ => false,
        }
    }

    /// True when the last number makes a date, or an hour, with what follows.
    fn is_date_before(&self, rest: &str) -> bool {
        let mut chars = rest.strip_prefix(' ').unwrap_or(rest).chars();
        match chars.next() {
            Some('年' | '년') => self.last.is_year(),
            Some('月' | '월') => self.last.is_month(),
            Some(':' | '：') if !rest.starts_with(' ') => {
                let (minutes, _) = Number::at_start_of(chars.as_str());
                let hour = (1..=2).contains(&self.last.digits) && self.last.value < 24;
                hour && minutes.digits == 2 && minutes.value < 60
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    #[test]
    fn dates_and_hours_are_read_in_many_languages_and_scripts() {
        for date in [
            "2024-05-17",
            "Posted 17.05.2024",
            "5/17/24",
            "17.5.24",
            "at 10:45",
            "2024-05-17T08:30",
            "05/2024",
            "2024.05",
            "2024年5月",
            "2024 年 5 月 17 日",
            "午前10：45",
            "오전10:45",
            "2024／05／17",
            "5월 17일",
            "2024년 봄",
            "2024. 5. 17.",
            "3 May, 7 am",
            "May 17th, 2024",
            "the 3rd of May",
            "Mai 2024",
            "MÄRZ 2024",
            "22. Jan. um 11 Uhr",
            "le 1er juin",
            "17 mai 2024",
            "17 de mayo",
            "17 de mayo de 2024",
            "17. toukokuuta 2024",
            "2024. május 17.",
            "Май 2024",
            "17 травня 2024 р.",
            "17 Μαΐου 2024",
            "17 במאי 2024",
            "9 يوليو 2020",
            "٢٠٢٤/٠٥/١٧",
            "١٧\u{200F}/٥\u{200F}/٢٠٢٤",
            "۱۴۰۲/۰۵/۱۲",
            "۱۲ مرداد ۱۴۰۲",
            "१७ मार्च २०२४",
            "17 พฤษภาคม 2567",
            "17 กุมภาพันธ์ 2567",
            "ngày 17 tháng 5 năm 2024",
        ] {
            assert!(tells_date(date), "{date}");
        }
    }

    #[test]
    fn what_else_is_numbered_is_no_date() {
        for other in [
            "Version 2.0",
            "Version 2.0.1",
            "Version 2.1.3",
            "Version 1.10.12",
            "v4.11.2",
            "IntelliJ 2024.1",
            "Version 4.17.2021.6",
            "Address 10.1.12.13",
            "1,234 members",
            "Room 2024",
            "Windows 2000 users",
            "Won by 2:1",
            "Odds of 10:500",
            "25:10",
            "After 10年",
            "13月",
            "2019-2024",
            "© 2024 Post",
            "May I ask?",
            "May we have 5?",
            "Phone 555-12-34",
            "May",
            "",
            "½ ② Ⅷ",
        ] {
            assert!(!tells_date(other), "{other}");
        }
    }

    #[test]
    fn in_a_long_text_a_year_beside_a_count_is_no_date() {
        let short = "In 2024 some 12 towns had a bridge.";
        assert!(tells_date(short));
        let long = format!("{short} None of them was as old as that of the town on the hill.");
        assert!(!tells_date(&long));
        assert!(tells_date(&format!("{long} It fell on May 5.")));
    }

    #[test]
    fn no_month_is_listed_twice() {
        let months: Vec<&str> = MONTHS.split_whitespace().collect();
        let distinct: HashSet<&&str> = months.iter().collect();
        let mut twice = months.clone();
        twice.sort_unstable();
        let twice: Vec<_> = twice.windows(2).filter(|w| w[0] == w[1]).collect();
        assert_eq!(distinct.len(), months.len(), "{twice:?}");
        for month in months {
            assert!(is_month(month), "{month}");
            assert!(tells_date(&format!("17 {month}")), "{month}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "([0-9٠-٩]{1,4}|[-./: \u{200F}]|年|월|May|\\PC){0,30}") {
            tells_date(&text);
        }
    }
}
