//! Routing follows the feed of appeals: what is filed waits, what is refused opens, what is won
//! ends.
//!
//! Neither service writes in the other: each reads the other's feed on duty, and what an event does
//! here commits with the place in the feed. A decision that was inferred from a remittance does
//! nothing: it was inferred from what routing did with it.

use chrono::{NaiveDate, TimeDelta};
use contracts::events::v1 as pb;
use domain::deadline::Deadline;
use domain::money::Cents;
use feed::{Consumer, Events};
use futures::future::BoxFuture;
use platform::Env;
use platform::access::{Caller, Errand};
use platform::jobs::Job;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use platform::wire::Wire;
use queues::{Appealed, Decided, What};
use serde::Deserialize;
use tonic::Status;
use uuid::Uuid;

use crate::RoutingSettings;

/// The job.
const KIND: &str = "routing.follow_appeals";
/// What it asks of appeals.
const SCOPES: [&str; 1] = ["appeals.watch_events"];

/// What it takes to follow.
#[derive(Clone)]
struct FollowAppeals {
    appeals: Wire,
    errand: Errand,
    write_off_limit: Cents,
}

/// The job that follows appeals, looking as often as the options say.
pub(crate) fn follow_appeals(env: &Env, settings: &RoutingSettings, write_off_limit: Cents) -> Job {
    let every = TimeDelta::seconds(settings.follow_seconds.max(1).into());
    let follower = FollowAppeals {
        appeals: env.peer("appeals"),
        errand: env.errand("routing", &SCOPES),
        write_off_limit,
    };
    feed::job(KIND, env.database().clone(), every, move |_| {
        let follower = follower.clone();
        Box::pin(async move { Ok(follower) })
    })
}

/// Has a tenant's appeals followed from now on.
pub(crate) async fn begin_to_follow(tx: &TenantTx) -> Result<(), Fault> {
    feed::begin(tx, KIND).await
}

impl Consumer for FollowAppeals {
    fn name(&self) -> &'static str {
        "routing.appeals"
    }

    fn open<'a>(&'a self, caller: &'a Caller, seq: i64) -> BoxFuture<'a, Result<Events, Status>> {
        feed::of_appeals(&self.appeals, &self.errand, (caller, seq), &[])
    }

    fn effect<'a>(
        &'a self,
        tx: &'a TenantTx,
        event: &'a pb::Event,
    ) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(async move {
            let Some(told) = told(event)? else { return Ok(()) };
            queues::appealed(tx, &told, KIND, self.write_off_limit).await
        })
    }
}

/// What an event of appeals says, as far as routing needs it.
#[derive(Debug, Deserialize)]
struct Said {
    denials: Vec<Uuid>,
    path: String,
    #[serde(default)]
    by: String,
    first_filed_on: Option<NaiveDate>,
    outcome: Option<String>,
    source: Option<String>,
    recovered_cents: Option<i64>,
    next: Option<NextLevel>,
    #[serde(default)]
    words: String,
}

#[derive(Debug, Deserialize)]
struct NextLevel {
    deadline: Option<Box<Deadline>>,
}

/// What an event means for work; `None` for what means nothing.
fn told(event: &pb::Event) -> Result<Option<Appealed>, Fault> {
    let read = |why| Fault::Broken(why);
    let said: Said = serde_json::from_str(&event.payload_json)
        .map_err(|_| read("an event of appeals does not read"))?;
    let appeal = Uuid::try_parse(&event.subject).map_err(|_| read("an event of no appeal"))?;
    let what = match event.r#type.as_str() {
        "appeal.created" => What::Told("opened".to_owned()),
        "appeal.submitted" => {
            What::Filed(said.first_filed_on.ok_or(read("a filing without its day"))?)
        }
        "appeal.acknowledged" => What::Told("the payer says that it has it".to_owned()),
        "appeal.sign_off_requested" => What::Told("it is before its reviewers".to_owned()),
        "appeal.signed_off" => What::Told(format!("{} approved", said.words)),
        "appeal.declined" => What::Told(format!("{} declined: write it anew", said.words)),
        "peer_to_peer.recorded" if said.outcome.as_deref() == Some("OVERTURNED") => {
            What::Promised(said.first_filed_on.ok_or(read("a call without its day"))?)
        }
        "peer_to_peer.recorded" => What::Told(said.words),
        "appeal.returned" => What::Returned,
        "appeal.withdrawn" => What::Withdrawn,
        "appeal.reminded" | "appeal.expired" => What::Told(said.words),
        "appeal.taken_back" => What::Told("the payer took back what it had paid".to_owned()),
        "appeal.decided" if said.source.as_deref() != Some("INFERRED") => {
            let kind = said.outcome.ok_or(read("a decision without its kind"))?;
            What::Decided(Decided {
                overturned: kind == "OVERTURNED",
                recovered_cents: said.recovered_cents.unwrap_or_default(),
                words: kind.to_lowercase().replace('_', " "),
                next: said.next.and_then(|next| next.deadline),
            })
        }
        _ => return Ok(None),
    };
    let level = said.path.replace('_', " ");
    Ok(Some(Appealed { appeal, level, denials: said.denials, by: said.by, what }))
}
