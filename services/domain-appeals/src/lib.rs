//! The rules of appeals: which levels a payer has, what may be appealed at all, by when, and what
//! becomes of an appeal.
//!
//! A sibling of `domain`, with the same rules: values in, values out; no clock, storage, network,
//! protobuf, logging, `async`, floats, or hash maps whose order would leak. Modules form a DAG, and
//! each may use only what stands above it:
//!
//! ```text
//! state                    where an appeal stands, and from where it goes
//! threshold                the least amount in controversy, by year
//! stop                     codes that end appeal rights, and the right path instead
//! line                     which line a denial is about, however often it was refused
//! ladder (threshold)       the levels of a payer, and whose word each is
//! level (ladder, state)    which level is open for some lines; duplicates
//! window (ladder)          the last day, and the days of ours inside it
//! filing (window)          what a day of filing is worth
//! outcome (ladder, state)  what a decision does
//! inferred (outcome)       what a later remittance says of an appeal
//! expiry (state, window)   the days that are called, and why a date was missed
//! sign_off                 reviews before an appeal is sent
//! statistics               how appeals of one kind ended, and how sure that is
//! ```
//!
//! Invariants: a rung rests on the strongest word that is known, and names what it stands over; a
//! line has at most one appeal that counts at a level; days of ours never lie after the payer's.
//! Absent on purpose: numbers, names and dates of patients, letters and packets.

pub mod expiry;
pub mod filing;
pub mod inferred;
pub mod ladder;
pub mod level;
pub mod line;
pub mod outcome;
pub mod sign_off;
pub mod state;
pub mod statistics;
pub mod stop;
pub mod threshold;
pub mod window;

#[cfg(test)]
mod samples;
