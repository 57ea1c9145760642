use chrono::{NaiveDate, TimeZone};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::hold::Wait;

fn waiting(waiting_for: WaitingFor) -> State {
    let follow_up_on = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap();
    State::Waiting(Wait { waiting_for, follow_up_on, back_to: None })
}

#[test]
fn every_category_of_source_507_has_its_meaning() {
    let table: [(Outcome, &[&str]); 8] = [
        (Outcome::Accepted, &["A2", "A5"]),
        (Outcome::Rejected, &["A3", "A4", "A6", "A7", "A8"]),
        (Outcome::Pending, &["A0", "A1", "P0", "P1", "P2", "P4", "P5"]),
        (Outcome::DocumentsWanted, &["P3", "R0", "R1", "R3", "R9", "R10", "R16", "R17"]),
        (Outcome::FinalizedPaid, &["F1"]),
        (Outcome::FinalizedDenied, &["F2"]),
        (Outcome::Finalized, &["F0", "F3", "F3F", "F3N", "F4"]),
        (
            Outcome::Unknown,
            &["D0", "E0", "E1", "E2", "E3", "E4", "RQ", "R18", "R01", "R", "R+1", "F5", "X0", "a2"],
        ),
    ];
    for (outcome, codes) in table {
        for code in codes {
            assert_eq!(Outcome::of_category(code), outcome, "{code}");
        }
    }
}

#[test]
fn what_is_stated_may_not_contradict_the_code() {
    use Outcome as O;
    let file = |code, stated| outcome(Source::X277, code, stated);
    let portal = |code, stated| outcome(Source::Portal, code, stated);
    assert_eq!(file("A3", None), Ok(O::Rejected));
    assert_eq!(file("A3", Some(O::Rejected)), Ok(O::Rejected));
    assert_eq!(file("F3", Some(O::FinalizedPaid)), Ok(O::FinalizedPaid));
    assert_eq!(portal("", Some(O::Pending)), Ok(O::Pending));
    assert_eq!(portal("P1", None), Ok(O::Pending));
    assert_eq!(portal("Z9", Some(O::DocumentsWanted)), Ok(O::DocumentsWanted));
    for (judged, said) in [
        (file("A3", Some(O::Accepted)), "category code A3 means REJECTED"),
        (file("Z9", Some(O::Pending)), "category code Z9 means UNKNOWN"),
        (portal("F2", Some(O::FinalizedPaid)), "category code F2 means FINALIZED_DENIED"),
        (portal("P1", Some(O::Unknown)), "category code P1 means PENDING"),
        (file("F1", Some(O::Finalized)), "category code F1 means FINALIZED_PAID"),
        (portal("", None), "is required"),
    ] {
        let found = judged.unwrap_err();
        assert_eq!(found.field, "outcome");
        assert!(found.words.contains(said), "{}", found.words);
    }
}

#[test]
fn a_status_wakes_answers_or_is_told() {
    let payer = waiting(WaitingFor::Payer);
    let act = |outcome, kind, action: NextAction, state: &State| {
        effect(outcome, kind, action.as_str(), state)
    };
    use NextAction as A;
    use WorkKind as K;
    for (outcome, kind, action, state, done) in [
        (Outcome::DocumentsWanted, K::Denial, A::Appeal, payer, Effect::Woken),
        (
            Outcome::DocumentsWanted,
            K::Denial,
            A::Appeal,
            waiting(WaitingFor::Documents),
            Effect::Woken,
        ),
        (
            Outcome::DocumentsWanted,
            K::Denial,
            A::Appeal,
            waiting(WaitingFor::Clarification),
            Effect::Told,
        ),
        (Outcome::DocumentsWanted, K::Denial, A::Appeal, State::Open(None), Effect::Told),
        (Outcome::Pending, K::Denial, A::Appeal, payer, Effect::Told),
        (Outcome::FinalizedPaid, K::Denial, A::Appeal, payer, Effect::Told),
        (Outcome::Rejected, K::Rejection, A::NewClaim, payer, Effect::Woken),
        (Outcome::Rejected, K::Denial, A::Appeal, payer, Effect::Told),
        (Outcome::Accepted, K::ClaimStatus, A::PayerInquiry, State::Open(None), Effect::Done),
        (Outcome::Pending, K::ClaimStatus, A::PayerInquiry, payer, Effect::Done),
        (Outcome::Unknown, K::ClaimStatus, A::PayerInquiry, State::Open(None), Effect::Told),
        (Outcome::Accepted, K::ClaimStatus, A::SendDocuments, State::Open(None), Effect::Told),
        (Outcome::DocumentsWanted, K::ClaimStatus, A::SendDocuments, payer, Effect::Woken),
        (Outcome::Finalized, K::ClaimStatus, A::SendDocuments, payer, Effect::Done),
    ] {
        assert_eq!(act(outcome, kind, action, &state), done, "{outcome} {kind} {action}");
    }
}

#[test]
fn work_is_opened_once() {
    let item = |kind, waits| Left { kind, waits };
    let (held, waits) = (item(WorkKind::Denial, false), item(WorkKind::Denial, true));
    let rejection = item(WorkKind::Rejection, true);
    for (outcome, left, asked, opened) in [
        (Outcome::Rejected, vec![held], false, Some(Opens::Rejection)),
        (Outcome::Rejected, vec![rejection], false, None),
        (Outcome::DocumentsWanted, vec![], false, Some(Opens::Documents)),
        (Outcome::DocumentsWanted, vec![waits], false, Some(Opens::Documents)),
        (Outcome::DocumentsWanted, vec![rejection], false, Some(Opens::Documents)),
        (Outcome::DocumentsWanted, vec![waits, held], false, None),
        (Outcome::Unknown, vec![held], false, Some(Opens::Meaning)),
        (Outcome::Unknown, vec![], true, None),
        (Outcome::Pending, vec![], false, None),
        (Outcome::FinalizedDenied, vec![], false, None),
    ] {
        assert_eq!(opens(outcome, &left, asked), opened, "{outcome} {left:?}");
    }
}

#[test]
fn a_payer_is_silent_after_its_usual_time_and_not_before() {
    let since = Utc.with_ymd_and_hms(2026, 6, 15, 12, 0, 0).unwrap();
    for (expected, days) in [(0, 30), (45, 45), (1, 1)] {
        let past = since + TimeDelta::days(days);
        assert!(is_silent(since, expected, past));
        assert!(!is_silent(since, expected, past - TimeDelta::seconds(1)));
    }
    assert!(!is_silent(since, u32::MAX, since));
}

#[test]
fn who_was_asked_and_said_nothing_is_followed_up() {
    let asked = Utc.with_ymd_and_hms(2026, 6, 15, 12, 0, 0).unwrap();
    let later = asked + TimeDelta::days(1);
    assert_eq!(after_silence(None, Some(asked)), Opens::Inquiry);
    assert_eq!(after_silence(Some(asked), Some(later)), Opens::Inquiry);
    assert_eq!(after_silence(Some(later), Some(asked)), Opens::FollowUp);
    assert_eq!(after_silence(Some(asked), None), Opens::FollowUp);
}

proptest! {
    #[test]
    fn any_code_has_a_meaning_and_what_is_not_coded_is_what_is_stated(
        code in "[A-Z][0-9A-Z]{1,2}",
        source in select(Source::ALL),
        stated in select(Outcome::ALL),
    ) {
        let coded = Outcome::of_category(&code);
        prop_assert_eq!(outcome(source, &code, None), Ok(coded));
        prop_assert_eq!(outcome(source, "", Some(stated)), Ok(stated));
        // Whatever is accepted says no less than the code and nothing else.
        if let Ok(accepted) = outcome(source, &code, Some(stated)) {
            let open = coded == Outcome::Unknown && !source.is_file();
            let finer = coded == Outcome::Finalized && accepted.is_finalized();
            prop_assert!(accepted == coded || open || finer);
            prop_assert_eq!(accepted, stated);
        }
    }

    #[test]
    fn nothing_but_a_check_is_ended_and_nothing_but_a_waiting_item_woken(
        outcome in select(Outcome::ALL),
        kind in select(WorkKind::ALL),
        action in select(NextAction::ALL),
        waits in any::<bool>(),
    ) {
        let state = if waits { waiting(WaitingFor::Payer) } else { State::Open(None) };
        match effect(outcome, kind, action.as_str(), &state) {
            Effect::Done => {
                let followed_up = kind == WorkKind::ArFollowUp && outcome.is_finalized();
                prop_assert!(followed_up || kind == WorkKind::ClaimStatus);
            }
            Effect::Woken => prop_assert!(waits),
            Effect::Told => {}
        }
    }
}
