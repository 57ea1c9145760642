//! Many rows in one update, each with values of its own.

use sea_orm::sea_query::{CaseStatement, Expr, SimpleExpr};
use sea_orm::{ColumnTrait, Value};
use uuid::Uuid;

/// Rows of one statement. A database compares a row with half of these before it finds its value;
/// a statement a row costs it far more.
pub(crate) const BATCH: usize = 100;

/// The value of each row, found by its id.
pub(crate) fn each<R>(
    rows: &[R],
    id: impl ColumnTrait,
    of: impl Fn(&R) -> (Uuid, Value),
) -> SimpleExpr {
    let mut cases = CaseStatement::new();
    for (row, value) in rows.iter().map(of) {
        cases = cases.case(id.eq(row), Expr::val(value));
    }
    cases.into()
}
