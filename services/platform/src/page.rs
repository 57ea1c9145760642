//! Pages of lists: sizes, and opaque signed tokens that grant nothing.
//!
//! A token holds the sort values of the last row seen. It is signed together with the tenant, the
//! method and everything that shapes the list, so that it is good for the same list only; the rows
//! behind it are found by the tenant's own transaction all the same.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::access::Caller;
use crate::keys::Keys;
use crate::rejection::Fault;

const TAG_BYTES: usize = 32;

/// The rows a list returns when it is not told.
pub const DEFAULT_SIZE: i32 = 50;
/// The rows a list returns at most, whatever it is told (AIP-158).
pub const MAX_SIZE: i32 = 500;

/// The page size to use: `asked`, or the default for 0 and below, at most [`MAX_SIZE`].
#[must_use]
pub fn size(asked: i32) -> u64 {
    let size = if asked <= 0 { DEFAULT_SIZE } else { asked.min(MAX_SIZE) };
    u64::try_from(size).expect("a page size is positive")
}

/// Makes and reads the tokens of one list: one method, one tenant, one filter and order.
#[derive(Debug)]
pub struct Pager<'k> {
    keys: &'k Keys,
    list: Vec<u8>,
}

impl<'k> Pager<'k> {
    /// The pager of the list that `caller` asked for with `shape` (its filter and its order).
    #[must_use]
    pub fn new(keys: &'k Keys, caller: &Caller, shape: &[&str]) -> Self {
        let mut list = caller.tenant().as_uuid().as_bytes().to_vec();
        for part in std::iter::once(caller.rpc()).chain(shape.iter().copied()) {
            // The length first: ("ab", "c") and ("a", "bc") are two lists.
            list.extend_from_slice(&(part.len() as u64).to_be_bytes());
            list.extend_from_slice(part.as_bytes());
        }
        Self { keys, list }
    }

    /// A token for the page after the row whose sort values are `last`.
    #[must_use]
    pub fn token(&self, last: &[u8]) -> String {
        let tag = self.keys.sign_page(&[self.list.as_slice(), last].concat());
        URL_SAFE_NO_PAD.encode([tag.as_ref(), last].concat())
    }

    /// The sort values that `token` holds; nothing for the empty token, the first page.
    ///
    /// # Errors
    /// [`Fault::PageToken`] unless this list's own pager made it.
    pub fn read(&self, token: &str) -> Result<Option<Vec<u8>>, Fault> {
        if token.is_empty() {
            return Ok(None);
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| Fault::PageToken)?;
        let (tag, last) = bytes.split_at_checked(TAG_BYTES).ok_or(Fault::PageToken)?;
        if self.keys.page_is_signed(&[self.list.as_slice(), last].concat(), tag) {
            Ok(Some(last.to_vec()))
        } else {
            Err(Fault::PageToken)
        }
    }
}

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

/// The text that a token holds.
///
/// # Errors
/// When the token is not of this list.
pub fn text_in(pager: &Pager<'_>, token: &str) -> Result<Option<String>, Fault> {
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

#[cfg(test)]
mod tests;
