//! Queries of code sets, one function each, within the transaction they are handed.

pub(crate) mod built_in;
pub(crate) mod combinations;
#[expect(unreachable_pub, reason = "sea-orm derives public items")]
mod entity;
pub(crate) mod payer_codes;
pub(crate) mod releases;
pub(crate) mod seen;

use domain::codes::Code;
use platform::rejection::Fault;

/// One code with its place in the set.
#[derive(Clone, Debug)]
pub(crate) struct ListedCode {
    pub(crate) code_set: String,
    pub(crate) position: i32,
    /// The spelling of the remark's effect; empty when it has none.
    pub(crate) effect: String,
    pub(crate) code: Code,
}

/// A code as its row keeps it.
fn written(code: &Code) -> Result<String, Fault> {
    serde_json::to_string(code).map_err(|_| Fault::Broken("a code cannot be written as JSON"))
}

/// A code from its row.
fn read(content: &str) -> Result<Code, Fault> {
    serde_json::from_str(content).map_err(|_| Fault::Broken("a stored code cannot be read"))
}
