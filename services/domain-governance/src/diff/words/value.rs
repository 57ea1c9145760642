//! One value of a field, as people write it.

use domain::money::{BasisPoints, Cents};
use serde_json::Value;

use super::text;
use crate::edit::fields::Style;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The values that a list or a selector holds; `None` for a single value.
pub(super) fn values(value: &Value) -> Option<Vec<&Value>> {
    match value {
        Value::Array(values) => Some(values.iter().collect()),
        Value::Object(selector) if selector.len() == 1 => {
            if let Some(Value::Array(values)) = selector.get("one_of") {
                return Some(values.iter().collect());
            }
            selector.get("exact").map(|value| vec![value])
        }
        _ => None,
    }
}

/// Words with commas and an `and`, at most so many of them.
pub(super) fn list(words: &[String], most: usize) -> String {
    let hidden = words.len().saturating_sub(most);
    let (last, others) = match words.split_last() {
        None => return "none".to_owned(),
        Some(_) if hidden > 0 => (format!("{hidden} more"), &words[..most]),
        Some((last, others)) => (last.clone(), others),
    };
    if others.is_empty() { last } else { format!("{} and {last}", others.join(", ")) }
}

/// One value; what the style has no words for stands as JSON.
pub(super) fn one(style: Option<Style>, value: &Value) -> String {
    style.and_then(|style| styled(style, value)).unwrap_or_else(|| match value {
        Value::String(text) => text::quoted(text),
        other => text::cut(&other.to_string()).into_owned(),
    })
}

fn styled(style: Style, value: &Value) -> Option<String> {
    Some(match style {
        Style::Word => word(value.as_str()?),
        Style::Slug => format!("`{}`", value.as_str()?),
        Style::Code | Style::Day => value.as_str()?.to_owned(),
        Style::Text => text::quoted(value.as_str()?),
        Style::Money => cents(value)?,
        Style::Percent => BasisPoints::new(u32::try_from(value.as_u64()?).ok()?).to_string(),
        Style::Count(one, many) => match value.as_u64()? {
            1 => format!("1 {one}"),
            number => format!("{number} {many}"),
        },
        Style::Flag => if value.as_bool()? { "yes" } else { "no" }.to_owned(),
        Style::Amounts => amounts(value)?,
        Style::Days => days(value)?,
        Style::Procedures => procedures(value)?,
        Style::FixedDay => fixed_day(value)?,
        Style::Paths => path(value)?,
        Style::Blanks => {
            let words = text::quoted(value.get("words")?.as_str()?);
            format!("`{}`, {words}", value.get("name")?.as_str()?)
        }
        Style::Steps => {
            format!("{} at {}%", word(value.get("tell")?.as_str()?), value.get("at_percent")?)
        }
    })
}

/// A word of a closed list.
fn word(word: &str) -> String {
    if word == "na" { "not applicable".to_owned() } else { word.replace('_', " ") }
}

fn cents(value: &Value) -> Option<String> {
    value.as_i64().map(|cents| Cents::new(cents).to_string())
}

fn amounts(value: &Value) -> Option<String> {
    let side = |name: &str| value.get(name).and_then(cents);
    Some(match (side("at_least"), side("at_most")) {
        (Some(low), Some(high)) if low == high => format!("exactly {low}"),
        (Some(low), Some(high)) => format!("between {low} and {high}"),
        (Some(low), None) => format!("{low} or more"),
        (None, Some(high)) => format!("{high} or less"),
        (None, None) => return None,
    })
}

fn days(value: &Value) -> Option<String> {
    let side = |name: &str| value.get(name).and_then(Value::as_str);
    Some(match (side("from"), side("to")) {
        (Some(from), Some(to)) if from == to => format!("on {from}"),
        (Some(from), Some(to)) => format!("{from} through {to}"),
        (Some(from), None) => format!("{from} or later"),
        (None, Some(to)) => format!("{to} or earlier"),
        (None, None) => return None,
    })
}

fn procedures(value: &Value) -> Option<String> {
    match value.as_str() {
        Some(code) => Some(code.to_owned()),
        None => {
            let range = value.get("range")?;
            let (from, to) = (range.get("from")?.as_str()?, range.get("to")?.as_str()?);
            Some(format!("{from} through {to}"))
        }
    }
}

fn fixed_day(value: &Value) -> Option<String> {
    let number = |name: &str| value.get(name).and_then(Value::as_u64);
    let month = usize::try_from(number("month")?.checked_sub(1)?).ok()?;
    let years = match number("years_after")? {
        0 => "of the same year".to_owned(),
        1 => "of the next year".to_owned(),
        years => format!("{years} years later"),
    };
    Some(format!("{} {} {years}", MONTHS.get(month)?, number("day")?))
}

fn path(value: &Value) -> Option<String> {
    let path = word(value.get("path")?.as_str()?);
    let rules = value.get("rules").and_then(values).unwrap_or_default();
    let rules: Vec<String> = rules.iter().map(|rule| one(Some(Style::Slug), rule)).collect();
    Some(match rules.len() {
        0 => format!("{path} under every rule"),
        1 => format!("{path} under rule {}", rules[0]),
        _ => format!("{path} under rules {}", list(&rules, super::VALUES_SHOWN)),
    })
}
