//! Appeals follow the feed of routing: what a later remittance makes of denials decides the appeals
//! that they are in, until a person confirms it; what is taken back opens them again.

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use contracts::events::v1 as pb;
use contracts::routing::v1::WatchEventsRequest;
use contracts::routing::v1::routing_service_client::RoutingServiceClient;
use domain::dictionary::Compiled;
use domain::money::Cents;
use domain_appeals::inferred::{Answer, Answered, infer};
use domain_appeals::outcome::{Decision, Source};
use domain_appeals::state::{Act, State};
use feed::{Consumer, Events};
use futures::future::BoxFuture;
use futures::{StreamExt, TryStreamExt};
use platform::Env;
use platform::access::{Caller, Errand};
use platform::jobs::Job;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use platform::wire::Wire;
use serde::Deserialize;
use tonic::Status;
use uuid::Uuid;

use crate::peers::Peers;
use crate::record_outcome::opened;
use crate::store::{self, Decided, Heard, Row};
use crate::{Error, acts};

/// The job.
const KIND: &str = "appeals.follow_routing";
/// What it asks of peers.
const SCOPES: [&str; 2] = ["routing.watch_events", "dictionary.get_compiled_revision"];

#[derive(Clone)]
struct FollowRouting {
    routing: Wire,
    errand: Errand,
    peers: Peers,
    /// What the levels are read from; `None` where no revision is active.
    compiled: Option<Arc<Compiled>>,
}

/// The job that follows routing, looking every so often.
pub(crate) fn follow_routing(env: &Env, peers: Peers, every: TimeDelta) -> Job {
    let follower = FollowRouting {
        routing: env.peer("routing"),
        errand: env.errand("appeals", &SCOPES),
        peers,
        compiled: None,
    };
    feed::job(KIND, env.database().clone(), every, move |caller| {
        let mut follower = follower.clone();
        Box::pin(async move {
            let asking = follower.errand.of(&caller);
            follower.compiled = match follower.peers.active(&asking).await {
                Ok(compiled) => Some(compiled),
                Err(Error::NoActiveRevision) => None,
                Err(error) => return Err(error.of_job("the active revision cannot be read")),
            };
            Ok(follower)
        })
    })
}

/// Has routing followed for a tenant from its first appeal on.
pub(crate) async fn begin_to_follow(tx: &TenantTx) -> Result<(), Fault> {
    feed::begin(tx, KIND).await
}

impl Consumer for FollowRouting {
    fn name(&self) -> &'static str {
        "appeals.routing"
    }

    fn open<'a>(&'a self, caller: &'a Caller, seq: i64) -> BoxFuture<'a, Result<Events, Status>> {
        let mut routing =
            RoutingServiceClient::new(self.routing.as_caller(&self.errand.of(caller)));
        Box::pin(async move {
            let request =
                WatchEventsRequest { after_seq: seq, stop_at_end: true, ..Default::default() };
            let events = routing.watch_events(request).await?.into_inner();
            Ok(events.map_ok(|answer| answer.event.unwrap_or_default()).boxed())
        })
    }

    fn effect<'a>(
        &'a self,
        tx: &'a TenantTx,
        event: &'a pb::Event,
    ) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(async move {
            let Some((denial, heard)) = heard(event)? else { return Ok(()) };
            for appeal in store::appeals_of(tx, denial).await? {
                let hears = self.hear(tx, appeal, denial, heard.as_ref()).await;
                let what = "a remittance asks of an appeal what it cannot do";
                hears.map_err(|error| error.of_job(what))?;
            }
            Ok(())
        })
    }
}

impl FollowRouting {
    /// Notes what a payer said of a denial, or that it took that back, and what follows.
    async fn hear(
        &self,
        tx: &TenantTx,
        appeal: Uuid,
        denial: Uuid,
        heard: Option<&Heard>,
    ) -> Result<(), Error> {
        let mut row = store::held(tx, appeal).await?;
        let mut document = row.document()?;
        let before = document.heard.clone();
        document.heard.retain(|one| one.denial != denial);
        document.heard.extend(heard.cloned());
        if document.heard == before {
            return Ok(());
        }
        row.document = document.encoded();
        match row.state()? {
            State::Submitted | State::Acknowledged => self.decide(tx, row).await,
            State::Decided if heard.is_none() => take_back(tx, row).await,
            _ => Ok(acts::kept(tx, row).await.map(drop)?),
        }
    }

    /// Decides an appeal once each of its denials has an answer.
    async fn decide(&self, tx: &TenantTx, mut row: Row) -> Result<(), Error> {
        let mut document = row.document()?;
        let said = |denial: &Uuid| document.heard.iter().find(|one| one.denial == *denial);
        let answers: Vec<Option<Answered>> = document
            .denial_ids
            .iter()
            .map(|denial| said(denial).map(|one| one.answered(document.remitted_on)))
            .collect();
        let sent = document.submissions.first().ok_or(Fault::Broken("sent without a sending"))?;
        let Some(decision) = infer(&answers, sent.filed_on) else {
            return Ok(acts::kept(tx, row).await.map(drop)?);
        };
        let today = document.zone.day_of(tx.clock().now());
        let decision = Decision { decided_on: decision.decided_on.min(today), ..decision };
        if let Some(compiled) = &self.compiled {
            document.next = opened(&row, &document, decision, (compiled, today)).unwrap_or(None);
        }
        let file = document.heard.iter().rev().find_map(|one| one.file);
        document.outcome = Some(Decided {
            kind: decision.kind,
            recovered_cents: decision.recovered.as_i64(),
            decided_on: decision.decided_on,
            rationale: String::new(),
            untimely: false,
            source: Source::Inferred,
            remittance_file: file,
        });
        row.state = row.state()?.after(Act::Decide)?.as_str().to_owned();
        row.document = document.encoded();
        acts::told(tx, row, "appeal.decided", "").await?;
        Ok(())
    }
}

/// Opens an appeal again whose money the payer took back; one that was refused stays so.
async fn take_back(tx: &TenantTx, mut row: Row) -> Result<(), Error> {
    let mut document = row.document()?;
    let Some(outcome) = document.outcome.take_if(|outcome| outcome.recovered_cents > 0) else {
        return Ok(acts::kept(tx, row).await.map(drop)?);
    };
    document.former_outcomes.push(outcome);
    document.taken_back_on = Some(document.zone.day_of(tx.clock().now()));
    document.next = None;
    row.state = row.state()?.after(Act::TakeBack)?.as_str().to_owned();
    row.document = document.encoded();
    acts::told(tx, row, "appeal.taken_back", "").await?;
    Ok(())
}

/// What routing tells of a denial that a remittance was about.
#[derive(Debug, Deserialize)]
struct Said {
    #[serde(default)]
    state: String,
    #[serde(default)]
    recovered_cents: i64,
    remitted_on: Option<NaiveDate>,
    remittance_file: Option<Uuid>,
    claim_occurrence: Option<Uuid>,
}

/// A denial and what a remittance said of it, or nothing where it took that back; `None` for what
/// no remittance did.
fn heard(event: &pb::Event) -> Result<Option<(Uuid, Option<Heard>)>, Fault> {
    let kind = event.r#type.as_str();
    if !["denial.settled", "denial.reopened", "denial.reversed"].contains(&kind) {
        return Ok(None);
    }
    let said: Said = serde_json::from_str(&event.payload_json)
        .map_err(|_| Fault::Broken("an event of routing does not read"))?;
    let denial =
        Uuid::try_parse(&event.subject).map_err(|_| Fault::Broken("an event of no denial"))?;
    if kind != "denial.settled" {
        return Ok(Some((denial, None)));
    }
    if said.claim_occurrence.is_none() {
        // A person ended its work: what the payer said of it is yet to come.
        return Ok(None);
    }
    let answer = match said.state.as_str() {
        "OVERTURNED" | "CORRECTED" => Answer::Paid,
        "PARTIALLY_OVERTURNED" => Answer::PaidInPart,
        _ => Answer::Refused,
    };
    let heard = Heard {
        denial,
        answer,
        recovered_cents: said.recovered_cents,
        on: said.remitted_on,
        file: said.remittance_file,
    };
    Ok(Some((denial, Some(heard))))
}

impl Heard {
    /// As the rules take it; an answer without its day is as old as the refusal.
    fn answered(&self, remitted_on: NaiveDate) -> Answered {
        Answered {
            answer: self.answer,
            recovered: Cents::new(self.recovered_cents),
            on: self.on.unwrap_or(remitted_on),
        }
    }
}
