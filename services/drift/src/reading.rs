//! Outcomes as they were sent.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use contracts::dictionary::v1 as pb;
use domain::dictionary::{Bundle, ContentHash, Entry, Slug};
use platform::rejection::Violations;
use uuid::Uuid;

/// Most outcomes of a call.
const OUTCOMES_MAX: usize = 500;
/// Most days that a decision takes: ten years.
const DAYS_MAX: i32 = 3_650;

/// What became of one denial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Given by whoever recorded it.
    pub id: Uuid,
    /// Slug of the entry that decided the denial.
    pub entry: Slug,
    /// The revision that decided it.
    pub revision: ContentHash,
    /// Whether the payer paid after all.
    pub overturned: bool,
    /// Days to the payer's decision, when known.
    pub decision_days: Option<u32>,
    /// When the payer decided.
    pub decided_at: DateTime<Utc>,
}

/// The outcomes of a request; all that is wrong with them goes to `violations`.
pub fn read(
    sent: &[pb::EntryOutcome],
    now: DateTime<Utc>,
    violations: &mut Violations,
) -> Vec<Outcome> {
    if sent.is_empty() {
        violations.add("outcomes", "is required: 1 to 500 outcomes");
    }
    if sent.len() > OUTCOMES_MAX {
        violations.add("outcomes", format!("has more than {OUTCOMES_MAX} outcomes"));
        return Vec::new();
    }
    let read = |(at, outcome)| read_one(&format!("outcomes[{at}]"), outcome, now, violations);
    sent.iter().enumerate().filter_map(read).collect()
}

fn read_one(
    field: &str,
    sent: &pb::EntryOutcome,
    now: DateTime<Utc>,
    violations: &mut Violations,
) -> Option<Outcome> {
    let name = |part: &str| format!("{field}.{part}");
    let id = violations.check(&name("id"), Uuid::try_parse(&sent.id).map_err(|_| "is no UUID"));
    let entry = violations.check(&name("entry"), Slug::new(sent.entry.clone()));
    let revision = violations.check(&name("revision"), sent.revision.parse::<ContentHash>());
    let days = sent.decision_days.map(|days| match u32::try_from(days) {
        Ok(read) if days <= DAYS_MAX => Ok(read),
        _ => Err("is not between 0 and 3,650"),
    });
    let decision_days = violations.check(&name("decision_days"), days.transpose());
    let decided_at = violations.check(&name("decided_at"), decided(sent.decided_at, now));
    Some(Outcome {
        id: id?,
        entry: entry?,
        revision: revision?,
        overturned: sent.overturned,
        decision_days: decision_days?,
        decided_at: decided_at?,
    })
}

/// Outcomes with the entries that decided them; all that names none goes to `violations`. `bundles`
/// has every revision that they name and there is.
pub fn with_entries(
    outcomes: Vec<Outcome>,
    bundles: &BTreeMap<ContentHash, &Bundle>,
    violations: &mut Violations,
) -> Vec<(Outcome, Entry)> {
    let mut judged = Vec::with_capacity(outcomes.len());
    for (at, outcome) in outcomes.into_iter().enumerate() {
        let Some(bundle) = bundles.get(&outcome.revision) else {
            violations.add(format!("outcomes[{at}].revision"), "is no revision there is");
            continue;
        };
        match bundle.entries.iter().find(|entry| entry.slug == outcome.entry) {
            Some(entry) => judged.push((outcome, entry.clone())),
            None => {
                violations.add(format!("outcomes[{at}].entry"), "is no entry of that revision");
            }
        }
    }
    judged
}

/// Instants are kept to the microsecond, so one that is sent again is read alike.
fn decided(
    at: Option<prost_types::Timestamp>,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, &'static str> {
    let at = at.ok_or("is required")?;
    let micros = u32::try_from(at.nanos).ok().map(|nanos| nanos / 1_000 * 1_000);
    let at = micros.and_then(|nanos| DateTime::from_timestamp(at.seconds, nanos));
    let at = at.ok_or("is no instant")?;
    if at > now {
        return Err("is in the future");
    }
    // Before there were electronic remittances at all.
    if at < DateTime::UNIX_EPOCH { Err("is before 1970") } else { Ok(at) }
}
