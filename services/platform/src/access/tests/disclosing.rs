use contracts::routing::v1::{Denial, GetDenialResponse, ListDenialsResponse};
use prost::Message;

use super::*;

const LIST_DENIALS: &str = "/overturn.routing.v1.RoutingService/ListDenials";
const CANARY: &str = "CANARY-PCN-7";

fn denial(id: &str) -> Denial {
    Denial {
        id: id.to_owned(),
        patient_control_number: CANARY.to_owned(),
        payer_name: "Payer".to_owned(),
        ..Denial::default()
    }
}

fn one(denial: Denial) -> Vec<Bytes> {
    vec![GetDenialResponse { denial: Some(denial) }.encode_to_vec().into()]
}

async fn lose_the_trail(bench: &Bench) {
    let url = format!("sqlite://{}/t.db", bench.folder.display());
    let mut raw = <sqlx::SqliteConnection as sqlx::Connection>::connect(&url).await.unwrap();
    let drop = "ALTER TABLE platform_audit RENAME TO platform_audit_lost";
    sqlx::Executor::execute(&mut raw, drop).await.unwrap();
}

#[tokio::test]
async fn what_leaves_is_what_the_trail_says() {
    let denials = vec![denial("d-2"), denial("d-1"), denial("d-2")];
    let list = ListDenialsResponse { denials, next_page_token: String::new() };
    let bench = Bench::answering(vec![list.encode_to_vec().into()]).await;
    let token = bench.token(&["specialist"], "");
    let answered = bench.call(LIST_DENIALS, Some(&token)).await;
    assert_eq!(answered.status.code(), Code::Ok);
    assert_eq!(ListDenialsResponse::decode(&answered.data[5..]).unwrap(), list);
    let trail = bench.trail().await;
    assert_eq!(trail.len(), 1);
    assert_eq!(trail[0].kind, "disclosure");
    assert_eq!(trail[0].records, r#"["d-1","d-2"]"#);
    assert_eq!(trail[0].fields, r#"["Denial.patient_control_number"]"#);
}

#[tokio::test]
async fn an_answer_without_patient_data_leaves_no_row() {
    let plain = Denial { id: "d-1".to_owned(), ..Denial::default() };
    let bench = Bench::answering(one(plain)).await;
    let token = bench.token(&["specialist"], "");
    let answered = bench.call(GET_DENIAL, Some(&token)).await;
    assert_eq!(answered.status.code(), Code::Ok);
    assert!(!answered.data.is_empty());
    assert!(bench.trail().await.is_empty());
}

#[tokio::test]
async fn what_cannot_be_recorded_is_withheld() {
    let bench = Bench::answering(one(denial("d-1"))).await;
    let token = bench.token(&["specialist"], "");
    lose_the_trail(&bench).await;
    let answered = bench.call(GET_DENIAL, Some(&token)).await;
    assert_eq!(answered.status.code(), Code::Unavailable);
    assert!(answered.status.message().starts_with("audit unavailable"));
    assert!(answered.data.is_empty());
}

#[tokio::test]
async fn a_compressed_answer_cannot_be_recorded_and_is_withheld() {
    let bench = Bench::new().await;
    let caller = Caller::on_duty(TenantId::from_uuid(bench.tenant), "tests.stream");
    let recorder = recorder(&bench, caller);
    let body = Body::new(http_body_util::Full::new(Bytes::from_static(&[1, 0, 0, 0, 1, 9])));
    let withheld = recorder.streaming(Response::new(body)).into_body().collect().await.unwrap();
    let status = Status::from_header_map(withheld.trailers().unwrap()).unwrap();
    assert_eq!(status.code(), Code::Unavailable);
    assert!(withheld.to_bytes().is_empty());
}

#[tokio::test]
async fn a_stream_is_recorded_message_by_message_and_each_record_once() {
    let bench = Bench::new().await;
    let caller = Caller::on_duty(TenantId::from_uuid(bench.tenant), "tests.stream");
    let messages: Vec<Bytes> =
        ["d-1", "d-1", "d-2"].into_iter().flat_map(|id| one(denial(id))).collect();
    let sent = respond(&messages).into_body().collect().await.unwrap().to_bytes();
    let answered = recorder(&bench, caller).streaming(respond(&messages));
    let received = answered.into_body().collect().await.unwrap();
    assert_eq!(received.trailers().unwrap()["grpc-status"], "0");
    assert_eq!(received.to_bytes(), sent);
    let records: Vec<String> = bench.trail().await.into_iter().map(|row| row.records).collect();
    assert_eq!(records, [r#"["d-2"]"#, r#"["d-1"]"#]);
}

#[tokio::test]
async fn a_stream_stops_at_the_message_that_cannot_be_recorded() {
    let bench = Bench::new().await;
    let caller = Caller::on_duty(TenantId::from_uuid(bench.tenant), "tests.stream");
    lose_the_trail(&bench).await;
    let answered = recorder(&bench, caller).streaming(respond(&one(denial("d-1"))));
    let received = answered.into_body().collect().await.unwrap();
    let status = Status::from_header_map(received.trailers().unwrap()).unwrap();
    assert_eq!(status.code(), Code::Unavailable);
    let bytes = received.to_bytes();
    assert!(!bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes()));
}

fn recorder(bench: &Bench, caller: Caller) -> super::super::disclosure::Recorder {
    let policy = Policy::load().unwrap();
    let output = policy.method(GET_DENIAL).unwrap().output.clone().unwrap();
    let ledger = Ledger::new(bench.database.clone());
    let (purpose, told) = Default::default();
    super::super::disclosure::Recorder { policy, ledger, caller, output, purpose, told }
}
