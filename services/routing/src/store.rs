//! Rows of routing, each query a function that takes the tenant's transaction.

#[expect(unreachable_pub, reason = "sea-orm derives public items")]
pub(crate) mod entity;
