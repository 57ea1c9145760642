//! Real streams reset by their callers, at any moment: nothing acknowledged is lost, nothing is
//! doubled, and no session remembers the tenant of a call that was cut.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::{BufMut, Bytes, BytesMut};
use contracts::access::v1::Role;
use contracts::identity::v1::{CreateTeamRequest, ListUsersRequest};
use domain::tenancy::TenantId;
use h2::client::SendRequest;
use platform::access::Caller;
use platform::tenant_tx::Database;
use prost::Message;
use tests::served::{self, Served};
use tests::{Group, NewGroup, World, id, on_postgres};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::cancelled::nothing_hangs;
use crate::ledger::Ledger;

/// How many streams are reset before their answer, and how many may be sent for that.
const RESETS: usize = 500;
const SENT_MAX: usize = 5_000;
/// Calls at once, on a connection of their own.
const AT_ONCE: usize = 10;
/// Calls are cut after 0, 1, 2... of so many parts of what they take undisturbed, and a half more.
const STEPS: u32 = 40;
const LONG: Duration = Duration::from_secs(20);
const CONNECTIONS: &str = "2";

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Acknowledged,
    Reset,
}

/// A connection that frames are sent on by hand.
async fn connect(address: SocketAddr, running: &mut JoinSet<()>) -> SendRequest<Bytes> {
    let socket = TcpStream::connect(address).await.unwrap();
    socket.set_nodelay(true).unwrap();
    let (sender, connection) = h2::client::handshake(socket).await.unwrap();
    running.spawn(async { drop(connection.await) });
    sender
}

/// Calls `method` of identity and sends RST_STREAM after `patience`, unless it is answered before.
async fn call(
    sender: SendRequest<Bytes>,
    method: &str,
    token: &str,
    message: Vec<u8>,
    patience: Duration,
) -> End {
    let mut framed = BytesMut::new();
    framed.put_u8(0);
    framed.put_u32(u32::try_from(message.len()).unwrap());
    framed.put_slice(&message);
    let path = format!("http://a/overturn.identity.v1.IdentityService/{method}");
    let request = http::Request::post(path)
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .header("authorization", format!("Bearer {token}"))
        .body(())
        .unwrap();
    let mut sender = sender.ready().await.unwrap();
    let (answer, mut stream) = sender.send_request(request, false).unwrap();
    stream.send_data(framed.freeze(), true).unwrap();
    let whole = async {
        let mut body = answer.await.unwrap().into_body();
        while let Some(bytes) = body.data().await {
            body.flow_control().release_capacity(bytes.unwrap().len()).unwrap();
        }
        body.trailers().await.unwrap().expect("an answer that was not refused")
    };
    match tokio::time::timeout(patience, whole).await {
        Ok(trailers) => {
            assert_eq!(trailers["grpc-status"], "0");
            End::Acknowledged
        }
        Err(_) => {
            stream.send_reset(h2::Reason::CANCEL);
            End::Reset
        }
    }
}

/// Sends changes and as many reads at once, from number `from` on, with the patience of each;
/// answers the changes, and how many of all were cut.
async fn send(
    sender: &SendRequest<Bytes>,
    token: &str,
    from: usize,
    patience: impl Fn(u32) -> Duration,
) -> (Vec<(CreateTeamRequest, End)>, usize) {
    let calls = (from..from + AT_ONCE).map(|at| {
        let (team, patience) = (team(at), patience(u32::try_from(at).unwrap()));
        async move {
            // A read that is cut could leave as much behind as a change.
            let users = ListUsersRequest::default().encode_to_vec();
            let read = call(sender.clone(), "ListUsers", token, users, patience);
            let change = call(sender.clone(), "CreateTeam", token, team.encode_to_vec(), patience);
            let (read, change) = tokio::join!(read, change);
            (team, read, change)
        }
    });
    let ended = futures::future::join_all(calls).await;
    let ends = ended.iter().flat_map(|(_, read, change)| [read, change]);
    let cut = ends.filter(|end| **end == End::Reset).count();
    (ended.into_iter().map(|(team, _, change)| (team, change)).collect(), cut)
}

fn team(at: usize) -> CreateTeamRequest {
    CreateTeamRequest {
        slug: format!("reset-{at}"),
        display_name: "Reset".to_owned(),
        request_id: id(),
        ..CreateTeamRequest::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_reset_by_the_caller_lose_and_double_nothing() {
    let world = World::with(&[("DATABASE__CONNECTIONS", CONNECTIONS)]).await;
    let group = Group::board(&world, &NewGroup::new("north", "1234567893")).await;
    let token = group.token(&world, Role::TenantAdmin).await;
    let served = Served::new(world).await;
    let ledger = Ledger::of(served.store()).await;
    let mut running = JoinSet::new();
    // The control: nothing is cut that may take its time.
    let began = Instant::now();
    let sender = connect(served.address(), &mut running).await;
    let (mut sent, cut) = send(&sender, &token, 0, |_| LONG).await;
    let whole = began.elapsed();
    assert_eq!(cut, 0);
    let mut reset = 0;
    while reset < RESETS {
        assert!(sent.len() < SENT_MAX, "{reset} of {} calls could be reset", sent.len());
        let sender = connect(served.address(), &mut running).await;
        let patience = |at| whole * (at % STEPS) * 3 / (STEPS * 2);
        let (some, cut) = send(&sender, &token, sent.len(), patience).await;
        reset += cut;
        sent.extend(some);
    }
    let acknowledged = sent.iter().filter(|(_, end)| *end == End::Acknowledged);
    for (team, _) in acknowledged.clone() {
        let there = format!("slug = '{}'", team.slug);
        let there = ledger.count(&group.tenant_id, "identity_team", &there).await;
        assert_eq!(there, 1, "{} was acknowledged", team.slug);
    }
    println!("{reset} resets; {} of {} changes acknowledged", acknowledged.count(), sent.len());
    nothing_hangs(&Ledger::as_product(served.store()).await).await;
    nothing_is_remembered(&ledger, served.database(), &group).await;
    let mut admin = served::identity(&served::connection(served.address()), &token);
    let all = sent.len();
    for (team, _) in sent {
        admin.create_team(team).await.unwrap();
    }
    let there = ledger.count(&group.tenant_id, "identity_team", "display_name = 'Reset'").await;
    assert_eq!(there, all, "each exactly once");
}

/// The tenant that the session of a transaction remembers, as a table.
mod remembered {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "remembered_tenant")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub tenant: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    impl platform::tenant_tx::OperatorTable for Entity {}
    impl platform::tenant_tx::ReferenceTable for Entity {}
}

/// No session of the product's pool has kept the tenant of a call.
async fn nothing_is_remembered(owner: &Ledger, pool: &Database, group: &Group) {
    if !on_postgres() {
        return;
    }
    owner
        .act(
            "CREATE VIEW remembered_tenant AS SELECT 1 AS id, \
             coalesce(current_setting('app.tenant_id', true), '') AS tenant; \
             GRANT SELECT ON remembered_tenant TO overturn_app",
        )
        .await;
    // The control: a tenant's own transaction has it.
    let caller = Caller::on_duty(TenantId::from_uuid(group.tenant_id.parse().unwrap()), "tests");
    let tx = pool.read(&caller).await.unwrap();
    let own = tx.reference::<remembered::Entity>().one().await.unwrap().unwrap();
    assert_eq!(own.tenant, group.tenant_id);
    drop(tx);
    for _ in 0..8 {
        // All sessions at once, so that none is passed over.
        let every = (0..CONNECTIONS.parse().unwrap()).map(|_: usize| pool.operate_read());
        for session in futures::future::try_join_all(every).await.unwrap() {
            let row = session.find::<remembered::Entity>().one().await.unwrap().unwrap();
            assert_eq!(row.tenant, "");
        }
    }
}
