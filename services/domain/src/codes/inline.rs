//! A short code held in place: at most eight ASCII letters and digits, copied like a number.

use std::cmp::Ordering;
use std::fmt;

/// A text that cannot be a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotACode {
    /// Nothing but blanks.
    #[error("the code is empty")]
    Empty,
    /// More than eight characters after normalization.
    #[error("the code is longer than 8 characters")]
    TooLong,
    /// A character other than an ASCII letter or digit, counted from 1.
    #[error("character {0} of the code is not an ASCII letter or digit")]
    IllegalCharacter(usize),
    /// Zero is not a code.
    #[error("the code is zero")]
    Zero,
}

/// Up to eight ASCII letters and digits, uppercase, padded with zero bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Inline([u8; 8]);

impl Inline {
    /// Trims blanks, raises letters and writes the number with as few leading zeros as leave it
    /// `digits_min` digits.
    pub(super) fn normalized(
        raw: &str,
        digits_min: impl Fn(&[u8]) -> usize,
    ) -> Result<Self, NotACode> {
        let text = raw.trim_matches([' ', '\t', '\r', '\n']).as_bytes();
        if text.is_empty() {
            return Err(NotACode::Empty);
        }
        if let Some(at) = text.iter().position(|byte| !byte.is_ascii_alphanumeric()) {
            return Err(NotACode::IllegalCharacter(at + 1));
        }
        let letters = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (prefix, number) = text.split_at(letters);
        let (kept, padding) = if !number.is_empty() && number.iter().all(u8::is_ascii_digit) {
            let zeros = number.iter().take_while(|byte| **byte == b'0').count();
            let wanted = digits_min(prefix);
            let spare = number.len().saturating_sub(wanted);
            (&number[zeros.min(spare)..], wanted.saturating_sub(number.len()))
        } else {
            (number, 0)
        };
        if prefix.is_empty() && kept.iter().all(|byte| *byte == b'0') {
            return Err(NotACode::Zero);
        }
        let padded = prefix.len() + padding;
        let length = padded + kept.len();
        let mut bytes = [0; 8];
        let held = bytes.get_mut(..length).ok_or(NotACode::TooLong)?;
        held[..prefix.len()].copy_from_slice(prefix);
        held[prefix.len()..padded].fill(b'0');
        held[padded..].copy_from_slice(kept);
        held.make_ascii_uppercase();
        Ok(Self(bytes))
    }

    /// Raises letters and trims blanks; anything else is kept as it is, cut to eight bytes.
    pub(super) fn lossy(raw: &str) -> Self {
        let text = raw.trim_matches([' ', '\t', '\r', '\n']);
        let mut bytes = [0; 8];
        for (held, byte) in bytes.iter_mut().zip(text.bytes()) {
            *held = if byte.is_ascii_graphic() { byte.to_ascii_uppercase() } else { b'?' };
        }
        Self(bytes)
    }

    pub(super) fn as_str(&self) -> &str {
        let length = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        std::str::from_utf8(&self.0[..length]).expect("both constructors admit ASCII only")
    }

    pub(super) const fn bits(self) -> u64 {
        u64::from_be_bytes(self.0)
    }
}

impl Ord for Inline {
    /// Letters first, then the number by size: 2 before 10 before A0, M9 before M10 before MA01.
    fn cmp(&self, other: &Self) -> Ordering {
        let parts = |code: &Self| {
            let letters = code.0.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
            let length = code.0.iter().position(|byte| *byte == 0).unwrap_or(code.0.len());
            (letters, length)
        };
        let ((letters, length), (other_letters, other_length)) = (parts(self), parts(other));
        self.0[..letters]
            .cmp(&other.0[..other_letters])
            .then(length.cmp(&other_length))
            .then(self.0.cmp(&other.0))
    }
}

impl PartialOrd for Inline {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for Inline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
