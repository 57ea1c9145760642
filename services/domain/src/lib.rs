//! The rules of Overturn as values: what a denial is, what its codes mean, and by when
//! something must be done.
//!
//! Everything here takes values and returns values. Modules form a DAG, and each may use only what
//! stands above it:
//!
//! ```text
//! tenancy   money   codes   calendar
//!                     |       |
//!            deadline (codes, calendar)
//!            dictionary (money, codes, deadline)
//!            denial (money, codes, dictionary)
//!            starter (all of these)
//! ```
//!
//! Invariants: the same input gives the same output on every machine and in every year; money and
//! scores are integers; every decision returns its reasons.
//!
//! Absent on purpose: clocks (today is an argument), storage, network, protobuf, logging, `async`,
//! floats and hash maps, whose order would leak into results.

pub mod calendar;
pub mod codes;
pub mod deadline;
pub mod denial;
pub mod dictionary;
pub mod money;
pub mod names;
pub mod starter;
pub mod tenancy;
mod words;
