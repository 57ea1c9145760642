//! The printed worklist: what a denial specialist sees first in the morning.

use anyhow::Result;
use contracts::deadline::v1::{ClockEvidence, Deadline};
use contracts::google::r#type::Date;
use contracts::money::v1::Money;
use contracts::routing::v1::{
    EvidenceState, ListWorkItemsRequest, Priority, WorkItem, WorkItemCode, WorkItemKind,
};
use domain::money::Cents;
use platform::clock;

use super::groups::DemoGroup;
use crate::Output;
use crate::client::Clients;
use crate::words::{day, days_left, grouped, spoken};

/// Prints the first `count` items of the caller's worklist.
pub(crate) async fn print(clients: &Clients, group: &DemoGroup, count: i32) -> Result<()> {
    let request = ListWorkItemsRequest {
        page_size: count,
        filter: "state = \"OPEN\"".to_owned(),
        ..ListWorkItemsRequest::default()
    };
    let list = clients.routing().list_work_items(request).await?.into_inner();
    let output = Output;
    output.line(&format!(
        "Worklist of {}, the most urgent first. Its dictionary is a starting point for a \
         committee.",
        group.name
    ))?;
    output.line("Points: expected dollars an hour times urgency, in cents.")?;
    for (at, item) in list.work_items.iter().enumerate() {
        output.line("")?;
        output.line(&text(at + 1, item))?;
    }
    if !list.next_page_token.is_empty() {
        output.line("")?;
        output.line("... and more: ask for the next page.")?;
    }
    Ok(())
}

/// One item in words, several lines.
fn text(place: usize, item: &WorkItem) -> String {
    let mut lines = vec![format!(
        "{place:>3}. claim {} · {} · {} at stake · {}{}",
        item.patient_control_number,
        item.payer_name,
        money(item.at_stake.as_ref()),
        item.facility_name,
        kind_words(item)
    )];
    let codes: Vec<String> = item.codes.iter().filter_map(code_words).collect();
    let mut say = |what: &str, words: &str| lines.push(format!("     {what:<9} {words}"));
    for code in &codes {
        say("codes", code);
    }
    if codes.is_empty() {
        say("codes", "none");
    }
    say("owner", &item.team_name);
    let action = spoken(item.next_action().as_str_name(), "NEXT_ACTION_");
    say("next", &format!("{action}: {}", item.action_words));
    let missing: Vec<&str> = item
        .evidence
        .iter()
        .filter(|piece| piece.state() == EvidenceState::Missing)
        .map(|piece| piece.title.as_str())
        .collect();
    say("missing", &if missing.is_empty() { "nothing".to_owned() } else { missing.join("; ") });
    say("deadline", &due_words(item));
    if let Some(priority) = &item.priority {
        say("priority", &priority_words(priority));
    }
    lines.join("\n")
}

fn kind_words(item: &WorkItem) -> String {
    match item.kind() {
        WorkItemKind::Exception => {
            let kind = spoken(item.exception().as_str_name(), "EXCEPTION_KIND_");
            format!(", EXCEPTION: {kind}")
        }
        WorkItemKind::Unspecified
        | WorkItemKind::Denial
        | WorkItemKind::Rejection
        | WorkItemKind::Underpayment
        | WorkItemKind::ClaimStatus
        | WorkItemKind::ArFollowUp => String::new(),
    }
}

/// Nothing for an exception that no adjustment is behind.
fn code_words(code: &WorkItemCode) -> Option<String> {
    let of = |part: &Option<contracts::routing::v1::CodeLabel>| {
        part.as_ref().map(|label| label.code.clone()).unwrap_or_default()
    };
    let reason = of(&code.reason);
    if reason.is_empty() && code.remarks.is_empty() {
        return None;
    }
    let label = code.reason.as_ref().map(|label| label.label.as_str()).unwrap_or_default();
    let mut words = format!("{}-{reason} {label}", of(&code.group)).trim_end().to_owned();
    for remark in &code.remarks {
        words.push_str(&format!(" + {} {}", remark.code, remark.label));
    }
    if code.denial_count > 1 {
        words.push_str(&format!(" ({} lines)", code.denial_count));
    }
    Some(words)
}

pub(super) fn due_words(item: &WorkItem) -> String {
    match (&item.deadline, &item.follow_up_on) {
        (Some(deadline), _) => deadline_words(deadline),
        (None, Some(follow_up_on)) => format!("look at it by {}", date(Some(follow_up_on))),
        (None, None) => item.deadline_words.clone(),
    }
}

fn deadline_words(deadline: &Deadline) -> String {
    let assumed = if deadline.assumed {
        format!(" (assumed: {})", deadline.assumption)
    } else {
        String::new()
    };
    format!(
        "{} ({}, {}) for {}: {}, counted from {}{assumed}; source: {}",
        date(deadline.due_on.as_ref()),
        days_left(deadline.days_left.into()),
        deadline.time_zone,
        spoken(deadline.path().as_str_name(), "PATH_"),
        deadline.rule_words,
        start_words(deadline),
        deadline.source
    )
}

/// The clock and its day, and how we know it.
fn start_words(deadline: &Deadline) -> String {
    let clock = spoken(deadline.counted_from().as_str_name(), "CLOCK_EVENT_");
    let known = match deadline.clock_evidence() {
        ClockEvidence::Remittance => ", on the remittance",
        ClockEvidence::Claim => ", on the claim",
        ClockEvidence::PayerNotice => ", on the payer's notice",
        ClockEvidence::Stated => ", as stated",
        ClockEvidence::PresumedReceipt => ", presumed",
        ClockEvidence::Unspecified => "",
    };
    format!("the {clock} {}{known}", date(deadline.counted_from_on.as_ref()))
}

fn priority_words(priority: &Priority) -> String {
    let reasons: Vec<&str> = priority.reasons.iter().map(|reason| reason.words.as_str()).collect();
    format!("{} points: {}", grouped(priority.score), reasons.join("; "))
}

fn date(date: Option<&Date>) -> String {
    date.copied().and_then(clock::day).map_or_else(|| "no date".to_owned(), day)
}

pub(super) fn money(money: Option<&Money>) -> String {
    money.map_or_else(|| "nothing".to_owned(), |money| Cents::new(money.amount_cents).to_string())
}

#[cfg(test)]
mod tests {
    use contracts::dictionary::v1::{ClockEvent, ExceptionKind, NextAction, Path};

    use super::*;

    fn on(month: i32, day: i32) -> Option<Date> {
        Some(Date { year: 2027, month, day })
    }

    #[test]
    fn an_exception_without_codes_says_what_it_is_and_when_to_look() {
        let item = WorkItem {
            kind: WorkItemKind::Exception.into(),
            exception: ExceptionKind::UnexplainedZeroPayment.into(),
            codes: vec![WorkItemCode::default()],
            next_action: NextAction::ExceptionReview.into(),
            action_words: "Ask the payer".to_owned(),
            follow_up_on: on(2, 1),
            ..WorkItem::default()
        };
        let text = text(1, &item);
        assert!(text.contains("EXCEPTION: unexplained zero payment\n"), "{text}");
        assert!(text.contains("\n     codes     none\n"), "{text}");
        assert!(text.contains("\n     next      exception review: Ask the payer\n"), "{text}");
        assert!(text.contains("\n     deadline  look at it by 02/01/2027"), "{text}");
    }

    #[test]
    fn a_deadline_says_its_path_its_clock_and_its_day() {
        let deadline = Deadline {
            path: Path::AppealLevel1.into(),
            due_on: on(2, 11),
            days_left: 1,
            time_zone: "America/New_York".to_owned(),
            rule_words: "120 days from receipt".to_owned(),
            source: "42 CFR 405.942".to_owned(),
            counted_from: ClockEvent::NoticeReceipt.into(),
            counted_from_on: on(1, 5),
            clock_evidence: ClockEvidence::PresumedReceipt.into(),
            ..Deadline::default()
        };
        assert_eq!(
            deadline_words(&deadline),
            "02/11/2027 (1 day left, America/New_York) for appeal level 1: 120 days from receipt, \
             counted from the notice receipt 01/05/2027, presumed; source: 42 CFR 405.942"
        );
    }
}
