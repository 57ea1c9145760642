//! Cases derived from the descriptors: every RPC, whoever wrote it, refuses whom it must.

mod audit;
mod fields;
mod roles;
mod samples;
mod tenants;
mod tokens;

use std::collections::BTreeMap;
use std::sync::Arc;

use platform::access::{Policy, Rule};

/// Every method of the product with its rule.
fn methods() -> BTreeMap<String, Arc<Rule>> {
    let policy = Policy::load().unwrap();
    let ours = policy.methods().into_iter().filter(|(path, _)| path.starts_with("/overturn."));
    let methods: BTreeMap<_, _> = ours
        .map(|(path, method)| (path.to_owned(), method.rule.clone().expect("a rule for each")))
        .collect();
    assert!(methods.len() > 100, "the contracts are all there");
    methods
}
