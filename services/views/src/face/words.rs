//! The closed word lists: text in rows, numbers on the wire.

use contracts::deadline::v1 as deadline;
use contracts::dictionary::v1 as dictionary;
use contracts::routing::v1 as routing;

/// A list of the contract whose values are stored as the end of their names, in either case.
pub trait Listed {
    /// What the contract puts before the names of the list.
    const PREFIX: &'static str;
    /// The number of a name in the contract.
    fn number(name: &str) -> Option<i32>;
}

macro_rules! listed {
    ($($list:ty = $prefix:literal;)+) => {
        $(impl Listed for $list {
            const PREFIX: &'static str = $prefix;

            fn number(name: &str) -> Option<i32> {
                Self::from_str_name(name).map(i32::from)
            }
        })+
    };
}

listed! {
    dictionary::RecordClass = "RECORD_CLASS_";
    dictionary::Category = "CATEGORY_";
    dictionary::Likelihood = "LIKELIHOOD_";
    dictionary::OwnerFunction = "OWNER_FUNCTION_";
    dictionary::NextAction = "NEXT_ACTION_";
    dictionary::LineOfBusiness = "LINE_OF_BUSINESS_";
    dictionary::ClaimType = "CLAIM_TYPE_";
    dictionary::Network = "NETWORK_";
    dictionary::AuthorizationStatus = "AUTHORIZATION_STATUS_";
    dictionary::EligibilityStatus = "ELIGIBILITY_STATUS_";
    dictionary::FilingProof = "FILING_PROOF_";
    dictionary::ExceptionKind = "EXCEPTION_KIND_";
    dictionary::RemarkEffect = "REMARK_EFFECT_";
    dictionary::Path = "PATH_";
    dictionary::ClockEvent = "CLOCK_EVENT_";
    dictionary::Confidence = "CONFIDENCE_";
    dictionary::FiledWhen = "FILED_WHEN_";
    dictionary::RuleBasis = "RULE_BASIS_";
    deadline::ClockEvidence = "CLOCK_EVIDENCE_";
    routing::RemittancePurpose = "REMITTANCE_PURPOSE_";
    routing::RemittanceFileState = "REMITTANCE_FILE_STATE_";
    routing::FindingSeverity = "FINDING_SEVERITY_";
    routing::DenialExtent = "DENIAL_EXTENT_";
    routing::DenialState = "DENIAL_STATE_";
    routing::DenialLineage = "DENIAL_LINEAGE_";
    routing::TakeBackState = "TAKE_BACK_STATE_";
    routing::DeadlineBand = "DEADLINE_BAND_";
    routing::WorkItemKind = "WORK_ITEM_KIND_";
    routing::WorkItemState = "WORK_ITEM_STATE_";
    routing::WaitingFor = "WAITING_FOR_";
    routing::EvidenceState = "EVIDENCE_STATE_";
    routing::ClarificationState = "CLARIFICATION_STATE_";
    routing::ResolutionKind = "RESOLUTION_KIND_";
    routing::TouchKind = "TOUCH_KIND_";
    routing::PayerStatusSource = "PAYER_STATUS_SOURCE_";
    routing::PayerStatusOutcome = "PAYER_STATUS_OUTCOME_";
    routing::AutomationMode = "AUTOMATION_MODE_";
}

/// The contract's number of a stored word; UNSPECIFIED for an empty one, and for one that is not in
/// the list.
#[must_use]
pub fn listed<L: Listed>(word: &str) -> i32 {
    L::number(&format!("{}{}", L::PREFIX, word.to_ascii_uppercase())).unwrap_or_default()
}

#[cfg(test)]
mod tests;
