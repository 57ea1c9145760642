//! One appeal from its draft to the money: what it lacks, its filing, the work that waits for it,
//! and the remittance that decides it.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use contracts::appeals::v1::*;
use contracts::routing::v1::{
    EvidenceState, GetClaimOccurrenceRequest, GetWorkItemRequest, ListWorkItemsRequest,
    RemittancePurpose, WorkItem,
};
use domain::calendar::Zone;
use platform::App;
use platform::clock::{date, day};
use tonic::Code;

use super::aboard::request_id;
use super::answers::{Refused, again};
use super::groups::DemoGroup;
use super::letter;
use super::queue::put_on_file;
use super::remittances::{PAYERS, envelope, profile, send};
use super::worklist::money;
use crate::Output;
use crate::client::Clients;
use crate::token::sign;
use crate::words::{self, counted, spoken};

/// Behind the numbers of the other files.
const CONTROL: u32 = 9_003;
/// Items that are looked at for one that can be appealed.
const LOOKED_AT: i32 = 200;
/// How long, and how often, the services are waited for to read each other's feed.
const PATIENCE: (u32, Duration) = (100, Duration::from_millis(100));

/// Plays the scene unless this folder has seen it.
pub(crate) async fn play(app: &App, group: &DemoGroup, folder: &Path) -> Result<()> {
    let lead = Clients::new(app.wire(), &sign(app, &format!("lee@{}.example", group.slug)).await?);
    let seen = lead.appeals().list_appeals(ListAppealsRequest::default()).await?.into_inner();
    if !seen.appeals.is_empty() {
        return Ok(());
    }
    let output = Output;
    let (item, draft) = opened(&lead, group).await?;
    output.line(&format!("Lee appeals claim {}.", item.patient_control_number))?;
    let days: Vec<String> = draft
        .internal_dates
        .iter()
        .filter_map(|one| Some(format!("{} by {}", one.step, words::day(day(one.due_on?)?))))
        .collect();
    output.line(&format!(
        "  drafted    {} in dispute · {}",
        money(draft.in_dispute.as_ref()),
        days.join(", ")
    ))?;
    let lacking = file(app, &lead, &draft).await;
    let status = lacking.err().context("an appeal without its evidence was sent")?;
    anyhow::ensure!(status.code() == Code::FailedPrecondition, "{status}");
    output.line(&format!("  refused    {}", status.message()))?;
    let standards = item.evidence.iter().map(|piece| piece.standard.clone()).collect();
    let text = "Order, authorization and notes of the day of service.\n";
    put_on_file(&lead, &item.case_id, standards, ("record.txt", text)).await?;
    let written = letter::write(&lead, &draft, folder).await?;
    output.line(&format!(
        "  wrote      {} by template {}, packet of {} with {}: {}",
        counted(written.letter.page_count, "page"),
        written.letter.template,
        counted(written.packet.page_count, "page"),
        counted(written.packet.document_ids.len() as i64, "exhibit"),
        written.path.display()
    ))?;
    let request = GetAppealRequest { id: draft.id.clone() };
    let ready = lead.appeals().get_appeal(request).await?.into_inner().appeal;
    let sent = file(app, &lead, &ready.context("an appeal is gone")?).await?;
    let waiting = awaited(app, || async {
        let now = work(&lead, &item.id).await?;
        Ok(now.follow_up_on.and_then(day).map(|until| (state_words(&now), until)))
    });
    let (state, until) = waiting.await?;
    output.line(&format!("  filed      its work is {state} until {}", words::day(until)))?;
    answer(app, group, &lead, &item).await?;
    let decided = awaited(app, || async {
        let request = GetAppealRequest { id: sent.id.clone() };
        let now = lead.appeals().get_appeal(request).await?.into_inner().appeal;
        Ok(now.filter(|now| now.outcome.is_some()))
    });
    let decided = decided.await?;
    tell(&decided, &output)?;
    let outcome = Outcome { source: OutcomeSource::Confirmed.into(), ..said(&decided)? };
    let request = RecordOutcomeRequest {
        appeal_id: decided.id.clone(),
        outcome: Some(outcome),
        etag: decided.etag.clone(),
        request_id: request_id(),
    };
    let confirmed = lead.appeals().record_outcome(request).await?.into_inner().appeal;
    tell(&confirmed.context("no appeal was answered")?, &output)?;
    let after = work(&lead, &item.id).await?;
    output.line(&format!("  its work   {}", state_words(&after)))?;
    output.line("")?;
    Ok(())
}

fn state_words(item: &WorkItem) -> String {
    spoken(item.state().as_str_name(), "WORK_ITEM_STATE_")
}

/// The first open work of the payer that can be appealed and needs evidence, with its draft.
async fn opened(lead: &Clients, group: &DemoGroup) -> Result<(WorkItem, Appeal)> {
    let request = ListWorkItemsRequest {
        page_size: LOOKED_AT,
        filter: "state = \"OPEN\" AND kind = \"DENIAL\"".to_owned(),
        ..ListWorkItemsRequest::default()
    };
    let listed = lead.routing().list_work_items(request).await?.into_inner().work_items;
    for item in listed {
        let plain = item.denials.iter().all(|denial| denial.line_number > 0);
        let here = item.facility_name == group.facilities[0].name;
        let missing =
            |it: &contracts::routing::v1::EvidenceItem| it.state() == EvidenceState::Missing;
        let ours = here && item.payer_name == PAYERS[0].name;
        if !(plain && ours && item.evidence.iter().any(missing)) {
            continue;
        }
        let request = CreateAppealRequest {
            denial_ids: item.denials.iter().map(|denial| denial.denial_id.clone()).collect(),
            request_id: request_id(),
            ..CreateAppealRequest::default()
        };
        if let Ok(created) = lead.appeals().create_appeal(request).await {
            return Ok((item, created.into_inner().appeal.context("no appeal was answered")?));
        }
    }
    anyhow::bail!("nothing can be appealed")
}

/// Says that an appeal was sent today, as the payer dates it: the evening there is tomorrow in UTC.
async fn file(app: &App, lead: &Clients, draft: &Appeal) -> Result<Appeal, tonic::Status> {
    let zone = draft.deadline.as_ref().and_then(|deadline| deadline.time_zone.parse().ok());
    let today = zone.unwrap_or(Zone::EASTERN).day_of(app.env().clock().now());
    let submission = Submission {
        channel: SubmissionChannel::Portal.into(),
        filed_on: Some(date(today)),
        confirmation_number: "PORTAL-20117".to_owned(),
        ..Submission::default()
    };
    let request = SubmitAppealRequest {
        id: draft.id.clone(),
        submission: Some(submission),
        etag: draft.etag.clone(),
        request_id: request_id(),
        ..SubmitAppealRequest::default()
    };
    Ok(lead.appeals().submit_appeal(request).await?.into_inner().appeal.unwrap_or_default())
}

/// The payer pays the claim after all.
async fn answer(app: &App, group: &DemoGroup, lead: &Clients, item: &WorkItem) -> Result<()> {
    let partner = Clients::new(app.wire(), &sign(app, group.admin).await?);
    let request = GetClaimOccurrenceRequest { id: item.claim_occurrence_id.clone() };
    let claim = lead.routing().get_claim_occurrence(request).await?.into_inner();
    let claim = again(&claim.claim_occurrence.context("a claim is gone")?, Refused::Nothing)?;
    let (facility, today) = (&group.facilities[0], app.env().clock().today_utc());
    let payer = profile(&PAYERS[0]);
    let bytes = envelope(facility, &payer, today, (CONTROL, claim.paid), claim.segments);
    let name = format!("{}-{today}-appeal.835", facility.slug);
    send(&partner, &name, &bytes, RemittancePurpose::Live).await
}

async fn work(lead: &Clients, id: &str) -> Result<WorkItem> {
    let request = GetWorkItemRequest { id: id.to_owned() };
    let answer = lead.routing().get_work_item(request).await?.into_inner();
    answer.work_item.context("an item is gone")
}

/// Lets the services read each other's feed until something is there.
async fn awaited<T, F: Future<Output = Result<Option<T>>>>(
    app: &App,
    look: impl Fn() -> F,
) -> Result<T> {
    for _ in 0..PATIENCE.0 {
        app.run_due().await?;
        if let Some(found) = look().await? {
            return Ok(found);
        }
        tokio::time::sleep(PATIENCE.1).await;
    }
    anyhow::bail!("the services do not follow each other")
}

/// A decision as it is confirmed.
fn said(appeal: &Appeal) -> Result<Outcome> {
    let shown = appeal.outcome.clone().context("no decision was shown")?;
    Ok(Outcome { remittance_file_id: String::new(), ..shown })
}

fn tell(appeal: &Appeal, output: &Output) -> Result<()> {
    let outcome = appeal.outcome.clone().unwrap_or_default();
    let kind = spoken(outcome.kind().as_str_name(), "OUTCOME_KIND_");
    let source = spoken(outcome.source().as_str_name(), "OUTCOME_SOURCE_");
    let back = money(outcome.recovered.as_ref());
    let of = counted(appeal.denial_ids.len() as i64, "denial");
    output.line(&format!("  decided    {kind}, {back} for {of}; {source}"))?;
    Ok(())
}
