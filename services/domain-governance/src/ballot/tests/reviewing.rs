use super::*;

fn refused(request: &Request, vote: Vote) -> CannotReview {
    let committee = board();
    request.review(vote, &sitting(&committee, 1)).unwrap_err()
}

fn refused_approval(request: &Request, by: u128, seat: &str) -> CannotReview {
    refused(request, vote(request, by, seat, Verdict::Approve))
}

#[test]
fn the_last_vote_that_is_needed_approves() {
    let first = approve(&in_review(), 1, CODING);
    assert_eq!(first.state, State::InReview);
    let second = approve(&first, 3, FINANCE);
    assert_eq!(second.state, State::Approved);
    assert_eq!(second.approvals().count(), 2);
}

#[test]
fn only_what_is_before_the_committee_is_voted_on() {
    for state in State::ALL.iter().filter(|state| **state != State::InReview) {
        let request = Request { state: *state, ..in_review() };
        assert_eq!(refused_approval(&request, 1, CODING), CannotReview::NotInReview(*state));
    }
}

#[test]
fn a_vote_on_a_stale_hash_is_told_the_present_one() {
    let stale = Vote { hash_read: hash(7), ..vote(&in_review(), 1, CODING, Verdict::Approve) };
    assert_eq!(refused(&in_review(), stale), CannotReview::StaleHash { now: hash(2) });
}

#[test]
fn only_holder_and_delegate_speak_for_a_seat() {
    assert_eq!(approve(&in_review(), 11, CODING).approvals().count(), 1);
    let refused = |by, seat| refused_approval(&in_review(), by, seat);
    assert_eq!(refused(2, CODING), CannotReview::NotTheirSeat(slug(CODING)));
    assert_eq!(refused(12, CODING), CannotReview::NotTheirSeat(slug(CODING)));
    assert_eq!(refused(1, "clinical"), CannotReview::NoSuchSeat(slug("clinical")));
}

#[test]
fn neither_before_nor_after_its_term_is_a_seat_heard() {
    let mut committee = board();
    let today = hour(1).date_naive();
    committee.seats[0].starts_on = today.succ_opt().unwrap();
    committee.seats[1].ends_on = today.pred_opt();
    let request = in_review();
    for (by, seat) in [(1, CODING), (11, CODING), (2, COMPLIANCE), (12, COMPLIANCE)] {
        let vote = vote(&request, by, seat, Verdict::Approve);
        let refused = request.review(vote, &sitting(&committee, 1));
        assert_eq!(refused, Err(CannotReview::OutOfTerm(slug(seat))));
    }
}

#[test]
fn author_and_editors_vote_for_no_seat() {
    for (author, editor) in [(1, 8), (9, 1)] {
        let request =
            Request { author: user(author), editors: [user(editor)].into(), ..in_review() };
        for verdict in [Verdict::Approve, Verdict::Decline] {
            let vote = vote(&request, 1, CODING, verdict);
            assert_eq!(refused(&request, vote), CannotReview::Interested);
        }
        assert_eq!(approve(&request, 11, CODING).approvals().count(), 1, "the delegate may");
    }
}

#[test]
fn delegation_does_not_launder() {
    for (author, editor) in [(11, 8), (9, 11)] {
        let request =
            Request { author: user(author), editors: [user(editor)].into(), ..in_review() };
        assert_eq!(refused_approval(&request, 11, CODING), CannotReview::Interested);
        assert_eq!(approve(&request, 1, CODING).approvals().count(), 1, "the holder may");
    }
}

#[test]
fn one_person_counts_once_on_however_many_seats() {
    let mut committee = board();
    committee.seats[2].holder = Some(user(1));
    let request = in_review();
    let sits = sitting(&committee, 1);
    let one = vote(&request, 1, CODING, Verdict::Approve);
    let request = request.review(one, &sits).unwrap().request;
    let other = vote(&request, 1, FINANCE, Verdict::Approve);
    let request = request.review(other, &sits).unwrap().request;
    assert_eq!((request.approvals().count(), request.state), (2, State::InReview));
    assert_eq!(unmet(&request, &committee), ["quorum"]);
    let second = vote(&request, 2, COMPLIANCE, Verdict::Approve);
    assert_eq!(request.review(second, &sits).unwrap().request.state, State::Approved);
}

#[test]
fn one_person_counts_once_as_the_delegate_of_two() {
    let mut committee = board();
    committee.seats[1].delegate = Some(user(11));
    let request = in_review();
    let sits = sitting(&committee, 1);
    let one = vote(&request, 11, CODING, Verdict::Approve);
    let request = request.review(one, &sits).unwrap().request;
    let other = vote(&request, 11, COMPLIANCE, Verdict::Approve);
    let request = request.review(other, &sits).unwrap().request;
    assert_eq!(unmet(&request, &committee), ["quorum"]);
}

#[test]
fn a_seat_speaks_once_and_finally() {
    let voted = approve(&in_review(), 1, CODING);
    for by in [1, 11] {
        for verdict in [Verdict::Approve, Verdict::Decline] {
            let again = vote(&voted, by, CODING, verdict);
            assert_eq!(refused(&voted, again), CannotReview::SeatVoted(slug(CODING)));
        }
    }
    let recusal = vote(&voted, 1, CODING, Verdict::Recuse);
    assert_eq!(refused(&voted, recusal), CannotReview::Voted);
}

#[test]
fn a_decline_says_why_and_rejects() {
    let request = approve(&in_review(), 1, CODING);
    let silent = Vote { reason: " ".to_owned(), ..vote(&request, 2, COMPLIANCE, Verdict::Decline) };
    assert_eq!(refused(&request, silent), CannotReview::NoReason);
    let declined = cast(&request, 2, COMPLIANCE, Verdict::Decline);
    assert_eq!(declined.state, State::Rejected);
    assert!(unmet(&declined, &board()).contains(&"not_declined".to_owned()));
    assert_eq!(refused_approval(&declined, 3, FINANCE), CannotReview::NotInReview(State::Rejected));
}

#[test]
fn no_approval_counts_before_both_checks_pass_on_this_content() {
    let request = draft().submit().unwrap();
    let with = |checks: &[(CheckKind, bool)]| {
        checks.iter().fold(request.clone(), |request, (kind, passed)| {
            let check = check(&request, *kind, *passed);
            request.record_check(check)
        })
    };
    let (verify, replay) = (CheckKind::Verify, CheckKind::Replay);
    let cases: [(&[(CheckKind, bool)], CheckKind); 5] = [
        (&[], verify),
        (&[(verify, true)], replay),
        (&[(replay, true)], verify),
        (&[(verify, false), (replay, true)], verify),
        (&[(verify, true), (replay, false)], replay),
    ];
    for (checks, missing) in cases {
        let yes = vote(&request, 1, CODING, Verdict::Approve);
        assert_eq!(refused(&with(checks), yes), CannotReview::Unproven(missing));
        // A seat may say no at any time, and says why then as well.
        let declined = cast(&with(checks), 1, CODING, Verdict::Decline);
        assert_eq!(declined.state, State::Rejected);
        let no = vote(&request, 1, CODING, Verdict::Decline);
        let silent = Vote { reason: " ".to_owned(), ..no };
        assert_eq!(refused(&with(checks), silent), CannotReview::NoReason);
    }
    let both = with(&[(verify, true), (replay, true)]);
    assert_eq!(approve(&both, 1, CODING).approvals().count(), 1);
    assert!(cast(&request, 1, CODING, Verdict::Recuse).is_recused(user(1)), "it is no vote");
}

#[test]
fn a_recusal_leaves_the_seat_to_the_delegate() {
    let recused = cast(&in_review(), 1, CODING, Verdict::Recuse);
    assert_eq!(recused.approvals().count(), 0);
    for verdict in [Verdict::Approve, Verdict::Decline, Verdict::Recuse] {
        assert_eq!(refused(&recused, vote(&recused, 1, CODING, verdict)), CannotReview::Recused);
    }
    let voted = approve(&recused, 11, CODING);
    assert_eq!(approve(&voted, 3, FINANCE).state, State::Approved);
}

#[test]
fn a_recusal_is_of_the_person_on_every_seat_and_outlasts_an_edit() {
    let mut committee = board();
    committee.seats[2].holder = Some(user(1));
    let recused = cast(&in_review(), 1, CODING, Verdict::Recuse);
    let elsewhere = vote(&recused, 1, FINANCE, Verdict::Approve);
    let refused = recused.review(elsewhere, &sitting(&committee, 1));
    assert_eq!(refused, Err(CannotReview::Recused));
    let edited = recused.edit(user(8), hash(3), [ENTRIES].into()).unwrap();
    let edited = proven(edited.submit().unwrap());
    assert_eq!(refused_approval(&edited, 1, CODING), CannotReview::Recused);
}

#[test]
fn rows_that_should_not_be_there_approve_nothing() {
    let sound = approved();
    let count = |tamper: &dyn Fn(&mut Request)| {
        let mut request = sound.clone();
        tamper(&mut request);
        request.approvals().count()
    };
    assert_eq!(count(&|_| {}), 2);
    assert_eq!(count(&|request| request.author = user(1)), 1);
    assert_eq!(count(&|request| request.editors = [user(1), user(3)].into()), 0);
    assert_eq!(count(&|request| request.result_hash = hash(3)), 0);
    assert_eq!(count(&|request| request.reviews[0].state = ReviewState::Dismissed), 1);
    assert_eq!(
        count(&|request| {
            request.reviews[0].state = ReviewState::CarriedOver { result_hash: hash(3) };
        }),
        1
    );
}
