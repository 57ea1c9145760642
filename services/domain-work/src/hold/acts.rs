//! Taking an item, keeping it, giving it back, putting it aside.

use chrono::{Days, NaiveDate};

use super::{
    FOLLOW_UP_DAYS_MAX, Happened, Hold, LEASE, Lease, REASON_MAX, RESERVATION, Recipient, Refusal,
    Reservation, Right, State, Step, Wait, WaitingFor, Writer,
};
use crate::queue::Standing;
use crate::violation::Violations;
use crate::{Moment, UserId};

impl Hold {
    /// Takes an open or waiting item; its holder who claims it again gets a new lease.
    ///
    /// # Errors
    /// When another holds it, it is kept for another and the caller is no lead, or it is over.
    pub fn claim(&self, user: UserId, standing: Standing, now: Moment) -> Result<Step, Refusal> {
        let mut step = self.at(now);
        match step.hold.state {
            State::Open(Some(kept)) if kept.user != user && standing == Standing::Member => {
                return Err(Refusal::KeptForAnother { user: kept.user });
            }
            State::Claimed(lease) if lease.holder != user => {
                return Err(Refusal::HeldByAnother { holder: lease.holder });
            }
            State::Open(_) | State::Claimed(_) => {}
            State::Waiting(wait) => step.happened.push(Happened::WokeUp {
                waiting_for: wait.waiting_for,
                follow_up_on: wait.follow_up_on,
            }),
            State::Resolved | State::Superseded => return Err(step.hold.cannot_be("claimed")),
        }
        let expires_at = now.at + LEASE;
        let fencing_number =
            self.fencing_number.checked_add(1).expect("a claim a nanosecond lasts 292 years");
        step.hold =
            Self { state: State::Claimed(Lease { holder: user, expires_at }), fencing_number };
        step.happened.push(Happened::Claimed { by: user, fencing_number, expires_at });
        Ok(step)
    }

    /// Extends the lease of its holder; never shortens it, also when the clock was set back.
    ///
    /// # Errors
    /// When the lease is lost.
    pub fn heartbeat(
        &self,
        user: UserId,
        fencing_number: i64,
        now: Moment,
    ) -> Result<Step, Refusal> {
        let mut step = self.at(now);
        let lease = step.hold.lease_of(user, fencing_number)?;
        let expires_at = lease.expires_at.max(now.at + LEASE);
        step.hold.state = State::Claimed(Lease { expires_at, ..lease });
        step.happened.push(Happened::Extended { expires_at });
        Ok(step)
    }

    /// Gives a held item back; a lead takes it away. A holder needs no reason.
    ///
    /// # Errors
    /// When nobody holds it, the lease is lost, or a lead says no reason.
    pub fn release(&self, writer: Writer, reason: &str, now: Moment) -> Result<Step, Refusal> {
        let mut step = self.at(now);
        let by = writer.user;
        let happened = match (writer.right, step.hold.state) {
            (Right::Lease(number), _) => {
                step.hold.lease_of(by, number)?;
                text(reason)?;
                Happened::Released { by, reason: reason.to_owned() }
            }
            (Right::Lead, State::Claimed(lease)) => {
                said(reason)?;
                Happened::TakenAway { by, from: lease.holder, reason: reason.to_owned() }
            }
            (Right::Unheld, State::Claimed(lease)) => {
                return Err(Refusal::HeldByAnother { holder: lease.holder });
            }
            (Right::Lead | Right::Unheld, _) => return Err(step.hold.cannot_be("released")),
        };
        step.hold.state = State::Open(None);
        step.happened.push(happened);
        Ok(step)
    }

    /// Gives an item that is not over to a person, for whom it is kept for [`RESERVATION`], or to
    /// another team.
    ///
    /// # Errors
    /// When the writer may not, says no reason, or the recipient may not work it.
    pub fn hand_over(
        &self,
        writer: Writer,
        to: Recipient,
        reason: &str,
        now: Moment,
    ) -> Result<Step, Refusal> {
        let mut step = self.at(now);
        let taken = match (writer.right, step.hold.state) {
            (Right::Lead, State::Claimed(lease)) => Some(lease.holder),
            _ => step.hold.writable(writer, "handed over").map(|()| None)?,
        };
        said(reason)?;
        let (by, reason) = (writer.user, reason.to_owned());
        let took = |from| Happened::TakenAway { by, from, reason: reason.clone() };
        step.happened.extend(taken.map(took));
        let (state, happened) = match to {
            Recipient::Person { user, standing: None } => {
                return Err(Refusal::NotOfThisQueue { user });
            }
            Recipient::Person { user, standing: Some(_) } => {
                let kept = Reservation { user, until: now.at + RESERVATION };
                (Some(kept), Happened::GivenToPerson { by, to: user, reason })
            }
            Recipient::Team(team) => (None, Happened::GivenToTeam { by, to: team, reason }),
        };
        step.hold.state = State::Open(state);
        step.happened.push(happened);
        Ok(step)
    }

    /// Puts an item aside until a day, at the latest the last day of its ranking deadline, so that
    /// it is looked at while something can still be done; without a deadline at most
    /// [`FOLLOW_UP_DAYS_MAX`] days.
    ///
    /// # Errors
    /// When the writer may not, or the day is not after today or after the latest day.
    pub fn set_follow_up(
        &self,
        writer: Writer,
        waiting_for: WaitingFor,
        follow_up_on: NaiveDate,
        last_day: Option<NaiveDate>,
        now: Moment,
    ) -> Result<Step, Refusal> {
        let mut step = self.at(now);
        let back_to = match step.hold.state {
            State::Claimed(lease) => Some(lease.holder),
            State::Waiting(wait) => wait.back_to,
            State::Open(kept) => kept.map(|kept| kept.user),
            State::Resolved | State::Superseded => None,
        };
        step.hold.writable(writer, "put aside")?;
        let last_day = last_day
            .or_else(|| now.today.checked_add_days(Days::new(FOLLOW_UP_DAYS_MAX)))
            .unwrap_or(NaiveDate::MAX);
        if follow_up_on > last_day {
            return Err(Refusal::FollowUpTooLate { follow_up_on, last_day });
        }
        if follow_up_on <= now.today {
            return Err(Refusal::FollowUpNotLater { follow_up_on, today: now.today });
        }
        step.hold.state = State::Waiting(Wait { waiting_for, follow_up_on, back_to });
        step.happened.push(Happened::PutAside { by: writer.user, waiting_for, follow_up_on });
        Ok(step)
    }

    /// Waits for the payer's decision until a day, at least until tomorrow: what was filed needs
    /// nobody meanwhile, whoever holds it. Its deadline is kept by the filing and bounds nothing.
    ///
    /// # Errors
    /// When it is over.
    pub fn await_decision(&self, until: NaiveDate, now: Moment) -> Result<Step, Refusal> {
        let mut step = self.at(now);
        let back_to = match step.hold.state {
            State::Claimed(lease) => Some(lease.holder),
            State::Waiting(wait) => wait.back_to,
            State::Open(kept) => kept.map(|kept| kept.user),
            State::Resolved | State::Superseded => return Err(step.hold.cannot_be("put aside")),
        };
        let tomorrow = now.today.succ_opt().unwrap_or(NaiveDate::MAX);
        let (waiting_for, follow_up_on) = (WaitingFor::Payer, until.max(tomorrow));
        step.hold.state = State::Waiting(Wait { waiting_for, follow_up_on, back_to });
        Ok(step)
    }

    /// Opens a waiting item before its day, because what it waited for is there.
    ///
    /// # Errors
    /// When it does not wait.
    pub fn wake(&self, now: Moment) -> Result<Step, Refusal> {
        match self.state {
            State::Waiting(wait) => {
                let come = Wait { follow_up_on: wait.follow_up_on.min(now.today), ..wait };
                let mut step = Self { state: State::Waiting(come), ..*self }.at(now);
                step.happened = vec![Happened::WokeUp {
                    waiting_for: wait.waiting_for,
                    follow_up_on: wait.follow_up_on,
                }];
                Ok(step)
            }
            State::Open(_) | State::Claimed(_) | State::Resolved | State::Superseded => {
                Err(self.cannot_be("woken up"))
            }
        }
    }

    /// Whether somebody may write it now; call it for every change under a lease that has no act
    /// of its own, such as a checklist, a touch or a question.
    ///
    /// # Errors
    /// When the lease is lost, another holds it or it is kept for another.
    pub fn may_write(&self, writer: Writer, now: Moment) -> Result<(), Refusal> {
        self.at(now).hold.writable(writer, "changed")
    }

    /// As [`Hold::may_write`], after time did its part.
    pub(super) fn writable(&self, writer: Writer, act: &'static str) -> Result<(), Refusal> {
        match (writer.right, self.state) {
            (Right::Lease(number), _) => self.lease_of(writer.user, number).map(drop),
            (_, State::Resolved | State::Superseded) => Err(self.cannot_be(act)),
            (Right::Lead | Right::Unheld, State::Claimed(lease)) => {
                Err(Refusal::HeldByAnother { holder: lease.holder })
            }
            (Right::Unheld, State::Open(Some(kept))) if kept.user != writer.user => {
                Err(Refusal::KeptForAnother { user: kept.user })
            }
            (Right::Lead | Right::Unheld, State::Open(_) | State::Waiting(_)) => Ok(()),
        }
    }

    /// The running lease with that number, if it is the caller's.
    fn lease_of(&self, user: UserId, named: i64) -> Result<Lease, Refusal> {
        match self.state {
            _ if named != self.fencing_number => Err(Refusal::LeaseLost { named }),
            State::Claimed(lease) if lease.holder == user => Ok(lease),
            State::Claimed(lease) => Err(Refusal::HeldByAnother { holder: lease.holder }),
            State::Open(_) | State::Waiting(_) | State::Resolved | State::Superseded => {
                Err(Refusal::LeaseLost { named })
            }
        }
    }

    pub(super) fn cannot_be(&self, act: &'static str) -> Refusal {
        Refusal::InvalidTransition { state: self.state.name(), act }
    }
}

/// Refuses a reason that says nothing.
pub(super) fn said(reason: &str) -> Result<(), Refusal> {
    let mut violations = Violations::default();
    violations.required("reason", reason, REASON_MAX);
    first(violations)
}

fn text(reason: &str) -> Result<(), Refusal> {
    let mut violations = Violations::default();
    violations.optional("reason", reason, REASON_MAX);
    first(violations)
}

fn first(violations: Violations) -> Result<(), Refusal> {
    match violations.into_vec().into_iter().next() {
        Some(violation) => Err(Refusal::Invalid(violation)),
        None => Ok(()),
    }
}
