//! A letter, and a packet of 50 exhibits, each in a process of its own as in the product.

use std::io::Write;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use domain::dictionary::vocabulary::Media;
use image::ImageFormat;
use letters::job::{Answer, Job, described, framed};
use typesetting::samples::{exhibit, letter, packet, scan};
use typesetting::{Limits, run, typeset};

/// Letters, and packets, that are measured.
const ROUNDS: (usize, usize) = (60, 5);

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("typeset") {
        let limits = Limits { memory_mib: 1_024, seconds: 60 };
        let done = run(&limits, &mut std::io::stdin().lock(), &mut std::io::stdout().lock());
        return if done.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    report("a letter of 2 pages", ROUNDS.0, &letter(), &[]);
    let record = typeset(&letter(), Vec::new()).expect("the sample is sound").pdf;
    let exhibits = (0..50).map(|at| match at % 5 {
        0 | 1 => exhibit("Medical record", Media::Pdf, record.clone()),
        2 => exhibit("Order", Media::Jpeg, scan(1_275, 1_650, ImageFormat::Jpeg)),
        3 => exhibit("Scan", Media::Png, scan(1_275, 1_650, ImageFormat::Png)),
        _ => exhibit("Note", Media::Text, "A line of a note.\n".repeat(120).into_bytes()),
    });
    let (job, bytes) = packet(exhibits.collect());
    report("a packet of 50 exhibits", ROUNDS.1, &job, &bytes);
    ExitCode::SUCCESS
}

fn report(what: &str, rounds: usize, job: &Job, exhibits: &[Vec<u8>]) {
    let mut times: Vec<Duration> = Vec::with_capacity(rounds);
    let mut said = (0, 0);
    for _ in 0..rounds {
        let began = Instant::now();
        said = in_a_process(job, exhibits);
        times.push(began.elapsed());
    }
    times.sort();
    let (pages, bytes) = said;
    let mut output = std::io::stdout().lock();
    writeln!(
        output,
        "{what}: median {:?}, 95 of 100 within {:?}; {pages} pages, {bytes} bytes",
        times[rounds / 2],
        times[rounds * 95 / 100],
    )
    .expect("standard output is open");
}

fn in_a_process(job: &Job, exhibits: &[Vec<u8>]) -> (u32, usize) {
    let program = std::env::current_exe().expect("the bench is a program");
    let mut child = Command::new(program)
        .arg("typeset")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the bench starts itself");
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(&framed(job)).expect("it reads its job");
    for exhibit in exhibits {
        stdin.write_all(exhibit).expect("it reads its exhibits");
    }
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let mut answer = output.stdout.as_slice();
    match described(&mut answer).expect("it answers") {
        Answer::Done { pages, .. } => (pages, answer.len()),
        Answer::Refused { words, .. } => panic!("{words}"),
    }
}
