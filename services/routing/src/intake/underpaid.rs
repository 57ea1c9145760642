//! One item about what is missing of a claim: paid less than a partner expects, or for less than
//! was billed.
//!
//! The rule is `domain_work::underpayment`. A claim that nothing was said of before is judged by
//! itself; one that has a case already is judged by all of it ([`case`]), so that a later payment
//! of the difference ends the item. Only live claims are judged that a primary payer decided and
//! that come in one part: of one of more than 10,000 segments no part knows the others' sums.
//!
//! Whose work it is and how soon it is to be settled is our reasoning: nobody states it. A person
//! who ended such an item is not asked again about the same adjudication.

use chrono::NaiveDate;
use domain::calendar::add_business_days;
use domain::codes::{ClaimStatus, Group};
use domain::denial::{Findings, Level, Stated, StatedReason};
use domain::dictionary::owner::Place;
use domain::dictionary::vocabulary::{Category, NextAction, OwnerFunction, RecordClass};
use domain::money::Cents;
use domain_work::WorkKind;
use domain_work::priority::{Expectation, Stakes, Worth, rank};
use domain_work::underpayment::{
    Adjudication, Claim, DOWNGRADES, SEQUESTRATION, Underpaid, underpaid,
};
use ledger::document::{WorkCode, WorkDocument};
use ledger::held::known_day;
use ledger::opening::blank;
use remitted::cents;
use x12::model::ClaimPart;

use super::Desk;
use super::collect::Ready;
use super::draft::Known;
use super::work::{Item, add_code, of_claim, ranked, worth};

pub(super) mod case;
mod judged;

pub(crate) use judged::judged;

/// Minutes that it is expected to take: someone compares a payment with a contract and calls.
const MINUTES: u32 = 30;

/// Business days within which it is to be settled.
const DAYS: u32 = 20;

/// What the money of a claim is judged by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Judged {
    /// By its adjudication alone: nothing else was said of it.
    #[default]
    Alone,
    /// By its case.
    Case(Option<Underpaid>),
}

/// What a part says of the money of its claim.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Money {
    /// What a partner expects to be allowed.
    pub(super) expected: Option<Cents>,
    /// What was taken where it seems to pay for less than was billed.
    pub(super) downgraded: Cents,
    /// Charges of its exceptions and of what is pending.
    pub(super) open: Cents,
}

impl Money {
    pub(super) fn of(ready: &Ready, findings: &Findings<'_>) -> Self {
        let exceptions = findings.exceptions.iter().map(|exception| exception.amount);
        Self {
            expected: ready.on_record.expected_allowed,
            downgraded: sum(downgrades(&ready.part, findings).map(|stated| stated.amount)),
            open: sum(exceptions.chain([findings.roll_up.pending])),
        }
    }
}

/// The item about a claim, where something is missing of it.
pub(super) fn item(
    desk: &Desk<'_>,
    ready: &Ready,
    known: &Known<'_>,
    findings: &Findings<'_>,
    judged: Judged,
) -> Option<Item> {
    if !is_judged(&ready.part) {
        return None;
    }
    let found = match judged {
        Judged::Alone => alone(ready, findings)?,
        Judged::Case(found) => found?,
    };
    let today = ready.governing.zone.day_of(desk.now());
    let compiled = desk.revision.compiled();
    let place = Place {
        payer: known.facts.payer,
        facility: known.facts.facility,
        service_line: known.facts.service_line,
    };
    let team = compiled.team(OwnerFunction::Contracting, place).slug;
    let due_on = add_business_days(today, DAYS);
    let document = WorkDocument {
        team_name: desk.context.team_name(team).to_owned(),
        codes: codes(&ready.part, findings),
        why: format!(
            "how long a payment may be disputed stands in the contract and is not known here: to \
             be settled within {DAYS} business days"
        ),
        worth: match found {
            Underpaid::Short { .. } => Worth::Owed,
            Underpaid::Downgraded { .. } => worth(desk, ready),
        },
        ..WorkDocument::of_no_denial(unranked(today), MINUTES)
    };
    let mut row = of_claim(blank(desk.now(), desk.revision.hash()), ready, known);
    row.kind = WorkKind::Underpayment.as_str().to_owned();
    row.category = Category::Contractual.as_str().to_owned();
    row.owner_function = OwnerFunction::Contracting.as_str().to_owned();
    team.clone_into(&mut row.owner_team);
    row.next_action = NextAction::PayerInquiry.as_str().to_owned();
    row.due_on = due_on.unwrap_or(ledger::held::NEVER);
    Some(valued(Item { row, document }, found, today))
}

/// The item with what is missing, ranked by that.
fn valued(item: Item, found: Underpaid, today: NaiveDate) -> Item {
    let Item { mut row, mut document } = item;
    row.at_stake_cents = found.at_stake().as_i64();
    document.action_words = found.words();
    document.priority = rank(&document.stakes(&row), today);
    let last_day = known_day(row.due_on);
    ranked(row, document, last_day)
}

/// A rank of nothing, until what is missing is known.
fn unranked(today: NaiveDate) -> domain_work::priority::Priority {
    let stakes = Stakes {
        at_stake: Cents::ZERO,
        worth: Worth::Owed,
        expected_overturn: Expectation::Unknown,
        effort_minutes: MINUTES,
        last_day: None,
    };
    rank(&stakes, today)
}

/// Whether a part is a claim of which a primary payer decided all.
fn is_judged(part: &ClaimPart) -> bool {
    let primary = [ClaimStatus::Primary, ClaimStatus::PrimaryForwarded];
    let status = ClaimStatus::parse(&part.status);
    part.part == 0 && part.last && status.is_some_and(|status| primary.contains(&status))
}

fn alone(ready: &Ready, findings: &Findings<'_>) -> Option<Underpaid> {
    let money = Money::of(ready, findings);
    let of_stated = |is: fn(&Stated<'_>) -> bool| {
        sum(findings.stated.iter().filter(|stated| is(stated)).map(|stated| stated.amount))
    };
    let adjudication = Adjudication {
        paid: cents(&ready.part.paid),
        patient: of_stated(|stated| stated.group == Group::PR),
        sequestered: of_stated(|stated| stated.carc.as_str() == SEQUESTRATION),
        downgraded: money.downgraded,
    };
    underpaid(&Claim {
        charge: cents(&ready.part.charge),
        expected: money.expected,
        elsewhere: sum([findings.roll_up.denied, money.open].into_iter()),
        standing: &[adjudication],
    })
}

/// What the contract took where the payer seems to pay for less than was billed.
fn downgrades<'f, 'c>(
    part: &'f ClaimPart,
    findings: &'f Findings<'c>,
) -> impl Iterator<Item = &'f Stated<'c>> {
    let changed = |level: Level| match level {
        Level::Claim => false,
        Level::Line(at) => part.lines.get(at).is_some_and(|line| {
            let billed = &line.submitted_procedure;
            !billed.is_empty() && !billed.eq_ignore_ascii_case(&line.procedure)
        }),
    };
    findings.stated.iter().filter(move |stated| {
        stated.reason == StatedReason::Class(RecordClass::Contractual)
            && (DOWNGRADES.contains(&stated.carc.as_str()) || changed(stated.level))
    })
}

fn codes(part: &ClaimPart, findings: &Findings<'_>) -> Vec<WorkCode> {
    let mut codes = Vec::new();
    for stated in downgrades(part, findings) {
        let entry = stated.decision.and_then(|decision| decision.entry());
        let code = WorkCode {
            group: stated.group.as_str().to_owned(),
            carc: stated.carc.as_str().to_owned(),
            rarcs: Vec::new(),
            label: entry.map(|entry| entry.meaning.label.clone()).unwrap_or_default(),
            count: 1,
            denied_cents: stated.amount.as_i64(),
        };
        add_code(&mut codes, code);
    }
    codes
}

fn sum(amounts: impl Iterator<Item = Cents>) -> Cents {
    Cents::new(amounts.fold(0_i64, |sum, amount| sum.saturating_add(amount.as_i64())))
}
