//! Codes that a payer made up, as the standard ones they stand for.

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use x12::RemarkSource;
use x12::model::{AdjustmentValue, ClaimPart, RemarkValue};

/// What a payer's own code stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayerCode {
    /// The payer.
    pub payer: Uuid,
    /// The code as sent, uppercase.
    pub code: String,
    /// The reason code.
    pub carc: String,
    /// The remark code; may be empty.
    pub rarc: String,
}

/// The part with the standard codes in the place of the payer's own; none when it has no such code.
/// What was sent stands beside each code, and in the part as it came.
#[must_use]
pub fn standardized(codes: &[PayerCode], payer: Uuid, part: &ClaimPart) -> Option<ClaimPart> {
    let of = |value: &AdjustmentValue| {
        let sent = value.reason_raw.trim().to_uppercase();
        codes.iter().find(|code| code.payer == payer && code.code == sent)
    };
    let lines = part.lines.iter().flat_map(|line| &line.adjustments);
    if !part.adjustments.iter().chain(lines).any(|value| of(value).is_some()) {
        return None;
    }
    let mut part = part.clone();
    // Of the claim as a whole an outpatient remark speaks; inpatient ones would say its form.
    replace(&mut part.adjustments, &mut part.remarks, RemarkSource::Outpatient, of);
    for line in &mut part.lines {
        replace(&mut line.adjustments, &mut line.remarks, RemarkSource::LineRemark, of);
    }
    Some(part)
}

fn replace<'c>(
    adjustments: &mut [AdjustmentValue],
    remarks: &mut Vec<RemarkValue>,
    source: RemarkSource,
    of: impl Fn(&AdjustmentValue) -> Option<&'c PayerCode>,
) {
    for value in adjustments {
        let Some(code) = of(value) else { continue };
        value.reason.clone_from(&code.carc);
        if !code.rarc.is_empty() && !remarks.iter().any(|remark| remark.code == code.rarc) {
            remarks.push(RemarkValue { offset: value.offset, source, code: code.rarc.clone() });
        }
    }
}
