//! One decision: which entry speaks for a denial, and what its remarks change.

use chrono::NaiveDate;

use super::compile::Compiled;
use super::entry::{Entry, Match};
use super::owner::{Place, Team};
use super::remark::{Effect, Effects, Opened, RemarkRule};
use super::sections::ExceptionPolicy;
use super::selector::Slug;
use super::vocabulary::{
    Authorization, Category, ClaimType, Eligibility, ExceptionKind, FilingProof, Likelihood,
    Network, NextAction, OwnerFunction, RecordClass,
};
use crate::codes::{Carc, Group, Lob, Rarc};
use crate::deadline::{Path, Wanted};
use crate::money::Cents;
use crate::words::words;

/// What is known of one denial; unknown is `None`, never a guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts<'a> {
    /// Group code.
    pub group: Group,
    /// Reason code.
    pub carc: Carc,
    /// Remarks: the line's LQ and the claim's MIA and MOA, in any order.
    pub rarcs: &'a [Rarc],
    /// The payer's slug.
    pub payer: Option<&'a str>,
    /// Line of business.
    pub lob: Option<Lob>,
    /// Contracted or not.
    pub network: Option<Network>,
    /// The facility's slug.
    pub facility: Option<&'a str>,
    /// The service line's slug.
    pub service_line: Option<&'a str>,
    /// Form of the claim.
    pub claim_type: Option<ClaimType>,
    /// The authorization on record.
    pub authorization: Option<Authorization>,
    /// The coverage on record.
    pub eligibility: Option<Eligibility>,
    /// The proof of timely filing on record.
    pub filing_proof: Option<FilingProof>,
    /// Procedure code of the line.
    pub procedure: Option<&'a str>,
    /// The denied amount.
    pub amount: Option<Cents>,
    /// The date of service.
    pub service_on: Option<NaiveDate>,
}

impl<'a> Facts<'a> {
    /// Facts of which only the codes are known.
    pub fn of_codes(group: Group, carc: Carc, rarcs: &'a [Rarc]) -> Self {
        Self {
            group,
            carc,
            rarcs,
            payer: None,
            lob: None,
            network: None,
            facility: None,
            service_line: None,
            claim_type: None,
            authorization: None,
            eligibility: None,
            filing_proof: None,
            procedure: None,
            amount: None,
            service_on: None,
        }
    }

    /// Where the denial stands, as far as owners are concerned.
    pub fn place(&self) -> Place<'a> {
        Place { payer: self.payer, facility: self.facility, service_line: self.service_line }
    }
}

words! {
    /// Why no entry speaks for a denial.
    Unmapped {
        /// Group CR, a 4010 code.
        CorrectionGroup = "correction_group",
        /// A group code that is not in the code set.
        UnknownGroup = "unknown_group",
        /// No entry names this CARC.
        UnknownCode = "unknown_code",
        /// Entries name the CARC, none this combination.
        UnmappedCombination = "unmapped_combination",
    }
}

impl Unmapped {
    /// The exception policy that has it.
    pub const fn kind(self) -> ExceptionKind {
        match self {
            Self::CorrectionGroup => ExceptionKind::CorrectionGroup,
            Self::UnknownGroup => ExceptionKind::UnknownGroup,
            Self::UnknownCode => ExceptionKind::UnknownCode,
            Self::UnmappedCombination => ExceptionKind::UnmappedCombination,
        }
    }
}

/// What the dictionary says of one denial.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'c> {
    /// The entry that speaks for it, or why none does.
    pub outcome: Result<&'c Entry, Unmapped>,
    /// The next thing to do, after the remarks had their say.
    pub next_action: NextAction,
    /// Whether an appeal is open, after the remarks had their say.
    pub appealable: Likelihood,
    /// Who acts.
    pub owner_function: OwnerFunction,
    /// The team that owner function is, here.
    pub team: Team<'c>,
    /// The effects of the remarks.
    pub effects: Effects,
    /// The paths the remarks open.
    pub opened: Opened,
    /// The remark that changed the next action, when one did.
    pub overridden_by: Option<&'c RemarkRule>,
    /// The policy for what no entry speaks for.
    pub exception: Option<&'c ExceptionPolicy>,
}

impl<'c> Decision<'c> {
    /// The entry that speaks for the denial.
    pub fn entry(&self) -> Option<&'c Entry> {
        self.outcome.ok()
    }

    /// What it is in the books; `None` when no entry speaks for it.
    pub fn record_class(&self) -> Option<RecordClass> {
        self.entry().map(|entry| entry.meaning.record_class)
    }

    /// The open paths: the entry's, less what remarks bar, plus what remarks add.
    pub fn paths(&self) -> impl Iterator<Item = Path> + use<'c> {
        let decision = *self;
        Path::ALL.iter().copied().filter(move |path| decision.is_open(*path))
    }

    /// The open paths with the deadline rules the entry names, for [`RuleBook::choose`].
    ///
    /// [`RuleBook::choose`]: crate::deadline::RuleBook::choose
    pub fn wanted(&self) -> Vec<Wanted<'c>> {
        let rules = |path: Path| {
            let paths = self.entry().map_or(&[][..], |entry| &entry.meaning.paths[..]);
            let stated = paths.iter().find(|stated| stated.path == path);
            stated.map_or(&[][..], |stated| &stated.rules[..]).iter().map(Slug::as_str)
        };
        self.paths().map(|path| Wanted::named(path, rules(path))).collect()
    }

    /// Whether one path is open.
    ///
    /// A peer-to-peer talk argues the decision as an appeal does, so what bars one bars the other.
    /// A claim that must be sent again was never adjudicated or is to be replaced: nothing of it
    /// can be reopened, and only the way the remark names, or that of a claim, is left.
    pub fn is_open(&self, path: Path) -> bool {
        let Some(entry) = self.entry() else { return false };
        if self.opened.contains(path) {
            return !path.is_appeal() || self.appealable != Likelihood::No;
        }
        let barred =
            (path.is_appeal() || path == Path::PeerToPeer) && self.appealable == Likelihood::No;
        let is_claim = matches!(path, Path::OriginalFiling | Path::CorrectedClaim);
        let replaced = self.effects.contains(Effect::NoAppealResubmit)
            && !(is_claim && self.opened.is_empty());
        !barred && !replaced && entry.meaning.paths.iter().any(|stated| stated.path == path)
    }
}

impl Compiled {
    /// Decides one denial. Allocates nothing.
    pub fn decide(&self, facts: &Facts<'_>) -> Decision<'_> {
        match self.find(facts) {
            Ok(entry) => self.rule(entry, facts),
            Err(unmapped) => self.except(unmapped, facts),
        }
    }

    pub(super) fn find(&self, facts: &Facts<'_>) -> Result<&Entry, Unmapped> {
        match facts.group {
            Group::CR => return Err(Unmapped::CorrectionGroup),
            Group::Other(_) => return Err(Unmapped::UnknownGroup),
            Group::CO | Group::OA | Group::PI | Group::PR => {}
        }
        let entries = &self.bundle().entries;
        match self.index().best(entries, facts) {
            Some(at) => Ok(&entries[at]),
            None if self.index().knows(facts.carc) => Err(Unmapped::UnmappedCombination),
            None => Err(Unmapped::UnknownCode),
        }
    }

    fn rule<'c>(&'c self, entry: &'c Entry, facts: &Facts<'_>) -> Decision<'c> {
        let meaning = &entry.meaning;
        let mut decision = Decision {
            outcome: Ok(entry),
            next_action: meaning.next_action,
            appealable: meaning.appealable,
            owner_function: meaning.owner_function,
            team: self.team(meaning.owner_function, facts.place()),
            effects: Effects::default(),
            opened: Opened::default(),
            overridden_by: None,
            exception: None,
        };
        if !facts.rarcs.is_empty() {
            self.apply_remarks(&mut decision, entry, facts);
        }
        decision
    }

    fn except<'c>(&'c self, unmapped: Unmapped, facts: &Facts<'_>) -> Decision<'c> {
        let policy = self.policy(unmapped.kind());
        let mut effects = Effects::default();
        for effect in facts.rarcs.iter().filter_map(|rarc| self.remark(*rarc)?.effect) {
            effects.add(effect);
        }
        Decision {
            outcome: Err(unmapped),
            next_action: NextAction::ExceptionReview,
            appealable: Likelihood::Conditional,
            owner_function: policy.owner_function,
            team: Team { slug: policy.team.as_str(), rule: None },
            effects,
            opened: Opened::default(),
            overridden_by: None,
            exception: Some(policy),
        }
    }

    /// Lets effects override, the strongest first; among equals the lower code speaks.
    fn apply_remarks<'c>(
        &'c self,
        decision: &mut Decision<'c>,
        entry: &'c Entry,
        facts: &Facts<'_>,
    ) {
        let mut strongest: Option<(&RemarkRule, NextAction)> = None;
        for rule in facts.rarcs.iter().filter_map(|rarc| self.remark(*rarc)) {
            let Some(effect) = rule.effect else { continue };
            decision.effects.add(effect);
            if let Some(path) = rule.opens {
                decision.opened.add(path);
            }
            let Some(action) = renamed_action(entry, rule, effect) else { continue };
            let beats = strongest
                .is_none_or(|(held, _)| (rule.effect, rule.rarc) < (held.effect, held.rarc));
            if beats {
                strongest = Some((rule, action));
            }
        }
        if bars_appeal(decision.effects, entry.meaning.category) {
            decision.appealable = Likelihood::No;
        }
        if let Some((rule, action)) = strongest {
            decision.next_action = action;
            decision.overridden_by = Some(rule);
            if entry.meaning.next_action == NextAction::PatientBill && goes_to_payer(action) {
                decision.owner_function = OwnerFunction::Billing;
                decision.team = self.team(OwnerFunction::Billing, facts.place());
            }
        }
    }
}

/// Whoever collects from patients does not send claims: such a step is billing's.
fn goes_to_payer(action: NextAction) -> bool {
    matches!(action, NextAction::NewClaim | NextAction::CorrectedClaim | NextAction::SendDocuments)
}

/// Whether no appeal may be opened, whatever the entry says.
fn bars_appeal(effects: Effects, category: Category) -> bool {
    effects.contains(Effect::NoAppealResubmit)
        || effects.contains(Effect::NoAppealRights)
        || effects.contains(Effect::AppealWindowClosed)
        || effects.contains(Effect::AppealOtherClaim)
        || (effects.contains(Effect::NoAppealExceptDuplicateIssue)
            && category != Category::Duplicate)
}

/// The next action a remark gives an entry; `None` when it leaves the entry's own.
///
/// Only what is worked has a next action to override: a contractual or patient share stays what
/// it is. An entry that names the remark was written with it in view and keeps its own action,
/// unless that is an appeal the remark bars.
fn renamed_action(entry: &Entry, rule: &RemarkRule, effect: Effect) -> Option<NextAction> {
    let meaning = &entry.meaning;
    let worked = matches!(
        meaning.record_class,
        RecordClass::Denial | RecordClass::Pending | RecordClass::Context
    );
    if !worked {
        return None;
    }
    let barred =
        |instead: NextAction| (meaning.next_action == NextAction::Appeal).then_some(instead);
    if let Some(action) = rule.next_action
        && !names(&entry.matches, rule.rarc)
    {
        return Some(action);
    }
    match effect {
        Effect::NoAppealResubmit => barred(NextAction::CorrectedClaim),
        Effect::NoAppealRights => barred(NextAction::Close),
        Effect::AppealWindowClosed => barred(NextAction::WriteOff),
        Effect::NoAppealExceptDuplicateIssue => {
            barred(NextAction::Close).filter(|_| meaning.category != Category::Duplicate)
        }
        Effect::AppealOtherClaim => barred(NextAction::ExceptionReview),
        Effect::ForwardedToOtherPayer => {
            (meaning.next_action == NextAction::RebillOtherPayer).then_some(NextAction::Wait)
        }
        Effect::DoNotResubmitAutoReprocess
        | Effect::AdditionalInfoRequested
        | Effect::PeerToPeerAvailable
        | Effect::NotInAppealScope
        | Effect::AppealResult
        | Effect::NsaIndicator
        | Effect::AppealRightsStated => None,
    }
}

fn names(wanted: &Match, rarc: Rarc) -> bool {
    wanted.rarc.all.contains(&rarc) || wanted.rarc.any.contains(&rarc)
}

#[cfg(test)]
mod tests;
