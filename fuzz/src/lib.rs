//! What must hold of what dehusk gives for bytes that no one would write, and
//! how the targets take their inputs apart.

mod rendering;

use std::io::Read;

pub use rendering::{check_extraction, check_judged, check_markdown, check_tei};

/// The first bytes of an input, which say how the rest is read. Their low bits
/// count, so that a seed can be written with digits.
pub struct Options<'a> {
    bytes: &'a [u8],
}

impl<'a> Options<'a> {
    /// The first `N` bytes of an input and the rest; `None` of a shorter one.
    pub fn split<const N: usize>(input: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (bytes, rest) = input.split_at_checked(N)?;
        Some((Self { bytes }, rest))
    }

    /// The next option, one of these.
    ///
    /// # Panics
    /// When there are more options than bytes for them.
    pub fn one_of<T: Clone>(&mut self, choices: &[T]) -> T {
        let (first, rest) = self.bytes.split_first().expect("a byte for each option");
        self.bytes = rest;
        choices[usize::from(*first) % choices.len()].clone()
    }
}

/// Whether this input is one of every `n`: told by its bytes, so that a finding
/// is found again.
pub fn is_one_of_every(n: u64, input: &[u8]) -> bool {
    let hash = input.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    });
    (hash >> 32).is_multiple_of(n)
}

/// Gives a byte at a time.
pub struct Slow<'a>(pub &'a [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = out.len().min(1);
        self.0.read(&mut out[..n])
    }
}
