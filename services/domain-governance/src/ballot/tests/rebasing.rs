use super::*;

/// Onto revision 5, where the content is 6; both checks ran again and found the same.
fn rebase() -> Rebase<&'static str> {
    let rerun = |kind| Rerun {
        check: Check { base: hash(5), result_hash: hash(6), ..check(&draft(), kind, true) },
        unchanged: true,
    };
    Rebase {
        onto: hash(5),
        result_hash: hash(6),
        sections: [ENTRIES].into(),
        touched_by_both: false,
        reruns: vec![rerun(CheckKind::Verify), rerun(CheckKind::Replay)],
    }
}

fn rebased(request: &Request, rebase: Rebase<&'static str>) -> Result<Request, CannotRebase> {
    let committee = board();
    request.rebase(rebase, &sitting(&committee, 3))
}

fn base_moved() -> Request {
    let moved = ActiveRevision { hash: hash(5), ..active(2) };
    let committee = board();
    let changed = approved().activate(&moved, &sitting(&committee, 2)).unwrap();
    assert_eq!(changed.request.state, State::Suspended);
    changed.request
}

#[test]
fn votes_carry_over_marked_when_only_the_base_moved() {
    let request = rebased(&base_moved(), rebase()).unwrap();
    assert_eq!((request.base, request.result_hash), (hash(5), hash(6)));
    assert_eq!((request.state, request.suspension.clone()), (State::Approved, None));
    for review in &request.reviews {
        assert_eq!(review.state, ReviewState::CarriedOver { result_hash: hash(6) });
        assert_eq!(review.result_hash, hash(2), "it says what was read");
    }
    let committee = board();
    let now = ActiveRevision { hash: hash(5), ..active(4) };
    let changed = request.activate(&now, &sitting(&committee, 4)).unwrap();
    assert!(changed.event.is_some());
}

#[test]
fn votes_that_carried_over_fall_with_an_edit_and_carry_over_again() {
    let request = rebased(&base_moved(), rebase()).unwrap();
    let edited = request.edit(user(8), hash(7), [ENTRIES].into()).unwrap();
    assert_eq!(edited.approvals().count(), 0);
    let mut second = rebase();
    (second.onto, second.result_hash) = (hash(10), hash(11));
    for rerun in &mut second.reruns {
        (rerun.check.base, rerun.check.result_hash) = (hash(10), hash(11));
    }
    let again = rebased(&request, second).unwrap();
    assert_eq!((again.approvals().count(), again.state), (2, State::Approved));
}

#[test]
fn votes_fall_when_a_check_is_missing_failed_or_found_something_else() {
    type Spoil = fn(&mut Rebase<&'static str>);
    let spoils: [Spoil; 5] = [
        |it| it.reruns.clear(),
        |it| it.reruns.truncate(1),
        |it| it.reruns[1].unchanged = false,
        |it| it.reruns[0].check.passed = false,
        |it| it.sections = [ENTRIES, DEADLINES].into(),
    ];
    for (at, spoil) in spoils.into_iter().enumerate() {
        let mut rebase = rebase();
        spoil(&mut rebase);
        let request = rebased(&base_moved(), rebase).unwrap();
        assert_eq!((request.state, request.approvals().count()), (State::InReview, 0), "{at}");
        let states = request.reviews.iter().map(|review| review.state);
        assert!(states.eq([ReviewState::Dismissed; 2]), "{at}");
    }
}

#[test]
fn what_both_sides_touched_is_a_draft_that_somebody_looks_at() {
    let request = rebased(&base_moved(), Rebase { touched_by_both: true, ..rebase() }).unwrap();
    assert_eq!((request.state, request.approvals().count()), (State::Draft, 0));
    let overtaken =
        Rebase { result_hash: hash(5), sections: [].into(), reruns: Vec::new(), ..rebase() };
    let request = rebased(&base_moved(), overtaken).unwrap();
    assert_eq!(request.state, State::Draft, "nothing is left of it");
}

#[test]
fn a_draft_stays_one_and_recusals_stay() {
    let recused = cast(&in_review(), 1, CODING, Verdict::Recuse);
    let request = rebased(&recused, rebase()).unwrap();
    assert!(request.is_recused(user(1)));
    assert_eq!(request.reviews[0].state, ReviewState::Counting);
    assert_eq!(rebased(&draft(), rebase()).unwrap().state, State::Draft);
}

#[test]
fn an_edit_in_the_clothes_of_a_rebase_is_refused() {
    let same_base = Rebase { onto: hash(1), reruns: Vec::new(), ..rebase() };
    assert_eq!(rebased(&approved(), same_base), Err(CannotRebase::AnEdit));
    let mut other = rebase();
    other.reruns[1].check.result_hash = hash(9);
    assert_eq!(rebased(&approved(), other), Err(CannotRebase::OtherContent(CheckKind::Replay)));
    let mut other = rebase();
    other.reruns[0].check.base = hash(1);
    assert_eq!(rebased(&approved(), other), Err(CannotRebase::OtherContent(CheckKind::Verify)));
    let unsaid = Rebase { sections: [].into(), ..rebase() };
    assert_eq!(rebased(&approved(), unsaid), Err(CannotRebase::SectionsDoNotFit));
}

#[test]
fn naming_the_present_base_takes_up_what_was_suspended() {
    let same = || Rebase { onto: hash(1), result_hash: hash(2), reruns: Vec::new(), ..rebase() };
    let request = rebased(&base_moved(), same()).unwrap();
    assert_eq!(request, approved(), "votes and checks are those of this content and base");
    assert_eq!(rebased(&approved(), same()), Err(CannotRebase::NothingMoved));
}

#[test]
fn what_is_scheduled_or_over_is_not_rebased() {
    let open = [State::Draft, State::InReview, State::Approved, State::Suspended];
    for state in State::ALL {
        let request = Request { state: *state, ..approved() };
        match rebased(&request, rebase()) {
            Ok(_) => assert!(open.contains(state), "{state}"),
            Err(refusal) => {
                assert_eq!(refusal, CannotRebase::Closed(*state));
                assert!(!open.contains(state), "{state}");
            }
        }
    }
}
