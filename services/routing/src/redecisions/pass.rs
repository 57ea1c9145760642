//! A pass over what waits under other revisions, some claims at a time: what is written of them,
//! and told.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use domain::deadline::RuleBook;
use evidence::Filed;
use ledger::adjudications::ITEM_SUPERSEDED;
use ledger::document::{Changed, Tally, Task, WorkDocument};
use ledger::entity::{denial, work_item};
use ledger::held::known_day;
use ledger::redecided::{self, Outdated, Stored};
use ledger::redecisions::{self, Redecision};
use ledger::usual::Usual;
use ledger::{adjudications, cases, set};
use platform::access::Caller;
use platform::events::Event;
use platform::jobs::End;
use platform::rejection::Fault;
use platform::tenant_tx::TenantTx;
use serde::Serialize;
use uuid::Uuid;

use crate::error::Error;
use crate::intake::{self, Desk, FEED, Intake, Redecided};
use crate::revisions::Revision;

/// Free items of a chunk.
const ITEMS: u64 = 100;

/// A pass of a redecision.
pub(crate) struct Pass<'p> {
    intake: &'p Intake,
    caller: &'p Caller,
    row: Redecision,
    revision: Arc<Revision>,
    teams: BTreeMap<String, String>,
    tally: Tally,
    /// The items of the chunk before.
    after: Vec<Outdated>,
    found: i64,
    failed: i64,
}

impl<'p> Pass<'p> {
    pub(crate) async fn new(
        intake: &'p Intake,
        caller: &'p Caller,
        row: Redecision,
    ) -> Result<Self, Error> {
        let revision = intake.revision(caller, &row.revision).await?;
        let teams = serde_json::from_slice(&row.teams)
            .map_err(|_| Fault::Broken("the teams of a redecision do not decode"))?;
        let tally = redecisions::tally(&row)?;
        let (after, found, failed) = (Vec::new(), 0, 0);
        Ok(Self { intake, caller, row, revision, teams, tally, after, found, failed })
    }

    pub(crate) fn activated_at(&self) -> DateTime<Utc> {
        self.row.activated_at
    }

    /// Whether the pass brought anything under the revision.
    pub(crate) fn found_any(&self) -> bool {
        self.found > 0
    }

    /// How the job ends after a pass that found nothing it could do.
    pub(crate) fn end(&self) -> End {
        if self.failed == 0 {
            return End::Succeeded(Some(self.row.id));
        }
        let text = format!(
            "{} claims cannot be decided again: what is stored of them does not decode",
            self.failed
        );
        End::Failed { reason: "BROKEN", text }
    }

    /// Brings some claims under the revision; false when none is left.
    pub(crate) async fn chunk(&mut self) -> Result<bool, Error> {
        let tx = self.intake.database().begin(self.caller).await?;
        let decided = [self.revision.hash(), &self.row.canary];
        let outdated = redecided::outdated(&tx, &decided, &self.after, ITEMS).await?;
        if outdated.is_empty() {
            return Ok(false);
        }
        let mut claims: Vec<Uuid> = outdated.iter().map(|one| one.claim_id).collect();
        claims.sort_unstable();
        claims.dedup();
        let mut tally = self.tally.clone();
        let [done, failed] = self.claims(&tx, &claims, &mut tally).await?;
        redecisions::count(&tx, self.row.id, &tally).await?;
        // When it was cancelled, what is committed stands and this chunk does not.
        if !tx.tell_job(self.row.id, tally.claims, tally.claims).await? {
            return Ok(false);
        }
        tx.commit().await?;
        (self.tally, self.after) = (tally, outdated);
        (self.found, self.failed) = (self.found + done, self.failed + failed);
        Ok(true)
    }

    /// How many of the claims were decided again, and how many cannot be.
    async fn claims(
        &self,
        tx: &TenantTx,
        claims: &[Uuid],
        tally: &mut Tally,
    ) -> Result<[i64; 2], Error> {
        let stored = redecided::stored(tx, claims).await?;
        let cases: Vec<Uuid> = stored.iter().map(|one| one.claim.case_id).collect();
        // Held, so that what is put on file meanwhile finds what is written here.
        cases::lock(tx, &cases).await?;
        let priors = cases::denials(tx, &cases).await?;
        let keys: Vec<claim_context::Key> = stored
            .iter()
            .map(|one| (one.claim.payer_id, one.claim.patient_control_number.clone()))
            .collect();
        let known = claim_context::by_claims(tx, &keys).await?;
        let filed = filed(tx, &cases, &known, &stored).await?;
        let judged = intake::judged(tx, &stored, &known, &priors).await?;
        let usual = Usual::of(tx, &stored.iter().map(|one| one.claim.payer_id).collect()).await?;
        let mut by_file: BTreeMap<Uuid, Vec<Stored>> = BTreeMap::new();
        for one in stored {
            by_file.entry(one.claim.file_id).or_default().push(one);
        }
        let files: Vec<Uuid> = by_file.keys().copied().collect();
        let [mut done, mut failed] = [0, 0];
        for file in redecided::files(tx, &files).await? {
            let mut context = intake::pinned(&file)?;
            // What people call the teams today: the revision may know teams that the file did not.
            context.teams.clone_from(&self.teams);
            let desk = Desk {
                intake: self.intake,
                caller: self.caller,
                trial: None,
                file: &file,
                context: &context,
                revision: &self.revision,
                rules: RuleBook::new(&self.revision.compiled().bundle().deadline_rules),
                usual: &usual,
            };
            for stored in by_file.remove(&file.id).unwrap_or_default() {
                let claim = stored.claim.id;
                let judged = judged.get(&claim).copied().unwrap_or_default();
                match intake::redecide(&desk, stored, &priors, &known, judged) {
                    Ok(redecided) => {
                        write(tx, self.revision.hash(), claim, redecided, &filed, tally).await?;
                        done += 1;
                    }
                    Err(fault) => {
                        tracing::error!(claim.id = %claim, %fault, "a claim cannot be redecided");
                        failed += 1;
                    }
                }
            }
        }
        tally.claims += done;
        Ok([done, failed])
    }
}

/// What is on file for claims that are decided again.
pub(crate) async fn filed(
    tx: &TenantTx,
    cases: &[Uuid],
    known: &BTreeMap<claim_context::Key, claim_context::Stored>,
    stored: &[Stored],
) -> Result<Filed, Error> {
    let mut filed = Filed::of(tx, cases, known).await?;
    for claim in stored.iter().map(|one| &one.claim) {
        filed.serviced(claim.id, claim.service_starts_on, claim.service_ends_on);
    }
    Ok(filed)
}

/// Writes a claim that was decided again, and tells of it.
pub(crate) async fn write(
    tx: &TenantTx,
    revision: &str,
    claim: Uuid,
    mut redecided: Redecided,
    filed: &Filed,
    tally: &mut Tally,
) -> Result<(), Error> {
    let items = redecided.items.iter_mut().map(|(_, now)| now);
    for item in items.chain(&mut redecided.fresh_items) {
        filed.fulfil(item)?;
    }
    let mut events = Vec::new();
    let [denied, contractual] = [redecided.denied_cents, redecided.contractual_cents];
    redecided::write_sums(tx, claim, denied, contractual).await?;
    for (before, now) in redecided.items {
        count(tally, &before, &now)?;
        if is_as_it_was(&before, &now) {
            continue;
        }
        events.extend(item_event(&before, &now, revision));
        redecided::write_item(tx, now).await?;
    }
    for (before, now) in redecided.denials.into_iter().filter(|(before, now)| before != now) {
        events.extend(denial_event(&before, &now, revision));
        redecided::write_denial(tx, now).await?;
    }
    let (denials, items) = (redecided.fresh_denials, redecided.fresh_items);
    events.extend(denials.iter().map(intake::recorded));
    events.extend(items.iter().map(ledger::opening::opened));
    tally.opened += i64::try_from(items.len()).unwrap_or(i64::MAX);
    tx.insert_all(denials.into_iter().map(set::<denial::ActiveModel>).collect()).await?;
    tx.insert_all(items.into_iter().map(set::<work_item::ActiveModel>).collect()).await?;
    tx.emit(FEED, events).await?;
    history::fold(tx, redecided.denied).await?;
    Ok(())
}

/// What a person sees of an item.
fn task(item: &work_item::Model) -> Result<Task, Fault> {
    let document = WorkDocument::of(item)?;
    Ok(Task {
        team: item.owner_team.clone(),
        team_name: document.team_name,
        action_words: document.action_words,
        due_on: known_day(item.due_on),
    })
}

/// Whether nothing would be written: whoever holds the etag of an item keeps it.
fn is_as_it_was(before: &work_item::Model, now: &work_item::Model) -> bool {
    let content = |item: &work_item::Model| {
        let words = [&item.state, &item.revision, &item.owner_team, &item.deadline_rule];
        (words.map(Clone::clone), item.document.clone(), item.at_stake_cents, item.due_on)
    };
    content(before) == content(now)
}

/// Whether a person would call it another item.
fn is_other(before: &work_item::Model, now: &work_item::Model) -> bool {
    let words = |item: &work_item::Model| {
        let words = [&item.owner_team, &item.owner_function, &item.next_action, &item.category];
        words.map(Clone::clone)
    };
    let figures =
        |item: &work_item::Model| (item.deadline_rule.clone(), item.due_on, item.at_stake_cents);
    (words(before), figures(before)) != (words(now), figures(now))
}

fn count(
    tally: &mut Tally,
    before: &work_item::Model,
    now: &work_item::Model,
) -> Result<(), Fault> {
    match [before, now].map(|item| item.state == ITEM_SUPERSEDED) {
        [true, true] => {}
        [false, true] => tally.superseded += 1,
        [true, false] => tally.opened += 1,
        [false, false] if is_other(before, now) => {
            let changed = Changed { item: now.id, tasks: [task(before)?, task(now)?] };
            tally.change(changed, now.at_stake_cents);
        }
        [false, false] => tally.unchanged += 1,
    }
    Ok(())
}

/// Payload of `work_item.redecided` and `work_item.superseded`.
#[derive(Serialize)]
struct Moved<'a> {
    from_revision: &'a str,
    from_team: &'a str,
    to_team: &'a str,
    from_next_action: &'a str,
    to_next_action: &'a str,
    due_on: Option<NaiveDate>,
    at_stake_cents: i64,
}

fn item_event(before: &work_item::Model, now: &work_item::Model, revision: &str) -> Option<Event> {
    let kind = match [before, now].map(|item| item.state == ITEM_SUPERSEDED) {
        [true, true] => return None,
        [true, false] => return Some(ledger::opening::opened(now)),
        [false, true] => "work_item.superseded",
        [false, false] if is_other(before, now) => "work_item.redecided",
        [false, false] => return None,
    };
    let payload = Moved {
        from_revision: &before.revision,
        from_team: &before.owner_team,
        to_team: &now.owner_team,
        from_next_action: &before.next_action,
        to_next_action: &now.next_action,
        due_on: known_day(now.due_on),
        at_stake_cents: now.at_stake_cents,
    };
    Some(intake::event(kind, now.id, revision, &payload))
}

/// Payload of `denial.redecided` and `denial.superseded`.
#[derive(Serialize)]
struct Meant<'a> {
    from_revision: &'a str,
    from_category: &'a str,
    to_category: &'a str,
    from_entry: &'a str,
    to_entry: &'a str,
}

fn denial_event(before: &denial::Model, now: &denial::Model, revision: &str) -> Option<Event> {
    let meaning = |row: &denial::Model| {
        let words = [&row.state, &row.record_class, &row.category, &row.owner_function];
        (words.map(Clone::clone), row.next_action.clone(), row.entry.clone())
    };
    if meaning(before) == meaning(now) {
        return None;
    }
    let superseded = now.state == adjudications::DENIAL_SUPERSEDED;
    let kind = if superseded { "denial.superseded" } else { "denial.redecided" };
    let payload = Meant {
        from_revision: &before.revision,
        from_category: &before.category,
        to_category: &now.category,
        from_entry: &before.entry,
        to_entry: &now.entry,
    };
    Some(intake::event(kind, now.id, revision, &payload))
}
