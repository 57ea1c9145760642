use domain::codes::{Code, Group, Period};
use domain::dictionary::Match;
use domain::dictionary::selector::{RarcMatch, Selector};

use super::super::{FindingCode, World, verify};
use super::support::{
    all, any, carc, entry, finds, groups, none, of, only, rarcs, seen, slug, starter_world, with,
};

/// A world in which X12 has just taken a code back and announced another.
fn world() -> World {
    let mut world = starter_world();
    let code = |code: &str, start: Option<&str>, stop: Option<&str>| Code {
        code: code.to_owned(),
        label: "a code".to_owned(),
        periods: vec![Period {
            start_on: start.map(|day| day.parse().unwrap()),
            stop_on: stop.map(|day| day.parse().unwrap()),
        }],
        alert: false,
        remark_required: false,
        groups_allowed: Vec::new(),
    };
    let gone = code("900", None, Some("2026-10-31"));
    let soon = code("901", Some("2027-03-01"), None);
    world.carcs.extend([(carc("900"), gone), (carc("901"), soon)]);
    let gone = code("N990", None, Some("2026-10-31"));
    world.rarcs.insert(rarcs(&["N990"])[0], gone);
    world
}

#[test]
fn a_code_of_no_code_set_blocks_wherever_it_is_named() {
    let code = FindingCode::UnknownCode;
    let good = with(vec![entry("new", "1", |wanted| wanted.rarc = all(&["N130"]))]);
    let bad = with(vec![entry("new", "9999", |wanted| {
        wanted.rarc = RarcMatch { any: vec![], all: rarcs(&["N9998"]), none: rarcs(&["N9999"]) };
    })]);
    let words = "in no code set: CARC 9999, RARC N9998 and RARC N9999";
    finds((&good, &bad), &world(), code, (true, "new", words));
    let mut limit = good.clone();
    limit.automation_limits[0].carc = Selector::Exact(carc("9999"));
    let name = limit.automation_limits[0].slug.to_string();
    finds((&good, &limit), &world(), code, (true, &name, "CARC 9999 is in no code set"));
    let mut remark = good.clone();
    remark.remark_rules[0].rarc = rarcs(&["N9999"])[0];
    let name = remark.remark_rules[0].slug.to_string();
    finds((&good, &remark), &world(), code, (true, &name, "RARC N9999 is in no code set"));
}

#[test]
fn an_entry_on_stopped_codes_only_blocks_once_nothing_reaches_it() {
    let code = FindingCode::StoppedCodesOnly;
    let on = |code: &str, rarc: RarcMatch| {
        with(vec![entry("old", code, |wanted| {
            wanted.rarc = rarc;
            wanted.group = groups(&[Group::CO]);
        })])
    };
    let any_remark = RarcMatch::default;
    let dead = "only denials with stopped codes reach it: CARC 900 (2026-10-31); nothing reached \
                it in 12 months";
    let (control, stopped) = (on("1", any_remark()), on("900", any_remark()));
    finds((&control, &stopped), &world(), code, (true, "old", dead));
    let mut busy = world();
    busy.seen = vec![seen(Group::CO, "900", 7, 100)];
    let alive = "only denials with stopped codes reach it: CARC 900 (2026-10-31); 7 denials of 12 \
                 months reached it";
    finds((&control, &stopped), &busy, code, (false, "old", alive));
    let required = "only denials with stopped codes reach it: RARC N990 (2026-10-31); nothing \
                    reached it in 12 months";
    let current = on("1", any(&["N990", "N130"]));
    for rarc in [all(&["N990", "N130"]), any(&["N990"])] {
        finds((&current, &on("1", rarc)), &world(), code, (true, "old", required));
    }
    let mut broken = stopped.clone();
    broken.entries[0].meaning.evidence = vec![slug("nothing")];
    let undecided = verify(&broken, &busy);
    let open = of(&undecided, code)[0];
    assert!(open.0 && open.2.ends_with("what reached it was not decided"), "{open:?}");
    // The day before, all was well.
    let mut earlier = world();
    earlier.day = "2026-10-31".parse().unwrap();
    assert_eq!(of(&verify(&stopped, &earlier), code), []);
    // A remark that is barred keeps no denial away any more.
    assert_eq!(of(&verify(&on("1", none(&["N990"])), &world()), code), []);
}

#[test]
fn a_stopped_code_beside_current_ones_is_said() {
    let on = |codes: &[&str]| {
        let codes = codes.iter().map(|code| carc(code));
        let change = |wanted: &mut Match| wanted.carc = Selector::of(codes);
        with(vec![entry("new", "1", change)])
    };
    let words = "stopped, still legal in reversals and COB: CARC 900 (2026-10-31)";
    let code = FindingCode::NamesStoppedCode;
    finds((&on(&["1", "2"]), &on(&["1", "900"])), &world(), code, (false, "new", words));
}

#[test]
fn a_code_that_starts_later_is_said() {
    let on = |code: &str| with(vec![entry("new", code, |_| {})]);
    let words = "not in use before its day: CARC 901 (2027-03-01)";
    let code = FindingCode::CodeNotStarted;
    finds((&on("900"), &on("901")), &world(), code, (false, "new", words));
}

#[test]
fn a_group_x12_does_not_allow_is_said() {
    let on = |named: &[Group]| {
        only(vec![entry("duplicate", "18", |wanted| wanted.group = groups(named))])
    };
    let words = "payers may not send CARC 18 under CO and PR (X12 allows OA)";
    let bad = on(&[Group::CO, Group::OA, Group::PR]);
    let code = FindingCode::GroupNotAllowed;
    finds((&on(&[Group::OA]), &bad), &world(), code, (false, "duplicate", words));
    assert_eq!(of(&verify(&on(&[]), &world()), code), []);
}

#[test]
fn a_required_remark_must_be_possible_and_should_be_asked_for() {
    let on = |rarc: RarcMatch| only(vec![entry("missing", "16", |wanted| wanted.rarc = rarc)]);
    let words = "CARC 16 comes with a remark that explains it; the entry asks for none and also \
                 answers denials from which it is missing";
    let asks = FindingCode::RequiredRemarkNotAsked;
    let asked = on(any(&["M76", "N56"]));
    for loose in [RarcMatch::default(), none(&["N56"])] {
        finds((&asked, &on(loose)), &world(), asks, (false, "missing", words));
    }
    // N211 is an alert with an effect: it may be named and does not explain the adjustment.
    finds((&asked, &on(any(&["M76", "N211"]))), &world(), asks, (false, "missing", words));
    let mut few = world();
    few.rarcs.retain(|rarc, code| code.alert || ["M76", "N56"].contains(&rarc.as_str()));
    let words = "CARC 16 comes with a remark that explains it, and the entry bars every one";
    let bars = FindingCode::RequiredRemarkExcluded;
    let bundle = |rarc: RarcMatch| {
        let mut bundle = on(rarc);
        bundle.remark_rules.retain(|rule| few.rarcs.contains_key(&rule.rarc));
        bundle
    };
    let (some, every) = (bundle(none(&["M76"])), bundle(none(&["M76", "N56"])));
    finds((&some, &every), &few, bars, (true, "missing", words));
}

#[test]
fn an_alert_counts_only_with_an_effect() {
    let mut control = only(vec![entry("alert", "50", |wanted| wanted.rarc = all(&["N211"]))]);
    control.entries[0].meaning.next_action = domain::dictionary::vocabulary::NextAction::Close;
    let mut bundle = control.clone();
    bundle.remark_rules.retain(|rule| rule.rarc.as_str() != "N211");
    let words = "N211 is an alert and no remark rule gives it an effect";
    let code = FindingCode::AlertWithoutEffect;
    finds((&control, &bundle), &world(), code, (true, "alert", words));
}
