//! The half of a replay that decides: two threads, fed with pages of history.
//!
//! Everything is decided twice, by two replays of which the second takes each page from its end. A
//! draft is deterministic when both say the same in every respect: neither the order of history
//! nor the place in memory where a revision was compiled decides anything. Reading history twice
//! would cost more and show no more. The first reads what is stored, counts what is residual and
//! hands each page on to the second, a thread of its own.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use chrono::NaiveDate;
use domain::dictionary::Compiled;
use domain::money::Cents;
use domain_governance::replay::{Answer, Both, Denial, History, Replay, Signature, Summary, Tally};
use platform::rejection::Fault;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::fold::Days;
use crate::store::entity::denial;
use crate::store::{Counted, decoded};

/// A piece of history.
pub(crate) enum Piece {
    /// Signatures with all their denials of the span.
    Signatures(Vec<Counted>),
    /// Asks for what is residual of the signatures so far.
    Residual(oneshot::Sender<Vec<Residual>>),
    /// Denials of residual signatures, best signature by signature.
    Denials(BTreeMap<Uuid, Signature>, Vec<denial::Model>),
    /// The denials of open work items, item by item.
    Open(BTreeMap<Uuid, Signature>, Vec<Vec<denial::Model>>),
}

/// A signature whose denials must be handed in one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Residual {
    pub(crate) key: Uuid,
    pub(crate) denials: u64,
}

/// What was found.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) summary: Summary,
    pub(crate) deterministic: bool,
    pub(crate) touched_items: u64,
}

/// What a replay is about.
pub(crate) struct Question {
    pub(crate) revisions: Both<Arc<Compiled>>,
    pub(crate) today: NaiveDate,
    pub(crate) history: History,
}

/// Decides pieces until there are no more, and sums up.
///
/// # Errors
/// When a piece does not read, or fold and denials do not agree.
pub(crate) fn decide(
    question: &Question,
    mut pieces: mpsc::Receiver<Piece>,
) -> Result<Found, Fault> {
    let Both { active, draft } = &question.revisions;
    let replay = || Replay::new(active, draft, question.today);
    let sum = |replay: Replay<'_>| {
        replay.finish(question.history).map_err(|_| Fault::Broken("history does not add up"))
    };
    std::thread::scope(|scope| {
        let (behind, pages) = sync_channel(PAGES);
        let second = scope.spawn(|| sum(from_the_end(replay(), pages)?));
        let mut desk = Desk { replay: replay(), behind, residual: Vec::new(), touched_items: 0 };
        let taken =
            std::iter::from_fn(|| pieces.blocking_recv()).try_for_each(|piece| desk.take(piece));
        let Desk { replay, behind, touched_items, .. } = desk;
        drop(behind);
        let second = second.join().map_err(|_| Fault::Broken("a replay panicked"))?;
        taken?;
        let summary = sum(replay)?;
        let deterministic = summary == second?;
        Ok(Found { summary, deterministic, touched_items })
    })
}

/// Pages that wait to be decided a second time.
const PAGES: usize = 2;

/// A page that is decided twice.
enum Page {
    Signatures(Arc<Vec<Read>>),
    Denials(Arc<(BTreeMap<Uuid, Signature>, Vec<denial::Model>)>),
}

/// A signature as it was read.
struct Read {
    key: Uuid,
    signature: Signature,
    tally: Tally,
}

/// The second replay, over every page from its end.
fn from_the_end(mut replay: Replay<'_>, pages: Receiver<Page>) -> Result<Replay<'_>, Fault> {
    for page in pages {
        match page {
            Page::Signatures(page) => {
                for one in page.iter().rev() {
                    // The first replay notes what is residual.
                    let _ = replay.add(&one.signature, one.tally);
                }
            }
            Page::Denials(page) => {
                let (signatures, rows) = &*page;
                for row in rows.iter().rev() {
                    let signature = signature(signatures, row)?;
                    with(row, |denial| replay.add_denial(signature, denial));
                }
            }
        }
    }
    Ok(replay)
}

/// The first replay.
struct Desk<'c> {
    replay: Replay<'c>,
    behind: SyncSender<Page>,
    residual: Vec<Residual>,
    touched_items: u64,
}

impl Desk<'_> {
    fn take(&mut self, piece: Piece) -> Result<(), Fault> {
        match piece {
            Piece::Signatures(page) => self.signatures(&page),
            Piece::Residual(asked) => {
                // Whoever asked and left ends the replay.
                asked.send(std::mem::take(&mut self.residual)).ok();
                Ok(())
            }
            Piece::Denials(signatures, rows) => self.denials(signatures, rows),
            Piece::Open(signatures, items) => self.open(&signatures, &items),
        }
    }

    fn signatures(&mut self, page: &[Counted]) -> Result<(), Fault> {
        let read = |one: &Counted| {
            Ok(Read { key: one.key, signature: decoded(&one.encoded)?, tally: one.tally() })
        };
        let page: Vec<Read> = page.iter().map(read).collect::<Result<_, Fault>>()?;
        let page = Arc::new(page);
        self.hand_on(Page::Signatures(Arc::clone(&page)));
        for one in &*page {
            if self.replay.add(&one.signature, one.tally) == Answer::Residual {
                self.residual.push(Residual { key: one.key, denials: one.tally.denials });
            }
        }
        Ok(())
    }

    fn denials(
        &mut self,
        signatures: BTreeMap<Uuid, Signature>,
        rows: Vec<denial::Model>,
    ) -> Result<(), Fault> {
        let page = Arc::new((signatures, rows));
        self.hand_on(Page::Denials(Arc::clone(&page)));
        let (signatures, rows) = &*page;
        for row in rows {
            let signature = signature(signatures, row)?;
            with(row, |denial| self.replay.add_denial(signature, denial));
        }
        Ok(())
    }

    /// Gives the second replay a page; one that has left says itself why.
    fn hand_on(&self, page: Page) {
        self.behind.send(page).ok();
    }

    fn open(
        &mut self,
        signatures: &BTreeMap<Uuid, Signature>,
        items: &[Vec<denial::Model>],
    ) -> Result<(), Fault> {
        for rows in items {
            let mut touched = false;
            for row in rows {
                let signature = signature(signatures, row)?;
                touched |= with(row, |denial| self.replay.changes(signature, denial));
            }
            self.touched_items += u64::from(touched);
        }
        Ok(())
    }
}

/// Shows a row as the rules see it.
fn with<T>(row: &denial::Model, ask: impl FnOnce(&Denial<'_>) -> T) -> T {
    let days = Days::from(row);
    ask(&Denial {
        id: row.denial_id,
        amount: Cents::new(row.denied_cents),
        service_on: row.service_on,
        decided_on: days.remit_on,
        starts: &days.starts(),
    })
}

fn signature<'s>(
    signatures: &'s BTreeMap<Uuid, Signature>,
    row: &denial::Model,
) -> Result<&'s Signature, Fault> {
    signatures.get(&row.signature).ok_or(Fault::Broken("the signature of a denial is missing"))
}
