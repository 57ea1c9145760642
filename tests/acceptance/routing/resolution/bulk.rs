//! The same to many items.

use contracts::google::r#type::Date;
use contracts::jobs::v1::{Job, JobState};

use super::*;

fn bulk(filter: &str, action: BulkAction) -> ApplyInBulkRequest {
    ApplyInBulkRequest {
        filter: filter.to_owned(),
        action: action.into(),
        reason: "the payer asked for all of them at once".to_owned(),
        request_id: id(),
        ..ApplyInBulkRequest::default()
    }
}

const MINE: &str = "team = \"authorization\" AND state = \"OPEN\"";

impl Desk {
    async fn apply(&self, request: ApplyInBulkRequest) -> Result<ApplyInBulkResponse, Status> {
        let answer = self.routing(Role::TeamLead).await.apply_in_bulk(request).await?;
        Ok(answer.into_inner())
    }

    async fn done(&self, started: &ApplyInBulkResponse) -> Job {
        let id = started.job.as_ref().expect("a job").id.clone();
        let mut lead = self.routing(Role::TeamLead).await;
        for _ in 0..1_000 {
            let request = GetJobRequest { id: id.clone() };
            let job = lead.get_job(request).await.unwrap().into_inner().job.unwrap();
            if job.state() != JobState::Running {
                return job;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("the job does not end");
    }
}

#[tokio::test]
async fn many_items_are_given_put_aside_and_ended_as_each_would_be() {
    let desk = Desk::new().await;
    let mut items = Vec::new();
    for number in ["ONE", "TWO", "THREE"] {
        items.push(desk.denied(number, &[100_00]).await);
    }
    // Somebody holds one of them: nothing is taken from him without a word.
    desk.claim(Role::Specialist, &items[0]).await.unwrap();
    let give = ApplyInBulkRequest {
        user_id: desk.specialist.clone(),
        ..bulk("team = \"authorization\"", BulkAction::Assign)
    };
    let tried = ApplyInBulkRequest { validate_only: true, ..give.clone() };
    let tried = desk.apply(tried).await.unwrap();
    assert_eq!((tried.item_count, tried.refused_count), (3, 0), "a lead takes it away");
    assert_eq!(tried.at_stake, money(300_00));
    assert!(tried.job.is_none());
    assert_eq!(desk.item(&items[1].id).await.etag, items[1].etag, "nothing was changed");

    let until = Some(Date { year: 2026, month: 7, day: 1 });
    let snooze = ApplyInBulkRequest { follow_up_on: until, ..bulk(MINE, BulkAction::Snooze) };
    let job = desk.done(&desk.apply(snooze).await.unwrap()).await;
    assert_eq!((job.state(), job.done, job.total), (JobState::Succeeded, 2, 2), "{job:?}");
    for item in &items[1..] {
        let item = desk.item(&item.id).await;
        assert_eq!((item.state(), item.follow_up_on), (WorkItemState::Waiting, until));
    }
    let job = desk.done(&desk.apply(give).await.unwrap()).await;
    assert_eq!((job.done, job.total), (3, 3));
    let words: Vec<String> =
        desk.timeline(&items[0].id).await.into_iter().map(|line| line.words).collect();
    assert!(words[0].starts_with("gave it to"), "{words:?}");
    assert!(words[1].starts_with("took it away from"), "{words:?}");

    let kind = ResolutionKind::Closed.into();
    let end = ApplyInBulkRequest { resolution: kind, ..bulk(MINE, BulkAction::Resolve) };
    let job = desk.done(&desk.apply(end).await.unwrap()).await;
    assert_eq!((job.done, job.total), (3, 3));
    for item in &items {
        assert_eq!(desk.item(&item.id).await.state(), WorkItemState::Resolved);
        assert_eq!(desk.states(item).await, [DenialState::Closed]);
    }
}

#[tokio::test]
async fn what_a_rule_refuses_is_told_before_and_left_as_it_is() {
    let desk = Desk::new().await;
    let (free, held) = (desk.denied("FREE", &[100_00]).await, desk.denied("HELD", &[50_00]).await);
    desk.claim(Role::Specialist, &held).await.unwrap();
    let all = "team = \"authorization\"";
    let end = |validate_only| ApplyInBulkRequest {
        resolution: ResolutionKind::Closed.into(),
        validate_only,
        ..bulk(all, BulkAction::Resolve)
    };
    let tried = desk.apply(end(true)).await.unwrap();
    assert_eq!((tried.item_count, tried.refused_count), (2, 1));
    assert_eq!(tried.refusals[0].work_item_id, held.id);
    assert_eq!(tried.refusals[0].reason, "HELD_BY_ANOTHER");
    let job = desk.done(&desk.apply(end(false)).await.unwrap()).await;
    assert_eq!((job.state(), job.done, job.total), (JobState::Succeeded, 1, 2));
    assert_eq!(desk.item(&free.id).await.state(), WorkItemState::Resolved);
    assert_eq!(desk.item(&held.id).await.state(), WorkItemState::Claimed);
    // A correction needs the number of each claim: no item can end so in bulk.
    let correct = ApplyInBulkRequest {
        resolution: ResolutionKind::Correction.into(),
        validate_only: true,
        ..bulk("state = \"CLAIMED\"", BulkAction::Resolve)
    };
    assert_eq!(desk.apply(correct).await.unwrap().refused_count, 1);
}

#[tokio::test]
async fn what_bulk_work_lacks_is_named() {
    let desk = Desk::new().await;
    let good = || ApplyInBulkRequest {
        user_id: desk.specialist.clone(),
        ..bulk(MINE, BulkAction::Assign)
    };
    for (request, wrong) in [
        (ApplyInBulkRequest { filter: " ".to_owned(), ..good() }, "filter"),
        (ApplyInBulkRequest { filter: "nonsense = 1".to_owned(), ..good() }, "filter"),
        (ApplyInBulkRequest { reason: String::new(), ..good() }, "reason"),
        (ApplyInBulkRequest { user_id: "me".to_owned(), ..good() }, "user_id"),
        (bulk(MINE, BulkAction::Unspecified), "action"),
        (bulk(MINE, BulkAction::Snooze), "follow_up_on"),
        (bulk(MINE, BulkAction::Resolve), "resolution"),
    ] {
        assert_eq!(fields(&desk.apply(request).await.unwrap_err()), [wrong]);
    }
    let none = desk.apply(good()).await.unwrap();
    assert_eq!(none.item_count, 0);
    assert_eq!(desk.done(&none).await.state(), JobState::Succeeded);
}
