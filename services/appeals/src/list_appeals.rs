use chrono::{DateTime, Datelike, NaiveDate};
use contracts::appeals::v1::{AppealState, ListAppealsRequest, ListAppealsResponse};
use contracts::dictionary::v1::Path;
use filter::{self, Op, Term};
use platform::access::Caller;
use platform::page::{self, Pager};
use platform::rejection::{Fault, Violation};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, Value};
use uuid::Uuid;

use crate::Appeals;
use crate::face::{self, word};
use crate::store::{self, Column, Row, never};

/// The fields of the filter.
const FIELDS: &str = "state, payer_id, path, case_id, batch_id, patient_control_number, due_on";

impl Appeals {
    /// Lists appeals, the earliest last day first unless asked otherwise.
    ///
    /// # Errors
    /// When filter, order or page token are no good, or the database fails.
    pub(crate) async fn list_appeals(
        &self,
        caller: &Caller,
        request: ListAppealsRequest,
    ) -> Result<ListAppealsResponse, Fault> {
        let wanted = filter::all(&request.filter, narrowed)?;
        let sort = Sort::named(&request.order_by)?;
        let pager = Pager::new(&self.keys, caller, &[&request.filter, sort.name()]);
        let after = pager.read(&request.page_token)?;
        let after = after.map(|bytes| sort.place(&bytes)).transpose()?;
        let size = page::size(request.page_size);
        let tx = self.database.read(caller).await?;
        let after = after.as_ref().map(<[Value; 2]>::as_slice);
        let rows = store::list(&tx, wanted, &sort.order(), after, size + 1).await?;
        let page = page::cut(rows, size, &pager, |row| sort.bytes(row));
        let now = self.database.clock().now();
        let appeals = page.rows.iter().map(|row| face::appeal(row, now));
        Ok(ListAppealsResponse {
            appeals: appeals.collect::<Result<_, _>>()?,
            next_page_token: page.next,
        })
    }
}

/// What one term wants.
fn narrowed(term: &Term) -> Result<Condition, String> {
    let (field, value) = (term.field.as_str(), term.value.as_str());
    let unlisted = || format!("`{field}` has no such value");
    let id = || Uuid::try_parse(value).map_err(|_| format!("`{field}` is a UUID"));
    let (column, value): (Column, Value) = match field {
        "due_on" => return due_on(term),
        "state" => {
            let value = value.to_uppercase();
            let name = format!("APPEAL_STATE_{value}");
            let known = AppealState::from_str_name(&name).ok_or_else(unlisted)?;
            if known == AppealState::Unspecified {
                return Err(unlisted());
            }
            (Column::State, value.into())
        }
        "path" => {
            let name = format!("PATH_{}", value.to_uppercase());
            let known = Path::from_str_name(&name).ok_or_else(unlisted)?;
            (Column::Path, word(known.as_str_name(), "PATH_").into())
        }
        "payer_id" => (Column::PayerId, id()?.into()),
        "case_id" => (Column::CaseId, id()?.into()),
        "batch_id" => (Column::BatchId, id()?.into()),
        "patient_control_number" => {
            (Column::PatientControlNumber, value.trim().to_uppercase().into())
        }
        _ => return Err(format!("the fields are {FIELDS}")),
    };
    if term.op != Op::Equal {
        return Err(format!("`{field}` takes `=` only"));
    }
    Ok(Condition::all().add(Expr::col(column).eq(value)))
}

/// A last day that is compared; what has none is not found by it.
fn due_on(term: &Term) -> Result<Condition, String> {
    let day: NaiveDate =
        term.value.parse().map_err(|_| "`due_on` is a day, year-month-day".to_owned())?;
    let compared = match term.op {
        Op::Less => Column::DueOn.lt(day),
        Op::AtMost => Column::DueOn.lte(day),
        Op::More => Column::DueOn.gt(day),
        Op::AtLeast => Column::DueOn.gte(day),
        Op::Equal | Op::NotEqual | Op::Has => {
            return Err("`due_on` takes `>=`, `<=`, `>` and `<`".to_owned());
        }
    };
    Ok(Condition::all().add(compared).add(Column::DueOn.lt(never())))
}

/// The orders of the contract, the default first.
#[derive(Clone, Copy)]
enum Sort {
    Due,
    Newest,
    Amount,
}

impl Sort {
    const ALL: [Self; 3] = [Self::Due, Self::Newest, Self::Amount];

    fn named(order_by: &str) -> Result<Self, Fault> {
        let asked = order_by.split_whitespace().collect::<Vec<_>>().join(" ");
        if asked.is_empty() {
            return Ok(Self::Due);
        }
        Self::ALL.into_iter().find(|sort| sort.name() == asked).ok_or_else(|| {
            let names: Vec<String> =
                Self::ALL.iter().map(|sort| format!("`{}`", sort.name())).collect();
            let description = format!("is one of {}", names.join(", "));
            Fault::Invalid(vec![Violation { field: "order_by".to_owned(), description }])
        })
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Due => "due_on",
            Self::Newest => "created_at desc",
            Self::Amount => "in_dispute_cents desc",
        }
    }

    fn order(self) -> [(Column, Order); 2] {
        match self {
            Self::Due => [(Column::DueOn, Order::Asc), (Column::Id, Order::Asc)],
            Self::Newest => [(Column::CreatedAt, Order::Desc), (Column::Id, Order::Desc)],
            Self::Amount => [(Column::InDisputeCents, Order::Desc), (Column::Id, Order::Asc)],
        }
    }

    /// A row's place as a token holds it: what it is sorted by as one number, and its id.
    fn bytes(self, row: &Row) -> Vec<u8> {
        let number = match self {
            Self::Due => i64::from(row.due_on.num_days_from_ce()),
            Self::Newest => row.created_at.timestamp_micros(),
            Self::Amount => row.in_dispute_cents,
        };
        [&number.to_be_bytes()[..], row.id.as_bytes()].concat()
    }

    fn place(self, bytes: &[u8]) -> Result<[Value; 2], Fault> {
        let (number, id) = bytes.split_at_checked(8).ok_or(Fault::PageToken)?;
        let number = number.try_into().map_err(|_| Fault::PageToken)?;
        let number = i64::from_be_bytes(number);
        let value: Option<Value> = match self {
            Self::Due => i32::try_from(number)
                .ok()
                .and_then(NaiveDate::from_num_days_from_ce_opt)
                .map(Value::from),
            Self::Newest => DateTime::from_timestamp_micros(number).map(Value::from),
            Self::Amount => Some(number.into()),
        };
        let id = Uuid::from_slice(id).map_err(|_| Fault::PageToken)?;
        Ok([value.ok_or(Fault::PageToken)?, id.into()])
    }
}
