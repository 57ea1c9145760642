use contracts::dictionary::v1 as pb;
use domain::dictionary::receipt::Reason;
use domain::dictionary::{Compiled, Decision, Entry, Facts, Receipt};

use super::words::{number, number_or_unspecified};

/// Decides, and writes what the dictionary says.
pub(crate) fn decision(
    compiled: &Compiled,
    facts: &Facts<'_>,
    approvers: Vec<pb::Approver>,
) -> pb::Decision {
    let decided = compiled.decide(facts);
    let said = pb::Decision {
        receipt: Some(receipt(&compiled.explain(facts), approvers)),
        action_words: decided.action_words().to_owned(),
        ..pb::Decision::default()
    };
    match decided.entry() {
        Some(entry) => meaning(compiled, &decided, entry, said),
        None => said,
    }
}

fn meaning(
    compiled: &Compiled,
    decided: &Decision<'_>,
    entry: &Entry,
    said: pb::Decision,
) -> pb::Decision {
    let meaning = &entry.meaning;
    let tell = meaning.escalation.iter().map(|step| pb::EscalationStep {
        at_percent: step.at_percent.into(),
        tell: number(step.tell),
    });
    let text = |slug: &domain::dictionary::Slug| slug.as_str().to_owned();
    pb::Decision {
        label: meaning.label.clone(),
        category: number(meaning.category),
        hardness: number(meaning.hardness),
        preventable: number(meaning.preventable),
        root_cause: meaning.root_cause.words.clone(),
        upstream_process: number(meaning.root_cause.process),
        evidence: evidence(compiled, decided),
        paths: paths(decided, entry),
        escalation: tell.collect(),
        sign_offs: meaning.sign_offs.iter().map(ToString::to_string).collect(),
        template: meaning.template.as_ref().map(text).unwrap_or_default(),
        expected_overturn_basis_points: count(decided.expected_overturn().as_u32()),
        expected_days: count(meaning.expected_days),
        effort_minutes: count(decided.effort_minutes()),
        review_reason: meaning.review_reason.clone().unwrap_or_default(),
        assumed: meaning.assumed.iter().map(text).collect(),
        ..said
    }
}

fn evidence(compiled: &Compiled, decided: &Decision<'_>) -> Vec<pb::Evidence> {
    let standards = &compiled.bundle().documentation_standards;
    let named = decided.evidence().iter();
    named
        .filter_map(|slug| standards.iter().find(|standard| standard.slug == *slug))
        .map(|standard| pb::Evidence {
            slug: standard.slug.as_str().to_owned(),
            title: standard.title.clone(),
        })
        .collect()
}

/// The open paths; one that a remark opens has no rules of its own.
fn paths(decided: &Decision<'_>, entry: &Entry) -> Vec<pb::PathRules> {
    let rules = |path| {
        let stated = entry.meaning.paths.iter().find(|stated| stated.path == path);
        stated.map(|stated| stated.rules.iter().map(|slug| slug.as_str().to_owned()).collect())
    };
    let open = decided.paths();
    open.map(|path| pb::PathRules { path: number(path), rules: rules(path).unwrap_or_default() })
        .collect()
}

fn count(of: u32) -> i32 {
    i32::try_from(of).unwrap_or(i32::MAX)
}

/// A receipt on the wire; nothing of it is lost, so that it can be verified.
pub(crate) fn receipt(receipt: &Receipt, approvers: Vec<pb::Approver>) -> pb::Receipt {
    let unmapped = receipt.unmapped.map(domain::dictionary::Unmapped::kind);
    pb::Receipt {
        dictionary_revision: receipt.revision.to_string(),
        evaluator_semantics: count(receipt.evaluator_semantics),
        inputs_hash: receipt.inputs_hash.to_string(),
        entry: receipt.entry.as_ref().map(ToString::to_string).unwrap_or_default(),
        unmapped: number_or_unspecified(unmapped),
        record_class: number_or_unspecified(receipt.record_class),
        next_action: number(receipt.next_action),
        appealable: number(receipt.appealable),
        owner_function: number(receipt.owner_function),
        team: receipt.team.clone(),
        owner_rule: receipt.owner_rule.clone().unwrap_or_default(),
        effects: receipt.effects.iter().map(|effect| number(*effect)).collect(),
        overridden_by: receipt.overridden_by.map(String::from).unwrap_or_default(),
        why: receipt.why.iter().map(reason).collect(),
        near_misses: receipt
            .near_misses
            .iter()
            .map(|miss| pb::NearMiss {
                entry: miss.entry.as_str().to_owned(),
                reason: Some(reason(&miss.reason)),
            })
            .collect(),
        approvers,
    }
}

fn reason(reason: &Reason) -> pb::ReceiptReason {
    pb::ReceiptReason { field: reason.field.clone(), words: reason.words.clone() }
}
