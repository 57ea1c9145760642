//! What the commands print: standard output for results, a bar on standard error for progress.

use std::io::{self, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Where results go; a closed pipe ends a command without an error.
#[derive(Debug, Default)]
pub struct Output;

impl Output {
    /// Prints one line.
    ///
    /// # Errors
    /// When standard output fails.
    pub fn line(&self, text: &str) -> io::Result<()> {
        writeln!(io::stdout().lock(), "{text}")
    }
}

/// A bar over `total` steps; it shows only on a terminal and only past a moment's work.
pub(crate) fn bar(total: u64, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{msg:<28} {wide_bar} {percent:>3} %  {elapsed}")
        .expect("the template is well formed");
    bar.set_style(style);
    bar.set_message(what);
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}
