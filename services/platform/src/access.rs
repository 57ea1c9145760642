//! Who calls, and whether they may.
//!
//! Invariants: a [`Caller`] is built here and nowhere else, out of a verified token or, for work
//! that no request asked for, by [`Caller::on_duty`]; a method without a rule is refused to
//! everyone; every refusal of a token reads the same. What keeps all this is [`Gate`]; it
//! stands in front of in-process calls exactly as in front of a socket.
//!
//! Absent: authorization by resource (whose queue this is), which is the use case's own business.

mod caller;
mod claims;
mod disclosure;
mod ending;
pub(crate) mod errand;
mod gate;
mod key_set;
mod policy;
pub mod tokens;

pub use caller::Caller;
pub(crate) use caller::Deadline;
pub use claims::{Claims, role_name, role_named};
pub use contracts::access::v1::{AuditKind, Role};
pub(crate) use ending::end_answer;
pub use errand::Errand;
pub use gate::Gate;
pub use key_set::{FetchKeys, KeySet, PublicKey};
pub use policy::{Method, Policy, PolicyError, Rule};

#[cfg(test)]
mod tests;
