//! The gateway alone.

use std::process::ExitCode;

fn main() -> ExitCode {
    platform::run(&[gateway::mount])
}
