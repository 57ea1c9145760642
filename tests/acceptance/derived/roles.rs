use std::time::Duration;

use contracts::access::v1::Role;
use tests::{Group, NewGroup, ROLES, World, call};
use tonic::Code;

#[tokio::test]
async fn a_role_without_the_permission_is_refused_everywhere() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let mut tokens = vec![(Role::Operator, world.operator().await)];
    for role in ROLES.into_iter().chain([Role::Partner]) {
        tokens.push((role, group.token(&world, role).await));
    }
    let (mut refused, mut passed) = (0, 0);
    for (path, rule) in super::methods() {
        for (role, token) in &tokens {
            let (wire, admitted) = (world.wire(), rule.anonymous || rule.roles.contains(role));
            let calling = call(&wire, &path, Some(token), &[]);
            // A stream that goes on was let in, too.
            let answer = tokio::time::timeout(Duration::from_secs(2), calling).await.ok();
            if admitted {
                let code = answer.map(|answer| answer.code);
                assert_ne!(code, Some(Code::PermissionDenied), "{path} as {role:?}");
                passed += 1;
            } else {
                let answer = answer.expect("a refusal comes at once");
                assert_eq!(answer.code, Code::PermissionDenied, "{path} as {role:?}");
                assert_eq!(answer.reason().as_deref(), Some("PERMISSION_DENIED"), "{path}");
                refused += 1;
            }
        }
    }
    assert!(refused > 100 && passed > 100, "{refused} refused, {passed} passed");
}

#[tokio::test]
async fn what_is_planned_says_so_to_who_may_call_it() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let everyone = group.everyone(&world).await;
    let operator = world.operator().await;
    let partner = group.token(&world, Role::Partner).await;
    for (path, rule) in super::methods() {
        if rule.planned.is_empty() {
            continue;
        }
        let token = if ROLES.iter().any(|role| rule.roles.contains(role)) {
            &everyone
        } else if rule.roles.contains(&Role::Partner) {
            &partner
        } else {
            &operator
        };
        let answer = call(&world.wire(), &path, Some(token), &[]).await;
        assert_eq!(answer.code, Code::Unimplemented, "{path}");
        assert_eq!(answer.reason().as_deref(), Some("PLANNED"), "{path}");
        assert!(answer.message.contains(&rule.planned), "{path}: {}", answer.message);
    }
}

#[tokio::test]
async fn an_odd_path_is_no_method() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let token = group.everyone(&world).await;
    let path = "/overturn.routing.v1.RoutingService/ListWorkItems";
    assert_eq!(call(&world.wire(), path, Some(&token), &[]).await.code, Code::Ok);
    for odd in [
        "/overturn.routing.v1.RoutingService/listworkitems",
        "/overturn.routing.v1.RoutingService/ListWorkItems/",
        "//overturn.routing.v1.RoutingService/ListWorkItems",
        "/overturn.routing.v1.RoutingService%2FListWorkItems",
        "/overturn.routing.v1.RoutingService/NoSuchThing",
        "/overturn.routing.v1/ListWorkItems",
        "/",
    ] {
        let answer = call(&world.wire(), odd, Some(&token), &[]).await;
        assert_eq!(answer.code, Code::Unimplemented, "{odd}");
    }
}
