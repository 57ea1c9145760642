//! What the dictionary's list calls do alike: read one row too far, cut it off, name the next page.

use platform::page::Pager;
use platform::rejection::Fault;
use uuid::Uuid;

/// A page of rows and the token of the next one; the token is empty after the last page.
#[derive(Debug)]
pub struct Page<T> {
    /// Its rows.
    pub rows: Vec<T>,
    /// The token of the next page.
    pub next: String,
}

/// Cuts `rows`, of which one more than `size` were asked for; `sort_value` names a row's place.
#[must_use]
pub fn cut<T>(
    mut rows: Vec<T>,
    size: u64,
    pager: &Pager<'_>,
    sort_value: impl Fn(&T) -> Vec<u8>,
) -> Page<T> {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let more = rows.len() > size;
    rows.truncate(size);
    let next = match rows.last() {
        Some(last) if more => pager.token(&sort_value(last)),
        _ => String::new(),
    };
    Page { rows, next }
}

/// A page of a whole list whose items keep their places; the token names the last one shown.
///
/// # Errors
/// When the token is not of this list.
pub fn of_places<T>(
    items: impl IntoIterator<Item = T>,
    size: u64,
    pager: &Pager<'_>,
    token: &str,
) -> Result<Page<T>, Fault> {
    let after = number_in(pager, token)?.unwrap_or_default();
    let rest = (1_i64..).zip(items).filter(|(place, _)| *place > after);
    let page = cut(rest.take(one_too_far(size)).collect(), size, pager, |(place, _)| {
        place.to_be_bytes().to_vec()
    });
    Ok(Page { rows: page.rows.into_iter().map(|(_, item)| item).collect(), next: page.next })
}

/// How many rows [`cut`] wants to see.
#[must_use]
pub fn one_too_far(size: u64) -> usize {
    usize::try_from(size).unwrap_or(usize::MAX).saturating_add(1)
}

/// The slug that a token holds.
///
/// # Errors
/// When the token is not of this list.
pub fn slug_in(pager: &Pager<'_>, token: &str) -> Result<Option<String>, Fault> {
    let bytes = pager.read(token)?;
    bytes.map(|bytes| String::from_utf8(bytes).map_err(|_| Fault::PageToken)).transpose()
}

/// The number that a token holds.
///
/// # Errors
/// When the token is not of this list.
pub fn number_in(pager: &Pager<'_>, token: &str) -> Result<Option<i64>, Fault> {
    let Some(bytes) = pager.read(token)? else { return Ok(None) };
    let bytes: [u8; 8] = bytes.try_into().map_err(|_| Fault::PageToken)?;
    Ok(Some(i64::from_be_bytes(bytes)))
}

/// The id that a token holds.
///
/// # Errors
/// When the token is not of this list.
pub fn id_in(pager: &Pager<'_>, token: &str) -> Result<Option<Uuid>, Fault> {
    let bytes = pager.read(token)?;
    bytes.map(|bytes| Uuid::from_slice(&bytes).map_err(|_| Fault::PageToken)).transpose()
}
