//! A count of adjustments that shares no code with the reader: split, compare, add.

/// What the CAS segments of the 835 transactions of a file hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Adjusted {
    /// Triplets with anything in them.
    pub(crate) triplets: u64,
    /// Those whose amount is not a decimal number of at most two places.
    pub(crate) unreadable: u64,
    /// The sum of the others.
    pub(crate) cents: i128,
}

/// Counts in a file with the separators `*` and `~`, none of its segments too long to be read.
pub(crate) fn adjusted(file: &[u8]) -> Adjusted {
    let mut total = Adjusted::default();
    let mut set: Option<bool> = None;
    for segment in file.split(|&byte| byte == b'~') {
        let joined: Vec<u8> =
            segment.iter().copied().filter(|byte| !b"\r\n".contains(byte)).collect();
        let elements: Vec<&[u8]> = joined.trim_ascii_start().split(|&byte| byte == b'*').collect();
        match elements[0] {
            b"ST" => set = Some(elements.get(1).is_some_and(|id| id.trim_ascii() == b"835")),
            b"SE" | b"GE" | b"IEA" | b"GS" | b"ISA" => set = None,
            b"BPR" | b"CLP" => set = set.or(Some(true)),
            _ => {}
        }
        if elements[0] == b"CAS" && set == Some(true) && elements.len() > 2 {
            for triplet in elements[2..].chunks(3) {
                add(&mut total, triplet);
            }
        }
    }
    total
}

fn add(total: &mut Adjusted, triplet: &[&[u8]]) {
    let amount = triplet.get(1).copied().unwrap_or_default().trim_ascii();
    let quantity = triplet.get(2).copied().unwrap_or_default().trim_ascii();
    if triplet[0].is_empty() && amount.is_empty() && quantity.is_empty() {
        return;
    }
    total.triplets += 1;
    match std::str::from_utf8(amount).ok().and_then(cents) {
        Some(cents) => total.cents += i128::from(cents),
        None => total.unreadable += 1,
    }
}

fn cents(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + part.len() == 0 || part.len() > 2 || !plain(whole) || !plain(part) {
        return None;
    }
    if whole.len() > 16 {
        return None;
    }
    let joined = format!("{whole}{part:0<2}");
    joined.parse::<i64>().ok().map(|cents| sign * cents)
}
