//! Any bytes: the assembled claims hold every adjustment the events hold.

#![no_main]

use libfuzzer_sys::fuzz_target;
use x12::inspect::summary;
use x12::{Assembled, canonical};

fuzz_target!(|bytes: &[u8]| {
    let (mut adjustments, mut lines, mut canonical_bytes) = (0, 0, 0);
    x12::claims(bytes, &mut |value| match value {
        Assembled::Claim(claim) => {
            adjustments += claim.adjustments.len();
            adjustments += claim.lines.iter().map(|line| line.adjustments.len()).sum::<usize>();
            lines += claim.lines.iter().filter(|line| !line.continued).count();
        }
        Assembled::Orphan(_) => adjustments += 1,
        Assembled::Segment(segment) => {
            canonical::segment(segment, &mut |piece| canonical_bytes += piece.len());
        }
        _ => {}
    });
    let summary = summary(bytes);
    assert_eq!(summary.adjustments, adjustments as u64);
    assert!(lines as u64 <= summary.service_lines);
    assert!(canonical_bytes <= 2 * bytes.len() + 64);
});
