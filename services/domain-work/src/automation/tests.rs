use domain::dictionary::selector::Selector;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::UserId;
use crate::hold::{Lease, Reservation};

const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 6, 12).unwrap();

fn carc(code: &str) -> Carc {
    Carc::new(code).unwrap()
}

fn limit(slug: &str, codes: &[&str], cents: i64) -> AutomationLimit {
    limit_for(NextAction::WriteOff, slug, codes, cents)
}

fn limit_for(action: NextAction, slug: &str, codes: &[&str], cents: i64) -> AutomationLimit {
    AutomationLimit {
        slug: Slug::new(slug).unwrap(),
        action,
        carc: Selector::of(codes.iter().map(|code| carc(code))),
        ceiling: Cents::new(cents),
    }
}

fn rule(mode: Mode) -> Rule {
    Rule {
        action: NextAction::WriteOff,
        mode,
        ceiling: Cents::new(10_00),
        daily_ceiling: Cents::new(25_00),
    }
}

fn codes() -> [Code; 1] {
    [Code { group: Group::CO, carc: Some(carc("45")) }]
}

fn item(codes: &[Code]) -> Item<'_> {
    Item {
        kind: WorkKind::Denial,
        action: NextAction::WriteOff,
        category: Some(Category::Contractual),
        owner: Some(OwnerFunction::Billing),
        is_exception: false,
        review_reason: "",
        codes,
        at_stake: Cents::new(10_00),
        is_current: true,
        hold: &Hold::NEW,
        touched: false,
        has_open_question: false,
        last_day: None,
        documents: 0,
    }
}

fn bounds(limits: &[AutomationLimit]) -> Bounds<'_> {
    Bounds { limits, write_off_limit: Cents::new(25_000) }
}

fn gate(item: &Item<'_>, limits: &[AutomationLimit]) -> Gate {
    match judge(item, &rule(Mode::Acting), &bounds(limits), Cents::ZERO, TODAY) {
        Verdict::Refuse(gate) => gate,
        other => panic!("it goes through: {other:?}"),
    }
}

#[test]
fn the_same_item_is_acted_on_told_of_or_left_as_the_mode_says() {
    let (codes, limits) = (codes(), [limit("small", &[], 10_00)]);
    let of = |mode| judge(&item(&codes), &rule(mode), &bounds(&limits), Cents::ZERO, TODAY);
    let deed = Deed { doing: Doing::WriteOff, money: Cents::new(10_00), limit: &limits[0] };
    assert_eq!(of(Mode::Acting), Verdict::Act(deed));
    assert_eq!(of(Mode::DryRun), Verdict::WouldAct(deed));
    assert_eq!(of(Mode::Stopped), Verdict::Refuse(Gate::Stopped));
}

#[test]
fn what_is_left_to_people_is_never_acted_on() {
    let (good, limits) = (codes(), [limit("small", &[], 10_00)]);
    let patients = [good[0], Code { group: Group::PR, ..good[0] }];
    let nameless = [good[0], Code { carc: None, ..good[0] }];
    let plain = item(&good);
    let cases = [
        (Item { action: NextAction::Close, ..plain }, Gate::AnotherAction(NextAction::Close)),
        (Item { touched: true, ..plain }, Gate::Touched),
        (Item { has_open_question: true, ..plain }, Gate::Asked),
        (Item { is_exception: true, ..plain }, Gate::Unknown),
        (Item { kind: WorkKind::Exception, ..plain }, Gate::Unknown),
        (Item { category: None, ..plain }, Gate::Unknown),
        (Item { review_reason: "look", ..plain }, Gate::Review),
        (Item { owner: Some(OwnerFunction::Compliance), ..plain }, Gate::Compliance),
        (Item { owner: None, ..plain }, Gate::Compliance),
        (Item { is_current: false, ..plain }, Gate::AnotherRevision),
        (Item { codes: &patients, ..plain }, Gate::PatientOwes),
        (Item { codes: &nameless, ..plain }, Gate::NoCode),
        (Item { codes: &[], ..plain }, Gate::NoCode),
        (Item { at_stake: Cents::ZERO, ..plain }, Gate::NoMoney),
        (Item { at_stake: Cents::new(-1), ..plain }, Gate::NoMoney),
    ];
    for (item, expected) in cases {
        assert_eq!(gate(&item, &limits), expected);
    }
    let user = UserId(Uuid::from_u128(1));
    let at = chrono::DateTime::UNIX_EPOCH;
    let held = [
        State::Claimed(Lease { holder: user, expires_at: at }),
        State::Open(Some(Reservation { user, until: at })),
        State::Resolved,
        State::Superseded,
    ];
    for state in held {
        let hold = Hold { state, fencing_number: 0 };
        assert_eq!(gate(&Item { hold: &hold, ..plain }, &limits), Gate::Touched);
    }
}

#[test]
fn every_limit_that_names_a_code_bounds_it() {
    let two = [codes()[0], Code { group: Group::CO, carc: Some(carc("97")) }];
    let refused = |limits: &[AutomationLimit]| gate(&item(&two), limits).to_string();
    let none = refused(&[limit("only-45", &["45"], 99_00)]);
    assert_eq!(none, "the dictionary has no automation limit for code 97");
    let other = limit_for(NextAction::Close, "close", &[], 99_00);
    assert!(refused(&[other]).contains("no automation limit for code 45"));
    let lower = refused(&[limit("all", &[], 99_00), limit("bundled", &["97"], 9_99)]);
    assert_eq!(lower, "$10.00 is more than the $9.99 of the dictionary's limit `bundled`");
    let zero = refused(&[limit("all", &[], 0), limit("more", &["45", "97"], 99_00)]);
    assert!(zero.contains("`all`"), "{zero}");
    let both = [limit("one", &["45"], 10_00), limit("two", &["97"], 10_00)];
    let verdict = judge(&item(&two), &rule(Mode::Acting), &bounds(&both), Cents::ZERO, TODAY);
    assert!(matches!(verdict, Verdict::Act(_)), "{verdict:?}");
}

#[test]
fn documents_are_asked_for_while_there_is_time_to_wait() {
    let codes = codes();
    let limits = [limit_for(NextAction::SendDocuments, "records", &[], 99_00)];
    let rule = Rule { action: NextAction::SendDocuments, ..rule(Mode::Acting) };
    let asked = |documents, last_day| {
        let item = Item { action: rule.action, documents, last_day, ..item(&codes) };
        judge(&item, &rule, &bounds(&limits), Cents::ZERO, TODAY)
    };
    let on = |days| TODAY.checked_add_days(Days::new(days));
    for last_day in [None, on(14)] {
        let Verdict::Act(deed) = asked(1, last_day) else { panic!("it is asked for") };
        assert_eq!(deed.doing, Doing::AskForDocuments(on(7).unwrap()));
    }
    let late = Gate::TooLate { last_day: on(13).unwrap() };
    assert_eq!(asked(1, on(13)), Verdict::Refuse(late));
    assert_eq!(asked(0, None), Verdict::Refuse(Gate::NoDocuments));
}

#[test]
fn a_rule_stands_when_it_can_act_and_stays_below_the_limits() {
    let refused = |rule: Rule, limits: &[AutomationLimit]| {
        check(&rule, &bounds(limits)).unwrap_err().to_string()
    };
    let plain = rule(Mode::DryRun);
    for action in NextAction::ALL {
        let rule = Rule { action: *action, ..plain };
        let checked = check(&rule, &bounds(&[limit_for(*action, "all", &[], 10_00)]));
        assert_eq!(checked.is_err(), impossible(*action).is_some(), "{action}");
    }
    let appeal = Rule { action: NextAction::Appeal, ..plain };
    assert!(refused(appeal, &[]).contains("argued and signed by people"));
    assert!(refused(plain, &[]).contains("no automation limit for `write_off`"));
    let words = "a ceiling of $10.00 per act is more than the dictionary's automation limit \
                 `write-off` allows for `write_off`: at most $0.00, so that a person must act";
    assert_eq!(refused(plain, &[limit("write-off", &[], 0)]), words);
    let single = [limit("one", &["45"], 5_00), limit("two", &["97"], 9_00)];
    assert!(refused(plain, &single).contains("`two` allows for `write_off`: at most $9.00"));
    let all = [limit("all", &[], 9_00), limit("one", &["45"], 99_00)];
    assert!(refused(plain, &all).contains("`all`"));
    let high = Rule { ceiling: Cents::new(25_001), ..plain };
    let words = refused(high, &[limit("all", &[], 99_900)]);
    assert!(words.contains("$250.00 that may be written off"), "{words}");
    check(&Rule { ceiling: Cents::new(25_000), ..plain }, &bounds(&[limit("all", &[], 99_900)]))
        .unwrap();
    check(&Rule { ceiling: Cents::ZERO, ..plain }, &bounds(&[limit("all", &[], 0)])).unwrap();
}

/// Ends, and what is asked for.
const ACTIONS: [NextAction; 4] =
    [NextAction::WriteOff, NextAction::Close, NextAction::NewClaim, NextAction::CorrectedClaim];

fn limits() -> impl Strategy<Value = Vec<AutomationLimit>> {
    let codes = prop::sample::subsequence(vec!["45", "97", "29"], 0..=2);
    let one = (prop::sample::select(ACTIONS.to_vec()), codes, 0..40_i64);
    prop::collection::vec(one, 0..5).prop_map(|all| {
        let named = all.into_iter().enumerate();
        named
            .map(|(at, (action, codes, cents))| limit_for(action, &format!("l{at}"), &codes, cents))
            .collect()
    })
}

proptest! {
    #[test]
    fn no_run_of_acts_is_above_a_ceiling_a_limit_or_its_day(
        limits in limits(),
        items in prop::collection::vec((0..50_i64, prop::sample::subsequence(vec!["45", "97", "29"], 0..=3), any::<[bool; 6]>()), 1..30),
        ceiling in 0..40_i64,
        daily in 0..90_i64,
        approval in 0..40_i64,
        dry in any::<bool>(),
        action in prop::sample::select(ACTIONS.to_vec()),
    ) {
        let mode = if dry { Mode::DryRun } else { Mode::Acting };
        let (ceiling, daily_ceiling) = (Cents::new(ceiling), Cents::new(daily));
        let rule = Rule { action, mode, ceiling, daily_ceiling };
        let bounds = Bounds { limits: &limits, write_off_limit: Cents::new(approval) };
        let mut spent = Cents::ZERO;
        for (cents, names, odd) in items {
            let codes: Vec<Code> = names
                .iter()
                .map(|name| Code { group: Group::CO, carc: Some(carc(name)) })
                .collect();
            // Most are plain, so that many go through.
            let odd = odd.map(|it| it && cents % 3 == 0);
            let item = Item {
                action,
                at_stake: Cents::new(cents),
                touched: odd[0],
                has_open_question: odd[1],
                is_exception: odd[2],
                review_reason: if odd[3] { "look" } else { "" },
                is_current: !odd[4],
                owner: (!odd[5]).then_some(OwnerFunction::Billing),
                ..item(&codes)
            };
            let deed = match judge(&item, &rule, &bounds, spent, TODAY) {
                Verdict::Refuse(_) => continue,
                Verdict::Act(deed) => { prop_assert!(!dry); deed }
                Verdict::WouldAct(deed) => { prop_assert!(dry); deed }
            };
            prop_assert!(odd.iter().all(|it| !it));
            prop_assert_eq!(deed.money, item.at_stake);
            prop_assert!(!codes.is_empty() && deed.money > Cents::ZERO);
            prop_assert!(deed.money <= ceiling);
            prop_assert!(action != NextAction::WriteOff || deed.money <= bounds.write_off_limit);
            for code in &codes {
                let named = limits.iter().filter(|it| {
                    it.action == rule.action && it.carc.admits(code.carc.as_ref())
                });
                let ceilings: Vec<Cents> = named.map(|it| it.ceiling).collect();
                prop_assert!(!ceilings.is_empty());
                prop_assert!(ceilings.iter().all(|most| deed.money <= *most));
            }
            spent = spent.checked_add(deed.money).unwrap();
            prop_assert!(spent <= daily_ceiling);
        }
    }

    #[test]
    fn a_claim_is_asked_for_with_a_whole_checklist_and_time_to_ask_twice(
        action in prop::sample::select(ACTIONS[2..].to_vec()),
        missing in 0..3_usize,
        days in prop::option::of(0..40_u64),
    ) {
        let (codes, limits) = (codes(), [limit_for(action, "all", &[], 99_00)]);
        let rule = Rule { action, ..rule(Mode::Acting) };
        let last_day = days.and_then(|days| TODAY.checked_add_days(Days::new(days)));
        let item = Item { action, documents: missing, last_day, ..item(&codes) };
        let gate = match judge(&item, &rule, &bounds(&limits), Cents::ZERO, TODAY) {
            Verdict::Act(deed) => {
                let day = TODAY.checked_add_days(Days::new(RESUBMISSION_DAYS)).unwrap();
                prop_assert_eq!(deed.doing, Doing::AskForResubmission(day));
                prop_assert!(missing == 0 && days.is_none_or(|days| days >= 2 * RESUBMISSION_DAYS));
                return Ok(());
            }
            Verdict::Refuse(gate) => gate,
            Verdict::WouldAct(_) => return Err(TestCaseError::fail("it acts")),
        };
        if missing > 0 {
            prop_assert_eq!(gate, Gate::Incomplete { missing });
        } else {
            let last_day = last_day.unwrap();
            prop_assert_eq!(gate, Gate::TooLate { last_day });
            prop_assert!(days.unwrap() < 2 * RESUBMISSION_DAYS);
        }
    }
}
