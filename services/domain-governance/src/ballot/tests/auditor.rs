//! An auditor that reads what people did and says what may be active.
//!
//! It knows the rules from their words, not from the machine: it keeps no state of a request, calls
//! none of its functions, and reads the whole tape again for every question.

use std::collections::BTreeSet;

use super::*;

/// What was done at an instant, in the words of whoever did it.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) at: DateTime<Utc>,
    pub(super) told: Told,
}

#[derive(Clone, Debug)]
pub(super) enum Told {
    /// The first committee, from here on.
    Board(Board),
    /// A committee that somebody asks for.
    Proposed {
        by: UserId,
        board: Board,
    },
    /// The machine says that the one asked for last is the committee from here on.
    Confirmed {
        by: UserId,
    },
    Opened {
        change: ChangeId,
        author: UserId,
        base: ContentHash,
    },
    Edited {
        change: ChangeId,
        by: UserId,
        content: ContentHash,
        sections: BTreeSet<&'static str>,
    },
    Submitted(ChangeId),
    Checked(ChangeId, Check),
    Voted(ChangeId, Vote),
    Rebased(ChangeId, Rebase<&'static str>),
    Withdrawn(ChangeId),
    Scheduled(ChangeId, DateTime<Utc>),
    Unscheduled(ChangeId),
    /// The machine says that it is approved.
    Approved(ChangeId),
    /// The machine made it active.
    Activated(ChangeId),
    Forced {
        change: ChangeId,
        by: UserId,
        until: DateTime<Utc>,
    },
    /// The machine says that the emergency stays.
    Ratified(ChangeId),
    Reverted(ChangeId),
    RolledBack {
        by: UserId,
        to: ContentHash,
    },
    /// What the machine says is active.
    Active(ContentHash),
}

/// What is wrong with a tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    SeatDidNotAgree,
    TooFewPeople,
    NoPolicy,
    Declined,
    Unchecked,
    NotSubmitted,
    Withdrawn,
    BeforeItsTime,
    OnAnotherBase,
    OnAnEmergency,
    NoSeat,
    TooLong,
    Again,
    NotRunning,
    TooSoon,
    NeverStood,
    NotWhatIsLawful,
    ByOnePerson,
    Paused,
}

/// What may be active, as far as the tape was read.
struct Lawful {
    hash: ContentHash,
    emergency: Option<Trial>,
    stood: BTreeSet<ContentHash>,
}

#[derive(Clone, Copy)]
struct Trial {
    change: ChangeId,
    until: DateTime<Utc>,
    before: ContentHash,
}

/// Reads a tape that begins with revision 1.
pub(super) fn audit(tape: &[Entry]) -> Vec<Fault> {
    let mut lawful = Lawful { hash: hash(1), emergency: None, stood: [hash(1)].into() };
    let mut faults = Vec::new();
    for (at, entry) in tape.iter().enumerate() {
        faults.extend(lawful.read(&Past { tape: &tape[..at], now: entry.at }, &entry.told));
    }
    faults
}

impl Lawful {
    fn read(&mut self, past: &Past<'_>, told: &Told) -> Vec<Fault> {
        let trial = self.emergency.filter(|trial| past.now < trial.until);
        match told {
            Told::Approved(change) => past.approval(*change),
            Told::Activated(change) => {
                let mut faults = past.approval(*change);
                faults.extend(past.timing(*change));
                faults.extend(trial.map(|_| Fault::OnAnEmergency));
                faults.extend(self.on_base(past, *change));
                self.settle(past.content(*change));
                faults
            }
            Told::Forced { change, by, until } => {
                let mut faults: Vec<Fault> =
                    trial.map(|_| Fault::OnAnEmergency).into_iter().collect();
                faults.extend(self.on_base(past, *change));
                faults.extend(past.emergency(*change, *by, *until));
                let before = self.at(past.now);
                self.emergency = Some(Trial { change: *change, until: *until, before });
                self.hash = past.content(*change);
                faults
            }
            Told::Ratified(change) => {
                let mut faults = past.approval(*change);
                faults.extend(
                    (trial.map(|trial| trial.change) != Some(*change)).then_some(Fault::NotRunning),
                );
                self.settle(past.content(*change));
                faults
            }
            Told::Reverted(change) => {
                let Some(running) = self.emergency.filter(|trial| trial.change == *change) else {
                    return vec![Fault::NotRunning];
                };
                (self.hash, self.emergency) = (running.before, None);
                let early = trial.is_some() && !past.declined(*change);
                early.then_some(Fault::TooSoon).into_iter().collect()
            }
            Told::RolledBack { by, to } => {
                let mut faults = Vec::new();
                faults.extend((!past.holds_a_seat(*by)).then_some(Fault::NoSeat));
                faults.extend((!self.stood.contains(to)).then_some(Fault::NeverStood));
                self.settle(*to);
                faults
            }
            Told::Confirmed { by } => past.confirmed(*by).into_iter().collect(),
            Told::Active(claimed) => {
                let wrong = *claimed != self.at(past.now);
                wrong.then_some(Fault::NotWhatIsLawful).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    fn at(&self, now: DateTime<Utc>) -> ContentHash {
        match self.emergency {
            Some(trial) if trial.until <= now => trial.before,
            _ => self.hash,
        }
    }

    fn settle(&mut self, content: ContentHash) {
        (self.hash, self.emergency) = (content, None);
        self.stood.insert(content);
    }

    fn on_base(&self, past: &Past<'_>, change: ChangeId) -> Option<Fault> {
        (past.base(change) != self.at(past.now)).then_some(Fault::OnAnotherBase)
    }
}

/// The tape before an entry.
struct Past<'a> {
    tape: &'a [Entry],
    now: DateTime<Utc>,
}

impl<'a> Past<'a> {
    fn before(&self, at: usize) -> Past<'a> {
        Past { tape: &self.tape[..at], now: self.tape[at].at }
    }

    fn told(&self) -> impl DoubleEndedIterator<Item = &'a Told> {
        self.tape.iter().map(|entry| &entry.told)
    }

    fn board(&self) -> &'a Board {
        let found = (0..self.tape.len()).rev().find_map(|at| match &self.tape[at].told {
            Told::Board(board) => Some(board),
            Told::Confirmed { .. } => self.before(at).proposed().map(|(_, board)| board),
            _ => None,
        });
        found.expect("a tape begins with its board")
    }

    /// The committee that was asked for last, and by whom.
    fn proposed(&self) -> Option<(UserId, &'a Board)> {
        self.told().rev().find_map(|told| match told {
            Told::Proposed { by, board } => Some((*by, board)),
            _ => None,
        })
    }

    /// What stands against another committee: a second person must say so, from the one before, or
    /// where nobody but the proposer holds a seat 9, who administers the tenant; and each is said
    /// once.
    fn confirmed(&self, by: UserId) -> Option<Fault> {
        let once = self.told().rev().find_map(|told| match told {
            Told::Proposed { by, .. } => Some(*by),
            Told::Confirmed { by } => Some(*by),
            _ => None,
        });
        let last = self.proposed().map(|(proposer, _)| proposer);
        let second = last.is_some_and(|proposer| proposer != by) && once == last;
        let others = (1..20).map(user).any(|it| Some(it) != last && self.holds_a_seat(it));
        let entitled = self.holds_a_seat(by) || by == user(9) && !others;
        (!second || !entitled).then_some(Fault::ByOnePerson)
    }

    fn base(&self, wanted: ChangeId) -> ContentHash {
        let found = self.told().rev().find_map(|told| match told {
            Told::Rebased(change, rebase) if *change == wanted => Some(rebase.onto),
            Told::Opened { change, base, .. } if *change == wanted => Some(*base),
            _ => None,
        });
        found.expect("the change was opened")
    }

    fn asked(&self, wanted: ChangeId) -> (ContentHash, BTreeSet<&'static str>) {
        let found = self.told().rev().find_map(|told| match told {
            Told::Edited { change, content, sections, .. } if *change == wanted => {
                Some((*content, sections.clone()))
            }
            Told::Rebased(change, rebase) if *change == wanted => {
                Some((rebase.result_hash, rebase.sections.clone()))
            }
            Told::Opened { change, base, .. } if *change == wanted => Some((*base, [].into())),
            _ => None,
        });
        found.expect("the change was opened")
    }

    fn content(&self, change: ChangeId) -> ContentHash {
        self.asked(change).0
    }

    /// Who wrote, edited or forced it, or recused.
    fn biased(&self, wanted: ChangeId) -> BTreeSet<UserId> {
        self.told()
            .filter_map(|told| match told {
                Told::Opened { change, author, .. } if *change == wanted => Some(*author),
                Told::Edited { change, by, .. } | Told::Forced { change, by, .. }
                    if *change == wanted =>
                {
                    Some(*by)
                }
                Told::Voted(change, vote)
                    if *change == wanted && vote.verdict == Verdict::Recuse =>
                {
                    Some(vote.by)
                }
                _ => None,
            })
            .collect()
    }

    fn declined(&self, wanted: ChangeId) -> bool {
        self.told().any(|told| {
            matches!(told, Told::Voted(change, vote)
                if *change == wanted && vote.verdict == Verdict::Decline)
        })
    }

    /// Whether both checks, as they ran last on what is asked for, passed.
    fn checked(&self, wanted: ChangeId) -> bool {
        let (base, content) = (self.base(wanted), self.content(wanted));
        [CheckKind::Verify, CheckKind::Replay].iter().all(|kind| {
            let last = self.told().rev().find_map(|told| match told {
                Told::Checked(change, check)
                    if *change == wanted
                        && check.kind == *kind
                        && (check.base, check.result_hash) == (base, content) =>
                {
                    Some(check.passed)
                }
                _ => None,
            });
            last == Some(true)
        })
    }

    /// Where on the tape the votes that count begin: after the last edit, or the last rebase that
    /// did more than move the base.
    fn votes_from(&self, wanted: ChangeId) -> usize {
        let touched = |at: usize| match &self.tape[at].told {
            Told::Edited { change, .. } => *change == wanted,
            Told::Rebased(change, rebase) if *change == wanted => {
                let past = self.before(at);
                let same = (past.base(wanted), past.asked(wanted))
                    == (rebase.onto, (rebase.result_hash, rebase.sections.clone()));
                !same && (past.asked(wanted).1 != rebase.sections || !proves_itself(rebase))
            }
            _ => false,
        };
        (0..self.tape.len()).rev().find(|at| touched(*at)).unwrap_or(0)
    }

    /// Seats and people that agreed by right, to what is asked for now.
    fn agreed(&self, wanted: ChangeId) -> BTreeSet<(Slug, UserId)> {
        let biased = self.biased(wanted);
        (self.votes_from(wanted)..self.tape.len())
            .filter_map(|at| match &self.tape[at].told {
                Told::Voted(change, vote) if *change == wanted => Some((self.before(at), vote)),
                _ => None,
            })
            .filter(|(_, vote)| vote.verdict == Verdict::Approve && !biased.contains(&vote.by))
            .filter(|(then, vote)| vote.hash_read == then.content(wanted) && then.checked(wanted))
            .filter(|(then, vote)| then.entitled(vote))
            .map(|(_, vote)| (vote.seat.clone(), vote.by))
            .filter(|(seat, _)| self.board().seats.iter().any(|it| it.slug == *seat))
            .collect()
    }

    fn entitled(&self, vote: &Vote) -> bool {
        self.board().seats.iter().any(|seat| {
            let person =
                seat.holder.is_some() && [seat.holder, seat.delegate].contains(&Some(vote.by));
            seat.slug == vote.seat && person && self.sits(seat)
        })
    }

    fn sits(&self, seat: &Seat) -> bool {
        let today = self.now.date_naive();
        today >= seat.starts_on && seat.ends_on.is_none_or(|last| today <= last)
    }

    fn holds_a_seat(&self, who: UserId) -> bool {
        self.board().seats.iter().any(|seat| seat.holder == Some(who) && self.sits(seat))
    }

    /// What stands against saying that a change is approved.
    fn approval(&self, change: ChangeId) -> Vec<Fault> {
        let mut faults = Vec::new();
        let agreed = self.agreed(change);
        let seats: BTreeSet<&Slug> = agreed.iter().map(|(seat, _)| seat).collect();
        let people: BTreeSet<UserId> = agreed.iter().map(|(_, person)| *person).collect();
        let sections = self.asked(change).1;
        faults.extend(sections.is_empty().then_some(Fault::NoPolicy));
        for section in sections {
            let policies = &self.board().policies;
            let own = policies.iter().find(|policy| policy.section == Some(section));
            let Some(policy) = own.or(policies.iter().find(|policy| policy.section.is_none()))
            else {
                faults.push(Fault::NoPolicy);
                continue;
            };
            let silent = policy.required_seats.iter().any(|seat| !seats.contains(seat));
            faults.extend(silent.then_some(Fault::SeatDidNotAgree));
            let few = people.is_empty() || people.len() < policy.quorum as usize;
            faults.extend(few.then_some(Fault::TooFewPeople));
        }
        let withdrawn = |told: &Told| matches!(told, Told::Withdrawn(it) if *it == change);
        faults.extend(self.declined(change).then_some(Fault::Declined));
        faults.extend((!self.checked(change)).then_some(Fault::Unchecked));
        faults.extend((!self.submitted(change)).then_some(Fault::NotSubmitted));
        faults.extend(self.told().any(withdrawn).then_some(Fault::Withdrawn));
        faults
    }

    /// Whether it went before the committee after somebody last wrote on it; an emergency goes
    /// there to be ratified.
    fn submitted(&self, wanted: ChangeId) -> bool {
        let last = self.told().rev().find_map(|told| match told {
            Told::Submitted(change) | Told::Forced { change, .. } if *change == wanted => {
                Some(true)
            }
            Told::Edited { change, .. } if *change == wanted => Some(false),
            Told::Rebased(change, rebase) if *change == wanted && rebase.touched_by_both => {
                Some(false)
            }
            _ => None,
        });
        last == Some(true)
    }

    fn timing(&self, wanted: ChangeId) -> Option<Fault> {
        let due = self.told().rev().find_map(|told| match told {
            Told::Scheduled(change, due) if *change == wanted => Some(Some(*due)),
            Told::Unscheduled(change) if *change == wanted => Some(None),
            Told::Edited { change, .. } if *change == wanted => Some(None),
            _ => None,
        });
        due.flatten().filter(|due| self.now < *due).map(|_| Fault::BeforeItsTime)
    }

    fn emergency(
        &self,
        wanted: ChangeId,
        by: UserId,
        until: DateTime<Utc>,
    ) -> impl Iterator<Item = Fault> {
        let content = self.content(wanted);
        let again = (0..self.tape.len()).any(|at| match self.tape[at].told {
            Told::Forced { change, .. } => {
                change == wanted || self.before(at).content(change) == content
            }
            _ => false,
        });
        let long = until <= self.now || TimeDelta::hours(72) < until - self.now;
        [
            (!self.holds_a_seat(by)).then_some(Fault::NoSeat),
            self.paused(by).then_some(Fault::Paused),
            long.then_some(Fault::TooLong),
            again.then_some(Fault::Again),
            self.declined(wanted).then_some(Fault::Declined),
        ]
        .into_iter()
        .flatten()
    }
}

impl Past<'_> {
    /// Whether an emergency of theirs that nobody ratified ended within the last 30 days: at its
    /// hour, or before it by a decline or a rollback.
    fn paused(&self, who: UserId) -> bool {
        (0..self.tape.len()).any(|at| {
            let Told::Forced { change, by, until } = self.tape[at].told else { return false };
            let end = self.tape[at + 1..].iter().find_map(|entry| match entry.told {
                Told::Ratified(it) if it == change => Some(None),
                Told::Reverted(it) if it == change => Some(Some(entry.at.min(until))),
                Told::RolledBack { .. } => Some(Some(entry.at.min(until))),
                _ => None,
            });
            let end = end.unwrap_or(Some(until));
            by == who && end.is_some_and(|end| self.now < end + TimeDelta::days(30))
        })
    }
}

/// Whether both checks ran again on the rebased content, passed, and found what they found before.
fn proves_itself(rebase: &Rebase<&'static str>) -> bool {
    let proof = |kind| {
        let mut reruns = rebase.reruns.iter().filter(|rerun| rerun.check.kind == kind);
        reruns.next_back().is_some_and(|rerun| rerun.check.passed && rerun.unchanged)
    };
    !rebase.touched_by_both && proof(CheckKind::Verify) && proof(CheckKind::Replay)
}
