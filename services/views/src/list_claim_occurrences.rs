use contracts::routing::v1::{ListClaimOccurrencesRequest, ListClaimOccurrencesResponse};
use filter::{self, Term};
use platform::access::Caller;
use platform::page::{self, Pager};
use platform::rejection::Fault;
use sea_orm::sea_query::Order;

use super::narrowing::{self, Bound};
use super::paging::Sort;
use super::{Views, face};
use ledger::claim_document::normalized;
use ledger::reading::claims::{Claim, ClaimColumn as Column, Claims};
use ledger::reading::{self, Page};

impl Views {
    /// Lists claim occurrences in the order of the ledger.
    pub async fn claim_occurrences(
        &self,
        caller: &Caller,
        request: ListClaimOccurrencesRequest,
    ) -> Result<ListClaimOccurrencesResponse, Fault> {
        let narrow = filter::condition(&request.filter, bind)?;
        let sort = as_posted();
        let pager = Pager::new(&self.keys, caller, &[&request.filter]);
        let (after, size) =
            (sort.after(&pager, &request.page_token)?, page::size(request.page_size));
        let tx = self.database.read(caller).await?;
        let wanted = Page { narrow, order: sort.columns(), after, limit: size + 1 };
        let rows = reading::page::<Claims>(&tx, wanted).await?;
        let (rows, next_page_token) = sort.cut(rows, size, &pager);
        let claim_occurrences =
            rows.iter().map(face::claim_occurrence).collect::<Result<_, _>>()?;
        Ok(ListClaimOccurrencesResponse { claim_occurrences, next_page_token })
    }
}

fn bind(term: &Term) -> Bound<Column> {
    match term.field.as_str() {
        "remittance_file_id" => narrowing::id(term, Column::FileId),
        "case_id" => narrowing::id(term, Column::CaseId),
        "payer_id" => narrowing::id(term, Column::PayerId),
        "facility_id" => narrowing::id(term, Column::FacilityId),
        "patient_control_number" => {
            narrowing::number(term, Column::PatientControlNumber, normalized)
        }
        "payer_claim_number" => narrowing::number(term, Column::PayerClaimNumber, normalized),
        "status" => narrowing::text(term, Column::Status),
        "remitted_on" => narrowing::day(term, Column::RemitOn),
        _ => narrowing::unknown(&[
            "remittance_file_id",
            "case_id",
            "payer_id",
            "facility_id",
            "patient_control_number",
            "payer_claim_number",
            "status",
            "remitted_on",
        ]),
    }
}

/// By id: ids of the ledger are given in the order of posting.
fn as_posted() -> Sort<Column, Claim> {
    Sort {
        name: "id",
        lead: None,
        id: Column::Id,
        id_order: Order::Asc,
        id_of: |row: &Claim| row.id,
    }
}
