//! The half of a replay that reads: one state of the database, page by page.

use std::collections::{BTreeMap, BTreeSet};

use contracts::dictionary::v1 as dictionary;
use domain_governance::replay::{Example, History, Span};
use platform::access::Caller;
use platform::jobs::Record;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::deciding::{Piece, Question, Residual, decide};
use crate::replay_revision::Asked;
use crate::store::entity::denial;
use crate::store::key;
use crate::telling::Teller;
use crate::wire::{count, today};
use crate::{FromTo, OpenItem, Replays, store, summary};

/// Signatures a page.
const SIGNATURES: u64 = 5_000;
/// Denials a page.
const DENIALS: u64 = 10_000;
/// Residual signatures that are asked for at once.
const RESIDUALS: usize = 500;
/// Pages that wait to be decided.
const PAGES: usize = 2;
/// How many denials go by before progress is told.
const TELL_EVERY: i64 = 100_000;

/// Why a replay has no result.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// It was cancelled, or took too long.
    Ended,
    /// The process ends.
    Stopping,
    /// The half that decides left, and says why itself.
    Left,
    /// It failed.
    Failed(Fault),
}

impl<E: Into<Fault>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Replays {
    /// Replays history and answers the summary of the contract.
    pub(crate) async fn found(
        &self,
        caller: &Caller,
        record: &Record,
        asked: &Asked,
        cancel: &CancellationToken,
    ) -> Result<dictionary::ReplaySummary, Stopped> {
        let tx = self.database.read_still(caller).await?;
        let today = today(self.database.clock());
        let span = Span::until(today, asked.starts_on);
        let days = [span.first.first_day(), span.last.last_day()];
        let [starts_on, ends_on] = (self.ledger.days)(&tx, days).await?.unwrap_or([today; 2]);
        let question = Question {
            revisions: asked.revisions.clone(),
            today,
            history: History { starts_on, ends_on },
        };
        let (pieces, inbox) = mpsc::channel(PAGES);
        let deciding = tokio::task::spawn_blocking(move || decide(&question, inbox));
        let teller = Teller::of(&self.database, caller, record.id);
        let how_far = HowFar::default();
        let reader = Reader { replays: self, teller, cancel, tx, pieces, how_far };
        let read = reader.read(span, days).await;
        let found = deciding.await.map_err(|_| Fault::Broken("a replay panicked"))?;
        let tx = match read {
            Err(Stopped::Left) => None,
            read => Some(read?),
        };
        let (found, Some(tx)) = (found?, tx) else { return Err(Stopped::Left) };
        let examples = examples(&tx, &found.summary.examples, days).await?;
        Ok(summary::of(found, examples))
    }
}

/// How far a replay is, in denials.
#[derive(Debug, Default)]
struct HowFar {
    done: i64,
    total: i64,
    /// Read since it was told last.
    since: i64,
}

/// A replay that is being read.
struct Reader<'r> {
    replays: &'r Replays,
    teller: Teller,
    cancel: &'r CancellationToken,
    tx: TenantTx,
    pieces: mpsc::Sender<Piece>,
    how_far: HowFar,
}

impl Reader<'_> {
    /// Hands everything on; the transaction is still good for more of the same state.
    async fn read(mut self, span: Span, days: FromTo) -> Result<TenantTx, Stopped> {
        let residual = self.signatures(span).await?;
        self.tell();
        for some in batches(&residual) {
            match some {
                [one] if one.denials > DENIALS => self.many(*one, days).await?,
                some => self.few(some, days).await?,
            }
        }
        self.open_items().await?;
        Ok(self.tx)
    }

    async fn signatures(&mut self, span: Span) -> Result<Vec<Residual>, Stopped> {
        let mut after = None;
        loop {
            let page = store::signatures(&self.tx, span, after, SIGNATURES).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.key);
            let denials = page.iter().map(|one| count(one.denials)).sum::<i64>();
            self.how_far.total += denials;
            self.hand_on(Piece::Signatures(page), denials).await?;
        }
        let (ask, answer) = oneshot::channel();
        self.hand_on(Piece::Residual(ask), 0).await?;
        let residual = answer.await.map_err(|_| Stopped::Left)?;
        let left = residual.iter().map(|one| count(one.denials)).sum::<i64>();
        self.how_far.done = self.how_far.total - left;
        Ok(residual)
    }

    /// The denials of one signature that has more than a page of them.
    async fn many(&mut self, of: Residual, days: FromTo) -> Result<(), Stopped> {
        let mut after = None;
        loop {
            let rows = store::denials_after(&self.tx, of.key, days, after, DENIALS).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = Some((last.remit_on, last.denial_id));
            self.denials(rows).await?;
        }
    }

    /// The denials of signatures that are a page together.
    async fn few(&mut self, of: &[Residual], days: FromTo) -> Result<(), Stopped> {
        let keys: Vec<Uuid> = of.iter().map(|one| one.key).collect();
        let rows = store::denials_of(&self.tx, &keys, days).await?;
        self.denials(rows).await
    }

    async fn denials(&mut self, rows: Vec<denial::Model>) -> Result<(), Stopped> {
        let keys: BTreeSet<Uuid> = rows.iter().map(|row| row.signature).collect();
        let signatures = store::with_keys(&self.tx, keys).await?;
        let denials = count(rows.len() as u64);
        self.how_far.done += denials;
        self.hand_on(Piece::Denials(signatures, rows), denials).await
    }

    async fn open_items(&mut self) -> Result<(), Stopped> {
        let mut after = None;
        loop {
            let page = (self.replays.ledger.open_items)(&self.tx, after).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.id);
            let ids: Vec<Uuid> = page.iter().flat_map(|item| item.denials.clone()).collect();
            let rows = store::denials(&self.tx, &ids).await?;
            let keys: BTreeSet<Uuid> = rows.iter().map(|row| row.signature).collect();
            let signatures = store::with_keys(&self.tx, keys).await?;
            let denials = count(rows.len() as u64);
            self.hand_on(Piece::Open(signatures, by_item(page, rows)), denials).await?;
        }
    }

    async fn hand_on(&mut self, piece: Piece, denials: i64) -> Result<(), Stopped> {
        self.pieces.send(piece).await.map_err(|_| Stopped::Left)?;
        self.how_far.since += denials;
        if self.cancel.is_cancelled() {
            return Err(Stopped::Stopping);
        }
        if self.teller.has_ended() {
            return Err(Stopped::Ended);
        }
        if self.how_far.since >= TELL_EVERY {
            self.tell();
        }
        Ok(())
    }

    fn tell(&mut self) {
        self.how_far.since = 0;
        self.teller.tell(self.how_far.done, self.how_far.total);
    }
}

/// Signatures that have at most a page of denials together, and single ones that have more.
fn batches(residual: &[Residual]) -> impl Iterator<Item = &[Residual]> {
    let mut rest = residual;
    std::iter::from_fn(move || {
        let mut denials = 0;
        let fits = |one: &&Residual| {
            denials += one.denials;
            denials <= DENIALS
        };
        let some = rest.iter().take(RESIDUALS).take_while(fits).count().max(1);
        let (some, others) = rest.split_at_checked(some)?;
        rest = others;
        Some(some)
    })
}

/// Sorts denials to their items.
fn by_item(page: Vec<OpenItem>, rows: Vec<denial::Model>) -> Vec<Vec<denial::Model>> {
    let mut rows: BTreeMap<Uuid, denial::Model> =
        rows.into_iter().map(|row| (row.denial_id, row)).collect();
    page.into_iter()
        .map(|item| item.denials.iter().filter_map(|id| rows.remove(id)).collect())
        .collect()
}

/// Ids of denials that stand for what changes.
async fn examples(tx: &TenantTx, examples: &[Example], days: FromTo) -> Result<Vec<String>, Fault> {
    let mut ids = Vec::with_capacity(examples.len());
    for example in examples {
        let id = match example {
            Example::Denial(id) => Some(*id),
            Example::Signature(hash) => store::latest(tx, key(hash), days).await?,
        };
        ids.extend(id.map(|id| id.to_string()));
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_a_page_or_one_signature() {
        let sizes = [DENIALS - 1, 1, 1, DENIALS + 1, 1, DENIALS, 0];
        let residual = sizes.map(|denials| Residual { key: Uuid::nil(), denials });
        let batches: Vec<Vec<u64>> =
            batches(&residual).map(|batch| batch.iter().map(|one| one.denials).collect()).collect();
        let expected: [&[u64]; 5] = [&[DENIALS - 1, 1], &[1], &[DENIALS + 1], &[1], &[DENIALS, 0]];
        assert_eq!(batches, expected);
        let small = vec![Residual { key: Uuid::nil(), denials: 1 }; RESIDUALS + 1];
        assert_eq!(super::batches(&small).map(<[_]>::len).collect::<Vec<_>>(), [RESIDUALS, 1]);
    }
}
