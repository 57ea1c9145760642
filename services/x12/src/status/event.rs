//! The events only a 277 has.

use crate::amount::Amount;
use crate::segment::{Components, Segment};

/// HL.
#[derive(Clone, Copy, Debug)]
pub struct Level<'a> {
    /// The segment it was read from.
    pub segment: &'a Segment<'a>,
    /// HL03.
    pub kind: LevelKind,
}

impl<'a> Level<'a> {
    /// HL01.
    #[inline]
    pub fn number(&self) -> &'a [u8] {
        self.segment.code(1)
    }

    /// HL02; empty at the top.
    #[inline]
    pub fn parent(&self) -> &'a [u8] {
        self.segment.code(2)
    }
}

/// HL03.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LevelKind {
    /// 20: the payer or clearinghouse that answers.
    Source,
    /// 21: who receives the answer.
    Receiver,
    /// 19: the billing provider.
    Provider,
    /// 22: the subscriber.
    Subscriber,
    /// 23: a dependent.
    Dependent,
    /// PT: the patient of a 277CA.
    Patient,
    /// Anything else.
    #[default]
    Other,
}

impl LevelKind {
    pub(crate) fn read(code: &[u8]) -> Self {
        match code {
            b"20" => Self::Source,
            b"21" => Self::Receiver,
            b"19" => Self::Provider,
            b"22" => Self::Subscriber,
            b"23" => Self::Dependent,
            b"PT" => Self::Patient,
            _ => Self::Other,
        }
    }
}

/// STC.
#[derive(Clone, Copy, Debug)]
pub struct Status<'a> {
    /// The segment it was read from.
    pub segment: &'a Segment<'a>,
    /// The level it stands at.
    pub level: LevelKind,
    /// Whether it speaks of a service line.
    pub of_line: bool,
    /// STC04: charge.
    pub charge: Amount<'a>,
    /// STC05: payment.
    pub paid: Amount<'a>,
}

impl<'a> Status<'a> {
    /// STC02, `YYYYMMDD`.
    #[inline]
    pub fn date(&self) -> &'a [u8] {
        self.segment.code(2)
    }

    /// STC03: WQ accept, U reject; another code in a 277.
    #[inline]
    pub fn action(&self) -> &'a [u8] {
        self.segment.code(3)
    }

    /// STC12: free text of the payer.
    #[inline]
    pub fn text(&self) -> &'a [u8] {
        self.segment.element(12)
    }

    /// Up to three composites: STC01, STC10, STC11.
    #[inline]
    pub fn codes(&self) -> impl Iterator<Item = StatusCode<'a>> + use<'a> {
        let segment = self.segment;
        [1, 10, 11].into_iter().filter(move |&at| !segment.code(at).is_empty()).map(move |at| {
            StatusCode { composite: segment.components(at), offset: segment.element_offset(at) }
        })
    }
}

/// One composite of an STC.
#[derive(Clone, Copy, Debug)]
pub struct StatusCode<'a> {
    composite: Components<'a>,
    /// Absolute offset of the composite.
    pub offset: u64,
}

impl<'a> StatusCode<'a> {
    /// Category: A0 to A8, P0 to P5, F0 to F4, R0 to R17, E0 to E4, D0.
    #[inline]
    pub fn category(&self) -> &'a [u8] {
        self.composite.get(1).trim_ascii()
    }

    /// Status code.
    #[inline]
    pub fn status(&self) -> &'a [u8] {
        self.composite.get(2).trim_ascii()
    }

    /// Entity the status speaks of: IL, 85, PR, ...; empty as a rule.
    #[inline]
    pub fn entity(&self) -> &'a [u8] {
        self.composite.get(3).trim_ascii()
    }

    /// Whether the category rejects: A3, A6, A7, A8.
    #[inline]
    pub fn is_rejection(&self) -> bool {
        matches!(self.category(), b"A3" | b"A6" | b"A7" | b"A8")
    }
}
