//! Rules that act by themselves, inside the limits of the dictionary.

mod asked;

use chrono::TimeDelta;
use contracts::access::v1::Role;
use contracts::dictionary::v1::{
    DifferenceKind, Edit, ListSectionsRequest, NextAction, ReviewVerdict, SectionKind,
};
use contracts::routing::v1::*;
use prost_types::FieldMask;
use serde_json::{Value, json};
use tests::samples::ends::money;
use tests::{Governing, Group, Line, NewGroup, Remittance, World, fields, id, reason, refusal};
use tonic::{Code, Status};

const NPI: &str = "1234567893";
const ACTOR: &str = "routing.run_automation_rule";

struct House<'w> {
    world: &'w World,
    group: Group,
}

async fn edit(of: &Governing<'_>, kind: SectionKind, slug: &str, change: fn(&mut Value)) -> Edit {
    let request = ListSectionsRequest {
        revision: "active".to_owned(),
        kind: kind.into(),
        filter: format!("slug = \"{slug}\""),
        ..ListSectionsRequest::default()
    };
    let listed = of.client(&of.analyst).list_sections(request).await.unwrap().into_inner();
    let mut section = listed.sections.into_iter().next().unwrap();
    let mut json: Value = serde_json::from_str(&section.json).unwrap();
    change(&mut json);
    section.json = json.to_string();
    Edit { change: DifferenceKind::Changed.into(), section: Some(section), ..Edit::default() }
}

/// Late denials may be written off up to $50.00 each; those of code 119 want a person first.
async fn allowed(of: &Governing<'_>) {
    let edits = vec![
        edit(of, SectionKind::AutomationLimit, "write-off", |it| it["ceiling"] = json!(50_00))
            .await,
        edit(of, SectionKind::Entry, "carc-29", |it| {
            it["meaning"]["next_action"] = json!("write_off");
            it["meaning"].as_object_mut().unwrap().remove("review_reason");
        })
        .await,
        edit(of, SectionKind::Entry, "carc-119", |it| {
            it["meaning"]["next_action"] = json!("write_off");
            it["meaning"]["review_reason"] = json!("somebody must look");
        })
        .await,
    ];
    activated(of, edits).await;
}

async fn activated(of: &Governing<'_>, edits: Vec<Edit>) {
    let change = of.try_draft("small leftovers", edits).await.unwrap();
    let change = of.submitted(&change).await;
    let (verify, replay, change) = of.checked(&change).await;
    assert!(verify.passed && replay.passed, "{verify:?} {replay:?}");
    let change = of.vote(&of.member, "coding", &change, ReviewVerdict::Approve).await.unwrap();
    of.activate(&change, None).await.unwrap();
}

impl<'w> House<'w> {
    async fn new(world: &'w World) -> Self {
        let group = Group::board(world, &NewGroup::new("north", NPI)).await;
        allowed(&Governing::of(world, &group).await).await;
        Self { world, group }
    }

    async fn lead(&self) -> routing_service_client::RoutingServiceClient<overturn::Door> {
        self.world.routing(&self.group.token(self.world, Role::TeamLead).await)
    }

    async fn denied(&self, number: &str, carc: &str, cents: i64) -> WorkItem {
        let adjustments = [("CO", carc, cents)];
        let line = Line { charge: cents, paid: 0, adjustments: &adjustments, remarks: &[] };
        let remittance =
            Remittance::to(NPI, "20260610").traced(number).claim(number, "DOE", &[line]);
        self.group.upload(self.world, &remittance.x12()).await;
        self.item(number).await
    }

    async fn item(&self, number: &str) -> WorkItem {
        let filter = format!("patient_control_number = \"{number}\"");
        let request = ListWorkItemsRequest { filter, ..ListWorkItemsRequest::default() };
        let listed = self.lead().await.list_work_items(request).await.unwrap().into_inner();
        listed.work_items.into_iter().next().unwrap()
    }

    async fn state(&self, number: &str) -> WorkItemState {
        self.item(number).await.state()
    }

    async fn create(&self, rule: AutomationRule) -> Result<AutomationRule, Status> {
        let request = CreateAutomationRuleRequest {
            automation_rule: Some(rule),
            request_id: id(),
            ..CreateAutomationRuleRequest::default()
        };
        let answer = self.lead().await.create_automation_rule(request).await?;
        Ok(answer.into_inner().automation_rule.unwrap())
    }

    async fn update(&self, rule: AutomationRule, paths: &[&str]) -> Result<AutomationRule, Status> {
        let paths = paths.iter().map(|path| (*path).to_owned()).collect();
        let request = UpdateAutomationRuleRequest {
            automation_rule: Some(rule),
            update_mask: Some(FieldMask { paths }),
            request_id: id(),
            ..UpdateAutomationRuleRequest::default()
        };
        let answer = self.lead().await.update_automation_rule(request).await?;
        Ok(answer.into_inner().automation_rule.unwrap())
    }

    async fn mode(&self, rule: &AutomationRule, mode: AutomationMode) -> AutomationRule {
        let rule = AutomationRule { mode: mode.into(), ..self.read(&rule.id).await };
        self.update(rule, &["mode"]).await.unwrap()
    }

    /// A rule that has told what it would do, and acts from now on.
    async fn acting(&self, rule: AutomationRule) -> AutomationRule {
        let made = self.create(rule).await.unwrap();
        self.world.app().run_due().await.unwrap();
        let acting = self.mode(&made, AutomationMode::Acting).await;
        self.world.app().run_due().await.unwrap();
        acting
    }

    async fn read(&self, rule: &str) -> AutomationRule {
        let request = ListAutomationRulesRequest::default();
        let listed = self.lead().await.list_automation_rules(request).await.unwrap().into_inner();
        listed.automation_rules.into_iter().find(|it| it.id == rule).unwrap()
    }

    /// An hour goes by.
    async fn hour(&self) {
        self.world.clock().advance(TimeDelta::minutes(61));
        self.world.app().run_due().await.unwrap();
    }

    async fn lines(&self, item: &WorkItem, kind: &str) -> Vec<TimelineItem> {
        let request =
            ListTimelineRequest { work_item_id: item.id.clone(), ..ListTimelineRequest::default() };
        let answer = self.lead().await.list_timeline(request).await.unwrap().into_inner();
        answer.timeline_items.into_iter().filter(|line| line.r#type == kind).collect()
    }
}

fn rule() -> AutomationRule {
    AutomationRule {
        title: "Small leftovers".to_owned(),
        action: NextAction::WriteOff.into(),
        filter: "kind = \"DENIAL\"".to_owned(),
        mode: AutomationMode::DryRun.into(),
        ceiling: money(20_00),
        daily_ceiling: money(30_00),
        write_off_code: "WO-7".to_owned(),
        ..AutomationRule::default()
    }
}

const REHEARSED: &str = "work_item.automation_rehearsed";

#[tokio::test]
async fn a_rule_tells_first_and_then_acts_on_what_is_left_to_no_person() {
    let world = World::new().await;
    let house = House::new(&world).await;
    let small = house.denied("SMALL", "29", 12_00).await;
    house.denied("ALSO", "29", 11_00).await;
    house.denied("LARGE", "29", 20_01).await;
    let gated = house.denied("GATED", "119", 5_00).await;
    assert_eq!(
        (small.next_action(), gated.next_action()),
        (NextAction::WriteOff, NextAction::WriteOff)
    );
    let held = house.denied("HELD", "29", 6_00).await;
    let claim =
        ClaimWorkItemRequest { id: held.id.clone(), request_id: id(), ..Default::default() };
    house.lead().await.claim_work_item(claim).await.unwrap();
    let noted = house.denied("NOTED", "29", 4_00).await;
    let note = AddNoteRequest {
        work_item_id: noted.id.clone(),
        text: "I look into it".to_owned(),
        request_id: id(),
    };
    house.lead().await.add_note(note).await.unwrap();

    let made = house.create(rule()).await.unwrap();
    assert_eq!((made.mode(), made.rehearsed, made.acted_count), (AutomationMode::DryRun, false, 0));
    world.app().run_due().await.unwrap();
    let told = house.read(&made.id).await;
    assert_eq!((told.rehearsed, told.rehearsed_count, told.acted_count), (true, 2, 0));
    assert_eq!(told.etag, made.etag, "no reader's etag grows stale by a pass");
    let [line] = house.lines(&small, REHEARSED).await.try_into().unwrap();
    let words = "would write it off by the rule `Small leftovers`: $12.00 of at most $50.00 under \
                 the dictionary's limit `write-off`";
    assert_eq!((line.words.as_str(), line.actor.as_str()), (words, ACTOR));
    assert!(house.lines(&gated, REHEARSED).await.is_empty());
    house.hour().await;
    assert_eq!(house.lines(&small, REHEARSED).await.len(), 1, "once of each item");
    assert_eq!(house.state("SMALL").await, WorkItemState::Open, "a dry run does nothing");

    house.mode(&made, AutomationMode::Acting).await;
    world.app().run_due().await.unwrap();
    for number in ["SMALL", "ALSO"] {
        assert_eq!(house.state(number).await, WorkItemState::Resolved, "{number}");
    }
    let untouched = [
        ("LARGE", WorkItemState::Open),
        ("GATED", WorkItemState::Open),
        ("NOTED", WorkItemState::Open),
    ];
    for (number, state) in untouched {
        assert_eq!(house.state(number).await, state, "{number}");
    }
    assert_ne!(house.state("HELD").await, WorkItemState::Resolved);
    assert_eq!(house.read(&made.id).await.acted_count, 2);
    let [line] = house.lines(&small, "work_item.resolved").await.try_into().unwrap();
    assert_eq!(line.actor, ACTOR);
    assert!(line.words.contains("$12.00 written off under WO-7: by the rule"), "{}", line.words);
}

#[tokio::test]
async fn a_person_takes_an_end_back_and_no_rule_repeats_it() {
    let world = World::new().await;
    let house = House::new(&world).await;
    house.acting(rule()).await;
    let small = house.denied("SMALL", "29", 12_00).await;
    house.hour().await;
    assert_eq!(house.state("SMALL").await, WorkItemState::Resolved);
    let filter = format!("work_item_id = \"{}\"", small.id);
    let denials = ListDenialsRequest { filter, ..ListDenialsRequest::default() };
    let listed = house.lead().await.list_denials(denials.clone()).await.unwrap().into_inner();
    assert_eq!(listed.denials[0].state(), DenialState::Closed);
    let undo = UndoResolutionRequest {
        resolution_id: house.resolution(&small).await,
        reason: "the payer still owes it".to_owned(),
        request_id: id(),
    };
    house.lead().await.undo_resolution(undo).await.unwrap();
    let listed = house.lead().await.list_denials(denials).await.unwrap().into_inner();
    assert_eq!(listed.denials[0].state(), DenialState::Open);
    world.clock().advance(TimeDelta::days(1));
    world.app().run_due().await.unwrap();
    assert_eq!(house.state("SMALL").await, WorkItemState::Open, "what is taken back stays so");
}

#[tokio::test]
async fn a_day_has_a_total_and_nothing_is_done_twice() {
    let world = World::new().await;
    let house = House::new(&world).await;
    let made = house.acting(rule()).await;
    house.denied("ONE", "29", 12_00).await;
    house.denied("TWO", "29", 11_00).await;
    house.hour().await;
    assert_eq!(house.read(&made.id).await.acted_count, 2);

    // Of the day $23.00 of $30.00 are spent.
    house.denied("FITS", "29", 7_00).await;
    house.denied("WAITS", "29", 8_00).await;
    house.hour().await;
    assert_eq!(house.state("FITS").await, WorkItemState::Resolved);
    assert_eq!(house.state("WAITS").await, WorkItemState::Open);
    house.hour().await;
    assert_eq!(house.read(&made.id).await.acted_count, 3, "nothing is done twice");
    world.clock().advance(TimeDelta::days(1));
    world.app().run_due().await.unwrap();
    assert_eq!(house.state("WAITS").await, WorkItemState::Resolved, "the next day has its own");
    house.mode(&made, AutomationMode::Stopped).await;
    house.denied("LATER", "29", 3_00).await;
    house.hour().await;
    assert_eq!(house.state("LATER").await, WorkItemState::Open, "a stopped rule does nothing");
}

#[tokio::test]
async fn documents_are_asked_for_once_and_a_lowered_limit_holds_at_once() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", NPI)).await;
    let governing = Governing::of(&world, &group).await;
    let house = House { world: &world, group };
    let limit = async |change: fn(&mut Value)| {
        let of = governing.again().await;
        let edits = vec![edit(&of, SectionKind::AutomationLimit, "send-documents", change).await];
        activated(&of, edits).await;
    };
    limit(|it| it["ceiling"] = json!(50_00)).await;
    let documents = AutomationRule {
        action: NextAction::SendDocuments.into(),
        write_off_code: String::new(),
        ..rule()
    };
    let made = house.acting(documents).await;
    let asked = house.denied("ASKED", "252", 9_00).await;
    assert_eq!(asked.next_action(), NextAction::SendDocuments);
    house.hour().await;
    let waits = house.item("ASKED").await;
    assert_eq!(
        (waits.state(), waits.waiting_for()),
        (WorkItemState::Waiting, WaitingFor::Documents)
    );
    let [line] = house.lines(&asked, "work_item.put_aside").await.try_into().unwrap();
    assert_eq!(line.actor, ACTOR);
    assert!(line.words.contains("it waits for documents: by the rule"), "{}", line.words);
    world.clock().advance(TimeDelta::days(8));
    world.app().run_due().await.unwrap();
    house.hour().await;
    assert_eq!(house.state("ASKED").await, WorkItemState::Open, "then it is a person's");
    assert_eq!(house.read(&made.id).await.acted_count, 1);

    limit(|it| it["ceiling"] = json!(5_00)).await;
    house.denied("ABOVE", "252", 9_00).await;
    house.denied("BELOW", "252", 5_00).await;
    let request = RedecideWorkItemsRequest { request_id: id() };
    house.lead().await.redecide_work_items(request).await.unwrap();
    house.hour().await;
    assert_eq!(house.state("ABOVE").await, WorkItemState::Open);
    assert_eq!(house.state("BELOW").await, WorkItemState::Waiting);
}

impl House<'_> {
    /// The end of an item, as the feed names it.
    async fn resolution(&self, item: &WorkItem) -> String {
        use futures::TryStreamExt;
        let request = WatchEventsRequest { stop_at_end: true, ..WatchEventsRequest::default() };
        let events = self.lead().await.watch_events(request).await.unwrap().into_inner();
        let events: Vec<WatchEventsResponse> = events.try_collect().await.unwrap();
        let events = events.into_iter().filter_map(|answer| answer.event);
        let mut ended = events.filter(|it| it.r#type == "work_item.resolved");
        let ended = ended.find(|it| it.subject == item.id).unwrap();
        let payload: Value = serde_json::from_str(&ended.payload_json).unwrap();
        assert_eq!((&payload["by"], &payload["automated"]), (&json!("automation"), &json!(true)));
        payload["resolution"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn what_a_rule_lacks_or_may_not_is_named() {
    let world = World::new().await;
    let house = House::new(&world).await;
    let invalid: [(AutomationRule, &[&str]); 7] = [
        (AutomationRule { title: String::new(), ..rule() }, &["automation_rule.title"]),
        (
            AutomationRule { action: 0, ..rule() },
            &["automation_rule.action", "automation_rule.write_off_code"],
        ),
        (AutomationRule { mode: 0, ..rule() }, &["automation_rule.mode"]),
        (AutomationRule { ceiling: money(-1), ..rule() }, &["automation_rule.ceiling"]),
        (
            AutomationRule { daily_ceiling: money(19_99), ..rule() },
            &["automation_rule.daily_ceiling"],
        ),
        (
            AutomationRule { filter: "colour = \"red\"".to_owned(), ..rule() },
            &["automation_rule.filter"],
        ),
        (
            AutomationRule { filter: "patient_control_number = \"A\"".to_owned(), ..rule() },
            &["automation_rule.filter"],
        ),
    ];
    for (rule, expected) in invalid {
        assert_eq!(fields(&house.create(rule).await.unwrap_err()), *expected);
    }
    let refused = reason(Code::FailedPrecondition, "AUTOMATION_REFUSED");
    let plain = AutomationRule { write_off_code: String::new(), ..rule() };
    let limited = [
        (
            AutomationRule { ceiling: money(50_01), daily_ceiling: money(60_00), ..rule() },
            "limit `write-off`",
        ),
        (AutomationRule { action: NextAction::Close.into(), ..plain.clone() }, "a person must act"),
        (AutomationRule { action: NextAction::Appeal.into(), ..plain }, "signed by people"),
        (AutomationRule { mode: AutomationMode::Acting.into(), ..rule() }, "dry run first"),
    ];
    for (rule, words) in limited {
        let status = house.create(rule).await.unwrap_err();
        assert_eq!(refusal(&status), refused);
        assert!(status.message().contains(words), "{}", status.message());
    }
}

#[tokio::test]
async fn what_an_acting_rule_does_changes_with_another_dry_run_only() {
    let world = World::new().await;
    let house = House::new(&world).await;
    let refused = reason(Code::FailedPrecondition, "AUTOMATION_REFUSED");
    let request = CreateAutomationRuleRequest {
        automation_rule: Some(rule()),
        validate_only: true,
        request_id: id(),
    };
    house.lead().await.create_automation_rule(request).await.unwrap();
    let request = ListAutomationRulesRequest::default();
    let listed = house.lead().await.list_automation_rules(request).await.unwrap().into_inner();
    assert!(listed.automation_rules.is_empty(), "it was only looked at");
    let made = house.create(rule()).await.unwrap();
    let acting = AutomationRule { mode: AutomationMode::Acting.into(), ..made.clone() };
    let early = house.update(acting.clone(), &["mode"]).await.unwrap_err();
    assert_eq!(refusal(&early), refused);
    world.app().run_due().await.unwrap();
    let acting = house.update(acting, &["mode"]).await.unwrap();
    let wider = AutomationRule { ceiling: money(25_00), ..acting.clone() };
    assert_eq!(refusal(&house.update(wider.clone(), &["ceiling"]).await.unwrap_err()), refused);
    let stale = AutomationRule { etag: made.etag.clone(), ..wider.clone() };
    let stale = house.update(stale, &["title"]).await.unwrap_err();
    assert_eq!(refusal(&stale), reason(Code::Aborted, "STALE_ETAG"));
    let unknown = house.update(wider.clone(), &["acted_count"]).await.unwrap_err();
    assert_eq!(fields(&unknown), ["update_mask"]);
    let wider = AutomationRule { mode: AutomationMode::DryRun.into(), ..wider };
    let wider = house.update(wider, &["ceiling", "mode"]).await.unwrap();
    assert_eq!((wider.rehearsed, wider.ceiling.clone()), (false, money(25_00)));

    let south = Group::board(&world, &NewGroup::new("south", "1245319599")).await;
    let stranger = world.routing(&south.token(&world, Role::TeamLead).await);
    let request = UpdateAutomationRuleRequest {
        automation_rule: Some(wider),
        update_mask: Some(FieldMask { paths: vec!["title".to_owned()] }),
        request_id: id(),
        ..UpdateAutomationRuleRequest::default()
    };
    let status = stranger.clone().update_automation_rule(request).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
    let request = ListAutomationRulesRequest::default();
    let listed = stranger.clone().list_automation_rules(request).await.unwrap().into_inner();
    assert!(listed.automation_rules.is_empty());
}

#[tokio::test]
async fn an_item_that_does_not_read_is_counted_and_ends_no_pass() {
    let world = World::new().await;
    let house = House::new(&world).await;
    // The most urgent comes first.
    house.denied("BROKEN", "29", 12_00).await;
    house.denied("WHOLE", "29", 11_00).await;
    let document = async |sql: &str| {
        let of = "WHERE patient_control_number = 'BROKEN'";
        world.store().damage(&format!("UPDATE routing_work_item SET document = {sql} {of}")).await;
    };
    document("substr(document, 2)").await;
    let made = house.acting(rule()).await;
    let (broken, read) = (house.read(&made.id).await, house.item("WHOLE").await);
    assert_eq!((broken.acted_count, broken.skipped_count, broken.rehearsed), (1, 1, true));
    assert_eq!(read.state(), WorkItemState::Resolved, "what comes after it is looked at");
    house.hour().await;
    assert_eq!(house.read(&made.id).await.skipped_count, 1, "it is what the last pass found");
    // It is acted on like any other once it reads.
    document(if tests::on_postgres() {
        "'{'::bytea || document"
    } else {
        "CAST('{' || CAST(document AS TEXT) AS BLOB)"
    })
    .await;
    house.hour().await;
    let mended = house.read(&made.id).await;
    assert_eq!((mended.acted_count, mended.skipped_count), (2, 0));
}
