//! Our labels of the codes that stand on remittances.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use contracts::routing::v1::CodeLabel;
use domain::codes::CodeSet;
use domain::starter;

type Labels = BTreeMap<CodeSet, BTreeMap<String, String>>;

/// The labels that come with the product; a code keeps its number and its label forever.
static LABELS: LazyLock<Labels> = LazyLock::new(|| {
    let mut labels = Labels::new();
    for (set, code) in starter::codes() {
        labels.entry(set).or_default().insert(code.code, code.label);
    }
    labels
});

/// Our label of a code; empty for an unknown one.
pub(super) fn label(set: CodeSet, code: &str) -> String {
    LABELS.get(&set).and_then(|labels| labels.get(code)).cloned().unwrap_or_default()
}

/// A code with its label.
pub(super) fn code(set: CodeSet, code: &str) -> CodeLabel {
    code_as_sent(set, code, "")
}

/// A code with its label, and what was sent instead of it where that differs.
pub(super) fn code_as_sent(set: CodeSet, code: &str, raw: &str) -> CodeLabel {
    CodeLabel { code: code.to_owned(), raw: raw.to_owned(), label: label(set, code) }
}

/// The codes of a column, separated by blanks.
pub(super) fn codes(set: CodeSet, column: &str) -> Vec<CodeLabel> {
    column.split_ascii_whitespace().map(|one| code(set, one)).collect()
}

#[cfg(test)]
mod tests;
