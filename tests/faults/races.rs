//! Many at once: one effect, one winner.

use std::collections::BTreeSet;

use contracts::access::v1::Role;
use contracts::identity::v1::{AssignRolesRequest, GetUserRequest};
use contracts::routing::v1::RemittancePurpose;
use tests::{Group, Line, NewGroup, Remittance, World, id, upload_parts};
use tonic::Code;

use crate::ledger::Ledger;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_64_writers_with_one_etag_exactly_one_wins() {
    let world = World::new().await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let token = group.token(&world, Role::TenantAdmin).await;
    let user = GetUserRequest { id: group.user_id.clone() };
    let user = world.identity(&token).get_user(user).await.unwrap().into_inner().user.unwrap();
    let writers = (0..64).map(|_| {
        let mut admin = world.identity(&token);
        let request = AssignRolesRequest {
            user_id: user.id.clone(),
            roles: vec![Role::Analyst.into()],
            etag: user.etag.clone(),
            request_id: id(),
        };
        async move { admin.assign_roles(request).await }
    });
    let answers = futures::future::join_all(writers).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    for refusal in answers.into_iter().filter_map(Result::err) {
        assert_eq!(refusal.code(), Code::Aborted, "{}", refusal.message());
    }
}

/// One file as 50 callers have it, under other names and request ids, beside a changed twin and
/// another group's copy.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_file_sent_50_times_at_once_is_posted_once_for_each_group() {
    let world = World::new().await;
    let north = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let south = Group::board(&world, &NewGroup::new("south", "1234567893")).await;
    let line =
        Line { charge: 70_00, paid: 0, adjustments: &[("CO", "197", 70_00)], remarks: &["N54"] };
    let bytes = Remittance::to(&north.npi, "20260610").claim("ONCE", "DOE", &[line]).x12();
    // One byte of the patient's name: other bytes and another transaction.
    let changed = String::from_utf8(bytes.clone()).unwrap().replace("*DOE*", "*DOF*").into_bytes();
    let (of_north, of_south) =
        (north.token(&world, Role::Specialist).await, south.token(&world, Role::Specialist).await);
    let uploads = (0..54).map(|at| {
        let (token, bytes) = match at {
            50..52 => (&of_south, &bytes),
            52.. => (&of_north, &changed),
            _ => (&of_north, &bytes),
        };
        let parts = upload_parts(&format!("copy-{at}.835"), bytes, RemittancePurpose::Live);
        let mut routing = world.routing(token);
        async move {
            // A twin may be told to come again; it comes with the same request.
            for _ in 0..5 {
                match routing.upload_remittance(tokio_stream::iter(parts.clone())).await {
                    Ok(answer) => return answer.into_inner().remittance_file.unwrap().id,
                    Err(refusal) => assert!(
                        matches!(refusal.code(), Code::Aborted | Code::Unavailable),
                        "{refusal:?}"
                    ),
                }
            }
            panic!("copy {at} was never taken");
        }
    });
    let files = futures::future::join_all(uploads).await;
    assert_eq!(files[..50].iter().collect::<BTreeSet<_>>().len(), 1);
    assert_eq!(files.iter().collect::<BTreeSet<_>>().len(), 3);
    let ledger = Ledger::of(world.store()).await;
    for (group, effects) in [(&north, 2), (&south, 1)] {
        for table in ["routing_file", "routing_transaction", "routing_claim", "routing_denial"] {
            let there = ledger.count(&group.tenant_id, table, "true").await;
            assert_eq!(there, effects, "{table} of {}", group.slug);
        }
    }
}
