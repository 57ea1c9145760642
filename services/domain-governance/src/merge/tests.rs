use std::collections::BTreeMap;

use domain::codes::Carc;
use domain::dictionary::Slug;
use domain::dictionary::selector::Selector;
use proptest::prelude::*;

use super::*;
use crate::edit::edits_between;
use crate::edit::samples::{Reach, Step, small, steps, walk};

type Key = (SectionKind, String);

/// The fields that changed, for every item that did.
fn changes(base: &Bundle, changed: &Bundle) -> BTreeMap<Key, Vec<FieldDifference>> {
    let found = diff::diff(base, changed).into_iter();
    found.map(|found| ((found.kind, found.slug), found.fields)).collect()
}

/// The small bundle after a change of its first entry.
fn with(change: impl FnOnce(&mut domain::dictionary::Entry)) -> Bundle {
    let mut bundle = small();
    change(&mut bundle.entries[0]);
    bundle.normalize();
    bundle
}

fn merged(base: &Bundle, ours: &Bundle, theirs: &Bundle) -> Bundle {
    let merge = merge(base, ours, theirs);
    assert_eq!(merge.conflicts().count(), 0);
    apply(ours, &merge.settled()).unwrap()
}

#[test]
fn changes_of_different_fields_are_put_together() {
    let base = small();
    let ours = with(|entry| entry.meaning.label = "ours".to_owned());
    let theirs = with(|entry| entry.meaning.expected_days = 99);
    let both = with(|entry| {
        entry.meaning.label = "ours".to_owned();
        entry.meaning.expected_days = 99;
    });
    assert_eq!(merged(&base, &ours, &theirs), both);
    assert_eq!(merged(&base, &theirs, &ours), both);
    let alike = with(|entry| {
        entry.meaning.label = "ours".to_owned();
        entry.meaning.effort_minutes = 7;
    });
    let with_alike = merged(&base, &ours, &alike);
    assert_eq!(with_alike, alike);
}

#[test]
fn changes_of_one_field_are_a_conflict_that_keeps_ours_and_shows_both() {
    let base = small();
    let ours = with(|entry| entry.meaning.label = "ours".to_owned());
    let theirs = with(|entry| entry.meaning.label = "theirs".to_owned());
    let merge = merge(&base, &ours, &theirs);
    let (our_json, their_json) =
        (Item::Entry(&ours.entries[0]).json(), Item::Entry(&theirs.entries[0]).json());
    let conflict = Conflict { ours: Some(our_json.clone()), theirs: Some(their_json) };
    let edit = Edit {
        kind: SectionKind::Entry,
        slug: base.entries[0].slug.to_string(),
        change: Change::Replace(our_json),
    };
    assert_eq!(merge.edits, [MergedEdit { edit, conflict: Some(conflict) }]);
    assert_eq!(merge.settled(), []);
}

#[test]
fn fields_that_only_mean_something_together_are_not_mixed() {
    let conflicts =
        |ours: Bundle, theirs: Bundle| merge(&small(), &ours, &theirs).conflicts().count();
    let payer = Selector::Exact(Slug::new("aetna").unwrap());
    let code = Selector::Exact(Carc::new("16").unwrap());
    let narrower = with(|entry| entry.matches.payer = payer);
    let other_code = with(|entry| entry.matches.carc = code);
    assert_eq!(conflicts(narrower, other_code), 1);
    let (mut longer, mut business) = (small(), small());
    longer.deadline_rules[0].count = Some(181);
    business.deadline_rules[0].unit = domain::deadline::Unit::BusinessDay;
    assert_eq!(conflicts(longer.clone(), business), 1);
    let mut noted = small();
    noted.deadline_rules[0].notes = "read again".to_owned();
    assert_eq!(conflicts(longer, noted), 0);
}

#[test]
fn removed_here_and_changed_there_is_a_conflict() {
    let base = small();
    let mut gone = small();
    let slug = gone.entries.remove(0).slug.to_string();
    let changed = with(|entry| entry.meaning.label = "changed".to_owned());
    let json = Some(Item::Entry(&changed.entries[0]).json());
    let only = |merge: Merge| {
        assert_eq!(merge.settled(), []);
        let [edit]: [MergedEdit; 1] = merge.edits.try_into().unwrap();
        assert_eq!(edit.edit.slug, slug);
        (edit.edit.change, edit.conflict.unwrap())
    };
    let (change, conflict) = only(merge(&base, &gone, &changed));
    assert_eq!(change, Change::Remove);
    assert_eq!(conflict, Conflict { ours: None, theirs: json.clone() });
    let (change, conflict) = only(merge(&base, &changed, &gone));
    assert_eq!(Some(change), json.clone().map(Change::Replace));
    assert_eq!(conflict, Conflict { ours: json, theirs: None });
    assert_eq!(merge(&base, &gone, &gone).edits, []);
}

#[test]
fn one_slug_added_differently_on_both_sides_is_a_conflict() {
    let added = |label: &str| {
        let mut bundle = small();
        let mut entry = bundle.entries[0].clone();
        entry.slug = Slug::new("new").unwrap();
        entry.meaning.label = label.to_owned();
        bundle.entries.push(entry);
        bundle.normalize();
        bundle
    };
    assert_eq!(merge(&small(), &added("a"), &added("b")).conflicts().count(), 1);
    assert_eq!(merge(&small(), &added("a"), &added("a")).edits, []);
}

#[test]
fn a_rebase_keeps_the_draft_where_the_new_base_left_it_alone() {
    let base = small();
    let mut new_base = small();
    new_base.entries[1].meaning.label = "moved".to_owned();
    new_base.entries[2].meaning.expected_days = 99;
    let mut drafted = with(|entry| entry.meaning.label = "drafted".to_owned());
    let draft = edits_between(&base, &drafted);
    let rebased = rebase(&base, &draft, &new_base).unwrap();
    assert!(rebased.untouched);
    assert_eq!(rebased.merge.settled(), draft);

    drafted.entries[2].meaning.label = "drafted too".to_owned();
    let draft = edits_between(&base, &drafted);
    let rebased = rebase(&base, &draft, &new_base).unwrap();
    assert!(!rebased.untouched, "one entry is touched by both sides");
    assert_eq!(rebased.merge.conflicts().count(), 0);
    let made = apply(&new_base, &rebased.merge.settled()).unwrap();
    assert_eq!(made.entries[2].meaning.label, "drafted too");
    assert_eq!(made.entries[2].meaning.expected_days, 99);

    drafted.entries[1].meaning.label = "not moved".to_owned();
    let rebased = rebase(&base, &edits_between(&base, &drafted), &new_base).unwrap();
    let conflicts: Vec<_> = rebased.merge.conflicts().collect();
    assert_eq!(conflicts.len(), 1);
    let ours = Item::Entry(&drafted.entries[1]).json();
    let theirs = Some(Item::Entry(&new_base.entries[1]).json());
    assert_eq!(conflicts[0].edit.change, Change::Replace(ours.clone()));
    assert_eq!(conflicts[0].conflict, Some(Conflict { ours: Some(ours), theirs }));
}

#[test]
fn a_rebase_refuses_edits_that_never_stood() {
    let edit =
        Edit { kind: SectionKind::Entry, slug: "no-such".to_owned(), change: Change::Remove };
    assert_eq!(rebase(&small(), &[edit], &small()).unwrap_err().len(), 1);
}

fn two_halves(ours: &[Step], theirs: &[Step]) -> (Bundle, Bundle, Bundle) {
    let base = small();
    let ours = walk(&base, ours, Reach::Half(true));
    let theirs = walk(&base, theirs, Reach::Half(false));
    (base, ours, theirs)
}

proptest! {
    #[test]
    fn a_side_that_did_not_move_adds_nothing(one in steps(12)) {
        let base = small();
        let moved = walk(&base, &one, Reach::Everything);
        prop_assert_eq!(merge(&base, &moved, &base), Merge::default());
        prop_assert_eq!(merge(&base, &moved, &moved), Merge::default());
        prop_assert_eq!(merge(&base, &base, &moved).settled(), edits_between(&base, &moved));
        prop_assert_eq!(merged(&base, &base, &moved), moved);
    }

    #[test]
    fn changes_of_different_items_merge_alike_in_either_order(a in steps(12), b in steps(12)) {
        let (base, ours, theirs) = two_halves(&a, &b);
        let both = merged(&base, &ours, &theirs);
        prop_assert_eq!(&merged(&base, &theirs, &ours), &both);
        let mut edits = edits_between(&base, &ours);
        edits.extend(edits_between(&base, &theirs));
        prop_assert_eq!(apply(&base, &edits).unwrap(), both);
        let rebased = rebase(&base, &edits_between(&base, &ours), &theirs).unwrap();
        prop_assert!(rebased.untouched);
        prop_assert_eq!(rebased.merge.settled(), edits_between(&base, &ours));
    }

    #[test]
    fn an_item_without_conflict_carries_every_change_of_both_sides(
        a in steps(16), b in steps(16),
    ) {
        let base = small();
        let ours = walk(&base, &a, Reach::Fields);
        let theirs = walk(&base, &b, Reach::Fields);
        let there = merge(&base, &ours, &theirs);
        let back = merge(&base, &theirs, &ours);
        let clash = |merge: &Merge| -> Vec<Key> {
            let names = merge.conflicts().map(|merged| &merged.edit);
            names.map(|edit| (edit.kind, edit.slug.clone())).collect()
        };
        let clashes = clash(&there);
        prop_assert_eq!(&clashes, &clash(&back));
        let made = apply(&ours, &there.settled()).unwrap();
        let made_back = apply(&theirs, &back.settled()).unwrap();
        let (mine, yours) = (changes(&base, &ours), changes(&base, &theirs));
        let (both, both_back) = (changes(&base, &made), changes(&base, &made_back));
        let keys: BTreeSet<&Key> = mine.keys().chain(yours.keys()).collect();
        for key in keys {
            let (mine, yours) = (mine.get(key), yours.get(key));
            if clashes.contains(key) {
                prop_assert!(mine.is_some() && yours.is_some() && mine != yours);
                continue;
            }
            let mut union: BTreeMap<&str, &FieldDifference> = BTreeMap::new();
            for change in mine.into_iter().chain(yours).flatten() {
                let other = union.insert(change.path, change);
                prop_assert!(other.is_none_or(|other| other == change), "two values, no conflict");
            }
            for both in [&both, &both_back] {
                let made: BTreeMap<&str, &FieldDifference> =
                    both[key].iter().map(|change| (change.path, change)).collect();
                prop_assert_eq!(&made, &union);
            }
        }
    }

    #[test]
    fn every_proposal_of_a_rebase_can_be_applied(a in steps(16), b in steps(16)) {
        let base = small();
        let drafted = walk(&base, &a, Reach::Everything);
        let new_base = walk(&base, &b, Reach::Everything);
        let draft = edits_between(&base, &drafted);
        let rebased = rebase(&base, &draft, &new_base).unwrap();
        let every: Vec<Edit> = rebased.merge.edits.iter().map(|merged| merged.edit.clone()).collect();
        let made = apply(&new_base, &every).unwrap();
        // The rebase is the merge of the new base and the draft, seen from the draft.
        let merged = merge(&base, &drafted, &new_base);
        prop_assert_eq!(merged.conflicts().count(), rebased.merge.conflicts().count());
        if merged.conflicts().count() == 0 {
            prop_assert_eq!(apply(&drafted, &merged.settled()).unwrap(), made);
        } else {
            prop_assert!(!rebased.untouched);
        }
    }
}
