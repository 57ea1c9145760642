use sea_orm::Value;
use sea_orm::sea_query::Condition;

use contracts::dictionary::v1::{ListPayersRequest, ListPayersResponse};
use domain::codes::{Lob, Network};
use filter::{self, Op, Term};
use platform::access::Caller;
use platform::page::{self, Pager};
use platform::rejection::Fault;

use crate::{Dictionary, Error, grpc};
use registry::payers::{self, PayerColumn};

impl Dictionary {
    /// Lists payers by slug.
    pub(crate) async fn payers(
        &self,
        caller: &Caller,
        request: ListPayersRequest,
    ) -> Result<ListPayersResponse, Error> {
        let narrow = narrow(&request.filter)?;
        let pager = Pager::new(&self.keys, caller, &[&request.filter]);
        let (size, after) =
            (page::size(request.page_size), page::text_in(&pager, &request.page_token)?);
        let tx = self.database.read(caller).await?;
        let rows = payers::page(&tx, narrow, after, size + 1).await?;
        let page = page::cut(rows, size, &pager, |payer| payer.slug.clone().into_bytes());
        let ids = page.rows.iter().map(|payer| payer.id).collect();
        let aliases = payers::aliases_of(&tx, ids).await?;
        let payers = page.rows.into_iter().map(|row| grpc::payer(row, &aliases));
        Ok(ListPayersResponse {
            payers: payers.collect::<Result<_, _>>()?,
            next_page_token: page.next,
        })
    }
}

fn narrow(filter: &str) -> Result<Condition, Fault> {
    filter::condition(filter, bind)
}

fn bind(term: &Term) -> Result<(PayerColumn, Value), String> {
    let (column, value) = match term.field.as_str() {
        "slug" => (PayerColumn::Slug, term.value.clone()),
        "line_of_business" => {
            let word = Lob::parse(&term.value.to_lowercase()).map(Lob::as_str);
            (PayerColumn::LineOfBusiness, word.ok_or("no such line of business")?.to_owned())
        }
        "network" => {
            let word = Network::parse(&term.value.to_lowercase()).map(Network::as_str);
            (PayerColumn::Network, word.ok_or("no such network status")?.to_owned())
        }
        _ => return Err("the fields are `slug`, `line_of_business` and `network`".to_owned()),
    };
    if term.op == Op::Equal {
        Ok((column, value.into()))
    } else {
        Err(format!("`{}` takes `=` only", term.field))
    }
}

#[cfg(test)]
mod tests;
