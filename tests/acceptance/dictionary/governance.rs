//! How the dictionary changes, through every state and refusal.

mod activation;
mod approvers;
mod ballots;
mod checks;
mod committee;
mod drafts;
mod emergency;
mod portable;
mod preview;

use tests::{Governing, Group, NewGroup, World};
use tonic::{Code, Status};
use tonic_types::StatusExt;

/// A group whose dictionary is governed.
async fn governed(world: &World) -> Governing<'_> {
    let group = Group::board(world, &NewGroup::new("north", "1234567893")).await;
    Governing::of(world, &group).await
}

/// The reason of a refusal, with its code.
fn refusal(status: &Status) -> (Code, String) {
    let reason = status.get_details_error_info().map(|info| info.reason);
    (status.code(), reason.unwrap_or_default())
}

fn reason(code: Code, reason: &str) -> (Code, String) {
    (code, reason.to_owned())
}
