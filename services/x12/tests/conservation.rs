//! Whatever happens to a file: no panic, no adjustment lost, and the same events however the
//! bytes are cut.

mod naive;

use naive::{Adjusted, adjusted};
use proptest::prelude::{Strategy, any, prop_assert_eq, proptest};
use x12::generate::{Options, write_remittance};
use x12::{Assembled, Claims, Event, Reader};

fn generated(seed: u64, claims: u64) -> Vec<u8> {
    let mut file = Vec::new();
    let options = Options { seed, claims, reversals_permille: 200, ..Options::default() };
    write_remittance(options, &mut file).expect("memory takes every byte");
    file
}

/// Everything an event says, as text; positions and content of the segment included.
fn told(event: &Event<'_>) -> String {
    match event {
        Event::Segment(segment) => {
            let elements: Vec<_> = (0..=segment.len())
                .map(|at| (segment.element_offset(at), segment.element(at)))
                .collect();
            format!("{:?} {} {:?}", segment.id(), segment.end(), elements)
        }
        other => format!("{other:?}"),
    }
}

fn whole(file: &[u8]) -> Vec<String> {
    let mut events = Vec::new();
    x12::read(file, &mut |event| events.push(told(&event)));
    events
}

fn chunked(file: &[u8], sizes: &[usize]) -> Vec<String> {
    let mut events = Vec::new();
    let mut sink = |event: Event<'_>| events.push(told(&event));
    let mut reader = Reader::new();
    let mut rest = file;
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (chunk, after) = rest.split_at((*size).min(rest.len()));
        reader.push(chunk, &mut sink);
        rest = after;
    }
    reader.finish(&mut sink);
    events
}

fn typed(file: &[u8]) -> Adjusted {
    let mut total = Adjusted::default();
    x12::read(file, &mut |event| {
        if let Event::Adjustment(adjustment) = event {
            total.triplets += 1;
            match adjustment.amount.cents() {
                Some(cents) => total.cents += i128::from(cents),
                None => total.unreadable += 1,
            }
        }
    });
    total
}

fn assembled(file: &[u8]) -> Adjusted {
    let mut total = Adjusted::default();
    let mut add = |amount: &x12::model::Money| {
        total.triplets += 1;
        match amount.cents() {
            Some(cents) => total.cents += i128::from(cents),
            None => total.unreadable += 1,
        }
    };
    x12::claims(file, &mut |value| match value {
        Assembled::Claim(claim) => {
            claim.adjustments.iter().for_each(|one| add(&one.amount));
            let lines = claim.lines.iter().flat_map(|line| &line.adjustments);
            lines.for_each(|one| add(&one.amount));
        }
        Assembled::Orphan(one) => add(&one.amount),
        _ => {}
    });
    total
}

/// One thing done to a file.
#[derive(Clone, Debug)]
enum Damage {
    Replace(usize, u8),
    Insert(usize, Vec<u8>),
    Remove(usize, usize),
    Repeat(usize, usize),
    Truncate(usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let pieces = proptest::sample::select(vec![
        "~",
        "*",
        "\n",
        "\r\n",
        "~\n",
        " ",
        "-",
        ".",
        "ISA*",
        "ST*835*9~",
        "ST*837*9~",
        "SE*1*9~",
        "GE*1*1~",
        "CAS*CO*45*1~",
        "CAS*CO*0012*1.234*2*x*9~",
        "CLP*A*1*5*5~",
        "SVC*HC:1*1*1~",
        "LX*2~",
        "PLB*1*2*WO:3*4~",
        "N1*PR*X~",
        "\u{0}",
        "\u{feff}",
        "e3",
        ",",
    ]);
    proptest::prop_oneof![
        (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Damage::Replace(at, byte)),
        (any::<usize>(), pieces).prop_map(|(at, text)| Damage::Insert(at, text.into())),
        (any::<usize>(), 1..60_usize).prop_map(|(at, count)| Damage::Remove(at, count)),
        (any::<usize>(), 1..400_usize).prop_map(|(at, count)| Damage::Repeat(at, count)),
        any::<usize>().prop_map(Damage::Truncate),
    ]
}

/// Does it, behind the first `spared` bytes.
fn damaged(mut file: Vec<u8>, damages: &[Damage], spared: usize) -> Vec<u8> {
    for one in damages {
        let place = |at: usize, len: usize| spared + at % (len - spared).max(1);
        let len = file.len();
        if len <= spared {
            break;
        }
        match one {
            Damage::Replace(at, byte) => file[place(*at, len)] = *byte,
            Damage::Insert(at, bytes) => {
                let at = place(*at, len);
                file.splice(at..at, bytes.iter().copied());
            }
            Damage::Remove(at, count) => {
                let at = place(*at, len);
                file.drain(at..(at + count).min(len));
            }
            Damage::Repeat(at, count) => {
                let at = place(*at, len);
                let again = file[at..(at + count).min(len)].to_vec();
                file.splice(at..at, again);
            }
            Damage::Truncate(at) => file.truncate(place(*at, len)),
        }
    }
    file
}

/// Bytes of the ISA and its terminator: what the naive count takes for granted.
const HEADER: usize = 107;

proptest! {
    #[test]
    fn no_adjustment_is_lost_whatever_happens_to_a_file(
        seed in 0..50_u64,
        damages in proptest::collection::vec(damage(), 0..12),
    ) {
        let file = damaged(generated(seed, 6), &damages, HEADER);
        // A further interchange may change the separators, which the naive count cannot follow.
        if file[HEADER..].windows(3).any(|window| window == b"ISA") {
            return Ok(());
        }
        let expected = adjusted(&file);
        prop_assert_eq!(typed(&file), expected);
        prop_assert_eq!(assembled(&file), expected);
    }

    #[test]
    fn where_chunks_are_cut_does_not_show(
        seed in 0..50_u64,
        damages in proptest::collection::vec(damage(), 0..12),
        sizes in proptest::collection::vec(1..700_usize, 1..6),
    ) {
        let file = damaged(generated(seed, 5), &damages, 0);
        let expected = whole(&file);
        prop_assert_eq!(chunked(&file, &sizes), expected.clone());
        prop_assert_eq!(chunked(&file, &[1]), expected);
    }

    #[test]
    fn all_but_the_claims_is_said_where_claims_are_not_wanted(
        seed in 0..50_u64,
        damages in proptest::collection::vec(damage(), 0..12),
    ) {
        let file = damaged(generated(seed, 5), &damages, 0);
        let (mut expected, mut said) = (Vec::new(), Vec::new());
        x12::claims(&file, &mut |value| match value {
            Assembled::Claim(_) => {}
            other => expected.push(format!("{other:?}")),
        });
        let mut claims = Claims::without_claims();
        claims.push(&file, &mut |value| said.push(format!("{value:?}")));
        claims.finish(&mut |value| said.push(format!("{value:?}")));
        prop_assert_eq!(said, expected);
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..3_000)) {
        let expected = whole(&bytes);
        prop_assert_eq!(chunked(&bytes, &[7, 1, 64]), expected);
        x12::claims(&bytes, &mut |_| {});
    }
}

#[test]
fn a_wrapped_file_holds_the_same_adjustments() {
    let file = generated(3, 40);
    let text: Vec<u8> = file.into_iter().filter(|byte| *byte != b'\n').collect();
    let wrapped: Vec<u8> = text.chunks(80).flat_map(|line| [line, b"\r\n"].concat()).collect();
    assert_eq!(typed(&wrapped), typed(&text));
    assert_eq!(typed(&wrapped), adjusted(&text));
    assert!(adjusted(&text).triplets > 100);
}

#[test]
fn other_separators_hold_the_same_adjustments() {
    let file = generated(4, 40);
    let other: Vec<u8> = file
        .iter()
        .filter(|byte| **byte != b'\n')
        .map(|byte| match byte {
            b'*' => b'|',
            b':' => b'>',
            b'~' => b'\n',
            other => *other,
        })
        .collect();
    assert_eq!(typed(&other), typed(&file));
}
