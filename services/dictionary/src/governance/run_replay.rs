use std::time::{Duration, Instant};

use contracts::dictionary::v1::{CheckFinding, ReplaySummary, RunReplayRequest, RunReplayResponse};
use contracts::jobs::v1::JobState;
use domain_governance::ballot::CheckKind;
use platform::access::Caller;
use platform::jobs::Record;
use platform::rejection::Fault;

use super::checks::{Found, Subject};
use crate::{Dictionary, Error};

/// How often the replay is looked at where it runs.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How often its progress is passed on at most; a cancellation is noticed then.
const TELL_EVERY: Duration = Duration::from_secs(1);

impl Dictionary {
    /// Replays the tenant's history under a change, where the history lives.
    pub(crate) async fn run_replay(
        &self,
        caller: &Caller,
        request: RunReplayRequest,
    ) -> Result<RunReplayResponse, Error> {
        let of = (request.change_request_id.as_str(), request.request_id.as_str());
        self.run_check(caller, &request, of, CheckKind::Replay, |this, caller, subject, record| {
            Box::pin(async move { this.replay(&caller, subject, &record).await })
        })
        .await
    }

    async fn replay(
        &self,
        caller: &Caller,
        subject: Subject,
        record: &Record,
    ) -> Result<Found, Error> {
        let draft = subject.draft.canonical();
        let draft = draft.map_err(|_| Fault::Broken("a draft has no canonical form"))?;
        let base = subject.matter.row.base_revision.clone();
        let mut job = self.peers.replay(caller, base, draft.into_bytes()).await?;
        let mut told = (Instant::now(), (0, 0));
        while job.state() == JobState::Running || job.state() == JobState::Queued {
            tokio::time::sleep(LOOK_EVERY).await;
            job = self.peers.replay_job(caller, &job.id).await?;
            if told.1 == (job.done, job.total) || told.0.elapsed() < TELL_EVERY {
                continue;
            }
            told = (Instant::now(), (job.done, job.total));
            if !self.database.tell_job(caller, record.id, job.done, job.total).await? {
                self.peers.cancel_replay(caller, &job.id).await?;
                return Err(Fault::NotFound.into());
            }
        }
        if job.state() != JobState::Succeeded {
            return Err(Error::ReplayFailed(job.failure_text));
        }
        let summary = self.peers.replay_summary(caller, &job.result_id).await?;
        Ok(Found {
            passed: summary.deterministic,
            findings: findings(&summary),
            replay: Some(summary),
        })
    }
}

/// What the ballot says of a replay beside its figures.
fn findings(summary: &ReplaySummary) -> Vec<CheckFinding> {
    let finding = |code: &str, blocking: bool, words: String| CheckFinding {
        code: code.to_owned(),
        blocking,
        slug: String::new(),
        words,
    };
    let mut findings = Vec::new();
    if !summary.deterministic {
        let words = "two runs over the same history came to different decisions".to_owned();
        findings.push(finding("not_deterministic", true, words));
    }
    if summary.denial_count == 0 {
        let words = "there is no history: nothing says what the change would have done".to_owned();
        findings.push(finding("short_history", false, words));
    } else if summary.short_history {
        let words = "there are fewer than 90 days of history: rare denials may be missing from it";
        findings.push(finding("short_history", false, words.to_owned()));
    }
    if summary.missed_deadline_count > 0 {
        let words = format!(
            "deadlines that are open today would have passed: {}",
            summary.missed_deadline_count
        );
        findings.push(finding("missed_deadlines", false, words));
    }
    findings
}
