use proptest::prelude::*;

use super::*;

const PAID: Adjudication = Adjudication {
    paid: Cents::new(54_000),
    patient: Cents::ZERO,
    sequestered: Cents::ZERO,
    downgraded: Cents::ZERO,
};

fn claim(standing: &[Adjudication]) -> Claim<'_> {
    let expected = Some(Cents::new(60_000));
    Claim { charge: Cents::new(100_000), expected, elsewhere: Cents::ZERO, standing }
}

fn missing(claim: &Claim<'_>) -> Option<i64> {
    underpaid(claim).map(|found| found.at_stake().as_i64())
}

#[test]
fn what_was_paid_and_what_the_patient_owes_are_not_missing() {
    assert_eq!(missing(&claim(&[PAID])), Some(6000));
    let shared = Adjudication { patient: Cents::new(4000), ..PAID };
    assert_eq!(missing(&claim(&[shared])), Some(2000));
    let all = Adjudication { patient: Cents::new(6000), ..PAID };
    assert_eq!(missing(&claim(&[all])), None);
    let sequestered = Adjudication { sequestered: Cents::new(1100), ..PAID };
    assert_eq!(missing(&claim(&[sequestered])), Some(4900));
}

#[test]
fn little_is_tolerated() {
    let short_by = |cents: i64| {
        let paid = Adjudication { paid: Cents::new(60_000 - cents), ..PAID };
        missing(&claim(&[paid]))
    };
    // 1 % of 600.00 is more than 5.00.
    assert_eq!((short_by(600), short_by(6_01)), (None, Some(6_01)));
    let small = |cents: i64| {
        let paid = [Adjudication { paid: Cents::new(10_000 - cents), ..PAID }];
        missing(&Claim { expected: Some(Cents::new(10_000)), ..claim(&paid) })
    };
    assert_eq!((small(500), small(5_01)), (None, Some(5_01)));
}

#[test]
fn what_other_work_is_about_is_not_missing_twice() {
    // 400.00 of 1,000.00 were refused: 240.00 of what is expected.
    let paid = [Adjudication { paid: Cents::new(30_000), ..PAID }];
    let refused = Claim { elsewhere: Cents::new(40_000), ..claim(&paid) };
    assert_eq!(missing(&refused), Some(6000));
    let as_expected = [Adjudication { paid: Cents::new(36_000), ..PAID }];
    assert_eq!(missing(&Claim { standing: &as_expected, ..refused }), None);
}

#[test]
fn a_later_payment_of_the_difference_ends_it() {
    let later = Adjudication { paid: Cents::new(6000), ..Adjudication::default() };
    assert_eq!(missing(&claim(&[PAID, later])), None);
    let half = Adjudication { paid: Cents::new(3000), ..Adjudication::default() };
    assert_eq!(missing(&claim(&[PAID, half])), Some(3000));
    assert_eq!(missing(&claim(&[])), None);
}

#[test]
fn a_downgrade_counts_where_nobody_expects_anything() {
    let down = Adjudication { downgraded: Cents::new(15_000), ..PAID };
    let standing = [down];
    let unknown = Claim { expected: None, ..claim(&standing) };
    let taken = Cents::new(15_000);
    assert_eq!(underpaid(&unknown), Some(Underpaid::Downgraded { taken }));
    // Nothing is missing of what was expected.
    let met = Claim { expected: Some(Cents::new(54_000)), ..unknown };
    assert_eq!(underpaid(&met), None);
    // The newest adjudication takes nothing so.
    assert_eq!(missing(&Claim { standing: &[down, PAID], ..unknown }), None);
}

fn any_cents() -> impl Strategy<Value = Cents> {
    prop_oneof![any::<i64>(), -100_000_i64..100_000].prop_map(Cents::new)
}

prop_compose! {
    fn any_adjudication()(
        paid in any_cents(), patient in any_cents(), sequestered in any_cents(),
        downgraded in any_cents(),
    ) -> Adjudication {
        Adjudication { paid, patient, sequestered, downgraded }
    }
}

proptest! {
    #[test]
    fn a_payment_never_makes_more_missing(
        standing in prop::collection::vec(any_adjudication(), 1..4), more in 0_i64..i64::MAX,
        charge in any_cents(), expected in any_cents(), elsewhere in any_cents(),
    ) {
        let claim =
            Claim { charge, expected: Some(expected), elsewhere, standing: &standing };
        let before = missing(&claim).unwrap_or(0);
        let mut richer = standing.clone();
        richer.push(Adjudication { paid: Cents::new(more), ..Adjudication::default() });
        let after = missing(&Claim { standing: &richer, ..claim }).unwrap_or(0);
        prop_assert!(after <= before, "{after} after {before}");
    }

    #[test]
    fn what_is_missing_is_positive_and_never_more_than_was_expected_and_taken_back(
        paid in 0_i64..200_000, expected in 0_i64..200_000, elsewhere in 0_i64..200_000,
    ) {
        let standing = [Adjudication { paid: Cents::new(paid), ..Adjudication::default() }];
        let claim = Claim {
            charge: Cents::new(100_000),
            expected: Some(Cents::new(expected)),
            elsewhere: Cents::new(elsewhere),
            standing: &standing,
        };
        if let Some(found) = underpaid(&claim) {
            let missing = found.at_stake().as_i64();
            prop_assert!(0 < missing && missing <= expected - paid);
            prop_assert!(found.words().contains("missing"));
        }
    }
}
