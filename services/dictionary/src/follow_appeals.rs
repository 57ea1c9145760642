//! Dictionary follows the feed of appeals: what payers decide speaks for or against what entries
//! expect, and against deadline rules that were kept in vain.
//!
//! Only what somebody stated or confirmed counts, once an appeal and entry; what a remittance shows
//! counts when it is confirmed. An appeal that was won in part is won.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use contracts::events::v1 as pb;
use domain::dictionary::{ContentHash, Slug};
use drift::Outcome;
use feed::{Consumer, Events};
use futures::future::BoxFuture;
use platform::Env;
use platform::access::{Caller, Errand};
use platform::jobs::Job;
use platform::rejection::{Fault, Violations};
use platform::tenant_tx::TenantTx;
use platform::wire::Wire;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tonic::Status;
use uuid::Uuid;

use crate::compiled::RevisionName;
use crate::governance::{challenge_rule, record_outcomes};
use crate::{Dictionary, Error};

/// The job.
const KIND: &str = "dictionary.follow_appeals";
/// What it asks of appeals.
const SCOPES: [&str; 1] = ["appeals.watch_events"];

/// What it takes to follow.
#[derive(Clone)]
struct FollowAppeals {
    appeals: Wire,
    errand: Errand,
    dictionary: Dictionary,
}

/// The job that follows appeals, looking every so many seconds.
pub(crate) fn follow_appeals(env: &Env, dictionary: Dictionary, seconds: u16) -> Job {
    let every = TimeDelta::seconds(seconds.max(1).into());
    let follower = FollowAppeals {
        appeals: env.peer("appeals"),
        errand: env.errand("dictionary", &SCOPES),
        dictionary,
    };
    feed::job(KIND, env.database().clone(), every, move |_| {
        let follower = follower.clone();
        Box::pin(async move { Ok(follower) })
    })
}

/// Has a tenant's appeals followed from its first revision on.
pub(crate) async fn begin_to_follow(tx: &TenantTx) -> Result<(), Fault> {
    feed::begin(tx, KIND).await
}

impl Consumer for FollowAppeals {
    fn name(&self) -> &'static str {
        "dictionary.appeals"
    }

    fn open<'a>(&'a self, caller: &'a Caller, seq: i64) -> BoxFuture<'a, Result<Events, Status>> {
        feed::of_appeals(&self.appeals, &self.errand, (caller, seq), &["appeal.decided"])
    }

    fn effect<'a>(
        &'a self,
        tx: &'a TenantTx,
        event: &'a pb::Event,
    ) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(async move {
            let said: Said = serde_json::from_str(&event.payload_json)
                .map_err(|_| Fault::Broken("a decision does not read"))?;
            if said.source == "INFERRED" {
                return Ok(());
            }
            let learned = self.learn(tx, event, &said).await;
            learned.map_err(|error| error.of_job("a decision asks what cannot be done"))
        })
    }
}

/// What a decision says, as far as the dictionary needs it.
#[derive(Debug, Deserialize)]
struct Said {
    outcome: String,
    source: String,
    decided_on: NaiveDate,
    #[serde(default)]
    entries: Vec<String>,
    first_filed_on: Option<NaiveDate>,
    /// The last day, and the rule that it rests on.
    due_on: Option<NaiveDate>,
    #[serde(default)]
    rule: String,
    #[serde(default)]
    days_late: i64,
    #[serde(default)]
    untimely: bool,
}

impl FollowAppeals {
    async fn learn(&self, tx: &TenantTx, event: &pb::Event, said: &Said) -> Result<(), Error> {
        let appeal = Uuid::try_parse(&event.subject);
        let appeal = appeal.map_err(|_| Fault::Broken("a decision on no appeal"))?;
        let active = self.dictionary.ready(tx.caller(), &RevisionName::Active).await?;
        let revision: Option<ContentHash> = event.dictionary_revision.parse().ok();
        if let Some(hash) = revision {
            let ready = self.dictionary.ready(tx.caller(), &RevisionName::Hash(hash)).await?;
            let outcomes = outcomes(appeal, hash, said, tx.clock().now());
            let bundles = [(hash, ready.compiled.bundle())].into();
            // What is no entry of the revision any more says nothing.
            let judged = drift::with_entries(outcomes, &bundles, &mut Violations::default());
            let fresh = drift::fresh(tx, judged).await?;
            if !fresh.is_empty() {
                record_outcomes(tx, fresh, active.clone()).await?;
            }
        }
        let filed = said.first_filed_on.zip(said.due_on);
        if let (true, 0, Some((filed_on, last_day))) = (said.untimely, said.days_late, filed) {
            let kept = Kept { appeal, filed_on, last_day, decided_on: said.decided_on };
            challenge_rule(tx, &active, &said.rule, &kept).await?;
        }
        Ok(())
    }
}

/// An appeal that was in time by a rule, and that the payer called too late.
pub(crate) struct Kept {
    pub(crate) appeal: Uuid,
    pub(crate) filed_on: NaiveDate,
    pub(crate) last_day: NaiveDate,
    pub(crate) decided_on: NaiveDate,
}

/// What a decision says of each entry.
fn outcomes(appeal: Uuid, revision: ContentHash, said: &Said, now: DateTime<Utc>) -> Vec<Outcome> {
    let overturned = matches!(said.outcome.as_str(), "OVERTURNED" | "PARTIALLY_OVERTURNED");
    let days = said.first_filed_on.map(|filed_on| (said.decided_on - filed_on).num_days());
    let decided_at = said.decided_on.and_time(NaiveTime::MIN).and_utc().min(now);
    let entries = said.entries.iter().filter_map(|entry| Slug::new(entry.clone()).ok());
    let outcome = |entry: Slug| Outcome {
        id: id(appeal, &entry),
        entry,
        revision,
        overturned,
        decision_days: days.and_then(|days| u32::try_from(days).ok()),
        decided_at,
    };
    entries.map(outcome).collect()
}

/// The same appeal and entry are the same outcome, whoever tells of them however often.
fn id(appeal: Uuid, entry: &Slug) -> Uuid {
    let hash = Sha256::new().chain_update(appeal.as_bytes()).chain_update(entry.as_str());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
