use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};
use indicatif::ProgressBar;
use x12::generate::{Generator, Options};

use crate::Output;
use crate::output::{bar, bar_beside};

/// Bytes gathered for a write.
const BUFFER: usize = 1 << 20;
const WHAT: &str = "generating claims";

/// Writes a valid 835 with `claims` claims to `out`, or to standard output.
pub(crate) fn generate(claims: u64, seed: u64, out: Option<&Path>) -> Result<()> {
    let generator = Generator::new(Options { claims, seed, ..Options::default() });
    match out {
        Some(path) => {
            let file =
                File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
            write(generator, file, bar(claims, WHAT))
        }
        None => write(generator, Output, bar_beside(claims, WHAT)),
    }
}

fn write(generator: Generator, out: impl Write, bar: ProgressBar) -> Result<()> {
    let out = BufWriter::with_capacity(BUFFER, out);
    let mut out = Counted { out, bar };
    generator.write(&mut out)?;
    out.flush()?;
    out.bar.finish_and_clear();
    Ok(())
}

/// Moves a bar by the claims that pass; the generator writes whole segments at a time.
struct Counted<W> {
    out: W,
    bar: ProgressBar,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write_all(bytes)?;
        if !self.bar.is_hidden() {
            let segments = bytes.split(|byte| *byte == b'\n');
            self.bar.inc(segments.filter(|segment| segment.starts_with(b"CLP*")).count() as u64);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
