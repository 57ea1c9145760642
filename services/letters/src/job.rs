//! What a typesetter is asked for, and what it answers: it runs in a process of its own, reads one
//! job and writes one answer.
//!
//! A job is its description as JSON, its length before it (8 bytes, the greatest first), and the
//! bytes of its exhibits in their order. An answer is likewise [`Answer`], and the pages as PDF.

use std::io::{self, Read};

use domain::dictionary::vocabulary::Media;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The most bytes of a description.
const DESCRIPTION_MAX: usize = 8 << 20;
/// The most bytes that the exhibits of one packet have together.
pub const EXHIBITS_BYTES_MAX: u64 = 256 << 20;
/// The most exhibits of one packet.
pub const EXHIBITS_MAX: usize = 200;
/// The most pages of one job.
pub const PAGES_MAX: usize = 3_000;
/// What the typesetter writes on standard error before it takes an exhibit in hand, followed by its
/// place: what it breaks down on has a name then.
pub const IN_HAND: &str = "exhibit ";

/// What is to be typeset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// The letter.
    pub letter: Sheet,
    /// What is enclosed; a letter alone has none.
    pub packet: Option<Packet>,
}

/// A letter, as it is laid out. All of it is text, and none of it is markup.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// Who writes: the first line is the name.
    pub letterhead: Vec<String>,
    /// The day, in words.
    pub dated: String,
    /// Who is written to.
    pub addressee: Vec<String>,
    /// Numbers of the claim, each with what it is.
    pub references: Vec<(String, String)>,
    /// The heading.
    pub title: String,
    /// The text.
    pub paragraphs: Vec<String>,
    /// Who signs; empty leaves no room for it.
    pub signature: Vec<String>,
    /// Which template of which revision it was written from; stands on each page.
    pub origin: String,
}

/// What is enclosed with a letter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Packet {
    /// The exhibits, in order.
    pub exhibits: Vec<Exhibit>,
}

/// A document that is enclosed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exhibit {
    /// What it shows, for the index.
    pub title: String,
    /// Its name for people.
    pub file_name: String,
    /// What it is, by its bytes.
    pub media: Media,
    /// How many bytes it has.
    pub size: u64,
}

/// What becomes of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// The pages follow.
    Done {
        /// Pages in all.
        pages: u32,
        /// Pages of each exhibit.
        exhibit_pages: Vec<u32>,
    },
    /// It cannot be typeset.
    Refused {
        /// The exhibit that is at fault, from 0.
        exhibit: Option<usize>,
        /// What is wrong with it, or with the letter.
        words: String,
    },
}

/// What an exhibit is called: A to Z, AA, AB and on.
#[must_use]
pub fn letter_of(place: usize) -> String {
    let (more, last) = (place / 26, place % 26);
    let last = char::from(b'A' + u8::try_from(last).unwrap_or_default());
    if more == 0 { last.to_string() } else { format!("{}{last}", letter_of(more - 1)) }
}

/// A description with its length before it.
///
/// # Panics
/// Never: plain values have a JSON form.
#[must_use]
pub fn framed(description: &impl Serialize) -> Vec<u8> {
    let json = serde_json::to_vec(description).expect("plain values have a JSON form");
    let mut bytes = (json.len() as u64).to_be_bytes().to_vec();
    bytes.extend(json);
    bytes
}

/// Reads a description.
///
/// # Errors
/// When there is none, or it is too long.
pub fn described<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<T> {
    let mut length = [0; 8];
    from.read_exact(&mut length)?;
    let length = usize::try_from(u64::from_be_bytes(length)).unwrap_or(usize::MAX);
    if length > DESCRIPTION_MAX {
        return Err(io::Error::other("the description is too long"));
    }
    let mut json = vec![0; length];
    from.read_exact(&mut json)?;
    serde_json::from_slice(&json).map_err(io::Error::other)
}

/// Reads a job with the bytes of its exhibits.
///
/// # Errors
/// When it is none, or has more than the limits allow.
pub fn read(from: &mut impl Read) -> io::Result<(Job, Vec<Vec<u8>>)> {
    let job: Job = described(from)?;
    let exhibits = job.packet.as_ref().map_or(&[][..], |packet| &packet.exhibits);
    let in_all = exhibits.iter().try_fold(0_u64, |sum, one| sum.checked_add(one.size));
    if exhibits.len() > EXHIBITS_MAX || in_all.is_none_or(|sum| sum > EXHIBITS_BYTES_MAX) {
        return Err(io::Error::other("the packet is too large"));
    }
    let mut bytes = Vec::with_capacity(exhibits.len());
    for exhibit in exhibits {
        let mut held = Vec::new();
        from.take(exhibit.size).read_to_end(&mut held)?;
        if held.len() as u64 != exhibit.size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes.push(held);
    }
    Ok((job, bytes))
}
