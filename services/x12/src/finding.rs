//! What is odd about a file, with its position. A finding never repeats content: only positions,
//! segment ids, codes and counts, so that it may be logged and shown to anyone.

use std::fmt;

use crate::segment::SegmentId;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A variation that was read as meant.
    Note,
    /// Something wrong or missing; everything around it was read.
    Fault,
    /// The file, or this transaction, is not what the reader reads.
    Fatal,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $severity:ident;)*) => {
        /// The closed list of findings.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FindingCode { $($(#[$doc])* $name,)* }

        impl FindingCode {
            /// Every code, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable text of the code.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// How much it matters.
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    /// A UTF-8 byte order mark stands before the interchange.
    Bom = "bom", Note;
    /// Bytes that are no X12 stand before the first segment.
    LeadingBytes = "leading-bytes", Fault;
    /// Nothing in the head of the file looks like X12.
    NotX12 = "not-x12", Fatal;
    /// The file is UTF-16.
    Utf16 = "utf16", Fatal;
    /// NUL bytes stand in the file.
    NulBytes = "nul-bytes", Fatal;
    /// There is no usable ISA header; the separators were inferred.
    NoIsa = "no-isa", Note;
    /// The ISA header has not the width of 106 bytes.
    IsaNotFixedWidth = "isa-not-fixed-width", Note;
    /// The header names another segment terminator than the file uses.
    WrongTerminator = "wrong-terminator", Fault;
    /// Line breaks stand inside a segment.
    WrappedLine = "wrapped-line", Note;
    /// The file ends inside a segment.
    Truncated = "truncated", Fault;
    /// A segment is longer than the reader's limit; its bytes were skipped.
    SegmentTooLong = "segment-too-long", Fault;
    /// Two terminators without a segment between them.
    EmptySegment = "empty-segment", Note;
    /// A segment whose id is not two or three letters and digits.
    BadSegmentId = "bad-segment-id", Fault;
    /// A segment that an 835 or 277 does not know.
    UnknownSegment = "unknown-segment", Note;
    /// A segment that stands outside any transaction.
    SegmentOutsideTransaction = "segment-outside-transaction", Fault;
    /// Transaction content without an ST before it.
    MissingSt = "missing-st", Fault;
    /// A transaction without its SE.
    MissingSe = "missing-se", Fault;
    /// SE01 states another number of segments.
    SeCountMismatch = "se-count-mismatch", Fault;
    /// SE02 repeats another control number than ST02.
    SeControlMismatch = "se-control-mismatch", Note;
    /// A group without its GE.
    MissingGe = "missing-ge", Note;
    /// GE01 states another number of transactions.
    GeCountMismatch = "ge-count-mismatch", Fault;
    /// An interchange without its IEA.
    MissingIea = "missing-iea", Note;
    /// IEA01 states another number of groups.
    IeaCountMismatch = "iea-count-mismatch", Fault;
    /// A transaction that is neither an 835 nor a 277.
    WrongTransactionSet = "wrong-transaction-set", Fatal;
    /// The file holds no transaction at all.
    NoTransaction = "no-transaction", Fatal;
    /// An 835 without a BPR.
    NoBpr = "no-bpr", Fault;
    /// An element that should be an amount is none.
    BadAmount = "bad-amount", Fault;
    /// An amount that must stand there is absent.
    MissingAmount = "missing-amount", Fault;
    /// An adjustment without a reason code.
    MissingReason = "missing-reason", Fault;
    /// A code with leading zeros; read without them.
    LeadingZeroCode = "leading-zero-code", Note;
    /// A claim adjustment group code outside CO, OA, PI, PR.
    UnknownGroupCode = "unknown-group-code", Note;
    /// Group code CR of version 4010.
    ObsoleteGroupCode = "obsolete-group-code", Note;
    /// An adjustment before any claim or after the last one.
    AdjustmentOutsideClaim = "adjustment-outside-claim", Fault;
    /// A service line without a claim.
    LineOutsideClaim = "line-outside-claim", Fault;
    /// A claim without an LX before it.
    MissingLx = "missing-lx", Note;
    /// A payer or payee named again inside one transaction.
    RepeatedParty = "repeated-party", Note;
    /// A claim status composite that cannot be read.
    BadStatus = "bad-status", Fault;
    /// Line charge less its adjustments is not the line payment.
    UnbalancedLine = "unbalanced-line", Fault;
    /// Claim charge less all adjustments is not the claim payment.
    UnbalancedClaim = "unbalanced-claim", Fault;
    /// Claim payments less provider adjustments are not the payment of the transaction.
    UnbalancedTransaction = "unbalanced-transaction", Fault;
}

impl fmt::Display for FindingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One oddity and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub code: FindingCode,
    /// Absolute byte offset in the input.
    pub offset: u64,
    /// The segment it stands in; empty where there is none.
    pub segment: SegmentId,
    /// What the finding is about, in numbers.
    pub detail: Detail,
}

/// The numbers behind a finding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// Nothing to add to the code.
    #[default]
    None,
    /// The element, counted from 1 as X12 does.
    Element(u32),
    /// A stated against an actual count.
    Count {
        /// What the file states.
        stated: u64,
        /// What the file holds.
        found: u64,
    },
    /// A difference in cents: left side less right side.
    Difference(i64),
    /// So many bytes were not read.
    Bytes(u64),
    /// So many adjustments are concerned.
    Adjustments(u64),
}

impl Finding {
    /// Builds a finding without numbers.
    pub fn new(code: FindingCode, offset: u64, segment: SegmentId) -> Self {
        Self { code, offset, segment, detail: Detail::None }
    }

    /// The same finding with its numbers.
    #[must_use]
    pub fn with(self, detail: Detail) -> Self {
        Self { detail, ..self }
    }

    /// One sentence for a person, free of file content and without the position.
    pub fn message(&self) -> String {
        let words = self.code.as_str().replace('-', " ");
        match self.detail {
            Detail::None => words,
            Detail::Element(at) => format!("{words} in element {at}"),
            Detail::Count { stated, found } => format!("{words}: stated {stated}, found {found}"),
            Detail::Difference(cents) => format!("{words}: off by {}", dollars(cents)),
            Detail::Bytes(1) => format!("{words}: 1 byte not read"),
            Detail::Bytes(bytes) => format!("{words}: {bytes} bytes not read"),
            Detail::Adjustments(1) => format!("{words}: 1 adjustment"),
            Detail::Adjustments(count) => format!("{words}: {count} adjustments"),
        }
    }
}

/// `$60,000.00`, `-$0.05`.
fn dollars(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let (whole, part) = (cents.unsigned_abs() / 100, cents.unsigned_abs() % 100);
    let digits = whole.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}${grouped}.{part:02}")
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())?;
        if !self.segment.is_empty() {
            write!(f, " ({})", self.segment)?;
        }
        write!(f, " at byte {}", self.offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_says_dollars_and_leaves_the_position_to_its_fields() {
        let at = |detail| {
            Finding::new(FindingCode::UnbalancedClaim, 360, SegmentId::new(b"CLP")).with(detail)
        };
        let off = |cents| at(Detail::Difference(cents)).message();
        assert_eq!(off(6_000_000), "unbalanced claim: off by $60,000.00");
        assert_eq!(off(-5), "unbalanced claim: off by -$0.05");
        assert_eq!(at(Detail::Bytes(1)).message(), "unbalanced claim: 1 byte not read");
        assert_eq!(at(Detail::None).to_string(), "unbalanced claim (CLP) at byte 360");
    }
}
