//! A new base brought to a changed bundle, item by item, conflicts shown.
//!
//! Both sides started from one base. What one side changed is taken; what both changed alike is
//! there already; an item that both changed differently is put together where they changed
//! different things, and is a conflict otherwise. Removed here and changed there is a conflict.
//!
//! Fields that only mean something together, such as those of a match or of a clock, count as one:
//! two committees that never saw each other's words would otherwise make a rule that neither wrote.
//!
//! Absent on purpose: whether the result may stand (as in [`crate::edit`]) and references between
//! items: a side may have changed what the other one refers to. Verify and replay tell.

use std::collections::BTreeSet;

use domain::dictionary::Bundle;
use serde_json::{Map, Value};

use crate::diff::{self, FieldDifference};
use crate::edit::{BadEdit, Change, Edit, Item, SectionKind, apply, edit_between, join, reread};

/// Edits that bring one side's changes to the other, by section and slug.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merge {
    /// Every item that must change, and every one over which a person must choose.
    pub edits: Vec<MergedEdit>,
}

/// One item of a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergedEdit {
    /// What becomes of the item; in a conflict, the proposal that keeps ours.
    pub edit: Edit,
    /// Both versions, when a person must choose.
    pub conflict: Option<Conflict>,
}

/// Two versions of an item as canonical JSON; `None` where that side does not have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The version of the tenant's revision, or of the draft that is rebased.
    pub ours: Option<String>,
    /// The version of the new base.
    pub theirs: Option<String>,
}

/// A draft brought to a base that moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebased {
    /// The edits on the new base; edits that the new base made as well are left out.
    pub merge: Merge,
    /// Whether the new base leaves alone every item that the draft edits.
    pub untouched: bool,
}

impl Merge {
    /// The edits nobody has to choose about: they can be applied.
    pub fn settled(&self) -> Vec<Edit> {
        let settled = self.edits.iter().filter(|merged| merged.conflict.is_none());
        settled.map(|merged| merged.edit.clone()).collect()
    }

    /// The items over which a person must choose.
    pub fn conflicts(&self) -> impl Iterator<Item = &MergedEdit> {
        self.edits.iter().filter(|merged| merged.conflict.is_some())
    }
}

/// The edits that bring the changes from `base` to `theirs` onto `ours`.
///
/// In a conflict the proposal is what `ours` says, so it would change nothing: a replacement by the
/// same item, or the removal of one that is gone, which [`apply`] refuses until a person chose.
pub fn merge(base: &Bundle, ours: &Bundle, theirs: &Bundle) -> Merge {
    let merged = |[base, ours, theirs]: [Option<Item<'_>>; 3]| {
        let named = ours.or(theirs)?;
        let proposal = || match ours {
            Some(ours) => Change::Replace(ours.json()),
            None => Change::Remove,
        };
        let (change, conflict) = match three_way(base, ours, theirs) {
            Outcome::Nothing => return None,
            Outcome::Change(change) => (change, None),
            Outcome::Clash => (proposal(), Some(conflict(ours, theirs))),
        };
        Some(MergedEdit { edit: edit(named, change), conflict })
    };
    Merge { edits: join([base, ours, theirs]).into_iter().filter_map(merged).collect() }
}

/// Brings the edits of a draft from the base they were written for to another.
///
/// In a conflict the proposal is what the draft says, and can be applied to the new base.
///
/// # Errors
/// The edits that cannot stand on their own base.
pub fn rebase(base: &Bundle, draft: &[Edit], new_base: &Bundle) -> Result<Rebased, Vec<BadEdit>> {
    let drafted = apply(base, draft)?;
    let edited: BTreeSet<(SectionKind, &str)> =
        draft.iter().map(|edit| (edit.kind, edit.slug.as_str())).collect();
    let mut rebased = Rebased { merge: Merge::default(), untouched: true };
    for [base, ours, theirs] in join([base, &drafted, new_base]) {
        let Some(named) = base.or(ours).or(theirs) else { continue };
        if !edited.contains(&(named.kind(), named.slug())) {
            continue;
        }
        rebased.untouched &= base == theirs;
        let merged = match three_way(base, theirs, ours) {
            Outcome::Nothing => continue,
            Outcome::Change(change) => MergedEdit { edit: edit(named, change), conflict: None },
            Outcome::Clash => {
                let Some(edit) = edit_between(theirs, ours) else { continue };
                MergedEdit { edit, conflict: Some(conflict(ours, theirs)) }
            }
        };
        rebased.merge.edits.push(merged);
    }
    Ok(rebased)
}

fn edit(named: Item<'_>, change: Change) -> Edit {
    Edit { kind: named.kind(), slug: named.slug().to_owned(), change }
}

fn conflict(ours: Option<Item<'_>>, theirs: Option<Item<'_>>) -> Conflict {
    Conflict { ours: ours.map(Item::json), theirs: theirs.map(Item::json) }
}

enum Outcome {
    Nothing,
    Change(Change),
    Clash,
}

/// What brings the change from `base` to `from` onto `onto`.
fn three_way(base: Option<Item<'_>>, onto: Option<Item<'_>>, from: Option<Item<'_>>) -> Outcome {
    if from == base || from == onto {
        return Outcome::Nothing;
    }
    if onto == base {
        return edit_between(onto, from)
            .map_or(Outcome::Nothing, |edit| Outcome::Change(edit.change));
    }
    match (base, onto, from) {
        (Some(base), Some(onto), Some(from)) => put_together(base, onto, from)
            .map_or(Outcome::Clash, |json| Outcome::Change(Change::Replace(json))),
        _ => Outcome::Clash,
    }
}

/// The item with the changes of both sides; `None` when they changed one thing differently.
fn put_together(base: Item<'_>, onto: Item<'_>, from: Item<'_>) -> Option<String> {
    let (standing, coming) = (diff::compare(base, onto), diff::compare(base, from));
    let in_thing = |changes: &[FieldDifference], wanted: &str| -> Vec<FieldDifference> {
        changes.iter().filter(|change| thing(change.path) == wanted).cloned().collect()
    };
    for change in &coming {
        let thing = thing(change.path);
        let there = in_thing(&standing, thing);
        if !there.is_empty() && there != in_thing(&coming, thing) {
            return None;
        }
    }
    let mut together = onto.value();
    for change in coming {
        set(&mut together, change.path, change.to)?;
    }
    reread(onto.kind(), together)
}

/// What a field is about: fields about one thing are merged together or not at all.
///
/// A match says together which denials it is about; a clock is a number of units with its start and
/// its source; the next action and its instruction are one step; a remark's effects are one rule.
fn thing(path: &str) -> &str {
    match path {
        "count"
        | "unit"
        | "fixed"
        | "shares_window_of"
        | "month_end"
        | "roll"
        | "filed_when"
        | "counted_from"
        | "counted_from_words"
        | "presumed_receipt_days"
        | "basis"
        | "source"
        | "confidence"
        | "guess" => "clock",
        "payer_type" | "payer" | "payer_words" | "network" | "facility" | "service_line"
        | "effective_from" | "effective_until" | "path" | "level" | "categories" | "action"
        | "carc" => "reach",
        "alert" | "effect" | "next_action" | "opens" => "effect",
        "decision_days" | "decision_words" => "decision",
        "days_before" | "days_after" => "window",
        "numerator" | "denominator" => "figure",
        "meaning.next_action" | "meaning.action_words" => "step",
        path if path.starts_with("match.") => "match",
        path => path,
    }
}

/// Writes or removes the value at a path; `None` when something on the way is no object.
fn set(item: &mut Value, path: &str, value: Option<Value>) -> Option<()> {
    let (way, name) = path.rsplit_once('.').unwrap_or(("", path));
    let mut fields = item.as_object_mut()?;
    for step in way.split('.').filter(|step| !step.is_empty()) {
        let inside = fields.entry(step).or_insert_with(|| Value::Object(Map::new()));
        fields = inside.as_object_mut()?;
    }
    match value {
        Some(value) => fields.insert(name.to_owned(), value),
        None => fields.remove(name),
    };
    Some(())
}

#[cfg(test)]
mod tests;
