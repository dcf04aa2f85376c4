//! How a page writes a date → the date, with hour and zone where given.

use std::fmt;

use jiff::civil::{Date, Time};
use jiff::fmt::rfc2822;
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};

use super::date_text::{self, Order};

/// A date as ISO 8601 writes it (its `Display`): the day, the hour where it is
/// known, the offset where that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The day, as the page writes it.
    pub date: Date,
    /// The hour.
    pub time: Option<Time>,
    /// The zone's distance from UTC; only beside an hour.
    pub offset: Option<Offset>,
}

/// Dates before are no page's: the web is younger.
const FIRST: Date = Date::constant(1990, 1, 1);

impl Moment {
    /// Reads a date as markup has it, and as people write it: ISO 8601, RFC
    /// 2822, seconds or milliseconds since 1970, else the first date in the
    /// text. `None` where there is none.
    pub(super) fn parse(text: &str, order: Order) -> Option<Self> {
        let text = text.trim();
        let iso = Self::of_iso(text).or_else(|| Self::of_spaced_iso(text));
        if let Some(moment) = iso.or_else(|| Self::of_number(text)) {
            return Some(moment);
        }
        if let Ok(zoned) = rfc2822::parse(text) {
            return Some(Self {
                date: zoned.date(),
                time: Some(zoned.time()),
                offset: Some(zoned.offset()),
            });
        }
        date_text::first(text, order)
    }

    /// Reads a date as corpora and extractors write it, the year first, whole
    /// or at the beginning of the text; `None` for less than a day.
    pub fn of_day(text: &str) -> Option<Self> {
        Self::of_iso(text.trim()).or_else(|| date_text::first(text, Order::DayFirst))
    }

    /// Reads the first date in a text that is one and the same whichever of day and
    /// month comes first.
    pub(crate) fn of_plain_day(text: &str) -> Option<Self> {
        let found = date_text::first(text, Order::DayFirst);
        found.filter(|_| found == date_text::first(text, Order::MonthFirst))
    }

    /// Reads ISO 8601, whole.
    pub(super) fn of_iso(text: &str) -> Option<Self> {
        let pieces = Pieces::parse(text).ok()?;
        Some(Self {
            date: pieces.date(),
            time: pieces.time(),
            offset: pieces.time().and(pieces.to_numeric_offset()),
        })
    }

    /// `2021-03-04 10:05:06 +0530`, `2021-03-04 10:05:06 UTC`: ISO 8601 but for
    /// the space before the zone.
    fn of_spaced_iso(text: &str) -> Option<Self> {
        let (moment, zone) = text.rsplit_once(' ')?;
        match zone {
            "UTC" | "GMT" | "Z" => Self::of_iso(&format!("{moment}Z")),
            _ if zone.starts_with(['+', '-']) => Self::of_iso(&format!("{moment}{zone}")),
            _ => None,
        }
    }

    fn of_number(text: &str) -> Option<Self> {
        let number: i64 = text.parse().ok()?;
        let timestamp = match text.len() {
            10 => Timestamp::from_second(number).ok()?,
            13 => Timestamp::from_millisecond(number).ok()?,
            _ => return None,
        };
        let civil = Offset::UTC.to_datetime(timestamp);
        Some(Self {
            date: civil.date(),
            time: Some(civil.time()),
            offset: Some(Offset::UTC),
        })
    }

    /// Whether a page may be of that date: not before 1990, and not more than a
    /// year after `today`.
    pub(super) fn is_plausible(&self, today: Date) -> bool {
        let last = today.checked_add(1.year()).unwrap_or(Date::MAX);
        (FIRST..=last).contains(&self.date)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date)?;
        let Some(time) = self.time else {
            return Ok(());
        };
        write!(
            f,
            "T{:02}:{:02}:{:02}",
            time.hour(),
            time.minute(),
            time.second()
        )?;
        let Some(offset) = self.offset else {
            return Ok(());
        };
        let minutes = offset.seconds() / 60;
        if minutes == 0 {
            return f.write_str("Z");
        }
        let sign = if minutes < 0 { '-' } else { '+' };
        let minutes = minutes.abs();
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        Moment::parse(text, Order::DayFirst).map(|moment| moment.to_string())
    }

    #[test]
    fn what_markup_has_keeps_its_hour_and_its_zone() {
        for (text, expected) in [
            ("2021-03-04", "2021-03-04"),
            ("2021-03-04T10:05", "2021-03-04T10:05:00"),
            ("2021-03-04T10:05:06.789+01:00", "2021-03-04T10:05:06+01:00"),
            ("2021-03-04 10:05:06 +0530", "2021-03-04T10:05:06+05:30"),
            ("2021-03-04 10:05:06 UTC", "2021-03-04T10:05:06Z"),
            ("2021-03-04T10:05:06-0330", "2021-03-04T10:05:06-03:30"),
            ("2021-03-04T10:05:06.000Z", "2021-03-04T10:05:06Z"),
            ("20210304", "2021-03-04"),
            (
                "Thu, 04 Mar 2021 10:05:06 +0100",
                "2021-03-04T10:05:06+01:00",
            ),
            ("1614848706", "2021-03-04T09:05:06Z"),
            ("1614848706000", "2021-03-04T09:05:06Z"),
            ("Published 4 March 2021", "2021-03-04"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "today", "2021", "12345", "99999999999"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn dates_before_the_web_and_beyond_a_year_are_not_plausible() {
        let today = Date::constant(2024, 6, 1);
        let plausible = |text| {
            Moment::parse(text, Order::DayFirst)
                .unwrap()
                .is_plausible(today)
        };
        assert!(plausible("1990-01-01") && plausible("2025-06-01"));
        assert!(!plausible("1989-12-31") && !plausible("2025-06-02"));
    }
}
