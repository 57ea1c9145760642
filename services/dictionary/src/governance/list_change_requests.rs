use sea_orm::ColumnTrait;

use contracts::dictionary::v1::{
    ChangeRequest, ChangeRequestState, ListChangeRequestsRequest, ListChangeRequestsResponse,
    SectionKind,
};
use filter::{self, Op, Term};
use platform::access::Caller;
use platform::page::{self, Pager};

use super::Matter;
use super::chamber::Chamber;
use crate::{Dictionary, Error, grpc};
use registry::changes::{self, ChangeColumn};

impl Dictionary {
    /// Lists change requests, the newest first.
    pub(crate) async fn changes(
        &self,
        caller: &Caller,
        request: ListChangeRequestsRequest,
    ) -> Result<ListChangeRequestsResponse, Error> {
        let narrow = filter::all(&request.filter, bound)?;
        let pager = Pager::new(&self.keys, caller, &[&request.filter]);
        let (size, before) =
            (page::size(request.page_size), page::number_in(&pager, &request.page_token)?);
        let tx = self.database.read(caller).await?;
        let rows = changes::page(&tx, narrow, before, size + 1).await?;
        let page = page::cut(rows, size, &pager, |row| row.number.to_be_bytes().to_vec());
        let chamber = Chamber::now(&tx).await?;
        let mut shown = Vec::with_capacity(page.rows.len());
        for row in page.rows {
            let change = grpc::change_request(&Matter::of(row)?, &[], &chamber);
            shown.push(ChangeRequest { edits: Vec::new(), ..change });
        }
        Ok(ListChangeRequestsResponse { change_requests: shown, next_page_token: page.next })
    }
}

fn bound(term: &Term) -> Result<sea_orm::sea_query::SimpleExpr, String> {
    if term.op != Op::Equal {
        return Err(format!("`{}` takes `=` only", term.field));
    }
    let upper = term.value.to_uppercase();
    match term.field.as_str() {
        "state" => {
            let known = ChangeRequestState::from_str_name(&format!("CHANGE_REQUEST_STATE_{upper}"));
            known.ok_or("no such state")?;
            Ok(ChangeColumn::State.eq(upper.to_lowercase()))
        }
        "source" => {
            let source = grpc::source_of(&upper.to_lowercase()).ok_or("no such source")?;
            Ok(ChangeColumn::Source.eq(grpc::source_word(source)))
        }
        "author" => Ok(ChangeColumn::Author.eq(term.value.to_lowercase())),
        "section" => {
            let kind = SectionKind::from_str_name(&format!("SECTION_KIND_{upper}"));
            let kind = kind.and_then(grpc::section_kind).ok_or("no such section")?;
            Ok(ChangeColumn::Sections.like(format!("%,{},%", kind.as_str())))
        }
        _ => Err("the fields are `state`, `source`, `author` and `section`".to_owned()),
    }
}
