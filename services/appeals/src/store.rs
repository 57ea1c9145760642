//! Rows of appeals, each query a function of the tenant's transaction.

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::Zone;
use domain::codes::{Lob, Network, Rarc};
use domain::deadline::{Basis, ClockEvent, Confidence, Deadline, FiledWhen, Path, Rule};
use domain::dictionary::vocabulary::SignOffKind;
use domain_appeals::inferred::Answer;
use domain_appeals::level::Standing;
use domain_appeals::outcome::{Kind, Source};
use domain_appeals::state::State;
use domain_appeals::window::{Step, Window};
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::sea_query::{Condition, ExprTrait, Order, Value};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, SqlErr};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::draft::rule_words;

mod batches;
mod calls;
mod ended;
mod entity;
pub(crate) mod papers;
mod reviews;

pub(crate) use batches::{Batch, RefusedClaim, add_to_batch, batch, keep_batch};
pub(crate) use calls::{PeerToPeer, keep_peer_to_peer, peer_to_peers};
pub(crate) use ended::{Ended, ended, put_end};
pub(crate) use entity::appeal::{Column, Model as Row};
use entity::{appeal, claim, denial, lifted, line, proof};
pub(crate) use reviews::Signed;

/// The day that stands in rows for none: the last one of four-digit years.
pub(crate) fn never() -> NaiveDate {
    NaiveDate::from_ymd_opt(9999, 12, 31).expect("the calendar has it")
}

/// Column `document` of an appeal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Document {
    pub(crate) denial_ids: Vec<Uuid>,
    pub(crate) work_item: Option<Uuid>,
    /// As sent; patient data, as the next one.
    pub(crate) control_number: String,
    pub(crate) payer_number: String,
    pub(crate) previous: Option<Uuid>,
    pub(crate) level_words: String,
    /// Empty when nothing was lifted.
    pub(crate) override_reason: String,
    pub(crate) zone: Zone,
    pub(crate) window: KeptWindow,
    /// The rule that bounds it; of a clock that has not started the level's.
    pub(crate) rule: RuleFacts,
    pub(crate) steps: Vec<(Step, NaiveDate)>,
    /// The earliest remittance of what is appealed.
    pub(crate) remitted_on: NaiveDate,
    pub(crate) coverage: KeptCoverage,
    /// What the entries of its denials ask for, each once.
    pub(crate) wanted: Vec<WantedOnFile>,
    /// How it was sent, the first one first.
    pub(crate) submissions: Vec<Sent>,
    /// Empty until acknowledged; patient data.
    pub(crate) payer_reference: String,
    pub(crate) acknowledged_on: Option<NaiveDate>,
    pub(crate) returned_on: Option<NaiveDate>,
    /// Empty unless it came back.
    pub(crate) return_reason: String,
    pub(crate) outcome: Option<Decided>,
    /// What the decision opened.
    pub(crate) next: Option<Next>,
    /// Empty unless withdrawn.
    pub(crate) withdrawal_reason: String,
    /// What remittances said of its denials, the last word on each.
    #[serde(default)]
    pub(crate) heard: Vec<Heard>,
    /// What the payer decided and took back, the first one first.
    #[serde(default)]
    pub(crate) former_outcomes: Vec<Decided>,
    #[serde(default)]
    pub(crate) taken_back_on: Option<NaiveDate>,
    /// Days of ours that passed and were told.
    #[serde(default)]
    pub(crate) called: Vec<Step>,
    /// Empty unless it expired.
    #[serde(default)]
    pub(crate) expiry_cause: String,
    /// Reviews that the entries of its denials ask for, each once.
    #[serde(default)]
    pub(crate) reviews: Vec<SignOffKind>,
    /// Reviews as they were given, the first one first; of what it said then.
    #[serde(default)]
    pub(crate) sign_offs: Vec<Signed>,
    /// Who wrote it.
    #[serde(default)]
    pub(crate) written_by: Vec<String>,
    /// The entries that spoke for its denials, each once.
    #[serde(default)]
    pub(crate) entries: Vec<String>,
    /// Slug and revision of the template of its letter; empty where none was rendered.
    #[serde(default)]
    pub(crate) template: String,
    /// The letter in force, and the packet that holds it.
    #[serde(default)]
    pub(crate) letter: Option<Uuid>,
    #[serde(default)]
    pub(crate) packet: Option<Uuid>,
}

/// What a remittance said of a denial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Heard {
    pub(crate) denial: Uuid,
    pub(crate) answer: Answer,
    pub(crate) recovered_cents: i64,
    /// The day of payment, where it is known.
    pub(crate) on: Option<NaiveDate>,
    pub(crate) file: Option<Uuid>,
}

/// What decides which rules may bound the claim, as it was known when the appeal was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptCoverage {
    pub(crate) lob: Option<Lob>,
    pub(crate) payer: String,
    pub(crate) network: Option<Network>,
}

/// A documentation standard that must be met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WantedOnFile {
    pub(crate) standard: String,
    pub(crate) title: String,
}

/// One sending.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sent {
    /// The end of its name in the contract.
    pub(crate) channel: String,
    pub(crate) filed_on: NaiveDate,
    pub(crate) confirmation_number: String,
    /// A document of the appeal that shows it.
    #[serde(default)]
    pub(crate) proof_document: Option<Uuid>,
    pub(crate) good_cause: String,
    pub(crate) days_late: i64,
    pub(crate) sent_by: String,
    pub(crate) at: DateTime<Utc>,
}

/// What the payer decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Decided {
    pub(crate) kind: Kind,
    pub(crate) recovered_cents: i64,
    pub(crate) decided_on: NaiveDate,
    /// Patient data.
    pub(crate) rationale: String,
    pub(crate) source: Source,
    /// Whether the payer calls the appeal too late.
    #[serde(default)]
    pub(crate) untimely: bool,
    /// What showed it; nothing where it was stated.
    #[serde(default)]
    pub(crate) remittance_file: Option<Uuid>,
}

/// The level that a decision opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Next {
    pub(crate) level: Path,
    pub(crate) window: KeptWindow,
    pub(crate) rule: RuleFacts,
}

/// As [`Window`], in rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeptWindow {
    Until(Box<Deadline>),
    NeedsContract,
    NotStarted { why: String },
}

impl From<Window> for KeptWindow {
    fn from(window: Window) -> Self {
        match window {
            Window::Until(deadline) => Self::Until(deadline),
            Window::NeedsContract { .. } => Self::NeedsContract,
            Window::NotStarted { why } => Self::NotStarted { why },
        }
    }
}

impl KeptWindow {
    /// The deadline, where there is one.
    pub(crate) fn deadline(&self) -> Option<&Deadline> {
        match self {
            Self::Until(deadline) => Some(deadline),
            Self::NeedsContract | Self::NotStarted { .. } => None,
        }
    }

    /// The last day; [`never`] where there is none.
    pub(crate) fn due_on(&self) -> NaiveDate {
        match self {
            Self::Until(deadline) => deadline.last_day,
            Self::NeedsContract | Self::NotStarted { .. } => never(),
        }
    }
}

/// What is shown of a rule, whatever becomes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RuleFacts {
    pub(crate) slug: String,
    pub(crate) words: String,
    pub(crate) source: String,
    pub(crate) confidence: Confidence,
    pub(crate) basis: Basis,
    pub(crate) filed_when: FiledWhen,
    pub(crate) counted_from: ClockEvent,
}

impl RuleFacts {
    pub(crate) fn of(rule: &Rule) -> Self {
        Self {
            slug: rule.slug.clone(),
            words: rule_words(rule),
            source: rule.source.clone(),
            confidence: rule.confidence,
            basis: rule.basis,
            filed_when: rule.filed_when,
            counted_from: rule.counted_from,
        }
    }
}

impl Document {
    /// As the column keeps it.
    pub(crate) fn encoded(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("plain values have a JSON form")
    }
}

impl Row {
    /// What its document says.
    pub(crate) fn document(&self) -> Result<Document, Fault> {
        serde_json::from_slice(&self.document)
            .map_err(|_| Fault::Broken("a stored appeal does not read"))
    }

    /// Where it stands.
    pub(crate) fn state(&self) -> Result<State, Fault> {
        State::parse(&self.state).ok_or(Fault::Broken("an appeal without a state"))
    }

    /// Its level.
    pub(crate) fn level(&self) -> Result<Path, Fault> {
        Path::parse(&self.path).ok_or(Fault::Broken("an appeal without a level"))
    }
}

/// Holds a claim's row until the transaction ends: whoever writes an appeal of it waits.
pub(crate) async fn hold_claim(tx: &TenantTx, case: Uuid) -> Result<(), Fault> {
    let row = claim::Model { tenant_id: Uuid::nil(), case_id: case };
    tx.insert_if_absent(row.into_active_model().reset_all()).await?;
    let held = tx.find::<claim::Entity>().filter(claim::Column::CaseId.eq(case)).lock();
    held.one().await?.map(|_| ()).ok_or(Fault::Contended)
}

/// The appeal with this id.
pub(crate) async fn find(tx: &TenantTx, id: Uuid) -> Result<Option<Row>, Fault> {
    Ok(tx.find::<appeal::Entity>().filter(Column::Id.eq(id)).one().await?)
}

/// The appeal with this id, and its claim, kept from other writers until the transaction ends.
pub(crate) async fn held(tx: &TenantTx, id: Uuid) -> Result<Row, Fault> {
    let case = find(tx, id).await?.ok_or(Fault::NotFound)?.case_id;
    hold_claim(tx, case).await?;
    let row = tx.find::<appeal::Entity>().filter(Column::Id.eq(id)).lock().one().await?;
    row.ok_or(Fault::NotFound)
}

/// The appeals that count of a claim, one a line and level; without those of `but`.
pub(crate) async fn standing(
    tx: &TenantTx,
    case: Uuid,
    but: Option<Uuid>,
) -> Result<Vec<Standing>, Fault> {
    let lines = tx.find::<line::Entity>().filter(line::Column::CaseId.eq(case)).all().await?;
    let rows = tx.find::<appeal::Entity>().filter(Column::CaseId.eq(case)).all().await?;
    let mut standing = Vec::new();
    for line in lines.iter().filter(|line| Some(line.appeal_id) != but) {
        let row = rows.iter().find(|row| row.id == line.appeal_id);
        let row = row.ok_or(Fault::Broken("a line without its appeal"))?;
        standing.push(Standing {
            appeal: row.id,
            line: u32::try_from(line.line_number).unwrap_or_default(),
            level: row.level()?,
            state: row.state()?,
            decided: row.document()?.outcome.map(|it| (it.kind, it.decided_on)),
        });
    }
    Ok(standing)
}

/// The appeals of a batch, the first one first.
pub(crate) async fn of_batch(tx: &TenantTx, batch: Uuid) -> Result<Vec<Row>, Fault> {
    let these = tx.find::<appeal::Entity>().filter(Column::BatchId.eq(batch));
    Ok(these.order_by(Column::Id, Order::Asc).all().await?)
}

/// Whether an appeal of a claim was filed by a day.
pub(crate) async fn filed_by(tx: &TenantTx, case: Uuid, day: NaiveDate) -> Result<bool, Fault> {
    for row in tx.find::<appeal::Entity>().filter(Column::CaseId.eq(case)).all().await? {
        if row.document()?.submissions.iter().any(|sent| sent.filed_on <= day) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Stores a new appeal with its lines.
pub(crate) async fn insert(tx: &TenantTx, row: Row, lines: &[u32]) -> Result<Row, Fault> {
    let row = tx.insert(row.into_active_model().reset_all()).await?;
    put_lines(tx, &row, lines).await?;
    put_denials(tx, &row).await?;
    Ok(row)
}

/// Names an appeal to its denials.
async fn put_denials(tx: &TenantTx, row: &Row) -> Result<(), Fault> {
    let rows = row.document()?.denial_ids.into_iter().map(|denial_id| denial::Model {
        tenant_id: Uuid::nil(),
        denial_id,
        appeal_id: row.id,
    });
    let rows: Vec<denial::ActiveModel> = rows.map(Into::into).collect();
    Ok(tx.insert_all(rows).await?)
}

/// The appeals that a denial is in.
pub(crate) async fn appeals_of(tx: &TenantTx, denial: Uuid) -> Result<Vec<Uuid>, Fault> {
    let these = denial::Column::DenialId.eq(denial);
    let rows = tx.find::<denial::Entity>().filter(these);
    let rows = rows.order_by(denial::Column::AppealId, Order::Asc).all().await?;
    Ok(rows.into_iter().map(|row| row.appeal_id).collect())
}

/// Whether an appeal still has its lines: one that expired lets others take them.
pub(crate) async fn has_lines(tx: &TenantTx, appeal: Uuid) -> Result<bool, Fault> {
    let its = line::Column::AppealId.eq(appeal);
    Ok(tx.find::<line::Entity>().filter(its).limit(1).one().await?.is_some())
}

/// Lets go of the lines of these appeals.
pub(crate) async fn release_lines(tx: &TenantTx, appeals: &[Uuid]) -> Result<(), Fault> {
    let theirs = line::Column::AppealId.is_in(appeals.iter().copied());
    tx.delete::<line::Entity>().filter(theirs).exec().await?;
    Ok(())
}

async fn put_lines(tx: &TenantTx, row: &Row, lines: &[u32]) -> Result<(), Fault> {
    let lines = lines.iter().map(|number| line::Model {
        tenant_id: Uuid::nil(),
        case_id: row.case_id,
        line_number: i64::from(*number),
        path: row.path.clone(),
        appeal_id: row.id,
    });
    let lines: Vec<line::ActiveModel> = lines.map(Into::into).collect();
    // The claim's row is held, so that a twin was seen before; the key is the second wall.
    tx.insert_all(lines).await.map_err(|error| match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Fault::Contended,
        _ => error.into(),
    })
}

/// Lets go of the lines of an appeal; puts others in their place.
pub(crate) async fn replace_lines(tx: &TenantTx, row: &Row, lines: &[u32]) -> Result<(), Fault> {
    tx.delete::<line::Entity>().filter(line::Column::AppealId.eq(row.id)).exec().await?;
    tx.delete::<denial::Entity>().filter(denial::Column::AppealId.eq(row.id)).exec().await?;
    if lines.is_empty() {
        return Ok(());
    }
    put_lines(tx, row, lines).await?;
    put_denials(tx, row).await
}

/// Writes an appeal over the version that was read.
pub(crate) async fn update(tx: &TenantTx, row: &Row, former: i64) -> Result<bool, Fault> {
    let written = tx
        .update::<appeal::Entity>()
        .set(Column::State, row.state.clone())
        .set(Column::InDisputeCents, row.in_dispute_cents)
        .set(Column::DueOn, row.due_on)
        .set(Column::Revision, row.revision.clone())
        .set(Column::Document, row.document.clone())
        .set(Column::Version, row.version)
        .set(Column::UpdatedAt, row.updated_at)
        .filter(Column::Id.eq(row.id).and(Column::Version.eq(former)))
        .exec()
        .await?;
    Ok(written == 1)
}

/// Appeals that a filter wants, in an order, after a row.
pub(crate) async fn list(
    tx: &TenantTx,
    wanted: Condition,
    order: &[(Column, Order)],
    after: Option<&[Value]>,
    limit: u64,
) -> Result<Vec<Row>, Fault> {
    let rows = tx.find::<appeal::Entity>().filter(wanted).keyset(order, after);
    Ok(rows.limit(limit).all().await?)
}

/// The remark codes that were lifted of a claim, each with the last reason.
pub(crate) async fn lifted(tx: &TenantTx, case: Uuid) -> Result<Vec<(Rarc, String)>, Fault> {
    let rows = tx.find::<lifted::Entity>().filter(lifted::Column::CaseId.eq(case));
    let rows = rows.order_by(lifted::Column::Id, Order::Asc).all().await?;
    let mut found: std::collections::BTreeMap<Rarc, String> = std::collections::BTreeMap::new();
    for row in rows {
        let rarc = Rarc::new(&row.rarc).map_err(|_| Fault::Broken("a lifted code is none"))?;
        found.insert(rarc, row.reason);
    }
    Ok(found.into_iter().collect())
}

/// Notes what proves a sending to a payer; false where it proves another one.
pub(crate) async fn prove(tx: &TenantTx, row: &Row, confirmation: &str) -> Result<bool, Fault> {
    let number = confirmation.to_uppercase();
    let proof = proof::Model {
        tenant_id: Uuid::nil(),
        payer_id: row.payer_id,
        confirmation_number: number.clone(),
        appeal_id: row.id,
    };
    if tx.insert_if_absent(proof.into_active_model().reset_all()).await? {
        return Ok(true);
    }
    // A batch goes as one: under one proof.
    let Some(batch) = row.batch_id else { return Ok(false) };
    let these = proof::Column::PayerId.eq(row.payer_id);
    let these = these.and(proof::Column::ConfirmationNumber.eq(number));
    let first = tx.find::<proof::Entity>().filter(these).one().await?;
    let Some(first) = first else { return Err(Fault::Contended) };
    let first = find(tx, first.appeal_id).await?;
    Ok(first.is_some_and(|first| first.id != row.id && first.batch_id == Some(batch)))
}

/// Lifts a remark code of a claim.
pub(crate) async fn lift(
    tx: &TenantTx,
    case: Uuid,
    rarc: Rarc,
    reason: &str,
) -> Result<Uuid, Fault> {
    let row = lifted::Model {
        tenant_id: Uuid::nil(),
        id: platform::ids::new(),
        case_id: case,
        rarc: rarc.as_str().to_owned(),
        reason: reason.to_owned(),
        overridden_by: tx.caller().actor().to_owned(),
        created_at: tx.clock().now(),
    };
    Ok(tx.insert(row.into_active_model().reset_all()).await?.id)
}
