//! The half of a replay that decides: a thread of its own, fed with pages of history.
//!
//! Everything is decided twice, by two replays of which the second takes each page from its end. A
//! draft is deterministic when both say the same in every respect: neither the order of history
//! nor the place in memory where a revision was compiled decides anything. Reading history twice
//! would cost more and show no more.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use domain::dictionary::Compiled;
use domain::money::Cents;
use domain_governance::replay::{Answer, Both, Denial, History, Replay, Signature, Summary};
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
    let run = || Replay::new(active, draft, question.today);
    let mut desk = Desk { runs: [run(), run()], residual: Vec::new(), touched_items: 0 };
    while let Some(piece) = pieces.blocking_recv() {
        desk.take(piece)?;
    }
    let [first, second] = desk.runs.map(|run| {
        run.finish(question.history).map_err(|_| Fault::Broken("history does not add up"))
    });
    let summary = first?;
    let deterministic = summary == second?;
    Ok(Found { summary, deterministic, touched_items: desk.touched_items })
}

struct Desk<'c> {
    runs: [Replay<'c>; 2],
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
            Piece::Denials(signatures, rows) => self.denials(&signatures, &rows),
            Piece::Open(signatures, items) => self.open(&signatures, &items),
        }
    }

    fn signatures(&mut self, page: &[Counted]) -> Result<(), Fault> {
        let read = |one: &Counted| Ok((decoded(&one.encoded)?, one.tally()));
        let signatures: Vec<_> = page.iter().map(read).collect::<Result<_, Fault>>()?;
        let [first, second] = &mut self.runs;
        for ((signature, tally), one) in signatures.iter().zip(page) {
            if first.add(signature, *tally) == Answer::Residual {
                self.residual.push(Residual { key: one.key, denials: one.denials });
            }
        }
        for (signature, tally) in signatures.iter().rev() {
            // The first run has noted it.
            let _ = second.add(signature, *tally);
        }
        Ok(())
    }

    fn denials(
        &mut self,
        signatures: &BTreeMap<Uuid, Signature>,
        rows: &[denial::Model],
    ) -> Result<(), Fault> {
        let [first, second] = &mut self.runs;
        for row in rows {
            let signature = signature(signatures, row)?;
            with(row, |denial| first.add_denial(signature, denial));
        }
        for row in rows.iter().rev() {
            let signature = signature(signatures, row)?;
            with(row, |denial| second.add_denial(signature, denial));
        }
        Ok(())
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
                touched |= with(row, |denial| self.runs[0].changes(signature, denial));
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
