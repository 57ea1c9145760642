use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn user(number: u128) -> UserId {
    UserId(Uuid::from_u128(number))
}

fn stated(kind: ResolutionKind) -> Stated<'static> {
    Stated {
        kind,
        recovered: Cents::ZERO,
        written_off: Cents::ZERO,
        corrected_claim_number: "",
        write_off_code: "",
        reason: "",
        by: user(1),
    }
}

fn known() -> Known<'static> {
    Known {
        work: WorkKind::Denial,
        at_stake: Cents::new(100_000),
        groups: &[Group::CO],
        appeal: Appealing::Open,
        write_off_limit: Cents::new(50_000),
        approval: None,
    }
}

fn at_fault(stated: &Stated<'_>, known: &Known<'_>) -> Vec<&'static str> {
    match check(stated, known) {
        Err(Refusal::Invalid(found)) => found.iter().map(|violation| violation.field).collect(),
        Ok(_) => Vec::new(),
        Err(other) => vec![other.reason()],
    }
}

fn words(stated: &Stated<'_>, known: &Known<'_>) -> String {
    check(stated, known).expect_err("the end is refused").to_string()
}

#[test]
fn a_corrected_or_new_claim_has_a_number() {
    for kind in [ResolutionKind::Correction, ResolutionKind::Resubmission] {
        assert_eq!(at_fault(&stated(kind), &known()), ["corrected_claim_number"]);
        let long = "9".repeat(51);
        let bad = Stated { corrected_claim_number: &long, ..stated(kind) };
        assert_eq!(at_fault(&bad, &known()), ["corrected_claim_number"]);
        let good = Stated { corrected_claim_number: "C-1", ..stated(kind) };
        assert_eq!(check(&good, &known()).unwrap().left, Cents::new(100_000));
    }
}

#[test]
fn an_adjustment_gives_all_of_the_rest_up_under_a_code() {
    let nothing = stated(ResolutionKind::Adjustment);
    assert_eq!(at_fault(&nothing, &known()), ["write_off_code", "written_off"]);
    let part = Stated {
        recovered: Cents::new(60_000),
        written_off: Cents::new(30_000),
        write_off_code: "WO1",
        ..nothing
    };
    assert_eq!(
        words(&part, &known()),
        "written_off is $300.00, which leaves $100.00 of $1,000.00 neither back nor written off: \
         write off the rest too, or end the item another way"
    );
    let all = Stated { written_off: Cents::new(40_000), ..part };
    let accepted = check(&all, &known()).unwrap();
    assert_eq!(accepted, Accepted { left: Cents::ZERO, approved_by: None });
    let more = Stated { written_off: Cents::new(40_001), ..part };
    assert_eq!(
        words(&more, &known()),
        "written_off is $400.01, and of $1,000.00 at stake $600.00 came back: at most $400.00 is \
         left to write off"
    );
}

#[test]
fn another_person_agrees_to_what_is_above_the_limit() {
    let all = Stated {
        written_off: Cents::new(100_000),
        write_off_code: "WO1",
        ..stated(ResolutionKind::Adjustment)
    };
    let approval = |by, up_to| Approval {
        by: user(by),
        up_to: Cents::new(up_to),
        reason: "agreed".to_owned(),
        at: DateTime::UNIX_EPOCH,
    };
    let with = |approval: &Approval| check(&all, &Known { approval: Some(approval), ..known() });
    assert_eq!(check(&all, &known()).unwrap_err().reason(), "APPROVAL_NEEDED");
    assert!(matches!(with(&approval(1, 100_000)), Err(Refusal::OwnApproval { .. })));
    assert!(matches!(with(&approval(2, 99_999)), Err(Refusal::ApprovalTooLow { .. })));
    assert_eq!(with(&approval(2, 100_000)).unwrap().approved_by, Some(user(2)));
    let limit = Known { write_off_limit: Cents::new(100_000), ..known() };
    assert_eq!(check(&all, &limit).unwrap().approved_by, None, "up to the limit nobody must");
}

#[test]
fn an_appeal_needs_something_to_appeal() {
    let appeal = stated(ResolutionKind::Appeal);
    assert!(check(&appeal, &known()).is_ok());
    assert!(check(&appeal, &Known { appeal: Appealing::OnRecord, ..known() }).is_ok());
    assert_eq!(at_fault(&appeal, &Known { appeal: Appealing::Closed, ..known() }), ["kind"]);
    let rejection = Known { work: WorkKind::Rejection, appeal: Appealing::OnRecord, ..known() };
    assert!(words(&appeal, &rejection).contains("nothing to appeal"));
}

#[test]
fn a_patient_is_billed_for_pr_or_for_a_reason() {
    let bill = stated(ResolutionKind::PatientBill);
    assert_eq!(
        words(&bill, &known()),
        "reason is required: group CO does not say that the patient owes it, only PR does"
    );
    assert!(check(&bill, &Known { groups: &[Group::PR], ..known() }).is_ok());
    assert_eq!(at_fault(&bill, &Known { groups: &[], ..known() }), ["reason"]);
    let both = Known { groups: &[Group::PR, Group::OA], ..known() };
    assert_eq!(at_fault(&bill, &both), ["reason"]);
    let signed = Stated { reason: "a valid ABN is on file", ..bill };
    assert!(check(&signed, &known()).is_ok());
}

#[test]
fn every_fault_is_named_at_once() {
    let bad = Stated {
        kind: ResolutionKind::Appeal,
        recovered: Cents::new(200_000),
        written_off: Cents::new(10),
        corrected_claim_number: "a\nb",
        reason: "bell\u{7}",
        ..stated(ResolutionKind::Appeal)
    };
    let rejection = Known { work: WorkKind::Rejection, ..known() };
    assert_eq!(
        at_fault(&bad, &rejection),
        ["kind", "recovered", "corrected_claim_number", "write_off_code", "reason"]
    );
    let negative = Stated { recovered: Cents::new(-1), ..stated(ResolutionKind::Closed) };
    assert!(at_fault(&negative, &known()).contains(&"recovered"));
}

#[test]
fn what_keeps_money_alive_gives_none_up_and_a_remainder_has_a_reason() {
    let escalated = Stated {
        written_off: Cents::new(1),
        write_off_code: "WO1",
        reason: "to the director",
        ..stated(ResolutionKind::Escalation)
    };
    assert_eq!(at_fault(&escalated, &known()), ["written_off"]);
    assert_eq!(at_fault(&stated(ResolutionKind::Escalation), &known()), ["reason"]);
    let closed = stated(ResolutionKind::Closed);
    assert_eq!(at_fault(&closed, &known()), ["reason"]);
    assert!(check(&closed, &Known { at_stake: Cents::ZERO, ..known() }).is_ok());
    let coded = Stated { write_off_code: "WO1", ..stated(ResolutionKind::OtherPayer) };
    assert_eq!(at_fault(&coded, &known()), ["write_off_code"]);
}

#[test]
fn an_end_is_undone_within_a_week_with_a_reason() {
    let ended: DateTime<Utc> = "2026-03-02T12:00:00Z".parse().unwrap();
    let at = |hours| ended + chrono::TimeDelta::hours(hours);
    assert_eq!(undo(Standing::Latest, ended, "wrong item", at(7 * 24)), Ok(()));
    assert_eq!(undo(Standing::Latest, ended, "wrong item", at(-1)), Ok(()), "the clock moved back");
    let late = undo(Standing::Latest, ended, "wrong item", at(7 * 24 + 1)).unwrap_err();
    assert_eq!(late.reason(), "UNDO_WINDOW_CLOSED");
    assert!(late.to_string().contains("reopen"));
    assert_eq!(undo(Standing::Latest, ended, "", at(1)).unwrap_err().reason(), "INVALID");
    for standing in [Standing::Undone, Standing::Overtaken] {
        assert_eq!(undo(standing, ended, "so", at(1)).unwrap_err().reason(), "INVALID_TRANSITION");
    }
}

proptest! {
    #[test]
    fn money_of_an_accepted_end_adds_up(
        kind in prop::sample::select(ResolutionKind::ALL),
        recovered in -10..200_000_i64,
        written_off in -10..200_000_i64,
        at_stake in 0..150_000_i64,
        limit in 0..200_000_i64,
        code in prop::sample::select(vec!["", "WO1"]),
    ) {
        let stated = Stated {
            recovered: Cents::new(recovered),
            written_off: Cents::new(written_off),
            write_off_code: code,
            corrected_claim_number: "C-1",
            reason: "because",
            ..stated(kind)
        };
        let known = Known {
            at_stake: Cents::new(at_stake), write_off_limit: Cents::new(limit), ..known()
        };
        if let Ok(accepted) = check(&stated, &known) {
            prop_assert_eq!(accepted.left.as_i64(), at_stake - recovered - written_off);
            prop_assert!(recovered >= 0 && written_off >= 0);
            prop_assert!(written_off == 0 || !code.is_empty());
            prop_assert!(written_off <= limit, "nobody approved it");
        }
    }

    #[test]
    fn no_amount_overflows(a in any::<i64>(), b in any::<i64>(), c in any::<i64>()) {
        let stated = Stated {
            recovered: Cents::new(a), written_off: Cents::new(b), ..stated(ResolutionKind::Closed)
        };
        let known = Known { at_stake: Cents::new(c), ..known() };
        let _ = check(&stated, &known);
    }
}

#[test]
fn money_says_what_an_end_makes_of_the_denials() {
    use ResolutionKind as Kind;
    let settled = |kind, recovered, written_off| {
        let stated = Stated {
            recovered: Cents::new(recovered),
            written_off: Cents::new(written_off),
            corrected_claim_number: "C-1",
            write_off_code: if written_off > 0 { "WO" } else { "" },
            reason: "as agreed",
            ..stated(kind)
        };
        let limit = Cents::new(100_000);
        let accepted = check(&stated, &Known { write_off_limit: limit, ..known() });
        settles(&stated, &accepted.unwrap())
    };
    for kind in [Kind::Correction, Kind::Appeal, Kind::Resubmission, Kind::Closed] {
        assert_eq!(settled(kind, 100_000, 0), Some(Settled::Overturned), "{kind}");
        assert_eq!(settled(kind, 99_999, 0), Some(Settled::PartiallyOverturned), "{kind}");
        assert_eq!(settled(kind, 60_000, 40_000), Some(Settled::PartiallyOverturned), "{kind}");
        assert_eq!(settled(kind, 0, 100_000), Some(Settled::Closed), "{kind}");
    }
    assert_eq!(settled(Kind::Adjustment, 0, 100_000), Some(Settled::Closed));
    for kind in [Kind::Appeal, Kind::PatientBill, Kind::OtherPayer, Kind::Closed] {
        assert_eq!(settled(kind, 0, 0), Some(Settled::Closed), "{kind} needs no answer");
    }
    for kind in [Kind::Correction, Kind::Resubmission, Kind::Escalation] {
        assert_eq!(settled(kind, 0, 0), None, "the answer to {kind} is still to come");
    }
    assert_eq!(settled(Kind::Correction, 0, 10_000), None, "the rest is still to come");
}
