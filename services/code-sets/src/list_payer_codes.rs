use contracts::dictionary::v1::{ListPayerCodesRequest, ListPayerCodesResponse};
use filter::{self, Op, Term};
use platform::access::Caller;
use platform::page::{self, Pager};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::SimpleExpr;
use uuid::Uuid;

use crate::store::payer_codes::{self, Column};
use crate::{CodeSets, Error, face};

impl CodeSets {
    /// Lists codes that payers made up, in the order they came.
    ///
    /// # Errors
    /// When the filter or the page token is no good, or the database fails.
    pub async fn list_payer_codes(
        &self,
        caller: &Caller,
        request: ListPayerCodesRequest,
    ) -> Result<ListPayerCodesResponse, Error> {
        let narrow = filter::all(&request.filter, bind)?;
        let pager = Pager::new(&self.keys, caller, &[&request.filter]);
        let (size, after) =
            (page::size(request.page_size), page::id_in(&pager, &request.page_token)?);
        let tx = self.database.read(caller).await?;
        let rows = payer_codes::page(&tx, narrow, after, size + 1).await?;
        let page = page::cut(rows, size, &pager, |row| row.id.as_bytes().to_vec());
        Ok(ListPayerCodesResponse {
            payer_codes: page.rows.into_iter().map(face::payer_code).collect(),
            next_page_token: page.next,
        })
    }
}

fn bind(term: &Term) -> Result<SimpleExpr, String> {
    if term.op != Op::Equal {
        return Err(format!("`{}` takes `=` only", term.field));
    }
    match term.field.as_str() {
        "payer_id" => {
            let id = Uuid::try_parse(&term.value).map_err(|_| "`payer_id` is a UUID")?;
            Ok(Column::PayerId.eq(id))
        }
        "mapped" => match term.value.as_str() {
            "true" => Ok(Column::StandardCarc.ne("")),
            "false" => Ok(Column::StandardCarc.eq("")),
            _ => Err("`mapped` is `true` or `false`".to_owned()),
        },
        _ => Err("the fields are `payer_id` and `mapped`".to_owned()),
    }
}
