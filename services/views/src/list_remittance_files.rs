use contracts::routing::v1::{
    ListRemittanceFilesRequest, ListRemittanceFilesResponse, RemittanceFileState, RemittancePurpose,
};
use filter::{self, Term};
use platform::access::Caller;
use platform::page::{self, Pager};
use platform::rejection::Fault;
use sea_orm::sea_query::Order;

use super::narrowing::{self, Bound};
use super::paging::{Kind, Lead, Sort, instant_number};
use super::{Views, face};
use ledger::reading::Page;
use ledger::reading::files::{self, FileColumn as Column, FileRow};

impl Views {
    /// Lists files, the newest first.
    pub async fn files(
        &self,
        caller: &Caller,
        request: ListRemittanceFilesRequest,
    ) -> Result<ListRemittanceFilesResponse, Fault> {
        let narrow = filter::condition(&request.filter, bind)?;
        let sort = newest_first();
        let pager = Pager::new(&self.keys, caller, &[&request.filter]);
        let (after, size) =
            (sort.after(&pager, &request.page_token)?, page::size(request.page_size));
        let tx = self.database.read(caller).await?;
        let wanted = Page { narrow, order: sort.columns(), after, limit: size + 1 };
        let (rows, next_page_token) = sort.cut(files::page(&tx, wanted).await?, size, &pager);
        let remittance_files =
            rows.into_iter().map(face::file_in_list).collect::<Result<_, _>>()?;
        Ok(ListRemittanceFilesResponse { remittance_files, next_page_token })
    }
}

fn bind(term: &Term) -> Bound<Column> {
    match term.field.as_str() {
        "state" => narrowing::capitals::<RemittanceFileState, _>(term, Column::State),
        "purpose" => narrowing::capitals::<RemittancePurpose, _>(term, Column::Purpose),
        "sha256" => narrowing::text(term, Column::Sha256),
        "received_at" => narrowing::instant(term, Column::ReceivedAt),
        _ => narrowing::unknown(&["state", "purpose", "sha256", "received_at"]),
    }
}

fn newest_first() -> Sort<Column, FileRow> {
    let number: fn(&FileRow) -> i64 = |row| instant_number(row.received_at);
    Sort {
        name: "received_at desc",
        lead: Some(Lead {
            column: Column::ReceivedAt,
            order: Order::Desc,
            kind: Kind::Instant,
            number,
        }),
        id: Column::Id,
        id_order: Order::Desc,
        id_of: |row| row.id,
    }
}
