use proptest::prelude::*;

use super::*;

#[test]
fn amounts_are_written_with_dollars_and_groups() {
    for (cents, shown, plain) in [
        (0, "$0.00", "0.00"),
        (5, "$0.05", "0.05"),
        (-5, "-$0.05", "-0.05"),
        (99_999, "$999.99", "999.99"),
        (123_456, "$1,234.56", "1234.56"),
        (-100_000_000, "-$1,000,000.00", "-1000000.00"),
        (i64::MIN, "-$92,233,720,368,547,758.08", "-92233720368547758.08"),
    ] {
        assert_eq!(Cents::new(cents).to_string(), shown);
        assert_eq!(Cents::new(cents).plain().to_string(), plain);
    }
    assert_eq!(format!("{:>9}", Cents::new(100)), "    $1.00");
}

#[test]
fn shares_are_written_as_percent() {
    for (share, shown) in
        [(2_500, "25%"), (1_250, "12.5%"), (1, "0.01%"), (10_010, "100.1%"), (105, "1.05%")]
    {
        assert_eq!(BasisPoints::new(share).to_string(), shown);
    }
}

#[test]
fn a_tie_rounds_to_the_even_cent() {
    let half = BasisPoints::from_percent(50);
    for (cents, rounded) in [(1, 0), (3, 2), (5, 2), (7, 4), (-1, 0), (-3, -2), (-5, -2)] {
        assert_eq!(Cents::new(cents).share(half), Some(Cents::new(rounded)), "{cents}");
    }
    let third = Cents::new(1).ratio_of(Cents::new(3));
    assert_eq!(third, Some(BasisPoints::new(3_333)));
    assert_eq!(Cents::new(2).ratio_of(Cents::new(3)), Some(BasisPoints::new(6_667)));
}

#[test]
fn what_does_not_fit_is_none() {
    let most = Cents::MAX;
    let one = Cents::new(1);
    assert_eq!(most.checked_add(one), None);
    assert_eq!(Cents::new(i64::MIN).checked_sub(one), None);
    assert_eq!(Cents::new(i64::MIN).checked_neg(), None);
    assert_eq!(most.checked_mul(2), None);
    assert_eq!(most.share(BasisPoints::new(10_001)), None);
    assert_eq!(Cents::sum([most, one]), None);
    assert_eq!(one.ratio_of(Cents::ZERO), None);
    assert_eq!(one.ratio_of(Cents::new(-1)), None, "a share is never negative");
}

#[test]
fn a_sum_may_pass_the_limit_on_its_way() {
    let most = Cents::MAX;
    assert_eq!(Cents::sum([most, most, Cents::new(-i64::MAX)]), Some(most));
    assert_eq!(Cents::sum([]), Some(Cents::ZERO));
}

proptest! {
    #[test]
    fn a_share_is_within_half_a_cent_of_the_exact_one(cents: i64, share in 0_u32..=10_000) {
        let rounded = Cents::new(cents).share(BasisPoints::new(share)).unwrap();
        let exact = i128::from(cents) * i128::from(share);
        prop_assert!((i128::from(rounded.as_i64()) * 10_000 - exact).abs() <= 5_000);
    }

    #[test]
    fn a_ratio_is_within_half_a_basis_point(part in 0_i64..1 << 40, whole in 1_i64..1 << 40) {
        if let Some(ratio) = Cents::new(part).ratio_of(Cents::new(whole)) {
            let (part, whole) = (i128::from(part), i128::from(whole));
            let error = (i128::from(ratio.as_u32()) * whole - part * 10_000).abs();
            prop_assert!(error * 2 <= whole);
        } else {
            prop_assert!(i128::from(part) * 10_000 / i128::from(whole) > i128::from(u32::MAX) - 1);
        }
    }

    #[test]
    fn the_plain_form_says_the_same_amount(cents: i64) {
        let plain = Cents::new(cents).plain().to_string();
        let (whole, part) = plain.split_once('.').unwrap();
        prop_assert_eq!(part.len(), 2);
        prop_assert_eq!(format!("{whole}{part}").parse::<i128>().unwrap(), i128::from(cents));
    }

    #[test]
    fn what_is_added_can_be_taken_away(a: i64, b: i64) {
        let (a, b) = (Cents::new(a), Cents::new(b));
        if let Some(sum) = a.checked_add(b) {
            prop_assert_eq!(sum.checked_sub(b), Some(a));
            prop_assert_eq!(Cents::sum([b, a]), Some(sum));
        }
    }
}
