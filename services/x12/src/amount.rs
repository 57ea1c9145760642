//! Exact cents from the decimal text of X12 amounts. No float, no rounding, no overflow.

use std::fmt;

#[cfg(test)]
mod tests;

/// A monetary element: cents when it reads exactly, else what stood there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Amount<'a> {
    /// Exact cents; negative on reversals.
    Cents(i64),
    /// The element is absent or blank.
    Missing,
    /// The raw bytes of an element that is not an amount of at most two decimals.
    Unreadable(&'a [u8]),
}

impl<'a> Amount<'a> {
    /// Reads an element. Blanks around the digits are ignored; a comma, an exponent, a third
    /// decimal, any other byte or more than 16 digits before the point make it unreadable.
    pub fn read(element: &'a [u8]) -> Self {
        if element.is_empty() {
            return Self::Missing;
        }
        match cents(element) {
            Some(cents) => Self::Cents(cents),
            None => Self::read_padded(element),
        }
    }

    #[cold]
    fn read_padded(element: &'a [u8]) -> Self {
        let trimmed = element.trim_ascii();
        match cents(trimmed) {
            _ if trimmed.is_empty() => Self::Missing,
            Some(cents) => Self::Cents(cents),
            None => Self::Unreadable(element),
        }
    }

    /// The cents, when the element reads.
    #[inline]
    pub fn cents(self) -> Option<i64> {
        match self {
            Self::Cents(cents) => Some(cents),
            Self::Missing | Self::Unreadable(_) => None,
        }
    }

    /// Whether something stood there that is no amount.
    pub fn is_unreadable(self) -> bool {
        matches!(self, Self::Unreadable(_))
    }
}

impl fmt::Debug for Amount<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cents(cents) => write!(f, "Cents({cents})"),
            Self::Missing => f.write_str("Missing"),
            Self::Unreadable(raw) => write!(f, "Unreadable({} bytes)", raw.len()),
        }
    }
}

/// How to take the point out of eight characters: what stands behind it, before it, and what a
/// unit of the rest is in cents.
struct Point {
    behind: u64,
    before: u64,
    zero: u64,
    unit: i64,
}

impl Point {
    const fn new(decimals: u32, unit: i64) -> Self {
        let before = (1 << (56 - 8 * decimals)) - 1;
        Self { behind: !(before << 8 | 0xff), before, zero: b'0' as u64, unit }
    }
}

const ZEROS: u64 = u64::from_le_bytes(*b"00000000");

/// By whether a point stands third and second from the end. A table, because neither the
/// number of decimals nor whether there are any can be guessed by the processor.
const POINTS: [Point; 4] = [
    Point { behind: u64::MAX, before: 0, zero: 0, unit: 100 },
    Point::new(1, 10),
    Point::new(2, 1),
    Point::new(2, 1),
];

/// Reads `bytes[start..end]` where it is at most eight bytes of plain digits with two decimals,
/// one or none: nearly every amount. All digits are converted at once, without a loop.
#[inline]
pub(crate) fn short_cents(bytes: &[u8], start: usize, end: usize) -> Option<i64> {
    let len = end.wrapping_sub(start);
    if len.wrapping_sub(1) >= 8 {
        return None;
    }
    let word = u64::from_le_bytes(*bytes.get(..end)?.last_chunk()?);
    let own = u64::MAX << (64 - 8 * len);
    let word = (word & own) | (ZEROS & !own);
    // The last character is the highest byte; what stands before a point moves up by one.
    let [.., third, second, _] = word.to_le_bytes();
    let point = &POINTS[usize::from(third == b'.') * 2 + usize::from(second == b'.')];
    let digits = (word & point.behind) | (word & point.before) << 8 | point.zero;
    let values = digits.wrapping_sub(ZEROS);
    let odd = (digits.wrapping_add(0x4646_4646_4646_4646) | values) & 0x8080_8080_8080_8080;
    if odd != 0 {
        return None;
    }
    // Pairs, then fours, then all eight: two products add what is left to be scaled.
    let pairs = values.wrapping_mul(10).wrapping_add(values >> 8);
    let low = (pairs & 0x0000_00ff_0000_00ff).wrapping_mul(0x000f_4240_0000_0064);
    let high = ((pairs >> 16) & 0x0000_00ff_0000_00ff).wrapping_mul(0x0000_2710_0000_0001);
    Some((low.wrapping_add(high) >> 32).cast_signed() * point.unit)
}

/// Sixteen digits before the point, as cents, stay below `i64::MAX`.
const MOST_DIGITS: usize = 16;
/// Those digits, the point and two decimals.
const MOST_BYTES: usize = 19;

#[inline]
fn cents(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    if digits.len() > MOST_BYTES {
        return None;
    }
    let mut value: i64 = 0;
    let mut rest = digits;
    while let [byte @ b'0'..=b'9', after @ ..] = rest {
        value = value * 10 + i64::from(byte - b'0');
        rest = after;
    }
    let whole = digits.len() - rest.len();
    if whole > MOST_DIGITS || (whole == 0 && rest.len() < 2) {
        return None;
    }
    let value = match *rest {
        [] | [b'.'] => value * 100,
        [b'.', tenths @ b'0'..=b'9'] => value * 100 + i64::from(tenths - b'0') * 10,
        [b'.', tenths @ b'0'..=b'9', cents @ b'0'..=b'9'] => {
            value * 100 + i64::from(tenths - b'0') * 10 + i64::from(cents - b'0')
        }
        _ => return None,
    };
    Some(if negative { -value } else { value })
}
