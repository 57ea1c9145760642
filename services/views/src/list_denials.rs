use contracts::dictionary::v1 as dictionary;
use contracts::routing::v1::{DenialLineage, DenialState, ListDenialsRequest, ListDenialsResponse};
use domain::codes::{Carc, Group};
use filter::{self, Term};
use platform::access::Caller;
use platform::page::{self, Pager};
use platform::rejection::Fault;
use sea_orm::sea_query::Order;

use super::narrowing::{self, Bound};
use super::paging::{self, Kind, Lead, Sort, instant_number};
use super::{Views, face};
use ledger::claim_document::normalized;
use ledger::reading::denials::{Denial, DenialColumn as Column, Denials};
use ledger::reading::{self, Page};

impl Views {
    /// Lists denials, the newest first unless asked otherwise.
    pub async fn denials(
        &self,
        caller: &Caller,
        request: ListDenialsRequest,
    ) -> Result<ListDenialsResponse, Fault> {
        let narrow = filter::condition(&request.filter, bind)?;
        let sort = paging::chosen(&request.order_by, sorts())?;
        let pager = Pager::new(&self.keys, caller, &[&request.filter, sort.name]);
        let (after, size) =
            (sort.after(&pager, &request.page_token)?, page::size(request.page_size));
        let tx = self.database.read(caller).await?;
        let wanted = Page { narrow, order: sort.columns(), after, limit: size + 1 };
        let rows = reading::page::<Denials>(&tx, wanted).await?;
        let (rows, next_page_token) = sort.cut(rows, size, &pager);
        Ok(ListDenialsResponse {
            denials: rows.iter().map(face::denial).collect(),
            next_page_token,
        })
    }
}

fn bind(term: &Term) -> Bound<Column> {
    match term.field.as_str() {
        "payer_id" => narrowing::id(term, Column::PayerId),
        "facility_id" => narrowing::id(term, Column::FacilityId),
        "group" => narrowing::number(term, Column::GroupCode, group),
        "carc" => narrowing::number(term, Column::Carc, carc),
        "category" => narrowing::word::<dictionary::Category, _>(term, Column::Category),
        "state" => narrowing::capitals::<DenialState, _>(term, Column::State),
        "lineage" => narrowing::capitals::<DenialLineage, _>(term, Column::Lineage),
        "claim_occurrence_id" => narrowing::id(term, Column::ClaimId),
        "case_id" => narrowing::id(term, Column::CaseId),
        "remittance_file_id" => narrowing::id(term, Column::FileId),
        "work_item_id" => narrowing::id(term, Column::WorkItemId),
        "patient_control_number" => {
            narrowing::number(term, Column::PatientControlNumber, normalized)
        }
        "remitted_on" => narrowing::day(term, Column::RemitOn),
        "denied_cents" => narrowing::cents(term, Column::DeniedCents),
        _ => narrowing::unknown(&[
            "payer_id",
            "facility_id",
            "group",
            "carc",
            "category",
            "state",
            "lineage",
            "claim_occurrence_id",
            "case_id",
            "remittance_file_id",
            "work_item_id",
            "patient_control_number",
            "remitted_on",
            "denied_cents",
        ]),
    }
}

fn group(text: &str) -> String {
    Group::from_raw(text).as_str().to_owned()
}

/// A reason code as rows hold it: without leading zeros.
fn carc(text: &str) -> String {
    Carc::new(text).map_or_else(|_| text.to_owned(), String::from)
}

/// The orders of the contract, the default first.
fn sorts() -> [Sort<Column, Denial>; 4] {
    let sort = |name, id_order, lead| Sort {
        name,
        lead: Some(lead),
        id: Column::Id,
        id_order,
        id_of: |row: &Denial| row.id,
    };
    let posted = |order| {
        let number: fn(&Denial) -> i64 = |row| instant_number(row.posted_at);
        Lead { column: Column::PostedAt, order, kind: Kind::Instant, number }
    };
    let denied = |order| {
        let number: fn(&Denial) -> i64 = |row| row.denied_cents;
        Lead { column: Column::DeniedCents, order, kind: Kind::Number, number }
    };
    [
        sort("posted_at desc", Order::Desc, posted(Order::Desc)),
        sort("posted_at", Order::Asc, posted(Order::Asc)),
        sort("denied_cents desc", Order::Desc, denied(Order::Desc)),
        sort("denied_cents", Order::Asc, denied(Order::Asc)),
    ]
}
