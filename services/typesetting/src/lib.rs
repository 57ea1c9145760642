//! Letters and packets as pages: one fixed layout, typeset by typst, in a process of its own.
//!
//! What tenants write comes in as text of a [`Job`] and is never read as markup. The same job makes
//! the same bytes. A letter is PDF/UA-1 (ISO 14289-1): tagged, with a title, a language and a text
//! for each glyph. A packet is tagged too but does not claim it: pages of other documents cannot be
//! given tags that would be true, and the typesetter refuses to claim what it embeds.
//!
//! Invariants: a character that no font has is refused by its name, never left out; a process
//! answers one job and has bounded itself before it reads it ([`run`]). Absent: who asks, what is
//! kept (appeals), and what the letter says (`letters`).

mod exhibits;
mod fonts;
mod limits;
mod pages;
mod picture;
mod plain;
#[doc(hidden)]
pub mod samples;
mod world;

use std::io::{self, Read, Write};

use letters::job::{self, Answer, Job};

pub use limits::Limits;
pub use pages::{Pages, typeset};

/// Why a job cannot be typeset.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct Refused {
    /// The exhibit that is at fault, from 0.
    pub exhibit: Option<usize>,
    /// What is wrong.
    pub words: String,
}

impl Refused {
    fn letter(words: impl Into<String>) -> Self {
        Self { exhibit: None, words: words.into() }
    }

    fn exhibit(place: usize, words: impl Into<String>) -> Self {
        Self { exhibit: Some(place), words: words.into() }
    }
}

/// Bounds this process, reads one job, and writes one answer; the whole of a process.
///
/// # Errors
/// When the bounds are refused, or the job or its answer does not pass.
pub fn run(limits: &Limits, input: &mut impl Read, output: &mut impl Write) -> io::Result<()> {
    limits.impose()?;
    let (job, exhibits) = job::read(input)?;
    let (answer, pdf) = answer(&job, exhibits);
    output.write_all(&job::framed(&answer))?;
    output.write_all(&pdf)?;
    output.flush()
}

fn answer(job: &Job, exhibits: Vec<Vec<u8>>) -> (Answer, Vec<u8>) {
    match typeset(job, exhibits) {
        Ok(Pages { pdf, count, of_exhibits }) => {
            (Answer::Done { pages: count, exhibit_pages: of_exhibits }, pdf)
        }
        Err(Refused { exhibit, words }) => (Answer::Refused { exhibit, words }, Vec::new()),
    }
}

#[cfg(test)]
mod tests;
