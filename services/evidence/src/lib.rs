//! Evidence: documents and people's words that fulfill the checklists of work; routing's, with its
//! tables.
//!
//! What fulfills what is `domain_work::checklist`; here it meets rows. Documents and words belong
//! to a case, so that every item of its claim that asks for the same standard is fulfilled. How far
//! a checklist is fulfilled stands in the item ([`Filed::fulfil`]) and is compared anew in the
//! transaction of everything that can change it: an upload, a withdrawal, a word, a claim context,
//! a new item, a new decision. Whoever does so holds the case first and its items after it.
//!
//! Invariants: what a document is was read from its bytes, never from its name; bytes are kept
//! before their row is, and a row never changes; what was filed by mistake is withdrawn beside its
//! row, and fulfills nothing then; each change stands on the timeline with its source
//! and moves the rank of the item. Absent: the bytes themselves (`originals`), what standards ask
//! (dictionary), and letters (appeals).

mod download_evidence;
mod error;
mod filed;
mod list_evidence;
mod refresh;
mod set_evidence_state;
mod shown;
mod store;
mod upload_evidence;
mod withdraw_evidence;

use originals::Originals;
use platform::keys::Keys;
use platform::tenant_tx::Database;
use views::Views;

pub use download_evidence::Chunks;
pub use error::Error;
pub use filed::Filed;
pub use refresh::{Cause, refresh};

/// The evidence of a process; clones share it.
#[derive(Clone, Debug)]
pub struct Evidence {
    database: Database,
    keys: Keys,
    views: Views,
    originals: Originals,
    /// The largest document taken in, in bytes.
    bytes_max: u64,
}

impl Evidence {
    /// On a database, with the store that keeps the bytes; pages sealed with `keys`.
    #[must_use]
    pub fn new(
        database: Database,
        keys: Keys,
        views: Views,
        originals: Originals,
        bytes_max: u64,
    ) -> Self {
        Self { database, keys, views, originals, bytes_max }
    }
}
