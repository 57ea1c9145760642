//! From what is known of a claim to an appeal of it, or to why there is none.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use domain::codes::Rarc;
use domain::deadline::{Path, Rule, RuleBook, Situation, Unit, Wanted};
use domain::dictionary::vocabulary::SignOffKind;
use domain::dictionary::{Entry, Slug};
use domain::money::Cents;
use domain_appeals::ladder::{Ladder, Rung};
use domain_appeals::level::{Open, Standing, open};
use domain_appeals::window::{Window, internal_dates, of_all, of_denial};
use platform::rejection::Fault;

use crate::Error;
use crate::dossier::{Disputed, Dossier, remitted_on};
use crate::store::{Document, KeptCoverage, RuleFacts, WantedOnFile};

/// How many denials a refusal tells of.
const TOLD_MAX: usize = 5;

/// What an appeal is made of.
pub(crate) struct Draft {
    pub(crate) open: Open,
    pub(crate) in_dispute: Cents,
    pub(crate) document: Document,
    /// The remark codes that stop and were not lifted before: the caller's reason lifts them.
    pub(crate) to_lift: Vec<Rarc>,
}

/// What was done about a claim before.
pub(crate) struct Before<'a> {
    /// Appeals of it, but for the one that is written.
    pub(crate) standing: &'a [Standing],
    /// Remark codes that were lifted, with why.
    pub(crate) lifted: &'a [(Rarc, String)],
}

/// Drafts an appeal at a level, or at the first one that is open. `reason` lifts what can be
/// lifted; whether the caller may is asked by the caller of this.
pub(crate) fn draft(
    dossier: &Dossier,
    wanted: Option<Path>,
    before: &Before<'_>,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Draft, Error> {
    let today = dossier.zone.day_of(now);
    let to_lift = lifting(dossier, before, !reason.is_empty())?;
    let rules = &dossier.compiled.bundle().deadline_rules;
    let ladder = Ladder::of(rules, dossier.coverage(), today);
    let open = open(&ladder, wanted, &dossier.lines(), before.standing)?;
    let rung = ladder.rung(open.level).ok_or(Fault::Broken("a level without a rung"))?;
    let in_dispute = Cents::sum(dossier.denials.iter().map(|denial| denial.in_dispute));
    let in_dispute = in_dispute.ok_or(Fault::Broken("more is in dispute than fits"))?;
    enough(rung, in_dispute, today.year())?;
    let book = RuleBook::new(rules);
    let windows =
        dossier.denials.iter().map(|denial| window(dossier, &book, &ladder, &open, denial, today));
    let window = of_all(windows).ok_or(Fault::Broken("an appeal of nothing"))?;
    let steps = window.deadline().map(|deadline| internal_dates(deadline, today));
    let rule = match &window {
        Window::Until(deadline) => book.get(&deadline.rule),
        Window::NeedsContract { rule } => book.get(rule),
        Window::NotStarted { .. } => None,
    };
    let lifted: Vec<&str> = before
        .lifted
        .iter()
        .filter(|(rarc, _)| dossier.denials.iter().any(|denial| denial.is_stopped_by(*rarc)))
        .map(|(_, reason)| reason.as_str())
        .collect();
    let override_reason = if to_lift.is_empty() { lifted.join("; ") } else { reason.to_owned() };
    let document = Document {
        denial_ids: dossier.denials.iter().map(|denial| denial.id).collect(),
        work_item: dossier.work_item,
        control_number: dossier.control_number.clone(),
        payer_number: dossier.payer_number.clone(),
        previous: open.previous,
        level_words: rung.rule.level.clone(),
        override_reason,
        zone: dossier.zone,
        rule: RuleFacts::of(rule.unwrap_or(rung.rule)),
        window: window.into(),
        steps: steps.unwrap_or_default(),
        remitted_on: remitted_on(dossier).ok_or(Fault::Broken("an appeal of nothing"))?,
        coverage: KeptCoverage {
            lob: dossier.lob,
            payer: dossier.payer_slug.clone(),
            network: dossier.network,
        },
        wanted: wanted_on_file(dossier),
        submissions: Vec::new(),
        payer_reference: String::new(),
        acknowledged_on: None,
        returned_on: None,
        return_reason: String::new(),
        outcome: None,
        next: None,
        withdrawal_reason: String::new(),
        heard: Vec::new(),
        former_outcomes: Vec::new(),
        taken_back_on: None,
        called: Vec::new(),
        expiry_cause: String::new(),
        reviews: reviews(dossier),
        sign_offs: Vec::new(),
        written_by: Vec::new(),
        entries: entries(dossier),
        template: String::new(),
        letter: None,
        packet: None,
    };
    Ok(Draft { open, in_dispute, document, to_lift })
}

impl Disputed {
    fn is_stopped_by(&self, rarc: Rarc) -> bool {
        self.stops.iter().any(|stop| stop.is_lifted(&[rarc]))
    }
}

/// The remark codes that a reason has to lift; refuses what stops and is not lifted.
fn lifting(dossier: &Dossier, before: &Before<'_>, reasoned: bool) -> Result<Vec<Rarc>, Error> {
    let lifted: Vec<Rarc> = before.lifted.iter().map(|(rarc, _)| *rarc).collect();
    let (mut to_lift, mut told) = (Vec::new(), Vec::new());
    for denial in &dossier.denials {
        for stop in denial.stops.iter().filter(|stop| !stop.is_lifted(&lifted)) {
            match stop.code {
                domain_appeals::stop::StopCode::Remark(rarc) if reasoned => to_lift.push(rarc),
                _ => told.push(format!("denial {} cannot be appealed: {stop}", denial.id)),
            }
        }
    }
    if told.is_empty() {
        to_lift.sort();
        to_lift.dedup();
        return Ok(to_lift);
    }
    let more = told.len().saturating_sub(TOLD_MAX);
    told.truncate(TOLD_MAX);
    if more > 0 {
        told.push(format!("{more} more"));
    }
    Err(Error::NotAppealable(told.join(". ")))
}

/// The entries that spoke for the denials.
fn entries(dossier: &Dossier) -> Vec<String> {
    let named = dossier.denials.iter().map(|denial| denial.entry.as_str());
    let named: BTreeSet<&str> = named.filter(|entry| !entry.is_empty()).collect();
    named.into_iter().map(str::to_owned).collect()
}

/// The window of a call between physicians about what is open of a claim.
pub(crate) fn peer_to_peer_window(dossier: &Dossier, today: NaiveDate) -> Window {
    let rules = &dossier.compiled.bundle().deadline_rules;
    let ladder = Ladder::of(rules, dossier.coverage(), today);
    let (book, level) = (RuleBook::new(rules), Path::PeerToPeer);
    let open = Open { level, previous: None, decided_on: None };
    let windows =
        dossier.denials.iter().map(|denial| window(dossier, &book, &ladder, &open, denial, today));
    let none = || Window::NotStarted { why: "nothing is open".to_owned() };
    of_all(windows).unwrap_or_else(none)
}

/// The entry that speaks for each denial, by the revision that levels are read from.
fn speaking(dossier: &Dossier) -> impl Iterator<Item = &Entry> {
    dossier.denials.iter().filter_map(|denial| dossier.compiled.entry(&denial.entry))
}

/// The reviews that the entries of the denials ask for.
fn reviews(dossier: &Dossier) -> Vec<SignOffKind> {
    let asked = speaking(dossier).flat_map(|entry| entry.meaning.sign_offs.iter().copied());
    let reviews: BTreeSet<SignOffKind> = asked.collect();
    reviews.into_iter().collect()
}

/// What the entries of the denials ask for, by the revision that levels are read from.
fn wanted_on_file(dossier: &Dossier) -> Vec<WantedOnFile> {
    let slugs: BTreeSet<&Slug> =
        speaking(dossier).flat_map(|entry| &entry.meaning.evidence).collect();
    let standards = &dossier.compiled.bundle().documentation_standards;
    let wanted = slugs.into_iter().map(|slug| {
        let standard = standards.iter().find(|standard| standard.slug == *slug);
        let title = standard.map_or_else(|| slug.to_string(), |standard| standard.title.clone());
        WantedOnFile { standard: slug.to_string(), title }
    });
    wanted.collect()
}

/// Refuses what lies below the level's threshold.
fn enough(rung: &Rung<'_>, in_dispute: Cents, year: i32) -> Result<(), Error> {
    let Some(threshold) = rung.threshold(year).filter(|held| held.refuses(in_dispute)) else {
        return Ok(());
    };
    let of_year = match threshold.year {
        Some(of) if threshold.carried => {
            format!(" (the amount of {of}: none of {year} is on file)")
        }
        Some(of) => format!(" (of {of})"),
        None => String::new(),
    };
    Err(Error::BelowThreshold { in_dispute, least: threshold.least, of_year })
}

/// The window of one denial: of the rules that its entry names for the level, where it names any.
fn window(
    dossier: &Dossier,
    book: &RuleBook<'_>,
    ladder: &Ladder<'_>,
    open: &Open,
    denial: &Disputed,
    today: NaiveDate,
) -> Window {
    let starts = denial.began.starts(ladder, open);
    let situation = Situation {
        lob: dossier.lob,
        payer: Some(&dossier.payer_slug),
        network: dossier.network,
        starts: &starts,
        zone: dossier.zone,
        today,
    };
    let entry = dossier.compiled.entry(&denial.entry);
    let stated =
        entry.and_then(|entry| entry.meaning.paths.iter().find(|stated| stated.path == open.level));
    let wanted = match stated {
        Some(stated) => Wanted::named(open.level, stated.rules.iter().map(|rule| rule.as_str())),
        None => Wanted::any(open.level),
    };
    of_denial(book, &wanted, &situation)
}

/// A rule in words, such as `120 days from receipt of the notice`.
pub(crate) fn rule_words(rule: &Rule) -> String {
    let from = &rule.counted_from_words;
    let unit = match rule.unit {
        Unit::Day => "calendar day",
        Unit::BusinessDay => "business day",
        Unit::Month => "month",
        Unit::Year => "year",
        Unit::Hour => "hour",
        Unit::Fixed => return format!("a fixed day after {from}"),
        Unit::Contract => return format!("as the contract says, from {from}"),
        Unit::RemainingWindow => {
            let other = rule.shares_window_of.as_deref().unwrap_or("another rule");
            return format!("what is left of the window of `{other}`");
        }
    };
    let count = rule.count.unwrap_or_default();
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural} from {from}")
}
