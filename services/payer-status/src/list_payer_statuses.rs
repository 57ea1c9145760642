use std::collections::BTreeMap;

use contracts::routing::v1::{
    ListPayerStatusesRequest, ListPayerStatusesResponse, PayerStatus, PayerStatusOutcome,
    PayerStatusSource,
};
use domain_work::payer_status::Outcome;
use filter::{self, Op, Term};
use ledger::cases;
use platform::access::Caller;
use platform::clock::timestamp;
use platform::page::{self, Pager};
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Condition;
use uuid::Uuid;
use views::listed;

use crate::PayerStatuses;
use crate::store::{self, Status, StatusColumn as Column};

impl PayerStatuses {
    /// Lists statuses, the newest first.
    ///
    /// # Errors
    /// When the filter or the page token is no good, or the database fails.
    pub async fn list_payer_statuses(
        &self,
        caller: &Caller,
        request: ListPayerStatusesRequest,
    ) -> Result<ListPayerStatusesResponse, Fault> {
        let terms = filter::read(&request.filter, wanted)?;
        let pager = Pager::new(&self.keys, caller, &[&request.filter]);
        let (size, before) =
            (page::size(request.page_size), page::id_in(&pager, &request.page_token)?);
        let tx = self.database.read(caller).await?;
        let mut narrow = Condition::all();
        for term in terms {
            narrow = narrow.add(match term {
                Wanted::Case(case) => of_case(&tx, case).await?,
                Wanted::Payer(payer) => Condition::all().add(Column::PayerId.eq(payer)),
                Wanted::Outcome(outcome) => {
                    Condition::all().add(Column::Outcome.eq(outcome.as_str()))
                }
            });
        }
        let rows = store::list(&tx, narrow, before, size + 1).await?;
        let page = page::cut(rows, size, &pager, |row| row.id.as_bytes().to_vec());
        let cases = named(&tx, &page.rows).await?;
        let case = |row: &Status| {
            let key = (row.payer_id, row.patient_control_number.clone());
            let later = || cases.get(&key).copied().unwrap_or_default();
            if row.case_id.is_nil() { later() } else { row.case_id }
        };
        let statuses = page.rows.into_iter().map(|row| {
            let case = case(&row);
            shown(row, case)
        });
        Ok(ListPayerStatusesResponse {
            payer_statuses: statuses.collect(),
            next_page_token: page.next,
        })
    }
}

/// One term of the filter.
enum Wanted {
    Case(Uuid),
    Payer(Uuid),
    Outcome(Outcome),
}

fn wanted(term: &Term) -> Result<Wanted, String> {
    if term.op != Op::Equal {
        return Err(format!("`{}` takes `=` only", term.field));
    }
    let id = || Uuid::try_parse(&term.value).map_err(|_| format!("`{}` is a UUID", term.field));
    match term.field.as_str() {
        "case_id" => Ok(Wanted::Case(id()?)),
        "payer_id" => Ok(Wanted::Payer(id()?)),
        "outcome" => Outcome::parse(&term.value.to_ascii_uppercase())
            .map(Wanted::Outcome)
            .ok_or_else(|| "`outcome` has no such value".to_owned()),
        _ => Err("the fields are case_id, payer_id, outcome".to_owned()),
    }
}

/// Statuses of a case: those that were matched, and those of its number from before it.
async fn of_case(tx: &TenantTx, id: Uuid) -> Result<Condition, Fault> {
    let matched = Condition::any().add(Column::CaseId.eq(id));
    let Some(case) = cases::with_id(tx, id).await? else { return Ok(matched) };
    let before = Condition::all()
        .add(Column::CaseId.eq(Uuid::nil()))
        .add(Column::PayerId.eq(case.payer_id))
        .add(Column::PatientControlNumber.eq(case.patient_control_number));
    Ok(matched.add(before))
}

/// The cases of statuses that came before them, by payer and number.
async fn named(tx: &TenantTx, rows: &[Status]) -> Result<BTreeMap<(Uuid, String), Uuid>, Fault> {
    let before = rows.iter().filter(|row| row.case_id.is_nil());
    let numbers: Vec<String> = before
        .filter(|row| !row.patient_control_number.is_empty())
        .map(|row| row.patient_control_number.clone())
        .collect();
    if numbers.is_empty() {
        return Ok(BTreeMap::new());
    }
    let cases = cases::named(tx, numbers).await?.into_iter();
    Ok(cases.map(|case| ((case.payer_id, case.patient_control_number), case.id)).collect())
}

/// A status as callers see it.
pub(crate) fn shown(row: Status, case: Uuid) -> PayerStatus {
    PayerStatus {
        id: row.id.to_string(),
        case_id: if case.is_nil() { String::new() } else { case.to_string() },
        patient_control_number: row.patient_control_number,
        payer_claim_number: row.payer_claim_number,
        payer_id: row.payer_id.to_string(),
        source: listed::<PayerStatusSource>(&row.source),
        category_code: row.category_code,
        status_code: row.status_code,
        entity_code: row.entity_code,
        outcome: listed::<PayerStatusOutcome>(&row.outcome),
        note: row.note,
        stated_at: Some(timestamp(row.stated_at)),
        created_at: Some(timestamp(row.created_at)),
    }
}
