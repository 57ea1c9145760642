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
    pub(crate) bytes: &'a [u8],
    /// Positions of the element separators, counted from `origin`.
    pub(crate) marks: &'a [u32],
    pub(crate) origin: u32,
    /// Positions in the file text, from the segment's start, of removed line breaks.
    pub(crate) gaps: &'a [u32],
    pub(crate) offset: u64,
    /// Bytes it takes in the file, terminator included.
    pub(crate) width: u64,
    pub(crate) id: SegmentId,
    pub(crate) delimiters: Delimiters,
}

impl<'a> Segment<'a> {
    /// The id; empty when it is not two or three letters and digits.
    #[inline]
    pub fn id(&self) -> SegmentId {
        self.id
    }

    /// The segment without its terminator, line breaks inside it removed.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Absolute offset of the first byte.
    #[inline]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Absolute offset after the terminator.
    #[inline]
    pub fn end(&self) -> u64 {
        self.offset + self.width
    }

    /// The separators in force.
    pub fn delimiters(&self) -> Delimiters {
        self.delimiters
    }

    /// How many elements follow the id.
    #[inline]
    pub fn len(&self) -> usize {
        self.marks.len()
    }

    /// Whether the segment is its id alone.
    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    #[inline]
    fn start_of(&self, at: usize) -> Option<usize> {
        match at.checked_sub(1) {
            None => Some(0),
            Some(before) => self.marks.get(before).map(|mark| (mark - self.origin) as usize + 1),
        }
    }

    /// Element `at`, counted from 1; 0 is the id; an absent element is empty.
    #[inline]
    pub fn element(&self, at: usize) -> &'a [u8] {
        let Some(start) = self.start_of(at) else { return &[] };
        let end = match self.marks.get(at) {
            Some(mark) => (mark - self.origin) as usize,
            None => self.bytes.len(),
        };
        self.bytes.get(start..end).unwrap_or_default()
    }

    /// Element `at` as an amount.
    #[inline]
    pub fn amount(&self, at: usize) -> Amount<'a> {
        let Some(start) = self.start_of(at) else { return Amount::Missing };
        let end = match self.marks.get(at) {
            Some(mark) => (mark - self.origin) as usize,
            None => self.bytes.len(),
        };
        match short_cents(self.bytes, start, end) {
            Some(cents) => Amount::Cents(cents),
            None => Amount::read(self.bytes.get(start..end).unwrap_or_default()),
        }
    }

    /// Element `at` without the blanks around it.
    #[inline]
    pub fn code(&self, at: usize) -> &'a [u8] {
        let element = self.element(at);
        match element {
            [first, .., last] if *first > b' ' && *last > b' ' => element,
            _ => element.trim_ascii(),
        }
    }

    /// Absolute offset of element `at`; of the segment's end where it is absent.
    pub fn element_offset(&self, at: usize) -> u64 {
        let start = self.start_of(at).unwrap_or(self.bytes.len());
        let mut place = start as u64;
        for &gap in self.gaps {
            if u64::from(gap) <= place {
                place += 1;
            }
        }
        self.offset + place
    }

    /// The components of element `at`.
    pub fn components(&self, at: usize) -> Components<'a> {
        components(self.element(at), self.delimiters.component)
    }
}

impl fmt::Debug for Segment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Segment")
            .field("id", &self.id)
            .field("offset", &self.offset)
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
