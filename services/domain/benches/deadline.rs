//! Deadlines a second on one core: every rule of the starter that counts by itself, from every day
//! of ten years, with the steps in words that each deadline carries.

#![expect(clippy::print_stdout, reason = "a bench reports on standard output")]

use std::hint::black_box;
use std::time::Instant;

use chrono::{Days, NaiveDate};
use domain::calendar::Zone;
use domain::deadline::{ClockStarts, Evidence, Rule, compute, starter_rules};

const DAYS: u64 = 3_650;
const ROUNDS: u32 = 5;

fn main() {
    let first = NaiveDate::from_ymd_opt(2026, 1, 1).expect("the calendar has it");
    let starts = |rule: &Rule, day: u64| {
        let on = first.checked_add_days(Days::new(day)).expect("ten years fit");
        ClockStarts::new().with(rule.counted_from, on, Evidence::Stated)
    };
    let rules: Vec<Rule> = starter_rules()
        .into_iter()
        .filter(|rule| compute(rule, &starts(rule, 0), Zone::EASTERN).is_ok())
        .collect();
    let mut best = 0.0_f64;
    for _ in 0..ROUNDS {
        let (begun, mut count) = (Instant::now(), 0_u32);
        for day in 0..DAYS {
            for rule in &rules {
                black_box(compute(rule, &starts(rule, day), Zone::EASTERN).ok());
                count += 1;
            }
        }
        best = best.max(f64::from(count) / begun.elapsed().as_secs_f64());
    }
    println!("{} rules: {best:.0} deadlines a second", rules.len());
}
