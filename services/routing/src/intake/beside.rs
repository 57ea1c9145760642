//! A part decided both ways: by the active revision and by a change on trial.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::codes::{Carc, Group};
use domain::denial::{Level, Occurrence, detect};
use domain::dictionary::vocabulary::ExceptionKind;
use domain_governance::preview::Tally;
use remitted::occurrence;

use super::Desk;
use super::collect::Ready;
use super::deadlines::{Windows, days};
use super::draft::Known;

/// Where a denial or exception stands.
type Place = (Level, Group, Carc);

/// What a revision says of a part.
#[derive(Default)]
struct Said {
    /// Team, next action and class of each denial, and its deadline.
    denials: BTreeMap<Place, ([String; 4], Option<NaiveDate>)>,
    /// Adjustments that no entry answers.
    unmapped: BTreeSet<Place>,
}

/// What a change on trial would do to a part.
pub(super) fn beside(active: &Desk<'_>, trial: &Desk<'_>, ready: &Ready) -> Tally {
    let known = Known::of(active, &ready.part, &ready.governing, &ready.head, &ready.on_record);
    let occurrence =
        occurrence(&ready.part, &ready.head.remarks, known.facts, &known.service_lines);
    let [active, trial] = [active, trial].map(|desk| said(desk, ready, &known, &occurrence));
    let answered = active.denials.keys().chain(trial.denials.keys());
    let places: BTreeSet<Place> =
        answered.chain(&active.unmapped).chain(&trial.unmapped).copied().collect();
    let mut tally = Tally::default();
    for place in places {
        let [before, now] = [&active, &trial].map(|said| said.denials.get(&place));
        tally.decided += 1;
        let unmapped = [&active, &trial].map(|said| said.unmapped.contains(&place));
        tally.unmapped += i64::from(unmapped[1]);
        tally.diverged += i64::from(before != now || unmapped[0] != unmapped[1]);
        let last_days = before.and_then(|one| one.1).zip(now.and_then(|one| one.1));
        tally.short += i64::from(last_days.is_some_and(|(before, now)| now < before));
    }
    tally
}

fn said(desk: &Desk<'_>, ready: &Ready, known: &Known<'_>, occurrence: &Occurrence<'_>) -> Said {
    let findings = detect(occurrence, desk.revision.compiled());
    let starts = days(ready, known).starts();
    let mut windows = Windows::new(desk, ready, known, &starts);
    let mut said = Said::default();
    for denial in &findings.denials {
        let decision = &denial.decision;
        let last_day = windows.of(decision).ranking().map(|deadline| deadline.last_day);
        let class = decision.record_class().map_or("", |class| class.as_str());
        let owner = decision.owner_function.as_str();
        let words = [decision.team.slug, decision.next_action.as_str(), class, owner];
        let place = (denial.level, denial.group, denial.carc);
        said.denials.insert(place, (words.map(str::to_owned), last_day));
    }
    let unanswered = [ExceptionKind::UnmappedCombination, ExceptionKind::UnknownCode];
    for exception in &findings.exceptions {
        if let Some((group, carc)) = exception.code
            && unanswered.contains(&exception.kind)
        {
            said.unmapped.insert((exception.level, group, carc));
        }
    }
    said
}
