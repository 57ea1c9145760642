//! Automatic checks of one document.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::dictionary::Slug;
use domain::dictionary::vocabulary::Media;
use uuid::Uuid;

use super::Requirement;

/// One document on file for a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Document<'a> {
    /// Which.
    pub id: Uuid,
    /// Slugs of the standards it shall fulfill.
    pub standards: &'a [&'a str],
    /// What it is by its content; `None` when that is no kind of [`Media`].
    pub media: Option<Media>,
    /// Its size.
    pub size_bytes: u64,
    /// The day it is from; `None` when nobody stated it.
    pub dated_on: Option<NaiveDate>,
    /// When it was added.
    pub added_at: DateTime<Utc>,
}

impl Document<'_> {
    pub(super) fn names(&self, standard: &Slug) -> bool {
        self.standards.contains(&standard.as_str())
    }
}

/// The days of service of a claim; the last is not before the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
}

/// What a check found; nothing is found when all is well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// In words that follow "the document".
    pub words: String,
    /// Whether it keeps the document from fulfilling the standard.
    pub refuses: bool,
}

/// Everything that automatic checks find in a document: whether there is something in it, whether
/// it is of the right kind, and whether it is from the days of service.
pub fn check_document(
    document: &Document<'_>,
    wanted: &Requirement,
    service: Option<Service>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut refuse = |words: String| found.push(Finding { words, refuses: true });
    if document.size_bytes == 0 {
        refuse("is empty".to_owned());
    }
    match document.media {
        None => refuse("is of no kind that can be sent to a payer".to_owned()),
        Some(media) if !wanted.media.admits(Some(&media)) => {
            let kinds: Vec<&str> = wanted.media.values().iter().map(|kind| kind.as_str()).collect();
            refuse(format!("is {media}, and the standard asks for {}", kinds.join(" or ")));
        }
        Some(_) => {}
    }
    found.extend(check_date(document.dated_on, wanted, service));
    found
}

fn check_date(
    dated_on: Option<NaiveDate>,
    wanted: &Requirement,
    service: Option<Service>,
) -> Option<Finding> {
    let bounded = wanted.days_before.is_some() || wanted.days_after.is_some();
    let finding = |words: String, refuses| Some(Finding { words, refuses });
    let (dated_on, service) = match (dated_on, service) {
        (None, _) if bounded => {
            return finding("has no date, and the standard asks for one".to_owned(), true);
        }
        (Some(_), None) if bounded => {
            let words = "cannot be compared with days of service, which are not known";
            return finding(words.to_owned(), true);
        }
        (None, _) | (_, None) => return None,
        (Some(dated_on), Some(service)) => (dated_on, service),
    };
    let (early, late) = (service.first - dated_on, dated_on - service.last);
    let (distance, side, most) = if early > TimeDelta::zero() {
        (early, "before the first", wanted.days_before)
    } else {
        (late, "after the last", wanted.days_after)
    };
    if distance <= TimeDelta::days(most.unwrap_or(0).into()) {
        return None;
    }
    let bound = most.map(|most| format!(", and at most {most} will do")).unwrap_or_default();
    finding(format!("is dated {} {side} day of service{bound}", days(distance)), most.is_some())
}

fn days(distance: TimeDelta) -> String {
    match distance.num_days() {
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}
