//! The code sets: codes, our labels, and the periods in which a code may be used.

use chrono::NaiveDate;

use super::rows::{self, CarcRow, RarcRow};
use crate::codes::{Carc, Code, CodeSet, Group, Period};

/// Every code of every set that comes with the product, in the order of the tables.
pub fn codes() -> Vec<(CodeSet, Code)> {
    let carcs = rows::carcs().into_iter().map(|row| (CodeSet::Carc, carc(&row)));
    let rarcs = rows::rarcs().into_iter().map(|row| (CodeSet::Rarc, rarc(&row)));
    let small = rows::small_code_sets().into_iter().map(|row| {
        let set = CodeSet::parse(&row.set).expect("the table names sets of the code list");
        (set, code(row.code, row.label))
    });
    carcs.chain(rarcs).chain(small).collect()
}

/// What X12 demands of a reason code beside its meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarcRule {
    /// The reason code.
    pub carc: Carc,
    /// Whether it is current.
    pub current: bool,
    /// Whether a remark that is no alert must stand beside it.
    pub remark_required: bool,
    /// The groups it may stand under; never empty.
    pub groups: Vec<Group>,
}

/// What X12 demands of each reason code, in the order of the table.
pub fn carc_rules() -> Vec<CarcRule> {
    let rule = |row: CarcRow| {
        let allowed = groups(&row.group_codes_allowed);
        CarcRule {
            carc: Carc::new(&row.code).expect("the table holds reason codes"),
            current: row.stop.is_empty(),
            remark_required: row.remark_code_required == "Y",
            groups: if allowed.is_empty() { Group::VALID.to_vec() } else { allowed },
        }
    };
    rows::carcs().into_iter().map(rule).collect()
}

fn carc(row: &CarcRow) -> Code {
    Code {
        periods: vec![period(&row.start, &row.stop)],
        remark_required: row.remark_code_required == "Y",
        groups_allowed: groups(&row.group_codes_allowed),
        ..code(row.code.clone(), row.label.clone())
    }
}

fn rarc(row: &RarcRow) -> Code {
    Code {
        periods: vec![period(&row.start, &row.stop)],
        alert: row.alert == "Y",
        ..code(row.code.clone(), row.label.clone())
    }
}

/// A code that is valid at any time.
fn code(code: String, label: String) -> Code {
    Code {
        code,
        label,
        periods: vec![Period { start_on: None, stop_on: None }],
        alert: false,
        remark_required: false,
        groups_allowed: Vec::new(),
    }
}

fn period(start: &str, stop: &str) -> Period {
    Period { start_on: day(start), stop_on: day(stop) }
}

fn day(text: &str) -> Option<NaiveDate> {
    let read = |text: &str| text.parse().expect("the table writes dates as year-month-day");
    (!text.is_empty()).then(|| read(text))
}

/// `CO or OA` of the table; a blank is no limit.
fn groups(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> =
        text.split(" or ").filter(|word| !word.is_empty()).map(Group::from_raw).collect();
    groups.sort();
    groups
}
