//! The binary: `overturn --help` says what it does.

use std::process::ExitCode;

fn main() -> ExitCode {
    overturn::run()
}
