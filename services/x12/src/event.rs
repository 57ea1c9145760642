//! What the reader says: typed, borrowed, in file order. Texts are bytes of the input; nothing is
//! copied. `Debug` shows positions, codes and amounts, never names or identifiers.

use crate::amount::Amount;
use crate::balance::Balance;
use crate::finding::Finding;
use crate::segment::{Components, Segment};

pub use crate::remark::{Remark, RemarkSource};
pub use crate::status::event::{Level, LevelKind, Status, StatusCode};

/// One thing read. [`Event::Segment`] comes first for every segment; the typed events made from
/// the same segment follow it.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// Any segment, known or not, as it stands.
    Segment(&'a Segment<'a>),
    /// ISA.
    InterchangeStart(Interchange<'a>),
    /// IEA, or where it should have stood.
    InterchangeEnd {
        /// Absolute offset after the interchange.
        end: u64,
    },
    /// GS.
    GroupStart(Group<'a>),
    /// GE, or where it should have stood.
    GroupEnd {
        /// Absolute offset after the group.
        end: u64,
    },
    /// ST.
    TransactionStart(TransactionStart<'a>),
    /// BPR.
    Payment(Payment<'a>),
    /// TRN: the payment trace of an 835, a claim trace number of a 277.
    Trace(Trace<'a>),
    /// BHT of a 277.
    Header(Header<'a>),
    /// N1: payer, payee or another party.
    Party(Party<'a>),
    /// NM1: patient, subscriber, rendering provider, ...
    Name(Name<'a>),
    /// N3 or N4.
    Address(Address<'a>),
    /// PER.
    Contact(Contact<'a>),
    /// CLP: everything up to its [`Event::ClaimEnd`] belongs to it.
    Claim(Claim<'a>),
    /// SVC: everything up to its [`Event::LineEnd`] belongs to it.
    Line(Line<'a>),
    /// One triplet of a CAS.
    Adjustment(Adjustment<'a>),
    /// One remark code of an LQ, MIA or MOA.
    Remark(Remark<'a>),
    /// REF.
    Reference(Reference<'a>),
    /// DTM or DTP.
    Date(Date<'a>),
    /// AMT.
    MonetaryAmount(MonetaryAmount<'a>),
    /// QTY.
    Quantity(Quantity<'a>),
    /// The end of a service line, with its balance.
    LineEnd(LineEnd),
    /// The end of a claim, with its balance.
    ClaimEnd(ClaimEnd),
    /// One pair of a PLB.
    ProviderAdjustment(ProviderAdjustment<'a>),
    /// HL of a 277.
    Level(Level<'a>),
    /// STC of a 277.
    Status(Status<'a>),
    /// SE, or where it should have stood.
    TransactionEnd(TransactionEnd),
    /// An oddity.
    Finding(Finding),
}

/// Where in a transaction something stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Place {
    /// Before the first party.
    #[default]
    Header,
    /// After N1*PR.
    Payer,
    /// After N1*PE.
    Payee,
    /// After another N1.
    OtherParty,
    /// After LX, before a claim.
    ClaimGroup,
    /// After CLP.
    Claim,
    /// After SVC.
    Line,
    /// After PLB.
    Trailer,
}

/// Which transaction set is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SetKind {
    /// 835, remittance advice.
    Remittance,
    /// 277 or 277CA, claim status.
    Status,
    /// Any other set: its segments are handed on, nothing of it is typed.
    Other,
}

macro_rules! text {
    ($($(#[$doc:meta])* $name:ident = $at:literal;)*) => {
        $($(#[$doc])* #[inline] pub fn $name(&self) -> &'a [u8] { self.segment.code($at) })*
    };
}

mod frame;

pub use frame::{
    Address, Contact, Group, Header, Interchange, Name, Party, Payment, Reference, Trace,
    TransactionStart,
};

/// CLP.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The segment it was read from.
    pub segment: &'a Segment<'a>,
    /// CLP03: charge.
    pub charge: Amount<'a>,
    /// CLP04: payment.
    pub paid: Amount<'a>,
    /// CLP05: patient responsibility.
    pub patient: Amount<'a>,
}

impl<'a> Claim<'a> {
    text! {
        /// CLP01: the provider's claim number.
        number = 1;
        /// CLP02: 1 to 3 processed, 4 denied, 19 to 21 forwarded, 22 reversal, 23, 25.
        status = 2;
        /// CLP06: claim filing indicator.
        filing = 6;
        /// CLP07: the payer's claim number.
        payer_control = 7;
        /// CLP08: facility type.
        facility = 8;
        /// CLP09: frequency.
        frequency = 9;
        /// CLP11: diagnosis related group.
        drg = 11;
    }

    /// Whether CLP02 is 22.
    #[inline]
    pub fn is_reversal(&self) -> bool {
        self.status() == b"22"
    }
}

/// SVC.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// The segment it was read from.
    pub segment: &'a Segment<'a>,
    /// SVC02: charge.
    pub charge: Amount<'a>,
    /// SVC03: payment.
    pub paid: Amount<'a>,
}

impl<'a> Line<'a> {
    text! {
        /// SVC04: revenue code.
        revenue = 4;
        /// SVC05: paid units.
        units = 5;
        /// SVC07: submitted units.
        submitted_units = 7;
    }

    /// SVC01: qualifier, procedure, up to four modifiers, description.
    #[inline]
    pub fn procedure(&self) -> Components<'a> {
        self.segment.components(1)
    }

    /// SVC06: the procedure as submitted, where it was changed.
    #[inline]
    pub fn submitted(&self) -> Components<'a> {
        self.segment.components(6)
    }
}

/// CAS01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GroupCode {
    /// Contractual obligation.
    Co,
    /// Other adjustment.
    Oa,
    /// Payer initiated reduction.
    Pi,
    /// Patient responsibility.
    Pr,
    /// Correction or reversal, a 4010 code.
    Cr,
    /// Anything else; the raw text stands beside it.
    Other,
}

impl GroupCode {
    /// Reads CAS01.
    #[inline]
    pub fn read(text: &[u8]) -> Self {
        match text {
            b"CO" => Self::Co,
            b"OA" => Self::Oa,
            b"PI" => Self::Pi,
            b"PR" => Self::Pr,
            b"CR" => Self::Cr,
            _ => Self::Other,
        }
    }
}

/// One triplet of a CAS: reason, amount, quantity.
#[derive(Clone, Copy, Debug)]
pub struct Adjustment<'a> {
    /// The segment it was read from.
    pub segment: &'a Segment<'a>,
    /// Where it stands: a claim, a line, or outside of both (then a finding says so).
    pub place: Place,
    /// CAS01.
    pub group: GroupCode,
    /// The element of the reason, counted from 1: 2, 5, 8, ...
    pub element: usize,
    /// How much it takes off the charge.
    pub amount: Amount<'a>,
}

impl<'a> Adjustment<'a> {
    /// CAS01 as it stands.
    #[inline]
    pub fn group_raw(&self) -> &'a [u8] {
        self.segment.element(1)
    }

    /// The reason code without blanks and leading zeros.
    #[inline]
    pub fn reason(&self) -> &'a [u8] {
        plain_code(self.segment.code(self.element))
    }

    /// The reason code as it stands.
    #[inline]
    pub fn reason_raw(&self) -> &'a [u8] {
        self.segment.element(self.element)
    }

    /// The amount as it stands.
    #[inline]
    pub fn amount_raw(&self) -> &'a [u8] {
        self.segment.element(self.element + 1)
    }

    /// The quantity as it stands; empty as a rule.
    #[inline]
    pub fn quantity(&self) -> &'a [u8] {
        self.segment.code(self.element + 2)
    }

    /// Absolute offset of the reason.
    #[inline]
    pub fn offset(&self) -> u64 {
        self.segment.element_offset(self.element)
    }
}

/// A code without the leading zeros some payers send (`0012` is 12).
#[inline]
pub fn plain_code(code: &[u8]) -> &[u8] {
    match code {
        [b'0', _, ..] if code.iter().all(u8::is_ascii_digit) => {
            let zeros = code.iter().take_while(|&&byte| byte == b'0').count();
            &code[zeros.min(code.len() - 1)..]
        }
        _ => code,
    }
}

/// DTM or DTP.
#[derive(Clone, Copy, Debug)]
pub struct Date<'a> {
    /// The segment it was read from.
    pub segment: &'a Segment<'a>,
    /// Where it stands.
    pub place: Place,
    /// The element that holds the date.
    pub(crate) element: usize,
}

impl<'a> Date<'a> {
    text! {
        /// DTM01: 232 and 233 statement, 472 service, 050 received, 036 coverage end, 405.
        qualifier = 1;
    }

    /// The date, `YYYYMMDD`, or a range `YYYYMMDD-YYYYMMDD` in a 277.
    #[inline]
    pub fn value(&self) -> &'a [u8] {
        self.segment.code(self.element)
    }
}

/// AMT.
#[derive(Clone, Copy, Debug)]
pub struct MonetaryAmount<'a> {
    /// The segment it was read from.
    pub segment: &'a Segment<'a>,
    /// Where it stands.
    pub place: Place,
    /// AMT02.
    pub amount: Amount<'a>,
}

impl<'a> MonetaryAmount<'a> {
    text! {
        /// AMT01: AU coverage, B6 allowed, I interest, ...
        qualifier = 1;
    }
}

/// QTY.
#[derive(Clone, Copy, Debug)]
pub struct Quantity<'a> {
    /// The segment it was read from.
    pub segment: &'a Segment<'a>,
    /// Where it stands.
    pub place: Place,
}

impl<'a> Quantity<'a> {
    text! {
        /// QTY01: CA covered, ...
        qualifier = 1;
        /// QTY02, a decimal number as text.
        value = 2;
    }
}

/// One pair of a PLB.
#[derive(Clone, Copy, Debug)]
pub struct ProviderAdjustment<'a> {
    /// The segment it was read from.
    pub segment: &'a Segment<'a>,
    /// The element of the reason, counted from 1: 3, 5, 7, ...
    pub element: usize,
    /// Positive lowers the payment of the transaction.
    pub amount: Amount<'a>,
}

impl<'a> ProviderAdjustment<'a> {
    text! {
        /// PLB01.
        provider = 1;
        /// PLB02: end of the fiscal year, `YYYYMMDD`.
        fiscal_date = 2;
    }

    /// PLB03-1: WO, FB, CS, L6, 72, ...
    #[inline]
    pub fn reason(&self) -> &'a [u8] {
        self.segment.components(self.element).get(1).trim_ascii()
    }

    /// PLB03-2: what it refers to; empty as a rule for interest.
    #[inline]
    pub fn reference(&self) -> &'a [u8] {
        self.segment.components(self.element).get(2)
    }

    /// The amount as it stands.
    #[inline]
    pub fn amount_raw(&self) -> &'a [u8] {
        self.segment.element(self.element + 1)
    }

    /// Absolute offset of the reason.
    #[inline]
    pub fn offset(&self) -> u64 {
        self.segment.element_offset(self.element)
    }
}

/// The end of a service line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineEnd {
    /// Offset of its SVC.
    pub offset: u64,
    /// SVC02 less its adjustments against SVC03.
    pub balance: Balance,
}

/// The end of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimEnd {
    /// Offset of its CLP.
    pub offset: u64,
    /// Offset after its last segment.
    pub end: u64,
    /// CLP03 less all its adjustments against CLP04.
    pub balance: Balance,
}

/// The end of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransactionEnd {
    /// What was read.
    pub kind: SetKind,
    /// Offset of its ST.
    pub offset: u64,
    /// Offset after its SE.
    pub end: u64,
    /// Whether an SE closed it; without one the file may lack content.
    pub complete: bool,
    /// Segments from ST to SE.
    pub segments: u64,
    /// What was counted in it.
    pub counts: Counts,
    /// BPR02 against the claims less the provider adjustments; `Unknown` in a 277.
    pub balance: Balance,
}

/// What stands in one transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// CLP.
    pub claims: u64,
    /// SVC.
    pub service_lines: u64,
    /// CAS triplets, whether they read or not.
    pub adjustments: u64,
    /// CAS triplets whose amount does not read.
    pub unreadable_adjustments: u64,
    /// LQ codes.
    pub remarks: u64,
    /// MIA and MOA remark codes.
    pub claim_remarks: u64,
    /// PLB pairs.
    pub provider_adjustments: u64,
    /// PLB segments.
    pub provider_segments: u64,
    /// Claims with CLP02 22.
    pub reversals: u64,
    /// STC of a 277.
    pub statuses: u64,
}
