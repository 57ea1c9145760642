//! From the denials of a claim to its work items.

use std::collections::BTreeMap;

use super::classify::plus;
use super::detect::Denial;
use crate::dictionary::vocabulary::{NextAction, OwnerFunction};
use crate::money::Cents;

/// Denials of one claim occurrence that are one task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkGroup {
    /// Who acts.
    pub owner_function: OwnerFunction,
    /// The next thing to do.
    pub next_action: NextAction,
    /// The deadline rule that ranks it, by slug; `None` when none is known.
    pub deadline_rule: Option<String>,
    /// The team that acts, by slug.
    pub team: String,
    /// Places in the list of denials, rising.
    pub denials: Vec<usize>,
    /// The sum of what was refused.
    pub denied: Cents,
}

/// Groups the denials of one claim occurrence by owner function, next action and deadline rule:
/// twenty lines of CO-197 are one task.
///
/// `deadline_rule` names the rule that ranks a denial; it is asked once for each.
pub fn group<'c>(
    denials: &[Denial<'c>],
    deadline_rule: impl Fn(&Denial<'c>) -> Option<String>,
) -> Vec<WorkGroup> {
    let mut groups = BTreeMap::new();
    for (at, denial) in denials.iter().enumerate() {
        let decision = &denial.decision;
        let (owner_function, next_action) = (decision.owner_function, decision.next_action);
        let deadline_rule = deadline_rule(denial);
        let key = (owner_function, next_action, deadline_rule.clone());
        let group = groups.entry(key).or_insert_with(|| WorkGroup {
            owner_function,
            next_action,
            deadline_rule,
            team: decision.team.slug.to_owned(),
            denials: Vec::new(),
            denied: Cents::ZERO,
        });
        group.denials.push(at);
        group.denied = plus(group.denied, denial.denied);
    }
    groups.into_values().collect()
}
