//! What the commands print: standard output for results, a bar on standard error for progress.

use std::io::{self, IsTerminal, Read, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often a bar is drawn anew.
const TICK: Duration = Duration::from_millis(250);

/// Where results go; a closed pipe ends a command without an error.
#[derive(Debug, Default)]
pub struct Output;

impl Output {
    /// Prints one line.
    ///
    /// # Errors
    /// When standard output fails.
    pub fn line(&self, text: &str) -> io::Result<()> {
        writeln!(io::stdout().lock(), "{text}").map_err(marked)
    }
}

/// As bytes, for what is no line of text.
impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        io::stdout().lock().write(bytes).map_err(marked)
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().lock().flush().map_err(marked)
    }
}

/// The reader of standard output went away: `| head` has seen enough.
#[derive(Debug, thiserror::Error)]
#[error("standard output was closed")]
struct Unread;

/// A pipe that broke elsewhere, such as one to a server, stays an error.
fn marked(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::BrokenPipe => io::Error::new(io::ErrorKind::BrokenPipe, Unread),
        _ => error,
    }
}

/// Whether `error` says only that nobody reads standard output any more.
pub(crate) fn is_unread(error: &anyhow::Error) -> bool {
    let inner = |cause: &(dyn std::error::Error + 'static)| {
        let cause = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        cause.is_some_and(|inner| inner.is::<Unread>())
    };
    error.chain().any(inner)
}

/// A bar over `total` steps; it shows on a terminal only, and only past a moment's work.
pub(crate) fn bar(total: u64, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{msg:<28} {wide_bar} {percent:>3} %  {elapsed}");
    bar.set_style(style.expect("the template is well formed"));
    bar.set_message(what);
    bar.enable_steady_tick(TICK);
    bar
}

/// A bar beside results that go to standard output as they come: where they go to a terminal they
/// are progress enough.
pub(crate) fn bar_beside(total: u64, what: &'static str) -> ProgressBar {
    if io::stdout().is_terminal() { ProgressBar::hidden() } else { bar(total, what) }
}

/// Makes `bar` say that it waits for `whom`, however long that takes.
pub(crate) fn wait_for(bar: &ProgressBar, whom: &'static str) {
    let style = ProgressStyle::with_template("{msg:<28} {spinner}  {elapsed}");
    bar.set_style(style.expect("the template is well formed"));
    bar.set_message(whom);
}

/// `file`, moving `bar` by what is read of it.
pub(crate) fn watched(file: std::fs::File, bar: &ProgressBar) -> impl Read + use<> {
    bar.wrap_read(file)
}
