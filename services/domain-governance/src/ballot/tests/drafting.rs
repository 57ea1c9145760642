use super::*;

fn in_state(state: State) -> Request {
    Request { state, ..in_review() }
}

#[test]
fn words_have_one_spelling() {
    for state in State::ALL {
        assert_eq!(State::parse(state.as_str()), Some(*state));
    }
    assert_eq!(State::parse("open"), None);
}

#[test]
fn an_edit_makes_a_draft_and_dismisses_every_vote_for_good() {
    let voted = approve(&in_review(), 1, CODING);
    let edited = voted.edit(user(7), hash(3), [ENTRIES].into()).unwrap();
    assert_eq!((edited.state, edited.result_hash), (State::Draft, hash(3)));
    assert_eq!(edited.editors, [user(7), user(8)].into());
    assert_eq!(edited.reviews[0].state, ReviewState::Dismissed);
    assert_eq!(edited.fresh_check(CheckKind::Verify), None);

    let restored = edited.edit(user(7), hash(2), [ENTRIES].into()).unwrap().submit().unwrap();
    assert_eq!(restored.approvals().count(), 0);
    let again = approve(&restored, 1, CODING);
    assert_eq!(again.approvals().count(), 1, "the seat may speak on it again");
}

#[test]
fn an_approved_or_suspended_change_is_edited_back_to_a_draft() {
    assert_eq!(approved().state, State::Approved);
    let suspended = Request {
        state: State::Suspended,
        suspension: Some(Suspension::BaseMoved { active: hash(9) }),
        ..approved()
    };
    for request in [approved(), suspended] {
        let edited = request.edit(user(8), hash(3), [ENTRIES].into()).unwrap();
        assert_eq!((edited.state, edited.suspension.clone()), (State::Draft, None));
        assert_eq!(edited.approvals().count(), 0);
    }
}

#[test]
fn what_is_scheduled_or_over_is_not_edited() {
    let open = [State::Draft, State::InReview, State::Approved, State::Suspended];
    for state in State::ALL {
        let edited = in_state(*state).edit(user(8), hash(3), [ENTRIES].into());
        if open.contains(state) {
            assert!(edited.is_ok(), "{state}");
        } else {
            assert_eq!(edited, Err(CannotEdit::Closed(*state)));
        }
    }
}

#[test]
fn an_edit_changes_something_and_says_which_sections() {
    let edit = |number, sections: &[&'static str]| {
        draft().edit(user(8), hash(number), sections.iter().copied().collect()).map(|_| ())
    };
    assert_eq!(edit(2, &[ENTRIES]), Err(CannotEdit::NothingChanged));
    assert_eq!(edit(3, &[]), Err(CannotEdit::SectionsDoNotFit));
    assert_eq!(edit(1, &[ENTRIES]), Err(CannotEdit::SectionsDoNotFit));
    assert_eq!(edit(1, &[]), Ok(()), "every edit may be taken back");
    assert_eq!(edit(3, &[ENTRIES]), Ok(()));
}

#[test]
fn a_draft_is_submitted_with_an_edit_and_a_reason() {
    assert_eq!(draft().submit().unwrap().state, State::InReview);
    let undone = draft().edit(user(8), hash(1), [].into()).unwrap();
    assert_eq!(undone.submit(), Err(CannotSubmit::NothingEdited));
    let silent = Request { reason: " \n".to_owned(), ..draft() };
    assert_eq!(silent.submit(), Err(CannotSubmit::NoReason));
    for state in State::ALL.iter().filter(|state| **state != State::Draft) {
        assert_eq!(in_state(*state).submit(), Err(CannotSubmit::NotADraft(*state)));
    }
}

#[test]
fn author_and_editors_take_it_back_with_a_reason() {
    for mine in [8, 9] {
        let withdrawn = in_review().withdraw(user(mine), "not needed").unwrap();
        assert_eq!(withdrawn.state, State::Withdrawn);
    }
    let withdraw = |by, reason| in_review().withdraw(user(by), reason).map(|_| ());
    assert_eq!(withdraw(1, "not needed"), Err(CannotWithdraw::NotTheirs));
    assert_eq!(withdraw(9, " "), Err(CannotWithdraw::NoReason));
    let drafted = ChangeRequest { author: UserId::SERVICE, ..in_review() };
    assert!(
        drafted.withdraw(user(1), "not needed").is_ok(),
        "what the service drafted is nobody's"
    );
}

#[test]
fn what_is_active_or_over_is_not_withdrawn_and_what_is_scheduled_is() {
    let scheduled = approved().schedule(hour(30), hour(2)).unwrap();
    let withdrawn = scheduled.withdraw(user(9), "not needed").unwrap();
    assert_eq!((withdrawn.state, withdrawn.activate_at), (State::Withdrawn, None));
    for state in [State::Activated, State::Rejected, State::Withdrawn] {
        let refused = in_state(state).withdraw(user(9), "not needed");
        assert_eq!(refused, Err(CannotWithdraw::Closed(state)));
    }
}
