use super::super::selector::{RarcMatch, Selector};
use super::super::tests::samples::{carc, compiled, entry, rarc, rarcs, slug};
use super::super::{Bundle, Entry};
use super::*;
use crate::starter;

fn base() -> Compiled {
    Compiled::new(&starter::bundle()).unwrap()
}

fn decided<'c>(compiled: &'c Compiled, group: Group, code: &str, remarks: &[&str]) -> Decision<'c> {
    compiled.decide(&Facts::of_codes(group, carc(code), &rarcs(remarks)))
}

fn fifty(next_action: NextAction, category: Category) -> Entry {
    let matches = Match { carc: Selector::Exact(carc("50")), ..Match::default() };
    let mut fifty = entry("fifty", matches);
    fifty.meaning.next_action = next_action;
    fifty.meaning.category = category;
    fifty
}

#[test]
fn the_group_decides_not_the_reason_code_alone() {
    let base = base();
    let provider = decided(&base, Group::CO, "50", &[]);
    let patient = decided(&base, Group::PR, "50", &[]);
    assert_eq!(provider.next_action, NextAction::Appeal);
    assert_eq!(patient.next_action, NextAction::PatientBill);
    assert_eq!(patient.record_class(), Some(RecordClass::Denial));
}

#[test]
fn eligibility_and_coordination_keep_their_action_when_the_patient_is_liable() {
    let base = base();
    for (code, action) in [("22", NextAction::RebillOtherPayer), ("27", NextAction::CorrectedClaim)]
    {
        assert_eq!(decided(&base, Group::PR, code, &[]).next_action, action, "{code}");
        assert_eq!(decided(&base, Group::CO, code, &[]).next_action, action, "{code}");
    }
}

#[test]
fn an_unprocessable_claim_becomes_a_new_claim_without_appeal() {
    let base = base();
    let decision = decided(&base, Group::CO, "16", &["MA130", "N290", "MA01"]);
    assert_eq!(decision.next_action, NextAction::NewClaim);
    assert_eq!(decision.appealable, Likelihood::No);
    assert_eq!(decision.overridden_by.unwrap().rarc, rarc("MA130"));
    assert!(decision.is_open(Path::OriginalFiling));
    assert!(decision.paths().all(|path| !path.is_appeal()));
}

#[test]
fn each_hard_stop_ends_the_appeal() {
    let base = base();
    let stops = [
        ("MA130", NextAction::NewClaim),
        ("N704", NextAction::CorrectedClaim),
        ("N211", NextAction::Close),
        ("MA44", NextAction::Close),
        ("N83", NextAction::Close),
        ("N111", NextAction::Close),
        ("N921", NextAction::WriteOff),
        ("N368", NextAction::ExceptionReview),
    ];
    for (remark, action) in stops {
        let decision = decided(&base, Group::CO, "50", &[remark]);
        assert_eq!(decision.next_action, action, "{remark}");
        assert_eq!(decision.appealable, Likelihood::No, "{remark}");
        assert!(decision.paths().all(|path| !path.is_appeal()), "{remark}");
    }
}

#[test]
fn a_duplicate_may_still_dispute_that_it_is_one() {
    let duplicate = compiled(vec![fifty(NextAction::Appeal, Category::Duplicate)]);
    let decision = decided(&duplicate, Group::OA, "50", &["N111"]);
    assert_eq!(decision.next_action, NextAction::Appeal);
    assert_eq!(decision.appealable, Likelihood::Yes);
}

#[test]
fn remarks_name_the_next_step_of_work_that_is_open() {
    let base = base();
    assert_eq!(decided(&base, Group::CO, "50", &["N886"]).next_action, NextAction::SendDocuments);
    assert_eq!(decided(&base, Group::CO, "16", &["N938"]).next_action, NextAction::Wait);
    assert_eq!(decided(&base, Group::CO, "22", &["MA18"]).next_action, NextAction::Wait);
    let peer = decided(&base, Group::CO, "11", &["N939"]);
    assert!(peer.is_open(Path::PeerToPeer));
    assert!(!decided(&base, Group::CO, "11", &[]).is_open(Path::PeerToPeer));
    assert!(decided(&base, Group::CO, "50", &["N876"]).is_open(Path::OpenNegotiation));
}

#[test]
fn remarks_do_not_turn_contractual_or_patient_shares_into_work() {
    let base = base();
    for (group, code) in [(Group::CO, "45"), (Group::PR, "1"), (Group::OA, "23")] {
        let bare = decided(&base, group, code, &[]);
        let marked = decided(&base, group, code, &["MA130", "N886"]);
        assert_eq!(bare.next_action, marked.next_action, "{code}");
        assert_eq!(marked.overridden_by, None, "{code}");
    }
}

#[test]
fn an_alert_without_effect_changes_nothing() {
    let base = base();
    let bare = decided(&base, Group::CO, "50", &[]);
    let alerted = decided(&base, Group::CO, "50", &["M16", "M4"]);
    assert!(alerted.effects.is_empty());
    assert_eq!(bare.entry().unwrap().slug, alerted.entry().unwrap().slug);
    assert_eq!(bare.next_action, alerted.next_action);
}

#[test]
fn the_strongest_remark_speaks_in_any_order() {
    let base = base();
    for remarks in [["N211", "N704"], ["N704", "N211"]] {
        let decision = decided(&base, Group::CO, "50", &remarks);
        assert_eq!(decision.next_action, NextAction::CorrectedClaim);
        assert_eq!(decision.overridden_by.unwrap().rarc, rarc("N704"));
    }
}

#[test]
fn an_entry_that_names_a_remark_was_written_with_it_in_view() {
    let plain = fifty(NextAction::Appeal, Category::MedicalNecessity);
    let mut named = plain.clone();
    named.slug = slug("fifty-asked");
    named.matches.rarc = RarcMatch { all: rarcs(&["N886"]), ..RarcMatch::default() };
    let compiled = compiled(vec![plain, named]);
    let decision = decided(&compiled, Group::CO, "50", &["N886"]);
    assert_eq!(decision.entry().unwrap().slug, slug("fifty-asked"));
    assert_eq!(decision.next_action, NextAction::Appeal);
}

#[test]
fn what_no_entry_speaks_for_is_an_exception_with_an_owner() {
    let compiled = compiled(vec![Entry {
        matches: Match {
            carc: Selector::Exact(carc("50")),
            group: Selector::Exact(Group::CO),
            ..Match::default()
        },
        ..fifty(NextAction::Appeal, Category::MedicalNecessity)
    }]);
    let cases = [
        (Group::CO, "999", Unmapped::UnknownCode),
        (Group::PI, "50", Unmapped::UnmappedCombination),
        (Group::CR, "50", Unmapped::CorrectionGroup),
        (Group::from_raw("DE"), "50", Unmapped::UnknownGroup),
    ];
    for (group, code, unmapped) in cases {
        let decision = decided(&compiled, group, code, &[]);
        assert_eq!(decision.outcome.err(), Some(unmapped));
        assert_eq!(decision.next_action, NextAction::ExceptionReview);
        assert_eq!(decision.team.slug, "exceptions");
        assert!(!decision.action_words().is_empty());
        assert_eq!(decision.paths().count(), 0);
    }
}

#[test]
fn paths_carry_the_deadline_rules_their_entry_names() {
    let bundle = starter::bundle();
    let appeals =
        bundle.deadline_rules.iter().find(|rule| rule.path == Path::AppealLevel1).unwrap();
    let mut fifty = fifty(NextAction::Appeal, Category::MedicalNecessity);
    fifty.meaning.paths = vec![super::super::entry::PathRules {
        path: Path::AppealLevel1,
        rules: vec![slug(&appeals.slug)],
    }];
    let compiled = Compiled::new(&Bundle { entries: vec![fifty], ..bundle.clone() }).unwrap();
    let wanted = decided(&compiled, Group::CO, "50", &["N939"]).wanted();
    assert_eq!(
        wanted,
        [Wanted::any(Path::PeerToPeer), Wanted::named(Path::AppealLevel1, [appeals.slug.as_str()])]
    );
}

#[test]
fn a_remark_that_overrides_speaks_for_the_step_and_for_what_it_needs() {
    let base = base();
    let bare = decided(&base, Group::CO, "50", &[]);
    assert!(!bare.evidence().is_empty() && bare.expected_overturn().as_u32() > 0);
    for remark in ["N211", "MA44", "N111", "N938", "N921"] {
        let stopped = decided(&base, Group::CO, "50", &[remark]);
        assert!(!stopped.action_words().contains("peer-to-peer"), "{remark}");
        assert_ne!(stopped.action_words(), bare.action_words(), "{remark}");
        assert!(stopped.evidence().is_empty(), "{remark}");
        assert_eq!(stopped.expected_overturn().as_u32(), 0, "{remark}");
    }
    let forwarded = decided(&base, Group::CO, "22", &["MA18"]);
    assert!(forwarded.action_words().starts_with("Wait"), "{}", forwarded.action_words());
    let documents = decided(&base, Group::CO, "50", &["N886"]);
    assert!(!documents.evidence().is_empty(), "the payer asks for the records themselves");
}

#[test]
fn what_bars_an_appeal_bars_the_talk_between_physicians() {
    let base = base();
    assert!(decided(&base, Group::CO, "50", &[]).is_open(Path::PeerToPeer));
    assert!(!decided(&base, Group::CO, "50", &["N211"]).is_open(Path::PeerToPeer));
    assert!(decided(&base, Group::CO, "50", &["N211", "N939"]).is_open(Path::PeerToPeer));
}

#[test]
fn a_claim_that_must_be_sent_again_is_not_reopened() {
    let base = base();
    assert!(decided(&base, Group::CO, "16", &[]).is_open(Path::Reopening));
    let unprocessable = decided(&base, Group::CO, "16", &["MA130"]);
    assert_eq!(unprocessable.paths().collect::<Vec<_>>(), [Path::OriginalFiling]);
    let corrected = decided(&base, Group::CO, "16", &["N704"]);
    assert_eq!(corrected.paths().collect::<Vec<_>>(), [Path::CorrectedClaim]);
}

#[test]
fn a_claim_for_the_payer_is_not_the_work_of_patient_billing() {
    let base = base();
    let collected = decided(&base, Group::PR, "50", &[]);
    assert_eq!(collected.owner_function, OwnerFunction::PatientBilling);
    let unprocessable = decided(&base, Group::PR, "50", &["MA130"]);
    assert_eq!(unprocessable.next_action, NextAction::NewClaim);
    assert_eq!(unprocessable.owner_function, OwnerFunction::Billing);
    assert_eq!(unprocessable.team.slug, base.team(OwnerFunction::Billing, Place::default()).slug);
}
