//! How many different people could speak.

use std::collections::{BTreeMap, BTreeSet};

use super::UserId;

/// The most distinct people who can speak when each seat speaks once, by any of its people.
///
/// A maximum matching of seats to people, found by augmenting paths: one person may sit on several
/// seats and one seat has two people, so neither counting seats nor counting people will do.
pub(super) fn distinct_people_max(seats: &[BTreeSet<UserId>]) -> usize {
    let mut seat_of = BTreeMap::new();
    (0..seats.len()).filter(|seat| place(*seat, seats, &mut seat_of, &mut BTreeSet::new())).count()
}

/// Finds a person for a seat, moving others to the other person of their seat where that helps.
fn place(
    seat: usize,
    seats: &[BTreeSet<UserId>],
    seat_of: &mut BTreeMap<UserId, usize>,
    tried: &mut BTreeSet<UserId>,
) -> bool {
    for person in &seats[seat] {
        if !tried.insert(*person) {
            continue;
        }
        let sits = seat_of.get(person).copied();
        if sits.is_none_or(|other| place(other, seats, seat_of, tried)) {
            seat_of.insert(*person, seat);
            return true;
        }
    }
    false
}
