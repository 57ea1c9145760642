use std::collections::BTreeSet;

use contracts::routing::v1::{ResolveWorkItemRequest, ResolveWorkItemResponse};
use domain::codes::Group;
use domain::money::Cents;
use domain_work::UserId;
use domain_work::hold::{EndedBy, Right, Step, Writer};
use domain_work::resolution::{self, Accepted, Appealing, Approval, Known, ResolutionKind, Stated};
use ledger::document::{WorkCode, WorkDocument};
use ledger::reading::work_items::WorkItem;
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use serde_json::json;
use uuid::Uuid;
use views::{Views, id_in};

use crate::standing::{self, Lanes};
use crate::store::{self, ApprovalRow, ResolutionRow};
use crate::taken::{Act, Taken};
use crate::{Error, Queues, face, rules, settled, worker};

/// An end that somebody states.
#[derive(Debug)]
pub(crate) struct Ending {
    pub(crate) id: Uuid,
    pub(crate) fencing_number: i64,
    pub(crate) kind: ResolutionKind,
    pub(crate) recovered: Cents,
    pub(crate) written_off: Cents,
    pub(crate) request: ResolveWorkItemRequest,
    pub(crate) write_off_limit: Cents,
    /// Whether a rule states it, and no person.
    pub(crate) automated: bool,
}

impl Queues {
    /// Ends an item, and settles the denials behind it as far as its money says so.
    ///
    /// # Errors
    /// When the caller may not, the end lacks something or somebody's approval, or the database
    /// fails.
    pub async fn resolve_work_item(
        &self,
        caller: &Caller,
        request: ResolveWorkItemRequest,
    ) -> Result<ResolveWorkItemResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let id = id_in("id", &request.id)?;
        let mut violations = Violations::default();
        violations.text("etag", &request.etag, 64);
        let fencing_number = request.fencing_number;
        if fencing_number < 0 {
            violations.add("fencing_number", "is the one of the lease, or 0 without one");
        }
        let kind = face::resolution_kind(request.kind(), &mut violations);
        let recovered = face::cents("recovered", request.recovered.as_ref(), &mut violations);
        let written_off = face::cents("written_off", request.written_off.as_ref(), &mut violations);
        violations.into_result()?;
        let kind = kind.ok_or(Fault::Broken("a violation was lost"))?;
        let write_off_limit = self.write_off_limit;
        let ending = Ending {
            id,
            fencing_number,
            kind,
            recovered,
            written_off,
            request,
            write_off_limit,
            automated: false,
        };
        let views = self.views.clone();
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { resolve(tx, &views, &ending).await })
            })
            .await
    }
}

async fn resolve(
    tx: &TenantTx,
    views: &Views,
    ending: &Ending,
) -> Result<ResolveWorkItemResponse, Error> {
    let taken = Taken::read(tx, ending.id, &ending.request.etag).await?;
    let user = worker(tx.caller())?;
    let writer = match ending.fencing_number {
        0 => taken.writer(
            user,
            Lanes::of_team(tx, &taken.row.owner_team).await?.standing(tx.caller(), &taken.row)?,
        ),
        number => Writer { user, right: Right::Lease(number) },
    };
    let step = taken.hold.resolve(EndedBy::Writer(writer), taken.now)?;
    let (item, row) = end(tx, taken, step, ending, user).await?;
    Ok(ResolveWorkItemResponse {
        work_item: Some(views.in_full(tx, item).await?),
        resolution: Some(face::resolution(row)),
    })
}

/// Judges an end of an item that its writer may end.
pub(crate) async fn check(
    tx: &TenantTx,
    taken: &Taken,
    ending: &Ending,
    user: UserId,
) -> Result<Accepted, Error> {
    let document = taken.document()?;
    let groups = groups(&document.codes);
    let approval = store::approval(tx, taken.row.id).await?.map(approved).transpose()?;
    let known = Known {
        work: standing::kind(&taken.row.kind)?,
        at_stake: Cents::new(taken.row.at_stake_cents),
        groups: &groups,
        appeal: appealing(&document),
        write_off_limit: ending.write_off_limit,
        approval: approval.as_ref(),
    };
    Ok(resolution::check(&stated(ending, user), &known)?)
}

/// Ends an item that its writer may end, and settles its denials.
pub(crate) async fn end(
    tx: &TenantTx,
    taken: Taken,
    mut step: Step,
    ending: &Ending,
    user: UserId,
) -> Result<(WorkItem, ResolutionRow), Error> {
    // It is told with its money and its reason instead.
    step.happened.pop();
    let stated = stated(ending, user);
    let accepted = check(tx, &taken, ending, user).await?;
    if accepted.approved_by.is_some() {
        store::use_approval(tx, taken.row.id).await?;
    }
    let mut row = ResolutionRow { automated: ending.automated, ..row(&stated, &accepted, &taken) };
    let became = resolution::settles(&stated, &accepted);
    row.denials = settled::settle(tx, &taken.row, row.id, became).await?;
    let row = store::end(tx, row).await?;
    let item = taken.keep_and_tell(tx, step, Some(act(&stated, &accepted, &row))).await?;
    Ok((item, row))
}

fn stated(ending: &Ending, by: UserId) -> Stated<'_> {
    Stated {
        kind: ending.kind,
        recovered: ending.recovered,
        written_off: ending.written_off,
        corrected_claim_number: ending.request.corrected_claim_number.trim(),
        write_off_code: ending.request.write_off_code.trim(),
        reason: ending.request.reason.trim(),
        by,
    }
}

fn approved(row: ApprovalRow) -> Result<Approval, Fault> {
    Ok(Approval {
        by: ledger::held::person(&row.approved_by)
            .ok_or(Fault::Broken("an approval is of nobody"))?,
        up_to: Cents::new(row.up_to_cents),
        reason: row.reason,
        at: row.approved_at,
    })
}

/// The group codes of its denials, each once.
fn groups(codes: &[WorkCode]) -> Vec<Group> {
    let sent = codes.iter().filter(|code| !code.group.is_empty());
    let groups: BTreeSet<Group> = sent.map(|code| Group::from_raw(&code.group)).collect();
    groups.into_iter().collect()
}

/// Whether an appeal was possible when the item was ranked: one that was filed then is decided
/// weeks later, also after its window has closed.
fn appealing(document: &WorkDocument) -> Appealing {
    if document.appealed.is_some() {
        Appealing::OnRecord
    } else if document.deadlines.iter().any(|deadline| deadline.path.is_appeal()) {
        Appealing::Open
    } else {
        Appealing::Closed
    }
}

fn row(stated: &Stated<'_>, accepted: &Accepted, taken: &Taken) -> ResolutionRow {
    ResolutionRow {
        tenant_id: Uuid::nil(),
        id: platform::ids::new(),
        work_item_id: taken.row.id,
        kind: stated.kind.as_str().to_owned(),
        recovered_cents: stated.recovered.as_i64(),
        written_off_cents: stated.written_off.as_i64(),
        left_cents: accepted.left.as_i64(),
        corrected_claim_number: stated.corrected_claim_number.to_owned(),
        write_off_code: stated.write_off_code.to_owned(),
        approved_by: accepted.approved_by.map(|by| by.to_string()).unwrap_or_default(),
        reason: stated.reason.to_owned(),
        automated: false,
        ended_by: stated.by.to_string(),
        denials: Vec::new(),
        created_at: taken.now.at,
        reopened_at: None,
        undone_at: None,
        undone_by: String::new(),
        undone_reason: String::new(),
    }
}

/// How it is told: in words to whoever reads the item, in numbers to the feed.
fn act(stated: &Stated<'_>, accepted: &Accepted, row: &ResolutionRow) -> Act {
    Act {
        kind: "work_item.resolved",
        words: rules::ended(stated, accepted),
        facts: json!({
            "by": if row.automated { "automation" } else { "person" },
            "resolution": row.id,
            "kind": row.kind,
            "recovered_cents": row.recovered_cents,
            "written_off_cents": row.written_off_cents,
            "left_cents": row.left_cents,
            "approved_by": row.approved_by,
            "automated": row.automated,
        }),
    }
}

#[cfg(test)]
mod tests;
