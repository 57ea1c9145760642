//! The typesetter: a process for each job, bounded in memory by itself and in time by us.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use letters::job::{Answer, IN_HAND, Job, described, framed, letter_of};
use platform::rejection::Fault;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::Error;

/// The most bytes of an answer: what a packet may have, and room for its own pages.
const ANSWER_BYTES_MAX: u64 = 256 << 20;
/// The most bytes of what it says while it works.
const WORDS_BYTES_MAX: u64 = 64 << 10;

/// How letters become pages; clones share its places.
#[derive(Clone, Debug)]
pub(crate) struct Typesetter {
    program: PathBuf,
    memory_mib: u64,
    time: Duration,
    places: Arc<Semaphore>,
}

/// A place at the typesetter; giving it back lets the next one in.
pub(crate) struct Place<'t> {
    typesetter: &'t Typesetter,
    _permit: SemaphorePermit<'t>,
}

/// What was typeset.
pub(crate) struct Pages {
    pub(crate) pdf: Vec<u8>,
    pub(crate) count: u32,
    pub(crate) of_exhibits: Vec<u32>,
}

impl Typesetter {
    /// One that runs `program`, or this program where it is empty.
    pub(crate) fn new(settings: &crate::AppealsSettings) -> Result<Self, std::io::Error> {
        let named = settings.typesetter.as_os_str();
        let program =
            if named.is_empty() { std::env::current_exe()? } else { settings.typesetter.clone() };
        Ok(Self {
            program,
            memory_mib: settings.typesetter_memory_mib.max(256),
            time: Duration::from_secs(settings.typesetter_seconds.max(1).into()),
            places: Arc::new(Semaphore::new(usize::from(settings.typesetters.max(1)))),
        })
    }

    /// Waits for a place: what a job needs is gathered once it has one, so that memory is bounded.
    pub(crate) async fn place(&self) -> Result<Place<'_>, Error> {
        let permit = self.places.acquire().await;
        let permit = permit.map_err(|_| Fault::Broken("the typesetter is closed"))?;
        Ok(Place { typesetter: self, _permit: permit })
    }
}

impl Place<'_> {
    /// Typesets a job.
    pub(crate) async fn typeset(self, job: &Job, exhibits: Vec<Vec<u8>>) -> Result<Pages, Error> {
        let typesetter = self.typesetter;
        let (memory, time) = (typesetter.memory_mib.to_string(), typesetter.time);
        let mut child = Command::new(&typesetter.program)
            .args(["typeset", &memory, &time.as_secs().to_string()])
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| {
                tracing::error!(%error, "the typesetter does not start");
                Fault::Broken("the typesetter does not start")
            })?;
        let done = tokio::time::timeout(time, talk(&mut child, job, exhibits)).await;
        let Ok(said) = done else {
            return Err(Error::RenderLimit(format!("more than {} seconds", time.as_secs())));
        };
        let said = said.map_err(|_| Fault::Broken("the typesetter cannot be talked to"))?;
        read(&said, typesetter.memory_mib)
    }
}

/// What a process left behind.
struct Said {
    ended_well: bool,
    answer: Vec<u8>,
    words: String,
}

async fn talk(child: &mut Child, job: &Job, exhibits: Vec<Vec<u8>>) -> std::io::Result<Said> {
    let broken = || std::io::Error::other("a pipe is missing");
    let mut stdin = child.stdin.take().ok_or_else(broken)?;
    let stdout = child.stdout.take().ok_or_else(broken)?;
    let stderr = child.stderr.take().ok_or_else(broken)?;
    let head = framed(job);
    let write = async move {
        // Who refuses a job need not read it to its end.
        let mut wrote = stdin.write_all(&head).await;
        for exhibit in exhibits {
            if wrote.is_ok() {
                wrote = stdin.write_all(&exhibit).await;
            }
        }
    };
    let (mut answer, mut words) = (Vec::new(), Vec::new());
    let (mut stdout, mut stderr) = (stdout.take(ANSWER_BYTES_MAX), stderr.take(WORDS_BYTES_MAX));
    let read = stdout.read_to_end(&mut answer);
    let listen = stderr.read_to_end(&mut words);
    let ((), read, listened) = tokio::join!(write, read, listen);
    read?;
    listened?;
    let ended_well = child.wait().await?.success();
    Ok(Said { ended_well, answer, words: String::from_utf8_lossy(&words).into_owned() })
}

fn read(said: &Said, memory_mib: u64) -> Result<Pages, Error> {
    let mut answer = said.answer.as_slice();
    let described: Option<Answer> = said.ended_well.then(|| described(&mut answer).ok()).flatten();
    match described {
        Some(Answer::Done { pages, exhibit_pages }) => {
            Ok(Pages { pdf: answer.to_vec(), count: pages, of_exhibits: exhibit_pages })
        }
        Some(Answer::Refused { exhibit: Some(place), words }) => {
            Err(Error::UnsafeDocument { place, words })
        }
        Some(Answer::Refused { exhibit: None, words }) => Err(Error::NotShown(words)),
        None => {
            // It ran out of memory, or of its mind: what it had in hand is at fault.
            let mut in_hand = said.words.lines().filter_map(|line| line.strip_prefix(IN_HAND));
            match in_hand.next_back().and_then(|place| place.trim().parse().ok()) {
                Some(place) => {
                    let words = format!("it does not unpack within {memory_mib} MiB, or is broken");
                    Err(Error::UnsafeDocument { place, words })
                }
                None => Err(Error::RenderLimit(format!("more than {memory_mib} MiB"))),
            }
        }
    }
}

/// An exhibit that is at fault, for people: its letter and the field that named it.
pub(crate) fn named(place: usize) -> String {
    format!("exhibit {} (`document_ids[{place}]`)", letter_of(place))
}
