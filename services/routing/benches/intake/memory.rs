//! What a file of 1 GiB adds to the memory of the process.

use std::io::{self, Read};

use platform::clock::Clock;
use platform::tenant_tx::{Database, DatabaseSettings};
use routing::{Intake, Originals, Revisions};

use crate::scene::{self, Scene};

const FILE_BYTES: u64 = 1 << 30;
const FLOOR_KIB: u64 = 64 << 10;

/// Interchanges of a stranger's payee, again and again: all of it is read, nothing is posted.
struct Repeated {
    interchange: Vec<u8>,
    at: usize,
    left: u64,
}

/// One segment that never ends.
struct OneLine {
    at: u64,
}

impl Read for Repeated {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.interchange.len() {
            self.at = 0;
        }
        // Only whole interchanges, so that the file ends well.
        if self.at == 0 && self.left < self.interchange.len() as u64 {
            return Ok(0);
        }
        let some = &self.interchange[self.at..];
        let read = some.len().min(buffer.len());
        buffer[..read].copy_from_slice(&some[..read]);
        self.at += read;
        self.left -= read as u64;
        Ok(read)
    }
}

impl Read for OneLine {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        const HEAD: &[u8] = b"ST*835*0001~BPR*I*0*C*CHK~CLP*";
        let left = usize::try_from(FILE_BYTES - self.at).unwrap_or(usize::MAX);
        let read = buffer.len().min(left);
        for (byte, at) in buffer[..read].iter_mut().zip(self.at..) {
            *byte = usize::try_from(at).ok().and_then(|at| HEAD.get(at)).copied().unwrap_or(b'9');
        }
        self.at += read as u64;
        Ok(read)
    }
}

/// Takes both files in; whether memory grew by at most 64 MiB each time.
pub(crate) async fn measured() -> bool {
    let interchange = scene::generated(2_500);
    let mut claims = Repeated { interchange, at: 0, left: FILE_BYTES };
    let mut line = OneLine { at: 0 };
    let well_formed = grown("1 GiB of claims", &mut claims).await;
    let one_line = grown("a line of 1 GiB", &mut line).await;
    well_formed.max(one_line) <= FLOOR_KIB
}

async fn grown(what: &str, bytes: &mut (dyn Read + Send)) -> u64 {
    let name = format!("overturn-bench-{}", platform::ids::new().simple());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
    let url = format!("sqlite://{}", folder.join("rows.db").display());
    let settings = DatabaseSettings { url, ..DatabaseSettings::default() };
    let database = Database::open(&settings, Clock::system()).await.expect("it opens");
    let originals =
        Originals::in_folder(&folder.join("originals"), 256 << 10).expect("the folder can be made");
    let intake = Intake::new(database, originals, Revisions::default(), 1_000);
    let mut scene = Scene::new();
    scene.forget_facilities();
    // Writing 5 sets the high-water mark back to what is resident now (proc(5)).
    std::fs::write("/proc/self/clear_refs", "5").ok();
    let before = high_water_kib();
    let submitted = intake.submit(&scene.caller, scene.submission(bytes)).await;
    let file = submitted.expect("it is taken in");
    intake.run(&scene.caller, file).await.expect("it is surveyed");
    let grown = high_water_kib().saturating_sub(before);
    println!("{what}: memory grew by {} MiB (peak)", grown >> 10);
    std::fs::remove_dir_all(&folder).ok();
    grown
}

/// The peak resident size, in KiB; 0 where the system does not tell.
fn high_water_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or(0)
}
