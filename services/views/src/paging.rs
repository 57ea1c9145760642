//! What lists sort by, and the place of a row that a page token holds.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use filter::Term;
use ledger::reading::{self, Page};
use platform::access::Caller;
use platform::page::{self, Pager};
use platform::rejection::{Fault, Violation};
use platform::tenant_tx::TenantOwned;
use sea_orm::Value;
use sea_orm::sea_query::Order;
use uuid::Uuid;

use crate::Views;
use crate::narrowing::Bound;

/// Bytes of a [`Place`] in a token.
const PLACE_BYTES: usize = 24;

/// Where a row stands in a sorted list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The value it is sorted by, see [`Kind`]; 0 in a list that is sorted by id.
    pub(crate) value: i64,
    /// Its id, which breaks ties.
    pub(crate) id: Uuid,
}

impl Place {
    fn to_bytes(self) -> [u8; PLACE_BYTES] {
        let mut bytes = [0; PLACE_BYTES];
        bytes[..8].copy_from_slice(&self.value.to_be_bytes());
        bytes[8..].copy_from_slice(self.id.as_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (value, id) = bytes.split_at_checked(8)?;
        let value = i64::from_be_bytes(value.try_into().ok()?);
        Some(Self { value, id: Uuid::from_slice(id).ok()? })
    }
}

/// How a sorted column's value becomes one number in a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A number as it is.
    Number,
    /// A day, as days of the common era.
    Day,
    /// An instant, in microseconds: what both databases keep.
    Instant,
}

impl Kind {
    fn value(self, number: i64) -> Result<Value, Fault> {
        let value = match self {
            Self::Number => Some(number.into()),
            Self::Day => i32::try_from(number)
                .ok()
                .and_then(NaiveDate::from_num_days_from_ce_opt)
                .map(Value::from),
            Self::Instant => DateTime::from_timestamp_micros(number).map(Value::from),
        };
        value.ok_or(Fault::PageToken)
    }
}

/// A day as one number, see [`Kind::Day`].
pub(crate) fn day_number(day: NaiveDate) -> i64 {
    day.num_days_from_ce().into()
}

/// An instant as one number, see [`Kind::Instant`].
pub(crate) fn instant_number(instant: DateTime<Utc>) -> i64 {
    instant.timestamp_micros()
}

/// The column a list is sorted by before its id.
pub(crate) struct Lead<C, R> {
    pub(crate) column: C,
    pub(crate) order: Order,
    pub(crate) kind: Kind,
    /// The row's value as one number, see [`Kind`].
    pub(crate) number: fn(&R) -> i64,
}

/// How a list is sorted.
pub(crate) struct Sort<C, R> {
    /// What the contract calls it.
    pub(crate) name: &'static str,
    pub(crate) lead: Option<Lead<C, R>>,
    pub(crate) id: C,
    pub(crate) id_order: Order,
    /// The row's id.
    pub(crate) id_of: fn(&R) -> Uuid,
}

impl<C: Copy, R> Sort<C, R> {
    /// The columns and their directions, as keyset pages want them.
    pub(crate) fn columns(&self) -> Vec<(C, Order)> {
        let lead = self.lead.iter().map(|lead| (lead.column, lead.order.clone()));
        lead.chain([(self.id, self.id_order.clone())]).collect()
    }

    fn place(&self, row: &R) -> Place {
        let value = self.lead.as_ref().map_or(0, |lead| (lead.number)(row));
        Place { value, id: (self.id_of)(row) }
    }

    /// The sort values of the row that `token` names; nothing for the first page.
    pub(crate) fn after(
        &self,
        pager: &Pager<'_>,
        token: &str,
    ) -> Result<Option<Vec<Value>>, Fault> {
        let Some(bytes) = pager.read(token)? else { return Ok(None) };
        let place = Place::from_bytes(&bytes).ok_or(Fault::PageToken)?;
        let lead = self.lead.as_ref().map(|lead| lead.kind.value(place.value)).transpose()?;
        Ok(Some(lead.into_iter().chain([place.id.into()]).collect()))
    }

    /// Cuts `rows`, of which one more than `size` was read, and names the next page; the token is
    /// empty after the last one.
    pub(crate) fn cut(&self, rows: Vec<R>, size: u64, pager: &Pager<'_>) -> (Vec<R>, String) {
        let page = page::cut(rows, size, pager, |row| self.place(row).to_bytes().to_vec());
        (page.rows, page.next)
    }
}

/// A column, largest first and smallest first, under the names of the contract.
pub(crate) fn both_ways<C: Copy, R>(
    names: [&'static str; 2],
    (column, kind, number): (C, Kind, fn(&R) -> i64),
    (id, id_of): (C, fn(&R) -> Uuid),
) -> [Sort<C, R>; 2] {
    let [falling, rising] = names;
    [(falling, Order::Desc), (rising, Order::Asc)].map(|(name, order)| {
        let lead = Some(Lead { column, order: order.clone(), kind, number });
        Sort { name, lead, id, id_order: order, id_of }
    })
}

/// Which page of a list is asked for.
pub(crate) struct Asked<'a> {
    pub(crate) filter: &'a str,
    pub(crate) order_by: &'a str,
    pub(crate) page_size: i32,
    pub(crate) page_token: &'a str,
}

impl Views {
    /// The rows of a page and the token of the next one; `bind` is the list's filter, and the first
    /// of `sorts` its order where none is asked for.
    pub(crate) async fn page<E: TenantOwned>(
        &self,
        caller: &Caller,
        asked: Asked<'_>,
        bind: impl Fn(&Term) -> Bound<E::Column>,
        sorts: impl IntoIterator<Item = Sort<E::Column, E::Model>>,
    ) -> Result<(Vec<E::Model>, String), Fault> {
        let narrow = filter::condition(asked.filter, bind)?;
        let sort = chosen(asked.order_by, sorts)?;
        let pager = Pager::new(&self.keys, caller, &[asked.filter, sort.name]);
        let (after, size) = (sort.after(&pager, asked.page_token)?, page::size(asked.page_size));
        let tx = self.database.read(caller).await?;
        let wanted = Page { narrow, order: sort.columns(), after, limit: size + 1 };
        Ok(sort.cut(reading::page::<E>(&tx, wanted).await?, size, &pager))
    }
}

/// The sort that `order_by` names; the first one when it is empty. Blanks do not count.
///
/// # Errors
/// [`Fault::Invalid`] on field `order_by`, naming what is allowed.
pub(crate) fn chosen<C, R>(
    order_by: &str,
    sorts: impl IntoIterator<Item = Sort<C, R>>,
) -> Result<Sort<C, R>, Fault> {
    let asked = order_by.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut allowed = Vec::new();
    for sort in sorts {
        if asked.is_empty() || asked == sort.name {
            return Ok(sort);
        }
        allowed.push(format!("`{}`", sort.name));
    }
    let description = format!("is one of {}", allowed.join(", "));
    Err(Fault::Invalid(vec![Violation { field: "order_by".to_owned(), description }]))
}

#[cfg(test)]
mod tests;
