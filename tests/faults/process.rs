//! The product in a process of its own: killed, or told to end.
//!
//! The server is this test binary again, started with a filter that picks the one ignored test
//! below: so it is always built from the same code, whichever package the tests are built for.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use platform::clock::Clock;
use platform::config::Settings;
use tests::{Store, World};

/// How long a start may take on a machine that other tests share.
const STARTED_WITHIN: Duration = Duration::from_secs(10);
const ENDED_WITHIN: Duration = Duration::from_secs(20);

#[test]
#[ignore = "the server that other tests start in a process of its own"]
fn a_server_of_its_own() {
    let settings = Settings::load(None, std::env::vars()).unwrap();
    let mounts = overturn::MOUNTS.map(|(_, mount)| mount);
    platform::run(settings, &mounts).unwrap();
}

/// A server in a process of its own; killed when dropped.
pub(crate) struct Process {
    child: Child,
    address: SocketAddr,
}

impl Process {
    /// Starts it on `store` with `options` (SECTION__KEY, value), and waits until it is ready.
    pub(crate) fn start(address: SocketAddr, store: &Store, options: &[(&str, &str)]) -> Self {
        let path = |name: &str| store.folder().join(name).display().to_string();
        let began = Instant::now();
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "process::a_server_of_its_own", "--ignored"])
            .env("OVERTURN_SERVER__LISTEN", address.to_string())
            .env("OVERTURN_DATABASE__URL", store.url())
            .env("OVERTURN_CACHE__URL", Store::cache_url())
            .env("OVERTURN_KEYS__MASTER_KEY_FILE", path("master.key"))
            .env("OVERTURN_ROUTING__ORIGINALS_FOLDER", path("originals"))
            .env("OVERTURN_APPEALS__ORIGINALS_FOLDER", path("originals"))
            .envs(options.iter().map(|(key, value)| (format!("OVERTURN_{key}"), value)))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let process = Self { child, address };
        while !process.ready() {
            assert!(began.elapsed() < STARTED_WITHIN, "the server never became ready");
            std::thread::sleep(Duration::from_millis(5));
        }
        process
    }

    /// Sends SIGTERM and waits for the end: how the process ended, and how long that took.
    pub(crate) fn terminate(mut self) -> (ExitStatus, Duration) {
        let asked = Instant::now();
        let kill = format!("kill -TERM {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status, asked.elapsed());
            }
            assert!(asked.elapsed() < ENDED_WITHIN, "the server never ended");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn ready(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect(self.address) else { return false };
        let ask = b"GET /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        let mut answer = String::new();
        stream.write_all(ask).is_ok()
            && stream.read_to_string(&mut answer).is_ok()
            && answer.starts_with("HTTP/1.1 200")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // SIGKILL: nothing of it gets to run.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// An address of this machine that nobody listens on.
pub(crate) fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// A world to be served by a [`Process`], and its clock: the clock of the world that signs tokens
/// stands, the server's own goes on beside it.
pub(crate) async fn world_of_now(options: &[(&str, &str)]) -> (World, Clock) {
    let clock = Clock::manual(Clock::system().now());
    (World::by(clock.clone(), options).await, clock)
}
