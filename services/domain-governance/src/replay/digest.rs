//! One hash over all decisions, whatever the order in which they come.

use domain::dictionary::ContentHash;
use sha2::{Digest as _, Sha256};

/// The sum of the hashes of everything decided, lane by lane: adding commutes, and a decision that
/// comes twice counts twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Digest([u64; 4]);

impl Digest {
    pub(super) fn add(&mut self, decided: &[u8]) {
        let hash: [u8; 32] = Sha256::digest(decided).into();
        for (sum, lane) in self.0.iter_mut().zip(hash.chunks_exact(8)) {
            let lane = lane.try_into().map_or(0, u64::from_be_bytes);
            *sum = sum.wrapping_add(lane);
        }
    }

    /// The hash of what was compared and of the sum.
    pub(super) fn finish(self, compared: [ContentHash; 2]) -> ContentHash {
        let mut hasher = Sha256::new();
        hasher.update(b"overturn replay 1");
        for revision in compared {
            hasher.update(revision.as_bytes());
        }
        for lane in self.0 {
            hasher.update(lane.to_be_bytes());
        }
        ContentHash::from_bytes(hasher.finalize().into())
    }
}
