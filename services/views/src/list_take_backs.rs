use contracts::routing::v1::{ListTakeBacksRequest, ListTakeBacksResponse, TakeBackState};
use filter::Term;
use platform::access::Caller;
use platform::rejection::Fault;
use uuid::Uuid;

use super::narrowing::{self, Bound};
use super::paging::{self, Asked, Kind, Sort, instant_number};
use super::{Views, face};
use ledger::claim_document::normalized;
use ledger::reading::take_backs::{TakeBack, TakeBackColumn as Column, TakeBacks};

impl Views {
    /// Lists what payers gave and took at provider level, the newest first unless asked otherwise.
    pub async fn take_backs(
        &self,
        caller: &Caller,
        request: ListTakeBacksRequest,
    ) -> Result<ListTakeBacksResponse, Fault> {
        let asked = Asked {
            filter: &request.filter,
            order_by: &request.order_by,
            page_size: request.page_size,
            page_token: &request.page_token,
        };
        let (rows, next_page_token) = self.page::<TakeBacks>(caller, asked, bind, sorts()).await?;
        Ok(ListTakeBacksResponse {
            take_backs: rows.iter().map(face::take_back).collect(),
            next_page_token,
        })
    }
}

fn bind(term: &Term) -> Bound<Column> {
    match term.field.as_str() {
        "state" => narrowing::capitals::<TakeBackState, _>(term, Column::State),
        "payer_id" => narrowing::id(term, Column::PayerId),
        "case_id" => narrowing::id(term, Column::CaseId),
        "remittance_file_id" => narrowing::id(term, Column::FileId),
        "reason" => narrowing::number(term, Column::Reason, normalized),
        "claim_number" => narrowing::number(term, Column::ClaimNumber, normalized),
        "remitted_on" => narrowing::day(term, Column::RemitOn),
        "amount_cents" => narrowing::cents(term, Column::AmountCents),
        _ => narrowing::unknown(&[
            "state",
            "payer_id",
            "case_id",
            "remittance_file_id",
            "reason",
            "claim_number",
            "remitted_on",
            "amount_cents",
        ]),
    }
}

/// The orders of the contract, the default first.
fn sorts() -> impl Iterator<Item = Sort<Column, TakeBack>> {
    let id: (Column, fn(&TakeBack) -> Uuid) = (Column::Id, |row| row.id);
    let posted: fn(&TakeBack) -> i64 = |row| instant_number(row.posted_at);
    let posted = (Column::PostedAt, Kind::Instant, posted);
    let cents: fn(&TakeBack) -> i64 = |row| row.amount_cents;
    let cents = (Column::AmountCents, Kind::Number, cents);
    let posted = paging::both_ways(["posted_at desc", "posted_at"], posted, id);
    posted.into_iter().chain(paging::both_ways(["amount_cents desc", "amount_cents"], cents, id))
}
