//! What other systems say: one hands its open denials over, a clearinghouse passes a rejection on.

use anyhow::{Context, Result};
use chrono::{Days, NaiveDate};
use contracts::dictionary::v1::ListPayersRequest;
use contracts::routing::v1::import_open_denials_request::Part;
use contracts::routing::v1::*;
use platform::App;
use platform::clock::timestamp;

use super::aboard::request_id;
use super::groups::DemoGroup;
use super::remittances::PAYERS;
use super::worklist::{due_words, money};
use crate::Output;
use crate::client::Clients;
use crate::token::sign;
use crate::words::counted;

/// Our fields, and what the system before called them.
const COLUMNS: [(&str, &str); 10] = [
    ("patient_control_number", "Account"),
    ("payer", "Plan"),
    ("facility", "NPI"),
    ("service_from", "DOS"),
    ("claim_charge", "Billed"),
    ("claim_paid", "Paid"),
    ("group", "Group"),
    ("carc", "Reason"),
    ("denied_amount", "Denied"),
    ("remit_date", "EOB date"),
];
/// The claim that a clearinghouse gives back.
const REJECTED: &str = "LA9000900";
/// A claim that was paid in part, and what its contract should allow, in cents.
const EXPECTED: (&str, i64) = ("LA9000902", 180_000);

/// Plays the scene unless this folder has seen it.
pub(crate) async fn play(app: &App, group: &DemoGroup) -> Result<()> {
    let lead = Clients::new(app.wire(), &sign(app, &format!("lee@{}.example", group.slug)).await?);
    if of_number(&lead, REJECTED, WorkItemKind::Rejection).await?.is_some() {
        return Ok(());
    }
    let output = Output;
    let now = app.env().clock().now();
    let request = ListPayersRequest::default();
    let payers = lead.dictionary().list_payers(request).await?.into_inner().payers;
    let payer = payers.iter().find(|payer| payer.display_name == PAYERS[0].name);
    let payer = payer.context("a payer of the demo is gone")?;
    expect(&lead, &payer.id, timestamp(now)).await?;
    hand_over(&lead, group, now.date_naive(), &output).await?;
    let status = PayerStatus {
        patient_control_number: REJECTED.to_owned(),
        payer_id: payer.id.clone(),
        source: PayerStatusSource::X277ca.into(),
        category_code: "A7".to_owned(),
        status_code: "164".to_owned(),
        entity_code: "IL".to_owned(),
        stated_at: Some(timestamp(now)),
        ..PayerStatus::default()
    };
    let request = RecordPayerStatusRequest { payer_status: Some(status), request_id: request_id() };
    lead.routing().record_payer_status(request).await?;
    let item = of_number(&lead, REJECTED, WorkItemKind::Rejection)
        .await?
        .context("a rejection opened nothing")?;
    output.line("A clearinghouse passes a 277CA on (A7, 164: the member number).")?;
    output.line(&format!("claim {REJECTED} · {} · {}", item.team_name, item.action_words))?;
    output.line("")?;
    Ok(())
}

/// Imports three rows of the system before, of which one is no good; the try first.
async fn hand_over(
    lead: &Clients,
    group: &DemoGroup,
    today: NaiveDate,
    output: &Output,
) -> Result<()> {
    let told = today.checked_sub_days(Days::new(20)).context("the calendar has begun")?;
    let served = today.checked_sub_days(Days::new(50)).context("the calendar has begun")?;
    let npi = group.facilities[0].npi;
    let payer = PAYERS[0].name;
    let row = |account: &str, paid: &str, carc: &str, denied: &str| {
        format!("{account},{payer},{npi},{served},2400.00,{paid},CO,{carc},{denied},{told}\n")
    };
    let headings = COLUMNS.map(|(_, heading)| heading).join(",");
    let csv = format!(
        "{headings}\n{}{}{}",
        row("LA9000901", "0.00", "197", "2400.00"),
        row("LA9000902", "1100.00", "50", "800.00"),
        row("LA9000903", "0.00", "197", "\"2,4OO.00\""),
    );
    output.line("The system before hands its open denials over: three rows of CSV.")?;
    let tried = import(lead, &csv, true).await?;
    for row in &tried.refused_rows {
        output.line(&format!("  tried      row {}, `{}`: {}", row.row, row.column, row.reason))?;
    }
    let done = import(lead, &csv, false).await?;
    let taken = done.job.map(|job| job.done).unwrap_or_default();
    output.line(&format!("  imported   {}", counted(taken, "row")))?;
    for number in ["LA9000901", "LA9000902"] {
        let item = of_number(lead, number, WorkItemKind::Denial).await?;
        let item = item.context("an import made no work")?;
        output.line(&format!(
            "  claim {number} · {} at stake · {} · {}",
            money(item.at_stake.as_ref()),
            item.team_name,
            due_words(&item),
        ))?;
    }
    let short = of_number(lead, EXPECTED.0, WorkItemKind::Underpayment).await?;
    let short = short.context("a payment below what was expected made no work")?;
    output.line(&format!(
        "  claim {} · {} underpaid · {} · {}",
        EXPECTED.0,
        money(short.at_stake.as_ref()),
        short.team_name,
        short.action_words,
    ))?;
    output.line("")?;
    Ok(())
}

/// A contract system says what a claim should be allowed.
async fn expect(lead: &Clients, payer: &str, source_at: prost_types::Timestamp) -> Result<()> {
    let claim_edit = ClaimEdit {
        expected_allowed_cents: Some(EXPECTED.1),
        source_at: Some(source_at),
        ..ClaimEdit::default()
    };
    let context = ClaimContext {
        patient_control_number: EXPECTED.0.to_owned(),
        payer_id: payer.to_owned(),
        claim_edit: Some(claim_edit),
        ..ClaimContext::default()
    };
    let request =
        UpsertClaimContextRequest { claim_context: Some(context), request_id: request_id() };
    lead.routing().upsert_claim_context(request).await?;
    Ok(())
}

async fn import(lead: &Clients, csv: &str, try_only: bool) -> Result<ImportOpenDenialsResponse> {
    let columns = COLUMNS.map(|(field, heading)| (field.to_owned(), heading.to_owned()));
    let header = ImportHeader {
        file_name: "open-denials.csv".to_owned(),
        columns: columns.into(),
        validate_only: try_only,
        request_id: request_id(),
    };
    let parts = [Part::Header(header), Part::Chunk(csv.as_bytes().to_vec())];
    let parts = parts.map(|part| ImportOpenDenialsRequest { part: Some(part) });
    Ok(lead.routing().import_open_denials(futures::stream::iter(parts)).await?.into_inner())
}

/// The work of a claim that is of a kind.
async fn of_number(
    clients: &Clients,
    number: &str,
    kind: WorkItemKind,
) -> Result<Option<WorkItem>> {
    let kind = kind.as_str_name().trim_start_matches("WORK_ITEM_KIND_");
    let request = ListWorkItemsRequest {
        filter: format!("patient_control_number = \"{number}\" AND kind = \"{kind}\""),
        ..ListWorkItemsRequest::default()
    };
    let listed = clients.routing().list_work_items(request).await?.into_inner();
    Ok(listed.work_items.into_iter().next())
}
