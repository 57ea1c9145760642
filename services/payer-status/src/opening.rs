//! Items that statuses and silence open.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::calendar::{Zone, add_business_days};
use domain::dictionary::Compiled;
use domain::dictionary::owner::Place;
use domain::dictionary::vocabulary::{Category, ExceptionKind, NextAction, OwnerFunction};
use domain::money::{BasisPoints, Cents};
use domain::priority::{Expectation, Stakes, UNKNOWN_SHARE, rank};
use domain_work::WorkKind;
use domain_work::payer_status::Opens;
use ledger::document::{Telling, WorkDocument, to_json};
use ledger::held::{NEVER, known_day};
use ledger::reading::claims::Claim;
use ledger::reading::work_items::WorkItem;
use ledger::{adjudications, timeline};
use platform::events::Event;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use serde_json::json;
use uuid::Uuid;

use crate::store;

/// Minutes that such work is expected to take: someone reads what the payer says and acts.
const MINUTES: u32 = 15;

/// What an item is about.
#[derive(Debug)]
pub(crate) struct Subject<'a> {
    /// Nil while no remittance has named the claim.
    pub(crate) case: Uuid,
    pub(crate) number: &'a str,
    pub(crate) payer_number: &'a str,
    /// Id, slug and name of the payer.
    pub(crate) payer: (Uuid, &'a str, &'a str),
    pub(crate) facility: (Uuid, &'a str, &'a str),
    pub(crate) service_on: Option<NaiveDate>,
}

/// Whose work it is.
#[derive(Debug)]
pub(crate) enum Owner<'a> {
    /// Whom the dictionary names; what people call the teams.
    Dictionary(&'a Compiled, &'a BTreeMap<String, String>),
    /// A team, its name, and the revision that named it.
    Team(&'a str, &'a str, &'a str),
}

/// What sets work of one sort apart.
struct Sort {
    kind: WorkKind,
    category: &'static str,
    function: OwnerFunction,
    action: NextAction,
    words: &'static str,
    /// Business days until it should be settled.
    days: u32,
    why: &'static str,
}

/// The sorts of work. Whose they are and how soon they are to be settled is our reasoning: nobody
/// states it. A rejected claim was never filed, so that its filing limit runs on.
fn sort(opens: Opens) -> Sort {
    match opens {
        Opens::Rejection => Sort {
            kind: WorkKind::Rejection,
            category: Category::BillingData.as_str(),
            function: OwnerFunction::Billing,
            action: NextAction::NewClaim,
            words: "Correct what the payer rejected and send the claim again. It was rejected \
                    before adjudication: there is no denial, and nothing to appeal",
            days: 2,
            why: "a rejected claim was never filed and its filing limit runs on: to be sent again \
                  within 2 business days",
        },
        Opens::Documents => Sort {
            kind: WorkKind::ClaimStatus,
            category: Category::Documentation.as_str(),
            function: OwnerFunction::HealthInformation,
            action: NextAction::SendDocuments,
            words: "Send the documents that the payer asks for",
            days: 5,
            why: "the payer waits: to be sent within 5 business days",
        },
        Opens::Inquiry => Sort {
            kind: WorkKind::ClaimStatus,
            category: Category::PayerDelay.as_str(),
            function: OwnerFunction::PayerFollowUp,
            action: NextAction::PayerInquiry,
            words: "Ask the payer where the claim stands and record what it says: it has been \
                    silent past its usual time",
            days: 5,
            why: "the payer is silent past its usual time: to be asked within 5 business days",
        },
        Opens::Meaning => Sort {
            kind: WorkKind::Exception,
            category: "",
            function: OwnerFunction::Exceptions,
            action: NextAction::ExceptionReview,
            words: "Find out what the payer means: nobody here knows what its status says of the \
                    claim",
            days: 0,
            why: "",
        },
    }
}

impl<'a> Subject<'a> {
    /// A claim as its newest occurrence knows it.
    pub(crate) fn known(self, claim: Option<&'a Claim>) -> Self {
        let Some(claim) = claim else { return self };
        let payer_number = match self.payer_number {
            "" => claim.payer_claim_number.as_str(),
            stated => stated,
        };
        Self {
            payer_number,
            facility: (claim.facility_id, &claim.facility_slug, &claim.facility_name),
            service_on: claim.service_starts_on,
            ..self
        }
    }
}

/// Opens an item and tells why: `words` stand on its timeline.
pub(crate) async fn open(
    tx: &TenantTx,
    opens: Opens,
    subject: &Subject<'_>,
    owner: &Owner<'_>,
    (kind, actor, words): (&str, &str, String),
) -> Result<Uuid, Fault> {
    let row = item(tx, opens, subject, owner);
    let id = row.id;
    let event = opened(&row);
    store::open(tx, row).await?;
    timeline::tell(tx, vec![timeline::line(tx, id, kind, actor, words)]).await?;
    tx.emit(ledger::FEED, vec![event]).await?;
    Ok(id)
}

fn item(tx: &TenantTx, opens: Opens, subject: &Subject<'_>, owner: &Owner<'_>) -> WorkItem {
    let now = tx.clock().now();
    let today = Zone::EASTERN.day_of(now);
    let sort = owned(sort(opens), subject, owner);
    let due_on = add_business_days(today, sort.days);
    let exception = sort.policy.is_some();
    let share = BasisPoints::new(UNKNOWN_SHARE.as_u32());
    let stakes = Stakes {
        // What a status is about, no status says in money.
        at_stake: Cents::ZERO,
        expected_overturn: match exception {
            true => Expectation::Unknown,
            false => Expectation::Stated(share),
        },
        effort_minutes: MINUTES,
        last_day: due_on,
    };
    let document = document(&sort, rank(&stakes, today));
    let mut row = blank(tx, subject);
    row.kind = sort.kind.as_str().to_owned();
    row.category = sort.category.to_owned();
    if exception {
        row.exception = ExceptionKind::UnknownCode.as_str().to_owned();
    }
    row.owner_function = sort.function.as_str().to_owned();
    row.owner_team = sort.team;
    row.next_action = sort.action.as_str().to_owned();
    row.revision = sort.revision;
    row.due_on = due_on.unwrap_or(NEVER);
    row.effort_minutes = MINUTES.into();
    document.put_rank(&document.priority, &Telling::default(), &mut row);
    row.document = to_json(&document);
    row
}

/// A sort of work with its owner.
struct Owned {
    kind: WorkKind,
    category: &'static str,
    function: OwnerFunction,
    action: NextAction,
    words: &'static str,
    days: u32,
    why: String,
    team: String,
    team_name: String,
    revision: String,
    policy: Option<String>,
}

fn owned(sort: Sort, subject: &Subject<'_>, owner: &Owner<'_>) -> Owned {
    let Sort { kind, category, function, action, words, days, why } = sort;
    let why = why.to_owned();
    let mut owned = Owned {
        kind,
        category,
        function,
        action,
        words,
        days,
        why,
        team: String::new(),
        team_name: String::new(),
        revision: String::new(),
        policy: None,
    };
    match owner {
        Owner::Team(team, name, revision) => {
            (owned.team, owned.team_name) = ((*team).to_owned(), (*name).to_owned());
            owned.revision = (*revision).to_owned();
        }
        Owner::Dictionary(compiled, teams) => {
            let named = |slug: &'_ str| (!slug.is_empty()).then(|| slug.to_owned());
            let (payer, facility) = (named(subject.payer.1), named(subject.facility.1));
            let place = Place {
                payer: payer.as_deref(),
                facility: facility.as_deref(),
                service_line: None,
            };
            owned.team = compiled.team(function, place).slug.to_owned();
            if kind == WorkKind::Exception {
                let policy = compiled.policy(ExceptionKind::UnknownCode);
                owned.team = policy.team.to_string();
                owned.function = policy.owner_function;
                owned.days = policy.settle_within_business_days;
                owned.why = format!(
                    "exception policy `{}` wants it settled within {} business days",
                    policy.slug, policy.settle_within_business_days
                );
                owned.policy = Some(policy.slug.to_string());
            }
            owned.team_name = teams.get(&owned.team).unwrap_or(&owned.team).clone();
            owned.revision = compiled.revision().to_string();
        }
    }
    owned
}

fn document(sort: &Owned, priority: domain::priority::Priority) -> WorkDocument {
    WorkDocument {
        team_name: sort.team_name.clone(),
        codes: Vec::new(),
        action_words: sort.words.to_owned(),
        review_reason: String::new(),
        evidence: Vec::new(),
        deadlines: Vec::new(),
        passed: Vec::new(),
        unavailable: Vec::new(),
        why: sort.why.clone(),
        escalation: Vec::new(),
        priority,
        expected_overturn_bps: UNKNOWN_SHARE.as_u32(),
        effort_minutes: MINUTES,
        expected_days: 0,
        policy: sort.policy.clone().unwrap_or_default(),
    }
}

/// A row of no occurrence: no code decided it, and none decides it again.
fn blank(tx: &TenantTx, subject: &Subject<'_>) -> WorkItem {
    let now = tx.clock().now();
    let (payer_id, payer_slug, payer_name) = subject.payer;
    let (facility_id, facility_slug, facility_name) = subject.facility;
    WorkItem {
        tenant_id: Uuid::nil(),
        id: platform::ids::new(),
        claim_id: Uuid::nil(),
        case_id: subject.case,
        patient_control_number: subject.number.to_owned(),
        payer_claim_number: subject.payer_number.to_owned(),
        payer_id,
        payer_slug: payer_slug.to_owned(),
        payer_name: payer_name.to_owned(),
        facility_id,
        facility_slug: facility_slug.to_owned(),
        facility_name: facility_name.to_owned(),
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
        service_on: subject.service_on,
        revision: String::new(),
        holder: String::new(),
        fencing_number: 0,
        hold: Vec::new(),
        document: Vec::new(),
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

fn opened(row: &WorkItem) -> Event {
    let payload = json!({
        "claim_occurrence": row.claim_id,
        "case": row.case_id,
        "kind": row.kind,
        "payer": row.payer_slug,
        "team": row.owner_team,
        "next_action": row.next_action,
        "due_on": known_day(row.due_on),
        "at_stake_cents": row.at_stake_cents,
        "priority": row.priority,
    });
    Event {
        kind: "work_item.opened",
        subject: row.id,
        revision: row.revision.clone(),
        payload: payload.to_string().into_bytes(),
    }
}
