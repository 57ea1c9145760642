//! Finds every byte that structures a file: element separators, terminators and control bytes.
//! A block of 64 bytes at a time, written so that it vectorizes without `unsafe`.

/// What one window of input is made of.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    separators: Vec<u32>,
    stops: Vec<Stop>,
}

/// A terminator, or a control byte other than a line break right after one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Stop {
    /// Where it stands.
    pub(crate) at: u32,
    /// How many element separators stand before a terminator; not told of a control byte.
    pub(crate) separators: u32,
}

const BLOCK: usize = 64;

impl Marks {
    /// Indexes `bytes`, fewer than `u32::MAX` of them.
    pub(crate) fn fill(&mut self, bytes: &[u8], element: u8, terminator: u8) {
        // Slots are kept at the size of the largest window: clearing them would cost as much as
        // filling them.
        let needed = bytes.len() + BLOCK;
        if self.separators.len() < needed {
            self.separators.resize(needed, 0);
        }
        self.stops.clear();
        let (mut count, mut at) = (0, 0_u32);
        // Where a line break may stand without a meaning: right after a terminator.
        let mut after = 0;
        let (blocks, rest) = bytes.as_chunks::<BLOCK>();
        for block in blocks {
            let (separators, mut stops) = masks(block, element, terminator);
            while stops != 0 {
                let place = stops.trailing_zeros();
                let byte = block[place as usize % BLOCK];
                if byte == terminator {
                    let before = separators & ((1 << place) - 1);
                    let separators = count + before.count_ones();
                    self.stops.push(Stop { at: at + place, separators });
                    after = at + place + 1;
                } else if byte.is_ascii_whitespace() && after == at + place {
                    after += 1;
                } else {
                    self.stops.push(Stop { at: at + place, separators: 0 });
                }
                stops &= stops - 1;
            }
            let found = separators.count_ones();
            self.store(separators, found, count, at);
            count += found;
            at += BLOCK as u32;
        }
        for &byte in rest {
            if byte == element {
                self.separators[count as usize] = at;
                count += 1;
            } else if byte.is_ascii_whitespace() && byte != terminator && after == at {
                after += 1;
            } else if byte == terminator || byte < b' ' {
                self.stops.push(Stop { at, separators: count });
                after = if byte == terminator { at + 1 } else { after };
            }
            at += 1;
        }
    }

    /// Stores the positions of the bits of `mask`. Four at a time: the branch on the exact count
    /// is what costs, not the stores.
    #[inline]
    fn store(&mut self, mut mask: u64, found: u32, count: u32, at: u32) {
        let room = &mut self.separators[count as usize..count as usize + BLOCK];
        for four in room.as_chunks_mut::<4>().0.iter_mut().take(found.div_ceil(4) as usize) {
            for place in four {
                *place = at + mask.trailing_zeros();
                mask &= mask.wrapping_sub(1);
            }
        }
    }

    /// Terminators and control bytes, in order.
    pub(crate) fn stops(&self) -> &[Stop] {
        &self.stops
    }

    /// Positions of the separators from the `first` up to the `last`.
    #[inline]
    pub(crate) fn separators(&self, first: usize, last: usize) -> &[u32] {
        &self.separators[first..last]
    }
}

/// A bit for each separator of a block, and for each terminator or control byte.
#[inline]
fn masks(block: &[u8; BLOCK], element: u8, terminator: u8) -> (u64, u64) {
    // Compares of a whole block without branches become vector instructions.
    let mut hits = [0_u8; BLOCK];
    for (hit, &byte) in hits.iter_mut().zip(block) {
        let stop = (byte == terminator) | (byte < b' ');
        *hit = u8::from(byte == element) | (u8::from(stop) << 1);
    }
    let (mut separators, mut stops) = (0, 0);
    for (index, eight) in hits.as_chunks::<8>().0.iter().enumerate() {
        let eight = u64::from_le_bytes(*eight);
        separators |= gather(eight) << (index * 8);
        stops |= gather(eight >> 1) << (index * 8);
    }
    (separators, stops)
}

/// The lowest bit of each of eight bytes, side by side.
#[inline]
fn gather(eight: u64) -> u64 {
    (eight & 0x0101_0101_0101_0101).wrapping_mul(0x0102_0408_1020_4080) >> 56
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
