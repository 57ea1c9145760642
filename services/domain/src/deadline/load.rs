//! Deadline rules from a CSV file: strict, every problem named by line and column.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use csv::StringRecord;

use super::rule::{
    Basis, ClockEvent, Confidence, FiledWhen, FixedDay, Path, PayerType, Rule, Unit,
};
use crate::calendar::{MonthEnd, Roll};
use crate::codes::Network;

/// The header a file must have, in this order.
pub const COLUMNS: [&str; 24] = [
    "slug",
    "payer_type",
    "payer",
    "payer_slug",
    "network",
    "basis",
    "path",
    "level",
    "count",
    "unit",
    "month_end",
    "roll",
    "filed_when",
    "clock_start",
    "counted_from",
    "presumed_receipt_days",
    "decision_days",
    "threshold",
    "notes",
    "guess",
    "source",
    "confidence",
    "effective_from",
    "effective_until",
];

/// The largest count of any unit: longer windows are typing errors.
const COUNT_MAX: u32 = 3_660;

/// The rules that come with the product: a starting point for a committee.
const STARTER: &str = include_str!("../../data/deadlines.csv");

/// The rules of a file, sorted by slug.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Rules that may be used.
    pub rules: Vec<Rule>,
    /// Rules of confidence D: shown to whoever verifies them, never used.
    pub unverified: Vec<Rule>,
}

/// One problem of a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column `{column}`: {problem}")]
pub struct RowError {
    /// The line, the header being 1.
    pub line: u64,
    /// The column; empty when the whole line is meant.
    pub column: &'static str,
    /// What is wrong.
    pub problem: String,
}

/// Reads a whole file, or says everything that is wrong with it.
pub fn load(text: &str) -> Result<Loaded, Vec<RowError>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let mut rules = BTreeMap::new();
    let mut errors = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(1, csv::Position::line);
                errors.push(RowError { line, column: "", problem: error.to_string() });
                break;
            }
        };
        let line = record.position().map_or(1, csv::Position::line);
        if at == 0 {
            if record != *COLUMNS.as_slice() {
                let problem = format!("the header must be {}", COLUMNS.join(","));
                return Err(vec![RowError { line, column: "", problem }]);
            }
            continue;
        }
        let mut row = Row { record: &record, line, errors: &mut errors };
        if let Some(rule) = row.rule() {
            if let Some((first, _)) = rules.get(&rule.slug) {
                row.refuse("slug", format!("`{}` already stands on line {first}", rule.slug));
            } else {
                rules.insert(rule.slug.clone(), (line, rule));
            }
        }
    }
    check_shared_windows(&rules, &mut errors);
    if !errors.is_empty() {
        errors.sort_by_key(|error| error.line);
        return Err(errors);
    }
    let (unverified, rules) = rules
        .into_values()
        .map(|(_, rule)| rule)
        .partition(|rule| rule.confidence == Confidence::D);
    Ok(Loaded { rules, unverified })
}

/// The rules that come with the product, sorted by slug: a starting point for a committee.
pub fn starter_rules() -> Vec<Rule> {
    load(STARTER).expect("a test loads every row of the file built in").rules
}

fn check_shared_windows(rules: &BTreeMap<String, (u64, Rule)>, errors: &mut Vec<RowError>) {
    let counted: BTreeSet<&str> = rules
        .values()
        .filter(|(_, rule)| rule.count.is_some() || rule.fixed.is_some())
        .map(|(_, rule)| rule.slug.as_str())
        .collect();
    for (line, rule) in rules.values() {
        let Some(of) = rule.shares_window_of.as_deref().filter(|of| !counted.contains(of)) else {
            continue;
        };
        let problem = format!("`{of}` is no rule with a window of its own");
        errors.push(RowError { line: *line, column: "count", problem });
    }
}

struct Row<'a> {
    record: &'a StringRecord,
    line: u64,
    errors: &'a mut Vec<RowError>,
}

/// How long: what the columns `count` and `unit` say together.
#[derive(Default)]
struct Length {
    count: Option<u32>,
    fixed: Option<FixedDay>,
    shares_window_of: Option<String>,
}

impl Row<'_> {
    fn refuse(&mut self, column: &'static str, problem: impl Into<String>) {
        self.errors.push(RowError { line: self.line, column, problem: problem.into() });
    }

    fn text(&self, column: &'static str) -> &str {
        let at = COLUMNS.iter().position(|name| *name == column).expect("a column of the file");
        self.record.get(at).unwrap_or("").trim()
    }

    fn needed(&mut self, column: &'static str) -> String {
        let text = self.text(column).to_owned();
        if text.is_empty() {
            self.refuse(column, "must not be empty");
        }
        text
    }

    fn word<T>(&mut self, column: &'static str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let value = parse(self.text(column));
        if value.is_none() {
            self.refuse(column, format!("`{}` is not an allowed word", self.text(column)));
        }
        value
    }

    /// An optional cell: empty is `Some(None)`, a bad one is refused and `None`.
    fn optional<T>(
        &mut self,
        column: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<Option<T>> {
        if self.text(column).is_empty() { Some(None) } else { self.word(column, parse).map(Some) }
    }

    fn slug(&mut self, column: &'static str) -> String {
        let text = self.text(column).to_owned();
        let legal = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.')
        };
        let begins = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
        if !begins || text.len() > 96 || !text.bytes().all(legal) {
            self.refuse(column, format!("`{text}` is not a slug"));
        }
        text
    }

    fn rule(&mut self) -> Option<Rule> {
        let errors_before = self.errors.len();
        let slug = self.slug("slug");
        let payer = (!self.text("payer_slug").is_empty()).then(|| self.slug("payer_slug"));
        let payer_type = self.word("payer_type", PayerType::parse);
        let network = self.optional("network", Network::parse);
        let basis = self.word("basis", Basis::parse);
        let path = self.word("path", Path::parse);
        let unit = self.word("unit", Unit::parse);
        let length = unit.map(|unit| self.length(unit)).unwrap_or_default();
        let month_end = self.optional("month_end", MonthEnd::parse);
        let roll = self.word("roll", Roll::parse);
        let filed_when = self.word("filed_when", FiledWhen::parse);
        let counted_from = self.word("clock_start", ClockEvent::parse);
        let presumed = self.optional("presumed_receipt_days", small_number);
        let confidence = self.word("confidence", Confidence::parse);
        let guess = self.optional("guess", |text| (text == "Y").then_some(true));
        let effective_from = self.optional("effective_from", iso_date);
        let effective_until = self.optional("effective_until", iso_date);
        let rule = Rule {
            slug,
            payer_type: payer_type?,
            payer,
            payer_words: self.needed("payer"),
            network: network?,
            basis: basis?,
            path: path?,
            level: self.needed("level"),
            count: length.count,
            unit: unit?,
            fixed: length.fixed,
            shares_window_of: length.shares_window_of,
            month_end: month_end?,
            roll: roll?,
            filed_when: filed_when?,
            counted_from: counted_from?,
            counted_from_words: self.needed("counted_from"),
            presumed_receipt_days: presumed?.unwrap_or(0),
            decision_words: self.text("decision_days").to_owned(),
            decision_days: small_number(self.text("decision_days")),
            threshold: self.text("threshold").to_owned(),
            notes: self.text("notes").to_owned(),
            guess: guess?.unwrap_or(false),
            source: self.needed("source"),
            confidence: confidence?,
            effective_from: effective_from?,
            effective_until: effective_until?,
        };
        self.check(&rule);
        (self.errors.len() == errors_before).then_some(rule)
    }

    fn length(&mut self, unit: Unit) -> Length {
        let text = self.text("count").to_owned();
        let length = match unit {
            Unit::Contract => text.is_empty().then(Length::default),
            Unit::Fixed => {
                fixed_day(&text).map(|day| Length { fixed: Some(day), ..Length::default() })
            }
            Unit::RemainingWindow => text.strip_prefix("of ").map(|slug| Length {
                shares_window_of: Some(slug.to_owned()),
                ..Length::default()
            }),
            Unit::Day | Unit::BusinessDay | Unit::Month | Unit::Year | Unit::Hour => {
                small_number(&text).map(|count| Length { count: Some(count), ..Length::default() })
            }
        };
        if length.is_none() {
            self.refuse("count", format!("`{text}` does not fit the unit `{unit}`"));
        }
        length.unwrap_or_default()
    }

    /// What columns must say together.
    fn check(&mut self, rule: &Rule) {
        let counts_months = matches!(rule.unit, Unit::Month | Unit::Year);
        if counts_months != rule.month_end.is_some() {
            self.refuse("month_end", "stands with the units month and year, and only there");
        }
        if (rule.unit == Unit::Contract) != (rule.counted_from == ClockEvent::Contract) {
            self.refuse("clock_start", "`contract` stands with the unit contract, and only there");
        }
        if rule.basis == Basis::Payer && rule.payer.is_none() {
            self.refuse("payer_slug", "a payer's own rule needs the payer");
        }
        let receipt =
            matches!(rule.counted_from, ClockEvent::NoticeReceipt | ClockEvent::DecisionReceipt);
        if rule.presumed_receipt_days > 0 && !receipt {
            self.refuse("presumed_receipt_days", "only a receipt can be presumed");
        }
        if let Some((from, until)) = rule.effective_from.zip(rule.effective_until)
            && until < from
        {
            self.refuse("effective_until", "lies before `effective_from`");
        }
    }
}

fn small_number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|number| *number <= COUNT_MAX)
}

/// Only `2026-01-31`; the library alone would also take `2026-1-31`.
fn iso_date(text: &str) -> Option<NaiveDate> {
    let date: NaiveDate = text.parse().ok()?;
    (date.to_string() == text).then_some(date)
}

/// Reads `12-31 of the year after service`; 29 February does not exist in every year.
fn fixed_day(text: &str) -> Option<FixedDay> {
    let (month, day) = text.strip_suffix(" of the year after service")?.split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    NaiveDate::from_ymd_opt(2027, month, day)?;
    Some(FixedDay { month, day, years_after: 1 })
}
