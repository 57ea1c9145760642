use proptest::prelude::*;

use super::*;

fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn user(number: u128) -> UserId {
    UserId(id(number))
}

fn queue(name: &str) -> Queue {
    Queue {
        slug: slug(name),
        scope: Scope {
            team: slug("billing"),
            payers: Selector::Any,
            facilities: Selector::Any,
            kinds: Selector::Any,
            skill: None,
        },
        members: vec![Member { user: user(1), skills: Vec::new(), capacity_minutes: 480 }],
        lead: Some(user(9)),
    }
}

fn item() -> Item<'static> {
    Item {
        team: "billing",
        payer: Some(id(1)),
        facility: Some(id(11)),
        kind: WorkKind::Denial,
        skills: &["appeal", "coding"],
    }
}

fn placed(queues: &[Queue], item: &Item<'_>) -> Option<String> {
    place(queues, item).map(|queue| queue.slug.to_string())
}

#[test]
fn the_most_specific_queue_has_the_item() {
    let all = queue("all");
    let mut by_payer = queue("by-payer");
    by_payer.scope.payers = Selector::Exact(id(1));
    let mut by_payers = queue("by-payers");
    by_payers.scope.payers = Selector::of([id(1), id(2)]);
    let mut by_facility = queue("by-facility");
    by_facility.scope.facilities = Selector::Exact(id(11));
    by_facility.scope.kinds = Selector::Exact(WorkKind::Denial);
    by_facility.scope.skill = Some(slug("appeal"));
    let queues = [all, by_facility, by_payers, by_payer];
    assert_eq!(placed(&queues, &item()), Some("by-payer".to_owned()));
    assert_eq!(placed(&queues[..3], &item()), Some("by-payers".to_owned()));
    assert_eq!(placed(&queues[..2], &item()), Some("by-facility".to_owned()));
    let unknown = Item { payer: None, facility: None, ..item() };
    assert_eq!(placed(&queues, &unknown), Some("all".to_owned()));
    assert_eq!(placed(&queues, &Item { team: "coding", ..item() }), None);
    assert_eq!(placed(&queues[1..2], &Item { skills: &["coding"], ..item() }), None);
    assert_eq!(placed(&[queue("b"), queue("a")], &item()), Some("a".to_owned()));
}

#[test]
fn members_with_the_skill_and_leads_may_work_it() {
    let mut asks = queue("clinical");
    asks.scope.skill = Some(slug("nurse"));
    let nurse = Member { user: user(2), skills: vec![slug("nurse")], capacity_minutes: 240 };
    asks.members.push(nurse);
    let standing = |number, leads: &[&str]| asks.standing(&Caller { user: user(number), leads });
    assert_eq!(standing(2, &[]), Ok(Standing::Member));
    assert_eq!(standing(9, &[]), Ok(Standing::Lead));
    assert_eq!(standing(3, &["billing"]), Ok(Standing::Lead));
    let lacking = standing(1, &[]).unwrap_err();
    assert_eq!(lacking.reason(), "SKILL_MISSING");
    assert_eq!(
        lacking.to_string(),
        "queue `clinical` asks for skill `nurse`, which your membership does not name"
    );
    assert_eq!(standing(3, &["coding"]).unwrap_err().reason(), "NOT_OF_THIS_QUEUE");
    assert_eq!(asks.capacity_minutes(), 240, "who lacks the skill does not count");
    assert_eq!(queue("all").capacity_minutes(), 480);
}

#[test]
fn contradictions_are_named() {
    let twin = queue("twin");
    let all = queue("all");
    let mut alike = queue("alike");
    alike.scope.payers = Selector::of([id(1), id(2)]);
    let mut near = queue("near");
    near.scope.payers = Selector::of([id(2), id(3)]);
    let mut apart = queue("apart");
    apart.scope.payers = Selector::of([id(4), id(5)]);
    let found = check(&[twin, all.clone(), alike, near, apart]);
    let words: Vec<&str> = found.iter().map(|defect| defect.words.as_str()).collect();
    assert_eq!(
        words,
        [
            "is as specific as `near`, and some items fit both: they would go to `alike` for its \
             name alone",
            "takes the same items as `twin`, which would never get one",
        ]
    );
    assert!(check(&[all]).is_empty());
}

#[test]
fn a_queue_may_be_wrong_by_itself() {
    let mut lone = queue("lone");
    lone.members.clear();
    lone.lead = None;
    let mut odd = queue("odd");
    odd.scope.team = slug("coding");
    odd.scope.skill = Some(slug("nurse"));
    odd.members[0].capacity_minutes = 1_441;
    odd.members.push(odd.members[0].clone());
    let fields: Vec<(String, &str)> = check(&[lone, odd])
        .into_iter()
        .map(|defect| (defect.queue.to_string(), defect.field))
        .collect();
    let wanted = [
        ("lone", "members"),
        ("odd", "members"),
        ("odd", "members"),
        ("odd", "members"),
        ("odd", "skill"),
    ];
    assert_eq!(fields, wanted.map(|(queue, field)| (queue.to_owned(), field)));
}

fn any_selector() -> impl Strategy<Value = Selector<Uuid>> {
    prop::collection::vec(1..4_u128, 0..3)
        .prop_map(|values| Selector::of(values.into_iter().map(Uuid::from_u128)))
}

prop_compose! {
    fn any_queue()(
        name in "[a-e]",
        payers in any_selector(),
        facilities in any_selector(),
        kinds in prop::collection::vec(prop::sample::select(WorkKind::ALL), 0..3),
        skill in prop::option::of(prop::sample::select(vec!["x", "y"])),
    ) -> Queue {
        let mut made = queue(&name);
        made.scope = Scope {
            payers, facilities, kinds: Selector::of(kinds), skill: skill.map(slug), ..made.scope
        };
        made
    }
}

proptest! {
    #[test]
    fn the_order_of_queues_means_nothing(
        mut queues in prop::collection::vec(any_queue(), 0..6),
        payer in 1..4_u128,
        facility in prop::option::of(1..4_u128),
        kind in prop::sample::select(WorkKind::ALL),
    ) {
        queues.sort_by(|a, b| a.slug.cmp(&b.slug));
        queues.dedup_by(|a, b| a.slug == b.slug);
        let item = Item {
            team: "billing", payer: Some(id(payer)), facility: facility.map(id), kind,
            skills: &["x", "y"],
        };
        let first = placed(&queues, &item);
        queues.reverse();
        prop_assert_eq!(&placed(&queues, &item), &first);
        // Whoever takes the item is in a queue that admits it, and none is more specific.
        match queues.iter().find(|queue| Some(queue.slug.to_string()) == first) {
            Some(chosen) => {
                prop_assert!(chosen.scope.admits(&item));
                for other in queues.iter().filter(|queue| queue.scope.admits(&item)) {
                    prop_assert!(other.scope.specificity() <= chosen.scope.specificity());
                }
            }
            None => prop_assert!(!queues.iter().any(|queue| queue.scope.admits(&item))),
        }
    }

    #[test]
    fn queues_without_defects_never_decide_by_name(
        mut queues in prop::collection::vec(any_queue(), 0..6),
        payer in 1..4_u128,
        facility in 1..4_u128,
        kind in prop::sample::select(WorkKind::ALL),
    ) {
        queues.sort_by(|a, b| a.slug.cmp(&b.slug));
        queues.dedup_by(|a, b| a.slug == b.slug);
        prop_assume!(check(&queues).iter().all(|defect| defect.field != "scope"));
        let item = Item {
            team: "billing", payer: Some(id(payer)), facility: Some(id(facility)), kind,
            skills: &["x", "y"],
        };
        let mut ranks: Vec<Specificity> = queues
            .iter()
            .filter(|queue| queue.scope.admits(&item))
            .map(|queue| queue.scope.specificity())
            .collect();
        ranks.sort();
        prop_assert!(ranks.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
