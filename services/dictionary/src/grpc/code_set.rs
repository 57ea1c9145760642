use chrono::NaiveDate;

use contracts::dictionary::v1 as pb;
use domain::codes::Period;
use domain::dictionary::remark::Effect;

use super::date;
use super::words::number_or_unspecified;
use crate::store::code_sets::{CodeSet, ListedCode};

impl From<CodeSet> for pb::CodeSet {
    fn from(row: CodeSet) -> Self {
        Self {
            slug: row.slug,
            title: row.title,
            owner: row.owner,
            source: row.source,
            code_count: row.code_count,
            as_of: row.as_of,
        }
    }
}

/// A code as it stands on `today`.
pub(crate) fn code(listed: ListedCode, today: NaiveDate) -> pb::Code {
    let code = listed.code;
    pb::Code {
        code_set: listed.code_set,
        current: code.is_valid_on(today),
        validity_periods: code.periods.iter().filter_map(period).collect(),
        alert: code.alert,
        effect: number_or_unspecified(Effect::parse(&listed.effect)),
        remark_required: code.remark_required,
        allowed_groups: code.groups_allowed.iter().map(ToString::to_string).collect(),
        code: code.code,
        label: code.label,
    }
}

/// A period with an end; a code that is valid at any time states none.
fn period(period: &Period) -> Option<pb::ValidityPeriod> {
    (period.start_on.is_some() || period.stop_on.is_some()).then(|| pb::ValidityPeriod {
        starts_on: period.start_on.map(date),
        ends_on: period.stop_on.map(date),
    })
}
