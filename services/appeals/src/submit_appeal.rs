use std::collections::BTreeSet;

use chrono::NaiveDate;
use contracts::appeals::v1::{SubmissionChannel, SubmitAppealRequest, SubmitAppealResponse};
use contracts::routing::v1::EvidenceState;
use domain_appeals::filing::{CannotFile, Filing, judge};
use domain_appeals::state::{Act, State};
use platform::access::Caller;
use platform::idempotency::Once;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use uuid::Uuid;

use crate::face::id_in;
use crate::store::{self, Sent};
use crate::{Appeals, Error, acts};

/// The most characters of what proves a sending.
const CONFIRMATION_MAX: usize = 100;
/// The most characters of a cause.
const CAUSE_MAX: usize = 4_000;

/// A sending as it is said.
struct Said {
    channel: String,
    filed_on: NaiveDate,
    confirmation_number: String,
    good_cause: String,
}

impl Appeals {
    /// Records that an appeal was sent, once everything it needs is on file.
    ///
    /// # Errors
    /// When the etag is stale, it was sent before, something is missing, the day or the proof
    /// cannot be so, or the database fails.
    pub(crate) async fn submit_appeal(
        &self,
        caller: &Caller,
        request: SubmitAppealRequest,
    ) -> Result<SubmitAppealResponse, Error> {
        let once = Once::of(&request.request_id, &request)?;
        let id = id_in("id", &request.id)?;
        let mut violations = Violations::default();
        violations.text("etag", &request.etag, 64);
        let said = said(request.submission.unwrap_or_default(), &mut violations);
        violations.into_result()?;
        let said = said.ok_or(Fault::Broken("a violation was lost"))?;
        let missing = self.missing(caller, id, &request.etag).await?;
        if request.validate_only {
            let tx = self.database.begin(caller).await?;
            return write(&tx, (id, &request.etag), said, missing).await;
        }
        self.database
            .mutate(caller, once, move |tx| {
                Box::pin(async move { write(tx, (id, &request.etag), said, missing).await })
            })
            .await
    }

    /// What an appeal needs and nobody has put on file, in words. Nothing is asked about another
    /// version of it than the one that is named: a change of its denials makes that stale.
    async fn missing(&self, caller: &Caller, id: Uuid, etag: &str) -> Result<Vec<String>, Error> {
        let (case, document) = {
            let tx = self.database.read(caller).await?;
            let row = store::find(&tx, id).await?.ok_or(Fault::NotFound)?;
            if row.version.to_string() != etag || row.state()?.after(Act::Submit).is_err() {
                return Ok(Vec::new());
            }
            (row.case_id, row.document()?)
        };
        if document.wanted.is_empty() {
            return Ok(Vec::new());
        }
        let denials = self.peers.denials(caller, &document.denial_ids).await?;
        let items: BTreeSet<String> = denials
            .into_iter()
            .map(|denial| denial.work_item_id)
            .filter(|item| !item.is_empty())
            .collect();
        let (mut asked, mut on_file) = (BTreeSet::new(), BTreeSet::new());
        for item in items {
            for held in self.peers.checklist(caller, &item).await? {
                if matches!(held.state(), EvidenceState::Present | EvidenceState::Waived) {
                    on_file.insert(held.standard.clone());
                }
                asked.insert(held.standard);
            }
        }
        // Work whose stop was lifted asks for other things, or for nothing: there what was put on
        // file for the claim counts by itself.
        if document.wanted.iter().any(|wanted| !asked.contains(&wanted.standard)) {
            let documents = self.peers.documents(caller, case).await?;
            let sound = documents.into_iter().filter(|document| !document.media_type.is_empty());
            let named = sound.flat_map(|document| document.standards);
            on_file.extend(named.filter(|standard| !asked.contains(standard)));
        }
        let missing = document.wanted.iter().filter(|wanted| !on_file.contains(&wanted.standard));
        Ok(missing.map(|wanted| format!("`{}`: {}", wanted.standard, wanted.title)).collect())
    }
}

fn said(sent: contracts::appeals::v1::Submission, violations: &mut Violations) -> Option<Said> {
    let channel = match sent.channel() {
        SubmissionChannel::Unspecified => {
            violations.add("submission.channel", "must be PORTAL, FAX, MAIL or ELECTRONIC");
            String::new()
        }
        channel => channel.as_str_name().trim_start_matches("SUBMISSION_CHANNEL_").to_owned(),
    };
    let filed_on = acts::day_in("submission.filed_on", sent.filed_on, violations);
    let confirmation_number = sent.confirmation_number.trim().to_owned();
    violations.text("submission.confirmation_number", &confirmation_number, CONFIRMATION_MAX);
    if !sent.proof_document_id.is_empty() {
        violations.add("submission.proof_document_id", "must be empty: the number is the proof");
    }
    if sent.good_cause.chars().count() > CAUSE_MAX {
        let words = format!("is longer than {CAUSE_MAX} characters");
        violations.add("submission.good_cause", words);
    }
    let good_cause = sent.good_cause.trim().to_owned();
    Some(Said { channel, filed_on: filed_on?, confirmation_number, good_cause })
}

async fn write(
    tx: &TenantTx,
    (id, etag): (Uuid, &str),
    said: Said,
    missing: Vec<String>,
) -> Result<SubmitAppealResponse, Error> {
    let held = store::held(tx, id).await?;
    if held.state()? == State::Expired && !store::has_lines(tx, id).await? {
        return Err(Error::Replaced);
    }
    let mut row = match acts::moved(held, etag, Act::Submit) {
        Err(Error::Transition(refused)) if is_sent(refused.from) => {
            return Err(Error::AlreadySubmitted(refused.from));
        }
        begun => begun?,
    };
    if !missing.is_empty() {
        return Err(Error::Incomplete(missing.join("; ")));
    }
    let mut document = row.document()?;
    let now = tx.clock().now();
    let (deadline, today) = (document.window.deadline(), document.zone.day_of(now));
    let first = document.submissions.first().map(|sent| sent.filed_on);
    let filing = Filing { filed_on: said.filed_on, good_cause: &said.good_cause };
    let judged = match judge(deadline, document.remitted_on, first, today, filing) {
        Err(CannotFile::InTheFuture(_)) => {
            let mut violations = Violations::default();
            violations.add("submission.filed_on", "lies in the future where the payer is");
            return Err(violations
                .into_result()
                .map_or_else(Error::from, |()| Fault::Broken("a violation was lost").into()));
        }
        judged => judged.map_err(Error::Filing)?,
    };
    if !store::prove(tx, &row, &said.confirmation_number).await? {
        return Err(Error::ProofReused);
    }
    document.submissions.push(Sent {
        channel: said.channel,
        filed_on: said.filed_on,
        confirmation_number: said.confirmation_number,
        good_cause: said.good_cause,
        days_late: judged.days_late,
        sent_by: tx.caller().actor().to_owned(),
        at: now,
    });
    row.document = document.encoded();
    Ok(SubmitAppealResponse { appeal: Some(acts::written(tx, row, "appeal.submitted").await?) })
}

/// Whether it was sent, so that it cannot be sent once more.
fn is_sent(state: State) -> bool {
    matches!(state, State::Submitted | State::Acknowledged | State::Decided)
}
