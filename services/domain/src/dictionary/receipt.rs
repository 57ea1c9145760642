//! A receipt: what was decided, under which revision, on which inputs, and why.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::bundle::{Bundle, EVALUATOR_SEMANTICS, RevisionHash};
use super::canonical::{self, ContentHash};
use super::compile::{Compiled, Conflict};
use super::decide::{Facts, Unmapped};
use super::remark::Effect;
use super::selector::Slug;
use super::vocabulary::{
    Authorization, ClaimType, Eligibility, FilingProof, Likelihood, Network, NextAction,
    OwnerFunction, RecordClass,
};
use crate::codes::{Carc, Group, Lob, Rarc};
use crate::money::Cents;

/// What was decided, and everything needed to decide it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The bundle that decided.
    pub revision: RevisionHash,
    /// The semantics it was evaluated by.
    pub evaluator_semantics: u32,
    /// The hash of the canonical facts; see [`RecordedFacts::hash`].
    pub inputs_hash: ContentHash,
    /// The entry that spoke.
    pub entry: Option<Slug>,
    /// Why none did.
    pub unmapped: Option<Unmapped>,
    /// What it is in the books; `None` when no entry spoke.
    pub record_class: Option<RecordClass>,
    /// The next thing to do.
    pub next_action: NextAction,
    /// Whether an appeal is open.
    pub appealable: Likelihood,
    /// Who acts.
    pub owner_function: OwnerFunction,
    /// The team that acts, by slug.
    pub team: String,
    /// The owner rule that named the team.
    pub owner_rule: Option<String>,
    /// The effects of the remarks, the strongest first.
    pub effects: Vec<Effect>,
    /// The remark that changed the next action.
    pub overridden_by: Option<Rarc>,
    /// Why, a field an item, in the order in which fields compare.
    pub why: Vec<Reason>,
    /// What nearly spoke, the most specific first.
    pub near_misses: Vec<NearMiss>,
}

/// One reason of a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The field it is about.
    pub field: String,
    /// The reason in words.
    pub words: String,
}

/// An entry that nearly spoke.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NearMiss {
    /// Its slug.
    pub entry: Slug,
    /// The one field it missed by, or was outranked on.
    pub reason: Reason,
}

/// Facts that can be stored and decided again; remarks sorted and distinct.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedFacts {
    /// See [`Facts::group`].
    pub group: Group,
    /// See [`Facts::carc`].
    pub carc: Carc,
    /// See [`Facts::rarcs`].
    pub rarcs: Vec<Rarc>,
    /// See [`Facts::payer`].
    pub payer: Option<String>,
    /// See [`Facts::lob`].
    pub lob: Option<Lob>,
    /// See [`Facts::network`].
    pub network: Option<Network>,
    /// See [`Facts::facility`].
    pub facility: Option<String>,
    /// See [`Facts::service_line`].
    pub service_line: Option<String>,
    /// See [`Facts::claim_type`].
    pub claim_type: Option<ClaimType>,
    /// See [`Facts::authorization`].
    pub authorization: Option<Authorization>,
    /// See [`Facts::eligibility`].
    pub eligibility: Option<Eligibility>,
    /// See [`Facts::filing_proof`].
    pub filing_proof: Option<FilingProof>,
    /// See [`Facts::procedure`].
    pub procedure: Option<String>,
    /// See [`Facts::amount`].
    pub amount: Option<Cents>,
    /// See [`Facts::service_on`].
    pub service_on: Option<NaiveDate>,
}

impl RecordedFacts {
    /// Records facts.
    pub fn of(facts: &Facts<'_>) -> Self {
        let mut rarcs = facts.rarcs.to_vec();
        rarcs.sort();
        rarcs.dedup();
        Self {
            group: facts.group,
            carc: facts.carc,
            rarcs,
            payer: facts.payer.map(str::to_owned),
            lob: facts.lob,
            network: facts.network,
            facility: facts.facility.map(str::to_owned),
            service_line: facts.service_line.map(str::to_owned),
            claim_type: facts.claim_type,
            authorization: facts.authorization,
            eligibility: facts.eligibility,
            filing_proof: facts.filing_proof,
            procedure: facts.procedure.map(str::to_owned),
            amount: facts.amount,
            service_on: facts.service_on,
        }
    }

    /// The facts, ready to be decided.
    pub fn facts(&self) -> Facts<'_> {
        Facts {
            group: self.group,
            carc: self.carc,
            rarcs: &self.rarcs,
            payer: self.payer.as_deref(),
            lob: self.lob,
            network: self.network,
            facility: self.facility.as_deref(),
            service_line: self.service_line.as_deref(),
            claim_type: self.claim_type,
            authorization: self.authorization,
            eligibility: self.eligibility,
            filing_proof: self.filing_proof,
            procedure: self.procedure.as_deref(),
            amount: self.amount,
            service_on: self.service_on,
        }
    }

    /// The SHA-256 of the canonical form.
    ///
    /// An amount beyond 2^53 cents has no canonical form; it is hashed as its decimal text, so
    /// that every denial has a receipt.
    pub fn hash(&self) -> ContentHash {
        let text = canonical::to_canonical(self).unwrap_or_else(|_| {
            let amount = self.amount.map_or_else(String::new, |amount| amount.to_string());
            let without = Self { amount: None, ..self.clone() };
            canonical::to_canonical(&without).map_or(amount.clone(), |rest| rest + &amount)
        });
        ContentHash::of(&text)
    }
}

/// Why a receipt does not stand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// The receipt was made by semantics this evaluator does not have.
    #[error(
        "evaluator semantics {0} are not implemented; this evaluator has {EVALUATOR_SEMANTICS}"
    )]
    Semantics(u32),
    /// The bundle is not the one that decided.
    #[error("the receipt names revision {stated}, the bundle is {actual}")]
    OtherRevision {
        /// What the receipt says.
        stated: RevisionHash,
        /// What the bundle is.
        actual: RevisionHash,
    },
    /// The facts are not the ones that were decided.
    #[error("the receipt was made on other inputs")]
    OtherInputs,
    /// The bundle cannot decide.
    #[error("the bundle does not compile: {} conflicts", .0.len())]
    Bundle(Vec<Conflict>),
    /// Deciding again gives something else.
    #[error("deciding again gives another {0}")]
    Differs(&'static str),
}

/// Decides again from the bundle and the facts, and compares bit for bit.
///
/// # Errors
/// The first thing that differs.
pub fn verify(receipt: &Receipt, bundle: &Bundle, facts: &Facts<'_>) -> Result<(), Unverified> {
    let compiled = Compiled::new(bundle).map_err(Unverified::Bundle)?;
    compiled.verify(receipt, facts)
}

impl Compiled {
    /// As [`verify`], for a bundle that is compiled already.
    ///
    /// # Errors
    /// The first thing that differs.
    pub fn verify(&self, receipt: &Receipt, facts: &Facts<'_>) -> Result<(), Unverified> {
        if receipt.evaluator_semantics != self.bundle().evaluator_semantics {
            return Err(Unverified::Semantics(receipt.evaluator_semantics));
        }
        if receipt.revision != self.revision() {
            return Err(Unverified::OtherRevision {
                stated: receipt.revision,
                actual: self.revision(),
            });
        }
        if receipt.inputs_hash != RecordedFacts::of(facts).hash() {
            return Err(Unverified::OtherInputs);
        }
        let differences = receipt.differences(&self.explain(facts));
        differences.first().map_or(Ok(()), |field| Err(Unverified::Differs(field)))
    }
}

impl Receipt {
    /// The fields in which another receipt differs, in declaration order.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        differences(self, other)
    }
}

fn differences(stated: &Receipt, again: &Receipt) -> Vec<&'static str> {
    let same = [
        ("revision", stated.revision == again.revision),
        ("evaluator_semantics", stated.evaluator_semantics == again.evaluator_semantics),
        ("inputs_hash", stated.inputs_hash == again.inputs_hash),
        ("entry", stated.entry == again.entry),
        ("unmapped", stated.unmapped == again.unmapped),
        ("record_class", stated.record_class == again.record_class),
        ("next_action", stated.next_action == again.next_action),
        ("appealable", stated.appealable == again.appealable),
        ("owner_function", stated.owner_function == again.owner_function),
        ("team", stated.team == again.team),
        ("owner_rule", stated.owner_rule == again.owner_rule),
        ("effects", stated.effects == again.effects),
        ("overridden_by", stated.overridden_by == again.overridden_by),
        ("why", stated.why == again.why),
        ("near_misses", stated.near_misses == again.near_misses),
    ];
    same.iter().filter(|(_, same)| !same).map(|(field, _)| *field).collect()
}

#[cfg(test)]
mod tests;
