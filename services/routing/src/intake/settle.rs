//! Ends the survey: quarantine, or a row for each transaction that is to be posted.

use std::collections::BTreeMap;

use platform::events::Event;
use serde_json::json;
use uuid::Uuid;

use super::survey::Survey;
use super::{Desk, JOB, unknown_payer};
use crate::error::Error;
use ledger::entity::transaction;
use ledger::{files, transactions};

/// Surveys the file and moves it to PARSED or QUARANTINED.
pub(super) async fn settle(desk: &Desk<'_>) -> Result<(), Error> {
    let mut survey = Survey::new(desk.context, desk.file.received_at.date_naive());
    desk.survey(&mut |assembled| survey.take(assembled)).await?;
    survey.finish(desk.file.size_bytes.unsigned_abs());
    if survey.refused { quarantine(desk, &survey).await } else { open(desk, survey).await }
}

async fn quarantine(desk: &Desk<'_>, survey: &Survey<'_>) -> Result<(), Error> {
    let tx = desk.intake.database().begin(desk.caller).await?;
    if !files::advance(&tx, desk.file, files::QUARANTINED, &survey.report).await? {
        return Ok(());
    }
    tx.done(JOB, desk.file.id).await?;
    let payload = json!({
        "findings": survey.report.finding_count,
        "first": survey.report.findings.iter().find(|f| f.severity == "ERROR").map(|f| &f.code),
    });
    let event = Event {
        kind: "remittance.quarantined",
        subject: desk.file.id,
        revision: String::new(),
        payload: payload.to_string().into_bytes(),
    };
    tx.emit(super::FEED, vec![event]).await?;
    Ok(tx.commit().await?)
}

async fn open(desk: &Desk<'_>, mut survey: Survey<'_>) -> Result<(), Error> {
    let tx = desk.intake.database().begin(desk.caller).await?;
    let remittances = std::mem::take(&mut survey.remittances);
    let hashes = remittances.iter().map(|found| found.canonical_sha256.clone()).collect();
    let mut owners = transactions::owners(&tx, hashes).await?;
    let traces = remittances.iter().map(|found| found.trace.clone()).collect();
    let traced = transactions::traced(&tx, traces).await?;
    let mut reused: BTreeMap<(String, String), String> =
        traced.into_iter().map(|row| ((row.payer_slug, row.trace), row.canonical_sha256)).collect();
    unknown_payer::settle(desk, &tx, &remittances).await?;
    let mut rows = Vec::new();
    for found in remittances {
        if let Some(owner) = owners.get(&found.canonical_sha256) {
            survey.report.counts.duplicate_transactions += 1;
            if let Some(at) = found.reported {
                survey.report.transactions[at].duplicate_of = *owner;
            }
            let text = "the same transaction was taken in before; it has no second effect";
            survey.note("duplicate-transaction", "NOTE", (found.offset, "ST"), text);
            continue;
        }
        owners.insert(found.canonical_sha256.clone(), desk.file.id);
        let payer_slug = found.payer.map(|payer| payer.slug.clone()).unwrap_or_default();
        let trace = (payer_slug.clone(), found.trace.clone());
        if !found.trace.is_empty() {
            let before = reused.insert(trace, found.canonical_sha256.clone());
            if before.is_some_and(|hash| hash != found.canonical_sha256) {
                let text = "this payer used the trace number before for another content";
                survey.note("trace-reused", "WARNING", (found.trace_offset, "TRN"), text);
            }
        }
        rows.push(ledger::set::<transaction::ActiveModel>(transaction::Model {
            tenant_id: Uuid::nil(),
            id: platform::ids::new(),
            file_id: desk.file.id,
            ordinal: found.ordinal,
            canonical_sha256: found.canonical_sha256,
            trace: found.trace,
            payer_id: found.payer.map_or(Uuid::nil(), |payer| payer.id),
            payer_slug,
            payer_name: found.payer_name,
            paid_cents: found.paid_cents,
            remit_on: found.remit_on,
            claims: found.claims,
            posted_parts: 0,
            denials: 0,
            exceptions: 0,
            work_items: 0,
            state: transactions::OPEN.to_owned(),
        }));
    }
    if !files::advance(&tx, desk.file, files::PARSED, &survey.report).await? {
        return Ok(());
    }
    tx.insert_all(rows).await.map_err(ledger::contended)?;
    Ok(tx.commit().await?)
}
