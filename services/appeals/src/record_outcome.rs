use std::sync::Arc;

use chrono::NaiveDate;
use contracts::appeals::v1 as pb;
use domain::deadline::{Coverage, RuleBook, Situation, Wanted};
use domain::dictionary::Compiled;
use domain::money::Cents;
use domain_appeals::ladder::Ladder;
use domain_appeals::level::Open;
use domain_appeals::outcome::{Appealed, Decision, Kind, Source, decide};
use domain_appeals::state::Act;
use domain_appeals::window::{Began, of_denial};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::face::{self, id_in};
use crate::store::{self, Decided, Document, Next, Row, RuleFacts};
use crate::{Appeals, Error, acts};

/// The most characters of a payer's reasons.
const RATIONALE_MAX: usize = 4_000;

/// A decision as it is said.
struct Said {
    decision: Decision,
    rationale: String,
    untimely: bool,
    /// Whether it confirms what a remittance showed.
    confirms: bool,
}

impl Appeals {
    /// Records a payer's decision; one against us opens the next level, with its day.
    ///
    /// # Errors
    /// When the etag is stale, it was not sent, the decision contradicts itself, or the database
    /// fails.
    pub(crate) async fn record_outcome(
        &self,
        caller: &Caller,
        request: pb::RecordOutcomeRequest,
    ) -> Result<pb::RecordOutcomeResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let id = id_in("appeal_id", &request.appeal_id)?;
        let mut violations = Violations::default();
        violations.text("etag", &request.etag, 64);
        let said = said(request.outcome.unwrap_or_default(), &mut violations);
        violations.into_result()?;
        let said = said.ok_or(Fault::Broken("a violation was lost"))?;
        let compiled = self.peers.active(caller).await?;
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { write(tx, (id, &request.etag), said, compiled).await })
            })
            .await
    }
}

fn said(sent: pb::Outcome, violations: &mut Violations) -> Option<Said> {
    let kind = face::outcome_kind(sent.kind());
    if kind.is_none() {
        let words = "must be OVERTURNED, PARTIALLY_OVERTURNED, UPHELD or DISMISSED";
        violations.add("outcome.kind", words);
    }
    let decided_on = acts::day_in("outcome.decided_on", sent.decided_on, violations);
    let money = sent.recovered.clone().unwrap_or_default();
    if !["", "USD"].contains(&money.currency_code.as_str()) {
        violations.add("outcome.recovered.currency_code", "must be USD, or empty");
    }
    if sent.rationale.chars().count() > RATIONALE_MAX {
        let words = format!("is longer than {RATIONALE_MAX} characters");
        violations.add("outcome.rationale", words);
    }
    if sent.source() == pb::OutcomeSource::Inferred {
        violations
            .add("outcome.source", "must be STATED or CONFIRMED: nobody states what is inferred");
    }
    if sent.untimely && kind.is_some_and(Kind::pays) {
        violations.add("outcome.untimely", "must be unset for what is paid");
    }
    let confirms = sent.source() == pb::OutcomeSource::Confirmed;
    if !sent.remittance_file_id.is_empty() {
        violations.add("outcome.remittance_file_id", "must be empty for what is stated");
    }
    let recovered = Cents::new(money.amount_cents);
    let decision = Decision { kind: kind?, recovered, decided_on: decided_on? };
    let (rationale, untimely) = (sent.rationale.trim().to_owned(), sent.untimely);
    Some(Said { decision, rationale, untimely, confirms })
}

async fn write(
    tx: &TenantTx,
    (id, etag): (Uuid, &str),
    said: Said,
    compiled: Arc<Compiled>,
) -> Result<pb::RecordOutcomeResponse, Error> {
    let held = store::held(tx, id).await?;
    let inferred = held.document()?.outcome.filter(|outcome| outcome.source == Source::Inferred);
    if said.confirms && inferred.is_none() {
        let mut violations = Violations::default();
        violations.add("outcome.source", "must be STATED: no remittance has shown a decision");
        violations.into_result()?;
    }
    let act = if inferred.is_some() { Act::Confirm } else { Act::Decide };
    let mut row = acts::moved(held, etag, act)?;
    let mut document = row.document()?;
    let today = document.zone.day_of(tx.clock().now());
    let next = opened(&row, &document, said.decision, (&compiled, today))?;
    document.outcome = Some(Decided {
        kind: said.decision.kind,
        recovered_cents: said.decision.recovered.as_i64(),
        decided_on: said.decision.decided_on,
        rationale: said.rationale,
        untimely: said.untimely,
        source: if inferred.is_some() { Source::Confirmed } else { Source::Stated },
        remittance_file: inferred.and_then(|outcome| outcome.remittance_file),
    });
    document.next = next;
    row.document = document.encoded();
    let appeal = acts::written(tx, row, "appeal.decided").await?;
    Ok(pb::RecordOutcomeResponse { appeal: Some(appeal) })
}

/// The level that a decision opens by the active revision, with its window.
pub(crate) fn opened(
    row: &Row,
    document: &Document,
    decision: Decision,
    (compiled, today): (&Compiled, NaiveDate),
) -> Result<Option<Next>, Error> {
    let rules = &compiled.bundle().deadline_rules;
    let kept = &document.coverage;
    let coverage = Coverage { lob: kept.lob, payer: Some(&kept.payer), network: kept.network };
    let ladder = Ladder::of(rules, coverage, today);
    let sent = document.submissions.first().ok_or(Fault::Broken("an appeal that was not sent"))?;
    let appealed = Appealed {
        level: row.level()?,
        in_dispute: Cents::new(row.in_dispute_cents),
        filed_on: sent.filed_on,
    };
    let effect = decide(&ladder, appealed, decision, today).map_err(|wrong| {
        let mut violations = Violations::default();
        for one in wrong {
            violations.add(format!("outcome.{}", one.field), one.words);
        }
        violations.into_result().err().unwrap_or(Fault::Broken("a violation was lost"))
    })?;
    let Some(level) = effect.next else { return Ok(None) };
    let open = Open { level, previous: Some(row.id), decided_on: Some(decision.decided_on) };
    let began = Began { remitted_on: document.remitted_on, service_on: None };
    let starts = began.starts(&ladder, &open);
    let situation = Situation {
        lob: kept.lob,
        payer: Some(&kept.payer),
        network: kept.network,
        starts: &starts,
        zone: document.zone,
        today,
    };
    let book = RuleBook::new(rules);
    let window = of_denial(&book, &Wanted::any(level), &situation);
    let rung = ladder.rung(level).ok_or(Fault::Broken("a level without a rung"))?;
    let rule = window.deadline().and_then(|deadline| book.get(&deadline.rule));
    let rule = RuleFacts::of(rule.unwrap_or(rung.rule));
    Ok(Some(Next { level, window: window.into(), rule }))
}
