//! A deadline rule that was kept in vain: a payer called an appeal too late that was in time by it.
//!
//! One such word does not make another rule; it makes this one less sure. So the draft lowers what
//! the rule's confidence says, in the open, with the appeal whose proof of filing contradicts it.

use contracts::dictionary::v1::ChangeSource;
use domain::calendar::spoken;
use domain::deadline::Confidence;
use domain_governance::ballot::UserId;
use domain_governance::edit::SectionKind;
use platform::tenant_tx::TenantTx;
use registry::changes;

use super::draft::{DraftEdit, Kind};
use super::drafting::{self, Drafting};
use super::log;
use crate::Error;
use crate::compiled::Ready;
use crate::follow_appeals::Kept;
use platform::rejection::Fault;

/// Drafts the change, unless one about the rule is open, or the rule is as unsure as rules are.
pub(crate) async fn challenge_rule(
    tx: &TenantTx,
    active: &Ready,
    rule: &str,
    kept: &Kept,
) -> Result<(), Error> {
    let rules = &active.compiled.bundle().deadline_rules;
    let Some(stated) = rules.iter().find(|stated| stated.slug == rule) else { return Ok(()) };
    let mut doubted = stated.clone();
    doubted.confidence = match stated.confidence {
        Confidence::A => Confidence::B,
        Confidence::B => Confidence::C,
        Confidence::C | Confidence::D => return Ok(()),
    };
    let source = crate::grpc::source_word(ChangeSource::OutcomeEvidence);
    let open = changes::open_of(tx, source).await?;
    if open.iter().any(|change| change.source_id == rule) {
        return Ok(());
    }
    let settled = log::settled(tx).await?;
    let base = log::active(tx, &settled)?.hash;
    if base != active.compiled.revision() {
        return Err(Fault::Contended.into());
    }
    let json = serde_json::to_string(&doubted).map_err(|_| Fault::Broken("a rule has no JSON"))?;
    let edit = DraftEdit {
        kind: SectionKind::DeadlineRule,
        slug: rule.to_owned(),
        change: Kind::Replace,
        json,
        conflict: None,
    };
    let drafting = Drafting {
        by: UserId::SERVICE,
        title: format!("Deadline rule {rule:.120} is contradicted"),
        reason: format!(
            "by `{rule}` the last day of appeal {} was {}, it was filed on {}, and on {} the payer \
             called that too late; the appeal holds the proof of its filing. Ask the payer for the \
             clause, and correct the rule or fight the decision",
            kept.appeal,
            spoken(kept.last_day),
            spoken(kept.filed_on),
            spoken(kept.decided_on),
        ),
        source: ChangeSource::OutcomeEvidence,
        source_id: rule.to_owned(),
        edits: vec![edit],
    };
    drafting::open(tx, base, drafting).await.map(drop)
}
