//! A morning at a queue: work is taken, noted, put aside, given to a colleague, asked about, ended.

use anyhow::{Context, Result};
use chrono::{Days, NaiveDate};
use contracts::identity::v1::{ListUsersRequest, User};
use contracts::routing::v1::upload_evidence_request::Part;
use contracts::routing::v1::*;
use platform::App;
use platform::clock::date;

use super::aboard::request_id;
use super::groups::DemoGroup;
use super::worklist::money;
use crate::Output;
use crate::client::Clients;
use crate::token::sign;
use crate::words::counted;

/// The team that is asked.
const ASKED: &str = "him";
/// Minutes of work a day.
const CAPACITY: i32 = 300;

/// Plays the scene unless this folder has seen it.
pub(crate) async fn play(app: &App, group: &DemoGroup) -> Result<()> {
    let lead = Clients::new(app.wire(), &sign(app, &format!("lee@{}.example", group.slug)).await?);
    let dana = Clients::new(app.wire(), &sign(app, group.specialist).await?);
    let listed = lead.routing().list_queues(ListQueuesRequest::default()).await?.into_inner();
    if !listed.queues.is_empty() {
        return Ok(());
    }
    let output = Output;
    let users = users(&lead).await?;
    let queue = open(&lead, group, &users).await?;
    output.line(&format!(
        "A morning at the queue of {}: {} wait, {} at stake.",
        queue.display_name,
        counted(queue.open_count, "item"),
        money(queue.at_stake.as_ref())
    ))?;
    output.line("")?;
    let today = app.env().clock().today_utc();
    for act in [Act::PutAside, Act::HandOver, Act::Ask, Act::End] {
        let claimed = dana
            .routing()
            .claim_next_work_item(ClaimNextWorkItemRequest {
                queue_id: queue.id.clone(),
                request_id: request_id(),
            })
            .await?
            .into_inner();
        let item = claimed.work_item.context("nothing was claimed")?;
        let lease = claimed.lease.context("an item was taken without a lease")?;
        note(&dana, &item).await?;
        match act {
            Act::PutAside => put_aside(&dana, &item, &lease, today).await?,
            Act::HandOver => {
                let item = file(&dana, &item).await?;
                hand_over(&dana, &item, &queue).await?;
            }
            Act::Ask => {
                ask(&dana, &lead, &item).await?;
                // It is kept for who asked: it comes next, and is told when it ends.
                continue;
            }
            Act::End => end(&dana, &item, &lease).await?,
        }
        tell(&dana, &item, &users, &output).await?;
    }
    output.line("")?;
    Ok(())
}

/// What becomes of an item.
enum Act {
    PutAside,
    HandOver,
    Ask,
    End,
}

/// Makes a queue of the team that has most at stake in its first item.
async fn open(lead: &Clients, group: &DemoGroup, users: &[User]) -> Result<Queue> {
    let request = ListWorkItemsRequest {
        page_size: 1,
        filter: "state = \"OPEN\" AND kind = \"DENIAL\"".to_owned(),
        ..ListWorkItemsRequest::default()
    };
    let listed = lead.routing().list_work_items(request).await?.into_inner();
    let first = listed.work_items.into_iter().next().context("there is no work")?;
    let member = |user: String| QueueMember {
        user_id: user,
        skills: Vec::new(),
        capacity_minutes: CAPACITY,
    };
    let (dana, lee) = (user(users, group.specialist)?, user(users, "lee@")?);
    let queue = Queue {
        slug: first.team.clone(),
        display_name: first.team_name,
        team: first.team,
        members: vec![member(dana), member(lee.clone())],
        lead: lee,
        ..Queue::default()
    };
    let asked = Queue {
        slug: ASKED.to_owned(),
        display_name: "Questions to records".to_owned(),
        team: ASKED.to_owned(),
        members: queue.members.clone(),
        lead: queue.lead.clone(),
        ..Queue::default()
    };
    let request = CreateQueueRequest { queue: Some(asked), request_id: request_id() };
    lead.routing().create_queue(request).await?;
    let request = CreateQueueRequest { queue: Some(queue), request_id: request_id() };
    let created = lead.routing().create_queue(request).await?.into_inner();
    created.queue.context("no queue was answered")
}

async fn users(clients: &Clients) -> Result<Vec<User>> {
    let request = ListUsersRequest { page_size: 100, ..ListUsersRequest::default() };
    Ok(clients.identity().list_users(request).await?.into_inner().users)
}

/// The id of the user whose address begins so.
fn user(users: &[User], address: &str) -> Result<String> {
    let user = users.iter().find(|user| user.email.starts_with(address));
    Ok(user.with_context(|| format!("{address} is not there"))?.id.clone())
}

async fn note(dana: &Clients, item: &WorkItem) -> Result<()> {
    let request = AddNoteRequest {
        work_item_id: item.id.clone(),
        text: "Asked the payer for the call reference.".to_owned(),
        request_id: request_id(),
    };
    dana.routing().add_note(request).await?;
    Ok(())
}

/// Puts an item aside for three days, or gives it back where its window closes before.
async fn put_aside(dana: &Clients, item: &WorkItem, lease: &Lease, today: NaiveDate) -> Result<()> {
    let left = item.priority.as_ref().and_then(|priority| priority.days_left);
    if left.is_some_and(|left| left < 4) {
        let request = ReleaseWorkItemRequest {
            id: item.id.clone(),
            fencing_number: lease.fencing_number,
            reason: "nothing can wait here any more".to_owned(),
            request_id: request_id(),
        };
        dana.routing().release_work_item(request).await?;
        return Ok(());
    }
    let day = today.checked_add_days(Days::new(3)).context("the calendar has ended")?;
    let request = SetFollowUpRequest {
        id: item.id.clone(),
        waiting_for: WaitingFor::Payer.into(),
        follow_up_on: Some(date(day)),
        etag: item.etag.clone(),
        request_id: request_id(),
    };
    dana.routing().set_follow_up(request).await?;
    Ok(())
}

async fn hand_over(dana: &Clients, item: &WorkItem, queue: &Queue) -> Result<()> {
    let request = HandOverWorkItemRequest {
        id: item.id.clone(),
        user_id: queue.lead.clone(),
        reason: "knows the medical director there".to_owned(),
        etag: item.etag.clone(),
        request_id: request_id(),
        ..HandOverWorkItemRequest::default()
    };
    dana.routing().hand_over_work_item(request).await?;
    Ok(())
}

/// Puts a text on file for what a claim's checklists ask for.
pub(super) async fn put_on_file(
    clients: &Clients,
    case: &str,
    standards: Vec<String>,
    (file_name, text): (&str, &str),
) -> Result<()> {
    let header = EvidenceHeader {
        case_id: case.to_owned(),
        file_name: file_name.to_owned(),
        standards,
        request_id: request_id(),
        ..EvidenceHeader::default()
    };
    let parts = [Part::Header(header), Part::Chunk(text.as_bytes().to_vec())];
    let parts = parts.map(|part| UploadEvidenceRequest { part: Some(part) });
    clients.routing().upload_evidence(futures::stream::iter(parts)).await?;
    Ok(())
}

/// Puts the first piece of its evidence on file and says where the second is; answers the item.
async fn file(dana: &Clients, item: &WorkItem) -> Result<WorkItem> {
    let [first, second] = item.evidence.get(..2).context("too little evidence is asked for")?
    else {
        anyhow::bail!("too little evidence is asked for");
    };
    let text = "As shown in the portal of the payer on the day of the call.\n";
    put_on_file(dana, &item.case_id, vec![first.standard.clone()], ("portal.txt", text)).await?;
    let request = GetWorkItemRequest { id: item.id.clone() };
    let now = dana.routing().get_work_item(request).await?.into_inner().work_item;
    let said = SetEvidenceStateRequest {
        work_item_id: item.id.clone(),
        standard: second.standard.clone(),
        state: EvidenceState::Present.into(),
        reason: "it is scanned in the chart".to_owned(),
        etag: now.context("an item is gone")?.etag,
        request_id: request_id(),
    };
    let said = dana.routing().set_evidence_state(said).await?.into_inner();
    said.work_item.context("no item was answered")
}

/// Asks the keepers of records, who answer at once; the answer helps.
async fn ask(dana: &Clients, lead: &Clients, item: &WorkItem) -> Result<()> {
    let question = AskClarificationRequest {
        work_item_id: item.id.clone(),
        to_team: ASKED.to_owned(),
        question: "Is the order of the attending physician on file?".to_owned(),
        request_id: request_id(),
        ..AskClarificationRequest::default()
    };
    let asked = dana.routing().ask_clarification(question).await?.into_inner().clarification;
    let asked = asked.context("no question was answered")?;
    let answer = AnswerClarificationRequest {
        id: asked.id,
        answer: "Yes, signed on the day of service.".to_owned(),
        etag: asked.etag,
        request_id: request_id(),
    };
    let answered = lead.routing().answer_clarification(answer).await?.into_inner().clarification;
    let answered = answered.context("no answer was answered")?;
    let accept = SettleClarificationRequest {
        id: answered.id,
        state: ClarificationState::Accepted.into(),
        etag: answered.etag,
        request_id: request_id(),
        ..SettleClarificationRequest::default()
    };
    dana.routing().settle_clarification(accept).await?;
    Ok(())
}

/// Records the minutes, and says that a corrected claim was sent.
async fn end(dana: &Clients, item: &WorkItem, lease: &Lease) -> Result<()> {
    let touch = RecordTouchRequest {
        work_item_id: item.id.clone(),
        kind: TouchKind::Portal.into(),
        minutes: 12,
        request_id: request_id(),
        ..RecordTouchRequest::default()
    };
    dana.routing().record_touch(touch).await?;
    let request = ResolveWorkItemRequest {
        id: item.id.clone(),
        fencing_number: lease.fencing_number,
        kind: ResolutionKind::Correction.into(),
        corrected_claim_number: format!("{}C", item.patient_control_number),
        reason: "the missing element was added".to_owned(),
        etag: item.etag.clone(),
        request_id: request_id(),
        ..ResolveWorkItemRequest::default()
    };
    dana.routing().resolve_work_item(request).await?;
    Ok(())
}

/// Prints what happened to an item, the first thing first.
async fn tell(dana: &Clients, item: &WorkItem, users: &[User], output: &Output) -> Result<()> {
    output.line(&format!(
        "claim {} · {} at stake · {}",
        item.patient_control_number,
        money(item.at_stake.as_ref()),
        item.action_words
    ))?;
    let request =
        ListTimelineRequest { work_item_id: item.id.clone(), ..ListTimelineRequest::default() };
    let mut lines = dana.routing().list_timeline(request).await?.into_inner().timeline_items;
    lines.reverse();
    for line in lines {
        let named = |text: String, user: &User| text.replace(&user.id, &user.display_name);
        let said = users.iter().fold(format!("{}: {}", line.actor, line.words), named);
        output.line(&format!("     {said}"))?;
    }
    Ok(())
}
