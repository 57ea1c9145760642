use contracts::dictionary::v1 as dictionary;
use contracts::google::r#type::Date;

use super::*;

fn approved(days: [Option<(u32, u32)>; 2], procedures: &[&str]) -> pb::ClaimContext {
    let [valid_from, valid_to] = days.map(|day| {
        let (month, day) = day?;
        Some(Date { year: 2026, month: month.cast_signed(), day: day.cast_signed() })
    });
    let authorization = pb::Authorization {
        status: dictionary::AuthorizationStatus::Approved.into(),
        valid_from,
        valid_to,
        procedure_codes: procedures.iter().map(|code| (*code).to_owned()).collect(),
        ..pb::Authorization::default()
    };
    pb::ClaimContext { authorization: Some(authorization), ..pb::ClaimContext::default() }
}

fn seen(context: &pb::ClaimContext, procedures: &[&str]) -> Option<Authorization> {
    let on = NaiveDate::from_ymd_opt(2026, 6, 15);
    on_record(context, on, procedures.iter().copied()).authorization
}

#[test]
fn an_approval_counts_on_its_days_and_for_its_procedures() {
    let (good, wrong) = (Some(Authorization::Approved), Some(Authorization::Mismatched));
    for (days, procedures, expected) in [
        ([None, None], &[][..], good),
        ([Some((6, 15)), Some((6, 15))], &[], good),
        ([Some((6, 16)), None], &[], wrong),
        ([None, Some((6, 14))], &[], wrong),
        ([None, None], &["99213", "99999"], good),
        ([None, None], &["99999"], wrong),
    ] {
        let context = approved(days, procedures);
        assert_eq!(seen(&context, &["99212", "99213"]), expected, "{days:?} {procedures:?}");
    }
    // Nobody knows the day of service: the approval is taken at its word.
    let context = approved([Some((6, 16)), None], &[]);
    assert_eq!(on_record(&context, None, [].into_iter()).authorization, good);
}

#[test]
fn every_status_of_the_contract_is_one_of_the_rules() {
    for number in 1..=6 {
        let mut context = approved([None, None], &[]);
        context.authorization.as_mut().unwrap().status = number;
        assert!(seen(&context, &[]).is_some(), "{number}");
    }
    for number in 1..=3 {
        let eligibility = pb::EligibilityHistory { status: number, ..Default::default() };
        let context = pb::ClaimContext { eligibility: Some(eligibility), ..Default::default() };
        assert!(on_record(&context, None, [].into_iter()).eligibility.is_some(), "{number}");
    }
    for number in 1..=4 {
        let edit = pb::ClaimEdit { filing_proof: number, ..Default::default() };
        let context = pb::ClaimContext { claim_edit: Some(edit), ..Default::default() };
        assert!(on_record(&context, None, [].into_iter()).filing_proof.is_some(), "{number}");
    }
    let nothing = on_record(&pb::ClaimContext::default(), None, [].into_iter());
    assert_eq!(nothing, OnRecord::default());
}
