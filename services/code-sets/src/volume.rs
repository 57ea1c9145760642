//! How much of a code the tenant's last 12 months hold, asked of routing in the caller's name.

use std::collections::BTreeMap;

use contracts::routing::v1::ListSignaturesRequest;
use contracts::routing::v1::routing_service_client::RoutingServiceClient;
use domain::codes::CodeSet;
use domain::dictionary::RecordedFacts;
use domain_governance::replay::Signature;
use platform::access::Caller;
use platform::rejection::Fault;
use platform::wire::Wire;
use tonic::Request;

/// Denials and their money in cents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) denials: i64,
    pub(crate) cents: i64,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Self) {
        self.denials = self.denials.saturating_add(other.denials);
        self.cents = self.cents.saturating_add(other.cents);
    }
}

/// Hands in every combination of the tenant's last 12 months, with its denials and their cents.
///
/// # Errors
/// When routing refuses, or answers what is no signature.
pub async fn each_signature(
    routing: &Wire,
    caller: &Caller,
    mut each: impl FnMut(RecordedFacts, i64, i64) + Send,
) -> Result<(), Fault> {
    let mut routing = RoutingServiceClient::new(routing.as_caller(caller));
    let request = Request::new(ListSignaturesRequest::default());
    let mut answers = routing.list_signatures(request).await?.into_inner();
    while let Some(answer) = answers.message().await? {
        for counted in answer.signatures {
            let signature = Signature::decode(&counted.encoded)
                .map_err(|_| Fault::Broken("routing answered a signature that is none"))?;
            let facts = RecordedFacts::of(&signature.facts());
            each(facts, counted.denial_count, counted.denied_cents);
        }
    }
    Ok(())
}

/// The codes of a set that facts name; of sets that denials are not decided on, none.
pub(crate) fn named(set: CodeSet, facts: &RecordedFacts) -> Vec<&str> {
    match set {
        CodeSet::Carc => vec![facts.carc.as_str()],
        CodeSet::Rarc => facts.rarcs.iter().map(|rarc| rarc.as_str()).collect(),
        CodeSet::Cagc
        | CodeSet::Clp02
        | CodeSet::Plb
        | CodeSet::ClaimStatusCategory
        | CodeSet::ClaimStatus
        | CodeSet::Proprietary => Vec::new(),
    }
}

/// What the tenant has of each of `codes`, by code.
pub(crate) async fn of_codes(
    routing: &Wire,
    caller: &Caller,
    set: CodeSet,
    codes: impl IntoIterator<Item = String>,
) -> Result<BTreeMap<String, Tally>, Fault> {
    let mut tallies: BTreeMap<String, Tally> =
        codes.into_iter().map(|code| (code, Tally::default())).collect();
    if tallies.is_empty() || !matches!(set, CodeSet::Carc | CodeSet::Rarc) {
        return Ok(tallies);
    }
    each_signature(routing, caller, |facts, denials, cents| {
        for code in named(set, &facts) {
            if let Some(tally) = tallies.get_mut(code) {
                tally.add(Tally { denials, cents });
            }
        }
    })
    .await?;
    Ok(tallies)
}
