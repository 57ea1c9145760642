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

/// A group whose dictionary is governed.
async fn governed(world: &World) -> Governing<'_> {
    let group = Group::board(world, &NewGroup::new("north", "1234567893")).await;
    Governing::of(world, &group).await
}
