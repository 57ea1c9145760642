//! What each end needs, field by field.

use domain::codes::Group;
use domain::money::Cents;

use super::{Appealing, CLAIM_NUMBER_MAX, Known, ResolutionKind, Stated, WRITE_OFF_CODE_MAX};
use crate::hold::REASON_MAX;
use crate::violation::{Violations, says_nothing};
use crate::{Violation, WorkKind};

/// Everything that is wrong with an end.
pub(super) fn violations(stated: &Stated<'_>, known: &Known<'_>) -> Vec<Violation> {
    let mut found = Violations::default();
    kind(stated, known, &mut found);
    money(stated, known, &mut found);
    claim_number(stated, &mut found);
    write_off(stated, known, &mut found);
    reason(stated, known, &mut found);
    found.into_vec()
}

/// What is neither back nor given up; never negative for an end without violations.
pub(super) fn left(stated: &Stated<'_>, known: &Known<'_>) -> Cents {
    let exact = |amount: Cents| i128::from(amount.as_i64());
    let left = exact(known.at_stake) - exact(stated.recovered) - exact(stated.written_off);
    Cents::new(i64::try_from(left.max(0)).unwrap_or(i64::MAX))
}

fn kind(stated: &Stated<'_>, known: &Known<'_>, found: &mut Violations) {
    if stated.kind != ResolutionKind::Appeal {
        return;
    }
    if known.work == WorkKind::Rejection {
        // 277CA (X12 005010X214): turned back before adjudication, so there is no initial
        // determination that could be appealed (42 CFR 405.926(s) for Medicare).
        found.add(
            "kind",
            "is APPEAL, and the claim was rejected before a payer decided it: there is nothing to \
             appeal; correct it and send it again",
        );
    } else if known.appeal == Appealing::Closed {
        found.add(
            "kind",
            "is APPEAL, and no appeal is on record and no path of appeal is open for the item",
        );
    }
}

fn money(stated: &Stated<'_>, known: &Known<'_>, found: &mut Violations) {
    let (recovered, written_off, at_stake) =
        (stated.recovered, stated.written_off, known.at_stake.max(Cents::ZERO));
    for (field, amount) in [("recovered", recovered), ("written_off", written_off)] {
        if amount.is_negative() {
            found.add(
                field,
                format!("is {amount}; an amount below zero is a take-back, not an end"),
            );
        }
    }
    if recovered.is_negative() || written_off.is_negative() {
        return;
    }
    if recovered > at_stake {
        found.add(
            "recovered",
            format!(
                "is {recovered}, and only {at_stake} was at stake: interest and payments for other \
                 services are not recovered by this item"
            ),
        );
    } else {
        let rest = Cents::new(at_stake.as_i64() - recovered.as_i64());
        if written_off > rest {
            found.add(
                "written_off",
                format!(
                    "is {written_off}, and of {at_stake} at stake {recovered} came back: at most \
                     {rest} is left to write off"
                ),
            );
        } else if stated.kind == ResolutionKind::Adjustment
            && written_off > Cents::ZERO
            && written_off < rest
        {
            let open = Cents::new(rest.as_i64() - written_off.as_i64());
            found.add(
                "written_off",
                format!(
                    "is {written_off}, which leaves {open} of {at_stake} neither back nor written \
                     off: write off the rest too, or end the item another way"
                ),
            );
        }
    }
}

fn claim_number(stated: &Stated<'_>, found: &mut Violations) {
    let (field, number) = ("corrected_claim_number", stated.corrected_claim_number);
    match stated.kind {
        ResolutionKind::Correction | ResolutionKind::Resubmission => {
            found.required(field, number, CLAIM_NUMBER_MAX);
        }
        _ => found.optional(field, number, CLAIM_NUMBER_MAX),
    }
}

fn write_off(stated: &Stated<'_>, known: &Known<'_>, found: &mut Violations) {
    let (field, code) = ("write_off_code", stated.write_off_code);
    let gives_up = stated.written_off > Cents::ZERO;
    match stated.kind {
        ResolutionKind::Adjustment => {
            found.required(field, code, WRITE_OFF_CODE_MAX);
            if stated.written_off == Cents::ZERO && known.at_stake > Cents::ZERO {
                found.add("written_off", "is required: an adjustment gives money up");
            }
        }
        ResolutionKind::Escalation | ResolutionKind::PatientBill | ResolutionKind::OtherPayer
            if gives_up =>
        {
            found.add(
                "written_off",
                format!(
                    "is {}, and {} keeps the money alive: end the part that is given up with \
                     ADJUSTMENT",
                    stated.written_off, stated.kind
                ),
            );
        }
        _ if gives_up && says_nothing(code) => {
            found.add(field, format!("is required, because {} is written off", stated.written_off));
        }
        _ if gives_up => found.optional(field, code, WRITE_OFF_CODE_MAX),
        _ if !says_nothing(code) => found.add(field, "is given, and nothing is written off"),
        _ => {}
    }
}

fn reason(stated: &Stated<'_>, known: &Known<'_>, found: &mut Violations) {
    let field = "reason";
    let silent = says_nothing(stated.reason);
    match stated.kind {
        ResolutionKind::Escalation => found.required(field, stated.reason, REASON_MAX),
        ResolutionKind::PatientBill if silent => {
            // Only PR says that the patient owes it (CAS01 of X12 005010X221A1); beyond that
            // assignment forbids billing: 42 CFR 424.55(b) for Medicare, 447.15 for Medicaid.
            let others: Vec<&str> = known
                .groups
                .iter()
                .filter(|group| **group != Group::PR)
                .map(Group::as_str)
                .collect();
            if known.groups.is_empty() {
                found.add(field, "is required: no group code says that the patient owes it");
            } else if !others.is_empty() {
                found.add(
                    field,
                    format!(
                        "is required: group {} does not say that the patient owes it, only PR does",
                        others.join(", ")
                    ),
                );
            }
        }
        ResolutionKind::Closed if silent && left(stated, known) > Cents::ZERO => {
            found.add(
                field,
                format!(
                    "is required: {} is left neither back nor written off",
                    left(stated, known)
                ),
            );
        }
        _ => found.optional(field, stated.reason, REASON_MAX),
    }
}
