use contracts::dictionary::v1::{Receipt, VerifyReceiptRequest, VerifyReceiptResponse};
use platform::access::Caller;
use platform::rejection::Violations;

use crate::compiled::RevisionName;
use crate::{Dictionary, Error, grpc};

impl Dictionary {
    /// Decides again under the receipt's revision and names every field that differs.
    pub(crate) async fn verification(
        &self,
        caller: &Caller,
        request: VerifyReceiptRequest,
    ) -> Result<VerifyReceiptResponse, Error> {
        let mut violations = Violations::default();
        if request.receipt.is_none() {
            violations.add("receipt", "is required");
        }
        violations.into_result()?;
        let stated = request.receipt.unwrap_or_default();
        let facts = grpc::facts(request.facts.unwrap_or_default())?;
        let field = "receipt.dictionary_revision";
        let name = match RevisionName::hash(field, &stated.dictionary_revision)? {
            // A receipt names content; `active` would be whatever is active today.
            RevisionName::Active | RevisionName::Number(_) => return Err(Error::UnknownRevision),
            hash @ RevisionName::Hash(_) => hash,
        };
        let (ready, approvers) = self.ready_here(caller, &name).await?;
        let unrecorded = stated.approvers.iter().filter(|one| !approvers.contains(one));
        let unrecorded_approvers = unrecorded.cloned().collect();
        let again = grpc::receipt(&ready.compiled.explain(&facts.facts()), approvers);
        let differences = differences(&stated, &again);
        Ok(VerifyReceiptResponse {
            valid: differences.is_empty(),
            differences: differences.into_iter().map(str::to_owned).collect(),
            recomputed: Some(again),
            unrecorded_approvers,
        })
    }
}

/// Names of the fields that differ, in the order of the contract.
fn differences(stated: &Receipt, again: &Receipt) -> Vec<&'static str> {
    let Receipt {
        dictionary_revision,
        evaluator_semantics,
        inputs_hash,
        entry,
        unmapped,
        record_class,
        next_action,
        appealable,
        owner_function,
        team,
        owner_rule,
        effects,
        overridden_by,
        why,
        near_misses,
        // Known of the tenant, not of the content: a receipt is as good after an import elsewhere.
        approvers: _,
    } = stated;
    let same = [
        ("dictionary_revision", *dictionary_revision == again.dictionary_revision),
        ("evaluator_semantics", *evaluator_semantics == again.evaluator_semantics),
        ("inputs_hash", *inputs_hash == again.inputs_hash),
        ("entry", *entry == again.entry),
        ("unmapped", *unmapped == again.unmapped),
        ("record_class", *record_class == again.record_class),
        ("next_action", *next_action == again.next_action),
        ("appealable", *appealable == again.appealable),
        ("owner_function", *owner_function == again.owner_function),
        ("team", *team == again.team),
        ("owner_rule", *owner_rule == again.owner_rule),
        ("effects", *effects == again.effects),
        ("overridden_by", *overridden_by == again.overridden_by),
        ("why", *why == again.why),
        ("near_misses", *near_misses == again.near_misses),
    ];
    same.into_iter().filter(|(_, same)| !same).map(|(field, _)| field).collect()
}
