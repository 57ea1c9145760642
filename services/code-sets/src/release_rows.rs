//! A release as its rows say it, and a set after it.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use domain::codes::{Carc, Code, CodeSet, Group, Period, Rarc};

use crate::sheet::{BadRows, Layout, Line, Sheet};
use crate::store::ListedCode;

/// What a text, licensed or our own, may hold at most, in characters.
const LABEL_MAX: usize = 2_000;
/// What a code of other sets than CARC and RARC may hold at most.
const CODE_MAX: usize = 30;
/// How many periods a code has at most: they are compared with one another.
const PERIODS_MAX: usize = 20;
/// Years of days that are no slip of the pen.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

const REQUIRED: &[&str] = &["code", "start", "stop", "label"];

/// What a release says of one code; what it does not say stays as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stated {
    code: String,
    label: String,
    periods: Vec<Period>,
    alert: Option<bool>,
    remark_required: Option<bool>,
    groups: Option<Vec<Group>>,
}

/// The columns of a set.
fn layout(set: CodeSet) -> Layout {
    let optional: &[&str] = match set {
        CodeSet::Carc => &["remark_code_required", "group_codes_allowed"],
        CodeSet::Rarc => &["alert"],
        CodeSet::Cagc
        | CodeSet::Clp02
        | CodeSet::Plb
        | CodeSet::ClaimStatusCategory
        | CodeSet::ClaimStatus
        | CodeSet::Proprietary => &[],
    };
    Layout { required: REQUIRED, optional }
}

/// Reads the rows of a release, code by code in the order of the file.
///
/// # Errors
/// With every fault there is.
pub(crate) fn read(set: CodeSet, bytes: &[u8]) -> Result<Vec<Stated>, BadRows> {
    let mut bad = BadRows::default();
    let mut codes: Vec<(u64, Stated)> = Vec::new();
    let mut places = BTreeMap::<String, usize>::new();
    if let Some(sheet) = Sheet::read(bytes, layout(set), &mut bad) {
        for line in &sheet.lines {
            let Some(stated) = row(set, &sheet, line, &mut bad) else { continue };
            match places.get(&stated.code) {
                None => {
                    places.insert(stated.code.clone(), codes.len());
                    codes.push((line.number, stated));
                }
                Some(at) => join(&mut codes[*at], line.number, stated, &mut bad),
            }
        }
    }
    bad.into_result()?;
    Ok(codes.into_iter().map(|(_, stated)| stated).collect())
}

/// Adds the period of another row of the same code.
fn join((first, held): &mut (u64, Stated), line: u64, other: Stated, bad: &mut BadRows) {
    let rest = |stated: &Stated| Stated { periods: Vec::new(), ..stated.clone() };
    if rest(held) != rest(&other) {
        let words = format!("says another thing than line {first}, of the same code, beside days");
        bad.add(line, "code", words);
        return;
    }
    let apart = |a: &Period, b: &Period| {
        let before = |a: &Period, b: &Period| match (a.stop_on, b.start_on) {
            (Some(stop), Some(start)) => stop < start,
            _ => false,
        };
        before(a, b) || before(b, a)
    };
    if held.periods.len() == PERIODS_MAX {
        bad.add(line, "code", format!("has more than {PERIODS_MAX} periods, see line {first}"));
        return;
    }
    for period in other.periods {
        if held.periods.iter().all(|known| apart(known, &period)) {
            held.periods.push(period);
        } else {
            let words = format!("the days overlap another row of the code, see line {first}");
            bad.add(line, "start", words);
        }
    }
    held.periods.sort();
}

fn row(set: CodeSet, sheet: &Sheet, line: &Line, bad: &mut BadRows) -> Option<Stated> {
    let cell = |column: &str| sheet.cell(line, column);
    let code = bad.check(line.number, "code", code(set, cell("code")));
    let label = bad.check(line.number, "label", label(cell("label")));
    let start_on = bad.check(line.number, "start", day(cell("start")));
    let stop_on = bad.check(line.number, "stop", day(cell("stop")));
    if let (Some(Some(start)), Some(Some(stop))) = (start_on, stop_on)
        && stop < start
    {
        bad.add(line.number, "stop", "is before the start");
        return None;
    }
    let mut stated = |column: &str| {
        let read = sheet.has(column).then(|| bad.check(line.number, column, flag(cell(column))));
        // An unreadable flag is noted: the row counts for nothing then.
        read.map_or(Some(None), |flag| flag.map(Some))
    };
    let (alert, remark_required) = (stated("alert"), stated("remark_code_required"));
    let column = "group_codes_allowed";
    let groups =
        sheet.has(column).then(|| bad.check(line.number, column, groups(cell(column), true)));
    let groups = groups.map_or(Some(None), |groups| groups.map(Some));
    Some(Stated {
        code: code?,
        label: label?,
        periods: vec![Period { start_on: start_on?, stop_on: stop_on? }],
        alert: alert?,
        remark_required: remark_required?,
        groups: groups?,
    })
}

fn code(set: CodeSet, text: &str) -> Result<String, String> {
    match set {
        CodeSet::Carc => Carc::new(text).map(String::from).map_err(|error| error.to_string()),
        CodeSet::Rarc => Rarc::new(text).map(String::from).map_err(|error| error.to_string()),
        CodeSet::Cagc
        | CodeSet::Clp02
        | CodeSet::Plb
        | CodeSet::ClaimStatusCategory
        | CodeSet::ClaimStatus
        | CodeSet::Proprietary => {
            let sound = (1..=CODE_MAX).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let words = || format!("is not 1 to {CODE_MAX} ASCII letters and digits");
            sound.then(|| text.to_ascii_uppercase()).ok_or_else(words)
        }
    }
}

fn label(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Err("is required: the text of the code".to_owned());
    }
    if text.chars().count() > LABEL_MAX {
        return Err(format!("is longer than {LABEL_MAX} characters: is a quote not closed?"));
    }
    if text.chars().any(char::is_control) {
        return Err("holds a line break or another control character".to_owned());
    }
    Ok(text.to_owned())
}

fn day(text: &str) -> Result<Option<NaiveDate>, &'static str> {
    if text.is_empty() {
        return Ok(None);
    }
    let day = text.parse::<NaiveDate>().ok().filter(|day| YEARS.contains(&day.year()));
    day.map(Some).ok_or("is not a day such as 2026-03-01, or empty")
}

fn flag(text: &str) -> Result<bool, &'static str> {
    match text {
        "Y" | "y" => Ok(true),
        "N" | "n" | "" => Ok(false),
        _ => Err("is not Y, N or empty"),
    }
}

/// Groups as the tables list them: `CO or OA`.
pub(crate) fn groups(text: &str, may_be_empty: bool) -> Result<Vec<Group>, &'static str> {
    const WORDS: &str = "is not of the groups CO, OA, PI and PR, several as `CO or PR`";
    if text.is_empty() && may_be_empty {
        return Ok(Vec::new());
    }
    let mut groups = Vec::new();
    for word in text.split(" or ") {
        let group = Group::from_raw(word);
        if !Group::VALID.contains(&group) {
            return Err(WORDS);
        }
        groups.push(group);
    }
    groups.sort();
    groups.dedup();
    Ok(groups)
}

/// A set after a release: what it says of each code, and the others as they were, in the order of
/// the list.
pub(crate) fn applied(
    set: CodeSet,
    before: Vec<ListedCode>,
    stated: Vec<Stated>,
) -> Vec<ListedCode> {
    let mut stated: BTreeMap<String, (usize, Stated)> =
        (0..).zip(stated).map(|(at, stated)| (stated.code.clone(), (at, stated))).collect();
    let mut after = before;
    for listed in &mut after {
        if let Some((_, stated)) = stated.remove(&listed.code.code) {
            write(&mut listed.code, stated);
        }
    }
    let mut new: Vec<(usize, Stated)> = stated.into_values().collect();
    new.sort_by_key(|(at, _)| *at);
    after.extend(new.into_iter().map(|(_, stated)| {
        let mut code = Code {
            code: stated.code.clone(),
            label: String::new(),
            periods: Vec::new(),
            alert: false,
            remark_required: false,
            groups_allowed: Vec::new(),
        };
        write(&mut code, stated);
        let code_set = set.as_str().to_owned();
        ListedCode { code_set, position: 0, effect: String::new(), code }
    }));
    match set {
        CodeSet::Carc => after.sort_by_key(|listed| Carc::new(&listed.code.code).ok()),
        CodeSet::Rarc => after.sort_by_key(|listed| Rarc::new(&listed.code.code).ok()),
        CodeSet::Cagc
        | CodeSet::Clp02
        | CodeSet::Plb
        | CodeSet::ClaimStatusCategory
        | CodeSet::ClaimStatus
        | CodeSet::Proprietary => {}
    }
    for (position, listed) in (1..).zip(&mut after) {
        listed.position = position;
    }
    after
}

fn write(code: &mut Code, stated: Stated) {
    code.label = stated.label;
    code.periods = stated.periods;
    code.alert = stated.alert.unwrap_or(code.alert);
    code.remark_required = stated.remark_required.unwrap_or(code.remark_required);
    if let Some(groups) = stated.groups {
        code.groups_allowed = groups;
    }
}

#[cfg(test)]
mod tests;
