//! A tenant whose people do at random what the machine lets them, and a tape of what they did.

use std::collections::BTreeSet;

use super::auditor::{Entry, Told};
use super::dice::Dice;
use super::*;

/// What happened in histories, so that a property over them is about something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Seen {
    Approved,
    Activated,
    ActivatedOnTime,
    ActivatedAfterCarryOver,
    ActivatedByDelegate,
    BaseMoved,
    ApprovalLost,
    HeldByEmergency,
    Forced,
    Ratified,
    RanOut,
    DeclinedInEmergency,
    RolledBack,
    RolledBackEmergency,
    Recused,
    Rejected,
    RefusedSelf,
    RefusedStale,
    RefusedUnproven,
    RefusedSeatVoted,
    RefusedPaused,
    Reseated,
    ReseatRefused,
}

/// A tenant.
pub(super) struct World {
    pub(super) tape: Vec<Entry>,
    pub(super) log: Activations,
    pub(super) seen: BTreeSet<Seen>,
    board: Board,
    /// A change of the board that waits for a second person.
    proposed: Option<(Proposal, Board)>,
    requests: Vec<Request>,
    hours: i64,
    votes: u128,
}

impl World {
    pub(super) fn new() -> Self {
        let mut world = Self {
            tape: Vec::new(),
            log: log(),
            seen: BTreeSet::new(),
            board: board(),
            proposed: None,
            requests: Vec::new(),
            hours: 0,
            votes: 0,
        };
        world.tell(Told::Board(board()));
        world.open(&mut Dice(9));
        world
    }

    /// Does one thing that the word stands for, and tells what is active then.
    pub(super) fn step(&mut self, word: u64) {
        let mut dice = Dice(word);
        match dice.roll(100) {
            0..4 => self.open(&mut dice),
            4..13 => self.edit(&mut dice),
            13..19 => self.submit(&mut dice),
            19..31 => self.check(&mut dice),
            31..53 => self.vote(&mut dice),
            53..57 => self.schedule(&mut dice),
            57..67 => self.activate(&mut dice),
            67..73 => self.rebase(&mut dice),
            73..74 => self.withdraw(&mut dice),
            74..78 => self.force(&mut dice),
            78..80 => self.roll_back(&mut dice),
            80..84 => self.reseat(&mut dice),
            84..90 => self.pass_time(&mut dice),
            90..92 => self.settle(&mut dice),
            _ => self.campaign(&mut dice),
        }
        let active = self.log.active_at(hour(self.hours)).expect("the log started");
        self.tell(Told::Active(active.hash));
    }

    fn tell(&mut self, told: Told) {
        self.tape.push(Entry { at: hour(self.hours), told });
    }

    fn pick(&self, dice: &mut Dice) -> usize {
        // Mostly the newest: it has most of its life before it.
        let back = [0, 0, 1, 2][dice.roll(4) as usize];
        self.requests.len() - 1 - back.min(self.requests.len() - 1)
    }

    /// Takes a request as it stands now, and notes if it became approved.
    fn put(&mut self, at: usize, request: Request) {
        let former = self.requests[at].state;
        if request.state == State::Approved && !matches!(former, State::Approved | State::Scheduled)
        {
            self.seen.insert(Seen::Approved);
            self.tell(Told::Approved(request.id));
        }
        self.requests[at] = request;
    }

    /// Takes a request with its event; no event of the machine may be one the log refuses.
    fn take(&mut self, at: usize, changed: Changed<&'static str>) {
        let Changed { request, event } = changed;
        if let Some(event) = event {
            self.log.append(event).expect("the log takes what the machine made");
            match event.act {
                Act::Activated { change, .. } => self.tell(Told::Activated(change)),
                Act::ActivatedInEmergency { change, by, reverts_at, .. } => {
                    self.tell(Told::Forced { change, by, until: reverts_at });
                }
                Act::Ratified { change } => {
                    self.seen.insert(Seen::Ratified);
                    self.tell(Told::Ratified(change));
                }
                Act::Reverted { change } => self.tell(Told::Reverted(change)),
                Act::Started { .. } | Act::RolledBack { .. } => panic!("no request does so"),
            }
        }
        self.put(at, request);
    }

    fn open(&mut self, dice: &mut Dice) {
        let change = change(self.requests.len() as u128);
        let author = user([9, 8, 1, 11][dice.roll(4) as usize]);
        let base = self.log.active_at(hour(self.hours)).expect("the log started").hash;
        let reason = "because".to_owned();
        self.requests.push(Request::draft(Draft { id: change, author, reason, base }));
        self.tell(Told::Opened { change, author, base });
        self.edit_one(self.requests.len() - 1, dice);
    }

    fn edit(&mut self, dice: &mut Dice) {
        let at = self.pick(dice);
        self.edit_one(at, dice);
    }

    fn edit_one(&mut self, at: usize, dice: &mut Dice) {
        let (content, sections) = (dice.content(), dice.sections());
        let by = if dice.once_in(3) { dice.person() } else { user(8) };
        if let Ok(edited) = self.requests[at].edit(by, content, sections.clone()) {
            let change = edited.id;
            self.tell(Told::Edited { change, by, content, sections });
            self.put(at, edited);
        }
    }

    fn submit(&mut self, dice: &mut Dice) {
        let at = self.pick(dice);
        if let Ok(submitted) = self.requests[at].submit() {
            self.tell(Told::Submitted(submitted.id));
            self.put(at, submitted);
        }
    }

    fn check(&mut self, dice: &mut Dice) {
        let at = self.pick(dice);
        let kind = CheckKind::ALL[dice.roll(2) as usize];
        let passed = !dice.once_in(8);
        let mut check = check(&self.requests[at], kind, passed);
        // One that began before the last edit and finishes only now.
        if dice.once_in(8) {
            check.result_hash = dice.content();
        }
        self.record(at, check);
    }

    fn record(&mut self, at: usize, check: Check) {
        let check = Check { finished_at: hour(self.hours), ..check };
        let request = self.requests[at].clone().record_check(check);
        self.tell(Told::Checked(request.id, check));
        self.put(at, request);
    }

    fn vote(&mut self, dice: &mut Dice) {
        let at = self.pick(dice);
        let seat = self.board.seats[dice.roll(3) as usize].clone();
        let by = match dice.roll(6) {
            0..3 => seat.holder,
            3 | 4 => seat.delegate,
            _ => None,
        };
        let by = by.unwrap_or_else(|| dice.person());
        let verdict = match dice.roll(14) {
            11 => Verdict::Recuse,
            12 | 13 => Verdict::Decline,
            _ => Verdict::Approve,
        };
        let read = if dice.once_in(16) { dice.content() } else { self.requests[at].result_hash };
        self.cast(at, seat.slug, by, verdict, read);
    }

    fn cast(
        &mut self,
        at: usize,
        seat: Slug,
        by: UserId,
        verdict: Verdict,
        hash_read: ContentHash,
    ) {
        self.votes += 1;
        let (id, reason) = (Uuid::from_u128(self.votes), "read it".to_owned());
        let vote = Vote { id, seat, by, verdict, reason, hash_read };
        let request = &self.requests[at];
        let forced = request.state == State::Activated;
        let seen = match request.review(vote.clone(), &sitting(&self.board, self.hours)) {
            Ok(changed) => {
                self.tell(Told::Voted(changed.request.id, vote));
                self.take(at, changed);
                match verdict {
                    Verdict::Approve => return,
                    Verdict::Recuse => Seen::Recused,
                    Verdict::Decline if forced => Seen::DeclinedInEmergency,
                    Verdict::Decline => Seen::Rejected,
                }
            }
            Err(CannotReview::Interested) => Seen::RefusedSelf,
            Err(CannotReview::StaleHash { .. }) => Seen::RefusedStale,
            Err(CannotReview::Unproven(_)) => Seen::RefusedUnproven,
            Err(CannotReview::SeatVoted(_)) => Seen::RefusedSeatVoted,
            Err(_) => return,
        };
        self.seen.insert(seen);
    }

    fn schedule(&mut self, dice: &mut Dice) {
        let at = self.pick(dice);
        if let Ok(approved) = self.requests[at].cancel_schedule()
            && dice.once_in(3)
        {
            self.tell(Told::Unscheduled(approved.id));
            return self.put(at, approved);
        }
        self.schedule_one(at, dice);
    }

    fn schedule_one(&mut self, at: usize, dice: &mut Dice) {
        let due = hour(self.hours + dice.roll(30) as i64 - 2);
        if let Ok(scheduled) = self.requests[at].schedule(due, hour(self.hours)) {
            self.tell(Told::Scheduled(scheduled.id, due));
            self.put(at, scheduled);
        }
    }

    /// Moves the clock; the timers fire then, or are late.
    fn pass_time(&mut self, dice: &mut Dice) {
        self.hours += 1 + dice.roll(40) as i64;
        if dice.once_in(4) {
            return;
        }
        self.revert_due();
        let due = |request: &Request| {
            request.activate_at.is_some_and(|activate_at| activate_at <= hour(self.hours))
        };
        let due: Vec<usize> =
            (0..self.requests.len()).filter(|at| due(&self.requests[*at])).collect();
        due.into_iter().for_each(|at| self.activate_one(at));
    }

    /// What a timer does late or in time: whatever takes effect comes after what ended.
    fn revert_due(&mut self) {
        for at in 0..self.requests.len() {
            if let Ok(changed) = self.requests[at].revert(hour(self.hours)) {
                self.seen.insert(Seen::RanOut);
                self.take(at, changed);
            }
        }
    }

    fn activate(&mut self, dice: &mut Dice) {
        let at = self.pick(dice);
        self.activate_one(at);
    }

    fn activate_one(&mut self, at: usize) {
        self.revert_due();
        let active = self.log.active_at(hour(self.hours)).expect("the log started");
        let request = self.requests[at].clone();
        let Ok(changed) = request.activate(&active, &sitting(&self.board, self.hours)) else {
            return;
        };
        let on_time = request.state == State::Scheduled;
        let carried = request.approvals().any(|review| review.state != ReviewState::Counting);
        let delegated =
            request.approvals().any(|review| [user(11), user(12)].contains(&review.reviewer));
        match changed.request.suspension {
            Some(Suspension::BaseMoved { .. }) => self.seen.insert(Seen::BaseMoved),
            Some(Suspension::ApprovalLost { .. }) => self.seen.insert(Seen::ApprovalLost),
            Some(_) => self.seen.insert(Seen::HeldByEmergency),
            None => self.seen.insert(Seen::Activated),
        };
        if changed.event.is_some() {
            let kinds = [
                (on_time, Seen::ActivatedOnTime),
                (carried, Seen::ActivatedAfterCarryOver),
                (delegated, Seen::ActivatedByDelegate),
            ];
            self.seen.extend(kinds.iter().filter(|(so, _)| *so).map(|(_, seen)| *seen));
        }
        self.take(at, changed);
    }

    fn rebase(&mut self, dice: &mut Dice) {
        let active = self.log.active_at(hour(self.hours)).expect("the log started").hash;
        let waits = |request: &Request| {
            matches!(request.state, State::Approved | State::Suspended) && request.base != active
        };
        let at = self.requests.iter().position(waits).unwrap_or_else(|| self.pick(dice));
        let request = &self.requests[at];
        let onto = if dice.once_in(10) { dice.content() } else { active };
        // Named again, a suspended change is taken up; moved, it has another content.
        let result_hash = if onto == request.base { request.result_hash } else { dice.content() };
        let sections = if dice.once_in(6) { dice.sections() } else { request.sections.clone() };
        let mut reruns = Vec::new();
        for kind in CheckKind::ALL {
            let passed = !dice.once_in(12);
            let check = Check { base: onto, result_hash, ..check(request, *kind, passed) };
            let check = Check { finished_at: hour(self.hours), ..check };
            let unchanged = !dice.once_in(8);
            if !dice.once_in(12) {
                reruns.push(Rerun { check, unchanged });
            }
        }
        let touched_by_both = dice.once_in(8);
        let rebase = Rebase { onto, result_hash, sections, touched_by_both, reruns };
        let sits = sitting(&self.board, self.hours);
        if let Ok(rebased) = request.rebase(rebase.clone(), &sits) {
            for rerun in &rebase.reruns {
                self.tell(Told::Checked(rebased.id, rerun.check));
            }
            self.tell(Told::Rebased(rebased.id, rebase));
            self.put(at, rebased);
            if dice.once_in(2) {
                self.activate_one(at);
            }
        }
    }

    fn withdraw(&mut self, dice: &mut Dice) {
        let at = self.pick(dice);
        if let Ok(withdrawn) = self.requests[at].withdraw(user(9), "not needed") {
            self.tell(Told::Withdrawn(withdrawn.id));
            self.put(at, withdrawn);
        }
    }

    fn force(&mut self, dice: &mut Dice) {
        self.revert_due();
        let at = self.pick(dice);
        let (by, reason) = (dice.person(), "now".to_owned());
        let call = EmergencyCall { by, reason, hours: dice.roll(75) as u32 };
        let sits = sitting(&self.board, self.hours);
        match self.requests[at].activate_in_emergency(call, &self.log, &sits) {
            Ok(changed) => {
                self.seen.insert(Seen::Forced);
                self.take(at, changed);
            }
            Err(CannotActivateInEmergency::Paused { .. }) => {
                self.seen.insert(Seen::RefusedPaused);
            }
            Err(_) => {}
        }
    }

    fn roll_back(&mut self, dice: &mut Dice) {
        self.revert_due();
        let (id, by) = (change(self.requests.len() as u128), dice.person());
        let to = if dice.once_in(2) { dice.content() } else { hash(1) };
        let ask = RollBack { id, by, reason: "worse".to_owned(), to, sections: [ENTRIES].into() };
        let emergency = self.requests.iter().position(|request| {
            request.emergency.as_ref().is_some_and(|emergency| emergency.end.is_none())
        });
        let running = emergency.map(|at| &self.requests[at]);
        let sits = sitting(&self.board, self.hours);
        let Ok(done) = Request::roll_back(ask, running, &self.log, &sits) else { return };
        self.log.append(done.event).expect("the log takes what the machine made");
        self.seen.insert(Seen::RolledBack);
        self.tell(Told::RolledBack { by, to });
        let base = done.request.base;
        self.tell(Told::Opened { change: id, author: by, base });
        self.requests.push(done.request);
        if let (Some(at), Some(ended)) = (emergency, done.ended) {
            self.seen.insert(Seen::RolledBackEmergency);
            self.put(at, ended);
        }
    }

    /// Somebody else on a seat, another delegate or term, another policy; never a defect.
    fn reseat(&mut self, dice: &mut Dice) {
        let mut board = self.board.clone();
        let seat = dice.roll(3) as usize;
        let person = (!dice.once_in(5)).then(|| dice.person());
        let today = hour(self.hours).date_naive();
        match dice.roll(5) {
            0 => board.seats[seat].holder = person,
            1 => board.seats[seat].delegate = person,
            2 => board.seats[seat].ends_on = (!dice.once_in(2)).then_some(today),
            3 => board.policies[dice.roll(2) as usize].quorum = 1 + dice.roll(3) as u32,
            _ => {
                let required = [&[CODING][..], &[COMPLIANCE, FINANCE], &[]];
                let section = [None, Some(DEADLINES)][dice.roll(2) as usize];
                let at = usize::from(section.is_some());
                board.policies[at] = policy(section, required[dice.roll(3) as usize], 2);
            }
        }
        if board.defects().is_empty() {
            let by = dice.person();
            // The number of the entry is a hash that no other proposal has.
            let mut name = [0; 32];
            name[..8].copy_from_slice(&(self.tape.len() as u64).to_be_bytes());
            let hash = ContentHash::from_bytes(name);
            self.proposed = Some((Proposal { by, hash }, board.clone()));
            self.tell(Told::Proposed { by, board });
        }
        // Some wait, and are confirmed after whatever comes between.
        for _ in 0..dice.roll(4) {
            self.confirm(dice);
        }
    }

    /// Somebody confirms what is proposed; 9 administers the tenant.
    fn confirm(&mut self, dice: &mut Dice) {
        let Some((proposal, board)) = self.proposed.clone() else { return };
        let by = dice.person();
        let hash_read = if dice.once_in(16) { dice.content() } else { proposal.hash };
        let word = Confirmation { by, administers: by == user(9), hash_read };
        if proposal.confirm(&word, &sitting(&self.board, self.hours)).is_err() {
            self.seen.insert(Seen::ReseatRefused);
            return;
        }
        self.seen.insert(Seen::Reseated);
        self.tell(Told::Confirmed { by });
        self.proposed = None;
        self.board = board;
    }

    fn settle(&mut self, dice: &mut Dice) {
        let at = self.pick(dice);
        let changed = self.requests[at].settle(&sitting(&self.board, self.hours));
        self.take(at, changed);
    }

    /// Everything that brings a request through, in order: without it few would come so far.
    fn campaign(&mut self, dice: &mut Dice) {
        let at = self.pick(dice);
        if let Ok(submitted) = self.requests[at].submit() {
            self.tell(Told::Submitted(submitted.id));
            self.put(at, submitted);
        }
        for kind in CheckKind::ALL {
            let check = check(&self.requests[at], *kind, true);
            self.record(at, check);
        }
        for seat in self.board.seats.clone() {
            let (first, second) = (seat.holder, seat.delegate);
            let by = if dice.once_in(4) { second.or(first) } else { first.or(second) };
            if let Some(by) = by {
                let read = self.requests[at].result_hash;
                self.cast(at, seat.slug, by, Verdict::Approve, read);
            }
        }
        match dice.roll(4) {
            0 | 1 => self.activate_one(at),
            2 => self.schedule_one(at, dice),
            _ => {}
        }
    }
}
