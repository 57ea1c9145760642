//! Any bytes, cut anywhere: the same events. The first bytes of the input say where to cut.

#![no_main]

use libfuzzer_sys::fuzz_target;
use x12::{Event, Reader};

fn told(event: &Event<'_>) -> String {
    match event {
        Event::Segment(segment) => {
            format!("{:?} {} {:?}", segment.id(), segment.offset(), segment.bytes())
        }
        other => format!("{other:?}"),
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((sizes, bytes)) = input.split_at_checked(4) else { return };
    let mut whole = Vec::new();
    x12::read(bytes, &mut |event| whole.push(told(&event)));
    let mut chunked = Vec::new();
    let mut sink = |event: Event<'_>| chunked.push(told(&event));
    let mut reader = Reader::new();
    let mut rest = bytes;
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (chunk, after) = rest.split_at((usize::from(*size) + 1).min(rest.len()));
        reader.push(chunk, &mut sink);
        rest = after;
    }
    reader.finish(&mut sink);
    assert_eq!(whole, chunked);
});
