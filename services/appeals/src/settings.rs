use std::path::PathBuf;

use serde::Deserialize;

/// Options of appeals, section `appeals`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct AppealsSettings {
    /// How often the feed of routing is looked at, in seconds; at least 1.
    pub(crate) follow_seconds: u16,
    /// Folder of documents, letters and packets, named by tenant and content; it may be that of
    /// routing's originals.
    pub(crate) originals_folder: PathBuf,
    /// The largest document that is taken in, in bytes.
    pub(crate) document_bytes_max: u64,
    /// The program that typesets when it is called with `typeset`; empty means this one.
    pub(crate) typesetter: PathBuf,
    /// Address space of one typesetter, in MiB; at least 256.
    pub(crate) typesetter_memory_mib: u64,
    /// How long one job may take, in seconds; at least 1.
    pub(crate) typesetter_seconds: u16,
    /// How many typesetters run at once; at least 1.
    pub(crate) typesetters: u16,
}

impl Default for AppealsSettings {
    fn default() -> Self {
        Self {
            follow_seconds: 5,
            originals_folder: PathBuf::from("originals"),
            document_bytes_max: 64 << 20,
            typesetter: PathBuf::new(),
            typesetter_memory_mib: 1_024,
            typesetter_seconds: 30,
            typesetters: 2,
        }
    }
}
