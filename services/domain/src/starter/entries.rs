//! Every current reason code as entries of the base bundle.
//!
//! A code has one entry for CO, OA and PI and, where the patient being liable changes what is
//! done, another for PR. Where the claim context may hold the proof against a code, a third says
//! so. CR and unknown groups have none: they are exceptions.

use std::collections::BTreeMap;

use super::rows::{self, TaxonomyRow};
use super::sections::slug_of;
use super::{letters, meaning};
use crate::codes::{Carc, Group};
use crate::deadline::Path;
use crate::dictionary::entry::{ContextMatch, EscalationStep, PathRules, RootCause};
use crate::dictionary::selector::Selector;
use crate::dictionary::vocabulary::{
    Authorization, Category, EscalationLevel, FilingProof, Hardness, Likelihood, NextAction,
    OwnerFunction, RecordClass, SignOffKind,
};
use crate::dictionary::{Entry, Match, Meaning, Slug};
use crate::money::BasisPoints;

/// How often an appeal with the proof in hand is expected to win: as often as billing data that is
/// put right. An assumption to confirm.
const PROVEN_BPS: u32 = 9_000;

/// The entries of a taxonomy.
pub(super) fn entries(taxonomy: &[TaxonomyRow]) -> Vec<Entry> {
    let labels: BTreeMap<String, String> =
        rows::carcs().into_iter().map(|row| (row.code, row.label)).collect();
    taxonomy.iter().flat_map(|row| of_row(row, &labels)).collect()
}

fn of_row(row: &TaxonomyRow, labels: &BTreeMap<String, String>) -> Vec<Entry> {
    let label = labels.get(&row.carc).expect("the taxonomy is about codes of the list");
    let provider = meaning_of(row, label);
    let patient = if provider.record_class == RecordClass::Denial {
        patient_denial(&provider)
    } else if provider.record_class == RecordClass::Contractual {
        Some(patient_share(&provider))
    } else {
        None
    };
    let Some(patient) = patient else {
        return vec![entry(row, "", Selector::of(Group::VALID), provider)];
    };
    let liable = Selector::of([Group::CO, Group::OA, Group::PI]);
    let proven = proven(row, &provider);
    let mut entries = vec![
        entry(row, "", liable.clone(), provider),
        entry(row, "-patient", Selector::Exact(Group::PR), patient),
    ];
    entries.extend(proven.map(|(suffix, context, meaning)| {
        let plain = entry(row, suffix, liable, meaning);
        Entry { matches: Match { context, ..plain.matches }, ..plain }
    }));
    entries
}

/// What becomes of a code when the claim context holds the proof against it: an approval of the
/// service, or the payer's own acceptance of the claim in time.
fn proven(row: &TaxonomyRow, provider: &Meaning) -> Option<(&'static str, ContextMatch, Meaning)> {
    let none = ContextMatch::default();
    let (suffix, context, words) = match provider.category {
        Category::AuthorizationReferral if provider.next_action == NextAction::CorrectedClaim => (
            "-authorized",
            ContextMatch { authorization: Selector::Exact(Authorization::Approved), ..none },
            "An approval is on record for this service: appeal with it as proof",
        ),
        Category::TimelyFiling => (
            "-accepted",
            ContextMatch { filing_proof: Selector::Exact(FilingProof::AcceptedInTime), ..none },
            "The payer accepted the claim in time: appeal with the 277CA as proof",
        ),
        _ => return None,
    };
    let paths = paths(NextAction::Appeal, provider.category, Likelihood::Yes);
    let meaning = Meaning {
        next_action: NextAction::Appeal,
        appealable: Likelihood::Yes,
        action_words: words.to_owned(),
        // The proof comes first in the table; the other titles are for whoever has none.
        evidence: row.evidence_titles().take(1).map(slug_of).collect(),
        template: letters::of_first_appeal(provider.category, &paths),
        paths,
        expected_overturn: BasisPoints::new(PROVEN_BPS),
        ..provider.clone()
    };
    Some((suffix, context, meaning))
}

fn entry(row: &TaxonomyRow, suffix: &str, group: Selector<Group>, meaning: Meaning) -> Entry {
    let carc = Carc::new(&row.carc).expect("the table holds reason codes");
    Entry {
        slug: slug_of(&format!("carc-{}{suffix}", row.carc)),
        matches: Match { carc: Selector::Exact(carc), group, ..Match::default() },
        meaning,
    }
}

fn meaning_of(row: &TaxonomyRow, label: &str) -> Meaning {
    let known = "the tables are part of the crate and its tests read every word";
    let category = Category::parse(&row.category).expect(known);
    let record_class = RecordClass::parse(&row.record_class).expect(known);
    let hardness = Hardness::parse(&row.hardness).expect(known);
    let appealable = meaning::likelihood(&row.appealable).expect(known);
    let next_action = meaning::next_action(&row.primary_path).expect(known);
    let process = meaning::process(&row.upstream_process).expect(known);
    let worked = is_worked(record_class, appealable);
    let paths = paths(next_action, category, appealable);
    Meaning {
        label: label.to_owned(),
        record_class,
        category,
        hardness,
        preventable: meaning::likelihood(&row.preventable).expect(known),
        appealable,
        root_cause: RootCause { process, words: meaning::root_cause(category).to_owned() },
        owner_function: meaning::owner_function(&row.owner_function).expect(known),
        next_action,
        action_words: row.next_action.clone(),
        evidence: row.evidence_titles().map(slug_of).collect(),
        template: letters::of_first_appeal(category, &paths),
        paths,
        escalation: escalation(),
        sign_offs: sign_offs(record_class, category),
        expected_overturn: overturn(record_class, appealable, category),
        expected_days: if worked { meaning::expected_days(hardness) } else { 0 },
        effort_minutes: if worked { meaning::effort_minutes(hardness) } else { 0 },
        review_reason: review_reason(record_class, next_action),
        assumed: assumed(row),
        notes: notes(row),
    }
}

/// What payers refuse for medical reasons is argued by the record: a clinician reads it first.
fn sign_offs(class: RecordClass, category: Category) -> Vec<SignOffKind> {
    if class == RecordClass::Denial && category == Category::MedicalNecessity {
        vec![SignOffKind::Clinical]
    } else {
        Vec::new()
    }
}

/// Whether anyone spends time on it.
fn is_worked(class: RecordClass, appealable: Likelihood) -> bool {
    match class {
        RecordClass::Denial | RecordClass::Pending => true,
        RecordClass::Context => appealable != Likelihood::No,
        RecordClass::Contractual
        | RecordClass::PatientResponsibility
        | RecordClass::Informational => false,
    }
}

fn overturn(class: RecordClass, appealable: Likelihood, category: Category) -> BasisPoints {
    let at_stake = class == RecordClass::Denial
        || (class == RecordClass::Context && appealable != Likelihood::No);
    if at_stake {
        BasisPoints::new(u32::from(meaning::expected_overturn_bps(category)))
    } else {
        BasisPoints::ZERO
    }
}

fn review_reason(class: RecordClass, action: NextAction) -> Option<String> {
    match (class, action) {
        (RecordClass::Denial, NextAction::WriteOff) => {
            Some("a person confirms every write-off of a denial".to_owned())
        }
        (RecordClass::Context, _) => {
            Some("the contract decides whether this is a denial".to_owned())
        }
        _ => None,
    }
}

/// The fields nobody has confirmed; classes and paths count as published where the row says so.
fn assumed(row: &TaxonomyRow) -> Vec<Slug> {
    let always = [
        "action_words",
        "effort_minutes",
        "escalation",
        "evidence",
        "expected_days",
        "expected_overturn",
        "owner_function",
    ];
    let reasoned = ["appealable", "category", "hardness", "next_action", "preventable"];
    let reasoned = reasoned.into_iter().filter(|_| row.basis != "published");
    always.into_iter().chain(reasoned).map(slug_of_field).collect()
}

fn slug_of_field(field: &str) -> Slug {
    Slug::new(field).expect("field names are slugs")
}

fn notes(row: &TaxonomyRow) -> Vec<String> {
    let own = (!row.notes.is_empty()).then(|| row.notes.clone());
    own.into_iter().chain(std::iter::once(format!("basis: {}", row.basis))).collect()
}

/// Escalation at 50, 75 and 90 percent of the window: an assumption to confirm.
fn escalation() -> Vec<EscalationStep> {
    let step = |at_percent, tell| EscalationStep { at_percent, tell };
    vec![
        step(50, EscalationLevel::TeamLead),
        step(75, EscalationLevel::Manager),
        step(90, EscalationLevel::Director),
    ]
}

/// The paths of a step, each bounded by every rule of that path for the claim's kind of payer.
fn paths(action: NextAction, category: Category, appealable: Likelihood) -> Vec<PathRules> {
    let mut paths = match action {
        NextAction::Appeal => vec![Path::AppealLevel1],
        NextAction::CorrectedClaim => vec![Path::CorrectedClaim, Path::Reopening],
        NextAction::NewClaim => vec![Path::OriginalFiling],
        NextAction::SendDocuments => vec![Path::Documents],
        NextAction::RebillOtherPayer => vec![Path::RebillOtherPayer],
        NextAction::PayerInquiry => vec![Path::CorrectedClaim, Path::Reopening],
        NextAction::PatientBill
        | NextAction::Wait
        | NextAction::WriteOff
        | NextAction::Close
        | NextAction::ExceptionReview => Vec::new(),
    };
    if appealable != Likelihood::No {
        paths.push(Path::AppealLevel1);
    }
    let clinical = matches!(category, Category::MedicalNecessity | Category::AuthorizationReferral);
    if clinical && action == NextAction::Appeal {
        paths.push(Path::PeerToPeer);
    }
    paths.sort();
    paths.dedup();
    paths.into_iter().map(|path| PathRules { path, rules: Vec::new() }).collect()
}

/// A denial for which the payer makes the patient liable: eligibility and coordination of benefits
/// keep their action, all others bill the patient once a notice is found valid.
fn patient_denial(provider: &Meaning) -> Option<Meaning> {
    let keeps = matches!(provider.category, Category::RegistrationEligibility | Category::Cob)
        || provider.next_action == NextAction::PatientBill;
    if keeps {
        return None;
    }
    let words = "Check the ABN or other notice; with a valid one bill the patient. Without one: ";
    Some(Meaning {
        next_action: NextAction::PatientBill,
        action_words: format!("{words}{}", provider.action_words),
        owner_function: OwnerFunction::PatientBilling,
        review_reason: Some(
            "a valid notice must be on file before the patient is billed".to_owned(),
        ),
        ..provider.clone()
    })
}

/// A contractual code under PR: the payer lets the provider bill the patient for it.
fn patient_share(provider: &Meaning) -> Meaning {
    let words = "Check that balance billing is allowed (contract, No Surprises Act), then bill the \
                 patient. Else: ";
    Meaning {
        record_class: RecordClass::PatientResponsibility,
        next_action: NextAction::PatientBill,
        action_words: format!("{words}{}", provider.action_words),
        owner_function: OwnerFunction::PatientBilling,
        ..provider.clone()
    }
}
