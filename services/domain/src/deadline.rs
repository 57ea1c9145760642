//! Deadlines: the last day a payer accepts something, with the clause it comes from.
mod rule;
pub use rule::{Basis, ClockEvent, Confidence, FiledWhen, FixedDay, Path, PayerType, Rule, Unit};
