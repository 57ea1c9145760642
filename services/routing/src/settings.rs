use std::path::PathBuf;

use serde::Deserialize;

/// Options of intake, section `routing`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RoutingSettings {
    /// The folder that keeps the original files; made when it is missing. All copies of the
    /// service share it.
    pub originals_folder: PathBuf,
    /// The largest file taken in, in bytes.
    pub file_bytes_max: u64,
    /// How much of a file is held before it is written on, and read at a time, in bytes.
    pub part_bytes: usize,
    /// How many claims one transaction posts.
    pub posting_claims: usize,
}

impl Default for RoutingSettings {
    fn default() -> Self {
        Self {
            originals_folder: PathBuf::from("originals"),
            file_bytes_max: 1 << 30,
            part_bytes: 256 << 10,
            posting_claims: 1_000,
        }
    }
}
