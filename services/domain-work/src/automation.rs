//! Rules that act on items by themselves: what they can do, to which items, and for how much.
//!
//! [`check`] judges a rule against the dictionary's limits before it is kept, [`judge`] judges one
//! item at the moment of the act: a limit that was lowered in between holds at once. Every limit
//! that names an action and a code bounds it, so that the lowest one counts; where none does,
//! nothing happens.
//!
//! Invariants: nothing is done above the limit of any code of the item, above the ceiling of the
//! rule or beyond its day; nothing that the dictionary leaves to a person, that a person has
//! touched, or that gives up what a patient owes. Absent on purpose: which items a rule's filter
//! admits, and who holds money: what is stated here is what was refused.

mod gate;
#[cfg(test)]
mod tests;

use chrono::{Days, NaiveDate};
use domain::codes::{Carc, Group};
use domain::dictionary::Slug;
use domain::dictionary::sections::AutomationLimit;
use domain::dictionary::vocabulary::{Category, NextAction, OwnerFunction};
use domain::money::Cents;
use domain::words;

pub use gate::Gate;

use crate::WorkKind;
use crate::hold::{Hold, State};

/// Days until documents that were asked for are looked after: a records department answers within
/// a week, or has to be asked by a person.
pub const DOCUMENT_DAYS: u64 = 7;

/// Days until a silent payer is looked after: a clean claim is answered within 30 days in most
/// states, so that a second look comes before half of that is lost.
pub const WAIT_DAYS: u64 = 14;

/// Days until a claim that shall be sent again is looked after: billing systems send every day, so
/// that what was not sent within a week is stuck.
pub const RESUBMISSION_DAYS: u64 = 7;

words! {
    /// Whether a rule acts.
    Mode {
        /// It only tells what it would do.
        DryRun = "DRY_RUN",
        /// It acts.
        Acting = "ACTING",
        /// It does nothing.
        Stopped = "STOPPED",
    }
}

/// What a rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What it does: to items whose next action this is.
    pub action: NextAction,
    /// Whether it acts.
    pub mode: Mode,
    /// The most money of one act.
    pub ceiling: Cents,
    /// The most money of a day.
    pub daily_ceiling: Cents,
}

/// What bounds every rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds<'a> {
    /// Those of the active revision of the dictionary.
    pub limits: &'a [AutomationLimit],
    /// The most that is given up without the agreement of another person.
    pub write_off_limit: Cents,
}

/// One code of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Who is liable, as the payer says.
    pub group: Group,
    /// The reason; `None` where what was sent is none.
    pub carc: Option<Carc>,
}

/// What is known of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    /// What sort of work it is.
    pub kind: WorkKind,
    /// The next thing to do, as the dictionary says.
    pub action: NextAction,
    /// Its family; `None` where the dictionary does not know.
    pub category: Option<Category>,
    /// Who acts.
    pub owner: Option<OwnerFunction>,
    /// Whether an exception policy made it.
    pub is_exception: bool,
    /// Why a person must look first; empty where none must.
    pub review_reason: &'a str,
    /// The codes of its denials.
    pub codes: &'a [Code],
    /// What was refused.
    pub at_stake: Cents,
    /// Whether the active revision decided it.
    pub is_current: bool,
    /// How it is held.
    pub hold: &'a Hold,
    /// Whether anybody has ever held it, put it aside, ended it or written about it.
    pub touched: bool,
    /// Whether somebody was asked about it and has not answered.
    pub has_open_question: bool,
    /// The last day of the deadline that ranks it.
    pub last_day: Option<NaiveDate>,
    /// How many documents of its checklist are missing.
    pub documents: usize,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// What was refused is written off.
    WriteOff,
    /// It is closed without further work.
    Close,
    /// Its documents are asked for, and it waits for them until that day.
    AskForDocuments(NaiveDate),
    /// It waits for the payer until that day.
    Wait(NaiveDate),
    /// The billing system is asked to send the claim again, and it waits for that until that day.
    AskForResubmission(NaiveDate),
}

/// An act inside its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deed<'a> {
    /// What.
    pub doing: Doing,
    /// The money it is about.
    pub money: Cents,
    /// The lowest limit that bounds it.
    pub limit: &'a AutomationLimit,
}

/// What a rule makes of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// It acts.
    Act(Deed<'a>),
    /// It would, and tells so.
    WouldAct(Deed<'a>),
    /// It leaves the item to people.
    Refuse(Gate),
}

/// Why a rule cannot stand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing here can do it.
    #[error("no rule can do `{action}`: {why}")]
    Impossible {
        /// What it should do.
        action: NextAction,
        /// Why not.
        why: &'static str,
    },
    /// The dictionary has no limit.
    #[error(
        "the active dictionary has no automation limit for `{action}`, so that a person must act; \
         the committee can set one"
    )]
    NoLimit {
        /// What it should do.
        action: NextAction,
    },
    /// The dictionary allows less.
    #[error(
        "a ceiling of {ceiling} per act is more than the dictionary's automation limit `{limit}` \
         allows for `{action}`: at most {at_most}{}",
        if *.at_most == Cents::ZERO { ", so that a person must act" } else { "" }
    )]
    AboveLimit {
        /// What it should do.
        action: NextAction,
        /// What it should be allowed.
        ceiling: Cents,
        /// Which limit.
        limit: Slug,
        /// What that allows.
        at_most: Cents,
    },
    /// More is written off with the agreement of another person only.
    #[error(
        "a ceiling of {ceiling} per act is more than the {at_most} that may be written off without \
         another person's approval, which no rule can ask for"
    )]
    AboveApproval {
        /// What it should be allowed.
        ceiling: Cents,
        /// What needs no approval.
        at_most: Cents,
    },
}

/// Why nothing here can do an action; `None` where a rule can.
pub const fn impossible(action: NextAction) -> Option<&'static str> {
    match action {
        // Of a claim the billing system is asked: only who sends one knows the number that such an
        // end needs.
        NextAction::WriteOff
        | NextAction::Close
        | NextAction::SendDocuments
        | NextAction::Wait
        | NextAction::CorrectedClaim
        | NextAction::NewClaim => None,
        NextAction::Appeal => Some("an appeal is argued and signed by people"),
        NextAction::RebillOtherPayer => Some("another payer is billed by the billing system"),
        NextAction::PatientBill => Some("a person says that a patient owes money"),
        NextAction::PayerInquiry => Some("nothing here can ask a payer"),
        NextAction::ExceptionReview => Some("what the dictionary does not know a person decides"),
    }
}

/// The limit that bounds an action under a code: the lowest that names both.
pub fn limit_of(
    limits: &[AutomationLimit],
    action: NextAction,
    carc: Carc,
) -> Option<&AutomationLimit> {
    lowest(limits.iter().filter(|it| it.action == action && it.carc.admits(Some(&carc))))
}

/// The limit beyond which an action has no code: the lowest that names every code, and where none
/// does the highest of single ones.
pub fn widest(limits: &[AutomationLimit], action: NextAction) -> Option<&AutomationLimit> {
    let of_action = || limits.iter().filter(|it| it.action == action);
    lowest(of_action().filter(|it| it.carc.is_any()))
        .or_else(|| of_action().max_by_key(|it| (it.ceiling, it.slug.clone())))
}

fn lowest<'a>(limits: impl Iterator<Item = &'a AutomationLimit>) -> Option<&'a AutomationLimit> {
    limits.min_by_key(|it| (it.ceiling, it.slug.clone()))
}

/// Judges a rule before it is kept.
///
/// # Errors
/// When nothing here can do it, or it would be allowed more than the dictionary allows.
pub fn check(rule: &Rule, bounds: &Bounds<'_>) -> Result<(), Refusal> {
    let (action, ceiling) = (rule.action, rule.ceiling);
    if let Some(why) = impossible(action) {
        return Err(Refusal::Impossible { action, why });
    }
    let limit = widest(bounds.limits, action).ok_or(Refusal::NoLimit { action })?;
    if ceiling > limit.ceiling {
        let (limit, at_most) = (limit.slug.clone(), limit.ceiling);
        return Err(Refusal::AboveLimit { action, ceiling, limit, at_most });
    }
    if action == NextAction::WriteOff && ceiling > bounds.write_off_limit {
        return Err(Refusal::AboveApproval { ceiling, at_most: bounds.write_off_limit });
    }
    Ok(())
}

/// Judges an item on the day `today`, on which the rule has spent `spent` already.
pub fn judge<'a>(
    item: &Item<'_>,
    rule: &Rule,
    bounds: &Bounds<'a>,
    spent: Cents,
    today: NaiveDate,
) -> Verdict<'a> {
    let deed = human(item, rule).and_then(|()| {
        let limit = within(item, rule, bounds, spent)?;
        Ok(Deed { doing: doing(item, today)?, money: item.at_stake, limit })
    });
    match (deed, rule.mode) {
        (Err(gate), _) => Verdict::Refuse(gate),
        (Ok(_), Mode::Stopped) => Verdict::Refuse(Gate::Stopped),
        (Ok(deed), Mode::DryRun) => Verdict::WouldAct(deed),
        (Ok(deed), Mode::Acting) => Verdict::Act(deed),
    }
}

/// The gates behind which people decide.
fn human(item: &Item<'_>, rule: &Rule) -> Result<(), Gate> {
    if item.action != rule.action {
        return Err(Gate::AnotherAction(item.action));
    }
    if item.touched || item.hold.state != State::Open(None) {
        return Err(Gate::Touched);
    }
    if item.has_open_question {
        return Err(Gate::Asked);
    }
    if item.is_exception || item.kind == WorkKind::Exception || item.category.is_none() {
        return Err(Gate::Unknown);
    }
    if !item.review_reason.is_empty() {
        return Err(Gate::Review);
    }
    if item.owner.is_none_or(|owner| owner == OwnerFunction::Compliance) {
        return Err(Gate::Compliance);
    }
    if !item.is_current {
        return Err(Gate::AnotherRevision);
    }
    // What a patient owes is waived one by one: routine waivers are inducements under 42 U.S.C.
    // 1320a-7a(a)(5) and (i)(6)(A).
    let gives_up = matches!(item.action, NextAction::WriteOff | NextAction::Close);
    if gives_up && item.codes.iter().any(|code| code.group == Group::PR) {
        return Err(Gate::PatientOwes);
    }
    Ok(())
}

/// The lowest limit that bounds an item, once its money is below it and below all others.
fn within<'a>(
    item: &Item<'_>,
    rule: &Rule,
    bounds: &Bounds<'a>,
    spent: Cents,
) -> Result<&'a AutomationLimit, Gate> {
    let money = item.at_stake;
    if money <= Cents::ZERO {
        return Err(Gate::NoMoney);
    }
    let mut limits = Vec::with_capacity(item.codes.len());
    for code in item.codes {
        let carc = code.carc.ok_or(Gate::NoCode)?;
        limits.push(limit_of(bounds.limits, rule.action, carc).ok_or(Gate::NoLimit(carc))?);
    }
    let limit = lowest(limits.into_iter()).ok_or(Gate::NoCode)?;
    if money > limit.ceiling {
        return Err(Gate::AboveLimit { money, limit: limit.slug.clone(), at_most: limit.ceiling });
    }
    if money > rule.ceiling {
        return Err(Gate::AboveCeiling { money, at_most: rule.ceiling });
    }
    if rule.action == NextAction::WriteOff && money > bounds.write_off_limit {
        return Err(Gate::NeedsApproval { money, at_most: bounds.write_off_limit });
    }
    match spent.checked_add(money) {
        Some(total) if total <= rule.daily_ceiling => Ok(limit),
        _ => Err(Gate::DayIsSpent { money, spent, at_most: rule.daily_ceiling }),
    }
}

fn doing(item: &Item<'_>, today: NaiveDate) -> Result<Doing, Gate> {
    if let Some(why) = impossible(item.action) {
        return Err(Gate::Impossible(why));
    }
    let until = |days| {
        let day = today.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX);
        // On that day as much time is left again as was waited.
        let latest = day.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX);
        match item.last_day {
            Some(last_day) if latest > last_day => Err(Gate::TooLate { last_day }),
            _ => Ok(day),
        }
    };
    Ok(match item.action {
        NextAction::WriteOff => Doing::WriteOff,
        NextAction::SendDocuments if item.documents == 0 => return Err(Gate::NoDocuments),
        NextAction::SendDocuments => Doing::AskForDocuments(until(DOCUMENT_DAYS)?),
        NextAction::Wait => Doing::Wait(until(WAIT_DAYS)?),
        // A claim that goes out again without what must be on file comes back again.
        NextAction::NewClaim | NextAction::CorrectedClaim if item.documents > 0 => {
            return Err(Gate::Incomplete { missing: item.documents });
        }
        NextAction::NewClaim | NextAction::CorrectedClaim => {
            Doing::AskForResubmission(until(RESUBMISSION_DAYS)?)
        }
        _ => Doing::Close,
    })
}
