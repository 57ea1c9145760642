//! What a process may take, set by itself: the typesetter has no limit of its own.

use rustix::io::Errno;
use rustix::process::{Resource, Rlimit, setrlimit};

/// What one job may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Address space, in MiB.
    pub memory_mib: u64,
    /// Processor time, in seconds: a second wall behind the clock of whoever started it.
    pub seconds: u64,
}

impl Limits {
    /// Binds this process, until it ends.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn impose(&self) -> Result<(), Errno> {
        let most = |most: u64| Rlimit { current: Some(most), maximum: Some(most) };
        setrlimit(Resource::As, most(self.memory_mib << 20))?;
        setrlimit(Resource::Cpu, most(self.seconds))?;
        // A core file would hold what the letter says.
        setrlimit(Resource::Core, most(0))?;
        setrlimit(Resource::Fsize, most(0))
    }
}
