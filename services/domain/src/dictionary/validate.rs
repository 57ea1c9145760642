//! What cannot stand in a bundle: broken references, doubles, values that can never match.

use std::collections::{BTreeMap, BTreeSet};

use super::bundle::Bundle;
use super::entry::{Entry, Match};
use super::remark::Effect;
use super::selector::Slug;
use super::vocabulary::{ExceptionKind, NextAction, OwnerFunction};
use crate::codes::{Group, Rarc};
use crate::deadline::Path;
use crate::money::BasisPoints;

/// How many lists of the index one entry may stand in: a bundle must not be able to fill memory.
const PLACES_MAX: usize = 1 << 16;

/// Something in a bundle that cannot stand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{section} `{slug}`, {field}: {problem}")]
pub struct Defect {
    /// The section of the bundle.
    pub section: &'static str,
    /// The slug of the item.
    pub slug: String,
    /// The field of the item.
    pub field: &'static str,
    /// What is wrong, in words.
    pub problem: String,
}

/// What other sections may be referred to by.
struct Names<'b> {
    evidence: BTreeSet<&'b str>,
    templates: BTreeSet<&'b str>,
    deadline_rules: BTreeMap<&'b str, Path>,
    mute: BTreeSet<Rarc>,
    hard_stops: BTreeSet<Rarc>,
}

struct Found<'f> {
    section: &'static str,
    slug: &'f str,
    defects: &'f mut Vec<Defect>,
}

impl Found<'_> {
    fn add(&mut self, field: &'static str, problem: impl Into<String>) {
        self.defects.push(Defect {
            section: self.section,
            slug: self.slug.to_owned(),
            field,
            problem: problem.into(),
        });
    }
}

pub(super) fn defects(bundle: &Bundle) -> Vec<Defect> {
    let mut defects = Vec::new();
    doubles(bundle, &mut defects);
    let names = Names::of(bundle);
    for entry in &bundle.entries {
        let slug = entry.slug.as_str();
        let mut found = Found { section: "entries", slug, defects: &mut defects };
        check_match(entry, &names, &mut found);
        check_meaning(entry, &names, &mut found);
    }
    for rule in &bundle.owner_rules {
        let slug = rule.slug.as_str();
        let mut found = Found { section: "owner_rules", slug, defects: &mut defects };
        let selectors = [
            ("payer", &rule.payer),
            ("facility", &rule.facility),
            ("service_line", &rule.service_line),
        ];
        for (field, selector) in selectors {
            if selector.is_empty_set() {
                found.add(field, "a one-of without a value never matches");
            }
        }
    }
    check_remarks(bundle, &mut defects);
    check_exceptions(bundle, &mut defects);
    defects.sort();
    defects
}

impl<'b> Names<'b> {
    fn of(bundle: &'b Bundle) -> Self {
        let mute = |rule: &&super::remark::RemarkRule| rule.alert && rule.effect.is_none();
        let hard = |rule: &&super::remark::RemarkRule| {
            matches!(
                rule.effect,
                Some(
                    Effect::NoAppealRights | Effect::NoAppealResubmit | Effect::AppealWindowClosed
                )
            )
        };
        let rules = bundle.deadline_rules.iter();
        Self {
            evidence: bundle.documentation_standards.iter().map(|row| row.slug.as_str()).collect(),
            templates: bundle.appeal_templates.iter().map(|row| row.slug.as_str()).collect(),
            deadline_rules: rules.map(|rule| (rule.slug.as_str(), rule.path)).collect(),
            mute: bundle.remark_rules.iter().filter(mute).map(|rule| rule.rarc).collect(),
            hard_stops: bundle.remark_rules.iter().filter(hard).map(|rule| rule.rarc).collect(),
        }
    }
}

fn doubles(bundle: &Bundle, defects: &mut Vec<Defect>) {
    fn find<'b>(
        section: &'static str,
        slugs: impl Iterator<Item = &'b str>,
        defects: &mut Vec<Defect>,
    ) {
        let mut seen = BTreeSet::new();
        for slug in slugs {
            if !seen.insert(slug) {
                let mut found = Found { section, slug, defects };
                found.add("slug", "another item of this section has the same slug");
            }
        }
    }
    find("entries", bundle.entries.iter().map(|row| row.slug.as_str()), defects);
    find("remark_rules", bundle.remark_rules.iter().map(|row| row.slug.as_str()), defects);
    find("owner_rules", bundle.owner_rules.iter().map(|row| row.slug.as_str()), defects);
    let standards = &bundle.documentation_standards;
    find("documentation_standards", standards.iter().map(|row| row.slug.as_str()), defects);
    find("appeal_templates", bundle.appeal_templates.iter().map(|row| row.slug.as_str()), defects);
    find("deadline_rules", bundle.deadline_rules.iter().map(|row| row.slug.as_str()), defects);
    let metrics = &bundle.metric_definitions;
    find("metric_definitions", metrics.iter().map(|row| row.slug.as_str()), defects);
    let policies = &bundle.exception_policies;
    find("exception_policies", policies.iter().map(|row| row.slug.as_str()), defects);
    find(
        "automation_limits",
        bundle.automation_limits.iter().map(|row| row.slug.as_str()),
        defects,
    );
}

fn check_match(entry: &Entry, names: &Names<'_>, found: &mut Found<'_>) {
    let wanted = &entry.matches;
    let empty = [
        ("carc", wanted.carc.is_empty_set()),
        ("group", wanted.group.is_empty_set()),
        ("payer", wanted.payer.is_empty_set()),
        ("lob", wanted.lob.is_empty_set()),
        ("network", wanted.network.is_empty_set()),
        ("facility", wanted.facility.is_empty_set()),
        ("service_line", wanted.service_line.is_empty_set()),
        ("claim_type", wanted.claim_type.is_empty_set()),
        ("context", wanted.context.authorization.is_empty_set()),
        ("context", wanted.context.eligibility.is_empty_set()),
        ("context", wanted.context.filing_proof.is_empty_set()),
    ];
    for (field, _) in empty.into_iter().filter(|(_, empty)| *empty) {
        found.add(field, "a one-of without a value never matches");
    }
    for group in wanted.group.values() {
        if matches!(group, Group::CR | Group::Other(_)) {
            found.add("group", format!("group {group} is always an exception, never an entry"));
        }
    }
    for rarc in wanted.rarc.named().filter(|rarc| names.mute.contains(rarc)) {
        found.add("rarc", format!("{rarc} is an alert without an effect, it never counts"));
    }
    if !wanted.rarc.overlaps(&wanted.rarc) {
        found.add("rarc", "the same code is required and excluded");
    }
    if places(wanted) > PLACES_MAX {
        found
            .add("match", "codes times remarks times payers are more than 65,536: split the entry");
    }
    if !wanted.procedure.is_sound() {
        found.add(
            "procedure",
            "a range needs two codes of one length, the first not after the last",
        );
    }
    if !wanted.amount.is_sound() {
        found.add("amount", "the smallest amount is above the largest");
    }
    if !wanted.service_dates.is_sound() {
        found.add("service_dates", "the first day is after the last");
    }
}

/// In how many lists of the index an entry would stand.
fn places(wanted: &Match) -> usize {
    let sizes = [wanted.carc.values().len(), wanted.rarc.any.len(), wanted.payer.values().len()];
    sizes.iter().map(|size| (*size).max(1)).fold(1, usize::saturating_mul)
}

fn check_meaning(entry: &Entry, names: &Names<'_>, found: &mut Found<'_>) {
    let meaning = &entry.meaning;
    let missing = |known: &BTreeSet<&str>, slug: &Slug| !known.contains(slug.as_str());
    for slug in meaning.evidence.iter().filter(|slug| missing(&names.evidence, slug)) {
        found.add("evidence", format!("no documentation standard is called `{slug}`"));
    }
    for slug in meaning.template.iter().filter(|slug| missing(&names.templates, slug)) {
        found.add("template", format!("no appeal template is called `{slug}`"));
    }
    let mut seen = BTreeSet::new();
    for path in &meaning.paths {
        if !seen.insert(path.path) {
            found.add("paths", format!("the path {} stands twice", path.path));
        }
        for slug in &path.rules {
            match names.deadline_rules.get(slug.as_str()) {
                None => found.add("paths", format!("no deadline rule is called `{slug}`")),
                Some(bounds) if *bounds != path.path => {
                    found.add("paths", format!("`{slug}` bounds {bounds}, not {}", path.path));
                }
                Some(_) => {}
            }
        }
    }
    let percent_is_sound = |at: u8| (1..=100).contains(&at);
    if !meaning.escalation.iter().all(|step| percent_is_sound(step.at_percent)) {
        found.add("escalation", "a step stands outside 1 to 100 percent");
    }
    if meaning.expected_overturn > BasisPoints::ALL {
        found.add("expected_overturn", "more than 10,000 basis points");
    }
    if meaning.next_action == NextAction::Appeal {
        let required = entry.matches.rarc.all.iter().chain(&entry.matches.rarc.any);
        for rarc in required.filter(|rarc| names.hard_stops.contains(rarc)) {
            found.add("next_action", format!("{rarc} ends appeal rights"));
        }
    }
    if meaning.owner_function == OwnerFunction::Exceptions
        && meaning.next_action != NextAction::ExceptionReview
    {
        found.add("owner_function", "exceptions only own exception_review");
    }
}

fn check_remarks(bundle: &Bundle, defects: &mut Vec<Defect>) {
    let mut seen = BTreeSet::new();
    for rule in &bundle.remark_rules {
        let slug = rule.slug.as_str();
        let mut found = Found { section: "remark_rules", slug, defects };
        if !seen.insert(rule.rarc) {
            found.add("rarc", format!("another rule is about {}", rule.rarc));
        }
        if rule.effect.is_none()
            && (!rule.alert || rule.next_action.is_some() || rule.opens.is_some())
        {
            found.add("effect", "a rule without an effect only marks an alert as mute");
        }
        if rule.next_action == Some(NextAction::Appeal) {
            found.add("next_action", "a remark may bar an appeal, never order one");
        }
    }
}

fn check_exceptions(bundle: &Bundle, defects: &mut Vec<Defect>) {
    let mut owners: BTreeMap<ExceptionKind, usize> = BTreeMap::new();
    for policy in &bundle.exception_policies {
        *owners.entry(policy.kind).or_default() += 1;
    }
    for kind in ExceptionKind::ALL {
        let problem = match owners.get(kind) {
            Some(1) => continue,
            // Bundles of before the case have none; then whoever owns what has no owner does.
            None if matches!(kind, ExceptionKind::UnknownPayer | ExceptionKind::TakeBack) => {
                continue;
            }
            None => "no policy says who owns this case",
            Some(_) => "several policies claim this case",
        };
        let mut found = Found { section: "exception_policies", slug: kind.as_str(), defects };
        found.add("kind", problem);
    }
}
