use std::collections::BTreeMap;
use std::sync::OnceLock;

use proptest::prelude::*;

use super::occurrence::ClaimFacts;
use super::*;
use crate::codes::{Carc, ClaimStatus, Group, Rarc};
use crate::dictionary::Compiled;
use crate::dictionary::selector::{Selector, Slug};
use crate::dictionary::vocabulary::{ExceptionKind, NextAction, OwnerFunction, RecordClass};
use crate::money::Cents;
use crate::starter;

fn base() -> &'static Compiled {
    static BASE: OnceLock<Compiled> = OnceLock::new();
    BASE.get_or_init(|| Compiled::new(&starter::bundle()).unwrap())
}

fn cents(amount: i64) -> Cents {
    Cents::new(amount)
}

/// `CO-50` and the amount.
fn taken(code: &str, amount: i64) -> Adjustment {
    let (group, carc) = code.split_once('-').unwrap();
    let (group, carc) = (Group::from_raw(group), Carc::new(carc).unwrap());
    Adjustment { group, carc, amount: cents(amount) }
}

fn remarks(codes: &[&str]) -> Vec<Rarc> {
    codes.iter().map(|code| Rarc::new(code).unwrap()).collect()
}

fn line(charge: i64, paid: i64, adjustments: &[(&str, i64)]) -> Line<'static> {
    Line {
        charge: cents(charge),
        paid: cents(paid),
        adjustments: adjustments.iter().map(|(code, amount)| taken(code, *amount)).collect(),
        remarks: Vec::new(),
        procedure: Some("99213"),
        modifiers: Vec::new(),
        revenue: None,
        units_milli: Some(1_000),
        service_line: None,
        service_on: None,
    }
}

/// A claim whose charge and payment are the sums of its lines.
fn claim(lines: Vec<Line<'static>>) -> Occurrence<'static> {
    Occurrence {
        status: ClaimStatus::Primary,
        charge: Cents::sum(lines.iter().map(|line| line.charge)).unwrap(),
        paid: Cents::sum(lines.iter().map(|line| line.paid)).unwrap(),
        patient_responsibility: Cents::ZERO,
        adjustments: Vec::new(),
        remarks: Vec::new(),
        lines,
        claim: ClaimFacts::default(),
    }
}

fn codes(findings: &Findings<'_>) -> Vec<String> {
    findings.denials.iter().map(|denial| format!("{}-{}", denial.group, denial.carc)).collect()
}

fn kinds(findings: &Findings<'_>) -> Vec<ExceptionKind> {
    findings.exceptions.iter().map(|exception| exception.kind).collect()
}

#[test]
fn a_line_refused_as_a_whole_is_a_full_denial() {
    let paid = line(20_000, 12_000, &[("CO-45", 8_000)]);
    let refused = line(10_000, 0, &[("CO-45", 3_000), ("CO-50", 7_000)]);
    let findings = detect(&claim(vec![paid, refused]), base());
    let [denial] = &findings.denials[..] else { panic!("{findings:?}") };
    assert_eq!((denial.level, denial.denied), (Level::Line(1), cents(7_000)));
    assert_eq!(denial.extent, Extent::Full);
    assert_eq!(findings.roll_up.extent, Extent::Partial);
    assert_eq!(findings.roll_up.denied, cents(7_000));
    assert_eq!(findings.roll_up.contractual, cents(11_000));
    assert!(findings.exceptions.is_empty());
}

#[test]
fn a_refusal_beside_a_payment_is_partial() {
    let findings = detect(&claim(vec![line(10_000, 6_000, &[("CO-151", 4_000)])]), base());
    assert_eq!(findings.denials[0].extent, Extent::Partial);
}

#[test]
fn what_is_never_a_denial_is_stated() {
    for code in ["CO-45", "PR-1", "PR-2", "PR-3", "OA-23", "CO-253"] {
        let findings = detect(&claim(vec![line(10_000, 9_000, &[(code, 1_000)])]), base());
        assert!(findings.denials.is_empty() && findings.exceptions.is_empty(), "{code}");
        assert_eq!(findings.stated.len(), 1, "{code}");
        assert_eq!(findings.roll_up.extent, Extent::None, "{code}");
    }
}

#[test]
fn a_zero_payment_by_deductible_or_an_earlier_payer_is_no_denial() {
    for code in ["PR-1", "OA-23"] {
        let findings = detect(&claim(vec![line(10_000, 0, &[(code, 10_000)])]), base());
        assert!(findings.denials.is_empty() && findings.exceptions.is_empty(), "{code}");
    }
}

#[test]
fn claim_status_4_neither_makes_nor_excludes_a_denial() {
    let paid = line(10_000, 8_000, &[("CO-45", 2_000)]);
    let denied = Occurrence { status: ClaimStatus::Denied, ..claim(vec![paid]) };
    assert!(detect(&denied, base()).denials.is_empty());
    let refused = line(10_000, 0, &[("CO-31", 10_000)]);
    let denied = Occurrence { status: ClaimStatus::Denied, ..claim(vec![refused]) };
    assert_eq!(codes(&detect(&denied, base())), ["CO-31"]);
}

#[test]
fn a_reversal_makes_no_denial_and_no_exception() {
    let back = line(-10_000, 0, &[("CO-50", -10_000)]);
    let reversal = Occurrence { status: ClaimStatus::Reversal, ..claim(vec![back]) };
    let findings = detect(&reversal, base());
    assert!(findings.denials.is_empty() && findings.exceptions.is_empty());
    assert_eq!(findings.stated[0].reason, StatedReason::Reversal);
    let positive = line(10_000, 0, &[("CO-50", 10_000)]);
    let reversal = Occurrence { status: ClaimStatus::Reversal, ..claim(vec![positive]) };
    assert!(detect(&reversal, base()).denials.is_empty());
}

#[test]
fn a_predetermination_refuses_nothing() {
    let priced = line(10_000, 0, &[("CO-50", 10_000)]);
    let priced = Occurrence { status: ClaimStatus::Predetermination, ..claim(vec![priced]) };
    let findings = detect(&priced, base());
    assert!(findings.denials.is_empty() && findings.exceptions.is_empty());
}

#[test]
fn the_whole_charge_as_contractual_is_an_exception() {
    let findings = detect(&claim(vec![line(10_000, 0, &[("CO-45", 10_000)])]), base());
    assert!(findings.denials.is_empty());
    assert_eq!(kinds(&findings), [ExceptionKind::WholeChargeContractual]);
}

#[test]
fn the_whole_charge_as_contractual_is_an_exception_however_it_is_split() {
    let groups = claim(vec![line(10_000, 0, &[("CO-45", 6_000), ("PR-45", 4_000)])]);
    let levels = Occurrence {
        adjustments: vec![taken("CO-45", 4_000)],
        ..claim(vec![line(10_000, 0, &[("CO-45", 6_000)])])
    };
    for split in [groups, levels] {
        let findings = detect(&split, base());
        assert_eq!(kinds(&findings), [ExceptionKind::WholeChargeContractual; 2]);
    }
    let paid = claim(vec![line(10_000, 1_000, &[("CO-45", 6_000), ("PR-45", 3_000)])]);
    assert_eq!(kinds(&detect(&paid, base())), []);
}

#[test]
fn a_line_is_decided_by_its_own_service_line() {
    let mut imaging = line(10_000, 0, &[("CO-50", 10_000)]);
    imaging.service_line = Some("imaging");
    let mut mixed = claim(vec![imaging, line(5_000, 0, &[("CO-50", 5_000)])]);
    mixed.claim.service_line = Some("visits");
    let mut bundle = starter::bundle();
    let owner = detect(&mixed, base()).denials[0].decision.owner_function;
    let any = bundle.owner_rules.iter().find(|rule| rule.owner_function == owner);
    let mut narrow = any.unwrap().clone();
    narrow.slug = Slug::new("imaging-appeals").unwrap();
    narrow.service_line = Selector::Exact(Slug::new("imaging").unwrap());
    narrow.team = Slug::new("imaging-desk").unwrap();
    bundle.owner_rules.push(narrow);
    let compiled = Compiled::new(&bundle).unwrap();
    let findings = detect(&mixed, &compiled);
    let teams: Vec<&str> = findings.denials.iter().map(|one| one.decision.team.slug).collect();
    assert_eq!(teams.len(), 2);
    assert_eq!(teams[0], "imaging-desk");
    assert_ne!(teams[1], "imaging-desk");
}

#[test]
fn a_zero_payment_that_nothing_explains_is_an_exception_at_its_line() {
    let findings = detect(&claim(vec![line(5_000, 5_000, &[]), line(10_000, 0, &[])]), base());
    assert_eq!(kinds(&findings), [ExceptionKind::UnexplainedZeroPayment]);
    assert_eq!(findings.exceptions[0].level, Level::Line(1));
    assert_eq!(findings.exceptions[0].amount, cents(10_000));
}

#[test]
fn a_claim_without_lines_explains_its_zero_itself() {
    let bare = Occurrence { charge: cents(9_000), ..claim(Vec::new()) };
    assert_eq!(kinds(&detect(&bare, base())), [ExceptionKind::UnexplainedZeroPayment]);
    let refused = Occurrence { adjustments: vec![taken("CO-29", 9_000)], ..bare };
    let findings = detect(&refused, base());
    assert_eq!(codes(&findings), ["CO-29"]);
    assert_eq!(findings.denials[0].level, Level::Claim);
    assert_eq!(findings.denials[0].extent, Extent::Full);
    assert!(findings.exceptions.is_empty());
}

#[test]
fn claim_level_adjustments_explain_unpaid_lines() {
    let lines = vec![line(4_000, 0, &[]), line(6_000, 0, &[])];
    let refused = Occurrence { adjustments: vec![taken("OA-109", 10_000)], ..claim(lines) };
    let findings = detect(&refused, base());
    assert_eq!(codes(&findings), ["OA-109"]);
    assert!(findings.exceptions.is_empty());
}

#[test]
fn codes_nobody_knows_are_exceptions_shown_raw() {
    let odd = line(9_000, 0, &[("CR-50", 3_000), ("DE-50", 3_000), ("CO-999", 3_000)]);
    let findings = detect(&claim(vec![odd]), base());
    assert!(findings.denials.is_empty());
    let shown: Vec<String> = findings
        .exceptions
        .iter()
        .map(|exception| {
            let (group, carc) = exception.code.unwrap();
            format!("{} {group}-{carc}", exception.kind)
        })
        .collect();
    assert_eq!(shown, ["unknown_code CO-999", "correction_group CR-50", "unknown_group DE-50"]);
    assert!(
        findings
            .exceptions
            .iter()
            .all(|exception| exception.decision.unwrap().team.slug == "exceptions")
    );
}

#[test]
fn a_code_the_contract_decides_is_reviewed_when_an_appeal_is_open() {
    let findings =
        detect(&claim(vec![line(9_000, 5_000, &[("CO-186", 3_000), ("CO-223", 1_000)])]), base());
    assert_eq!(kinds(&findings), [ExceptionKind::ContractReview]);
    assert_eq!(findings.stated[0].reason, StatedReason::Class(RecordClass::Context));
    assert_eq!(findings.roll_up.exceptional, cents(4_000));
}

#[test]
fn a_denial_carries_the_remarks_of_its_line_and_of_the_claim() {
    let mut refused = line(10_000, 0, &[("CO-16", 10_000)]);
    refused.remarks = remarks(&["N290", "M76"]);
    let marked = Occurrence { remarks: remarks(&["MA130", "N290"]), ..claim(vec![refused]) };
    let findings = detect(&marked, base());
    assert_eq!(findings.denials[0].rarcs, remarks(&["M76", "MA130", "N290"]));
    assert_eq!(findings.denials[0].decision.next_action, NextAction::NewClaim);
}

#[test]
fn the_same_code_twice_on_a_line_is_one_denial() {
    let refused = line(10_000, 0, &[("CO-50", 4_000), ("CO-50", 6_000)]);
    let findings = detect(&claim(vec![refused]), base());
    assert_eq!(findings.denials.len(), 1);
    assert_eq!(findings.denials[0].denied, cents(10_000));
    let cancelled = line(10_000, 10_000, &[("CO-50", 4_000), ("CO-50", -4_000)]);
    let findings = detect(&claim(vec![cancelled]), base());
    assert_eq!(findings.stated[0].reason, StatedReason::NothingTaken);
}

#[test]
fn twenty_lines_of_one_code_are_one_task() {
    let mut lines: Vec<_> = (0..20).map(|_| line(1_000, 0, &[("CO-197", 1_000)])).collect();
    lines.push(line(1_000, 0, &[("CO-11", 1_000)]));
    let findings = detect(&claim(lines), base());
    assert_eq!(findings.denials.len(), 21);
    let groups = group(&findings.denials, |_| None);
    let summary: Vec<_> = groups
        .iter()
        .map(|group| (group.owner_function, group.denials.len(), group.denied))
        .collect();
    assert_eq!(
        summary,
        [
            (OwnerFunction::Authorization, 20, cents(20_000)),
            (OwnerFunction::Coding, 1, cents(1_000))
        ]
    );
    let by_line = group(&findings.denials, |denial| Some(format!("{:?}", denial.level)));
    assert_eq!(by_line.len(), 21);
}

#[test]
fn amounts_beyond_any_sum_stop_nothing() {
    let huge = line(i64::MAX, 0, &[("CO-50", i64::MAX), ("CO-96", i64::MAX), ("CO-45", i64::MIN)]);
    let mut odd = claim(vec![huge]);
    odd.adjustments = vec![taken("CO-50", i64::MAX)];
    let findings = detect(&odd, base());
    assert_eq!(findings.roll_up.denied, cents(i64::MAX));
}

type Taken = (Group, Carc, Cents);

fn any_adjustments() -> impl Strategy<Value = Vec<Adjustment>> {
    let group = prop::sample::select(vec!["CO", "PR", "OA", "PI", "CR", "ZZ"]);
    let code = prop::sample::select(vec!["1", "16", "23", "45", "50", "133", "186", "223", "999"]);
    let one = (group, code, -300_i64..900)
        .prop_map(|(group, code, amount)| taken(&format!("{group}-{code}"), amount));
    prop::collection::vec(one, 0..7)
}

fn any_claim() -> impl Strategy<Value = Occurrence<'static>> {
    let remark =
        || prop::collection::vec(prop::sample::select(vec!["MA130", "N1", "M15", "N211"]), 0..3);
    let one_line = (any_adjustments(), remark(), 0_i64..900, 0_i64..900).prop_map(
        |(adjustments, codes, charge, paid)| Line {
            adjustments,
            remarks: remarks(&codes),
            ..line(charge, paid, &[])
        },
    );
    let status = prop::sample::select(ClaimStatus::ALL.to_vec());
    (status, prop::collection::vec(one_line, 0..4), any_adjustments(), remark()).prop_map(
        |(status, lines, adjustments, codes)| Occurrence {
            status,
            adjustments,
            remarks: remarks(&codes),
            ..claim(lines)
        },
    )
}

/// Every level, group and code with its summed amount, as the file states it.
fn in_file(claim: &Occurrence<'_>) -> Vec<(Level, Taken)> {
    let mut sums: BTreeMap<(Level, Group, Carc), i64> = BTreeMap::new();
    let lines = claim.lines.iter().enumerate();
    let levels = lines.map(|(at, line)| (Level::Line(at), &line.adjustments));
    for (level, adjustments) in std::iter::once((Level::Claim, &claim.adjustments)).chain(levels) {
        for one in adjustments {
            *sums.entry((level, one.group, one.carc)).or_default() += one.amount.as_i64();
        }
    }
    let row = |((level, group, carc), sum)| (level, (group, carc, cents(sum)));
    sums.into_iter().map(row).collect()
}

/// The same from what was found.
fn found(findings: &Findings<'_>) -> Vec<(Level, Taken)> {
    let denials = findings.denials.iter();
    let denials = denials.map(|one| (one.level, (one.group, one.carc, one.denied)));
    let stated = findings.stated.iter();
    let stated = stated.map(|one| (one.level, (one.group, one.carc, one.amount)));
    let exceptions = findings
        .exceptions
        .iter()
        .filter_map(|one| one.code.map(|(group, carc)| (one.level, (group, carc, one.amount))));
    let mut all: Vec<_> = denials.chain(stated).chain(exceptions).collect();
    all.sort();
    all
}

proptest! {
    #[test]
    fn every_adjustment_ends_in_exactly_one_place_with_its_amount(claim in any_claim()) {
        let findings = detect(&claim, base());
        prop_assert_eq!(found(&findings), in_file(&claim));
        for denial in &findings.denials {
            prop_assert!(denial.denied > Cents::ZERO && denial.extent != Extent::None);
        }
        let denied: i64 = findings.denials.iter().map(|denial| denial.denied.as_i64()).sum();
        prop_assert_eq!(findings.roll_up.denied, cents(denied));
        if claim.status == ClaimStatus::Reversal {
            prop_assert!(findings.denials.is_empty() && findings.exceptions.is_empty());
        }
    }

    #[test]
    fn the_order_of_segments_does_not_matter(claim in any_claim()) {
        let findings = detect(&claim, base());
        let mut turned = claim.clone();
        turned.adjustments.reverse();
        turned.remarks.reverse();
        for line in &mut turned.lines {
            line.adjustments.reverse();
            line.remarks.reverse();
        }
        prop_assert_eq!(format!("{findings:?}"), format!("{:?}", detect(&turned, base())));
    }

    #[test]
    fn every_denial_belongs_to_exactly_one_task(claim in any_claim()) {
        let findings = detect(&claim, base());
        let groups = group(&findings.denials, |denial| Some(denial.carc.to_string()));
        let mut places: Vec<usize> = groups.iter().flat_map(|group| group.denials.clone()).collect();
        places.sort_unstable();
        prop_assert_eq!(places, (0..findings.denials.len()).collect::<Vec<_>>());
        let total = Cents::sum(groups.iter().map(|group| group.denied)).unwrap();
        prop_assert_eq!(total, findings.roll_up.denied);
    }
}
