//! Runs the binary in folders of its own and talks to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;

/// The binary under test.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_overturn");

/// A folder that goes when it is dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file into it.
    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: ExitStatus,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn ok(self) -> Self {
        assert!(self.status.success(), "{self:?}");
        self
    }
}

/// The binary in `folder`, deaf to the options of whoever runs the tests.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new(BINARY);
    command.current_dir(folder).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("OVERTURN_") {
            command.env_remove(name);
        }
    }
    command
}

pub(crate) fn run(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        status: output.status,
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs `overturn ARGUMENTS...` in `folder`.
pub(crate) fn overturn(folder: &Path, arguments: &[&str]) -> Ran {
    run(command(folder).args(arguments))
}

/// A server in a process of its own; killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    said: Arc<Mutex<String>>,
}

impl Server {
    /// `overturn serve` in `folder`.
    pub(crate) fn serve(folder: &Path) -> Self {
        let mut command = command(folder);
        command.arg("serve").env("OVERTURN_SERVER__LISTEN", "127.0.0.1:0");
        Self::start(command, "address=", "\n")
    }

    /// `overturn demo` on the data in `data`.
    pub(crate) fn demo(folder: &Path, data: &str) -> Self {
        let mut command = command(folder);
        command.args(["demo", "--listen", "127.0.0.1:0", "--data", data]);
        Self::start(command, "Serving on ", ";")
    }

    /// Waits for the address between `before` and `after`, on either of its outputs.
    fn start(mut command: Command, before: &str, after: &str) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let outputs: [Box<dyn Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for output in outputs {
            let said = said.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    let mut said = said.lock().unwrap();
                    said.push_str(&line);
                    said.push('\n');
                }
            });
        }
        let mut server = Self { child, address: String::new(), said };
        while server.address.is_empty() {
            let said = server.said();
            assert!(server.child.try_wait().unwrap().is_none(), "it ended: {said}");
            if let Some((_, rest)) = said.split_once(before)
                && let Some((address, _)) = rest.split_once(after)
            {
                address.trim().clone_into(&mut server.address);
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        server
    }

    /// Everything it printed so far.
    pub(crate) fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Calls a method with JSON; answers the HTTP code and the JSON.
    pub(crate) fn call(
        &self,
        service: &str,
        method: &str,
        token: &str,
        body: &Value,
    ) -> (u16, Value) {
        let name = format!("{}{}", service[..1].to_uppercase(), &service[1..]);
        let path = format!("/overturn.{service}.v1.{name}Service/{method}");
        let head = format!("content-type: application/json\r\nauthorization: Bearer {token}\r\n");
        let (code, body) = self.post(&path, &head, &body.to_string());
        (code, serde_json::from_str(&body).unwrap_or(Value::Null))
    }

    fn post(&self, path: &str, head: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let (host, length) = (&self.address, body.len());
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{head}\
             content-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head[9..12].parse().unwrap(), body.to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Fails when anyone but its user may read something in `folder`.
pub(crate) fn assert_private(folder: &Path) -> usize {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} has mode {mode:o}", entry.path().display());
        if entry.file_type().unwrap().is_dir() {
            files += assert_private(&entry.path());
        } else {
            files += 1;
        }
    }
    files
}
