//! The `filter` of list calls: a small, total subset of AIP-160.
//!
//! ```text
//! filter = term *( " AND " term )      term = field op value
//! op     = "=" | "!=" | "<" | "<=" | ">" | ">=" | ":"
//! value  = bare word (letters, digits, - _ . : /) | "quoted text"
//! ```
//! A service binds each field of its documented list to a column; text never becomes SQL. `:`
//! (holds this word) is for lists that are filtered in memory: a column is never searched.

use sea_orm::sea_query::{Condition, Expr, ExprTrait, IntoColumnRef, IntoCondition, Value};

use platform::rejection::{Fault, Violation};

mod terms;

use terms::terms;

/// How a field compares with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `:`, the text holds the value
    Has,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The field's name as written.
    pub field: String,
    /// The comparison.
    pub op: Op,
    /// The value as text, unquoted.
    pub value: String,
}

/// Reads a filter and binds it: `bind` answers the column and typed value of a term, or what is
/// wrong with it.
///
/// # Errors
/// [`Fault::Invalid`] on field `filter`, saying at which character or field.
pub fn condition<C, F>(text: &str, mut bind: F) -> Result<Condition, Fault>
where
    C: IntoColumnRef,
    F: FnMut(&Term) -> Result<(C, Value), String>,
{
    all(text, |term| {
        let (column, value) = bind(term)?;
        let column = Expr::col(column);
        Ok(match term.op {
            Op::Equal => column.eq(value),
            Op::NotEqual => column.ne(value),
            Op::Less => column.lt(value),
            Op::AtMost => column.lte(value),
            Op::More => column.gt(value),
            Op::AtLeast => column.gte(value),
            Op::Has => return Err(format!("`{}` does not take `:`", term.field)),
        })
    })
}

/// Reads a filter whose terms are conditions of their own: `each` answers a term's, or what is
/// wrong with it.
///
/// # Errors
/// As for [`condition`].
pub fn all<C: IntoCondition>(
    text: &str,
    each: impl FnMut(&Term) -> Result<C, String>,
) -> Result<Condition, Fault> {
    let terms = read(text, each)?.into_iter().map(C::into_condition);
    Ok(terms.fold(Condition::all(), Condition::add))
}

/// Reads a filter for what is not in the database: `each` answers what a term means, or what is
/// wrong with it.
///
/// # Errors
/// As for [`condition`].
pub fn read<T>(text: &str, each: impl FnMut(&Term) -> Result<T, String>) -> Result<Vec<T>, Fault> {
    let read = terms(text).and_then(|terms| terms.iter().map(each).collect());
    read.map_err(|description| {
        Fault::Invalid(vec![Violation { field: "filter".to_owned(), description }])
    })
}

#[cfg(test)]
mod tests;
