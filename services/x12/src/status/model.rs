//! Owned values of a 277 or 277CA.

use crate::event::{Level, LevelKind, StatusCode};
use crate::model::{DatedValue, Money, PersonName, Private, ReferenceValue, text};
use crate::status::event::Status;

/// What a 277 says of one claim, batch or provider: everything under one claim trace number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimStatus {
    /// Offset of its first segment.
    pub offset: u64,
    /// Offset after its last segment.
    pub end: u64,
    /// The level it stands at.
    pub level: LevelKind,
    /// HL01.
    pub level_number: String,
    /// HL02.
    pub parent_number: String,
    /// TRN02: for a claim, CLM01 of the 837.
    pub trace: Private,
    /// NM1 of the level.
    pub names: Vec<PersonName>,
    /// STC of the claim.
    pub statuses: Vec<StatusValue>,
    /// STC of its service lines; in a 277CA one of them rejects the whole claim.
    pub line_statuses: Vec<StatusValue>,
    /// REF: 1K payer claim number, D9 clearinghouse number, ...
    pub references: Vec<ReferenceValue>,
    /// DTP.
    pub dates: Vec<DatedValue>,
}

impl ClaimStatus {
    /// REF*1K: the payer's claim number.
    pub fn payer_control(&self) -> Option<&str> {
        self.reference("1K")
    }

    /// REF*D9: the clearinghouse's claim number.
    pub fn clearinghouse_control(&self) -> Option<&str> {
        self.reference("D9")
    }

    fn reference(&self, qualifier: &str) -> Option<&str> {
        let found = self.references.iter().find(|reference| reference.qualifier == qualifier);
        found.map(|reference| reference.value.reveal())
    }

    /// Whether a category of the claim or of one of its lines rejects.
    pub fn is_rejected(&self) -> bool {
        let mut codes = self.statuses.iter().chain(&self.line_statuses).flat_map(|one| &one.codes);
        codes.any(|code| matches!(code.category.as_str(), "A3" | "A6" | "A7" | "A8"))
    }

    pub(crate) fn at(level: Level<'_>) -> Self {
        Self {
            offset: level.segment.offset(),
            level: level.kind,
            level_number: text(level.number()),
            parent_number: text(level.parent()),
            ..Self::default()
        }
    }

    /// A second trace number under the same level.
    pub(crate) fn sibling(&self, offset: u64) -> Self {
        Self {
            offset,
            level: self.level,
            level_number: self.level_number.clone(),
            parent_number: self.parent_number.clone(),
            names: self.names.clone(),
            ..Self::default()
        }
    }
}

/// STC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusValue {
    /// Offset of the segment.
    pub offset: u64,
    /// Up to three composites.
    pub codes: Vec<StatusCodeValue>,
    /// STC02, `YYYYMMDD`.
    pub date: String,
    /// STC03.
    pub action: String,
    /// STC04.
    pub charge: Money,
    /// STC05.
    pub paid: Money,
}

impl From<Status<'_>> for StatusValue {
    fn from(status: Status<'_>) -> Self {
        Self {
            offset: status.segment.offset(),
            codes: status.codes().map(StatusCodeValue::from).collect(),
            date: text(status.date()),
            action: text(status.action()),
            charge: status.charge.into(),
            paid: status.paid.into(),
        }
    }
}

/// Category, status and entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusCodeValue {
    /// Offset of the composite.
    pub offset: u64,
    /// A0 to A8, P0 to P5, F0 to F4, R0 to R17, E0 to E4, D0.
    pub category: String,
    /// Status code.
    pub status: String,
    /// Entity; empty as a rule.
    pub entity: String,
}

impl From<StatusCode<'_>> for StatusCodeValue {
    fn from(code: StatusCode<'_>) -> Self {
        Self {
            offset: code.offset,
            category: text(code.category()),
            status: text(code.status()),
            entity: text(code.entity()),
        }
    }
}
