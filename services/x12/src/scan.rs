//! Finds every byte that structures a file: element separators, terminators and control bytes.
//! A block of 64 bytes at a time, written so that it vectorizes without `unsafe`.

/// Positions found in one window of input.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    slots: Vec<u32>,
    len: usize,
}

const BLOCK: usize = 64;

impl Marks {
    /// Indexes `bytes` (at most `u32::MAX` of them): where `element`, `terminator` or a control
    /// byte stands.
    pub(crate) fn fill(&mut self, bytes: &[u8], element: u8, terminator: u8) {
        let needed = bytes.len() + BLOCK;
        if self.slots.len() < needed {
            self.slots.resize(needed, 0);
        }
        let mut len = 0;
        let mut at = 0_u32;
        let (blocks, rest) = bytes.as_chunks::<BLOCK>();
        for block in blocks {
            let mut mask = block_mask(block, element, terminator);
            let count = mask.count_ones() as usize;
            let room = &mut self.slots[len..len + BLOCK];
            // Four at a time: the branch on the exact count is what costs, not the stores.
            let mut slot = 0;
            while slot < count {
                for place in &mut room[slot..slot + 4] {
                    *place = at + mask.trailing_zeros();
                    mask &= mask.wrapping_sub(1);
                }
                slot += 4;
            }
            len += count;
            at += BLOCK as u32;
        }
        for &byte in rest {
            if byte == element || byte == terminator || byte < b' ' {
                self.slots[len] = at;
                len += 1;
            }
            at += 1;
        }
        self.len = len;
    }

    pub(crate) fn found(&self) -> &[u32] {
        &self.slots[..self.len]
    }
}

/// A bit for each structural byte of a block.
#[inline]
fn block_mask(block: &[u8; BLOCK], element: u8, terminator: u8) -> u64 {
    // Compares of a whole block without branches become vector instructions.
    let mut hits = [0_u8; BLOCK];
    for (hit, &byte) in hits.iter_mut().zip(block) {
        *hit = u8::from(byte == element) | u8::from(byte == terminator) | u8::from(byte < b' ');
    }
    let mut mask = 0;
    for (index, eight) in hits.as_chunks::<8>().0.iter().enumerate() {
        // The product gathers the lowest bit of each of eight bytes in its highest byte.
        let bits = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        mask |= bits << (index * 8);
    }
    mask
}

/// The first `byte` in `bytes`.
pub(crate) fn position(bytes: &[u8], byte: u8) -> Option<usize> {
    let mut at = 0;
    for block in bytes.chunks(BLOCK) {
        // A whole block is compared without an exit, so that it vectorizes.
        if block.iter().fold(false, |seen, &found| seen | (found == byte)) {
            return block.iter().position(|&found| found == byte).map(|place| at + place);
        }
        at += block.len();
    }
    None
}
