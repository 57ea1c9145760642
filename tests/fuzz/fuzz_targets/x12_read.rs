//! Any bytes: no panic, every element and offset inside the input, counts that agree.

#![no_main]

use libfuzzer_sys::fuzz_target;
use x12::Event;
use x12::inspect::summary;

fuzz_target!(|bytes: &[u8]| {
    let mut adjustments = 0;
    let mut orphans = 0;
    x12::read(bytes, &mut |event| match event {
        Event::Segment(segment) => {
            assert!(segment.end() <= bytes.len() as u64);
            for at in 0..=segment.len() {
                assert!(segment.element_offset(at) <= segment.end());
            }
        }
        Event::Adjustment(_) => adjustments += 1,
        Event::Finding(finding) => {
            assert!(finding.offset <= bytes.len() as u64);
            orphans += usize::from(finding.message().is_empty());
        }
        _ => {}
    });
    assert_eq!(orphans, 0);
    assert_eq!(summary(bytes).adjustments, adjustments);
});
