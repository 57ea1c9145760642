//! Code sets in the messages of the contracts.

use chrono::NaiveDate;
use contracts::dictionary::v1 as pb;
use contracts::google::r#type::Date;
use contracts::money::v1::Money;
use domain::codes::{CodeSet, Period};
use platform::clock::{self, date, timestamp};
use platform::rejection::Violations;

use crate::built_in::titles;
use crate::diff::{Change, Kind};
use crate::store::ListedCode;
use crate::store::built_in::CodeSet as Row;
use crate::store::payer_codes::PayerCode;
use crate::store::releases::Release;
use crate::volume::Tally;

/// The day in `field`, which is mandatory.
pub(crate) fn day(
    field: &str,
    date: Option<Date>,
    violations: &mut Violations,
) -> Option<NaiveDate> {
    let Some(date) = date else {
        violations.add(field, "is required");
        return None;
    };
    violations.check(field, clock::day(date).ok_or("is not a day of the calendar"))
}

impl From<Row> for pb::CodeSet {
    fn from(row: Row) -> Self {
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

/// A set as a release left it.
pub(crate) fn code_set(set: CodeSet, release: Release) -> pb::CodeSet {
    let (title, owner) = titles(set);
    pb::CodeSet {
        slug: release.code_set,
        title: title.to_owned(),
        owner: owner.to_owned(),
        source: release.source,
        code_count: release.code_count,
        as_of: format!("the release of {}", release.released_on),
    }
}

/// A code as it stands on `today`.
pub(crate) fn code(listed: ListedCode, today: NaiveDate) -> pb::Code {
    let code = listed.code;
    let effect = format!("REMARK_EFFECT_{}", listed.effect.to_ascii_uppercase());
    pb::Code {
        code_set: listed.code_set,
        current: code.is_valid_on(today),
        validity_periods: code.periods.iter().filter_map(period).collect(),
        alert: code.alert,
        effect: pb::RemarkEffect::from_str_name(&effect).unwrap_or_default().into(),
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

/// A release.
pub(crate) fn release(release: Release) -> pb::CodeSetRelease {
    pb::CodeSetRelease {
        id: release.id.to_string(),
        code_set: release.code_set,
        released_on: Some(date(release.released_on)),
        source: release.source,
        added_count: release.added_count,
        reworded_count: release.reworded_count,
        stopping_count: release.stopping_count,
        stopped_count: release.stopped_count,
        reactivated_count: release.reactivated_count,
        amended_count: release.amended_count,
        imported_by: release.imported_by,
        imported_at: Some(timestamp(release.imported_at)),
    }
}

/// What a release did to a code, and how much of it the tenant has.
pub(crate) fn code_change(change: Change, tally: Tally) -> pb::CodeChange {
    let kind = match change.kind {
        Kind::Added => pb::CodeChangeKind::Added,
        Kind::Reworded => pb::CodeChangeKind::Reworded,
        Kind::Stopping => pb::CodeChangeKind::Stopping,
        Kind::Stopped => pb::CodeChangeKind::Stopped,
        Kind::Reactivated => pb::CodeChangeKind::Reactivated,
        Kind::Amended => pb::CodeChangeKind::Amended,
    };
    pb::CodeChange {
        code: change.code,
        kind: kind.into(),
        words: change.words,
        denial_count: tally.denials,
        denied: Some(Money { currency_code: "USD".to_owned(), amount_cents: tally.cents }),
    }
}

/// A code that a payer made up.
pub(crate) fn payer_code(row: PayerCode) -> pb::PayerCode {
    pb::PayerCode {
        id: row.id.to_string(),
        payer_id: row.payer_id.to_string(),
        code: row.code,
        description: row.description,
        standard_carc: row.standard_carc,
        standard_rarc: row.standard_rarc,
        created_at: Some(timestamp(row.created_at)),
        updated_at: Some(timestamp(row.updated_at)),
        etag: row.version.to_string(),
    }
}
