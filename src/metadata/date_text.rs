//! The first date in a text, in many languages and orders.
//!
//! The text is read as numbers, words and what stands between them; a date is
//! three of them side by side: `2024-05-17`, `17.05.2024`, `May 17th, 2024`,
//! `17 de mayo de 2024`, `2024年5月17日`. A date without its year is none.

use jiff::civil::{Date, Time};

use super::moment::Moment;
use super::month::month;

/// Which comes first in dates of three numbers that do not tell, `3/4/2021`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// 3 April.
    DayFirst,
    /// March 4.
    MonthFirst,
}

/// Pieces of a text that are read.
const MOST_PIECES: usize = 400;

/// A number or a word, and what stands between it and the next.
#[derive(Debug)]
struct Piece<'a> {
    text: &'a str,
    number: Option<i16>,
    digits: usize,
    /// What follows it, up to the next piece.
    gap: &'a str,
}

/// The first date in a text, with its hour where that follows.
pub(super) fn first(text: &str, order: Order) -> Option<Moment> {
    let digits = ascii_digits(text);
    let pieces = pieces(&digits);
    (0..pieces.len()).find_map(|i| {
        let (date, length) = date_at(&pieces[i..], order)?;
        Some(Moment {
            date,
            time: time_after(&pieces[i + length - 1..]),
            offset: None,
        })
    })
}

/// The text with the digits of other scripts as ASCII ones, and full-width
/// marks as theirs.
fn ascii_digits(text: &str) -> std::borrow::Cow<'_, str> {
    // Zeros of Arabic, Persian, Devanagari, Bengali, Thai, and full-width ones.
    const ZEROS: [u32; 6] = [0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xFF10];
    if text.is_ascii() {
        return text.into();
    }
    let as_ascii = |c: char| match c {
        '／' => '/',
        '．' => '.',
        '－' => '-',
        '：' => ':',
        _ => ZEROS
            .iter()
            .find_map(|zero| char::from_digit((c as u32).checked_sub(*zero)?.min(10), 10))
            .unwrap_or(c),
    };
    text.chars().map(as_ascii).collect::<String>().into()
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut at = 0;
    let mut gap_from = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = if c.is_ascii_digit() {
            rest.find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len())
        } else if is_letter(c) {
            rest.find(|c: char| !is_letter(c)).unwrap_or(rest.len())
        } else {
            at += c.len_utf8();
            continue;
        };
        if let Some(last) = pieces.last_mut() {
            last.gap = &text[gap_from..at];
        }
        if pieces.len() == MOST_PIECES {
            break;
        }
        let piece = &rest[..length];
        let number = if c.is_ascii_digit() {
            piece.parse().ok()
        } else {
            None
        };
        pieces.push(Piece {
            text: piece,
            number,
            digits: if c.is_ascii_digit() { length } else { 0 },
            gap: "",
        });
        at += length;
        gap_from = at;
    }
    if let Some(last) = pieces.last_mut().filter(|last| last.gap.is_empty()) {
        last.gap = &text[gap_from..];
    }
    pieces
}

/// Letters, and the marks of Hindi and Thai that stand in names of months.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '\u{93C}' | '\u{94D}' | '\u{E47}'..='\u{E4E}' | 'º' | 'ª')
}

impl Piece<'_> {
    fn year(&self) -> Option<i16> {
        match (self.digits, self.number?) {
            // The Thai count is 543 years ahead.
            (4, year @ 2500..2600) => Some(year - 543),
            (4, year @ 1900..2100) => Some(year),
            _ => None,
        }
    }

    /// A year of two digits as well.
    fn short_year(&self) -> Option<i16> {
        match (self.digits, self.number?) {
            (2, year @ 0..70) => Some(2000 + year),
            (2, year) => Some(1900 + year),
            _ => self.year(),
        }
    }

    fn day(&self) -> Option<i8> {
        let day = self.number.filter(|_| self.digits <= 2)?;
        i8::try_from(day).ok().filter(|day| (1..=31).contains(day))
    }

    fn month(&self) -> Option<i8> {
        match self.number {
            Some(_) => self.day().filter(|month| *month <= 12),
            None => month(self.text),
        }
    }

    fn is_word(&self, words: &[&str]) -> bool {
        words
            .iter()
            .any(|word| self.text.eq_ignore_ascii_case(word))
    }

    fn ends_with(&self, gap: &str) -> bool {
        self.gap.trim() == gap
    }

    /// Nothing but white space, a comma or a point before the next piece.
    fn is_near(&self) -> bool {
        self.gap
            .chars()
            .all(|c| c.is_whitespace() || matches!(c, ',' | '.' | '،' | '-' | '/' | '\''))
            && self.gap.chars().count() <= 4
    }
}

/// The date that pieces begin with, and how many they are.
fn date_at(pieces: &[Piece], order: Order) -> Option<(Date, usize)> {
    of_signs(pieces)
        .or_else(|| of_numbers(pieces, order))
        .or_else(|| with_name(pieces))
}

/// `2024年5月17日`, `2024년 5월 17일`, `ngày 17 tháng 5 năm 2024`.
fn of_signs(pieces: &[Piece]) -> Option<(Date, usize)> {
    if let [year, y, month, m, day, ..] = pieces
        && matches!((y.text, m.text), ("年", "月") | ("년", "월"))
    {
        let date = Date::new(year.year()?, month.month()?, day.day()?).ok()?;
        return Some((date, if pieces.len() > 5 { 6 } else { 5 }));
    }
    if let [day, m, month, y, year, ..] = pieces
        && m.is_word(&["tháng"])
        && y.is_word(&["năm"])
    {
        let date = Date::new(year.year()?, month.month()?, day.day()?).ok()?;
        return Some((date, 5));
    }
    None
}

/// Three numbers with the same mark between them.
fn of_numbers(pieces: &[Piece], order: Order) -> Option<(Date, usize)> {
    let [a, b, c, ..] = pieces else {
        return None;
    };
    let mark = a.gap.trim();
    if !matches!(mark, "-" | "/" | ".") || !b.ends_with(mark) {
        return None;
    }
    if let Some(year) = a.year() {
        return Some((Date::new(year, b.month()?, c.day()?).ok()?, 3));
    }
    let year = c.short_year()?;
    let (first, second) = (a.day()?, b.day()?);
    // Points are written between day and month, nowhere the other way about.
    let day_first = second <= 12 && (first > 12 || mark == "." || order == Order::DayFirst);
    let (day, month) = if day_first {
        (first, second)
    } else {
        (second, first)
    };
    Some((Date::new(year, month, day).ok()?, 3))
}

/// A month by its name, with a day and a year about it.
fn with_name(pieces: &[Piece]) -> Option<(Date, usize)> {
    const BETWEEN: [&str; 21] = [
        "of", "de", "del", "d", "the", "st", "nd", "rd", "th", "er", "º", "ª", "o", "e", "den",
        "di", "año", "م", "г", "р", "a",
    ];
    let mut near = [None; 3];
    let mut length = 0;
    let mut kept = 0;
    for (i, piece) in pieces.iter().take(8).enumerate() {
        // What stands between is passed over, but not at the beginning.
        if i > 0 && piece.number.is_none() && piece.is_word(&BETWEEN) {
            if !piece.is_near() {
                break;
            }
            continue;
        }
        near[kept] = Some(piece);
        kept += 1;
        length = i + 1;
        if kept == 3 || !piece.is_near() {
            break;
        }
    }
    let [Some(a), Some(b), Some(c)] = near else {
        return None;
    };
    let named = |piece: &Piece| piece.month().filter(|_| piece.number.is_none());
    let (year, month, day) = if let Some(month) = named(b) {
        if let Some(year) = a.year() {
            (year, month, c.day()?)
        } else {
            (c.short_year()?, month, a.day()?)
        }
    } else if let Some(month) = named(a) {
        (c.year()?, month, b.day()?)
    } else {
        // 2024. május 17. is b above; 2024, 17 May is here.
        (a.year()?, named(c)?, b.day()?)
    };
    Some((Date::new(year, month, day).ok()?, length))
}

/// The hour that follows a date's last piece within two more.
fn time_after(pieces: &[Piece]) -> Option<Time> {
    let near = pieces.first()?.gap.chars().count() <= 6;
    (1..pieces.len().min(4)).filter(|_| near).find_map(|i| {
        let (hour, minute) = (&pieces[i], pieces.get(i + 1)?);
        if hour.gap != ":" || minute.digits != 2 || hour.digits > 2 {
            return None;
        }
        let mut hours = i8::try_from(hour.number?).ok()?;
        let second = match pieces.get(i + 2) {
            Some(second) if minute.gap == ":" && second.digits == 2 => second.number?,
            _ => 0,
        };
        let last = if second > 0 || minute.gap == ":" {
            i + 2
        } else {
            i + 1
        };
        if let Some(half) = pieces
            .get(last + 1)
            .filter(|_| pieces[last].gap.trim().is_empty())
        {
            if half.is_word(&["pm", "p"]) && hours < 12 {
                hours += 12;
            } else if half.is_word(&["am", "a"]) && hours == 12 {
                hours = 0;
            }
        }
        let minutes = i8::try_from(minute.number?).ok()?;
        Time::new(hours, minutes, i8::try_from(second).ok()?, 0).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str, order: Order) -> Option<String> {
        first(text, order).map(|moment| moment.to_string())
    }

    #[test]
    fn dates_are_read_in_many_languages_scripts_and_orders() {
        for (text, expected) in [
            ("Published on 2024-05-17 by Ada", "2024-05-17"),
            ("Stand: 17.05.2024, 10:45 Uhr", "2024-05-17T10:45:00"),
            ("17.5.24", "2024-05-17"),
            ("5/17/24", "2024-05-17"),
            ("2024/05/17 08:30:09", "2024-05-17T08:30:09"),
            ("2024／05／17", "2024-05-17"),
            ("2024年5月17日 21:23", "2024-05-17T21:23:00"),
            ("2024 年 5 月 17 日", "2024-05-17"),
            ("2024년 5월 17일", "2024-05-17"),
            ("2024. 5. 17. 오후", "2024-05-17"),
            ("May 17th, 2024", "2024-05-17"),
            ("MAY 17, 2024 2:30 PM ET", "2024-05-17T14:30:00"),
            ("May 17, 2024 at 12:05 am", "2024-05-17T00:05:00"),
            ("the 3rd of May 2024", "2024-05-03"),
            ("17 mai 2024", "2024-05-17"),
            ("le 1er juin 2024", "2024-06-01"),
            ("17 de mayo de 2024", "2024-05-17"),
            ("22. März 2024", "2024-03-22"),
            ("17. toukokuuta 2024", "2024-05-17"),
            ("2024. május 17.", "2024-05-17"),
            ("17 травня 2024 р.", "2024-05-17"),
            ("17 Μαΐου 2024", "2024-05-17"),
            ("17 במאי 2024", "2024-05-17"),
            ("9 يوليو 2020", "2020-07-09"),
            ("٢٠٢٤/٠٥/١٧", "2024-05-17"),
            ("१७ मार्च २०२४", "2024-03-17"),
            ("17 พฤษภาคม 2567", "2024-05-17"),
            ("ngày 17 tháng 5 năm 2024", "2024-05-17"),
            ("Fri May 17 2024", "2024-05-17"),
            ("17-May-2024", "2024-05-17"),
        ] {
            assert_eq!(
                read(text, Order::DayFirst).as_deref(),
                Some(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn the_order_matters_only_where_the_numbers_do_not_tell() {
        assert_eq!(read("3/4/2021", Order::DayFirst).unwrap(), "2021-04-03");
        assert_eq!(read("3/4/2021", Order::MonthFirst).unwrap(), "2021-03-04");
        assert_eq!(read("13/4/2021", Order::MonthFirst).unwrap(), "2021-04-13");
        assert_eq!(read("4/13/2021", Order::DayFirst).unwrap(), "2021-04-13");
        assert_eq!(read("3.4.2021", Order::MonthFirst).unwrap(), "2021-04-03");
    }

    #[test]
    fn what_else_is_numbered_is_no_date() {
        for text in [
            "Version 2.0.1",
            "May 17",
            "31 February 2024",
            "2024-13-40",
            "© 2024 Post",
            "Call 555-12-34",
            "In 2024, 12 towns",
            "",
        ] {
            assert_eq!(read(text, Order::DayFirst), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "([0-9٠-٩]{1,5}|[-./: ]|年|月|May|de|\\PC){0,30}") {
            let _ = first(&text, Order::MonthFirst);
        }
    }
}
