//! Thrift's compact protocol, as far as Parquet's headers need it to be walked
//! (Thrift, *Compact protocol encoding*).

use std::io::Read;

use parquet::errors::{ParquetError, Result};

/// Structs, lists and maps that may stand in each other.
const DEEPEST: u32 = 32;

/// Kinds of fields.
pub(super) const I32: u8 = 5;
pub(super) const LIST: u8 = 9;
pub(super) const STRUCT: u8 = 12;
const TRUE: u8 = 1;
const FALSE: u8 = 2;

pub(super) fn broken(problem: &str) -> ParquetError {
    ParquetError::General(problem.to_owned())
}

/// Walks structs, and counts the bytes it takes.
pub(super) struct Thrift<R> {
    read: R,
    /// Bytes taken so far.
    pub taken: u64,
}

impl<R: Read> Thrift<R> {
    pub fn new(read: R) -> Self {
        Self { read, taken: 0 }
    }

    fn byte(&mut self) -> Result<u8> {
        let mut byte = [0];
        self.read.read_exact(&mut byte)?;
        self.taken += 1;
        Ok(byte[0])
    }

    fn varint(&mut self) -> Result<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(broken("a number of a header has no end"))
    }

    /// A field of kind [`I32`].
    pub fn i32(&mut self, kind: u8) -> Result<i32> {
        if kind != I32 {
            return Err(broken("a field of a header is no number"));
        }
        let number = self.varint()?;
        let signed = (number >> 1) as i64 ^ -((number & 1) as i64);
        i32::try_from(signed).map_err(|_| broken("a number of a header is too large"))
    }

    /// A field that is true or false: its kind says which.
    pub fn boolean(&mut self, kind: u8) -> Result<bool> {
        match kind {
            TRUE => Ok(true),
            FALSE => Ok(false),
            _ => Err(broken("a field of a header is neither true nor false")),
        }
    }

    /// How many items a list has, and of what kind.
    pub fn list(&mut self) -> Result<(u64, u8)> {
        let head = self.byte()?;
        let short = u64::from(head >> 4);
        let items = if short == 15 { self.varint()? } else { short };
        Ok((items, head & 0x0f))
    }

    /// Gives `field` the number and kind of each field of a struct; it must
    /// read the field or [`skip`](Self::skip) it.
    pub fn fields(
        &mut self,
        mut field: impl FnMut(&mut Self, i16, u8) -> Result<()>,
    ) -> Result<()> {
        let mut number = 0_i16;
        loop {
            let head = self.byte()?;
            let kind = head & 0x0f;
            if kind == 0 {
                return Ok(());
            }
            number = match head >> 4 {
                0 => {
                    let given = self.varint()?;
                    ((given >> 1) as i16) ^ -((given & 1) as i16)
                }
                step => number.saturating_add(i16::from(step)),
            };
            field(self, number, kind)?;
        }
    }

    pub fn skip(&mut self, kind: u8) -> Result<()> {
        self.skip_within(kind, DEEPEST)
    }

    fn skip_within(&mut self, kind: u8, depth: u32) -> Result<()> {
        let inner = depth
            .checked_sub(1)
            .ok_or_else(|| broken("a header is nested too deeply"))?;
        match kind {
            TRUE | FALSE => Ok(()),
            3 => self.bytes(1),
            4..=6 => self.varint().map(|_| ()),
            7 => self.bytes(8),
            8 => {
                let length = self.varint()?;
                self.bytes(length)
            }
            LIST | 10 => {
                let (items, kind) = self.list()?;
                (0..items).try_for_each(|_| self.skip_item(kind, inner))
            }
            11 => {
                let pairs = self.varint()?;
                let kinds = if pairs > 0 { self.byte()? } else { 0 };
                (0..pairs).try_for_each(|_| {
                    self.skip_item(kinds >> 4, inner)?;
                    self.skip_item(kinds & 0x0f, inner)
                })
            }
            STRUCT => self.fields(|thrift, _, kind| thrift.skip_within(kind, inner)),
            13 => self.bytes(16),
            _ => Err(broken("a header has a field of no known kind")),
        }
    }

    /// An item of a list has a byte even where it is true or false.
    fn skip_item(&mut self, kind: u8, depth: u32) -> Result<()> {
        match kind {
            TRUE | FALSE => self.bytes(1),
            _ => self.skip_within(kind, depth),
        }
    }

    fn bytes(&mut self, length: u64) -> Result<()> {
        let skipped = std::io::copy(&mut (&mut self.read).take(length), &mut std::io::sink())?;
        self.taken += skipped;
        if skipped < length {
            return Err(broken("a header stops before its end"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_field_can_be_skipped_to_reach_the_next() {
        let fields = [
            &[0x11][..],                     // 1: true
            &[0x13, 0x7f],                   // 2: a byte
            &[0x16, 0x80, 0x01],             // 3: i64
            &[0x17, 1, 2, 3, 4, 5, 6, 7, 8], // 4: a double
            &[0x18, 3, b'T', b'e', b'a'],    // 5: bytes
            &[0x19, 0x25, 0x02, 0x04],       // 6: two i32
            &[0x1b, 1, 0x85, 1, b'x', 0x02], // 7: bytes → i32
            &[0x1c, 0x15, 0x02, 0x00],       // 8: a struct
            &[0x05, 0x28, 0x03],             // 20: i32, -2
            &[0x00],
        ]
        .concat();
        let mut thrift = Thrift::new(&fields[..]);
        let mut last = None;
        let read = thrift.fields(|thrift, number, kind| {
            if number == 20 {
                last = Some(thrift.i32(kind)?);
                return Ok(());
            }
            thrift.skip(kind)
        });
        read.unwrap();
        assert_eq!((last, thrift.taken), (Some(-2), fields.len() as u64));
    }

    #[test]
    fn headers_without_end_and_without_bottom_are_errors() {
        let mut deep = vec![0x1c; 1 << 20];
        assert!(Thrift::new(&deep[..]).skip(STRUCT).is_err());
        deep.fill(0xff);
        assert!(Thrift::new(&deep[..]).skip(8).is_err());
        assert!(Thrift::new(&[0x7f][..]).skip(8).is_err());
    }
}
