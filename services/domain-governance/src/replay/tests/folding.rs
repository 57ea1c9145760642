//! The folded replay is the naive one, whatever the history, the edits and the order.

use proptest::collection::vec;
use proptest::prelude::*;

use super::naive::{Sums, sums};
use super::random::{edit, row};
use super::*;

/// The bundle with those edits that leave it sound.
fn edited(bundle: &Bundle, edits: &[Vec<u8>]) -> Compiled {
    let mut compiled = compiled(bundle);
    for (number, bytes) in edits.iter().enumerate() {
        let mut next = compiled.bundle().clone();
        edit(&mut next, number, bytes);
        if let Ok(next) = Compiled::new(&next) {
            compiled = next;
        }
    }
    compiled
}

fn rows(history: &[Vec<u8>]) -> Vec<Row> {
    (1..).zip(history).map(|(number, bytes)| row(number, bytes)).collect()
}

/// A step of a linear generator: the same shuffles in every run of one seed.
fn shuffle(rows: &mut [Row], mut seed: u64) {
    for at in (1..rows.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        rows.swap(at, (seed >> 33) as usize % (at + 1));
    }
}

fn edits(most: usize) -> impl Strategy<Value = Vec<Vec<u8>>> {
    vec(vec(any::<u8>(), 16), 0..most)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn the_fold_gives_what_every_denial_by_itself_gives(
        before in edits(6),
        after in edits(6),
        history in vec(vec(any::<u8>(), 18), 1..120),
        seed in any::<u64>(),
    ) {
        let active = edited(&small_bundle(), &before);
        let draft = edited(active.bundle(), &after);
        let mut rows = rows(&history);
        let (summary, _) = replay(&active, &draft, &rows);
        prop_assert_eq!(Sums::of(&summary), sums(&active, &draft, &rows));
        shuffle(&mut rows, seed);
        let (again, _) = replay(&active, &draft, &rows);
        prop_assert_eq!(&again, &summary);
        let (back, _) = replay(&draft, &active, &rows);
        prop_assert_eq!(back.changed, summary.changed);
    }
}

/// The random cases are worth something only if they meet what makes folding hard.
#[test]
fn random_histories_meet_every_kind_of_change() {
    let mut state = 7_u64;
    let mut bytes = |length: usize| -> Vec<u8> {
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        };
        (0..length).map(|_| next()).collect()
    };
    let (mut mixed, mut missed, mut newly_mapped, mut unmapped) = (0, 0, 0, 0);
    let mut fields = std::collections::BTreeSet::new();
    let base = small_bundle();
    for _ in 0..60 {
        let edits: Vec<Vec<u8>> = (0..6).map(|_| bytes(16)).collect();
        let history: Vec<Vec<u8>> = (0..120).map(|_| bytes(18)).collect();
        let draft = edited(&base, &edits);
        let (summary, residual) = replay(&compiled(&base), &draft, &rows(&history));
        mixed += usize::from(residual > 0 && residual < history.len());
        missed += summary.missed_deadlines.denials;
        newly_mapped += u64::from(summary.changes.iter().any(|change| change.from == UNMAPPED));
        unmapped += u64::from(summary.changes.iter().any(|change| change.to == UNMAPPED));
        fields.extend(summary.changes.iter().map(|change| change.field));
    }
    assert_eq!(fields.len(), Field::ALL.len(), "{fields:?}");
    let met = [mixed as u64, missed, newly_mapped, unmapped];
    assert!(met.iter().all(|times| *times > 0), "{met:?}");
}
