use std::collections::BTreeMap;

use contracts::dictionary::v1 as pb;
use domain::dictionary::receipt::Reason;
use domain::dictionary::{Receipt, RecordedFacts};

use super::values::{date, small};
use super::words::listed;

/// By whose acts revisions have their right, by content hash.
pub(crate) type ApproversOf = BTreeMap<String, Vec<pb::Approver>>;

/// A receipt on the wire, with who stands behind its revision; nothing of it is lost, so that it
/// can be verified.
pub(super) fn receipt(receipt: &Receipt, approvers: &ApproversOf) -> pb::Receipt {
    let unmapped = receipt.unmapped.map(|unmapped| unmapped.kind().as_str());
    let effects = receipt.effects.iter();
    let near_misses = receipt.near_misses.iter().map(|miss| pb::NearMiss {
        entry: miss.entry.to_string(),
        reason: Some(reason(&miss.reason)),
    });
    pb::Receipt {
        dictionary_revision: receipt.revision.to_string(),
        evaluator_semantics: small(receipt.evaluator_semantics),
        inputs_hash: receipt.inputs_hash.to_string(),
        entry: receipt.entry.as_ref().map(ToString::to_string).unwrap_or_default(),
        unmapped: listed::<pb::ExceptionKind>(unmapped.unwrap_or_default()),
        record_class: listed::<pb::RecordClass>(
            receipt.record_class.map(|class| class.as_str()).unwrap_or_default(),
        ),
        next_action: listed::<pb::NextAction>(receipt.next_action.as_str()),
        appealable: listed::<pb::Likelihood>(receipt.appealable.as_str()),
        owner_function: listed::<pb::OwnerFunction>(receipt.owner_function.as_str()),
        team: receipt.team.clone(),
        owner_rule: receipt.owner_rule.clone().unwrap_or_default(),
        effects: effects.map(|effect| listed::<pb::RemarkEffect>(effect.as_str())).collect(),
        overridden_by: receipt.overridden_by.map(String::from).unwrap_or_default(),
        why: receipt.why.iter().map(reason).collect(),
        near_misses: near_misses.collect(),
        approvers: approvers.get(&receipt.revision.to_string()).cloned().unwrap_or_default(),
    }
}

fn reason(reason: &Reason) -> pb::ReceiptReason {
    pb::ReceiptReason { field: reason.field.clone(), words: reason.words.clone() }
}

/// The facts of a decision on the wire; nothing of them is lost, so that they hash the same.
pub(super) fn facts(facts: &RecordedFacts) -> pb::Facts {
    let word = |word: Option<&'static str>| word.unwrap_or_default();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    pb::Facts {
        group: facts.group.as_str().to_owned(),
        carc: facts.carc.as_str().to_owned(),
        rarcs: facts.rarcs.iter().map(|rarc| rarc.as_str().to_owned()).collect(),
        payer: text(&facts.payer),
        line_of_business: listed::<pb::LineOfBusiness>(word(facts.lob.map(|lob| lob.as_str()))),
        network: listed::<pb::Network>(word(facts.network.map(|network| network.as_str()))),
        facility: text(&facts.facility),
        service_line: text(&facts.service_line),
        claim_type: listed::<pb::ClaimType>(word(facts.claim_type.map(|kind| kind.as_str()))),
        authorization: listed::<pb::AuthorizationStatus>(word(
            facts.authorization.map(|known| known.as_str()),
        )),
        eligibility: listed::<pb::EligibilityStatus>(word(
            facts.eligibility.map(|known| known.as_str()),
        )),
        filing_proof: listed::<pb::FilingProof>(word(
            facts.filing_proof.map(|known| known.as_str()),
        )),
        procedure: text(&facts.procedure),
        amount_cents: facts.amount.map(|amount| amount.as_i64()),
        service_on: facts.service_on.map(date),
    }
}
