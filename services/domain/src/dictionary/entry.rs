//! One entry: which denials it is about, and what they mean.

use serde::{Deserialize, Serialize};

use super::decide::Facts;
use super::index;
use super::selector::{AmountRange, DateRange, ProcedureMatch, RarcMatch, Selector, Slug};
use super::specificity::Specificity;
use super::vocabulary::{
    Authorization, Category, ClaimType, Eligibility, EscalationLevel, FilingProof, Hardness,
    Likelihood, Network, NextAction, OwnerFunction, RecordClass, SignOffKind, UpstreamProcess,
};
use crate::codes::{Carc, Group, Lob};
use crate::deadline::Path;
use crate::money::BasisPoints;

/// What a code combination means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The entry's name, unique in its bundle.
    pub slug: Slug,
    /// Which denials it is about.
    #[serde(rename = "match")]
    pub matches: Match,
    /// What they mean.
    pub meaning: Meaning,
}

/// Which denials an entry is about; a field left out accepts anything.
///
/// Fields stand in the order in which they compare for specificity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Match {
    /// Remark codes; alerts without an effect cannot be named.
    #[serde(skip_serializing_if = "RarcMatch::is_any")]
    pub rarc: RarcMatch,
    /// Reason codes.
    #[serde(skip_serializing_if = "Selector::is_any")]
    pub carc: Selector<Carc>,
    /// Group codes; CR and unknown groups never reach an entry.
    #[serde(skip_serializing_if = "Selector::is_any")]
    pub group: Selector<Group>,
    /// Payers, by slug.
    #[serde(skip_serializing_if = "Selector::is_any")]
    pub payer: Selector<Slug>,
    /// Lines of business.
    #[serde(skip_serializing_if = "Selector::is_any")]
    pub lob: Selector<Lob>,
    /// Contracted or not.
    #[serde(skip_serializing_if = "Selector::is_any")]
    pub network: Selector<Network>,
    /// Facilities, by slug.
    #[serde(skip_serializing_if = "Selector::is_any")]
    pub facility: Selector<Slug>,
    /// Service lines, by slug.
    #[serde(skip_serializing_if = "Selector::is_any")]
    pub service_line: Selector<Slug>,
    /// Forms of the claim.
    #[serde(skip_serializing_if = "Selector::is_any")]
    pub claim_type: Selector<ClaimType>,
    /// What partner systems know of the claim.
    #[serde(skip_serializing_if = "ContextMatch::is_any")]
    pub context: ContextMatch,
    /// Procedure codes.
    #[serde(skip_serializing_if = "ProcedureMatch::is_any")]
    pub procedure: ProcedureMatch,
    /// The denied amount, in cents.
    #[serde(skip_serializing_if = "AmountRange::is_any")]
    pub amount: AmountRange,
    /// The date of service.
    #[serde(skip_serializing_if = "DateRange::is_any")]
    pub service_dates: DateRange,
}

impl Match {
    /// How closely it is constrained; of two matches that accept a denial the greater decides.
    pub fn specificity(&self) -> Specificity {
        Specificity::of(self)
    }

    /// Whether a denial is accepted. That of group CR or an unknown one is an exception before
    /// any match is asked.
    pub fn admits(&self, facts: &Facts<'_>) -> bool {
        index::admits(self, facts)
    }
}

/// What partner systems must know of the claim.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContextMatch {
    /// The authorization on record.
    #[serde(skip_serializing_if = "Selector::is_any")]
    pub authorization: Selector<Authorization>,
    /// The coverage on record.
    #[serde(skip_serializing_if = "Selector::is_any")]
    pub eligibility: Selector<Eligibility>,
    /// The proof of timely filing on record.
    #[serde(skip_serializing_if = "Selector::is_any")]
    pub filing_proof: Selector<FilingProof>,
}

impl ContextMatch {
    /// Whether the field is not constrained.
    pub fn is_any(&self) -> bool {
        self.authorization.is_any() && self.eligibility.is_any() && self.filing_proof.is_any()
    }
}

/// What a denial means and what is done with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meaning {
    /// Our own short label of the code or combination.
    pub label: String,
    /// What it is in the books.
    pub record_class: RecordClass,
    /// The family it is reported under.
    pub category: Category,
    /// Whether a correction is enough.
    pub hardness: Hardness,
    /// Whether we could have prevented it.
    pub preventable: Likelihood,
    /// Whether an appeal is open at all.
    pub appealable: Likelihood,
    /// Why it happened.
    pub root_cause: RootCause,
    /// Who acts.
    pub owner_function: OwnerFunction,
    /// The next thing to do.
    pub next_action: NextAction,
    /// The next thing to do, in words for the person who does it.
    pub action_words: String,
    /// Slugs of documentation standards that must be met.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Slug>,
    /// The open paths, each with its deadline rules; sorted by path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<PathRules>,
    /// Whom to tell while the window runs out; rising percentages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub escalation: Vec<EscalationStep>,
    /// Reviews that an appeal of such a denial needs before it is sent; sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sign_offs: Vec<SignOffKind>,
    /// The letter to start from: a slug of an appeal template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<Slug>,
    /// Share of such denials expected to be overturned.
    pub expected_overturn: BasisPoints,
    /// Days until the payer is expected to answer.
    pub expected_days: u32,
    /// Minutes of work expected.
    pub effort_minutes: u32,
    /// Why a person must look before anything is done, when one must.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_reason: Option<String>,
    /// Fields whose value nobody has confirmed yet; sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<Slug>,
    /// Remarks for whoever reviews the entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// Why a denial happened, and in which process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RootCause {
    /// The process it lives in.
    pub process: UpstreamProcess,
    /// The cause in words.
    pub words: String,
}

/// A path and the deadline rules that bound it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathRules {
    /// What is sent to whom.
    pub path: Path,
    /// Deadline rules by slug; empty means every rule of this path for the claim's kind of payer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Slug>,
}

/// One step of an escalation path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EscalationStep {
    /// How much of the window has passed, in percent, 1 to 100.
    pub at_percent: u8,
    /// Whom to tell.
    pub tell: EscalationLevel,
}

impl Entry {
    pub(super) fn normalize(&mut self) {
        let wanted = &mut self.matches;
        wanted.rarc.normalize();
        wanted.carc.normalize();
        wanted.group.normalize();
        wanted.payer.normalize();
        wanted.lob.normalize();
        wanted.network.normalize();
        wanted.facility.normalize();
        wanted.service_line.normalize();
        wanted.claim_type.normalize();
        wanted.context.authorization.normalize();
        wanted.context.eligibility.normalize();
        wanted.context.filing_proof.normalize();
        let meaning = &mut self.meaning;
        meaning.evidence.sort();
        meaning.evidence.dedup();
        meaning.sign_offs.sort();
        meaning.sign_offs.dedup();
        meaning.assumed.sort();
        meaning.assumed.dedup();
        meaning.escalation.sort();
        meaning.escalation.dedup();
        for path in &mut meaning.paths {
            path.rules.sort();
            path.rules.dedup();
        }
        meaning.paths.sort_by_key(|stated| stated.path);
    }
}
