//! A combination table as its rows say it, and what it says of a combination.

use std::collections::BTreeMap;

use domain::codes::{Carc, Group, Rarc};

use crate::release_rows::groups;
use crate::sheet::{BadRows, Layout, Line, Sheet};

const LAYOUT: Layout = Layout { required: &["scenario", "carc", "rarc", "group"], optional: &[] };

/// A combination that a payer may send (CAQH CORE Phase III 360).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Combination {
    /// 1 and 2: information is missing, in documents or in the claim; 3: not covered by the plan;
    /// 4: not separately payable.
    pub(crate) scenario: u8,
    pub(crate) carc: Carc,
    /// Nothing where the reason code stands without a remark.
    pub(crate) rarc: Option<Rarc>,
    pub(crate) group: Group,
}

/// Reads the rows of a table; each with its line.
pub(crate) fn read(bytes: &[u8], bad: &mut BadRows) -> Vec<(u64, Combination)> {
    let Some(sheet) = Sheet::read(bytes, LAYOUT, bad) else { return Vec::new() };
    let mut rows = Vec::new();
    let mut seen = BTreeMap::new();
    for line in &sheet.lines {
        for row in row(&sheet, line, bad).unwrap_or_default() {
            let key = (row.scenario, row.carc, row.rarc, row.group);
            match seen.insert(key, line.number) {
                None => rows.push((line.number, row)),
                Some(first) => {
                    seen.insert(key, first);
                    bad.add(line.number, "", format!("says what line {first} says: remove one"));
                }
            }
        }
    }
    rows
}

fn row(sheet: &Sheet, line: &Line, bad: &mut BadRows) -> Option<Vec<Combination>> {
    let cell = |column: &str| sheet.cell(line, column);
    let scenario = cell("scenario").parse().ok().filter(|scenario| (1..=4).contains(scenario));
    let scenario = bad.check(line.number, "scenario", scenario.ok_or("is not 1, 2, 3 or 4"));
    let carc = bad.check(line.number, "carc", Carc::new(cell("carc")));
    let rarc = match cell("rarc") {
        "" => Some(None),
        text => bad.check(line.number, "rarc", Rarc::new(text)).map(Some),
    };
    let groups = bad.check(line.number, "group", groups(cell("group"), false));
    let (scenario, carc, rarc) = (scenario?, carc?, rarc?);
    let row = |group| Combination { scenario, carc, rarc, group };
    Some(groups?.into_iter().map(row).collect())
}

/// Whether a table allows a combination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    InTable,
    NotInTable,
    /// The reason code is in none of its scenarios.
    NotEvaluated,
}

/// Judges a reason code with a remark, if any, under a group, by the rows (remark, group) that the
/// table has of the reason code. One that needs no remark may come without.
pub(crate) fn judge(
    rows: &[(String, String)],
    remark_required: bool,
    rarc: Option<Rarc>,
    group: Group,
) -> Verdict {
    if rows.is_empty() {
        return Verdict::NotEvaluated;
    }
    let of_group = rows.iter().filter(|(_, of)| of == group.as_str());
    let remark = rarc.as_ref().map(Rarc::as_str).unwrap_or_default();
    let mut found =
        of_group.filter(|(allowed, _)| allowed == remark || (rarc.is_none() && !remark_required));
    if found.next().is_some() { Verdict::InTable } else { Verdict::NotInTable }
}

#[cfg(test)]
mod tests;
