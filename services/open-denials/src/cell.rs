//! Single cells.

use chrono::NaiveDate;
use domain::codes::Rarc;
use x12::Amount;

/// The most cents of an amount: 50,000 of them still make a sum.
pub(crate) const CENTS_MAX: i64 = 999_999_999_999;

/// Why a cell is refused; never what it holds.
pub(crate) type Words = String;

/// A text of at most `max` characters, none of them a control character; may be empty.
pub(crate) fn text(cell: &str, max: usize) -> Result<String, Words> {
    if cell.chars().count() > max {
        return Err(format!("is longer than {max} characters"));
    }
    if cell.chars().any(char::is_control) {
        return Err("holds a control character, such as a line break".to_owned());
    }
    Ok(cell.to_owned())
}

/// An amount above zero, in cents.
pub(crate) fn cents(cell: &str) -> Result<i64, Words> {
    let form = || "is no amount: write 1234.56".to_owned();
    if cell.is_empty() {
        return Err("is empty: an amount is needed".to_owned());
    }
    let plain = ungrouped(cell.strip_prefix('$').unwrap_or(cell)).ok_or_else(form)?;
    match Amount::read(plain.as_bytes()) {
        Amount::Cents(cents) if cents > CENTS_MAX => Err("is more than any claim".to_owned()),
        Amount::Cents(cents) => Ok(cents),
        Amount::Missing | Amount::Unreadable(_) => Err(form()),
    }
}

/// An amount that takes something.
pub(crate) fn positive(cell: &str) -> Result<i64, Words> {
    let cents = cents(cell)?;
    if cents > 0 { Ok(cents) } else { Err("must be more than zero".to_owned()) }
}

/// An amount that may be zero; nothing where the cell is empty.
pub(crate) fn unless_empty(cell: &str) -> Result<Option<i64>, Words> {
    match cell {
        "" => Ok(None),
        _ => match cents(cell)? {
            cents @ 0.. => Ok(Some(cents)),
            _ => Err("must not be negative".to_owned()),
        },
    }
}

/// The amount without its thousands separators; none where they group no thousands.
fn ungrouped(amount: &str) -> Option<String> {
    let (whole, part) = match amount.split_once('.') {
        Some((whole, part)) => (whole, Some(part)),
        None => (amount, None),
    };
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let mut plain = first.to_owned();
    for group in groups {
        if group.len() != 3 || first.is_empty() || first.len() > 3 {
            return None;
        }
        plain.push_str(group);
    }
    if let Some(part) = part {
        plain.push('.');
        plain.push_str(part);
    }
    Some(plain)
}

/// A day of this era.
pub(crate) fn day(cell: &str) -> Result<NaiveDate, Words> {
    if cell.is_empty() {
        return Err("is empty: a day is needed".to_owned());
    }
    // Spreadsheets and databases write the hour of a day that has none.
    let (written, hour) = cell.split_once([' ', 'T']).unwrap_or((cell, ""));
    let midnight = ["", "00:00", "00:00:00", "12:00:00 AM", "12:00 AM", "0:00"].contains(&hour)
        || hour.strip_prefix("00:00:00.").is_some_and(|rest| rest.bytes().all(|it| it == b'0'));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = written.split(['-', '/']).collect();
    let day = match *parts.as_slice() {
        [compact] if compact.len() == 8 => remitted::day(compact),
        [year, month, day] if written.contains('-') && !written.contains('/') => {
            let long = year.len() == 4 && month.len() <= 2 && day.len() <= 2;
            long.then(|| remitted::day(&format!("{year}{month:0>2}{day:0>2}"))).flatten()
        }
        [month, day, year] if !written.contains('-') => {
            let long = year.len() == 4 && month.len() <= 2 && day.len() <= 2;
            long.then(|| remitted::day(&format!("{year}{month:0>2}{day:0>2}"))).flatten()
        }
        _ => None,
    };
    day.filter(|_| midnight && parts.iter().all(|part| digits(part)))
        .ok_or_else(|| "is no day since 1900: write 2026-06-10 or 6/10/2026".to_owned())
}

/// Codes that are separated by blanks or |; sorted, each once.
pub(crate) fn rarcs(cell: &str) -> Result<Vec<Rarc>, Words> {
    let mut rarcs: Vec<Rarc> = listed(cell)
        .map(Rarc::new)
        .collect::<Result<_, _>>()
        .map_err(|error| format!("{error}: separate codes by blanks or |"))?;
    rarcs.sort_unstable();
    rarcs.dedup();
    Ok(rarcs)
}

/// What a cell lists.
pub(crate) fn listed(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([' ', '|']).filter(|part| !part.is_empty())
}

/// A code of at most `max` letters and digits, raised.
pub(crate) fn code(cell: &str, max: usize) -> Result<String, Words> {
    if cell.len() > max || !cell.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(format!("must be at most {max} letters and digits"));
    }
    Ok(cell.to_ascii_uppercase())
}
