//! How fast an 835 is read, against a minimal walk over the same bytes in the same run; whether
//! time is linear in size; what memory a stream of 1 GB takes.
//!
//! `cargo bench -p x12 --bench reading` measures; with `--test` a small file is read once.

#![expect(clippy::print_stdout, reason = "a bench reports on standard output")]

use std::hint::black_box;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use x12::generate::{Options, write_remittance};
use x12::{Assembled, Claims, Event, Reader};

const CLAIMS_IN_100_MB: u64 = 144_000;
const ROUNDS: usize = 7;

/// What each way of reading adds up, so that all of them can be compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Totals {
    charge: i64,
    paid: i64,
    line_charge: i64,
    line_paid: i64,
    adjusted: i64,
}

fn main() {
    // `cargo test --benches` and clippy runs must not take minutes.
    let small = !std::env::args().any(|argument| argument == "--bench");
    let claims = if small { 500 } else { CLAIMS_IN_100_MB };
    stream(claims, small);
    speed(claims, small);
}

fn generated(claims: u64) -> Vec<u8> {
    let mut file = Vec::new();
    let options = Options { claims, seed: 42, ..Options::default() };
    write_remittance(options, &mut file).expect("writing to memory cannot fail");
    file
}

/// One way of reading, and its fastest round so far: the least disturbed one.
struct Way {
    name: &'static str,
    run: fn(&[u8]) -> Totals,
    best: Duration,
}

impl Way {
    fn new(name: &'static str, run: fn(&[u8]) -> Totals) -> Self {
        Self { name, run, best: Duration::MAX }
    }

    fn measure(&mut self, file: &[u8]) -> Totals {
        let start = Instant::now();
        let totals = (self.run)(black_box(file));
        self.best = self.best.min(start.elapsed());
        totals
    }
}

fn rate(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / 1e6 / time.as_secs_f64()
}

/// Takes turns, so that whatever else the machine does falls on every way alike.
fn speed(claims: u64, small: bool) {
    let file = generated(claims);
    let mut ways = [
        Way::new("minimal walk", minimal_walk),
        Way::new("typed", typed),
        Way::new("typed, 64 KiB chunks", in_chunks),
        Way::new("assembled claims", assembled),
    ];
    for _ in 0..if small { 1 } else { ROUNDS } {
        let expected = ways[0].measure(&file);
        for way in &mut ways[1..] {
            assert_eq!(way.measure(&file), expected, "{} adds up differently", way.name);
        }
    }
    println!("file of {:.1} MB", file.len() as f64 / 1e6);
    for way in &ways {
        println!(
            "{:<22}{:8.1} MB/s   {:.2} of the minimal walk",
            way.name,
            rate(file.len(), way.best),
            ways[0].best.as_secs_f64() / way.best.as_secs_f64(),
        );
    }
}

/// The least a program can do to sum the cents of CLP, SVC and CAS of this file: one pass over
/// the bytes, no table, no copy, no check.
fn minimal_walk(file: &[u8]) -> Totals {
    let mut totals = Totals::default();
    for segment in file.split(|&byte| byte == b'~') {
        let segment = match segment {
            [b'\n', rest @ ..] => rest,
            _ => segment,
        };
        if segment.starts_with(b"CAS*") {
            let mut elements = segment[4..].split(|&byte| byte == b'*').skip(1);
            while let (Some(_), Some(amount)) = (elements.next(), elements.next()) {
                totals.adjusted += plain_cents(amount);
                elements.next();
            }
        } else if segment.starts_with(b"SVC*") {
            let mut elements = segment[4..].split(|&byte| byte == b'*').skip(1);
            totals.line_charge += plain_cents(elements.next().unwrap_or_default());
            totals.line_paid += plain_cents(elements.next().unwrap_or_default());
        } else if segment.starts_with(b"CLP*") {
            let mut elements = segment[4..].split(|&byte| byte == b'*').skip(2);
            totals.charge += plain_cents(elements.next().unwrap_or_default());
            totals.paid += plain_cents(elements.next().unwrap_or_default());
        }
    }
    totals
}

fn plain_cents(text: &[u8]) -> i64 {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    let (mut value, mut decimals) = (0, None);
    for &byte in digits {
        if byte == b'.' {
            decimals = Some(0);
        } else {
            value = value * 10 + i64::from(byte - b'0');
            decimals = decimals.map(|count| count + 1);
        }
    }
    let scale = [100, 10, 1][decimals.unwrap_or(0)];
    if negative { -value * scale } else { value * scale }
}

/// Sums the same cents, and takes every other typed value in hand, so that none is optimized away.
#[inline]
fn add(totals: &mut Totals, seen: &mut usize, event: Event<'_>) {
    match event {
        Event::Claim(claim) => {
            totals.charge += claim.charge.cents().unwrap_or(0);
            totals.paid += claim.paid.cents().unwrap_or(0);
            *seen += claim.number().len() + claim.payer_control().len();
        }
        Event::Line(line) => {
            totals.line_charge += line.charge.cents().unwrap_or(0);
            totals.line_paid += line.paid.cents().unwrap_or(0);
        }
        Event::Adjustment(adjustment) => {
            totals.adjusted += adjustment.amount.cents().unwrap_or(0);
            *seen += adjustment.reason().len();
        }
        Event::Remark(remark) => *seen += remark.code().len(),
        Event::Reference(reference) => *seen += reference.value().len(),
        Event::Date(date) => *seen += date.value().len(),
        Event::MonetaryAmount(amount) => *seen += usize::from(amount.amount.is_unreadable()),
        Event::Name(name) => *seen += name.id().len(),
        Event::ClaimEnd(end) => *seen += usize::from(end.balance.is_balanced()),
        Event::LineEnd(end) => *seen += usize::from(end.balance.is_balanced()),
        _ => {}
    }
}

fn typed(file: &[u8]) -> Totals {
    let (mut totals, mut seen) = (Totals::default(), 0);
    x12::read(file, &mut |event| add(&mut totals, &mut seen, event));
    black_box(seen);
    totals
}

fn in_chunks(file: &[u8]) -> Totals {
    let (mut totals, mut seen) = (Totals::default(), 0);
    let mut sink = |event: Event<'_>| add(&mut totals, &mut seen, event);
    let mut reader = Reader::new();
    for chunk in file.chunks(64 << 10) {
        reader.push(chunk, &mut sink);
    }
    reader.finish(&mut sink);
    black_box(seen);
    totals
}

fn assembled(file: &[u8]) -> Totals {
    let mut totals = Totals::default();
    let mut claims = Claims::new();
    let mut sink = |value: Assembled<'_>| {
        let Assembled::Claim(claim) = value else { return };
        totals.charge += claim.charge.cents().unwrap_or(0);
        totals.paid += claim.paid.cents().unwrap_or(0);
        for line in &claim.lines {
            totals.line_charge += line.charge.cents().unwrap_or(0);
            totals.line_paid += line.paid.cents().unwrap_or(0);
            let cents = line.adjustments.iter().filter_map(|one| one.amount.cents());
            totals.adjusted += cents.sum::<i64>();
        }
    };
    for chunk in file.chunks(64 << 10) {
        claims.push(chunk, &mut sink);
    }
    claims.finish(&mut sink);
    totals
}

/// Feeds a reader what a generator writes, without ever holding the file.
struct Pipe<'a> {
    claims: &'a mut Claims,
    spent: Duration,
    bytes: u64,
    seen: u64,
}

impl Write for Pipe<'_> {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        let start = Instant::now();
        let seen = &mut self.seen;
        self.claims.push(chunk, &mut |value| {
            *seen += u64::from(matches!(value, Assembled::Claim(_)));
        });
        self.spent += start.elapsed();
        self.bytes += chunk.len() as u64;
        Ok(chunk.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Streams of 10 MB, 100 MB and 1 GB through the assembler: time a byte, and the peak memory.
fn stream(claims: u64, small: bool) {
    let sizes = if small { vec![claims] } else { vec![claims / 10, claims, claims * 10] };
    for size in sizes {
        let mut reader = Claims::new();
        let mut pipe = Pipe { claims: &mut reader, spent: Duration::ZERO, bytes: 0, seen: 0 };
        let options = Options { claims: size, seed: 42, ..Options::default() };
        write_remittance(options, &mut pipe).expect("the pipe takes every byte");
        let (spent, bytes, seen) = (pipe.spent, pipe.bytes, pipe.seen);
        reader.finish(&mut |_| {});
        assert_eq!(seen, size, "a claim was lost on the way");
        println!(
            "stream of {:7.1} MB   {:8.2} ns a byte, peak memory {}",
            bytes as f64 / 1e6,
            spent.as_secs_f64() * 1e9 / bytes as f64,
            peak_memory(),
        );
    }
}

fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown".to_owned(), |line| line.trim().to_owned())
}
