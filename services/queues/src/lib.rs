//! Work queues: where work waits, who takes it, and what happened to it; routing's, with its
//! tables.
//!
//! The rules are `domain_work`; here they meet rows. A queue is a view of open items: which queue
//! an item is in is asked when somebody takes it, so that a change of queues moves no rows. An
//! item is held in its own row, beside what it is, over the version that was read; its fencing
//! number only grows. What time ends (a lease, a reservation, a day to look again) is a due row of
//! the item, removed or moved in the transaction of each act.
//!
//! Invariants: an act, its line on the timeline, its event and its alarm commit together; an item
//! that a person has touched is never decided again; words that people wrote stand on the timeline
//! alone, never in events; what an end made of denials is kept with it, so that it can be taken
//! back. Absent: what an item is (intake), and how lists show it (views).

mod add_note;
mod alarm;
mod answer_clarification;
mod answered;
mod appealed;
mod apply_in_bulk;
mod approve_write_off;
mod ask_clarification;
mod automated;
mod claim_next_work_item;
mod claim_work_item;
mod create_queue;
mod error;
mod face;
mod forecasts;
mod get_forecast;
mod get_queue;
mod hand_over_work_item;
mod heard;
mod heartbeat_work_item;
mod list_clarifications;
mod list_queues;
mod list_timeline;
mod look;
mod questions;
mod record_touch;
mod release_work_item;
mod reopen_work_item;
mod resolve_work_item;
mod rules;
mod set_follow_up;
mod settle_clarification;
mod settled;
mod standing;
mod store;
mod taken;
mod undo_resolution;
mod update_queue;
mod waiting;
mod watch_queue;

use domain::money::Cents;
use platform::access::Caller;
use platform::keys::Keys;
use platform::rejection::Fault;
use platform::tasks::Tasks;
use platform::tenant_tx::{Database, TenantTx};
use uuid::Uuid;
use views::Views;

pub use alarm::alarm;
pub use answered::{Answer, answered};
pub use appealed::{Appealed, Decided, What, appealed};
pub use apply_in_bulk::BULK;
pub use automated::{Automated, automated};
pub use error::Error;
pub use heard::hear;
pub use look::{begin_to_look, look};
pub use questions::withdraw_questions;
pub use taken::worked;
pub use watch_queue::QueueEvents;

/// The queues of a process; clones share them.
#[derive(Clone, Debug)]
pub struct Queues {
    database: Database,
    keys: Keys,
    views: Views,
    write_off_limit: Cents,
    tasks: Tasks,
}

impl Queues {
    /// On a database, pages sealed with `keys`; what is given up above `write_off_limit` needs an
    /// approval; long work is done in `tasks`.
    #[must_use]
    pub fn new(
        database: Database,
        keys: Keys,
        views: Views,
        write_off_limit: Cents,
        tasks: Tasks,
    ) -> Self {
        Self { database, keys, views, write_off_limit, tasks }
    }
}

/// Those of these items that a person ended, and nobody reopened.
///
/// # Errors
/// When the database fails.
pub async fn ended_by_people(tx: &TenantTx, items: &[Uuid]) -> Result<Vec<Uuid>, Fault> {
    if items.is_empty() { Ok(Vec::new()) } else { store::ended_by_people(tx, items).await }
}

/// Whoever works, by the subject of the token.
fn worker(caller: &Caller) -> Result<domain_work::UserId, Fault> {
    ledger::held::person(caller.actor()).ok_or(Fault::Broken("a caller has no id"))
}
