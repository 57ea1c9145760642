use super::*;
use crate::codes::{Lob, Network};

fn situation<'a>(starts: &'a ClockStarts, today: &str) -> Situation<'a> {
    Situation {
        lob: None,
        payer: None,
        network: None,
        starts,
        zone: Zone::EASTERN,
        today: day(today),
    }
}

const LEVEL_1: Path = Path::AppealLevel1;

#[test]
fn a_contract_beats_the_payer_that_beats_the_statute_that_beats_practice() {
    let mut rules = vec![
        rule("practice", PayerType::Commercial, Basis::Practice, 30),
        rule("statute", PayerType::Commercial, Basis::Statute, 40),
        rule("payer", PayerType::Commercial, Basis::Payer, 50),
        rule("contract", PayerType::Commercial, Basis::Contract, 60),
    ];
    rules[2].payer = Some("aetna".into());
    let starts = remitted("2026-06-01");
    let of = |rules: &[Rule]| {
        let known = Situation {
            lob: Some(Lob::Commercial),
            payer: Some("aetna"),
            ..situation(&starts, "2026-06-02")
        };
        let choice = RuleBook::new(rules).choose(&[Wanted::any(LEVEL_1)], &known);
        choice.ranking().unwrap().rule.clone()
    };
    for expected in ["contract", "payer", "statute", "practice"] {
        assert_eq!(of(&rules), expected);
        rules.pop();
    }
}

#[test]
fn an_unknown_line_of_business_takes_the_earliest_candidate_and_says_so() {
    let rules = starter_rules();
    let starts = remitted("2026-06-01");
    let book = RuleBook::new(&rules);
    let choice = book.choose(&[Wanted::any(LEVEL_1)], &situation(&starts, "2026-06-02"));
    let chosen = choice.ranking().unwrap();
    assert_eq!(chosen.rule, "medicaid-mco-typical-dispute");
    assert!(chosen.assumptions.contains(&Assumption::LineOfBusinessUnknown));
    let known = Situation { lob: Some(Lob::MedicareFfs), ..situation(&starts, "2026-06-02") };
    let choice = book.choose(&[Wanted::any(LEVEL_1)], &known);
    let chosen = choice.ranking().unwrap();
    assert_eq!((chosen.rule.as_str(), chosen.assumed()), ("medicare-redetermination", false));
}

#[test]
fn the_earliest_window_that_is_still_open_ranks() {
    let mut corrected = rule("corrected", PayerType::Commercial, Basis::Practice, 20);
    corrected.path = Path::CorrectedClaim;
    let rules = [corrected, rule("appeal", PayerType::Commercial, Basis::Practice, 90)];
    let book = RuleBook::new(&rules);
    let starts = remitted("2026-06-01");
    let wanted = [Wanted::any(LEVEL_1), Wanted::any(Path::CorrectedClaim)];
    let on = |today| book.choose(&wanted, &situation(&starts, today));
    assert_eq!(on("2026-06-21").ranking().unwrap().rule, "corrected");
    let later = on("2026-06-22");
    assert_eq!(later.ranking().unwrap().rule, "appeal");
    assert_eq!(later.passed[0].rule, "corrected");
    assert!(later.why.contains("1 path(s) have closed"), "{}", later.why);
    let closed = on("2026-12-01");
    assert_eq!(closed.open, []);
    assert_eq!(closed.ranking().unwrap().rule, "appeal");
    assert!(closed.why.contains("every known window has closed"));
}

#[test]
fn a_contract_that_is_not_on_file_falls_back_and_is_marked() {
    let rules = starter_rules();
    let starts = remitted("2026-06-01");
    let humana = Situation {
        lob: Some(Lob::Commercial),
        payer: Some("humana"),
        ..situation(&starts, "2026-06-02")
    };
    let choice = RuleBook::new(&rules).choose(&[Wanted::any(LEVEL_1)], &humana);
    let chosen = choice.ranking().unwrap();
    assert_eq!(chosen.rule, "commercial-typical-level-1");
    assert!(chosen.assumptions.contains(&Assumption::ContractNotOnFile));
    assert_eq!(
        choice.unavailable[0].why,
        Some(NoDeadline::NeedsContract { rule: "humana-participating-reconsideration".into() })
    );
}

#[test]
fn a_contracted_medicare_advantage_provider_has_the_contract_only() {
    let rules = starter_rules();
    let starts = remitted("2026-06-01");
    let book = RuleBook::new(&rules);
    let of = |network| {
        let lob = Some(Lob::MedicareAdvantage);
        let known = Situation { lob, network, ..situation(&starts, "2026-06-02") };
        book.choose(&[Wanted::any(LEVEL_1)], &known)
    };
    let contracted = of(Some(Network::InNetwork));
    assert_eq!(contracted.ranking(), None);
    assert_eq!(contracted.why, "no deadline: the contract holds the window");
    let not_contracted = of(Some(Network::OutOfNetwork));
    let chosen = not_contracted.ranking().unwrap();
    assert_eq!((chosen.last_day, chosen.assumed()), (day("2026-08-05"), false));
    let unknown = of(None);
    assert!(unknown.ranking().unwrap().assumptions.contains(&Assumption::NetworkUnknown));
}

#[test]
fn rules_of_one_payer_never_bound_another() {
    let rules = starter_rules();
    let starts = remitted("2026-06-01");
    let known = Situation { payer: Some("cigna"), ..situation(&starts, "2026-06-02") };
    for path in Path::ALL {
        let choice = RuleBook::new(&rules).choose(&[Wanted::any(*path)], &known);
        for deadline in choice.open.iter().chain(&choice.passed) {
            assert!(matches!(published(&deadline.rule).payer.as_deref(), None | Some("cigna")));
        }
    }
}

#[test]
fn named_rules_are_the_only_ones_of_their_path() {
    let rules = starter_rules();
    let starts = remitted("2026-06-01");
    let known = Situation { lob: Some(Lob::MedicareFfs), ..situation(&starts, "2026-06-02") };
    let wanted = [Wanted::named(Path::Reopening, ["medicare-reopening-good-cause"])];
    let choice = RuleBook::new(&rules).choose(&wanted, &known);
    assert_eq!(choice.ranking().unwrap().rule, "medicare-reopening-good-cause");
}

#[test]
fn the_other_sides_clock_never_ranks_our_work() {
    let rules = starter_rules();
    let starts =
        ClockStarts::new().with(ClockEvent::PayerReceipt, day("2026-06-01"), Evidence::Stated);
    let wanted = [Wanted::any(Path::PayerDecision)];
    let choice = RuleBook::new(&rules).choose(&wanted, &situation(&starts, "2026-06-02"));
    assert_eq!((choice.open.len(), choice.passed.len()), (0, 0));
}

#[test]
fn a_path_without_any_rule_is_said_to_have_none() {
    let starts = remitted("2026-06-01");
    let wanted = [Wanted::any(Path::PeerToPeer)];
    let choice = RuleBook::new(&[]).choose(&wanted, &situation(&starts, "2026-06-02"));
    assert_eq!(choice.unavailable, [Unavailable { path: Path::PeerToPeer, rule: None, why: None }]);
    assert_eq!(choice.why, "no deadline is known");
}

#[test]
fn every_regime_governs_some_line_of_business() {
    for regime in PayerType::ALL {
        assert_eq!(regime.fit(None), Fit::Possible);
        assert!(Lob::ALL.iter().any(|lob| regime.fit(Some(*lob)) != Fit::No), "{regime}");
    }
    assert_eq!(PayerType::Commercial.fit(Some(Lob::MedicareFfs)), Fit::No);
}
