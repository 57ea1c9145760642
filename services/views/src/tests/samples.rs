//! Rows as intake writes them, for the tests of this module.

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::Zone;
use domain::deadline::{
    Basis, ClockEvent, ClockStart, Confidence, Deadline, Evidence as Known, FiledWhen, Path,
    PayerType,
};
use domain::dictionary::Slug;
use domain::dictionary::selector::Selector;
use domain::money::{BasisPoints, Cents};
use domain_work::checklist::Requirement;
use domain_work::priority::{Expectation, Experience, Stakes, Worth, rank};
use uuid::Uuid;

use ledger::document::{Evidence, WorkCode, WorkDocument, to_json};
use ledger::reading::work_items::WorkItem;

/// The dictionary revision of every sample.
pub(crate) const REVISION: &str = "5f1c";

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn deadline(last_day: &str) -> Deadline {
    Deadline {
        rule: "medicare-redetermination".to_owned(),
        path: Path::AppealLevel1,
        payer_type: PayerType::MedicareFfs,
        basis: Basis::Statute,
        last_day: day(last_day),
        zone: Zone::EASTERN,
        filed_when: FiledWhen::Received,
        source: "42 CFR 405.942".to_owned(),
        confidence: Confidence::A,
        start: ClockStart {
            event: ClockEvent::NoticeReceipt,
            on: day("2025-11-01"),
            evidence: Known::PresumedReceipt,
            notice_on: Some(day("2025-10-27")),
        },
        steps: vec!["120 calendar day(s) later is the last day".to_owned()],
        assumptions: Vec::new(),
    }
}

/// Its document as of `today`: $900.00 at 75 percent in 15 minutes.
pub(crate) fn document(last_day: &str, today: &str) -> WorkDocument {
    let stakes = Stakes {
        at_stake: Cents::new(90_000),
        worth: Worth::Owed,
        expected_overturn: Expectation::Stated(BasisPoints::from_percent(75)),
        effort_minutes: 15,
        last_day: Some(day(last_day)),
    };
    WorkDocument {
        team_name: "Authorization".to_owned(),
        codes: vec![WorkCode {
            group: "CO".to_owned(),
            carc: "197".to_owned(),
            rarcs: vec!["N130".to_owned()],
            label: "Authorization missing".to_owned(),
            count: 2,
            denied_cents: 90_000,
        }],
        action_words: "Send the approval letter with an appeal".to_owned(),
        review_reason: String::new(),
        evidence: vec![Evidence::missing(Requirement {
            standard: Slug::new("authorization-approval").unwrap(),
            title: "Approval of the authorization".to_owned(),
            media: Selector::Any,
            days_before: None,
            days_after: None,
        })],
        deadlines: vec![deadline(last_day)],
        passed: Vec::new(),
        unavailable: Vec::new(),
        why: "the only open window known".to_owned(),
        escalation: Vec::new(),
        priority: rank(&stakes, day(today)),
        worth: Worth::Owed,
        expected_overturn_bps: 7_500,
        experience: Experience::None,
        effort_minutes: 15,
        expected_days: 30,
        policy: String::new(),
        appealed: None,
    }
}

/// An item that was ranked on `today`.
pub(crate) fn work_item(last_day: &str, today: &str) -> WorkItem {
    let document = document(last_day, today);
    let created_at = at(&format!("{today}T15:00:00Z"));
    WorkItem {
        tenant_id: Uuid::nil(),
        id: platform::ids::new(),
        claim_id: platform::ids::new(),
        case_id: platform::ids::new(),
        patient_control_number: "A100".to_owned(),
        payer_claim_number: String::new(),
        payer_id: Uuid::nil(),
        payer_slug: String::new(),
        payer_name: "EVERGREEN HEALTH".to_owned(),
        facility_id: platform::ids::new(),
        facility_slug: "north".to_owned(),
        facility_name: "North".to_owned(),
        kind: "DENIAL".to_owned(),
        state: "OPEN".to_owned(),
        category: "authorization_referral".to_owned(),
        exception: String::new(),
        owner_function: "authorization".to_owned(),
        owner_team: "authorization".to_owned(),
        next_action: "appeal".to_owned(),
        deadline_rule: "medicare-redetermination".to_owned(),
        due_on: day(last_day),
        priority: document.priority.score,
        next_band_on: document.priority.next_band_on.unwrap_or(NaiveDate::MAX),
        look_on: NaiveDate::MAX,
        told: Vec::new(),
        at_stake_cents: 90_000,
        expected_cents: 67_500,
        effort_minutes: 60,
        evidence_missing: 1,
        service_on: None,
        revision: REVISION.to_owned(),
        holder: String::new(),
        fencing_number: 0,
        hold: Vec::new(),
        document: to_json(&document),
        version: 1,
        created_at,
        updated_at: created_at,
    }
}
