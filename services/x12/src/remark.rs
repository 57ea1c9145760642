//! Remark codes, wherever an 835 puts them.

use crate::event::{Place, plain_code};
use crate::segment::Segment;

/// Which segment a remark code stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RemarkSource {
    /// LQ*HE of a service line.
    LineRemark,
    /// LQ*RX: an NCPDP reject code.
    PharmacyReject,
    /// LQ with another list qualifier.
    OtherList,
    /// MIA of an inpatient claim.
    Inpatient,
    /// MOA of an outpatient claim.
    Outpatient,
}

/// One remark code.
#[derive(Clone, Copy, Debug)]
pub struct Remark<'a> {
    /// The segment it was read from.
    pub segment: &'a Segment<'a>,
    /// Where it stands.
    pub place: Place,
    /// Which segment that is.
    pub source: RemarkSource,
    /// Its element, counted from 1.
    pub element: usize,
}

impl<'a> Remark<'a> {
    /// The code without blanks and leading zeros.
    #[inline]
    pub fn code(&self) -> &'a [u8] {
        plain_code(self.segment.code(self.element))
    }

    /// The code as it stands.
    #[inline]
    pub fn raw(&self) -> &'a [u8] {
        self.segment.element(self.element)
    }

    /// Absolute offset of the code.
    #[inline]
    pub fn offset(&self) -> u64 {
        self.segment.element_offset(self.element)
    }
}

/// Elements of MIA that hold remark codes.
pub(crate) const INPATIENT: &[usize] = &[5, 20, 21, 22, 23];
/// Elements of MOA that hold remark codes.
pub(crate) const OUTPATIENT: &[usize] = &[3, 4, 5, 6, 7];

/// The source an LQ01 names.
pub(crate) fn list(qualifier: &[u8]) -> RemarkSource {
    match qualifier {
        b"HE" => RemarkSource::LineRemark,
        b"RX" => RemarkSource::PharmacyReject,
        _ => RemarkSource::OtherList,
    }
}
