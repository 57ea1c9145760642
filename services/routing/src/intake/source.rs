//! The decided claims of a file, a chunk at a time.

use std::collections::BTreeMap;

use bytes::Bytes;
use futures::TryStreamExt;
use futures::stream::BoxStream;

use super::Desk;
use super::collect::Collector;
use super::draft::{Draft, draft};
use crate::error::Error;
use ledger::transactions::Plan;

/// Claims decided before the database is looked after.
const DECIDED_AT_ONCE: usize = 32;

/// Reads a file from its beginning and decides what is planned.
pub(super) struct Source<'a> {
    desk: &'a Desk<'a>,
    stream: BoxStream<'static, Result<Bytes, Error>>,
    /// `None` after the last byte.
    claims: Option<x12::Claims>,
    collector: Collector<'a>,
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
        let chunk = self.collector.chunk(limit);
        let mut drafts = Vec::with_capacity(chunk.len());
        for ready in chunk {
            drafts.push(draft(self.desk, ready));
            if drafts.len() % DECIDED_AT_ONCE == 0 {
                tokio::task::yield_now().await;
            }
        }
        Ok((!drafts.is_empty()).then_some(drafts))
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
