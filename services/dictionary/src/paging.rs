//! What the list calls do alike: read one row too far, cut it off, name the next page.

use platform::page::Pager;
use platform::rejection::Fault;

/// A page of rows and the token of the next one; the token is empty after the last page.
pub(crate) struct Page<T> {
    pub(crate) rows: Vec<T>,
    pub(crate) next: String,
}

/// Cuts `rows`, of which one more than `size` were asked for; `sort_value` names a row's place.
pub(crate) fn cut<T>(
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

/// The slug that a token holds.
pub(crate) fn slug_in(pager: &Pager<'_>, token: &str) -> Result<Option<String>, Fault> {
    let bytes = pager.read(token)?;
    bytes.map(|bytes| String::from_utf8(bytes).map_err(|_| Fault::PageToken)).transpose()
}

/// The number that a token holds.
pub(crate) fn number_in(pager: &Pager<'_>, token: &str) -> Result<Option<i64>, Fault> {
    let Some(bytes) = pager.read(token)? else { return Ok(None) };
    let bytes: [u8; 8] = bytes.try_into().map_err(|_| Fault::PageToken)?;
    Ok(Some(i64::from_be_bytes(bytes)))
}
