use contracts::routing::v1 as pb;
use platform::rejection::Fault;

use super::claim::claim_occurrence;
use super::denial::denial;
use super::take_back::take_back;
use super::values::{id, money};
use ledger::reading::claims::{Case, Claim};
use ledger::reading::denials::Denial;
use ledger::reading::take_backs::TakeBack;

/// What is known of one claim.
pub(crate) struct CaseRows {
    pub(crate) case: Case,
    /// The newest first.
    pub(crate) claims: Vec<Claim>,
    /// The newest first.
    pub(crate) denials: Vec<Denial>,
    /// The newest first.
    pub(crate) work_items: Vec<pb::WorkItem>,
    pub(crate) paid_cents: i64,
    pub(crate) open_cents: i64,
    /// The newest first.
    pub(crate) take_backs: Vec<TakeBack>,
    pub(crate) taken_cents: i64,
}

/// A case with everything that hangs on it.
pub(crate) fn case(rows: CaseRows) -> Result<pb::Case, Fault> {
    // A reversal repeats the charge with the other sign.
    let adjudicated = rows.claims.iter().find(|claim| !claim.reversal);
    Ok(pb::Case {
        id: id(rows.case.id),
        patient_control_number: rows.case.patient_control_number,
        payer_id: id(rows.case.payer_id),
        charge: adjudicated.map(|claim| money(claim.charge_cents)),
        paid: Some(money(rows.paid_cents)),
        denied_open: Some(money(rows.open_cents)),
        claim_occurrences: rows.claims.iter().map(claim_occurrence).collect::<Result<_, _>>()?,
        denials: rows.denials.iter().map(denial).collect(),
        work_items: rows.work_items,
        taken_back: Some(money(rows.taken_cents)),
        received: Some(money(rows.paid_cents.saturating_sub(rows.taken_cents))),
        take_backs: rows.take_backs.iter().map(take_back).collect(),
    })
}
