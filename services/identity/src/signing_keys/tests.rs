use chrono::{DateTime, TimeDelta, Utc};

use super::*;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000 + seconds, 0).unwrap()
}

fn key(generation: i64, signs_from: i64) -> StoredKey {
    StoredKey {
        generation,
        kid: generation.to_string(),
        public_key: String::new(),
        sealed_key: Vec::new(),
        signs_from: at(signs_from),
        created_at: at(signs_from),
    }
}

fn generations<'k>(keys: impl IntoIterator<Item = &'k StoredKey>) -> Vec<i64> {
    keys.into_iter().map(|key| key.generation).collect()
}

#[test]
fn the_next_key_is_published_before_it_signs_and_the_old_one_while_its_tokens_live() {
    let stored = [key(3, 600), key(2, 0), key(1, -1_000)];
    let seen = |seconds: i64| {
        let now = at(seconds);
        (active(&stored, now).unwrap().generation, generations(published(&stored, now)))
    };
    assert_eq!(seen(1), (2, vec![3, 2, 1]));
    assert_eq!(seen(RETIRED_SECONDS), (2, vec![3, 2]));
    assert_eq!(seen(599), (2, vec![3, 2]));
    assert_eq!(seen(600), (3, vec![3, 2]));
    assert_eq!(seen(600 + RETIRED_SECONDS - 1), (3, vec![3, 2]));
    assert_eq!(seen(600 + RETIRED_SECONDS), (3, vec![3]));
}

#[test]
fn the_first_key_signs_even_by_a_clock_that_is_behind() {
    let stored = [key(1, 0)];
    assert_eq!(active(&stored, at(-30)).unwrap().generation, 1);
    assert_eq!(generations(published(&stored, at(-30))), [1]);
}

#[test]
fn a_key_is_due_at_first_start_and_by_age_but_not_twice() {
    assert_eq!(due(&[], at(0), 90), Some((1, at(0))));
    let days = |days: i64| TimeDelta::days(days);
    assert_eq!(due(&[key(1, 0)], at(0) + days(89), 90), None);
    let now = at(0) + days(90);
    let lead = TimeDelta::seconds(LEAD_SECONDS);
    assert_eq!(due(&[key(1, 0)], now, 90), Some((2, now + lead)));
    let next = StoredKey { signs_from: now + lead, ..key(2, 0) };
    assert_eq!(due(&[next, key(1, 0)], now, 90), None);
}
