//! Items as they begin: nobody has touched them.

use chrono::{DateTime, NaiveDate, Utc};
use domain::dictionary::sections::ExceptionPolicy;
use platform::events::Event;
use serde::Serialize;
use uuid::Uuid;

use crate::adjudications;
use crate::document::to_json;
use crate::entity::work_item;
use crate::held::{NEVER, known_day};

/// The row of an item of no claim, under the revision with this content hash; nothing ranks it.
#[must_use]
pub fn blank(now: DateTime<Utc>, revision: &str) -> work_item::Model {
    work_item::Model {
        tenant_id: Uuid::nil(),
        id: platform::ids::new(),
        claim_id: Uuid::nil(),
        case_id: Uuid::nil(),
        patient_control_number: String::new(),
        payer_claim_number: String::new(),
        payer_id: Uuid::nil(),
        payer_slug: String::new(),
        payer_name: String::new(),
        facility_id: Uuid::nil(),
        facility_slug: String::new(),
        facility_name: String::new(),
        kind: String::new(),
        state: adjudications::ITEM_OPEN.to_owned(),
        category: String::new(),
        exception: String::new(),
        owner_function: String::new(),
        owner_team: String::new(),
        next_action: String::new(),
        deadline_rule: String::new(),
        due_on: NEVER,
        priority: 0,
        next_band_on: NEVER,
        look_on: NEVER,
        told: Vec::new(),
        at_stake_cents: 0,
        expected_cents: 0,
        effort_minutes: 0,
        evidence_missing: 0,
        service_on: None,
        revision: revision.to_owned(),
        holder: String::new(),
        fencing_number: 0,
        hold: Vec::new(),
        document: Vec::new(),
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// Why an exception has its day, in words.
#[must_use]
pub fn settle_words(policy: &ExceptionPolicy) -> String {
    format!(
        "exception policy `{}` wants it settled within {} business days",
        policy.slug, policy.settle_within_business_days
    )
}

/// Tells the feed of an item.
#[must_use]
pub fn opened(item: &work_item::Model) -> Event {
    Event {
        kind: "work_item.opened",
        subject: item.id,
        revision: item.revision.clone(),
        payload: to_json(&Opened::of(item)),
    }
}

/// Payload of `work_item.opened`.
#[derive(Serialize)]
struct Opened<'a> {
    claim_occurrence: Uuid,
    case: Uuid,
    kind: &'a str,
    payer: &'a str,
    team: &'a str,
    next_action: &'a str,
    due_on: Option<NaiveDate>,
    at_stake_cents: i64,
    priority: i64,
}

impl<'a> Opened<'a> {
    fn of(item: &'a work_item::Model) -> Self {
        Self {
            claim_occurrence: item.claim_id,
            case: item.case_id,
            kind: &item.kind,
            payer: &item.payer_slug,
            team: &item.owner_team,
            next_action: &item.next_action,
            due_on: known_day(item.due_on),
            at_stake_cents: item.at_stake_cents,
            priority: item.priority,
        }
    }
}
