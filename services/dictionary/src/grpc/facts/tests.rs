use super::*;

fn message() -> pb::Facts {
    pb::Facts { group: "CO".to_owned(), carc: "0016".to_owned(), ..pb::Facts::default() }
}

#[test]
fn what_is_left_out_is_unknown_and_codes_are_normalized() {
    let rarcs = ["ma1", "M15", "MA01"].map(str::to_owned).to_vec();
    let read = facts(pb::Facts { rarcs, ..message() }).unwrap();
    assert_eq!(read.carc.as_str(), "16");
    let rarcs: Vec<&str> = read.rarcs.iter().map(Rarc::as_str).collect();
    assert_eq!(rarcs, ["M15", "MA01"]);
    assert_eq!((read.payer, read.amount, read.service_on), (None, None, None));
}

#[test]
fn an_amount_of_zero_is_known() {
    let read = facts(pb::Facts { amount_cents: Some(0), ..message() }).unwrap();
    assert_eq!(read.amount, Some(Cents::ZERO));
}

#[test]
fn everything_wrong_is_said_at_once() {
    let wrong = pb::Facts {
        group: String::new(),
        carc: "1-6".to_owned(),
        rarcs: vec!["M15".to_owned(), "?".to_owned()],
        payer: "Blue Cross".to_owned(),
        claim_type: 77,
        service_on: Some(Date { year: 2026, month: 2, day: 30 }),
        ..pb::Facts::default()
    };
    let Err(Fault::Invalid(violations)) = facts(wrong) else { panic!("accepted") };
    let fields: Vec<&str> = violations.iter().map(|violation| violation.field.as_str()).collect();
    let expected = [
        "facts.group",
        "facts.carc",
        "facts.rarcs[1]",
        "facts.payer",
        "facts.claim_type",
        "facts.service_on",
    ];
    assert_eq!(fields, expected);
}
