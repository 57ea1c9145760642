//! What all lists of this service share: a page's size, its place, and the token of the next one.

use platform::access::Caller;
use platform::keys::Keys;
use platform::page::{self, Pager};
use platform::rejection::Fault;

/// One page of one list, sorted by a text that is unique in it.
#[derive(Debug)]
pub(crate) struct Listing<'k> {
    pager: Pager<'k>,
    size: u64,
    /// The sort value of the last row of the page before.
    pub(crate) after: Option<String>,
}

impl<'k> Listing<'k> {
    /// The page that `caller` asks for.
    pub(crate) fn of(
        keys: &'k Keys,
        caller: &Caller,
        page_size: i32,
        page_token: &str,
        filter: &str,
    ) -> Result<Self, Fault> {
        let pager = Pager::new(keys, caller, &[filter]);
        let after = pager.read(page_token)?.map(String::from_utf8).transpose();
        let after = after.map_err(|_| Fault::PageToken)?;
        Ok(Self { pager, size: page::size(page_size), after })
    }

    /// How many rows to read: one more than the page, to know whether another follows.
    pub(crate) fn limit(&self) -> u64 {
        self.size + 1
    }

    /// Cuts `rows` to the page and answers the token of the next one, empty after the last.
    pub(crate) fn cut<T>(&self, rows: &mut Vec<T>, sort: impl Fn(&T) -> String) -> String {
        let size = usize::try_from(self.size).expect("a page has at most 500 rows");
        if rows.len() <= size {
            return String::new();
        }
        rows.truncate(size);
        rows.last().map_or_else(String::new, |last| self.pager.token(sort(last).as_bytes()))
    }
}
