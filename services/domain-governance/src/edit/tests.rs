use domain::dictionary::canonical::to_canonical;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::samples::{CONTAINERS, Reach, small, steps, walk};
use super::*;

fn add(kind: SectionKind, slug: &str, json: impl ToString) -> Edit {
    Edit { kind, slug: slug.to_owned(), change: Change::Add(json.to_string()) }
}

fn replace(kind: SectionKind, slug: &str, json: impl ToString) -> Edit {
    Edit { kind, slug: slug.to_owned(), change: Change::Replace(json.to_string()) }
}

fn remove(kind: SectionKind, slug: &str) -> Edit {
    Edit { kind, slug: slug.to_owned(), change: Change::Remove }
}

/// What is said about a list of edits that cannot stand.
fn refused(edits: &[Edit]) -> Vec<String> {
    let bad = apply(&small(), edits).expect_err("some edit cannot stand");
    bad.iter().map(ToString::to_string).collect()
}

/// The first entry of the small bundle, its slug and its JSON.
fn entry() -> (String, Value) {
    let bundle = small();
    let item = Item::Entry(&bundle.entries[0]);
    (item.slug().to_owned(), item.value())
}

#[test]
fn sections_read_back_from_their_words() {
    assert_eq!(SectionKind::ALL.len(), 9);
    for kind in SectionKind::ALL {
        assert_eq!(SectionKind::parse(kind.as_str()), Some(*kind));
        assert!(!items(&small(), *kind).is_empty(), "the samples have a {kind}");
    }
    assert!(SectionKind::ALL.is_sorted());
    assert_eq!(SectionKind::parse("entries"), None);
}

#[test]
fn items_are_found_by_slug_and_written_in_canonical_form() {
    let bundle = domain::starter::bundle();
    for kind in SectionKind::ALL {
        for listed in items(&bundle, *kind) {
            assert_eq!(listed.kind(), *kind);
            assert_eq!(listed.json(), to_canonical(&listed.value()).unwrap());
        }
    }
    let second = &bundle.entries[1];
    let found = item(&bundle, SectionKind::Entry, second.slug.as_str());
    assert_eq!(found, Some(Item::Entry(second)));
    assert_eq!(item(&bundle, SectionKind::RemarkRule, second.slug.as_str()), None);
}

#[test]
fn edits_add_replace_and_remove() {
    let base = small();
    let (slug, mut value) = entry();
    value["meaning"]["label"] = json!("another label");
    let other = base.entries[1].slug.as_str();
    let standard = json!({"title": "Photo of the card", "slug": "a-card"});
    let edits = [
        replace(SectionKind::Entry, &slug, &value),
        remove(SectionKind::Entry, other),
        add(SectionKind::DocumentationStandard, "a-card", &standard),
    ];
    let made = apply(&base, &edits).unwrap();
    assert_eq!(made.entries.len(), base.entries.len() - 1);
    assert_eq!(made.entries[0].meaning.label, "another label");
    assert_eq!(item(&made, SectionKind::Entry, other), None);
    assert_eq!(
        item(&made, SectionKind::DocumentationStandard, "a-card").unwrap().value(),
        json!({"slug": "a-card", "title": "Photo of the card"})
    );
}

#[test]
fn what_edits_make_is_normalized_and_keeps_the_header() {
    let mut base = small();
    let (slug, mut value) = entry();
    value["match"]["payer"] = json!({"one_of": ["b", "a", "b"]});
    value["match"]["lob"] = json!("any");
    value["meaning"]["evidence"] = json!(["z", "a", "z"]);
    let made = apply(&base, &[replace(SectionKind::Entry, &slug, &value)]).unwrap();
    let made_item = item(&made, SectionKind::Entry, &slug).unwrap().value();
    assert_eq!(made_item["match"]["payer"], json!({"one_of": ["a", "b"]}));
    assert_eq!(made_item["match"].get("lob"), None);
    assert_eq!(made_item["meaning"]["evidence"], json!(["a", "z"]));
    assert!(made.starting_point);
    assert_eq!((&made.title, &made.notes), (&base.title, &base.notes));
    base.entries.reverse();
    assert_eq!(apply(&base, &[]).unwrap(), small());
}

#[test]
fn every_bad_edit_is_listed() {
    let (slug, value) = entry();
    let mut misspelled = value.clone();
    misspelled["meaning"]["next_action"] = json!("apeal");
    let standard = |slug: &str| json!({"slug": slug, "title": "t"});
    let kind = SectionKind::DocumentationStandard;
    let edits = [
        add(SectionKind::Entry, &slug, &value),
        remove(kind, "no-such"),
        replace(kind, "no-such-either", standard("no-such-either")),
        add(kind, "one", standard("two")),
        add(kind, "fine", standard("fine")),
        remove(kind, "fine"),
        add(kind, "long", json!({"slug": "long", "title": "x".repeat(ITEM_BYTES_MAX)})),
        add(kind, "cut", r#"{"slug": "cut", "#),
        replace(SectionKind::Entry, &slug, &misspelled),
    ];
    let expected = [
        format!("edit 1, entry `{slug}`: it cannot be added: it is in the dictionary already"),
        "edit 2, documentation standard `no-such`: it cannot be changed or removed: it is not in \
         the dictionary"
            .to_owned(),
        "edit 3, documentation standard `no-such-either`: it cannot be changed or removed: it is \
         not in the dictionary"
            .to_owned(),
        "edit 4, documentation standard `one`: the item itself has the slug `two`".to_owned(),
        "edit 6, documentation standard `fine`: edit 5 is about the same item: edit an item once"
            .to_owned(),
        "edit 7, documentation standard `long`: it takes 65562 bytes, more than the 65536 an item \
         may take"
            .to_owned(),
        "edit 8, documentation standard `cut`: it is not JSON: read up to line 1, column 16"
            .to_owned(),
        format!("edit 9, entry `{slug}`: edit 1 is about the same item: edit an item once"),
        format!(
            "edit 9, entry `{slug}`, next action (meaning.next_action): `apeal` is none of \
             `appeal`, `corrected_claim`, `new_claim`, `send_documents`, `rebill_other_payer`, \
             `patient_bill`, `payer_inquiry`, `wait`, `write_off`, `close`, `exception_review`"
        ),
    ];
    assert_eq!(refused(&edits), expected);
}

#[test]
fn an_item_of_exactly_the_most_bytes_is_read() {
    let kind = SectionKind::DocumentationStandard;
    let sized = |bytes: usize| {
        let frame = json!({"slug": "s", "title": ""}).to_string().len();
        add(kind, "s", json!({"slug": "s", "title": "x".repeat(bytes - frame)}))
    };
    assert!(apply(&small(), &[sized(ITEM_BYTES_MAX)]).is_ok());
    assert!(apply(&small(), &[sized(ITEM_BYTES_MAX + 1)]).is_err());
}

#[test]
fn slugs_of_deadline_rules_and_great_numbers_are_checked() {
    let bundle = small();
    let mut rule = Item::DeadlineRule(&bundle.deadline_rules[0]).value();
    rule["slug"] = json!("Not A Slug");
    let mut limit = Item::AutomationLimit(&bundle.automation_limits[0]).value();
    let slug = bundle.automation_limits[0].slug.as_str();
    limit["ceiling"] = json!(1_i64 << 53);
    let said = refused(&[
        add(SectionKind::DeadlineRule, "Not A Slug", rule),
        replace(SectionKind::AutomationLimit, slug, limit),
    ]);
    assert_eq!(
        said,
        [
            "edit 1, deadline rule `Not A Slug`: the slug must be 1 to 96 of a-z, 0-9, `-`, `_`, \
             `.`, first a letter or a digit"
                .to_owned(),
            format!(
                "edit 2, automation limit `{slug}`: the number 9007199254740992 is not an integer \
                 that a double holds exactly"
            ),
        ]
    );
}

/// What is said about the first entry with this JSON at a path.
fn broken(path: &str, json: &str) -> String {
    let (slug, mut value) = entry();
    let mut place = &mut value;
    for name in path.split('.') {
        place = &mut place[name];
    }
    *place = serde_json::from_str(json).unwrap();
    let said = refused(&[replace(SectionKind::Entry, &slug, &value)]);
    assert_eq!(said.len(), 1);
    said[0].strip_prefix(&format!("edit 1, entry `{slug}`, ")).unwrap().to_owned()
}

#[test]
fn a_value_of_the_wrong_kind_is_named_in_words() {
    let number = "it must be a whole number from 0 to 4294967295";
    let days = format!("expected time to an answer (meaning.expected_days): {number}");
    assert_eq!(
        broken("meaning.expected_days", "\"soon\""),
        format!("{days}, not the text \"soon\"")
    );
    assert_eq!(broken("meaning.expected_days", "-1"), format!("{days}, not -1"));
    assert_eq!(broken("meaning.expected_days", "0.25"), format!("{days}, not 0.25"));
    assert_eq!(broken("meaning.expected_days", "true"), format!("{days}, not true"));
    assert_eq!(
        broken("meaning.escalation", r#"[{"at_percent": 300, "tell": "manager"}]"#),
        "escalation step (meaning.escalation[0].at_percent): it must be a whole number from 0 to \
         255, not 300"
    );
    let label = "label (meaning.label): it must be a text";
    assert_eq!(broken("meaning.label", "7"), format!("{label}, not 7"));
    assert_eq!(broken("meaning.label", "null"), format!("{label}, not null"));
    assert_eq!(broken("meaning.label", "{}"), format!("{label}, not an object"));
    assert_eq!(
        broken("meaning.evidence", "\"x\""),
        "evidence (meaning.evidence): it must be a list, not the text \"x\""
    );
    let object = "meaning (meaning): it must be an object with named fields";
    assert_eq!(broken("meaning", "[]"), format!("{object}, not a list"));
    assert_eq!(broken("meaning", "1"), format!("{object}, not 1"));
    assert_eq!(
        broken("match.carc", "16"),
        "reason code (match.carc): its value has a form that is not allowed here"
    );
}

#[test]
fn a_value_that_cannot_be_is_named_in_words() {
    assert_eq!(
        broken("meaning.evidence", r#"["fine", "Not"]"#),
        "evidence (meaning.evidence[1]): `Not` is not a slug: use 1 to 96 of a-z, 0-9, `-`, `_`, \
         `.`, first a letter or a digit"
    );
    assert_eq!(
        broken("match.carc", r#"{"exact": "1-6"}"#),
        "reason code (match.carc.exact): character 2 of the code is not an ASCII letter or digit"
    );
    assert_eq!(
        broken("match.carc", r#"{"but": "16"}"#),
        "reason code (match.carc): `but` is none of `any`, `exact`, `one_of`"
    );
    assert_eq!(
        broken("match.service_dates", r#"{"from": "1/2/2026"}"#),
        "date of service (match.service_dates.from): a day is written like 2026-01-31"
    );
}

#[test]
fn a_field_too_many_or_too_few_is_named_in_words() {
    assert_eq!(
        broken("match.payers", "\"any\""),
        "payers (match.payers): there is no such field; there is `rarc`, `carc`, `group`, `payer`, \
         `lob`, `network`, `facility`, `service_line`, `claim_type`, `context`, `procedure`, \
         `amount`, `service_dates`"
    );
    assert_eq!(
        broken("meaning.paths", r#"[{"rules": []}]"#),
        "open path (meaning.paths[0].path): it is missing"
    );
    let whole = |json: &str| {
        let said = refused(&[replace(SectionKind::Entry, &entry().0, json)]);
        assert_eq!(said.len(), 1);
        said[0].split_once("`carc-1`").unwrap().1.to_owned()
    };
    let bare = whole(r#"{"slug": "carc-1", "match": {}}"#);
    assert_eq!(bare, ", meaning (meaning): it is missing");
    let twice = whole(r#"{"slug": "carc-1", "slug": "carc-1"}"#);
    assert_eq!(twice, ", slug (slug): it stands twice");
    assert_eq!(whole("{} {}"), ": it is not JSON: read up to line 1, column 4");
}

#[test]
fn what_is_said_is_short_however_long_the_item_is() {
    let (slug, value) = entry();
    let long = "x, expected ".repeat(4_000);
    for (path, broken) in
        [("next_action", json!(long)), ("label", json!([long])), (&long, json!(1))]
    {
        let mut value = value.clone();
        value["meaning"][path] = broken;
        let said = refused(&[replace(SectionKind::Entry, &slug, value)]);
        assert_eq!(said.len(), 1);
        assert!(said[0].len() < 1_200, "{} bytes", said[0].len());
    }
    let rule = Item::DeadlineRule(&small().deadline_rules[0]).value();
    let other = json!({"slug": long});
    let rule = rule.as_object().unwrap().iter().chain(other.as_object().unwrap());
    let rule: Value = rule.map(|(name, value)| (name.clone(), value.clone())).collect();
    let said = refused(&[add(SectionKind::DeadlineRule, "new", rule)]);
    assert!(said[0].contains("the item itself has the slug") && said[0].len() < 200, "{said:?}");
}

/// Asks the reader itself which fields there are, so that none can be forgotten.
#[test]
fn every_field_of_the_schema_has_words() {
    let bundle = small();
    let mut named = 0;
    for kind in SectionKind::ALL {
        let sample = items(&bundle, *kind)[0];
        let inside: &[&str] = if *kind == SectionKind::Entry { &CONTAINERS } else { &[] };
        for container in inside.iter().chain(&[""]) {
            let mut value = sample.value();
            let place = container
                .split('.')
                .filter(|name| !name.is_empty())
                .fold(&mut value, |value, name| &mut value[name]);
            place["zz"] = json!(1);
            let bad = apply(&bundle, &[replace(*kind, sample.slug(), value)]).unwrap_err();
            let Problem::Field { words, .. } = &bad[0].problem else { panic!("{bad:?}") };
            for name in words.split('`').skip(1).step_by(2) {
                let path = if container.is_empty() {
                    name.to_owned()
                } else {
                    format!("{container}.{name}")
                };
                let known = CONTAINERS.contains(&path.as_str())
                    || fields::of(&path).is_some_and(|field| field.path == path);
                assert!(known, "{kind} has the field {path}, and no words for it");
                named += 1;
            }
        }
    }
    assert!(named > 90, "only {named} fields were listed");
}

/// Replaces the value at one random place.
fn break_at(value: &mut Value, mut place: usize, by: &Value) -> usize {
    if place == 0 {
        *value = by.clone();
        return usize::MAX;
    }
    place -= 1;
    let inner: Box<dyn Iterator<Item = &mut Value>> = match value {
        Value::Array(values) => Box::new(values.iter_mut()),
        Value::Object(fields) => Box::new(fields.iter_mut().map(|(_, value)| value)),
        _ => return place,
    };
    for value in inner {
        place = break_at(value, place, by);
        if place == usize::MAX {
            break;
        }
    }
    place
}

proptest! {
    #[test]
    fn edits_between_two_bundles_lead_from_one_to_the_other(
        left in steps(12), right in steps(12),
    ) {
        let base = small();
        let (from, mut to) = (
            walk(&base, &left, Reach::Everything), walk(&base, &right, Reach::Everything),
        );
        to.title = "another".to_owned();
        let edits = edits_between(&from, &to);
        prop_assert!(edits.is_sorted_by_key(|edit| (edit.kind, edit.slug.clone())));
        let made = apply(&from, &edits).unwrap();
        prop_assert_eq!(&made.title, &from.title);
        prop_assert_eq!(edits_between(&made, &to), []);
        prop_assert_eq!(Bundle { title: to.title.clone(), ..made }, to);
    }

    #[test]
    fn a_broken_item_is_refused_in_plain_words(
        kind in 0_usize..9, place in 0_usize..70, by in 0_usize..7,
    ) {
        let bundle = small();
        let kind = SectionKind::ALL[kind];
        let sample = items(&bundle, kind)[0];
        let by = [
            json!(null), json!(true), json!(-7), json!(1.5), json!("Some Thing"), json!([1]),
            json!({"from": 1}),
        ][by].clone();
        let mut value = sample.value();
        break_at(&mut value, place, &by);
        if let Err(bad) = apply(&bundle, &[replace(kind, sample.slug(), value)]) {
            prop_assert_eq!(bad.len(), 1);
            prop_assert!(!matches!(bad[0].problem, Problem::NotJson { .. }), "it is JSON");
            let said = bad[0].to_string();
            let jargon = ["u32", "u8", "i64", "struct", "variant", "invalid", "sequence", "map"];
            let plain = said
                .split(|letter: char| !letter.is_ascii_alphanumeric())
                .all(|word| !jargon.contains(&word));
            prop_assert!(plain, "{}", said);
        }
    }
}
