//! Items that statuses and silence open.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::calendar::{Zone, add_business_days};
use domain::dictionary::Compiled;
use domain::dictionary::owner::Place;
use domain::dictionary::vocabulary::{Category, ExceptionKind, NextAction, OwnerFunction};
use domain::money::Cents;
use domain_work::WorkKind;
use domain_work::payer_status::Opens;
use domain_work::priority::{Expectation, Stakes, Worth, rank};
use ledger::document::{Telling, WorkDocument, to_json};
use ledger::held::NEVER;
use ledger::opening::{blank, opened, settle_words};
use ledger::reading::claims::Claim;
use ledger::reading::work_items::WorkItem;
use ledger::timeline;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
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
    pub(crate) stake: Stake,
}

/// The money that an item is about, and what that is worth; nothing where nobody says.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Stake {
    pub(crate) at_stake: Cents,
    pub(crate) worth: Worth,
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
    why: Cow<'static, str>,
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
                  within 2 business days"
                .into(),
        },
        Opens::Documents => Sort {
            kind: WorkKind::ClaimStatus,
            category: Category::Documentation.as_str(),
            function: OwnerFunction::HealthInformation,
            action: NextAction::SendDocuments,
            words: "Send the documents that the payer asks for",
            days: 5,
            why: "the payer waits: to be sent within 5 business days".into(),
        },
        Opens::Inquiry => Sort {
            kind: WorkKind::ClaimStatus,
            category: Category::PayerDelay.as_str(),
            function: OwnerFunction::PayerFollowUp,
            action: NextAction::PayerInquiry,
            words: "Ask the payer where the claim stands and record what it says: it has been \
                    silent past its usual time",
            days: 5,
            why: "the payer is silent past its usual time: to be asked within 5 business days"
                .into(),
        },
        Opens::FollowUp => Sort {
            kind: WorkKind::ArFollowUp,
            category: Category::PayerDelay.as_str(),
            function: OwnerFunction::BillingFollowUp,
            action: NextAction::PayerInquiry,
            words: "Follow the account up and decide what becomes of it: the payer was asked, said \
                    nothing, and has been silent for another usual time",
            days: 5,
            why: "asking the payer brought nothing: to be followed up within 5 business days"
                .into(),
        },
        Opens::Meaning => Sort {
            kind: WorkKind::Exception,
            category: "",
            function: OwnerFunction::Exceptions,
            action: NextAction::ExceptionReview,
            words: "Find out what the payer means: nobody here knows what its status says of the \
                    claim",
            days: 0,
            why: "".into(),
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
    let Owned { sort, team, team_name, revision, policy } = owned(sort(opens), subject, owner);
    let due_on = add_business_days(today, sort.days);
    let exception = !policy.is_empty();
    let stakes = Stakes {
        at_stake: subject.stake.at_stake,
        worth: subject.stake.worth,
        expected_overturn: Expectation::Unknown,
        effort_minutes: MINUTES,
        last_day: due_on,
    };
    let document = WorkDocument {
        team_name,
        action_words: sort.words.to_owned(),
        why: sort.why.into_owned(),
        policy,
        worth: subject.stake.worth,
        ..WorkDocument::of_no_denial(rank(&stakes, today), MINUTES)
    };
    let (payer_id, payer_slug, payer_name) = subject.payer;
    let (facility_id, facility_slug, facility_name) = subject.facility;
    let exception = if exception { ExceptionKind::UnknownCode.as_str() } else { "" };
    // Of no occurrence: no code decided it, and none decides it again.
    let mut row = WorkItem {
        case_id: subject.case,
        patient_control_number: subject.number.to_owned(),
        payer_claim_number: subject.payer_number.to_owned(),
        payer_id,
        payer_slug: payer_slug.to_owned(),
        payer_name: payer_name.to_owned(),
        facility_id,
        facility_slug: facility_slug.to_owned(),
        facility_name: facility_name.to_owned(),
        kind: sort.kind.as_str().to_owned(),
        category: sort.category.to_owned(),
        exception: exception.to_owned(),
        at_stake_cents: subject.stake.at_stake.as_i64(),
        owner_function: sort.function.as_str().to_owned(),
        owner_team: team,
        next_action: sort.action.as_str().to_owned(),
        due_on: due_on.unwrap_or(NEVER),
        service_on: subject.service_on,
        ..blank(now, &revision)
    };
    document.put_rank(&document.priority, &Telling::default(), &mut row);
    row.document = to_json(&document);
    row
}

/// A sort of work with its owner.
struct Owned {
    sort: Sort,
    team: String,
    team_name: String,
    revision: String,
    /// Slug of the exception policy that settles it; empty where none does.
    policy: String,
}

fn owned(mut sort: Sort, subject: &Subject<'_>, owner: &Owner<'_>) -> Owned {
    let (compiled, teams) = match owner {
        Owner::Dictionary(compiled, teams) => (compiled, teams),
        Owner::Team(team, name, revision) => {
            let [team, team_name, revision] = [*team, *name, *revision].map(str::to_owned);
            return Owned { sort, team, team_name, revision, policy: String::new() };
        }
    };
    let (team, policy) = if sort.kind == WorkKind::Exception {
        let policy = compiled.policy(ExceptionKind::UnknownCode);
        sort.function = policy.owner_function;
        sort.days = policy.settle_within_business_days;
        sort.why = settle_words(policy).into();
        (policy.team.to_string(), policy.slug.to_string())
    } else {
        let named = |slug: &str| !slug.is_empty();
        let place = Place {
            payer: Some(subject.payer.1).filter(|slug| named(slug)),
            facility: Some(subject.facility.1).filter(|slug| named(slug)),
            service_line: None,
        };
        (compiled.team(sort.function, place).slug.to_owned(), String::new())
    };
    let team_name = teams.get(&team).unwrap_or(&team).clone();
    Owned { sort, team, team_name, revision: compiled.revision().to_string(), policy }
}
