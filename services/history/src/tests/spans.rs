//! What a span counts is what its denials add up to, whatever is folded when.

use std::collections::BTreeMap;

use chrono::{Days as Later, NaiveDate};
use domain::codes::{Carc, Group};
use domain::dictionary::Facts;
use domain::money::Cents;
use domain::tenancy::TenantId;
use domain_governance::replay::{Signature, Span};
use platform::access::Caller;
use platform::clock::Clock;
use platform::tenant_tx::Database;

use super::{EMPTY, Scene};
use crate::store::{self, Counted};
use crate::{Days, Denied, fold};

/// The next number of a fixed sequence (Knuth's MMIX generator).
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, end: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2023, 11, 20).unwrap()
}

/// A denial of three years, of few signatures; some are taken back with what they took.
fn denied(sequence: &mut Sequence) -> Denied {
    let procedure = format!("{:05}", sequence.below(12));
    let carc = Carc::new("50").unwrap();
    let facts =
        Facts { procedure: Some(&procedure), ..Facts::of_codes(Group::from_raw("CO"), carc, &[]) };
    let remit_on = first_day() + Later::new(sequence.below(3 * 365));
    let cents = i64::try_from(sequence.below(200_000)).unwrap() - 60_000;
    Denied {
        id: platform::ids::new(),
        signature: Signature::of(&facts),
        amount: Cents::new(cents),
        service_on: None,
        days: Days { remit_on, service_on: None, payer_received_on: None },
    }
}

/// Denials of the span, one after the other.
fn plain(denials: &[Denied], span: Span) -> BTreeMap<Vec<u8>, (u64, i64)> {
    let mut sums = BTreeMap::new();
    for one in denials.iter().filter(|one| span.contains(one.days.remit_on)) {
        let sum: &mut (u64, i64) = sums.entry(one.signature.encoded().to_vec()).or_default();
        (sum.0, sum.1) = (sum.0 + 1, sum.1 + one.amount.as_i64());
    }
    sums
}

async fn counted(database: &Database, caller: &Caller, span: Span, page: u64) -> Vec<Counted> {
    let tx = database.read(caller).await.unwrap();
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let some = store::signatures(&tx, span, after, page).await.unwrap();
        let Some(last) = some.last() else { return all };
        after = Some(last.key);
        all.extend(some);
    }
}

async fn hold(database: &Database) {
    let mut sequence = Sequence(11);
    let (mut nothing, mut several_years) = (0, 0);
    for size in [1, 5, 40, 300] {
        let caller = Caller::on_duty(TenantId::from_uuid(platform::ids::new()), "history.test");
        let all: Vec<Denied> = (0..size).map(|_| denied(&mut sequence)).collect();
        // In no order of days: late remittances count where they belong.
        let mut rest = all.as_slice();
        while !rest.is_empty() {
            let most = usize::try_from(1 + sequence.below(40)).unwrap().min(rest.len());
            let (some, later) = rest.split_at(most);
            let tx = database.begin(&caller).await.unwrap();
            fold(&tx, some.to_vec()).await.unwrap();
            tx.commit().await.unwrap();
            rest = later;
        }
        for _ in 0..60 {
            let today = first_day() + Later::new(sequence.below(3 * 365));
            let back = sequence.below(3 * 365);
            let starts_on = (!back.is_multiple_of(5)).then(|| today - Later::new(back));
            let span = Span::until(today, starts_on);
            let found = counted(database, &caller, span, 1 + sequence.below(14)).await;
            assert!(found.is_sorted_by(|a, b| a.key < b.key), "each signature once");
            let found: BTreeMap<Vec<u8>, (u64, i64)> =
                found.into_iter().map(|one| (one.encoded, (one.denials, one.cents))).collect();
            assert_eq!(found, plain(&all, span), "{span:?}");
            nothing += usize::from(found.is_empty());
            let years = span.last.number() / 100 - span.first.number() / 100;
            several_years += usize::from(years > 1 && !found.is_empty());
        }
    }
    assert!(nothing > 0 && several_years > 0, "the spans are of every kind");
}

#[tokio::test]
async fn a_span_counts_what_its_denials_add_up_to() {
    let scene = Scene::new(EMPTY).await;
    hold(&scene.replays.database).await;
}

/// On PostgreSQL where `DATABASE_URL` names one.
#[tokio::test]
async fn a_span_counts_it_on_the_other_engine_as_well() {
    bench_database::on(Clock::system(), async |_, database| hold(&database).await).await;
}
