//! Work items: one for the denials of a claim that are one task, one for its exceptions of a kind.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::add_business_days;
use domain::deadline::{Choice, Unavailable};
use domain::denial::{Denial, Exception, Findings, WorkGroup, group};
use domain::dictionary::Decision;
use domain::dictionary::vocabulary::{ExceptionKind, NextAction};
use domain::money::{BasisPoints, Cents};

use super::Desk;
use super::collect::Ready;
use super::deadlines::{Windows, days};
use super::draft::Known;
use domain_work::checklist::Requirement;
use domain_work::priority::{Expectation, Experience, Stakes, Worth, rank};
use ledger::claim_document::normalized;
use ledger::document::{Escalation, Evidence, Telling, WorkCode, WorkDocument};
use ledger::entity::{denial, work_item};
use ledger::held::NEVER;
use ledger::opening::{blank, settle_words};
use remitted::cents;

/// Minutes an exception is expected to take: someone reads the claim and decides.
const EXCEPTION_MINUTES: u32 = 15;

/// A work item whose document is not encoded yet.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) row: work_item::Model,
    pub(super) document: WorkDocument,
}

impl Desk<'_> {
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.intake.database().clock().now()
    }
}

/// The items of one claim; names itself in the rows of its denials.
pub(super) fn items(
    desk: &Desk<'_>,
    ready: &Ready,
    known: &Known<'_>,
    findings: &Findings<'_>,
    rows: &mut [denial::Model],
) -> Vec<Item> {
    if findings.denials.is_empty() && findings.exceptions.is_empty() {
        return Vec::new();
    }
    let starts = days(ready, known).starts();
    let windows = std::cell::RefCell::new(Windows::new(desk, ready, known, &starts));
    let groups = group(&findings.denials, |denial| {
        let mut windows = windows.borrow_mut();
        windows.of(&denial.decision).ranking().map(|deadline| deadline.rule.clone())
    });
    let mut windows = windows.into_inner();
    let mut items = Vec::with_capacity(groups.len());
    for group in groups {
        let denials: Vec<&Denial<'_>> =
            group.denials.iter().map(|at| &findings.denials[*at]).collect();
        let item = denial_item(desk, ready, known, &group, &denials, &mut windows);
        for at in &group.denials {
            rows[*at].work_item_id = item.row.id;
        }
        items.push(item);
    }
    let mut kinds: BTreeMap<ExceptionKind, Vec<&Exception<'_>>> = BTreeMap::new();
    for exception in &findings.exceptions {
        kinds.entry(exception.kind).or_default().push(exception);
    }
    let today = windows.today();
    items.extend(
        kinds.iter().map(|(kind, all)| exception_item(desk, ready, known, *kind, all, today)),
    );
    items
}

fn denial_item<'c>(
    desk: &Desk<'_>,
    ready: &Ready,
    known: &Known<'_>,
    group: &WorkGroup,
    denials: &[&Denial<'c>],
    windows: &mut Windows<'_, 'c>,
) -> Item {
    let decisions: Vec<Decision<'c>> = denials.iter().map(|denial| denial.decision).collect();
    let choice = windows.of_all(&decisions);
    // The largest denial speaks for the task where one voice is needed.
    let main = denials.iter().max_by_key(|denial| denial.denied).map(|denial| denial.decision);
    let (overturn, experience) = expected(desk, ready, denials);
    let worth = worth(desk, ready);
    let minutes = decisions.iter().map(Decision::effort_minutes).max().unwrap_or(0);
    let due_on = choice.ranking().map(|deadline| deadline.last_day);
    let mut evidence: Vec<&str> = decisions
        .iter()
        .flat_map(|decision| decision.evidence().iter().map(|slug| slug.as_str()))
        .collect();
    evidence.sort_unstable();
    evidence.dedup();
    let meaning = main.and_then(|main| main.entry()).map(|entry| &entry.meaning);
    let document = WorkDocument {
        team_name: desk.context.team_name(&group.team).to_owned(),
        codes: codes(denials),
        action_words: main.map(|main| main.action_words().to_owned()).unwrap_or_default(),
        review_reason: meaning.and_then(|m| m.review_reason.clone()).unwrap_or_default(),
        evidence: standards(desk, &evidence),
        unavailable: choice.unavailable.iter().map(unavailable_words).collect(),
        why: choice.why.clone(),
        escalation: meaning.map(|m| escalation(&m.escalation, &choice)).unwrap_or_default(),
        priority: rank(
            &Stakes {
                at_stake: group.denied,
                worth,
                expected_overturn: Expectation::known(overturn, experience),
                effort_minutes: minutes,
                last_day: due_on,
            },
            windows.today(),
        ),
        deadlines: choice.open,
        passed: choice.passed,
        worth,
        expected_overturn_bps: overturn.as_u32(),
        experience,
        effort_minutes: minutes,
        expected_days: meaning.map_or(0, |meaning| meaning.expected_days),
        policy: String::new(),
        appealed: None,
    };
    let mut row = of_claim(blank(desk.now(), desk.revision.hash()), ready, known);
    row.kind = "DENIAL".to_owned();
    row.category = meaning.map_or("", |meaning| meaning.category.as_str()).to_owned();
    row.owner_function = group.owner_function.as_str().to_owned();
    row.owner_team.clone_from(&group.team);
    row.next_action = group.next_action.as_str().to_owned();
    row.deadline_rule = group.deadline_rule.clone().unwrap_or_default();
    row.at_stake_cents = group.denied.as_i64();
    ranked(row, document, due_on)
}

/// An exception is owned by its policy and due when the policy says; nobody knows what it will
/// bring.
fn exception_item(
    desk: &Desk<'_>,
    ready: &Ready,
    known: &Known<'_>,
    kind: ExceptionKind,
    exceptions: &[&Exception<'_>],
    today: NaiveDate,
) -> Item {
    let at_stake = exceptions
        .iter()
        .fold(0_i64, |sum, exception| sum.saturating_add(exception.amount.as_i64()));
    let (codes, worth) = (exception_codes(exceptions), worth(desk, ready));
    let item = by_policy(desk, kind, codes, (at_stake, worth), today);
    Item { row: of_claim(item.row, ready, known), ..item }
}

/// What the dictionary leaves to a person.
pub(super) fn by_policy(
    desk: &Desk<'_>,
    kind: ExceptionKind,
    codes: Vec<WorkCode>,
    (at_stake, worth): (i64, Worth),
    today: NaiveDate,
) -> Item {
    let policy = desk.revision.compiled().policy(kind);
    let due_on = add_business_days(today, policy.settle_within_business_days);
    let stakes = Stakes {
        at_stake: Cents::new(at_stake),
        worth,
        expected_overturn: Expectation::Unknown,
        effort_minutes: EXCEPTION_MINUTES,
        last_day: due_on,
    };
    let document = WorkDocument {
        team_name: desk.context.team_name(policy.team.as_str()).to_owned(),
        codes,
        action_words: policy.action_words.clone(),
        why: settle_words(policy),
        policy: policy.slug.to_string(),
        worth,
        ..WorkDocument::of_no_denial(rank(&stakes, today), EXCEPTION_MINUTES)
    };
    let mut row = blank(desk.now(), desk.revision.hash());
    row.kind = "EXCEPTION".to_owned();
    row.exception = kind.as_str().to_owned();
    row.owner_function = policy.owner_function.as_str().to_owned();
    row.owner_team = policy.team.to_string();
    row.next_action = NextAction::ExceptionReview.as_str().to_owned();
    row.at_stake_cents = at_stake;
    ranked(row, document, due_on)
}

/// A row with what all items of a claim share.
pub(super) fn of_claim(
    row: work_item::Model,
    ready: &Ready,
    known: &Known<'_>,
) -> work_item::Model {
    let (part, governing) = (&ready.part, &*ready.governing);
    work_item::Model {
        claim_id: ready.claim_id.unwrap_or_default(),
        patient_control_number: normalized(part.number.reveal()),
        payer_claim_number: normalized(part.payer_control.reveal()),
        payer_id: governing.payer_id(),
        payer_slug: governing.payer_slug().to_owned(),
        payer_name: governing.payer_name.clone(),
        facility_id: governing.facility_id(),
        facility_slug: governing.facility_slug().to_owned(),
        facility_name: governing.facility.as_ref().map(|f| f.name.clone()).unwrap_or_default(),
        service_on: known.service_on,
        ..row
    }
}

/// Puts the rank into the row's columns.
pub(super) fn ranked(
    mut row: work_item::Model,
    document: WorkDocument,
    due_on: Option<NaiveDate>,
) -> Item {
    row.due_on = due_on.unwrap_or(NEVER);
    document.put_rank(&document.priority, &Telling::default(), &mut row);
    Item { row, document }
}

/// What charges of the claim are expected to be worth.
pub(super) fn worth(desk: &Desk<'_>, ready: &Ready) -> Worth {
    let paid = desk.usual.paid(ready.governing.payer_id());
    Worth::of_claim(ready.on_record.expected_allowed, cents(&ready.part.charge), &paid)
}

/// What share of the denials is expected to be overturned: of each what the payer's settled ones
/// show, else what its entry states, weighted by money.
fn expected(desk: &Desk<'_>, ready: &Ready, denials: &[&Denial<'_>]) -> (BasisPoints, Experience) {
    let payer = ready.governing.payer_id();
    let mut shown: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    let mut stated = false;
    let shares: Vec<(i64, u32)> = denials
        .iter()
        .map(|denial| {
            let code = (denial.group.as_str(), denial.carc.as_str());
            let rate = desk.usual.rate(payer, code.0, code.1);
            stated |= rate.is_none();
            shown.extend(rate.map(|(_, settled)| (code, settled)));
            let share = rate.map_or(denial.decision.expected_overturn(), |(rate, _)| rate);
            (denial.denied.as_i64(), share.as_u32())
        })
        .collect();
    let settled = shown.into_values().fold(0, u32::saturating_add);
    let experience = match (settled, stated) {
        (0, _) => Experience::None,
        (settled, true) => Experience::Part(settled),
        (settled, false) => Experience::Whole(settled),
    };
    (BasisPoints::new(weighted(shares.into_iter())), experience)
}

/// The mean of shares, weighted by money, rounded down.
fn weighted(shares: impl Iterator<Item = (i64, u32)>) -> u32 {
    let (mut money, mut sum) = (0_i128, 0_i128);
    for (cents, share) in shares {
        let cents = i128::from(cents.max(1));
        money += cents;
        sum += cents * i128::from(share);
    }
    u32::try_from(sum / money.max(1)).unwrap_or(0)
}

fn codes(denials: &[&Denial<'_>]) -> Vec<WorkCode> {
    let mut codes: Vec<WorkCode> = Vec::new();
    for denial in denials {
        let label = denial.decision.entry().map(|entry| entry.meaning.label.as_str());
        let code = WorkCode {
            group: denial.group.as_str().to_owned(),
            carc: denial.carc.as_str().to_owned(),
            rarcs: denial.rarcs.iter().map(ToString::to_string).collect(),
            label: label.unwrap_or_default().to_owned(),
            count: 1,
            denied_cents: denial.denied.as_i64(),
        };
        add_code(&mut codes, code);
    }
    codes
}

fn exception_codes(exceptions: &[&Exception<'_>]) -> Vec<WorkCode> {
    let mut codes: Vec<WorkCode> = Vec::new();
    for exception in exceptions {
        let code = |part: fn(&(domain::codes::Group, domain::codes::Carc)) -> String| {
            exception.code.as_ref().map(part).unwrap_or_default()
        };
        let entry = exception.decision.and_then(|decision| decision.entry());
        let code = WorkCode {
            group: code(|(group, _)| group.to_string()),
            carc: code(|(_, carc)| carc.to_string()),
            rarcs: exception.rarcs.iter().map(ToString::to_string).collect(),
            label: entry.map(|entry| entry.meaning.label.clone()).unwrap_or_default(),
            count: 1,
            denied_cents: exception.amount.as_i64(),
        };
        add_code(&mut codes, code);
    }
    codes
}

/// Adds a code combination, or its count and money to the one that is there.
pub(super) fn add_code(codes: &mut Vec<WorkCode>, code: WorkCode) {
    let same = codes.iter_mut().find(|held| {
        held.group == code.group && held.carc == code.carc && held.rarcs == code.rarcs
    });
    match same {
        Some(held) => {
            held.count += code.count;
            held.denied_cents = held.denied_cents.saturating_add(code.denied_cents);
        }
        None => codes.push(code),
    }
}

fn standards(desk: &Desk<'_>, slugs: &[&str]) -> Vec<Evidence> {
    let all = &desk.revision.compiled().bundle().documentation_standards;
    let known = |slug: &&str| all.iter().find(|standard| standard.slug.as_str() == *slug);
    slugs.iter().filter_map(known).map(|it| Evidence::missing(Requirement::of(it))).collect()
}

fn escalation(
    steps: &[domain::dictionary::entry::EscalationStep],
    choice: &Choice,
) -> Vec<Escalation> {
    let Some(deadline) = choice.ranking() else { return Vec::new() };
    steps
        .iter()
        .map(|step| Escalation {
            at_percent: step.at_percent,
            on: deadline.day_at_percent(step.at_percent),
            tell: step.tell,
        })
        .collect()
}

fn unavailable_words(missing: &Unavailable) -> String {
    match (&missing.rule, &missing.why) {
        (Some(rule), Some(why)) => format!("{}: `{rule}` gives no date: {why}", missing.path),
        _ => format!("{}: no rule is known for such a claim", missing.path),
    }
}
