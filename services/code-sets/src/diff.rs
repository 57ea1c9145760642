//! What a release did to the codes of a set.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::codes::{Code, Period};

/// What happened to a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// It is new.
    Added,
    /// Its text changed.
    Reworded,
    /// It has a stop date ahead.
    Stopping,
    /// It may not be used any more in original messages.
    Stopped,
    /// It may be used again, or its stop was taken back.
    Reactivated,
    /// What is demanded of it changed: alert, remark, groups, or its first day.
    Amended,
}

/// One thing that happened to one code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) code: String,
    pub(crate) kind: Kind,
    /// What is said of the code: `stops on 2026-12-31`.
    pub(crate) words: String,
}

/// What makes the codes `before` those `after`, as it stands on `today`, in the order of `after`;
/// nothing exactly where a code is as it was. Codes do not vanish.
pub(crate) fn changes<'c>(
    before: impl IntoIterator<Item = &'c Code>,
    after: impl IntoIterator<Item = &'c Code>,
    today: NaiveDate,
) -> Vec<Change> {
    let before: BTreeMap<&str, &Code> =
        before.into_iter().map(|code| (code.code.as_str(), code)).collect();
    let mut changes = Vec::new();
    for code in after {
        let mut change = |kind, words: String| {
            changes.push(Change { code: code.code.clone(), kind, words });
        };
        let Some(was) = before.get(code.code.as_str()) else {
            change(Kind::Added, "is new".to_owned());
            continue;
        };
        if was.label != code.label {
            change(Kind::Reworded, "has another text".to_owned());
        }
        let mut amended = demands(was, code);
        match days(was, code, today) {
            Some((Kind::Amended, words)) => amended.push(words),
            Some((kind, words)) => change(kind, words),
            None => {}
        }
        if !amended.is_empty() {
            change(Kind::Amended, amended.join("; "));
        }
    }
    changes
}

/// What became of the days in which a code may be used.
fn days(before: &Code, after: &Code, today: NaiveDate) -> Option<(Kind, String)> {
    if before.periods == after.periods {
        return None;
    }
    let running = |code: &Code| code.periods.iter().find(|period| period.contains(today)).copied();
    let last_stop = |code: &Code| {
        code.periods.iter().filter_map(|period| period.stop_on).filter(|stop| *stop < today).max()
    };
    let next_start = |code: &Code| {
        code.periods
            .iter()
            .filter_map(|period| period.start_on)
            .filter(|start| *start > today)
            .min()
    };
    let moved = || (Kind::Amended, format!("may be used {}", listed(&after.periods)));
    Some(match (running(before), running(after)) {
        (Some(_), None) => match last_stop(after) {
            Some(stop) => (
                Kind::Stopped,
                format!(
                    "stopped on {stop}; it stays legal in reversals and in coordination of \
                     benefits of what was adjudicated by then"
                ),
            ),
            None => moved(),
        },
        (None, Some(period)) if last_stop(before).is_some() => {
            let since = period.start_on.map(|day| format!(", since {day}")).unwrap_or_default();
            (Kind::Reactivated, format!("may be used again{since}"))
        }
        (Some(was), Some(is)) => match (was.stop_on, is.stop_on) {
            (was, is) if was == is => moved(),
            (_, Some(stop)) => (Kind::Stopping, format!("stops on {stop}")),
            (was, None) => {
                let day = was.map(|day| format!(" on {day}")).unwrap_or_default();
                (Kind::Reactivated, format!("goes on: its stop{day} was taken back"))
            }
        },
        (None, None) => match (last_stop(before), next_start(after)) {
            (Some(_), Some(start)) if next_start(before) != Some(start) => {
                (Kind::Reactivated, format!("may be used again from {start}"))
            }
            _ => moved(),
        },
        (None, Some(_)) => moved(),
    })
}

/// What else is demanded of a code now.
fn demands(before: &Code, after: &Code) -> Vec<String> {
    let mut words = Vec::new();
    let mut say = |text: &str| words.push(text.to_owned());
    match (before.alert, after.alert) {
        (false, true) => say("is an alert now: it explains no adjustment"),
        (true, false) => say("is no alert any more"),
        _ => {}
    }
    match (before.remark_required, after.remark_required) {
        (false, true) => say("needs a remark code beside it now"),
        (true, false) => say("needs no remark code any more"),
        _ => {}
    }
    if before.groups_allowed != after.groups_allowed {
        let groups: Vec<&str> = after.groups_allowed.iter().map(|group| group.as_str()).collect();
        if groups.is_empty() {
            say("may stand under every group now");
        } else {
            say(&format!("may stand under {} only", groups.join(" or ")));
        }
    }
    words
}

fn listed(periods: &[Period]) -> String {
    let words = |period: &Period| match (period.start_on, period.stop_on) {
        (Some(start), Some(stop)) => format!("from {start} to {stop}"),
        (Some(start), None) => format!("from {start} on"),
        (None, Some(stop)) => format!("until {stop}"),
        (None, None) => "at any time".to_owned(),
    };
    periods.iter().map(words).collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests;
