//! Natural logarithms, of small whole numbers from a table: most of what
//! features take them of are counts.

use std::sync::LazyLock;

/// Whole numbers below this are looked up.
const TABLE: usize = 4096;

pub(super) trait Logarithm {
    /// `ln(x)`, bit for bit [`f32::ln`].
    fn log_e(self) -> f32;
    /// `ln(1 + x)`, bit for bit [`f32::ln_1p`].
    fn log_e_1p(self) -> f32;
}

impl Logarithm for f32 {
    #[inline]
    fn log_e(self) -> f32 {
        static LN: LazyLock<Vec<f32>> = LazyLock::new(|| table(f32::ln));
        looked_up(self, &LN).unwrap_or_else(|| self.ln())
    }

    #[inline]
    fn log_e_1p(self) -> f32 {
        static LN_1P: LazyLock<Vec<f32>> = LazyLock::new(|| table(f32::ln_1p));
        looked_up(self, &LN_1P).unwrap_or_else(|| self.ln_1p())
    }
}

fn table(of: fn(f32) -> f32) -> Vec<f32> {
    (0..TABLE).map(|x| of(x as f32)).collect()
}

#[inline]
fn looked_up(x: f32, table: &[f32]) -> Option<f32> {
    // Beyond this numbers have no fractions: the last bits of a sum are the whole part.
    const WHOLE: f32 = (1 << 23) as f32;
    let whole = (x + WHOLE).to_bits() & !WHOLE.to_bits();
    let value = table.get(whole as usize)?;
    // What is negative, broken or no number is told by its bits.
    ((whole as f32).to_bits() == x.to_bits()).then_some(*value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_those_of_the_standard_library() {
        let odd = [-0.5, -0.0, 0.25, 4095.5, 1e9, f32::INFINITY, f32::NAN];
        for x in (0..5000).map(|x| x as f32).chain(odd) {
            assert_eq!(x.log_e().to_bits(), x.ln().to_bits(), "{x}");
            assert_eq!(x.log_e_1p().to_bits(), x.ln_1p().to_bits(), "{x}");
        }
    }
}
