//! A forecast of 100,000 items of 12 teams, and of 10,000 for comparison.
//!
//! Half of the teams cannot keep up, the others have idle minutes; every team is able to do the
//! work of some others, so that moves are looked for too. Fails when 100,000 items take more than
//! 2 s, or more than 30 times as long as 10,000: the cost must grow about as the queue does. A
//! forecast is one thread that waits for nothing, so it is judged by its best round.

#![expect(clippy::print_stdout, reason = "a bench reports on standard output")]

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate};
use domain::money::Cents;
use domain_work::forecast::{Item, Team, forecast};
use uuid::Uuid;

const ITEMS: usize = 100_000;
const ROUNDS: usize = 5;
const LIMIT: Duration = Duration::from_secs(2);
const RATIO_MAX: u128 = 30;
const TEAMS: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];

/// The next number of a fixed sequence (Knuth's MMIX generator): the same queues in every run.
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, end: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

fn items(count: usize, today: NaiveDate) -> Vec<Item<'static>> {
    let mut sequence = Sequence(42);
    (0..count)
        .map(|number| {
            let effort = [15, 30, 60][sequence.below(3) as usize];
            let cents = sequence.below(500_000) as i64;
            let team = TEAMS[sequence.below(TEAMS.len() as u64) as usize];
            Item {
                id: Uuid::from_u128(number as u128),
                team,
                skill: team,
                effort_minutes: effort,
                hourly_cents: cents * 60 / i64::from(effort),
                recoverable: Cents::new(cents),
                last_day: Some(today + Days::new(sequence.below(90))),
                from: (sequence.below(5) == 0).then(|| today + Days::new(sequence.below(30))),
            }
        })
        .collect()
}

/// Every team is able to do its own work and that of the next four.
fn teams(count: usize) -> Vec<([&'static str; 5], &'static str, u32)> {
    // All of the work of one team, over the days of the forecast.
    let even = (count / TEAMS.len() * 35 / 22) as u32;
    (0..TEAMS.len())
        .map(|at| {
            let skills = [0, 1, 2, 3, 4].map(|next| TEAMS[(at + next) % TEAMS.len()]);
            (skills, TEAMS[at], if at % 2 == 0 { even / 5 } else { even * 2 })
        })
        .collect()
}

fn best_of(count: usize) -> Duration {
    let today: NaiveDate = "2026-06-01".parse().expect("a day");
    let (items, teams) = (items(count, today), teams(count));
    let teams: Vec<Team<'_>> = teams
        .iter()
        .map(|(skills, slug, minutes_a_day)| Team {
            slug,
            skills: skills.as_slice(),
            minutes_a_day: *minutes_a_day,
        })
        .collect();
    let mut best = Duration::MAX;
    for round in 0..ROUNDS {
        let started = Instant::now();
        let found = black_box(forecast(black_box(&teams), black_box(&items), today));
        best = best.min(started.elapsed());
        if round == 0 {
            let missed: usize = found.teams.iter().map(|team| team.missed.len()).sum();
            let moved: usize = found.reassignments.iter().map(|made| made.items.len()).sum();
            println!("{count} items: {missed} will be missed, {moved} of them could be moved");
        }
    }
    println!("{count} items in {best:?} (best of {ROUNDS} rounds)");
    best
}

fn main() -> ExitCode {
    let small = best_of(ITEMS / 10);
    let large = best_of(ITEMS);
    let ratio = large.as_nanos() / small.as_nanos().max(1);
    println!("ten times the items take {ratio} times as long");
    if large <= LIMIT && ratio <= RATIO_MAX { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
