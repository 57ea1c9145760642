//! Owned values of a remittance, as [`Claims`](crate::Claims) builds them.
//!
//! Texts are UTF-8; bytes that are not are read as Latin-1, so that none is lost. `Debug` shows
//! codes, amounts and positions, and hides names, member ids and every other identifier.

use std::fmt;

use crate::amount::Amount;
use crate::balance::Balance;
use crate::event::{Counts, GroupCode, RemarkSource, SetKind};

/// A text of the file that may identify a person; `Debug` shows its length alone.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Private(String);

impl Private {
    /// The text itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The text itself, taken out.
    pub fn into_inner(self) -> String {
        self.0
    }

    /// Whether the element was absent or blank.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn read(bytes: &[u8]) -> Self {
        Self(text(bytes))
    }
}

impl From<String> for Private {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Private({} bytes)", self.0.len())
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

/// An owned [`Amount`].
#[derive(Clone, PartialEq, Eq)]
pub enum Money {
    /// Exact cents.
    Cents(i64),
    /// Absent.
    Missing,
    /// What stands there instead of an amount.
    Unreadable(String),
}

impl Money {
    /// The cents, when the element reads.
    pub fn cents(&self) -> Option<i64> {
        match self {
            Self::Cents(cents) => Some(*cents),
            Self::Missing | Self::Unreadable(_) => None,
        }
    }
}

impl From<Amount<'_>> for Money {
    fn from(amount: Amount<'_>) -> Self {
        match amount {
            Amount::Cents(cents) => Self::Cents(cents),
            Amount::Missing => Self::Missing,
            Amount::Unreadable(raw) => Self::Unreadable(text(raw)),
        }
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cents(cents) => write!(f, "Cents({cents})"),
            Self::Missing => f.write_str("Missing"),
            Self::Unreadable(raw) => write!(f, "Unreadable({} bytes)", raw.len()),
        }
    }
}

/// What stands before the claims of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// Offset of the ST.
    pub offset: u64,
    /// What is read.
    pub kind: SetKind,
    /// ISA13, GS06 and ST02; empty where absent.
    pub controls: Controls,
    /// GS08.
    pub version: String,
    /// BPR, if there is one.
    pub payment: Option<PaymentAdvice>,
    /// TRN02: check or EFT number.
    pub trace: String,
    /// Offset of the TRN; of the ST where there is none.
    pub trace_offset: u64,
    /// TRN03.
    pub originator: String,
    /// N1*PR; empty where absent.
    pub payer: Organization,
    /// N1*PE; empty where absent.
    pub payee: Organization,
    /// DTM*405 and others.
    pub dates: Vec<DatedValue>,
    /// REF before the parties: EV, F2, ...
    pub references: Vec<ReferenceValue>,
}

/// The control numbers around a transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Controls {
    /// ISA13.
    pub interchange: String,
    /// GS06.
    pub group: String,
    /// ST02.
    pub transaction: String,
}

/// BPR.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentAdvice {
    /// BPR02.
    pub amount: Money,
    /// BPR03: C or D.
    pub direction: String,
    /// BPR04: ACH, CHK, NON, ...
    pub method: String,
    /// BPR16, `YYYYMMDD`: the remittance date.
    pub date: String,
}

/// Payer or payee.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organization {
    /// Offset of its N1; 0 where absent.
    pub offset: u64,
    /// N102.
    pub name: String,
    /// N103: XX NPI, FI tax id, XV plan id.
    pub id_kind: String,
    /// N104.
    pub id: String,
    /// REF after it: 2U payer id, EO submitter, TJ tax id, PQ, ...
    pub references: Vec<ReferenceValue>,
    /// Elements of N3 and N4.
    pub address: Vec<String>,
}

/// A claim, or a part of one that has more than [`PART_SEGMENTS`](crate::PART_SEGMENTS) segments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimPart {
    /// Which claim of the transaction, from 0.
    pub index: u64,
    /// Which part of the claim, from 0. Every part repeats the CLP fields.
    pub part: u32,
    /// Whether no part of this claim follows.
    pub last: bool,
    /// Offset of the CLP.
    pub offset: u64,
    /// Offset after the last segment of this part.
    pub end: u64,
    /// CLP01.
    pub number: Private,
    /// CLP02.
    pub status: String,
    /// CLP03.
    pub charge: Money,
    /// CLP04.
    pub paid: Money,
    /// CLP05.
    pub patient_responsibility: Money,
    /// CLP06.
    pub filing: String,
    /// CLP07.
    pub payer_control: Private,
    /// CLP08.
    pub facility: String,
    /// CLP09.
    pub frequency: String,
    /// CLP11.
    pub drg: String,
    /// CAS of the claim itself.
    pub adjustments: Vec<AdjustmentValue>,
    /// MIA, MOA and LQ of the claim itself.
    pub remarks: Vec<RemarkValue>,
    /// NM1.
    pub names: Vec<PersonName>,
    /// REF.
    pub references: Vec<ReferenceValue>,
    /// DTM.
    pub dates: Vec<DatedValue>,
    /// AMT.
    pub amounts: Vec<QualifiedAmount>,
    /// QTY.
    pub quantities: Vec<QualifiedQuantity>,
    /// SVC, in file order.
    pub lines: Vec<LineValue>,
    /// Set on the last part: whether the claim comes out.
    pub balance: Option<Balance>,
}

impl ClaimPart {
    /// Whether CLP02 is 22.
    pub fn is_reversal(&self) -> bool {
        self.status == "22"
    }

    /// The first REF with `qualifier`.
    pub fn reference(&self, qualifier: &str) -> Option<&str> {
        find(&self.references, qualifier)
    }

    /// The first DTM with `qualifier`, `YYYYMMDD`.
    pub fn date(&self, qualifier: &str) -> Option<&str> {
        self.dates.iter().find(|date| date.qualifier == qualifier).map(|date| date.value.as_str())
    }

    /// The first NM1 with `role`.
    pub fn name(&self, role: &str) -> Option<&PersonName> {
        self.names.iter().find(|name| name.role == role)
    }
}

/// A service line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineValue {
    /// Which line of the claim, from 0, across parts.
    pub index: u64,
    /// Whether the previous part began this line; its SVC fields are repeated.
    pub continued: bool,
    /// Offset of the SVC.
    pub offset: u64,
    /// SVC01-1: HC, AD, NU, N4, ...
    pub procedure_kind: String,
    /// SVC01-2.
    pub procedure: String,
    /// SVC01-3 to 6.
    pub modifiers: Vec<String>,
    /// SVC02.
    pub charge: Money,
    /// SVC03.
    pub paid: Money,
    /// SVC04.
    pub revenue: String,
    /// SVC05.
    pub units: String,
    /// SVC06-2: the procedure as submitted, where it was changed.
    pub submitted_procedure: String,
    /// CAS.
    pub adjustments: Vec<AdjustmentValue>,
    /// LQ.
    pub remarks: Vec<RemarkValue>,
    /// REF: 6R line control, ...
    pub references: Vec<ReferenceValue>,
    /// DTM: 472 service, 150 and 151.
    pub dates: Vec<DatedValue>,
    /// AMT: B6 allowed, ...
    pub amounts: Vec<QualifiedAmount>,
    /// QTY.
    pub quantities: Vec<QualifiedQuantity>,
    /// Set once the line has ended.
    pub balance: Option<Balance>,
}

impl LineValue {
    /// The first REF with `qualifier`.
    pub fn reference(&self, qualifier: &str) -> Option<&str> {
        find(&self.references, qualifier)
    }

    /// The first DTM with `qualifier`, `YYYYMMDD`.
    pub fn date(&self, qualifier: &str) -> Option<&str> {
        self.dates.iter().find(|date| date.qualifier == qualifier).map(|date| date.value.as_str())
    }
}

fn find<'a>(references: &'a [ReferenceValue], qualifier: &str) -> Option<&'a str> {
    let found = references.iter().find(|reference| reference.qualifier == qualifier);
    found.map(|reference| reference.value.reveal())
}

/// One triplet of a CAS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdjustmentValue {
    /// Offset of the reason.
    pub offset: u64,
    /// CAS01, read.
    pub group: GroupCode,
    /// CAS01 as it stands.
    pub group_raw: String,
    /// The reason without leading zeros.
    pub reason: String,
    /// The reason as it stands.
    pub reason_raw: String,
    /// What it takes off the charge.
    pub amount: Money,
    /// The quantity as it stands.
    pub quantity: String,
}

/// One remark code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemarkValue {
    /// Offset of the code.
    pub offset: u64,
    /// Which segment it stands in.
    pub source: RemarkSource,
    /// The code without leading zeros.
    pub code: String,
}

/// REF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceValue {
    /// Offset of the segment.
    pub offset: u64,
    /// REF01.
    pub qualifier: String,
    /// REF02.
    pub value: Private,
}

/// DTM or DTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatedValue {
    /// Offset of the segment.
    pub offset: u64,
    /// DTM01.
    pub qualifier: String,
    /// The date as it stands, `YYYYMMDD`.
    pub value: String,
}

/// AMT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QualifiedAmount {
    /// Offset of the segment.
    pub offset: u64,
    /// AMT01.
    pub qualifier: String,
    /// AMT02.
    pub amount: Money,
}

/// QTY.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QualifiedQuantity {
    /// Offset of the segment.
    pub offset: u64,
    /// QTY01.
    pub qualifier: String,
    /// QTY02.
    pub value: String,
}

/// NM1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonName {
    /// Offset of the segment.
    pub offset: u64,
    /// NM101.
    pub role: String,
    /// NM103.
    pub last: Private,
    /// NM104.
    pub first: Private,
    /// NM105.
    pub middle: Private,
    /// NM108.
    pub id_kind: String,
    /// NM109.
    pub id: Private,
}

/// One pair of a PLB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderAdjustmentValue {
    /// Offset of the reason.
    pub offset: u64,
    /// PLB01.
    pub provider: String,
    /// PLB02.
    pub fiscal_date: String,
    /// PLB03-1.
    pub reason: String,
    /// PLB03-2.
    pub reference: Private,
    /// Positive lowers the payment.
    pub amount: Money,
}

/// The end of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// Offset of the ST.
    pub offset: u64,
    /// Offset after the SE.
    pub end: u64,
    /// What was read.
    pub kind: SetKind,
    /// Whether an SE closed it.
    pub complete: bool,
    /// Segments from ST to SE.
    pub segments: u64,
    /// What was counted.
    pub counts: Counts,
    /// Whether it comes out.
    pub balance: Balance,
}
