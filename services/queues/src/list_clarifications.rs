use contracts::routing::v1::{ListClarificationsRequest, ListClarificationsResponse};
use domain::codes::Carc;
use domain_work::clarification::ClarificationState;
use filter::{self, Op, Term};
use platform::access::Caller;
use platform::page::{self, Pager};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Condition;
use uuid::Uuid;

use crate::store::clarifications::{self, ClarificationColumn as Column};
use crate::{Error, Queues, face};

impl Queues {
    /// Lists clarifications, the newest first; those of a code and payer are precedents.
    ///
    /// # Errors
    /// When the filter or the page token is no good, or the database fails.
    pub async fn list_clarifications(
        &self,
        caller: &Caller,
        request: ListClarificationsRequest,
    ) -> Result<ListClarificationsResponse, Error> {
        let wanted = filter::all(&request.filter, wanted)?;
        let pager = Pager::new(&self.keys, caller, &[&request.filter]);
        let (size, before) =
            (page::size(request.page_size), page::id_in(&pager, &request.page_token)?);
        let tx = self.database.read(caller).await?;
        let account_count = match before {
            Some(_) => 0,
            None => clarifications::accounts(&tx, wanted.clone()).await?,
        };
        let rows = clarifications::list(&tx, wanted, before, size + 1).await?;
        let page = page::cut(rows, size, &pager, |row| row.id.as_bytes().to_vec());
        Ok(ListClarificationsResponse {
            clarifications: page.rows.into_iter().map(face::clarification).collect(),
            next_page_token: page.next,
            account_count: i32::try_from(account_count).unwrap_or(i32::MAX),
        })
    }
}

fn wanted(term: &Term) -> Result<Condition, String> {
    if term.op != Op::Equal {
        return Err(format!("`{}` takes `=` only", term.field));
    }
    let id = || Uuid::try_parse(&term.value).map_err(|_| format!("`{}` is a UUID", term.field));
    let all = Condition::all();
    match term.field.as_str() {
        "state" => {
            let state = ClarificationState::parse(&term.value.to_ascii_uppercase());
            let state = state.ok_or_else(|| "`state` has no such value".to_owned())?;
            Ok(all.add(Column::State.eq(state.as_str())))
        }
        "to_team" => Ok(all.add(Column::ToTeam.eq(term.value.as_str()))),
        "work_item_id" => Ok(all.add(Column::WorkItemId.eq(id()?))),
        "payer_id" => Ok(all.add(Column::PayerId.eq(id()?))),
        "carc" => {
            let code = Carc::new(&term.value).map_err(|error| format!("`carc`: {error}"))?;
            Ok(clarifications::of_code(code.as_str()))
        }
        _ => Err("the fields are state, to_team, work_item_id, carc, payer_id".to_owned()),
    }
}
