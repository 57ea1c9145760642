use platform::rejection::Fault;

use super::*;

fn at(seconds: i64) -> Option<prost_types::Timestamp> {
    Some(prost_types::Timestamp { seconds, nanos: 0 })
}

fn authorized(number: &str, source_at: i64) -> pb::ClaimContext {
    let authorization = pb::Authorization {
        status: dictionary::AuthorizationStatus::Approved.into(),
        number: number.to_owned(),
        source_at: at(source_at),
        ..pb::Authorization::default()
    };
    pb::ClaimContext { authorization: Some(authorization), ..pb::ClaimContext::default() }
}

fn coded(note: &str, source_at: i64) -> pb::ClaimContext {
    let coding =
        pb::CodingNote { note: note.to_owned(), source_at: at(source_at), ..Default::default() };
    pb::ClaimContext { coding: Some(coding), ..pb::ClaimContext::default() }
}

#[test]
fn statements_may_arrive_in_any_order_and_more_than_once() {
    let said = [
        authorized("OLD", 10),
        authorized("NEW", 20),
        coded("first", 5),
        coded("second", 6),
        authorized("OLD", 10),
    ];
    let orders = [[0, 1, 2, 3, 4], [1, 0, 3, 2, 4], [4, 3, 1, 0, 2]];
    let known = orders.map(|order| {
        let mut held = pb::ClaimContext::default();
        for at in order {
            lay_over(&mut held, said[at].clone());
        }
        held
    });
    assert_eq!(known[0].authorization.as_ref().unwrap().number, "NEW");
    assert_eq!(known[0].coding.as_ref().unwrap().note, "second");
    assert!(known.iter().all(|other| *other == known[0]));
}

#[test]
fn what_changed_is_named() {
    let mut held = pb::ClaimContext::default();
    assert_eq!(lay_over(&mut held, authorized("A", 10)), ["authorization"]);
    assert_eq!(lay_over(&mut held, authorized("A", 10)), [""; 0]);
    assert_eq!(lay_over(&mut held, authorized("B", 9)), [""; 0]);
    let both = pb::ClaimContext { coding: coded("x", 1).coding, ..authorized("B", 11) };
    assert_eq!(lay_over(&mut held, both), ["authorization", "coding"]);
}

#[test]
fn everything_that_is_wrong_is_named_at_once() {
    let now = DateTime::from_timestamp(1_000, 0).unwrap();
    let judged = |sent: &pb::ClaimContext| -> Vec<String> {
        let mut violations = Violations::default();
        check(sent, now, &mut violations);
        match violations.into_result() {
            Ok(()) => Vec::new(),
            Err(Fault::Invalid(found)) => found.into_iter().map(|one| one.field).collect(),
            Err(fault) => panic!("{fault}"),
        }
    };
    assert_eq!(judged(&authorized("A", 10)), [""; 0]);
    assert_eq!(judged(&pb::ClaimContext::default()), ["claim_context"]);
    let mut bad = authorized("A", 5_000);
    let part = bad.authorization.as_mut().unwrap();
    part.status = 0;
    part.number = "x".repeat(81);
    part.valid_from = Some(Date { year: 2026, month: 2, day: 30 });
    part.procedure_codes = vec![" ".to_owned()];
    let named = ["source_at", "status", "number", "valid_from", "procedure_codes"];
    assert_eq!(judged(&bad), named.map(|field| format!("claim_context.authorization.{field}")));
    let mut turned = authorized("A", 10);
    let part = turned.authorization.as_mut().unwrap();
    part.valid_from = Some(Date { year: 2026, month: 3, day: 2 });
    part.valid_to = Some(Date { year: 2026, month: 3, day: 1 });
    assert_eq!(judged(&turned), ["claim_context.authorization.valid_to"]);
}
