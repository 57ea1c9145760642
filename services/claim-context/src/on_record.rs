//! What decisions see of a claim's context.

use chrono::NaiveDate;
use contracts::routing::v1 as pb;
use domain::dictionary::vocabulary::{Authorization, Eligibility, FilingProof};
use domain::money::Cents;
use platform::clock::day;

/// What is on record of a claim; nothing where nobody said anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OnRecord {
    /// The authorization.
    pub authorization: Option<Authorization>,
    /// The coverage.
    pub eligibility: Option<Eligibility>,
    /// The proof of timely filing.
    pub filing_proof: Option<FilingProof>,
    /// What the contract should allow.
    pub expected_allowed: Option<Cents>,
    /// Version of the context; 0 where there is none.
    pub version: i64,
}

/// What a context says of a claim with this first day of service and these procedures.
///
/// An approval of other days, or of other procedures than any of the claim's, is a mismatch: it
/// proves nothing for this claim.
#[must_use]
pub fn on_record<'p>(
    context: &pb::ClaimContext,
    service_on: Option<NaiveDate>,
    mut procedures: impl Iterator<Item = &'p str>,
) -> OnRecord {
    let authorization = context.authorization.as_ref();
    let stated = authorization.and_then(|part| {
        Authorization::parse(&word(part.status().as_str_name(), "AUTHORIZATION_STATUS_"))
    });
    let covers = authorization.is_none_or(|part| {
        let [from, to] = [part.valid_from, part.valid_to].map(|sent| sent.and_then(day));
        let on_its_days = service_on
            .is_none_or(|on| from.is_none_or(|from| from <= on) && to.is_none_or(|to| on <= to));
        let listed = |procedure| part.procedure_codes.iter().any(|code| code == procedure);
        on_its_days && (part.procedure_codes.is_empty() || procedures.any(listed))
    });
    let authorization = match stated {
        Some(Authorization::Approved) if !covers => Some(Authorization::Mismatched),
        stated => stated,
    };
    let eligibility = context.eligibility.as_ref().and_then(|part| {
        Eligibility::parse(&word(part.status().as_str_name(), "ELIGIBILITY_STATUS_"))
    });
    let edit = context.claim_edit.as_ref();
    let filing_proof = edit.and_then(|part| {
        FilingProof::parse(&word(part.filing_proof().as_str_name(), "FILING_PROOF_"))
    });
    OnRecord {
        authorization,
        eligibility,
        filing_proof,
        expected_allowed: edit.and_then(|part| part.expected_allowed_cents).map(Cents::new),
        version: 0,
    }
}

/// The name of a value of the contract as the rules spell it; they know no unspecified one.
fn word(name: &str, prefix: &str) -> String {
    name.trim_start_matches(prefix).to_ascii_lowercase()
}

#[cfg(test)]
mod tests;
