//! Seats, and what must be agreed by whom.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::dictionary::Slug;
use serde::{Deserialize, Serialize};

use super::matching::distinct_people_max;
use super::{SectionName, UserId};

/// The people who approve changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Committee<S> {
    /// Its seats.
    pub seats: Vec<Seat>,
    /// What must be agreed by whom; a section without one has no say, so its changes wait.
    pub policies: Vec<Policy<S>>,
}

/// One seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// Its name, such as `coding` or `compliance`.
    pub slug: Slug,
    /// Who holds it; nobody while vacant.
    pub holder: Option<UserId>,
    /// Who votes in the holder's stead.
    pub delegate: Option<UserId>,
    /// First day of the term.
    pub starts_on: NaiveDate,
    /// Last day of the term; open when absent.
    pub ends_on: Option<NaiveDate>,
}

/// What must be agreed by whom on one section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy<S> {
    /// The section; `None` is every section without a policy of its own.
    pub section: Option<S>,
    /// Seats that must agree.
    pub required_seats: BTreeSet<Slug>,
    /// How many distinct people must agree in all, on whichever seat they sit.
    pub quorum: u32,
}

/// What is wrong with a committee.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Defect {
    /// Two seats of one name.
    #[error("seat `{0}` is there twice")]
    DuplicateSeat(Slug),
    /// A term that no day is in.
    #[error("the term of seat `{0}` ends before it starts")]
    TermEndsBeforeStart(Slug),
    /// A delegate who is the holder.
    #[error("the holder of seat `{0}` is its own delegate")]
    OwnDelegate(Slug),
    /// A delegate who stands in for nobody.
    #[error("seat `{0}` is vacant and has a delegate")]
    DelegateOfNobody(Slug),
    /// Two policies for one section, or two for every other section.
    #[error("there are two policies for {}", of(.0.as_ref()))]
    DuplicatePolicy(Option<String>),
    /// A policy that names a seat nobody could sit on.
    #[error("the policy for {} names seat `{seat}`, which does not exist", of(.section.as_ref()))]
    UnknownSeat {
        /// Section of the policy.
        section: Option<String>,
        /// The seat.
        seat: Slug,
    },
    /// A policy that would approve without anyone.
    #[error("the policy for {} asks for nobody: its quorum is 0", of(.0.as_ref()))]
    NoQuorum(Option<String>),
    /// A policy that nobody could satisfy.
    #[error(
        "the policy for {} asks for {quorum} people, and the seats give at most {people_max}",
        of(.section.as_ref())
    )]
    QuorumNeverMet {
        /// Section of the policy.
        section: Option<String>,
        /// How many must agree.
        quorum: u32,
        /// How many ever could.
        people_max: usize,
    },
}

impl Defect {
    /// Whether it is one of the seats, and not of the policies.
    pub fn is_of_seats(&self) -> bool {
        match self {
            Self::DuplicateSeat(_)
            | Self::TermEndsBeforeStart(_)
            | Self::OwnDelegate(_)
            | Self::DelegateOfNobody(_) => true,
            Self::DuplicatePolicy(_)
            | Self::UnknownSeat { .. }
            | Self::NoQuorum(_)
            | Self::QuorumNeverMet { .. } => false,
        }
    }
}

/// The section of a policy in words.
pub(super) fn of<S: std::fmt::Display>(section: Option<&S>) -> String {
    section.map_or_else(|| "other sections".to_owned(), |section| format!("`{section}`"))
}

impl<S: SectionName> Committee<S> {
    /// Everything that is wrong with it; a committee that is stored has none.
    pub fn defects(&self) -> Vec<Defect> {
        let mut seats = BTreeSet::new();
        let mut defects = Vec::new();
        for seat in &self.seats {
            if !seats.insert(&seat.slug) {
                defects.push(Defect::DuplicateSeat(seat.slug.clone()));
            }
            defects.extend(seat.defects());
        }
        let mut sections = BTreeSet::new();
        let people_max = self.people_max();
        for policy in &self.policies {
            let section = policy.section.as_ref().map(ToString::to_string);
            if !sections.insert(&policy.section) {
                defects.push(Defect::DuplicatePolicy(section.clone()));
            }
            let unknown = policy.required_seats.iter().filter(|seat| !seats.contains(seat));
            defects.extend(
                unknown.map(|seat| Defect::UnknownSeat {
                    section: section.clone(),
                    seat: seat.clone(),
                }),
            );
            let quorum = policy.quorum;
            if quorum == 0 {
                defects.push(Defect::NoQuorum(section));
            } else if usize::try_from(quorum).map_or(true, |quorum| quorum > people_max) {
                defects.push(Defect::QuorumNeverMet { section, quorum, people_max });
            }
        }
        defects
    }

    /// How many distinct people could ever vote on one change; a vacant seat may find somebody.
    fn people_max(&self) -> usize {
        let (filled, vacant): (Vec<&Seat>, Vec<&Seat>) =
            self.seats.iter().partition(|seat| seat.holder.is_some());
        let people: Vec<BTreeSet<UserId>> =
            filled.iter().map(|seat| seat.people().collect()).collect();
        vacant.len() + distinct_people_max(&people)
    }

    /// A seat by name.
    pub fn seat(&self, slug: &Slug) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.slug == *slug)
    }

    /// The policy for a section: its own, or else that of every other section.
    pub fn policy(&self, section: &S) -> Option<&Policy<S>> {
        let of = |wanted: Option<&S>| {
            self.policies.iter().find(|policy| policy.section.as_ref() == wanted)
        };
        of(Some(section)).or_else(|| of(None))
    }

    /// A seat that somebody holds today; standing in for a holder is not holding.
    pub fn held_by(&self, who: UserId, today: NaiveDate) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.holder == Some(who) && seat.in_term(today))
    }
}

impl Seat {
    /// Whether its term has begun and not ended; the last day belongs to it.
    pub fn in_term(&self, today: NaiveDate) -> bool {
        self.starts_on <= today && self.ends_on.is_none_or(|last| today <= last)
    }

    /// Who may vote for it on a day of its term: the holder, and the delegate in the holder's
    /// stead.
    ///
    /// A delegate's own seats and delegates do not matter, so delegation does not chain; a vacant
    /// seat has nobody to stand in for.
    pub fn people(&self) -> impl Iterator<Item = UserId> {
        self.holder.into_iter().chain(self.holder.and(self.delegate))
    }

    /// Whether somebody may vote for it today, interests aside.
    pub fn may_vote(&self, who: UserId, today: NaiveDate) -> bool {
        self.in_term(today) && self.people().any(|person| person == who)
    }

    fn defects(&self) -> impl Iterator<Item = Defect> {
        let slug = || self.slug.clone();
        let reversed = self.ends_on.is_some_and(|last| last < self.starts_on);
        let own = self.holder.is_some() && self.holder == self.delegate;
        let nobody = self.holder.is_none() && self.delegate.is_some();
        [
            reversed.then(|| Defect::TermEndsBeforeStart(slug())),
            own.then(|| Defect::OwnDelegate(slug())),
            nobody.then(|| Defect::DelegateOfNobody(slug())),
        ]
        .into_iter()
        .flatten()
    }
}
