use std::time::Duration;

use chrono::TimeDelta;
use tokio::time::{Instant, timeout};
use tonic_types::StatusExt;

use super::super::ending::{end_answer, end_request};
use super::*;

const WATCH: &str = "/overturn.routing.v1.RoutingService/WatchEvents";
const UPLOAD: &str = "/overturn.routing.v1.RoutingService/UploadRemittance";
const LIFE: i64 = 300;
/// More than any of these should take.
const LONG: Duration = Duration::from_secs(10);

/// One piece, and then silence.
fn endless() -> Body {
    let piece = Ok::<_, Status>(Frame::data(Bytes::from_static(b"piece")));
    let frames = futures::stream::iter([piece]);
    Body::new(StreamBody::new(futures::StreamExt::chain(frames, futures::stream::pending())))
}

/// What a reader of a body met: the bytes, and the error at its end.
async fn read(mut body: Body) -> (usize, Option<Status>) {
    let mut bytes = 0;
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => bytes += frame.into_data().unwrap().len(),
            Err(status) => return (bytes, Some(status)),
        }
    }
    (bytes, None)
}

/// What the reader of a request met.
type Met = Arc<Mutex<Option<(usize, Option<Status>)>>>;

/// `bench`'s gate before a method that reads its whole request, says what it met, and answers OK.
fn reading(bench: &Bench, met: &Met) -> Methods {
    let met = met.clone();
    let method = service_fn(move |request: Request<Body>| {
        let met = met.clone();
        async move {
            *met.lock().unwrap() = Some(read(request.into_body()).await);
            Ok::<_, Infallible>(respond(&[]))
        }
    });
    bench.gate().guard(Methods::new(method))
}

fn reason(status: &Status) -> String {
    status.get_details_error_info().unwrap().reason
}

#[tokio::test]
async fn an_answer_ends_with_the_process_and_says_when_to_come_back() {
    let bench = Bench::new().await;
    let method = service_fn(|_| async { Ok::<_, Infallible>(Response::new(endless())) });
    let methods = bench.gate().guard(Methods::new(method));
    let token = bench.token(&["specialist"], "");
    let answer = methods.clone().oneshot(request(WATCH, Some(&token), Body::empty())).await;
    let mut body = answer.unwrap().into_body();
    assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), "piece");
    assert!(timeout(Duration::from_millis(50), body.frame()).await.is_err(), "it goes on");
    bench.stop.cancel();
    let last = timeout(LONG, body.frame()).await.unwrap().unwrap().unwrap();
    let status = Status::from_header_map(last.trailers_ref().unwrap()).unwrap();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::Unavailable, "STOPPING"));
    assert!(status.get_details_retry_info().unwrap().retry_delay.unwrap() > Duration::ZERO);
    assert!(body.frame().await.is_none());
    // What does not stream is answered to the end.
    let unary = bench.call(GET_DENIAL, Some(&token)).await;
    assert_eq!(unary.status.code(), Code::Ok);
}

#[tokio::test(start_paused = true)]
async fn an_answer_ends_at_an_instant() {
    let at = Instant::now() + Duration::from_secs(300);
    let end = async move {
        tokio::time::sleep_until(at).await;
        super::super::caller::unauthenticated()
    };
    let ended = end_answer(endless(), end).collect().await.unwrap();
    assert_eq!(Instant::now(), at);
    let status = Status::from_header_map(ended.trailers().unwrap()).unwrap();
    assert_eq!(status.code(), Code::Unauthenticated);
}

#[tokio::test]
async fn both_sides_of_a_call_end_with_its_token() {
    let bench = Bench::new().await;
    let token = bench.token(&["specialist"], "");
    bench.clock.advance(TimeDelta::seconds(LIFE) - TimeDelta::milliseconds(100));
    let met = Met::default();
    let (methods, began) = (reading(&bench, &met), Instant::now());
    let call = methods.oneshot(request(UPLOAD, Some(&token), endless()));
    let answer = timeout(LONG, call).await.expect("it ends").unwrap();
    let answered = Answered::of(answer).await;
    assert!(began.elapsed() >= Duration::from_millis(90), "{:?}", began.elapsed());
    assert_eq!(answered.status.code(), Code::Unauthenticated, "not the OK of its method");
    let (bytes, end) = met.lock().unwrap().take().unwrap();
    assert_eq!((bytes, end.unwrap().code()), (5, Code::Unauthenticated), "the reader was told");
    let method = service_fn(|_| async { Ok::<_, Infallible>(Response::new(endless())) });
    let methods = bench.gate().guard(Methods::new(method));
    let answer = methods.oneshot(request(WATCH, Some(&token), Body::empty())).await.unwrap();
    assert_eq!(Answered::of(answer).await.status.code(), Code::Unauthenticated);
}

#[tokio::test]
async fn a_request_that_still_streams_ends_with_the_process_and_a_whole_one_does_not() {
    let bench = Bench::new().await;
    let token = bench.token(&["specialist"], "");
    let met = Met::default();
    let methods = reading(&bench, &met);
    let call = methods.clone().oneshot(request(UPLOAD, Some(&token), endless()));
    let call = timeout(LONG, call);
    let stopping = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        bench.stop.cancel();
    };
    let (answer, ()) = tokio::join!(call, stopping);
    assert_eq!(reason(&Answered::of(answer.unwrap().unwrap()).await.status), "STOPPING");

    let other = Bench::new().await;
    let token = other.token(&["specialist"], "");
    let whole = Body::new(http_body_util::Full::new(Bytes::from_static(b"whole")));
    let answer = reading(&other, &met).oneshot(request(UPLOAD, Some(&token), whole)).await;
    other.stop.cancel();
    assert_eq!(Answered::of(answer.unwrap()).await.status.code(), Code::Ok);
    assert!(matches!(*met.lock().unwrap(), Some((5, None))));
}

#[tokio::test]
async fn a_caller_who_hangs_up_half_way_is_no_end_of_a_request() {
    let frames: [Result<Frame<Bytes>, Status>; 2] =
        [Ok(Frame::data(Bytes::from_static(b"half"))), Err(Status::cancelled("RST_STREAM"))];
    let body = Body::new(StreamBody::new(futures::stream::iter(frames)));
    let (body, cut) = end_request(body, std::future::pending());
    let (bytes, end) = read(body).await;
    // tonic would make a clean end of CANCELLED.
    assert_eq!((bytes, end.unwrap().code()), (4, Code::Aborted));
    assert!(cut.get().is_none());
}
