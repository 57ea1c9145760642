use chrono::{Datelike, NaiveDate, TimeDelta};
use contracts::access::v1::Role;
use contracts::google::r#type::Date;
use contracts::routing::v1::*;
use tests::samples::work::queue;
use tests::{Group, Line, NewGroup, Remittance, World, id};

const NPI: &str = "1234567893";

async fn item(world: &World, group: &Group, number: &str) -> WorkItem {
    let token = group.token(world, Role::Specialist).await;
    let filter = format!("patient_control_number = \"{number}\"");
    let request = ListWorkItemsRequest { filter, ..ListWorkItemsRequest::default() };
    let listed = world.routing(&token).list_work_items(request).await.unwrap().into_inner();
    listed.work_items[0].clone()
}

async fn timeline(world: &World, group: &Group, item: &WorkItem) -> Vec<TimelineItem> {
    let token = group.token(world, Role::Specialist).await;
    let request =
        ListTimelineRequest { work_item_id: item.id.clone(), ..ListTimelineRequest::default() };
    let answer = world.routing(&token).list_timeline(request).await.unwrap().into_inner();
    let mut lines = answer.timeline_items;
    lines.reverse();
    lines
}

fn day(of: Date) -> NaiveDate {
    let small = |of: i32| u32::try_from(of).unwrap();
    NaiveDate::from_ymd_opt(of.year, small(of.month), small(of.day)).unwrap()
}

fn band(days_left: i32) -> DeadlineBand {
    match days_left {
        31.. => DeadlineBand::Over30Days,
        15.. => DeadlineBand::Within30Days,
        8.. => DeadlineBand::Within14Days,
        4.. => DeadlineBand::Within7Days,
        2.. => DeadlineBand::Within3Days,
        1 => DeadlineBand::Within1Day,
        0 => DeadlineBand::LastDay,
        _ => DeadlineBand::Overdue,
    }
}

#[tokio::test]
async fn days_rank_work_anew_tell_each_step_once_and_record_the_missed_date() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
    let line =
        Line { charge: 900_00, paid: 0, adjustments: &[("CO", "197", 900_00)], remarks: &[] };
    let remittance = Remittance::to(NPI, "20260610").claim("SLOW", "DOE", &[line]);
    group.upload(&world, &remittance.x12()).await;
    let first = item(&world, &group, "SLOW").await;
    let last_day = day(first.deadline.as_ref().unwrap().due_on.unwrap());
    let mut seen = std::collections::BTreeSet::new();
    loop {
        world.app().run_due().await.unwrap();
        let today = world.clock().now().date_naive();
        let now = item(&world, &group, "SLOW").await;
        let priority = now.priority.as_ref().unwrap();
        let left = i32::try_from((last_day - today).num_days()).unwrap();
        assert_eq!((priority.days_left, priority.band()), (Some(left), band(left)), "{today}");
        seen.insert(priority.band().as_str_name());
        assert_eq!(now.etag, first.etag, "no reader's etag grows stale by a day");
        if today > last_day {
            break;
        }
        // Noon in UTC: it is the same day in New York.
        let step = if left > 40 { 7 } else { 1 };
        world.clock().advance(TimeDelta::days(step));
    }
    assert_eq!(seen.len(), 8, "{seen:?}");
    world.clock().advance(TimeDelta::hours(2));
    world.app().run_due().await.unwrap();
    world.clock().advance(TimeDelta::minutes(-10));
    world.app().run_due().await.unwrap();

    let lines = timeline(&world, &group, &first).await;
    let told = |kind: &str| lines.iter().filter(|line| line.r#type == kind).collect::<Vec<_>>();
    let steps = told("work_item.escalated");
    assert!(steps.len() >= 2, "{lines:?}");
    let words: std::collections::BTreeSet<&str> =
        steps.iter().map(|line| line.words.as_str()).collect();
    assert_eq!(words.len(), steps.len(), "each step is told once: {words:?}");
    let [missed] = told("work_item.deadline_missed").try_into().unwrap();
    assert!(missed.words.contains("nobody ever claimed it"), "{}", missed.words);
    assert!(missed.words.contains(&last_day.to_string()), "{}", missed.words);
    let later = i64::from(last_day.num_days_from_ce() + 1);
    let told_on = missed.occurred_at.unwrap().seconds.div_euclid(86_400) + 719_163;
    assert_eq!(told_on, later, "the day after the last one, never before");
    assert_eq!(item(&world, &group, "SLOW").await.state(), WorkItemState::Open, "it stays work");
}

#[tokio::test]
async fn a_forecast_says_today_what_nobody_will_have_the_time_for() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
    let line =
        Line { charge: 900_00, paid: 0, adjustments: &[("CO", "197", 900_00)], remarks: &[] };
    let remittance = Remittance::to(NPI, "20260610").claim("A", "DOE", &[line]);
    group.upload(&world, &remittance.claim("B", "ROE", &[line]).x12()).await;
    let first = item(&world, &group, "A").await;
    let [specialist] = group.people(&world, [Role::Specialist]).await;
    let mut idle = queue("authorizations", &first.team, &[&specialist]);
    idle.members[0].capacity_minutes = 0;
    let lead = async || world.routing(&group.token(&world, Role::TeamLead).await);
    let request = CreateQueueRequest { queue: Some(idle), request_id: id() };
    let mut idle = lead().await.create_queue(request).await.unwrap().into_inner().queue.unwrap();
    let read = async |team: &str| {
        let request = GetForecastRequest { team: team.to_owned() };
        let answer = lead().await.get_forecast(request).await?;
        Ok::<_, tonic::Status>(answer.into_inner().forecast.unwrap())
    };
    assert_eq!(read("").await.unwrap().missed_count, 0, "nothing is due within 30 days");
    let left = first.priority.as_ref().unwrap().days_left.unwrap();
    world.clock().advance(TimeDelta::days((left - 10).into()));
    world.app().run_due().await.unwrap();
    let made = read(&first.team).await.unwrap();
    assert_eq!(made.missed_count, 2);
    let expected = first.priority.as_ref().unwrap().expected_recoverable.as_ref().unwrap();
    assert_eq!(made.missed.as_ref().unwrap().amount_cents, 2 * expected.amount_cents);
    assert!(made.work_item_ids.contains(&first.id) && !made.words[0].is_empty(), "{made:?}");
    let all = read("").await.unwrap();
    assert_eq!((all.missed_count, all.as_of), (2, made.as_of));
    assert_eq!(read("nobody").await.unwrap_err().code(), tonic::Code::NotFound);

    // With somebody there, the next hour's forecast misses nothing.
    idle.members[0].capacity_minutes = 480;
    let mask = prost_types::FieldMask { paths: vec!["members".to_owned()] };
    let request =
        UpdateQueueRequest { queue: Some(idle), update_mask: Some(mask), request_id: id() };
    lead().await.update_queue(request).await.unwrap();
    world.clock().advance(TimeDelta::minutes(61));
    world.app().run_due().await.unwrap();
    let later = read(&first.team).await.unwrap();
    assert_eq!(later.missed_count, 0, "{later:?}");
    assert!(later.as_of.unwrap().seconds > made.as_of.unwrap().seconds);
}
