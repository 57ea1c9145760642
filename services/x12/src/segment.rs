//! A zero-copy view of one segment: its id, elements and components, each with its offset.

use std::fmt;

use crate::amount::{Amount, short_cents};

/// The separators of one interchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delimiters {
    /// Between elements, `*` as a rule.
    pub element: u8,
    /// Between the components of a composite element, `:` or `>` as a rule.
    pub component: u8,
    /// After each segment, `~` as a rule; a line break in some files.
    pub terminator: u8,
}

impl Default for Delimiters {
    fn default() -> Self {
        Self { element: b'*', component: b':', terminator: b'~' }
    }
}

/// The id of a segment, at most three letters and digits; empty for anything else, so that no
/// content ever shows through it.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SegmentId(u32);

impl SegmentId {
    /// Packs an id of two or three ASCII letters and digits; anything else is the empty id.
    #[inline]
    pub const fn new(id: &[u8]) -> Self {
        match *id {
            [a, b] if a.is_ascii_uppercase() && plain(b) => {
                Self((a as u32) << 16 | (b as u32) << 8)
            }
            [a, b, c] if a.is_ascii_uppercase() && plain(b) && plain(c) => {
                Self((a as u32) << 16 | (b as u32) << 8 | c as u32)
            }
            _ => Self(0),
        }
    }

    /// Packs any two or three bytes, none of them NUL, as [`SegmentId::new`] packs an id: good for
    /// comparing with ids, which no other bytes equal.
    #[inline]
    pub(crate) fn unchecked(bytes: &[u8]) -> Self {
        match *bytes {
            [a, b] => Self(u32::from_be_bytes([0, a, b, 0])),
            [a, b, c] => Self(u32::from_be_bytes([0, a, b, c])),
            _ => Self(0),
        }
    }

    /// Whether this is no id.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

const fn plain(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

impl fmt::Display for SegmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0.to_be_bytes().into_iter().filter(|&byte| byte != 0) {
            fmt::Write::write_char(f, char::from(byte))?;
        }
        Ok(())
    }
}

impl fmt::Debug for SegmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SegmentId({self})")
    }
}

/// One segment, borrowed from the input (or from a joined copy where lines were wrapped).
///
/// Its `Debug` shows id, offset and length, never content.
#[derive(Clone, Copy)]
pub struct Segment<'a> {
    /// What it stands in: all places are counted from there.
    pub(crate) text: &'a [u8],
    /// Absolute offset of the first byte of `text`.
    pub(crate) base: u64,
    /// Place of its first byte.
    pub(crate) start: usize,
    /// Places of its element separators, and last of its end.
    pub(crate) marks: &'a [u32],
    /// Places in the file text, from the segment's start, of removed line breaks.
    pub(crate) gaps: &'a [u32],
    /// Absolute offset after its terminator.
    pub(crate) end: u64,
    /// Its id, not checked yet: most segments are known, and then there is nothing to check.
    pub(crate) tag: SegmentId,
    pub(crate) delimiters: Delimiters,
}

impl<'a> Segment<'a> {
    /// Nothing yet, somewhere in `text`, which stands at `base`.
    pub(crate) fn within(text: &'a [u8], base: u64, delimiters: Delimiters) -> Self {
        let tag = SegmentId::default();
        Self { text, base, start: 0, marks: &[], gaps: &[], end: base, tag, delimiters }
    }

    /// The id; empty when it is not two or three letters and digits.
    #[inline]
    pub fn id(&self) -> SegmentId {
        SegmentId::new(self.element(0))
    }

    /// The segment without its terminator, line breaks inside it removed.
    pub fn bytes(&self) -> &'a [u8] {
        self.text.get(self.start..self.stop()).unwrap_or_default()
    }

    /// Absolute offset of the first byte.
    #[inline]
    pub fn offset(&self) -> u64 {
        self.base + self.start as u64
    }

    /// Absolute offset after the terminator.
    #[inline]
    pub fn end(&self) -> u64 {
        self.end
    }

    /// The separators in force.
    pub fn delimiters(&self) -> Delimiters {
        self.delimiters
    }

    /// How many elements follow the id.
    #[inline]
    pub fn len(&self) -> usize {
        self.marks.len().saturating_sub(1)
    }

    /// Whether the segment is its id alone.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where it ends in its text.
    fn stop(&self) -> usize {
        self.marks.last().map_or(self.start, |&mark| mark as usize)
    }

    /// Where element `at` begins and ends.
    #[inline]
    fn bounds(&self, at: usize) -> Option<(usize, usize)> {
        let end = *self.marks.get(at)? as usize;
        let start = match at.checked_sub(1) {
            None => self.start,
            Some(before) => self.marks[before] as usize + 1,
        };
        Some((start, end))
    }

    /// Element `at`, counted from 1; 0 is the id; an absent element is empty.
    #[inline]
    pub fn element(&self, at: usize) -> &'a [u8] {
        let Some((start, end)) = self.bounds(at) else { return &[] };
        self.text.get(start..end).unwrap_or_default()
    }

    /// Element `at` as an amount.
    #[inline]
    pub fn amount(&self, at: usize) -> Amount<'a> {
        match self.short_cents(at) {
            Some(cents) => Amount::Cents(cents),
            None => self.other_amount(at),
        }
    }

    fn short_cents(&self, at: usize) -> Option<i64> {
        let (start, end) = self.bounds(at)?;
        short_cents(self.text, start, end)
    }

    #[cold]
    fn other_amount(&self, at: usize) -> Amount<'a> {
        Amount::read(self.element(at))
    }

    /// Element `at` without the blanks around it.
    #[inline]
    pub fn code(&self, at: usize) -> &'a [u8] {
        let element = self.element(at);
        match (element.first(), element.last()) {
            (Some(..=b' '), _) | (_, Some(..=b' ')) => trimmed(element),
            _ => element,
        }
    }

    /// Absolute offset of element `at`; of the segment's end where it is absent.
    pub fn element_offset(&self, at: usize) -> u64 {
        let start = self.bounds(at).map_or_else(|| self.stop(), |(start, _)| start);
        let mut place = (start - self.start) as u64;
        for &gap in self.gaps {
            if u64::from(gap) <= place {
                place += 1;
            }
        }
        self.offset() + place
    }

    /// The components of element `at`.
    pub fn components(&self, at: usize) -> Components<'a> {
        components(self.element(at), self.delimiters.component)
    }
}

/// Apart from the rest, which is small enough to be inlined without it.
#[cold]
fn trimmed(element: &[u8]) -> &[u8] {
    element.trim_ascii()
}

impl fmt::Debug for Segment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Segment")
            .field("id", &self.id())
            .field("offset", &self.offset())
            .field("elements", &self.len())
            .finish_non_exhaustive()
    }
}

/// The components of one element; never fails, absent ones are empty.
#[derive(Clone, Copy)]
pub struct Components<'a> {
    bytes: &'a [u8],
    separator: u8,
}

pub(crate) fn components(bytes: &[u8], separator: u8) -> Components<'_> {
    Components { bytes, separator }
}

impl<'a> Components<'a> {
    /// Component `at`, counted from 1; an absent one is empty.
    pub fn get(&self, at: usize) -> &'a [u8] {
        self.iter().nth(at.saturating_sub(1)).unwrap_or_default()
    }

    /// All components in order.
    pub fn iter(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let separator = self.separator;
        self.bytes.split(move |&byte| byte == separator)
    }
}

impl fmt::Debug for Components<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Components({} bytes)", self.bytes.len())
    }
}
