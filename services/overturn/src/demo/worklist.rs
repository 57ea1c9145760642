//! The printed worklist: what a denial specialist sees first in the morning.

use anyhow::Result;
use contracts::deadline::v1::Deadline;
use contracts::google::r#type::Date;
use contracts::money::v1::Money;
use contracts::routing::v1::{
    EvidenceState, ListWorkItemsRequest, WorkItem, WorkItemCode, WorkItemKind,
};
use domain::money::Cents;

use super::groups::DemoGroup;
use crate::Output;
use crate::client::Clients;

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
    let kind = if item.kind() == WorkItemKind::Exception { ", EXCEPTION" } else { "" };
    let mut lines = vec![format!(
        "{place:>3}. claim {} · {} · {} at stake · {}{kind}",
        item.patient_control_number,
        item.payer_name,
        money(item.at_stake.as_ref()),
        item.facility_name
    )];
    lines.extend(item.codes.iter().map(|code| format!("     codes     {}", code_words(code))));
    lines.push(format!("     owner     {}", item.team_name));
    lines.push(format!("     next      {}", item.action_words));
    let missing: Vec<&str> = item
        .evidence
        .iter()
        .filter(|piece| piece.state() == EvidenceState::Missing)
        .map(|piece| piece.title.as_str())
        .collect();
    let missing = if missing.is_empty() { "nothing".to_owned() } else { missing.join("; ") };
    lines.push(format!("     missing   {missing}"));
    lines.push(format!("     deadline  {}", deadline_words(item.deadline.as_ref())));
    if let Some(priority) = &item.priority {
        let reasons: Vec<&str> =
            priority.reasons.iter().map(|reason| reason.words.as_str()).collect();
        lines.push(format!("     priority  {}: {}", priority.score, reasons.join("; ")));
    }
    lines.join("\n")
}

fn code_words(code: &WorkItemCode) -> String {
    let of = |part: &Option<contracts::routing::v1::CodeLabel>| {
        part.as_ref().map(|label| label.code.clone()).unwrap_or_default()
    };
    let reason = code.reason.as_ref().map(|label| label.label.as_str()).unwrap_or_default();
    let mut words = format!("{}-{} {reason}", of(&code.group), of(&code.reason));
    for remark in &code.remarks {
        words.push_str(&format!(" + {} {}", remark.code, remark.label));
    }
    if code.denial_count > 1 {
        words.push_str(&format!(" ({} lines)", code.denial_count));
    }
    words
}

fn deadline_words(deadline: Option<&Deadline>) -> String {
    let Some(deadline) = deadline else {
        return "none is known".to_owned();
    };
    let assumed = if deadline.assumed {
        format!(" (assumed: {})", deadline.assumption)
    } else {
        String::new()
    };
    format!(
        "{} ({} days, {}): {}{assumed}; source: {}",
        date(deadline.due_on.as_ref()),
        deadline.days_left,
        deadline.time_zone,
        deadline.rule_words,
        deadline.source
    )
}

fn date(date: Option<&Date>) -> String {
    date.map_or_else(
        || "no date".to_owned(),
        |date| format!("{:04}-{:02}-{:02}", date.year, date.month, date.day),
    )
}

fn money(money: Option<&Money>) -> String {
    money.map_or_else(|| "nothing".to_owned(), |money| Cents::new(money.amount_cents).to_string())
}
