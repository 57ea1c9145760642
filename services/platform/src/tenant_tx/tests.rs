use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Condition, Order, Value};
use sea_orm::{ColumnTrait, SqlErr};
use uuid::Uuid;

use super::*;
use crate::idempotency::Once;
use crate::rejection::Fault;
use crate::{audit, events, jobs};

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
mod note {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "test_note")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub cents: i64,
        pub label: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    crate::tenant_owned!();
}

/// A database file that is removed with its folder.
struct Scratch {
    database: Database,
    folder: std::path::PathBuf,
}

impl Drop for Scratch {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

async fn scratch() -> Scratch {
    let folder = std::env::temp_dir().join(format!("overturn-tx-{}", crate::ids::new()));
    std::fs::create_dir(&folder).unwrap();
    let settings = DatabaseSettings {
        url: format!("sqlite://{}/t.db", folder.display()),
        ..DatabaseSettings::default()
    };
    let database = Database::open(&settings, Clock::system()).await.unwrap();
    let tx = begin(database.writer(), true).await.unwrap();
    sea_orm::ConnectionTrait::execute_unprepared(
        &tx,
        "CREATE TABLE test_note (tenant_id blob NOT NULL, id blob NOT NULL, cents bigint NOT NULL, \
         label text, PRIMARY KEY (tenant_id, id))",
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    Scratch { database, folder }
}

fn caller() -> Caller {
    Caller::on_duty(TenantId::from_uuid(crate::ids::new()), "tests.note")
}

fn note(id: Uuid, cents: i64) -> note::ActiveModel {
    note::ActiveModel {
        tenant_id: Set(Uuid::nil()),
        id: Set(id),
        cents: Set(cents),
        label: Set((cents % 2 == 0).then(|| "even".to_owned())),
    }
}

#[tokio::test]
async fn two_tenants_with_the_same_id_never_meet() {
    let scratch = scratch().await;
    let (ours, theirs, id) = (caller(), caller(), crate::ids::new());
    for (who, cents) in [(&ours, 1), (&theirs, 2)] {
        let tx = scratch.database.begin(who).await.unwrap();
        assert_eq!(tx.insert(note(id, cents)).await.unwrap().tenant_id, who.tenant().as_uuid());
        tx.commit().await.unwrap();
    }
    let tx = scratch.database.begin(&ours).await.unwrap();
    let everything =
        Condition::any().add(note::Column::Cents.gt(0)).add(note::Column::Cents.lte(0));
    let seen = tx.find::<note::Entity>().filter(everything.clone()).all().await.unwrap();
    assert_eq!(seen.iter().map(|row| row.cents).collect::<Vec<_>>(), [1]);
    assert_eq!(tx.find::<note::Entity>().filter(everything.clone()).count().await.unwrap(), 1);
    let foreign = theirs.tenant().as_uuid();
    let changed = tx
        .update::<note::Entity>()
        .set(note::Column::Cents, 9)
        .set(note::Column::TenantId, foreign)
        .filter(everything.clone())
        .exec()
        .await
        .unwrap();
    assert_eq!(changed, 1);
    assert_eq!(tx.delete::<note::Entity>().filter(everything).exec().await.unwrap(), 1);
    tx.commit().await.unwrap();
    let tx = scratch.database.read(&theirs).await.unwrap();
    assert_eq!(tx.find::<note::Entity>().one().await.unwrap().unwrap().cents, 2);
}

#[tokio::test]
async fn bulk_rows_come_back_whole_and_page_by_key() {
    let scratch = scratch().await;
    let us = caller();
    let tx = scratch.database.begin(&us).await.unwrap();
    tx.insert_all((0..20_000).map(|cents| note(crate::ids::new(), cents)).collect()).await.unwrap();
    tx.commit().await.unwrap();
    let tx = scratch.database.read(&us).await.unwrap();
    let order = [(note::Column::Cents, Order::Desc), (note::Column::Id, Order::Asc)];
    let (mut after, mut seen): (Option<Vec<Value>>, _) = (None, Vec::new());
    loop {
        let page = tx.find::<note::Entity>().keyset(&order, after.as_deref()).limit(7_000);
        let page = page.all().await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(vec![last.cents.into(), last.id.into()]);
        seen.extend(page.iter().map(|row| (row.cents, row.label.is_some())));
    }
    assert_eq!(seen, (0..20_000).rev().map(|c| (c, c % 2 == 0)).collect::<Vec<_>>());
}

#[tokio::test]
async fn bulk_rows_are_added_to_those_with_their_key_or_leave_them_as_they_are() {
    let scratch = scratch().await;
    let (us, theirs) = (caller(), caller());
    let ids: Vec<Uuid> = (0..700).map(|_| crate::ids::new()).collect();
    let tx = scratch.database.begin(&theirs).await.unwrap();
    tx.insert(note(ids[0], 5)).await.unwrap();
    tx.commit().await.unwrap();
    let tx = scratch.database.begin(&us).await.unwrap();
    for some in [&ids[..400], &ids[..], &ids[300..]] {
        let rows = some.iter().map(|id| note(*id, 7)).collect();
        tx.add_all(rows, &[note::Column::Cents]).await.unwrap();
    }
    tx.add_all(ids.iter().map(|id| note(*id, 1_000)).collect(), &[]).await.unwrap();
    tx.commit().await.unwrap();
    let tx = scratch.database.read(&us).await.unwrap();
    let rows = tx.find::<note::Entity>().order_by(note::Column::Id, Order::Asc).all().await;
    let cents: Vec<i64> = rows.unwrap().iter().map(|row| row.cents).collect();
    let expected: Vec<i64> =
        (0..700).map(|at| if (300..400).contains(&at) { 21 } else { 14 }).collect();
    assert_eq!(cents, expected);
    let sums = tx.find::<note::Entity>().filter(note::Column::Id.lte(ids[399]));
    let cents = [1, 2].map(|_| note::Column::Cents.into_expr());
    let sums = sums.sums::<Option<String>>(note::Column::Label, cents);
    let sum = 300 * 14 + 100 * 21;
    assert_eq!(sums.await.unwrap(), [(None, sum, sum)]);
    let tx = scratch.database.read(&theirs).await.unwrap();
    assert_eq!(tx.find::<note::Entity>().one().await.unwrap().unwrap().cents, 5);
}

#[tokio::test]
async fn bulk_rows_give_those_with_their_key_the_columns_that_are_named() {
    let scratch = scratch().await;
    let (us, theirs) = (caller(), caller());
    let ids: Vec<Uuid> = (0..700).map(|_| crate::ids::new()).collect();
    for caller in [&us, &theirs] {
        let tx = scratch.database.begin(caller).await.unwrap();
        tx.insert_all(ids.iter().map(|id| note(*id, 8)).collect()).await.unwrap();
        tx.commit().await.unwrap();
    }
    let tx = scratch.database.begin(&us).await.unwrap();
    let cents = ids[..600].iter().zip(1..).map(|(id, cents)| note(*id, 2 * cents + 1));
    tx.put_all(cents.collect(), &[note::Column::Cents]).await.unwrap();
    tx.commit().await.unwrap();
    let all = async |of: &Caller| {
        let tx = scratch.database.read(of).await.unwrap();
        tx.find::<note::Entity>().order_by(note::Column::Id, Order::Asc).all().await.unwrap()
    };
    let ours = all(&us).await;
    let expected: Vec<i64> = (1..=700).map(|at| if at <= 600 { 2 * at + 1 } else { 8 }).collect();
    assert_eq!(ours.iter().map(|row| row.cents).collect::<Vec<_>>(), expected);
    assert!(ours.iter().all(|row| row.label.as_deref() == Some("even")), "not named, not changed");
    assert!(all(&theirs).await.iter().all(|row| row.cents == 8));
}

#[tokio::test]
async fn a_still_reader_sees_nothing_that_comes_later() {
    let scratch = scratch().await;
    let us = caller();
    let still = scratch.database.read_still(&us).await.unwrap();
    assert_eq!(still.find::<note::Entity>().count().await.unwrap(), 0);
    let tx = scratch.database.begin(&us).await.unwrap();
    tx.insert(note(crate::ids::new(), 1)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(still.find::<note::Entity>().count().await.unwrap(), 0);
    let tx = scratch.database.read(&us).await.unwrap();
    assert_eq!(tx.find::<note::Entity>().count().await.unwrap(), 1);
}

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer_and_other_content_is_refused() {
    let scratch = scratch().await;
    let (us, id) = (caller(), crate::ids::new().to_string());
    let ask = async |content: &str| {
        let request = content.to_owned();
        let once = Once::of(&id, &request).unwrap();
        scratch
            .database
            .mutate::<String, Fault, _>(&us, once, move |tx| {
                Box::pin(async move {
                    let row = tx.insert(note(crate::ids::new(), 4)).await?;
                    Ok(row.id.to_string())
                })
            })
            .await
    };
    let first = ask("a").await.unwrap();
    assert_eq!(ask("a").await.unwrap(), first);
    assert!(matches!(ask("b").await, Err(Fault::RequestIdReused)));
    let tx = scratch.database.read(&us).await.unwrap();
    assert_eq!(tx.find::<note::Entity>().count().await.unwrap(), 1);
    let trail = audit::page(&tx, Condition::all(), None, 10).await.unwrap();
    assert_eq!(trail.len(), 1, "one change, one row");
    assert_eq!((trail[0].kind.as_str(), trail[0].rpc.as_str()), ("change", "tests.note"));
}

#[tokio::test]
async fn a_refused_mutation_leaves_nothing_not_even_its_request_id() {
    let scratch = scratch().await;
    let (us, request) = (caller(), String::from("x"));
    let once = Once::of(&crate::ids::new().to_string(), &request).unwrap();
    for _ in 0..2 {
        let refused = scratch
            .database
            .mutate::<String, Fault, _>(&us, once.clone(), |tx| {
                Box::pin(async move {
                    tx.insert(note(crate::ids::new(), 4)).await?;
                    Err(Fault::NotFound)
                })
            })
            .await;
        assert!(matches!(refused, Err(Fault::NotFound)));
    }
    let tx = scratch.database.read(&us).await.unwrap();
    assert_eq!(tx.find::<note::Entity>().count().await.unwrap(), 0);
}

#[tokio::test]
async fn the_trail_cannot_be_changed_or_cut() {
    let scratch = scratch().await;
    let us = caller();
    let tx = scratch.database.begin(&us).await.unwrap();
    tx.insert(note(crate::ids::new(), 1)).await.unwrap();
    tx.commit().await.unwrap();
    for attack in ["UPDATE platform_audit SET actor = 'nobody'", "DELETE FROM platform_audit"] {
        let tx = begin(scratch.database.writer(), true).await.unwrap();
        let refused = sea_orm::ConnectionTrait::execute_unprepared(&tx, attack).await;
        assert!(refused.unwrap_err().to_string().contains("append-only"), "{attack}");
    }
}

#[tokio::test]
async fn a_feed_has_no_gaps_and_repeats_nothing() {
    let scratch = scratch().await;
    let us = caller();
    let emit = async |kind: &'static str| {
        let tx = scratch.database.begin(&us).await.unwrap();
        let event = events::Event {
            kind,
            subject: crate::ids::new(),
            revision: String::new(),
            payload: b"{}".to_vec(),
        };
        tx.emit("tests", vec![event]).await.unwrap();
        tx.commit().await.unwrap();
    };
    for kind in ["note.made", "note.read", "note.lost"] {
        emit(kind).await;
    }
    let first = events::read(&scratch.database, &us, "tests", 0, 2).await.unwrap();
    emit("note.found").await;
    let rest = events::read(&scratch.database, &us, "tests", 2, 10).await.unwrap();
    let seen: Vec<_> = first.iter().chain(&rest).map(|e| (e.seq, e.kind.as_str())).collect();
    assert_eq!(seen, [(1, "note.made"), (2, "note.read"), (3, "note.lost"), (4, "note.found")]);
    assert!(events::read(&scratch.database, &caller(), "tests", 0, 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_due_job_runs_once_for_its_tenant_and_a_failed_one_again_after_its_lease() {
    let scratch = scratch().await;
    let (us, key) = (caller(), crate::ids::new());
    let tx = scratch.database.begin(&us).await.unwrap();
    tx.schedule("tests.job", key, Clock::system().now()).await.unwrap();
    tx.commit().await.unwrap();
    let database = scratch.database.clone();
    let job = jobs::Job::new(
        "tests.job",
        std::sync::Arc::new(move |caller, key| {
            let database = database.clone();
            Box::pin(async move {
                let tx = database.begin(&caller).await?;
                if tx.find::<note::Entity>().one().await?.is_none() {
                    tx.insert(note(key, 1)).await?;
                    tx.commit().await?;
                    return Err(Fault::Broken("the first run dies"));
                }
                tx.done("tests.job", key).await?;
                Ok(tx.commit().await?)
            })
        }),
    )
    .lease(std::time::Duration::ZERO);
    assert_eq!(job.run_due(&scratch.database).await.unwrap(), 1);
    assert_eq!(job.run_due(&scratch.database).await.unwrap(), 1);
    assert_eq!(job.run_due(&scratch.database).await.unwrap(), 0);
}

#[tokio::test]
async fn a_doubled_key_is_a_unique_violation_and_an_absent_one_is_inserted() {
    let scratch = scratch().await;
    let (us, id) = (caller(), crate::ids::new());
    let tx = scratch.database.begin(&us).await.unwrap();
    assert!(tx.insert_if_absent(note(id, 1)).await.unwrap());
    assert!(!tx.insert_if_absent(note(id, 2)).await.unwrap());
    let error = tx.insert(note(id, 3)).await.unwrap_err();
    assert!(matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))));
}

#[tokio::test]
async fn a_call_that_finds_no_connection_in_time_is_told_to_come_back() {
    let scratch = scratch().await;
    let url = format!("sqlite://{}/t.db", scratch.folder.display());
    let settings = DatabaseSettings { url, acquire_timeout_ms: 50, ..DatabaseSettings::default() };
    let database = Database::open(&settings, Clock::system()).await.unwrap();
    let held = database.begin(&caller()).await.unwrap();
    let fault = Fault::from(database.begin(&caller()).await.unwrap_err());
    assert!(matches!(fault, Fault::Busy), "{fault:?}");
    assert_eq!(crate::rejection::reject(fault).code(), tonic::Code::Unavailable);
    drop(held);
    database.begin(&caller()).await.unwrap();
}

#[tokio::test]
async fn an_open_transaction_is_known_to_its_task_alone() {
    let scratch = scratch().await;
    let (database, us) = (scratch.database.clone(), caller());
    tokio::task::LocalSet::new()
        .run_until(async {
            let task = tokio::task::spawn_local(async move {
                assert!(!open_here());
                let tx = database.read(&us).await.unwrap();
                assert!(open_here());
                drop(tx);
                assert!(!open_here());
            });
            task.await.unwrap();
        })
        .await;
}

#[test]
fn a_filter_stays_inside_its_own_parentheses() {
    let wide = Condition::any().add(note::Column::Cents.eq(1)).add(note::Column::Cents.eq(2));
    let narrow = sea_orm::QueryFilter::filter(
        <note::Entity as sea_orm::EntityTrait>::find(),
        note::Column::TenantId.eq(Uuid::nil()),
    );
    let sql = sea_orm::QueryTrait::build(
        &sea_orm::QueryFilter::filter(narrow, Condition::all().add(wide)),
        DbBackend::Sqlite,
    );
    assert!(sql.sql.contains(" AND (\"test_note\".\"cents\" = ? OR "), "{}", sql.sql);
}
