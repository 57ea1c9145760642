//! The decided claims of a file, a chunk at a time.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use futures::TryStreamExt;
use futures::stream::BoxStream;

use super::Desk;
use super::beside::beside;
use super::collect::{Collector, Ready};
use super::draft::{Draft, draft};
use crate::error::Error;
use ledger::files;
use ledger::transactions::Plan;

/// Claims decided before the database is looked after.
const DECIDED_AT_ONCE: usize = 32;

/// Reads a file from its beginning and decides what is planned.
pub(super) struct Source<'a> {
    desk: &'a Desk<'a>,
    stream: BoxStream<'static, Result<Bytes, originals::Error>>,
    /// `None` after the last byte.
    claims: Option<x12::Claims>,
    collector: Collector<'a>,
    /// Whether the change on trial has passed a limit.
    suspended: bool,
}

impl<'a> Source<'a> {
    pub(super) async fn open(
        desk: &'a Desk<'a>,
        plan: &'a BTreeMap<i64, Plan>,
    ) -> Result<Self, Error> {
        let received_on = desk.file.received_at.date_naive();
        Ok(Self {
            desk,
            stream: desk.intake.originals().read(&desk.file.object_path).await?,
            claims: Some(x12::Claims::new()),
            collector: Collector::new(desk.context, plan, received_on),
            suspended: false,
        })
    }

    /// The next chunk; `None` when all is read.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Draft>>, Error> {
        let limit = self.desk.intake.posting_claims();
        while self.collector.waiting() < limit && !self.collector.has_later_part() {
            if !self.advance().await? {
                break;
            }
        }
        let mut chunk = self.collector.chunk(limit);
        put_on_record(self.desk, &mut chunk).await?;
        let mut drafts = Vec::with_capacity(chunk.len());
        for ready in chunk {
            drafts.push(self.decide(ready));
            if drafts.len() % DECIDED_AT_ONCE == 0 {
                tokio::task::yield_now().await;
            }
        }
        Ok((!drafts.is_empty()).then_some(drafts))
    }

    /// Decides a part; a live one beside the change on trial too, or by it where it is a canary.
    fn decide(&self, ready: Ready) -> Draft {
        let live = self.desk.file.purpose == files::LIVE && !ready.part.is_reversal();
        let trial = self.desk.trial.filter(|_| live && !self.suspended);
        let Some((facts, by)) = self.desk.context.trial.as_ref().zip(trial) else {
            return draft(self.desk, ready);
        };
        let tally = beside(self.desk, by, &ready);
        let governing = &ready.governing;
        let facility = governing.facility.as_ref().map(|facility| facility.slug.as_str());
        let payer = governing.payer.as_ref().map(|payer| payer.slug.as_str());
        let decides = facts.decides(facility, payer);
        Draft { trial: tally, ..draft(if decides { by } else { self.desk }, ready) }
    }

    /// Decides what follows without the change on trial.
    pub(super) fn suspend(&mut self) {
        self.suspended = true;
    }

    /// Reads on; false after the last byte.
    async fn advance(&mut self) -> Result<bool, Error> {
        let Some(claims) = &mut self.claims else { return Ok(false) };
        let collector = &mut self.collector;
        let mut sink = |assembled: x12::Assembled<'_>| collector.take(assembled);
        match self.stream.try_next().await? {
            Some(bytes) => claims.push(&bytes, &mut sink),
            None => {
                if let Some(claims) = self.claims.take() {
                    claims.finish(&mut sink);
                }
            }
        }
        Ok(true)
    }
}

/// Looks up what partner systems know of the claims.
async fn put_on_record(desk: &Desk<'_>, chunk: &mut [Ready]) -> Result<(), Error> {
    let keys: BTreeSet<claim_context::Key> = chunk.iter().filter_map(Ready::context_key).collect();
    if keys.is_empty() {
        return Ok(());
    }
    let keys: Vec<claim_context::Key> = keys.into_iter().collect();
    let tx = desk.intake.database().read(desk.caller).await?;
    let known = claim_context::by_claims(&tx, &keys).await?;
    for ready in chunk {
        if let Some(known) = ready.context_key().and_then(|key| known.get(&key)) {
            ready.put_on_record(known);
        }
    }
    Ok(())
}
