//! Automatic checks of one document.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::dictionary::Slug;
use uuid::Uuid;

use super::Requirement;
use domain::words;

words! {
    /// What a document is by its content, as a media type.
    Media {
        /// PDF.
        Pdf = "application/pdf",
        /// TIFF, as fax machines make it.
        Tiff = "image/tiff",
        /// JPEG.
        Jpeg = "image/jpeg",
        /// PNG, as screenshots of portals are.
        Png = "image/png",
        /// Plain text.
        Text = "text/plain",
        /// XML, such as a clinical document (HL7 CDA).
        Xml = "application/xml",
        /// X12, such as a 277CA that proves timely filing (RFC 1767).
        X12 = "application/edi-x12",
    }
}

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

/// When a document must be from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dating {
    /// Whenever; contracts and policies are older than any service.
    Whenever,
    /// A date outside the days of service is pointed out, and the document will do.
    PointedOut,
    /// Not more than so many days before the first day of service or after the last.
    Around {
        /// Days before the first day of service.
        days_before: u32,
        /// Days after the last day of service.
        days_after: u32,
    },
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
    found.extend(check_date(document.dated_on, wanted.dating, service));
    found
}

fn check_date(
    dated_on: Option<NaiveDate>,
    dating: Dating,
    service: Option<Service>,
) -> Option<Finding> {
    let (before, after, refuses) = match dating {
        Dating::Whenever => return None,
        Dating::PointedOut => (0, 0, false),
        Dating::Around { days_before, days_after } => (days_before, days_after, true),
    };
    let finding = |words: String| Some(Finding { words, refuses });
    match (dated_on, service) {
        (None, _) if refuses => finding("has no date, and the standard asks for one".to_owned()),
        (None, _) => None,
        (Some(_), None) if refuses => {
            finding("cannot be compared with days of service, which are not known".to_owned())
        }
        (Some(_), None) => None,
        (Some(dated_on), Some(service)) => {
            let early = service.first - dated_on;
            let late = dated_on - service.last;
            if early > TimeDelta::days(before.into()) {
                finding(format!(
                    "is dated {} before the first day of service{}",
                    days(early),
                    allowed(before, refuses)
                ))
            } else if late > TimeDelta::days(after.into()) {
                finding(format!(
                    "is dated {} after the last day of service{}",
                    days(late),
                    allowed(after, refuses)
                ))
            } else {
                None
            }
        }
    }
}

fn days(distance: TimeDelta) -> String {
    match distance.num_days() {
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

fn allowed(days: u32, refuses: bool) -> String {
    if refuses { format!(", and at most {days} will do") } else { String::new() }
}
