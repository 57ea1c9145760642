use contracts::dictionary::v1 as dictionary;
use contracts::routing::v1::{DenialLineage, DenialState, ListDenialsRequest, ListDenialsResponse};
use domain::codes::{Carc, Group};
use filter::Term;
use platform::access::Caller;
use platform::rejection::Fault;
use uuid::Uuid;

use super::narrowing::{self, Bound};
use super::paging::{self, Asked, Kind, Sort, instant_number};
use super::{Views, face};
use ledger::claim_document::normalized;
use ledger::reading::denials::{Denial, DenialColumn as Column, Denials};

impl Views {
    /// Lists denials, the newest first unless asked otherwise.
    pub async fn denials(
        &self,
        caller: &Caller,
        request: ListDenialsRequest,
    ) -> Result<ListDenialsResponse, Fault> {
        let asked = Asked {
            filter: &request.filter,
            order_by: &request.order_by,
            page_size: request.page_size,
            page_token: &request.page_token,
        };
        let (rows, next_page_token) = self.page::<Denials>(caller, asked, bind, sorts()).await?;
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
fn sorts() -> impl Iterator<Item = Sort<Column, Denial>> {
    let id: (Column, fn(&Denial) -> Uuid) = (Column::Id, |row| row.id);
    let posted: fn(&Denial) -> i64 = |row| instant_number(row.posted_at);
    let posted = (Column::PostedAt, Kind::Instant, posted);
    let cents: fn(&Denial) -> i64 = |row| row.denied_cents;
    let cents = (Column::DeniedCents, Kind::Number, cents);
    let posted = paging::both_ways(["posted_at desc", "posted_at"], posted, id);
    posted.into_iter().chain(paging::both_ways(["denied_cents desc", "denied_cents"], cents, id))
}
