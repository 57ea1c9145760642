//! Against the same told byte by byte.

use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, any, prop_assert_eq, prop_oneof, proptest};
use proptest::strategy::{Just, Strategy};

use super::*;

fn plainly(bytes: &[u8], element: u8, terminator: u8) -> Vec<Vec<u32>> {
    let (mut pieces, mut piece, mut before) = (Vec::new(), Vec::new(), terminator);
    for (at, &byte) in bytes.iter().enumerate() {
        let stop = byte == terminator || (byte < b' ' && before != terminator);
        if stop || byte == element {
            piece.push(at as u32);
        }
        if stop {
            pieces.push(std::mem::take(&mut piece));
        }
        before = byte;
    }
    pieces
}

fn byte() -> impl Strategy<Value = u8> {
    prop_oneof![
        2 => Just(b'*'),
        1 => Just(b'~'),
        1 => Just(b'\n'),
        4 => any::<u8>(),
        8 => b'0'..=b'Z',
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn pieces_end_at_stops_and_hold_every_separator(
        windows in vec(vec(byte(), 0..200), 1..4),
        element in any::<u8>(),
        terminator in any::<u8>(),
    ) {
        let mut marks = Marks::default();
        for window in windows {
            for (element, terminator) in [(b'*', b'~'), (element, terminator)] {
                marks.fill(&window, element, terminator);
                let pieces: Vec<Vec<u32>> = marks.pieces().map(<[u32]>::to_vec).collect();
                prop_assert_eq!(pieces, plainly(&window, element, terminator));
            }
        }
    }
}
