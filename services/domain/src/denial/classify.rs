//! The rules behind [`detect`](super::detect::detect).

use std::collections::BTreeMap;

use super::detect::{Denial, Exception, Extent, Findings, Stated, StatedReason};
use super::occurrence::{Adjustment, Level, Line, Occurrence};
use crate::codes::{Carc, ClaimStatus, Group, Rarc};
use crate::dictionary::vocabulary::{ExceptionKind, Likelihood, RecordClass};
use crate::dictionary::{Compiled, Decision, Facts};
use crate::money::Cents;

/// The claim or a line, with its adjustments summed by code.
struct Scope<'o> {
    level: Level,
    charge: Cents,
    paid: Cents,
    line: Option<&'o Line<'o>>,
    rarcs: Vec<Rarc>,
    sums: BTreeMap<(Group, Carc), Cents>,
    /// Whether CARC 45 takes all of the charge, here or of the claim as a whole.
    fee_schedule_takes_all: bool,
}

/// What has been taken from one level, by class.
#[derive(Default)]
struct Taken {
    denied: Cents,
    shares: Cents,
}

pub(super) fn adjustments<'c>(
    occurrence: &Occurrence<'_>,
    dictionary: &'c Compiled,
    findings: &mut Findings<'c>,
) {
    for scope in scopes(occurrence) {
        let from = findings.denials.len();
        let mut taken = Taken::default();
        for (&code, &amount) in &scope.sums {
            adjustment(occurrence, dictionary, &scope, (code, amount), findings);
        }
        for denial in &findings.denials[from..] {
            taken.denied = plus(taken.denied, denial.denied);
        }
        for stated in findings.stated.iter().filter(|stated| stated.level == scope.level) {
            if is_share(stated.reason) {
                taken.shares = plus(taken.shares, stated.amount);
            }
        }
        let extent = extent(scope.charge, scope.paid, &taken);
        for denial in &mut findings.denials[from..] {
            denial.extent = extent;
        }
    }
}

fn adjustment<'c>(
    occurrence: &Occurrence<'_>,
    dictionary: &'c Compiled,
    scope: &Scope<'_>,
    ((group, carc), amount): ((Group, Carc), Cents),
    findings: &mut Findings<'c>,
) {
    let level = scope.level;
    let mut state = |reason: StatedReason, decision: Option<Decision<'c>>| {
        findings.stated.push(Stated { level, group, carc, amount, reason, decision });
    };
    if occurrence.status == ClaimStatus::Reversal {
        return state(StatedReason::Reversal, None);
    }
    if occurrence.status == ClaimStatus::Predetermination {
        return state(StatedReason::Predetermination, None);
    }
    let decision = dictionary.decide(&facts(occurrence, scope, (group, carc), amount));
    let except = |kind: ExceptionKind| Exception {
        kind,
        level,
        code: Some((group, carc)),
        rarcs: scope.rarcs.clone(),
        amount,
        decision: Some(decision),
    };
    let class = match decision.outcome {
        Ok(entry) => entry.meaning.record_class,
        Err(unmapped) => return findings.exceptions.push(except(unmapped.kind())),
    };
    if amount <= Cents::ZERO {
        return state(StatedReason::NothingTaken, Some(decision));
    }
    if scope.fee_schedule_takes_all && is_fee_schedule(carc) {
        return findings.exceptions.push(except(ExceptionKind::WholeChargeContractual));
    }
    match class {
        RecordClass::Denial => findings.denials.push(Denial {
            level,
            group,
            carc,
            rarcs: scope.rarcs.clone(),
            denied: amount,
            extent: Extent::Partial,
            decision,
        }),
        RecordClass::Context if decision.appealable != Likelihood::No => {
            findings.exceptions.push(except(ExceptionKind::ContractReview));
        }
        RecordClass::Context
        | RecordClass::Contractual
        | RecordClass::PatientResponsibility
        | RecordClass::Informational
        | RecordClass::Pending => state(StatedReason::Class(class), Some(decision)),
    }
}

/// CARC 45: the charge exceeds the fee schedule. It may not equal the whole charge: no fee schedule
/// pays nothing (X12 text of the code). Payers split it over groups, and over claim and lines.
fn is_fee_schedule(carc: Carc) -> bool {
    carc.as_str() == "45"
}

fn fee_schedule_total(adjustments: &[Adjustment]) -> Cents {
    let all = adjustments.iter().filter(|adjustment| is_fee_schedule(adjustment.carc));
    all.fold(Cents::ZERO, |sum, adjustment| plus(sum, adjustment.amount))
}

/// Contractual and patient shares: what a full denial cannot take.
fn is_share(reason: StatedReason) -> bool {
    matches!(
        reason,
        StatedReason::Class(RecordClass::Contractual | RecordClass::PatientResponsibility)
    )
}

fn extent(charge: Cents, paid: Cents, taken: &Taken) -> Extent {
    if taken.denied <= Cents::ZERO {
        Extent::None
    } else if paid == Cents::ZERO && taken.denied >= minus(charge, taken.shares) {
        Extent::Full
    } else {
        Extent::Partial
    }
}

/// The claim, then its lines; the remarks of the claim stand on every line as well.
fn scopes<'o>(occurrence: &'o Occurrence<'o>) -> Vec<Scope<'o>> {
    let takes_all = |total: Cents, charge: Cents| charge > Cents::ZERO && total == charge;
    let of_lines = occurrence.lines.iter().map(|line| fee_schedule_total(&line.adjustments));
    let everywhere = of_lines.fold(fee_schedule_total(&occurrence.adjustments), plus);
    let whole = occurrence.paid == Cents::ZERO && takes_all(everywhere, occurrence.charge);
    let claim = Scope {
        level: Level::Claim,
        charge: occurrence.charge,
        paid: occurrence.paid,
        line: None,
        rarcs: sorted(occurrence.remarks.clone()),
        sums: sums(&occurrence.adjustments),
        fee_schedule_takes_all: whole
            || takes_all(fee_schedule_total(&occurrence.adjustments), occurrence.charge),
    };
    let lines = occurrence.lines.iter().enumerate().map(|(at, line)| Scope {
        level: Level::Line(at),
        charge: line.charge,
        paid: line.paid,
        line: Some(line),
        rarcs: sorted([&line.remarks[..], &occurrence.remarks[..]].concat()),
        sums: sums(&line.adjustments),
        fee_schedule_takes_all: whole
            || takes_all(fee_schedule_total(&line.adjustments), line.charge),
    });
    std::iter::once(claim).chain(lines).collect()
}

fn sorted(mut rarcs: Vec<Rarc>) -> Vec<Rarc> {
    rarcs.sort();
    rarcs.dedup();
    rarcs
}

fn sums(adjustments: &[Adjustment]) -> BTreeMap<(Group, Carc), Cents> {
    let mut sums = BTreeMap::new();
    for adjustment in adjustments {
        let sum: &mut Cents = sums.entry((adjustment.group, adjustment.carc)).or_default();
        *sum = plus(*sum, adjustment.amount);
    }
    sums
}

fn facts<'f>(
    occurrence: &'f Occurrence<'_>,
    scope: &'f Scope<'_>,
    (group, carc): (Group, Carc),
    amount: Cents,
) -> Facts<'f> {
    let claim = &occurrence.claim;
    Facts {
        group,
        carc,
        rarcs: &scope.rarcs,
        payer: claim.payer,
        lob: claim.lob,
        network: claim.network,
        facility: claim.facility,
        service_line: scope.line.map_or(claim.service_line, |line| line.service_line),
        claim_type: claim.claim_type,
        authorization: claim.authorization,
        eligibility: claim.eligibility,
        filing_proof: claim.filing_proof,
        procedure: scope.line.and_then(|line| line.procedure),
        amount: Some(amount),
        service_on: scope.line.and_then(|line| line.service_on).or(claim.service_on),
    }
}

/// Paid zero that no adjustment explains: on a line when the claim has no adjustment of its own,
/// else on the claim, for what its lines leave over.
pub(super) fn unexplained(occurrence: &Occurrence<'_>, findings: &mut Findings<'_>) {
    let unadjudicated =
        [ClaimStatus::Reversal, ClaimStatus::Predetermination, ClaimStatus::NotOursForwarded];
    if unadjudicated.contains(&occurrence.status) {
        return;
    }
    let mut reported = Cents::ZERO;
    if occurrence.adjustments.is_empty() {
        for (at, line) in occurrence.lines.iter().enumerate() {
            let missing = shortfall(line.charge, line.paid, total(&line.adjustments));
            if line.paid == Cents::ZERO && missing > Cents::ZERO {
                reported = plus(reported, missing);
                findings.exceptions.push(zero_payment(Level::Line(at), missing));
            }
        }
    }
    let rest = minus(claim_shortfall(occurrence), reported);
    if occurrence.paid == Cents::ZERO && rest > Cents::ZERO {
        findings.exceptions.push(zero_payment(Level::Claim, rest));
    }
    findings.exceptions.sort_by_key(|exception| (exception.level, exception.code, exception.kind));
}

fn zero_payment<'c>(level: Level, amount: Cents) -> Exception<'c> {
    Exception {
        kind: ExceptionKind::UnexplainedZeroPayment,
        level,
        code: None,
        rarcs: Vec::new(),
        amount,
        decision: None,
    }
}

fn total(adjustments: &[Adjustment]) -> Cents {
    adjustments.iter().fold(Cents::ZERO, |sum, adjustment| plus(sum, adjustment.amount))
}

fn shortfall(charge: Cents, paid: Cents, adjusted: Cents) -> Cents {
    minus(minus(charge, paid), adjusted)
}

fn claim_shortfall(occurrence: &Occurrence<'_>) -> Cents {
    let lines = occurrence.lines.iter().map(|line| total(&line.adjustments));
    let adjusted = lines.fold(total(&occurrence.adjustments), plus);
    shortfall(occurrence.charge, occurrence.paid, adjusted)
}

pub(super) fn roll_up(occurrence: &Occurrence<'_>, findings: &mut Findings<'_>) {
    let mut sums = findings.roll_up;
    for denial in &findings.denials {
        sums.denied = plus(sums.denied, denial.denied);
    }
    for stated in &findings.stated {
        let StatedReason::Class(class) = stated.reason else { continue };
        let sum = match class {
            RecordClass::Contractual => &mut sums.contractual,
            RecordClass::PatientResponsibility => &mut sums.patient,
            RecordClass::Pending => &mut sums.pending,
            RecordClass::Context => &mut sums.exceptional,
            RecordClass::Informational | RecordClass::Denial => &mut sums.informational,
        };
        *sum = plus(*sum, stated.amount);
    }
    for exception in findings.exceptions.iter().filter(|exception| exception.code.is_some()) {
        sums.exceptional = plus(sums.exceptional, exception.amount);
    }
    let shares = plus(sums.contractual, sums.patient);
    sums.extent =
        extent(occurrence.charge, occurrence.paid, &Taken { denied: sums.denied, shares });
    sums.unexplained = claim_shortfall(occurrence);
    findings.roll_up = sums;
}

/// A sum that ends at the largest amount: a file may state amounts that no sum holds, and a claim
/// of 92 quadrillion dollars is a finding of the reader, not a reason to stop.
pub(super) fn plus(a: Cents, b: Cents) -> Cents {
    Cents::new(a.as_i64().saturating_add(b.as_i64()))
}

/// A difference that ends where amounts end; see [`plus`].
fn minus(a: Cents, b: Cents) -> Cents {
    Cents::new(a.as_i64().saturating_sub(b.as_i64()))
}
