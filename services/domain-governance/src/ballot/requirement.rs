//! What must hold before a change is approved, in words.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::dictionary::Slug;
use serde::{Deserialize, Serialize};

use super::committee::of;
use super::matching::distinct_people_max;
use super::{ChangeRequest, CheckKind, Committee, Policy, Seat, SectionName, UserId};

/// Something that must hold before approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// Stable code: `edited`, `not_declined`, `verify_fresh`, `verify_passed`, `replay_fresh`,
    /// `replay_passed`; `seat_` and a seat; `policy_`, `quorum_` or `quorum_reachable_` and a
    /// section, the latter two without one for the policy of every other section.
    pub code: String,
    /// In words.
    pub words: String,
    /// Whether it holds.
    pub met: bool,
}

impl Requirement {
    fn new(code: impl Into<String>, words: String, met: bool) -> Self {
        Self { code: code.into(), words, met }
    }
}

impl<S: SectionName> ChangeRequest<S> {
    /// Everything that must hold before approval, each once.
    ///
    /// Today matters to who may still vote; a vote that was cast by right stands.
    pub fn requirements(&self, committee: &Committee<S>, today: NaiveDate) -> Vec<Requirement> {
        let mut needed = vec![
            Requirement::new("edited", self.edited_words(), self.has_edits()),
            Requirement::new("not_declined", "no seat declines".to_owned(), !self.is_declined()),
        ];
        needed.extend(CheckKind::ALL.iter().flat_map(|kind| self.proof(*kind)));
        let mut policies: Vec<&Policy<S>> = Vec::new();
        for section in &self.sections {
            match committee.policy(section) {
                Some(policy) if policies.contains(&policy) => {}
                Some(policy) => policies.push(policy),
                None => needed.push(Requirement::new(
                    format!("policy_{section}"),
                    format!("no policy says who must agree on `{section}`"),
                    false,
                )),
            }
        }
        let seats: BTreeSet<&Slug> =
            policies.iter().flat_map(|policy| &policy.required_seats).collect();
        needed.extend(seats.into_iter().map(|slug| self.agreed(slug, committee, today)));
        let people: BTreeSet<UserId> = self.agreeing_people(committee);
        let reachable = self.reachable(&people, committee, today);
        needed.extend(policies.iter().flat_map(|policy| quorum(policy, people.len(), reachable)));
        needed
    }

    /// The requirements that do not hold.
    pub(super) fn unmet(
        &self,
        committee: &Committee<S>,
        today: NaiveDate,
    ) -> impl Iterator<Item = Requirement> {
        self.requirements(committee, today).into_iter().filter(|requirement| !requirement.met)
    }

    fn edited_words(&self) -> String {
        if self.has_edits() { "something is edited" } else { "nothing is edited" }.to_owned()
    }

    /// Whether a check is there, and whether it passed.
    fn proof(&self, kind: CheckKind) -> [Requirement; 2] {
        let check = self.fresh_check(kind);
        let fresh = match check {
            Some(_) => format!("{kind} has run on this content and base"),
            None => format!("{kind} has not run on this content and base"),
        };
        let passed = match check {
            Some(check) if check.passed && check.short_history => {
                format!("{kind} passed, on fewer than 90 days of history")
            }
            Some(check) if check.passed => format!("{kind} passed"),
            Some(_) => format!("{kind} found something that stands against a vote"),
            None => format!("{kind} must pass on this content and base"),
        };
        [
            Requirement::new(format!("{kind}_fresh"), fresh, check.is_some()),
            Requirement::new(format!("{kind}_passed"), passed, check.is_some_and(|it| it.passed)),
        ]
    }

    /// Whether a seat agreed; if nobody may vote for it today, the words say why.
    fn agreed(&self, slug: &Slug, committee: &Committee<S>, today: NaiveDate) -> Requirement {
        let seat = committee.seat(slug);
        // A seat that is there no more has no say, whatever was said for it.
        let met = seat.is_some() && self.approvals().any(|review| review.seat == *slug);
        let words = match seat {
            _ if met => format!("seat `{slug}` agreed"),
            None => format!("seat `{slug}` must agree and does not exist"),
            Some(seat) if seat.holder.is_none() => {
                format!("seat `{slug}` must agree and is vacant")
            }
            Some(seat) if !seat.in_term(today) => {
                format!("seat `{slug}` must agree and is not in its term today")
            }
            Some(seat) if self.eligible(seat).next().is_none() => format!(
                "seat `{slug}` must agree, and everyone who may vote for it wrote, edited or \
                 forced this change, or recused"
            ),
            Some(_) => format!("seat `{slug}` has yet to agree"),
        };
        Requirement::new(format!("seat_{slug}"), words, met)
    }

    /// Who may vote for a seat on this change, its term aside.
    fn eligible<'a>(&'a self, seat: &'a Seat) -> impl Iterator<Item = UserId> + 'a {
        seat.people().filter(|person| !self.is_interested(*person) && !self.is_recused(*person))
    }

    /// The distinct people who agreed, for seats that are still there.
    fn agreeing_people(&self, committee: &Committee<S>) -> BTreeSet<UserId> {
        self.approvals()
            .filter(|review| committee.seat(&review.seat).is_some())
            .map(|review| review.reviewer)
            .collect()
    }

    /// How many distinct people could agree, counting those who did.
    fn reachable(
        &self,
        agreed: &BTreeSet<UserId>,
        committee: &Committee<S>,
        today: NaiveDate,
    ) -> usize {
        let silent: Vec<BTreeSet<UserId>> = committee
            .seats
            .iter()
            .filter(|seat| seat.in_term(today))
            .filter(|seat| !self.approvals().any(|review| review.seat == seat.slug))
            .map(|seat| self.eligible(seat).filter(|person| !agreed.contains(person)).collect())
            .collect();
        agreed.len() + distinct_people_max(&silent)
    }
}

fn quorum<S: SectionName>(
    policy: &Policy<S>,
    agreed: usize,
    reachable: usize,
) -> impl Iterator<Item = Requirement> {
    let suffix = policy.section.as_ref().map_or_else(String::new, |section| format!("_{section}"));
    let section = of(policy.section.as_ref());
    // Zero is a defect of the committee; it must not become an approval by nobody.
    let wanted = usize::try_from(policy.quorum).unwrap_or(usize::MAX).max(1);
    let counted = Requirement::new(
        format!("quorum{suffix}"),
        format!("{agreed} of {wanted} people agreed on {section}"),
        agreed >= wanted,
    );
    let never = (reachable < wanted).then(|| {
        Requirement::new(
            format!("quorum_reachable{suffix}"),
            format!(
                "{wanted} people must agree on {section} and today at most {reachable} can: \
                 whoever wrote, edited or forced the change or recused does not count, nor does \
                 a seat outside its term"
            ),
            false,
        )
    });
    std::iter::once(counted).chain(never)
}
