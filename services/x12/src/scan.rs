//! Finds every byte that structures a file: element separators, terminators and control bytes.
//! A block of 64 bytes at a time, written so that it vectorizes without `unsafe`.

#[cfg(test)]
mod tests;

/// What one window of input is made of.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// Where separators and stops stand, in order.
    places: Vec<u32>,
    /// Which of the places are stops.
    stops: Vec<u32>,
}

const BLOCK: usize = 64;

/// A bit for each byte of a block, the lowest for the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Masks {
    separators: u64,
    /// Terminators, and control bytes that do not follow one: lines are mostly broken right after
    /// terminators, and there a segment begins anyway.
    stops: u64,
}

impl Marks {
    /// Indexes `bytes`, fewer than `u32::MAX` of them, which begin where a segment does.
    pub(crate) fn fill(&mut self, bytes: &[u8], element: u8, terminator: u8) {
        // Slots are kept at the size of the largest window: clearing them would cost as much as
        // filling them.
        let needed = bytes.len() + BLOCK;
        if self.places.len() < needed {
            self.places.resize(needed, 0);
        }
        self.stops.clear();
        let structural = [element, terminator];
        let (first, middle) = bytes.split_at(bytes.len().min(BLOCK));
        let mut count = self.store(edge(first, terminator, structural), 0, 0);
        let (blocks, last) = middle.as_chunks::<BLOCK>();
        let later = bytes.get(BLOCK - 1..).unwrap_or_default().as_chunks::<BLOCK>().0;
        let mut at = BLOCK;
        for (block, before) in blocks.iter().zip(later) {
            count = self.store(masks(block, before, structural), count, at);
            at += BLOCK;
        }
        if let Some(&before) = bytes.get(at - 1) {
            self.store(edge(last, before, structural), count, at);
        }
    }

    /// Stores where the bits of the block that begins `at` stand; the new count of places.
    #[inline(always)]
    fn store(&mut self, masks: Masks, count: u32, at: usize) -> u32 {
        let mut all = masks.separators | masks.stops;
        let mut stops = masks.stops;
        while stops != 0 {
            let below = !stops & (stops - 1);
            self.stops.push(count + (all & below).count_ones());
            stops &= stops - 1;
        }
        let found = all.count_ones();
        let room = &mut self.places[count as usize..count as usize + BLOCK];
        // Four at a time: the branch on the exact count is what costs, not the stores.
        for four in room.as_chunks_mut::<4>().0.iter_mut().take(found.div_ceil(4) as usize) {
            for place in four {
                *place = at as u32 + all.trailing_zeros();
                all &= all.wrapping_sub(1);
            }
        }
        count + found
    }

    /// The places up to each stop, that of the stop itself last.
    #[inline]
    pub(crate) fn pieces(&self) -> impl Iterator<Item = &[u32]> {
        let mut first = 0;
        self.stops.iter().map(move |&stop| {
            let after = stop as usize + 1;
            &self.places[std::mem::replace(&mut first, after)..after]
        })
    }
}

/// Tells at most a block of bytes apart, the first of which stands after `before`.
fn edge(bytes: &[u8], before: u8, structural: [u8; 2]) -> Masks {
    let (mut block, mut later) = ([0; BLOCK], [before; BLOCK]);
    block[..bytes.len()].copy_from_slice(bytes);
    later[1..].copy_from_slice(&block[..BLOCK - 1]);
    let Masks { separators, stops } = masks(&block, &later, structural);
    let real = u64::MAX.checked_shr(BLOCK as u32 - bytes.len() as u32).unwrap_or(0);
    Masks { separators: separators & real, stops: stops & real }
}

/// Two bits for each byte of sixteen, moved up by two for each sixteen bytes of the block.
const fn weights(bit: u8) -> [u8; BLOCK] {
    let mut weights = [0; BLOCK];
    let mut at = 0;
    while at < BLOCK {
        weights[at] = bit << (at / 16 * 2);
        at += 1;
    }
    weights
}

const SEPARATOR: [u8; BLOCK] = weights(1);
const STOP: [u8; BLOCK] = weights(2);

/// Tells the bytes of a block apart; `before` has the byte before each of them.
#[inline(always)]
fn masks(block: &[u8; BLOCK], before: &[u8; BLOCK], structural: [u8; 2]) -> Masks {
    let [element, terminator] = structural;
    // A loop without branches over bytes becomes a few vector instructions.
    let mut hits = [0_u8; BLOCK];
    for at in 0..BLOCK {
        let byte = block[at];
        let stop = (byte == terminator) | ((byte < b' ') & (before[at] != terminator));
        hits[at] = (u8::from(byte == element).wrapping_neg() & SEPARATOR[at])
            | (u8::from(stop).wrapping_neg() & STOP[at]);
    }
    let sixteens = hits.as_chunks::<16>().0.iter();
    let hits = sixteens.fold(0, |hits, &sixteen| hits | u128::from_le_bytes(sixteen));
    // Eight bytes of eight bits, transposed: first the separators of eight bytes, then their
    // stops, then the same of the eight bytes that stand sixteen later.
    let [low, high] = [hits as u64, (hits >> 64) as u64].map(transposed);
    const SEPARATORS: u64 = 0x00ff_00ff_00ff_00ff;
    Masks {
        separators: (low & SEPARATORS) | (high & SEPARATORS) << 8,
        stops: (low >> 8 & SEPARATORS) | (high & !SEPARATORS),
    }
}

/// Swaps rows and columns of eight times eight bits: in pairs, in fours, in eights.
#[inline(always)]
fn transposed(mut bits: u64) -> u64 {
    let steps =
        [(7, 0x00aa_00aa_00aa_00aa), (14, 0x0000_cccc_0000_cccc), (28, 0x0000_0000_f0f0_f0f0)];
    for (shift, mask) in steps {
        let swapped = (bits ^ (bits >> shift)) & mask;
        bits ^= swapped ^ (swapped << shift);
    }
    bits
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
