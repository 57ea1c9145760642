//! The auditor is trusted with ten thousand histories; here it is shown that it finds things.

use super::auditor::{Entry, Fault, Told, audit};
use super::*;

/// A tape under construction; every entry an hour after the one before.
struct Tape(Vec<Entry>);

impl Tape {
    /// Change 1 of author 9, which 8 edited to revision 2 in the entries, before the committee.
    fn submitted() -> Self {
        let (change, author, base) = (change(1), user(9), hash(1));
        let (by, content, sections) = (user(8), hash(2), [ENTRIES].into());
        Self(Vec::new())
            .with(Told::Board(board()))
            .with(Told::Opened { change, author, base })
            .with(Told::Edited { change, by, content, sections })
            .with(Told::Submitted(change))
    }

    fn with(mut self, told: Told) -> Self {
        let at = hour(self.0.len() as i64);
        self.0.push(Entry { at, told });
        self
    }

    fn checked(self, kind: CheckKind, passed: bool) -> Self {
        let (base, result_hash, finished_at) = (hash(1), hash(2), hour(0));
        let check = Check { kind, base, result_hash, passed, short_history: false, finished_at };
        self.with(Told::Checked(change(1), check))
    }

    fn proven(self) -> Self {
        self.checked(CheckKind::Verify, true).checked(CheckKind::Replay, true)
    }

    fn voted(self, by: u128, seat: &str, verdict: Verdict) -> Self {
        self.with(Told::Voted(change(1), vote(&in_review(), by, seat, verdict)))
    }

    fn agreed(self, by: u128, seat: &str) -> Self {
        self.voted(by, seat, Verdict::Approve)
    }

    fn activated(self) -> Self {
        self.with(Told::Activated(change(1))).active(2)
    }

    fn active(self, revision: u8) -> Self {
        self.with(Told::Active(hash(revision)))
    }

    /// In emergency by 3, for so many hours.
    fn forced(self, hours: i64) -> Self {
        let until = hour(self.0.len() as i64 + hours);
        self.with(Told::Forced { change: change(1), by: user(3), until }).active(2)
    }

    fn faults(&self) -> Vec<Fault> {
        audit(&self.0)
    }

    /// The tape without its entry at a place.
    fn without(mut self, at: usize) -> Self {
        self.0.remove(at);
        self
    }
}

fn lawful() -> Tape {
    Tape::submitted().proven().agreed(1, CODING).agreed(3, FINANCE).active(1).activated()
}

/// A tape whose votes are these.
fn voted(votes: &[(u128, &str, Verdict)]) -> Vec<Fault> {
    let tape = Tape::submitted().proven();
    let cast =
        |tape: Tape, (by, seat, verdict): &(u128, &str, Verdict)| tape.voted(*by, seat, *verdict);
    votes.iter().fold(tape, cast).activated().faults()
}

#[test]
fn what_is_lawful_has_no_fault() {
    assert_eq!(lawful().faults(), []);
    let (yes, out) = (Verdict::Approve, Verdict::Recuse);
    assert_eq!(voted(&[(1, CODING, out), (11, CODING, yes), (3, FINANCE, yes)]), []);
    let ratified = Tape::submitted().forced(24).proven().agreed(1, CODING).agreed(2, COMPLIANCE);
    let ratified = ratified.with(Told::Ratified(change(1))).active(2);
    assert_eq!(ratified.faults(), []);
    let ended = Tape::submitted().forced(2).active(1).with(Told::Reverted(change(1))).active(1);
    assert_eq!(ended.faults(), []);
}

#[test]
fn every_step_of_a_lawful_tape_is_needed() {
    let unsubmitted = lawful().without(3).faults();
    assert_eq!(unsubmitted, [Fault::NotSubmitted]);
    for check in [4, 5] {
        let faults = lawful().without(check).faults();
        assert!(faults.contains(&Fault::Unchecked), "{faults:?}");
    }
    let without_coding = lawful().without(6).faults();
    assert_eq!(without_coding, [Fault::SeatDidNotAgree, Fault::TooFewPeople]);
    assert_eq!(lawful().without(7).faults(), [Fault::TooFewPeople]);
    assert_eq!(lawful().without(9).faults(), [Fault::NotWhatIsLawful]);
}

#[test]
fn votes_that_do_not_count_are_found() {
    let (yes, no, out) = (Verdict::Approve, Verdict::Decline, Verdict::Recuse);
    let few = [Fault::TooFewPeople];
    assert_eq!(voted(&[(1, CODING, yes), (2, FINANCE, yes)]), few, "not their seat");
    assert_eq!(voted(&[(1, CODING, yes), (11, CODING, out), (11, CODING, yes)]), few);
    let coding = voted(&[(1, CODING, out), (1, CODING, yes), (3, FINANCE, yes)]);
    assert_eq!(coding, [Fault::SeatDidNotAgree, Fault::TooFewPeople]);
    let declined = voted(&[(1, CODING, yes), (3, FINANCE, yes), (2, COMPLIANCE, no)]);
    assert_eq!(declined, [Fault::Declined]);
}

#[test]
fn votes_of_author_and_editors_are_found() {
    for (author, editor) in [(3, 8), (9, 3)] {
        let mut tape = lawful();
        tape.0[1].told = Told::Opened { change: change(1), author: user(author), base: hash(1) };
        let sections = [ENTRIES].into();
        let by = user(editor);
        tape.0[2].told = Told::Edited { change: change(1), by, content: hash(2), sections };
        assert_eq!(tape.faults(), [Fault::TooFewPeople]);
    }
}

#[test]
fn one_person_on_two_seats_is_found() {
    let mut tape = lawful();
    let mut committee = board();
    committee.seats[2].holder = Some(user(1));
    tape.0[0].told = Told::Board(committee);
    tape.0[7].told = Told::Voted(change(1), vote(&in_review(), 1, FINANCE, Verdict::Approve));
    assert_eq!(tape.faults(), [Fault::TooFewPeople]);
}

#[test]
fn a_seat_out_of_its_term_is_found() {
    let mut tape = lawful();
    let mut committee = board();
    committee.seats[0].ends_on = hour(-24).date_naive().into();
    tape.0[0].told = Told::Board(committee);
    assert_eq!(tape.faults(), [Fault::SeatDidNotAgree, Fault::TooFewPeople]);
}

#[test]
fn an_edit_after_approval_is_found() {
    let (by, content, sections) = (user(8), hash(3), [ENTRIES].into());
    let tape = Tape::submitted().proven().agreed(1, CODING).agreed(3, FINANCE);
    let tape = tape.with(Told::Edited { change: change(1), by, content, sections });
    let faults = tape.with(Told::Activated(change(1))).active(3).faults();
    for fault in [Fault::TooFewPeople, Fault::Unchecked, Fault::NotSubmitted] {
        assert!(faults.contains(&fault), "{faults:?}");
    }
}

#[test]
fn a_failed_check_is_found_before_the_votes_and_after_them() {
    let before = Tape::submitted().proven().checked(CheckKind::Replay, false);
    let before = before.agreed(1, CODING).agreed(3, FINANCE);
    let mended = before.checked(CheckKind::Replay, true).activated();
    assert_eq!(mended.faults(), [Fault::SeatDidNotAgree, Fault::TooFewPeople]);
    let after = Tape::submitted().proven().agreed(1, CODING).agreed(3, FINANCE);
    let after = after.checked(CheckKind::Verify, false).activated();
    assert_eq!(after.faults(), [Fault::Unchecked]);
}

#[test]
fn a_moved_base_a_second_time_and_an_early_hour_are_found() {
    assert_eq!(lawful().activated().faults(), [Fault::OnAnotherBase]);
    let mut tape = lawful();
    let entry = Entry { at: hour(8), told: Told::Scheduled(change(1), hour(30)) };
    tape.0.insert(8, entry);
    assert_eq!(tape.faults(), [Fault::BeforeItsTime]);
    let mut tape = lawful();
    tape.0.insert(8, Entry { at: hour(8), told: Told::Withdrawn(change(1)) });
    assert_eq!(tape.faults(), [Fault::Withdrawn]);
}

#[test]
fn a_rebase_that_changed_more_than_the_base_is_found() {
    let onto_5 = |unchanged, touched_by_both| {
        let rerun = |kind| {
            let (base, result_hash, finished_at) = (hash(5), hash(6), hour(0));
            Rerun {
                check: Check {
                    kind,
                    base,
                    result_hash,
                    passed: true,
                    short_history: false,
                    finished_at,
                },
                unchanged,
            }
        };
        let reruns = [CheckKind::Verify, CheckKind::Replay].map(rerun);
        let rebase = Rebase {
            onto: hash(5),
            result_hash: hash(6),
            sections: [ENTRIES].into(),
            touched_by_both,
            reruns: reruns.to_vec(),
        };
        let tape = Tape::submitted().proven().agreed(1, CODING).agreed(3, FINANCE);
        let tape = reruns
            .iter()
            .fold(tape, |tape, rerun| tape.with(Told::Checked(change(1), rerun.check)));
        tape.with(Told::Rebased(change(1), rebase)).with(Told::Approved(change(1))).faults()
    };
    assert_eq!(onto_5(true, false), []);
    assert_eq!(onto_5(false, false), [Fault::SeatDidNotAgree, Fault::TooFewPeople]);
    assert!(onto_5(true, true).contains(&Fault::SeatDidNotAgree));
}

#[test]
fn an_emergency_that_stays_is_found() {
    assert_eq!(Tape::submitted().forced(2).active(2).faults(), [Fault::NotWhatIsLawful]);
    assert_eq!(Tape::submitted().forced(73).faults(), [Fault::TooLong]);
    let unratified = Tape::submitted().forced(24).with(Told::Ratified(change(1)));
    assert!(unratified.faults().contains(&Fault::TooFewPeople));
    let own = Tape::submitted().forced(24).proven().agreed(1, CODING).agreed(3, FINANCE);
    let own = own.with(Told::Ratified(change(1)));
    assert_eq!(own.faults(), [Fault::TooFewPeople]);
    let late = Tape::submitted().forced(4).proven().agreed(1, CODING).agreed(2, COMPLIANCE);
    let late = late.with(Told::Ratified(change(1)));
    assert_eq!(late.faults(), [Fault::NotRunning]);
    let early = Tape::submitted().forced(24).with(Told::Reverted(change(1)));
    assert_eq!(early.faults(), [Fault::TooSoon]);
}

#[test]
fn an_emergency_after_one_that_nobody_ratified_is_found() {
    let again = |hours: i64, by| {
        let mut tape = Tape::submitted().forced(2).active(1).with(Told::Reverted(change(1)));
        let (author, base) = (user(9), hash(1));
        let edit =
            |sections| Told::Edited { change: change(2), by: user(8), content: hash(3), sections };
        tape = tape.with(Told::Opened { change: change(2), author, base });
        tape = tape.with(edit([ENTRIES].into()));
        let told = Told::Forced { change: change(2), by: user(by), until: hour(hours + 2) };
        tape.0.push(Entry { at: hour(hours), told });
        tape.faults()
    };
    // It began with hour 4 and ended with hour 6.
    assert_eq!(again(6 + 30 * 24 - 1, 3), [Fault::Paused]);
    assert_eq!(again(6 + 30 * 24, 3), []);
    assert_eq!(again(30, 1), [], "another one may");
}

#[test]
fn a_committee_that_one_person_made_is_found() {
    let change = |by, confirmed: &[u128]| {
        let tape = Tape::submitted().with(Told::Proposed { by: user(by), board: board() });
        let told = confirmed.iter().map(|by| Told::Confirmed { by: user(*by) });
        told.fold(tape, Tape::with).faults()
    };
    assert_eq!(change(1, &[2]), []);
    assert_eq!(change(1, &[9]), [Fault::ByOnePerson], "who administers, beside who has a seat");
    assert_eq!(change(1, &[1]), [Fault::ByOnePerson]);
    assert_eq!(change(9, &[9]), [Fault::ByOnePerson]);
    assert_eq!(change(1, &[12]), [Fault::ByOnePerson], "a delegate holds no seat");
    assert_eq!(change(1, &[2, 3]), [Fault::ByOnePerson], "it counts once");
    let unasked = Tape::submitted().with(Told::Confirmed { by: user(2) });
    assert_eq!(unasked.faults(), [Fault::ByOnePerson]);
}

#[test]
fn a_rollback_to_what_never_stood_or_by_nobody_is_found() {
    let back = |tape: Tape, by, to| {
        tape.with(Told::RolledBack { by: user(by), to: hash(to) }).active(to).faults()
    };
    assert_eq!(back(lawful(), 3, 1), []);
    assert_eq!(back(lawful(), 12, 1), [Fault::NoSeat]);
    assert_eq!(back(lawful(), 3, 9), [Fault::NeverStood]);
    let ended = Tape::submitted().forced(2).active(1).with(Told::Reverted(change(1)));
    assert_eq!(back(ended, 3, 2), [Fault::NeverStood]);
}
