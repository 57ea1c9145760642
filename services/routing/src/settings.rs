use std::path::PathBuf;

use serde::Deserialize;

/// Options of intake and of work, section `routing`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RoutingSettings {
    /// The folder that keeps the original files; made when it is missing. All copies of the
    /// service share it.
    pub originals_folder: PathBuf,
    /// The largest file taken in, in bytes.
    pub file_bytes_max: u64,
    /// The largest document taken in as evidence, in bytes.
    pub evidence_bytes_max: u64,
    /// How much of a file is held before it is written on, and read at a time, in bytes.
    pub part_bytes: usize,
    /// How many claims one transaction posts.
    pub posting_claims: usize,
    /// The most that one item may give up without the approval of another person, in cents;
    /// with 0 every write-off needs one.
    pub write_off_limit_cents: u32,
    /// How often the feed of appeals is looked at, in seconds; at least 1.
    pub follow_seconds: u16,
}

impl Default for RoutingSettings {
    fn default() -> Self {
        Self {
            originals_folder: PathBuf::from("originals"),
            file_bytes_max: 1 << 30,
            evidence_bytes_max: 64 << 20,
            part_bytes: 256 << 10,
            posting_claims: 1_000,
            write_off_limit_cents: 25_000,
            follow_seconds: 5,
        }
    }
}
