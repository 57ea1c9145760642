use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};
use x12::generate::{Generator, Options};

/// Writes a valid 835 with `claims` claims to `out`, or to standard output.
pub(crate) fn generate(claims: u64, seed: u64, out: Option<&Path>) -> Result<()> {
    let generator = Generator::new(Options { claims, seed, ..Options::default() });
    match out {
        Some(path) => {
            let file =
                File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
            let mut writer = BufWriter::with_capacity(1 << 20, file);
            generator.write(&mut writer)?;
            writer.flush()?;
        }
        None => {
            let mut writer = BufWriter::with_capacity(1 << 20, io::stdout().lock());
            generator.write(&mut writer)?;
            writer.flush()?;
        }
    }
    Ok(())
}
