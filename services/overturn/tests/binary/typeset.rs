use std::io::Write;
use std::process::{Command, Output, Stdio};

use letters::job::{Answer, described, framed};
use typesetting::samples::letter;

/// Has one job typeset within so many MiB.
fn typeset(memory_mib: &str, job: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_overturn"))
        .args(["typeset", memory_mib, "30"])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Who refuses a job need not read it.
    child.stdin.take().unwrap().write_all(job).ok();
    child.wait_with_output().unwrap()
}

#[test]
fn a_typesetter_answers_one_job_within_its_bounds() {
    let job = framed(&letter());
    let done = typeset("1024", &job);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let mut answer = done.stdout.as_slice();
    let described: Answer = described(&mut answer).unwrap();
    assert_eq!(described, Answer::Done { pages: 2, exhibit_pages: Vec::new() });
    assert!(answer.starts_with(b"%PDF-"));
    assert!(!typeset("48", &job).status.success(), "48 MiB do not hold the program");
    for nothing in [&b""[..], b"\xff\xff\xff\xff\xff\xff\xff\xff", &job[..100]] {
        let refused = typeset("1024", nothing);
        assert!(!refused.status.success() && refused.stdout.is_empty());
    }
}
