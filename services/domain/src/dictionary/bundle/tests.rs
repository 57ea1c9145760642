use serde_json::{Value, json};

use super::super::selector::{RarcMatch, Selector};
use super::super::tests::samples::{bundle, carc, entry, rarcs, slug, small_match};
use super::super::vocabulary::NextAction;
use super::*;
use crate::codes::Group;
use crate::deadline::Path;
use crate::dictionary::entry::{EscalationStep, Match, PathRules};
use crate::dictionary::vocabulary::EscalationLevel;
use crate::starter;

fn one_entry() -> Bundle {
    bundle(vec![entry("fifty", small_match([0, 1, 1, 2, 3]))])
}

/// What is wrong once `break_it` had its way: section, slug, field.
fn broken(break_it: impl FnOnce(&mut Bundle)) -> Vec<(&'static str, String, &'static str)> {
    let mut bundle = one_entry();
    break_it(&mut bundle);
    let text = serde_json::to_string(&bundle).unwrap();
    match Bundle::parse(&text) {
        Err(ParseError::Defects(defects)) => {
            defects.into_iter().map(|found| (found.section, found.slug, found.field)).collect()
        }
        other => panic!("expected defects, got {other:?}"),
    }
}

fn in_entry(field: &'static str) -> Vec<(&'static str, String, &'static str)> {
    vec![("entries", "fifty".to_owned(), field)]
}

#[test]
fn a_bundle_reads_back_from_its_canonical_form() {
    for bundle in [starter::bundle(), one_entry()] {
        let text = bundle.canonical().unwrap();
        let read = Bundle::parse(&text).unwrap();
        assert_eq!(read.canonical().unwrap(), text);
        assert_eq!(read, bundle);
        assert_eq!(canonical::recanonicalize(&text).unwrap(), text);
    }
}

#[test]
fn the_hash_does_not_depend_on_order_or_on_how_any_is_spelled() {
    let mut bundle = starter::bundle();
    let hash = bundle.hash().unwrap();
    bundle.entries.reverse();
    bundle.remark_rules.reverse();
    bundle.owner_rules.reverse();
    assert_eq!(bundle.hash().unwrap(), hash);
    let mut value: Value = serde_json::from_str(&bundle.canonical().unwrap()).unwrap();
    value["entries"][0]["match"]["payer"] = json!("any");
    value["entries"][0]["match"]["lob"] = json!({"one_of": ["tricare", "va", "tricare"]});
    let spelled = Bundle::parse(&value.to_string()).unwrap();
    assert_ne!(spelled.hash().unwrap(), hash);
    value["entries"][0]["match"].as_object_mut().unwrap().remove("lob");
    assert_eq!(Bundle::parse(&value.to_string()).unwrap().hash().unwrap(), hash);
}

#[test]
fn unknown_fields_are_refused_at_every_depth() {
    let whole: Value = serde_json::from_str(&one_entry().canonical().unwrap()).unwrap();
    for pointer in [
        "",
        "/entries/0",
        "/entries/0/match",
        "/entries/0/match/amount",
        "/entries/0/meaning",
        "/entries/0/meaning/root_cause",
        "/owner_rules/0",
        "/exception_policies/0",
        "/deadline_rules/0",
        "/remark_rules/0",
    ] {
        let mut value = whole.clone();
        value.pointer_mut(pointer).unwrap()["surprise"] = json!(1);
        let refused = Bundle::parse(&value.to_string());
        assert!(matches!(refused, Err(ParseError::Schema(_))), "{pointer}: {refused:?}");
    }
}

#[test]
fn other_semantics_are_refused_by_number() {
    let mut bundle = one_entry();
    bundle.evaluator_semantics = 7;
    let text = serde_json::to_string(&bundle).unwrap();
    assert_eq!(Bundle::parse(&text), Err(ParseError::Semantics(7)));
}

#[test]
fn broken_references_are_named_with_slug_and_field() {
    assert_eq!(
        broken(|bundle| bundle.entries[0].meaning.evidence = vec![slug("nothing")]),
        in_entry("evidence")
    );
    assert_eq!(
        broken(|bundle| bundle.entries[0].meaning.template = Some(slug("nothing"))),
        in_entry("template")
    );
    let path = |rule: &str| PathRules { path: Path::PeerToPeer, rules: vec![slug(rule)] };
    assert_eq!(
        broken(|bundle| bundle.entries[0].meaning.paths = vec![path("nothing")]),
        in_entry("paths")
    );
    let other = starter::bundle().deadline_rules[0].slug.clone();
    assert_eq!(
        broken(|bundle| bundle.entries[0].meaning.paths = vec![path(&other)]),
        in_entry("paths")
    );
}

#[test]
fn what_can_never_match_or_never_counts_is_refused() {
    let group = |groups| Match { group: groups, ..Match::default() };
    let remarks = |all: &[&str], none: &[&str]| Match {
        rarc: RarcMatch { all: rarcs(all), none: rarcs(none), ..RarcMatch::default() },
        carc: Selector::Exact(carc("50")),
        ..Match::default()
    };
    let cases = [
        (group(Selector::OneOf(Vec::new())), "group"),
        (group(Selector::Exact(Group::CR)), "group"),
        (group(Selector::Exact(Group::from_raw("DE"))), "group"),
        (remarks(&["N1"], &["N1"]), "rarc"),
        (remarks(&["M16"], &[]), "rarc"),
    ];
    for (matches, field) in cases {
        assert_eq!(broken(|bundle| bundle.entries[0].matches = matches), in_entry(field));
    }
    assert_eq!(
        broken(|bundle| bundle.entries[0].matches.rarc.any = rarcs(&["N211"])),
        in_entry("next_action")
    );
    let step = EscalationStep { at_percent: 0, tell: EscalationLevel::Manager };
    assert_eq!(
        broken(|bundle| bundle.entries[0].meaning.escalation = vec![step]),
        in_entry("escalation")
    );
}

#[test]
fn an_entry_that_would_fill_the_index_is_refused() {
    let payers: Vec<_> = (0..300).map(|at| slug(&format!("p{at}"))).collect();
    let codes: Vec<_> = (1..=300).map(|at| carc(&at.to_string())).collect();
    let wide = Match { carc: Selector::of(codes), payer: Selector::of(payers), ..Match::default() };
    assert_eq!(broken(|bundle| bundle.entries[0].matches = wide), in_entry("match"));
}

#[test]
fn doubles_and_missing_exception_owners_are_refused() {
    let mut twice = broken(|bundle| bundle.entries.push(bundle.entries[0].clone()));
    assert_eq!(twice.remove(0), ("entries", "fifty".to_owned(), "slug"));
    let missing = broken(|bundle| {
        bundle.exception_policies.remove(0);
    });
    assert_eq!(missing.len(), 1);
    assert_eq!((missing[0].0, missing[0].2), ("exception_policies", "kind"));
    let ordered = broken(|bundle| {
        let stop = bundle.remark_rules.iter_mut().find(|rule| rule.effect.is_some()).unwrap();
        stop.next_action = Some(NextAction::Appeal);
    });
    assert_eq!((ordered[0].0, ordered[0].2), ("remark_rules", "next_action"));
}
