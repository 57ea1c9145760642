use std::collections::BTreeSet;

use tests::samples::Things;
use tests::{Group, NewGroup, World};

#[tokio::test]
async fn every_built_rpc_has_a_sample_and_every_sample_an_rpc() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let things = Things::of(&world, &group).await;
    let built: BTreeSet<String> = super::methods()
        .into_iter()
        .filter(|(_, rule)| rule.planned.is_empty())
        .map(|(path, _)| path)
        .collect();
    let sampled: BTreeSet<String> =
        things.samples().into_iter().map(|sample| sample.path).collect();
    assert_eq!(sampled, built);
}
