use std::collections::BTreeMap;

use chrono::NaiveDate;
use contracts::appeals::v1::{
    ListOutcomeStatisticsRequest, ListOutcomeStatisticsResponse, OutcomeStatistics,
};
use contracts::dictionary::v1::Path as PathMessage;
use domain_appeals::outcome::Kind;
use domain_appeals::statistics::statistics;
use platform::access::Caller;
use platform::clock::day;
use platform::page::{self, Pager};
use platform::rejection::Violations;
use uuid::Uuid;

use crate::store::{self, Ended, never};
use crate::{Appeals, Error};

/// What figures may be grouped by.
const DIMENSIONS: [&str; 5] = ["entry", "payer", "path", "template", "evidence"];
/// The most decided appeals that one call counts; more are asked for in shorter spans.
const ENDED_MAX: usize = 1_000_000;

/// What one line of figures is about: a value of each dimension, empty for all.
type Group = [String; DIMENSIONS.len()];

impl Appeals {
    /// Counts how appeals ended, by the dimensions that are named, in their order.
    ///
    /// # Errors
    /// When a field is no good, there are too many to count, or the database fails.
    pub(crate) async fn list_outcome_statistics(
        &self,
        caller: &Caller,
        request: ListOutcomeStatisticsRequest,
    ) -> Result<ListOutcomeStatisticsResponse, Error> {
        let mut violations = Violations::default();
        for (at, name) in request.group_by.iter().enumerate() {
            if !DIMENSIONS.contains(&name.as_str()) {
                let words = format!("must be one of {}", DIMENSIONS.join(", "));
                violations.add(format!("group_by[{at}]"), words);
            }
        }
        let mut bound = |field: &str, sent: Option<_>, absent: NaiveDate| match sent.map(day) {
            Some(Some(day)) => day,
            Some(None) => {
                violations.add(field, "is no day of the calendar");
                absent
            }
            None => absent,
        };
        let from = bound("starts_on", request.starts_on, NaiveDate::MIN);
        let to = bound("ends_on", request.ends_on, never());
        if from > to {
            violations.add("ends_on", "lies before `starts_on`");
        }
        violations.into_result()?;
        let span = format!("{from} {to}");
        let grouped = request.group_by.join(",");
        let pager = Pager::new(&self.keys, caller, &[&grouped, &span]);
        let (size, after) =
            (page::size(request.page_size), page::text_in(&pager, &request.page_token)?);
        let tx = self.database.read(caller).await?;
        let from = from.max(earliest());
        let limit = u64::try_from(ENDED_MAX).unwrap_or(u64::MAX);
        let ended = store::ended(&tx, from, to, limit + 1).await?;
        if ended.len() > ENDED_MAX {
            let mut violations = Violations::default();
            let words = format!("more than {ENDED_MAX} appeals were decided: ask for less time");
            violations.add("starts_on", words);
            violations.into_result()?;
        }
        let mut figures = counted(ended, &request.group_by);
        figures.retain(|(key, _)| after.as_ref().is_none_or(|after| key > after));
        figures.truncate(page::one_too_far(size));
        let page = page::cut(figures, size, &pager, |(key, _)| key.clone().into_bytes());
        Ok(ListOutcomeStatisticsResponse {
            outcome_statistics: page.rows.into_iter().map(|(_, figure)| figure).collect(),
            next_page_token: page.next,
        })
    }
}

/// No appeal of ours is older: the first day that both databases write with four digits.
fn earliest() -> NaiveDate {
    NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or(NaiveDate::MIN)
}

/// Figures by group, each with the key that it is sorted by.
fn counted(ended: Vec<Ended>, by: &[String]) -> Vec<(String, OutcomeStatistics)> {
    // By appeal: one of two entries counts for each of them, and once where entries do not matter.
    let mut groups: BTreeMap<Group, BTreeMap<Uuid, (bool, i64)>> = BTreeMap::new();
    for row in ended {
        let won = Kind::parse(&row.kind).is_some_and(Kind::pays);
        let group = DIMENSIONS.map(|name| value(&row, name, by));
        groups.entry(group).or_default().insert(row.appeal_id, (won, row.days));
    }
    let figures = groups.into_iter().filter_map(|(group, ended)| {
        let key = group.join("\u{0}");
        let figure = statistics(ended.into_values())?;
        let [entry, payer_id, path, template, evidence] = group;
        let path = format!("PATH_{}", path.to_uppercase());
        Some((
            key,
            OutcomeStatistics {
                entry,
                payer_id,
                path: PathMessage::from_str_name(&path).map_or(0, i32::from),
                template,
                evidence,
                decided_count: i64::try_from(figure.decided).unwrap_or(i64::MAX),
                overturn_basis_points: whole(figure.won_bps),
                interval_low_basis_points: whole(figure.low_bps),
                interval_high_basis_points: whole(figure.high_bps),
                median_days: i32::try_from(figure.median_days).unwrap_or(i32::MAX),
            },
        ))
    });
    figures.collect()
}

fn value(row: &Ended, name: &str, by: &[String]) -> String {
    if !by.iter().any(|asked| asked == name) {
        return String::new();
    }
    match name {
        "entry" => row.entry.clone(),
        "payer" => row.payer_id.to_string(),
        "path" => row.path.clone(),
        "template" => row.template.clone(),
        _ => row.evidence.clone(),
    }
}

fn whole(bps: u32) -> i32 {
    i32::try_from(bps).unwrap_or(i32::MAX)
}
