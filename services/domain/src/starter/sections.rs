//! The sections of the base bundle beside its entries.

use super::rows::{RarcRow, TaxonomyRow};
use crate::codes::Rarc;
use crate::deadline::{self, Path, Rule};
use crate::dictionary::remark::{Effect, RemarkRule};
use crate::dictionary::sections::{
    AutomationLimit, DocumentationStandard, ExceptionPolicy, MetricDefinition,
};
use crate::dictionary::selector::Selector;
use crate::dictionary::vocabulary::{ExceptionKind, NextAction, OwnerFunction};
use crate::dictionary::{OwnerRule, Slug};
use crate::money::Cents;

/// A team of the starting point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StarterTeam {
    /// The team's slug; owner rules name it.
    pub slug: &'static str,
    /// The team's name for people.
    pub name: &'static str,
    /// The functions it owns.
    pub functions: &'static [OwnerFunction],
}

/// The teams the base bundle hands work to; every owner function has exactly one.
pub const TEAMS: &[StarterTeam] = &[
    team("appeals", "Appeals", &[OwnerFunction::Appeals]),
    team("authorization", "Authorization", &[OwnerFunction::Authorization]),
    team(
        "billing",
        "Billing",
        &[
            OwnerFunction::Benefits,
            OwnerFunction::Billing,
            OwnerFunction::BillingFollowUp,
            OwnerFunction::PayerFollowUp,
            OwnerFunction::Pharmacy,
        ],
    ),
    team("clinical-appeals", "Clinical appeals", &[OwnerFunction::ClinicalAppeals]),
    team("clinical-departments", "Clinical departments", &[OwnerFunction::ClinicalDepartment]),
    team("coding", "Coding", &[OwnerFunction::ChargeIntegrity, OwnerFunction::Coding]),
    team("compliance", "Compliance", &[OwnerFunction::Compliance]),
    team("contracting", "Contracting", &[OwnerFunction::Contracting]),
    team("enrollment", "Provider enrollment", &[OwnerFunction::Enrollment]),
    team("exceptions", "Exceptions", &[OwnerFunction::Exceptions]),
    team("him", "Health information management", &[OwnerFunction::HealthInformation]),
    team("injury-claims", "Injury claims", &[OwnerFunction::WorkersCompensation]),
    team(
        "patient-access",
        "Patient access",
        &[OwnerFunction::CoordinationOfBenefits, OwnerFunction::PatientAccess],
    ),
    team("patient-billing", "Patient billing", &[OwnerFunction::PatientBilling]),
    team("payment-posting", "Payment posting", &[OwnerFunction::PaymentPosting]),
];

const EXCEPTION_TEAM: &str = "exceptions";

const fn team(
    slug: &'static str,
    name: &'static str,
    functions: &'static [OwnerFunction],
) -> StarterTeam {
    StarterTeam { slug, name, functions }
}

/// A slug of any words: lowercase letters and digits, everything else one hyphen.
pub(super) fn slug_of(words: &str) -> Slug {
    let mut slug = String::new();
    for character in words.chars() {
        if character.is_ascii_alphanumeric() {
            slug.push(character.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    Slug::new(slug.trim_end_matches('-')).expect("the words of the tables make short slugs")
}

fn slug(text: &str) -> Slug {
    Slug::new(text).expect("the slugs of this module are slugs")
}

pub(super) fn documentation_standards(taxonomy: &[TaxonomyRow]) -> Vec<DocumentationStandard> {
    let mut titles: Vec<(Slug, &str)> = taxonomy
        .iter()
        .flat_map(TaxonomyRow::evidence_titles)
        .map(|title| (slug_of(title), title))
        .collect();
    titles.sort();
    titles.dedup_by(|a, b| a.0 == b.0);
    let standard = |(slug, title): (Slug, &str)| DocumentationStandard {
        slug,
        title: title.to_owned(),
        media: Selector::Any,
        days_before: None,
        days_after: None,
        notes: Vec::new(),
    };
    titles.into_iter().map(standard).collect()
}

/// The remarks that are alerts or have an effect.
pub(super) fn remark_rules(rarcs: &[RarcRow]) -> Vec<RemarkRule> {
    let decides = |row: &&RarcRow| row.alert == "Y" || !row.effect.is_empty();
    let rule = |row: &RarcRow| {
        let effect = (!row.effect.is_empty()).then(|| {
            Effect::parse(&row.effect).expect("the table names effects of the closed list")
        });
        RemarkRule {
            slug: slug_of(&row.code),
            rarc: Rarc::new(&row.code).expect("the table holds remark codes"),
            alert: row.alert == "Y",
            effect,
            next_action: named_action(&row.code, effect),
            opens: opened_path(&row.code, effect),
            words: [&row.label, &row.effect_note]
                .into_iter()
                .filter(|words| !words.is_empty())
                .cloned()
                .collect(),
        }
    };
    rarcs.iter().filter(decides).map(rule).collect()
}

/// The next step a remark names by itself. MA130 asks for a new claim, N704 for a corrected one.
fn named_action(code: &str, effect: Option<Effect>) -> Option<NextAction> {
    match effect? {
        Effect::NoAppealResubmit if code == "MA130" => Some(NextAction::NewClaim),
        Effect::NoAppealResubmit => Some(NextAction::CorrectedClaim),
        Effect::DoNotResubmitAutoReprocess => Some(NextAction::Wait),
        Effect::AdditionalInfoRequested => Some(NextAction::SendDocuments),
        _ => None,
    }
}

/// The path a remark opens by itself. Of the No Surprises Act remarks only those that say that a
/// federal dispute or open negotiation is available open one.
fn opened_path(code: &str, effect: Option<Effect>) -> Option<Path> {
    match effect? {
        Effect::NoAppealResubmit if code == "MA130" => Some(Path::OriginalFiling),
        Effect::NoAppealResubmit => Some(Path::CorrectedClaim),
        Effect::AdditionalInfoRequested => Some(Path::Documents),
        Effect::PeerToPeerAvailable => Some(Path::PeerToPeer),
        Effect::NsaIndicator if matches!(code, "N859" | "N876" | "N877") => {
            Some(Path::OpenNegotiation)
        }
        _ => None,
    }
}

pub(super) fn owner_rules() -> Vec<OwnerRule> {
    let rule = |team: &StarterTeam, function: &OwnerFunction| OwnerRule {
        slug: slug_of(function.as_str()),
        owner_function: *function,
        payer: Selector::Any,
        facility: Selector::Any,
        service_line: Selector::Any,
        team: slug(team.slug),
    };
    TEAMS.iter().flat_map(|team| team.functions.iter().map(move |f| rule(team, f))).collect()
}

pub(super) fn deadline_rules() -> Vec<Rule> {
    deadline::starter_rules()
}

/// The six metrics of the HFMA Claim Integrity Task Force (2021).
pub(super) fn metric_definitions() -> Vec<MetricDefinition> {
    let metric =
        |name: &str, title: &str, numerator: &str, denominator: Option<&str>| MetricDefinition {
            slug: slug(name),
            title: title.to_owned(),
            numerator: numerator.to_owned(),
            denominator: denominator.map(str::to_owned),
            source: "HFMA Claim Integrity Task Force, 2021".to_owned(),
        };
    vec![
        metric(
            "initial-denial-rate",
            "Initial denial rate",
            "initially denied claims, and their gross charges",
            Some("claims submitted, and their gross charges: the mean of the three months before"),
        ),
        metric(
            "primary-denial-rate",
            "Primary denial rate",
            "zero-pay remittances of primary payers in four weeks, without duplicates",
            Some("all remittances of primary payers in the same weeks"),
        ),
        metric(
            "denial-write-offs",
            "Denial write-offs",
            "denials written off, net of recoveries",
            Some("net patient service revenue"),
        ),
        metric("time-to-appeal", "Time to appeal", "days from initial denial to appeal", None),
        metric(
            "time-to-resolution",
            "Time to resolution",
            "days from initial denial to the resolution of the claim",
            None,
        ),
        metric(
            "denials-overturned",
            "Denials overturned",
            "initial denials overturned, by charges and by count",
            Some("initial denials"),
        ),
    ]
}

pub(super) fn exception_policies() -> Vec<ExceptionPolicy> {
    let policy = |kind: &ExceptionKind| {
        let (owner_function, team, words) = match kind {
            ExceptionKind::UnknownCode => exceptions(
                "Look the code up in the payer's list; propose a dictionary entry for it",
            ),
            ExceptionKind::UnmappedCombination => {
                exceptions("Decide what this combination means; propose a dictionary entry for it")
            }
            ExceptionKind::CorrectionGroup => exceptions(
                "Group CR is a 4010 code: find the original claim and what was corrected",
            ),
            ExceptionKind::UnknownGroup => {
                exceptions("Ask the payer which group is meant: it decides who is liable")
            }
            ExceptionKind::UnexplainedZeroPayment => {
                exceptions("Ask the payer why nothing was paid: no adjustment explains it")
            }
            ExceptionKind::WholeChargeContractual => exceptions(
                "CARC 45 may not take the whole charge: ask the payer for the real reason",
            ),
            ExceptionKind::ContractReview => (
                OwnerFunction::Contracting,
                "contracting",
                "Compare with the contract: dispute it when less was allowed than agreed",
            ),
            ExceptionKind::MissingOwner => {
                exceptions("No team owns this function here: add an owner rule")
            }
            ExceptionKind::UnknownPayer => {
                exceptions("Add what it calls itself to the payer that it is, or create that payer")
            }
            ExceptionKind::TakeBack => (
                OwnerFunction::Contracting,
                "contracting",
                "Ask the payer why it took the money back; dispute it, or post the refund",
            ),
        };
        ExceptionPolicy {
            slug: slug_of(kind.as_str()),
            kind: *kind,
            owner_function,
            team: slug(team),
            action_words: words.to_owned(),
            settle_within_business_days: 5,
        }
    };
    ExceptionKind::ALL.iter().map(policy).collect()
}

fn exceptions(words: &str) -> (OwnerFunction, &'static str, &str) {
    (OwnerFunction::Exceptions, EXCEPTION_TEAM, words)
}

/// Nothing moves by itself until a committee says how much may.
pub(super) fn automation_limits() -> Vec<AutomationLimit> {
    let limit = |action: &NextAction| AutomationLimit {
        slug: slug_of(action.as_str()),
        action: *action,
        carc: Selector::Any,
        ceiling: Cents::ZERO,
    };
    NextAction::ALL.iter().map(limit).collect()
}
