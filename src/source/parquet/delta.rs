//! Numbers that are written as differences (Parquet's *Encodings*,
//! `DELTA_BINARY_PACKED`), measured before they are decoded: the decoders
//! reserve room for as many as are claimed, and slice texts by any length.

use parquet::errors::Result;

use super::thrift::broken;

/// Numbers that a page may hold; writers end pages at some ten thousand rows.
const MOST: usize = 16 << 20;

/// Numbers and where they end.
pub(super) struct Delta {
    pub values: usize,
    /// The byte behind the last block.
    pub end: usize,
    /// Whether none is negative, and what they add up to.
    sum: Option<u64>,
}

/// Bits from the lowest of each byte on.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    /// The byte at `at` and what follows: a number of seven bits a byte.
    fn varint(&mut self) -> Result<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte =
                *(self.bytes.get(self.at)).ok_or_else(|| broken("a page of differences is cut"))?;
            self.at += 1;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(broken("a number of a page has no end"))
    }

    fn zigzag(&mut self) -> Result<i64> {
        let number = self.varint()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }
}

/// The number of `width` bits at bit `at`.
fn bits(bytes: &[u8], at: usize, width: usize) -> u64 {
    let mut number = 0_u128;
    let last = (at + width).div_ceil(8).min(bytes.len());
    for (place, &byte) in bytes[at / 8..last].iter().enumerate() {
        number |= u128::from(byte) << (8 * place);
    }
    ((number >> (at % 8)) & ((1 << width) - 1)) as u64
}

impl Delta {
    /// Walks the blocks of at most `most` numbers.
    pub fn read(bytes: &[u8], most: usize) -> Result<Self> {
        let mut head = Bits { bytes, at: 0 };
        let block = head.varint()?;
        let minis = head.varint()?;
        let values = head.varint()?;
        let first = head.zigzag()?;
        if values > most.min(MOST) as u64 {
            return Err(broken(
                "a page of differences claims more values than the page has",
            ));
        }
        let values = values as usize;
        // A block has a byte for the width of each of its parts.
        if minis == 0 || minis > bytes.len() as u64 || block == 0 || block > 1 << 32 {
            return Err(broken(
                "a page of differences has blocks of an impossible size",
            ));
        }
        let (minis, each) = (minis as usize, (block / minis) as usize);
        if each == 0 || !each.is_multiple_of(32) || !block.is_multiple_of(minis as u64) {
            return Err(broken(
                "a page of differences has blocks of an impossible size",
            ));
        }
        let mut number = first;
        let mut sum = u64::try_from(first)
            .ok()
            .filter(|_| values > 0)
            .or((values == 0).then_some(0));
        let mut left = values.saturating_sub(1);
        while left > 0 {
            let least = head.zigzag()?;
            let widths = bytes
                .get(head.at..head.at + minis)
                .ok_or_else(|| broken("a page of differences is cut"))?;
            head.at += minis;
            for &width in widths {
                // Widths behind the last value need not mean anything.
                if left == 0 {
                    break;
                }
                let width = usize::from(width);
                if width > 64 {
                    return Err(broken("a page of differences has too wide a number"));
                }
                let here = left.min(each);
                let packed = &bytes[head.at..];
                let length = (each / 8).checked_mul(width);
                let whole = length.filter(|&length| length <= packed.len());
                // The last part may be cut behind its last value.
                let length = match whole {
                    Some(length) => length,
                    None if here == left && (here * width).div_ceil(8) <= packed.len() => {
                        packed.len()
                    }
                    None => return Err(broken("a page of differences is cut")),
                };
                for place in 0..here {
                    let difference = bits(packed, place * width, width);
                    number = number.wrapping_add(least).wrapping_add(difference as i64);
                    sum = sum
                        .zip(u64::try_from(number).ok())
                        .and_then(|(sum, number)| sum.checked_add(number));
                }
                head.at += length;
                left -= here;
            }
        }
        Ok(Self {
            values,
            end: head.at,
            sum,
        })
    }

    /// Whether texts of these lengths lie in the bytes behind them.
    pub fn check_lengths(&self, bytes: &[u8]) -> Result<()> {
        let behind = bytes.len().saturating_sub(self.end) as u64;
        match self.sum {
            Some(sum) if sum <= behind => Ok(()),
            _ => Err(broken("the texts of a page do not lie within it")),
        }
    }
}
