use contracts::dictionary::v1 as pb;
use domain::dictionary::Receipt;
use domain::dictionary::receipt::Reason;

use super::values::small;
use super::words::listed;

/// A receipt on the wire; nothing of it is lost, so that it can be verified.
pub(super) fn receipt(receipt: &Receipt) -> pb::Receipt {
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
    }
}

fn reason(reason: &Reason) -> pb::ReceiptReason {
    pb::ReceiptReason { field: reason.field.clone(), words: reason.words.clone() }
}
