use super::*;

fn words(request: &Request, committee: &Board, code: &str) -> Option<String> {
    let needed = request.requirements(committee, hour(1).date_naive());
    needed.into_iter().find(|needed| needed.code == code).map(|needed| needed.words)
}

#[test]
fn every_requirement_is_stated_once() {
    let request = Request { sections: [ENTRIES, DEADLINES, "owner_rules"].into(), ..in_review() };
    let needed = request.requirements(&board(), hour(1).date_naive());
    let codes: Vec<(&str, bool)> =
        needed.iter().map(|needed| (needed.code.as_str(), needed.met)).collect();
    assert_eq!(
        codes,
        [
            ("edited", true),
            ("not_declined", true),
            ("verify_fresh", true),
            ("verify_passed", true),
            ("replay_fresh", true),
            ("replay_passed", true),
            ("seat_coding", false),
            ("seat_compliance", false),
            ("quorum_deadline_rules", false),
            ("quorum", false),
        ]
    );
    assert_eq!(needed[9].words, "0 of 2 people agreed on other sections");
}

#[test]
fn everything_holds_for_what_is_approved() {
    assert_eq!(unmet(&approved(), &board()), [""; 0]);
}

#[test]
fn checks_are_asked_for_one_by_one() {
    let bare = draft().submit().unwrap();
    let missing = unmet(&bare, &board());
    for code in ["verify_fresh", "verify_passed", "replay_fresh", "replay_passed"] {
        assert!(missing.contains(&code.to_owned()), "{code}");
    }
    let failed = in_review().record_check(Check {
        finished_at: hour(1),
        ..check(&in_review(), CheckKind::Replay, false)
    });
    let missing = unmet(&failed, &board());
    assert!(missing.contains(&"replay_passed".to_owned()));
    assert!(!missing.contains(&"replay_fresh".to_owned()));
}

#[test]
fn a_section_without_a_policy_is_approved_by_nobody() {
    let mut committee = board();
    committee.policies.remove(0);
    assert_eq!(unmet(&approved(), &committee), ["policy_entries"]);
}

#[test]
fn neither_an_empty_change_nor_an_empty_policy_approves_itself() {
    let untouched = Request { sections: [].into(), ..approved() };
    assert_eq!(unmet(&untouched, &board()), ["edited"]);
    let mut committee = board();
    committee.policies = vec![policy(None, &[], 0)];
    assert_eq!(unmet(&in_review(), &committee), ["quorum"]);
}

#[test]
fn a_required_seat_must_agree_however_many_others_do() {
    let request = approve(&approve(&in_review(), 2, COMPLIANCE), 3, FINANCE);
    assert_eq!(unmet(&request, &board()), ["seat_coding"]);
}

#[test]
fn a_seat_that_cannot_agree_says_why() {
    let coding = |request: &Request, change: &dyn Fn(&mut Board)| {
        let mut committee = board();
        change(&mut committee);
        words(request, &committee, "seat_coding").unwrap()
    };
    let request = in_review();
    assert_eq!(coding(&request, &|_| {}), "seat `coding` has yet to agree");
    let vacant = |it: &mut Board| it.seats[0].holder = None;
    assert_eq!(coding(&request, &vacant), "seat `coding` must agree and is vacant");
    let ended = |it: &mut Board| it.seats[0].ends_on = hour(-24).date_naive().into();
    assert!(coding(&request, &ended).ends_with("not in its term today"));
    let gone = |it: &mut Board| drop(it.seats.remove(0));
    assert!(coding(&request, &gone).ends_with("does not exist"));
    let theirs = Request { author: user(1), editors: [user(11)].into(), ..request };
    assert!(coding(&theirs, &|_| {}).contains("everyone who may vote for it wrote"));
}

#[test]
fn a_quorum_out_of_reach_for_this_change_is_said_in_words() {
    let mut committee = board();
    committee.policies = vec![policy(None, &[], 3)];
    assert_eq!(committee.defects(), []);
    assert_eq!(words(&in_review(), &committee, "quorum_reachable"), None);
    // The finance seat has no delegate, so nobody is left for it.
    let theirs = Request { author: user(3), ..in_review() };
    let said = words(&theirs, &committee, "quorum_reachable").unwrap();
    assert!(said.starts_with("3 people must agree on other sections and today at most 2 can"));
    // The coding seat has one, who takes the holder's place.
    let delegated = Request { author: user(1), ..in_review() };
    assert_eq!(words(&delegated, &committee, "quorum_reachable"), None);
    let recused = cast(&in_review(), 3, FINANCE, Verdict::Recuse);
    assert!(words(&recused, &committee, "quorum_reachable").is_some());
}

#[test]
fn a_quorum_already_reached_stays_reached_when_terms_end() {
    let mut committee = board();
    let request = approved();
    for seat in &mut committee.seats {
        seat.ends_on = hour(0).date_naive().into();
    }
    let later = hour(100).date_naive();
    assert!(request.requirements(&committee, later).iter().all(|needed| needed.met));
}

#[test]
fn a_vote_falls_with_its_seat() {
    let mut committee = board();
    committee.seats.retain(|seat| seat.slug != slug(FINANCE));
    assert_eq!(unmet(&approved(), &committee), ["quorum"]);
    committee.seats.retain(|seat| seat.slug != slug(CODING));
    assert_eq!(unmet(&approved(), &committee)[0], "seat_coding");
}

#[test]
fn settling_follows_the_committee_and_the_checks() {
    let committee = board();
    let mut stricter = board();
    stricter.policies[0].quorum = 3;
    let settle = |request: &Request, committee: &Board| {
        let settled = request.settle(&sitting(committee, 2));
        assert_eq!(settled.event, None);
        settled.request.state
    };
    assert_eq!(settle(&approved(), &committee), State::Approved);
    assert_eq!(settle(&approved(), &stricter), State::InReview);
    let waiting = Request { state: State::InReview, ..approved() };
    assert_eq!(settle(&waiting, &committee), State::Approved);
    assert_eq!(settle(&in_review(), &committee), State::InReview);
    let failed = approved().record_check(Check {
        finished_at: hour(1),
        ..check(&approved(), CheckKind::Verify, false)
    });
    assert_eq!(settle(&failed, &committee), State::InReview);
    let scheduled = approved().schedule(hour(9), hour(2)).unwrap();
    assert_eq!(settle(&scheduled, &stricter), State::Scheduled, "looked at again at its time");
}
