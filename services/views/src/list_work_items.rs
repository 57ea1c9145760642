use std::collections::BTreeMap;

use contracts::dictionary::v1 as dictionary;
use contracts::routing::v1::{
    ListWorkItemsRequest, ListWorkItemsResponse, WorkItem as Message, WorkItemKind, WorkItemState,
};
use filter::{self, Term};
use platform::access::Caller;
use platform::events;
use platform::page::{self, Pager};
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::sea_query::{Condition, Order};
use uuid::Uuid;

use super::Views;
use super::face::{self, Moment};
use super::narrowing::{self, Bound};
use super::paging::{self, Kind, Lead, Sort, day_number, instant_number};
use ledger::FEED;
use ledger::claim_document::normalized;
use ledger::reading::denials::{self, ItemDenial};
use ledger::reading::work_items::{WorkItem, WorkItemColumn as Column, WorkItems};
use ledger::reading::{self, Page};

impl Views {
    /// Lists work, the most urgent first unless asked otherwise.
    pub async fn work_items(
        &self,
        caller: &Caller,
        request: ListWorkItemsRequest,
    ) -> Result<ListWorkItemsResponse, Fault> {
        let narrow = narrowed(&request.filter)?;
        let sort = paging::chosen(&request.order_by, sorts())?;
        let pager = Pager::new(&self.keys, caller, &[&request.filter, sort.name]);
        let (after, size) =
            (sort.after(&pager, &request.page_token)?, page::size(request.page_size));
        let tx = self.database.read(caller).await?;
        let wanted = Page { narrow, order: sort.columns(), after, limit: size + 1 };
        let rows = reading::page::<WorkItems>(&tx, wanted).await?;
        let (rows, next_page_token) = sort.cut(rows, size, &pager);
        Ok(ListWorkItemsResponse { work_items: self.shown(&tx, &rows).await?, next_page_token })
    }

    /// Items as lists show them.
    pub(super) async fn shown(
        &self,
        tx: &TenantTx,
        rows: &[WorkItem],
    ) -> Result<Vec<Message>, Fault> {
        let moment = self.moment(tx, rows).await?;
        let claims = rows.iter().map(|row| row.claim_id).collect();
        let mut lines: BTreeMap<Uuid, Vec<ItemDenial>> = BTreeMap::new();
        for line in denials::of_claims(tx, claims).await? {
            lines.entry(line.work_item_id).or_default().push(line);
        }
        let lines_of = |row: &WorkItem| lines.get(&row.id).map(Vec::as_slice).unwrap_or_default();
        rows.iter().map(|row| face::work_item(row, lines_of(row), &moment)).collect()
    }

    /// Now, with the rules that these items were decided under and their places in the feed.
    pub(super) async fn moment(&self, tx: &TenantTx, rows: &[WorkItem]) -> Result<Moment, Fault> {
        let revisions = rows.iter().map(|row| row.revision.clone()).collect();
        let ids = rows.iter().map(|row| row.id).collect();
        Ok(Moment {
            now: self.database.clock().now(),
            seqs: events::last_of(tx, FEED, ids).await?,
            rules: self.rules.of(tx, revisions).await?,
        })
    }
}

/// What a filter of ListWorkItems wants, for whoever does something to all of it.
///
/// # Errors
/// When the filter is no good.
pub fn narrowed(filter: &str) -> Result<Condition, Fault> {
    filter::condition(filter, bind)
}

fn bind(term: &Term) -> Bound<Column> {
    match term.field.as_str() {
        "state" => narrowing::capitals::<WorkItemState, _>(term, Column::State),
        "kind" => narrowing::capitals::<WorkItemKind, _>(term, Column::Kind),
        "team" => narrowing::text(term, Column::OwnerTeam),
        "payer_id" => narrowing::id(term, Column::PayerId),
        "facility_id" => narrowing::id(term, Column::FacilityId),
        "category" => narrowing::word::<dictionary::Category, _>(term, Column::Category),
        "next_action" => narrowing::word::<dictionary::NextAction, _>(term, Column::NextAction),
        "holder" => narrowing::text(term, Column::Holder),
        "case_id" => narrowing::id(term, Column::CaseId),
        "claim_occurrence_id" => narrowing::id(term, Column::ClaimId),
        "patient_control_number" => {
            narrowing::number(term, Column::PatientControlNumber, normalized)
        }
        "due_on" => narrowing::day(term, Column::DueOn),
        "at_stake_cents" => narrowing::cents(term, Column::AtStakeCents),
        "evidence_missing_count" => narrowing::count(term, Column::EvidenceMissing),
        _ => narrowing::unknown(&[
            "state",
            "kind",
            "team",
            "payer_id",
            "facility_id",
            "category",
            "next_action",
            "holder",
            "case_id",
            "claim_occurrence_id",
            "patient_control_number",
            "due_on",
            "at_stake_cents",
            "evidence_missing_count",
        ]),
    }
}

/// The orders of the contract, the default first; of equals the oldest comes first.
fn sorts() -> [Sort<Column, WorkItem>; 4] {
    let sort = |name, lead| Sort {
        name,
        lead: Some(lead),
        id: Column::Id,
        id_order: Order::Asc,
        id_of: |row: &WorkItem| row.id,
    };
    let number: fn(&WorkItem) -> i64 = |row| row.priority;
    let priority =
        Lead { column: Column::Priority, order: Order::Desc, kind: Kind::Number, number };
    let number: fn(&WorkItem) -> i64 = |row| day_number(row.due_on);
    let due_on = Lead { column: Column::DueOn, order: Order::Asc, kind: Kind::Day, number };
    let number: fn(&WorkItem) -> i64 = |row| row.at_stake_cents;
    let stake =
        Lead { column: Column::AtStakeCents, order: Order::Desc, kind: Kind::Number, number };
    let number: fn(&WorkItem) -> i64 = |row| instant_number(row.created_at);
    let created =
        Lead { column: Column::CreatedAt, order: Order::Desc, kind: Kind::Instant, number };
    [
        sort("priority desc", priority),
        sort("due_on", due_on),
        sort("at_stake_cents desc", stake),
        sort("created_at desc", created),
    ]
}

#[cfg(test)]
mod tests;
