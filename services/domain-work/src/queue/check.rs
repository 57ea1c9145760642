//! What is wrong with a tenant's queues taken together.

use std::collections::BTreeMap;

use domain::dictionary::Slug;

use super::{CAPACITY_MINUTES_MAX, Queue};

/// Something that cannot be meant so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Defect {
    /// The queue, by slug.
    pub queue: Slug,
    /// The queue it contradicts, by slug; `None` when it is wrong by itself.
    pub other: Option<Slug>,
    /// The field as the contract calls it.
    pub field: &'static str,
    /// What is wrong, in words.
    pub words: String,
}

/// Everything that is wrong with queues, by slug; nothing when they may stand.
pub fn check(queues: &[Queue]) -> Vec<Defect> {
    let mut defects: Vec<Defect> = queues.iter().flat_map(alone).collect();
    let mut ordered: Vec<&Queue> = queues.iter().collect();
    ordered.sort_by(|a, b| a.slug.cmp(&b.slug));
    for (at, queue) in ordered.iter().enumerate() {
        defects.extend(ordered[at + 1..].iter().filter_map(|other| between(queue, other)));
    }
    defects.sort();
    defects
}

fn alone(queue: &Queue) -> Vec<Defect> {
    let mut defects = Vec::new();
    let mut found = |field, words| {
        defects.push(Defect { queue: queue.slug.clone(), other: None, field, words });
    };
    let mut seen = BTreeMap::<_, usize>::new();
    for member in &queue.members {
        *seen.entry(member.user).or_default() += 1;
        if member.capacity_minutes > CAPACITY_MINUTES_MAX {
            found(
                "members",
                format!(
                    "{} has {} minutes a day; a day has {CAPACITY_MINUTES_MAX}",
                    member.user, member.capacity_minutes
                ),
            );
        }
    }
    for (user, times) in seen.into_iter().filter(|(_, times)| *times > 1) {
        found("members", format!("{user} is a member {times} times"));
    }
    if queue.lead.is_none() && queue.members.is_empty() {
        found("members", "nobody works it and nobody leads it".to_owned());
    }
    if let Some(skill) = &queue.scope.skill
        && !queue.members.is_empty()
        && !queue.members.iter().any(|member| member.skills.contains(skill))
    {
        found("skill", format!("no member has skill `{skill}`, so that no member may work it"));
    }
    defects
}

/// How two queues contradict each other; the lesser slug comes first.
fn between(queue: &Queue, other: &Queue) -> Option<Defect> {
    let defect = |field, words| {
        Some(Defect { queue: queue.slug.clone(), other: Some(other.slug.clone()), field, words })
    };
    if queue.slug == other.slug {
        return defect("slug", format!("two queues are called `{}`", queue.slug));
    }
    let (a, b) = (&queue.scope, &other.scope);
    if a == b {
        return defect(
            "scope",
            format!("takes the same items as `{}`, which would never get one", other.slug),
        );
    }
    if a.specificity() == b.specificity() && a.overlaps(b) {
        return defect(
            "scope",
            format!(
                "is as specific as `{}`, and some items fit both: they would go to `{}` for its \
                 name alone",
                other.slug, queue.slug
            ),
        );
    }
    None
}
