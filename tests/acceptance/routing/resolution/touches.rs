use chrono::TimeDelta;
use contracts::access::v1::Role;
use contracts::routing::v1::*;
use platform::clock::timestamp;
use tests::{World, id};
use tonic::{Code, Status};

use super::{Desk, fields};

impl Desk {
    async fn touch(&self, role: Role, touch: RecordTouchRequest) -> Result<Touch, Status> {
        let request = RecordTouchRequest { request_id: id(), ..touch };
        let answer = self.routing(role).await.record_touch(request).await?;
        Ok(answer.into_inner().touch.unwrap())
    }
}

fn minutes(item: &WorkItem, kind: TouchKind, minutes: i32) -> RecordTouchRequest {
    RecordTouchRequest {
        work_item_id: item.id.clone(),
        kind: kind.into(),
        minutes,
        ..RecordTouchRequest::default()
    }
}

#[tokio::test]
async fn minutes_are_recorded_by_whoever_worked_them() {
    let desk = Desk::new().await;
    let item = desk.denied("TOUCHED", &[100_00]).await;
    let (held, _) = desk.claim(Role::Specialist, &item).await.unwrap();
    // The specialist holds it, and a partner is of no queue.
    let began = World::noon() - TimeDelta::minutes(12);
    let called = RecordTouchRequest {
        started_at: Some(timestamp(began)),
        ..minutes(&item, TouchKind::PayerCall, 12)
    };
    let touch = desk.touch(Role::Partner, called).await.unwrap();
    assert_eq!((touch.kind(), touch.minutes), (TouchKind::PayerCall, 12));
    assert_eq!(touch.started_at, Some(timestamp(began)));
    assert_eq!((touch.work_item_id.as_str(), touch.user_id.is_empty()), (item.id.as_str(), false));
    let alone = desk.touch(Role::Specialist, minutes(&item, TouchKind::Writing, 1)).await.unwrap();
    assert_eq!((alone.started_at, alone.user_id.as_str()), (None, desk.specialist.as_str()));
    let now = desk.item(&item.id).await;
    assert_eq!((now.state(), now.etag), (WorkItemState::Claimed, held.etag), "nothing has changed");

    let told = desk.timeline(&item.id).await;
    let lines: Vec<_> = told[..2].iter().map(|line| (line.r#type.as_str(), &*line.words)).collect();
    let (call, wrote) = ("worked 12 minutes: a call with the payer", "worked 1 minute: writing");
    assert_eq!(lines, [("touch", wrote), ("touch", call)]);
    let event = &desk.told("touch.recorded").await[0];
    assert_eq!((event["minutes"].as_i64(), &event["kind"]), (Some(12), &"PAYER_CALL".into()));
    let codes = (&event["carc"], &event["payer"], &event["team"]);
    let expected = ("197".into(), "sample-health-plan".into(), "authorization".into());
    assert_eq!(codes, (&expected.0, &expected.1, &expected.2));
    assert_eq!(event["work_item"], item.id);
}

#[tokio::test]
async fn minutes_are_of_something_that_was_done_and_not_more_than_a_day() {
    let desk = Desk::new().await;
    let item = desk.denied("COUNTED", &[100_00]).await;
    for (kind, count, expected) in [
        (TouchKind::Unspecified, 0, ["kind", "minutes"].as_slice()),
        (TouchKind::Other, -1, &["minutes"]),
        (TouchKind::Other, 1_441, &["minutes"]),
    ] {
        let status = desk.touch(Role::TeamLead, minutes(&item, kind, count)).await.unwrap_err();
        assert_eq!(fields(&status), expected, "{count}");
    }
    for seconds in [1, i64::MAX / 1_000_000_000] {
        let at = World::noon().timestamp().saturating_add(seconds);
        let started_at = Some(prost_types::Timestamp { seconds: at, nanos: 0 });
        let later = RecordTouchRequest { started_at, ..minutes(&item, TouchKind::Other, 5) };
        let status = desk.touch(Role::TeamLead, later).await.unwrap_err();
        assert_eq!(fields(&status), ["started_at"]);
    }
    let unknown = WorkItem { id: id(), ..item.clone() };
    let status = desk.touch(Role::TeamLead, minutes(&unknown, TouchKind::Other, 5)).await;
    assert_eq!(status.unwrap_err().code(), Code::NotFound);
    for count in [1, 1_440] {
        desk.touch(Role::TeamLead, minutes(&item, TouchKind::Other, count)).await.unwrap();
    }
    assert_eq!(desk.timeline(&item.id).await.len(), 2, "what was refused is not told");
}
