use proptest::prelude::*;

use super::*;

const fn item(at_stake: i64, state: ItemState) -> Item {
    Item { at_stake: Cents::new(at_stake), state }
}

#[test]
fn a_reference_names_a_claim_by_its_first_word() {
    assert_eq!(number("  "), "");
    assert_eq!(number(" 1500001 "), "1500001");
    assert_eq!(number("1500001 1EG4TE5MK73"), "1500001");
}

#[test]
fn what_is_put_off_and_then_taken_comes_to_nothing() {
    let sum = |pairs: &[i64]| taken(pairs.iter().copied().map(Cents::new)).as_i64();
    assert_eq!(sum(&[-40_00, 40_00]), 0);
    assert_eq!(sum(&[40_00]), 40_00);
    assert_eq!(sum(&[-40_00]), 0, "it is still to come");
    assert_eq!(sum(&[30_00, 10_00, -15_00]), 25_00);
    assert_eq!(sum(&[i64::MAX, 1]), i64::MAX);
}

#[test]
fn items_follow_what_is_over() {
    use ItemState::{Answered, Open, Settled};
    let cases: [(i64, &[Item], Change); 9] = [
        (0, &[], Change::Nothing),
        (40, &[], Change::Open(Cents::new(40))),
        (40, &[item(40, Open)], Change::Nothing),
        (25, &[item(40, Open)], Change::About(0, Cents::new(25))),
        (0, &[item(40, Open)], Change::End(0)),
        (40, &[item(40, Answered)], Change::Reopen(0, Cents::new(40))),
        (40, &[item(40, Settled)], Change::Nothing),
        (65, &[item(40, Settled)], Change::Open(Cents::new(25))),
        (65, &[item(40, Settled), item(60, Open)], Change::About(1, Cents::new(25))),
    ];
    for (taken, items, expected) in cases {
        assert_eq!(change(Cents::new(taken), items), expected, "{taken} of {items:?}");
    }
}

proptest! {
    /// Whatever was taken and given back in whatever order, with people ending items in between:
    /// what waits is what was taken and nobody settled, in one item at most.
    #[test]
    fn what_waits_is_what_was_taken_and_not_settled(
        steps in prop::collection::vec((-500_i64..500, any::<bool>()), 1..40),
    ) {
        let (mut items, mut sums) = (Vec::<Item>::new(), Vec::new());
        for (cents, settles) in steps {
            sums.push(Cents::new(cents));
            let over = taken(sums.iter().copied());
            match change(over, &items) {
                Change::Nothing => {}
                Change::Open(left) => items.push(Item { at_stake: left, state: ItemState::Open }),
                Change::About(at, left) | Change::Reopen(at, left) => {
                    items[at] = Item { at_stake: left, state: ItemState::Open };
                }
                Change::End(at) => items[at].state = ItemState::Answered,
            }
            let sum = |state: ItemState| {
                let of = items.iter().filter(|item| item.state == state);
                of.map(|item| item.at_stake.as_i64()).sum::<i64>()
            };
            let left = (over.as_i64() - sum(ItemState::Settled)).max(0);
            prop_assert_eq!(sum(ItemState::Open), left);
            prop_assert!(items.iter().filter(|item| item.state == ItemState::Open).count() <= 1);
            prop_assert_eq!(change(over, &items), Change::Nothing);
            if settles {
                for item in items.iter_mut().filter(|item| item.state == ItemState::Open) {
                    item.state = ItemState::Settled;
                }
            }
        }
    }
}
