use domain::starter;
use proptest::prelude::*;

use super::*;

/// Outcomes of a coin that shows `rate`, by a generator that is the same everywhere.
struct Coin(u64);

impl Coin {
    fn hit(&mut self, rate: u32) -> bool {
        // Xorshift64*: enough for coins.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        drawn % u64::from(WHOLE) < u64::from(rate)
    }
}

#[test]
#[expect(clippy::cast_precision_loss, reason = "the control is a float")]
fn logarithms_are_right_and_round_as_they_say() {
    for (over, under) in [(1, 1), (2, 1), (10_000, 4_500), (3, 7), (u32::MAX, 1), (1_001, 1_000)] {
        let exact = (f64::from(over) / f64::from(under)).log2();
        let unit = (1_u64 << 32) as f64;
        let (down, up) = (log_down(over, under), log_up(over, under));
        let (down, up) = (down.units() as f64 / unit, up.units() as f64 / unit);
        assert!(down <= exact && exact <= up, "{over}/{under}: {down} {exact} {up}");
        assert!(up - down < 1e-6, "{over}/{under}");
    }
}

#[test]
fn a_true_statement_is_rarely_called_suspect_however_often_one_looks() {
    let budget = FalseAlarms::one_in(20);
    let mut coin = Coin(0x9E37_79B9_7F4A_7C15);
    let mut alarms = 0;
    for _ in 0..400 {
        let mut counts = Counts::default();
        let alarmed = (0..400).any(|_| {
            counts.add(coin.hit(4_500));
            counts.exclude(BasisPoints::new(4_500), budget)
        });
        alarms += u32::from(alarmed);
    }
    // A budget of 20 in 400; a test at 5 % a look would alarm in most of them.
    assert!(alarms <= 20, "{alarms} of 400");
}

#[test]
fn a_false_statement_is_found() {
    let budget = FalseAlarms::default();
    for (truth, stated, within) in [(1_000, 4_500, 60), (7_000, 4_500, 120), (3_500, 4_500, 900)] {
        let mut coin = Coin(0xD1B5_4A32_D192_ED03);
        let mut counts = Counts::default();
        let found = (1..=within).find(|_| {
            counts.add(coin.hit(truth));
            counts.exclude(BasisPoints::new(stated), budget)
        });
        assert!(found.is_some(), "{truth} against {stated} within {within}");
    }
}

#[test]
fn what_cannot_happen_and_does_is_excluded_at_once() {
    let one = Counts { outcomes: 1, hits: 1 };
    assert!(one.exclude(BasisPoints::new(0), FalseAlarms::default()));
    assert!(!one.exclude(BasisPoints::new(WHOLE), FalseAlarms::default()));
    let none = Counts::default();
    assert!(!none.exclude(BasisPoints::new(0), FalseAlarms::default()));
    assert_eq!(none.standing(FalseAlarms::default()).1, BasisPoints::new(WHOLE));
}

#[test]
fn the_words_say_what_was_seen_and_the_draft_states_it() {
    let bundle = starter::bundle();
    let entry = bundle.entries.iter().find(|entry| entry.slug.as_str() == "carc-197").unwrap();
    let stated = entry.meaning.expected_overturn.as_u32();
    let outcomes = Outcomes {
        overturned: Counts { outcomes: 400, hits: 4 },
        late: Counts { outcomes: 100, hits: 95 },
    };
    let suspicion = outcomes.against(entry, FalseAlarms::default()).unwrap();
    assert_eq!(suspicion.overturned, Some(BasisPoints::new(100)));
    assert_eq!(suspicion.days, Some(Pace::Slower));
    assert!(suspicion.words[0].starts_with("4 of 400 denials were overturned: between 0."));
    assert!(suspicion.words[0].ends_with(&BasisPoints::new(stated).to_string()));
    let edit = suspicion.proposal(entry).unwrap();
    let drafted = crate::edit::apply(&bundle, &[edit]).unwrap();
    let drafted = drafted.entries.iter().find(|entry| entry.slug.as_str() == "carc-197").unwrap();
    assert_eq!(drafted.meaning.expected_overturn, BasisPoints::new(100));
    let fair = Outcomes {
        overturned: Counts { outcomes: 100, hits: stated / 100 },
        late: Counts { outcomes: 100, hits: 50 },
    };
    assert_eq!(fair.against(entry, FalseAlarms::default()), None);
}

proptest! {
    #[test]
    fn what_stands_is_one_interval_around_what_was_seen(outcomes in 0_u32..600, share in 0_u32..=100) {
        let counts = Counts { outcomes, hits: outcomes * share / 100 };
        let budget = FalseAlarms::default();
        let (low, high) = counts.standing(budget);
        for rate in (0..=WHOLE).step_by(137) {
            let stands = !counts.exclude(BasisPoints::new(rate), budget);
            let inside = low.as_u32() <= rate && rate <= high.as_u32();
            prop_assert_eq!(stands, inside, "{} of {} at {}", counts.hits, outcomes, rate);
        }
    }

    #[test]
    fn a_larger_budget_never_sees_less(outcomes in 1_u32..400, hits in 0_u32..400, rate in 0_u32..=WHOLE) {
        let counts = Counts { outcomes, hits: hits.min(outcomes) };
        let rate = BasisPoints::new(rate);
        if counts.exclude(rate, FalseAlarms::one_in(1_000)) {
            prop_assert!(counts.exclude(rate, FalseAlarms::one_in(10)));
        }
    }
}
