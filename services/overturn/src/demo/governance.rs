//! A change of the dictionary, from a draft to its activation and back: what a committee sees.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use contracts::dictionary::v1::*;
use contracts::google::r#type::Date;
use contracts::identity::v1::ListUsersRequest;
use contracts::jobs::v1::{Job, JobState};
use contracts::routing::v1::RedecideWorkItemsRequest;
use platform::App;
use prost_types::FieldMask;

use super::groups::DemoGroup;
use super::worklist::money;
use crate::Output;
use crate::client::Clients;
use crate::token::sign;
use crate::words::{counted, grouped, spoken};

/// The entry that changes, and who gets its work.
const ENTRY: &str = "carc-197";
const OWNER: &str = "patient_access";

/// The people of the scene.
struct People {
    analyst: Clients,
    coding: Clients,
    compliance: Clients,
}

/// Plays the scene unless this folder has seen it; the dictionary is then what it was before.
pub(crate) async fn play(app: &App, group: &DemoGroup) -> Result<()> {
    let person = |name: &str| format!("{name}@{}.example", group.slug);
    let clients = async |name: &str| -> Result<Clients> {
        Ok(Clients::new(app.wire(), &sign(app, &person(name)).await?))
    };
    let people = People {
        analyst: clients("ana").await?,
        coding: clients("cora").await?,
        compliance: clients("miles").await?,
    };
    let request = ListChangeRequestsRequest::default();
    let before = people.analyst.dictionary().list_change_requests(request).await?.into_inner();
    if !before.change_requests.is_empty() {
        return Ok(());
    }
    let output = &Output;
    output
        .line(&format!("A change of the dictionary of {}, from a draft and back.", group.name))?;
    output.line("")?;
    seat(&people, &person("cora"), &person("miles")).await?;
    let change = draft(&people.analyst, output).await?;
    let change = check(&people.analyst, &change, output).await?;
    let change = vote(&people, &change, output).await?;
    activate(app, &people.coding, &change, output).await?;
    output.line("")?;
    Ok(())
}

/// Makes the committee: coding and compliance must both agree.
async fn seat(people: &People, coding: &str, compliance: &str) -> Result<()> {
    let request = ListUsersRequest { page_size: 100, ..ListUsersRequest::default() };
    let users = people.coding.identity().list_users(request).await?.into_inner().users;
    let seat = |slug: &str, email: &str| -> Result<Seat> {
        let user = users.iter().find(|user| user.email == email);
        Ok(Seat {
            slug: slug.to_owned(),
            holder: user.with_context(|| format!("{email} is not there"))?.id.clone(),
            starts_on: Some(Date { year: 2026, month: 1, day: 1 }),
            ..Seat::default()
        })
    };
    let committee = Committee {
        title: "Denial governance committee".to_owned(),
        seats: vec![seat("coding", coding)?, seat("compliance", compliance)?],
        policies: vec![Policy {
            required_seats: vec!["coding".to_owned(), "compliance".to_owned()],
            quorum_count: 2,
            ..Policy::default()
        }],
        etag: "0".to_owned(),
        ..Committee::default()
    };
    let paths = ["title", "seats", "policies"].map(str::to_owned).into();
    let request = UpdateCommitteeRequest {
        committee: Some(committee),
        update_mask: Some(FieldMask { paths }),
        reason: "coding and compliance answer for the dictionary".to_owned(),
        ..UpdateCommitteeRequest::default()
    };
    people.coding.dictionary().update_committee(request).await?;
    Ok(())
}

/// Drafts the change and puts it before the committee.
async fn draft(analyst: &Clients, output: &Output) -> Result<ChangeRequest> {
    let mut dictionary = analyst.dictionary();
    let request = ListSectionsRequest {
        revision: "active".to_owned(),
        kind: SectionKind::Entry.into(),
        filter: format!("slug = \"{ENTRY}\""),
        ..ListSectionsRequest::default()
    };
    let listed = dictionary.list_sections(request).await?.into_inner();
    let mut section = listed.sections.into_iter().next().context("the entry is not there")?;
    let mut entry: serde_json::Value = serde_json::from_str(&section.json)?;
    entry["meaning"]["owner_function"] = OWNER.into();
    section.json = entry.to_string();
    let request = CreateChangeRequestRequest {
        title: "Patient access works authorization denials".to_owned(),
        reason: "It asked for the authorization, so it has the number and the call log.".to_owned(),
        edits: vec![Edit {
            change: DifferenceKind::Changed.into(),
            section: Some(section),
            ..Edit::default()
        }],
        ..CreateChangeRequestRequest::default()
    };
    let drafted = dictionary.create_change_request(request).await?.into_inner();
    let drafted = drafted.change_request.context("no change request was answered")?;
    output.line(&format!("  drafted    #{} by Ana: {}", drafted.number, drafted.title))?;
    output.line(&format!("  because    {}", drafted.reason))?;
    let request = SubmitChangeRequestRequest {
        id: drafted.id,
        etag: drafted.etag,
        ..SubmitChangeRequestRequest::default()
    };
    let submitted = dictionary.submit_change_request(request).await?.into_inner();
    submitted.change_request.context("no change request was answered")
}

/// Runs both checks and says what they found.
async fn check(
    analyst: &Clients,
    change: &ChangeRequest,
    output: &Output,
) -> Result<ChangeRequest> {
    let mut dictionary = analyst.dictionary();
    let change_request_id = change.id.clone();
    let request = RunVerifyRequest { change_request_id, ..RunVerifyRequest::default() };
    let job = dictionary.run_verify(request).await?.into_inner().job;
    let verify = done(analyst, job).await?;
    let blocking = verify.findings.iter().filter(|finding| finding.blocking).count();
    let verdict = if verify.passed { "passed" } else { "failed" };
    output.line(&format!(
        "  verify     {verdict}: {} against a vote, {} to know",
        counted(blocking as i128, "finding"),
        verify.findings.len() - blocking
    ))?;
    let change_request_id = change.id.clone();
    let request = RunReplayRequest { change_request_id, ..RunReplayRequest::default() };
    let job = dictionary.run_replay(request).await?.into_inner().job;
    let replay = done(analyst, job).await?;
    if let Some(summary) = &replay.replay {
        told(summary, output)?;
    }
    let request = GetChangeRequestRequest { id: change.id.clone() };
    let read = dictionary.get_change_request(request).await?.into_inner().change_request;
    read.context("no change request was answered")
}

/// A replay in words.
fn told(summary: &ReplaySummary, output: &Output) -> Result<()> {
    output.line(&format!(
        "  replay     the last months had {}, {} in all; under the change:",
        counted(summary.denial_count, "denial"),
        money(summary.denied.as_ref())
    ))?;
    for change in &summary.changes {
        output.line(&format!(
            "             {}, {}: {} from {} to {}",
            counted(change.denial_count, "denial"),
            money(change.denied.as_ref()),
            spoken(&change.field, ""),
            spoken(&change.from_value, ""),
            spoken(&change.to_value, "")
        ))?;
    }
    for load in &summary.team_loads {
        output.line(&format!(
            "             team {}: {:+} tasks, {:+} minutes of work",
            load.team, load.item_delta, load.minute_delta
        ))?;
    }
    output.line(&format!(
        "             open work items touched: {}; deadlines moved into the past: {}",
        grouped(summary.open_work_item_count),
        grouped(summary.missed_deadline_count)
    ))?;
    Ok(())
}

/// The check that a job makes.
async fn done(analyst: &Clients, job: Option<Job>) -> Result<Check> {
    let mut dictionary = analyst.dictionary();
    let mut job = job.context("no job was answered")?;
    while job.state() == JobState::Running || job.state() == JobState::Queued {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let request = GetJobRequest { id: job.id };
        let read = dictionary.get_job(request).await?.into_inner().job;
        job = read.context("no job was answered")?;
    }
    if job.state() != JobState::Succeeded {
        bail!("a check failed: {}", job.failure_text);
    }
    let request = GetCheckRequest { id: job.result_id };
    let check = dictionary.get_check(request).await?.into_inner().check;
    check.context("no check was answered")
}

/// Both seats agree.
async fn vote(people: &People, change: &ChangeRequest, output: &Output) -> Result<ChangeRequest> {
    let mut approved = None;
    for (seat, name, clients) in
        [("coding", "Cora", &people.coding), ("compliance", "Miles", &people.compliance)]
    {
        let request = CreateReviewRequest {
            change_request_id: change.id.clone(),
            seat: seat.to_owned(),
            verdict: ReviewVerdict::Approve.into(),
            result_hash: change.result_hash.clone(),
            ..CreateReviewRequest::default()
        };
        let answer = clients.dictionary().create_review(request).await?.into_inner();
        let voted = answer.change_request.context("no change request was answered")?;
        let state = spoken(voted.state().as_str_name(), "CHANGE_REQUEST_STATE_");
        output.line(&format!("  vote       {name} agreed for the seat {seat}: {state}"))?;
        approved = Some(voted);
    }
    approved.context("nobody voted")
}

/// Activates it, and returns to what stood before.
async fn activate(
    app: &App,
    clients: &Clients,
    change: &ChangeRequest,
    output: &Output,
) -> Result<()> {
    let mut dictionary = clients.dictionary();
    let request = ActivateRevisionRequest {
        change_request_id: change.id.clone(),
        etag: change.etag.clone(),
        ..ActivateRevisionRequest::default()
    };
    dictionary.activate_revision(request).await?;
    let active = GetRevisionRequest { revision: "active".to_owned() };
    let revision = dictionary.get_revision(active.clone()).await?.into_inner().revision;
    let revision = revision.context("no revision was answered")?;
    output.line(&format!(
        "  activated  revision {}, {}... : exactly what was voted on",
        revision.number,
        &revision.hash[..12]
    ))?;
    followed(app, clients, output).await?;
    let request = RollBackRevisionRequest {
        revision: "1".to_owned(),
        reason: "The demo's worklist is that of the starter dictionary.".to_owned(),
        etag: revision.hash,
        ..RollBackRevisionRequest::default()
    };
    dictionary.roll_back_revision(request).await?;
    let revision = dictionary.get_revision(active).await?.into_inner().revision;
    let number = revision.context("no revision was answered")?.number;
    output.line(&format!("  rolled back to revision {number}, approved by having stood before"))?;
    followed(app, clients, output).await
}

/// Waits until open work is under the active revision, and says what moved.
async fn followed(app: &App, clients: &Clients, output: &Output) -> Result<()> {
    let mut routing = clients.routing();
    let mut before = -1;
    let redecision = loop {
        app.run_due().await?;
        let request = RedecideWorkItemsRequest::default();
        let read = routing.redecide_work_items(request).await?.into_inner().redecision;
        let redecision = read.context("no redecision was answered")?;
        // A pass is through when the next one finds nothing to add.
        if redecision.claim_count > 0 && redecision.claim_count == before {
            break redecision;
        }
        before = redecision.claim_count;
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    output.line(&format!("  open work  {}", redecision.words))?;
    for moved in &redecision.moves {
        output.line(&format!(
            "             {}, {}: from team {} to {}",
            counted(moved.work_item_count, "work item"),
            money(moved.at_stake.as_ref()),
            moved.from_team,
            moved.to_team
        ))?;
    }
    if let Some(example) = redecision.examples.first()
        && let (Some(before), Some(after)) = (&example.before, &example.after)
        && before.action_words != after.action_words
    {
        output.line(&format!(
            "             one of them: {}, {}; now {}, {}",
            before.team_name, before.action_words, after.team_name, after.action_words
        ))?;
    }
    Ok(())
}
