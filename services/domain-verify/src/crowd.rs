//! Whether entries, and owner rules, are few enough to be compared with one another.
//!
//! What is compared are the items under one reason code, or of one owner function: their pairs, and
//! of two lists of values the shorter one against the longer. The pairs of the 70,000 entries that
//! 32 MiB hold would be minutes, and lists of values hours.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use domain::dictionary::selector::Selector;
use domain::dictionary::{Bundle, Entry, OwnerRule, Slug};

/// What comparing and indexing may take: 10,000 entries under one reason code, or 1,000 that name
/// ten remark codes each. The bench `crowd` has what 5,000 take.
const STEPS_MAX: usize = 3 << 24;
/// What one list of the index weighs, in comparisons of two entries.
const PLACE_STEPS: usize = 4;
/// What one value of several weighs.
const VALUE_STEPS: usize = 8;

/// An item to be compared with all that share a name with it, or have none.
struct Item<'b, N> {
    values: usize,
    places: usize,
    names: &'b [N],
}

/// Why a bundle is too large to be compared and indexed; nothing when it is not.
pub fn crowd(bundle: &Bundle) -> Option<String> {
    let too_many = |what: &str, name: &str| {
        format!("there are too many {what} under one {name} to compare all of them: split it")
    };
    if steps(bundle.entries.iter().map(entry).collect()) > STEPS_MAX {
        return Some(too_many("entries", "reason code"));
    }
    let rules = bundle.owner_rules.iter().map(rule).collect();
    (steps(rules) > STEPS_MAX).then(|| too_many("owner rules", "owner function"))
}

fn entry(entry: &Entry) -> Item<'_, domain::codes::Carc> {
    let of = &entry.matches;
    let names = of.carc.values();
    let slugs = several([&of.payer, &of.facility, &of.service_line]);
    let values = slugs + of.rarc.named().count() + if names.len() > 1 { names.len() } else { 0 };
    let lists = [names.len(), of.rarc.any.len(), of.payer.values().len()];
    let places = lists.iter().map(|list| (*list).max(1)).fold(1, usize::saturating_mul);
    Item { values, places, names }
}

fn rule(rule: &OwnerRule) -> Item<'_, domain::dictionary::vocabulary::OwnerFunction> {
    let values = several([&rule.payer, &rule.facility, &rule.service_line]);
    Item { values, places: 0, names: std::slice::from_ref(&rule.owner_function) }
}

/// How many values are looked for; one alone is compared with its item.
fn several(selectors: [&Selector<Slug>; 3]) -> usize {
    selectors.iter().map(|it| it.values().len()).filter(|values| *values > 1).sum()
}

fn steps<N: Ord>(mut items: Vec<Item<'_, N>>) -> usize {
    // Whatever meets an item later has no more values, and it is those that are looked for.
    items.sort_by_key(|item| Reverse(item.values));
    let (mut under, mut nameless, mut steps) = (BTreeMap::<&N, usize>::new(), 0, 0_usize);
    for (before, item) in items.into_iter().enumerate() {
        let mut met = if item.names.is_empty() { before } else { nameless };
        for name in item.names {
            let there = under.entry(name).or_default();
            met = met.saturating_add(*there);
            *there += 1;
        }
        nameless += usize::from(item.names.is_empty());
        let compared = met.saturating_mul(1 + item.values * VALUE_STEPS);
        let indexed = item.places.saturating_mul(PLACE_STEPS);
        steps = steps.saturating_add(compared).saturating_add(indexed);
    }
    steps
}
