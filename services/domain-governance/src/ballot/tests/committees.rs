use std::collections::BTreeSet;

use super::super::matching::distinct_people_max;
use super::*;

#[test]
fn a_second_person_confirms_a_change_of_the_committee() {
    let mut committee = board();
    committee.seats[2].ends_on = hour(-24).date_naive().into();
    let proposal = Proposal { by: user(1), hash: hash(7) };
    let confirm = |by, administers, read| {
        let word = Confirmation { by: user(by), administers, hash_read: hash(read) };
        proposal.confirm(&word, &sitting(&committee, 1))
    };
    assert_eq!(confirm(2, false, 7), Ok(()));
    let alone = Err(CannotConfirm::NoSeat);
    assert_eq!(confirm(9, true, 7), alone, "somebody else holds a seat");
    for administers in [false, true] {
        assert_eq!(confirm(1, administers, 7), Err(CannotConfirm::Own));
    }
    assert_eq!(confirm(2, false, 8), Err(CannotConfirm::StaleHash { now: hash(7) }));
    for nobody in [9, 12, 3] {
        assert_eq!(confirm(nobody, false, 7), Err(CannotConfirm::NoSeat), "{nobody}");
    }
}

#[test]
fn a_committee_of_one_is_widened_with_the_word_of_who_administers() {
    let committee = Committee { seats: vec![seat(CODING, Some(1), None)], ..board() };
    let proposal = Proposal { by: user(1), hash: hash(7) };
    let word = |by, administers| Confirmation { by: user(by), administers, hash_read: hash(7) };
    let sits = sitting(&committee, 1);
    assert_eq!(proposal.confirm(&word(2, false), &sits), Err(CannotConfirm::NoSeat));
    assert_eq!(proposal.confirm(&word(9, true), &sits), Ok(()));
}

#[test]
fn the_word_of_who_administers_counts_where_nobody_but_the_proposer_holds_a_seat() {
    let with = |other: Seat| {
        let committee = Committee { seats: vec![seat(CODING, Some(1), None), other], ..board() };
        let proposal = Proposal { by: user(1), hash: hash(7) };
        let word = Confirmation { by: user(9), administers: true, hash_read: hash(7) };
        proposal.confirm(&word, &sitting(&committee, 1))
    };
    let (over, to_come) = (hour(-24).date_naive(), hour(48).date_naive());
    let held = seat(COMPLIANCE, Some(2), None);
    assert_eq!(with(Seat { ends_on: Some(over), ..held.clone() }), Ok(()));
    assert_eq!(with(Seat { starts_on: to_come, ..held.clone() }), Ok(()));
    assert_eq!(with(seat(COMPLIANCE, None, None)), Ok(()));
    assert_eq!(with(seat(COMPLIANCE, Some(1), Some(2))), Ok(()), "a delegate holds nothing");
    assert_eq!(with(held), Err(CannotConfirm::NoSeat));
}

#[test]
fn a_sound_committee_has_no_defect() {
    assert_eq!(board().defects(), []);
}

#[test]
fn two_seats_of_one_name_are_a_defect() {
    let mut committee = board();
    committee.seats.push(seat(CODING, Some(4), None));
    assert_eq!(committee.defects(), [Defect::DuplicateSeat(slug(CODING))]);
}

#[test]
fn a_term_does_not_end_before_it_starts() {
    let mut committee = board();
    committee.seats[1].ends_on = Some(hour(0).date_naive());
    assert_eq!(committee.defects(), [], "a term of one day is a term");
    committee.seats[1].ends_on = hour(0).date_naive().pred_opt();
    assert_eq!(committee.defects(), [Defect::TermEndsBeforeStart(slug(COMPLIANCE))]);
}

#[test]
fn nobody_is_their_own_delegate_or_the_delegate_of_nobody() {
    let mut committee = board();
    committee.seats[0].delegate = Some(user(1));
    committee.seats[1].holder = None;
    assert_eq!(
        committee.defects(),
        [Defect::OwnDelegate(slug(CODING)), Defect::DelegateOfNobody(slug(COMPLIANCE))]
    );
}

#[test]
fn a_policy_names_seats_that_exist_and_somebody() {
    let mut committee = board();
    committee.policies.push(policy(Some(ENTRIES), &["clinical"], 0));
    committee.policies.push(policy(None, &[], 1));
    let defects = committee.defects();
    let section = Some(ENTRIES.to_owned());
    assert_eq!(
        defects,
        [
            Defect::UnknownSeat { section: section.clone(), seat: slug("clinical") },
            Defect::NoQuorum(section),
            Defect::DuplicatePolicy(None),
        ]
    );
    assert_eq!(
        defects[0].to_string(),
        "the policy for `entries` names seat `clinical`, which does not exist"
    );
}

#[test]
fn a_quorum_of_more_people_than_the_seats_give_is_a_defect() {
    let quorum = |holders: [Option<u128>; 3], delegate, quorum| {
        let mut committee = board();
        for (seat, holder) in committee.seats.iter_mut().zip(holders) {
            (seat.holder, seat.delegate) = (holder.map(user), None);
        }
        committee.seats[0].delegate = holders[0].and(delegate).map(user);
        committee.policies = vec![policy(None, &[], quorum)];
        committee.defects()
    };
    let never =
        |quorum, people_max| vec![Defect::QuorumNeverMet { section: None, quorum, people_max }];
    assert_eq!(quorum([Some(1), Some(2), Some(3)], None, 3), []);
    assert_eq!(quorum([Some(1), Some(2), Some(3)], Some(4), 4), never(4, 3));
    assert_eq!(quorum([Some(1), Some(1), Some(2)], None, 3), never(3, 2));
    assert_eq!(quorum([Some(1), Some(1), Some(2)], Some(4), 3), []);
    assert_eq!(quorum([Some(1), Some(1), Some(1)], Some(2), 3), never(3, 2));
    assert_eq!(quorum([Some(1), None, None], None, 3), [], "a vacant seat may find somebody");
    assert_eq!(quorum([Some(1), None, Some(1)], None, 3), never(3, 2));
}

#[test]
fn distinct_people_are_matched_not_counted() {
    let people = |seats: &[&[u128]]| {
        let seats: Vec<BTreeSet<UserId>> =
            seats.iter().map(|seat| seat.iter().copied().map(user).collect()).collect();
        distinct_people_max(&seats)
    };
    assert_eq!(people(&[]), 0);
    assert_eq!(people(&[&[], &[1]]), 1);
    assert_eq!(people(&[&[1, 2], &[1]]), 2, "the first gives way");
    assert_eq!(people(&[&[1, 2], &[2, 3], &[1], &[2]]), 3);
    assert_eq!(people(&[&[1, 2], &[1, 2], &[1, 2]]), 2);
}

#[test]
fn matching_agrees_with_trying_every_choice() {
    fn tried(seats: &[BTreeSet<UserId>], taken: &BTreeSet<UserId>) -> usize {
        let Some((first, rest)) = seats.split_first() else { return taken.len() };
        let chosen = first.iter().map(|person| {
            let mut taken = taken.clone();
            taken.insert(*person);
            tried(rest, &taken)
        });
        chosen.chain([tried(rest, taken)]).max().unwrap_or(0)
    }
    let pairs: Vec<BTreeSet<UserId>> = (0..5_u128)
        .flat_map(|one| (one..5).map(move |other| [user(one), user(other)].into()))
        .collect();
    for pick in 0..4_000_usize {
        let mut left = pick * 2_654_435_761 % 50_625;
        let seats: Vec<BTreeSet<UserId>> = (0..4)
            .map(|_| {
                let pair = pairs[left % pairs.len()].clone();
                left /= pairs.len();
                pair
            })
            .collect();
        assert_eq!(distinct_people_max(&seats), tried(&seats, &BTreeSet::new()), "{seats:?}");
    }
}

#[test]
fn a_term_includes_its_first_and_last_day() {
    let mut seat = seat(CODING, Some(1), None);
    (seat.starts_on, seat.ends_on) = (hour(24).date_naive(), Some(hour(48).date_naive()));
    let in_term = [0, 24, 48, 72].map(|hours| seat.in_term(hour(hours).date_naive()));
    assert_eq!(in_term, [false, true, true, false]);
}

#[test]
fn delegation_does_not_chain() {
    let mut committee = board();
    // 1 delegates to 2, 2 to 3: 3 does not speak for 1.
    committee.seats[0].delegate = Some(user(2));
    committee.seats[1].delegate = Some(user(3));
    let today = hour(1).date_naive();
    let speaks = |seat: usize, who: u128| committee.seats[seat].may_vote(user(who), today);
    assert!(speaks(0, 2) && speaks(1, 3));
    assert!(!speaks(0, 3));
    committee.seats[0].holder = None;
    assert!(!committee.seats[0].may_vote(user(2), today), "there is nobody to stand in for");
}

#[test]
fn a_delegate_holds_no_seat_and_an_ended_term_neither() {
    let mut committee = board();
    let today = hour(1).date_naive();
    assert_eq!(committee.held_by(user(1), today).map(|seat| &seat.slug), Some(&slug(CODING)));
    assert_eq!(committee.held_by(user(11), today), None);
    committee.seats[0].ends_on = today.pred_opt();
    assert_eq!(committee.held_by(user(1), today), None);
}

#[test]
fn a_section_without_a_policy_of_its_own_has_that_of_the_others() {
    let mut committee = board();
    assert_eq!(committee.policy(&DEADLINES), Some(&committee.policies[1]));
    assert_eq!(committee.policy(&ENTRIES), Some(&committee.policies[0]));
    committee.policies.remove(0);
    assert_eq!(committee.policy(&ENTRIES), None);
}
