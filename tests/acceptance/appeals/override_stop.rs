use tests::{fields, reason, refusal};
use tonic::Code;

use super::*;

const WHY: &str = "this payer prints it on every claim";

impl House {
    async fn lift(&self, role: Role, case: &str, rarc: &str, why: &str) -> Result<String, Status> {
        let request = OverrideStopRequest {
            case_id: case.to_owned(),
            rarc: rarc.to_owned(),
            reason: why.to_owned(),
            request_id: id(),
        };
        let answer = self.as_a(role).await.override_stop(request).await?;
        Ok(answer.into_inner().override_id)
    }
}

#[tokio::test]
async fn a_code_that_ends_appeal_rights_stops_and_names_the_right_path() {
    let house = House::new().await;
    for (number, carc, remark, instead) in [
        ("STOP1", "16", "MA130", "send a new claim"),
        ("STOP2", "50", "MA44", "reopening"),
        ("STOP3", "197", "N211", "reopening"),
        ("STOP4", "197", "N83", "reopening"),
        ("STOP5", "16", "N704", "corrected claim"),
        ("STOP6", "18", "N111", "earlier claim"),
    ] {
        let denial = house.refused(number, &[("CO", carc, 60_00)], &[remark]).await.remove(0);
        let stopped = house.appeal(&[&denial]).await.unwrap_err();
        assert_eq!(refusal(&stopped), reason(Code::FailedPrecondition, "NOT_APPEALABLE"));
        let words = stopped.message();
        assert!(words.contains(remark) && words.contains(instead), "{words}");
        assert!(words.contains(&denial.id), "{words}");
    }
    // The control: another remark of the same claim form stops nothing.
    let denial = house.refused("GOES", &[("CO", "197", 60_00)], &["M62"]).await.remove(0);
    house.appeal(&[&denial]).await.unwrap();
}

#[tokio::test]
async fn a_stop_yields_to_whoever_may_override_it_with_a_reason() {
    let house = House::new().await;
    let denial = house.refused("PCN1", &[("CO", "197", 60_00)], &["N211"]).await.remove(0);
    let reasoned = CreateAppealRequest { override_reason: WHY.to_owned(), ..of(&[&denial]) };
    let refused = house.create(Role::Specialist, reasoned.clone()).await.unwrap_err();
    assert_eq!(refusal(&refused), reason(Code::PermissionDenied, "PERMISSION_DENIED"));
    let refused = house.lift(Role::Specialist, &denial.case_id, "N211", WHY).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    // Tried only, it lifts nothing.
    let tried = CreateAppealRequest { validate_only: true, ..reasoned.clone() };
    house.create(Role::TeamLead, tried).await.unwrap();
    assert!(house.appeal(&[&denial]).await.is_err());
    let lifted = house.lift(Role::TeamLead, &denial.case_id, "n211", WHY).await.unwrap();
    assert!(!lifted.is_empty());
    let appeal = house.appeal(&[&denial]).await.unwrap();
    assert_eq!(appeal.override_reason, WHY);
    let told = house.told().await;
    assert_eq!(told[0].0, "appeal_stop.overridden");
    assert!(told[0].1.contains("N211") && !told[0].1.contains("prints"), "{}", told[0].1);
    // A lead may do both at once; it holds for the claim and for no other.
    let both = house.refused("PCN2", &[("CO", "197", 60_00)], &["MA130", "N211"]).await.remove(0);
    let request = CreateAppealRequest { override_reason: WHY.to_owned(), ..of(&[&both]) };
    let appeal = house.create(Role::TeamLead, request).await.unwrap();
    assert_eq!(appeal.override_reason, WHY);
    let kinds: Vec<String> = house.told().await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds[2..], ["appeal_stop.overridden", "appeal_stop.overridden", "appeal.created"]);
    let third = house.refused("PCN3", &[("CO", "197", 60_00)], &["N211"]).await.remove(0);
    let stopped = house.appeal(&[&third]).await.unwrap_err();
    assert_eq!(refusal(&stopped), reason(Code::FailedPrecondition, "NOT_APPEALABLE"));
}

#[tokio::test]
async fn only_what_stops_is_lifted_and_with_words() {
    let house = House::new().await;
    let denial = house.refused("PCN1", &[("CO", "197", 60_00)], &["N211"]).await.remove(0);
    let case = denial.case_id.as_str();
    let other = house.lift(Role::TeamLead, case, "MA130", WHY).await.unwrap_err();
    assert_eq!(refusal(&other), reason(Code::FailedPrecondition, "NOTHING_STOPS"));
    for (rarc, why, wrong) in
        [("", WHY, "rarc"), ("N211", "short", "reason"), ("N211", "", "reason")]
    {
        let refused = house.lift(Role::TeamLead, case, rarc, why).await.unwrap_err();
        assert_eq!(fields(&refused), [wrong]);
    }
    let nobodys = house.lift(Role::TeamLead, &id(), "N211", WHY).await.unwrap_err();
    assert_eq!(refusal(&nobodys), reason(Code::NotFound, "NOT_FOUND"));
    // A committee member may lift it and may not read the claim.
    let member = house.lift(Role::CommitteeMember, case, "N211", WHY).await.unwrap_err();
    assert_eq!(member.code(), Code::PermissionDenied);
    let short = CreateAppealRequest { override_reason: "short".to_owned(), ..of(&[&denial]) };
    let short = house.create(Role::TeamLead, short).await.unwrap_err();
    assert_eq!(fields(&short), ["override_reason"]);
}
