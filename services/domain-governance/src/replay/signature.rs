//! What history is folded by: everything entries ask for but amount and date of service.

use domain::codes::{Carc, Group, Lob, Network, Rarc};
use domain::dictionary::vocabulary::{Authorization, ClaimType, Eligibility, FilingProof};
use domain::dictionary::{ContentHash, Facts, RecordedFacts};
use sha2::{Digest as _, Sha256};

/// The layout of the canonical form, with which it begins.
const LAYOUT: u8 = 1;

/// The facts of a denial without amount and date of service, and their canonical form.
///
/// All remarks are kept, also alerts that count for nothing: which alerts are mute is up to the
/// revision, and a draft may think otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    facts: RecordedFacts,
    encoded: Box<[u8]>,
}

/// Bytes that no signature is encoded as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a signature: {0}")]
pub struct Malformed(&'static str);

impl Signature {
    /// What of these facts is folded; remarks in any order and number give the same signature.
    pub fn of(facts: &Facts<'_>) -> Self {
        let facts = RecordedFacts::of(&Facts { amount: None, service_on: None, ..*facts });
        Self { encoded: encode(&facts), facts }
    }

    /// The facts, of which amount and date of service are not known.
    pub fn facts(&self) -> Facts<'_> {
        self.facts.facts()
    }

    /// The SHA-256 of the canonical form: a key of 32 bytes.
    pub fn key(&self) -> ContentHash {
        ContentHash::from_bytes(Sha256::digest(&self.encoded).into())
    }

    /// The canonical form: equal exactly when the signatures are equal, in every build.
    pub fn encoded(&self) -> &[u8] {
        &self.encoded
    }

    /// Reads an encoded form back.
    ///
    /// # Errors
    /// When they are the canonical form of no signature.
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let (&layout, rest) = bytes.split_first().ok_or(Malformed("it is empty"))?;
        if layout != LAYOUT {
            return Err(Malformed("its layout is not known"));
        }
        let mut read = Reader { rest };
        let group = Group::from_raw(read.stated()?);
        let carc = Carc::new(read.stated()?).map_err(|_| Malformed("its reason code is none"))?;
        let mut facts = RecordedFacts::of(&Facts::of_codes(group, carc, &[]));
        facts.payer = read.text()?.map(str::to_owned);
        facts.lob = read.word(Lob::parse)?;
        facts.network = read.word(Network::parse)?;
        facts.facility = read.text()?.map(str::to_owned);
        facts.service_line = read.text()?.map(str::to_owned);
        facts.claim_type = read.word(ClaimType::parse)?;
        facts.authorization = read.word(Authorization::parse)?;
        facts.eligibility = read.word(Eligibility::parse)?;
        facts.filing_proof = read.word(FilingProof::parse)?;
        facts.procedure = read.text()?.map(str::to_owned);
        while !read.rest.is_empty() {
            let rarc = read.stated()?;
            facts.rarcs.push(Rarc::new(rarc).map_err(|_| Malformed("a remark is none"))?);
        }
        let sorted = facts.rarcs.is_sorted_by(|a, b| a < b);
        let encoded = encode(&facts);
        // What reads well may still be spelled another way, as a code with leading zeros is.
        let canonical = sorted && *encoded == *bytes;
        canonical.then_some(Self { facts, encoded }).ok_or(Malformed("it is not canonical"))
    }
}

fn encode(facts: &RecordedFacts) -> Box<[u8]> {
    let mut out = Vec::with_capacity(128);
    out.push(LAYOUT);
    let mut text = |text: Option<&str>| put(&mut out, text);
    text(Some(facts.group.as_str()));
    text(Some(facts.carc.as_str()));
    text(facts.payer.as_deref());
    text(facts.lob.map(Lob::as_str));
    text(facts.network.map(Network::as_str));
    text(facts.facility.as_deref());
    text(facts.service_line.as_deref());
    text(facts.claim_type.map(ClaimType::as_str));
    text(facts.authorization.map(Authorization::as_str));
    text(facts.eligibility.map(Eligibility::as_str));
    text(facts.filing_proof.map(FilingProof::as_str));
    text(facts.procedure.as_deref());
    for rarc in &facts.rarcs {
        text(Some(rarc.as_str()));
    }
    out.into()
}

/// Writes a text behind its length and one; zero stands for no text. Seven bits a byte, the
/// lowest first.
pub(super) fn put(out: &mut Vec<u8>, text: Option<&str>) {
    let mut length = text.map_or(0, |text| text.len() + 1);
    while length > 0x7f {
        out.push(length as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend_from_slice(text.unwrap_or_default().as_bytes());
}

struct Reader<'b> {
    rest: &'b [u8],
}

impl<'b> Reader<'b> {
    fn text(&mut self) -> Result<Option<&'b str>, Malformed> {
        const CUT: Malformed = Malformed("it ends early");
        let mut length = 0_usize;
        // Five groups hold every length below 32 GiB; a sixth is no length.
        for shift in (0..35).step_by(7) {
            let (&byte, rest) = self.rest.split_first().ok_or(CUT)?;
            self.rest = rest;
            length |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let Some(length) = length.checked_sub(1) else { return Ok(None) };
                let (text, rest) = self.rest.split_at_checked(length).ok_or(CUT)?;
                self.rest = rest;
                let text = std::str::from_utf8(text);
                return text.map(Some).map_err(|_| Malformed("it holds no text"));
            }
        }
        Err(Malformed("a length is too long"))
    }

    fn stated(&mut self) -> Result<&'b str, Malformed> {
        self.text()?.ok_or(Malformed("a code is missing"))
    }

    fn word<T>(&mut self, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Malformed> {
        let parse = |word| parse(word).ok_or(Malformed("a word is not known"));
        self.text()?.map(parse).transpose()
    }
}
