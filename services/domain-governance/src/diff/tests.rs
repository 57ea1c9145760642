use std::collections::BTreeSet;

use domain::dictionary::Entry;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::edit::samples::{CONTAINERS, Reach, small, steps, walk};
use crate::edit::{Change, Edit, apply, edits_between, item, items};

/// The only difference between the samples and the same with these fields of one item.
fn changed(kind: SectionKind, changes: &[(&str, Value)]) -> Difference {
    let base = small();
    let item = items(&base, kind)[0];
    let mut value = item.value();
    for (path, to) in changes {
        let mut place = &mut value;
        for name in path.split('.') {
            place = &mut place[name];
        }
        *place = to.clone();
    }
    let change = Change::Replace(value.to_string());
    let edit = Edit { kind, slug: item.slug().to_owned(), change };
    let mut found = diff(&base, &apply(&base, &[edit]).unwrap());
    assert_eq!(found.len(), 1);
    found.remove(0)
}

/// The sentence about one item, without its subject and the full stop.
fn clauses(kind: SectionKind, changes: &[(&str, Value)]) -> String {
    let found = changed(kind, changes);
    let subject = format!(" `{}`: ", found.slug);
    let (_, said) = found.words.split_once(&subject).expect("a sentence begins with the item");
    said.strip_suffix('.').unwrap().to_owned()
}

/// The sentence about one field of an entry.
fn sentence(path: &'static str, from: Option<Value>, to: Option<Value>) -> String {
    words::changed(SectionKind::Entry, "e", &[FieldDifference { path, from, to }])
}

fn in_entry(path: &str, to: Value) -> String {
    clauses(SectionKind::Entry, &[(path, to)])
}

#[test]
fn a_change_reads_like_a_sentence() {
    let mut from = small();
    let entry = &mut from.entries[0];
    entry.slug = crate::edit::samples::slug("co-197");
    let mut value = Item::Entry(entry).value();
    value["meaning"]["next_action"] = json!("corrected_claim");
    value["meaning"]["evidence"] = json!(["medical-record"]);
    value["meaning"]["expected_overturn"] = json!(2_500);
    let before: Entry = serde_json::from_value(value.clone()).unwrap();
    value["meaning"]["next_action"] = json!("appeal");
    value["meaning"]["evidence"] = json!(["authorization-approval", "medical-record"]);
    value["meaning"]["expected_overturn"] = json!(4_000);
    let after: Entry = serde_json::from_value(value).unwrap();
    let found = difference(Some(Item::Entry(&before)), Some(Item::Entry(&after))).unwrap();
    assert_eq!(
        found.words,
        "Entry `co-197`: next action changes from corrected claim to appeal; evidence adds \
         `authorization-approval`; expected overturn rises from 25% to 40%."
    );
    let field = |path: &'static str, from: Value, to: Value| FieldDifference {
        path,
        from: Some(from),
        to: Some(to),
    };
    assert_eq!(
        found.fields,
        [
            field("meaning.next_action", json!("corrected_claim"), json!("appeal")),
            field(
                "meaning.evidence",
                json!(["medical-record"]),
                json!(["authorization-approval", "medical-record"])
            ),
            field("meaning.expected_overturn", json!(2_500), json!(4_000)),
        ]
    );
    assert_eq!(found.change, DifferenceKind::Changed);
}

#[test]
fn equal_bundles_do_not_differ_and_the_order_of_sections_says_nothing() {
    let mut reversed = small();
    assert_eq!(diff(&small(), &small()), []);
    reversed.entries.reverse();
    reversed.deadline_rules.reverse();
    assert_eq!(diff(&small(), &reversed), []);
    assert_eq!(difference(None, None), None);
}

#[test]
fn differences_stand_by_section_and_slug() {
    let base = small();
    let mut to = base.clone();
    to.automation_limits[0].ceiling = domain::money::Cents::new(123_456);
    to.entries[3].meaning.label = "x".to_owned();
    to.entries[1].meaning.label = "y".to_owned();
    to.remark_rules.remove(2);
    let found: Vec<_> =
        diff(&base, &to).into_iter().map(|found| (found.kind, found.slug, found.change)).collect();
    let expected = [
        (SectionKind::Entry, base.entries[1].slug.to_string(), DifferenceKind::Changed),
        (SectionKind::Entry, base.entries[3].slug.to_string(), DifferenceKind::Changed),
        (SectionKind::RemarkRule, base.remark_rules[2].slug.to_string(), DifferenceKind::Removed),
        (
            SectionKind::AutomationLimit,
            base.automation_limits[0].slug.to_string(),
            DifferenceKind::Changed,
        ),
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_comes_and_goes_is_told_by_what_it_was_about() {
    let base = small();
    let mut fewer = base.clone();
    let gone = fewer.entries.remove(0);
    let found = diff(&base, &fewer);
    let said = format!(
        "Entry `{}` is removed: label \"{}\"; reason code 1; group code CO, OA, PI and PR; next action patient bill; owner \
         function patient billing; expected overturn 0%.",
        gone.slug, gone.meaning.label
    );
    assert_eq!((found[0].words.as_str(), found[0].fields.len()), (said.as_str(), 0));
    let found = diff(&fewer, &base);
    assert_eq!(found[0].words, said.replace("is removed", "is added"));
    assert_eq!(found[0].change, DifferenceKind::Added);
    for kind in SectionKind::ALL {
        for item in items(&base, *kind) {
            let found = difference(None, Some(item)).unwrap();
            assert!(found.words.contains(" is added: ") && !found.words.contains('{'));
        }
    }
}

#[test]
fn selectors_are_sets_and_leaving_one_out_is_any() {
    let said = |from: Value, to: Value| sentence("match.payer", Some(from), Some(to));
    let one = json!({"exact": "aetna"});
    let two = json!({"one_of": ["aetna", "cigna"]});
    let three = json!({"one_of": ["cigna", "humana", "oscar"]});
    assert_eq!(said(one.clone(), two.clone()), "Entry `e`: payer adds `cigna`.");
    assert_eq!(said(two.clone(), one.clone()), "Entry `e`: payer drops `cigna`.");
    assert_eq!(
        said(two.clone(), three),
        "Entry `e`: payer adds `humana` and `oscar` and drops `aetna`."
    );
    assert_eq!(
        said(one, json!({"exact": "oscar"})),
        "Entry `e`: payer changes from `aetna` to `oscar`."
    );
    assert_eq!(
        sentence("match.payer", None, Some(two.clone())),
        "Entry `e`: payer changes from any to `aetna` and `cigna`."
    );
    assert_eq!(
        sentence("match.payer", Some(two), None),
        "Entry `e`: payer changes from `aetna` and `cigna` to any."
    );
}

#[test]
fn values_read_as_people_write_them() {
    let cases = [
        ("match.carc", json!({"one_of": ["1", "16"]}), "reason code adds 16"),
        (
            "match.amount",
            json!({"at_least": 100_000}),
            "denied amount changes from any to $1,000.00 or more",
        ),
        (
            "match.amount",
            json!({"at_least": 5, "at_most": 5}),
            "denied amount changes from any to exactly $0.05",
        ),
        (
            "match.amount",
            json!({"at_least": 5, "at_most": 500}),
            "denied amount changes from any to between $0.05 and $5.00",
        ),
        (
            "match.service_dates",
            json!({"from": "2026-01-01"}),
            "date of service changes from any to 2026-01-01 or later",
        ),
        (
            "match.procedure",
            json!({"range": {"from": "99202", "to": "99499"}}),
            "procedure changes from any to 99202 through 99499",
        ),
        ("match.procedure", json!({"exact": "99213"}), "procedure changes from any to 99213"),
        (
            "match.context.authorization",
            json!({"exact": "not_required"}),
            "authorization on record changes from any to not required",
        ),
        (
            "match.rarc.any",
            json!(["N1", "M15"]),
            "choice of remark codes changes from any to M15 and N1",
        ),
        ("match.rarc.all", json!(["N1"]), "set of required remark codes adds N1"),
        ("meaning.hardness", json!("hard"), "hardness changes from not applicable to hard"),
        ("meaning.effort_minutes", json!(1), "expected effort rises from 0 minutes to 1 minute"),
        (
            "meaning.review_reason",
            json!("it is new"),
            "reason for review by a person changes from none to \"it is new\"",
        ),
        ("meaning.template", json!("level-one"), "template changes from none to `level-one`"),
        (
            "meaning.paths",
            json!([{"path": "appeal_level_1", "rules": ["a", "b"]}, {"path": "documents"}]),
            "2 open paths are added: documents under every rule and appeal level 1 under rules `a` and `b`",
        ),
        (
            "meaning.escalation",
            json!([{"at_percent": 50, "tell": "team_lead"}]),
            "2 escalation steps are dropped: manager at 75% and director at 90%",
        ),
    ];
    for (path, to, said) in cases {
        assert_eq!(in_entry(path, to), said);
    }
    let fixed = json!({"month": 12, "day": 31, "years_after": 1});
    assert_eq!(
        clauses(SectionKind::DeadlineRule, &[("fixed", fixed), ("guess", json!(true))]),
        "fixed day changes from none to December 31 of the next year; guess changes from no to yes"
    );
    assert_eq!(
        clauses(SectionKind::AutomationLimit, &[("ceiling", json!(2_500_000))]),
        "ceiling rises from $0.00 to $25,000.00"
    );
}

#[test]
fn texts_are_quoted_and_long_ones_cut_to_what_differs() {
    let base = small();
    let label = &base.entries[0].meaning.label;
    assert_eq!(
        in_entry("meaning.label", json!("another")),
        format!("label changes from \"{label}\" to \"another\"")
    );
    let kind = SectionKind::AppealTemplate;
    let paragraphs = |first: &str, second: &str| json!([first, second]);
    assert_eq!(
        clauses(kind, &[("paragraphs", paragraphs("To {{ payer_name }}:", "we object."))]),
        "a paragraph changes from \"we appeal.\" to \"we object.\""
    );
    assert_eq!(
        clauses(kind, &[("paragraphs", paragraphs("we appeal.", "To {{ payer_name }}:"))]),
        "the paragraphs change their order or number"
    );
    assert_eq!(
        clauses(kind, &[("paragraphs", json!(["To {{ payer_name }}:", "we appeal.", "Yours"]))]),
        "a paragraph is added: \"Yours\""
    );
    let blanks = json!([{"name": "call_date", "words": "day of the call"}]);
    assert_eq!(
        clauses(kind, &[("blanks", blanks)]),
        "a blank is added: `call_date`, \"day of the call\""
    );
    let long = |word: &str| format!("{}{word}{}", "left ".repeat(40), " right".repeat(40));
    let label = |to: String| sentence("meaning.label", Some(json!(long("old"))), Some(json!(to)));
    assert_eq!(
        label(long("new")),
        "Entry `e`: label changes from \"... left left left old right right right ...\" \
         to \"... left left left new right right right ...\"."
    );
    assert_eq!(
        label(long("old").replace(' ', "\n")),
        "Entry `e`: label is set out otherwise or differs within a very long word."
    );
    let many: Vec<String> = (0..40).map(|number| format!("slug-{number:02}")).collect();
    let said = in_entry("meaning.evidence", json!(many));
    assert!(said.contains("`slug-10`, `slug-11` and 28 more and drops `"), "{said}");
}

#[test]
fn a_field_without_words_falls_back_to_its_name() {
    assert_eq!(
        sentence("new_field", Some(json!({"a": 1})), Some(json!({"a": 2}))),
        "Entry `e`: new field changes from {\"a\":1} to {\"a\":2}."
    );
    assert_eq!(
        sentence("new", None, Some(json!("x"))),
        "Entry `e`: new changes from none to \"x\"."
    );
}

/// What differs between two JSON values, found without knowing the schema.
fn walk_json(path: &str, from: Option<&Value>, to: Option<&Value>) -> Vec<FieldInJson> {
    if from == to {
        return Vec::new();
    }
    if !path.is_empty() && !CONTAINERS.contains(&path) {
        return vec![(path.to_owned(), from.cloned(), to.cloned())];
    }
    let fields =
        |side: Option<&Value>| side.and_then(Value::as_object).cloned().unwrap_or_default();
    let (before, after) = (fields(from), fields(to));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let inside = names.into_iter().flat_map(|name| {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        walk_json(&path, before.get(name), after.get(name))
    });
    inside.collect()
}

type FieldInJson = (String, Option<Value>, Option<Value>);

proptest! {
    #[test]
    fn fields_are_those_in_which_the_json_differs(left in steps(16), right in steps(16)) {
        let base = small();
        let from = walk(&base, &left, Reach::Fields);
        let to = walk(&base, &right, Reach::Fields);
        for found in diff(&from, &to) {
            let value = |bundle| item(bundle, found.kind, &found.slug).map(Item::value);
            let mut expected = walk_json("", value(&from).as_ref(), value(&to).as_ref());
            let mut fields: Vec<FieldInJson> = found.fields.into_iter()
                .map(|field| (field.path.to_owned(), field.from, field.to)).collect();
            expected.sort_by(|a, b| a.0.cmp(&b.0));
            fields.sort_by(|a, b| a.0.cmp(&b.0));
            prop_assert_eq!(fields, expected);
        }
    }

    #[test]
    fn a_diff_names_exactly_what_edits_change(left in steps(12), right in steps(12)) {
        let base = small();
        let from = walk(&base, &left, Reach::Everything);
        let to = walk(&base, &right, Reach::Everything);
        let found = diff(&from, &to);
        let edits = edits_between(&from, &to);
        prop_assert_eq!(found.len(), edits.len());
        for (found, edit) in found.iter().zip(&edits) {
            prop_assert_eq!((found.kind, &found.slug), (edit.kind, &edit.slug));
            let change = match edit.change {
                Change::Add(_) => DifferenceKind::Added,
                Change::Replace(_) => DifferenceKind::Changed,
                Change::Remove => DifferenceKind::Removed,
            };
            prop_assert_eq!(found.change, change);
            prop_assert_eq!(found.fields.is_empty(), change != DifferenceKind::Changed);
            prop_assert!(found.fields.iter().all(|field| field.from != field.to));
            // The braces of a letter's blanks are text; JSON has a quote after its brace.
            let is_json = ["{\"", "[{"].iter().any(|json| found.words.contains(json));
            prop_assert!(!is_json, "{}", found.words);
            prop_assert!(!found.words.contains('\n') && found.words.len() < 4_096);
            prop_assert!(!found.words.contains("order"), "{}", found.words);
        }
        let back = diff(&to, &from);
        for (there, back) in found.iter().zip(&back) {
            let turned: Vec<_> = back.fields.iter().map(|field| FieldDifference {
                path: field.path, from: field.to.clone(), to: field.from.clone(),
            }).collect();
            prop_assert_eq!(&there.fields, &turned);
        }
    }
}
