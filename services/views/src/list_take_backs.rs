use contracts::routing::v1::{ListTakeBacksRequest, ListTakeBacksResponse, TakeBackState};
use filter::{self, Term};
use platform::access::Caller;
use platform::page::{self, Pager};
use platform::rejection::Fault;
use sea_orm::sea_query::Order;

use super::narrowing::{self, Bound};
use super::paging::{self, Kind, Lead, Sort, instant_number};
use super::{Views, face};
use ledger::claim_document::normalized;
use ledger::reading::take_backs::{TakeBack, TakeBackColumn as Column, TakeBacks};
use ledger::reading::{self, Page};

impl Views {
    /// Lists what payers gave and took at provider level, the newest first unless asked otherwise.
    pub async fn take_backs(
        &self,
        caller: &Caller,
        request: ListTakeBacksRequest,
    ) -> Result<ListTakeBacksResponse, Fault> {
        let narrow = filter::condition(&request.filter, bind)?;
        let sort = paging::chosen(&request.order_by, sorts())?;
        let pager = Pager::new(&self.keys, caller, &[&request.filter, sort.name]);
        let (after, size) =
            (sort.after(&pager, &request.page_token)?, page::size(request.page_size));
        let tx = self.database.read(caller).await?;
        let wanted = Page { narrow, order: sort.columns(), after, limit: size + 1 };
        let rows = reading::page::<TakeBacks>(&tx, wanted).await?;
        let (rows, next_page_token) = sort.cut(rows, size, &pager);
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
fn sorts() -> [Sort<Column, TakeBack>; 4] {
    let sort = |name, id_order, lead| Sort {
        name,
        lead: Some(lead),
        id: Column::Id,
        id_order,
        id_of: |row: &TakeBack| row.id,
    };
    let posted = |order| {
        let number: fn(&TakeBack) -> i64 = |row| instant_number(row.posted_at);
        Lead { column: Column::PostedAt, order, kind: Kind::Instant, number }
    };
    let amount = |order| {
        let number: fn(&TakeBack) -> i64 = |row| row.amount_cents;
        Lead { column: Column::AmountCents, order, kind: Kind::Number, number }
    };
    [
        sort("posted_at desc", Order::Desc, posted(Order::Desc)),
        sort("posted_at", Order::Asc, posted(Order::Asc)),
        sort("amount_cents desc", Order::Desc, amount(Order::Desc)),
        sort("amount_cents", Order::Asc, amount(Order::Asc)),
    ]
}
