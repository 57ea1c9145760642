//! Callers who hang up: whatever was acknowledged is there, and what was repeated is there once.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use contracts::access::v1::{AuditKind, Role};
use contracts::identity::v1::{AssignRolesRequest, GetUserRequest};
use platform::access::Policy;
use prost::Message;
use tests::samples::{Sample, Things};
use tests::{Answer, Group, NewGroup, World, call_streaming, on_postgres};
use tonic::Code;

use crate::foreign_writes::rule;
use crate::ledger::Ledger;

/// After how many polls a call is dropped, at most.
const POLLS: usize = 10;

/// Polls `call` at most `polls` times, a millisecond apart, and drops it.
async fn dropped_after<F: Future>(polls: usize, call: F) -> Option<F::Output> {
    let mut call = pin!(call);
    for _ in 0..polls {
        if let Poll::Ready(answer) = futures::poll!(call.as_mut()) {
            return Some(answer);
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    None
}

async fn send(world: &World, sample: &Sample, token: &str) -> Answer {
    let messages: Vec<&[u8]> = sample.messages.iter().map(Vec::as_slice).collect();
    call_streaming(&world.wire(), &sample.path, Some(token), &messages).await
}

/// No session of the product waits inside a transaction, and the look at them works.
pub(crate) async fn nothing_hangs(ledger: &Ledger) {
    if !on_postgres() {
        return;
    }
    let hanging = "SELECT query FROM pg_stat_activity WHERE datname = current_database() \
                   AND state LIKE 'idle in transaction%' AND pid <> pg_backend_pid()";
    let mut left = ledger.texts("", hanging).await;
    for _ in 0..50 {
        if left.is_empty() {
            break;
        }
        // A task that goes on without its caller may be between two statements.
        tokio::time::sleep(Duration::from_millis(20)).await;
        left = ledger.texts("", hanging).await;
    }
    assert_eq!(left, Vec::<String>::new());
    let held = sea_orm::TransactionTrait::begin(ledger.connection()).await.unwrap();
    assert_eq!(ledger.texts("", hanging).await.len(), 1, "an open one would be seen");
    held.rollback().await.unwrap();
}

/// Everyone still sees their own: no connection kept the tenant of a call that was cut.
async fn nobody_sees_another(world: &World, groups: [&Group; 2]) {
    use contracts::identity::v1::ListUsersRequest;
    for at in 0..16 {
        let group = groups[at % 2];
        let token = group.token(world, Role::TenantAdmin).await;
        let users = world.identity(&token).list_users(ListUsersRequest::default()).await.unwrap();
        let end = format!("@{}.example", group.slug);
        assert!(users.into_inner().users.iter().all(|user| user.email.ends_with(&end)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_dropped_at_any_poll_has_one_effect_once_it_is_repeated() {
    // With two connections a cut call that kept one is seen; who waits for them is another matter.
    let few = [("DATABASE__CONNECTIONS", "2"), ("DATABASE__ACQUIRE_TIMEOUT_MS", "30000")];
    let world = World::with(&few).await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let other = Group::board(&world, &NewGroup::new("south", "1245319599")).await;
    let things = Things::of(&world, &group).await;
    let (everyone, operator) = (group.everyone(&world).await, world.operator().await);
    let (policy, ledger) = (Policy::load().unwrap(), Ledger::of(world.store()).await);
    let (mut methods, mut cut, mut acknowledged) = (0, 0, 0);
    let paths: Vec<String> = things.samples().into_iter().map(|sample| sample.path).collect();
    for path in paths {
        let rule = rule(&policy, &path);
        let changes = [AuditKind::Change, AuditKind::Security].contains(&rule.audit);
        // A token request has no request id: its repetition is refused, not answered again.
        if !changes || rule.anonymous {
            continue;
        }
        methods += 1;
        let token = if rule.roles == [Role::Operator] { &operator } else { &everyone };
        let once = methods % POLLS + 1;
        let tried = if happens_once(&path) { once..=once } else { 1..=POLLS };
        for polls in tried {
            let fresh = fresh(&world, &things, &path, token).await;
            let first = dropped_after(polls, send(&world, &fresh, token)).await;
            let again = send(&world, &fresh, token).await;
            assert_eq!(again.code, Code::Ok, "{path} after {polls}: {}", again.message);
            match first {
                None => cut += 1,
                Some(answer) => {
                    acknowledged += 1;
                    assert_eq!(answer.code, Code::Ok, "{path}: {}", answer.message);
                }
            }
        }
        if let Some((table, condition, rows)) = effects(&path) {
            let there = ledger.count(&group.tenant_id, table, condition).await;
            assert_eq!(there, rows, "{path}: one effect for each request");
        }
    }
    assert!(methods >= 9, "{methods} methods change something");
    assert!(cut > methods, "{cut} calls were cut, {acknowledged} were answered before");
    nothing_hangs(&Ledger::as_product(world.store()).await).await;
    nobody_sees_another(&world, [&group, &other]).await;
}

/// Whether the sample's resource goes to another state or etag, from which the same is refused.
fn happens_once(path: &str) -> bool {
    const ONCE: [&str; 35] = [
        "RequestSignOff",
        "SignOffAppeal",
        "SubmitAppeal",
        "AcknowledgeAppeal",
        "ReturnAppeal",
        "RecordOutcome",
        "CreateAppeal",
        "UpdateAppeal",
        "WithdrawAppeal",
        "UpdatePayer",
        "RemovePayerAlias",
        "UpdateChangeRequest",
        "SubmitChangeRequest",
        "WithdrawChangeRequest",
        "RebaseChangeRequest",
        "CreateReview",
        "ActivateRevision",
        "CancelActivation",
        "RollBackRevision",
        "StartPreview",
        "StopPreview",
        "UpdateQueue",
        "UpdateAutomationRule",
        "ClaimNextWorkItem",
        "ReleaseWorkItem",
        "HandOverWorkItem",
        "SetEvidenceState",
        "WithdrawEvidence",
        "SetFollowUp",
        "ResolveWorkItem",
        "ApproveWriteOff",
        "UndoResolution",
        "ReopenWorkItem",
        "AnswerClarification",
        "SettleClarification",
    ];
    path.rsplit('/').next().is_some_and(|method| ONCE.contains(&method))
}

/// A sample of the method at `path` with a request id, and an etag, of its own.
async fn fresh(world: &World, things: &Things, path: &str, token: &str) -> Sample {
    let mut sample = things.samples().into_iter().find(|sample| sample.path == path).unwrap();
    if path.ends_with("/AssignRoles") {
        let user = GetUserRequest { id: things.group.user_id.clone() };
        let user = world.identity(token).get_user(user).await.unwrap().into_inner().user.unwrap();
        let request = AssignRolesRequest::decode(sample.messages[0].as_slice()).unwrap();
        let request = AssignRolesRequest { etag: user.etag, ..request };
        sample.messages = vec![request.encode_to_vec()];
    }
    sample
}

/// Where the effects of a method are counted, and how many rows it leaves.
fn effects(path: &str) -> Option<(&'static str, &'static str, usize)> {
    match path.rsplit('/').next()? {
        "CreateFacility" => Some(("identity_facility", "display_name = 'Clinic'", POLLS)),
        "CreateServiceLine" => Some(("identity_service_line", "display_name = 'Surgery'", POLLS)),
        "CreateTeam" => Some(("identity_team", "display_name = 'Night Shift'", POLLS)),
        "CreateUser" => Some(("identity_user", "display_name = 'New Person'", POLLS)),
        "CreateServiceAccount" => {
            Some(("identity_service_account", "display_name = 'Another Robot'", POLLS))
        }
        // The sample's own was there before.
        "CreateAutomationRule" => {
            Some(("routing_automation_rule", "title = 'Small leftovers'", POLLS + 1))
        }
        "SubmitAppeal" => Some(("appeals_proof", "confirmation_number = 'SENT9'", 1)),
        "OverrideStop" => Some(("appeals_override", "rarc = 'N211'", POLLS)),
        // Its version counts its changes, and begins with 1.
        "AssignRoles" => Some(("identity_user", "version = 11", 1)),
        // The samples' own were there before.
        "UploadEvidence" => Some(("routing_evidence_document", "media <> ''", POLLS + 2)),
        "WithdrawEvidence" => Some(("routing_evidence_withdrawal", "reason <> ''", 1)),
        "SetEvidenceState" => Some(("routing_evidence_word", "state = 'WAIVED'", 1)),
        "ImportOpenDenials" => Some(("routing_claim", "patient_control_number = 'OPEN9'", 1)),
        "UploadRemittance" => Some(("routing_claim", "patient_control_number = 'PCN9'", POLLS)),
        _ => None,
    }
}
