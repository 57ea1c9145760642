use contracts::dictionary::v1 as pb;
use domain_governance::diff::{Difference, DifferenceKind};
use domain_governance::edit::Item;

use super::change_request::section_number;

/// One item as people read it.
pub(crate) fn section(item: Item<'_>) -> pb::Section {
    pb::Section {
        kind: section_number(item.kind()),
        slug: item.slug().to_owned(),
        json: item.json(),
    }
}

/// One item that differs.
pub(crate) fn difference(difference: Difference) -> pb::Difference {
    let change = match difference.change {
        DifferenceKind::Added => pb::DifferenceKind::Added,
        DifferenceKind::Removed => pb::DifferenceKind::Removed,
        DifferenceKind::Changed => pb::DifferenceKind::Changed,
    };
    let json =
        |value: Option<serde_json::Value>| value.map(|value| value.to_string()).unwrap_or_default();
    let fields = difference.fields.into_iter().map(|field| pb::FieldDifference {
        path: field.path.to_owned(),
        from_json: json(field.from),
        to_json: json(field.to),
    });
    pb::Difference {
        kind: section_number(difference.kind),
        slug: difference.slug,
        change: change.into(),
        fields: fields.collect(),
        words: difference.words,
    }
}
