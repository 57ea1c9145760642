//! What is known of a case: what payers said of it, and what was denied.

#![expect(missing_debug_implementations, reason = "what a document holds is a patient's")]

use std::collections::BTreeMap;

use domain_work::WorkKind;
use platform::tenant_tx::TenantTx;
use sea_orm::prelude::Date;
use sea_orm::sea_query::{ExprTrait, Order};
use sea_orm::{ColumnTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::entity::{case, claim, claim_part, denial, subject, work_item};

/// Cases that one query asks for.
const CASES: usize = 1_000;

/// Occurrences, or denials, that one query answers at most: an account number that is used for
/// everything must not fill the memory.
const PAST: u64 = 50_000;

/// An occurrence of a case.
#[derive(Clone, FromQueryResult)]
pub struct PastClaim {
    pub id: Uuid,
    pub case_id: Uuid,
    pub transaction_id: Uuid,
    pub payer_claim_number: String,
    pub remit_on: Date,
    pub reversal: bool,
    /// CLP02.
    pub status: String,
    pub charge_cents: i64,
    pub paid_cents: i64,
    /// A `document::ClaimDocument`.
    pub document: Vec<u8>,
}

/// A denial of a case.
#[derive(Clone, Debug, FromQueryResult)]
pub struct PastDenial {
    pub id: Uuid,
    pub case_id: Uuid,
    pub claim_id: Uuid,
    pub work_item_id: Uuid,
    pub line: i64,
    pub line_key: String,
    pub group_code: String,
    pub carc: String,
    pub denied_cents: i64,
    pub state: String,
    pub lineage: String,
    pub repeat_of: Uuid,
    pub repeats: i64,
    pub settled_by: Option<Uuid>,
    pub recovered_cents: i64,
}

/// Where a number was met.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Numbered {
    pub id: Uuid,
    pub case_id: Uuid,
    pub payer_id: Uuid,
    pub payer_claim_number: String,
    pub charge_cents: i64,
    pub service_starts_on: Option<Date>,
    pub remit_on: Date,
}

const NUMBERED: [claim::Column; 7] = [
    claim::Column::Id,
    claim::Column::CaseId,
    claim::Column::PayerId,
    claim::Column::PayerClaimNumber,
    claim::Column::ChargeCents,
    claim::Column::ServiceStartsOn,
    claim::Column::RemitOn,
];

/// The cases with one of these numbers, of any payer.
///
/// # Errors
/// When the database fails.
pub async fn named(
    tx: &TenantTx,
    patient_control_numbers: Vec<String>,
) -> Result<Vec<case::Model>, DbErr> {
    tx.find::<case::Entity>()
        .filter(case::Column::PatientControlNumber.is_in(patient_control_numbers))
        .all()
        .await
}

/// The case with this id.
///
/// # Errors
/// When the database fails.
pub async fn with_id(tx: &TenantTx, id: Uuid) -> Result<Option<case::Model>, DbErr> {
    tx.find::<case::Entity>().filter(case::Column::Id.eq(id)).one().await
}

/// The case of a number at a payer of the directory.
///
/// # Errors
/// When the database fails.
pub async fn of_payer(
    tx: &TenantTx,
    patient_control_number: &str,
    payer: Uuid,
) -> Result<Option<case::Model>, DbErr> {
    let this = case::Column::PatientControlNumber.eq(patient_control_number);
    let this = this.and(case::Column::PayerId.eq(payer));
    tx.find::<case::Entity>().filter(this).one().await
}

/// Keeps these cases from other writers until the transaction ends: two files that say something of
/// one case are heard one after the other.
///
/// # Errors
/// When the database fails.
pub async fn lock(tx: &TenantTx, cases: &[Uuid]) -> Result<Vec<case::Model>, DbErr> {
    tx.find::<case::Entity>()
        .filter(case::Column::Id.is_in(cases.iter().copied()))
        .order_by(case::Column::Id, Order::Asc)
        .lock()
        .all()
        .await
}

/// Occurrences to which a payer gave one of these numbers.
///
/// # Errors
/// When the database fails.
pub async fn numbered(
    tx: &TenantTx,
    payer_claim_numbers: Vec<String>,
) -> Result<Vec<Numbered>, DbErr> {
    let these = claim::Column::PayerClaimNumber.is_in(payer_claim_numbers);
    tx.find::<claim::Entity>().filter(these).limit(PAST).columns(NUMBERED).await
}

/// Occurrences of claims of these members, by member number.
///
/// # Errors
/// When the database fails.
pub async fn of_members(
    tx: &TenantTx,
    members: Vec<String>,
) -> Result<Vec<(String, Numbered)>, DbErr> {
    let these = tx.find::<subject::Entity>().filter(subject::Column::MemberId.is_in(members));
    let these: Vec<Member> =
        these.limit(PAST).columns([subject::Column::ClaimId, subject::Column::MemberId]).await?;
    if these.is_empty() {
        return Ok(Vec::new());
    }
    let mut members: BTreeMap<Uuid, String> =
        these.into_iter().map(|row| (row.claim_id, row.member_id)).collect();
    let ids: Vec<Uuid> = members.keys().copied().collect();
    let mut found = Vec::new();
    for some in ids.chunks(1_000) {
        let these = claim::Column::Id.is_in(some.iter().copied());
        let these = these.and(claim::Column::Reversal.eq(false));
        let rows = tx.find::<claim::Entity>().filter(these).columns::<Numbered>(NUMBERED).await?;
        let rows = rows.into_iter();
        found.extend(rows.filter_map(|row| Some((members.remove(&row.id)?, row))));
    }
    Ok(found)
}

#[derive(FromQueryResult)]
struct Member {
    claim_id: Uuid,
    member_id: String,
}

/// What was said of these cases.
///
/// # Errors
/// When the database fails.
pub async fn claims(tx: &TenantTx, cases: &[Uuid]) -> Result<Vec<PastClaim>, DbErr> {
    use claim::Column;
    let columns = [
        Column::Id,
        Column::CaseId,
        Column::TransactionId,
        Column::PayerClaimNumber,
        Column::RemitOn,
        Column::Reversal,
        Column::Status,
        Column::ChargeCents,
        Column::PaidCents,
        Column::Document,
    ];
    let mut claims = Vec::new();
    for some in cases.chunks(CASES) {
        let these = Column::CaseId.is_in(some.iter().copied());
        let these = tx.find::<claim::Entity>().filter(these).limit(PAST);
        claims.append(&mut these.columns(columns).await?);
    }
    Ok(claims)
}

/// An item about what is missing of a claim.
#[derive(Clone, Debug, FromQueryResult)]
pub struct PastUnderpayment {
    pub id: Uuid,
    pub case_id: Uuid,
    pub claim_id: Uuid,
    pub state: String,
    pub at_stake_cents: i64,
    /// Whether a person ended it; whoever keeps ends says so.
    #[sea_orm(skip)]
    pub by_person: bool,
}

/// What these cases have of items about missing money, by id.
///
/// # Errors
/// When the database fails.
pub async fn underpayments(tx: &TenantTx, cases: &[Uuid]) -> Result<Vec<PastUnderpayment>, DbErr> {
    use work_item::Column;
    let columns =
        [Column::Id, Column::CaseId, Column::ClaimId, Column::State, Column::AtStakeCents];
    let mut items = Vec::new();
    for some in cases.chunks(CASES) {
        let these = Column::CaseId.is_in(some.iter().copied());
        let these = these.and(Column::Kind.eq(WorkKind::Underpayment.as_str()));
        let these = tx.find::<work_item::Entity>().filter(these).order_by(Column::Id, Order::Asc);
        items.append(&mut these.columns(columns).await?);
    }
    Ok(items)
}

/// What later parts of these occurrences say, in their order.
///
/// # Errors
/// When the database fails.
pub async fn parts(tx: &TenantTx, claims: &[Uuid]) -> Result<Vec<claim_part::Model>, DbErr> {
    let mut parts = Vec::new();
    for some in claims.chunks(1_000) {
        let these = claim_part::Column::ClaimId.is_in(some.iter().copied());
        let these = tx.find::<claim_part::Entity>().filter(these);
        parts.append(&mut these.order_by(claim_part::Column::Part, Order::Asc).all().await?);
    }
    Ok(parts)
}

/// What was denied on these cases, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn denials(tx: &TenantTx, cases: &[Uuid]) -> Result<Vec<PastDenial>, DbErr> {
    use denial::Column;
    let columns = [
        Column::Id,
        Column::CaseId,
        Column::ClaimId,
        Column::WorkItemId,
        Column::Line,
        Column::LineKey,
        Column::GroupCode,
        Column::Carc,
        Column::DeniedCents,
        Column::State,
        Column::Lineage,
        Column::RepeatOf,
        Column::Repeats,
        Column::SettledBy,
        Column::RecoveredCents,
    ];
    let mut denials: Vec<PastDenial> = Vec::new();
    for some in cases.chunks(CASES) {
        let these = Column::CaseId.is_in(some.iter().copied());
        let these = tx.find::<denial::Entity>().filter(these).limit(PAST);
        denials.append(&mut these.columns(columns).await?);
    }
    denials.sort_by_key(|denial| denial.id);
    Ok(denials)
}
