//! What the filters of the lists have in common: typed values and the comparisons a field takes.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use filter::{Op, Term};
use sea_orm::Value;
use uuid::Uuid;

use super::face::Listed;

/// A column and the value it is compared with, or what is wrong with the term.
pub(crate) type Bound<C> = Result<(C, Value), String>;

/// A field that takes `=` only, with text as it stands.
pub(crate) fn text<C>(term: &Term, column: C) -> Bound<C> {
    equal(term)?;
    Ok((column, term.value.as_str().into()))
}

/// A field that takes `=` only and names a resource.
pub(crate) fn id<C>(term: &Term, column: C) -> Bound<C> {
    equal(term)?;
    let id = Uuid::try_parse(&term.value).map_err(|_| format!("`{}` is a UUID", term.field))?;
    Ok((column, id.into()))
}

/// A field that takes `=` only and a value of the contract's list `L`, in either case, stored in
/// capitals.
pub(crate) fn capitals<L: Listed, C>(term: &Term, column: C) -> Bound<C> {
    Ok((column, listed::<L>(term)?.to_ascii_uppercase().into()))
}

/// As [`capitals`], stored in the domain's spelling.
pub(crate) fn word<L: Listed, C>(term: &Term, column: C) -> Bound<C> {
    Ok((column, listed::<L>(term)?.to_ascii_lowercase().into()))
}

/// A day that is compared.
pub(crate) fn day<C>(term: &Term, column: C) -> Bound<C> {
    compared(term)?;
    let day: NaiveDate =
        term.value.parse().map_err(|_| format!("`{}` is a day, year-month-day", term.field))?;
    Ok((column, day.into()))
}

/// An instant that is compared; a day means its beginning in UTC.
pub(crate) fn instant<C>(term: &Term, column: C) -> Bound<C> {
    compared(term)?;
    let day =
        |text: &str| text.parse::<NaiveDate>().map(|day| day.and_time(NaiveTime::MIN).and_utc());
    let instant = DateTime::parse_from_rfc3339(&term.value).map(|at| at.to_utc());
    let instant: DateTime<Utc> = instant
        .or_else(|_| day(&term.value))
        .map_err(|_| format!("`{}` is an RFC 3339 instant or a day", term.field))?;
    Ok((column, instant.into()))
}

/// An amount in cents that is compared.
pub(crate) fn cents<C>(term: &Term, column: C) -> Bound<C> {
    compared(term)?;
    let cents: i64 =
        term.value.parse().map_err(|_| format!("`{}` is a whole number of cents", term.field))?;
    Ok((column, cents.into()))
}

/// A count, with any comparison.
pub(crate) fn count<C>(term: &Term, column: C) -> Bound<C> {
    let count: Option<i64> = term.value.parse().ok().filter(|count| *count >= 0);
    let count = count.ok_or_else(|| format!("`{}` is a whole number from 0", term.field))?;
    Ok((column, count.into()))
}

/// The answer to a field that the list does not have.
pub(crate) fn unknown<C>(fields: &[&str]) -> Bound<C> {
    Err(format!("the fields are {}", fields.join(", ")))
}

fn listed<L: Listed>(term: &Term) -> Result<&str, String> {
    equal(term)?;
    if super::face::listed::<L>(&term.value) == 0 {
        return Err(format!("`{}` has no such value", term.field));
    }
    Ok(&term.value)
}

fn equal(term: &Term) -> Result<(), String> {
    if term.op == Op::Equal { Ok(()) } else { Err(format!("`{}` takes `=` only", term.field)) }
}

fn compared(term: &Term) -> Result<(), String> {
    match term.op {
        Op::Less | Op::AtMost | Op::More | Op::AtLeast => Ok(()),
        Op::Equal | Op::NotEqual | Op::Has => {
            Err(format!("`{}` takes `>=`, `<=`, `>` and `<`", term.field))
        }
    }
}

/// A field that takes `=` only, compared in the form that rows hold.
pub(crate) fn number<C>(term: &Term, column: C, form: fn(&str) -> String) -> Bound<C> {
    equal(term)?;
    Ok((column, form(&term.value).into()))
}
