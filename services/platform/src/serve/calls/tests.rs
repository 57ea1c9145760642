use std::convert::Infallible;

use super::*;
use crate::telemetry::Telemetry;

const UNARY: &str = "/overturn.routing.v1.RoutingService/GetDenial";
const STREAM: &str = "/overturn.routing.v1.RoutingService/WatchEvents";

/// Calls `path` of a service that takes a second, with `head`.
async fn call(calls: &Calls, path: &str, head: &[(&'static str, &str)]) -> Response<Body> {
    let slow = service_fn(|request: Request<Body>| async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let mut response = Response::new(Body::empty());
        let id = request.headers()[REQUEST_ID].clone();
        response.headers_mut().insert("seen-id", id);
        Ok::<_, Infallible>(response)
    });
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = path.parse().unwrap();
    for (name, value) in head {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    calls.clone().guard(Methods::new(slow)).oneshot(request).await.unwrap()
}

fn calls(max_calls: usize, call_timeout_ms: u64) -> Calls {
    let settings = ServerSettings { max_calls, call_timeout_ms, ..ServerSettings::default() };
    Calls::new(Policy::load().unwrap(), Telemetry::default().meters(), &settings)
}

fn code(response: &Response<Body>) -> Code {
    Status::from_header_map(response.headers()).map_or(Code::Ok, |status| status.code())
}

#[tokio::test(start_paused = true)]
async fn a_unary_call_ends_at_its_own_deadline_or_at_ours() {
    let generous = calls(9, 30_000);
    assert_eq!(code(&call(&generous, UNARY, &[]).await), Code::Ok);
    assert_eq!(code(&call(&generous, UNARY, &[("grpc-timeout", "2S")]).await), Code::Ok);
    let short = call(&generous, UNARY, &[("grpc-timeout", "500m")]).await;
    assert_eq!(code(&short), Code::DeadlineExceeded);
    let strict = calls(9, 200);
    assert_eq!(code(&call(&strict, UNARY, &[]).await), Code::DeadlineExceeded);
    let asks_more = call(&strict, UNARY, &[("grpc-timeout", "1H")]).await;
    assert_eq!(code(&asks_more), Code::DeadlineExceeded);
}

#[tokio::test(start_paused = true)]
async fn a_stream_has_only_the_deadline_it_asks_for() {
    let strict = calls(9, 200);
    assert_eq!(code(&call(&strict, STREAM, &[]).await), Code::Ok);
    let asked = call(&strict, STREAM, &[("grpc-timeout", "300m")]).await;
    assert_eq!(code(&asked), Code::DeadlineExceeded);
}

#[tokio::test(start_paused = true)]
async fn a_call_too_many_is_refused_and_the_seat_comes_back() {
    let narrow = calls(1, 30_000);
    let (first, second) = tokio::join!(call(&narrow, UNARY, &[]), call(&narrow, UNARY, &[]));
    assert_eq!((code(&first), code(&second)), (Code::Ok, Code::Unavailable));
    assert_eq!(code(&call(&narrow, UNARY, &[]).await), Code::Ok);
}

#[tokio::test(start_paused = true)]
async fn a_plain_request_id_is_kept_and_any_other_replaced() {
    let calls = calls(9, 30_000);
    let kept = call(&calls, UNARY, &[(REQUEST_ID, "order-7.A_b")]).await;
    assert_eq!(kept.headers()[REQUEST_ID], "order-7.A_b");
    assert_eq!(kept.headers()["seen-id"], "order-7.A_b");
    for odd in ["", "a b", "a\"b", "{}", &"x".repeat(129)] {
        let response = call(&calls, UNARY, &[(REQUEST_ID, odd)]).await;
        let id = response.headers()[REQUEST_ID].to_str().unwrap();
        assert!(uuid::Uuid::parse_str(id).is_ok(), "{odd} gave {id}");
    }
}

#[test]
fn a_timeout_is_at_most_eight_digits_and_a_unit() {
    assert_eq!(asked("1H"), Some(Duration::from_secs(3_600)));
    assert_eq!(asked("99999999m"), Some(Duration::from_millis(99_999_999)));
    assert_eq!(asked("7u"), Some(Duration::from_micros(7)));
    for wrong in ["", "m", "1", "-1S", "+1S", "1.5S", "123456789S", "1s", "1é", " 1S"] {
        assert_eq!(asked(wrong), None, "{wrong}");
    }
}
