//! What happened to an item, in words for its timeline.

use chrono::NaiveDate;
use domain::calendar::spoken;
use domain::money::Cents;
use domain_work::clarification::ClarificationState;
use domain_work::hold::{Happened, WaitingFor};
use domain_work::resolution::{Accepted, ResolutionKind, Stated};

/// What happened, after the name of who did it.
pub(crate) fn words(happened: &Happened) -> String {
    match happened {
        Happened::Claimed { expires_at, .. } => {
            format!("took it, until {} unless heard from", expires_at.format("%H:%M UTC"))
        }
        Happened::Extended { expires_at } => {
            format!("holds it until {}", expires_at.format("%H:%M UTC"))
        }
        Happened::LeaseLost { holder, .. } => {
            format!("the lease of {holder} ran out; it waits in its queue again")
        }
        Happened::Released { reason, .. } => because("gave it back", reason),
        Happened::TakenAway { from, reason, .. } => {
            because(&format!("took it away from {from}"), reason)
        }
        Happened::GivenToPerson { to, reason, .. } => because(&format!("gave it to {to}"), reason),
        Happened::GivenToTeam { to, reason, .. } => {
            because(&format!("gave it to team `{to}`"), reason)
        }
        Happened::PutAside { waiting_for, follow_up_on, .. } => {
            format!(
                "put it aside until {}: it waits for {}",
                spoken(*follow_up_on),
                awaited(*waiting_for)
            )
        }
        Happened::WokeUp { waiting_for, follow_up_on } => {
            format!(
                "open again: it waited for {}, to be looked at on {}",
                awaited(*waiting_for),
                spoken(*follow_up_on)
            )
        }
        Happened::Resolved => "done".to_owned(),
        Happened::Reopened { reason } => because("opened it again", reason),
        Happened::Superseded => "the dictionary no longer calls for it".to_owned(),
        Happened::Restored => "the dictionary calls for it again".to_owned(),
    }
}

/// How an item ended, after the name of who ended it.
pub(crate) fn ended(stated: &Stated<'_>, accepted: &Accepted) -> String {
    let how = match stated.kind {
        ResolutionKind::Correction => "a corrected claim was sent",
        ResolutionKind::Appeal => "the appeal was decided",
        ResolutionKind::Resubmission => "a new claim was sent",
        ResolutionKind::Adjustment => "it was written off",
        ResolutionKind::Escalation => "it was escalated",
        ResolutionKind::PatientBill => "the patient was billed",
        ResolutionKind::OtherPayer => "another payer was billed",
        ResolutionKind::Closed => "closed without further work",
    };
    let mut words = format!("done: {how}");
    if !stated.corrected_claim_number.is_empty() {
        words.push_str(&format!(", {}", stated.corrected_claim_number));
    }
    if stated.recovered > Cents::ZERO {
        words.push_str(&format!("; {} came back", stated.recovered));
    }
    if stated.written_off > Cents::ZERO {
        let (amount, code) = (stated.written_off, stated.write_off_code);
        words.push_str(&format!("; {amount} written off under {code}"));
    }
    if accepted.left > Cents::ZERO {
        words.push_str(&format!("; {} left", accepted.left));
    }
    because(&words, stated.reason)
}

/// A question, after the name of who asked it.
pub(crate) fn asked(team: &str, due_on: NaiveDate, question: &str) -> String {
    format!("asked team `{team}`, until {}: {question}", spoken(due_on))
}

/// What became of a question: the type of its event, and words after the name of who said so.
pub(crate) fn settled(
    to: ClarificationState,
    team: &str,
    due_on: NaiveDate,
    reason: &str,
) -> (&'static str, String) {
    let (kind, what) = match to {
        ClarificationState::Returned => {
            let until = spoken(due_on);
            ("clarification.returned", format!("asked team `{team}` again, until {until}"))
        }
        ClarificationState::Withdrawn => {
            ("clarification.withdrawn", format!("needs no answer of team `{team}` any more"))
        }
        ClarificationState::Accepted | ClarificationState::Asked | ClarificationState::Answered => {
            ("clarification.accepted", format!("accepted the answer of team `{team}`"))
        }
    };
    (kind, because(&what, reason))
}

fn because(what: &str, reason: &str) -> String {
    if reason.is_empty() { what.to_owned() } else { format!("{what}: {reason}") }
}

fn awaited(waiting_for: WaitingFor) -> &'static str {
    match waiting_for {
        WaitingFor::Payer => "the payer",
        WaitingFor::Clarification => "an answer",
        WaitingFor::Documents => "documents",
        WaitingFor::Resubmission => "its claim to be sent again",
    }
}
