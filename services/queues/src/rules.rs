//! What happened to an item, in words for its timeline.

use domain_work::hold::{Happened, WaitingFor};

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
            format!("put it aside until {follow_up_on}: it waits for {}", awaited(*waiting_for))
        }
        Happened::WokeUp { waiting_for, follow_up_on } => {
            format!(
                "open again: it waited for {}, to be looked at on {follow_up_on}",
                awaited(*waiting_for)
            )
        }
        Happened::Resolved => "done".to_owned(),
        Happened::Reopened { reason } => because("opened it again", reason),
        Happened::Superseded => "the dictionary no longer calls for it".to_owned(),
        Happened::Restored => "the dictionary calls for it again".to_owned(),
    }
}

fn because(what: &str, reason: &str) -> String {
    if reason.is_empty() { what.to_owned() } else { format!("{what}: {reason}") }
}

fn awaited(waiting_for: WaitingFor) -> &'static str {
    match waiting_for {
        WaitingFor::Payer => "the payer",
        WaitingFor::Clarification => "an answer",
        WaitingFor::Documents => "documents",
    }
}
