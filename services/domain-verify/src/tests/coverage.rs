use domain::codes::Group;
use domain::dictionary::Match;
use domain::dictionary::selector::Selector;

use super::super::{FindingCode, Seen, World, verify};
use super::support::{
    all, carc, entry, finds, groups, none, of, only, seen, slug, slugs, starter_world, with,
};

/// A world whose code set has these reason codes alone.
fn world(codes: &[&str]) -> World {
    let mut world = starter_world();
    world.carcs.retain(|carc, _| codes.contains(&carc.as_str()));
    world
}

#[test]
fn codes_without_an_entry_fall_to_an_owned_exception_or_block() {
    let code = FindingCode::UnansweredCodes;
    let one = only(vec![entry("one", "50", |_| {})]);
    let both = only(vec![entry("one", "50", |_| {}), entry("two", "197", |_| {})]);
    let words = "no entry answers 1 current reason code: 197; exception `unknown-code` of team \
                 `exceptions` has it";
    let few = world(&["50", "197"]);
    finds((&both, &one), &few, code, (false, "", words));
    // A code past its stop is not expected to be answered: 15 stopped in 2018.
    assert_eq!(of(&verify(&both, &world(&["15", "50", "197"])), code), []);
    let mut teamless = few;
    teamless.teams.remove("exceptions");
    let words = "no entry answers 1 current reason code: 197; no team that exists owns \
                 unknown_code";
    finds((&both, &one), &teamless, code, (true, "", words));
}

#[test]
fn an_entry_on_any_code_answers_every_code() {
    let any = entry("any", "50", |wanted| wanted.carc = Selector::Any);
    let verification = verify(&only(vec![any]), &starter_world());
    assert_eq!(of(&verification, FindingCode::UnansweredCodes), []);
    assert_eq!(of(&verification, FindingCode::PartlyAnsweredCode), []);
}

#[test]
fn a_code_answered_in_part_comes_with_a_denial_that_is_not() {
    let code = FindingCode::PartlyAnsweredCode;
    let few = world(&["50", "197"]);
    let on = |change: &dyn Fn(&mut Match)| {
        only(vec![entry("one", "50", |_| {}), entry("two", "197", |wanted| change(wanted))])
    };
    let whole = on(&|_| {});
    let rest = "exception `unmapped-combination` of team `exceptions` has it";
    for (change, gap) in [
        (
            (&|wanted: &mut Match| wanted.group = groups(&[Group::CO, Group::OA, Group::PI]))
                as &dyn Fn(&mut Match),
            "nothing under PR".to_owned(),
        ),
        (
            &|wanted| {
                wanted.group = groups(&[Group::OA]);
                wanted.rarc = all(&["N130"]);
            },
            "nothing under CO, PI and PR: not, for instance, an OA-197 denial, without a remark"
                .to_owned(),
        ),
        (
            &|wanted| {
                wanted.group = groups(&[Group::CO, Group::OA, Group::PI]);
                wanted.rarc = none(&["N130"]);
            },
            format!(
                "nothing under PR: not, for instance, {}",
                "a CO-197 denial with N130, an OA-197 denial with N130 and a PI-197 denial with \
                 N130"
            ),
        ),
    ] {
        let words = format!("CARC 197 is answered in part: {gap}; {rest}");
        finds((&whole, &on(change)), &few, code, (false, "", &words));
    }
}

#[test]
fn entries_of_named_payers_leave_every_other_payer_out() {
    let on = |rest: Vec<domain::dictionary::Entry>| {
        let mut entries = vec![entry("pay", "197", |wanted| {
            wanted.payer = slugs(&["aetna", "cigna", "humana"]);
        })];
        entries.extend(rest);
        only(entries)
    };
    let together = vec![
        entry("with", "197", |wanted| wanted.rarc = all(&["N130"])),
        entry("without", "197", |wanted| wanted.rarc = none(&["N130"])),
    ];
    let words = "CARC 197 is answered in part: not, for instance, a CO-197 denial, an OA-197 \
                 denial, a PI-197 denial and a PR-197 denial; exception `unmapped-combination` of \
                 team `exceptions` has it";
    let code = FindingCode::PartlyAnsweredCode;
    finds((&on(together), &on(vec![])), &world(&["197"]), code, (false, "", words));
}

#[test]
fn what_was_seen_and_is_not_answered_is_listed_largest_first() {
    let mut world = starter_world();
    let mut of_payer = seen(Group::CO, "777", 40, 99_999);
    of_payer.facts.payer = Some("aetna".to_owned());
    world.seen = vec![
        seen(Group::CO, "197", 1_000, 5_000_000),
        seen(Group::CR, "45", 40, 100_000),
        of_payer,
        seen(Group::from_raw("ZZ"), "45", 2, -50),
    ];
    let verification = verify(&with(vec![]), &world);
    let owned = "of team `exceptions` has it";
    let expected = [
        format!(
            "a CR-45 denial: 40 denials of 12 months, $1,000.00; no entry answers it, exception \
             `correction-group` {owned}"
        ),
        format!(
            "a CO-777 denial, of payer `aetna`: 40 denials of 12 months, $999.99; no entry answers \
             it, exception `unknown-code` {owned}"
        ),
        format!(
            "a ZZ-45 denial: 2 denials of 12 months, -$0.50; no entry answers it, exception \
             `unknown-group` {owned}"
        ),
    ];
    let found = of(&verification, FindingCode::UnmappedCombination);
    assert_eq!(found, expected.each_ref().map(|words| (false, "", words.as_str())));
    assert!(verification.passed);
    let proven = verification.proven;
    assert_eq!((proven.seen, proven.seen_denials), (4, 1_082));
    assert_eq!((proven.unmapped, proven.unmapped_denials), (3, 82));
    assert_eq!(proven.unmapped_cents, 199_949);
    let answered = with(vec![entry("new", "777", |_| {})]);
    let kept = of(&verify(&answered, &world), FindingCode::UnmappedCombination).len();
    assert_eq!(kept, 2);
}

#[test]
fn what_was_seen_and_nobody_owns_blocks() {
    let mut world = starter_world();
    world.seen = vec![seen(Group::CO, "777", 40, 4_000)];
    let control = with(vec![entry("new", "777", |_| {})]);
    let mut draft = with(vec![]);
    let policy =
        draft.exception_policies.iter_mut().find(|policy| policy.slug.as_str() == "unknown-code");
    policy.unwrap().team = slug("nobody");
    let words = "a CO-777 denial: 40 denials of 12 months, $40.00; no entry answers it, no team \
                 that exists owns unknown_code";
    finds((&control, &draft), &world, FindingCode::UnmappedCombination, (true, "", words));
}

#[test]
fn many_unmapped_combinations_end_with_a_sum() {
    let mut world = starter_world();
    let many =
        |count: u64| (0..count).map(move |at| seen(Group::CO, &format!("X{at}"), count - at, 100));
    world.seen = many(199).collect();
    assert_eq!(of(&verify(&with(vec![]), &world), FindingCode::UnmappedCombination).len(), 199);
    world.seen = many(300).collect();
    let verification = verify(&with(vec![]), &world);
    let found = of(&verification, FindingCode::UnmappedCombination);
    assert_eq!(found.len(), 200);
    let words =
        "101 smaller combinations that no entry answers: 5151 denials of 12 months, $101.00";
    assert_eq!(found[199], (false, "", words));
}

#[test]
fn a_bundle_that_does_not_compile_says_that_what_was_seen_is_open() {
    let twin = |name: &str| entry(name, "197", |_| {});
    let mut world = starter_world();
    world.seen = vec![Seen { denials: 3, ..seen(Group::PR, "50", 3, 1) }];
    let words = "1 combination of 12 months not decided: the bundle does not compile";
    let draft = with(vec![twin("a"), twin("b")]);
    let code = FindingCode::SeenNotDecided;
    finds((&with(vec![twin("a")]), &draft), &world, code, (false, "", words));
    assert_eq!(verify(&draft, &world).proven.seen, 0);
    let mut other = world;
    other.seen.clear();
    assert_eq!(of(&verify(&draft, &other), code), []);
    assert!(other.carcs.contains_key(&carc("50")));
}
